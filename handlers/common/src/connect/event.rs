//! The event that Connect sends to a function.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::Failure;

/// One invocation by a flow. The contact's data stay as they came: fields that nobody here knows are kept, and a null
/// is the same as nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    contact: Map<String, Value>,
    parameters: Map<String, Value>,
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "Details")]
    details: Option<Details>,
}

#[derive(Deserialize)]
struct Details {
    #[serde(rename = "ContactData")]
    contact: Option<Map<String, Value>>,
    #[serde(rename = "Parameters")]
    parameters: Option<Map<String, Value>>,
}

impl Event {
    /// Reads what the runtime delivered.
    pub fn read(event: Value) -> Result<Self, Failure> {
        let envelope: Envelope = serde_json::from_value(event)
            .map_err(|_| Failure::Event("it does not have the shape of an invocation by Connect".to_owned()))?;
        let Some(Details { contact: Some(contact), parameters }) = envelope.details else {
            return Err(Failure::Event("it has no `Details.ContactData`; does something else invoke it?".to_owned()));
        };
        Ok(Self { contact, parameters: parameters.unwrap_or_default() })
    }

    /// The contact's data, untouched.
    pub fn contact(&self) -> &Map<String, Value> {
        &self.contact
    }

    /// What the flow passes along, untouched.
    pub fn parameters(&self) -> &Map<String, Value> {
        &self.parameters
    }

    /// A parameter that is a text, which may be empty.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name)?.as_str()
    }

    pub fn contact_id(&self) -> Option<&str> {
        self.text(&["ContactId"])
    }

    /// Where the customer calls from, as the network gave it.
    pub fn customer_address(&self) -> Option<&str> {
        self.text(&["CustomerEndpoint", "Address"])
    }

    pub fn instance_arn(&self) -> Option<&str> {
        self.text(&["InstanceARN"])
    }

    /// A text in the contact's data that is there and not empty.
    fn text(&self, path: &[&str]) -> Option<&str> {
        let (first, rest) = path.split_first()?;
        let found = rest.iter().try_fold(self.contact.get(*first)?, |value, name| value.get(name))?;
        found.as_str().filter(|text| !text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nulls_are_nothing_and_unknown_fields_are_kept() {
        let event = Event::read(json!({
            "Name": "ContactFlowEvent",
            "Later": 1,
            "Details": {
                "ContactData": { "ContactId": "c", "CustomerEndpoint": null, "Queue": null, "Novel": { "deep": [1] } },
                "Parameters": null
            }
        }))
        .unwrap();
        assert_eq!(event.contact_id(), Some("c"));
        assert_eq!(event.customer_address(), None);
        assert_eq!(event.parameter("anything"), None);
        assert_eq!(event.contact()["Novel"], json!({ "deep": [1] }));
    }

    #[test]
    fn what_is_not_an_invocation_is_refused() {
        for other in
            [json!(null), json!([]), json!({}), json!({ "Details": {} }), json!({ "Details": { "ContactData": 7 } })]
        {
            assert!(matches!(Event::read(other.clone()), Err(Failure::Event(_))), "{other}");
        }
    }

    #[test]
    fn a_parameter_that_is_no_text_is_not_read_as_one() {
        let event =
            Event::read(json!({ "Details": { "ContactData": {}, "Parameters": { "a": 1, "b": "" } } })).unwrap();
        assert_eq!(event.parameter("a"), None);
        assert_eq!(event.parameter("b"), Some(""));
    }
}

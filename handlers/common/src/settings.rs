//! Where a setting comes from: the flow's parameter, then the environment, then the default.

use crate::Failure;
use crate::connect::Event;
use crate::world::Environment;

/// The settings of one invocation. An empty text counts as not given, so that a flow which passes an attribute that is
/// not set does not hide what the operator configured.
pub struct Settings<'a, E> {
    event: &'a Event,
    environment: &'a E,
}

impl<'a, E: Environment> Settings<'a, E> {
    pub fn new(event: &'a Event, environment: &'a E) -> Self {
        Self { event, environment }
    }

    /// A setting that the flow may choose.
    pub fn open(&self, name: &str) -> Option<String> {
        let parameter = self.event.parameter(name).filter(|text| !text.is_empty());
        parameter.map(str::to_owned).or_else(|| self.configured(name))
    }

    /// A setting that only the operator may choose: credentials, and whatever decides where they are sent. What a flow
    /// passes along is written to Connect's logs, and may stem from the caller.
    pub fn configured(&self, name: &str) -> Option<String> {
        configured(self.environment, name)
    }
}

/// A variable of the environment that is there and not empty.
pub fn configured(environment: &impl Environment, name: &str) -> Option<String> {
    environment.variable(name).filter(|text| !text.is_empty())
}

/// A variable of the environment that has to be there.
pub fn required(environment: &impl Environment, name: &str) -> Result<String, Failure> {
    configured(environment, name).ok_or_else(|| Failure::Configuration(format!("the variable `{name}` is not set")))
}

/// A variable that is a number, within bounds.
pub fn number(environment: &impl Environment, name: &str, default: u64, at_most: u64) -> Result<u64, Failure> {
    let Some(text) = configured(environment, name) else { return Ok(default) };
    match text.parse() {
        Ok(number) if number <= at_most => Ok(number),
        _ => Err(Failure::Configuration(format!("the variable `{name}` is not a number of at most {at_most}"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::world::World;

    fn event() -> Event {
        Event::read(json!({ "Details": { "ContactData": {}, "Parameters": { "region": "a", "agent": "" } } })).unwrap()
    }

    #[test]
    fn the_parameter_wins_over_the_environment_unless_it_is_empty() {
        let (event, world) = (event(), World::still().variable_set("region", "b").variable_set("agent", "c"));
        let settings = Settings::new(&event, &world);
        assert_eq!(settings.open("region").as_deref(), Some("a"));
        assert_eq!(settings.open("agent").as_deref(), Some("c"));
        assert_eq!(settings.open("other"), None);
    }

    #[test]
    fn a_flow_cannot_give_what_the_operator_must() {
        let (event, world) = (event(), World::still());
        assert_eq!(Settings::new(&event, &world).configured("region"), None);
    }

    #[test]
    fn numbers_have_bounds() {
        let world = World::still().variable_set("N", "9").variable_set("BAD", "x");
        assert_eq!(number(&world, "N", 1, 10), Ok(9));
        assert_eq!(number(&world, "MISSING", 1, 10), Ok(1));
        assert!(number(&world, "N", 1, 8).is_err());
        assert!(number(&world, "BAD", 1, 8).is_err());
    }
}

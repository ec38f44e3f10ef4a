//! The references that Connect resolves while a flow runs: the tree under `$`.

/// One name below another, and what may follow it.
#[derive(Debug)]
pub struct PathNode {
    pub name: &'static str,
    pub below: Below,
}

/// What may follow a name.
#[derive(Debug)]
pub enum Below {
    /// Nothing: this is a value.
    Value,
    /// One of these.
    Fields(&'static [PathNode]),
    /// One free key.
    Key,
    /// One free key, then one of these.
    KeyThen(&'static [PathNode]),
    /// Anything at all.
    Anything,
}

const fn value(name: &'static str) -> PathNode {
    PathNode { name, below: Below::Value }
}
const fn key(name: &'static str) -> PathNode {
    PathNode { name, below: Below::Key }
}
const fn anything(name: &'static str) -> PathNode {
    PathNode { name, below: Below::Anything }
}
const fn fields(name: &'static str, below: &'static [PathNode]) -> PathNode {
    PathNode { name, below: Below::Fields(below) }
}
const fn keyed(name: &'static str, below: &'static [PathNode]) -> PathNode {
    PathNode { name, below: Below::KeyThen(below) }
}

const ENDPOINT: &[PathNode] = &[value("Address"), value("Type"), value("DisplayName")];
const COUNT: &[PathNode] = &[value("Count")];
const CAPABILITIES: &[PathNode] = &[value("Video"), value("ScreenShare")];

/// Every namespace.
pub const ROOT: &[PathNode] = &[
    key("Attributes"),
    key("FlowAttributes"),
    anything("External"),
    fields("LambdaInvocation", &[anything("ResultData"), value("InvocationId")]),
    value("StoredCustomerInput"),
    fields(
        "Lex",
        &[
            value("IntentName"),
            key("Slots"),
            key("SessionAttributes"),
            value("DialogState"),
            fields("IntentConfidence", &[value("Score")]),
            fields(
                "SentimentResponse",
                &[
                    value("Label"),
                    fields("Scores", &[value("Positive"), value("Negative"), value("Mixed"), value("Neutral")]),
                ],
            ),
            anything("AlternativeIntents"),
        ],
    ),
    fields("CustomerEndpoint", ENDPOINT),
    fields("SystemEndpoint", ENDPOINT),
    // What the designer writes for "customer callback number".
    value("CallbackNumber"),
    value("CustomerCallBackPhoneNumber"),
    fields("AdditionalEmailRecipients", &[value("ToList"), value("CcList")]),
    value("CustomerId"),
    value("ContactId"),
    value("InitialContactId"),
    value("PreviousContactId"),
    fields("Task", &[value("ContactId")]),
    value("Channel"),
    value("InstanceARN"),
    value("AwsRegion"),
    value("InitiationMethod"),
    value("LanguageCode"),
    value("TextToSpeechVoiceId"),
    value("Name"),
    value("Description"),
    keyed("References", &[value("Value"), value("Type")]),
    anything("Tags"),
    fields("Queue", &[value("Name"), value("ARN"), fields("OutboundCallerId", &[value("Address"), value("Type")])]),
    fields("Agent", &[value("UserName"), value("FirstName"), value("LastName"), value("ARN")]),
    fields(
        "Metrics",
        &[
            fields(
                "Queue",
                &[value("Name"), value("ARN"), value("Size"), value("OldestContactAge"), value("EstimatedWaitTime")],
            ),
            fields(
                "Agents",
                &[
                    fields("Online", COUNT),
                    fields("Available", COUNT),
                    fields("Staffed", COUNT),
                    fields("AfterContactWork", COUNT),
                    fields("Busy", COUNT),
                    fields("Missed", COUNT),
                    fields("NonProductive", COUNT),
                ],
            ),
            fields("Contact", &[value("EstimatedWaitTime"), value("PositionInQueue")]),
        ],
    ),
    fields("Media", &[fields("Sip", &[key("Headers"), value("SiprecMetadata")]), value("InitialMessage")]),
    fields(
        "MediaStreams",
        &[fields(
            "Customer",
            &[fields(
                "Audio",
                &[value("StreamARN"), value("StartTimestamp"), value("StopTimestamp"), value("StartFragmentNumber")],
            )],
        )],
    ),
    key("SegmentAttributes"),
    fields("Views", &[value("Action"), anything("ViewResultData")]),
    fields("Capabilities", &[fields("Agent", CAPABILITIES), fields("Customer", CAPABILITIES)]),
    anything("Customer"),
    anything("Case"),
    keyed("Loop", &[value("Index"), anything("Element"), anything("Elements")]),
    fields("Modules", &[key("Input"), value("Result"), anything("ResultData")]),
    anything("DataTables"),
    anything("DataTableList"),
    fields("Email", &[fields("EmailMessage", &[value("Plaintext")])]),
    fields("Wisdom", &[value("SessionArn")]),
    fields("AgenticCX", &[key("ContextVariables")]),
    fields("ExternalTool", &[value("InvocationId"), anything("ResultData")]),
    anything("OutboundCommunication"),
    anything("DeliveryReceipts"),
];

/// Whether a name right below `$` is a group of values rather than a value.
pub fn is_group(name: &str) -> bool {
    ROOT.iter().any(|node| node.name == name && !matches!(node.below, Below::Value | Below::Anything))
}

/// Why a reference is not one of Connect's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathProblem {
    /// The step at this index is not one of the known ones.
    Unknown { at: usize, known: Vec<&'static str> },
    /// The reference stops at a group of values.
    Incomplete { known: Vec<&'static str> },
    /// The step at this index stands below a plain value.
    TooLong { at: usize },
}

/// Holds the steps of a reference against the tree.
pub fn check(steps: &[&str]) -> Result<(), PathProblem> {
    let mut level = &Below::Fields(ROOT);
    for (at, step) in steps.iter().enumerate() {
        level = match level {
            Below::Value => return Err(PathProblem::TooLong { at }),
            Below::Anything => return Ok(()),
            Below::Key => &Below::Value,
            Below::KeyThen(fields) => {
                // Only the fields remain to be checked.
                return match steps.get(at + 1) {
                    None => Err(PathProblem::Incomplete { known: names(fields) }),
                    Some(field) if fields.iter().any(|node| node.name == *field) => Ok(()),
                    Some(_) => Err(PathProblem::Unknown { at: at + 1, known: names(fields) }),
                };
            }
            Below::Fields(fields) => match fields.iter().find(|node| node.name == *step) {
                Some(node) => &node.below,
                None => return Err(PathProblem::Unknown { at, known: names(fields) }),
            },
        };
    }
    match level {
        Below::Value | Below::Anything => Ok(()),
        Below::Fields(fields) => Err(PathProblem::Incomplete { known: names(fields) }),
        Below::Key | Below::KeyThen(_) => Err(PathProblem::Incomplete { known: Vec::new() }),
    }
}

fn names(nodes: &'static [PathNode]) -> Vec<&'static str> {
    nodes.iter().map(|node| node.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_paths_pass_and_others_say_where_they_leave_the_tree() {
        assert_eq!(check(&["Attributes", "tier"]), Ok(()));
        assert_eq!(check(&["CallbackNumber"]), Ok(()));
        assert_eq!(check(&["Queue", "OutboundCallerId", "Address"]), Ok(()));
        assert_eq!(check(&["External", "a", "b", "c"]), Ok(()));
        assert!(matches!(check(&["Queue", "Nmae"]), Err(PathProblem::Unknown { at: 1, .. })));
        assert!(matches!(check(&["Queue"]), Err(PathProblem::Incomplete { .. })));
        assert!(matches!(check(&["Attributes"]), Err(PathProblem::Incomplete { .. })));
        assert!(matches!(check(&["Channel", "x"]), Err(PathProblem::TooLong { at: 1 })));
    }
}

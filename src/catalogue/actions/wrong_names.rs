//! Types that the service does not have, and that people and generators write all the same.

use crate::catalogue::{ActionSpec, Rule, rules};

/// A type that the service was seen to refuse as "Invalid Action type", and the one that is meant.
#[derive(Debug, Clone, Copy)]
pub struct WrongName {
    pub name: &'static str,
    /// The row that does it; nothing where no action does.
    pub meant: Option<&'static str>,
}

const fn wrong(name: &'static str, meant: &'static str) -> WrongName {
    WrongName { name, meant: Some(meant) }
}

const fn nothing(name: &'static str) -> WrongName {
    WrongName { name, meant: None }
}

/// All of them, in order of their names.
pub const WRONG_NAMES: &[WrongName] = &[
    wrong("CheckAttribute", "Compare"),
    wrong("CheckContactAttributes", "Compare"),
    wrong("CheckQueueStatus", "CheckMetricData"),
    wrong("CheckStaffing", "CheckMetricData"),
    wrong("Distribute", "DistributeByPercentage"),
    wrong("GetQueueMetrics", "GetMetricData"),
    nothing("InvokeAPI"),
    wrong("MessageParticipants", "MessageParticipant"),
    wrong("PlayPrompt", "MessageParticipant"),
    nothing("PutCustomerProfile"),
    wrong("ReturnFromFlowModule", "EndFlowModuleExecution"),
    wrong("SetCallbackNumber", "UpdateContactCallbackNumber"),
    wrong("SetContactAttributes", "UpdateContactAttributes"),
    wrong("SetLoggingBehavior", "UpdateFlowLoggingBehavior"),
    wrong("SetWorkingQueue", "UpdateContactTargetQueue"),
    wrong("StartMediaStreaming", "UpdateContactMediaStreamingBehavior"),
    wrong("StopMediaStreaming", "UpdateContactMediaStreamingBehavior"),
    wrong("StoreCustomerInput", "GetParticipantInput"),
    wrong("TransferContactToFlow", "TransferToFlow"),
    wrong("TransferParticipantToQueue", "TransferContactToQueue"),
    wrong("TransferToAgent", "TransferContactToAgent"),
    wrong("TransferToPhoneNumber", "TransferParticipantToThirdParty"),
    wrong("TransferToQueue", "TransferContactToQueue"),
    wrong("UnTagContact", "UntagContact"),
    nothing("UpdateContactRoutingData"),
    nothing("UpdateCustomerProfileObject"),
    wrong("UpdateRoutingCriteria", "UpdateContactRoutingCriteria"),
];

/// What there is to say of a type that no row has.
#[derive(Debug, Clone, Copy)]
pub struct TypeProblem {
    pub rule: Rule,
    /// Whether it is one of the names that are known to be wrong.
    pub is_listed: bool,
    /// The type that is probably meant.
    pub meant: Option<&'static str>,
}

/// Letters that may differ where a name is taken for another one misspelled: new names of the service differ in words.
const SLIPS_MAX: usize = 2;

/// What there is to say of a type; nothing where a row has it.
pub fn problem(name: &str) -> Option<TypeProblem> {
    if super::super::find(name).is_some() {
        return None;
    }
    if let Some(wrong) = WRONG_NAMES.iter().find(|wrong| wrong.name == name) {
        return Some(TypeProblem { rule: rules::WRONG_TYPE, is_listed: true, meant: wrong.meant });
    }
    let lower = name.to_lowercase();
    let distance = |row: &ActionSpec| strsim::osa_distance(&lower, &row.name.to_lowercase());
    let near = super::super::all().map(|row| (distance(row), row.name)).min();
    Some(match near.filter(|(distance, _)| *distance <= SLIPS_MAX) {
        Some((_, near)) => TypeProblem { rule: rules::WRONG_TYPE, is_listed: false, meant: Some(near) },
        None => TypeProblem { rule: rules::UNKNOWN_TYPE, is_listed: false, meant: None },
    })
}

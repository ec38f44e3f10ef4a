//! The table: one row per action, in rooms by what they are about.

mod bots;
mod campaign;
mod cases;
mod contact;
mod customer_profiles;
mod data_tables;
mod flow_control;
mod hooks;
mod input;
mod interaction;
mod messaging;
mod participant;
mod recording;
mod routing;
mod shared;
mod voice_id;
mod wrong_names;

pub use wrong_names::{TypeProblem, WRONG_NAMES, WrongName, problem};

use super::ActionSpec;

/// All tables. Where two sentences fit a line equally well, the earlier one has it.
pub const TABLES: &[&[ActionSpec]] = &[
    participant::ROWS,
    input::ROWS,
    bots::ROWS,
    flow_control::ROWS,
    contact::ROWS,
    routing::ROWS,
    hooks::ROWS,
    recording::ROWS,
    messaging::ROWS,
    interaction::ROWS,
    customer_profiles::ROWS,
    cases::ROWS,
    data_tables::ROWS,
    campaign::ROWS,
    voice_id::ROWS,
];

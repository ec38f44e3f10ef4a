//! The table: one row per action, in the reference's four families.

mod contact;
mod flow_control;
mod interaction;
mod participant;
mod shared;

use super::ActionSpec;

/// The families, in the order of the reference.
pub const FAMILIES: &[&[ActionSpec]] = &[participant::ROWS, flow_control::ROWS, contact::ROWS, interaction::ROWS];

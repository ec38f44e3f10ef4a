//! The routes against services on loopback: what they do, what was wrong with the program that they replace, who is
//! turned away, and what happens when others are slow or out of order.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::needless_pass_by_value,
    reason = "a test that cannot go on stops, helpers included, and what it sends is written where it is sent"
)]

mod hostile;
mod outages;
mod races;
mod samples;
mod stage;
mod tokens;
mod weaknesses;

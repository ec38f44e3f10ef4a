//! What passes between Connect and a function: the event in, a flat map of texts out.

mod answer;
mod event;

pub use answer::{Answer, flatten};
pub use event::Event;

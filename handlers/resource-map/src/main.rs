//! The function: wiring only.

use std::process::ExitCode;

use handler_common::connect::{Answer, Event};
use handler_common::runtime;
use handler_common::world::World;
use resource_map::source::Configured;

fn main() -> ExitCode {
    runtime::serve(
        || Configured::new(World::real()),
        async |event, world| resource_map::handle(Event::read(event)?, world).await.map(Answer::into_value),
    )
}

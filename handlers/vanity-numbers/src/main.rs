//! The function: wiring only.

use std::process::ExitCode;

use handler_common::connect::{Answer, Event};
use handler_common::phone;
use handler_common::runtime;
use handler_common::store::ChosenStore;
use handler_common::world::World;

fn main() -> ExitCode {
    runtime::serve(
        || {
            phone::prepare();
            let world = World::real();
            let store = ChosenStore::open(&world, vanity_numbers::table())?;
            Ok(world.with_store(store))
        },
        async |event, world| vanity_numbers::handle(Event::read(event)?, world).await.map(Answer::into_value),
    )
}

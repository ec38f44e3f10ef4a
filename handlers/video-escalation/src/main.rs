//! The function: wiring only.

use std::process::ExitCode;

use handler_common::runtime;
use handler_common::store::ChosenStore;
use handler_common::world::World;
use video_escalation::Outside;

fn main() -> ExitCode {
    runtime::serve(
        || {
            let world = World::real();
            let store = ChosenStore::open(&world, video_escalation::table())?;
            Ok(world.with_store(store).with_http(Outside::new()?))
        },
        async |event, world| video_escalation::handle(event, world).await,
    )
}

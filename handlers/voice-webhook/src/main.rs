//! The function: wiring only.

use std::process::ExitCode;

use handler_common::phone;
use handler_common::runtime;
use handler_common::store::ChosenStore;
use handler_common::web::{WebAnswer, WebRequest};
use handler_common::world::World;
use voice_common::VoiceIt;

fn main() -> ExitCode {
    runtime::serve(
        || {
            phone::prepare();
            let world = World::real();
            let store = ChosenStore::open(&world, voice_common::table())?;
            Ok(world.with_store(store).with_http(VoiceIt::new()?))
        },
        async |event, world| voice_webhook::handle(WebRequest::read(event)?, world).await.map(WebAnswer::into_value),
    )
}

//! The function: wiring only.

use std::process::ExitCode;

use handler_common::connect::{Answer, Event};
use handler_common::http::HttpClient;
use handler_common::phone;
use handler_common::runtime;
use handler_common::world::World;
use pstn_transfer::Caches;

fn main() -> ExitCode {
    runtime::serve(
        || {
            phone::prepare();
            Ok(World::real().with_store(Caches::default()).with_http(HttpClient::new()?))
        },
        async |event, world| pstn_transfer::handle(Event::read(event)?, world).await.map(Answer::into_value),
    )
}

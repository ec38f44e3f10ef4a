//! The function: wiring only.

use std::process::ExitCode;

use handler_common::http::HttpClient;
use handler_common::runtime;
use handler_common::world::World;

fn main() -> ExitCode {
    runtime::serve(
        || Ok(World::real().with_http(HttpClient::new()?)),
        async |event, world| flow_resource::handle(event, world).await,
    )
}

//! A handler as a program: it takes events from the Lambda Runtime API until it is stopped.

use std::process::ExitCode;

use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde_json::Value;
use tracing::{error, info};

use crate::Failure;
use crate::log;

impl From<Failure> for Diagnostic {
    fn from(failure: Failure) -> Self {
        Self { error_type: failure.kind().to_owned(), error_message: failure.to_string() }
    }
}

/// Sets up what the handler needs, once, then serves events. A set-up that fails ends the program: the platform reports
/// it, and tries again with the next event.
#[expect(clippy::needless_pass_by_value, reason = "a caller has nothing else to do with it")]
pub fn serve<W>(
    set_up: impl FnOnce() -> Result<W, Failure>,
    handle: impl AsyncFn(Value, &W) -> Result<Value, Failure>,
) -> ExitCode {
    log::begin(std::env::var("LOG_LEVEL").ok().as_deref());
    let world = match set_up() {
        Ok(world) => world,
        Err(failure) => {
            error!(kind = failure.kind(), "cannot start: {failure}");
            return ExitCode::FAILURE;
        }
    };
    // One event at a time is all that the platform sends.
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            error!("cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let (world, handle) = (&world, &handle);
    let answer = async move |event: LambdaEvent<Value>| {
        let answer = handle(event.payload, world).await;
        match &answer {
            Ok(_) => info!(request = event.context.request_id, "answered"),
            Err(failure) => error!(request = event.context.request_id, kind = failure.kind(), "{failure}"),
        }
        answer
    };
    match runtime.block_on(lambda_runtime::run(service_fn(answer))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            error!("the runtime ended: {error}");
            ExitCode::FAILURE
        }
    }
}

//! Chats that become video meetings: what the website of the customers and the page of the agents ask for over HTTP, and
//! what is left to do when Chime says that a meeting has ended.

mod answer;
mod attendees;
mod chat;
mod chime;
mod connect;
#[cfg(test)]
mod contract;
mod cors;
mod ended;
mod frontend;
mod input;
mod join;
mod keys;
mod login;
mod meeting;
mod meetings;
mod recording;
mod recordings;
mod reference;
mod routes;
mod token;
mod users;

use std::time::Duration;

use handler_common::Failure;
use handler_common::http::{Deadline, Http};
use handler_common::settings;
use handler_common::store::{Item, Store, Table};
use handler_common::web::WebRequest;
use handler_common::world::{Clock, Environment, Random};
use serde_json::Value;
use tracing::{info, warn};

use answer::{Problem, Reply, refused};
pub use keys::{Keys, Outside};
pub use reference::{Claim, claim};

/// What the handler needs of the world.
pub trait Capabilities: Store + Clock + Random + Environment + Http + Keys {}

impl<T: Store + Clock + Random + Environment + Http + Keys> Capabilities for T {}

/// One table for everything. Keys tell what an item is: `M#` meetings, with passes and recordings under them, `R#`
/// references, `G#` guesses at them, `CUC#` agents, `CN#` names in Connect.
pub fn table() -> Table {
    Table { name: "VideoCallEscalationDB".to_owned(), partition_key: "PK", sort_key: Some("SK") }
}

/// How long other services are waited for. Undoing what they left half done has time after that.
const BUDGET: Duration = Duration::from_secs(10);

/// When there is an answer in any case: gateways wait for 29 seconds, the functions before this one had 20.
const LIMIT: Duration = Duration::from_secs(18);

/// How long it may take to undo something.
pub(crate) const CLEAN_UP: Duration = Duration::from_secs(3);

/// More than any body that a route takes.
const BODY_MAX: usize = 16 * 1024;

/// A request, and what there is to answer it with.
pub(crate) struct Task<'a, W> {
    pub world: &'a W,
    pub request: &'a WebRequest,
    pub deadline: Deadline,
}

/// An answer to every request. Events that are none are Chime's.
pub async fn handle(event: Value, world: &impl Capabilities) -> Result<Value, Failure> {
    if event.get("requestContext").is_none() {
        return Deadline::after(LIMIT).hold(Box::pin(ended::handle(&event, world, Deadline::after(BUDGET)))).await;
    }
    let request = WebRequest::read(event)?;
    let path = path(&request, world);
    if request.method == "OPTIONS" {
        return Ok(cors::preflight(&request, path, world).into_value());
    }
    let task = Task { world, request: &request, deadline: Deadline::after(BUDGET) };
    // On the heap: it holds conversations with several services.
    let work = Box::pin(async { Ok(routed(&task, path).await) });
    let result = Deadline::after(LIMIT).hold(work).await.unwrap_or_else(|failure| Err(failure.into()));
    match &result {
        Ok(_) => info!(method = request.method, request = request.id, "answered"),
        Err(Problem::Refused { status, .. }) => warn!(method = request.method, request = request.id, status, "refused"),
        Err(Problem::Failed(failure)) => {
            warn!(method = request.method, request = request.id, kind = failure.kind(), "failed: {failure}");
        }
    }
    Ok(answer::web(result, &request, cors::headers(&request, path, world)).into_value())
}

/// The path behind `BASE_PATH`, such as the name of a stage.
fn path<'a>(request: &'a WebRequest, world: &impl Environment) -> &'a str {
    let base = settings::configured(world, "BASE_PATH").unwrap_or_default();
    request.path.strip_prefix(base.trim_end_matches('/')).unwrap_or(&request.path)
}

async fn routed<W: Capabilities>(task: &Task<'_, W>, path: &str) -> Result<Reply, Problem> {
    let known: Vec<_> = routes::at(path).collect();
    if known.is_empty() {
        return Err(refused(404, "there is nothing at this address"));
    }
    let Some(row) = known.into_iter().find(|row| row.method == task.request.method) else {
        return Err(refused(405, "this address is not answered for that method"));
    };
    cors::check(task.request, row.audience, task.world)?;
    if task.request.body.len() > BODY_MAX {
        return Err(refused(413, "the body is too long"));
    }
    routes::answer(row.route, task).await
}

/// An object's fields as an item.
pub(crate) fn fields(object: Value) -> Item {
    match object {
        Value::Object(fields) => fields,
        _ => Item::new(),
    }
}

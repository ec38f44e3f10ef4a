//! The custom resource `Custom::ConnectContactFlow`: a contact flow with its content, and the functions that the instance
//! may call. CloudFormation waits for an hour for an answer that never comes, so there is always one.

mod connect;
mod request;

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use handler_common::Failure;
use handler_common::http::{self, Deadline, Http, Request as HttpRequest, Retries};
use handler_common::settings;
use handler_common::world::{Clock, Environment, Random};
use serde_json::{Value, json};
use tracing::{error, info};

use connect::Connect;
use request::{FlowArn, Kind, Properties, Request};

/// What the handler needs of the world.
pub trait Capabilities: Environment + Clock + Random + Http {}

impl<T: Environment + Clock + Random + Http> Capabilities for T {}

/// All that the work may take, in milliseconds. The function has five seconds more, in which the answer is sent.
const BUDGET_MS: u64 = 25_000;

const ANSWERING: Duration = Duration::from_secs(4);

/// What became of the resource.
struct Done {
    physical_id: String,
    arn: Option<FlowArn>,
}

/// Does what CloudFormation asks for and answers it. A failure is one of the answer alone.
pub async fn handle(event: Value, world: &impl Capabilities) -> Result<Value, Failure> {
    let (request, answer_to) = Request::read(event, world)?;
    let budget = settings::number(world, "TIME_BUDGET_MS", BUDGET_MS, BUDGET_MS).unwrap_or(BUDGET_MS);
    let deadline = Deadline::after(Duration::from_millis(budget));
    // A panic in here must not leave CloudFormation without an answer.
    let work = AssertUnwindSafe(deadline.hold(carry_out(&request, world, deadline))).catch_unwind();
    let outcome = Box::pin(work).await.unwrap_or_else(|_| Err(Failure::Upstream("the function failed".to_owned())));
    let answer = answer(&request, &outcome);
    match &outcome {
        Ok(_) => info!(kind = ?request.kind, "done"),
        Err(failure) => error!(kind = ?request.kind, "failed: {failure}"),
    }
    // Storage refuses a signed address with a content type that was not signed: it is there and empty.
    let put = HttpRequest::new("PUT", &answer_to).body("", answer.to_string());
    let retries = Retries { again: 3, base: Duration::from_millis(200), per_try: Duration::from_secs(2) };
    let response = http::send(world, &put, retries, Deadline::after(ANSWERING)).await?;
    if response.status != 200 {
        return Err(Failure::Upstream(format!("CloudFormation's storage answered {}", response.status)));
    }
    Ok(answer)
}

fn answer(request: &Request, outcome: &Result<Done, Failure>) -> Value {
    let (status, reason, physical_id, arn) = match outcome {
        Ok(done) => ("SUCCESS", String::new(), done.physical_id.clone(), done.arn.as_ref()),
        // What was there stays what it was; what was not gets a name that a deletion knows to be nothing.
        Err(failure) => {
            let physical_id = request.physical_id.clone().unwrap_or_else(|| format!("none-{}", request.id));
            ("FAILED", failure.to_string(), physical_id, None)
        }
    };
    let data = arn.map(|arn| json!({ "ContactFlowId": arn.flow, "ContactFlowArn": arn.to_string() }));
    json!({
        "Status": status,
        "Reason": reason,
        "PhysicalResourceId": physical_id,
        "StackId": request.stack_id,
        "RequestId": request.id,
        "LogicalResourceId": request.logical_id,
        "Data": data.unwrap_or_else(|| json!({})),
    })
}

async fn carry_out(request: &Request, world: &impl Capabilities, deadline: Deadline) -> Result<Done, Failure> {
    match request.kind {
        Kind::Create => {
            let properties = Properties::read(&request.properties)?;
            create(request, &properties, world, deadline).await
        }
        Kind::Update => update(request, world, deadline).await,
        Kind::Delete => delete(request, world, deadline).await,
    }
}

async fn create(
    request: &Request,
    properties: &Properties,
    world: &impl Capabilities,
    deadline: Deadline,
) -> Result<Done, Failure> {
    let connect = Connect::new(world, &properties.instance, deadline)?;
    let content = connect.content(&properties.content).await?;
    for function in &properties.functions {
        connect.associate(function).await?;
    }
    let arn = match connect.create(properties, &content, &request.owner()).await? {
        Some(arn) => arn,
        None => connect.adopt(properties, &content, &request.owner()).await?,
    };
    Ok(Done { physical_id: arn.to_string(), arn: Some(arn) })
}

async fn update(request: &Request, world: &impl Capabilities, deadline: Deadline) -> Result<Done, Failure> {
    let properties = Properties::read(&request.properties)?;
    let Some(arn) = request.flow() else {
        return create(request, &properties, world, deadline).await;
    };
    // What was deployed may be something that today's rules would refuse.
    let old = Properties::read(&request.old_properties).ok();
    let is_other_type = old.as_ref().is_some_and(|old| old.kind != properties.kind);
    if arn.instance != properties.instance || is_other_type {
        if arn.instance == properties.instance {
            // CloudFormation deletes the old flow after this; the functions are still in use then.
            Connect::new(world, &arn.instance, deadline)?.mark_replaced(&arn).await?;
        }
        return create(request, &properties, world, deadline).await;
    }
    let connect = Connect::new(world, &properties.instance, deadline)?;
    let content = connect.content(&properties.content).await?;
    let was = old.as_ref().map(|old| old.functions.as_slice()).unwrap_or_default();
    for function in properties.functions.iter().filter(|function| !was.contains(function)) {
        connect.associate(function).await?;
    }
    connect.update_content(&arn, &content).await?;
    let is_renamed = |old: &Properties| old.name != properties.name || old.description != properties.description;
    if old.as_ref().is_none_or(is_renamed) {
        connect.rename(&arn, &properties).await?;
    }
    for function in was.iter().filter(|function| !properties.functions.contains(function)) {
        connect.disassociate(function).await?;
    }
    Ok(Done { physical_id: arn.to_string(), arn: Some(arn) })
}

async fn delete(request: &Request, world: &impl Capabilities, deadline: Deadline) -> Result<Done, Failure> {
    let physical_id = request.physical_id.clone().unwrap_or_default();
    if let Some(arn) = request.flow() {
        let connect = Connect::new(world, &arn.instance, deadline)?;
        let is_replaced = connect.is_replaced(&arn).await?;
        connect.delete(&arn).await?;
        if !is_replaced {
            for function in Properties::read(&request.properties).map(|it| it.functions).unwrap_or_default() {
                connect.disassociate(&function).await?;
            }
        }
    }
    // Anything else was never made.
    Ok(Done { physical_id, arn: None })
}

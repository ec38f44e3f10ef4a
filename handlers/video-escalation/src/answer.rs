//! What comes of a request, and how it is written.

use handler_common::Failure;
use handler_common::aws::Refusal;
use handler_common::web::{WebAnswer, WebRequest};
use serde_json::{Value, json};

pub enum Reply {
    Data(Value),
    /// Data, and an address that one can follow.
    Linked(Value, String),
    Script(String),
}

impl From<Value> for Reply {
    fn from(data: Value) -> Self {
        Self::Data(data)
    }
}

/// Why there is no reply. A refusal is told to whoever asked; a failure is told to the operator alone.
#[derive(Debug)]
pub enum Problem {
    Refused { status: u16, why: String },
    Failed(Failure),
}

pub fn refused(status: u16, why: impl Into<String>) -> Problem {
    Problem::Refused { status, why: why.into() }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Another service's refusal that nothing is to be learnt from.
impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::Failed(refusal.into())
    }
}

/// The answer for the gateway.
pub fn web(result: Result<Reply, Problem>, request: &WebRequest, cors: Vec<(&'static str, String)>) -> WebAnswer {
    let id = &request.id;
    let mut answer = match result {
        Ok(Reply::Script(text)) => WebAnswer::new(200, "application/javascript; charset=utf-8", text),
        Ok(Reply::Data(data)) => written(200, &json!({ "success": true, "data": data, "reqId": id })),
        Ok(Reply::Linked(data, link)) => {
            written(200, &json!({ "success": true, "data": data, "link": link, "reqId": id }))
        }
        Err(problem) => {
            let (status, why) = told(problem);
            // Under both names: the pages for customers look for one, those for agents for the other.
            written(status, &json!({ "success": false, "message": why, "error": why, "reqId": id }))
        }
    };
    answer.headers.extend([
        // Answers hold what lets people in.
        ("cache-control", "no-store".to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
    ]);
    answer.headers.extend(cors);
    answer
}

fn written(status: u16, body: &Value) -> WebAnswer {
    WebAnswer::new(status, "application/json", body.to_string())
}

fn told(problem: Problem) -> (u16, String) {
    let (status, why) = match problem {
        Problem::Refused { status, why } => return (status, why),
        Problem::Failed(Failure::Event(_)) => (400, "the request cannot be read"),
        Problem::Failed(Failure::Upstream(_)) => (502, "another service is out of order; try again later"),
        Problem::Failed(Failure::Deadline) => (504, "another service is too slow; try again later"),
        Problem::Failed(_) => (500, "something is out of order here; try again later"),
    };
    (status, why.to_owned())
}

//! `flowc handler`: runs one of the functions that flows call, on this machine.
//!
//! The function is the program that is deployed. It takes its events from the Lambda Runtime API, which flowc serves on
//! loopback, so that neither an account nor a container is needed.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::handler_http::{self, Exchange};
use super::handler_runtime::{Outcome as Answered, RuntimeApi};
use super::{handler_build, handler_contract};
use crate::cli::args::{Global, Handler};
use crate::cli::files;
use crate::cli::terminal::{self, Console};
use crate::cli::{Failure, Outcome};

/// The longest that a flow waits for a function.
const LIMIT: Duration = Duration::from_secs(8);

/// Bytes of an event: more than Lambda takes.
const EVENT_BYTES_MAX: u64 = 8 << 20;

/// The longest that a gateway waits.
const GATEWAY_LIMIT: Duration = Duration::from_secs(29);

pub fn run(handler: &Handler, global: &Global, console: &Console) -> Result<Outcome, Failure> {
    let folder = handler_build::folder(&handler_build::all(global)?, &handler.name)?;
    let program = match &handler.program {
        Some(program) => program.clone(),
        None => handler_build::build(&handler.name, &folder, handler.release, None)?,
    };
    let api = RuntimeApi::start().map_err(|error| Failure::new(format!("cannot serve the Runtime API: {error}")))?;
    let mut function = Function::start(&handler.name, &program, &api)?;
    match (&handler.event, handler.serve) {
        (Some(event), _) => invoke(event, &folder, &api, &mut function, console),
        (None, Some(port)) => serve(port, &handler.name, &api, &mut function, console),
        (None, None) => Err(Failure::new("there is nothing to do")
            .help("`--event FILE` sends an event, `--serve PORT` answers requests")),
    }
}

/// The function as a process, which ends with this value.
struct Function {
    child: Child,
}

impl Function {
    fn start(name: &str, program: &Path, api: &RuntimeApi) -> Result<Self, Failure> {
        let mut command = Command::new(program);
        command
            .env("AWS_LAMBDA_RUNTIME_API", api.address())
            .env("AWS_LAMBDA_FUNCTION_NAME", name)
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{name}"))
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "local")
            .stdin(Stdio::null())
            // What the function logs is no result of ours.
            .stdout(std::io::stderr());
        if std::env::var_os("STORE").is_none() {
            command.env("STORE", "embedded");
        }
        let child = command.spawn().map_err(|error| Failure::io("start", program, &error))?;
        Ok(Self { child })
    }

    /// Sends an event and waits for what becomes of it.
    fn invoke(&mut self, api: &RuntimeApi, event: String, limit: Duration) -> Result<Answered, Failure> {
        let mut answer = api.invoke(event, limit);
        loop {
            if let Some(answered) = answer.wait(Duration::from_millis(20)) {
                return Ok(answered);
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(Failure::new(format!("the function ended without an answer: {status}")));
            }
        }
    }

    /// The most memory that it has held, where the system says so.
    fn memory(&self) -> Option<String> {
        // No file of a disk, so that it says no size.
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(format!("{}.{} MB", kilobytes / 1024, kilobytes % 1024 * 10 / 1024))
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        // It may have ended by itself, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn invoke(
    path: &Path,
    folder: &Path,
    api: &RuntimeApi,
    function: &mut Function,
    console: &Console,
) -> Result<Outcome, Failure> {
    let event = event(path)?;
    let begin = Instant::now();
    let answered = function.invoke(api, event.to_string(), LIMIT)?;
    let time = terminal::duration(begin.elapsed());
    let memory = function.memory().map(|memory| format!(", {memory}")).unwrap_or_default();
    let answer = match answered {
        Answered::Answer(text) => text,
        Answered::Error(text) => {
            console.result(&format!("{text}\n"));
            console.note(&format!("the function failed after {time}{memory}"));
            return Ok(Outcome::Problems);
        }
        Answered::Silence => {
            console.note(&format!("no answer within {}", terminal::duration(LIMIT)));
            return Ok(Outcome::Problems);
        }
    };
    console.result(&format!("{answer}\n"));
    let problems = match serde_json::from_str::<Value>(&answer) {
        Err(_) => vec!["the answer is not JSON".to_owned()],
        Ok(answer) if event.pointer("/Details/ContactData").is_some() => {
            let mut problems = handler_contract::limits(&answer);
            problems.extend(handler_contract::breaches(&answer, &contract(folder)?));
            problems
        }
        Ok(_) => Vec::new(),
    };
    for problem in &problems {
        console.note(&format!("error: {problem}"));
    }
    console.note(&format!("answered in {time}{memory}"));
    Ok(if problems.is_empty() { Outcome::Clean } else { Outcome::Problems })
}

/// The event in a file: the file itself, or the `event` of a sample.
fn event(path: &Path) -> Result<Value, Failure> {
    let mut text = String::new();
    let read = match path.to_str() {
        Some("-") => std::io::stdin().take(EVENT_BYTES_MAX).read_to_string(&mut text),
        _ => {
            text = content(path)?;
            Ok(text.len())
        }
    };
    read.map_err(|error| Failure::io("read", path, &error))?;
    let mut event: Value = serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("`{}` is not JSON: {error}", path.display())))?;
    let is_sample = event.get("about").is_some() && event.get("event").is_some();
    Ok(if is_sample { event.get_mut("event").map(Value::take).unwrap_or_default() } else { event })
}

/// The text of an event or a contract.
fn content(path: &Path) -> Result<String, Failure> {
    let bytes = files::bytes(path, EVENT_BYTES_MAX).map_err(|unread| {
        Failure::new(format!("cannot read `{}`: {}", path.display(), unread.message(EVENT_BYTES_MAX)))
    })?;
    String::from_utf8(bytes).map_err(|_| Failure::new(format!("`{}` is not UTF-8", path.display())))
}

fn contract(folder: &Path) -> Result<Value, Failure> {
    let path = folder.join("contract.json");
    let text = content(&path)?;
    serde_json::from_str(&text).map_err(|error| Failure::new(format!("`{}` is not JSON: {error}", path.display())))
}

/// Answers requests one after the other, as a gateway with payload version 2.0 would, until it is stopped.
fn serve(
    port: u16,
    name: &str,
    api: &RuntimeApi,
    function: &mut Function,
    console: &Console,
) -> Result<Outcome, Failure> {
    let listener = TcpListener::bind(("127.0.0.1", port))
        .map_err(|error| Failure::new(format!("cannot listen on port {port}: {error}")))?;
    let address = listener.local_addr().map_err(|error| Failure::new(format!("cannot listen: {error}")))?;
    console.note(&format!("{name} answers on http://{address}"));
    let count = AtomicU32::new(0);
    for stream in listener.incoming().flatten() {
        // A client that breaks off is no reason to stop.
        let _ = stream.set_read_timeout(Some(GATEWAY_LIMIT));
        let Ok(Some(exchange)) = Exchange::read(&stream) else { continue };
        let number = count.fetch_add(1, Ordering::Relaxed);
        let event = handler_http::event(&exchange, &format!("local-{number}"));
        let answered = function.invoke(api, event.to_string(), GATEWAY_LIMIT)?;
        let (status, answer) = handler_http::respond(&stream, &answered);
        console.note(&format!("{} {} {status}", exchange.method, exchange.target));
        if answer.is_err() {
            close(&stream);
        }
    }
    Ok(Outcome::Clean)
}

fn close(stream: &TcpStream) {
    let _ = stream.shutdown(std::net::Shutdown::Both);
}

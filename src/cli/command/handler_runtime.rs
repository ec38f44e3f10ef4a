//! The Lambda Runtime API on loopback, for one function: it asks for the next event, and posts what became of it.

use std::collections::BTreeMap;
use std::io::{self, BufReader};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::handler_http::{self, Exchange};

const VERSION: &str = "/2018-06-01/runtime/";

/// What became of an event.
pub enum Outcome {
    /// The answer, which should be JSON.
    Answer(String),
    /// The error that the function reports, in JSON.
    Error(String),
    /// The time was up.
    Silence,
}

struct Event {
    id: String,
    text: String,
    /// In milliseconds since 1970.
    deadline: u128,
}

/// What the threads of all connections share.
struct Shared {
    events: Mutex<Receiver<Event>>,
    waiting: Mutex<BTreeMap<String, Sender<Outcome>>>,
}

pub struct RuntimeApi {
    address: String,
    events: Sender<Event>,
    shared: Arc<Shared>,
    count: AtomicU64,
}

/// An answer to come.
pub struct Pending {
    answer: Receiver<Outcome>,
    until: Instant,
}

impl Pending {
    /// Waits for some time. Once the event's own time is up, that is the outcome.
    pub fn wait(&mut self, time: Duration) -> Option<Outcome> {
        match self.answer.recv_timeout(time) {
            Ok(outcome) => Some(outcome),
            Err(RecvTimeoutError::Disconnected) => Some(Outcome::Silence),
            Err(RecvTimeoutError::Timeout) => (Instant::now() >= self.until).then_some(Outcome::Silence),
        }
    }
}

impl RuntimeApi {
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?.to_string();
        let (events, receiver) = channel();
        let shared = Arc::new(Shared { events: Mutex::new(receiver), waiting: Mutex::default() });
        let threads = Arc::clone(&shared);
        // They end with the program, whose last act is to end the function.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&threads);
                thread::spawn(move || serve(&stream, &shared));
            }
        });
        Ok(Self { address, events, shared, count: AtomicU64::new(1) })
    }

    /// Host and port.
    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn invoke(&self, text: String, limit: Duration) -> Pending {
        let id = format!("00000000-0000-4000-8000-{:012}", self.count.fetch_add(1, Ordering::Relaxed));
        let (sender, answer) = channel();
        self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), sender);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // The receiver lives as long as this value does.
        let _ = self.events.send(Event { id, text, deadline: (now + limit).as_millis() });
        Pending { answer, until: Instant::now() + limit }
    }
}

/// Serves one connection until the function closes it.
fn serve(stream: &TcpStream, shared: &Shared) -> Option<()> {
    // Without this, every answer waits for an acknowledgement of the one before.
    stream.set_nodelay(true).ok()?;
    let mut reader = BufReader::new(stream);
    loop {
        let exchange = Exchange::from(&mut reader).ok()??;
        let path = exchange.target.strip_prefix(VERSION).unwrap_or_default();
        let answered = match (exchange.method.as_str(), path.split('/').collect::<Vec<_>>().as_slice()) {
            ("GET", ["invocation", "next"]) => {
                let event = shared.events.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()?;
                handler_http::write(stream, 200, &headers(&event), event.text.as_bytes())
            }
            ("POST", ["invocation", id, what @ ("response" | "error")]) => {
                let text = String::from_utf8_lossy(&exchange.body).into_owned();
                let outcome = if *what == "error" { Outcome::Error(text) } else { Outcome::Answer(text) };
                let waiting = shared.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(*id);
                // Nobody waits for an answer that comes too late.
                let _ = waiting.map(|waiting| waiting.send(outcome));
                handler_http::write(stream, 202, &[], b"{\"status\":\"OK\"}")
            }
            ("POST", ["init", "error"]) => handler_http::write(stream, 202, &[], b"{\"status\":\"OK\"}"),
            _ => handler_http::write(stream, 404, &[], b"{}"),
        };
        answered.ok()?;
    }
}

fn headers(event: &Event) -> Vec<(String, String)> {
    let arn = "arn:aws:lambda:us-east-1:000000000000:function:local".to_owned();
    [
        ("lambda-runtime-aws-request-id", event.id.clone()),
        ("lambda-runtime-deadline-ms", event.deadline.to_string()),
        ("lambda-runtime-invoked-function-arn", arn),
        ("content-type", "application/json".to_owned()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

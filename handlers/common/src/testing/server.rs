//! Another service on loopback, with answers that a test wrote, slowness and broken connections included.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[derive(Debug, Clone)]
pub struct Received {
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Received {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }
}

#[derive(Debug, Clone)]
pub enum Reply {
    Json(u16, Value),
    Text(u16, String),
    /// An error as services of AWS with the REST protocol tell it: the word in a header, a sentence in the body.
    Refusal(u16, &'static str),
    /// Says nothing for so long.
    Silence(Duration),
    /// Closes the connection without a word.
    Reset,
}

type Script = Box<dyn Fn(&Received) -> Reply + Send + Sync>;

/// Listens until it goes out of scope.
pub struct Server {
    url: String,
    received: Arc<Mutex<Vec<Received>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    /// Answers every request by a function.
    pub async fn answering(script: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let (script, log) = (Arc::new(Box::new(script) as Script), Arc::clone(&received));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&script), Arc::clone(&log)));
            }
        });
        Self { url, received, task }
    }

    /// Answers the first request with the first reply and so on; the last reply stays.
    pub async fn replying(replies: Vec<Reply>) -> Self {
        let count = Mutex::new(0);
        Self::answering(move |_| {
            let mut count = count.lock().unwrap();
            let reply = replies.get(*count).or(replies.last()).expect("a server has replies").clone();
            *count += 1;
            reply
        })
        .await
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Host and port.
    pub fn host(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, script: Arc<Script>, log: Arc<Mutex<Vec<Received>>>) {
    let Some(received) = read(&mut stream).await else { return };
    log.lock().unwrap().push(received.clone());
    let (status, kind, body) = match script(&received) {
        Reply::Json(status, value) => (status, "application/json".to_owned(), value.to_string()),
        Reply::Text(status, text) => (status, "text/plain".to_owned(), text),
        Reply::Refusal(status, word) => {
            // With what the services append to it.
            let kind = format!("application/json\r\nx-amzn-ErrorType: {word}:http://internal.example/");
            (status, kind, r#"{"message":"a sentence"}"#.to_owned())
        }
        Reply::Silence(duration) => return tokio::time::sleep(duration).await,
        Reply::Reset => return,
    };
    let head = format!(
        "HTTP/1.1 {status} Status\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    // The other side may have given up, which is its right.
    let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
}

async fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut lines = head.lines();
    let mut request = lines.next()?.split(' ');
    let (method, path) = (request.next()?.to_owned(), request.next()?.to_owned());
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    while bytes.len() < head_end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let body = String::from_utf8_lossy(&bytes[head_end + 4..head_end + 4 + length]).into_owned();
    Some(Received { method, path, headers, body })
}

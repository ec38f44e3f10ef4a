//! As much of HTTP/1.1 as the Runtime API and a local gateway take: requests with a length, answers with a length.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use serde_json::{Map, Value, json};

use super::handler_runtime::Outcome;

/// More than Lambda takes as an event or gives as an answer: six megabytes.
const BODY_MAX: usize = 8 * 1024 * 1024;

/// All lines before the body together.
const HEAD_MAX: u64 = 64 * 1024;

/// A request.
pub struct Exchange {
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Exchange {
    /// Reads the next request of a connection, or nothing when the other side has closed it.
    pub fn read(stream: &TcpStream) -> io::Result<Option<Self>> {
        Self::from(&mut BufReader::new(stream))
    }

    pub fn from(reader: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut head = reader.by_ref().take(HEAD_MAX);
        let mut line = String::new();
        if head.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut words = line.split_whitespace();
        let (Some(method), Some(target)) = (words.next(), words.next()) else { return Err(malformed()) };
        let (method, target) = (method.to_owned(), target.to_owned());
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            if head.read_line(&mut line)? == 0 {
                return Err(malformed());
            }
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').ok_or_else(malformed)?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let value = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        if value("transfer-encoding").is_some() {
            return Err(malformed());
        }
        let length: usize = value("content-length").map_or(Ok(0), str::parse).map_err(|_| malformed())?;
        if length > BODY_MAX {
            return Err(malformed());
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        Ok(Some(Self { method, target, headers, body }))
    }
}

fn malformed() -> io::Error {
    io::Error::from(io::ErrorKind::InvalidData)
}

/// Writes an answer whole.
pub fn write(mut stream: &TcpStream, status: u16, headers: &[(String, String)], body: &[u8]) -> io::Result<()> {
    let mut text = format!("HTTP/1.1 {status} {}\r\n", if status < 400 { "OK" } else { "Error" });
    for (name, value) in headers {
        // A line break in a value would begin another header.
        let value: String = value.chars().filter(|c| !c.is_control()).collect();
        text.extend([name, ": ", &value, "\r\n"]);
    }
    text.extend(["content-length: ", &body.len().to_string(), "\r\n\r\n"]);
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(body);
    stream.write_all(&bytes)?;
    stream.flush()
}

/// A request as API Gateway hands it to a function, in payload version 2.0.
pub fn event(exchange: &Exchange, id: &str) -> Value {
    let (path, query) = exchange.target.split_once('?').unwrap_or((&exchange.target, ""));
    let mut headers: Map<String, Value> = Map::new();
    for (name, value) in &exchange.headers {
        let joined = match headers.get(name).and_then(Value::as_str) {
            Some(first) => format!("{first},{value}"),
            None => value.clone(),
        };
        headers.insert(name.clone(), joined.into());
    }
    // A body that is no text would come in Base64; forms and JSON, which is all that the functions take, are texts.
    let body = String::from_utf8_lossy(&exchange.body).into_owned();
    let mut event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "http": { "method": exchange.method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1" },
            "requestId": id,
            "stage": "$default",
        },
        "isBase64Encoded": false,
    });
    if !body.is_empty()
        && let Some(fields) = event.as_object_mut()
    {
        fields.insert("body".to_owned(), body.into());
    }
    event
}

/// Gives the function's answer to the client, as a gateway would. The status is told.
pub fn respond(stream: &TcpStream, answered: &Outcome) -> (u16, io::Result<()>) {
    let bare = |status: u16, text: &str| (status, write(stream, status, &closing(), text.as_bytes()));
    let answer = match answered {
        Outcome::Silence => return bare(504, "the function did not answer in time\n"),
        Outcome::Error(_) => return bare(502, "the function failed\n"),
        Outcome::Answer(text) => serde_json::from_str::<Value>(text).unwrap_or_default(),
    };
    let status = answer.get("statusCode").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    let Some(status) = status.filter(|status| (200..600).contains(status)) else {
        return bare(502, "the function's answer is none for a gateway: it has no `statusCode`\n");
    };
    let mut headers = closing();
    let given = answer.get("headers").and_then(Value::as_object).into_iter().flatten();
    headers.extend(given.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))));
    let body = answer.get("body").and_then(Value::as_str).unwrap_or_default();
    (status, write(stream, status, &headers, body.as_bytes()))
}

fn closing() -> Vec<(String, String)> {
    vec![("connection".to_owned(), "close".to_owned())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> io::Result<Option<Exchange>> {
        Exchange::from(&mut text.as_bytes())
    }

    #[test]
    fn a_request_becomes_an_event() {
        let text =
            "POST /voice?a=b&c HTTP/1.1\r\nContent-Type: text/x\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 3\r\n\r\na=bX";
        let event = event(&read(text).unwrap().unwrap(), "r");
        assert_eq!(event["rawPath"], "/voice");
        assert_eq!(event["rawQueryString"], "a=b&c");
        assert_eq!(event["headers"]["x-a"], "1,2");
        assert_eq!(event["body"], "a=b");
        assert_eq!(event["requestContext"]["http"]["method"], "POST");
    }

    #[test]
    fn what_is_no_request_is_refused() {
        assert!(read("").unwrap().is_none());
        for text in [
            "GET\r\n\r\n",
            "GET / HTTP/1.1\r\nno colon\r\n\r\n",
            "GET / HTTP/1.1\r\n",
            "GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabc",
            "GET / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
            "GET / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}

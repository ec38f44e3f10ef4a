//! Which pages may ask from a browser: those on a list, by their exact origin. There is no `*`.

use handler_common::settings::configured;
use handler_common::web::{WebAnswer, WebRequest};
use handler_common::world::Environment;

use crate::answer::{Problem, refused};
use crate::routes::{self, Audience};

/// What the pages send. Those of agents are signed for the gateway.
const HEADERS: &str = "authorization, cognitoidtoken, content-type, x-amz-content-sha256, x-amz-date, \
                       x-amz-security-token, x-join-token";

/// The settings with the pages of an audience.
pub fn settings(audience: Audience) -> &'static [&'static str] {
    match audience {
        Audience::Customers => &["WEBSITE_ORIGINS"],
        Audience::Agents => &["AGENT_ORIGINS"],
        Audience::Both => &["WEBSITE_ORIGINS", "AGENT_ORIGINS"],
    }
}

/// The configured origin that the request's is equal to.
fn allowed(request: &WebRequest, audience: Audience, environment: &impl Environment) -> Option<String> {
    let origin = request.header("origin")?;
    settings(audience)
        .iter()
        .filter_map(|name| configured(environment, name))
        .flat_map(|list| list.split(',').map(|one| one.trim().to_owned()).collect::<Vec<_>>())
        .find(|one| one == origin && one != "*")
}

/// Whether the configured origins of agents hold this one.
pub fn is_agents(origin: &str, environment: &impl Environment) -> bool {
    let list = configured(environment, "AGENT_ORIGINS").unwrap_or_default();
    list.split(',').any(|one| one.trim() == origin && origin != "*")
}

/// A request by a page that is on no list is not even looked at. One without an origin comes from no browser.
pub fn check(request: &WebRequest, audience: Audience, environment: &impl Environment) -> Result<(), Problem> {
    match request.header("origin") {
        Some(_) if allowed(request, audience, environment).is_none() => {
            Err(refused(403, "pages of this origin are not answered"))
        }
        _ => Ok(()),
    }
}

/// What lets the page read the answer.
pub fn headers(request: &WebRequest, path: &str, environment: &impl Environment) -> Vec<(&'static str, String)> {
    let vary = ("vary", "origin".to_owned());
    let audience = routes::at(path).find(|row| row.method == request.method).map(|row| row.audience);
    let origin = audience.and_then(|audience| allowed(request, audience, environment));
    match origin {
        Some(origin) => vec![vary, ("access-control-allow-origin", origin)],
        None => vec![vary],
    }
}

/// The answer to a browser that asks whether it may ask.
pub fn preflight(request: &WebRequest, path: &str, environment: &impl Environment) -> WebAnswer {
    let mut methods = Vec::new();
    let mut origin = None;
    for row in routes::at(path) {
        if let Some(found) = allowed(request, row.audience, environment) {
            methods.push(row.method);
            origin = Some(found);
        }
    }
    let Some(origin) = origin else { return WebAnswer::new(403, "text/plain", "not for pages of this origin\n") };
    WebAnswer {
        status: 204,
        headers: vec![
            ("vary", "origin".to_owned()),
            ("access-control-allow-origin", origin),
            ("access-control-allow-methods", methods.join(", ")),
            ("access-control-allow-headers", HEADERS.to_owned()),
            ("access-control-max-age", "600".to_owned()),
        ],
        body: String::new(),
    }
}

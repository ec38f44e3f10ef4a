//! Building JSON values that have places: what is put together from an old document still points into it.

use crate::json::{Json, Member, Node};
use crate::source::{Span, Spanned};

/// A step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Key(String),
    Index(usize),
}

pub fn text(text: impl Into<String>, span: Span) -> Json {
    Json { node: Node::Text(text.into()), span }
}

pub fn object(members: Vec<Member>, span: Span) -> Json {
    Json { node: Node::Object(members), span }
}

pub fn list(items: Vec<Json>, span: Span) -> Json {
    Json { node: Node::List(items), span }
}

pub fn member(name: impl Into<String>, value: Json) -> Member {
    Member { name: Spanned::new(name.into(), value.span), value }
}

/// Where a path such as `Messages[].Text` leads in a value as it stands: `[]` is the next element of a list, `[0]` the
/// first. `filled` gives what stands for a name in braces; without one there is no such place.
pub fn steps(path: &str, into: &Json, filled: impl Fn(&str) -> Option<String>) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut at = Some(into);
    for part in path.split('.') {
        let name = part.trim_end_matches("[]").trim_end_matches("[0]");
        let key = match name.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(of) => filled(of)?,
            None => name.to_owned(),
        };
        at = at.and_then(|json| json.get(&key));
        steps.push(Step::Key(key));
        if name.len() < part.len() {
            let index = if part.ends_with("[]") { at.and_then(Json::as_list).map_or(0, <[Json]>::len) } else { 0 };
            at = at.and_then(Json::as_list).and_then(|items| items.get(index));
            steps.push(Step::Index(index));
        }
    }
    Some(steps)
}

/// Puts a value where the steps lead, and makes what is missing on the way; before an element that is far down a list
/// stand nulls. What is in the way is replaced.
pub fn put(into: &mut Json, steps: &[Step], name: Span, value: Json) {
    let mut at = into;
    for step in steps {
        let span = at.span;
        at = match step {
            Step::Key(key) => {
                if at.as_object().is_none() {
                    at.node = Node::Object(Vec::new());
                }
                let Node::Object(members) = &mut at.node else { return };
                let index = members.iter().position(|member| member.name.value == *key).unwrap_or_else(|| {
                    let value = Json { node: Node::Null, span };
                    members.push(Member { name: Spanned::new(key.clone(), name), value });
                    members.len() - 1
                });
                let Some(member) = members.get_mut(index) else { return };
                &mut member.value
            }
            Step::Index(index) => {
                if at.as_list().is_none() {
                    at.node = Node::List(Vec::new());
                }
                let Node::List(items) = &mut at.node else { return };
                while items.len() <= *index {
                    items.push(Json { node: Node::Null, span });
                }
                let Some(item) = items.get_mut(*index) else { return };
                item
            }
        };
    }
    *at = value;
}

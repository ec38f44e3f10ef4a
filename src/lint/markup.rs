//! Speech markup: enough of XML to say whether a text is well formed, and what tags are in it.

/// An opening tag, or one that closes itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag<'t> {
    pub name: &'t str,
    pub attributes: Vec<(&'t str, &'t str)>,
}

/// Why a text is no markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub what: String,
}

impl Problem {
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into() }
    }
}

/// The tags of a text, in order.
pub fn read(text: &str) -> Result<Vec<Tag<'_>>, Problem> {
    let mut tags = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('<') {
        plain(before)?;
        if open.is_empty() && !tags.is_empty() && !before.trim().is_empty() {
            return Err(Problem::new("there are words behind its end"));
        }
        if let Some(comment) = behind.strip_prefix("!--") {
            rest = comment.split_once("-->").ok_or_else(|| Problem::new("a comment is not closed"))?.1;
            continue;
        }
        if let Some(heading) = behind.strip_prefix('?') {
            rest = heading.split_once("?>").ok_or_else(|| Problem::new("its heading is not closed"))?.1;
            continue;
        }
        let (inside, behind) = tag_end(behind).ok_or_else(|| Problem::new("a `<` begins no tag"))?;
        rest = behind;
        if let Some(name) = inside.strip_prefix('/') {
            let name = name.trim();
            match open.pop() {
                Some(expected) if expected == name => {}
                Some(expected) => {
                    return Err(Problem::new(format!("`</{name}>` stands where `</{expected}>` must")));
                }
                None => return Err(Problem::new(format!("`</{name}>` closes nothing"))),
            }
            continue;
        }
        let (inside, closes_itself) = inside.strip_suffix('/').map_or((inside, false), |inside| (inside, true));
        let tag = tag(inside)?;
        if open.is_empty() && !tags.is_empty() {
            return Err(Problem::new(format!("`<{}>` stands behind its end", tag.name)));
        }
        if !closes_itself {
            open.push(tag.name);
        }
        tags.push(tag);
    }
    plain(rest)?;
    if let Some(name) = open.last() {
        return Err(Problem::new(format!("`<{name}>` is not closed")));
    }
    if !tags.is_empty() && !rest.trim().is_empty() {
        return Err(Problem::new("there are words behind its end"));
    }
    Ok(tags)
}

/// What stands in a tag and what behind it. A `>` in quotes does not end it.
fn tag_end(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '>') => return Some((text.get(..at)?, text.get(at + 1..)?)),
            (None, '<') => return None,
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
    }
    None
}

fn tag(inside: &str) -> Result<Tag<'_>, Problem> {
    let inside = inside.trim_end();
    let end = inside.find(char::is_whitespace).unwrap_or(inside.len());
    let (name, mut rest) = inside.split_at_checked(end).unwrap_or((inside, ""));
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_alphanumeric() || matches!(c, ':' | '-' | '_' | '.'))
    };
    if !is_name(name) {
        return Err(Problem::new("a `<` begins no tag"));
    }
    let mut attributes = Vec::new();
    let lacking = || Problem::new(format!("an attribute of `<{name}>` has no value in quotes"));
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Ok(Tag { name, attributes });
        }
        let (key, value) = rest.split_once('=').ok_or_else(lacking)?;
        let value = value.trim_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\'')).ok_or_else(lacking)?;
        let (value, behind) = value.get(1..).and_then(|value| value.split_once(quote)).ok_or_else(lacking)?;
        if !is_name(key.trim()) {
            return Err(lacking());
        }
        attributes.push((key.trim(), value));
        rest = behind;
    }
}

/// Holds the text between tags against what must be written otherwise there.
fn plain(text: &str) -> Result<(), Problem> {
    for behind in text.split('&').skip(1) {
        let name = behind.split_once(';').map(|(name, _)| name);
        let is_entity = name.is_some_and(|name| {
            ["amp", "lt", "gt", "quot", "apos"].contains(&name)
                || name.strip_prefix('#').is_some_and(|code| {
                    !code.is_empty() && code.trim_start_matches('x').bytes().all(|byte| byte.is_ascii_hexdigit())
                })
        });
        if !is_entity {
            return Err(Problem::new("an `&` is not written `&amp;`"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        read(text).map_or_else(|problem| problem.what, |tags| panic!("{tags:?}"))
    }

    #[test]
    fn what_is_well_formed_gives_its_tags() {
        let tags = read("<speak>Hi <break time='1s'/>R&amp;D <a b=\"x > y\">c</a></speak>").unwrap();
        let names: Vec<&str> = tags.iter().map(|tag| tag.name).collect();
        assert_eq!(names, ["speak", "break", "a"]);
        assert_eq!(tags[1].attributes, [("time", "1s")]);
        assert_eq!(tags[2].attributes, [("b", "x > y")]);
    }

    #[test]
    fn what_is_not_says_why() {
        assert_eq!(problem("<speak>Hi"), "`<speak>` is not closed");
        assert_eq!(problem("<speak><b>Hi</speak></b>"), "`</speak>` stands where `</b>` must");
        assert_eq!(problem("<speak>R&D</speak>"), "an `&` is not written `&amp;`");
        assert_eq!(problem("<speak>a < b</speak>"), "a `<` begins no tag");
        assert_eq!(problem("<speak><break time=1s/></speak>"), "an attribute of `<break>` has no value in quotes");
        assert_eq!(problem("<speak>a</speak> b"), "there are words behind its end");
        assert_eq!(problem("</speak>"), "`</speak>` closes nothing");
    }
}

//! What a line says, in one spelling: identifiers are made from it, so neither spaces, line breaks, trailing commas nor
//! comments may change it. The formatter changes nothing else.

/// The words, texts and signs of a piece of source, spaced as the formatter spaces them on one line.
pub(super) fn label(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut last = "";
    let mut depth = 0_usize;
    for (token, begins_line) in (Tokens { rest: source }) {
        let closes = matches!(token, ")" | "]" | "}");
        if closes {
            depth = depth.saturating_sub(1);
            if last == "," {
                out.truncate(out.trim_end_matches(',').len());
            }
        } else if begins_line && depth > 0 && !matches!(last, "(" | "[" | "{" | "," | ":") && token != "," {
            // Inside brackets a line break separates as a comma does.
            out.push(',');
        }
        let is_tight = matches!(last, "" | "(" | "[") || matches!(token, ")" | "]" | "," | ":");
        if !(is_tight || last == "{" && token == "}") {
            out.push(' ');
        }
        if token.starts_with("\"\"\"") {
            // A block's indentation is the formatter's to choose.
            out.push_str(&token.split_whitespace().collect::<Vec<_>>().join(" "));
        } else {
            out.push_str(token);
        }
        depth += usize::from(matches!(token, "(" | "[" | "{"));
        last = token;
    }
    out
}

/// Pieces of source that spaces may stand between, each with whether it is the first of its line.
struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = (&'a str, bool);

    fn next(&mut self) -> Option<Self::Item> {
        let mut begins_line = false;
        loop {
            let text = self.rest.trim_start();
            begins_line |= self.rest.get(..self.rest.len() - text.len())?.contains('\n');
            self.rest = text;
            if !text.starts_with("//") {
                break;
            }
            self.rest = text.get(text.find('\n').unwrap_or(text.len())..)?;
        }
        let (token, rest) = self.rest.split_at_checked(length(self.rest))?;
        self.rest = rest;
        (!token.is_empty()).then_some((token, begins_line))
    }
}

/// How long the token is that a text begins with.
fn length(text: &str) -> usize {
    if let Some(block) = text.strip_prefix("\"\"\"") {
        return 3 + closed(block, "\"\"\"");
    }
    if let Some(quoted) = text.strip_prefix('"') {
        return 1 + closed(quoted, "\"");
    }
    match text.as_bytes() {
        [b'=' | b'!' | b'>' | b'<', b'=', ..] | [b'-', b'>', ..] => return 2,
        [b'=' | b'>' | b'<' | b'(' | b')' | b'[' | b']' | b'{' | b'}' | b',' | b':', ..] => return 1,
        [b'$', ..] => return reference(text),
        _ => {}
    }
    let is_sign = |c| matches!(c, '"' | '$' | '=' | '!' | '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}' | ',' | ':');
    let ends = |c: char| is_sign(c) || c.is_whitespace();
    let first = text.chars().next().map_or(0, char::len_utf8);
    text.get(first..).and_then(|rest| rest.find(ends)).map_or(text.len(), |end| first + end)
}

/// How far a text goes, with the quotes that close it.
fn closed(text: &str, by: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found;
        match bytes.get(at..) {
            Some([b'\\', ..]) => at += 2,
            Some(rest) if rest.starts_with(by.as_bytes()) => return at + by.len(),
            _ => at += 1,
        }
    }
    text.len()
}

fn reference(text: &str) -> usize {
    let mut end = 0;
    while let Some(rest) = text.get(end..).filter(|rest| !rest.is_empty()) {
        let inside = rest.strip_prefix("['").and_then(|key| key.find("']"));
        let first = rest.chars().next().unwrap_or_default();
        end += match inside {
            Some(key) => key + 4,
            None if first.is_alphanumeric() || "$._:-".contains(first) => first.len_utf8(),
            None => break,
        };
    }
    end
}

#[cfg(test)]
mod tests {
    use super::label;

    #[track_caller]
    fn same(loose: &str, canonical: &str) {
        assert_eq!(label(loose), canonical);
        assert_eq!(label(canonical), canonical);
    }

    #[test]
    fn spaces_breaks_commas_and_comments_do_not_matter() {
        same("say   \"a  b\"", "say \"a  b\"");
        same("menu \"Press 1.\"(timeout:5s,)", "menu \"Press 1.\" (timeout: 5s)");
        same("f (\n  a: 1 // one\n  b: [ 2,\n 3 ]\n)", "f (a: 1, b: [2, 3])");
        same(
            "set $.Attributes.a=\"1\" // why\n\n$.Attributes['b c']   = $x.y",
            "set $.Attributes.a = \"1\" $.Attributes['b c'] = $x.y",
        );
        same("do X (A:{b:1,\"c d\":{}})", "do X (A: { b: 1, \"c d\": {} })");
        same("$.a.b>=5", "$.a.b >= 5");
        same("record agent ,customer", "record agent, customer");
        same("say \"\"\"\n  a\n    b\n  \"\"\"", "say \"\"\" a b \"\"\"");
        same(
            "$.SegmentAttributes['connect:Subtype']  contains \"//\"",
            "$.SegmentAttributes['connect:Subtype'] contains \"//\"",
        );
        same("say \"a \\\" // b\"  (x:$.A.b)", "say \"a \\\" // b\" (x: $.A.b)");
    }
}

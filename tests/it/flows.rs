//! What lint knows of a flow from other flows: through calls of modules, transfers and events.

use flowc::driver::{self, Settings};
use flowc::source::{Source, SourceId};

/// The rules that find something, in order of place, each once.
fn found(text: &str) -> Vec<&'static str> {
    let source = Source::new(SourceId(0), "main.flow", text);
    let linted = driver::lint(&[source], &Settings::default());
    assert!(linted.errors().next().is_none(), "{:?}", linted.errors().next().map(|error| &error.message));
    let mut rules: Vec<&str> = linted.findings.iter().map(|finding| finding.rule.name()).collect();
    rules.dedup();
    rules
}

/// A flow with these lines, and what stands beside it.
fn main(lines: &str, beside: &str) -> String {
    let lines: String = lines.lines().fold(String::new(), |text, line| text + "  " + line.trim() + "\n");
    format!(
        "/// Main.\ninbound flow Main for voice {{\n  on error -> sorry\n\n{lines}\n  step sorry {{\n    say \"Sorry.\"\n    disconnect\n  }}\n}}\n\n{beside}"
    )
}

const ROUTE: &str = "/// Finds a queue.
module Route () -> found, unknown {
  on error { return unknown }

  check hours Weekdays {
    open   -> next
    closed { return unknown }
  }
  set queue Sales
  return found
}
";

#[test]
fn what_a_module_sets_is_known_by_the_branch_that_it_returns() {
    let known = main(
        "say \"Hello.\"\ncall Route {\nfound -> next\nunknown -> sorry\n}\ntransfer to queue { full -> sorry }",
        ROUTE,
    );
    assert_eq!(found(&known), [""; 0]);
    let unknown = known.replace("unknown -> sorry", "unknown -> next");
    assert_eq!(found(&unknown), ["queue-not-set"]);
}

#[test]
fn a_module_that_says_something_ends_the_silence() {
    let text = main(
        "call Greet\ncheck hours Weekdays {\nopen -> next\nclosed { disconnect }\n}\ntransfer to queue Sales { full -> sorry }",
        "/// Greets.\nmodule Greet () {\n  say \"Hello.\" { error -> next }\n  return\n}\n",
    );
    assert_eq!(found(&text), [""; 0]);
    assert_eq!(found(&text.replace("say \"Hello.\"", "set queue Sales")), ["silent-hang-up"]);
}

#[test]
fn a_module_sees_what_its_callers_bring_and_not_their_results() {
    let module = "/// Says it.\nmodule Tell () {\n  on error { return }\n\n  check hours Weekdays {\n    open -> next\n    \
                  closed { set $.Attributes.name = \"nobody\" }\n  }\n  say \"Hello $.Attributes.name.\"\n  return\n}\n";
    let set = "set $.Attributes.name = \"you\"\ncall Tell\ntransfer to queue Sales { full -> sorry }";
    assert_eq!(found(&main(set, module)), [""; 0]);
    let unset = set.replace("set $.Attributes.name = \"you\"\n", "");
    assert_eq!(found(&main(&unset, module)), ["attribute-read-before-set"]);
}

#[test]
fn modules_inside_modules_count_too() {
    let outer = format!(
        "/// Asks another.\nmodule Outer () -> found, unknown {{\n  on error {{ return unknown }}\n\n  call Route {{\n    found   {{ return found }}\n    \
         unknown {{ return unknown }}\n  }}\n  return unknown\n}}\n\n{ROUTE}"
    );
    let text = main(
        "say \"Hello.\"\ncall Outer {\nfound -> next\nunknown -> sorry\n}\ntransfer to queue { full -> sorry }",
        &outer,
    );
    let rules: Vec<&str> = found(&text).into_iter().filter(|rule| *rule == "queue-not-set").collect();
    assert_eq!(rules, [""; 0]);
}

#[test]
fn flows_that_lead_only_to_each_other_are_looked_at() {
    let leading = |name: &str, to: &str| {
        format!(
            "/// {name}.\ninbound flow {name} for voice {{\n  on error {{ disconnect }}\n\n  menu \"For {to}, press 1.\" (timeout: 5s) {{\n    1 -> next\n    \
             timeout, else {{ retry (max: 2) {{ spent -> next }} }}\n  }}\n  check hours Weekdays {{\n    open -> next\n    \
             closed {{ transfer to queue {{ full -> next }} }}\n  }}\n  transfer to flow {to}\n}}\n"
        )
    };
    let text = leading("One", "Two") + "\n" + &leading("Two", "One");
    assert_eq!(found(&text), ["queue-not-set"]);
}

#[test]
fn what_an_event_runs_may_find_set_what_was_not_when_it_was_named() {
    let survey = "/// Asks how it was.\ninbound flow Survey for voice {\n  on error { disconnect }\n\n  check hours Weekdays {\n    open -> next\n    \
                  closed { set $.Attributes.agent = \"nobody\" }\n  }\n  say \"You spoke to $.Attributes.agent.\"\n  disconnect\n}\n";
    let text = main("set disconnect flow Survey\ntransfer to queue Sales { full -> sorry }", survey);
    assert_eq!(found(&text), [""; 0]);
    let transferred = text
        .replace("set disconnect flow Survey\n  transfer to queue Sales { full -> sorry }", "transfer to flow Survey");
    assert_eq!(found(&transferred), ["attribute-read-before-set"]);
}

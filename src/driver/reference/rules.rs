//! `docs/service-rules.md`: every rule of the service that flowc knows, with its witness and the level that follows.

use std::fmt::Write;

use crate::catalogue::rules::{self, Line};
use crate::catalogue::{self, Basis, Family};

const INTRODUCTION: &str = "\
# What the service demands, and who says so

Every rule that flowc holds a flow against, with its witness. The level follows from the witness: an **error** is for what
the service was seen to refuse, and for a required key, a required branch, a limit, an exclusion or a way of writing that a
page states and every published export of the console keeps. Everything else is a warning: what a page alone says, and
lists of values, keys, branches and references, which hold what was seen. `src/catalogue/rule.rs` has the rule about rules;
a row that claims more for a rule than its witness bears does not compile.

| Witness | Means |
|---|---|
| a recorded refusal | somebody asked the live service, and wrote down that it refused |
| a page, and every export keeps it | the documentation or the service's model states it, and no export does otherwise |
| a page alone | no export shows that it is so, or one shows that it is not |
| seen so far | pages and exports show these, and nobody says that there are no others |

`UPDATE=1 cargo test --test it sentences` writes this page anew.
";

/// `docs/service-rules.md`.
pub fn service_rules() -> String {
    let mut page = INTRODUCTION.to_owned();
    let _ = write!(page, "\n## All flows\n");
    table(&rules::general(), &mut page);
    for family in Family::ALL {
        let _ = write!(page, "\n## {}\n", family.title());
        for row in catalogue::all().filter(|row| row.family == *family) {
            let _ = write!(page, "\n### {}\n", row.name);
            table(&rules::of(row), &mut page);
        }
    }
    page
}

fn table(lines: &[Line], page: &mut String) {
    let _ = write!(page, "\n| What | Demand | Witness | Level |\n|---|---|---|---|\n");
    for line in lines {
        let witness = match line.rule.basis {
            Basis::Refusal(what) => format!("{}: {what}", line.rule.basis.word()),
            basis => basis.word().to_owned(),
        };
        let level = if line.rule.is_error() { "**error**" } else { "warning" };
        let what = format!("{} {}", line.about, line.says).replace('|', "\\|");
        let _ = writeln!(page, "| {what} | {} | {witness} | {level} |", line.rule.demand.word());
    }
}

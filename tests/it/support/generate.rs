//! Projects out of nothing: valid flows of any number and size, the same for the same seed on every machine. Tests
//! take small ones, benchmarks large ones. It depends on nothing, so that both can include it.

/// A project of so many flows with about so many statements each: paths and texts. A module and a fragment that the
/// flows use come with it.
pub fn project(seed: u64, flows: usize, statements: usize) -> Vec<(String, String)> {
    let mut files = vec![("shared.flow".to_owned(), SHARED.to_owned())];
    for number in 0..flows {
        // Each flow has a dice of its own, so that a project of more flows begins with the same ones.
        let mut writer = Writer::new(seed ^ (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let text = writer.flow(number, flows, statements);
        files.push((format!("area{:02}/flow{number:05}.flow", number % 37), text));
    }
    files
}

const SHARED: &str = r#"/// Says why, and hangs up.
fragment goodbye (reason) {
  say "$reason Goodbye." { error -> next }
  disconnect
}

/// Checks a number that the caller knows.
module Verify (attempts: string) -> verified, rejected returns (customerId: string) {
  on error { return rejected }

  repeat 3 {
    collect "Please enter your number." as number (digits: 8, timeout: 8s)
    invoke check-number with (number: $number, attempts: $.Modules.Input.attempts) as check
    if $check.ok == "true" {
      return verified with (customerId: $check.customerId)
    }
  }
  return rejected
}
"#;

const STEPS: [&str; 4] = ["sales", "support", "billing", "closing"];
const QUEUES: [&str; 4] = ["Sales", "Support", "\"Basic Queue\"", "Billing"];

/// A small generator of numbers (splitmix64): good enough to choose by, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % sides.max(1)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let count = from.len() as u64;
        usize::try_from(self.roll(count)).ok().and_then(|index| from.get(index)).copied().unwrap_or_default()
    }
}

struct Writer {
    dice: Dice,
    out: String,
    depth: usize,
    /// The depth of the body that every path goes through: the flow's own or a step's.
    base: usize,
    /// Statements still to be written.
    left: usize,
    /// How many texts there are: each is another, as in real flows.
    texts: usize,
    /// Results that every path to here has set.
    results: Vec<String>,
}

impl Writer {
    fn new(seed: u64) -> Self {
        Self { dice: Dice(seed), out: String::new(), depth: 0, base: 1, left: 0, texts: 0, results: Vec::new() }
    }

    fn line(&mut self, text: &str) {
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn inside(&mut self, open: &str, write: impl FnOnce(&mut Self)) {
        self.line(open);
        self.depth += 1;
        write(self);
        self.depth -= 1;
        self.line("}");
    }

    fn flow(&mut self, number: usize, flows: usize, statements: usize) -> String {
        self.line(&format!("/// Flow {number} of a generated project."));
        self.inside(&format!("inbound flow \"Flow {number}\" for voice {{"), |writer| {
            writer.line("on error -> trouble");
            writer.out.push('\n');
            // The steps hold a third; every step is led to, also from a flow of one statement.
            writer.left = statements.saturating_sub(statements / 3).max(1);
            while writer.left > 0 {
                writer.statement();
            }
            writer.inside("match $.Attributes.topic {", |writer| {
                for step in STEPS {
                    writer.line(&format!("\"{step}\" -> {step}"));
                }
                writer.line("else -> closing");
            });
            for step in STEPS {
                writer.out.push('\n');
                writer.inside(&format!("step {step} {{"), |writer| {
                    writer.results.clear();
                    writer.base = writer.depth;
                    writer.left = statements / 3 / STEPS.len();
                    while writer.left > 0 {
                        writer.statement();
                    }
                    writer.ending(step, number, flows);
                });
            }
            writer.out.push('\n');
            writer.inside("step trouble {", |writer| {
                writer.line("say \"Something went wrong.\"");
                writer.line("disconnect");
            });
        });
        std::mem::take(&mut self.out)
    }

    fn ending(&mut self, step: &str, number: usize, flows: usize) {
        match step {
            "closing" => self.line("use goodbye (reason: \"That is all.\")"),
            "billing" => {
                let other = self.dice.roll(flows as u64);
                let other = if other == number as u64 { "elsewhere".to_owned() } else { other.to_string() };
                self.line(&format!("transfer to flow \"Flow {other}\""));
            }
            _ => {
                let queue = self.dice.pick(&QUEUES);
                self.line(&format!("transfer to queue {queue} {{ full -> trouble }}"));
            }
        }
    }

    fn text(&mut self) -> String {
        const WORDS: [&str; 12] = [
            "please",
            "welcome",
            "your",
            "account",
            "order",
            "number",
            "wait",
            "thank you",
            "again",
            "office",
            "today",
            "open",
        ];
        self.texts += 1;
        let mut text = format!("Line {}:", self.texts);
        for _ in 0..3 + self.dice.roll(8) {
            text.push(' ');
            text.push_str(self.dice.pick(&WORDS));
        }
        match self.dice.roll(6) {
            0 => text.push_str(" $.Attributes.name."),
            1 => text.push_str(" \\\"$.Queue.Name\\\"."),
            2 => {
                if let Some(result) = self.results.last() {
                    text.extend([" $", result, ".text."]);
                }
            }
            _ => text.push('.'),
        }
        text
    }

    fn statement(&mut self) {
        self.left = self.left.saturating_sub(1);
        let choices = if self.depth > 4 { 10 } else { 17 };
        match self.dice.roll(choices) {
            0..=3 => {
                let text = self.text();
                self.line(&format!("say \"{text}\""));
            }
            4 => {
                let (key, text) = (self.dice.roll(20), self.text());
                self.line(&format!("set $.Attributes.key{key} = \"{text}\""));
            }
            5 => {
                let text = self.text();
                self.inside("set {", |writer| {
                    writer.line(&format!("$.Attributes.first = \"{text}\""));
                    writer.line("$.Attributes.second = $.CustomerEndpoint.Address");
                });
            }
            6 => {
                let queue = self.dice.pick(&QUEUES);
                self.line(&format!("set queue {queue} {{ error -> next }}"));
            }
            7 => {
                self.texts += 1;
                let name = format!("found{}", self.texts);
                self.line(&format!("invoke find-it with (number: $.CustomerEndpoint.Address) as {name} (timeout: 4s)"));
                // A result of an inner body may be unset behind it.
                if self.depth == self.base {
                    self.results.push(name);
                }
            }
            8 => {
                if let Some(result) = self.results.first().cloned() {
                    let key = self.dice.roll(20);
                    self.line(&format!("set $.Attributes.kept{key} = ${result}.value"));
                } else {
                    self.line("set logging on");
                }
            }
            9 => {
                let seconds = 1 + self.dice.roll(60);
                self.line(&format!("set routing age {seconds}s"));
            }
            10 | 11 => self.choice(),
            12 => self.menu(),
            13 => self.inside("check hours Weekdays {", |writer| {
                writer.line("open -> next");
                writer.line("closed -> closing");
            }),
            14 => {
                let times = 1 + self.dice.roll(4);
                self.inside(&format!("repeat {times} {{"), Self::some);
            }
            15 => self.inside("call Verify with (attempts: \"2\") {", |writer| {
                writer.line("verified -> next");
                writer.line("rejected -> closing");
            }),
            _ => self.inside("split {", |writer| {
                writer.inside("30% {", Self::some);
                writer.line("else -> next");
            }),
        }
    }

    /// A few statements: never none, so that no body is empty.
    fn some(&mut self) {
        for _ in 0..=self.dice.roll(3) {
            self.statement();
        }
    }

    fn choice(&mut self) {
        let value = self.dice.roll(9);
        let test = match self.dice.roll(4) {
            0 => format!("$.Attributes.tier == \"t{value}\" and $.Attributes.age > {value}"),
            1 => format!("$.Attributes.tier starts with \"t{value}\" or not $.Attributes.age <= {value}"),
            2 => format!("$.Attributes.tier != \"t{value}\""),
            _ => format!("$.Attributes.tier == \"t{value}\""),
        };
        let with_else = self.dice.roll(2) == 0;
        self.line(&format!("if {test} {{"));
        self.depth += 1;
        self.some();
        self.depth -= 1;
        if with_else {
            self.line("} else {");
            self.depth += 1;
            self.some();
            self.depth -= 1;
        }
        self.line("}");
    }

    fn menu(&mut self) {
        let text = self.text();
        let step = self.dice.pick(&STEPS);
        self.inside(&format!("menu \"{text}\" (timeout: 5s) {{"), |writer| {
            writer.line(&format!("1 -> {step}"));
            writer.inside("2 {", Self::some);
            writer.line("* -> again");
            writer.line("timeout, else { retry (max: 2) { spent -> trouble } }");
        });
    }
}

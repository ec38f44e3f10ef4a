//! Defects planted into flows that have none: each rule finds its own, at the block where it was put, in source and in the
//! document. Where a defect goes, what it is called and what stands around it is a matter of dice.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;

use flowc::driver::{self, Form, Settings};
use flowc::lint::{Finding, Setting, rules};
use flowc::source::{Source, SourceId};

use crate::support::baseline::{files_below, is_kind, repository};
use crate::support::dice::Dice;

/// Flows into which each defect is planted: written by dice, and the repository's own.
const WRITTEN: u64 = 12;

/// A defect, ready to be planted.
#[derive(Default)]
struct Defect {
    /// What goes among the lines of the flow. Control goes on behind it.
    lines: String,
    /// Steps that go with it.
    steps: String,
    /// Declarations that go with it.
    declares: String,
    toml: String,
    contract: String,
    /// What a bot says of itself, which is called `Planted`.
    bot: String,
    /// The place that the finding has to be about, as it is written in one of the above.
    at: String,
    /// Whether it has to stand before everything else in the flow.
    first: bool,
    /// Whether what stands around it may hide it, so that only written flows will do.
    fragile: bool,
}

/// Where a defect goes.
struct Host {
    path: String,
    text: String,
}

#[test]
fn each_rule_finds_what_was_planted_at_the_block_where_it_was_put() {
    let known: BTreeSet<&str> = rules::ALL.iter().map(flowc::lint::Rule::name).collect();
    let planted: BTreeSet<&str> = PLANTERS.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(known, planted, "a rule without a planter, or a planter without a rule");
    let mut missed: Vec<String> = Vec::new();
    for (rule, plant) in PLANTERS {
        let mut tried = 0;
        for seed in 0..WRITTEN {
            let mut dice = Dice::new(seed.wrapping_mul(7919) ^ rule.len() as u64);
            let defect = plant(&mut dice);
            let mut hosts = vec![written(&mut dice)];
            if seed < 3 && !defect.fragile {
                hosts.push(own(&mut dice));
            }
            for host in hosts {
                tried += 1;
                if let Err(problem) = look(rule, &defect, &host, &mut dice) {
                    missed.push(format!("{rule}, seed {seed}, {}: {problem}", host.path));
                }
            }
        }
        assert!(tried >= WRITTEN, "{rule} was hardly tried");
    }
    assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), missed.join("\n\n"));
}

#[test]
fn flows_without_a_defect_have_no_finding() {
    for seed in 0..WRITTEN * 8 {
        let host = written(&mut Dice::new(seed));
        let source = Source::new(SourceId(0), host.path.as_str(), host.text.as_str());
        let mut settings = Settings::default();
        for rule in ["fragment-used-once", "attribute-never-set", "ssml-in-text", "logging-off"] {
            settings.lint.levels.insert(rules::find(rule).unwrap().name(), Setting::Warn);
        }
        let linted = driver::lint(std::slice::from_ref(&source), &settings);
        let messages: Vec<&str> = linted.findings.iter().map(|finding| finding.diagnostic.message.as_str()).collect();
        assert!(linted.errors().next().is_none(), "{:?}\n{}", linted.errors().next(), host.text);
        assert_eq!(messages, [""; 0], "{}", host.text);
    }
}

/// Plants a defect and looks whether it is found there, in source and in the documents.
fn look(rule: &str, defect: &Defect, host: &Host, dice: &mut Dice) -> Result<(), String> {
    let text = planted(defect, host, dice);
    let at: Range<usize> = {
        let Some(start) = text.find(&defect.at) else { return Err(format!("nothing is `{}` in\n{text}", defect.at)) };
        start..start + defect.at.len()
    };
    let source = Source::new(SourceId(1), host.path.as_str(), text.as_str());
    let (mut settings, problems) = driver::settings(&Source::new(SourceId(0), driver::FILE_NAME, defect.toml.as_str()));
    assert!(problems.is_empty(), "{problems:?}");
    // A rule that is off looks when it is asked for; one about `@allow` has to see what the others find.
    let is_off = rules::find(rule).is_some_and(|rule| rule.default == Setting::Allow);
    if is_off {
        settings.lint.levels.insert(rules::find(rule).unwrap().name(), Setting::Warn);
    }
    settings.options.values.extend(crate::corpus::project().1.options.values);
    settings.lint.contracts.extend(flowc::flow::Function::read(&defect.contract));
    let (name, bot, problems) = driver::bot(&Source::new(SourceId(9999), "bots/Planted.toml", defect.bot.as_str()));
    assert!(problems.is_empty(), "{problems:?}");
    settings.lint.bots.extend((!defect.bot.is_empty()).then_some((name, bot)));
    let linted = driver::lint(std::slice::from_ref(&source), &settings);
    if let Some(error) = linted.errors().next() {
        return Err(format!("{}\n{text}", error.message));
    }
    let is_there = |finding: &&Finding| {
        let span = finding.diagnostic.primary.span.range();
        finding.rule.name() == rule && span.start < at.end && at.start < span.end
    };
    let Some(found) = linted.findings.iter().find(is_there) else {
        let others: Vec<String> = linted
            .findings
            .iter()
            .map(|finding| format!("{}: {}", finding.rule.name(), finding.diagnostic.message))
            .collect();
        return Err(format!("not found; found {others:?} in\n{text}"));
    };
    if SOURCE_ONLY.contains(&rule) {
        return Ok(());
    }
    let checked = driver::check(std::slice::from_ref(&source), &settings);
    let documents: Vec<Source> = checked
        .flows
        .iter()
        .zip(2..)
        .map(|(flow, id)| {
            let [document, _] = driver::product(flow, std::slice::from_ref(&source), Form::Content).outputs;
            // In the order of the source: of flows in a cycle, the first is told.
            Source::new(SourceId(id), format!("{id:02}/{}", document.name), document.text)
        })
        .collect();
    let linted = driver::lint(&documents, &settings);
    let same = linted.findings.iter().any(|finding| finding.rule.name() == rule && finding.block == found.block);
    if same { Ok(()) } else { Err(format!("not found in the document; block {}\n{text}", found.block)) }
}

/// Rules about what documents do not have.
const SOURCE_ONLY: [&str; 9] = [
    "entry-without-handler",
    "fragment-used-once",
    "literal-account",
    "literal-address",
    "literal-phone-number",
    "missing-description",
    "step-name",
    "unknown-rule",
    "unused-allow",
];

/// The host with the defect among the lines of its opening part.
fn planted(defect: &Defect, host: &Host, dice: &mut Dice) -> String {
    let lines: Vec<&str> = host.text.lines().collect();
    let handler = lines.iter().position(|line| line.starts_with("  on error ->")).unwrap();
    let end = (handler + 1..lines.len()).find(|at| lines[*at].starts_with("  step ")).unwrap();
    // Lines of the flow's own body, where one sentence ends and the next begins.
    let starts = |at: &usize| {
        let line = lines[*at];
        line.starts_with("  ") && line.chars().nth(2).is_some_and(|c| c.is_ascii_lowercase())
    };
    let places: Vec<usize> = (handler + 1..end).filter(starts).collect();
    let place = if defect.first { places[0] } else { places[dice.below(places.len())] };
    let mut text = String::new();
    for (at, line) in lines.iter().enumerate() {
        if at == place {
            text += &indented(&defect.lines);
        }
        if at == end {
            text += &indented(&defect.steps);
            text += "\n";
        }
        text += line;
        text += "\n";
    }
    text + "\n" + &defect.declares
}

/// Lines as they stand in a body.
fn indented(text: &str) -> String {
    text.lines().fold(String::new(), |indented, line| indented + "  " + line + "\n")
}

/// A flow that nothing is wrong with, out of sentences that nothing is wrong with.
fn written(dice: &mut Dice) -> Host {
    let mut text = "/// Answers a line.\ninbound flow Main {\n  on error -> sorry\n\n".to_owned();
    for number in 0..=dice.below(8) {
        let lines = match dice.below(9) {
            0 => format!("say \"This is line {number}.\"\n"),
            1 => format!("set $.Attributes.acme_a{number} = \"x\"\nsay \"It is $.Attributes.acme_a{number}.\"\n"),
            2 => "check hours Weekdays {\n  open   -> next\n  closed { say \"We are closed.\" }\n}\n".to_owned(),
            3 => format!(
                "menu \"For part {number}, press 1.\" (timeout: 5s) {{\n  1             -> next\n  \
                 timeout, else {{ retry (max: 2) {{ spent -> sorry }} }}\n}}\n"
            ),
            4 => format!("repeat {} {{\n  say \"Again.\"\n}}\n", 1 + dice.below(3)),
            5 => format!("invoke find-{number} as found{number} (timeout: 3s)\nsay \"Found $found{number}.text.\"\n"),
            6 => "split {\n  50%  { say \"One half.\" }\n  else -> next\n}\n".to_owned(),
            7 => format!("set queue Queue{number}\n"),
            _ => format!("invoke note-{number} (timeout: 2s)\nsay \"Thank you.\"\n"),
        };
        text += &indented(&lines);
    }
    // Logging is a matter of each flow; here it is on.
    text = text.replacen("-> sorry\n\n", "-> sorry\n\n  set logging on\n", 1);
    text += "  transfer to queue Sales { full -> sorry }\n\n  step sorry {\n    say \"Please call later.\"\n    disconnect\n  }\n}\n";
    Host { path: "flows-src/main.flow".to_owned(), text }
}

/// Flows of this repository that callers come into.
fn own(dice: &mut Dice) -> Host {
    let paths = files_below(&repository("flows-src")).into_iter().filter(|path| is_kind(path, "flow"));
    let hosts = paths.map(|path| Host {
        path: path.strip_prefix(repository("")).unwrap().to_string_lossy().into_owned(),
        text: fs::read_to_string(&path).unwrap(),
    });
    let has_room = |host: &Host| {
        let is_for_calls = !host.text.contains(" for chat");
        is_for_calls
            && host.text.contains("inbound flow ")
            && host.text.contains("\n  on error ->")
            && host.text.contains("\n  step ")
    };
    let mut hosts: Vec<Host> = hosts.filter(has_room).collect();
    assert!(!hosts.is_empty());
    let chosen = dice.below(hosts.len());
    hosts.swap_remove(chosen)
}

type Planter = fn(&mut Dice) -> Defect;

/// By rule, how its defect is made. A place is marked by what is written there, so that has to be written only once.
const PLANTERS: &[(&str, Planter)] = &[
    ("attribute-name", |dice| {
        let name = dice.word();
        Defect { toml: pattern("attribute-name", "acme_*"), ..lines(format!("set $.Attributes.{name} = \"x\"")) }
    }),
    ("attribute-never-read", |dice| lines(format!("set $.Attributes.{} = \"x\"", dice.word()))),
    ("attribute-never-set", |dice| lines(format!("say \"Hello $.Attributes.{}.\"", dice.word()))),
    ("attribute-read-before-set", |dice| {
        let name = dice.word();
        let set = format!("set $.Attributes.{name} = \"x\"");
        behind(closed(&set), format!("say \"Hello $.Attributes.{name}.\""))
    }),
    ("audio-on-chat", |dice| {
        let said = [format!("say ssml \"<speak>{}</speak>\"", dice.word()), format!("play \"{}.wav\"", dice.word())];
        let at = dice.pick(&said).clone();
        Defect { fragile: true, ..inside("if $.Channel == \"CHAT\" {", at) }
    }),
    ("broken-reference", |dice| lines(format!("say \"Hello \\$Attributes.{}.\"", dice.word()))),
    ("busy-cycle", |dice| {
        let (step, name) = (dice.word(), dice.word());
        let at = format!("set $.Attributes.{name} = \"x\"");
        let steps = format!("step {step} {{\n  {at}\n  -> {step}\n}}");
        Defect { steps, at, ..lines(closed(&format!("-> {step}"))) }
    }),
    ("card-input-exposed", |dice| {
        let what = dice.pick(&SECRETS);
        let uses = [
            format!("set $.Attributes.{} = $.StoredCustomerInput", dice.word()),
            format!("invoke {} with (it: $.StoredCustomerInput)", dice.word()),
        ];
        behind(format!("collect \"Please enter your {what}.\" (digits: 9)"), dice.pick(&uses).clone())
    }),
    ("card-input-logged", |dice| {
        let at = format!("collect \"Please enter your {}.\" (digits: 9, {KEY})", dice.pick(&SECRETS));
        behind("set logging on".to_owned(), at)
    }),
    ("constant-condition", |dice| {
        let (name, value) = (dice.word(), dice.word());
        let at = format!("if $.Attributes.{name} == \"{value}\" {{");
        let mut defect = behind(format!("set $.Attributes.{name} = \"{value}\""), format!("{at}\n  say \"Yes.\"\n}}"));
        defect.at = at;
        defect
    }),
    ("contact-chain", |dice| {
        let name = dice.word();
        let declares: String = (1..=12)
            .map(|number| passing(&format!("{name}{number:02}"), &format!("{name}{:02}", number + 1)))
            .collect();
        let at = format!("transfer to flow {name}12");
        Defect {
            declares: declares.replace(&format!("transfer to flow {name}13"), "disconnect"),
            at,
            ..lines(closed(&format!("transfer to flow {name}01")))
        }
    }),
    ("empty-attributes", |dice| {
        let target = if dice.below(2) == 0 { "Current" } else { "Related" };
        lines(format!("do UpdateContactAttributes (Attributes: {{}}, TargetContact: \"{target}\")"))
    }),
    ("entry-without-handler", |dice| {
        let name = dice.word();
        let text = format!(
            "/// Another.\ninbound flow {name} for voice {{\n  say \"Hello.\"\n  transfer to queue Q {{\n    full, error {{ disconnect }}\n  }}\n}}\n"
        );
        declared(text, &name)
    }),
    ("error-ignored", |dice| {
        let (function, field) = (dice.word(), dice.word());
        let at = format!("invoke {function} {{ error -> next }}");
        let mut defect = lines(format!("{at}\nsay \"It is $.External.{field}.\""));
        defect.at = at;
        defect
    }),
    ("error-loop", |dice| {
        let step = dice.word();
        let asks = [
            "menu \"For more, press 1.\" (timeout: 5s) {\n    1 -> next\n    timeout, else { retry (max: 2) { spent -> next } }\n    error -> again\n  }".to_owned(),
            format!("ask Orders \"How can we help?\" {{\n    Order -> next\n    else -> next\n    error -> {step}\n  }}"),
        ];
        let asked = dice.pick(&asks).clone();
        let at = asked.lines().next().unwrap().trim_end_matches(" {").to_owned();
        let steps = format!("step {step} {{\n  {asked}\n  say \"Goodbye.\"\n  disconnect\n}}");
        Defect { steps, at, ..lines(closed(&format!("-> {step}"))) }
    }),
    ("flow-name", |dice| {
        let name = dice.word();
        Defect { toml: pattern("flow-name", "M*"), ..declared(passing(&name, "Elsewhere"), &name) }
    }),
    ("fragment-used-once", |dice| {
        let name = dice.word();
        let declares = format!("/// Says something.\nfragment {name}_it () {{\n  say \"It is so.\"\n}}\n");
        Defect { declares, at: format!("fragment {name}_it"), ..lines(format!("use {name}_it ()")) }
    }),
    ("impossible-comparison", |dice| {
        let name = dice.word();
        let wrong = format!("\"{}\"", dice.word());
        let set = format!("{}\nset $.Attributes.{name} = \"b\"", closed(&format!("set $.Attributes.{name} = \"a\"")));
        let known = format!("{set}\nmatch $.Attributes.{name} {{\n  {wrong} {{ say \"Yes.\" }}\n  else -> next\n}}");
        let channel = "match $.Channel {\n  \"Chat\" { say \"Hi.\" }\n  else -> next\n}".to_owned();
        let is_known = dice.below(2) == 0;
        let at = if is_known { wrong } else { "\"Chat\" {".to_owned() };
        Defect { at, ..lines(if is_known { known } else { channel }) }
    }),
    ("literal-account", |dice| lines(format!("invoke {} with (account: \"{}\")", dice.word(), dice.digits(12)))),
    ("literal-address", |dice| {
        lines(format!("invoke \"arn:aws:lambda:eu-central-1:{}:function:{}\"", dice.digits(12), dice.word()))
    }),
    ("literal-phone-number", |dice| lines(format!("set $.Attributes.{} = \"+1{}\"", dice.word(), dice.digits(10)))),
    ("logging-off", |dice| {
        let name = dice.word();
        declared(passing(&name, "Elsewhere"), &name)
    }),
    ("long-silence", |dice| {
        let first =
            format!("say \"One moment.\"\ninvoke {} (timeout: 8s)\ninvoke {} (timeout: 8s)", dice.word(), dice.word());
        behind(first, format!("invoke {} (timeout: {}s)", dice.word(), 5 + dice.below(4)))
    }),
    ("long-speech", |dice| lines(format!("say \"{}\"", format!("This is {}. ", dice.word()).repeat(300).trim_end()))),
    ("loop-on-chat", |dice| {
        let at = format!("loop prompts [\"Please {}.\"]", dice.word());
        let declares = format!(
            "/// Waits.\ncustomer queue flow {} {{\n  if $.Channel == \"CHAT\" {{\n    {at}\n  }}\n  loop prompts [\"Please hold.\"]\n}}\n",
            dice.word()
        );
        Defect { declares, at, ..Defect::default() }
    }),
    ("menu-gives-up", |dice| {
        let step = dice.word();
        let at = format!("menu \"For {}, press 1.\" (timeout: 5s)", dice.word());
        let steps = format!("step {step} {{\n  say \"Goodbye.\"\n  disconnect\n}}");
        let text = format!("{at} {{\n  1 -> next\n  timeout, else -> {step}\n}}");
        Defect { steps, at, ..lines(text) }
    }),
    ("menu-option-mismatch", |dice| {
        let key = 2 + dice.below(8);
        let at = format!("menu \"For {}, press 1. For the rest, press {key}.\" (timeout: 5s)", dice.word());
        let text = format!("{at} {{\n  1 -> next\n  timeout, else {{ retry (max: 2) {{ spent -> next }} }}\n}}");
        Defect { at, ..lines(text) }
    }),
    ("missing-description", |dice| {
        let name = dice.word();
        declared(passing(&name, "Elsewhere").replace("/// Another.\n", ""), &name)
    }),
    ("module-depth", |dice| {
        let name = dice.word();
        let deepest = 6 + dice.below(3);
        let recursive = dice.below(2) == 0;
        let module = |number: usize| {
            let call = if recursive && number == 3 {
                format!("call {name}1")
            } else if number < deepest {
                format!("call {name}{}", number + 1)
            } else {
                "say \"Hello.\"".to_owned()
            };
            format!("/// A part.\nmodule {name}{number} () {{\n  on error {{ return }}\n\n  {call}\n  return\n}}\n")
        };
        let declares: String = (1..=if recursive { 3 } else { deepest }).map(module).collect();
        let at = format!("call {name}{}", if recursive { 2 } else { 6 });
        Defect { declares, at, ..lines(format!("call {name}1")) }
    }),
    ("near-duplicate-attribute", |dice| {
        let name = format!("{}Name", dice.word());
        behind(
            format!("set $.Attributes.{name} = \"x\""),
            format!("say \"Hello $.Attributes.{}.\"", name.replace("Name", "Nmae")),
        )
    }),
    ("no-match-ignored", |dice| {
        let text = format!(
            "collect \"Please enter a number.\" (digits: 3)\nmatch $.StoredCustomerInput {{\n  \"{}\" -> next\n  else -> next\n}}",
            dice.digits(3)
        );
        let at = text.lines().nth(2).unwrap().trim().to_owned() + "\n    else -> next";
        Defect { at, ..lines(text) }
    }),
    ("prompt-language", |dice| {
        let texts = [
            ("Joanna", "Gracias por llamar. Por favor espere, un agente le atenderá en un momento."),
            ("Matthew", "Vielen Dank für Ihren Anruf. Bitte warten Sie, wir sind gleich für Sie da."),
            ("Lupe", "Thank you for calling. Please hold, and one of our agents will be with you."),
            ("Vicki", "Merci de votre appel. Veuillez patienter, nous sommes avec vous dans un instant."),
        ];
        let (voice, text) = dice.pick(&texts);
        behind(format!("set voice {voice}"), format!("say \"{text}\""))
    }),
    ("queue-not-set", |_| {
        let at = "transfer to queue { full -> next }".to_owned();
        Defect { first: true, fragile: true, at: at.clone(), ..lines(closed(&at)) }
    }),
    ("recording-unannounced", |dice| {
        let records = ["record agent, customer", "record call of agent, customer { wrong-channel -> next }"];
        Defect { first: true, fragile: true, ..lines((*dice.pick(&records)).to_owned()) }
    }),
    ("requeue-without-prompts", |dice| {
        let at = format!("transfer to queue {} {{ full -> next }}", dice.word());
        let declares = format!(
            "/// Waits.\ncustomer queue flow {} {{\n  on error {{ end }}\n\n  say \"Please hold.\"\n  {at}\n  end\n}}\n",
            dice.word()
        );
        Defect { declares, at, ..Defect::default() }
    }),
    ("result-not-set", |dice| {
        let first = closed(&format!("invoke {}", dice.word()));
        Defect { first: true, ..behind(first, format!("say \"It is $.External.{}.\"", dice.word())) }
    }),
    ("result-replaced", |dice| {
        let (first, second, field) = (dice.word(), dice.word(), dice.word());
        behind(
            format!("invoke {first}\nsay \"It is $.External.{field}.\"\ninvoke {second}"),
            format!("say \"Again, it is $.External.{field}.\""),
        )
    }),
    ("secret-in-flow", |dice| {
        lines(format!(
            "set $.Attributes.{} = \"AKIA{}\"",
            dice.word(),
            dice.word().to_uppercase().repeat(3).chars().take(16).collect::<String>()
        ))
    }),
    ("silent-hang-up", |dice| {
        let step = dice.word();
        let at = format!("step {step} {{\n    disconnect");
        Defect {
            steps: format!("step {step} {{\n  disconnect\n}}"),
            at,
            first: true,
            ..lines(closed(&format!("-> {step}")))
        }
    }),
    ("spoken-number", |dice| lines(format!("say \"Call 8{} instead.\"", dice.digits(9)))),
    ("ssml-in-text", |dice| lines(format!("say \"<speak>{}</speak>\"", dice.word()))),
    ("ssml-long-break", |dice| {
        let time = [format!("{}s", 11 + dice.below(50)), format!("{}ms", 10_001 + dice.below(50_000))];
        lines(format!("say ssml \"<speak>One <break time='{}'/> two.</speak>\"", dice.pick(&time)))
    }),
    ("ssml-malformed", |dice| {
        let word = dice.word();
        let texts = [
            format!("<speak>{word} & more</speak>"),
            format!("<speak>{word}"),
            format!("<speak><p>{word}</speak></p>"),
            format!("<speak>{word} <break time=1s/></speak>"),
        ];
        lines(format!("say ssml \"{}\"", dice.pick(&texts)))
    }),
    ("ssml-unsupported-tag", |dice| {
        let tags = [
            ("neural", "<emphasis level='strong'>Hi</emphasis>"),
            ("neural", "<amazon:effect name='whispered'>Hi</amazon:effect>"),
            ("generative", "<amazon:effect name='drc'>Hi</amazon:effect>"),
            ("standard", "<amazon:domain name='news'>Hi</amazon:domain>"),
            ("long-form", "<prosody pitch='high'>Hi</prosody>"),
            ("standard", "<audio src='x'/>"),
        ];
        let (engine, tag) = dice.pick(&tags);
        behind(format!("set voice Joanna (engine: {engine})"), format!("say ssml \"<speak>{tag}</speak>\""))
    }),
    ("step-name", |dice| {
        let step = format!("X{}", dice.word());
        let steps = format!("step {step} {{\n  say \"Goodbye now.\"\n  disconnect\n}}");
        let toml = pattern("step-name", "s*");
        Defect { steps, toml, at: "say \"Goodbye now.\"".to_owned(), ..lines(closed(&format!("-> {step}"))) }
    }),
    ("transfer-cycle", |dice| {
        let (one, other) = (dice.word(), dice.word());
        let declares = passing(&one, &other) + &passing(&other, &one);
        // Of the two, the one that is declared first.
        Defect {
            declares,
            at: format!("transfer to flow {other}"),
            ..lines(closed(&format!("transfer to flow {one}")))
        }
    }),
    ("unchecked-input", |dice| {
        let first = format!("collect \"Please enter your {}.\" (digits: 6)", dice.word());
        behind(first, "say \"You entered $.StoredCustomerInput.\"".to_owned())
    }),
    ("unencrypted-card-input", |dice| {
        lines(format!("collect \"Please enter your {}.\" (digits: 9)", dice.pick(&SECRETS)))
    }),
    ("unknown-intent", |dice| {
        let intent = dice.word();
        let known = "ask Planted \"What can we do for you?\" {\n  Known -> next\n  else -> next\n}";
        let at = if dice.below(2) == 0 { format!("{intent} {{") } else { format!("\"{intent}\" {{") };
        let body = "say \"Yes.\" }\n  else -> next\n}";
        let lines = if at.starts_with('"') {
            format!("{known}\nmatch $.Lex.IntentName {{\n  {at} {body}")
        } else {
            format!("ask Planted \"What can we do for you?\" {{\n  {at} {body}")
        };
        let bot = "[intents.Known]\nslots = [\"City\"]\n".to_owned();
        Defect { lines, at, bot, fragile: true, ..Defect::default() }
    }),
    ("unknown-result-field", |dice| {
        let (name, field) = (dice.word(), dice.word());
        if dice.below(3) == 0 {
            let ask = "ask Planted \"Where to?\" {\n  Known -> next\n  else -> next\n}".to_owned();
            let part = if dice.below(2) == 0 { "Slots" } else { "SessionAttributes" };
            let bot = "session-attributes = []\n\n[intents.Known]\nslots = [\"City\"]\n".to_owned();
            Defect { bot, fragile: true, ..behind(ask, format!("say \"It is $.Lex.{part}.{field}.\"")) }
        } else if dice.below(2) == 0 {
            let at = format!("say \"It is $.Modules.ResultData.{field}.\"");
            let declares = format!(
                "/// A part.\nmodule {name} () returns (other: string) {{\n  on error {{ return }}\n\n  invoke find-other as found\n  return with (other: $found.text)\n}}\n"
            );
            Defect { declares, ..behind(format!("call {name}"), at) }
        } else {
            let contract = format!(
                "{{\"handler\": \"{name}\", \"outcomes\": {{\"known\": {{\"keys\": {{\"other\": {{\"type\": \"string\"}}}}, \"open\": false}}}}}}"
            );
            Defect { contract, ..behind(format!("invoke {name}"), format!("say \"It is $.External.{field}.\"")) }
        }
    }),
    ("unknown-rule", |dice| {
        let at = format!("{}-rule", dice.word());
        Defect { at: at.clone(), ..lines(format!("@allow({at}, \"why not\")\nsay \"Hello.\"")) }
    }),
    ("unreachable-block", |dice| {
        let at = format!("say \"Nobody hears {}.\"", dice.word());
        Defect { steps: format!("step {} {{\n  {at}\n  disconnect\n}}", dice.word()), at, ..Defect::default() }
    }),
    ("unused-allow", |_| {
        let at = "@allow(spoken-number, \"there is none\")".to_owned();
        Defect { at: at.clone(), ..lines(format!("{at}\nsay \"Hello.\"")) }
    }),
];

const SECRETS: [&str; 5] = ["card number", "pin", "security code", "social security number", "password"];
const KEY: &str = "key: \"key-1\", certificate: \"certificate\"";

/// A defect that is one line.
fn lines(text: String) -> Defect {
    Defect { at: text.clone(), lines: text, ..Defect::default() }
}

/// A line that is wrong behind others.
fn behind(first: String, at: String) -> Defect {
    Defect { lines: first + "\n" + &at, at, ..Defect::default() }
}

/// A line that is wrong inside a body.
fn inside(open: &str, at: String) -> Defect {
    Defect { lines: format!("{open}\n  {at}\n}}"), at, ..Defect::default() }
}

/// A declaration that is wrong as a whole.
fn declared(declares: String, name: &str) -> Defect {
    Defect { declares, at: format!("flow {name}"), ..Defect::default() }
}

/// Lines on some path only.
fn closed(text: &str) -> String {
    let branch = if text.starts_with("->") { text.to_owned() } else { format!("{{\n    {text}\n  }}") };
    format!("check hours Evenings {{\n  open -> next\n  closed {branch}\n}}")
}

/// A flow that leads on to another.
fn passing(name: &str, to: &str) -> String {
    format!(
        "/// Another.\ninbound flow {name} {{\n  on error {{ disconnect }}\n\n  say \"One moment.\"\n  transfer to flow {to}\n  disconnect\n}}\n"
    )
}

fn pattern(rule: &str, pattern: &str) -> String {
    format!("[lint]\n{rule} = {{ level = \"warn\", pattern = \"{pattern}\" }}\n")
}

/// Nothing that the same planter makes with other dice is the same.
#[test]
fn dice_make_different_defects() {
    let mut made: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (rule, plant) in PLANTERS {
        for seed in 0..WRITTEN {
            let defect = plant(&mut Dice::new(seed));
            made.entry(rule).or_default().insert(defect.lines + &defect.steps + &defect.declares);
        }
    }
    let many = made.values().filter(|texts| texts.len() > 2).count();
    assert!(many * 10 >= made.len() * 9, "{made:?}");
}

//! Resource mapping over whole projects: what each entry copies, what is written in and why, and that environments differ
//! in nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use flowc::catalogue::ResourceKind;
use flowc::diagnostics::Diagnostic;
use flowc::driver::{self, EnvironmentFile, Form, Mapped};
use flowc::mapping::{Environment, key};
use flowc::source::{Source, SourceId};
use proptest::prelude::*;

use crate::support::baseline::{Project, files_below, is_kind, repository};
use crate::support::checker::{self, What};

const INSTANCE: &str = "0f1e2d3c-1111-4222-8333-444455556666";
/// Where environments stand among the sources of these tests.
const FILE: SourceId = SourceId(1_000);

/// An environment that knows these names; each has an id of its own.
fn environment(region: &str, head: &str, names: &[(ResourceKind, &str)]) -> Environment {
    let mut tables: BTreeMap<ResourceKind, String> = BTreeMap::new();
    for (number, (kind, name)) in names.iter().enumerate() {
        let id = match kind {
            ResourceKind::Lambda => format!("function-{number}"),
            ResourceKind::Bot => format!("BOT{number}/ALIAS"),
            _ => format!("{number:08}-1111-4222-8333-444455556666"),
        };
        writeln!(tables.entry(*kind).or_default(), "{name:?} = {id:?}").unwrap();
    }
    let tables: Vec<String> = tables.iter().map(|(kind, lines)| format!("[{}]\n{lines}", kind.word())).collect();
    let tables = tables.concat();
    let instance = format!("arn:aws:connect:{region}:111122223333:instance/{INSTANCE}");
    parsed(&format!("instance = {instance:?}\n{head}\n{tables}"))
}

fn parsed(text: &str) -> Environment {
    let source = Source::new(FILE, "environments/dev.toml", text);
    let file = EnvironmentFile { name: "dev".to_owned(), source: &source, included: Vec::new() };
    let (mut environments, problems) = driver::environments(&file);
    assert!(problems.is_empty(), "{problems:?}\n{text}");
    environments.remove(0)
}

/// What the flows of a project name, and the mapping function.
fn names(project: &Project) -> Vec<(ResourceKind, &str)> {
    let uses = project.checked.flows.iter().flat_map(|flow| flowc::mapping::uses(flow.flow()));
    uses.map(|used| (used.kind, used.name)).collect::<BTreeSet<_>>().into_iter().collect()
}

fn project(flows: &[(&str, &str)]) -> Project {
    let project = Project::check("", flows);
    assert!(project.diagnostics.iter().all(|problem| !problem.is_error()), "{}", project.rendered());
    project
}

fn mapped(project: &Project, head: &str) -> Mapped {
    let mapped = driver::map(&project.checked.flows, &environment("eu-west-2", head, &names(project)));
    assert!(mapped.missing.is_empty(), "{:?}", mapped.missing);
    assert_eq!(mapped.flows.len(), project.checked.flows.len(), "{:?}", mapped.diagnostics);
    mapped
}

fn document(project: &Project, mapped: &Mapped, flow: &str) -> String {
    let (flow, _) = mapped.flows.iter().find(|(valid, _)| valid.flow().name.value == flow).unwrap();
    let [document, _] = driver::product(flow, &project.sources, Form::Content).outputs;
    let what = if flow.flow().is_module() { What::Module } else { What::Flow };
    assert_eq!(checker::problems(&document.text, what), [""; 0], "{}", document.name);
    document.text
}

/// The keys that a compiled flow copies from the function's answer.
fn copies(document: &str) -> Vec<String> {
    let answers = document.split('"').filter_map(|text| text.strip_prefix("$.External."));
    answers.map(str::to_owned).collect()
}

/// What was written in although attributes were wanted: name and reason.
fn fallbacks(mapped: &Mapped) -> Vec<(&str, &str)> {
    mapped.fallbacks.iter().map(|fallback| (fallback.name.as_str(), fallback.reason.as_str())).collect()
}

/// An inbound flow with a handler, that maps and then has these lines.
fn entry(name: &str, lines: &str) -> String {
    format!(
        "inbound flow {name} {{\n  on error -> end\n  map resources\n{lines}\n  -> end\n  step end {{ disconnect }}\n}}\n"
    )
}

/// A flow of another type, that does not map.
fn inner(kind: &str, name: &str, lines: &str, end: &str) -> String {
    format!("{kind} flow {name} {{\n  on error -> end\n{lines}\n  -> end\n  step end {{ {end} }}\n}}\n")
}

// ---- what an entry copies -----------------------------------------------------------------------------------------

#[test]
fn a_resource_three_hops_away_is_in_the_copy_and_one_used_nowhere_is_not() {
    let project = project(&[
        ("a.flow", &entry("Main", "transfer to flow Second")),
        ("b.flow", &inner("inbound", "Second", "set customer queue flow Waiting\nset queue Sales", "disconnect")),
        ("c.flow", &inner("customer queue", "Waiting", "call Announce", "end")),
        ("d.flow", "module Announce () {\n  on error -> out\n  invoke wait-time\n  -> out\n  step out { return }\n}\n"),
    ]);
    let mapped = mapped(&project, "");
    let main = document(&project, &mapped, "Main");
    assert_eq!(
        copies(&main),
        ["flow_Second", "flow_Waiting", "lambda_wait-time", "module_Announce", "queue_Sales"],
        "the hook's module reads its function three flows away"
    );
    assert!(fallbacks(&mapped).is_empty(), "{:?}", fallbacks(&mapped));
    assert!(document(&project, &mapped, "Announce").contains("\"$.Attributes.lambda_wait-time\""));
}

#[test]
fn each_entry_copies_its_own_needs_and_both_what_they_share() {
    let project = project(&[
        ("a.flow", &entry("First", "set queue Sales { error -> next }\ntransfer to flow Shared")),
        ("b.flow", &entry("Second", "set queue Support { error -> next }\ntransfer to flow Shared")),
        ("c.flow", &inner("inbound", "Shared", "play \"Bye.wav\"", "disconnect")),
    ]);
    let mapped = mapped(&project, "");
    assert_eq!(copies(&document(&project, &mapped, "First")), ["flow_Shared", "prompt_Bye_wav", "queue_Sales"]);
    assert_eq!(copies(&document(&project, &mapped, "Second")), ["flow_Shared", "prompt_Bye_wav", "queue_Support"]);
    assert_eq!(mapped.map.len(), 4, "the map has what any entry copies, once");
}

#[test]
fn flows_that_lead_back_to_the_entry_are_no_entries() {
    let project = project(&[
        ("a.flow", &entry("Main", "transfer to flow Other")),
        ("b.flow", &inner("inbound", "Other", "play \"Menu.wav\"\ntransfer to flow Main", "disconnect")),
    ]);
    let mapped = mapped(&project, "");
    assert_eq!(copies(&document(&project, &mapped, "Main")), ["flow_Main", "flow_Other", "prompt_Menu_wav"]);
    assert!(fallbacks(&mapped).is_empty(), "{:?}", fallbacks(&mapped));
}

#[test]
fn flows_that_only_lead_to_each_other_are_written_in() {
    let project = project(&[
        ("a.flow", &inner("inbound", "One", "transfer to flow Two", "disconnect")),
        ("b.flow", &inner("inbound", "Two", "transfer to flow One", "disconnect")),
    ]);
    let mapped = mapped(&project, "");
    assert_eq!(fallbacks(&mapped).len(), 2);
    assert!(mapped.map.is_empty() && mapped.resource_map().is_none());
}

// ---- what is written in -------------------------------------------------------------------------------------------

#[test]
fn what_a_path_reaches_before_any_mapping_is_written_in() {
    let project = project(&[(
        "a.flow",
        "inbound flow Main {\n  on error -> out\n  play \"Hello.wav\" { error -> next }\n  map resources { error -> lost }\n  \
         play \"Menu.wav\"\n  transfer to queue Sales { full -> out }\n  step lost { transfer to queue Sales { full, error -> out } }\n  \
         step out { disconnect }\n}\n",
    )]);
    let mapped = mapped(&project, "");
    let main = document(&project, &mapped, "Main");
    assert_eq!(copies(&main), ["prompt_Menu_wav", "queue_Sales"]);
    let early = "contacts from `Main` get here before any `map resources`";
    assert_eq!(fallbacks(&mapped), [("Hello.wav", early), ("Sales", early)]);
    assert!(main.contains("/prompt/"), "the greeting is an address");
    assert!(main.contains("$.Attributes.queue_Sales"), "behind the mapping it is an attribute");
}

#[test]
fn a_flow_that_also_comes_from_an_unmapped_entry_is_written_in() {
    let project = project(&[
        ("a.flow", &entry("Main", "transfer to flow Shared")),
        ("b.flow", &inner("inbound", "Forgot", "transfer to flow Shared", "disconnect")),
        ("c.flow", &inner("inbound", "Shared", "play \"Bye.wav\"", "disconnect")),
    ]);
    let mapped = mapped(&project, "");
    assert_eq!(copies(&document(&project, &mapped, "Main")), ["flow_Shared"]);
    let early = "contacts from `Forgot` get here before any `map resources`";
    assert_eq!(fallbacks(&mapped), [("Shared", early), ("Bye.wav", early)]);
    let codes: Vec<&str> = mapped.diagnostics.iter().map(|problem| problem.code.id()).collect();
    assert_eq!(codes, ["FC0803"], "the entry that forgot is told");
}

#[test]
fn the_prompts_of_a_loop_and_modules_with_branches_are_written_in() {
    let waiting = "customer queue flow Waiting {\n  on error -> out\n  set $.Attributes.seen = \"1\"\n  call Check { yes -> out  else -> next }\n  \
                   loop prompts [prompt \"Music.wav\"] { error -> out }\n  step out { end }\n}\n";
    let project = project(&[
        ("a.flow", &entry("Main", "set customer queue flow Waiting")),
        ("b.flow", waiting),
        ("c.flow", "module Check () -> yes {\n  return yes\n}\n"),
    ]);
    let mapped = mapped(&project, "");
    assert_eq!(copies(&document(&project, &mapped, "Main")), ["flow_Waiting"]);
    assert_eq!(
        fallbacks(&mapped),
        [
            ("Check", "a module with branches must be known when the flow is created"),
            ("Music.wav", "the service takes only a fixed address here"),
        ]
    );
}

#[test]
fn a_small_flow_without_a_mapping_simply_works() {
    let project = project(&[("a.flow", &inner("inbound", "Main", "play \"Bye.wav\"", "disconnect"))]);
    let mapped = mapped(&project, "");
    let main = document(&project, &mapped, "Main");
    assert!(main.contains(&format!("instance/{INSTANCE}/prompt/")) && copies(&main).is_empty());
}

#[test]
fn a_mapping_with_nothing_to_copy_becomes_nothing() {
    let project = project(&[("a.flow", &entry("Main", "say \"Hello.\""))]);
    let mapped = driver::map(&project.checked.flows, &environment("eu-west-2", "", &[]));
    assert!(mapped.missing.is_empty(), "not even the function is needed");
    let [plain, _] = driver::product(&project.checked.flows[0], &project.sources, Form::Content).outputs;
    assert_eq!(document(&project, &mapped, "Main"), plain.text);
}

// ---- modes --------------------------------------------------------------------------------------------------------

#[test]
fn modes_can_differ_by_kind_and_by_name() {
    let project = project(&[(
        "a.flow",
        &entry("Main", "play \"A.wav\"\nplay \"B.wav\"\nset queue Sales\nset queue Support { error -> next }"),
    )]);
    let head = "[mapping]\nprompt = \"static\"\n[mapping.queue]\nSupport = \"template\"\n";
    let mapped = mapped(&project, head);
    let main = document(&project, &mapped, "Main");
    assert_eq!(copies(&main), ["queue_Sales"]);
    assert!(main.contains("\"QueueId\": \"${queue:Support}\""));
    assert_eq!(main.matches("/prompt/").count(), 2);
    assert!(fallbacks(&mapped).is_empty(), "what the environment asks for is no fallback");
}

#[test]
fn a_static_build_is_the_environment_free_one_with_addresses() {
    let project = project(&[("a.flow", &entry("Main", "set queue Sales"))]);
    let environment = environment("eu-west-2", "mapping = \"static\"", &[(ResourceKind::Queue, "Sales")]);
    let mapped = driver::map(&project.checked.flows, &environment);
    assert!(mapped.missing.is_empty(), "a static build has no use for the mapping function");
    let [plain, _] = driver::product(&project.checked.flows[0], &project.sources, Form::Content).outputs;
    let address = environment.address(&(ResourceKind::Queue, "Sales".to_owned())).unwrap();
    assert_eq!(document(&project, &mapped, "Main"), plain.text.replace("${queue:Sales}", address));
}

// ---- the repository's own -----------------------------------------------------------------------------------------

fn own_flows() -> Project {
    let settings = std::fs::read_to_string(repository("flowc.toml")).unwrap();
    let sources: Vec<(String, String)> = files_below(&repository("flows-src/acme"))
        .into_iter()
        .filter(|path| is_kind(path, "flow"))
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    let flows: Vec<(&str, &str)> = sources.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Project::check(&settings, &flows)
}

/// Made by hand from the five sources.
const ACME: [&str; 7] = [
    "bot_ACME_lexbot",
    "flow_ACME_agent_whisper",
    "flow_ACME_customer_queue",
    "flow_ACME_customer_whisper",
    "flow_ACME_queue_transfer",
    "queue_ACME_Finance",
    "queue_ACME_Sales",
];

#[test]
fn the_entry_of_acme_copies_what_a_hand_made_list_says() {
    let project = own_flows();
    let mapped = mapped(&project, "");
    assert_eq!(copies(&document(&project, &mapped, "ACME_Main")), ACME);
    assert_eq!(mapped.map.keys().map(String::as_str).collect::<Vec<_>>(), ACME);
    assert!(fallbacks(&mapped).is_empty() && mapped.diagnostics.is_empty(), "{:?}", mapped.diagnostics);
}

#[test]
fn two_environments_differ_in_one_address() {
    let project = own_flows();
    let in_region = |region: &str| {
        let mapped = driver::map(&project.checked.flows, &environment(region, "", &names(&project)));
        let all: String =
            mapped.flows.iter().map(|(flow, _)| document(&project, &mapped, &flow.flow().name.value)).collect();
        (all, mapped.map)
    };
    let ((one, one_map), (two, two_map)) = (in_region("eu-west-2"), in_region("us-east-1"));
    assert_ne!(one_map, two_map);
    let differing: Vec<(&str, &str)> = one.lines().zip(two.lines()).filter(|(a, b)| a != b).collect();
    assert_eq!(differing.len(), 1, "{differing:?}");
    assert!(differing[0].0.contains("arn:aws:lambda:eu-west-2"));
    assert_eq!(one.replace("eu-west-2", "us-east-1"), two);
}

#[test]
fn identifiers_and_the_order_of_other_blocks_stay() {
    let project = own_flows();
    let mapped = mapped(&project, "");
    for (before, (after, _)) in project.checked.flows.iter().zip(&mapped.flows) {
        let before: Vec<&str> = before.flow().blocks().map(|(_, block)| block.identifier.as_str()).collect();
        let after: Vec<&str> = after.flow().blocks().map(|(_, block)| block.identifier.as_str()).collect();
        let kept: Vec<&str> = after.iter().copied().filter(|identifier| before.contains(identifier)).collect();
        assert_eq!(kept, before);
        assert!(after.len() - before.len() <= 1);
    }
}

// ---- properties ---------------------------------------------------------------------------------------------------

proptest! {
    #[test]
    fn keys_are_legal_and_never_meet_silently(names in proptest::collection::vec("[A-Za-z0-9_. é-]{1,6}", 2..6)) {
        for name in &names {
            let key = key(ResourceKind::Queue, name);
            prop_assert!(key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')));
        }
        let distinct: BTreeSet<&String> = names.iter().collect();
        let keys: BTreeSet<String> = distinct.iter().map(|name| key(ResourceKind::Queue, name)).collect();
        let lines: Vec<String> = distinct.iter().map(|name| format!("set queue {name:?}\n")).collect();
        let project = project(&[("a.flow", &entry("Main", &lines.concat()))]);
        let known: Vec<(ResourceKind, &str)> = self::names(&project);
        let mapped = driver::map(&project.checked.flows, &environment("eu-west-2", "", &known));
        let collisions = mapped.diagnostics.iter().filter(|problem| problem.code.id() == "FC0802").count();
        prop_assert_eq!(collisions, distinct.len() - keys.len());
    }

    #[test]
    fn the_order_of_lines_in_an_environment_does_not_matter(seed in any::<u64>()) {
        let project = own_flows();
        let known = names(&project);
        let lines: Vec<String> = known.iter().enumerate().map(|(number, (kind, name))| {
            let id = match kind {
                ResourceKind::Lambda => format!("f{number}"),
                ResourceKind::Bot => format!("B{number}/A"),
                _ => format!("{number:08}-1111-4222-8333-444455556666"),
            };
            format!("{}.{name:?} = {id:?}\n", kind.word())
        }).collect();
        let instance = format!("instance = \"arn:aws:connect:eu-west-2:111122223333:instance/{INSTANCE}\"\n");
        let mut shuffled = lines.clone();
        // A rotation and a reversal reach every neighbourhood.
        let places = shuffled.len();
        shuffled.rotate_left(usize::try_from(seed % 97).unwrap() % places);
        if seed % 2 == 1 {
            shuffled.reverse();
        }
        let all = |lines: &[String]| {
            let mapped = driver::map(&project.checked.flows, &parsed(&(instance.clone() + &lines.concat())));
            let texts: Vec<String> =
                mapped.flows.iter().map(|(flow, _)| document(&project, &mapped, &flow.flow().name.value)).collect();
            (texts, mapped.resource_map())
        };
        prop_assert_eq!(all(&lines), all(&shuffled));
    }
}

#[test]
fn an_attribute_that_a_flow_sets_itself_is_not_overwritten() {
    let project = project(&[(
        "a.flow",
        &entry("Main", "set $.Attributes.queue_Sales = \"x\"\nset queue Sales { error -> next }"),
    )]);
    let mapped = driver::map(&project.checked.flows, &environment("eu-west-2", "", &names(&project)));
    let codes: Vec<&str> = mapped.diagnostics.iter().filter(|d| Diagnostic::is_error(d)).map(|d| d.code.id()).collect();
    assert_eq!(codes, ["FC0802"]);
}

// ---- budgets ------------------------------------------------------------------------------------------------------

/// Prompts with long names, so that few of them are much.
fn prompts(from: usize, to: usize) -> String {
    let name = |number: usize| format!("play \"{number:03}{}\" {{ error -> next }}\n", "x".repeat(90));
    (from..to).map(name).collect()
}

/// What is said about budgets, and how many bytes the map has: of keys and addresses, and as an answer.
fn budgets(flows: &[(&str, &str)]) -> (Vec<String>, usize, usize) {
    let project = project(flows);
    let mapped = driver::map(&project.checked.flows, &environment("eu-west-2", "", &names(&project)));
    let found = mapped.diagnostics.iter().filter(|problem| problem.code.id() == "FC0804" && problem.is_error());
    let bytes = mapped.map.iter().map(|(key, address)| key.len() + address.len()).sum();
    (found.map(|problem| problem.message.clone()).collect(), bytes, serde_json::to_string(&mapped.map).unwrap().len())
}

#[test]
fn what_a_contact_carries_and_a_function_answers_has_an_end() {
    let mut seen = BTreeSet::new();
    for count in 120..150 {
        let (found, carried, answered) = budgets(&[("a.flow", &entry("Main", &prompts(0, count)))]);
        let carries = found.iter().any(|message| message.contains("contacts of this flow would carry"));
        let answers = found.iter().any(|message| message.contains("the mapping function would answer"));
        assert_eq!(carries, carried > 32 * 1024, "{count} prompts of {carried} bytes: {found:?}");
        assert_eq!(answers, answered > 32 * 1024, "{count} prompts, an answer of {answered} bytes: {found:?}");
        assert_eq!(found.len(), usize::from(carries) + usize::from(answers));
        seen.insert((carries, answers));
    }
    assert_eq!(seen, BTreeSet::from([(false, false), (false, true), (true, true)]), "both limits were crossed");
}

#[test]
fn flows_that_carry_little_can_make_an_answer_that_is_too_long() {
    let (first, second) = (entry("First", &prompts(0, 80)), entry("Second", &prompts(80, 160)));
    let (found, ..) = budgets(&[("a.flow", &first), ("b.flow", &second)]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("the mapping function would answer with 160 addresses"), "{found:?}");
    // What both need is answered once.
    let (found, ..) = budgets(&[("a.flow", &first), ("b.flow", &entry("Second", &prompts(0, 80)))]);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn an_address_that_is_written_in_is_no_burden() {
    let project = project(&[("a.flow", &entry("Main", &prompts(0, 150)))]);
    let mapped = mapped(&project, "[mapping]\nprompt = \"static\"");
    assert!(mapped.diagnostics.iter().all(|problem| !problem.is_error()), "{:?}", mapped.diagnostics);
}

// ---- entries that forget ------------------------------------------------------------------------------------------

#[test]
fn an_entry_may_say_that_it_maps_nothing() {
    let said = |above: &str| {
        let text = format!("{above}{}", inner("inbound", "Main", "set queue Sales { error -> next }", "disconnect"));
        let project = project(&[("a.flow", &text)]);
        mapped(&project, "").diagnostics.iter().map(|problem| problem.code.id()).collect::<Vec<_>>()
    };
    assert_eq!(said(""), ["FC0803"]);
    assert_eq!(said("@allow(FC0803, \"it is of one instance\")\n"), [""; 0]);
    assert_eq!(said("@allow(FC0405, \"it is of one instance\")\n"), ["FC0803"]);
}

// ---- flows from documents -----------------------------------------------------------------------------------------

/// A flow as a document without an environment, read again.
fn as_document(text: &str, change: impl Fn(String) -> String) -> Project {
    let source = project(&[("a.flow", text)]);
    let [document, _] = driver::product(&source.checked.flows[0], &source.sources, Form::Content).outputs;
    let text = change(document.text);
    project(&[("export.json", &text)])
}

#[test]
fn a_flow_from_a_document_is_mapped_like_one_from_source() {
    let text = inner("inbound", "Main", "set queue Sales { error -> next }\nplay \"Bye.wav\"", "disconnect");
    let (from_source, from_document) = (project(&[("a.flow", &text)]), as_document(&text, |text| text));
    let one = mapped(&from_source, "");
    let other = mapped(&from_document, "");
    assert_eq!(document(&from_source, &one, "Main"), document(&from_document, &other, "Main"));
    assert_eq!(fallbacks(&one), fallbacks(&other));
}

#[test]
fn a_document_that_asks_the_mapping_function_copies_what_it_needs() {
    let text = inner("inbound", "Main", "invoke other\nset queue Sales { error -> next }", "disconnect");
    let project = as_document(&text, |text| text.replace("${lambda:other}", "${lambda:resource-map}"));
    let mapped = mapped(&project, "");
    let main = document(&project, &mapped, "Main");
    assert_eq!(copies(&main), ["queue_Sales"]);
    assert!(main.contains("\"$.Attributes.queue_Sales\"") && fallbacks(&mapped).is_empty(), "{main}");
}

// ---- going on without the map ---------------------------------------------------------------------------------------

/// What is said of contacts that go on without the map.
fn going_on(mapped: &Mapped) -> Vec<&str> {
    let told = mapped.diagnostics.iter().filter(|problem| problem.code == flowc::diagnostics::codes::UNMAPPED_FAILURE);
    told.map(|problem| problem.message.as_str()).collect()
}

/// A flow that maps so, and then lets callers choose a queue.
fn choosing(mapping: &str) -> String {
    format!(
        "inbound flow Main {{\n  on error -> sorry\n  map resources{mapping}\n  set customer queue flow Waiting\n  -> choose\n\n  step choose {{\n    menu \"1 or 2\" \
         (timeout: 5s) {{\n      1 {{ set queue Sales }}\n      2 {{ set queue Help }}\n      timeout, else -> sorry\n    }}\n    transfer to queue {{ full -> sorry }}\n  }}\n\n  \
         step sorry {{\n    play \"Sorry.wav\" {{ error -> next }}\n    disconnect\n  }}\n}}\n"
    )
}

#[test]
fn a_failure_that_goes_on_makes_the_map_useless_and_that_is_told_with_the_number_of_names() {
    let waiting = inner("customer queue", "Waiting", "play \"Music.wav\"\nset $.Attributes.a = \"b\"", "end");
    let told = |mapping: &str| {
        let project = project(&[("a.flow", &choosing(mapping)), ("b.flow", &waiting)]);
        let mapped = mapped(&project, "");
        let fallbacks = fallbacks(&mapped).into_iter().map(|(name, _)| name.to_owned()).collect::<BTreeSet<_>>();
        (going_on(&mapped).iter().map(|told| (*told).to_owned()).collect::<Vec<_>>(), fallbacks.len())
    };
    let all = vec!["contacts go on here without the map, so 5 names are written in".to_owned()];
    assert_eq!(told(" { error -> next }"), (all.clone(), 5), "all, those of the flow that waits too");
    assert_eq!(told(" { error { say \"Oh.\" } }"), (all, 5));
    let some = vec!["contacts go on here without the map, so 3 names are written in".to_owned()];
    assert_eq!(told(" { error -> choose }"), (some, 3), "from the menu on");
    assert_eq!(told(""), (Vec::new(), 1), "who is told so and hangs up does not go on");
    assert_eq!(told(" { error { set queue Overflow\ntransfer to queue { full -> sorry } } }"), (Vec::new(), 2));
    assert_eq!(told(" { error { retry (max: 2) { spent -> sorry } } }"), (Vec::new(), 1));
}

#[test]
fn a_name_that_another_clause_writes_in_as_well_counts_for_both() {
    let entry = |name: &str| {
        format!(
            "inbound flow {name} {{\n  on error -> end\n  map resources {{ error -> next }}\n  transfer to flow Shared\n  step end {{ disconnect }}\n}}\n"
        )
    };
    let shared = inner("inbound", "Shared", "set queue Sales", "disconnect");
    let project = project(&[("a.flow", &entry("First")), ("b.flow", &entry("Second")), ("c.flow", &shared)]);
    let mapped = mapped(&project, "");
    let both = "contacts go on here without the map, so 2 names are written in";
    assert_eq!(going_on(&mapped), [both, both]);
}

#[test]
fn nothing_is_told_where_no_map_is_wanted() {
    let waiting = inner("customer queue", "Waiting", "play \"Music.wav\"", "end");
    let project = project(&[("a.flow", &choosing(" { error -> next }")), ("b.flow", &waiting)]);
    assert!(going_on(&mapped(&project, "mapping = \"static\"")).is_empty());
    assert!(going_on(&mapped(&project, "mapping = \"template\"")).is_empty());
}

#[test]
fn what_environments_have_in_common_is_said_once_with_their_names() {
    let waiting = inner("customer queue", "Waiting", "play \"Music.wav\"", "end");
    let project = project(&[("a.flow", &choosing(" { error -> next }")), ("b.flow", &waiting)]);
    let names = names(&project);
    let named = |name: &str, head: &str| {
        let environment = Environment { name: name.to_owned(), ..environment("eu-west-2", head, &names) };
        driver::map(&project.checked.flows, &environment)
    };
    let all = [named("dev", ""), named("live", ""), named("test", "mapping = \"static\"")];
    let told: Vec<String> = driver::told(&all).into_iter().map(|problem| problem.message).collect();
    assert_eq!(told, ["contacts go on here without the map, so 5 names are written in (in `dev`, `live`)"]);
    let written = driver::written_in(&all);
    assert_eq!(written.len(), 5);
    assert!(written.iter().all(|(_, environments)| *environments == ["dev", "live"]));
    let one: Vec<String> = driver::told(&all[..1]).into_iter().map(|problem| problem.message).collect();
    assert_eq!(one, ["contacts go on here without the map, so 5 names are written in"]);
}

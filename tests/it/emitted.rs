//! Projects for deployment tools: `tests/emitted/project` and what each target makes of it, held against files; and the
//! tools' own rules about references, applied to what was emitted.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::baseline::{Baselines, files_below, flowc, repository};
use crate::support::checker::{self, What};

const FOLDER: &str = "tests/emitted";

/// The files that a target comes to, by their paths.
pub fn emitted(arguments: &[&str]) -> BTreeMap<String, String> {
    let out = tempfile::tempdir().unwrap();
    let place = out.path().display().to_string();
    let mut all = vec!["emit", "--out", &place];
    all.extend(arguments);
    let run = flowc(&repository(FOLDER).join("project"), &all);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    files(&out)
}

pub fn files(out: &TempDir) -> BTreeMap<String, String> {
    let shown = |path: &Path| path.strip_prefix(out.path()).unwrap().to_str().unwrap().to_owned();
    let read = |path: &Path| fs::read_to_string(path).unwrap();
    // Where the folder lies is no part of what is emitted.
    let all = files_below(out.path());
    all.iter().filter(|path| !path.ends_with(".flowc-project")).map(|path| (shown(path), read(path))).collect()
}

pub fn template() -> Value {
    serde_json::from_str(&emitted(&["--target", "cloudformation", "--all-envs"])["template.json"]).unwrap()
}

#[test]
fn every_target_writes_what_it_wrote_before() {
    let mut baselines = Baselines::default();
    for (target, environments) in [
        ("content", "--all-envs"),
        ("envelope", "--env=dev"),
        ("cloudformation", "--all-envs"),
        ("terraform", "--all-envs"),
    ] {
        let folder = repository(FOLDER).join(target);
        let files = emitted(&["--target", target, environments]);
        for (file, text) in &files {
            baselines.expect(&folder.join(file), text);
        }
        let known = if folder.is_dir() { files_below(&folder) } else { Vec::new() };
        for path in known {
            let shown = path.strip_prefix(&folder).unwrap().to_str().unwrap();
            if !files.contains_key(shown) {
                baselines.fail(format!("{target}/{shown} is emitted no more: remove it"));
            }
        }
    }
    baselines.finish();
}

// ---- CloudFormation -----------------------------------------------------------------------------------------------

/// What `Fn::Sub` makes of a text: `${Name}` is looked up, `${!Name}` stands for itself.
fn substituted(text: &str, look_up: &dyn Fn(&str) -> String) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        result.push_str(&rest[..at]);
        let behind = &rest[at + 2..];
        let end = behind.find('}').unwrap();
        let name = &behind[..end];
        match name.strip_prefix('!') {
            Some(literal) => result.extend(["${", literal, "}"]),
            None => result.push_str(&look_up(name)),
        }
        rest = &behind[end + 1..];
    }
    result + rest
}

/// The documents of a template, by the names of their flows, with each reference in angle brackets.
fn documents(template: &Value) -> BTreeMap<String, String> {
    let flows = template["Resources"].as_object().unwrap().iter().filter(|(_, resource)| {
        let kind = resource["Type"].as_str().unwrap();
        matches!(kind, "AWS::Connect::ContactFlow" | "AWS::Connect::ContactFlowModule")
    });
    flows
        .map(|(_, resource)| {
            let properties = &resource["Properties"];
            let text = match &properties["Content"] {
                Value::String(text) => text.clone(),
                content => match &content["Fn::Sub"] {
                    Value::String(text) => substituted(text, &|name| format!("<{name}>")),
                    list => substituted(list[0].as_str().unwrap(), &|name| match list[1].get(name) {
                        Some(value) => format!("<{}>", value["Fn::If"][0].as_str().unwrap()),
                        None => format!("<{name}>"),
                    }),
                },
            };
            (properties["Name"].as_str().unwrap().to_owned(), text)
        })
        .collect()
}

#[test]
fn a_template_s_documents_are_those_of_a_build_with_references_for_names() {
    let template = template();
    let documents = documents(&template);
    let named = emitted(&["--target", "content", "--env", "named"]);
    let by_name: BTreeMap<&str, &str> = [
        ("${queue:Basic Queue}", "<QueueBasicQueue6f38ddbd>"),
        ("${prompt:Chime.wav}", "<PromptChimeWav1698f89d>"),
        ("${prompt:Music.wav}", "<PromptMusicWavb17818b3>"),
        ("${prompt:Sorry.wav}", "<PromptSorryWav089d3dec>"),
        ("${flow:Main}", "<FlowMain>"),
        ("${flow:Waiting}", "<FlowWaiting>"),
        ("${lambda:elsewhere}", "<LambdaElsewhere>"),
        ("${lambda:find-customer}", "<LambdaFindCustomer.Arn>"),
    ]
    .into();
    for (flow, file) in [("Main", "Main"), ("Again", "Again"), ("Waiting", "Waiting"), ("Greet", "Greet.module")] {
        let built: Value = serde_json::from_str(&named[&format!("named/{file}.json")]).unwrap();
        let mut expected = built.to_string();
        for (name, reference) in &by_name {
            expected = expected.replace(name, reference);
        }
        // The cycle is cut at one place, and modules are called by their versions.
        expected = expected
            .replace("${flow:Again}", if flow == "Again" || flow == "Main" { "<FlowAgainIsKnown>" } else { "?" });
        let mut found = documents[flow].clone();
        for module in ["Chime", "Greet"] {
            let start = format!("<Module{module}Version");
            while let Some(at) = found.find(&start) {
                let end = at + found[at..].find('>').unwrap() + 1;
                assert!(found[at..end].ends_with(".ContactFlowModuleVersionARN>"));
                found.replace_range(at..end, &format!("${{module:{module}}}"));
            }
        }
        assert_eq!(found, expected, "{flow}");
    }
    assert!(documents["Main"].contains("You pay ${price}, or %{share} of it."));
}

#[test]
fn an_import_of_the_template_gives_the_flows_back() {
    let place = tempfile::tempdir().unwrap();
    let template = repository(FOLDER).join("cloudformation/template.json");
    let run = flowc(place.path(), &["import", template.to_str().unwrap(), "--out", "flows", "--verify"]);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("each compiles to its document"), "{}", run.stdout);
    for flow in ["Main", "Again", "Waiting", "Greet.module", "Chime.module"] {
        assert!(place.path().join(format!("flows/{flow}.flow")).is_file(), "{flow}");
    }
}

#[test]
fn everything_that_a_template_refers_to_is_in_it_and_comes_before() {
    let template = template();
    let resources: Vec<&String> = template["Resources"].as_object().unwrap().keys().collect();
    let parameters: BTreeSet<&String> = template["Parameters"].as_object().unwrap().keys().collect();
    for (at, (id, resource)) in template["Resources"].as_object().unwrap().iter().enumerate() {
        let mut names: Vec<String> = Vec::new();
        references(resource, &mut names);
        for name in names.iter().filter(|name| !name.starts_with("AWS::")) {
            let place = resources.iter().position(|known| *known == name);
            assert!(place.is_some_and(|place| place < at) || parameters.contains(name), "{id} refers to {name}");
        }
    }
}

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                match (key.as_str(), value) {
                    ("Ref", Value::String(name)) => found.push(name.clone()),
                    ("Fn::GetAtt", Value::Array(parts)) => found.push(parts[0].as_str().unwrap().to_owned()),
                    ("DependsOn", Value::Array(names)) => {
                        found.extend(names.iter().map(|name| name.as_str().unwrap().to_owned()));
                    }
                    ("Fn::Sub", value) => {
                        let own = value.get(1).and_then(Value::as_object);
                        let text = value.as_str().or_else(|| value[0].as_str()).unwrap();
                        let names = std::cell::RefCell::new(Vec::new());
                        substituted(text, &|name| {
                            names.borrow_mut().push(name.split('.').next().unwrap().to_owned());
                            String::new()
                        });
                        let is_own = |name: &String| own.is_some_and(|own| own.contains_key(name));
                        found.extend(names.into_inner().into_iter().filter(|name| !is_own(name)));
                        references(&value[1], found);
                    }
                    _ => references(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn a_role_allows_what_the_contract_names_and_nothing_else() {
    let template = template();
    let role = &template["Resources"]["LambdaFindCustomerRole"]["Properties"]["Policies"][0]["PolicyDocument"];
    let statements = role["Statement"].as_array().unwrap();
    let actions: Vec<&str> = statements
        .iter()
        .flat_map(|statement| statement["Action"].as_array().unwrap())
        .map(|action| action.as_str().unwrap())
        .collect();
    assert_eq!(
        actions,
        ["logs:CreateLogStream", "logs:PutLogEvents", "dynamodb:GetItem", "secretsmanager:GetSecretValue"]
    );
    assert!(statements.iter().all(|statement| statement["Resource"] != "*"));
}

#[test]
fn a_function_s_table_has_the_keys_that_its_contract_names() {
    let template = template();
    let table = &template["Resources"]["TableCustomers"];
    let schema = serde_json::json!([
        { "AttributeName": "number", "KeyType": "HASH" }, { "AttributeName": "kind", "KeyType": "RANGE" },
    ]);
    assert_eq!(table["Properties"]["KeySchema"], schema);
    assert_eq!(table["Properties"]["TimeToLiveSpecification"]["AttributeName"], "TTL");
    // What callers left is not thrown away with the stack, and a table that is there already can be used.
    assert_eq!((&table["DeletionPolicy"], &table["UpdateReplacePolicy"]), (&"Retain".into(), &"Retain".into()));
    let name = serde_json::json!({
        "Fn::If": ["TableCustomersIsMade", { "Ref": "TableCustomers" }, { "Ref": "TableCustomersName" }],
    });
    let function = &template["Resources"]["LambdaFindCustomer"]["Properties"];
    assert_eq!(function["Environment"]["Variables"]["STORE_TABLE"], name);
    let role = &template["Resources"]["LambdaFindCustomerRole"]["Properties"]["Policies"][0]["PolicyDocument"];
    assert_eq!(role["Statement"][1]["Resource"]["Fn::Sub"][1]["Table"], name);
}

#[test]
fn bots_are_associated_before_a_flow_talks_to_them() {
    let out = tempfile::tempdir().unwrap();
    let place = out.path().to_str().unwrap();
    let run = flowc(&repository("."), &["emit", "--target", "cloudformation", "--all-envs", "--out", place]);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    let template: Value = serde_json::from_str(&files(&out)["template.json"]).unwrap();
    let association = &template["Resources"]["BotACMELexbot5f577295Association"];
    assert_eq!(association["Properties"]["IntegrationType"], "LEX_BOT");
    assert_eq!(association["Properties"]["IntegrationArn"]["Ref"], "BotACMELexbot5f577295");
    let needs = template["Resources"]["FlowACMEMainb4126aba"]["DependsOn"].as_array().unwrap();
    assert!(needs.contains(&"BotsReady".into()), "{needs:?}");
    let ready = &template["Resources"]["BotsReady"]["Metadata"]["BotACMELexbot5f577295Association"]["Fn::If"];
    assert_eq!(ready[1]["Ref"], "BotACMELexbot5f577295Association");
}

#[test]
fn what_stands_in_for_a_flow_is_a_flow() {
    let template = template();
    let stand_in = &template["Resources"]["FlowAgainStandIn"];
    assert_eq!(stand_in["Condition"], "FlowAgainIsAwaited");
    let content = stand_in["Properties"]["Content"].as_str().unwrap();
    assert_eq!(checker::problems(content, What::Flow), [""; 0]);
}

#[test]
fn a_template_that_cloudformation_would_refuse_is_refused_with_its_size() {
    let project = tempfile::tempdir().unwrap();
    fs::write(project.path().join("flowc.toml"), "source = \"flows\"\n").unwrap();
    fs::create_dir(project.path().join("flows")).unwrap();
    let flows: Vec<String> = (0..501).map(|number| format!("inbound flow F{number} {{\n  disconnect\n}}\n")).collect();
    fs::write(project.path().join("flows/all.flow"), flows.concat()).unwrap();
    let run = flowc(project.path(), &["emit", "--target", "cloudformation"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("501 Resources, and CloudFormation takes 500"), "{}", run.stderr);
}

// ---- Terraform ----------------------------------------------------------------------------------------------------

/// The arguments that the provider documents, for what is emitted.
const ARGUMENTS: [(&str, &[&str]); 17] = [
    (
        "aws_connect_contact_flow",
        &["content", "content_hash", "description", "filename", "instance_id", "name", "region", "tags", "type"],
    ),
    (
        "aws_connect_contact_flow_module",
        &["content", "content_hash", "description", "filename", "instance_id", "name", "region", "tags"],
    ),
    ("aws_connect_lambda_function_association", &["function_arn", "instance_id", "region"]),
    (
        "aws_lambda_function",
        &[
            "architectures",
            "description",
            "environment",
            "function_name",
            "handler",
            "memory_size",
            "role",
            "runtime",
            "s3_bucket",
            "s3_key",
            "timeout",
        ],
    ),
    ("aws_apigatewayv2_api", &["description", "name", "protocol_type"]),
    (
        "aws_apigatewayv2_integration",
        &["api_id", "integration_type", "integration_uri", "payload_format_version", "timeout_milliseconds"],
    ),
    ("aws_apigatewayv2_route", &["api_id", "authorization_type", "route_key", "target"]),
    (
        "aws_apigatewayv2_stage",
        &["access_log_settings", "api_id", "auto_deploy", "default_route_settings", "name", "route_settings"],
    ),
    ("aws_cloudwatch_event_rule", &["description", "event_pattern", "name"]),
    ("aws_cloudwatch_event_target", &["arn", "rule"]),
    ("aws_iam_policy", &["description", "name", "policy"]),
    ("aws_lambda_permission", &["action", "function_name", "principal", "source_arn"]),
    ("aws_iam_role", &["assume_role_policy", "name"]),
    ("aws_iam_role_policy", &["name", "policy", "role"]),
    (
        "aws_dynamodb_table",
        &["attribute", "billing_mode", "hash_key", "name", "point_in_time_recovery", "range_key", "ttl"],
    ),
    ("aws_cloudwatch_log_group", &["name", "retention_in_days"]),
    ("", &["count", "depends_on", "lifecycle"]),
];

/// The arguments of blocks inside of them.
const BLOCKS: [(&str, &str, &[&str]); 7] = [
    ("aws_apigatewayv2_stage", "access_log_settings", &["destination_arn", "format"]),
    ("aws_apigatewayv2_stage", "default_route_settings", &["throttling_burst_limit", "throttling_rate_limit"]),
    ("aws_apigatewayv2_stage", "route_settings", &["route_key", "throttling_burst_limit", "throttling_rate_limit"]),
    ("aws_dynamodb_table", "attribute", &["name", "type"]),
    ("aws_dynamodb_table", "point_in_time_recovery", &["enabled"]),
    ("aws_dynamodb_table", "ttl", &["attribute_name", "enabled"]),
    ("aws_lambda_function", "environment", &["variables"]),
];

#[test]
fn terraform_gets_only_arguments_that_the_provider_documents() {
    let files = emitted(&["--target", "terraform", "--all-envs"]);
    let main: Value = serde_json::from_str(&files["main.tf.json"]).unwrap();
    let of = |kind: &str| ARGUMENTS.iter().find(|row| row.0 == kind).map(|row| row.1).unwrap_or_default();
    for (kind, instances) in main["resource"].as_object().unwrap() {
        for (id, resource) in instances.as_object().unwrap() {
            for argument in resource.as_object().unwrap().keys() {
                assert!(
                    of(kind).contains(&argument.as_str()) || of("").contains(&argument.as_str()),
                    "{kind}.{id} has no argument `{argument}`"
                );
            }
        }
    }
    for (kind, block, known) in BLOCKS {
        for resource in main["resource"][kind].as_object().unwrap().values() {
            let found = resource.get(block).into_iter();
            let found =
                found.flat_map(|block| block.as_array().map_or_else(|| vec![block], |all| all.iter().collect()));
            for argument in found.flat_map(|block| block.as_object().unwrap().keys()) {
                assert!(known.contains(&argument.as_str()), "{kind}.{block} has no argument `{argument}`");
            }
        }
    }
    let variables: BTreeSet<&String> = main["variable"].as_object().unwrap().keys().collect();
    for (file, text) in files.iter().filter(|(file, _)| file.ends_with(".tfvars.json")) {
        let values: Value = serde_json::from_str(text).unwrap();
        assert!(values.as_object().unwrap().keys().all(|name| variables.contains(name)), "{file}");
    }
}

#[test]
fn terraform_s_templates_are_the_documents_of_a_build() {
    let files = emitted(&["--target", "terraform", "--all-envs"]);
    let main = files["main.tf.json"].as_str();
    let named = emitted(&["--target", "content", "--env", "named"]);
    for (flow, references) in [
        ("Waiting", vec![("${prompt_music_wavb17818b3}", "${prompt:Music.wav}")]),
        ("Chime.module", vec![("${prompt_chime_wav1698f89d}", "${prompt:Chime.wav}")]),
        (
            "Main",
            vec![
                ("${prompt_sorry_wav089d3dec}", "${prompt:Sorry.wav}"),
                ("${queue_basic_queue6f38ddbd}", "${queue:Basic Queue}"),
                ("${flow_waiting}", "${flow:Waiting}"),
                ("${flow_again}", "${flow:Again}"),
                ("${lambda_find_customer}", "${lambda:find-customer}"),
                ("${lambda_elsewhere}", "${lambda:elsewhere}"),
                ("${module_greet}", "${module:Greet}"),
            ],
        ),
    ] {
        let template = &files[&format!("flows/{flow}.json.tftpl")];
        let built: Value = serde_json::from_str(&named[&format!("named/{flow}.json")]).unwrap();
        // First what the template engine would replace, marked; then its escapes; then the marks as names.
        let mut found = template.replace("$${", "\u{1}").replace("%%{", "\u{2}");
        for (reference, name) in &references {
            assert!(found.contains(reference), "{flow} has no {reference}");
            let variable = reference.trim_start_matches("${").trim_end_matches('}');
            assert!(main.contains(&format!("{variable} = ")), "nothing is given for {variable}");
            found = found.replace(reference, name);
        }
        assert_eq!(found.replace('\u{1}', "${").replace('\u{2}', "%{"), built.to_string(), "{flow}");
    }
}

/// With Terraform at hand, it renders a template by itself: no provider is needed for that, and no network. Without it,
/// the test above is what there is.
#[test]
fn terraform_itself_renders_the_documents() {
    let folder = tempfile::tempdir().unwrap();
    let terraform = |arguments: &[&str]| {
        let mut command = std::process::Command::new("terraform");
        command.args(arguments).current_dir(folder.path()).env("CHECKPOINT_DISABLE", "1").output()
    };
    if terraform(&["version"]).is_err() {
        eprintln!("skipped: there is no terraform here");
        return;
    }
    let files = emitted(&["--target", "terraform", "--all-envs"]);
    fs::write(folder.path().join("main.tftpl"), &files["flows/Main.json.tftpl"]).unwrap();
    let variables = ["prompt_sorry_wav089d3dec", "queue_basic_queue6f38ddbd", "flow_waiting", "flow_again"];
    let more = ["lambda_find_customer", "lambda_elsewhere", "module_greet"];
    let given: Vec<String> = variables.iter().chain(&more).map(|name| format!("{name} = \"<{name}>\"")).collect();
    let call = format!("${{templatefile(\"${{path.module}}/main.tftpl\", {{ {} }})}}", given.join(", "));
    let probe = serde_json::json!({ "output": { "main": { "value": call } } });
    fs::write(folder.path().join("probe.tf.json"), probe.to_string()).unwrap();
    for arguments in [&["init", "-input=false"][..], &["validate"], &["apply", "-auto-approve", "-input=false"]] {
        let run = terraform(arguments).unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    }
    let rendered = String::from_utf8(terraform(&["output", "-raw", "main"]).unwrap().stdout).unwrap();
    let template = files["flows/Main.json.tftpl"].replace("$${", "\u{1}").replace("%%{", "\u{2}");
    let expected = template.replace("${", "<").replace("}\"", ">\"").replace('\u{1}', "${").replace('\u{2}', "%{");
    let told = |text: &str| text.replace('}', ">");
    assert_eq!(told(&rendered), told(&expected));
}

// ---- provisioners -------------------------------------------------------------------------------------------------

#[test]
fn an_envelope_is_what_a_provisioner_takes() {
    let files = emitted(&["--target", "envelope", "--env", "dev"]);
    let flows: Vec<(&String, &String)> = files.iter().filter(|(file, _)| file.contains("callflows/")).collect();
    assert_eq!(flows.len(), 3);
    for (file, text) in flows {
        let envelope: Value = serde_json::from_str(text).unwrap();
        let keys: Vec<&String> = envelope.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["Name", "ContactFlowType", "Content"], "{file}");
        assert!(text.matches("<<ARNREPLACE>>").count() <= 1, "a provisioner replaces the first one");
        // The function answers by names; the contact carries the same keys as everywhere.
        if file.ends_with("Main.json") {
            let content = envelope["Content"].as_str().unwrap();
            assert!(content.contains(r#""flow_Waiting":"$.External.Waiting""#), "{content}");
            assert!(content.contains(r#""LambdaFunctionARN":"<<ARNREPLACE>>""#));
            assert_eq!(checker::problems(content, What::Flow), [""; 0]);
        }
    }
}

#[test]
fn what_is_emitted_no_more_is_removed_and_nothing_else() {
    let project = tempfile::tempdir().unwrap();
    let at = |name: &str| project.path().join(name);
    fs::write(at("flowc.toml"), "source = \"flows\"\n").unwrap();
    fs::create_dir(at("flows")).unwrap();
    fs::write(at("flows/a.flow"), "inbound flow A {\n  disconnect\n}\n").unwrap();
    let emit = |more: &[&str]| flowc(project.path(), &[&["emit", "--target", "terraform"], more].concat());
    assert_eq!(emit(&[]).code, Some(0));
    fs::write(at("dist/terraform/mine.tf"), "# mine\n").unwrap();
    assert_eq!(emit(&["--check"]).code, Some(0));
    fs::write(at("flows/a.flow"), "inbound flow B {\n  disconnect\n}\n").unwrap();
    let run = emit(&["--check"]);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    assert!(run.stdout.contains("extra") && run.stdout.contains("missing") && run.stdout.contains("stale"));
    assert_eq!(emit(&[]).code, Some(0));
    assert!(!at("dist/terraform/flows/A.json.tftpl").exists() && at("dist/terraform/flows/B.json.tftpl").exists());
    assert!(at("dist/terraform/mine.tf").exists());
}

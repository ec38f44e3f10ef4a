//! Functions in templates: those behind HTTP and those that are told of events, what their settings are, and what their
//! roles allow.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};

use crate::emitted::{emitted, files, template};
use crate::support::baseline::{flowc, repository};

const VISITS: &str = "tests/emitted/project/handlers/visits/contract.json";

fn contract(path: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(repository(path)).unwrap()).unwrap()
}

fn configuration() -> Value {
    serde_json::from_str(&emitted(&["--target", "terraform", "--all-envs"])["main.tf.json"]).unwrap()
}

/// What this repository itself comes to.
fn ours(target: &str, file: &str) -> Value {
    let out = tempfile::tempdir().unwrap();
    let place = out.path().to_str().unwrap();
    let run = flowc(&repository("."), &["emit", "--target", target, "--all-envs", "--out", place]);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    serde_json::from_str(&files(&out)[file]).unwrap()
}

/// The routes that a contract names, and those by which browsers ask first; each with whether it has to be signed.
fn routes_of(contract: &Value) -> BTreeMap<String, bool> {
    let mut routes = BTreeMap::new();
    for route in contract["http"]["routes"].as_array().unwrap() {
        let text = |key: &str| route[key].as_str().unwrap();
        routes.insert(format!("{} {}", text("method"), text("path")), route["signed"].as_bool().unwrap());
        if route.get("origins").is_some() {
            routes.insert(format!("OPTIONS {}", text("path")), false);
        }
    }
    routes
}

/// The routes of a template's API, likewise.
fn routes_in(template: &Value, function: &str) -> BTreeMap<String, bool> {
    let is_its = |id: &str| id.strip_prefix(function).is_some_and(|rest| rest.starts_with("Route"));
    let resources = template["Resources"].as_object().unwrap().iter().filter(|(id, _)| is_its(id));
    resources
        .map(|(_, route)| {
            let properties = &route["Properties"];
            assert_eq!(properties["Target"]["Fn::Sub"], format!("integrations/${{{function}Integration}}"));
            let is_signed = match properties["AuthorizationType"].as_str().unwrap() {
                "AWS_IAM" => true,
                "NONE" => false,
                other => panic!("{other}"),
            };
            (properties["RouteKey"].as_str().unwrap().to_owned(), is_signed)
        })
        .collect()
}

#[test]
fn an_api_has_the_routes_of_the_contract_and_lets_browsers_ask_first() {
    let template = template();
    let expected = routes_of(&contract(VISITS));
    assert_eq!(expected.len(), 6);
    assert_eq!(routes_in(&template, "LambdaVisits"), expected);
    let main = configuration();
    let routes = main["resource"]["aws_apigatewayv2_route"].as_object().unwrap().values();
    let found: BTreeMap<String, bool> = routes
        .map(|route| (route["route_key"].as_str().unwrap().to_owned(), route["authorization_type"] == "AWS_IAM"))
        .collect();
    assert_eq!(found, expected);
    // No CORS at the gateway: it would answer in the function's place, and knows one list for all routes.
    assert_eq!(template["Resources"]["LambdaVisitsApi"]["Properties"].get("CorsConfiguration"), None);
    let integration = &template["Resources"]["LambdaVisitsIntegration"]["Properties"];
    assert_eq!(integration["IntegrationUri"], json!({ "Fn::GetAtt": ["LambdaVisits", "Arn"] }));
    assert_eq!(integration["PayloadFormatVersion"], "2.0");
}

#[test]
fn the_handlers_of_this_repository_have_all_their_routes() {
    let template = ours("cloudformation", "template.json");
    for (id, name, count) in
        [("LambdaVideoEscalation", "video-escalation", 14), ("LambdaVoiceWebhook", "voice-webhook", 2)]
    {
        let contract = contract(&format!("handlers/{name}/contract.json"));
        assert_eq!(contract["http"]["routes"].as_array().unwrap().len(), count);
        assert_eq!(routes_in(&template, id), routes_of(&contract), "{name}");
        assert!(template["Outputs"].get(format!("{id}Url")).is_some());
    }
    let rule = &template["Resources"]["LambdaVideoEscalationRule"]["Properties"];
    assert_eq!(rule["EventPattern"]["detail"]["eventType"], json!(["chime:MeetingEnded"]));
    // Twilio calls what signs for itself; the pages of agents sign for the gateway.
    assert!(template["Resources"].get("LambdaVoiceWebhookSigners").is_none());
    assert!(template["Resources"].get("LambdaVideoEscalationSigners").is_some());
}

#[test]
fn what_two_functions_share_is_there_once() {
    let template = ours("cloudformation", "template.json");
    let resources = template["Resources"].as_object().unwrap();
    let tables = resources.iter().filter(|(_, resource)| resource["Type"] == "AWS::DynamoDB::Table");
    let tables: BTreeSet<&str> = tables.map(|(id, _)| id.as_str()).collect();
    assert_eq!(tables, BTreeSet::from(["TableConnectTwilio", "TableVanityNumbers", "TableVideoCallEscalationDB"]));
    let variables = |id: &str| &resources[id]["Properties"]["Environment"]["Variables"];
    let (gate, webhook) = (variables("LambdaVoiceGate"), variables("LambdaVoiceWebhook"));
    for name in ["STORE_TABLE", "VOICE_SECRET_ARN", "FAILURES_PER_HOUR"] {
        assert_eq!(gate[name], webhook[name], "{name}");
    }
    let about = template["Parameters"]["SettingVoiceSecretArn"]["Description"].as_str().unwrap();
    assert!(about.ends_with("(for `voice-gate` and `voice-webhook`)"), "{about}");
}

#[test]
fn no_credential_stands_in_a_template() {
    let template = ours("cloudformation", "template.json");
    for name in ["VIAPIKEY", "VIAPITOKEN", "TWILIO_AUTH_TOKEN", "apiKey", "oauthClientSecret"] {
        let functions = template["Resources"].as_object().unwrap().values();
        for function in functions.filter(|resource| resource["Type"] == "AWS::Lambda::Function") {
            assert_eq!(function["Properties"]["Environment"]["Variables"].get(name), None, "{name}");
        }
    }
}

#[test]
fn settings_are_filled_in_where_they_are_known_and_asked_for_where_not() {
    let template = template();
    let variables = &template["Resources"]["LambdaVisits"]["Properties"]["Environment"]["Variables"];
    let part = |arn: &str, at: u32| json!({ "Fn::Select": [at, { "Fn::Split": ["/", { "Ref": arn }] }] });
    assert_eq!(variables["FLOW_ID"], part("FlowWaiting", 3));
    assert_eq!(variables["INSTANCE_ID"], part("InstanceArn", 1));
    assert_eq!(variables["INSTANCE"], json!({ "Ref": "InstanceArn" }));
    assert_eq!(variables["OTHER_FLOW_ID"], json!({ "Ref": "LambdaVisitsOtherFlowId" }));
    assert_eq!(variables["GREETING"], "Pay ${price}");
    let own = json!({ "Fn::Sub": "${LambdaVisitsApi.ApiEndpoint}/start" });
    let given = json!({ "Ref": "LambdaVisitsOwnUrl" });
    assert_eq!(variables["OWN_URL"], json!({ "Fn::If": ["LambdaVisitsOwnUrlIsGiven", given, own] }));
    let parameters = template["Parameters"].as_object().unwrap();
    assert_eq!(parameters["SettingPages"]["Default"], "");
    assert_eq!(
        (parameters["SettingSecretArn"].get("Default"), &parameters["SettingSecretArn"]["MinLength"]),
        (None, &json!(1))
    );
    assert!(!parameters.contains_key("SettingGreeting"), "what the project says is not asked for");

    let main = configuration();
    let variables = &main["resource"]["aws_lambda_function"]["lambda_visits"]["environment"]["variables"];
    assert_eq!(variables["FLOW_ID"], "${local.flow_waiting_id}");
    let local = &main["locals"]["flow_waiting_id"];
    assert_eq!(local, "${element(split(\"/\", aws_connect_contact_flow.flow_waiting.arn), 3)}");
    assert_eq!(variables["GREETING"], "Pay $${price}");
    assert_eq!(variables["OWN_URL"], "${local.lambda_visits_own_url}");
    let (api, url) = ("aws_apigatewayv2_api.lambda_visits.api_endpoint", "var.lambda_visits_own_url");
    let made = format!("${{{url} == \"\" ? \"${{{api}}}/start\" : {url}}}");
    assert_eq!(main["locals"]["lambda_visits_own_url"], made);
}

#[test]
fn an_environment_gives_settings_of_its_own() {
    let parameters = &emitted(&["--target", "cloudformation", "--all-envs"])["parameters/dev.json"];
    let parameters: Value = serde_json::from_str(parameters).unwrap();
    let pages = json!({ "ParameterKey": "SettingPages", "ParameterValue": "https://dev.example.com" });
    assert!(parameters.as_array().unwrap().contains(&pages), "{parameters}");
    let variables = &emitted(&["--target", "terraform", "--all-envs"])["environments/dev.tfvars.json"];
    let variables: Value = serde_json::from_str(variables).unwrap();
    assert_eq!(variables["setting_pages"], "https://dev.example.com");

    let project = tempfile::tempdir().unwrap();
    let at = |name: &str| project.path().join(name);
    fs::create_dir_all(at("handlers/visits")).unwrap();
    fs::create_dir(at("environments")).unwrap();
    fs::create_dir(at("flows-src")).unwrap();
    fs::copy(repository(VISITS), at("handlers/visits/contract.json")).unwrap();
    fs::write(at("flowc.toml"), "[handlers.visits]\nGREETING = \"Hi\"\n").unwrap();
    let instance = "arn:aws:connect:eu-central-1:111122223333:instance/0f1e2d3c-1111-4222-8333-444455556666";
    for (settings, message, help) in [
        ("visit]\nPAGES = \"x\"", "there is no function `visit`", "did you mean `visits`?"),
        ("visits]\nPAGE = \"x\"", "`visits` has no setting `PAGE`", "did you mean `PAGES`?"),
        ("visits]\nGREETING = \"x\"", "flowc.toml says what `GREETING` of `visits` is", "say it in one of the two"),
        ("visits]\nFLOW_ID = { flow = \"A\" }", "which flow it is, the project says", "move the line to flowc.toml"),
    ] {
        let text = format!("instance = \"{instance}\"\n\n[handlers.{settings}\n");
        fs::write(at("environments/dev.toml"), text).unwrap();
        let run = flowc(project.path(), &["check", "--env", "dev"]);
        assert_eq!(run.code, Some(1), "{settings}");
        assert!(run.stderr.contains(message) && run.stderr.contains(help), "{settings}: {}", run.stderr);
    }
}

/// What a role allows: actions, what they are allowed on, and the condition that there is such a thing.
fn allowed(statement: &Value) -> (BTreeSet<String>, &Value, Option<&str>) {
    let (statement, condition) = match statement.get("Fn::If") {
        Some(parts) => (&parts[1], parts[0].as_str()),
        None => (statement, None),
    };
    let actions = statement["Action"].as_array().unwrap().iter().map(|action| action.as_str().unwrap().to_owned());
    (actions.collect(), &statement["Resource"], condition)
}

#[test]
fn a_role_allows_on_each_thing_what_the_contract_says_of_it() {
    let template = template();
    let role = &template["Resources"]["LambdaVisitsRole"]["Properties"]["Policies"][0]["PolicyDocument"];
    let statements = role["Statement"].as_array().unwrap();
    let of = |action: &str| {
        let all = statements.iter().map(allowed);
        all.into_iter().find(|(actions, ..)| actions.contains(action)).unwrap()
    };
    assert_eq!(of("secretsmanager:GetSecretValue").1, &json!({ "Ref": "SettingSecretArn" }));
    assert_eq!(of("connect:StartChatContact").1["Fn::Sub"][0], "${InstanceArn}/contact-flow/${FlowId}");
    let (actions, buckets, condition) = of("s3:GetObject");
    assert_eq!((actions.len(), condition), (2, Some("SettingBucketIsGiven")));
    assert_eq!(buckets[1]["Fn::Sub"], "arn:${AWS::Partition}:s3:::${SettingBucket}/old/*");
    assert_eq!(of("iam:PassRole").2, Some("LambdaVisitsIamIsGiven"));
    assert_eq!(template["Parameters"]["LambdaVisitsIam"]["Type"], "CommaDelimitedList");
    assert_eq!(of("ses:SendEmail").1["Fn::Sub"][1], json!({ "Domain": "acme.example.com" }));
    let granted: BTreeSet<String> = statements.iter().flat_map(|statement| allowed(statement).0).collect();
    let mut named: BTreeSet<String> = ["logs:CreateLogStream", "logs:PutLogEvents"].map(str::to_owned).into();
    for row in contract(VISITS)["permissions"].as_array().unwrap() {
        match row["actions"].as_array() {
            Some(actions) => named.extend(actions.iter().map(|action| action.as_str().unwrap().to_owned())),
            None => drop(named.insert(row.as_str().unwrap().to_owned())),
        }
    }
    assert_eq!(granted, named);

    // What may be missing has a policy of its own in Terraform, which cannot leave out a part of one.
    let main = configuration();
    let policies = main["resource"]["aws_iam_role_policy"].as_object().unwrap();
    let own = |id: &str| (policies[id]["count"].as_str().unwrap(), policies[id]["policy"].as_str().unwrap());
    let (count, policy) = own("lambda_visits_s3_get_object");
    assert_eq!(count, "${var.setting_bucket != \"\" ? 1 : 0}");
    assert!(policy.contains("\"arn:${local.partition}:s3:::${var.setting_bucket}/visits/*\""), "{policy}");
    let (_, policy) = own("lambda_visits_iam_pass_role");
    assert!(policy.contains("\"Resource\":${jsonencode(split(\",\", var.lambda_visits_iam))}}"), "{policy}");
}

#[test]
fn a_stage_lets_through_no_more_than_the_contract_says_and_logs_nothing_about_people() {
    let template = template();
    let stage = &template["Resources"]["LambdaVisitsStage"];
    assert_eq!(
        stage["Properties"]["RouteSettings"],
        json!({ "POST /start": { "ThrottlingBurstLimit": 2, "ThrottlingRateLimit": 2 } })
    );
    assert_eq!(stage["DependsOn"].as_array().unwrap().len(), 6);
    let line = stage["Properties"]["AccessLogSettings"]["Format"].as_str().unwrap();
    let line: Value = serde_json::from_str(line).unwrap();
    let logged: Vec<&str> = line.as_object().unwrap().values().map(|value| value.as_str().unwrap()).collect();
    let private =
        |value: &&str| ["path", "sourceIp", "query", "header", "userAgent"].iter().any(|word| value.contains(word));
    assert!(!logged.iter().any(private), "{logged:?}");
}

#[test]
fn a_function_that_nobody_lists_and_no_flow_invokes_is_in_no_template() {
    let project = tempfile::tempdir().unwrap();
    let at = |name: &str| project.path().join(name);
    fs::create_dir_all(at("handlers/visits")).unwrap();
    fs::create_dir(at("flows")).unwrap();
    fs::copy(repository(VISITS), at("handlers/visits/contract.json")).unwrap();
    fs::write(at("flows/a.flow"), "inbound flow A {\n  disconnect\n}\n").unwrap();
    let emit = |toml: &str| {
        fs::write(at("flowc.toml"), format!("source = \"flows\"\n{toml}")).unwrap();
        flowc(project.path(), &["emit", "--target", "cloudformation"])
    };
    let has_api = || fs::read_to_string(at("dist/cloudformation/template.json")).unwrap().contains("LambdaVisitsApi");
    assert_eq!(emit("").code, Some(0));
    assert!(!has_api());
    assert_eq!(emit("[handlers.visits]\n").code, Some(0));
    assert!(has_api());
    // What is misspelled is told with what it may have been.
    for (toml, message, help) in [
        ("[handlers.visit]\n", "there is no function `visit`", "did you mean `visits`?"),
        ("[handlers.visits]\nPAGE = \"x\"\n", "`visits` has no setting `PAGE`", "did you mean `PAGES`?"),
        ("[handlers.visits]\nFLOW_ID = { flow = \"B\" }\n", "there is no flow `B`", "name a flow of this project"),
        ("[handlers.visits]\nFLOW_ID = { module = \"B\" }\n", "says something else than `flow`", "{ flow = \"Main\" }"),
        ("[handlers.visits]\nPAGES = [1]\n", "`PAGES` is a list", "write a string"),
    ] {
        let run = emit(toml);
        assert_eq!(run.code, Some(1), "{toml}");
        assert!(run.stderr.contains(message) && run.stderr.contains(help), "{toml}: {}", run.stderr);
    }
    fs::write(
        at("flows/a.flow"),
        "inbound flow A {\n  on error -> over\n  invoke visits\n  -> over\n  step over {\n    disconnect\n  }\n}\n",
    )
    .unwrap();
    let run = emit("[handlers.visits]\nFLOW_ID = { flow = \"A\" }\n");
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("flows invoke `visits`, so it cannot be told the address of one"), "{}", run.stderr);
}

/// With Terraform at hand, it reads every expression by itself, with stand-ins for what the provider would know. Policies
/// have to come out as JSON.
#[test]
fn terraform_itself_understands_every_expression() {
    let folder = tempfile::tempdir().unwrap();
    let terraform = |arguments: &[&str]| {
        let mut command = std::process::Command::new("terraform");
        command.args(arguments).current_dir(folder.path()).env("CHECKPOINT_DISABLE", "1").output()
    };
    if terraform(&["version"]).is_err() {
        eprintln!("skipped: there is no terraform here");
        return;
    }
    for (name, main) in [("visits", configuration()), ("ours", ours("terraform", "main.tf.json"))] {
        let mut texts = Vec::new();
        collect(&main["resource"], &mut texts);
        let outputs: serde_json::Map<String, Value> = texts
            .iter()
            .filter(|text| !text.contains("templatefile("))
            .enumerate()
            .map(|(at, text)| (format!("o{at}"), json!({ "value": stood_in(text) })))
            .collect();
        let locals = stood_in(&main["locals"].to_string());
        let mut variables = main["variable"].clone();
        for variable in variables.as_object_mut().unwrap().values_mut() {
            variable["default"] = match variable["default"].as_str() {
                None | Some("") => json!("arn:aws:connect:eu-central-1:111122223333:instance/i/x/y"),
                Some(text) => json!(text),
            };
            variable["type"] = json!("string");
        }
        let probe = json!({
            "variable": variables, "locals": serde_json::from_str::<Value>(&locals).unwrap(), "output": outputs,
        });
        fs::write(folder.path().join("probe.tf.json"), probe.to_string()).unwrap();
        for arguments in [&["init", "-input=false"][..], &["apply", "-auto-approve", "-input=false"]] {
            let run = terraform(arguments).unwrap();
            assert!(run.status.success(), "{name}: {}", String::from_utf8_lossy(&run.stderr));
        }
        let shown: Value = serde_json::from_slice(&terraform(&["output", "-json"]).unwrap().stdout).unwrap();
        let values = shown.as_object().unwrap().values().filter_map(|output| output["value"].as_str());
        let documents: Vec<&str> = values.filter(|value| value.starts_with("{\"Version\":\"2012")).collect();
        assert!(documents.len() > 5, "{name}");
        for document in documents {
            let document: Value = serde_json::from_str(document).unwrap();
            assert!(document["Statement"].is_array());
        }
    }
}

/// Expressions with a fixed address for each that the provider would know.
fn stood_in(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("aws_") {
        let (before, reference) = rest.split_at(at);
        result.push_str(before);
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
        let end = reference.find(|c| !is_name(c)).unwrap_or(reference.len());
        // A word in a text is no reference, nor is the name of one to wait for.
        if !before.ends_with(['{', '(', ' ']) {
            result.push_str(&reference[..end]);
            rest = &reference[end..];
            continue;
        }
        let stand_in = "var.instance_arn";
        match reference[end..].strip_prefix("[*].arn") {
            Some(behind) => {
                result.extend(["[", stand_in, "]"]);
                rest = behind;
            }
            None => {
                result.push_str(stand_in);
                rest = &reference[end..];
            }
        }
    }
    result + rest
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(entries) => {
            entries.iter().filter(|(key, _)| *key != "depends_on").for_each(|(_, value)| collect(value, texts));
        }
        _ => {}
    }
}

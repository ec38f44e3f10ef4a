//! Deployment tools: what a flow says is text in their templates, and what is deployed keeps its id.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use proptest::prelude::*;
use serde_json::Value;

use super::project;
use crate::support::baseline::{Run, flowc};

const SIGNS: &str = "{{resolve:secretsmanager:prod/db:SecretString:password}} ${{resolve:ssm:x}} ${AWS::AccountId} ${!x} \
                     $${y} %{ if true } %%{z} $";

/// A flow that says all signs, right before a name as well.
fn flow(name: &str, doc: &str) -> String {
    let signs = SIGNS.replace('$', "\\$");
    format!(
        "{doc}inbound flow \"{name}\" {{\n  say \"{signs}\"\n  set $.Attributes.a = \"{signs}\" {{ error -> next }}\n  set queue Sales {{ error -> \
         next }}\n  disconnect\n}}\n"
    )
}

fn emit(folder: &std::path::Path, target: &str) -> Run {
    flowc(folder, &["emit", "--target", target])
}

fn read(folder: &std::path::Path, path: &str) -> String {
    fs::read_to_string(folder.join("dist").join(path)).unwrap()
}

/// What `Fn::Sub` makes of a text when every reference is `X`.
fn substituted(text: &str) -> String {
    let mut parts = text.split("${");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').unwrap_or((part, ""));
        match name.strip_prefix('!') {
            Some(literal) => out.extend(["${", literal, "}"]),
            None => {
                assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "{name}");
                out.push('X');
            }
        }
        out.push_str(rest);
    }
    out
}

/// The texts that a document says and sets.
fn said(document: &str) -> BTreeSet<String> {
    fn texts(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::String(text) => drop(found.insert(text.clone())),
            Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
            Value::Object(members) => members.values().for_each(|value| texts(value, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    texts(&serde_json::from_str(document).unwrap(), &mut found);
    found
}

#[test]
fn a_template_of_cloudformation_holds_no_reference_to_a_secret() {
    let folder = project(&[("flows/a.flow", &flow("Main", ""))]);
    let run = emit(folder.path(), "cloudformation");
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let text = read(folder.path(), "cloudformation/template.json");
    assert!(!text.contains("{{resolve:"), "{text}");
    let template: Value = serde_json::from_str(&text).unwrap();
    let content = template["Resources"]["FlowMain"]["Properties"]["Content"]["Fn::Sub"].as_str().unwrap();
    // References are looked for once more in what `Fn::Sub` gives.
    let document = substituted(content);
    assert!(!document.contains("{{resolve:"), "{document}");
    assert!(said(&document).contains(SIGNS), "{document}");
}

#[test]
fn a_description_with_a_reference_to_a_secret_is_refused() {
    let folder = project(&[("flows/a.flow", &flow("Main", "/// See {{resolve:ssm:x}}.\n"))]);
    let run = emit(folder.path(), "cloudformation");
    assert_eq!(run.code, Some(2), "{}", run.stdout);
    assert!(run.stderr.contains("the name or description of `Main` holds `{{resolve:`"), "{}", run.stderr);
    assert!(run.stderr.contains("help: write it otherwise") && !folder.path().join("dist").exists(), "{}", run.stderr);
    assert_eq!(emit(folder.path(), "terraform").code, Some(0), "Terraform has no such references");
}

/// What Terraform makes of a template when every reference is `X`; `${"$"}` is a dollar sign.
fn rendered(template: &str) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("$${") {
            out.push_str("${");
            rest = after;
        } else if let Some(after) = rest.strip_prefix("%%{") {
            out.push_str("%{");
            rest = after;
        } else if let Some(after) = rest.strip_prefix("${\"$\"}") {
            out.push('$');
            rest = after;
        } else if let Some(after) = rest.strip_prefix("${") {
            let (name, after) = after.split_once('}').unwrap();
            assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{name}");
            out.push('X');
            rest = after;
        } else {
            assert!(!rest.starts_with("%{"), "{rest}");
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

#[test]
fn a_template_of_terraform_replaces_nothing_that_a_flow_says() {
    let folder = project(&[("flows/a.flow", &flow("Main", "/// Costs ${x} and %{y}.\n"))]);
    let run = emit(folder.path(), "terraform");
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let document = rendered(&read(folder.path(), "terraform/flows/Main.json.tftpl"));
    assert!(said(&document).contains(SIGNS), "{document}");
    let main: Value = serde_json::from_str(&read(folder.path(), "terraform/main.tf.json")).unwrap();
    let flow = &main["resource"]["aws_connect_contact_flow"]["flow_main"];
    assert_eq!(rendered(flow["description"].as_str().unwrap()), "Costs ${x} and %{y}.");
}

/// The ids of flows in both templates, by name.
fn ids(names: &BTreeSet<String>) -> BTreeMap<String, [String; 2]> {
    let flow = |name: &String| format!("inbound flow \"{name}\" {{\n  disconnect\n}}\n");
    let folder = project(&[("flows/a.flow", &names.iter().map(flow).collect::<Vec<String>>().concat())]);
    for target in ["cloudformation", "terraform"] {
        let run = emit(folder.path(), target);
        assert_eq!(run.code, Some(0), "{names:?}\n{}", run.stderr);
    }
    let template: Value = serde_json::from_str(&read(folder.path(), "cloudformation/template.json")).unwrap();
    let main: Value = serde_json::from_str(&read(folder.path(), "terraform/main.tf.json")).unwrap();
    let addresses = main["resource"]["aws_connect_contact_flow"].as_object().unwrap();
    let address = |name: &str| addresses.iter().find(|(_, flow)| flow["name"] == name).unwrap().0.clone();
    let resources = template["Resources"].as_object().unwrap().iter();
    resources
        .map(|(id, resource)| {
            let name = resource["Properties"]["Name"].as_str().unwrap();
            (name.to_owned(), [id.clone(), address(name)])
        })
        .collect()
}

#[test]
fn a_flow_keeps_its_id_whatever_others_there_are() {
    let names = [
        "Main",
        "Main Menu",
        "MainMenu",
        "Main_Menu",
        "Main-Menu",
        "主菜单",
        "副菜单",
        "Меню",
        "é",
        "M",
        "MainStandIn",
        "MainArn",
        "Main1a2b3c4d",
    ];
    let together = ids(&names.iter().map(|name| (*name).to_owned()).collect());
    assert_eq!(together.len(), names.len());
    // Files of those that differ in their case alone would be one; their ids are not.
    let mut different: [BTreeSet<String>; 2] = Default::default();
    for name in names.iter().chain(&["main", "MAIN"]) {
        let alone = ids(&BTreeSet::from([(*name).to_owned()]));
        assert_eq!(*together.get(*name).unwrap_or(&alone[*name]), alone[*name], "{name}");
        for (known, id) in different.iter_mut().zip(&alone[*name]) {
            assert!(known.insert(id.to_lowercase()), "{name}: {id}");
        }
    }
    assert_eq!(together["Main"], ["FlowMain", "flow_main"]);
    assert_eq!(together["MainMenu"], ["FlowMainMenu", "flow_main_menu"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn ids_of_names_do_not_change_when_others_come_and_go(
        names in prop::collection::btree_set("[AaBéß1][AaBéß1 -]{0,4}[Ab]", 1..9),
        most in 1_usize..4,
    ) {
        // Files have no case on some systems, so that names that differ in nothing else are refused.
        let names: BTreeMap<String, String> = names.into_iter().map(|name| (name.to_lowercase(), name)).collect();
        let together = ids(&names.values().cloned().collect());
        let alone = ids(&names.into_values().take(most).collect());
        for (name, id) in alone {
            prop_assert_eq!(&together[&name], &id, "{}", name);
        }
    }
}

#[test]
fn two_things_with_one_id_are_told_and_never_numbered() {
    // A function that is called like the role of another.
    let contract = r#"{ "settings": {} }"#;
    let text = "inbound flow Main {\n  invoke find\n  invoke find-role\n  disconnect\n  on error -> end\n  step end { disconnect }\n}\n";
    let folder = project(&[
        ("flowc.toml", "source = \"flows\"\n"),
        ("flows/a.flow", text),
        ("handlers/find/contract.json", contract),
        ("handlers/find-role/contract.json", contract),
    ]);
    let run = emit(folder.path(), "cloudformation");
    assert_eq!(run.code, Some(2), "{}{}", run.stdout, run.stderr);
    assert!(
        run.stderr.contains("two things of the project would both be `LambdaFindRole` in the template"),
        "{}",
        run.stderr
    );
}

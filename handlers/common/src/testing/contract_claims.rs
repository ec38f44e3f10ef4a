//! What else a crate says about permissions and settings, besides its contract: its README, and its code.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The actions in the README's paragraph about permissions. One without its service is of the service named before it.
pub fn granted_by_readme(folder: &Path) -> BTreeSet<String> {
    let readme = fs::read_to_string(folder.join("README.md")).unwrap_or_default();
    let Some((_, behind)) = readme.split_once("Permissions: ") else { return BTreeSet::new() };
    let paragraph = behind.split("\n\n").next().unwrap_or_default();
    let mut service = "";
    let mut actions = BTreeSet::new();
    for code in paragraph.split('`').skip(1).step_by(2) {
        let (before, action) = code.split_once(':').unwrap_or((service, code));
        let begins_upper = action.starts_with(|c: char| c.is_ascii_uppercase());
        if begins_upper && action.chars().all(|c| c.is_ascii_alphanumeric()) {
            service = before;
            actions.insert(format!("{service}:{action}"));
        }
    }
    actions
}

/// How the code reads a setting: by its name, behind one of these and the world or as the only argument of a method.
const READS: [&str; 5] = [".configured(", "configured(", "required(", "number(", "secret_text("];

/// What every handler has, or Lambda sets.
fn is_everyones(name: &str) -> bool {
    name.starts_with("AWS_") || name.starts_with("STORE") || name.starts_with("LAMBDA_") || name == "LOG_LEVEL"
}

/// The settings that the crate's code reads, and of those that are listed the ones that stand in it at all. What it reads
/// through a crate that it shares with another is looked for there.
pub fn read_by_sources(folder: &Path, listed: &BTreeSet<String>) -> BTreeSet<String> {
    let mut own = String::new();
    for path in rust_files(&folder.join("src")) {
        own += &production(&fs::read_to_string(path).unwrap_or_default());
    }
    let mut all = own.clone();
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    if manifest.contains("voice-common") {
        for path in rust_files(&folder.join("../voice-common/src")) {
            all += &production(&fs::read_to_string(path).unwrap_or_default());
        }
    }
    let mut read: BTreeSet<String> = READS.iter().flat_map(|how| names_behind(&own, how)).collect();
    read.extend(listed.iter().filter(|name| all.contains(&format!("\"{name}\""))).cloned());
    read
}

/// A source without its tests.
fn production(source: &str) -> String {
    source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned()
}

fn names_behind(source: &str, how: &str) -> Vec<String> {
    let calls = source.split(how).skip(1);
    let texts = calls.filter_map(|behind| {
        let mut arguments = behind.split(')').next()?.split('"');
        let is_first = arguments.next()?.is_empty();
        arguments.next().filter(|_| !is_first || how.starts_with('.')).map(str::to_owned)
    });
    texts.filter(|name| !is_everyones(name)).collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("contract.rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_found_where_they_are_read() {
        let source = r#"configured(world, "A_B"); number(environment, "N", 1, 2)?; required(x, name); other("Z")"#;
        assert_eq!(names_behind(source, "configured("), ["A_B"]);
        assert_eq!(names_behind(source, "number("), ["N"]);
        assert_eq!(names_behind(source, "required("), [""; 0]);
        assert_eq!(names_behind(r#"number("n")"#, "number("), [""; 0]);
        assert_eq!(names_behind(r#"settings.configured("H")"#, ".configured("), ["H"]);
        assert_eq!(names_behind(r#"configured(world, "AWS_REGION")"#, "configured("), [""; 0]);
    }

    #[test]
    fn actions_of_a_readme_take_the_service_before_them() {
        let folder = tempfile::tempdir().unwrap();
        let text = "# x\n\nThe key `Aa`. Permissions: `a:One`, `Two` on `T/`,\n`b:Three`.\n\nTry `c:Four`.\n";
        fs::write(folder.path().join("README.md"), text).unwrap();
        let granted = granted_by_readme(folder.path());
        assert_eq!(granted.iter().map(String::as_str).collect::<Vec<_>>(), ["a:One", "a:Two", "b:Three"]);
    }
}

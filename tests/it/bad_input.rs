//! Input that no author meant: each file gets a diagnostic or works. Never a panic, a hang, or a half-written out folder.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::support::baseline::{Run, entries, files_below, flowc, name as file_name};

/// Far more than any of this takes, far less than for ever.
const PATIENCE: Duration = Duration::from_secs(20);

const SOUND: &str = "inbound flow Sound {\n  say \"Welcome.\"\n  disconnect\n}\n";

/// A project with one sound flow that has been built.
fn project() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("flows-src")).unwrap();
    fs::write(folder.path().join("flowc.toml"), "source = \"flows-src\"\nout = \"out\"\n").unwrap();
    fs::write(folder.path().join("flows-src/Sound.flow"), SOUND).unwrap();
    let run = flowc(folder.path(), &["build"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    folder
}

/// Everything in the out folder, by path.
fn outputs(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let read = |path: &Path| (path.display().to_string(), fs::read(path).unwrap());
    files_below(&folder.join("out")).iter().map(|path| read(path)).collect()
}

fn build(folder: &Path) -> Run {
    let begin = Instant::now();
    let run = flowc(folder, &["build"]);
    assert!(begin.elapsed() < PATIENCE, "took {:?}", begin.elapsed());
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    assert!(matches!(run.code, Some(0 | 1)), "{run:?}");
    run
}

/// A file that stops the build: what is said holds these words, and the out folder stays as it was.
fn refused(name: &str, content: impl AsRef<[u8]>, words: &[&str]) {
    let folder = project();
    let before = outputs(folder.path());
    fs::write(folder.path().join("flows-src").join(name), content).unwrap();
    refused_project(folder.path(), &before, words);
}

fn refused_project(folder: &Path, before: &BTreeMap<String, Vec<u8>>, words: &[&str]) {
    let run = build(folder);
    assert_eq!(run.code, Some(1), "{run:?}");
    for word in words {
        assert!(run.stderr.contains(word), "`{word}` is not in\n{}", run.stderr);
    }
    assert_eq!(before, &outputs(folder), "the out folder has changed");
}

/// A file that is compiled; what is said along the way.
fn compiled(name: &str, content: impl AsRef<[u8]>, output: &str) -> String {
    let folder = project();
    fs::write(folder.path().join("flows-src").join(name), content).unwrap();
    let run = build(folder.path());
    assert_eq!(run.code, Some(0), "{run:?}");
    let text = fs::read_to_string(folder.path().join("out").join(output)).unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    run.stderr
}

#[test]
fn bytes_that_are_not_utf8() {
    let text = b"inbound flow Main {\n  say \"Gr\xFC\xDFe\"\n  disconnect\n}\n";
    refused("Main.flow", text, &["error[FC0104]", "line 2", "flows-src/Main.flow"]);
}

#[test]
fn utf16_as_some_editors_save_it() {
    let units = SOUND.encode_utf16().flat_map(u16::to_le_bytes);
    let bytes: Vec<u8> = [0xFF, 0xFE].into_iter().chain(units).collect();
    refused("Main.flow", bytes, &["error[FC0104]", "UTF-16", "flows-src/Main.flow"]);
}

#[test]
fn a_nul_byte_in_a_text() {
    let text = "inbound flow Main {\n  say \"Wel\0come\"\n  disconnect\n}\n";
    refused("Main.flow", text, &["error[FC0104]", "flows-src/Main.flow:2:11"]);
}

#[test]
fn a_byte_order_mark_is_not_part_of_the_text() {
    let text = format!("\u{feff}{}", SOUND.replace("Sound", "Main"));
    assert_eq!(compiled("Main.flow", text, "Main.json"), "");
}

#[test]
fn line_endings_of_windows_mean_the_same() {
    let text = "inbound flow Main {\n  say \"\"\"\n    One\n    two\n    \"\"\"\n  disconnect\n}\n";
    let documents = [text.to_owned(), text.replace('\n', "\r\n")].map(|text| {
        let folder = project();
        fs::write(folder.path().join("flows-src/Main.flow"), text).unwrap();
        let run = build(folder.path());
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        fs::read_to_string(folder.path().join("out/Main.json")).unwrap()
    });
    assert_eq!(documents[0], documents[1]);
    assert!(documents[0].contains(r#""One\ntwo""#));
}

#[test]
fn fifty_megabytes() {
    let text = "// nothing to see here\n".repeat(50 * 1024 * 1024 / 23);
    refused("Main.flow", text, &["error[FC0105]", "flows-src/Main.flow"]);
}

#[test]
fn a_folder_named_like_a_flow() {
    let folder = project();
    let before = outputs(folder.path());
    fs::create_dir(folder.path().join("flows-src/Main.flow")).unwrap();
    refused_project(folder.path(), &before, &["error[FC0108]", "flows-src/Main.flow"]);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere() {
    let folder = project();
    let before = outputs(folder.path());
    std::os::unix::fs::symlink("gone", folder.path().join("flows-src/Main.flow")).unwrap();
    refused_project(folder.path(), &before, &["error[FC0108]", "flows-src/Main.flow"]);
}

#[cfg(unix)]
#[test]
fn a_file_that_permissions_close() {
    use std::os::unix::fs::PermissionsExt;
    let folder = project();
    let before = outputs(folder.path());
    let path = folder.path().join("flows-src/Main.flow");
    fs::write(&path, SOUND).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    // Nothing is closed to an administrator; then the two flows of one name are what stops the build.
    let code = if fs::read(&path).is_err() { "error[FC0108]" } else { "error[FC0206]" };
    refused_project(folder.path(), &before, &[code]);
}

#[test]
fn nesting_ten_thousand_deep() {
    for (open, close) in [("{", "}"), ("(", ")"), ("[", "]"), ("if $.Channel == \"CHAT\" {\n", "}\n")] {
        let text = format!("inbound flow Main {{\n{}{}\n}}\n", open.repeat(10_000), close.repeat(10_000));
        refused("Main.flow", text, &["error[FC0103]", "flows-src/Main.flow:"]);
    }
}

#[test]
fn nesting_that_is_never_closed() {
    for open in ["{", "(", "[", "\"", "\"\"\"", "say {"] {
        let text = format!("inbound flow Main {{\n{}", open.repeat(10_000));
        refused("Main.flow", text, &["error[FC0", "flows-src/Main.flow:"]);
    }
}

#[test]
fn a_flow_of_three_hundred_blocks() {
    let mut text = "inbound flow Main {\n".to_owned();
    for turn in 1..300 {
        writeln!(text, "  say \"Line {turn}.\"").unwrap();
    }
    text.push_str("  disconnect\n}\n");
    refused("Main.flow", text, &["error[FC0504]", "300 actions", "flows-src/Main.flow:1:14"]);
}

#[test]
fn fragments_that_multiply() {
    let mut text = "inbound flow Main {\n  use f0\n  disconnect\n}\n".to_owned();
    for level in 0..15 {
        let uses = format!("  use f{}\n", level + 1).repeat(20);
        write!(text, "fragment f{level} {{\n{uses}}}\n").unwrap();
    }
    text.push_str("fragment f15 {\n  say \"Hello.\"\n}\n");
    refused("Main.flow", text, &["error[FC0504]", "flows-src/Main.flow:"]);
}

#[test]
fn fragments_that_multiply_and_hold_nothing() {
    let mut text = String::from("inbound flow Main {\n  use f0\n  disconnect\n}\n");
    for level in 0..12 {
        let inner = format!("  use f{}\n", level + 1).repeat(8);
        let _ = write!(text, "fragment f{level} {{\n{inner}}}\n");
    }
    text.push_str("fragment f12 {\n}\n");
    refused("Main.flow", text, &["error[FC0504]", "fragments are used more than 10000 times"]);
}

#[test]
fn parameters_that_multiply() {
    for given in ["x", ""] {
        let mut text = format!("inbound flow Main {{\n  use f0 (a: \"{given}\")\n  disconnect\n}}\n");
        for level in 0..14 {
            let several = "$a ".repeat(8);
            write!(text, "fragment f{level} (a) {{\n  use f{} (a: \"{several}\")\n}}\n", level + 1).unwrap();
        }
        text.push_str("fragment f14 (a) {\n  say \"$a\"\n}\n");
        refused("Main.flow", text, &["error[FC0504]", "the parameters of fragments", "flows-src/Main.flow:"]);
    }
}

#[test]
fn two_flows_of_one_name_in_two_files() {
    refused("Other.flow", SOUND, &["error[FC0206]", "flows-src/Other.flow:1:14", "flows-src/Sound.flow:1:14"]);
}

#[test]
fn a_step_loop_with_no_way_out() {
    let arrows = "inbound flow Main {\n  -> a\n  step a {\n    -> b\n  }\n  step b {\n    -> a\n  }\n}\n";
    refused("Main.flow", arrows, &["error[FC0406]", "flows-src/Main.flow:"]);
    let spoken = "inbound flow Main {\n  -> a\n  step a {\n    say \"Again.\"\n    -> a\n  }\n}\n";
    let said = compiled("Main.flow", spoken, "Main.json");
    assert!(said.contains("warning[FC0413]") && said.contains("flows-src/Main.flow:4:5"), "{said}");
}

#[test]
fn a_name_of_two_hundred_characters() {
    let text = format!("inbound flow {} {{\n  disconnect\n}}\n", "n".repeat(200));
    refused("Main.flow", text, &["error[FC0507]", "200 characters", "flows-src/Main.flow:1:14"]);
}

#[test]
fn a_flow_without_a_line_and_a_file_without_a_flow() {
    refused("Main.flow", "inbound flow Main {\n}\n", &["error[FC0412]", "flows-src/Main.flow:1:14"]);
    for text in ["", "\n\n", "// Later.\n", "\u{feff}"] {
        assert_eq!(compiled("Main.flow", text, "Sound.json"), "", "{text:?}");
    }
}

#[test]
fn a_flow_file_that_is_json() {
    let document = r#"{ "Version": "2019-10-30", "StartAction": "a", "Actions": [] }"#;
    for text in [document.to_owned(), format!("[{document}]"), "{}".to_owned(), format!("\u{feff}\n{document}")] {
        refused("Main.flow", text, &["error[FC0106]", "flows-src/Main.flow:"]);
    }
}

#[test]
fn names_that_a_file_cannot_have() {
    for name in ["../../escape", "con", "a/b\\\\c", ".hidden", "manifest"] {
        let folder = project();
        let text = format!("inbound flow \"{name}\" {{\n  disconnect\n}}\n");
        fs::write(folder.path().join("flows-src/Main.flow"), text).unwrap();
        let run = build(folder.path());
        assert_eq!(run.code, Some(0), "{run:?}");
        let made: Vec<String> = entries(&folder.path().join("out")).iter().map(|path| file_name(path)).collect();
        assert_eq!(made.len(), 5, "{name}: {made:?}");
        assert!(made.iter().all(|file| !file.starts_with('.')), "{name}: {made:?}");
        assert_eq!(entries(folder.path()).len(), 3, "{name} is written elsewhere");
    }
}

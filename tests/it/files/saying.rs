//! What flowc says arrives, or its exit code says that it did not.

use std::fs::File;
use std::process::Stdio;

use super::{flow, project};
use crate::support::baseline::{flowc, flowc_command};

#[cfg(target_os = "linux")]
fn full() -> File {
    File::options().write(true).open("/dev/full").unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_a_failure() {
    let folder = project(&[]);
    let cases: [&[&str]; 7] = [
        &["lint", "--format", "sarif"],
        &["lint", "--format", "junit"],
        &["check", "--message-format", "json"],
        &["graph", "Main"],
        &["completions", "bash"],
        &["explain", "FC0101"],
        &["--help"],
    ];
    for arguments in cases {
        let output = flowc_command(folder.path(), arguments).stdout(full()).output().unwrap();
        let is_said_nothing = flowc(folder.path(), arguments).stdout.is_empty();
        assert_eq!(output.status.code(), Some(if is_said_nothing { 0 } else { 2 }), "{arguments:?}");
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(
            is_said_nothing || arguments == ["--help"] || told.contains("cannot write to stdout: no space left"),
            "{told}"
        );
    }
    // What is wrong with a flow goes to stderr.
    let folder = project(&[("flows-src/main.flow", "inbound flow Main {\n  disconect\n}\n")]);
    let output = flowc_command(folder.path(), &["check"]).stderr(full()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let many: String = (0..20).map(|at| flow(&format!("F{at}"), "Hello.")).collect();
    let folder = project(&[("flows-src/many.flow", &many)]);
    for arguments in [&["lint"][..], &["graph", "F1"], &["lint", "--format", "sarif"]] {
        let code = flowc(folder.path(), arguments).code;
        let mut child =
            flowc_command(folder.path(), arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), code, "{told}");
        assert!(!told.contains("cannot write") && !told.contains("panicked"), "{told}");
    }
}

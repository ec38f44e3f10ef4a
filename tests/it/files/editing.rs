//! What somebody edits while flowc works is not lost.

use std::fs;
use std::io::Read;
use std::process::Stdio;

use super::{flow, folder, read, write};
use crate::support::baseline::flowc_command;

/// How long each line is that the program says; so many of them fill any pipe.
const LONG: usize = 200;
const MANY: usize = 600;

#[test]
fn an_edit_that_is_saved_while_sources_are_formatted_stays() {
    let folder = folder(&[("flowc.toml", "")]);
    let path = |at: usize| format!("flows-src/{at:0LONG$}.flow");
    for at in 0..MANY {
        write(folder.path(), &path(at), &flow(&format!("F{at}"), "Hello.").replace("  say", "      say"));
    }
    // Nobody reads what is said, so that the program stops in the middle, before it comes to the last source.
    let mut child =
        flowc_command(folder.path(), &["fmt"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let first = folder.path().join(path(0));
    while fs::read_to_string(&first).unwrap().contains("      say") {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let edit = flow("Edited", "This is hours of work.").replace("  say", "      say");
    write(folder.path(), &path(MANY - 1), &edit);
    let mut said = String::new();
    child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    let mut told = String::new();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    let code = child.wait().unwrap().code();
    assert_eq!(read(folder.path(), &path(MANY - 1)), edit);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("was edited meanwhile, and left alone"), "{told}");
    assert_eq!(said.lines().filter(|line| line.starts_with("formatted ")).count(), MANY - 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_source_whose_name_is_not_utf8_is_told() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = super::project(&[]);
    let odd = folder.path().join("flows-src").join(OsStr::from_bytes(b"caf\xe9.flow"));
    fs::write(&odd, flow("Cafe", "Hello.").replace("  say", "      say")).unwrap();
    for arguments in [&["check"][..], &["build"], &["fmt"], &["lint"]] {
        let output = flowc_command(folder.path(), arguments).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {told}");
        assert!(told.contains("the name of this file is not UTF-8"), "{told}");
    }
    let output = flowc_command(folder.path(), &["check"]).arg(&odd).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
}

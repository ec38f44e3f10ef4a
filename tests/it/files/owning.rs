//! What is there and was not written by flowc stays; who writes into one folder waits; what a killed run leaves is known.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use super::{flow, folder, project, read, write};
use crate::support::baseline::{files_below, flowc, flowc_command};

#[test]
fn a_file_that_no_build_wrote_is_not_overwritten() {
    let cases: [(&str, &[&str]); 6] = [
        ("out/Main.json", &["build"]),
        ("out/Main.map.json", &["build"]),
        ("out/manifest.json", &["build"]),
        ("dist/terraform/main.tf.json", &["emit", "--target", "terraform"]),
        ("dist/content/Main.json", &["emit", "--target", "content"]),
        ("notes.txt", &["lint", "--write-baseline", "notes.txt"]),
    ];
    for (name, arguments) in cases {
        let folder = project(&[(name, "{\"mine\": true}")]);
        let before = files_below(folder.path());
        let run = flowc(folder.path(), arguments);
        assert_eq!(run.code, Some(2), "{name}: {run:?}");
        assert!(run.stderr.contains("is there, and") && run.stderr.contains("--force"), "{}", run.stderr);
        assert_eq!(read(folder.path(), name), "{\"mine\": true}");
        assert_eq!(files_below(folder.path()), before, "nothing else is written either");
        let run = flowc(folder.path(), &[arguments, &["--force"]].concat());
        assert_eq!(run.code, Some(0), "{name}: {run:?}");
        assert_ne!(read(folder.path(), name), "{\"mine\": true}");
        // From now on it is flowc's own.
        write(folder.path(), "flows-src/main.flow", &flow("Main", "Good morning."));
        let run = flowc(folder.path(), arguments);
        assert_eq!(run.code, Some(0), "{name}: {run:?}");
    }
}

#[test]
fn a_file_that_holds_what_it_would_hold_is_in_nobodys_way() {
    let folder = project(&[]);
    assert_eq!(flowc(folder.path(), &["build"]).code, Some(0));
    fs::remove_file(folder.path().join("out/manifest.json")).unwrap();
    assert_eq!(flowc(folder.path(), &["build"]).code, Some(0));
    assert_eq!(flowc(folder.path(), &["build", "--check"]).code, Some(0));
}

#[test]
fn a_project_is_made_whole_or_not_at_all() {
    let folder = folder(&[("flows-src", "a file, where a folder would be")]);
    let run = flowc(folder.path(), &["init"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert_eq!(files_below(folder.path()).len(), 1, "nothing of a project is left");
}

#[test]
fn the_out_folder_is_one_of_its_own() {
    for (out, code) in [(".", 1), ("./", 1), ("flows-src", 1), (".git", 1), (".github/workflows", 1), ("a/.b", 1)] {
        let folder = project(&[("flowc.toml", &format!("out = {out:?}\n"))]);
        let before = files_below(folder.path());
        let run = flowc(folder.path(), &["build"]);
        assert_eq!(run.code, Some(code), "{out}: {run:?}");
        assert!(run.stderr.contains("error[FC"), "{}", run.stderr);
        assert_eq!(files_below(folder.path()), before, "{out}");
    }
    let outer = folder(&[("other/flowc.toml", ""), ("other/flows-src/x.flow", &flow("X", "Hello."))]);
    for name in ["flowc.toml", "sub/flowc.toml"] {
        write(outer.path(), &format!("mine/{name}"), "");
    }
    write(outer.path(), "mine/flows-src/main.flow", &flow("Main", "Hello."));
    let before = files_below(outer.path());
    for out in [".", "flows-src", "../mine", "../other", "../other/out", "sub", "sub/out", ".hidden"] {
        let run = flowc(&outer.path().join("mine"), &["build", "--out", out]);
        assert_eq!(run.code, Some(2), "{out}: {run:?}");
        assert!(run.stderr.contains("cannot be the folder of what is written"), "{}", run.stderr);
        assert_eq!(files_below(outer.path()), before, "{out}");
    }
}

#[test]
fn two_projects_do_not_share_an_out_folder() {
    let outer = folder(&[("a/flowc.toml", ""), ("b/flowc.toml", "")]);
    write(outer.path(), "a/flows-src/main.flow", &flow("Main", "This is A."));
    write(outer.path(), "b/flows-src/main.flow", &flow("Main", "This is B."));
    let [a, b] = ["a", "b"].map(|name| outer.path().join(name));
    for arguments in [&["build", "--out", "../built"][..], &["emit", "--target", "terraform", "--out", "../emitted"]] {
        assert_eq!(flowc(&a, arguments).code, Some(0));
        assert_eq!(flowc(&a, arguments).code, Some(0), "its own, again");
        let run = flowc(&b, arguments);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(
            run.stderr.contains("is the folder of another project") && run.stderr.contains("/a`"),
            "{}",
            run.stderr
        );
    }
    assert!(read(outer.path(), "built/Main.json").contains("This is A."));
    assert_eq!(flowc(&b, &["build", "--out", "../built", "--force"]).code, Some(0));
    assert!(read(outer.path(), "built/Main.json").contains("This is B."));
    // A project that is gone has nothing to lose.
    fs::remove_dir_all(&b).unwrap();
    assert_eq!(flowc(&a, &["build", "--out", "../built"]).code, Some(0));
}

// ---- at once, and cut short ---------------------------------------------------------------------------------------

const FLOWS: usize = 60;

/// How often something is tried that depends on the moment.
fn rounds() -> usize {
    std::env::var("FLOWC_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(4)
}

fn many(folder: &Path, text: &str) {
    for at in 0..FLOWS {
        write(folder, &format!("flows-src/f{at}.flow"), &flow(&format!("F{at}"), text));
    }
}

/// Everything in the out folder, by path.
fn outputs(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let out = folder.join("out");
    let read = |path: &Path| (path.strip_prefix(&out).unwrap().display().to_string(), fs::read(path).unwrap());
    files_below(&out).iter().map(|path| read(path)).collect()
}

/// What a build leaves that nothing disturbs.
fn undisturbed(text: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = project(&[]);
    many(folder.path(), text);
    assert_eq!(flowc(folder.path(), &["build"]).code, Some(0));
    outputs(folder.path())
}

#[test]
fn a_killed_build_leaves_whole_files_and_the_next_one_mends_it() {
    let texts = ["Welcome.", "Good morning."].map(|text| (text, undisturbed(text)));
    let folder = project(&[]);
    let mut dice = 7_u64;
    for round in 0..rounds() {
        let (text, wanted) = &texts[round % 2];
        many(folder.path(), text);
        let mut child =
            flowc_command(folder.path(), &["build"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_millis(20 + (dice >> 33) % 300));
        let _ = child.kill();
        let was_killed = !child.wait().unwrap().success();
        if folder.path().join("out").exists() {
            for (name, content) in outputs(folder.path()) {
                let is_whole = texts.iter().any(|(_, whole)| whole.get(&name) == Some(&content));
                assert!(
                    is_whole || Path::new(&name).extension().is_some_and(|ending| ending == "tmp"),
                    "half of {name}"
                );
            }
            // It is current exactly if it is what a build would have made.
            let mut now = outputs(folder.path());
            now.retain(|name, _| Path::new(name).extension().is_none_or(|ending| ending != "tmp"));
            let code = flowc(folder.path(), &["build", "--check"]).code;
            assert_eq!(code, Some(i32::from(now != *wanted)), "killed: {was_killed}");
        }
        let run = flowc(folder.path(), &["build"]);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert_eq!(outputs(folder.path()), *wanted, "round {round}, killed: {was_killed}");
    }
}

#[test]
fn what_a_killed_build_left_is_cleared_away() {
    let folder = project(&[]);
    assert_eq!(flowc(folder.path(), &["build"]).code, Some(0));
    let before = outputs(folder.path());
    // As one that was killed in the middle: files beside their places, and one of a flow that is gone since.
    write(folder.path(), "out/.flowc-a1B2c3.tmp", "half");
    write(folder.path(), "out/.flowc-build.tmp", "Main.json\nMain.map.json\nOld.json\nmanifest.json\n../flowc.toml\n");
    write(folder.path(), "out/Old.json", "{}");
    write(folder.path(), "out/Main.json", "{}");
    assert_eq!(flowc(folder.path(), &["build", "--check"]).code, Some(1));
    let run = flowc(folder.path(), &["build"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(outputs(folder.path()), before);
    assert!(folder.path().join("flowc.toml").exists());
}

#[test]
fn builds_of_one_project_wait_for_each_other() {
    let texts = ["Welcome.", "Good morning."].map(|text| (text, undisturbed(text)));
    // Two copies of a project that write into the same folder, which is neither's own.
    let outer = folder(&[("loose/a/x.flow", ""), ("loose/b/x.flow", "")]);
    let sides = ["a", "b"].map(|name| outer.path().join("loose").join(name));
    for (side, (text, _)) in sides.iter().zip(&texts) {
        many(side, text);
        fs::remove_file(side.join("x.flow")).unwrap();
    }
    for round in 0..rounds() {
        let children = sides.each_ref().map(|side| {
            let arguments = ["build", "flows-src", "--out", "../out"];
            flowc_command(side, &arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        });
        for mut child in children {
            assert!(child.wait().unwrap().success());
        }
        let found = outputs(&outer.path().join("loose"));
        let of =
            |text: &str| found.values().filter(|file| memchr::memmem::find(file, text.as_bytes()).is_some()).count();
        let (one, other) = (of("Welcome."), of("Good morning."));
        assert!(one == 0 || other == 0, "round {round}: {one} files of one build and {other} of the other");
    }
}

#[cfg(unix)]
#[test]
fn who_holds_the_out_folder_is_waited_for() {
    let folder = project(&[]);
    assert_eq!(flowc(folder.path(), &["build"]).code, Some(0));
    write(folder.path(), "flows-src/main.flow", &flow("Main", "Good morning."));
    let held = fs::File::open(folder.path().join("out")).unwrap();
    held.lock().unwrap();
    let mut child =
        flowc_command(folder.path(), &["build"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    std::io::BufRead::read_line(&mut said, &mut line).unwrap();
    assert!(line.contains("waiting for it"), "{line}");
    assert!(!read(folder.path(), "out/Main.json").contains("Good morning."));
    held.unlock().unwrap();
    assert!(child.wait().unwrap().success());
    assert!(read(folder.path(), "out/Main.json").contains("Good morning."));
}

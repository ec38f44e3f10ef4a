//! A project has the same sources on every machine, and what is left out is said.

use std::fs;

use super::{flow, folder, project, read, write};
use crate::support::baseline::{flowc, flowc_command};

#[test]
fn only_gitignore_files_of_the_project_count() {
    let outer = folder(&[
        (".gitignore", "main.flow\nproject\n"),
        (".ignore", "main.flow\n"),
        ("excludes", "main.flow\n"),
        ("config", ""),
        ("project/flowc.toml", ""),
        ("project/.ignore", "main.flow\n"),
        ("project/flows-src/.ignore", "main.flow\n"),
        ("project/.git/info/exclude", "main.flow\n"),
        ("project/flows-src/main.flow", &flow("Main", "Hello.")),
    ]);
    let excludes = outer.path().join("excludes").display().to_string();
    write(outer.path(), "config", &format!("[core]\n  excludesFile = {excludes}\n"));
    let project = outer.path().join("project");
    let mut command = flowc_command(&project, &["check"]);
    let output = command.env("GIT_CONFIG_GLOBAL", outer.path().join("config")).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "checked 1 flow: 0 errors, 0 warnings\n");
    write(&project, ".gitignore", "/flows-src/main.flow\n");
    let run = flowc(&project, &["check"]);
    assert_eq!(run.code, Some(1), "there is nothing left: {run:?}");
}

#[test]
fn what_is_left_out_is_said() {
    let folder = project(&[
        (".gitignore", "old.flow\n"),
        ("flows-src/old.flow", &flow("Old", "Hello.")),
        ("flows-src/.draft.flow", &flow("Draft", "Hello.")),
        ("flows-src/.drafts/a.flow", &flow("A", "Hello.")),
        ("flows-src/.vscode/settings.json", "{}"),
    ]);
    for command in ["check", "build"] {
        let run = flowc(folder.path(), &[command]);
        assert_eq!(run.code, Some(0), "{run:?}");
        let told = "3 of the source folder are left out, hidden or named in a .gitignore: `flows-src/.draft.flow`, \
                    `flows-src/.drafts`, `flows-src/old.flow`\n";
        assert_eq!(run.stderr, told);
    }
    for name in [".draft.flow", ".drafts/a.flow", "old.flow"] {
        fs::remove_file(folder.path().join("flows-src").join(name)).unwrap();
    }
    assert_eq!(flowc(folder.path(), &["check"]).stderr, "");
}

const INSTANCE: &str = "arn:aws:connect:us-east-1:111122223333:instance/0f1e2d3c-1111-4222-8333-444455556666";

#[test]
fn two_environments_never_share_a_file() {
    let plain = format!("instance = \"{INSTANCE}\"\n");
    let region = format!("[regions.us-east-1]\ninstance = \"{INSTANCE}\"\n");
    // Emitted files have a dash where a folder ends; and on many disks, case makes no difference.
    for (one, other) in [(("dev", &region), ("dev-us-east-1", &plain)), (("dev", &plain), ("Dev", &plain))] {
        let folder = project(&[]);
        for (name, text) in [one, other] {
            write(folder.path(), &format!("environments/{name}.toml"), text);
        }
        for arguments in
            [&["build", "--all-envs"][..], &["emit", "--all-envs", "--target", "terraform"], &["check", "--all-envs"]]
        {
            let run = flowc(folder.path(), arguments);
            assert_eq!(run.code, Some(1), "{arguments:?}: {run:?}");
            assert!(run.stderr.contains("would be written to the same files"), "{}", run.stderr);
        }
        assert!(!folder.path().join("out").exists() && !folder.path().join("dist").exists());
    }
}

#[test]
fn what_emit_finds_not_up_to_date_is_counted_right() {
    let folder = project(&[]);
    let emit = |check: bool| {
        let all = ["emit", "--target", "terraform", "--out", "d", "--check"];
        flowc(folder.path(), &all[..all.len() - usize::from(!check)])
    };
    let counted = |check: bool| emit(check).stdout.lines().last().unwrap_or_default().to_owned();
    assert_eq!(counted(true), "2 files, 2 not up to date");
    assert_eq!(counted(false), "emitted 2 files, 2 changed");
    assert_eq!(counted(true), "2 files, 0 not up to date");
    fs::remove_file(folder.path().join("d/main.tf.json")).unwrap();
    assert_eq!(counted(true), "2 files, 1 not up to date");
    assert_eq!(counted(false), "emitted 2 files, 1 changed");
    // One is renamed: one is missing, one is extra, and what names it is stale.
    write(folder.path(), "flows-src/main.flow", &flow("Other", "Hello."));
    let run = emit(true);
    assert_eq!(run.stdout.lines().count(), 4, "{}", run.stdout);
    assert!(run.stdout.ends_with("2 files, 3 not up to date\n"), "{}", run.stdout);
    assert_eq!(run.code, Some(1));
    assert_eq!(counted(false), "emitted 2 files, 2 changed");
    assert_eq!(emit(true).code, Some(0));
    // Without its list, it would not know what to remove the next time.
    fs::remove_file(folder.path().join("d/.flowc-emitted")).unwrap();
    assert_eq!(counted(true), "2 files, 1 not up to date");
    assert_eq!(emit(false).code, Some(0));
    assert!(read(folder.path(), "d/.flowc-emitted").contains("main.tf.json"));
}

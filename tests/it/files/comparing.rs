//! `flowc diff` says that nothing changed only of what it has read, and reads only what lies here.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{commit, flow, git, project, write};
use crate::support::baseline::{Run, files_below, flowc, flowc_command};

#[test]
fn copies_of_one_flow_are_compared_wherever_they_lie() {
    let folder = project(&[("backup/main.flow", &flow("Main", "Good morning."))]);
    for (old, new) in [("backup/main.flow", "flows-src/main.flow"), ("flows-src/main.flow", "backup/main.flow")] {
        let run = flowc(folder.path(), &["diff", "--exit-code", old, new]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""));
        assert!(run.stdout.contains("Good morning.") && run.stdout.contains("Welcome."), "{}", run.stdout);
        assert!(run.stdout.contains("1 flow changed"), "{}", run.stdout);
    }
    let run = flowc(folder.path(), &["diff", "backup", "flows-src"]);
    assert!(run.stdout.contains("1 flow changed"), "{}", run.stdout);
}

#[test]
fn what_is_declared_beside_a_copy_still_counts() {
    let uses = |text: &str| format!("inbound flow Main {{\n  on error -> next\n\n  say \"{text}\"\n  use bye\n}}\n");
    let fragment = "fragment bye {\n  disconnect\n}\n";
    let folder = project(&[
        ("backup/main.flow", &uses("Good morning.")),
        ("flows-src/main.flow", &(uses("Welcome.") + "\n" + fragment)),
    ]);
    let run = flowc(folder.path(), &["diff", "backup/main.flow", "flows-src/main.flow"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert!(run.stdout.contains("1 flow changed"), "{}", run.stdout);
}

#[test]
fn what_was_not_read_is_never_called_unchanged() {
    let twice = flow("Main", "Good morning.") + "\n" + &flow("Main", "Good evening.");
    let folder = project(&[("a/twice.flow", &twice), ("a/broken.json", "{"), ("b/none.flow", "inbound flaw")]);
    for path in ["a/twice.flow", "a/broken.json", "b/none.flow", "a", "b"] {
        let run = flowc(folder.path(), &["diff", path, path]);
        assert_eq!(run.code, Some(1), "{path}: {run:?}");
        assert!(!run.stdout.contains("no change"), "{path}: {}", run.stdout);
        assert!(run.stdout.contains("not compared"), "{path}: {}", run.stdout);
    }
}

#[test]
fn a_path_that_neither_side_has_is_an_error() {
    let folder = project(&[]);
    commit(folder.path());
    write(folder.path(), "flows-src/main.flow", &flow("Main", "Good morning."));
    for arguments in [&["diff", "HEAD", "--", "flows-scr"][..], &["diff", "HEAD..HEAD", "--", "flows-scr"]] {
        let run = flowc(folder.path(), arguments);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains("neither side has a file or folder `flows-scr`"), "{}", run.stderr);
    }
    // New on one side alone is a change.
    write(folder.path(), "flows-src/new/a.flow", &flow("A", "Hello."));
    let run = flowc(folder.path(), &["diff", "HEAD", "--", "flows-src/new"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.contains("1 flow added"), "{}", run.stdout);
}

/// The file in which git keeps what a path has in the last commit.
fn object(folder: &Path, path: &str) -> std::path::PathBuf {
    let id = git(folder, &["rev-parse", &format!("HEAD:{path}")]);
    folder.join(".git/objects").join(&id[..2]).join(&id[2..])
}

#[test]
fn what_git_cannot_give_is_an_error() {
    let damages: [fn(&Path); 2] =
        [|object| fs::remove_file(object).unwrap(), |object| fs::write(object, "not an object").unwrap()];
    for damage in damages {
        for path in ["flows-src/main.flow", "flowc.toml"] {
            let folder = project(&[("flowc.toml", "# what git keeps\n")]);
            commit(folder.path());
            let object = object(folder.path(), path);
            // Git writes them so that nobody changes them by mistake.
            let scratch = object.with_extension("new");
            fs::copy(&object, &scratch).unwrap();
            fs::remove_file(&object).unwrap();
            fs::write(&object, fs::read(&scratch).unwrap()).unwrap();
            damage(&object);
            let run = flowc(folder.path(), &["diff", "HEAD"]);
            assert_eq!(run.code, Some(2), "{path}: {run:?}");
            assert!(run.stderr.contains("git "), "{}", run.stderr);
        }
    }
}

#[test]
fn an_odd_path_of_a_revision_is_an_error() {
    let folder = project(&[]);
    commit(folder.path());
    let blob = git(folder.path(), &["rev-parse", "HEAD:flows-src/main.flow"]);
    let mut index = Command::new("git");
    let index = index.current_dir(folder.path()).args(["update-index", "-z", "--index-info"]).stdin(Stdio::piped());
    let mut index = index.spawn().unwrap();
    let line = [format!("100644 {blob}\tflows-src/caf").as_bytes(), b"\xe9.flow\0"].concat();
    index.stdin.take().unwrap().write_all(&line).unwrap();
    assert!(index.wait().unwrap().success());
    git(folder.path(), &["commit", "-q", "-m", "an odd path"]);
    let run = flowc(folder.path(), &["diff", "HEAD"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("not UTF-8"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_link_of_a_revision_is_what_it_leads_to() {
    let folder = project(&[("common/a.flow", &flow("A", "Hello."))]);
    std::os::unix::fs::symlink("../common/a.flow", folder.path().join("flows-src/a.flow")).unwrap();
    commit(folder.path());
    let run = flowc(folder.path(), &["diff", "HEAD"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), "no change; 2 are the same\n"), "{run:?}");
    fs::remove_file(folder.path().join("flows-src/a.flow")).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", folder.path().join("flows-src/a.flow")).unwrap();
    commit(folder.path());
    let run = flowc(folder.path(), &["diff", "HEAD~1..HEAD"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("`flows-src/a.flow` is a link in the revision"), "{}", run.stderr);
}

/// A clone that would have to fetch what files hold, and whose settings name a program for that.
fn partial_clone(origin: &Path, folder: &Path) {
    git(origin, &["config", "uploadpack.allowFilter", "true"]);
    git(origin, &["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let address = format!("file://{}", origin.display());
    git(folder, &["clone", "-q", "--no-checkout", "--filter=blob:none", &address, "clone"]);
    let clone = folder.join("clone");
    git(&clone, &["config", "remote.origin.uploadpack", "touch ran; git-upload-pack"]);
    git(&clone, &["config", "protocol.file.allow", "always"]);
    git(&clone, &["config", "core.fsmonitor", "touch ran; false"]);
    git(&clone, &["config", "diff.external", "touch ran; false"]);
}

#[test]
fn a_comparison_fetches_nothing_and_runs_nothing_of_a_repository() {
    let origin = project(&[]);
    commit(origin.path());
    let folder = tempfile::tempdir().unwrap();
    partial_clone(origin.path(), folder.path());
    let clone = folder.path().join("clone");
    let objects = || files_below(&clone.join(".git/objects")).len();
    let before = objects();
    let run = flowc(&clone, &["diff", "HEAD..HEAD"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("is missing here") && run.stderr.contains("partial clone"), "{}", run.stderr);
    assert_eq!(objects(), before, "git has fetched");
    let is_run = |path: &std::path::PathBuf| path.ends_with("ran");
    assert!(!files_below(folder.path()).iter().any(is_run), "a program of the repository's settings was run");
}

#[test]
fn a_checkout_of_somebody_else_is_told_as_that() {
    let folder = project(&[]);
    commit(folder.path());
    let mut command = flowc_command(folder.path(), &["diff"]);
    // Git's own tests pretend so.
    command.env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1").env("GIT_CONFIG_GLOBAL", "").env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.output().unwrap();
    let run = Run {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    };
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("belongs to somebody else"), "{}", run.stderr);
    assert!(run.stderr.contains("git config --global --add safe.directory '"), "{}", run.stderr);
}

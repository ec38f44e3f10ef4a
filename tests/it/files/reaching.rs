//! Links, pipes and devices: nothing is read, written or removed elsewhere by way of what lies in a project, and nothing is
//! waited for.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{flow, folder, project, read, write};
use crate::support::baseline::{Run, files_below, flowc, flowc_command, repository};

/// Far more than any of this takes, far less than for ever.
const PATIENCE: Duration = Duration::from_mins(1);

const SECRET: &str = "AKIA-a-secret";

/// Runs the program, and fails if it waits for something.
fn at_once(folder: &Path, arguments: &[&str]) -> Run {
    let mut command = flowc_command(folder, arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).env("A_TOKEN", SECRET);
    let mut child = command.spawn().unwrap();
    let begin = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begin.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("flowc {arguments:?} waits");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn pipe(path: &Path) {
    let _ = fs::remove_file(path);
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Puts a link in place of whatever is there.
fn link(target: impl AsRef<Path>, folder: &Path, name: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let _ = fs::remove_file(&path);
    symlink(target, path).unwrap();
}

#[test]
fn a_link_that_leads_out_of_the_project_is_not_read() {
    let elsewhere = folder(&[("secret", SECRET), ("flows/b.flow", &flow("B", SECRET)), (".env", SECRET)]);
    let secret = elsewhere.path().join("secret");
    let places = ["flows-src/a.flow", "flows-src/a.layout.json", "environments/dev.toml", "flowc.toml", "bots/b.toml"];
    for place in places {
        let folder = project(&[("environments/dev.toml", ""), ("bots/b.toml", "")]);
        link(&secret, folder.path(), place);
        for arguments in [&["check", "--all-envs"][..], &["lint"], &["build"], &["diff", "flows-src", "flows-src"]] {
            let run = flowc(folder.path(), arguments);
            let told = run.stdout + &run.stderr;
            assert!(!told.contains(SECRET), "{place} {arguments:?}: {told}");
        }
        let run = flowc(folder.path(), &["lint", "--all-envs"]);
        assert!(run.code != Some(0), "{place}: {run:?}");
        assert!(run.stderr.contains("this link leads out of the project"), "{place}: {}", run.stderr);
    }
    // Folders, and what is hidden inside the project, such as a checkout's own settings.
    let folder = project(&[(".git/config", SECRET), ("handlers/x/src/main.rs", "")]);
    for (target, name) in
        [(elsewhere.path().join("flows"), "flows-src/more"), ("../.git/config".into(), "flows-src/c.flow")]
    {
        link(&target, folder.path(), name);
        let run = flowc(folder.path(), &["check"]);
        let told = run.stdout + &run.stderr;
        assert!(run.code == Some(1) && !told.contains(SECRET), "{told}");
        assert!(told.contains("this link leads"), "{told}");
        fs::remove_file(folder.path().join(name)).unwrap();
    }
    link(&secret, folder.path(), "handlers/x/contract.json");
    let told = format!("{:?}", flowc(folder.path(), &["emit", "--target", "terraform"]));
    assert!(!told.contains(SECRET), "{told}");
}

#[test]
fn a_link_that_leads_inside_is_read_and_one_that_leads_out_is_if_the_project_says_so() {
    let elsewhere = folder(&[("b.flow", &flow("B", "Hello.")), ("more/c.flow", &flow("C", "Hello."))]);
    let folder = project(&[("common/a.flow", &flow("A", "Hello."))]);
    link("../common/a.flow", folder.path(), "flows-src/a.flow");
    assert_eq!(flowc(folder.path(), &["check"]).stdout, "checked 2 flows: 0 errors, 0 warnings\n");
    link(elsewhere.path().join("b.flow"), folder.path(), "flows-src/b.flow");
    link(elsewhere.path().join("more"), folder.path(), "flows-src/more");
    assert_eq!(flowc(folder.path(), &["check"]).code, Some(1));
    write(folder.path(), "flowc.toml", "links = true\n");
    assert_eq!(flowc(folder.path(), &["check"]).stdout, "checked 4 flows: 0 errors, 0 warnings\n");
}

#[cfg(target_os = "linux")]
#[test]
fn an_environment_of_the_process_is_read_by_no_link() {
    for settings in ["", "links = true\n"] {
        let folder = project(&[("flowc.toml", settings)]);
        link("/proc/self/environ", folder.path(), "flows-src/a.flow");
        let run = at_once(folder.path(), &["check"]);
        let told = run.stdout + &run.stderr;
        assert!(run.code == Some(1) && !told.contains(SECRET), "{told}");
    }
}

#[test]
fn nothing_is_waited_for_and_nothing_is_read_without_end() {
    let places = [
        "flowc.toml",
        ".gitignore",
        "flows-src/.gitignore",
        "flows-src/a.flow",
        "flows-src/main.layout.json",
        "environments/dev.toml",
        "handlers/x/contract.json",
        "bots/b.toml",
        "baseline",
        "out/manifest.json",
        "out/Main.json",
        "dist/terraform/.flowc-emitted",
        "dist/terraform/main.tf.json",
    ];
    let commands: [&[&str]; 6] = [
        &["check", "--all-envs"],
        &["lint", "--baseline", "baseline"],
        &["build"],
        &["build", "--check"],
        &["emit", "--target", "terraform"],
        &["fmt"],
    ];
    for place in places {
        for target in [None, Some("/dev/zero")] {
            let folder = project(&[("environments/dev.toml", ""), ("baseline", ""), ("handlers/x/src/main.rs", "")]);
            fs::create_dir_all(folder.path().join(place).parent().unwrap()).unwrap();
            match target {
                None => pipe(&folder.path().join(place)),
                Some(target) => link(target, folder.path(), place),
            }
            let mut is_told = false;
            for arguments in commands {
                let run = at_once(folder.path(), arguments);
                assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
                is_told |= run.code != Some(0);
            }
            assert!(is_told, "{place}");
        }
    }
    let folder = project(&[("handlers/x/src/main.rs", "fn main() {}")]);
    pipe(&folder.path().join("event"));
    let run = at_once(folder.path(), &["handler", "x", "--program", "/bin/true", "--event", "event"]);
    assert!(run.code == Some(2) && run.stderr.contains("not a plain file"), "{run:?}");
    // A hole of a terabyte takes no room, and would take all memory.
    fs::File::create(folder.path().join(".gitignore")).unwrap().set_len(1 << 40).unwrap();
    let run = at_once(folder.path(), &["check"]);
    assert!(run.code == Some(1) && run.stderr.contains(".gitignore"), "{run:?}");
}

/// What a pull request can bring so that files elsewhere are removed or overwritten.
#[test]
fn nothing_is_written_or_removed_through_a_link() {
    let victims =
        || folder(&[("notes.json", "mine"), ("Main.json", "mine"), ("main.tf.json", "mine"), ("a/b.json", "mine")]);
    let untouched = |elsewhere: &Path, what: &str| {
        for name in ["notes.json", "Main.json", "main.tf.json", "a/b.json"] {
            assert_eq!(read(elsewhere, name), "mine", "{what}: {name}");
        }
        assert_eq!(files_below(elsewhere).len(), 4, "{what}");
    };
    // A list names what a link in the folder leads to.
    let (elsewhere, folder) = (victims(), project(&[("dist/terraform/.flowc-emitted", "x/notes.json\nx/a/b.json\n")]));
    link(elsewhere.path(), folder.path(), "dist/terraform/x");
    let run = flowc(folder.path(), &["emit", "--target", "terraform"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    untouched(elsewhere.path(), "a list");
    // Folders of outputs that are links, and parts of them.
    for (name, arguments) in [
        ("out", &["build"][..]),
        ("dist", &["emit", "--target", "terraform"]),
        ("dist/terraform", &["emit", "--target", "terraform"]),
        ("dist/terraform/flows", &["emit", "--target", "terraform"]),
        ("out", &["build", "--out", "out"]),
        ("more", &["build", "--out", "more/x"]),
    ] {
        let (elsewhere, folder) = (victims(), project(&[]));
        link(elsewhere.path(), folder.path(), name);
        let run = flowc(folder.path(), arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}: {run:?}");
        assert!(run.stderr.contains("link"), "{}", run.stderr);
        untouched(elsewhere.path(), name);
    }
    // The folder of an environment.
    let (elsewhere, folder) = (victims(), project(&[]));
    fs::create_dir(folder.path().join("environments")).unwrap();
    fs::copy(repository("environments/dev.toml"), folder.path().join("environments/dev.toml")).unwrap();
    let text = read(folder.path(), "environments/dev.toml");
    let text: Vec<&str> = text.lines().filter(|line| line.starts_with("instance")).collect();
    write(folder.path(), "environments/dev.toml", &text.concat());
    link(elsewhere.path(), folder.path(), "out/dev");
    let run = flowc(folder.path(), &["build", "--env", "dev"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    untouched(elsewhere.path(), "out/dev");
    // Sources that are reached through a link, even where they are read.
    let (elsewhere, folder) = (victims(), project(&[("flowc.toml", "links = true\n")]));
    let unformatted = flow("B", "Hello.").replace("  say", "        say");
    write(elsewhere.path(), "b.flow", &unformatted);
    link(elsewhere.path(), folder.path(), "flows-src/more");
    let run = flowc(folder.path(), &["fmt"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert_eq!(read(elsewhere.path(), "b.flow"), unformatted);
}

#[test]
fn emit_removes_only_what_has_the_shape_of_its_own_files() {
    let kept = ["notes.txt", ".env", "src/main.rs", "a/b/c/d/e.json", ".hidden/x.json"];
    let list = kept.concat().replace(".txt", ".txt\n").replace(".env", ".env\n");
    let list = list + &kept.join("\n") + "\n../../flowc.toml\n/etc/passwd.json\nold.json\n";
    let folder = project(&[("dist/terraform/.flowc-emitted", &list), ("dist/terraform/old.json", "{}")]);
    for name in kept {
        write(folder.path(), &format!("dist/terraform/{name}"), "mine");
    }
    let run = flowc(folder.path(), &["emit", "--target", "terraform"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    for name in kept {
        assert_eq!(read(folder.path(), &format!("dist/terraform/{name}")), "mine");
    }
    assert!(folder.path().join("flowc.toml").exists());
    assert!(!folder.path().join("dist/terraform/old.json").exists(), "what was emitted and is gone");
}

#[test]
fn functions_are_built_only_in_the_project() {
    let crate_text = "[package]\nname = \"hello\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n";
    let ran = "fn main() { std::fs::write(\"ran\", \"\").unwrap(); }";
    let outer = folder(&[
        ("handlers/hello/Cargo.toml", crate_text),
        ("handlers/hello/src/main.rs", "fn main() {}"),
        ("handlers/hello/build.rs", ran),
        ("inner/flowc.toml", ""),
        ("inner/flows-src/main.flow", &flow("Main", "Hello.")),
        ("loose/deep/a.flow", &flow("A", "Hello.")),
    ]);
    for place in ["inner", "inner/flows-src", "loose/deep"] {
        for arguments in [&["package"][..], &["handler", "hello", "--event", "-"]] {
            let run = flowc(&outer.path().join(place), arguments);
            assert_eq!(run.code, Some(2), "{place}: {run:?}");
            assert!(run.stderr.contains("there is no folder `handlers` in"), "{}", run.stderr);
        }
    }
    link("../handlers", outer.path(), "inner/handlers");
    let run = flowc(&outer.path().join("inner"), &["package"]);
    assert!(run.code == Some(2) && run.stderr.contains("leads out of the project"), "{run:?}");
    assert!(!files_below(outer.path()).iter().any(|path| path.ends_with("ran")));
}

#[test]
fn all_files_go_through_one_module() {
    let words = [
        "fs::read",
        "fs::write",
        "fs::remove",
        "fs::rename",
        "fs::copy",
        "create_dir",
        "File::",
        "OpenOptions",
        "read_dir(",
    ];
    for path in files_below(&repository("src")) {
        let shown = path.to_string_lossy().replace('\\', "/");
        if shown.contains("/cli/files/") || !shown.contains("/cli/") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        for line in text.lines() {
            // What the system says of a process, which is no file of anyone.
            let is_known = line.contains("/proc/{}/status");
            assert!(is_known || !words.iter().any(|word| line.contains(word)), "{shown}: {line}");
        }
    }
}

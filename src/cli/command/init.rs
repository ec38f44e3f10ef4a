//! `flowc init`: a project that builds.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use crate::cli::args::Init;
use crate::cli::terminal::Console;
use crate::cli::{Failure, Outcome};
use crate::driver::FILE_NAME;

const FILES: [(&str, &str); 2] = [(FILE_NAME, PROJECT), ("flows-src/hello.flow", HELLO)];

const PROJECT: &str = r#"# The folders of sources and of compiled flows, from here.
source = "flows-src"
out = "out"

# How blocks are named in compiled flows: "uuid" or "readable".
identifiers = "uuid"

# Constants that flows read as `$env.<name>`.
[values]
"#;

const HELLO: &str = r#"/// Greets the caller and hangs up.
inbound flow Hello {
  on error -> next

  say "Hello! This flow was compiled by flowc."
  disconnect
}
"#;

pub fn run(init: &Init, console: &Console) -> Result<Outcome, Failure> {
    let folder = &init.folder;
    // All or nothing: a project that is there already stays as it is.
    for (name, _) in FILES {
        let path = folder.join(name);
        if path.symlink_metadata().is_ok() {
            let problem = format!("`{}` exists already, and init overwrites nothing", path.display());
            return Err(Failure::new(problem).help("name another folder: `flowc init my-flows`"));
        }
    }
    for (name, text) in FILES {
        create(&folder.join(name), text)?;
        console.finding("created", &folder.join(name).display().to_string().replace("./", ""));
    }
    let enter = if folder.as_os_str() == "." { String::new() } else { format!("cd {} && ", folder.display()) };
    console.summary(&format!("next: {enter}flowc build"));
    Ok(Outcome::Clean)
}

fn create(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::io("create", path, &error);
    path.parent().map_or(Ok(()), fs::create_dir_all).map_err(failed)?;
    File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes())).map_err(failed)
}

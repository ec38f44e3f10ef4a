//! `flowc init`: a project that builds.

use crate::cli::args::Init;
use crate::cli::files::Fence;
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
    let fence = Fence::new(folder);
    for (at, (name, text)) in FILES.iter().enumerate() {
        if let Err(failure) = fence.create(&folder.join(name), text.as_bytes()) {
            // Half a project would be in the way of the next attempt.
            FILES.iter().take(at).try_for_each(|(name, _)| fence.remove(&folder.join(name)))?;
            return Err(failure);
        }
        console.finding("created", &folder.join(name).display().to_string().replace("./", ""));
    }
    let enter = if folder.as_os_str() == "." { String::new() } else { format!("cd {} && ", folder.display()) };
    console.summary(&format!("next: {enter}flowc build"));
    Ok(Outcome::Clean)
}

//! `flowc package`: the functions as Lambda takes them.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use serde::Serialize;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::handler_build;
use crate::cli::args::{Architecture, Global, Package};
use crate::cli::files::{self, Place};
use crate::cli::terminal::{Console, counted};
use crate::cli::{Failure, Outcome};

/// What Lambda calls the file that it runs.
const PROGRAM: &str = "bootstrap";

/// The list of what was made.
const MANIFEST: &str = "packages.json";

/// What a package may have, unpacked.
const BYTES_MAX: usize = 250 * 1024 * 1024;

/// The C library of `provided.al2023`: what a program wants of a later one is not there.
const LIBRARY: (u32, u32) = (2, 34);

const ARM64: &str = "aarch64-unknown-linux-gnu";
const X86_64: &str = "x86_64-unknown-linux-gnu";

/// One package, as the manifest tells it.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Row {
    handler: String,
    file: String,
    runtime: &'static str,
    architecture: &'static str,
    /// Of the zip, and of the program in it.
    bytes: usize,
    program_bytes: usize,
    /// Of the zip.
    blake3: String,
    /// What is packed beside the program.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    with: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Manifest<'a> {
    packages: &'a [Row],
}

pub fn run(package: &Package, global: &Global, console: &Console) -> Result<Outcome, Failure> {
    let begin = Instant::now();
    let all = handler_build::all(global)?;
    let known = handler_build::names(&all)?;
    let names = if package.names.is_empty() { known } else { package.names.clone() };
    let folders: Result<Vec<(String, PathBuf)>, Failure> =
        names.into_iter().map(|name| handler_build::folder(&all, &name).map(|folder| (name, folder))).collect();
    let beside = beside(package)?;
    let machine = Machine::of_this()?;
    let build = machine.build(package.arch)?;
    if let Some(note) = &build.note {
        console.note(note);
    }
    let root = all.parent().unwrap_or(&all);
    let place = Place::new(root, &root.join("flows-src"), Path::new("dist/packages"), package.out.as_deref())?;
    let mut packed = Vec::new();
    for (name, folder) in folders? {
        let program = handler_build::build(&name, &folder, true, build.target)?;
        let program = content(&program)?;
        refuse(&name, &program)?;
        let zip = zipped(&program, &beside).map_err(|error| Failure::new(format!("cannot pack `{name}`: {error}")))?;
        let row = Row {
            file: format!("{name}.zip"),
            handler: name,
            runtime: "provided.al2023",
            architecture: build.architecture,
            bytes: zip.len(),
            program_bytes: program.len(),
            blake3: blake3::hash(&zip).to_hex().to_string(),
            with: beside.iter().map(|(name, _)| name.clone()).collect(),
        };
        packed.push((row, zip));
    }
    // All or nothing: a folder of packages is deployed together.
    let mut rows = Vec::new();
    let out = &place.path;
    let _lock = place.take(false, || console.note("another flowc writes packages; waiting for it"))?;
    for (row, zip) in packed {
        place.fence.put(&out.join(&row.file), &zip)?;
        console.lines(&format!("{}  {} bytes  {}\n", row.file, row.bytes, row.architecture));
        rows.push(row);
    }
    let manifest = serde_json::to_string_pretty(&Manifest { packages: &rows })
        .map_err(|error| Failure::new(format!("cannot write the manifest: {error}")))?;
    place.fence.put(&out.join(MANIFEST), format!("{manifest}\n").as_bytes())?;
    let summary = format!("packed {} into {}", counted(rows.len(), "function"), out.display());
    console.summary(&(summary + &console.elapsed(begin)));
    Ok(Outcome::Clean)
}

// ---- for which machine ------------------------------------------------------------------------------------------

/// What can be built here.
struct Machine {
    /// The target of this machine itself.
    host: String,
    /// Whether there are a standard library and a linker for the other architecture.
    has_arm64: bool,
}

/// How to build.
#[derive(Debug, PartialEq, Eq)]
struct Build {
    architecture: &'static str,
    /// Nothing where it is this machine's own.
    target: Option<&'static str>,
    note: Option<String>,
}

impl Machine {
    fn of_this() -> Result<Self, Failure> {
        let about = asked("rustc", &["-vV"])?;
        let host = about.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default().to_owned();
        let library = asked("rustc", &["--print", "target-libdir", "--target", ARM64]).unwrap_or_default();
        let is_linker_set = std::env::var_os("CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER").is_some();
        // Its name is the same on every distribution.
        let has_linker = is_linker_set || asked("aarch64-linux-gnu-gcc", &["--version"]).is_ok();
        Ok(Self { host, has_arm64: Path::new(library.trim()).is_dir() && has_linker })
    }

    /// What is wanted, or the best that there is: Graviton costs less.
    fn build(&self, wanted: Option<Architecture>) -> Result<Build, Failure> {
        let on = |architecture, target: &'static str, note| Build {
            architecture,
            target: (self.host != target).then_some(target),
            note,
        };
        let can_arm64 = self.host == ARM64 || self.has_arm64;
        match wanted {
            Some(Architecture::Arm64) | None if can_arm64 => Ok(on("arm64", ARM64, None)),
            Some(Architecture::Arm64) => Err(Failure::new("this machine cannot build for arm64").help(format!(
                "it takes `rustup target add {ARM64}` and the linker `aarch64-linux-gnu-gcc`, or `cargo lambda build \
                 --release --arm64 --output-format zip`, which brings one"
            ))),
            Some(Architecture::X86_64) if self.host == X86_64 => Ok(on("x86_64", X86_64, None)),
            None if self.host == X86_64 => {
                let note = "built for x86_64, because this machine cannot build for arm64: give the template's parameter \
                            for the architecture as `x86_64`";
                Ok(on("x86_64", X86_64, Some(note.to_owned())))
            }
            Some(Architecture::X86_64) | None => {
                Err(Failure::new(format!("functions run on Linux, and this machine builds for {}", self.host))
                    .help("`cargo lambda build --release --output-format zip` builds for it on any machine"))
            }
        }
    }
}

/// What a tool prints.
fn asked(program: &str, arguments: &[&str]) -> Result<String, Failure> {
    let variable = if program == "rustc" { std::env::var_os("RUSTC") } else { None };
    let output = Command::new(variable.unwrap_or_else(|| program.into()))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::new(format!("cannot run {program}: {error}")))?;
    if !output.status.success() {
        return Err(Failure::new(format!("{program} failed: {}", output.status)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

// ---- what is packed ---------------------------------------------------------------------------------------------

/// What Lambda could not run is told here, and not by the first call.
fn refuse(name: &str, program: &[u8]) -> Result<(), Failure> {
    if program.len() > BYTES_MAX {
        return Err(Failure::new(format!("`{name}` has {} bytes, and Lambda takes {BYTES_MAX}", program.len())));
    }
    match library(program) {
        Some((major, minor)) if (major, minor) > LIBRARY => {
            let (has_major, has_minor) = LIBRARY;
            Err(Failure::new(format!(
                "`{name}` wants version {major}.{minor} of the C library, and Lambda has {has_major}.{has_minor}"
            ))
            .help("build where the library is as old, or with `cargo lambda build --release --output-format zip`"))
        }
        _ => Ok(()),
    }
}

/// The latest version of the C library that a program names.
fn library(program: &[u8]) -> Option<(u32, u32)> {
    let mark = b"GLIBC_";
    let found = memchr::memmem::find_iter(program, mark).filter_map(|at| {
        let after = program.get(at + mark.len()..)?;
        let end = after.iter().position(|byte| !byte.is_ascii_digit() && *byte != b'.')?;
        let (major, minor) = std::str::from_utf8(after.get(..end)?).ok()?.split_once('.')?;
        let minor = minor.split('.').next()?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    });
    found.max()
}

/// The files that go beside the program, by the names that they have there. They are for one function: another would read
/// what is not its own.
fn beside(package: &Package) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    if !package.with.is_empty() && package.names.len() != 1 {
        return Err(Failure::new("`--with` is for one function").help("name it: `flowc package <NAME> --with <FILE>`"));
    }
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for path in &package.with {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name == PROGRAM || files.iter().any(|(known, _)| *known == name) {
            return Err(Failure::new(format!("there would be two files `{name}` in the package")));
        }
        files.push((name, content(path)?));
    }
    files.sort();
    Ok(files)
}

/// A file that goes into a package.
fn content(path: &Path) -> Result<Vec<u8>, Failure> {
    let most = BYTES_MAX as u64;
    files::bytes(path, most)
        .map_err(|unread| Failure::new(format!("cannot read `{}`: {}", path.display(), unread.message(most))))
}

/// The program, and what goes beside it, as a zip: the same bytes for the same files, wherever and whenever.
fn zipped(program: &[u8], beside: &[(String, Vec<u8>)]) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        // The format's first moment: the time of packing is nobody's business.
        .last_modified_time(DateTime::default())
        .unix_permissions(0o755);
    zip.start_file(PROGRAM, options)?;
    zip.write_all(program)?;
    for (name, bytes) in beside {
        zip.start_file(name.as_str(), options.unix_permissions(0o644))?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn machine(host: &str, has_arm64: bool) -> Machine {
        Machine { host: host.to_owned(), has_arm64 }
    }

    #[test]
    fn graviton_is_built_for_where_that_is_possible() {
        let build = machine(X86_64, true).build(None).unwrap();
        assert_eq!((build.architecture, build.target, build.note), ("arm64", Some(ARM64), None));
        let build = machine(ARM64, false).build(None).unwrap();
        assert_eq!((build.architecture, build.target, build.note), ("arm64", None, None));
        let build = machine(X86_64, true).build(Some(Architecture::X86_64)).unwrap();
        assert_eq!((build.architecture, build.target), ("x86_64", None));
    }

    #[test]
    fn where_it_is_not_it_is_said_or_refused() {
        let build = machine(X86_64, false).build(None).unwrap();
        assert_eq!((build.architecture, build.target), ("x86_64", None));
        assert!(build.note.unwrap().starts_with("built for x86_64, because"));
        let failure = machine(X86_64, false).build(Some(Architecture::Arm64)).unwrap_err();
        assert!(failure.help.unwrap().contains("rustup target add aarch64-unknown-linux-gnu"));
        assert!(machine("aarch64-apple-darwin", false).build(None).is_err());
        assert!(machine(ARM64, false).build(Some(Architecture::X86_64)).is_err());
    }

    #[test]
    fn one_program_gives_one_zip() {
        let program = b"\x7fELF and so on".repeat(1000);
        let zip = zipped(&program, &[]).unwrap();
        assert_eq!(zip, zipped(&program, &[]).unwrap());
        assert!(zip.len() < program.len());
        let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
        assert_eq!(archive.len(), 1);
        let mut file = archive.by_name(PROGRAM).unwrap();
        assert_eq!(file.unix_mode().map(|mode| mode & 0o777), Some(0o755));
        assert_eq!(file.last_modified(), Some(DateTime::default()));
        let mut read = Vec::new();
        file.read_to_end(&mut read).unwrap();
        assert_eq!(read, program);
    }

    #[test]
    fn a_program_that_lambda_cannot_run_is_refused() {
        let program = |versions: &[&str]| versions.join("\0").into_bytes();
        assert_eq!(library(&program(&["x", "GLIBC_2.2.5", "GLIBC_2.34", "GLIBC_2.17", ""])), Some((2, 34)));
        assert_eq!(library(b"GLIBC_PRIVATE\0GLIBC_"), None);
        assert!(refuse("f", &program(&["GLIBC_2.34", ""])).is_ok());
        let failure = refuse("f", &program(&["GLIBC_2.4", "GLIBC_2.35", ""])).unwrap_err();
        assert_eq!(failure.message, "`f` wants version 2.35 of the C library, and Lambda has 2.34");
    }
}

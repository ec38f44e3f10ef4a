//! `flowc package`, on a function that takes no time to build.

use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::support::baseline::flowc_command;

const FUNCTION: &str = "[package]\nname = \"hello\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n";

/// A project with one function, whose program prints a text.
fn project(text: &str) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let crate_folder = root.path().join("handlers/hello");
    fs::create_dir_all(crate_folder.join("src")).unwrap();
    // A folder without a program is no function.
    fs::create_dir_all(root.path().join("handlers/common/src")).unwrap();
    fs::write(crate_folder.join("Cargo.toml"), FUNCTION).unwrap();
    fs::write(crate_folder.join("src/main.rs"), format!("fn main() {{ println!({text:?}) }}")).unwrap();
    root
}

fn package(root: &Path, arguments: &[&str]) -> Output {
    let mut command = flowc_command(root, &[&["package"], arguments].concat());
    command.env("CARGO_TARGET_DIR", root.join("target")).output().unwrap()
}

#[test]
fn a_package_holds_the_program_and_the_manifest_tells_of_it() {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return;
    }
    let root = project("hello from a package");
    let run = package(root.path(), &["--arch", "x86_64"]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let folder = root.path().join("dist/packages");
    let zip = fs::read(folder.join("hello.zip")).unwrap();
    let manifest: Value = serde_json::from_slice(&fs::read(folder.join("packages.json")).unwrap()).unwrap();
    let rows = manifest["packages"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{manifest}");
    assert_eq!(rows[0]["handler"], "hello");
    assert_eq!(rows[0]["architecture"], "x86_64");
    assert_eq!(rows[0]["bytes"].as_u64(), Some(zip.len() as u64));
    assert_eq!(rows[0]["blake3"], blake3::hash(&zip).to_hex().as_str());

    let mut archive = zip::ZipArchive::new(Cursor::new(&zip)).unwrap();
    let mut program = Vec::new();
    archive.by_name("bootstrap").unwrap().read_to_end(&mut program).unwrap();
    assert_eq!(rows[0]["program_bytes"].as_u64(), Some(program.len() as u64));
    assert!(memchr::memmem::find(&program, b"hello from a package").is_some());

    // Data goes beside the program, where the function looks for it.
    let map = root.path().join("resource-map.json");
    fs::write(&map, "{}").unwrap();
    let with = ["--arch", "x86_64", "--with", map.to_str().unwrap(), "--out", "other"];
    let run = package(root.path(), &[&["hello"][..], &with].concat());
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let other = fs::read(root.path().join("other/hello.zip")).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(&other)).unwrap();
    assert_eq!((archive.len(), archive.by_name("resource-map.json").unwrap().size()), (2, 2));
    let refused = package(root.path(), &with);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("`--with` is for one function"));

    // Once more: the same bytes, so the file is not touched.
    let time = || fs::metadata(folder.join("hello.zip")).unwrap().modified().unwrap();
    let before = time();
    assert!(package(root.path(), &["hello", "--arch", "x86_64"]).status.success());
    assert_eq!((fs::read(folder.join("hello.zip")).unwrap(), time()), (zip, before));
}

#[test]
fn what_cannot_be_packed_is_told() {
    let root = project("x");
    let run = package(root.path(), &["helo"]);
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(run.status.code(), Some(2));
    assert!(said.contains("there is no handler `helo`") && said.contains("did you mean `hello`?"), "{said}");
    fs::write(root.path().join("handlers/hello/src/main.rs"), "fn main() { nothing }").unwrap();
    let run = package(root.path(), &[]);
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(run.status.code(), Some(2), "{said}");
    assert!(!root.path().join("dist").exists(), "nothing is written");
    let empty = tempfile::tempdir().unwrap();
    let run = package(empty.path(), &[]);
    assert!(String::from_utf8_lossy(&run.stderr).contains("there is no folder `handlers`"));
}

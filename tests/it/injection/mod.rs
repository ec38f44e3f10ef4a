//! What is written in sources, or is the name of a file, stays text wherever it is shown or written: it steers no terminal, no
//! build server, no page, no picture and no deployment tool. `SECURITY.md` promises it and names these tests.

mod hosts;
mod people;
mod pictures;
mod templates;

use std::fs;

/// Files of a project in a folder that lasts as long as the test.
fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    if !folder.path().join("flowc.toml").exists() {
        fs::write(folder.path().join("flowc.toml"), "source = \"flows\"\n").unwrap();
    }
    folder
}

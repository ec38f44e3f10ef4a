//! Writing so that a reader never sees half a file, and never a change where there is none.
//!
//! A file is written beside its place under another name and then moved there, which is one step for everyone who
//! looks. A file that already has its content is not touched, so that its time says when it last changed.

use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::Failure;
use crate::driver::{self, Output};

/// How a file stands to what it should hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Fresh,
    Stale,
    Missing,
}

/// The folder of a build's outputs.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// The manifest that the last build left; empty if there was none.
    pub manifest: String,
}

impl Folder {
    pub fn open(path: PathBuf) -> Result<Self, Failure> {
        if path.exists() && !path.is_dir() {
            let message = format!("`{}` is a file, where the out folder should be", path.display());
            return Err(Failure::new(message).help("name another folder with `--out` or in flowc.toml"));
        }
        let manifest = match fs::read(path.join(driver::MANIFEST)) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Failure::io("read", &path.join(driver::MANIFEST), &error)),
        };
        Ok(Self { path, manifest })
    }

    pub fn state(&self, output: &Output) -> Result<State, Failure> {
        state(&self.path.join(&output.name), output.text.as_bytes())
    }

    /// Writes an output unless it is fresh; says whether it was.
    pub fn put(&self, output: &Output) -> Result<State, Failure> {
        put(&self.path.join(&output.name), output.text.as_bytes())
    }

    /// Files of the last build that this one does not make. Only what the last manifest lists: other files in the folder
    /// are their owner's.
    pub fn leftovers(&self, kept: &BTreeSet<String>) -> Vec<String> {
        let mut names = driver::listed(&self.manifest);
        names.retain(|name| !kept.contains(name) && self.path.join(name).is_file());
        names
    }

    /// All files that builds have made here.
    pub fn own(&self) -> Vec<String> {
        let mut names = self.leftovers(&BTreeSet::new());
        names.extend([driver::MANIFEST, driver::RESOURCE_MAP].map(str::to_owned));
        names.retain(|name| self.path.join(name).is_file());
        names
    }

    /// Removes them, and the folders up to the one of all outputs if nothing else lies in them. How many there were.
    pub fn clear(&self, out: &Path) -> Result<usize, Failure> {
        let own = self.own();
        own.iter().try_for_each(|name| self.remove(name))?;
        for folder in self.path.ancestors().take_while(|folder| *folder != out) {
            // One that holds something stays.
            let _ = fs::remove_dir(folder);
        }
        Ok(own.len())
    }

    pub fn remove(&self, name: &str) -> Result<(), Failure> {
        let path = self.path.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(Failure::io("remove", &path, &error)),
            _ => Ok(()),
        }
    }
}

/// The folders below one that hold the build of an environment which is none of these: by name, as their manifests have it.
/// An environment of several regions has a folder for each in its own.
pub fn gone(out: &Path, environments: &BTreeSet<String>) -> Result<Vec<(String, Folder)>, Failure> {
    let mut found = Vec::new();
    for name in folders(out)? {
        let inner = folders(&out.join(&name))?.into_iter().map(|region| format!("{name}/{region}"));
        for name in inner.chain([name.clone()]).collect::<Vec<String>>() {
            let folder = Folder::open(out.join(&name))?;
            let is_its = driver::built_for(&folder.manifest).is_some_and(|environment| environment == name);
            if is_its && !environments.contains(&name) {
                found.push((name, folder));
            }
        }
    }
    Ok(found)
}

/// The names of the folders in one, sorted. Links are not followed: what they lead to is somebody else's.
fn folders(path: &Path) -> Result<BTreeSet<String>, Failure> {
    let failed = |error: std::io::Error| Failure::io("read", path, &error);
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeSet::new()),
        entries => entries.map_err(failed)?,
    };
    let mut names = BTreeSet::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        if entry.file_type().map_err(failed)?.is_dir() {
            names.extend(entry.file_name().into_string());
        }
    }
    Ok(names)
}

fn state(path: &Path, content: &[u8]) -> Result<State, Failure> {
    compared(path, content).map(|(state, _)| state)
}

/// How a file stands to its content, and what it is, if it is there.
fn compared(path: &Path, content: &[u8]) -> Result<(State, Option<fs::Metadata>), Failure> {
    let about = match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok((State::Missing, None)),
        about => about.map_err(|error| Failure::io("read", path, &error))?,
    };
    // Most stale files differ in length, which is known without reading them.
    if about.is_file() && about.len() != content.len() as u64 {
        return Ok((State::Stale, Some(about)));
    }
    let old = fs::read(path).map_err(|error| Failure::io("read", path, &error))?;
    Ok((if old == content { State::Fresh } else { State::Stale }, Some(about)))
}

/// Puts content into a file, whose folder is made if needed. A file that exists keeps its permissions. A link is replaced
/// and never followed: a link in a branch of somebody else's could point anywhere.
pub fn put(path: &Path, content: &[u8]) -> Result<State, Failure> {
    let failed = |error: std::io::Error| Failure::io("write", path, &error);
    let (state, about) = compared(path, content)?;
    if state == State::Fresh {
        return Ok(state);
    }
    let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let old = about.map(|about| about.permissions());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".flowc-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Temporary files are private; what a build makes is as open as the caller's umask says.
        builder.permissions(old.clone().unwrap_or_else(|| fs::Permissions::from_mode(0o666)));
    }
    // The folder is missing once at most, so it is not asked for each time.
    let mut file = match builder.tempfile_in(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            fs::create_dir_all(folder).map_err(|error| Failure::io("make the folder", folder, &error))?;
            builder.tempfile_in(folder)
        }
        file => file,
    }
    .map_err(failed)?;
    file.write_all(content).map_err(failed)?;
    if let Some(old) = old {
        file.as_file().set_permissions(old).map_err(failed)?;
    }
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(state)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(name: &str, text: &str) -> Output {
        Output { name: name.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_fresh_file_is_not_touched() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(root.path().join("out")).unwrap();
        assert_eq!(folder.put(&output("a.json", "1")).unwrap(), State::Missing);
        let file = fs::File::options().write(true).open(root.path().join("out/a.json")).unwrap();
        let long_ago = std::time::SystemTime::UNIX_EPOCH;
        file.set_modified(long_ago).unwrap();
        let time = || fs::metadata(root.path().join("out/a.json")).unwrap().modified().unwrap();
        assert_eq!(folder.put(&output("a.json", "1")).unwrap(), State::Fresh);
        assert_eq!(time(), long_ago);
        assert_eq!(folder.put(&output("a.json", "2")).unwrap(), State::Stale);
        assert_ne!(time(), long_ago);
        assert_eq!(fs::read_dir(root.path().join("out")).unwrap().count(), 1, "no temporary file stays");
    }

    #[test]
    fn a_reader_never_sees_half_a_file() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(root.path().to_owned()).unwrap();
        let texts = ["a".repeat(200_000), "b".repeat(300_000)];
        folder.put(&output("a.json", &texts[0])).unwrap();
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                for turn in 0..50 {
                    folder.put(&output("a.json", &texts[turn % 2])).unwrap();
                }
            });
            while !writer.is_finished() {
                let seen = fs::read_to_string(root.path().join("a.json")).unwrap();
                assert!(texts.contains(&seen));
            }
        });
    }

    #[test]
    fn only_what_the_last_build_made_is_removed() {
        let root = tempfile::tempdir().unwrap();
        for name in ["gone.json", "gone.map.json", "kept.json", "notes.json"] {
            fs::write(root.path().join(name), "x").unwrap();
        }
        let manifest = r#"{"flows": [{"file": "gone.json"}, {"file": "kept.json"}]}"#;
        fs::write(root.path().join(driver::MANIFEST), manifest).unwrap();
        let folder = Folder::open(root.path().to_owned()).unwrap();
        let kept = BTreeSet::from(["kept.json".to_owned()]);
        assert_eq!(folder.leftovers(&kept), ["gone.json", "gone.map.json"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_keeps_its_permissions_and_a_link_is_never_followed() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let root = tempfile::tempdir().unwrap();
        let (file, link) = (root.path().join("a.flow"), root.path().join("b.flow"));
        fs::write(&file, "1").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&file, &link).unwrap();
        put(&link, b"2").unwrap();
        assert!(!fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&link).unwrap(), b"2");
        assert_eq!(fs::read(&file).unwrap(), b"1");
        put(&file, b"3").unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    }
}

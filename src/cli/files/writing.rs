//! Writing so that a reader never sees half a file, nothing is written outside the fence, and nobody's work is lost.
//!
//! A file is written beside its place under another name and then moved there, which is one step for everyone who looks. A
//! file that already has its content is not touched, so that its time says when it last changed.

use std::fs::{self, FileType, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{Fence, Unread, reading};
use crate::cli::Failure;

/// How a file stands to what it should hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Fresh,
    Stale,
    Missing,
}

/// What the names of files begin and end with that are not in their place yet.
const BEFORE: &str = ".flowc-";
const AFTER: &str = ".tmp";

impl Fence {
    /// Puts content into a file, whose folder is made if needed. A file that exists keeps its permissions. A link is replaced
    /// and never followed.
    pub fn put(&self, path: &Path, content: &[u8]) -> Result<State, Failure> {
        let state = state(path, content)?;
        if state != State::Fresh {
            let file = self.beside(path, content)?;
            file.persist(path).map_err(|error| Failure::io("write", path, &error.error))?;
        }
        Ok(state)
    }

    /// The same for a file that was read before: only if it still holds what was seen then. Whether it did.
    pub fn replace(&self, path: &Path, seen: &[u8], content: &[u8]) -> Result<bool, Failure> {
        let file = self.beside(path, content)?;
        // At the last moment: an edit that was saved meanwhile is somebody's work.
        let is_as_seen = self.bytes(path, seen.len() as u64).is_ok_and(|now| now == seen);
        if is_as_seen {
            file.persist(path).map_err(|error| Failure::io("write", path, &error.error))?;
        }
        Ok(is_as_seen)
    }

    /// Makes a file where there is none.
    pub fn create(&self, path: &Path, content: &[u8]) -> Result<(), Failure> {
        let file = self.beside(path, content)?;
        file.persist_noclobber(path).map_err(|error| Failure::io("create", path, &error.error))?;
        Ok(())
    }

    /// Removes a file, if it is there.
    pub fn remove(&self, path: &Path) -> Result<(), Failure> {
        self.keep(path)?;
        match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(Failure::io("remove", path, &error)),
            _ => Ok(()),
        }
    }

    /// Removes a folder, if nothing lies in it.
    pub fn remove_empty(&self, path: &Path) {
        if self.keep(path).is_ok() && !path.is_symlink() {
            // One that holds something stays.
            let _ = fs::remove_dir(path);
        }
    }

    /// Makes a folder, and those that it lies in.
    pub fn make(&self, folder: &Path) -> Result<(), Failure> {
        // Asked of something in the folder, so that the folder itself is held to the rule.
        self.keep(&folder.join("x"))?;
        fs::create_dir_all(folder).map_err(|error| Failure::io("make the folder", folder, &error))
    }

    /// Removes what a run left in a folder that was ended before its files were in their places.
    pub fn sweep(&self, folder: &Path) -> Result<(), Failure> {
        let entries = reading::entries(folder).map_err(|error| Failure::io("read", folder, &error))?;
        let is_ours = |(path, kind): &(&PathBuf, &FileType)| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let inner = name.strip_prefix(BEFORE).and_then(|rest| rest.strip_suffix(AFTER));
            // The library's own names: six letters and digits.
            let is_random =
                inner.is_some_and(|inner| inner.len() == 6 && inner.bytes().all(|b| b.is_ascii_alphanumeric()));
            is_random && kind.is_file()
        };
        entries.iter().filter(is_ours).try_for_each(|(path, _)| self.remove(path))
    }

    /// The content in a file beside its place.
    fn beside(&self, path: &Path, content: &[u8]) -> Result<NamedTempFile, Failure> {
        let failed = |error: io::Error| Failure::io("write", path, &error);
        self.keep(path)?;
        let old = match fs::metadata(path) {
            Ok(about) if about.is_file() => Some(about.permissions()),
            // What would be lost with it is no content.
            Ok(_) => return Err(Failure::new(format!("cannot write `{}`: it is no plain file", path.display()))),
            Err(_) => None,
        };
        let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(BEFORE).suffix(AFTER);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // Temporary files are private; what a build makes is as open as the caller's umask says.
            builder.permissions(old.clone().unwrap_or_else(|| fs::Permissions::from_mode(0o666)));
        }
        // The folder is missing once at most, so it is not asked for each time.
        let mut file = match builder.tempfile_in(folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.make(folder)?;
                builder.tempfile_in(folder)
            }
            file => file,
        }
        .map_err(failed)?;
        file.write_all(content).map_err(failed)?;
        if let Some(old) = old {
            file.as_file().set_permissions(old).map_err(failed)?;
        }
        Ok(file)
    }

    /// Refuses what would be written outside.
    fn keep(&self, path: &Path) -> Result<(), Failure> {
        if self.holds(path) {
            return Ok(());
        }
        Err(Failure::new(format!(
            "`{}` is reached through a link that leads out of `{}`",
            path.display(),
            self.root().display()
        ))
        .help("nothing is written or removed there; take the link away, or name the folder that is meant with `--out`"))
    }
}

/// How a file stands to its content.
pub fn state(path: &Path, content: &[u8]) -> Result<State, Failure> {
    match reading::bytes(path, content.len() as u64) {
        Ok(old) if old == content && !path.is_symlink() => Ok(State::Fresh),
        Ok(_) | Err(Unread::Large(_) | Unread::Moving) => Ok(State::Stale),
        // A link that leads nowhere is in the place all the same.
        Err(unread) if unread.is_missing() => Ok(if path.is_symlink() { State::Stale } else { State::Missing }),
        Err(Unread::System(error)) => Err(Failure::io("read", path, &error)),
        Err(_) => Err(Failure::new(format!("cannot write `{}`: it is no plain file", path.display()))
            .help("move it out of the way")),
    }
}

/// Adds to the end of a file that is others' too.
pub fn add_to(path: &Path, text: &str) -> Result<(), Failure> {
    let file = OpenOptions::new().create(true).append(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| Failure::io("write", path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_file_is_not_touched() {
        let root = tempfile::tempdir().unwrap();
        let fence = Fence::new(root.path());
        let path = root.path().join("out/a.json");
        assert_eq!(fence.put(&path, b"1").unwrap(), State::Missing);
        let long_ago = std::time::SystemTime::UNIX_EPOCH;
        fs::File::options().write(true).open(&path).unwrap().set_modified(long_ago).unwrap();
        let time = || fs::metadata(&path).unwrap().modified().unwrap();
        assert_eq!(fence.put(&path, b"1").unwrap(), State::Fresh);
        assert_eq!(time(), long_ago);
        assert_eq!(fence.put(&path, b"2").unwrap(), State::Stale);
        assert_ne!(time(), long_ago);
        assert_eq!(fs::read_dir(root.path().join("out")).unwrap().count(), 1, "no temporary file stays");
    }

    #[test]
    fn a_reader_never_sees_half_a_file() {
        let root = tempfile::tempdir().unwrap();
        let (fence, path) = (Fence::new(root.path()), root.path().join("a.json"));
        let texts = ["a".repeat(200_000), "b".repeat(300_000)];
        fence.put(&path, texts[0].as_bytes()).unwrap();
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                for turn in 0..50 {
                    fence.put(&path, texts[turn % 2].as_bytes()).unwrap();
                }
            });
            while !writer.is_finished() {
                assert!(texts.contains(&fs::read_to_string(&path).unwrap()));
            }
        });
    }

    #[test]
    fn what_was_edited_meanwhile_stays() {
        let root = tempfile::tempdir().unwrap();
        let (fence, path) = (Fence::new(root.path()), root.path().join("a.flow"));
        fs::write(&path, "seen").unwrap();
        assert!(fence.replace(&path, b"seen", b"new").unwrap());
        for edit in ["edited", "NEW", "new and longer", ""] {
            fs::write(&path, edit).unwrap();
            assert!(!fence.replace(&path, b"new", b"newer").unwrap());
            assert_eq!(fs::read_to_string(&path).unwrap(), edit);
        }
        fs::remove_file(&path).unwrap();
        assert!(!fence.replace(&path, b"new", b"newer").unwrap());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0, "no temporary file stays");
    }

    #[test]
    fn a_sweep_takes_what_a_killed_run_left_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let fence = Fence::new(root.path());
        let keep = [".flowc-notes.txt", ".flowc-.tmp", ".flowc-my notes.tmp", "a.tmp", ".flowc-build.tmp.bak"];
        for name in keep {
            fs::write(root.path().join(name), "x").unwrap();
        }
        fs::create_dir(root.path().join(".flowc-abc123.tmp")).unwrap();
        fs::write(root.path().join(".flowc-ABC123.tmp"), "x").unwrap();
        fence.sweep(root.path()).unwrap();
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), keep.len() + 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_keeps_its_permissions_and_a_link_is_never_followed() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let root = tempfile::tempdir().unwrap();
        let fence = Fence::new(root.path());
        let (file, link) = (root.path().join("a.flow"), root.path().join("b.flow"));
        fs::write(&file, "1").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&file, &link).unwrap();
        fence.put(&link, b"2").unwrap();
        assert!(!fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&link).unwrap(), b"2");
        assert_eq!(fs::read(&file).unwrap(), b"1");
        fence.put(&file, b"3").unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    }
}

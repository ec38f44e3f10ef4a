//! Reading so that nothing is waited for and nothing is read without end.

use std::collections::BTreeMap;
use std::fs::{DirEntry, File, FileType, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Why there is no content.
#[derive(Debug)]
pub enum Unread {
    System(io::Error),
    Folder,
    /// A pipe or a device: reading it could take for ever.
    Special,
    /// How many bytes it has.
    Large(u64),
    /// It had more bytes than it was said to have: it is being written, or is no file of a disk.
    Moving,
    /// A link leads out of the project.
    Outside,
    /// A link leads to a hidden file, or into a hidden folder.
    Hidden,
}

impl Unread {
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::System(error) if error.kind() == ErrorKind::NotFound)
    }

    /// What is wrong, as a sentence about `this file`.
    pub fn message(&self, most: u64) -> String {
        match self {
            Self::System(error) => format!("this file cannot be read: {}", crate::cli::reason(error)),
            Self::Folder => "this is a folder, not a file".to_owned(),
            Self::Special => "this is not a plain file".to_owned(),
            Self::Large(bytes) => format!("this file has {} MiB, and {} are the most", bytes >> 20, most >> 20),
            Self::Moving => "this file changed while it was read".to_owned(),
            Self::Outside => "this link leads out of the project".to_owned(),
            Self::Hidden => "this link leads to a hidden file".to_owned(),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::System(_) => "check its permissions, or name it in .gitignore if it is not part of the project",
            Self::Folder => "folders have names without `.flow`; rename it",
            Self::Special => "pipes and devices are not read as sources",
            Self::Large(_) => "split it: every flow can have a file of its own",
            Self::Moving => "run this again when it has been written",
            Self::Outside => {
                "copy the file into the project; or write `links = true` in flowc.toml, if such links are to be read"
            }
            Self::Hidden => "what begins with a dot is not read through links; copy the file into the project",
        }
    }
}

/// A plain file, opened. What it is is asked before, since opening a device can do something, and of the opened file, since
/// another can have taken its place; opening never waits for somebody who writes into a pipe.
fn open(path: &Path) -> Result<(File, Metadata), Unread> {
    plain(&std::fs::metadata(path).map_err(Unread::System)?)?;
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY);
    }
    let file = options.open(path).map_err(Unread::System)?;
    let about = file.metadata().map_err(Unread::System)?;
    plain(&about)?;
    Ok((file, about))
}

fn plain(about: &Metadata) -> Result<(), Unread> {
    if about.is_dir() {
        Err(Unread::Folder)
    } else if about.is_file() {
        Ok(())
    } else {
        Err(Unread::Special)
    }
}

/// A file's content, of as many bytes as may be.
pub fn bytes(path: &Path, most: u64) -> Result<Vec<u8>, Unread> {
    let (file, about) = open(path)?;
    let size = about.len();
    if size > most {
        return Err(Unread::Large(size));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default() + 1);
    file.take(size + 1).read_to_end(&mut bytes).map_err(Unread::System)?;
    if bytes.len() as u64 > size { Err(Unread::Moving) } else { Ok(bytes) }
}

/// What lies in a folder, by path, and what kind of thing it is; nothing if there is no such folder.
pub fn entries(folder: &Path) -> io::Result<BTreeMap<PathBuf, FileType>> {
    let entry = |entry: io::Result<DirEntry>| entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)));
    match folder.read_dir() {
        Ok(entries) => entries.map(entry).collect(),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_is_not_read() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("large");
        File::create(&path).unwrap().set_len(1 << 40).unwrap();
        assert!(matches!(bytes(&path, 1 << 20), Err(Unread::Large(_))));
        assert!(matches!(bytes(root.path(), 1), Err(Unread::Folder)));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_no_file_of_a_disk_is_not_read() {
        assert!(matches!(bytes(Path::new("/dev/zero"), 9), Err(Unread::Special)));
        assert!(matches!(bytes(Path::new("/proc/self/environ"), 1 << 20), Err(Unread::Moving)));
    }
}

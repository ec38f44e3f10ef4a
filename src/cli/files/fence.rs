//! A folder, and where links in it may lead.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

use super::normal;
use super::reading::{self, Unread};

/// A folder that nothing is read or written outside of by way of a link in it. A pull request can bring a link that leads
/// anywhere: what it led to would be in a message, or in another place of the disk.
#[derive(Debug, Clone)]
pub struct Fence {
    root: PathBuf,
    /// The same without links: the way to a project is its owner's.
    real: PathBuf,
    /// Whether links that lead out are read all the same. Written through, they never are.
    is_open: bool,
}

impl Fence {
    pub fn new(root: &Path) -> Self {
        let root = plain(root).into_owned();
        let real = root.canonicalize().unwrap_or_else(|_| root.clone());
        Self { root, real, is_open: false }
    }

    /// The same, where links that lead out are read as its owner wishes.
    pub fn opened(self, is_open: bool) -> Self {
        Self { is_open, ..self }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A file's content, of as many bytes as may be. A path outside of the folder was named by whoever runs this.
    pub fn bytes(&self, path: &Path, most: u64) -> Result<Vec<u8>, Unread> {
        reading::bytes(&self.followed(path)?, most)
    }

    /// The path to read in place of one that may have links in it.
    pub fn followed(&self, path: &Path) -> Result<PathBuf, Unread> {
        if !self.has_link(path) {
            return Ok(path.to_owned());
        }
        let target = path.canonicalize().map_err(Unread::System)?;
        let is_hidden = self.way_to(&target).any(|part| part.as_encoded_bytes().starts_with(b"."));
        if !self.is_open && !target.starts_with(&self.real) {
            return Err(Unread::Outside);
        }
        if is_hidden { Err(Unread::Hidden) } else { Ok(target) }
    }

    /// Whether what is written to a path stays in the folder. The path itself may be a link, which is replaced or removed and
    /// never followed; the folders that it lies in may be links only if they lead inside.
    pub fn holds(&self, path: &Path) -> bool {
        let path = plain(path);
        let Some(folder) = path.parent().filter(|_| path.starts_with(&self.root)) else { return false };
        if !self.has_link(folder) {
            return true;
        }
        folder.canonicalize().is_ok_and(|target| target.starts_with(&self.real))
    }

    /// Whether a part of the path, below the folder, is a link.
    fn has_link(&self, path: &Path) -> bool {
        let path = plain(path);
        let Ok(below) = path.strip_prefix(&self.root) else { return false };
        let mut at = self.root.clone();
        below.components().any(|part| {
            at.push(part);
            at.is_symlink()
        })
    }

    /// The parts of a path that it does not have in common with the folder.
    fn way_to<'p>(&self, target: &'p Path) -> impl Iterator<Item = &'p std::ffi::OsStr> {
        let common = self.real.components().zip(target.components()).take_while(|(here, there)| here == there).count();
        target.components().skip(common).filter_map(|part| match part {
            Component::Normal(name) => Some(name),
            _ => None,
        })
    }
}

/// A path from the top, without `.` and `..`.
fn plain(path: &Path) -> Cow<'_, Path> {
    let is_odd = |part: Component| matches!(part, Component::CurDir | Component::ParentDir);
    if path.is_absolute() && !path.components().any(is_odd) {
        return Cow::Borrowed(path);
    }
    Cow::Owned(std::path::absolute(path).map_or_else(|_| path.to_owned(), |path| normal(&path)))
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_lead_inside_and_to_nothing_hidden() {
        let plain = || tempfile::Builder::new().prefix("flowc-").tempdir().unwrap();
        let (elsewhere, folder) = (plain(), plain());
        let at = |name: &str| folder.path().join(name);
        fs::write(elsewhere.path().join("secret"), "s").unwrap();
        fs::create_dir(at("sub")).unwrap();
        fs::write(at("sub/file"), "f").unwrap();
        fs::write(at(".env"), "e").unwrap();
        let links = [("inside", "sub/file"), ("hidden", ".env"), ("nowhere", "gone"), ("folder", "sub")];
        for (name, target) in links {
            symlink(target, at(name)).unwrap();
        }
        symlink(elsewhere.path().join("secret"), at("outside")).unwrap();
        symlink(elsewhere.path(), at("away")).unwrap();

        let fence = Fence::new(folder.path());
        let read = |name: &str| fence.bytes(&at(name), 9);
        assert_eq!(read("inside").unwrap(), b"f");
        assert_eq!(read("folder/file").unwrap(), b"f");
        assert!(matches!(read("hidden"), Err(Unread::Hidden)));
        assert!(matches!(read("outside"), Err(Unread::Outside)));
        assert!(matches!(read("away/secret"), Err(Unread::Outside)));
        assert!(matches!(read("nowhere"), Err(Unread::System(_))));
        assert_eq!(fence.clone().opened(true).bytes(&at("outside"), 9).unwrap(), b"s");

        assert!(fence.holds(&at("new")) && fence.holds(&at("folder/new")) && fence.holds(&at("outside")));
        assert!(!fence.holds(&at("away/new")) && !fence.holds(&elsewhere.path().join("new")));
        assert!(!fence.opened(true).holds(&at("away/new")));
    }
}

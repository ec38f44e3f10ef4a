//! A folder of what a command writes: which files in it are the command's own, and whose the folder is.
//!
//! Only what is its own is overwritten or removed, as the list says that the last run left: the manifest of a build, a list of
//! `flowc emit`. The list is written last. What a run is about to write is noted beside it until then, so that the
//! next run knows what one that was ended has left.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use super::{Fence, Lock, State, normal, reading, writing};
use crate::cli::Failure;
use crate::driver::{self, Output};

/// The note of what a run is about to write. Its ending is one that editors and watchers pass over.
const NOTE: &str = ".flowc-build.tmp";
/// In a folder outside of the project: the way to the project that it is of.
const OWNER: &str = ".flowc-project";
/// Bytes of such a list: the manifest of far more flows than an instance has.
const LIST_BYTES_MAX: u64 = 64 << 20;

/// What lists the files of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// The manifest of a build.
    Manifest,
    /// The list of `flowc emit`.
    Emitted,
}

impl List {
    pub fn name(self) -> &'static str {
        match self {
            Self::Manifest => driver::MANIFEST,
            Self::Emitted => driver::EMITTED,
        }
    }

    /// The files that a list names, itself among them. Nothing if the file of that name is no such list.
    fn names(self, text: &str) -> BTreeSet<String> {
        let mut names: BTreeSet<String> = match self {
            Self::Manifest if driver::is_manifest(text) => driver::listed(text).into_iter().collect(),
            Self::Manifest => return BTreeSet::new(),
            Self::Emitted => text.lines().filter(|name| driver::is_emitted(name)).map(str::to_owned).collect(),
        };
        names.insert(self.name().to_owned());
        if self == Self::Manifest && driver::built_for(text).is_some() {
            names.insert(driver::RESOURCE_MAP.to_owned());
        }
        names
    }
}

// ---- which folder -------------------------------------------------------------------------------------------------

/// Where a command writes.
#[derive(Debug)]
pub struct Place {
    pub path: PathBuf,
    pub fence: Fence,
    /// The project's folder.
    root: PathBuf,
}

impl Place {
    /// The folder that a project or the command line names, if it can be one: a folder of its own.
    pub fn new(root: &Path, source: &Path, configured: &Path, named: Option<&Path>) -> Result<Self, Failure> {
        let path = match named {
            Some(named) => std::path::absolute(named).map_err(|error| Failure::io("find", named, &error))?,
            None => root.join(configured),
        };
        let (path, root) = (normal(&path), normal(root));
        let (real, real_root) = (resolved(&path), resolved(&root));
        let is_project = root.join(driver::FILE_NAME).is_file();
        let refuse = |what: &str| {
            let message = format!("`{}` cannot be the folder of what is written: it {what}", path.display());
            Err(Failure::new(message).help("name a folder of its own with `--out` or in flowc.toml, such as `out`"))
        };
        if is_project && real == real_root {
            return refuse("is the project itself");
        }
        if is_project && real == resolved(source) {
            return refuse("holds the sources");
        }
        let above = real.ancestors().find(|folder| folder.join(driver::FILE_NAME).is_file());
        if above.is_some_and(|above| above != real_root) {
            return refuse("lies in another project");
        }
        let is_hidden = |part: Component| part.as_os_str().as_encoded_bytes().starts_with(b".");
        if real.strip_prefix(&real_root).is_ok_and(|below| below.components().any(is_hidden)) {
            return refuse("is a hidden folder or lies in one");
        }
        if real.exists() && !real.is_dir() {
            return refuse("is a file");
        }
        let fence = Fence::new(if path.starts_with(&root) { &root } else { &path });
        if !fence.holds(&path.join("x")) {
            return refuse("is reached through a link that leads out of the project");
        }
        Ok(Self { path, fence, root })
    }

    /// Takes the folder for this project, and holds it: until then, others who write there are waited for.
    pub fn take(&self, force: bool, on_wait: impl FnOnce()) -> Result<Lock, Failure> {
        self.fence.make(&self.path)?;
        let lock = Lock::of(&self.path, on_wait)?;
        if self.path.starts_with(&self.root) || !self.root.join(driver::FILE_NAME).is_file() {
            return Ok(lock);
        }
        let (here, root) = (resolved(&self.path), resolved(&self.root));
        let note = self.path.join(OWNER);
        let owner = self.fence.bytes(&note, 1 << 16).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let owner = owner.and_then(|way| here.join(way.trim()).canonicalize().ok());
        // One that is gone has nothing to lose.
        let other = owner.filter(|owner| *owner != root && owner.join(driver::FILE_NAME).is_file());
        if let Some(other) = other.filter(|_| !force) {
            let message = format!("`{}` is the folder of another project: `{}`", self.path.display(), other.display());
            return Err(Failure::new(message).help("name another folder; `--force` takes this one over"));
        }
        self.fence.put(&note, format!("{}\n", way(&here, &root)).as_bytes())?;
        Ok(lock)
    }
}

/// A path without links, as far as it exists.
fn resolved(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).map_or_else(|_| path.to_owned(), |path| normal(&path));
    let known = path.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    let Some((above, real)) = known else { return path };
    path.strip_prefix(above).map_or_else(|_| path.clone(), |rest| real.join(rest))
}

/// The way from one folder to another, with forward slashes.
fn way(from: &Path, to: &Path) -> String {
    let common = from.components().zip(to.components()).take_while(|(one, other)| one == other).count();
    let up = from.components().skip(common).map(|_| "..".to_owned());
    let down = to.components().skip(common).map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

// ---- what is in it ------------------------------------------------------------------------------------------------

/// A folder of outputs, or a part of one that has a list of its own.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    fence: Fence,
    list: List,
    /// The list that the last run left; empty if there was none.
    pub listed: String,
    /// What earlier runs made here.
    own: BTreeSet<String>,
}

impl Folder {
    pub fn open(fence: &Fence, path: PathBuf, list: List) -> Result<Self, Failure> {
        if path.exists() && !path.is_dir() {
            let message = format!("`{}` is a file, where a folder of outputs should be", path.display());
            return Err(Failure::new(message).help("move it away, or name another folder with `--out`"));
        }
        let text = |name: &str| match fence.bytes(&path.join(name), LIST_BYTES_MAX) {
            Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Err(unread) if unread.is_missing() => Ok(String::new()),
            Err(unread) => {
                let message =
                    format!("cannot read `{}`: {}", path.join(name).display(), unread.message(LIST_BYTES_MAX));
                Err(Failure::new(message).help("remove it, and build again"))
            }
        };
        let listed = text(list.name())?;
        let mut own = list.names(&listed);
        let is_plain = |name: &&str| match list {
            List::Manifest => driver::is_output(name),
            List::Emitted => driver::is_emitted(name),
        };
        own.extend(text(NOTE)?.lines().filter(is_plain).map(str::to_owned));
        Ok(Self { path, fence: fence.clone(), list, listed, own })
    }

    pub fn state(&self, output: &Output) -> Result<State, Failure> {
        writing::state(&self.path.join(&output.name), output.text.as_bytes())
    }

    /// Writes an output unless it is fresh; says whether it was.
    pub fn put(&self, output: &Output) -> Result<State, Failure> {
        self.fence.put(&self.path.join(&output.name), output.text.as_bytes())
    }

    pub fn remove(&self, name: &str) -> Result<(), Failure> {
        self.fence.remove(&self.path.join(name))
    }

    /// Those of these files that are there, and that nobody made who writes here. The first of a folder's files that a build
    /// meets may have been put there by hand.
    pub fn foreign<'n>(&self, names: impl Iterator<Item = &'n str>) -> BTreeSet<String> {
        let is_there = |name: &&str| self.path.join(name).symlink_metadata().is_ok();
        names.filter(|name| !self.own.contains(*name)).filter(is_there).map(str::to_owned).collect()
    }

    /// Refuses to overwrite somebody's file.
    pub fn refuse(&self, name: &str) -> Failure {
        Failure::new(format!("`{}` is there, and was not written by flowc", self.path.join(name).display()))
            .help("move it away, or name another folder with `--out`; `--force` overwrites it")
    }

    /// Notes what is about to be written, and clears away what a run has left that was ended.
    pub fn begin(&self, names: &BTreeSet<String>) -> Result<(), Failure> {
        let folders: BTreeSet<&Path> = names.iter().filter_map(|name| Path::new(name).parent()).collect();
        for folder in folders.into_iter().chain([Path::new("")]) {
            self.fence.sweep(&self.path.join(folder))?;
        }
        let all: BTreeSet<&str> = self.own.iter().chain(names).map(String::as_str).chain([self.list.name()]).collect();
        let text = all.into_iter().fold(String::new(), |text, name| text + name + "\n");
        self.fence.put(&self.path.join(NOTE), text.as_bytes()).map(drop)
    }

    /// Everything is in its place.
    pub fn end(&self) -> Result<(), Failure> {
        self.remove(NOTE)
    }

    /// Files of earlier runs that this one does not make.
    pub fn leftovers(&self, kept: &BTreeSet<String>) -> Vec<String> {
        let is_kept =
            |name: &&String| kept.contains(*name) || *name == self.list.name() || *name == driver::RESOURCE_MAP;
        let names = self.own.iter().filter(|name| !is_kept(name)).cloned();
        names.filter(|name| self.path.join(name).symlink_metadata().is_ok_and(|about| !about.is_dir())).collect()
    }

    /// All files that earlier runs have made here.
    pub fn own(&self) -> Vec<String> {
        self.own.iter().filter(|name| self.path.join(name).is_file()).cloned().collect()
    }

    /// Removes them, and the folders up to the one of all outputs if nothing else lies in them. How many there were.
    pub fn clear(&self, out: &Path) -> Result<usize, Failure> {
        let own = self.own();
        own.iter().try_for_each(|name| self.remove(name))?;
        self.end()?;
        self.path.ancestors().take_while(|folder| *folder != out).for_each(|folder| self.fence.remove_empty(folder));
        Ok(own.len())
    }
}

/// The folders below one that hold the build of an environment which is none of these: by name, as their manifests have it.
/// An environment of several regions has a folder for each in its own.
pub fn gone(place: &Place, environments: &BTreeSet<String>) -> Result<Vec<(String, Folder)>, Failure> {
    let out = &place.path;
    let mut found = Vec::new();
    for name in folders(out)? {
        let inner = folders(&out.join(&name))?.into_iter().map(|region| format!("{name}/{region}"));
        for name in inner.chain([name.clone()]).collect::<Vec<String>>() {
            let folder = Folder::open(&place.fence, out.join(&name), List::Manifest)?;
            let is_its = driver::built_for(&folder.listed).is_some_and(|environment| environment == name);
            if is_its && !environments.contains(&name) {
                found.push((name, folder));
            }
        }
    }
    Ok(found)
}

/// The names of the folders in one, sorted. Links are not followed: what they lead to is somebody else's.
fn folders(path: &Path) -> Result<BTreeSet<String>, Failure> {
    let entries = reading::entries(path).map_err(|error| Failure::io("read", path, &error))?;
    let name = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
    Ok(entries.iter().filter(|(_, kind)| kind.is_dir()).filter_map(|(path, _)| name(path)).collect())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn only_what_the_last_build_made_is_its_own() {
        let root = tempfile::tempdir().unwrap();
        for name in ["gone.json", "gone.map.json", "kept.json", "notes.json"] {
            fs::write(root.path().join(name), "x").unwrap();
        }
        let manifest = r#"{"flows": [{"file": "gone.json"}, {"file": "kept.json"}]}"#;
        fs::write(root.path().join(driver::MANIFEST), manifest).unwrap();
        let folder = Folder::open(&Fence::new(root.path()), root.path().to_owned(), List::Manifest).unwrap();
        let kept = BTreeSet::from(["kept.json".to_owned()]);
        assert_eq!(folder.leftovers(&kept), ["gone.json", "gone.map.json"]);
        let names = ["kept.json", "notes.json", "new.json", "manifest.json"];
        assert_eq!(folder.foreign(names.into_iter()), BTreeSet::from(["notes.json".to_owned()]));
    }

    #[test]
    fn what_an_ended_run_was_about_to_write_is_its_own() {
        let root = tempfile::tempdir().unwrap();
        let open = || Folder::open(&Fence::new(root.path()), root.path().to_owned(), List::Manifest).unwrap();
        open().begin(&BTreeSet::from(["a.json".to_owned(), "a.map.json".to_owned()])).unwrap();
        fs::write(root.path().join("a.json"), "half of a build").unwrap();
        assert!(open().foreign(["a.json"].into_iter()).is_empty());
        assert_eq!(open().leftovers(&BTreeSet::new()), ["a.json"]);
        open().end().unwrap();
        assert_eq!(open().foreign(["a.json"].into_iter()).len(), 1);
    }

    #[test]
    fn the_way_from_a_folder_to_another() {
        assert_eq!(way(Path::new("/a/b/out"), Path::new("/a/c")), "../../c");
        assert_eq!(way(Path::new("/a"), Path::new("/a/b/c")), "b/c");
    }
}

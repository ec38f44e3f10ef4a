//! Finding files below a folder: the same ones on every machine, and nothing passed over in silence.
//!
//! Of what git is told to ignore, only `.gitignore` files inside the project count: what stands above it, in `.ignore`, or in
//! a person's own settings would make a project mean something else elsewhere (docs/decisions/0035).

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::{Fence, Unread, reading};

/// Bytes of one `.gitignore`.
const IGNORE_BYTES_MAX: u64 = 1 << 20;
/// Files and folders that one walk looks at: links can make many of few.
const ENTRIES_MAX: usize = 1 << 20;
/// What is looked at of folders that are left out, to say whether there are flows in them.
const LEFT_OUT_MAX: usize = 10_000;

/// What a walk has found.
#[derive(Debug, Default)]
pub struct Walk {
    pub files: BTreeSet<PathBuf>,
    /// What could not be looked at, and why.
    pub odd: Vec<(PathBuf, Odd)>,
    /// Files that were wanted and left out, and folders with some: for their names, or for a `.gitignore`.
    pub left_out: Vec<PathBuf>,
    entries: usize,
    looked_at: usize,
}

/// Why something could not be looked at.
#[derive(Debug)]
pub enum Odd {
    Unread(Unread),
    /// A link to a folder that it is in.
    Circle,
    /// A folder whose name is one of a file.
    Folder,
    /// The name is not UTF-8.
    Name,
    TooMany,
}

/// The files below a folder that are wanted.
pub fn walk(folder: &Path, fence: &Fence, is_wanted: &dyn Fn(&Path) -> bool) -> Walk {
    let mut walk = Walk::default();
    let mut rules = Vec::new();
    for above in above(folder, fence.root()) {
        walk.rules(&above, fence, &mut rules);
    }
    let mut folders = vec![Visit { path: folder.to_owned(), rules, way: Vec::new() }];
    while let Some(visit) = folders.pop() {
        walk.visit(visit, fence, is_wanted, &mut folders);
    }
    walk.left_out.sort();
    walk
}

/// The folders from the project's own down to one, without the last.
fn above(folder: &Path, root: &Path) -> Vec<PathBuf> {
    let folder = std::path::absolute(folder).map_or_else(|_| folder.to_owned(), |folder| normal(&folder));
    let above = folder.ancestors().skip(1).take_while(|above| above.starts_with(root));
    let mut above: Vec<PathBuf> = above.map(Path::to_owned).collect();
    above.reverse();
    above
}

/// A folder to look into.
struct Visit {
    path: PathBuf,
    rules: Vec<Gitignore>,
    /// Where the links stand that led here, without links.
    way: Vec<PathBuf>,
}

impl Walk {
    fn visit(&mut self, visit: Visit, fence: &Fence, is_wanted: &dyn Fn(&Path) -> bool, folders: &mut Vec<Visit>) {
        let Visit { path: folder, mut rules, way } = visit;
        self.rules(&folder, fence, &mut rules);
        let entries = match reading::entries(&folder) {
            Ok(entries) => entries,
            Err(error) => return self.odd.push((folder, Odd::Unread(Unread::System(error)))),
        };
        for (path, kind) in entries {
            self.entries += 1;
            if self.entries > ENTRIES_MAX {
                return self.odd.push((folder, Odd::TooMany));
            }
            let is_link = kind.is_symlink();
            let is_folder = kind.is_dir() || is_link && path.is_dir();
            if is_hidden(&path) || is_ignored(&rules, &path, is_folder) {
                let is_missed =
                    if is_folder { !is_link && self.has_wanted(&path, is_wanted) } else { is_wanted(&path) };
                if is_missed {
                    self.left_out.push(path);
                }
                continue;
            }
            if is_wanted(&path) && path.strip_prefix(fence.root()).unwrap_or(&path).to_str().is_none() {
                self.odd.push((path, Odd::Name));
                continue;
            }
            if !is_folder {
                if is_wanted(&path) {
                    self.files.insert(path);
                }
                continue;
            }
            if is_flow(&path) {
                self.odd.push((path.clone(), Odd::Folder));
            }
            let mut way = way.clone();
            if is_link {
                if let Err(unread) = fence.followed(&path) {
                    self.odd.push((path, Odd::Unread(unread)));
                    continue;
                }
                way.extend(folder.canonicalize());
                if path.canonicalize().is_ok_and(|target| way.iter().any(|stood| stood.starts_with(&target))) {
                    self.odd.push((path, Odd::Circle));
                    continue;
                }
            }
            folders.push(Visit { path, rules: rules.clone(), way });
        }
    }

    /// Adds the rules of a folder's `.gitignore`.
    fn rules(&mut self, folder: &Path, fence: &Fence, rules: &mut Vec<Gitignore>) {
        let path = folder.join(".gitignore");
        let text = match fence.bytes(&path, IGNORE_BYTES_MAX) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(unread) if unread.is_missing() => return,
            Err(unread) => return self.odd.push((path, Odd::Unread(unread))),
        };
        let mut builder = GitignoreBuilder::new(folder);
        for line in text.lines() {
            // As git does, a line that is no pattern is passed over.
            let _ = builder.add_line(None, line);
        }
        rules.extend(builder.build());
    }

    /// Whether there is something wanted in a folder that is left out, as far as it was looked at.
    fn has_wanted(&mut self, folder: &Path, is_wanted: &dyn Fn(&Path) -> bool) -> bool {
        // Git's own is nobody's source.
        if folder.file_name().is_some_and(|name| name == ".git") {
            return false;
        }
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for (path, kind) in reading::entries(&folder).unwrap_or_default() {
                self.looked_at += 1;
                if self.looked_at > LEFT_OUT_MAX || is_wanted(&path) {
                    return true;
                }
                if kind.is_dir() {
                    folders.push(path);
                }
            }
        }
        false
    }
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// What the nearest rule says that says anything.
fn is_ignored(rules: &[Gitignore], path: &Path, is_folder: bool) -> bool {
    for rules in rules.iter().rev() {
        match rules.matched(path, is_folder) {
            Match::None => {}
            Match::Ignore(_) => return true,
            Match::Whitelist(_) => return false,
        }
    }
    false
}

pub fn is_flow(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "flow")
}

/// Without `.` and `..`, so that a file has one path however it was named.
pub fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn found(root: &Path, folder: &str) -> (Vec<String>, Vec<String>) {
        let walk = walk(&root.join(folder), &Fence::new(root), &is_flow);
        assert!(walk.odd.is_empty(), "{:?}", walk.odd);
        let shown = |path: &PathBuf| path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        (walk.files.iter().map(shown).collect(), walk.left_out.iter().map(shown).collect())
    }

    #[test]
    fn gitignore_files_of_the_project_count_and_what_they_leave_out_is_known() {
        let outer = tempfile::tempdir().unwrap();
        fs::write(outer.path().join(".gitignore"), "b.flow\n").unwrap();
        let root = outer.path().join("project");
        let files = [
            (".gitignore", "/src/old.flow\ndrafts/\n"),
            (".ignore", "b.flow\n"),
            ("src/.gitignore", "*.bak.flow\n!kept.bak.flow\n"),
            ("src/old.flow", ""),
            ("src/sub/old.flow", ""),
            ("src/b.flow", ""),
            ("src/a.bak.flow", ""),
            ("src/kept.bak.flow", ""),
            ("src/drafts/x/d.flow", ""),
            ("src/sub/drafts/none.txt", ""),
            ("src/.hidden.flow", ""),
            ("src/c.txt", ""),
        ];
        for (name, text) in files {
            fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
            fs::write(root.join(name), text).unwrap();
        }
        let (files, left_out) = found(&root, "src");
        assert_eq!(files, ["src/b.flow", "src/kept.bak.flow", "src/sub/old.flow"]);
        assert_eq!(left_out, ["src/.hidden.flow", "src/a.bak.flow", "src/drafts", "src/old.flow"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_in_circles_are_told() {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().unwrap();
        for folder in ["a", "b"] {
            fs::create_dir(root.path().join(folder)).unwrap();
            fs::write(root.path().join(folder).join("x.flow"), "").unwrap();
        }
        symlink("../b", root.path().join("a/to-b")).unwrap();
        symlink("../a", root.path().join("b/to-a")).unwrap();
        let walk = walk(root.path(), &Fence::new(root.path()), &is_flow);
        assert_eq!(walk.files.len(), 4, "{:?}", walk.files);
        assert!(walk.odd.iter().all(|(_, odd)| matches!(odd, Odd::Circle)) && walk.odd.len() == 2, "{:?}", walk.odd);
    }
}

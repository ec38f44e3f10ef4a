//! Texts as git has them. The program `git` is asked, so that a revision means what it means to its users.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Failure;
use crate::source::limits::SOURCE_BYTES_MAX;

/// A checkout, and where in it a folder lies.
#[derive(Debug)]
pub struct Repository {
    /// Where git is asked.
    folder: PathBuf,
    /// The path of that folder in the checkout: empty, or with a slash at its end.
    pub prefix: String,
}

/// The files of a revision.
#[derive(Debug)]
pub struct Tree<'r> {
    repository: &'r Repository,
    /// The object that holds them.
    object: String,
}

/// A file of a revision: its path from the top of the checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub path: String,
    object: String,
    size: u64,
}

impl Repository {
    /// The checkout around a folder.
    pub fn around(folder: &Path) -> Result<Self, Failure> {
        let mut repository = Self { folder: folder.to_owned(), prefix: String::new() };
        let found = repository.ask(&["rev-parse", "--show-prefix"], "")?.map_err(|_| {
            Failure::new(format!("`{}` is not in a git repository", folder.display()))
                .help("compare two files or folders, or run this in a checkout")
        })?;
        String::from_utf8_lossy(&found).trim_end_matches('\n').clone_into(&mut repository.prefix);
        Ok(repository)
    }

    /// The files of a revision; nothing if there is no such revision.
    pub fn tree(&self, revision: &str) -> Result<Option<Tree<'_>>, Failure> {
        let object = format!("{revision}^{{tree}}");
        let found = self.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &object], "")?;
        let object = found.ok().map(|object| String::from_utf8_lossy(&object).trim().to_owned());
        Ok(object.map(|object| Tree { repository: self, object }))
    }

    /// Where two revisions parted; nothing where they have nothing in common.
    pub fn merge_base(&self, one: &str, other: &str) -> Result<Option<String>, Failure> {
        let found = self.ask(&["merge-base", "--end-of-options", one, other], "")?;
        Ok(found.ok().map(|object| String::from_utf8_lossy(&object).trim().to_owned()))
    }

    /// What git answers, or what it complains about.
    fn ask(&self, arguments: &[&str], input: &str) -> Result<Result<Vec<u8>, String>, Failure> {
        let failed = |error: std::io::Error| match error.kind() {
            ErrorKind::NotFound => Failure::new("there is no program `git`, which knows what revisions are")
                .help("install it, or compare two files or folders"),
            _ => Failure::new(format!("cannot run `git`: {}", super::reason(&error))),
        };
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.folder).args(arguments);
        // Reading changes nothing, not even git's own notes, and the answers are for a program.
        command.env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(failed)?;
        let stdin = child.stdin.take();
        let output = std::thread::scope(|scope| {
            // Beside reading the answer: both may be more than a pipe holds.
            scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input.as_bytes())));
            child.wait_with_output()
        });
        let output = output.map_err(failed)?;
        if output.status.success() {
            return Ok(Ok(output.stdout));
        }
        Ok(Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
    }
}

impl Tree<'_> {
    /// The files below some paths, each from the top of the checkout; all where a path is empty.
    pub fn files(&self, paths: &[String]) -> Result<Vec<Entry>, Failure> {
        let mut arguments = vec!["ls-tree", "-r", "-l", "-z", "--full-tree", &self.object];
        if !paths.iter().any(String::is_empty) {
            arguments.push("--");
            arguments.extend(paths.iter().map(|path| path.trim_end_matches('/')));
        }
        let listed = self.repository.ask(&arguments, "")?.map_err(Failure::new)?;
        let lines = listed.split(|byte| *byte == 0).filter_map(|line| std::str::from_utf8(line).ok());
        Ok(lines.filter_map(entry).collect())
    }

    /// The texts of files; nothing where one is too large or is not text.
    pub fn texts(&self, entries: &[Entry]) -> Result<Vec<Option<String>>, Failure> {
        let is_read = |entry: &&Entry| entry.size <= SOURCE_BYTES_MAX as u64;
        let wanted: String = entries.iter().filter(is_read).flat_map(|entry| [entry.object.as_str(), "\n"]).collect();
        let answer = self.repository.ask(&["cat-file", "--batch"], &wanted)?.map_err(Failure::new)?;
        let mut rest = answer.as_slice();
        let mut texts = Vec::with_capacity(entries.len());
        for entry in entries {
            texts.push(if is_read(&entry) { next_text(&mut rest) } else { None });
        }
        Ok(texts)
    }
}

/// `100644 blob <object> <size>\t<path>`. Links and the checkouts of others are no texts.
fn entry(line: &str) -> Option<Entry> {
    let (about, path) = line.split_once('\t')?;
    let mut words = about.split_whitespace();
    let (mode, kind, object, size) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let is_file = kind == "blob" && mode.starts_with("100");
    let size = size.parse().ok()?;
    is_file.then(|| Entry { path: path.to_owned(), object: object.to_owned(), size })
}

/// `<object> blob <size>\n<content>\n`.
fn next_text(rest: &mut &[u8]) -> Option<String> {
    let line = rest.iter().position(|byte| *byte == b'\n')?;
    let head = std::str::from_utf8(rest.get(..line)?).ok()?;
    let size: usize = head.rsplit(' ').next()?.parse().ok()?;
    let begin = line + 1;
    let content = rest.get(begin..begin.checked_add(size)?)?;
    *rest = rest.get(begin + size + 1..).unwrap_or_default();
    String::from_utf8(content.to_vec()).ok()
}

/// The revision and the path of `REV:PATH`. A colon in braces is part of the revision: `HEAD^{/fix: it}`.
pub fn parts(text: &str) -> (&str, Option<&str>) {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => return (text.get(..at).unwrap_or(text), text.get(at + 1..)),
            _ => {}
        }
    }
    (text, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_and_paths_are_told_apart() {
        assert_eq!(parts("main"), ("main", None));
        assert_eq!(parts("main:flows/a.flow"), ("main", Some("flows/a.flow")));
        assert_eq!(parts("HEAD^{/fix: it}:a"), ("HEAD^{/fix: it}", Some("a")));
    }

    #[test]
    fn only_plain_files_are_read() {
        let line = |mode: &str, kind: &str| format!("{mode} {kind} 1234 7\tflows/a b.flow");
        let file = entry(&line("100644", "blob")).unwrap();
        assert_eq!((file.path.as_str(), file.size), ("flows/a b.flow", 7));
        assert_eq!(entry(&line("120000", "blob")), None);
        assert_eq!(entry(&line("160000", "commit")), None);
    }

    #[test]
    fn answers_follow_one_another() {
        let mut rest: &[u8] = b"ab blob 3\na\nb\ncd blob 0\n\n";
        assert_eq!(next_text(&mut rest).as_deref(), Some("a\nb"));
        assert_eq!(next_text(&mut rest).as_deref(), Some(""));
        assert_eq!(next_text(&mut rest), None);
    }
}

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
    /// Whether the content is a path: that of another file.
    pub is_link: bool,
}

/// What stops git from doing more than reading what lies here: it fetches nothing (in a partial clone it would), asks nobody,
/// and runs none of the programs that a repository's own settings name. They come with the checkout, so somebody else may
/// have written them.
const READING_ONLY: [&str; 9] = [
    "--no-pager",
    "--literal-pathspecs",
    "--no-optional-locks",
    "-c",
    "protocol.allow=never",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
];
const ENVIRONMENT: [(&str, &str); 7] = [
    ("GIT_NO_LAZY_FETCH", "1"),
    // Has the last word over `protocol.<name>.allow`: there is no protocol of this name.
    ("GIT_ALLOW_PROTOCOL", "none"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_ASKPASS", ""),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_PAGER", "cat"),
    ("LC_ALL", "C"),
];

impl Entry {
    /// The same content under another path.
    pub fn under(self, path: String) -> Self {
        Self { path, ..self }
    }
}

impl Repository {
    /// The checkout around a folder; nothing if there is none.
    pub fn around(folder: &Path) -> Result<Option<Self>, Failure> {
        let mut repository = Self { folder: folder.to_owned(), prefix: String::new() };
        let found = match repository.ask(&["rev-parse", "--show-prefix"], "")? {
            Ok(found) => found,
            Err(said) if said.contains("not a git repository") => return Ok(None),
            Err(said) => return Err(refused(&said)),
        };
        let prefix = String::from_utf8(found).map_err(|_| {
            Failure::new(format!("the path of `{}` in its checkout is not UTF-8", folder.display()))
                .help("rename the folder, or compare two files or folders")
        })?;
        prefix.trim_end_matches('\n').clone_into(&mut repository.prefix);
        Ok(Some(repository))
    }

    /// The same where there has to be one.
    pub fn needed(folder: &Path) -> Result<Self, Failure> {
        Self::around(folder)?.ok_or_else(|| {
            Failure::new(format!("`{}` is not in a git repository", folder.display()))
                .help("compare two files or folders, or run this in a checkout")
        })
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
        command.args(READING_ONLY).envs(ENVIRONMENT).env_remove("GIT_EXTERNAL_DIFF");
        command.arg("-C").arg(&self.folder).args(arguments);
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

/// Why git gives nothing of a repository, in our words where they are better.
fn refused(said: &str) -> Failure {
    let folder = said.split_once("dubious ownership in repository at '").and_then(|(_, rest)| rest.split('\'').next());
    let Some(folder) = folder else {
        return Failure::new(format!("git does not read this repository: {}", plain(said)))
            .help("mend that first, or compare two files or folders");
    };
    let owner = owner(Path::new(folder)).map(|id| format!(", the user with the id {id}")).unwrap_or_default();
    Failure::new(format!("git does not read `{folder}`: the folder belongs to somebody else{owner}"))
        .help(format!("if you trust what is in it: `git config --global --add safe.directory '{folder}'`"))
}

#[cfg(unix)]
fn owner(folder: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    Some(folder.metadata().ok()?.uid())
}

#[cfg(not(unix))]
fn owner(_: &Path) -> Option<u32> {
    None
}

/// The first line of a complaint, without the word before it.
fn plain(said: &str) -> &str {
    let line = said.lines().next().unwrap_or("it says nothing");
    line.trim_start_matches("fatal: ").trim_start_matches("error: ")
}

impl Tree<'_> {
    /// The files below some paths, each from the top of the checkout; all where a path is empty.
    pub fn files(&self, paths: &[String]) -> Result<Vec<Entry>, Failure> {
        let mut arguments = vec!["ls-tree", "-r", "-l", "-z", "--full-tree", &self.object];
        if !paths.iter().any(String::is_empty) {
            arguments.push("--");
            arguments.extend(paths.iter().map(|path| path.trim_end_matches('/')));
        }
        let listed = self.repository.ask(&arguments, "")?;
        let listed = listed.map_err(|said| Failure::new(format!("git cannot list files: {}", plain(&said))))?;
        let lines = listed.split(|byte| *byte == 0).filter(|line| !line.is_empty());
        lines.map(entry).filter_map(Result::transpose).collect()
    }

    /// The texts of files; nothing where one is too large or is not text. What git does not have is a failure.
    pub fn texts(&self, entries: &[Entry]) -> Result<Vec<Option<String>>, Failure> {
        let is_read = |entry: &&Entry| entry.size <= SOURCE_BYTES_MAX as u64;
        let wanted: String = entries.iter().filter(is_read).flat_map(|entry| [entry.object.as_str(), "\n"]).collect();
        let answer = self.repository.ask(&["cat-file", "--batch"], &wanted)?;
        let answer = answer.map_err(|said| {
            Failure::new(format!("git cannot read its objects: {}", plain(&said)))
                .help("`git fsck` tells what is broken; `git fetch` may bring it again")
        })?;
        let mut rest = answer.as_slice();
        let mut texts = Vec::with_capacity(entries.len());
        for entry in entries {
            if !is_read(&entry) {
                texts.push(None);
                continue;
            }
            let content = next_content(&mut rest, entry).ok_or_else(|| {
                Failure::new(format!("git does not have `{}`: the object {} is missing here", entry.path, entry.object))
                    .help("this is a partial clone or a damaged one; `git fetch --refetch` brings all objects")
            })?;
            texts.push(String::from_utf8(content.to_vec()).ok());
        }
        Ok(texts)
    }

    /// The file that a link of the revision leads to; nothing where it leads out of the checkout or nowhere.
    pub fn target(&self, link: &Entry) -> Result<Option<Entry>, Failure> {
        let mut link = link.clone();
        // As many as anyone needs; links that lead in a circle end here.
        for _ in 0..8 {
            let content = self.texts(std::slice::from_ref(&link))?.into_iter().next().flatten();
            let Some(path) = content.and_then(|target| below(&link.path, &target)) else { return Ok(None) };
            let found = self.files(std::slice::from_ref(&path))?;
            match found.into_iter().find(|entry| entry.path == path) {
                Some(entry) if entry.is_link => link = entry,
                found => return Ok(found),
            }
        }
        Ok(None)
    }
}

/// Where a link leads, from the top of the checkout; nothing if that is outside of it.
fn below(link: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = link.split('/').collect();
    parts.pop();
    if target.starts_with('/') {
        return None;
    }
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// `100644 blob <object> <size>\t<path>`. The checkouts of others are no texts. A path that is not UTF-8 cannot be told, and
/// must not be passed over where it could be a flow's.
fn entry(line: &[u8]) -> Result<Option<Entry>, Failure> {
    let text = String::from_utf8_lossy(line);
    let Some((about, path)) = text.split_once('\t') else { return Ok(None) };
    let mut words = about.split_whitespace();
    let (Some(mode), Some(kind), Some(object), Some(size)) = (words.next(), words.next(), words.next(), words.next())
    else {
        return Ok(None);
    };
    if kind != "blob" {
        return Ok(None);
    }
    if text.as_bytes() != line {
        let is_passed_over = !super::files::is_flow(Path::new(path));
        return if is_passed_over {
            Ok(None)
        } else {
            Err(Failure::new(format!("the revision has a flow whose path is not UTF-8: `{path}`"))
                .help("rename it; paths of sources are UTF-8"))
        };
    }
    let size = size.parse().map_err(|_| {
        Failure::new(format!("git does not have `{path}`: the object {object} is missing here"))
            .help("this is a partial clone or a damaged one; `git fetch --refetch` brings all objects")
    })?;
    let is_link = mode == "120000";
    Ok(Some(Entry { path: path.to_owned(), object: object.to_owned(), size, is_link }))
}

/// `<object> blob <size>\n<content>\n`: the next one, which has to be this entry's.
fn next_content<'a>(rest: &mut &'a [u8], entry: &Entry) -> Option<&'a [u8]> {
    let line = rest.iter().position(|byte| *byte == b'\n')?;
    let head = std::str::from_utf8(rest.get(..line)?).ok()?;
    let mut words = head.split(' ');
    let (object, kind, size) = (words.next()?, words.next()?, words.next()?);
    if object != entry.object || kind != "blob" {
        return None;
    }
    let size: usize = size.parse().ok()?;
    let begin = line + 1;
    let content = rest.get(begin..begin.checked_add(size)?)?;
    *rest = rest.get(begin + size + 1..)?;
    Some(content)
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
    fn files_and_links_are_told_from_what_is_neither() {
        let line = |mode: &str, kind: &str| format!("{mode} {kind} 1234 7\tflows/a b.flow").into_bytes();
        let file = entry(&line("100644", "blob")).unwrap().unwrap();
        assert_eq!((file.path.as_str(), file.size, file.is_link), ("flows/a b.flow", 7, false));
        assert!(entry(&line("120000", "blob")).unwrap().unwrap().is_link);
        assert_eq!(entry(&line("160000", "commit")).unwrap(), None);
        assert!(entry(b"100644 blob 1234 7\ta\xff.flow").unwrap_err().message.contains("not UTF-8"));
        assert_eq!(entry(b"100644 blob 1234 7\ta\xff.png").unwrap(), None);
        assert!(entry(b"100644 blob 1234 missing\ta.flow").unwrap_err().message.contains("missing"));
    }

    #[test]
    fn links_lead_to_files_of_the_checkout() {
        assert_eq!(below("flows/a.flow", "../common/b.flow").as_deref(), Some("common/b.flow"));
        assert_eq!(below("flows/a.flow", "../../b.flow"), None);
        assert_eq!(below("flows/a.flow", "/etc/passwd"), None);
    }

    #[test]
    fn answers_follow_one_another_and_are_those_that_were_asked_for() {
        let of = |object: &str| Entry { path: String::new(), object: object.to_owned(), size: 0, is_link: false };
        let mut rest: &[u8] = b"ab blob 3\na\nb\ncd blob 0\n\nef missing\n";
        assert_eq!(next_content(&mut rest, &of("ab")), Some(&b"a\nb"[..]));
        assert_eq!(next_content(&mut rest, &of("cd")), Some(&b""[..]));
        assert_eq!(next_content(&mut rest, &of("ef")), None);
        assert_eq!(next_content(&mut &b"ab blob 3\na\n"[..], &of("ab")), None, "cut short");
    }
}

//! Finding a project and reading its sources.
//!
//! Nothing is skipped silently: a source that cannot be read becomes one without text, and a diagnostic that says why.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::args::{Environments, Global};
use super::files::{self, Fence, Odd, Unread, Walk, is_flow, normal};
use super::{Failure, reason};
use crate::diagnostics::{Diagnostic, closest, codes};
use crate::driver::{self, Settings};
use crate::emit::function::Function;
use crate::mapping::Environment;
use crate::source::{Form, Source, SourceId, Span, limits::SOURCE_BYTES_MAX};
use crate::validate::Unfilled;

mod beside;

/// A project as it lies on disk.
#[derive(Debug)]
pub struct Project {
    /// The folder of flowc.toml; without one, the working directory.
    pub root: PathBuf,
    pub settings: Settings,
    /// Everything that has been read, at the index of its id: flowc.toml first, then the flow sources by path.
    texts: Vec<Source>,
    /// How many of the texts are flow sources; environment files follow them.
    flows: usize,
    /// The environments that the command is about.
    pub environments: Vec<Environment>,
    /// The sources that the command is about; nothing means all.
    chosen: Option<BTreeSet<SourceId>>,
    /// The functions of the project, as templates have them.
    pub functions: BTreeMap<String, Function>,
    /// What went wrong in reading.
    problems: Vec<Diagnostic>,
    /// The project's folder, and where links in it may lead.
    pub fence: Fence,
    /// Sources that were left out, and folders with some, by their paths in the project.
    pub left_out: Vec<String>,
}

impl Project {
    /// Opens the project around the working directory (or `--project`) for a command about these paths.
    pub fn open(global: &Global, paths: &[PathBuf]) -> Result<Self, Failure> {
        Self::open_for(global, paths, Accept::Sources)
    }

    /// Opens the project for a command that takes documents where it takes sources.
    pub fn open_with_documents(global: &Global, paths: &[PathBuf]) -> Result<Self, Failure> {
        Self::open_for(global, paths, Accept::Documents)
    }

    fn open_for(global: &Global, paths: &[PathBuf], accept: Accept) -> Result<Self, Failure> {
        let from = starting_folder(global)?;
        let opened = match root_above(&from) {
            Some(root) => Self::read(root, paths, accept),
            // Single files can be looked at anywhere.
            None if !paths.is_empty() => Self::loose(&from, paths, accept),
            None => Err(Failure::new(format!("no {} here or in a folder above", driver::FILE_NAME))
                .help("`flowc init` makes a project; or name the files to work on")),
        };
        opened.map(|mut project| {
            if global.placeholders {
                project.settings.unfilled = Unfilled::Noted;
            }
            project
        })
    }

    /// The project in a folder, for a command about these paths.
    pub fn at(root: &Path, paths: &[PathBuf]) -> Result<Self, Failure> {
        Self::read(root, paths, Accept::Documents)
    }

    /// Files that lie in no project.
    pub fn outside(paths: &[PathBuf]) -> Result<Self, Failure> {
        Self::loose(&current_folder()?, paths, Accept::Documents)
    }

    /// The folder of the project around, or the one that the command runs in.
    pub fn folder_around(global: &Global) -> Result<PathBuf, Failure> {
        let from = starting_folder(global)?;
        Ok(if global.project.is_some() { from } else { current_folder()? })
    }

    /// The source folder of the project around, if there is one. Its sources are not read.
    pub fn around(global: &Global) -> Result<Option<PathBuf>, Failure> {
        let from = starting_folder(global)?;
        let Some(root) = root_above(&from) else { return Ok(None) };
        Ok(Some(root.join(settings_of(&Fence::new(root)).source)))
    }

    fn new(root: &Path, settings: Settings, file: Source, problems: Vec<Diagnostic>) -> Self {
        Self {
            root: root.to_owned(),
            settings,
            texts: vec![file],
            flows: 0,
            environments: Vec::new(),
            chosen: None,
            functions: BTreeMap::new(),
            problems,
            fence: Fence::new(root),
            left_out: Vec::new(),
        }
    }

    fn read(root: &Path, paths: &[PathBuf], accept: Accept) -> Result<Self, Failure> {
        let file = root.join(driver::FILE_NAME);
        let (text, problem) = match text_of(&file, &Fence::new(root)) {
            Ok(text) => (text, None),
            Err(refusal) => (String::new(), Some(refusal.diagnostic(SourceId(0)))),
        };
        let settings_source = Source::new(SourceId(0), driver::FILE_NAME, text);
        let (settings, mut problems) = driver::settings(&settings_source);
        problems.extend(problem);
        let mut project = Self::new(root, settings, settings_source, problems);
        project.fence = project.fence.opened(project.settings.links);
        // With a project file in doubt, so are the folders that it names.
        if project.problems.is_empty() {
            let folder = project.root.join(&project.settings.source);
            project.load(Some(&folder), paths, accept)?;
        }
        let (functions, problems) = project.load_functions()?;
        (project.functions, project.problems) = (functions, [project.problems, problems].concat());
        Ok(project)
    }

    fn loose(root: &Path, paths: &[PathBuf], accept: Accept) -> Result<Self, Failure> {
        let file = Source::new(SourceId(0), driver::FILE_NAME, "");
        let mut project = Self::new(root, Settings::default(), file, Vec::new());
        project.load(None, paths, accept)?;
        Ok(project)
    }

    /// What was read besides flowc.toml: flow sources, what stands beside them, and documents that the command names.
    pub fn sources(&self) -> &[Source] {
        self.texts.get(1..=self.flows).unwrap_or_default()
    }

    /// Takes over what became of the sources.
    pub fn take(&mut self, sources: Vec<Source>) {
        for source in sources {
            if let Some(text) = self.texts.get_mut(source.id.0 as usize) {
                *text = source;
            }
        }
    }

    /// All texts that a diagnostic can speak of.
    pub fn texts(&self) -> &[Source] {
        &self.texts
    }

    /// Where the sources are.
    pub fn folder(&self) -> PathBuf {
        self.root.join(&self.settings.source)
    }

    /// Where a source lies on disk.
    pub fn path(&self, source: &Source) -> PathBuf {
        self.root.join(&*source.path)
    }

    /// Puts a text in place of a source, unless somebody has edited it since it was read. Whether nobody has.
    pub fn replace(&self, source: &Source, text: &str) -> Result<bool, Failure> {
        let path = self.path(source);
        let own = Fence::new(path.parent().unwrap_or(&path));
        let fence = if path.starts_with(&self.root) { &self.fence } else { &own };
        let seen = self.texts.get(source.id.0 as usize).map_or("", |seen| &seen.text);
        fence.replace(&path, seen.as_bytes(), text.as_bytes())
    }

    /// The text of a file that the command line names.
    pub fn text(&self, path: &Path) -> Result<String, Failure> {
        text_of(path, &self.fence)
            .map_err(|refusal| Failure::new(format!("cannot read `{}`: {}", path.display(), refusal.message)))
    }

    /// The sources that the command is about; nothing means all.
    pub fn chosen(&self) -> Option<&BTreeSet<SourceId>> {
        self.chosen.as_ref()
    }

    pub fn is_whole(&self) -> bool {
        self.chosen.is_none()
    }

    /// Whether the command is about this source.
    pub fn is_chosen(&self, source: SourceId) -> bool {
        // What is wrong with the project file or an environment concerns everyone.
        let is_flow = (1..=self.flows).contains(&(source.0 as usize));
        !is_flow || self.chosen.as_ref().is_none_or(|chosen| chosen.contains(&source))
    }

    /// What there is to say: what went wrong in reading, and what a pass found, about the chosen sources.
    pub fn diagnostics(&self, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let mut all: Vec<Diagnostic> = self.problems.iter().cloned().chain(found).collect();
        all.retain(|diagnostic| self.is_chosen(diagnostic.primary.span.source));
        // Ids follow paths. Stable: what a pass found keeps its order.
        all.sort_by_key(|diagnostic| diagnostic.primary.span.source);
        all
    }

    /// A path of the command line in the form that walking the project gives, so that a file is read once however it is
    /// named: plain where that lies in the project, else with links resolved.
    fn place(&self, path: &Path) -> PathBuf {
        let plain = normal(path);
        if plain.starts_with(&self.root) {
            return plain;
        }
        let folder = plain.parent().and_then(|folder| folder.canonicalize().ok());
        folder.zip(plain.file_name()).map(|(folder, name)| folder.join(name)).unwrap_or(plain.clone())
    }

    /// Reads the sources of the project's folder, and those that the command names.
    fn load(&mut self, folder: Option<&Path>, paths: &[PathBuf], accept: Accept) -> Result<(), Failure> {
        let mut found = BTreeSet::new();
        let mut odd: Vec<(PathBuf, Refusal)> = Vec::new();
        if let Some(folder) = folder {
            if folder.is_dir() {
                let walk = files::walk(folder, &self.fence, &is_source);
                self.left_out = walk.left_out.iter().map(|path| shown(&self.root, path)).collect();
                found.extend(took(walk, &mut odd));
            } else if paths.is_empty() {
                // A project without a source yet can still look at files that are named.
                let text = format!("the source folder `{}` does not exist", self.settings.source);
                odd.push((
                    folder.to_owned(),
                    Refusal::nothing(text, "make it, or name another in flowc.toml: `source = \"..\"`"),
                ));
            }
        }
        let mut chosen = BTreeSet::new();
        let mut piped = None;
        for path in paths {
            if is_stdin(path) && accept == Accept::Documents {
                piped = Some(stdin_text()?);
                continue;
            }
            let path = std::path::absolute(path).map_err(|error| Failure::io("find", path, &error))?;
            choose(&self.place(&path), &self.fence, accept, &mut chosen, &mut odd);
        }
        if paths.is_empty() && found.is_empty() && odd.is_empty() {
            let text = format!("there is no flow in `{}`", self.settings.source);
            let help = "sources end in `.flow`; files that .gitignore names are left out";
            odd.push((folder.unwrap_or(&self.root).to_owned(), Refusal::nothing(text, help)));
        }
        let named: BTreeSet<PathBuf> = chosen.iter().chain(odd.iter().map(|(path, _)| path)).cloned().collect();
        found.extend(chosen);

        let mut read: Vec<(String, PathBuf, Result<String, Refusal>)> = found
            .into_par_iter()
            .map(|path| (shown(&self.root, &path), text_of(&path, &self.fence), path))
            .map(|(shown, text, path)| (shown, path, text))
            .collect();
        read.extend(odd.into_iter().map(|(path, refusal)| (shown(&self.root, &path), path, Err(refusal))));
        read.extend(piped.map(|text| {
            // By its ending, a source is known for what it is.
            let is_document = text.as_ref().is_ok_and(|text| driver::is_document(text));
            let shown = if is_document { "<stdin>.json" } else { "<stdin>" };
            (shown.to_owned(), PathBuf::from(STDIN), text)
        }));
        read.sort_by(|a, b| a.0.cmp(&b.0));

        let mut ids = BTreeSet::new();
        for (shown, path, text) in read {
            let id = SourceId(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
            if named.contains(&path) || is_stdin(&path) {
                ids.insert(id);
            }
            let text = text.unwrap_or_else(|refusal| {
                self.problems.push(refusal.diagnostic(id));
                String::new()
            });
            self.texts.push(Source::new(id, shown, text));
        }
        self.flows = self.texts.len() - 1;
        self.chosen = (!paths.is_empty()).then_some(ids);
        Ok(())
    }
}

// ---- environments -------------------------------------------------------------------------------------------------

impl Project {
    /// The same project, for a command about these environments.
    pub fn with(mut self, wanted: &Environments) -> Result<Self, Failure> {
        let names =
            if wanted.env.is_empty() && !wanted.all_envs { Vec::new() } else { self.environment_names(wanted)? };
        for name in &names {
            self.load_environment(name);
        }
        if !names.is_empty() {
            let mut others = names_in(&self.environments_folder())?;
            others.retain(|name| !names.contains(name));
            let others: Vec<String> = others.iter().flat_map(|name| self.environments_of(name)).collect();
            self.problems.extend(driver::shared_files(&self.environments, &others));
        }
        Ok(self)
    }

    /// The names of what a file has that the command is not about: one, or one for each region.
    fn environments_of(&self, name: &str) -> Vec<String> {
        let path = self.environments_folder().join(format!("{name}.toml"));
        let text = text_of(&path, &self.fence).unwrap_or_default();
        let source = Source::new(SourceId(u32::MAX), name, text);
        let file = driver::EnvironmentFile { name: name.to_owned(), source: &source, included: Vec::new() };
        driver::environments(&file).0.into_iter().map(|environment| environment.name).collect()
    }

    /// The same project with all of its environments, unless some are named; it may have none.
    pub fn with_known(self, wanted: &Environments) -> Result<Self, Failure> {
        let has_none = wanted.env.is_empty() && names_in(&self.environments_folder())?.is_empty();
        let all_envs = wanted.env.is_empty();
        if has_none { Ok(self) } else { self.with(&Environments { env: wanted.env.clone(), all_envs }) }
    }

    pub fn environments_folder(&self) -> PathBuf {
        self.root.join(driver::ENVIRONMENTS)
    }

    fn environment_names(&self, wanted: &Environments) -> Result<Vec<String>, Failure> {
        let known = names_in(&self.environments_folder())?;
        if let Some(unknown) = wanted.env.iter().find(|name| !known.contains(*name)) {
            let help = match closest(unknown, known.iter().map(String::as_str)) {
                Some(close) => format!("did you mean `{close}`?"),
                None if known.is_empty() => format!("write one: `{}/{unknown}.toml`", driver::ENVIRONMENTS),
                None => format!("the project has {}", known.iter().cloned().collect::<Vec<_>>().join(", ")),
            };
            return Err(Failure::new(format!("there is no environment `{unknown}`")).help(help));
        }
        if known.is_empty() {
            let message = format!("this project has no environments: there is no file in `{}`", driver::ENVIRONMENTS);
            return Err(Failure::new(message).help("docs/mapping.md tells what one looks like"));
        }
        Ok(known.into_iter().filter(|name| wanted.all_envs || wanted.env.contains(name)).collect())
    }

    fn load_environment(&mut self, name: &str) {
        let path = self.environments_folder().join(format!("{name}.toml"));
        let file = self.add(&path);
        let Some(source) = self.texts.get(file) else { return };
        let mut included = Vec::new();
        for include in driver::includes(source) {
            let at = normal(&self.environments_folder().join(&include.value));
            if at.starts_with(&self.root) && !Path::new(&include.value).is_absolute() {
                included.push(self.add(&at));
            } else {
                let message = format!("`{}` is not a file inside the project", include.value);
                self.problems.push(
                    Diagnostic::new(codes::ENVIRONMENT_FILE, include.span, message)
                        .label("leads out of it")
                        .help("copy it into the project; a build must find everything there"),
                );
            }
        }
        let Some(source) = self.texts.get(file) else { return };
        let included = included.iter().filter_map(|at| self.texts.get(*at)).collect();
        let (found, problems) =
            driver::environments(&driver::EnvironmentFile { name: name.to_owned(), source, included });
        // Of a file that could not be read, what it lacks is not worth a second message.
        if !self.problems.iter().any(|problem| problem.primary.span.source.0 as usize >= file) {
            self.problems.extend(problems);
        }
        for problem in found.iter().flat_map(|environment| driver::unknown_settings(environment, &self.functions)) {
            // What several regions share is wrong once.
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
        self.environments.extend(found);
    }

    /// Reads one more text, unless it has been read; its place among the texts.
    fn add(&mut self, path: &Path) -> usize {
        let shown = shown(&self.root, path);
        if let Some(known) = self.texts.iter().position(|text| *text.path == *shown) {
            return known;
        }
        let at = self.texts.len();
        let id = SourceId(u32::try_from(at).unwrap_or(u32::MAX));
        let text = text_of(path, &self.fence).unwrap_or_else(|refusal| {
            self.problems.push(refusal.diagnostic(id));
            String::new()
        });
        self.texts.push(Source::new(id, shown, text));
        at
    }
}

/// The environments of a folder, by name. What is not named as a folder of outputs can be is somebody else's.
fn names_in(folder: &Path) -> Result<BTreeSet<String>, Failure> {
    let entries = files::entries(folder).map_err(|error| Failure::io("read", folder, &error))?;
    let mut names = BTreeSet::new();
    for path in entries.into_keys() {
        let is_toml = path.extension().is_some_and(|ending| ending == "toml");
        let is_plain = |name: &&str| {
            !name.starts_with('-') && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        names.extend(
            path.file_stem().and_then(|name| name.to_str()).filter(is_plain).filter(|_| is_toml).map(str::to_owned),
        );
    }
    Ok(names)
}

/// Where a project is looked for first.
fn starting_folder(global: &Global) -> Result<PathBuf, Failure> {
    match &global.project {
        Some(folder) => folder.canonicalize().map_err(|error| Failure::io("open the project", folder, &error)),
        None => current_folder(),
    }
}

/// The folder of the project file above a path, or the path itself.
pub fn root_above(from: &Path) -> Option<&Path> {
    from.ancestors().find(|folder| folder.join(driver::FILE_NAME).is_file())
}

fn current_folder() -> Result<PathBuf, Failure> {
    std::env::current_dir().map_err(|error| Failure::new(format!("there is no working directory: {}", reason(&error))))
}

/// Why a source has no text.
#[derive(Debug)]
struct Refusal {
    code: crate::diagnostics::Code,
    message: String,
    help: String,
}

impl Refusal {
    fn new(code: crate::diagnostics::Code, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: help.into() }
    }

    fn nothing(message: impl Into<String>, help: &str) -> Self {
        Self::new(codes::NOTHING_TO_DO, message, help)
    }

    fn unread(unread: &Unread) -> Self {
        let code = if matches!(unread, Unread::Large(_)) { codes::TOO_LARGE } else { codes::UNREADABLE };
        Self::new(code, unread.message(SOURCE_BYTES_MAX as u64), unread.help())
    }

    /// What walking stumbled over.
    fn odd(odd: &Odd, path: &Path) -> Self {
        let mend = "mend it, or name it in .gitignore if it is not part of the project";
        let unreadable = |message: &str| Self::new(codes::UNREADABLE, message, mend);
        match odd {
            Odd::Unread(unread) if unread.is_missing() && path.is_symlink() => unreadable("this link leads nowhere"),
            Odd::Unread(unread) => Self::unread(unread),
            Odd::Circle => unreadable("this link leads back to a folder that it is in"),
            Odd::Folder => Self::unread(&Unread::Folder),
            Odd::Name => {
                let message = "the name of this file is not UTF-8";
                Self::new(codes::UNREADABLE, message, "rename it: messages and source maps name sources in UTF-8")
            }
            Odd::TooMany => unreadable("there are more files below here than anyone has flows"),
        }
    }

    fn diagnostic(self, source: SourceId) -> Diagnostic {
        Diagnostic::new(self.code, Span::new(source, 0, 0), self.message).help(self.help)
    }
}

/// What a walk found; what it stumbled over is told of.
fn took(walk: Walk, odd: &mut Vec<(PathBuf, Refusal)>) -> BTreeSet<PathBuf> {
    let refused = |(path, what): (PathBuf, Odd)| {
        let refusal = Refusal::odd(&what, &path);
        (path, refusal)
    };
    odd.extend(walk.odd.into_iter().map(refused));
    walk.files
}

/// What the project file of a folder says, as far as it can be read.
fn settings_of(fence: &Fence) -> Settings {
    let text = text_of(&fence.root().join(driver::FILE_NAME), fence).unwrap_or_default();
    driver::settings(&Source::new(SourceId(0), driver::FILE_NAME, text)).0
}

/// The project around a path as far as links go; where there is none, the folder itself.
pub fn fence_around(folder: &Path) -> Fence {
    let path = std::path::absolute(folder).map_or_else(|_| folder.to_owned(), |path| normal(&path));
    let Some(root) = root_above(&path) else { return Fence::new(&path) };
    let fence = Fence::new(root);
    let is_open = settings_of(&fence).links;
    fence.opened(is_open)
}

/// The sources that one path of the command line means.
fn choose(
    path: &Path,
    fence: &Fence,
    accept: Accept,
    chosen: &mut BTreeSet<PathBuf>,
    odd: &mut Vec<(PathBuf, Refusal)>,
) {
    if path.to_str().is_none() {
        odd.push((path.to_owned(), Refusal::odd(&Odd::Name, path)));
    } else if path.is_dir() {
        let before = odd.len();
        // A folder outside of the project is looked at by itself.
        let own = Fence::new(path);
        let fence = if path.starts_with(fence.root()) { fence } else { &own };
        let below = took(files::walk(path, fence, &is_source), odd);
        let is_empty = below.is_empty();
        chosen.extend(below);
        if is_empty && before == odd.len() {
            let refusal = if is_flow(path) {
                Refusal::unread(&Unread::Folder)
            } else {
                Refusal::nothing("there is no flow in this folder", "sources end in `.flow`")
            };
            odd.push((path.to_owned(), refusal));
        }
    } else if path.symlink_metadata().is_err() {
        odd.push((
            path.to_owned(),
            Refusal::nothing("there is no such file", "check the spelling; paths are taken from the working directory"),
        ));
    } else if is_flow(path) || (accept == Accept::Documents && is_document(path)) {
        chosen.insert(path.to_owned());
    } else {
        let help = if accept == Accept::Documents {
            "sources end in `.flow`, documents in `.json` or `.yaml`"
        } else if is_document(path) {
            "`flowc import` makes a source of a document"
        } else {
            "sources end in `.flow`"
        };
        odd.push((path.to_owned(), Refusal::nothing("this is not a flow source", help)));
    }
}

/// What a command takes for a source when it is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Accept {
    Sources,
    Documents,
}

pub fn is_document(path: &Path) -> bool {
    Form::of(&path.to_string_lossy()) == Form::Document
}

/// Whether a file is one that is looked for: a source, or what belongs to one.
fn is_source(path: &Path) -> bool {
    is_flow(path) || Form::of(&path.to_string_lossy()) == Form::Layout
}

/// A file's text, or why there is none.
fn text_of(path: &Path, fence: &Fence) -> Result<String, Refusal> {
    let bytes =
        fence.bytes(path, SOURCE_BYTES_MAX as u64).map_err(|unread| Refusal::odd(&Odd::Unread(unread), path))?;
    text(bytes)
}

/// Bytes as text, or what is wrong with them.
fn text(bytes: Vec<u8>) -> Result<String, Refusal> {
    let error = match String::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(error) => error,
    };
    let (bytes, at) = (error.as_bytes(), error.utf8_error().valid_up_to());
    let help = "save it as UTF-8, which editors call `UTF-8` or `UTF-8 without BOM`";
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(Refusal::new(codes::NOT_TEXT, "this file is UTF-16, not UTF-8", help));
    }
    let line = bytes.iter().take(at).filter(|&&byte| byte == b'\n').count() + 1;
    let byte = bytes.get(at).copied().unwrap_or_default();
    Err(Refusal::new(codes::NOT_TEXT, format!("this file is not UTF-8: line {line} holds the byte 0x{byte:02X}"), help))
}

/// Reads one file as a source.
pub fn single(path: &Path, id: SourceId, fence: &Fence) -> (Source, Vec<Diagnostic>) {
    let shown = path.to_string_lossy().replace('\\', "/");
    match text_of(path, fence) {
        Ok(text) => (Source::new(id, shown, text), Vec::new()),
        Err(refusal) => (Source::new(id, shown, ""), vec![refusal.diagnostic(id)]),
    }
}

/// The documents below a folder, by path.
pub fn documents_below(folder: &Path) -> Vec<PathBuf> {
    files::walk(folder, &fence_around(folder), &is_document).files.into_iter().collect()
}

/// Whether there is a source below a folder.
pub fn has_flows(folder: &Path) -> bool {
    !files::walk(folder, &fence_around(folder), &is_flow).files.is_empty()
}

/// Fails where sources were edited while something was made of them.
pub fn unless_edited(paths: &[&str]) -> Result<(), Failure> {
    if paths.is_empty() {
        return Ok(());
    }
    let (paths, was) = (paths.join("`, `"), if paths.len() == 1 { "was" } else { "were" });
    Err(Failure::new(format!("`{paths}` {was} edited meanwhile, and left alone")).help("run this again"))
}

/// A text that is there and cannot be one.
pub fn unreadable(source: SourceId) -> Diagnostic {
    Refusal::new(
        codes::NOT_TEXT,
        "this file is too large or not UTF-8",
        "save it as UTF-8; every flow can have a file of its own",
    )
    .diagnostic(source)
}

/// What stands for stdin on the command line.
const STDIN: &str = "-";

/// Whether a path of the command line is stdin.
pub fn is_stdin(path: &Path) -> bool {
    path == Path::new(STDIN)
}

/// Reads stdin as a source.
pub fn stdin() -> Result<(Source, Vec<Diagnostic>), Failure> {
    let id = SourceId(0);
    Ok(match stdin_text()? {
        Ok(text) => (Source::new(id, "<stdin>", text), Vec::new()),
        Err(refusal) => (Source::new(id, "<stdin>", ""), vec![refusal.diagnostic(id)]),
    })
}

/// The text of stdin, or why there is none.
fn stdin_text() -> Result<Result<String, Refusal>, Failure> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(SOURCE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| Failure::new(format!("cannot read stdin: {}", reason(&error))))?;
    Ok(text(bytes))
}

/// A path as messages and source maps show it: from the project, with forward slashes.
pub fn shown(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    let shown = path.to_string_lossy();
    if cfg!(windows) { shown.replace('\\', "/") } else { shown.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_told_apart() {
        assert_eq!(text(b"flow".to_vec()).unwrap(), "flow");
        assert!(text(b"\xff\xfei\0n\0".to_vec()).unwrap_err().message.contains("UTF-16"));
        assert!(text(b"a\nb\xe9".to_vec()).unwrap_err().message.contains("line 2 holds the byte 0xE9"));
    }
}

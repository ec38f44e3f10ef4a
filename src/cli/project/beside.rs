//! What stands beside the flows of a project: what its functions and bots say of themselves, and what is right in documents.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Project;
use crate::cli::Failure;
use crate::cli::files;
use crate::diagnostics::Diagnostic;
use crate::driver;
use crate::emit::function::Function;
use crate::flow;
use crate::source::limits::SOURCE_BYTES_MAX;

impl Project {
    /// The contracts of the project's functions, by the function's name.
    pub fn contracts(&self) -> Result<BTreeMap<String, PathBuf>, Failure> {
        let mut contracts = BTreeMap::new();
        for path in self.below("handlers")? {
            let contract = path.join("contract.json");
            if let (Some(name), true) = (path.file_name().and_then(|name| name.to_str()), contract.is_file()) {
                contracts.insert(name.to_owned(), contract);
            }
        }
        Ok(contracts)
    }

    /// Reads the contracts. What flows are held against is kept; what templates have of the functions is the answer, with what
    /// is wrong about it. What a contract does not say, no check knows; that one cannot be read is said where it is used.
    pub(super) fn load_functions(&mut self) -> Result<(BTreeMap<String, Function>, Vec<Diagnostic>), Failure> {
        let files = self.contracts()?.into_iter();
        let text = |path: &Path| String::from_utf8(self.fence.bytes(path, SOURCE_BYTES_MAX as u64).ok()?).ok();
        let texts: BTreeMap<String, String> = files.filter_map(|(name, path)| Some((name, text(&path)?))).collect();
        self.settings.functions = texts.values().filter_map(|text| flow::Function::read(text)).collect();
        Ok(driver::functions(&texts, &self.settings.handlers))
    }

    /// Reads a file of findings that are right.
    pub fn load_allowed(&mut self, path: &Path) -> Result<(), Failure> {
        let absolute = std::path::absolute(path).map_err(|error| Failure::io("find", path, &error))?;
        absolute.metadata().map_err(|error| Failure::io("read", path, &error))?;
        let before = self.problems.len();
        let at = self.add(&self.place(&absolute));
        if let (Some(source), true) = (self.texts.get(at), before == self.problems.len()) {
            let (entries, problems) = driver::allowed(source);
            self.problems.extend(problems);
            self.settings.lint.allowed = entries;
        }
        Ok(())
    }

    /// Reads what bots say of themselves, for rules. Where there is no project, a folder of that name is somebody else's.
    pub fn load_bots(&mut self) -> Result<(), Failure> {
        if !self.root.join(driver::FILE_NAME).is_file() {
            return Ok(());
        }
        let mut paths = self.below(driver::BOTS)?;
        paths.retain(|path| path.is_file() && path.extension().is_some_and(|ending| ending == "toml"));
        for path in paths {
            let before = self.problems.len();
            let at = self.add(&path);
            if let (Some(source), true) = (self.texts.get(at), before == self.problems.len()) {
                let (name, bot, problems) = driver::bot(source);
                // Half of what a bot has would be all it has.
                if problems.is_empty() {
                    self.settings.lint.bots.insert(name, bot);
                }
                self.problems.extend(problems);
            }
        }
        Ok(())
    }

    /// What lies in a folder of the project, by path; nothing if there is no such folder.
    fn below(&self, folder: &str) -> Result<Vec<PathBuf>, Failure> {
        let folder = self.root.join(folder);
        let entries = files::entries(&folder).map_err(|error| Failure::io("read", &folder, &error))?;
        Ok(entries.into_keys().collect())
    }
}

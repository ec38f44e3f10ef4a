//! The contracts of a project's functions: the files `handlers/<name>/contract.json`.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::PathBuf;

use crate::cli::Failure;
use crate::cli::project::Project;
use crate::diagnostics::Diagnostic;
use crate::driver;
use crate::emit::function::Function;
use crate::flow;

/// Reads them: what flows are held against is the project's to keep, and what templates have of them the answer, with what
/// is wrong about it. What a contract does not say, no check knows; that one cannot be read is said where it is used.
pub(super) fn read(project: &mut Project) -> Result<(BTreeMap<String, Function>, Vec<Diagnostic>), Failure> {
    let files = project.contracts()?.into_iter();
    let texts: BTreeMap<String, String> =
        files.filter_map(|(name, path)| Some((name, std::fs::read_to_string(path).ok()?))).collect();
    project.settings.functions = texts.values().filter_map(|text| flow::Function::read(text)).collect();
    Ok(driver::functions(&texts, &project.settings.handlers))
}

impl Project {
    /// The contracts of the project's functions, by the function's name.
    pub fn contracts(&self) -> Result<BTreeMap<String, PathBuf>, Failure> {
        let folder = self.root.join("handlers");
        let entries = match folder.read_dir() {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
            Err(error) => return Err(Failure::io("read", &folder, &error)),
        };
        let mut contracts = BTreeMap::new();
        for entry in entries {
            let path = entry.map_err(|error| Failure::io("read", &folder, &error))?.path();
            let contract = path.join("contract.json");
            if let (Some(name), true) = (path.file_name().and_then(|name| name.to_str()), contract.is_file()) {
                contracts.insert(name.to_owned(), contract);
            }
        }
        Ok(contracts)
    }
}

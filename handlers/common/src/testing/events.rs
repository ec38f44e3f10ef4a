//! The sample events of a handler, `events/<outcome>.json`: the event, and the answer that it is meant to get.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Failure;

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    #[serde(skip)]
    path: PathBuf,
    /// What the sample shows.
    pub about: String,
    pub event: Value,
    /// The whole answer, or nothing where the handler fails.
    pub answer: Option<Value>,
    /// The word for the failure, where the handler fails.
    pub failure: Option<String>,
}

impl Sample {
    /// The name of the file, without its ending.
    pub fn name(&self) -> String {
        self.path.file_stem().unwrap().to_string_lossy().into_owned()
    }

    /// Fails when the handler gives another answer than the file says. `UPDATE=1` writes what it gives.
    pub fn is_answered_by(mut self, answer: Result<Value, Failure>) {
        let (answer, failure) = match answer {
            Ok(answer) => (Some(answer), None),
            Err(failure) => (None, Some(failure.kind().to_owned())),
        };
        if std::env::var_os("UPDATE").is_some() {
            (self.answer, self.failure) = (answer, failure);
            fs::write(&self.path, format!("{}\n", serde_json::to_string_pretty(&self).unwrap())).unwrap();
            return;
        }
        assert_eq!(answer, self.answer, "{}", self.name());
        assert_eq!(failure, self.failure, "{}", self.name());
    }
}

/// All samples of a crate, by name.
pub fn samples(folder: &str) -> Vec<Sample> {
    let mut found: Vec<Sample> = fs::read_dir(Path::new(folder).join("events"))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let mut sample: Sample =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            sample.path = path;
            sample
        })
        .collect();
    found.sort_by(|left, right| left.path.cmp(&right.path));
    assert!(!found.is_empty(), "there are no sample events");
    found
}

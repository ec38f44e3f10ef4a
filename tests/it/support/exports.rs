//! Real exports, which lie outside the repository.

use std::path::PathBuf;

/// The folder of exports that `$FLOWC_CORPUS` names; without one, a test says that it was skipped.
pub fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("FLOWC_CORPUS").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: FLOWC_CORPUS is not set");
    }
    folder
}

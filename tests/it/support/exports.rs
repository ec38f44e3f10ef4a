//! Real exports, which lie outside the repository.

use std::path::PathBuf;

/// The folder of exports that `$FLOWC_CORPUS` names, in the suite that is about them; nothing in any other.
pub fn folder() -> Option<PathBuf> {
    let named = || std::env::var_os("FLOWC_CORPUS").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    crate::TAKES_EXPORTS.then(|| named().expect("FLOWC_CORPUS names a folder of exports"))
}

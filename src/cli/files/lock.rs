//! Two runs that write into one folder wait for each other.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use crate::cli::Failure;

/// Holds a folder until it is let go of, at the latest when the program ends, however it ends. On Unix the folder itself is
/// locked, so that there is no file in the way of git.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Waits until nobody else holds the folder; `on_wait` is called before waiting.
    pub fn of(folder: &Path, on_wait: impl FnOnce()) -> Result<Self, Failure> {
        let failed = |error: io::Error| Failure::io("lock", folder, &error);
        let file = lockable(folder).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                on_wait();
                file.lock().map_err(failed)?;
            }
            Err(TryLockError::Error(_)) => {
                // Some file systems of networks lock no folders.
                let file = stand_in(folder).map_err(failed)?;
                file.lock().map_err(failed)?;
                return Ok(Self { _file: file });
            }
        }
        Ok(Self { _file: file })
    }
}

#[cfg(unix)]
fn lockable(folder: &Path) -> io::Result<File> {
    File::open(folder)
}

#[cfg(not(unix))]
fn lockable(folder: &Path) -> io::Result<File> {
    stand_in(folder)
}

/// A file among the temporary ones, named after the folder.
fn stand_in(folder: &Path) -> io::Result<File> {
    let place = folder.canonicalize()?;
    let name = blake3::hash(place.as_os_str().as_encoded_bytes()).to_hex();
    let path = std::env::temp_dir().join(format!("flowc-{name}.lock"));
    File::options().create(true).truncate(false).write(true).open(path)
}

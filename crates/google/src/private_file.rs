//! Files that only their owner can read.

use std::io::Write;
use std::path::Path;

/// Writes a file that only its owner can read, in a folder that only its owner can enter: the old or the new one is there at any
/// moment.
///
/// # Errors
/// Those of the file system.
pub(crate) fn write(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    #[cfg(unix)]
    std::fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    sweep(folder);
    // Temporary files of this crate are made with mode 0600 on Unix; on Windows the profile folder is the owner's.
    let mut file = tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

const PREFIX: &str = ".writing-";
/// A file that somebody writes just now is younger.
const WRITTEN_WITHIN: std::time::Duration = std::time::Duration::from_secs(60);

/// Takes away what a process left that was killed while it wrote: it holds what the files hold.
pub(crate) fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_left = name.to_string_lossy().starts_with(PREFIX) || name.to_string_lossy().starts_with(".tmp");
        let age = entry.metadata().and_then(|left| left.modified()).ok().and_then(|written| written.elapsed().ok());
        if is_left && age.is_some_and(|age| age > WRITTEN_WITHIN) {
            // Somebody else may have been faster.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

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
    // Temporary files of this crate are made with mode 0600 on Unix; on Windows the profile folder is the owner's.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

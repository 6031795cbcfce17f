//! Paths as the catalog keeps them: relative to the library, with `/`. How they become paths of the system, and nothing else.

use std::path::{Path, PathBuf};

use photokeep_model::{Code, Error, Result};

/// Joins a path of the catalog to the library's folder.
///
/// # Errors
/// [`Code::Internal`] for anything that could leave the folder: an absolute path, `..`, `.`, an empty component, NUL, a drive or
/// server of Windows. Names are made safe long before, so such a path is a mistake or a forged catalog.
pub fn join(root: &Path, relative: &str) -> Result<PathBuf> {
    let refused = |why: &str| {
        Err(Error::new(Code::Internal, format!("A path in the catalog is not one inside the library ({why})."))
            .detail("path", relative.escape_debug()))
    };
    if has_drive(relative) || relative.starts_with("\\\\") {
        return refused("it names a drive or server");
    }
    let mut path = root.to_path_buf();
    for component in relative.split('/') {
        match component {
            "" => return refused("it is absolute or has an empty part"),
            "." | ".." => return refused("it has a part that is a direction, not a name"),
            name if name.contains('\0') => return refused("it holds a NUL"),
            name if cfg!(windows) && name.contains(['\\', ':']) => return refused("it holds a separator of Windows"),
            name => path.push(name),
        }
    }
    Ok(path)
}

fn has_drive(relative: &str) -> bool {
    let mut bytes = relative.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic()) && bytes.next() == Some(b':')
}

/// The content of a relative symbolic link at `from_file` to `to_file`, both relative to the library: `../../../photos/2023/09/a.jpg`
/// as gphotos-sync writes them (`predecessors.md` 1.6). Separators are the system's, as Windows follows no others in links.
pub fn relative_link(from_file: &str, to_file: &str) -> PathBuf {
    let mut from: Vec<&str> = from_file.split('/').collect();
    from.pop();
    let to: Vec<&str> = to_file.split('/').collect();
    let folders = to.len().saturating_sub(1);
    let shared = from.iter().zip(&to[..folders]).take_while(|(left, right)| left == right).count();
    std::iter::repeat_n("..", from.len() - shared).chain(to[shared..].iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_ordinary_path_is_joined() {
        let path = join(Path::new("library"), "photos/2023/09/a.jpg").unwrap();
        assert_eq!(path, ["library", "photos", "2023", "09", "a.jpg"].iter().collect::<PathBuf>());
    }

    #[test]
    fn whatever_could_leave_the_library_is_refused() {
        for relative in [
            "",
            "/",
            "/etc/passwd",
            "..",
            "../x",
            "a/../b",
            "a/..",
            "a//b",
            "a/",
            "./a",
            "a/.",
            "a\0b",
            "C:/x",
            "c:x",
            "\\\\server\\share",
        ] {
            let error = join(Path::new("library"), relative).expect_err(relative);
            assert_eq!(error.code, Code::Internal, "{relative:?}");
        }
    }

    #[test]
    fn links_climb_to_the_library_and_down_again() {
        for (from, to, expected) in [
            ("albums/2023/0925 Title/0000_a.jpg", "photos/2023/09/a.jpg", "../../../photos/2023/09/a.jpg"),
            ("albums/2023-0925 Title/0000_a.jpg", "photos/2023-09/a.jpg", "../../photos/2023-09/a.jpg"),
            ("comparison/missing/a.jpg", "comparison/b.jpg", "../b.jpg"),
            ("a.jpg", "b.jpg", "b.jpg"),
            ("x/x/a.jpg", "x/x", "../x"),
        ] {
            assert_eq!(relative_link(from, to), Path::new(expected), "{from} {to}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_relative_link_really_leads_to_its_file() {
        let root = tempfile::tempdir().unwrap();
        let (from, to) = ("albums/2023/09 T/0000_a.jpg", "photos/2023/09/a.jpg");
        for path in [from, to] {
            std::fs::create_dir_all(join(root.path(), path).unwrap().parent().unwrap()).unwrap();
        }
        std::fs::write(join(root.path(), to).unwrap(), "bytes").unwrap();
        std::os::unix::fs::symlink(relative_link(from, to), join(root.path(), from).unwrap()).unwrap();
        assert_eq!(std::fs::read(join(root.path(), from).unwrap()).unwrap(), b"bytes");
    }

    proptest! {
        #[test]
        fn a_joined_path_is_always_below_the_root(relative in "[a./\\\\:\\x00 ]{0,12}") {
            if let Ok(path) = join(Path::new("root"), &relative) {
                let rest = path.strip_prefix("root").unwrap();
                prop_assert!(rest.components().all(|part| matches!(part, std::path::Component::Normal(_))));
                prop_assert_eq!(rest.components().count(), relative.split('/').count());
            }
        }
    }
}

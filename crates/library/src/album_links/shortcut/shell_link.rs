//! Shortcuts of Windows (`.lnk`), by Microsoft's [MS-SHLLINK], revision 8. Written here because the crates that read them well say
//! themselves that their writing "probably won't work", and the one that only writes knows no share.
//!
//! Such a file has the target's full path twice, for programs of all ages, and its place beside the shortcut: moved together to another
//! drive, Windows still finds it. It has no times and no numbers of disks, so that the same shortcut is always the same bytes.

use std::io;
use std::path::{Component, Path};

/// `HasLinkInfo`, `HasRelativePath`, `IsUnicode` (2.1.1).
const FLAGS: u32 = 0x2 | 0x8 | 0x80;

/// 00021401-0000-0000-C000-000000000046 (2.1).
const CLASS: [u8; 16] = [0x01, 0x14, 0x02, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46];

/// The longest path that the shell follows (`MAX_PATH` without its NUL), in UTF-16 units.
const LONGEST: usize = 259;

/// The bytes of a shortcut at `place` to `target`.
///
/// # Errors
/// [`io::ErrorKind::InvalidFilename`] for a path that the shell does not follow.
pub(super) fn bytes(place: &Path, target: &Path) -> io::Result<Vec<u8>> {
    let full = plain(&target.to_string_lossy());
    if full.encode_utf16().count() > LONGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidFilename, "the path is too long for a shortcut of Windows"));
    }
    let mut out = Vec::with_capacity(512);
    out.extend(0x4C_u32.to_le_bytes());
    out.extend(CLASS);
    out.extend(FLAGS.to_le_bytes());
    out.extend(0x80_u32.to_le_bytes()); // FILE_ATTRIBUTE_NORMAL
    out.extend([0; 24]); // times of the target
    out.extend([0; 8]); // its size, the icon's index
    out.extend(1_u32.to_le_bytes()); // SW_SHOWNORMAL
    out.extend([0; 12]); // no key, reserved
    out.extend(link_info(&full));
    let relative: Vec<u16> = beside(place, target).encode_utf16().collect();
    out.extend(u16::try_from(relative.len()).unwrap_or(0).to_le_bytes());
    out.extend(relative.iter().flat_map(|unit| unit.to_le_bytes()));
    out.extend([0; 4]); // TerminalBlock (2.5)
    Ok(out)
}

/// The `LinkInfo` structure (2.3): the path on a drive, or share and the path on it.
fn link_info(full: &str) -> Vec<u8> {
    const HEADER: u32 = 0x24;
    let share = full.strip_prefix(r"\\").and_then(|rest| {
        let end = rest.match_indices('\\').nth(1)?.0;
        Some((&full[..end + 2], &rest[end + 1..]))
    });
    let (before, base, suffix) = match share {
        // CommonNetworkRelativeLink (2.3.2): its size, no device, where its name is, WNNC_NET_SMB.
        Some((name, path)) => {
            let mut network = vec![0; 4];
            network.extend(2_u32.to_le_bytes());
            network.extend(0x14_u32.to_le_bytes());
            network.extend(0_u32.to_le_bytes());
            network.extend(0x0002_0000_u32.to_le_bytes());
            network.extend(ansi(name));
            let size = size_of(&network);
            network[..4].copy_from_slice(&size.to_le_bytes());
            (network, "", path)
        }
        // VolumeID (2.3.1): its size, DRIVE_FIXED, no number, an empty label behind it.
        None => {
            let volume = [0x11_u32, 3, 0, 0x10].into_iter().flat_map(u32::to_le_bytes).chain([0]).collect();
            (volume, full, "")
        }
    };
    let at_base = HEADER + size_of(&before);
    let at_suffix = at_base + if share.is_some() { 0 } else { size_of(&ansi(base)) };
    let at_wide_base = at_suffix + size_of(&ansi(suffix));
    let at_wide_suffix = at_wide_base + if share.is_some() { 0 } else { size_of(&wide(base)) };
    let end = at_wide_suffix + size_of(&wide(suffix));
    let (flag, volume_at, base_at, network_at, wide_base_at) =
        if share.is_some() { (2, 0, 0, HEADER, 0) } else { (1, HEADER, at_base, 0, at_wide_base) };
    let header = [end, HEADER, flag, volume_at, base_at, network_at, at_suffix, wide_base_at, at_wide_suffix];
    let mut out: Vec<u8> = header.into_iter().flat_map(u32::to_le_bytes).collect();
    out.extend(before);
    if share.is_none() {
        out.extend(ansi(base));
    }
    out.extend(ansi(suffix));
    if share.is_none() {
        out.extend(wide(base));
    }
    out.extend(wide(suffix));
    out
}

fn size_of(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

/// For programs that know no Unicode; the others read the wide form.
fn ansi(text: &str) -> Vec<u8> {
    text.chars().map(|character| if character.is_ascii() { character as u8 } else { b'?' }).chain([0]).collect()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}

/// Without the `\\?\` of long paths, which the shell does not know.
fn plain(path: &str) -> String {
    let path = path.replace('/', "\\");
    match path.strip_prefix(r"\\?\UNC\") {
        Some(share) => format!(r"\\{share}"),
        None => path.strip_prefix(r"\\?\").unwrap_or(&path).to_owned(),
    }
}

/// The way from the folder of `place` to `target`.
fn beside(place: &Path, target: &Path) -> String {
    let folder: Vec<Component> = place.parent().into_iter().flat_map(Path::components).collect();
    let target: Vec<Component> = target.components().collect();
    let common = folder.iter().zip(&target).take_while(|(left, right)| left == right).count();
    let up = std::iter::repeat_n("..".to_owned(), folder.len() - common);
    let down = target[common..].iter().map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("\\")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Reads a number as [MS-SHLLINK] says where it stands.
    fn number(bytes: &[u8], at: usize) -> usize {
        u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
    }

    fn text(bytes: &[u8], at: usize) -> String {
        bytes[at..].split(|byte| *byte == 0).next().map(|text| String::from_utf8_lossy(text).into_owned()).unwrap()
    }

    fn wide_text(bytes: &[u8], at: usize) -> String {
        let units = bytes[at..].chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
        String::from_utf16(&units.take_while(|unit| *unit != 0).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn a_file_on_a_drive_is_named_in_full_and_beside_the_shortcut() {
        let (place, target) = (r"C:/Photos/albums/2019/05 Reise/0000_a.jpg.lnk", r"C:/Photos/photos/2019/05/ü.jpg");
        let link = bytes(Path::new(place), Path::new(target)).unwrap();
        assert_eq!((number(&link, 0), number(&link, 20)), (0x4C, 0x8A));
        let info = &link[0x4C..];
        assert_eq!((number(info, 4), number(info, 8), number(info, 20)), (0x24, 1, 0));
        assert_eq!(text(info, number(info, 16)), r"C:\Photos\photos\2019\05\?.jpg");
        assert_eq!(wide_text(info, number(info, 28)), r"C:\Photos\photos\2019\05\ü.jpg");
        assert_eq!((text(info, number(info, 24)), wide_text(info, number(info, 32))), (String::new(), String::new()));
        let strings = &info[number(info, 0)..];
        let relative = r"..\..\..\photos\2019\05\ü.jpg";
        assert_eq!(usize::from(u16::from_le_bytes([strings[0], strings[1]])), relative.encode_utf16().count());
        assert_eq!(strings[2..], [relative.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(), vec![0; 4]].concat());
    }

    #[test]
    fn a_file_on_a_share_is_named_by_share_and_path() {
        let link = bytes(Path::new(r"\\nas\media\a\x.lnk"), Path::new(r"\\?\UNC\nas\media\photos\ü.jpg")).unwrap();
        let info = &link[0x4C..];
        assert_eq!((number(info, 8), number(info, 12), number(info, 16)), (2, 0, 0));
        let network = number(info, 20);
        assert_eq!(text(info, network + number(info, network + 8)), r"\\nas\media");
        assert_eq!(text(info, number(info, 24)), r"photos\?.jpg");
        assert_eq!(wide_text(info, number(info, 32)), r"photos\ü.jpg");
    }

    #[test]
    fn a_path_that_the_shell_does_not_follow_is_refused() {
        let long = format!(r"C:\{}.jpg", "x".repeat(260));
        assert_eq!(bytes(Path::new(r"C:\a.lnk"), Path::new(&long)).unwrap_err().kind(), io::ErrorKind::InvalidFilename);
    }

    /// Windows itself, or wine, opens what the shortcut names. (Wine reads only the older of the two forms of the path, without `ü`.)
    #[cfg(windows)]
    #[test]
    fn the_shell_opens_what_a_shortcut_names() {
        let folder = tempfile::tempdir().unwrap();
        let (target, opened) = (folder.path().join("photos").join("und mehr.cmd"), folder.path().join("opened"));
        let place = folder.path().join("albums").join("0000_a.lnk");
        for folder in [&target, &place].map(|file| file.parent().unwrap()) {
            std::fs::create_dir(folder).unwrap();
        }
        std::fs::write(&target, format!("@echo yes> \"{}\"\r\n", opened.display())).unwrap();
        std::fs::write(&place, bytes(&place, &target).unwrap()).unwrap();
        std::process::Command::new("cmd").args(["/c", "start", "/wait"]).arg(&place).status().unwrap();
        let begun = std::time::Instant::now();
        while !opened.exists() {
            assert!(begun.elapsed().as_secs() < 30, "nothing was opened");
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    }
}

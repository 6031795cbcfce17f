//! Which tool made a tree, how it names folders and files, and what a file's name tells (`predecessors.md` 1.5, 2.4).

use std::collections::HashMap;

use photokeep_model::Layout;

use super::Maker;
use super::index::Index;
use super::walk::{Walked, WalkedFile};

/// How the folders of photos are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Folders {
    /// `YYYY/MM`.
    Months,
    /// `YYYY-MM`.
    Flat,
    /// `YYYY/YYYY-MM`.
    YearsOfMonths,
    /// `YYYY/YYYY-MM-DD`.
    YearsOfDays,
    /// `YYYY`.
    Years,
    /// One folder called `all`.
    All,
}

/// How a tree is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scheme {
    pub maker: Maker,
    pub layout: Layout,
    /// The folder above those by month; empty for the top.
    pub photos: String,
    folders: Folders,
}

/// What a file's name tells in a scheme.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ToldByName {
    /// The name that it has at Google, as far as it can be known.
    pub title: String,
    /// 0 for the first of its name, 1 for ` (2)`; of gphotos-sync only.
    pub number: Option<u32>,
    /// The media item id.
    pub key: Option<String>,
}

/// Finds out how a tree is made; `None` when it is like none that is known. With an `index` its paths decide.
pub(super) fn infer(walked: &Walked, index: Option<&Index>) -> Option<Scheme> {
    let mut counts: HashMap<(Folders, String), u64> = HashMap::new();
    match index {
        Some(index) => index.files.iter().for_each(|file| count(&file.path, &mut counts)),
        None => walked.files.iter().for_each(|file| count(&file.path, &mut counts)),
    }
    if index.is_some() {
        counts.retain(|(folders, _), _| matches!(folders, Folders::Months | Folders::Flat));
    }
    // Most files first; where as many fit, the stricter form and the shorter path.
    let ((folders, photos), _) = counts.into_iter().max_by(|((a, in_a), of_a), ((b, in_b), of_b)| {
        of_a.cmp(of_b).then(b.cmp(a)).then(in_b.len().cmp(&in_a.len())).then(in_b.cmp(in_a))
    })?;
    let names = || {
        let mut scheme = Scheme { maker: Maker::Gphotosync, layout: Layout::Gphotosync, photos: photos.clone(), folders };
        scheme.photos.clone_from(&photos);
        walked.files.iter().filter(move |file| scheme.holds(&file.path)).filter_map(|file| Some((suffix_of(file)?, file)))
    };
    let has = |name: &str| walked.tool_files.iter().any(|file| file == name);
    let (maker, layout) = match folders {
        Folders::Flat => (Maker::GphotosSync, Layout::GphotosSyncFlat),
        Folders::Months if index.is_some() => (Maker::GphotosSync, Layout::GphotosSync),
        Folders::Months => {
            let suffixed = names().count();
            let ids = names().filter(|(suffix, _)| !is_hex(suffix)).count();
            let by_gphotos_sync = walked.tool_files.iter().any(|name| name.contains("gphotos"));
            let by_gphotosync = has(".token.json") || has(".client_secret.json") || photos.is_empty();
            if suffixed > 0 || (by_gphotosync && !by_gphotos_sync) {
                (Maker::Gphotosync, if ids * 2 > suffixed { Layout::GphotosyncId } else { Layout::Gphotosync })
            } else {
                (Maker::GphotosSync, Layout::GphotosSync)
            }
        }
        Folders::YearsOfMonths => (Maker::Rclone, Layout::RcloneByMonth),
        Folders::YearsOfDays => (Maker::Rclone, Layout::RcloneByDay),
        Folders::Years => (Maker::Rclone, Layout::RcloneByYear),
        Folders::All => (Maker::Rclone, Layout::RcloneAll),
    };
    Some(Scheme { maker, layout, photos, folders })
}

impl Scheme {
    /// Whether a file of this path is where the scheme puts photos.
    pub fn holds(&self, path: &str) -> bool {
        forms(path).is_some_and(|(folders, root)| folders == self.folders && root == self.photos)
    }

    /// What a file's name tells.
    pub fn told_by_name(&self, name: &str) -> ToldByName {
        let plain = || ToldByName { title: name.to_owned(), ..ToldByName::default() };
        let (stem, extension) = name.rfind('.').filter(|dot| *dot > 0).map_or((name, ""), |dot| name.split_at(dot));
        match self.layout {
            Layout::GphotosSync | Layout::GphotosSyncFlat => {
                let numbered = stem.strip_suffix(')').and_then(|stem| stem.rsplit_once(" (")).and_then(|(stem, digits)| {
                    let plain =
                        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
                    let number = digits.parse::<u32>().ok().filter(|number| plain && (2..=HIGHEST_NUMBER).contains(number))?;
                    Some((stem, number))
                });
                match numbered {
                    Some((stem, number)) => {
                        ToldByName { title: format!("{stem}{extension}"), number: Some(number - 1), key: None }
                    }
                    None => ToldByName { number: Some(0), ..plain() },
                }
            }
            Layout::Gphotosync | Layout::GphotosyncId => match stem.rsplit_once(MARK) {
                Some((stem, suffix)) if !suffix.is_empty() => {
                    let key = (!is_hex(suffix)).then(|| suffix.to_owned());
                    ToldByName { title: format!("{stem}{extension}"), number: None, key }
                }
                _ => plain(),
            },
            layout if layout.is_rclone() => match id_in_braces(stem) {
                Some((stem, key)) => ToldByName { title: format!("{stem}{extension}"), number: None, key: Some(key.to_owned()) },
                None => plain(),
            },
            _ => plain(),
        }
    }
}

/// Higher numbers were dealt by nobody: they belong to the name.
pub(super) const HIGHEST_NUMBER: u32 = 1_000_000;

/// What gphotosync puts before its second names.
const MARK: &str = "-gphotosync-";

/// The shortest id that rclone takes for one.
const SHORTEST_ID: usize = 55;

fn suffix_of(file: &WalkedFile) -> Option<&str> {
    let name = file.path.rsplit('/').next()?;
    let stem = name.rfind('.').map_or(name, |dot| &name[..dot]);
    Some(stem.rsplit_once(MARK)?.1)
}

/// Whether it is a time in hexadecimal and no id: nanoseconds since 1970 in 64 bits.
fn is_hex(suffix: &str) -> bool {
    let digits = suffix.strip_prefix('-').unwrap_or(suffix);
    (1..=16).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

fn id_in_braces(stem: &str) -> Option<(&str, &str)> {
    let (before, id) = stem.strip_suffix('}')?.rsplit_once('{')?;
    let fits = id.len() >= SHORTEST_ID && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    fits.then(|| (before.strip_suffix(' ').unwrap_or(before), id))
}

fn count(path: &str, counts: &mut HashMap<(Folders, String), u64>) {
    if let Some((folders, root)) = forms(path) {
        *counts.entry((folders, root.to_owned())).or_default() += 1;
    }
}

/// The form of a file's folders, and what is above them.
fn forms(path: &str) -> Option<(Folders, &str)> {
    let (folder, _) = path.rsplit_once('/')?;
    let (above, last) = split(folder);
    let (further, before) = split(above);
    if is_month(last) && is_number(before, 1..=4) {
        return Some((Folders::Months, further));
    }
    let year_of_it = |last: &str| is_year(before) && last.get(..4) == Some(before);
    match last.split('-').collect::<Vec<_>>()[..] {
        [year, month] if is_year(year) && is_month(month) && year_of_it(last) => Some((Folders::YearsOfMonths, further)),
        [year, month] if is_year(year) && is_month(month) => Some((Folders::Flat, above)),
        [year, month, day] if is_year(year) && is_month(month) && is_number(day, 2..=2) && year_of_it(last) => {
            Some((Folders::YearsOfDays, further))
        }
        [year] if is_year(year) && (above.is_empty() || above.rsplit('/').next() == Some("by-year")) => {
            Some((Folders::Years, above))
        }
        ["all"] if above.is_empty() || above.rsplit('/').next() == Some("media") => Some((Folders::All, folder)),
        _ => None,
    }
}

fn split(folder: &str) -> (&str, &str) {
    folder.rsplit_once('/').unwrap_or(("", folder))
}

fn is_number(text: &str, digits: std::ops::RangeInclusive<usize>) -> bool {
    digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A year as folders have it.
pub(super) fn is_year(text: &str) -> bool {
    is_number(text, 4..=4)
}

fn is_month(text: &str) -> bool {
    is_number(text, 2..=2) && text.parse::<u8>().is_ok_and(|month| (1..=12).contains(&month))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use rstest::rstest;

    fn walked(paths: &[&str], tool_files: &[&str]) -> Walked {
        let file = |path: &&str| WalkedFile { path: (*path).into(), size: 1, mtime: (0, 0), twin: None };
        Walked {
            files: paths.iter().map(file).collect(),
            tool_files: tool_files.iter().map(|name| (*name).to_owned()).collect(),
            ..Walked::default()
        }
    }

    const ID: &str = "AF1QipMabcdefghijklmnopqrstuvwxyz0123456789-_ABCDEFGHIJKLMN";

    #[rstest]
    #[case::gphotos_sync(&["photos/2019/05/a.jpg", "notes/x.txt"], &[], Maker::GphotosSync, Layout::GphotosSync, "photos")]
    #[case::flat(&["photos/2019-05/a.jpg"], &[], Maker::GphotosSync, Layout::GphotosSyncFlat, "photos")]
    #[case::own_folder(&["my/pics/2019/05/a.jpg"], &[], Maker::GphotosSync, Layout::GphotosSync, "my/pics")]
    #[case::at_the_top(&["2019/05/a.jpg"], &["gphotos.log"], Maker::GphotosSync, Layout::GphotosSync, "")]
    #[case::gphotosync(&["2019/05/a.jpg", "987/05/b.jpg"], &[".token.json"], Maker::Gphotosync, Layout::Gphotosync, "")]
    #[case::hex(&["2019/05/a.jpg", "2019/05/a-gphotosync-159d508a0d5d8000.jpg"], &[], Maker::Gphotosync, Layout::Gphotosync, "")]
    #[case::id(&["2019/05/a.jpg", "2019/05/a-gphotosync-AF1QipX.jpg"], &[], Maker::Gphotosync, Layout::GphotosyncId, "")]
    #[case::by_month(&["media/by-month/2019/2019-05/a.jpg"], &[], Maker::Rclone, Layout::RcloneByMonth, "media/by-month")]
    #[case::by_month_alone(&["2019/2019-05/a.jpg"], &[], Maker::Rclone, Layout::RcloneByMonth, "")]
    #[case::by_day(&["2019/2019-05-03/a.jpg"], &[], Maker::Rclone, Layout::RcloneByDay, "")]
    #[case::by_year(&["media/by-year/2019/a.jpg"], &[], Maker::Rclone, Layout::RcloneByYear, "media/by-year")]
    #[case::all(&["media/all/a.jpg"], &[], Maker::Rclone, Layout::RcloneAll, "media/all")]
    fn trees_tell_who_made_them(
        #[case] paths: &[&str],
        #[case] tools: &[&str],
        #[case] maker: Maker,
        #[case] layout: Layout,
        #[case] photos: &str,
    ) {
        let scheme = infer(&walked(paths, tools), None).unwrap();
        assert_eq!((scheme.maker, scheme.layout, scheme.photos.as_str()), (maker, layout, photos));
        assert!(scheme.holds(paths[0]));
    }

    #[test]
    fn other_folders_are_none_of_them() {
        for paths in [&["Trip to Rome/a.jpg", "a.jpg"][..], &["2019/13/a.jpg"], &["Backup/2019/Summer/a.jpg"], &[]] {
            assert_eq!(infer(&walked(paths, &[]), None), None, "{paths:?}");
        }
    }

    #[rstest]
    #[case::first(Layout::GphotosSync, "a.jpg", "a.jpg", Some(0), None)]
    #[case::second(Layout::GphotosSync, "a (2).jpg", "a.jpg", Some(1), None)]
    #[case::no_number(Layout::GphotosSync, "a (1).jpg", "a (1).jpg", Some(0), None)]
    #[case::last_suffix(Layout::GphotosSync, "a.tar (3).gz", "a.tar.gz", Some(2), None)]
    #[case::hex(Layout::Gphotosync, "a-gphotosync-fc4a4d5fdf6b200.jpg", "a.jpg", None, None)]
    #[case::id(Layout::GphotosyncId, "a-gphotosync-AF1Qip-x.jpg", "a.jpg", None, Some("AF1Qip-x"))]
    #[case::own_braces(Layout::RcloneByMonth, "a {b}.jpg", "a {b}.jpg", None, None)]
    fn names_tell_what_the_tools_put_into_them(
        #[case] layout: Layout,
        #[case] name: &str,
        #[case] title: &str,
        #[case] number: Option<u32>,
        #[case] key: Option<&str>,
    ) {
        let scheme = Scheme { maker: Maker::Rclone, layout, photos: String::new(), folders: Folders::Months };
        let told = ToldByName { title: title.into(), number, key: key.map(Into::into) };
        assert_eq!(scheme.told_by_name(name), told);
    }

    #[test]
    fn rclone_puts_ids_into_braces() {
        let scheme = Scheme {
            maker: Maker::Rclone,
            layout: Layout::RcloneByMonth,
            photos: String::new(),
            folders: Folders::YearsOfMonths,
        };
        let told = scheme.told_by_name(&format!("IMG {{{ID}}}.jpg"));
        assert_eq!((told.title.as_str(), told.key.as_deref()), ("IMG.jpg", Some(ID)));
    }
}

//! Where photos and albums lie and what album folders are called: the layout's ways, with the person's own in their place
//! (the path switches of gphotos-sync, `predecessors.md` 1.2 and 1.12).
//!
//! [`Places::check`] is the gate: no path or pattern that could lead out of the library, into `.photokeep` or into each
//! other passes it. What comes from outside later (titles, dates) is cleaned by [`NameRules`] part by part.

use std::fmt::Write;

use chrono::{DateTime, Datelike, FixedOffset, Offset, Utc};
use photokeep_model::{CaptureTime, Code, Error, Layout, LibraryOptions, MonthZone, PathOptions, Result};

use super::names::NameRules;
use crate::folder::STATE_FOLDER;

/// The folder for what has no date.
const UNDATED: &str = "undated";

/// Stands for the title while a pattern is filled in; no pattern can hold it.
const TITLE: &str = "\0";

/// Where things lie in one library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    layout: Layout,
    zone: MonthZone,
    options: PathOptions,
}

impl Places {
    /// The places of a library with these options.
    pub fn new(options: &LibraryOptions) -> Self {
        Self { layout: options.layout, zone: options.month, options: options.paths.clone() }
    }

    /// Which clock decides about folders.
    pub fn zone(&self) -> MonthZone {
        self.zone
    }

    /// Whether album entries are numbered.
    pub fn numbers_entries(&self) -> bool {
        !self.options.no_album_sorting.unwrap_or(false)
    }

    /// Whether album entries go from the last item to the first.
    pub fn inverts_albums(&self) -> bool {
        self.options.album_invert.unwrap_or(false)
    }

    /// Whether the earliest item dates an album's folder; else the latest does.
    pub fn dates_by_first(&self) -> bool {
        self.options.album_date_by_first_photo.unwrap_or(false)
    }

    /// The folder of the photos; empty when it is the library itself.
    pub fn photos_root(&self) -> &str {
        match (self.options.photos.as_deref().map(tidy), self.layout) {
            (Some(root), _) => root,
            (None, Layout::Gphotosync | Layout::GphotosyncId) => "",
            (None, layout) if layout.is_rclone() => match layout {
                Layout::RcloneByYear => "media/by-year",
                Layout::RcloneByDay => "media/by-day",
                Layout::RcloneAll => "media/all",
                _ => "media/by-month",
            },
            (None, _) => "photos",
        }
    }

    /// The folder under which albums lie: `albums`, and in the gphotos-sync presets `sharedAlbums` for shared ones.
    pub fn albums_root(&self, shared: bool) -> &str {
        let own = self.options.albums.as_deref().map_or("albums", tidy);
        match (self.options.shared_albums.as_deref(), self.layout) {
            (Some(root), _) if shared => tidy(root),
            (None, Layout::GphotosSync | Layout::GphotosSyncFlat) if shared => "sharedAlbums",
            _ => own,
        }
    }

    /// The folder of the month a photo was taken: `photos/2023/09`, flat `photos/2023-09`, gphotosync `2023/09`.
    pub fn month_folder(&self, taken: Option<CaptureTime>) -> String {
        let date = taken.map(|taken| self.local(taken)).map(|day| (day.year(), day.month(), day.day()));
        let folder = match (self.layout, date) {
            (Layout::RcloneAll, _) => String::new(),
            (Layout::Photokeep | Layout::GphotosSync, Some((year, month, _))) => format!("{year:04}/{month:02}"),
            (Layout::GphotosSyncFlat, Some((year, month, _))) => format!("{year:04}-{month:02}"),
            // The year is not padded there (predecessors.md 2.4).
            (Layout::Gphotosync | Layout::GphotosyncId, Some((year, month, _))) => format!("{year}/{month:02}"),
            (Layout::RcloneByMonth, Some((year, month, _))) => format!("{year:04}/{year:04}-{month:02}"),
            (Layout::RcloneByYear, Some((year, ..))) => format!("{year:04}"),
            (Layout::RcloneByDay, Some((year, month, day))) => format!("{year:04}/{year:04}-{month:02}-{day:02}"),
            (_, None) => UNDATED.to_owned(),
        };
        match self.photos_root() {
            root if folder.is_empty() => root.to_owned(),
            "" => folder,
            root => format!("{root}/{folder}"),
        }
    }

    /// The folder of an album: `albums/2023/09 Title`; gphotos-sync `albums/2023/0925 Title`, flat `albums/2023-0925 Title`.
    ///
    /// `date` names the folder, the latest item's by default. An album without any is under `undated`.
    pub fn album_folder(&self, rules: &NameRules, title: Option<&str>, shared: bool, date: Option<CaptureTime>) -> String {
        let title = title.filter(|title| !rules.is_blank(title)).unwrap_or_else(|| rules.untitled());
        let flat = self.layout == Layout::GphotosSyncFlat;
        let pattern = match date.map(|date| self.local(date)) {
            _ if self.options.omit_album_date.unwrap_or(false) => TITLE.to_owned(),
            None if flat => format!("{UNDATED} {TITLE}"),
            None => format!("{UNDATED}/{TITLE}"),
            Some(day) => {
                let year = format!("{:04}", day.year());
                let month = formatted(day, self.month_format()).unwrap_or_default();
                match flat {
                    true => filled(self.path_format(), &[&year, &month, TITLE]).unwrap_or_default(),
                    false => format!("{year}/{}", filled(self.path_format(), &[&month, TITLE]).unwrap_or_default()),
                }
            }
        };
        // Cleaned with its date in front: a title such as `.NET` or `CON` is harmless there, and the length is that of the
        // whole name. A slash in the title is part of a name and becomes `_`.
        let parts: Vec<String> = pattern.split('/').map(|part| rules.clean_folder_name(&part.replace(TITLE, title))).collect();
        format!("{}/{}", self.albums_root(shared), parts.join("/"))
    }

    fn month_format(&self) -> &str {
        match (&self.options.month_format, self.layout) {
            (Some(format), _) => format,
            (None, Layout::GphotosSync | Layout::GphotosSyncFlat) => "%m%d",
            (None, _) => "%m",
        }
    }

    fn path_format(&self) -> &str {
        match (&self.options.path_format, self.layout) {
            (Some(format), _) => format,
            (None, Layout::GphotosSyncFlat) => "{0}-{1} {2}",
            (None, _) => "{0} {1}",
        }
    }

    fn local(&self, time: CaptureTime) -> DateTime<FixedOffset> {
        let offset = match self.zone {
            MonthZone::Utc => None,
            MonthZone::Local => time.offset_seconds.and_then(FixedOffset::east_opt),
        };
        time.instant.with_timezone(&offset.unwrap_or(Utc.fix()))
    }

    /// Makes sure that these places are inside the library, apart from each other, and can be made on its disk.
    ///
    /// # Errors
    /// [`Code::Usage`], naming the option.
    pub fn check(&self, rules: &NameRules) -> Result<()> {
        let photos = self.photos_root();
        if !photos.is_empty() {
            check_path("--photos-path", photos, rules)?;
        }
        for (option, albums) in [("--albums-path", self.albums_root(false)), ("--shared-albums-path", self.albums_root(true))] {
            check_path(option, albums, rules)?;
            let (photos, albums) = (rules.collision_key(photos), rules.collision_key(albums));
            if !photos.is_empty() && (is_below(&photos, &albums) || is_below(&albums, &photos)) {
                return Err(refused(option, "photos and albums need folders apart from each other"));
            }
        }
        let fields = if self.layout == Layout::GphotosSyncFlat { 3 } else { 2 };
        let sample = DateTime::UNIX_EPOCH.fixed_offset();
        let month = formatted(sample, self.month_format())
            .filter(|text| !text.is_empty())
            .ok_or_else(|| refused("--month-format", "it is no date format such as `%m%d`"))?;
        check_pattern("--month-format", &month)?;
        let sample =
            filled(self.path_format(), &["1970", &month, "Title"][3 - fields..]).map_err(|why| refused("--path-format", why))?;
        check_pattern("--path-format", &sample)
    }
}

/// As people write paths: `./a/` is `a`, and `.` is the library itself.
fn tidy(path: &str) -> &str {
    let path = path.strip_prefix("./").unwrap_or(path).trim_end_matches('/');
    if path == "." { "" } else { path }
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn refused(option: &str, why: &str) -> Error {
    Error::new(Code::Usage, format!("The value of {option} cannot be used: {why}. Nothing was changed."))
        .hint("`photokeep sync --help` and docs/coming-from-gphotos-sync.md have examples.")
}

fn check_path(option: &str, path: &str, rules: &NameRules) -> Result<()> {
    if path.is_empty() {
        return Err(refused(option, "albums need a folder of their own"));
    }
    if path.starts_with('/') || path.contains('\\') || path.as_bytes().get(1) == Some(&b':') {
        return Err(refused(option, "it has to be a path below the library, with `/` between its parts"));
    }
    check_pattern(option, path)?;
    match path.split('/').find(|part| !rules.accepts(part)) {
        Some(part) => Err(refused(option, &format!("the disk does not take the name `{}`", part.escape_debug()))),
        None => Ok(()),
    }
}

/// Every part is a name, and none is Photokeep's own.
fn check_pattern(option: &str, path: &str) -> Result<()> {
    let bad = |part: &str| {
        matches!(part.trim(), "" | "." | "..") || part.trim_end_matches(['.', ' ']).eq_ignore_ascii_case(STATE_FOLDER)
    };
    if path.split('/').any(bad) || path.contains('\0') {
        return Err(refused(option, "every part of it has to be a name, and none may be `..` or `.photokeep`"));
    }
    Ok(())
}

/// A date in `strftime`'s words; `None` when the format is none.
fn formatted(date: DateTime<FixedOffset>, format: &str) -> Option<String> {
    let mut text = String::new();
    write!(text, "{}", date.format(format)).ok().map(|()| text)
}

/// Fills `{0}`, `{1}`… of a pattern, as Python's `str.format` does with plain numbers; `{{` and `}}` are braces.
fn filled(pattern: &str, fields: &[&str]) -> Result<String, &'static str> {
    const WHY: &str = "between braces there has to be a number that is in use, `{0} {1}`; the flat layout has `{2}` as well";
    let mut text = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            text.push_str(brace);
            rest = after;
            continue;
        }
        let (number, after) = if brace == "{" { rest.split_once('}').ok_or(WHY)? } else { return Err(WHY) };
        let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let field = number.parse::<usize>().ok().filter(|_| digits).and_then(|number| fields.get(number));
        text.push_str(field.ok_or(WHY)?);
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use rstest::rstest;

    use super::super::facts::NameFacts;
    use super::*;

    fn places(layout: Layout, paths: PathOptions) -> Places {
        Places::new(&LibraryOptions { layout, paths, ..LibraryOptions::default() })
    }

    fn rules(layout: Layout) -> NameRules {
        NameRules::from_names(NameFacts::permissive(), layout)
    }

    fn album(layout: Layout, paths: PathOptions, title: &str) -> String {
        let places = places(layout, paths);
        places.check(&rules(layout)).unwrap();
        places.album_folder(&rules(layout), Some(title), false, CaptureTime::parse_google("2023-09-25T10:00:00Z"))
    }

    fn pattern(month: Option<&str>, path: Option<&str>) -> PathOptions {
        PathOptions { month_format: month.map(Into::into), path_format: path.map(Into::into), ..PathOptions::default() }
    }

    /// What gphotos-sync makes of the same switches (its `album_folder_name`).
    #[rstest]
    #[case(Layout::GphotosSync, pattern(None, None), "albums/2023/0925 Trip")]
    #[case(Layout::GphotosSync, pattern(Some("%m"), None), "albums/2023/09 Trip")]
    #[case(Layout::GphotosSync, pattern(Some("%d. %b"), None), "albums/2023/25. Sep Trip")]
    #[case(Layout::GphotosSync, pattern(None, Some("{1} - {0}")), "albums/2023/Trip - 0925")]
    #[case(Layout::GphotosSync, pattern(None, Some("{0}/{1}")), "albums/2023/0925/Trip")]
    #[case(Layout::GphotosSync, pattern(Some("%m/%d"), None), "albums/2023/09/25 Trip")]
    #[case(Layout::GphotosSync, pattern(None, Some("{{{1}}}")), "albums/2023/{Trip}")]
    #[case(Layout::GphotosSyncFlat, pattern(None, Some("{0}/{1}_{2}")), "albums/2023/0925_Trip")]
    #[case(Layout::GphotosSyncFlat, pattern(Some("%m"), None), "albums/2023-09 Trip")]
    #[case(Layout::Photokeep, pattern(Some("%m-%d"), None), "albums/2023/09-25 Trip")]
    fn album_folders_follow_the_patterns(#[case] layout: Layout, #[case] paths: PathOptions, #[case] expected: &str) {
        assert_eq!(album(layout, paths, "Trip"), expected);
    }

    #[test]
    fn without_a_date_the_title_is_all_and_wins_over_the_pattern() {
        let paths = PathOptions { omit_album_date: Some(true), ..pattern(None, Some("{1} {0}")) };
        assert_eq!(album(Layout::GphotosSync, paths.clone(), "Trip"), "albums/Trip");
        assert_eq!(album(Layout::GphotosSync, paths, "a/../b"), "albums/a_.._b");
    }

    #[test]
    fn a_title_stays_one_name_whatever_the_pattern() {
        for title in ["../../etc", "/", "..", ".", "\0", "{0}"] {
            let folder = album(Layout::GphotosSync, pattern(None, Some("{0}/{1}")), title);
            assert_eq!(folder.matches('/').count(), 3, "{folder:?}");
            assert!(!folder.split('/').any(|part| matches!(part, "" | "." | "..")), "{folder:?}");
        }
        assert_eq!(album(Layout::GphotosSync, pattern(None, None), "{0} {7}"), "albums/2023/0925 {0} {7}");
    }

    #[test]
    fn photos_and_albums_lie_where_they_are_wanted() {
        let paths = PathOptions {
            photos: Some("./pictures/all/".into()),
            albums: Some("my albums".into()),
            shared_albums: Some("others/albums".into()),
            ..PathOptions::default()
        };
        let taken = CaptureTime::parse_google("2023-09-25T10:00:00Z");
        for (layout, month) in [
            (Layout::Photokeep, "pictures/all/2023/09"),
            (Layout::GphotosSyncFlat, "pictures/all/2023-09"),
            (Layout::Gphotosync, "pictures/all/2023/09"),
        ] {
            let places = places(layout, paths.clone());
            places.check(&rules(layout)).unwrap();
            assert_eq!(places.month_folder(taken), month);
            assert_eq!(places.month_folder(None), "pictures/all/undated");
            assert_eq!((places.albums_root(false), places.albums_root(true)), ("my albums", "others/albums"));
        }
        let top = PathOptions { photos: Some(".".into()), ..PathOptions::default() };
        assert_eq!(places(Layout::Photokeep, top).month_folder(taken), "2023/09");
        // One folder for both, as long as nothing else is said, where the layout keeps them together.
        let albums = PathOptions { albums: Some("a".into()), ..PathOptions::default() };
        assert_eq!(places(Layout::Photokeep, albums.clone()).albums_root(true), "a");
        assert_eq!(places(Layout::GphotosSync, albums).albums_root(true), "sharedAlbums");
    }

    #[test]
    fn nothing_leads_out_of_the_library_or_into_what_is_photokeeps_own() {
        for path in [
            "/srv",
            "..",
            "a/../b",
            "a//b",
            "C:/x",
            "\\\\server\\x",
            "a\\b",
            ".photokeep",
            "x/.PhotoKeep",
            ".photokeep.",
            "a\0",
            " ",
            "a/.",
        ] {
            for option in ["photos", "albums", "shared"] {
                let mut paths = PathOptions::default();
                *match option {
                    "photos" => &mut paths.photos,
                    "albums" => &mut paths.albums,
                    _ => &mut paths.shared_albums,
                } = Some(path.to_owned());
                let error = places(Layout::GphotosSync, paths).check(&rules(Layout::GphotosSync)).expect_err(path);
                assert_eq!(error.code, Code::Usage, "{path:?}");
            }
        }
        let windows = NameRules::from_names(NameFacts::windows(), Layout::Photokeep);
        let refused_there = PathOptions { albums: Some("what?".into()), ..PathOptions::default() };
        assert!(places(Layout::Photokeep, refused_there).check(&windows).is_err());
    }

    #[rstest]
    #[case(pattern(Some("%Q"), None))]
    #[case(pattern(Some("%m/.."), None))]
    #[case(pattern(None, Some("{2}")))]
    #[case(pattern(None, Some("{}")))]
    #[case(pattern(None, Some("{0")))]
    #[case(pattern(None, Some("0}")))]
    #[case(pattern(None, Some("{+1}")))]
    #[case(pattern(None, Some("../{1}")))]
    #[case(pattern(None, Some("{0}//{1}")))]
    #[case(pattern(None, Some("/{1}")))]
    fn patterns_that_mean_nothing_or_too_much_are_refused(#[case] paths: PathOptions) {
        assert_eq!(places(Layout::GphotosSync, paths).check(&rules(Layout::GphotosSync)).unwrap_err().code, Code::Usage);
    }

    #[test]
    fn photos_and_albums_stay_apart() {
        let both = |photos: &str, albums: &str| {
            let paths = PathOptions { photos: Some(photos.into()), albums: Some(albums.into()), ..PathOptions::default() };
            places(Layout::Photokeep, paths).check(&rules(Layout::Photokeep))
        };
        assert!(both("a", "a").is_err() && both("a", "a/b").is_err() && both("a/b", "a").is_err());
        both("a", "ab").unwrap();
        both(".", "albums").unwrap();
        assert!(both("a", ".").is_err());
    }
}

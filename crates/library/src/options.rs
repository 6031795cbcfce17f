//! What is decided once for a library and remembered in its catalog: reading it, and which changes still can be made.

use photokeep_model::{Code, Error, Layout, LibraryOptions, LinkChoice, MonthZone, PathOptions, Result};

use crate::catalog::Catalog;
use crate::target::{NameRules, Places, TargetFacts};

/// Options to change; `None` leaves one as it is.
#[derive(Debug, Clone, Default)]
pub struct OptionChanges {
    /// Folders and names; only while the library is empty.
    pub layout: Option<Layout>,
    /// Album links.
    pub links: Option<LinkChoice>,
    /// Month folder by UTC or local time; only while the library is empty.
    pub month: Option<MonthZone>,
    /// Downloads at the same time.
    pub jobs: Option<u16>,
    /// Folders and names that differ from the layout's; that of the photos only while the library is empty. Album
    /// folders follow with the next sync.
    pub paths: PathOptions,
    /// Whether to leave shared albums alone.
    pub skip_shared_albums: Option<bool>,
}

/// What was decided for the library of this catalog.
pub(crate) fn known_options(catalog: &Catalog) -> Result<LibraryOptions> {
    Ok(catalog.meta("options")?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Makes the changes and remembers them.
pub(crate) fn settle_options(catalog: &Catalog, changes: &OptionChanges, facts: &TargetFacts) -> Result<LibraryOptions> {
    let options = change_options(known_options(catalog)?, changes, facts, !catalog.has_files()?)?;
    catalog.set_meta("options", &serde_json::to_string(&options).unwrap_or_default())?;
    Ok(options)
}

/// The options after these changes; what decides where photos lie changes only while the library is `empty`.
pub(crate) fn change_options(
    mut options: LibraryOptions,
    changes: &OptionChanges,
    facts: &TargetFacts,
    empty: bool,
) -> Result<LibraryOptions> {
    let too_late = |name: &str, now: &str| {
        Error::new(
            Code::Usage,
            format!(
                "The {name} of a library is chosen once, and this one already keeps photos with `{now}`. Nothing was changed."
            ),
        )
        .hint("Leave the option out, or start a new library in another folder.")
    };
    if let Some(layout) = changes.layout.filter(|layout| *layout != options.layout) {
        if !empty {
            return Err(too_late("layout", options.layout.as_str()));
        }
        options.layout = layout;
    }
    if let Some(month) = changes.month.filter(|month| *month != options.month) {
        if !empty {
            return Err(too_late("month rule", if options.month == MonthZone::Utc { "utc" } else { "local" }));
        }
        options.month = month;
    }
    let photos_before = Places::new(&options).photos_root().to_owned();
    options.paths = options.paths.changed_by(&changes.paths);
    let places = Places::new(&options);
    if changes.paths != PathOptions::default() || changes.layout.is_some() {
        places.check(&NameRules::new(facts, options.layout))?;
    }
    if !empty && places.photos_root() != photos_before {
        let now = if photos_before.is_empty() { "." } else { &photos_before };
        return Err(too_late("folder for photos", now));
    }
    if let Some(links) = changes.links {
        facts.best_link(links)?;
        options.links = links;
    }
    if let Some(jobs) = changes.jobs {
        options.jobs = jobs.clamp(1, 64);
    }
    options.skip_shared_albums = changes.skip_shared_albums.unwrap_or(options.skip_shared_albums);
    Ok(options)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::target::facts::facts_for_tests;

    fn paths(paths: PathOptions) -> OptionChanges {
        OptionChanges { paths, ..OptionChanges::default() }
    }

    #[test]
    fn where_photos_lie_is_chosen_once_and_album_folders_may_follow() {
        let facts = facts_for_tests();
        let elsewhere = paths(PathOptions { photos: Some("pictures".into()), ..PathOptions::default() });
        let options = change_options(LibraryOptions::default(), &elsewhere, &facts, true).unwrap();
        assert_eq!(Places::new(&options).photos_root(), "pictures");
        assert_eq!(change_options(options.clone(), &elsewhere, &facts, false).unwrap(), options, "the same again is no change");
        let back = paths(PathOptions { photos: Some(String::new()), ..PathOptions::default() });
        let error = change_options(options.clone(), &back, &facts, false).unwrap_err();
        assert_eq!(error.code, Code::Usage);
        assert!(error.message.contains("`pictures`"), "{error}");
        let albums = paths(PathOptions { albums: Some("my albums".into()), album_invert: Some(true), ..PathOptions::default() });
        let changed = change_options(options, &albums, &facts, false).unwrap();
        assert_eq!(changed.paths.photos.as_deref(), Some("pictures"), "what is not named stays");
        assert_eq!(changed.paths.albums.as_deref(), Some("my albums"));
    }

    #[test]
    fn options_of_an_older_photokeep_are_read() {
        let old = r#"{"layout":"gphotos-sync","links":"auto","month":"utc","jobs":4}"#;
        let options: LibraryOptions = serde_json::from_str(old).unwrap();
        assert_eq!((options.layout, options.jobs, options.paths), (Layout::GphotosSync, 4, PathOptions::default()));
    }
}

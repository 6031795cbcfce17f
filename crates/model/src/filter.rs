//! Which part of the source one run looks at. Filters belong to a run, never to the library.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Code, Error, Result};

/// Which albums a run is limited to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum AlbumChoice {
    /// The whole library and every album.
    #[default]
    All,
    /// Only the albums with exactly this title.
    Titled(String),
    /// Only the albums whose title this regular expression finds (not anchored, case ignored), as in gphotos-sync.
    Matching(String),
}

/// What a run takes in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct Filter {
    /// First day (UTC, inclusive).
    pub from: Option<NaiveDate>,
    /// Last day (UTC, inclusive).
    pub to: Option<NaiveDate>,
    /// Favourites only.
    pub favorites: bool,
    /// Leave videos out.
    pub no_videos: bool,
    /// Take archived items as well.
    pub archived: bool,
    /// The albums to be limited to.
    pub albums: AlbumChoice,
    /// Titles of albums to leave out.
    pub exclude_albums: Vec<String>,
    /// Do not ask for shared albums. Set by the library's options: the person does not want them at all, so a run without
    /// them sees the whole.
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub skip_shared_albums: bool,
}

impl Filter {
    /// Makes sure that the filter can let anything through.
    ///
    /// # Errors
    /// [`Code::Usage`] for a range of days that ends before it begins.
    pub fn check(&self) -> Result<()> {
        match (self.from, self.to) {
            (Some(from), Some(to)) if to < from => {
                Err(Error::new(Code::Usage, format!("The range of days ends ({to}) before it begins ({from})."))
                    .hint("Exchange --from and --to."))
            }
            _ => Ok(()),
        }
    }

    /// Whether the run sees the whole library. Only such a run can say that something is no longer there, or that
    /// everything is kept. Archived items are an extension of the whole, not a restriction.
    pub fn is_whole(&self) -> bool {
        self.from.is_none()
            && self.to.is_none()
            && !self.favorites
            && !self.no_videos
            && self.albums == AlbumChoice::All
            && self.exclude_albums.is_empty()
    }
}

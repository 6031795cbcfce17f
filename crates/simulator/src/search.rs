//! What `mediaItems.search` may ask for and what it selects (`google-apis.md` 2.2).
//!
//! A request body becomes a [`Query`] or a 400. Pages are cut in `library_api`.

use std::sync::Arc;

use chrono::Datelike;
use serde::{Deserialize, Deserializer};

use crate::holdings::{Entry, Holdings};
use crate::wire::ApiError;

/// Which items the client may see at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Visible {
    /// The whole account.
    All,
    /// Only what the client itself made.
    AppCreated,
}

impl Visible {
    pub(crate) fn shows(self, app_created: bool) -> bool {
        self == Self::All || app_created
    }
}

/// A valid listing request without its page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Query {
    /// `mediaItems.list`.
    List,
    /// The items of an album, archived ones included, in album order.
    Album(String),
    /// Filters.
    Filtered(Filters),
}

/// A valid combination of filters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Filters {
    dates: Option<Vec<DateRange>>,
    included: Vec<String>,
    excluded: Vec<String>,
    media_type: MediaType,
    favorites: bool,
    include_archived: bool,
    only_app_created: bool,
    oldest_first: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
enum MediaType {
    #[default]
    All,
    Photo,
    Video,
}

/// Both ends inclusive and of one format; equal ends are a single date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct DateRange {
    start: Date,
    end: Date,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Date {
    year: i32,
    month: u32,
    day: u32,
}

/// The body of `mediaItems.search`. `null` is absent, as in all of Google's JSON.
#[derive(Debug, Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct SearchBody {
    pub(crate) album_id: Option<String>,
    #[serde(deserialize_with = "number")]
    pub(crate) page_size: Option<i64>,
    pub(crate) page_token: Option<String>,
    filters: Option<FiltersBody>,
    order_by: Option<String>,
}

#[derive(Debug, Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct FiltersBody {
    date_filter: Option<DateFilterBody>,
    content_filter: Option<ContentFilterBody>,
    media_type_filter: Option<MediaTypeFilterBody>,
    feature_filter: Option<FeatureFilterBody>,
    include_archived_media: Option<bool>,
    exclude_non_app_created_data: Option<bool>,
}

#[derive(Debug, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct DateFilterBody {
    dates: Option<Vec<Date>>,
    ranges: Option<Vec<RangeBody>>,
}

#[derive(Debug, Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct RangeBody {
    start_date: Option<Date>,
    end_date: Option<Date>,
}

#[derive(Debug, Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct ContentFilterBody {
    included_content_categories: Option<Vec<String>>,
    excluded_content_categories: Option<Vec<String>>,
}

#[derive(Debug, Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct MediaTypeFilterBody {
    media_types: Option<Vec<String>>,
}

#[derive(Debug, Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct FeatureFilterBody {
    included_features: Option<Vec<String>>,
}

/// A 32-bit number may come as a string too.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(i64),
        Text(String),
    }
    match Option::<Either>::deserialize(deserializer)? {
        None => Ok(None),
        Some(Either::Number(number)) => Ok(Some(number)),
        Some(Either::Text(text)) => text.parse().map(Some).map_err(serde::de::Error::custom),
    }
}

const CATEGORIES: [&str; 27] = [
    "NONE",
    "LANDSCAPES",
    "RECEIPTS",
    "CITYSCAPES",
    "LANDMARKS",
    "SELFIES",
    "PEOPLE",
    "PETS",
    "WEDDINGS",
    "BIRTHDAYS",
    "DOCUMENTS",
    "TRAVEL",
    "ANIMALS",
    "FOOD",
    "SPORT",
    "NIGHT",
    "PERFORMANCES",
    "WHITEBOARDS",
    "SCREENSHOTS",
    "UTILITY",
    "ARTS",
    "CRAFTS",
    "FASHION",
    "HOUSES",
    "GARDENS",
    "FLOWERS",
    "HOLIDAYS",
];

impl SearchBody {
    /// # Errors
    /// 400 for anything that section 2.2 does not allow.
    pub(crate) fn query(self) -> Result<Query, ApiError> {
        let order = self.order_by.filter(|order| !order.is_empty());
        if let Some(album) = self.album_id.filter(|id| !id.is_empty()) {
            if self.filters.is_some() {
                return Err(bad("Album ID and filters cannot both be set."));
            }
            if order.is_some() {
                return Err(bad("Order by can only be used with a date filter."));
            }
            return Ok(Query::Album(album));
        }
        let mut filters = self.filters.unwrap_or_default().check()?;
        if let Some(order) = order {
            filters.oldest_first = match order.as_str() {
                "MediaMetadata.creation_time" => true,
                "MediaMetadata.creation_time desc" => false,
                _ => return Err(bad("Invalid order by.")),
            };
            let only_dates = filters.included.is_empty()
                && filters.excluded.is_empty()
                && filters.media_type == MediaType::All
                && !filters.favorites;
            if filters.dates.is_none() || !only_dates {
                return Err(bad("Order by can only be used with a date filter."));
            }
        }
        Ok(Query::Filtered(filters))
    }
}

fn bad(message: &'static str) -> ApiError {
    ApiError::invalid_argument(message)
}

impl FiltersBody {
    fn check(self) -> Result<Filters, ApiError> {
        let dates = self.date_filter.map(DateFilterBody::check).transpose()?;
        let content = self.content_filter.unwrap_or_default();
        let included = categories(content.included_content_categories)?;
        let excluded = categories(content.excluded_content_categories)?;
        if included.iter().any(|category| excluded.contains(category)) {
            return Err(bad("A content category cannot be both included and excluded."));
        }
        let types = self.media_type_filter.and_then(|filter| filter.media_types).unwrap_or_default();
        let media_type = match types.as_slice() {
            [] => MediaType::All,
            [one] => match one.as_str() {
                "ALL_MEDIA" => MediaType::All,
                "PHOTO" => MediaType::Photo,
                "VIDEO" => MediaType::Video,
                _ => return Err(bad("Invalid media type.")),
            },
            _ => return Err(bad("Only one media type can be specified.")),
        };
        let mut favorites = false;
        for feature in self.feature_filter.and_then(|filter| filter.included_features).unwrap_or_default() {
            match feature.as_str() {
                "FAVORITES" => favorites = true,
                "NONE" => {}
                _ => return Err(bad("Invalid feature.")),
            }
        }
        Ok(Filters {
            dates,
            included,
            excluded,
            media_type,
            favorites,
            include_archived: self.include_archived_media.unwrap_or(false),
            only_app_created: self.exclude_non_app_created_data.unwrap_or(false),
            oldest_first: false,
        })
    }
}

/// Known categories without `NONE`, which has no effect; at most ten.
fn categories(asked: Option<Vec<String>>) -> Result<Vec<String>, ApiError> {
    let mut asked = asked.unwrap_or_default();
    if asked.len() > 10 {
        return Err(bad("At most 10 content categories are allowed."));
    }
    if asked.iter().any(|category| !CATEGORIES.contains(&category.as_str())) {
        return Err(bad("Invalid content category."));
    }
    asked.retain(|category| category != "NONE");
    Ok(asked)
}

impl DateFilterBody {
    fn check(self) -> Result<Vec<DateRange>, ApiError> {
        let dates = self.dates.unwrap_or_default();
        let ranges = self.ranges.unwrap_or_default();
        if dates.len() > 5 || ranges.len() > 5 {
            return Err(bad("At most 5 dates and 5 ranges are allowed."));
        }
        let mut checked = Vec::with_capacity(dates.len() + ranges.len());
        for date in dates {
            let date = date.check()?;
            checked.push(DateRange { start: date, end: date });
        }
        for range in ranges {
            let (Some(start), Some(end)) = (range.start_date, range.end_date) else {
                return Err(bad("A date range needs a start date and an end date."));
            };
            let (start, end) = (start.check()?, end.check()?);
            if start.format() != end.format() {
                return Err(bad("Both dates of a range must have the same format."));
            }
            if start.year > 0 && start > end {
                return Err(bad("A date range must not end before it starts."));
            }
            checked.push(DateRange { start, end });
        }
        Ok(checked)
    }
}

impl Date {
    fn check(self) -> Result<Self, ApiError> {
        if !(0..=9999).contains(&self.year) || self.month > 12 || self.day > 31 {
            return Err(bad("Invalid date."));
        }
        match self.format() {
            (_, true, _) | (true, false, false) => Ok(self),
            _ => Err(bad("Invalid date.")),
        }
    }

    /// Which parts are given.
    fn format(self) -> (bool, bool, bool) {
        (self.year > 0, self.month > 0, self.day > 0)
    }

    /// `date` with the parts zeroed that this one leaves open.
    fn like(self, date: Self) -> Self {
        Self {
            year: if self.year > 0 { date.year } else { 0 },
            month: if self.month > 0 { date.month } else { 0 },
            day: if self.day > 0 { date.day } else { 0 },
        }
    }
}

impl DateRange {
    fn holds(self, date: Date) -> bool {
        let date = self.start.like(date);
        if self.start <= self.end {
            self.start <= date && date <= self.end
        } else {
            // Only possible without a year: from December to January.
            self.start <= date || date <= self.end
        }
    }
}

impl Query {
    /// All items that match, in answer order.
    pub(crate) fn select(&self, holdings: &Holdings, visible: Visible) -> Vec<Arc<Entry>> {
        let seen = |entry: &&Arc<Entry>| visible.shows(entry.item.app_created);
        match self {
            Self::List => holdings
                .entries()
                .iter()
                .filter(seen)
                .filter(|entry| entry.item.in_library && !entry.item.archived)
                .cloned()
                .collect(),
            Self::Album(id) => holdings.album(id).map_or_else(Vec::new, |album| {
                album.items.iter().filter_map(|id| holdings.by_id(id)).filter(seen).cloned().collect()
            }),
            Self::Filtered(filters) => {
                let mut found: Vec<_> =
                    holdings.entries().iter().filter(seen).filter(|entry| filters.match_entry(entry)).cloned().collect();
                if filters.oldest_first {
                    found.sort_by_key(|entry| entry.item.creation_time);
                }
                found
            }
        }
    }
}

impl Filters {
    fn match_entry(&self, entry: &Entry) -> bool {
        let item = &entry.item;
        let named = |categories: &[String]| categories.iter().any(|name| item.categories.contains(&name.as_str()));
        item.in_library
            && (self.include_archived || !item.archived)
            && (!self.only_app_created || item.app_created)
            && (!self.favorites || item.favorite)
            && (self.included.is_empty() || named(&self.included))
            && !named(&self.excluded)
            && match self.media_type {
                MediaType::All => true,
                MediaType::Photo => !entry.is_video(),
                MediaType::Video => entry.is_video(),
            }
            && self.dates.as_ref().is_none_or(|ranges| {
                // Undated items never match a date filter.
                item.creation_time.is_some_and(|created| {
                    let date = Date { year: created.year(), month: created.month(), day: created.day() };
                    ranges.is_empty() || ranges.iter().any(|range| range.holds(date))
                })
            })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use crate::holdings::tests::item;
    use crate::photo_library::{PhotoLibrary, VideoStatus};

    fn holdings() -> Holdings {
        let mut items: Vec<_> = (0..800).step_by(10).map(|day| item(&format!("d{day}"), day)).collect();
        items[0].favorite = true;
        items[1].archived = true;
        items[2].video = Some(VideoStatus::Ready);
        items[3].categories = vec!["PETS", "FOOD"];
        items[4].categories = vec!["PETS"];
        let mut undated = item("undated", 0);
        undated.creation_time = None;
        items.push(undated);
        Holdings::new(PhotoLibrary { items, albums: Vec::new() }).unwrap()
    }

    fn ask(body: &str) -> Result<Vec<String>, ApiError> {
        let body: SearchBody = serde_json::from_str(body).map_err(|_| bad("json"))?;
        let found = body.query()?.select(&holdings(), Visible::All);
        Ok(found.iter().map(|entry| entry.item.id.clone()).collect())
    }

    fn count(body: &str) -> usize {
        ask(body).unwrap().len()
    }

    #[test]
    fn without_filters_all_but_the_archive_is_found_newest_first() {
        let found = ask("{}").unwrap();
        assert_eq!(found.len(), 80);
        assert_eq!((found[0].as_str(), found[79].as_str()), ("d790", "undated"));
        assert_eq!(count(r#"{"filters":{"includeArchivedMedia":true}}"#), 81);
    }

    #[test]
    fn dates_have_wildcards() {
        let dates = |date: &str| count(&format!(r#"{{"filters":{{"dateFilter":{{"dates":[{date}]}}}}}}"#));
        assert_eq!(dates(r#"{"year":2020,"month":1,"day":1}"#), 1);
        assert_eq!(dates(r#"{"year":2020,"month":1}"#), 3, "days 0, 20 and 30; day 10 is archived");
        assert_eq!(dates(r#"{"year":2020}"#), 36, "366 days make 37, one is archived");
        assert_eq!(dates(r#"{"month":1}"#), 3 + 3 + 3, "January of three years");
    }

    #[test]
    fn impossible_dates_are_refused() {
        for date in ["{}", r#"{"year":2020,"day":4}"#, r#"{"day":4}"#, r#"{"year":10000}"#, r#"{"year":2020,"month":13}"#] {
            assert!(ask(&format!(r#"{{"filters":{{"dateFilter":{{"dates":[{date}]}}}}}}"#)).is_err(), "{date}");
        }
    }

    #[test]
    fn ranges_are_inclusive_and_never_find_the_undated() {
        let range = |start: &str, end: &str| {
            format!(
                r#"{{"filters":{{"dateFilter":{{"ranges":[{{"startDate":{start},"endDate":{end}}}]}},"includeArchivedMedia":true}}}}"#
            )
        };
        let found = ask(&range(r#"{"year":2020,"month":1,"day":1}"#, r#"{"year":2020,"month":1,"day":21}"#)).unwrap();
        assert_eq!(found, ["d20", "d10", "d0"]);
        assert_eq!(count(&range(r#"{"year":1900,"month":1,"day":1}"#, r#"{"year":3000,"month":1,"day":1}"#)), 80);
        assert_eq!(count(&range(r#"{"year":2021}"#, r#"{"year":2022}"#)), 43);
        assert!(ask(&range(r#"{"year":2020}"#, r#"{"year":2020,"month":2}"#)).is_err());
        assert!(ask(&range(r#"{"year":2021}"#, r#"{"year":2020}"#)).is_err());
        assert!(ask(r#"{"filters":{"dateFilter":{"ranges":[{"startDate":{"year":2020}}]}}}"#).is_err());
    }

    #[test]
    fn order_needs_a_date_filter_and_nothing_else() {
        let by = r#""orderBy":"MediaMetadata.creation_time""#;
        let dates = r#""dateFilter":{"dates":[{"year":2020}]}"#;
        assert_eq!(ask(&format!(r#"{{{by},"filters":{{{dates},"includeArchivedMedia":true}}}}"#)).unwrap()[0], "d0");
        assert!(ask(&format!("{{{by}}}")).is_err());
        assert!(ask(&format!(r#"{{{by},"filters":{{{dates},"mediaTypeFilter":{{"mediaTypes":["PHOTO"]}}}}}}"#)).is_err());
        assert!(ask(&format!(r#"{{"orderBy":"name","filters":{{{dates}}}}}"#)).is_err());
    }

    #[test]
    fn types_features_and_categories_are_anded() {
        assert_eq!(ask(r#"{"filters":{"mediaTypeFilter":{"mediaTypes":["VIDEO"]}}}"#).unwrap(), ["d20"]);
        assert_eq!(ask(r#"{"filters":{"featureFilter":{"includedFeatures":["FAVORITES"]}}}"#).unwrap(), ["d0"]);
        assert_eq!(count(r#"{"filters":{"featureFilter":{"includedFeatures":["NONE"]}}}"#), 80);
        let pets = r#"{"filters":{"contentFilter":{"includedContentCategories":["PETS"],"excludedContentCategories":["FOOD"]}}}"#;
        assert_eq!(ask(pets).unwrap(), ["d40"]);
        assert!(ask(r#"{"filters":{"mediaTypeFilter":{"mediaTypes":["VIDEO","PHOTO"]}}}"#).is_err());
        assert!(
            ask(r#"{"filters":{"contentFilter":{"includedContentCategories":["PETS"],"excludedContentCategories":["PETS"]}}}"#)
                .is_err()
        );
        assert!(ask(r#"{"filters":{"contentFilter":{"includedContentCategories":["CATS"]}}}"#).is_err());
    }

    #[test]
    fn an_album_excludes_filters_and_null_is_absent() {
        assert!(ask(r#"{"albumId":"x","filters":{}}"#).is_err());
        assert!(ask(r#"{"albumId":"x","filters":null,"pageToken":null,"pageSize":"100"}"#).is_ok());
        assert!(ask(r#"{"nonsense":1}"#).is_err());
    }
}

//! How the library is spread over the years.

use photokeep_model::Result;

use super::Catalog;

/// What is kept of one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearKept {
    /// The year on the photos' local clocks; `None` for undated items.
    pub year: Option<i32>,
    /// Items that are shown.
    pub items: u64,
    /// Bytes of all their files; damaged files count as nothing kept.
    pub bytes: u64,
}

impl Catalog {
    /// What is kept, by the year it was taken: oldest first, undated last; years without any item are left out.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn growth(&self) -> Result<Vec<YearKept>> {
        self.connection
            .prepare_cached(
                "SELECT CASE month WHEN 0 THEN NULL ELSE month / 100 END AS year, sum(items), sum(bytes) FROM shown_months WHERE items > 0
                 GROUP BY year ORDER BY year NULLS LAST",
            )
            .and_then(|mut statement| {
                statement
                    .query_map([], |row| Ok(YearKept { year: row.get(0)?, items: row.get(1)?, bytes: row.get(2)? }))?
                    .collect()
            })
            .map_err(|error| self.browsing_error(error))
    }
}

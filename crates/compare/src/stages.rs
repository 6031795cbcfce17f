//! Which file belongs to what the library has, in stages: the surest evidence first, each pair with the evidence it rests on.
//!
//! After the bytes, a pair is made only where it is the only one that the evidence allows, on both sides: of a burst, or of
//! two photos of one second, none is guessed. Files of the folder with the same bytes count as one here.

use photokeep_model::Result;
use rusqlite::params;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::store::{Comparison, store_error};

/// Why a file is held to be one that the library has, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// The bytes are the same.
    SameBytes,
    /// The picture or film itself is the same, what is told about it is not.
    SamePicture,
    /// It was uploaded from these bytes to Google Photos, and the library has what Google gives back of it.
    Uploaded,
    /// The camera's number of the photo and the time on its clock are the same.
    UniqueIdClock,
    /// The name, the instant and the size in pixels are the same.
    NameInstantPixels,
    /// The name and the time on the clock are the same, the zone is another or unknown.
    NameClockPixels,
    /// The name but for its ending, the instant and the size in pixels are the same, and the format is another: a HEIC and the JPEG
    /// that was made of it.
    OtherFormat,
    /// The pictures look alike, within the threshold that the person chose.
    Similar,
    /// Only the name is the same. Weak: such a file counts as missing.
    NameOnly,
}

impl Evidence {
    const ALL: [Self; 9] = [
        Self::SameBytes,
        Self::SamePicture,
        Self::Uploaded,
        Self::UniqueIdClock,
        Self::NameInstantPixels,
        Self::NameClockPixels,
        Self::OtherFormat,
        Self::Similar,
        Self::NameOnly,
    ];

    /// The evidence with this word.
    pub(crate) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|evidence| evidence.as_str() == word)
    }

    /// The word in the store, in JSON and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SameBytes => "same-bytes",
            Self::SamePicture => "same-picture",
            Self::Uploaded => "uploaded",
            Self::UniqueIdClock => "unique-id-clock",
            Self::NameInstantPixels => "name-instant-pixels",
            Self::NameClockPixels => "name-clock-pixels",
            Self::OtherFormat => "other-format",
            Self::Similar => "similar",
            Self::NameOnly => "name-only",
        }
    }
}

/// What both have in common. `f` is the file, `k` what the library has.
const SAME_PIXELS: &str = "(f.width IS NULL OR k.width IS NULL OR f.width = k.width AND f.height = k.height
     OR f.width = k.height AND f.height = k.width) AND f.kind = k.kind";
/// The instant is known on both sides and is the same.
const SAME_INSTANT: &str = "f.taken_offset IS NOT NULL AND k.taken IS NOT NULL AND f.taken - f.taken_offset = k.taken";
/// Formats that one picture is converted between. Raw files are none: the JPEG beside one is a photo of its own.
const CONVERTED: &str = "('image/jpeg', 'image/heic', 'image/heif', 'image/avif', 'image/webp', 'image/png')";
/// The clocks differ by what zones differ by: whole quarters of an hour, at most 14 hours.
/// Where both files tell their zone, there is nothing to guess.
const SAME_CLOCK: &str = "abs(f.taken - k.taken) <= 50400 AND (f.taken - k.taken) % 900 = 0
     AND (f.taken_offset IS NULL OR e.taken_offset IS NULL OR f.taken - f.taken_offset = e.taken - e.taken_offset)";

impl Comparison {
    /// Gives their verdict to all files that need no more than their bytes for it.
    pub(crate) fn decide_by_bytes(&self) -> Result<()> {
        self.execute("UPDATE files SET verdict = NULL, kept = NULL, evidence = NULL, distance = NULL")?;
        self.execute("UPDATE files SET verdict = 'unreadable' WHERE trouble IS NOT NULL")?;
        self.execute("UPDATE files SET verdict = 'not-media' WHERE verdict IS NULL AND kind = 'not-media'")?;
        self.same_bytes()
    }

    /// Gives their verdict to the others.
    pub(crate) fn decide_by_evidence(&self) -> Result<()> {
        // It could be read before, and not any more.
        self.execute("UPDATE files SET verdict = 'unreadable' WHERE verdict IS NULL AND trouble IS NOT NULL")?;
        self.pairs(
            Evidence::SamePicture,
            // Also beside the very bytes: the library lacks nothing of a picture that it has.
            "kept_facts e ON e.picture = f.picture JOIN kept k ON k.hash = e.hash",
            "f.picture IS NOT NULL",
        )?;
        self.pairs(Evidence::Uploaded, "uploaded u ON u.hash = f.hash JOIN kept k ON k.item = u.item", "f.hash IS NOT NULL")?;
        // Some cameras write one number into every photo: the clock has to agree, and both to be alone with it.
        self.pairs(
            Evidence::UniqueIdClock,
            "kept_facts e ON e.unique_id = f.unique_id AND e.taken = f.taken JOIN kept k ON k.hash = e.hash AND k.taken_up = 0",
            "f.unique_id IS NOT NULL AND f.kind = k.kind",
        )?;
        let by_name =
            "kept k ON (k.name = f.name OR k.file_name = f.name) AND k.taken_up = 0 LEFT JOIN kept_facts e ON e.hash = k.hash";
        // Google's date may be another than the one in both files.
        self.pairs(Evidence::NameInstantPixels, by_name, &format!("({SAME_INSTANT} OR e.taken = f.taken) AND {SAME_PIXELS}"))?;
        self.pairs(Evidence::NameClockPixels, by_name, &format!("{SAME_CLOCK} AND {SAME_PIXELS}"))?;
        let by_stem =
            "kept k ON (k.stem = f.stem OR k.file_stem = f.stem) AND k.taken_up = 0 LEFT JOIN kept_facts e ON e.hash = k.hash";
        let same_pixels = "coalesce(e.width, k.width) IS NOT NULL AND min(f.width, f.height) = min(coalesce(e.width, k.width), coalesce(e.height, k.height))
             AND max(f.width, f.height) = max(coalesce(e.width, k.width), coalesce(e.height, k.height))";
        self.pairs(
            Evidence::OtherFormat,
            by_stem,
            &format!(
                "f.mime_type <> k.mime_type AND f.mime_type IN {CONVERTED} AND k.mime_type IN {CONVERTED}
                 AND ({SAME_INSTANT} OR e.taken = f.taken) AND {same_pixels}"
            ),
        )?;
        Ok(())
    }

    /// What is left is missing.
    pub(crate) fn decide_the_rest(&self) -> Result<()> {
        self.weak_pairs()?;
        self.execute("UPDATE files SET verdict = 'missing' WHERE verdict IS NULL")?;
        Ok(())
    }

    fn same_bytes(&self) -> Result<()> {
        self.execute(
            "UPDATE files SET verdict = 'found', evidence = 'same-bytes', kept = k.id
             FROM (SELECT hash, min(id) AS id FROM kept WHERE hash IS NOT NULL GROUP BY hash) k
             WHERE files.verdict IS NULL AND files.hash = k.hash",
        )?;
        self.execute(
            "UPDATE kept SET matched = 1, taken_up = 1 WHERE hash IS NOT NULL AND EXISTS (SELECT 1 FROM files f WHERE f.hash = kept.hash AND +f.verdict = 'found')",
        )?;
        self.whole_items()
    }

    /// An item is there when any file of it is, but for its moving part: that shows the photo to nobody.
    fn whole_items(&self) -> Result<()> {
        self.execute(
            "UPDATE kept SET matched = 1 WHERE matched = 0 AND EXISTS (SELECT 1 FROM kept o WHERE o.item = kept.item AND o.matched = 1 AND o.role IS NOT 'motion')",
        )?;
        Ok(())
    }

    /// Notes that a file belongs to this one of the library, and with it the item is there.
    pub(crate) fn takes_up(&self, kept: i64) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE kept SET matched = 1, taken_up = taken_up OR id = ?1 WHERE id = ?1 OR item = (SELECT item FROM kept WHERE id = ?1 AND role IS NOT 'motion')")
            .and_then(|mut statement| statement.execute([kept]))
            .map_err(store_error)?;
        Ok(())
    }

    /// Makes the pairs for which there is no other choice on either side. `of` joins the library's side `k` to a file `f`.
    fn pairs(&self, evidence: Evidence, of: &str, same: &str) -> Result<()> {
        // The same picture is proof, and so is an upload, however often it is there. Anything else has to be the only choice on both sides.
        let alone =
            if matches!(evidence, Evidence::SamePicture | Evidence::Uploaded) { "1" } else { "of_file = 1 AND of_item = 1" };
        // One file for each content; a content that was not read is its own. Of an item's files the one of that name: an edited copy
        // tells the same as its original.
        let statement = format!(
            "WITH open AS (SELECT min(id) AS id FROM files WHERE verdict IS NULL GROUP BY coalesce(hash, id)),
                 pairs AS (SELECT f.id AS file, coalesce(min(CASE WHEN k.file_name = f.name THEN k.id END), min(k.id)) AS kept, k.item AS item FROM open JOIN files f ON f.id = open.id JOIN {of} WHERE {same}
                     GROUP BY f.id, k.item),
                 counted AS (SELECT file, kept, count(*) OVER (PARTITION BY file) AS of_file, count(*) OVER (PARTITION BY item) AS of_item FROM pairs)
             SELECT file, min(kept) FROM counted WHERE {alone} GROUP BY file"
        );
        let pairs: Vec<(i64, i64)> = self
            .connection
            .prepare(&statement)
            .and_then(|mut statement| statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .map_err(store_error)?;
        let mut belongs = self
            .connection
            .prepare(
                "UPDATE files SET verdict = 'different', evidence = ?3, kept = ?2
                 WHERE +verdict IS NULL AND (id = ?1 OR hash = (SELECT hash FROM files WHERE id = ?1))",
            )
            .map_err(store_error)?;
        for (file, kept) in pairs {
            belongs.execute(params![file, kept, evidence.as_str()]).map_err(store_error)?;
            self.takes_up(kept)?;
        }
        Ok(())
    }

    /// Notes what has the same name, for the person to look at. It changes no verdict.
    fn weak_pairs(&self) -> Result<()> {
        self.execute(
            "UPDATE files SET kept = k.id, evidence = 'name-only'
             FROM (SELECT name, min(id) AS id FROM (SELECT name, id FROM kept WHERE matched = 0
                       UNION ALL SELECT file_name, id FROM kept WHERE matched = 0) GROUP BY name) k
             WHERE files.verdict IS NULL AND files.name = k.name",
        )?;
        Ok(())
    }
}

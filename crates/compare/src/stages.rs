//! Which file belongs to what the library has, in stages: the surest evidence first, each pair with the evidence it rests on.
//!
//! After the bytes, a pair is made only where it is the only one that the evidence allows, on both sides: of a burst, or of
//! two photos of one second, none is guessed. Files of the folder with the same bytes count as one here.

use std::collections::HashSet;

use photokeep_media::Looks;
use photokeep_model::Result;
use rusqlite::{Row, params};
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

/// Two pictures that have nothing to do with each other differ in about half of [`photokeep_media::LOOKS_BITS`], whatever a file lost at its end.
const OTHER_PICTURE: u32 = 80;
/// What one picture that was compressed again, however strongly, differs in at most.
const TOLD_LOOKS: u32 = 32;
/// What it hardly ever differs by more than.
const SAME_LOOKS: u32 = 12;

/// What both have in common. `f` is the file, `k` what the library has.
const SAME_PIXELS: &str = "(f.width IS NULL OR k.width IS NULL OR f.width = k.width AND f.height = k.height
     OR f.width = k.height AND f.height = k.width) AND f.kind = k.kind";
/// The instant is known on both sides and is the same.
const SAME_INSTANT: &str = "f.taken_offset IS NOT NULL AND k.taken IS NOT NULL AND f.taken - f.taken_offset = k.taken";
/// A number that a camera gives to one photo: 128 bits, as the standard has it. Others write the number of their sensor into all.
const UNIQUE: &str =
    "length(f.unique_id) = 32 AND f.unique_id NOT GLOB '*[^0-9A-Fa-f]*' AND trim(f.unique_id, substr(f.unique_id, 1, 1)) <> ''";
/// Nothing that both files tell speaks against it: the library's one is whole enough to tell something, the zone, the camera, the fraction of the second, how long a film is. Frames of a burst differ in
/// nothing but the fraction.
const NOTHING_AGAINST: &str =
    "(f.taken_offset IS NULL OR e.taken_offset IS NULL OR f.taken - f.taken_offset = e.taken - e.taken_offset)
     AND (k.hash IS NOT NULL OR k.path IS NULL) AND e.trouble IS NULL
     AND (f.camera IS NULL OR coalesce(e.camera, k.camera) IS NULL OR f.camera = coalesce(e.camera, k.camera))
     AND (f.fraction IS NULL OR e.fraction IS NULL OR f.fraction = e.fraction)
     AND (f.lasts IS NULL OR e.lasts IS NULL OR abs(f.lasts - e.lasts) <= 1000)";
/// Copies get numbers, and so do frames of a burst: those that differ in it are the same where the fraction of the second is.
/// Films have no bursts.
const SAME_NUMBER: &str =
    "(f.kind = 'video' OR f.number = k.number AND f.stem = k.stem OR f.number = k.file_number AND f.stem = k.file_stem
     OR f.fraction = e.fraction AND f.fraction <> 0)";
/// Formats that one picture is converted between. Raw files are none: the JPEG beside one is a photo of its own.
const CONVERTED: &str = "('image/jpeg', 'image/heic', 'image/heif', 'image/avif', 'image/webp', 'image/png')";
/// Formats that are drawn here, whoever wrote them.
const DRAWN: &str = "('image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/bmp')";
/// The clocks differ by what zones differ by: whole quarters of an hour, at most 14 hours.
const SAME_CLOCK: &str = "abs(f.taken - k.taken) <= 50400 AND (f.taken - k.taken) % 900 = 0";
/// The zone is guessed only where the library's file tells no clock of its own: one that differs is of another hour. Then the pictures have to
/// be looked at, or one camera be told on both sides.
const MAY_GUESS: &str = "(e.taken = f.taken OR e.taken IS NULL AND (e.hash IS NOT NULL OR f.camera = k.camera))";
/// The zone was guessed.
const GUESSED: &str = "(f.evidence = 'name-clock-pixels' AND e.taken IS NULL)";
/// What was paired by what is told about it alone.
const TOLD: &str = "('unique-id-clock', 'name-instant-pixels', 'name-clock-pixels', 'other-format')";

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
            &format!("{UNIQUE} AND f.kind = k.kind AND {NOTHING_AGAINST}"),
        )?;
        let by_name =
            "kept k ON (k.name = f.name OR k.file_name = f.name) AND k.taken_up = 0 LEFT JOIN kept_facts e ON e.hash = k.hash";
        // Google's date may be another than the one in both files.
        self.pairs(
            Evidence::NameInstantPixels,
            by_name,
            &format!("({SAME_INSTANT} OR e.taken = f.taken) AND {SAME_PIXELS} AND {NOTHING_AGAINST} AND {SAME_NUMBER}"),
        )?;
        self.pairs(
            Evidence::NameClockPixels,
            by_name,
            &format!("{SAME_CLOCK} AND {MAY_GUESS} AND {SAME_PIXELS} AND {NOTHING_AGAINST} AND {SAME_NUMBER}"),
        )?;
        let by_stem =
            "kept k ON (k.stem = f.stem OR k.file_stem = f.stem) AND k.taken_up = 0 LEFT JOIN kept_facts e ON e.hash = k.hash";
        let same_pixels = "coalesce(e.width, k.width) IS NOT NULL AND min(f.width, f.height) = min(coalesce(e.width, k.width), coalesce(e.height, k.height))
             AND max(f.width, f.height) = max(coalesce(e.width, k.width), coalesce(e.height, k.height))";
        self.pairs(
            Evidence::OtherFormat,
            by_stem,
            &format!(
                "f.mime_type <> k.mime_type AND f.mime_type IN {CONVERTED} AND k.mime_type IN {CONVERTED}
                 AND ({SAME_INSTANT} OR e.taken = f.taken) AND {same_pixels} AND {NOTHING_AGAINST} AND {SAME_NUMBER}"
            ),
        )?;
        Ok(())
    }

    /// Notes the pairs that rest on what is told about the files alone: bursts, scans and clocks that were never set tell the same of
    /// many pictures. Little is told where no camera is, as anybody's `image.jpg` may be of that second, and where the clock was set by hand.
    pub(crate) fn doubt(&self) -> Result<()> {
        self.execute("DELETE FROM doubtful")?;
        self.execute(&format!(
            "INSERT INTO doubtful SELECT f.id, k.id, {GUESSED}, f.camera IS NULL OR e.camera IS NULL OR f.taken % 43200 = 0,
                 f.cut_short OR coalesce(e.cut_short, 0)
             FROM files f JOIN kept k ON k.id = f.kept LEFT JOIN kept_facts e ON e.hash = k.hash
             WHERE f.verdict = 'different' AND f.evidence IN {TOLD} AND k.hash IS NOT NULL AND f.kind = 'photo'"
        ))?;
        Ok(())
    }

    /// Takes apart the doubtful pairs whose pictures do not look alike; answers whether there were any. Where one cannot be looked
    /// at, what is told stands, but for a guess, and where a picture that anybody can draw shows nothing, for what little is told.
    pub(crate) fn part(&self) -> Result<bool> {
        let looks = |bytes: Vec<u8>| <[u8; 32]>::try_from(bytes).ok().map(Looks);
        let judge = |row: &Row<'_>| {
            let (guessed, there, here): (bool, Vec<u8>, Vec<u8>) = (row.get(2)?, row.get(3)?, row.get(4)?);
            let (weak, broken, drawn): (bool, bool, bool) = (row.get(5)?, row.get(6)?, row.get(7)?);
            let most = match (guessed, broken) {
                (true, _) => SAME_LOOKS,
                (false, true) => OTHER_PICTURE,
                (false, false) => TOLD_LOOKS,
            };
            let is_other = match (looks(there), looks(here)) {
                (Some(there), Some(here)) => there.distance(&here) > most,
                _ if broken => guessed,
                (Some(_), None) => guessed || drawn,
                _ => guessed || weak && drawn,
            };
            Ok((row.get(0)?, row.get(1)?, is_other))
        };
        let pairs: Vec<(i64, i64, bool)> = self
            .connection
            .prepare(&format!(
                "SELECT d.file, d.kept, d.guessed, coalesce(f.looks, x''), coalesce(l.looks, x''), d.weak, d.broken,
                     f.mime_type IN {DRAWN} AND k.mime_type IN {DRAWN} FROM doubtful d
                     JOIN files f ON f.id = d.file JOIN kept k ON k.id = d.kept LEFT JOIN kept_looks l ON l.hash = k.hash"
            ))
            .and_then(|mut statement| statement.query_map([], judge)?.collect())
            .map_err(store_error)?;
        let mut part =
            self.connection.prepare("INSERT OR IGNORE INTO parted (file, kept) VALUES (?1, ?2)").map_err(store_error)?;
        let mut any = false;
        for (file, kept, _) in pairs.into_iter().filter(|(.., is_other)| *is_other) {
            part.execute([file, kept]).map_err(store_error)?;
            any = true;
        }
        Ok(any)
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
        let is_proof = matches!(evidence, Evidence::SamePicture | Evidence::Uploaded);
        let together = if is_proof { "1" } else { "NOT EXISTS (SELECT 1 FROM parted p WHERE p.file = f.id AND p.kept = k.id)" };
        let alone = if is_proof { "1" } else { "of_file = 1 AND of_item = 1" };
        // One file for each content; a content that was not read is its own. Of an item's files the one of that name: an edited copy
        // tells the same as its original.
        let statement = format!(
            "WITH open AS (SELECT min(id) AS id FROM files WHERE verdict IS NULL GROUP BY coalesce(hash, id)),
                 pairs AS (SELECT f.id AS file, coalesce(min(CASE WHEN k.file_name = f.name THEN k.id END), min(k.id)) AS kept, k.item AS item FROM open JOIN files f ON f.id = open.id JOIN {of} WHERE {same} AND {together}
                     GROUP BY f.id, k.item),
                 counted AS (SELECT file, kept, count(*) OVER (PARTITION BY file) AS of_file, count(*) OVER (PARTITION BY item) AS of_item FROM pairs)
             SELECT c.file, c.kept FROM counted c JOIN files f ON f.id = c.file JOIN kept k ON k.id = c.kept WHERE {alone}
             ORDER BY f.name IN (k.name, coalesce(k.file_name, k.name)) DESC, f.number = coalesce(k.file_number, k.number) DESC, k.taken_up, c.file, c.kept"
        );
        let choices: Vec<(i64, i64)> = self
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
        for (file, kept) in one_to_one(choices) {
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

/// Of the choices, the best first, one for each file: while there are any, one that no other file has.
fn one_to_one(choices: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    let (mut files, mut kept) = (HashSet::new(), HashSet::new());
    let mut pairs = Vec::new();
    for &(file, of) in &choices {
        if !files.contains(&file) && kept.insert(of) {
            files.insert(file);
            pairs.push((file, of));
        }
    }
    // Copies of one picture beside each other.
    pairs.extend(choices.into_iter().filter(|(file, _)| files.insert(*file)));
    pairs
}

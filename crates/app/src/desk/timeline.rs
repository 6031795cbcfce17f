//! Everything kept, by month: first the counts of all months, so that the whole height is known, then what is near the view.

use std::sync::Arc;

use photokeep_media::{ContentHash, can_be_shown};
use photokeep_model::{MediaKind, Result};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Desk;

/// Whose timeline.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(default)]
pub struct BucketsRequest {
    /// An album, in its own order; `None` for everything by month.
    pub album: Option<i64>,
}

/// The months of a timeline, or the stretches of an album.
#[derive(Debug, Default, Serialize, TS)]
pub struct Buckets {
    /// Items in all.
    pub total: u64,
    /// Newest month first, those without a date last; an album's stretches in its order.
    pub buckets: Vec<BucketSize>,
}

/// How much is in a month.
#[derive(Debug, Serialize, TS)]
pub struct BucketSize {
    /// `2019-05`, `undated`, or the number of an album's stretch.
    pub key: String,
    /// Items.
    pub count: u64,
    /// Sum of width through height over the items, to tell the height of the month before it is fetched.
    pub ratio_sum: f64,
}

/// Which month.
#[derive(Debug, Deserialize, TS)]
pub struct BucketRequest {
    /// An album; `None` for everything.
    pub album: Option<i64>,
    /// As in [`BucketSize::key`].
    pub key: String,
}

/// A month, column by column: the n-th of each belongs together. Columns are a third of the size of rows, and numbers leave a page
/// nothing to tidy away, as a text for each item would.
#[derive(Debug, Default, Serialize, TS)]
pub struct Bucket {
    /// Items.
    pub id: Vec<i64>,
    /// The file that is shown.
    pub file: Vec<i64>,
    /// Width through height.
    pub ratio: Vec<f64>,
    /// Whether it is a video.
    pub video: Vec<bool>,
    /// Seconds of the clock where the photo was taken.
    pub taken: Vec<Option<i64>>,
    /// Words for the types, such as `JPEG` or `HEIC`; there are few.
    pub types: Vec<String>,
    /// Which of them, from 0.
    pub type_number: Vec<u32>,
    /// Whether there is a picture of it; else a placeholder is drawn.
    pub shows: Vec<bool>,
    /// The average colour (`0xrrggbb`), once a picture was made.
    pub color: Vec<Option<u32>>,
}

/// The counts of all months.
pub(crate) async fn buckets(desk: &Arc<Desk>, request: BucketsRequest) -> Result<Buckets> {
    let buckets = desk.open_place()?.look(move |catalog, _| catalog.timeline_buckets(request.album)).await?.unwrap_or_default();
    Ok(Buckets {
        total: buckets.iter().map(|bucket| bucket.count).sum(),
        buckets: buckets
            .into_iter()
            .map(|bucket| BucketSize { key: bucket.key, count: bucket.count, ratio_sum: bucket.ratio_sum })
            .collect(),
    })
}

/// One month.
pub(crate) async fn bucket(desk: &Arc<Desk>, request: BucketRequest) -> Result<Bucket> {
    let place = desk.open_place()?;
    let columns = place.look(move |catalog, _| catalog.timeline_bucket(request.album, &request.key)).await?.unwrap_or_default();
    let mut bucket = Bucket {
        id: columns.id,
        file: columns.file,
        ratio: columns.ratio,
        video: columns.kind.iter().map(|kind| *kind == MediaKind::Video).collect(),
        taken: columns.taken,
        ..Bucket::default()
    };
    for ((mime_type, hash), ratio) in columns.mime_type.iter().zip(&columns.hash).zip(&mut bucket.ratio) {
        let known = hash.and_then(|hash| desk.thumbnails.known(&ContentHash(hash)));
        let can_show = mime_type.as_deref().is_some_and(can_be_shown);
        bucket.shows.push(known.as_ref().map_or(can_show, |known| known.shows));
        bucket.color.push(known.as_ref().and_then(|known| known.color).map(|color| color.number()));
        let word = type_name(mime_type.as_deref());
        let number = bucket.types.iter().position(|known| *known == word).unwrap_or_else(|| {
            bucket.types.push(word);
            bucket.types.len() - 1
        });
        bucket.type_number.push(u32::try_from(number).unwrap_or(u32::MAX));
        // The source may not have told, or told the sensor's sides and not the picture's.
        if let Some((width, height)) = known.and_then(|known| known.width.zip(known.height))
            && height > 0
        {
            *ratio = (f64::from(width) / f64::from(height)).clamp(0.4, 3.0);
        }
    }
    Ok(bucket)
}

/// A word that people know a type by.
pub(crate) fn type_name(mime_type: Option<&str>) -> String {
    let subtype = mime_type.and_then(|mime_type| mime_type.split('/').nth(1)).unwrap_or("");
    match subtype {
        "" => String::new(),
        "jpeg" => "JPEG".into(),
        "quicktime" => "MOV".into(),
        "x-msvideo" => "AVI".into(),
        "x-matroska" => "MKV".into(),
        "x-adobe-dng" => "DNG".into(),
        "x-canon-cr2" => "CR2".into(),
        "x-canon-cr3" => "CR3".into(),
        "x-nikon-nef" => "NEF".into(),
        "x-sony-arw" => "ARW".into(),
        other => other.rsplit(['-', '.']).next().unwrap_or(other).to_uppercase(),
    }
}

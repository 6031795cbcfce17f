//! What was guessed with a part of one export at hand, and what a whole export says for sure: small exports by hand.

use super::judge::Stage;
use super::newest::{Says, TAKEN, described, export, photo};

const FIRST: &str = "takeout-20250101T000000Z-1-001.zip";
const SECOND: &str = "takeout-20250201T000000Z-1-001.zip";
const THIRD: &str = "takeout-20250301T000000Z-1-001.zip";

/// Two photos of one stem, each with its description.
struct Two {
    names: [&'static str; 2],
    bytes: [Vec<u8>; 2],
    said: [String; 2],
}

impl Two {
    fn new(names: [&'static str; 2]) -> Self {
        let says = |title, caption, taken| Says { title, caption, url: "", taken }.json();
        Self {
            names,
            bytes: [photo(41), photo(42)],
            said: [says(names[0], "of the first", TAKEN), says(names[1], "of the second", TAKEN + 300_000)],
        }
    }

    /// Letters for what an export holds: `A`, `B` the photos, `a`, `b` their descriptions.
    async fn import(&self, stage: &Stage, name: &str, holds: &str) {
        let sidecars = self.names.map(|name| format!("{name}.supplemental-metadata.json"));
        let entries: Vec<(&str, &[u8])> = holds
            .chars()
            .map(|letter| match letter {
                'A' => (self.names[0], self.bytes[0].as_slice()),
                'B' => (self.names[1], self.bytes[1].as_slice()),
                'a' => (sidecars[0].as_str(), self.said[0].as_bytes()),
                _ => (sidecars[1].as_str(), self.said[1].as_bytes()),
            })
            .collect();
        stage.import(&[export(stage, name, &entries)]).await;
    }
}

fn roles(stage: &Stage) -> Vec<String> {
    let sql = stage.sql();
    let mut statement = sql.prepare("SELECT role FROM files WHERE state = 'stored' ORDER BY role").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_export_corrects_what_a_part_of_another_made_likely() {
    for names in [["a.png", "a.jpg"], ["a.HEIC", "a.JPG"], ["a.jpg", "a-edited.jpg"], ["a.HEIC", "a.MP4"]] {
        let two = Two::new(names);
        let right = Stage::new();
        two.import(&right, FIRST, "AaBb").await;
        for first in ["aB", "bA", "AaB", "BbA", "AB", "ABb", "ABa"] {
            let stage = Stage::new();
            two.import(&stage, FIRST, first).await;
            two.import(&stage, SECOND, "AaBb").await;
            assert_eq!(described(&stage), described(&right), "{names:?} {first}");
            assert_eq!(roles(&stage), ["original", "original"], "{names:?} {first}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_an_export_takes_nothing_from_what_a_whole_one_showed() {
    for names in [["a.HEIC", "a.JPG"], ["a.png", "a.jpg"], ["a.jpg", "a-edited.jpg"]] {
        let two = Two::new(names);
        let right = Stage::new();
        two.import(&right, FIRST, "AaBb").await;
        for second in ["aB", "bA", "AB", "ABa"] {
            let stage = Stage::new();
            two.import(&stage, FIRST, "AaBb").await;
            two.import(&stage, SECOND, second).await;
            two.import(&stage, THIRD, "Ab").await;
            assert_eq!(described(&stage), described(&right), "{names:?} {second}");
            assert_eq!(roles(&stage), ["original", "original"], "{names:?} {second}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_uploads_of_the_same_bytes_the_one_that_is_not_in_the_trash_leads() {
    let bytes = photo(43);
    let says = |title, trashed: bool| {
        let mut said: serde_json::Value =
            serde_json::from_str(&Says { title, caption: title, url: "", taken: TAKEN + title.len() as i64 }.json()).unwrap();
        said["trashed"] = trashed.into();
        said.to_string()
    };
    let (live, gone) = (says("live.jpg", false), says("thrown-away.jpg", true));
    for order in [[0, 1], [1, 0]] {
        let stage = Stage::new();
        let photos = [("live.jpg", "live.jpg.json", &live), ("thrown-away.jpg", "thrown-away.jpg.json", &gone)];
        let entries: Vec<(&str, &[u8])> =
            order.iter().flat_map(|&at| [(photos[at].0, bytes.as_slice()), (photos[at].1, photos[at].2.as_bytes())]).collect();
        stage.import(&[export(&stage, FIRST, &entries)]).await.accounted();
        let kept: (String, bool) = stage
            .sql()
            .query_row(
                "SELECT description, trashed FROM items i WHERE EXISTS (SELECT 1 FROM files f WHERE f.item_id = i.id)",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .unwrap();
        assert_eq!(kept, ("live.jpg".to_owned(), false), "{order:?}");
    }
}

//! Pairs the folders of a cases file and counts: `cargo run -p photokeep-takeout --example pair_cases -- FILE`.
//!
//! The file is JSON: `{"cases": [{"id", "media": [name], "sidecars": [{"name", "title"?}], "expect": [{"media", "sidecar",
//! "role"}]}]}`. `sidecar` is a name, `null` (must stay without) or `"AMBIGUOUS"` (must not be decided by names). The rule
//! that is tried is in `docs/formats/takeout.md`.

use std::process::ExitCode;

use photokeep_model::FileRole;
use photokeep_takeout::edited_words::EditedWords;
use photokeep_takeout::pairing::{Folder, NoEvidence, SidecarEntry, pair};
use serde_json::Value;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: pair_cases FILE");
        return ExitCode::from(2);
    };
    let cases = std::fs::read(&path).map_err(|error| error.to_string());
    let cases = cases.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).map_err(|error| error.to_string()));
    let cases = match cases {
        Ok(cases) => cases,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::from(2);
        }
    };
    let (mut rows, mut bad_rows, mut right, mut missed, mut wrong) = (0, 0, 0, 0, 0);
    for case in cases["cases"].as_array().into_iter().flatten() {
        rows += 1;
        let mut good = true;
        for (verdict, line) in try_case(case) {
            match verdict {
                Verdict::Right => right += 1,
                Verdict::Missed => missed += 1,
                Verdict::Wrong => wrong += 1,
            }
            if verdict != Verdict::Right {
                good = false;
                println!("row {}: {verdict:?}: {line}", case["id"]);
            }
        }
        bad_rows += u32::from(!good);
    }
    println!("rows {rows}, of these not right {bad_rows}; pairs right {right}, missed {missed}, wrong {wrong}");
    if bad_rows == 0 && rows > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Verdict {
    Right,
    Missed,
    Wrong,
}

fn try_case(case: &Value) -> Vec<(Verdict, String)> {
    let names: Vec<&str> = case["media"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let sidecars: Vec<SidecarEntry<'_>> = case["sidecars"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|sidecar| {
            Some(SidecarEntry { title: sidecar["title"].as_str(), ..SidecarEntry::named(sidecar["name"].as_str()?) })
        })
        .collect();
    let outcome = pair(&Folder { media: &names, sidecars: &sidecars }, &EditedWords::default(), &NoEvidence);
    let mut verdicts = Vec::new();
    for expected in case["expect"].as_array().into_iter().flatten() {
        let Some(at) = names.iter().position(|name| Some(*name) == expected["media"].as_str()) else { continue };
        let got = &outcome.media[at];
        let name = got.sidecar.map(|sidecar| sidecars[sidecar].name);
        let want = expected["sidecar"].as_str().filter(|want| *want != "AMBIGUOUS");
        let role = match got.role {
            FileRole::Edited => "edited",
            FileRole::Motion => "motion",
            _ => "primary",
        };
        let verdict = match (name, want) {
            (None, None) => Verdict::Right,
            (Some(got), Some(want)) if got == want && expected["role"].as_str() == Some(role) => Verdict::Right,
            (None, Some(_)) => Verdict::Missed,
            _ => Verdict::Wrong,
        };
        verdicts
            .push((verdict, format!("{}: want {want:?} {}, got {name:?} {role} ({:?})", names[at], expected["role"], got.tier)));
    }
    verdicts
}

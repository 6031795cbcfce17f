//! `demo`: everything, with a made-up library, by both ways that photos come from Google.

use std::path::Path;
use std::process::ExitCode;

use photokeep_app::demo::{Demo, DemoTakeout, must_be_for_a_demo};
use photokeep_app::model::{Filter, Outcome, Result};
use photokeep_app::{Control, ImportEnd, ImportRequest, StatusResponse, SyncRequest};

use crate::arguments;
use crate::output::say;
use crate::words::{count, printable};
use crate::{progress, words};

use super::{import, stop_on_signal};

/// Entries of one folder that the tree shows.
const SHOWN: usize = 4;

pub async fn demo(arguments: arguments::Demo) -> Result<ExitCode> {
    must_be_for_a_demo(&arguments.folder)?;
    say!("Starting a simulated Google Photos on this computer with a made-up library of about {} items …", arguments.items);
    let mut demo = Demo::start_tidily(&arguments.folder, arguments.items).await?;
    let control = stop_on_signal();
    say!("\nPart one: a sync, by Google's API\n");
    say!("Signed in. Syncing into {}\n", demo.library.display());
    let request = SyncRequest {
        library: demo.library.clone(),
        filter: Filter { archived: true, ..Filter::default() },
        ..SyncRequest::default()
    };
    let output = progress::for_output(false);
    let end = demo
        .app
        .sync(&request, output.clone(), control.clone(), |plan| {
            crate::output::write(format_args!("The plan:\n{}\n", words::plan(plan)))
        })
        .await;
    drop(output);
    let end = end?;
    say!("{}", words::receipt(&end.receipt));
    let mut code = ExitCode::SUCCESS;
    if end.error.is_none() && end.receipt.outcome == Outcome::Done {
        code = takeout(&mut demo, control).await?;
    }
    say!("{}", demo.library.display());
    tree(&demo.library, "", 0);
    say!(
        "\nLook around in it; the same command again finds nothing new to fetch. To start afresh, delete {}.",
        arguments.folder.display()
    );
    Ok(match &end.error {
        Some(error) => crate::exit::tell(error, false),
        None => code,
    })
}

/// The second way: an export of the same account is imported into the same library.
async fn takeout(demo: &mut Demo, control: Control) -> Result<ExitCode> {
    say!("Part two: a Google Takeout of the same account\n");
    say!("By its API, Google gives photos without their place and films re-encoded, and not everything. Takeout gives");
    say!("what was uploaded; this one also has photos from before 2015. Archives as Google makes them:\n");
    let export = demo.takeout().await?;
    for part in &export.parts {
        say!("  {}", part.display());
    }
    say!("\nImporting them into {}\n", demo.library.display());
    let before = demo.app.status(&demo.library)?;
    let request = ImportRequest { library: demo.library.clone(), paths: export.parts.clone(), ..ImportRequest::default() };
    let output = progress::for_output(false);
    let end = demo
        .app
        .import(&request, output.clone(), control, |plan| {
            crate::output::write(format_args!("The plan:\n{}\n", words::import_counts(plan)));
        })
        .await;
    drop(output);
    let end = end?;
    let code = import::finish(&end, false);
    say!();
    if end.error.is_none() {
        say!("{}", what_became(&export, &end, &before, &demo.app.status(&demo.library)?));
    }
    Ok(code)
}

/// What the import did to the library of the sync, in the numbers of both.
fn what_became(export: &DemoTakeout, end: &ImportEnd, before: &StatusResponse, after: &StatusResponse) -> String {
    let new = after.items.saturating_sub(before.items);
    let mut text = format!(
        "The library had {}, the export has {}; now there are {}, {new} of them new.\n",
        count(before.items, "item", "items"),
        export.items,
        after.items
    );
    if end.receipt.restored > 0 {
        text.push_str(&format!(
            "{} came by the API and were recognised:\ntheir originals took the place of what the API had given, under the same names.\n",
            count(end.receipt.restored, "photo or film", "photos and films")
        ));
    }
    if after.items <= export.of_both_ways {
        text.push_str("Nothing is there twice.\n");
    }
    text
}

/// The folder as a tree: every folder, and the first entries of each.
fn tree(folder: &Path, indent: &str, depth: usize) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    let is_folder = |entry: &std::fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
    let total = entries.len();
    let shown = if depth >= 2 && !entries.iter().any(is_folder) { SHOWN } else { total };
    for (index, entry) in entries.into_iter().take(shown).enumerate() {
        let last = index + 1 == total;
        let name = printable(&entry.file_name().to_string_lossy());
        let leads_to = std::fs::read_link(entry.path())
            .map(|target| format!(" -> {}", printable(&target.to_string_lossy())))
            .unwrap_or_default();
        say!("{indent}{} {name}{leads_to}", if last { "└─" } else { "├─" });
        if is_folder(&entry) && name != ".photokeep" {
            tree(&entry.path(), &format!("{indent}{}  ", if last { " " } else { "│" }), depth + 1);
        }
    }
    if total > shown {
        say!("{indent}└─ … {}", count((total - shown) as u64, "more", "more"));
    }
}

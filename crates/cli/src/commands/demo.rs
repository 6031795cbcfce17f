//! `demo`: everything, with a made-up library.

use std::path::Path;
use std::process::ExitCode;

use photokeep_app::SyncRequest;
use photokeep_app::demo::{Demo, must_be_for_a_demo};
use photokeep_app::model::{Filter, Result};

use crate::arguments;
use crate::output::say;
use crate::words::{count, printable};
use crate::{progress, words};

use super::stop_on_signal;

/// Entries of one folder that the tree shows.
const SHOWN: usize = 4;

pub async fn demo(arguments: arguments::Demo) -> Result<ExitCode> {
    must_be_for_a_demo(&arguments.folder)?;
    say!("Starting a simulated Google Photos on this computer with a made-up library of about {} items …", arguments.items);
    let demo = Demo::start_tidily(&arguments.folder, arguments.items).await?;
    say!("Signed in. Syncing into {}\n", demo.library.display());
    let request = SyncRequest {
        library: demo.library.clone(),
        filter: Filter { archived: true, ..Filter::default() },
        ..SyncRequest::default()
    };
    let output = progress::for_output(false);
    let end = demo
        .app
        .sync(&request, output.clone(), stop_on_signal(), |plan| {
            crate::output::write(format_args!("The plan:\n{}\n", words::plan(plan)))
        })
        .await;
    drop(output);
    let end = end?;
    say!("{}", words::receipt(&end.receipt));
    say!("{}", demo.library.display());
    tree(&demo.library, "", 0);
    say!(
        "\nLook around in it; the same command again finds nothing new to fetch. To start afresh, delete {}.",
        arguments.folder.display()
    );
    Ok(match &end.error {
        Some(error) => crate::exit::tell(error, false),
        None => ExitCode::SUCCESS,
    })
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

//! `demo`: everything, with a made-up library.

use std::path::Path;
use std::process::ExitCode;

use photokeep_app::SyncRequest;
use photokeep_app::demo::Demo;
use photokeep_app::model::{Code, Error, Filter, Result};
use photokeep_library::Library;

use crate::arguments;
use crate::output::say;
use crate::words::{count, printable};
use crate::{progress, words};

use super::stop_on_signal;

/// Entries of one folder that the tree shows.
const SHOWN: usize = 4;

pub async fn demo(arguments: arguments::Demo) -> Result<ExitCode> {
    must_be_for_a_demo(&arguments.folder)?;
    let before = Before::of(&arguments.folder);
    say!("Starting a simulated Google Photos on this computer with a made-up library of about {} items …", arguments.items);
    let demo = match Demo::start(&arguments.folder, arguments.items).await {
        Ok(demo) => demo,
        Err(error) => {
            before.restore(&arguments.folder);
            return Err(error);
        }
    };
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

/// What a demo keeps in its folder.
const LIBRARY: &str = "library";
const STATE: &str = "state";

/// Refuses a folder that holds anything but an earlier demo: at its end a demo says that its folder can be deleted.
fn must_be_for_a_demo(folder: &Path) -> Result<()> {
    let refuse = |sentence: String| {
        Err(Error::new(Code::Usage, format!("{sentence} Nothing was changed."))
            .hint("Name a new or an empty folder, for example: photokeep demo photokeep-demo"))
    };
    let shown = folder.display();
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Library::check_place(folder),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => return refuse(format!("{shown} is a file.")),
        Err(error) => {
            return Err(Error::new(Code::Usage, format!("{shown} cannot be read. Nothing was changed."))
                .hint("Name a folder of your own.")
                .source(error));
        }
    };
    if Library::is_library(folder) {
        return refuse(format!("{shown} is a library; the demo makes one of its own and leaves yours alone."));
    }
    let names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
    if names.is_empty() {
        return Library::check_place(folder);
    }
    // An earlier demo, also one that broke off, has its state and at most its library beside it.
    let state = folder.join(STATE).join("libraries").is_dir();
    if state && names.iter().all(|name| name == LIBRARY || name == STATE) {
        return Ok(());
    }
    refuse(format!("{shown} holds files that are not from a demo."))
}

/// What was there before a demo, so that one that cannot start leaves nothing behind.
struct Before {
    folder: bool,
    state: bool,
}

impl Before {
    fn of(folder: &Path) -> Self {
        Self { folder: folder.exists(), state: folder.join(STATE).exists() }
    }

    fn restore(&self, folder: &Path) {
        if !self.state {
            // Made by this start alone, and nothing in it is anybody's.
            let _ = std::fs::remove_dir_all(folder.join(STATE));
        }
        if !self.folder {
            // Only when it is empty.
            let _ = std::fs::remove_dir(folder);
        }
    }
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

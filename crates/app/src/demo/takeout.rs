//! The demo's Takeout: an export of the account that the simulated Google serves, and of what is older. It is written beside
//! the library while the person looks at the rest; what was painted for a download is not painted again.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use photokeep_model::{Code, Error, Result};
use photokeep_simulator::Control;
use photokeep_simulator::photo_library::SimItem;
use photokeep_simulator::takeout::{demo_export, of_library, uploaded};
use tokio::sync::oneshot;

/// An export that lies ready to be imported.
#[derive(Debug, Clone)]
pub struct DemoTakeout {
    /// The archives, in order.
    pub parts: Vec<PathBuf>,
    /// Photos and films in it, each counted once.
    pub items: u64,
    /// Photos and films that come by the API, by this export, or by both, each counted once.
    pub of_both_ways: u64,
}

/// The work of writing it. Dropping it ends the work; what was written by then is put away by the next start.
pub(super) struct Writing {
    stop: Arc<AtomicBool>,
    end: oneshot::Receiver<io::Result<DemoTakeout>>,
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// What to write, and where.
struct Job {
    items: usize,
    seed: u64,
    google: Control,
    /// Where it is written; on the same disk as `folder`.
    workplace: PathBuf,
    /// Where the finished archives go.
    folder: PathBuf,
    stop: Arc<AtomicBool>,
}

impl Writing {
    /// Begins to write the export of the account with this many items, unless it lies in `folder` already.
    pub(super) fn begin(items: usize, seed: u64, google: Control, workplace: PathBuf, folder: PathBuf) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let job = Job { items, seed, google, workplace, folder, stop: stop.clone() };
        let (tell, end) = oneshot::channel();
        // A thread of its own: the end of the program does not wait for it, as it would for one of the runtime's.
        std::thread::Builder::new().name("demo-takeout".to_owned()).spawn(move || {
            let end = job.run();
            if let Err(error) = &end
                && error.kind() != io::ErrorKind::Interrupted
            {
                // The window asks for the archives by no command, so this is where it is told.
                tracing::warn!(%error, "the demo's Takeout could not be written");
            }
            // Whoever wanted to know may be gone.
            let _ = tell.send(end);
        })?;
        Ok(Self { stop, end })
    }

    /// Waits for its end.
    pub(super) async fn end(mut self) -> Result<DemoTakeout> {
        let ended = (&mut self.end).await.unwrap_or_else(|_| Err(io::ErrorKind::Interrupted.into()));
        ended.map_err(|error| Error::new(Code::Internal, "The demo's Takeout could not be written.").source(error))
    }
}

impl Job {
    fn run(self) -> io::Result<DemoTakeout> {
        let (spec, library) = demo_export(self.items, self.seed);
        let at_google: HashSet<String> = self.google.library().items.into_iter().map(|item| item.id).collect();
        let items = library.items.len() as u64;
        let here_only = library.items.iter().filter(|item| !at_google.contains(&item.id)).count();
        let of_both_ways = (at_google.len() + here_only) as u64;
        if let Some(parts) = parts_in(&self.folder, &spec.name())? {
            return Ok(DemoTakeout { parts, items, of_both_ways });
        }
        match fs::remove_dir_all(&self.workplace) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir_all(&self.workplace)?,
        }
        // Google has these; the others are painted here, once for all folders they lie in.
        let mut painted: HashMap<String, Vec<u8>> = HashMap::new();
        let mut bytes_of = |item: &SimItem| {
            if self.stop.load(Ordering::Relaxed) {
                return Err(io::ErrorKind::Interrupted.into());
            }
            match self.google.uploaded_bytes(&item.id) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    if let Some(bytes) = painted.get(&item.id) {
                        return Ok(bytes.clone());
                    }
                    let bytes = uploaded(item)?;
                    painted.insert(item.id.clone(), bytes.clone());
                    Ok(bytes)
                }
                served => served,
            }
        };
        let truth = of_library(&spec, &library, &self.workplace, &mut bytes_of)?;
        fs::create_dir_all(&self.folder)?;
        // The first one last: with it the export is there.
        for part in truth.parts.iter().rev() {
            fs::rename(self.workplace.join(part), self.folder.join(part))?;
        }
        // Empty by now.
        let _ = fs::remove_dir(&self.workplace);
        let parts = truth.parts.iter().map(|part| self.folder.join(part)).collect();
        Ok(DemoTakeout { parts, items, of_both_ways })
    }
}

/// The archives of the export of that name; `None` while it is not there.
fn parts_in(folder: &Path, export: &str) -> io::Result<Option<Vec<PathBuf>>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        entries => entries?,
    };
    let mut parts = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(export)) {
            parts.push(path);
        }
    }
    parts.sort();
    let first = format!("{export}-001.zip");
    Ok(parts.first().is_some_and(|path| path.ends_with(first)).then_some(parts))
}

//! `photokeep-simulator takeout`: writes a made-up Takeout export, or a later one, and the truth about it.

use std::error::Error;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use photokeep_simulator::takeout::{
    self, Change, Container, EntryKind, ExportSpec, FolderForm, Language, Parts, Pictures, SidecarForm, Truth, Variants,
};

/// The arguments behind `takeout`.
#[derive(Debug, Args)]
pub struct TakeoutArguments {
    /// Where the parts go; made if it is not there.
    folder: PathBuf,
    /// Items in the account.
    #[arg(long, default_value_t = 200, value_name = "N")]
    items: usize,
    /// Albums in the account.
    #[arg(long, default_value_t = 12, value_name = "N")]
    albums: usize,
    /// Decides what is made up.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Year of the oldest ordinary picture.
    #[arg(long, default_value_t = 2008, value_name = "YEAR")]
    first_year: i32,
    /// Year of the newest picture.
    #[arg(long, default_value_t = 2025, value_name = "YEAR")]
    last_year: i32,
    /// Number of parts.
    #[arg(long, default_value_t = 3, value_name = "P", conflicts_with = "part_bytes")]
    parts: usize,
    /// Largest part in bytes, instead of a number of parts.
    #[arg(long, value_name = "BYTES")]
    part_bytes: Option<u64>,
    /// Language of folders and suffixes; `xx` is one that nobody speaks.
    #[arg(long, default_value = "en", value_parser = language)]
    language: Language,
    /// What the parts are.
    #[arg(long, value_enum, default_value_t = ContainerName::Zip)]
    container: ContainerName,
    /// Names of sidecars.
    #[arg(long, value_enum, default_value_t = SidecarName::New)]
    sidecars: SidecarName,
    /// Folders of the library.
    #[arg(long, value_enum, default_value_t = FolderName::Years)]
    folders: FolderName,
    /// The media: painted (slow, nice to look at) or small.
    #[arg(long, value_enum, default_value_t = PictureName::Small, conflicts_with = "item_bytes")]
    pictures: PictureName,
    /// About this many bytes a picture, for measuring throughput.
    #[arg(long, value_name = "BYTES")]
    item_bytes: Option<u64>,
    /// Only these corner cases; an empty text for none.
    #[arg(long, value_name = "NAME,...", value_delimiter = ',', conflicts_with = "without")]
    only: Option<Vec<String>>,
    /// All corner cases but these.
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    without: Vec<String>,
    /// Entries and files made to do harm as well.
    #[arg(long)]
    hostile: bool,
    /// Write the truth to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
    /// Write a later full export of the account that this truth is about.
    #[arg(long, value_name = "FILE")]
    again: Option<PathBuf>,
    /// Write an incremental export of the account that this truth is about.
    #[arg(long, value_name = "FILE", conflicts_with = "again")]
    increment: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ContainerName {
    Zip,
    Deflated,
    Zip64,
    Tgz,
    Folder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SidecarName {
    New,
    Old,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FolderName {
    Years,
    EnglishYears,
    Days,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PictureName {
    Small,
    Painted,
}

fn language(code: &str) -> Result<Language, String> {
    Language::of(code).ok_or_else(|| format!("known codes: {}", Language::codes().collect::<Vec<_>>().join(", ")))
}

impl TakeoutArguments {
    fn variants(&self) -> Result<Variants, String> {
        let (mut variants, names, on) = match &self.only {
            Some(names) => (Variants::none(), names, true),
            None => (Variants::all(), &self.without, false),
        };
        for name in names.iter().filter(|name| !name.is_empty()) {
            if !variants.set(&name.replace('-', "_"), on) {
                return Err(format!("there is no corner case {name}; there are: {}", Variants::NAMES.join(", ")));
            }
        }
        Ok(variants)
    }

    fn spec(&self) -> Result<ExportSpec, String> {
        Ok(ExportSpec {
            items: self.items,
            seed: self.seed,
            first_year: self.first_year,
            last_year: self.last_year,
            albums: self.albums,
            language: self.language.clone(),
            sidecars: if self.sidecars == SidecarName::Old { SidecarForm::Old } else { SidecarForm::New },
            folders: match self.folders {
                FolderName::Years => FolderForm::Years,
                FolderName::EnglishYears => FolderForm::EnglishYears,
                FolderName::Days => FolderForm::Days,
            },
            parts: self.part_bytes.map_or(Parts::Count(self.parts), Parts::Bytes),
            container: match self.container {
                ContainerName::Zip => Container::Stored,
                ContainerName::Deflated => Container::Deflated,
                ContainerName::Zip64 => Container::Zip64,
                ContainerName::Tgz => Container::Tgz,
                ContainerName::Folder => Container::Folder,
            },
            pictures: match (self.item_bytes, self.pictures) {
                (Some(bytes), _) => Pictures::Large(bytes),
                (None, PictureName::Painted) => Pictures::Painted,
                (None, PictureName::Small) => Pictures::Small,
            },
            variants: self.variants()?,
            hostile: self.hostile,
            ..ExportSpec::default()
        })
    }
}

/// Writes what was asked for and says in one line of JSON what it was.
pub fn run(arguments: &TakeoutArguments) -> Result<(), Box<dyn Error>> {
    let spec = arguments.spec()?;
    let read =
        |path: &PathBuf| -> Result<Truth, Box<dyn Error>> { Ok(serde_json::from_reader(BufReader::new(File::open(path)?))?) };
    let truth = match (&arguments.again, &arguments.increment) {
        (Some(path), _) => takeout::again(&spec, &read(path)?, Change::default(), &arguments.folder)?,
        (None, Some(path)) => takeout::increment(&spec, &read(path)?, Change::default(), &arguments.folder)?,
        (None, None) => takeout::generate(&spec, &arguments.folder)?,
    };
    if let Some(path) = &arguments.truth {
        let mut out = BufWriter::new(File::create(path)?);
        serde_json::to_writer(&mut out, &truth)?;
        out.flush()?;
    }
    let summary = serde_json::json!({
        "export": truth.export,
        "parts": truth.parts,
        "items": truth.items.len(),
        "albums": truth.albums.len(),
        "entries": truth.entries.len(),
        "media": truth.count(EntryKind::Media),
        "bytes": truth.entries.iter().map(|entry| entry.size).sum::<u64>(),
    });
    writeln!(std::io::stdout(), "{summary}")?;
    Ok(())
}

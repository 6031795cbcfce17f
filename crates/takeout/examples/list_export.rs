//! Prints what is in the given archives and folders: `cargo run -p photokeep-takeout --example list_export -- PATH...`.
#![allow(missing_docs)]

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Instant;

use photokeep_takeout::archive::{Archive, End, Entry, EntryClass, Refused};
use photokeep_takeout::exports::{Export, Given, below_takeout};
use photokeep_takeout::manifest::{Manifest, may_be_archive_page};

fn main() {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let start = Instant::now();
    let mut given = Given::look(&paths);
    let parts: Vec<PathBuf> = given.exports.iter().flat_map(|export| &export.parts).map(|part| part.path.clone()).collect();
    for path in parts {
        if let Err(refusal) = Archive::open(&path) {
            given.refuse(&path, refusal);
        }
    }
    for export in &given.exports {
        print_export(export);
    }
    for refused in &given.refused {
        println!("refused {}: {}", refused.path.display(), refused.refusal);
    }
    for other in &given.others {
        println!("no export: {}", other.display());
    }
    for offer in &given.offers {
        println!("{}", offer.sentence());
    }
    println!("{} exports in {:.2?}", given.exports.len(), start.elapsed());
}

fn print_export(export: &Export) {
    println!("export {}", export.id);
    if let Some(sentence) = export.missing_sentence() {
        println!("  {sentence}");
    }
    for part in &export.parts {
        let number = part.number.map_or("-".to_owned(), |number| number.to_string());
        println!("  part {number} {:?} {}", part.form, part.path.display());
        for copy in &part.copies {
            println!("    the same: {}", copy.display());
        }
        match Archive::open(&part.path) {
            Ok(archive) => print_part(&archive),
            Err(refusal) => println!("    refused: {refusal} {}", refusal.detail.as_deref().unwrap_or_default()),
        }
    }
}

#[derive(Default)]
struct Sums {
    bytes: u64,
    companions: u32,
    folders: BTreeMap<String, (u32, u64)>,
    pages: Vec<(String, Manifest)>,
}

impl Sums {
    fn add(&mut self, entry: &Entry<'_>, reader: &mut dyn Read) {
        self.bytes += entry.size;
        if entry.class == EntryClass::LeftBehind {
            self.companions += 1;
            return;
        }
        let below = below_takeout(entry.path);
        let folder = below.rsplit_once('/').map_or("", |(folder, _)| folder);
        let sums = self.folders.entry(folder.to_owned()).or_default();
        *sums = (sums.0 + 1, sums.1 + entry.size);
        if may_be_archive_page(below)
            && let Ok(page) = Manifest::read(reader)
            && page.is_archive_page()
        {
            self.pages.push((below.to_owned(), page));
        }
    }
}

fn print_part(archive: &Archive) {
    let mut sums = Sums::default();
    let walked = archive.walk(&mut |entry, reader| {
        sums.add(entry, reader);
        ControlFlow::Continue(())
    });
    let note = if archive.has_foreign_names() { ", re-packed (odd names)" } else { "" };
    println!("    {} entries, {} bytes, {} folders, {} ignored{note}", walked.given, sums.bytes, walked.folders, sums.companions);
    for (folder, (files, bytes)) in &sums.folders {
        println!("      {files:>6} files {bytes:>12} bytes  {folder}/");
    }
    for (name, page) in &sums.pages {
        print_page(name, page);
    }
    for Refused { index, name, refusal } in &walked.refused {
        println!("    refused {index} {name}: {refusal} {}", refusal.detail.as_deref().unwrap_or_default());
    }
    if let End::Cut(refusal) | End::Unproven(refusal) = walked.end {
        println!("    ends early: {refusal}");
    }
}

fn print_page(name: &str, page: &Manifest) {
    println!("    page {name}: job {:?}, account {:?}, made {:?}, size {:?}", page.job, page.account, page.date, page.size);
    for product in &page.products {
        println!("      product {} in {:?}, {:?} files", product.name, product.folder, product.files);
    }
    println!("      {} files listed in {} folders, whole: {}", page.listed(), page.folders.len(), page.whole);
    for failure in &page.failures {
        println!("      Google says: {}", failure.text);
    }
}

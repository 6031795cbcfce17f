//! One listing: every export that was given, from its entries into the catalog.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use photokeep_library::catalog::{Catalog, Ended, EntryKey, EntryNote, ExportAlbum, ExportRow, KnownItems, Sighting};
use photokeep_model::{ItemId, Result};
use photokeep_takeout::contents::{self, Contents, Known, Piece, Use, What, evidence_words};
use photokeep_takeout::exports::{JoinOffer, MOST_MISSING, in_ranges};
use photokeep_takeout::naming::fold;

use super::gather::Gathered;
use super::looking::{Looking, known_before};
use super::parts::{CopyOf, GivenExport};
use super::sightings::Sightings;
use super::{Takeout, ToldExport};
use crate::gate::Gate;
use crate::source::{ListingEnd, ListingSink};

/// Items taken into the catalog in one transaction, or a fourth of the entries. The same pages of its indexes are written by every one.
const PAGE: usize = 4000;

/// Albums taken into the catalog in one transaction.
const ALBUMS: usize = 100;

/// Lists everything that was given.
pub(super) fn list(takeout: &Takeout, gate: &Gate, sink: &mut dyn ListingSink) -> Result<ListingEnd> {
    takeout.here().clear();
    sink.in_catalog(&mut |catalog, _| catalog.no_parts_here())?;
    let mut end = ListingEnd { whole: takeout.given.refused.is_empty(), albums_whole: true, notes: Vec::new() };
    for refused in &takeout.given.refused {
        end.notes.push(format!("`{}` was not taken: {}", shown(&refused.path), refused.why));
    }
    end.notes.extend(takeout.given.offers.iter().map(JoinOffer::sentence));
    let copies = &takeout.given.copies;
    end.notes.extend(copies.iter().map(|CopyOf { name, of, helps }| {
        if *helps {
            format!("`{name}` is a copy of `{of}`: each file is taken once, from the one that has it whole.")
        } else {
            format!("`{name}` seems to be a copy of `{of}`: only that was read. If files of it are damaged, take it away and import again.")
        }
    }));
    let mut told = Vec::new();
    for export in &takeout.given.exports {
        let one = Listing { takeout, export, gate }.list(sink, &mut end)?;
        told.push(one);
    }
    takeout.told.lock().unwrap_or_else(PoisonError::into_inner).exports = told;
    Ok(end)
}

fn shown(path: &std::path::Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// The listing of one export.
struct Listing<'a> {
    takeout: &'a Takeout,
    export: &'a GivenExport,
    gate: &'a Gate,
}

/// What the catalog knows before an export is read.
#[derive(Default)]
struct Before {
    export: i64,
    /// Numbers of the given parts, in their order.
    given: Vec<i64>,
    /// Whether nothing of the given parts needs reading.
    settled: bool,
    /// Parts of the export that were seen before and are not here.
    absent: Vec<i64>,
    /// Numbers of parts that neither are here nor ever were.
    missing: Vec<u32>,
    /// An export that is newer was taken in before.
    older: bool,
    /// Items of Takeout that were known when the export was listed first.
    known: KnownItems,
    exports: Vec<ExportRow>,
}

impl Before {
    /// What the last listing of the export found out.
    fn told(&self) -> Option<ToldExport> {
        let row = self.exports.iter().find(|row| row.id == self.export)?;
        row.told.as_deref().and_then(|told| serde_json::from_str(told).ok())
    }
}

impl Listing<'_> {
    fn list(&self, sink: &mut dyn ListingSink, end: &mut ListingEnd) -> Result<ToldExport> {
        let before = self.before(sink)?;
        let mut told = ToldExport {
            name: self.export.shown_name().to_owned(),
            made_at: self.export.made_at,
            parts: self.export.parts.iter().map(|part| part.name.clone()).collect(),
            missing: before.missing.clone(),
            before: Some(before.known),
            absent: before.absent.len() as u64,
            ..ToldExport::default()
        };
        if !before.missing.is_empty() {
            end.whole = false;
            end.notes.push(missing_sentence(self.export.shown_name(), &before.missing));
        }
        if before.settled {
            if let Some(then) = before.told() {
                told = ToldExport { name: told.name, parts: told.parts, missing: told.missing, made_at: told.made_at, ..then };
            }
            sink.in_catalog(&mut |catalog, _| catalog.see_items_of(&before.given).map(|_| ()))?;
            told.known = true;
            sink.looked_at(told.items);
            tell_what_lacks(&told, end);
            tell_what_is_open(&told, end);
            return Ok(told);
        }
        let mut gathered = Gathered::default();
        for (part, number) in self.export.parts.iter().zip(&before.given) {
            gathered.part(*number, part, &self.takeout.spool, self.gate, sink)?;
        }
        let here = gathered.pieces.len();
        for part in &before.absent {
            sink.in_catalog(&mut |catalog, _| {
                catalog.for_each_known_entry(*part, |entry| {
                    gathered.known(entry);
                    Ok(())
                })
            })?;
        }
        gathered.end();
        end.notes.append(&mut gathered.notes);
        end.whole &= !gathered.cut;
        let mut before = before;
        let latest = latest_upload(&gathered.pieces);
        before.older |= self.export.made_at.is_none() && is_older(latest, &before.exports, before.export);
        let before = before;
        if let Some(latest) = latest {
            sink.in_catalog(&mut |catalog, _| catalog.set_latest_upload(before.export, latest))?;
        }
        let mut looking = Looking {
            takeout: self.takeout,
            pieces: &gathered.pieces,
            stored: &gathered.stored,
            before: HashMap::new(),
            in_memory: Mutex::default(),
        };
        let known = Known { page: gathered.page.as_ref(), parts_missing: !before.missing.is_empty() };
        let mut contents = contents::read(&gathered.pieces, &known, &looking);
        if !contents.open_media.is_empty() {
            // What names and files leave open, bytes that came before may decide.
            looking.before = known_before(&gathered.pieces, &contents.open_media, sink)?;
            if !looking.before.is_empty() {
                contents = contents::read(&gathered.pieces, &known, &looking);
            }
        }
        // What is left of the page is its account: it names every file, and that is read now.
        let has_page = gathered.page.is_some();
        let account = gathered.page.take().and_then(|page| page.account);
        self.note(&gathered.pieces[..here], &contents, sink)?;
        let sightings = Sightings::new(&gathered.pieces, &contents, before.export, !before.older, self.takeout.now);
        let items = self.sight(&sightings, &gathered.pieces, &contents, sink)?;
        let elsewhere = self.sight_sidecars(&sightings, &gathered.pieces, &contents, sink)?;
        drop(sightings);
        sink.in_catalog(&mut |catalog, run| catalog.newest_exports_lead(run))?;
        self.sight_albums(&gathered.pieces, &contents, before.export, &items, &elsewhere, sink)?;
        let alone = (0..contents.uses.len()).filter(|at| contents.uses[*at] == Use::SidecarAlone);
        told.items = contents.items.len() as u64;
        told.albums = contents.albums.len() as u64;
        told.open_pairs = contents.open_media.len() as u64;
        told.open_sidecars = contents.uses.iter().filter(|what| **what == Use::SidecarOpen).count() as u64;
        told.without_photo = alone.filter(|at| !elsewhere.contains_key(at)).count() as u64;
        told.not_delivered.clone_from(&contents.not_delivered);
        if !has_page && let Some(then) = before.told() {
            // Google's page came with another part: what it lists and nobody has brought since is still missing.
            told.not_delivered = still_missing(then.not_delivered, &gathered.pieces);
        }
        self.say_what_was_listed(&gathered, here, &contents, &before, sink, end)?;
        let again = items.iter().collect::<HashSet<_>>().into_iter().filter(|item| item.0 <= before.known.last).count() as u64;
        self.describe(&mut told, &before, again, account.as_deref(), sink, end)?;
        Ok(told)
    }

    fn before(&self, sink: &mut dyn ListingSink) -> Result<Before> {
        let mut before = Before::default();
        sink.in_catalog(&mut |catalog, run| {
            let made_at = self.export.made_at.map(|made| made.timestamp());
            before = Before { known: catalog.known_items_of_takeout()?, ..Before::default() };
            // A part whose name tells no export (it was renamed) stays with the export it came with.
            let known = self.export.parts.iter().find_map(|part| catalog.part_by_mark(&part.mark).transpose()).transpose()?;
            before.export = match known {
                // Two exports of Google's names can have a part with the very same contents.
                Some((_, export)) if self.export.made_at.is_none() => export,
                _ => catalog.sight_export(&self.export.name, made_at, run)?,
            };
            before.settled = true;
            for part in &self.export.parts {
                let number = catalog.sight_part(before.export, part.number, &part.name, &part.mark, run)?;
                let written = catalog.entries_of(number)?;
                let all = part.entries().map_or(written > 0, |entries| entries == written);
                before.settled &= all && !catalog.is_unsettled(number)?;
                before.given.push(number);
            }
            let parts = catalog.parts_of(before.export)?;
            before.absent = parts.iter().map(|(id, ..)| *id).filter(|id| !before.given.contains(id)).collect();
            let seen: HashSet<u32> = parts.iter().filter_map(|(_, number, _)| *number).collect();
            let last = seen.iter().copied().max().unwrap_or(0);
            let known = (1..=last).filter(|number| !seen.contains(number)).take(MOST_MISSING);
            before.missing = self.export.missing.iter().copied().filter(|number| !seen.contains(number)).chain(known).collect();
            before.missing.sort_unstable();
            before.missing.dedup();
            before.missing.truncate(MOST_MISSING);
            if parts.iter().any(|(_, number, _)| number.is_none()) {
                // A part that was unpacked may be any of them, or several.
                before.missing.clear();
            }
            before.exports = catalog.exports()?;
            // What stayed open while parts were away may be decided now that more are here.
            let then = before.told();
            before.settled &= then.is_none_or(|told| told.open_pairs == 0 || told.absent <= before.absent.len() as u64);
            before.known = before.told().and_then(|told| told.before).unwrap_or(before.known);
            before.older = before.exports.iter().any(|row| row.id != before.export && row.made_at > made_at && made_at.is_some());
            Ok(())
        })?;
        let mut here = self.takeout.here();
        for (part, number) in self.export.parts.iter().zip(&before.given) {
            here.insert(*number, part.copies());
        }
        drop(here);
        Ok(before)
    }

    /// Notes which parts need not be read again: those that were read to their end. A part that lay there without anything
    /// that told its photos apart from other products is wanted once more, now that it is known where they are.
    fn say_what_was_listed(
        &self,
        gathered: &Gathered,
        here: usize,
        contents: &Contents,
        before: &Before,
        sink: &mut dyn ListingSink,
        end: &mut ListingEnd,
    ) -> Result<()> {
        let read: Vec<i64> = before.given.iter().copied().filter(|part| !gathered.unread.contains(part)).collect();
        let mut again: Vec<i64> = (here..gathered.pieces.len())
            .filter(|at| matches!(contents.uses[*at], Use::Media { .. }))
            .map(|at| &gathered.pieces[at])
            .filter(|piece| gathered.taken_for_other.contains(&(piece.part, piece.entry)))
            .map(|piece| piece.part)
            .collect();
        again.dedup();
        if !again.is_empty() {
            end.whole = false;
            end.notes.push(format!(
                "Photos of {} parts that came before could not be told from files of other products then. Import those parts once more, together with this one.",
                again.len()
            ));
        }
        sink.in_catalog(&mut |catalog, _| {
            catalog.set_listed(&read, true)?;
            catalog.set_listed(&again, false)
        })
    }

    /// Writes every entry down, with what it is.
    fn note(&self, pieces: &[Piece<'_>], contents: &Contents, sink: &mut dyn ListingSink) -> Result<()> {
        let open: HashSet<usize> = contents.open_media.iter().copied().collect();
        let evidence = |at: usize| match contents.uses[at] {
            Use::Media { .. } if open.contains(&at) => Some("it fits several descriptions; nothing was guessed".to_owned()),
            Use::Media { item, file } => Some(evidence_words(&contents.items[item].files[file])),
            _ => None,
        };
        for (number, page) in pieces.chunks(PAGE * 4).enumerate() {
            let first = number * PAGE * 4;
            let reasons: Vec<Option<String>> = (first..first + page.len()).map(evidence).collect();
            sink.in_catalog(&mut |catalog, run| {
                let notes = page.iter().enumerate().map(|(at, piece)| {
                    let (ended, reason) = ended_as(contents, first + at, piece);
                    EntryNote {
                        key: EntryKey { part: piece.part, entry: piece.entry },
                        path: &piece.path,
                        size: piece.size,
                        crc32: piece.crc32,
                        ended,
                        reason: reasons[at].as_deref().or(reason),
                    }
                });
                catalog.note_entries(run, notes)
            })?;
        }
        Ok(())
    }

    /// Takes all items; returns their numbers in the order of the contents.
    fn sight(
        &self,
        sightings: &Sightings<'_>,
        pieces: &[Piece<'_>],
        contents: &Contents,
        sink: &mut dyn ListingSink,
    ) -> Result<Vec<ItemId>> {
        let mut numbers = vec![ItemId(0); contents.items.len()];
        for page in sightings.order().chunks(PAGE) {
            if self.gate.cancel().is_cancelled() {
                return Err(photokeep_model::Error::new(
                    photokeep_model::Code::Cancelled,
                    "Stopped. Everything so far is kept, and the next import goes on where this one stopped.",
                ));
            }
            let of_page: Vec<Sighting> = page.iter().map(|&at| sightings.of(&contents.items[at])).collect();
            let ids = sink.items(of_page)?;
            for (&at, id) in page.iter().zip(&ids) {
                numbers[at] = *id;
            }
            sink.in_catalog(&mut |catalog, _| {
                for (&at, id) in page.iter().zip(&ids) {
                    for &sidecar in &contents.items[at].sidecars {
                        let piece = &pieces[sidecar];
                        catalog.set_sidecar_item(EntryKey { part: piece.part, entry: piece.entry }, *id)?;
                    }
                }
                Ok(())
            })?;
        }
        Ok(numbers)
    }

    /// Sidecars without a file: in an increment the photo is mostly known from an earlier export. Its item, by piece.
    fn sight_sidecars(
        &self,
        sightings: &Sightings<'_>,
        pieces: &[Piece<'_>],
        contents: &Contents,
        sink: &mut dyn ListingSink,
    ) -> Result<HashMap<usize, ItemId>> {
        let mut found = HashMap::new();
        let alone: Vec<usize> = (0..pieces.len()).filter(|at| contents.uses[*at] == Use::SidecarAlone).collect();
        for page in alone.chunks(PAGE) {
            let (places, said): (Vec<usize>, Vec<Sighting>) =
                page.iter().filter_map(|&at| Some((at, sightings.of_sidecar(at)?))).unzip();
            let items = sink.known_items(&said)?;
            let known: Vec<(usize, ItemId)> = places.into_iter().zip(items).filter_map(|(at, item)| Some((at, item?))).collect();
            sink.in_catalog(&mut |catalog, run| {
                for (at, item) in &known {
                    let key = EntryKey { part: pieces[*at].part, entry: pieces[*at].entry };
                    catalog.set_sidecar_item(key, *item)?;
                    catalog.settle_entry(run, key, Ended::Sidecar, Some("its photo came with another export"))?;
                }
                Ok(())
            })?;
            found.extend(known);
        }
        Ok(found)
    }

    fn sight_albums(
        &self,
        pieces: &[Piece<'_>],
        contents: &Contents,
        export: i64,
        items: &[ItemId],
        elsewhere: &HashMap<usize, ItemId>,
        sink: &mut dyn ListingSink,
    ) -> Result<()> {
        let mut titles: HashMap<&str, u32> = HashMap::new();
        for album in &contents.albums {
            *titles.entry(album.title.as_str()).or_default() += 1;
        }
        let mut page = Vec::new();
        for album in &contents.albums {
            let file = album.file.and_then(|at| match &pieces[at].what {
                What::Album(file) => Some(file),
                _ => None,
            });
            let shared = file.is_some_and(|file| file.access.as_deref() == Some("shared"));
            let sighting = ExportAlbum {
                folder: album.folder.clone(),
                title: Some(album.title.clone()).filter(|title| !title.is_empty()),
                provisional: album.provisional,
                same_title: titles.get(album.title.as_str()).is_some_and(|count| *count > 1),
                shared,
                items: album
                    .members
                    .iter()
                    .map(|&member| items[member])
                    .chain(album.unknown_members.iter().filter_map(|at| elsewhere.get(at).copied()))
                    .collect(),
            };
            if sighting.items.is_empty() && album.provisional {
                // A folder of which nothing but its name is known.
                continue;
            }
            page.push(sighting);
            if page.len() == ALBUMS {
                sink.export_albums(export, &page)?;
                page.clear();
            }
        }
        sink.export_albums(export, &page)
    }

    /// Says what the export is, as far as its items tell: an increment holds what is new and edited, and few of the items that
    /// were known before it; `again` of them are in it. Photos that were deleted at Google since are in no export.
    fn describe(
        &self,
        told: &mut ToldExport,
        before: &Before,
        again: u64,
        account: Option<&str>,
        sink: &mut dyn ListingSink,
        end: &mut ListingEnd,
    ) -> Result<()> {
        let others = before.exports.iter().any(|row| row.id != before.export && row.items > 0);
        told.kind = if !before.missing.is_empty() {
            "partial"
        } else if !others {
            "first"
        } else if told.items.saturating_mul(10) >= before.known.count.saturating_mul(9)
            || again.saturating_mul(2) >= before.known.count
        {
            "full"
        } else {
            "increment"
        }
        .to_owned();
        if told.kind == "increment" && told.items > 0 {
            end.notes.push(format!(
                "Items in the export {}: {}; known from earlier ones: {}. It is an increment. Nothing is concluded from what it leaves out.",
                told.name, told.items, before.known.count
            ));
        }
        tell_what_lacks(told, end);
        tell_what_is_open(told, end);
        // A struct of numbers and texts always serialises.
        let json = serde_json::to_string(told).unwrap_or_default();
        sink.in_catalog(&mut |catalog: &Catalog, _| {
            catalog.describe_export(before.export, &told.kind, account, told.items, &json)
        })
    }
}

/// What an export itself shows to be missing.
fn tell_what_lacks(told: &ToldExport, end: &mut ListingEnd) {
    if let Some(example) = told.not_delivered.first() {
        end.whole = false;
        end.notes.push(format!(
            "Google's own page lists {} files that are in none of these archives, `{example}` for example. Download the parts that are missing, or ask Google for another export.",
            told.not_delivered.len()
        ));
    }
    if told.without_photo > 0 {
        end.whole = false;
        end.notes.push(format!(
            "Photos that are described in these archives and not in them: {}. They may be in a part that is missing, or Google did not deliver them; the next export may have them.",
            told.without_photo
        ));
    }
}

/// What was left open and not guessed.
fn tell_what_is_open(told: &ToldExport, end: &mut ListingEnd) {
    if told.open_sidecars > 0 {
        end.notes.push(format!(
            "Descriptions that fit several photos: {}. Nothing was guessed, so an album may lack a photo that is kept. The list of what was read names them.",
            told.open_sidecars
        ));
    }
}

/// Of files that Google's page lists, those that no part has brought.
fn still_missing(listed: Vec<String>, pieces: &[Piece<'_>]) -> Vec<String> {
    if listed.is_empty() {
        return listed;
    }
    let mut wanted: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, path) in listed.iter().enumerate() {
        wanted.entry(comparable(path)).or_default().push(at);
    }
    let mut came = vec![false; listed.len()];
    for piece in pieces {
        // Below whatever the photos folder is called.
        let path = comparable(&piece.path);
        let ends = path.match_indices('/').map(|(slash, _)| &path[slash + 1..]).chain([path.as_str()]);
        for at in ends.filter_map(|end| wanted.get(end)).flatten() {
            came[*at] = true;
        }
    }
    listed.into_iter().zip(came).filter(|(_, came)| !came).map(|(path, _)| path).collect()
}

/// A path as the page and the archives both give it.
fn comparable(path: &str) -> String {
    let parts: Vec<String> = path.split('/').map(str::trim).filter(|part| !part.is_empty()).map(fold).collect();
    parts.join("/")
}

/// When the latest photo of an export was uploaded, in Unix seconds.
fn latest_upload(pieces: &[Piece<'_>]) -> Option<i64> {
    let uploads = pieces.iter().filter_map(|piece| match &piece.what {
        What::Item(sidecar) => sidecar.created,
        _ => None,
    });
    uploads.max()
}

/// Whether an export without a date is older than one that is known, as far as its latest upload tells.
fn is_older(latest: Option<i64>, exports: &[ExportRow], this: i64) -> bool {
    exports.iter().any(|row| row.id != this && row.made_at.is_some() && row.made_at > latest)
}

fn missing_sentence(export: &str, missing: &[u32]) -> String {
    let (numbers, untold) = in_ranges(missing);
    // Written out whole: the boundary knows notes by their words.
    match (missing.len(), untold) {
        (1, _) => format!(
            "Part {numbers} of the export {export} is missing. What is here is taken; import the rest when you have it, the pieces find each other."
        ),
        (_, 0) => format!(
            "Parts {numbers} of the export {export} are missing. What is here is taken; import the rest when you have it, the pieces find each other."
        ),
        (_, more) => format!(
            "Parts {numbers} and {more} more of the export {export} are missing. What is here is taken; import the rest when you have it, the pieces find each other."
        ),
    }
}

/// How an entry stands once it is known what the export holds.
fn ended_as(contents: &Contents, at: usize, piece: &Piece<'_>) -> (Ended, Option<&'static str>) {
    match contents.uses[at] {
        Use::Media { .. } => (Ended::Open, None),
        Use::Repeated { .. } if piece.what == What::Media => (Ended::Open, Some("the same path as in another part")),
        Use::Repeated { .. } => match piece.what {
            What::Album(_) => (Ended::Album, Some("the same path as in another part")),
            What::Broken(_) => (Ended::Refused, Some("this JSON file cannot be read; the photo beside it is taken without it")),
            _ => (Ended::Sidecar, Some("the same path as in another part")),
        },
        Use::Sidecar { .. } => (Ended::Sidecar, None),
        Use::SidecarAlone => (Ended::Sidecar, Some("the photo it describes is in none of the archives")),
        Use::SidecarOpen => (Ended::Sidecar, Some("it fits several photos; nothing was guessed")),
        Use::Album => (Ended::Album, None),
        Use::Service => (Ended::Service, None),
        Use::OtherProduct => (Ended::Other, None),
        Use::Companion => (Ended::Companion, None),
        Use::Strange => match piece.what {
            What::Strange(why) => (Ended::Refused, Some(why)),
            _ => (Ended::Refused, None),
        },
        Use::Broken => (Ended::Refused, Some("this JSON file cannot be read; the photo beside it is taken without it")),
    }
}

//! From a source's pages into the catalog, and the proof that nothing was left out.
//!
//! A known item that a whole listing does not show is asked for by its id before anything is said about it: then it is
//! gone, or it is archived or only in an album, or the listing was short. Nothing is ever done to files here
//! (design section 3, rule 1).

use photokeep_library::LibraryNamer;
use photokeep_library::catalog::{AlbumSighting, Catalog, ExportAlbum, Sighting};
use photokeep_model::{AlbumChoice, Code, Error, Filter, ItemId, Phase, Result};

use crate::gate::Gate;
use crate::meter::PhaseMeter;
use crate::source::{Asked, ListingEnd, ListingSink, Source};

/// Ids asked for between two looks at the catalog.
const PAGE: u32 = 500;

/// Listings in one run at most.
const ROUNDS: u32 = 3;

/// A listing that leaves out more known items than this, and more than one in fifty, is short. Fewer are archived ones.
const FEW: u64 = 20;

/// What a listing came to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Listed {
    /// Followed to its end, and every known item was seen or asked for.
    pub checked: bool,
    /// Items listed.
    pub items: u64,
    /// Albums listed.
    pub albums: u64,
    /// Albums seen for the first time.
    pub new_albums: u64,
    /// Items that this sign-in cannot see although an earlier one could. Nothing is concluded about them.
    pub out_of_sight: u64,
    /// Sentences worth telling.
    pub notes: Vec<String>,
}

/// Lists the source into the catalog.
///
/// # Errors
/// What ends a run: no sign-in, no network, no quota; catalog errors.
pub(crate) async fn list<S: Source>(
    source: &S,
    filter: &Filter,
    catalog: &mut Catalog,
    namer: &LibraryNamer,
    run: i64,
    gate: &Gate,
) -> Result<Listed> {
    let mut listed = Listed::default();
    let known_before = catalog.known_count(source.kind())?;
    let seen_as = source.seen_as().await;
    let other_eyes = known_before > 0 && last_seen_as(catalog)?.is_some_and(|before| before != seen_as);
    if !source.proves_absence() {
        catalog.begin_listing()?;
        let (end, _) = list_once(source, filter, catalog, namer, run, gate, &mut listed).await?;
        listed.notes = end.notes;
        listed.checked = end.whole;
        listed.items = catalog.seen_count()?;
        listed.albums = catalog.seen_albums()?;
        return Ok(listed);
    }
    for round in 1..=ROUNDS {
        let last = round > 1;
        // Every listing is judged by itself: what the questions of the one before found counts as seen there only.
        catalog.begin_listing()?;
        let (end, new) = list_once(source, filter, catalog, namer, run, gate, &mut listed).await?;
        listed.notes = end.notes.clone();
        if !filter.is_whole() {
            listed.checked = end.whole;
            break;
        }
        if !end.whole {
            listed.notes.push("Google's listing did not come to its end. Nothing is concluded from what it left out.".into());
            break;
        }
        let asking = Asking { run, known_before, last, other_eyes };
        let items = ask_for_absentees(source, catalog, namer, gate, &asking).await?;
        if let Absentees::OutOfSight(items) = items {
            listed.out_of_sight = items;
            break;
        }
        let albums_left_out =
            if end.albums_whole && !other_eyes { ask_for_albums(source, filter, catalog, run, gate).await? } else { 0 };
        // Nothing but another listing tells a short first listing from a small library.
        let unproven = known_before == 0 && (round == 1 || new > 0);
        match items {
            Absentees::Explained if albums_left_out == 0 && unproven => {
                if round == ROUNDS {
                    listed.notes.push(
                        "Google's listing showed more each time it was asked for. Nothing was removed because of that; the next run asks again."
                            .into(),
                    );
                }
            }
            Absentees::Explained if albums_left_out == 0 => {
                listed.checked = true;
                catalog.set_meta(SEEN_AS, &seen_as)?;
                break;
            }
            // Short listings pass (google-apis.md 7.1): list once more before anything is said.
            _ if round < ROUNDS => {}
            Absentees::LeftOut(left_out) => listed.notes.push(format!(
                "Google's listing left out {left_out} items that Google still has. Nothing was removed because of that; the next run asks again."
            )),
            Absentees::Explained | Absentees::OutOfSight(_) => listed.notes.push(format!(
                "Google's list of albums left out {albums_left_out} that Google still has. Nothing was removed because of that; the next run asks again."
            )),
        }
    }
    if filter.albums != AlbumChoice::All && catalog.seen_albums()? == 0 {
        return Err(Error::new(Code::Usage, "No album has that title. Nothing was fetched.")
            .hint("Titles are compared letter by letter; --album-regex ignores case and finds parts of titles."));
    }
    listed.items = catalog.seen_count()?;
    listed.albums = catalog.seen_albums()?;
    Ok(listed)
}

/// How it ended, and how many items were never seen before.
async fn list_once<S: Source>(
    source: &S,
    filter: &Filter,
    catalog: &mut Catalog,
    namer: &LibraryNamer,
    run: i64,
    gate: &Gate,
    listed: &mut Listed,
) -> Result<(ListingEnd, u64)> {
    let meter = PhaseMeter::begin(gate.progress().clone(), Phase::Listing, None);
    let mut sink = CatalogSink { catalog, namer, kind: source.kind(), run, new_items: 0, new_albums: 0, meter: &meter };
    let end = source.list(filter, gate, &mut sink).await?;
    listed.new_albums += sink.new_albums;
    let new = sink.new_items;
    meter.finish();
    Ok((end, new))
}

enum Absentees {
    /// Every known item was listed, or is gone, or is reachable without being listed (archived, only in an album).
    Explained,
    /// The listing left out so many that the source still has.
    LeftOut(u64),
    /// So many are not to be seen with this sign-in; with the one before they were.
    OutOfSight(u64),
}

/// What asking depends on.
struct Asking {
    run: i64,
    known_before: u64,
    last: bool,
    other_eyes: bool,
}

/// Where the catalog keeps with whose eyes the last whole listing was seen.
const SEEN_AS: &str = "seen_as";

/// With whose eyes the last whole listing was seen, as [`Source::seen_as`] told it.
pub(crate) fn last_seen_as(catalog: &Catalog) -> Result<Option<String>> {
    catalog.meta(SEEN_AS)
}

/// The account whose items the last whole listing showed; `None` before there was one, and where Google did not tell it.
///
/// # Errors
/// When the catalog cannot be read.
pub fn listed_account(catalog: &Catalog) -> Result<Option<String>> {
    // It is the last word of what tells one pair of eyes from another.
    let account = |seen_as: String| Some(seen_as.rsplit_once(' ')?.1.to_owned()).filter(|account| !account.is_empty());
    Ok(last_seen_as(catalog)?.and_then(account))
}

/// Asks for known items that the listing did not show. In the `last` round a few that are there after all are taken as
/// archived; before it, a single one is reason enough to list again.
async fn ask_for_absentees<S: Source>(
    source: &S,
    catalog: &mut Catalog,
    namer: &LibraryNamer,
    gate: &Gate,
    asking: &Asking,
) -> Result<Absentees> {
    let Asking { run, known_before, last, other_eyes } = *asking;
    let (mut after, mut left_out) = (0, 0u64);
    loop {
        let batch = catalog.absentees(source.kind(), after, PAGE)?;
        let Some(latest) = batch.last() else { break };
        after = latest.sighting;
        let keys: Vec<String> = batch.iter().map(|absentee| absentee.key.clone()).collect();
        let answers = source.ask_for(&keys, gate).await?;
        let mut gone = Vec::new();
        let mut unlisted = Vec::new();
        let mut there = Vec::new();
        for (absentee, answer) in batch.iter().zip(answers) {
            match answer {
                Asked::Gone => gone.push(absentee.sighting),
                // Kept here, and nothing is known about it there: nothing is concluded.
                Asked::Unclear(_) => {}
                Asked::There(sighting) => {
                    if absentee.was_listed {
                        left_out += 1;
                        unlisted.push(absentee.sighting);
                    }
                    there.push(*sighting);
                }
            }
        }
        if other_eyes && !gone.is_empty() {
            return Ok(Absentees::OutOfSight(catalog.absentee_count(source.kind())?));
        }
        catalog.transaction(|catalog| {
            catalog.mark_gone(&gone, run)?;
            catalog.sight(source.kind(), run, &there, namer).map(|_| ())
        })?;
        let few = left_out <= FEW || left_out <= known_before / 50;
        if left_out > 0 && !last {
            return Ok(Absentees::LeftOut(left_out));
        }
        if !few {
            return Ok(Absentees::LeftOut(left_out));
        }
        catalog.transaction(|catalog| catalog.mark_unlisted(&unlisted))?;
    }
    Ok(Absentees::Explained)
}

/// Asks for known albums that the list did not name. Those that are gone are marked; returns how many are still there.
async fn ask_for_albums<S: Source>(source: &S, filter: &Filter, catalog: &mut Catalog, run: i64, gate: &Gate) -> Result<u64> {
    let mut unseen = catalog.unseen_albums(source.kind())?;
    if filter.skip_shared_albums {
        // They were not looked for: they stay as they are.
        unseen.retain(|album| album.own);
    }
    let keys: Vec<String> = unseen.iter().map(|album| album.key.clone()).collect();
    let there = source.has_albums(&keys, gate).await?;
    let gone: Vec<i64> = unseen.iter().zip(&there).filter(|(_, there)| !**there).map(|(album, _)| album.id).collect();
    catalog.transaction(|catalog| catalog.mark_albums_gone(&gone, run))?;
    Ok((unseen.len() - gone.len()) as u64)
}

struct CatalogSink<'a> {
    catalog: &'a mut Catalog,
    namer: &'a LibraryNamer,
    kind: photokeep_model::SourceKind,
    run: i64,
    new_items: u64,
    new_albums: u64,
    meter: &'a PhaseMeter,
}

impl ListingSink for CatalogSink<'_> {
    fn items(&mut self, page: Vec<Sighting>) -> Result<Vec<ItemId>> {
        let (kind, run, namer) = (self.kind, self.run, self.namer);
        let (counts, items) = self.catalog.transaction(|catalog| catalog.sight(kind, run, &page, namer))?;
        self.new_items += counts.new;
        if kind != photokeep_model::SourceKind::Takeout {
            self.meter.add_done(counts.new + counts.changed + counts.unchanged);
        }
        Ok(items)
    }

    fn known(&mut self, page: &[Sighting]) -> Result<Vec<Option<ItemId>>> {
        page.iter().map(|sighting| self.catalog.item_of(self.kind, &sighting.key)).collect()
    }

    fn album(&mut self, album: &AlbumSighting, items: Vec<ItemId>, whole: bool) -> Result<()> {
        let kind = self.kind;
        let new = self.catalog.transaction(|catalog| {
            let (number, new) = catalog.sight_album(kind, album)?;
            if whole {
                catalog.set_album_items(number, &items)?;
            } else {
                catalog.add_album_items(number, &items)?;
            }
            Ok(new)
        })?;
        self.new_albums += u64::from(new);
        Ok(())
    }

    fn looked_at(&mut self, count: u64) {
        self.meter.add_done(count);
    }

    fn export_albums(&mut self, export: i64, albums: &[ExportAlbum]) -> Result<()> {
        self.new_albums += self.catalog.transaction(|catalog| {
            albums.iter().try_fold(0, |new, album| Ok(new + u64::from(catalog.sight_export_album(export, album)?)))
        })?;
        Ok(())
    }

    fn known_items(&mut self, sightings: &[Sighting]) -> Result<Vec<Option<ItemId>>> {
        let (run, namer) = (self.run, self.namer);
        self.catalog.transaction(|catalog| catalog.sight_known(run, sightings, namer))
    }

    fn in_catalog(&mut self, work: &mut dyn FnMut(&Catalog, i64) -> Result<()>) -> Result<()> {
        let run = self.run;
        self.catalog.transaction(|catalog| work(catalog, run))
    }
}

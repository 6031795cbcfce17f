//! The suite that every source has to pass, whatever stands behind it. `source.rs` says what a source promises; each
//! function here holds a source to one of those promises. A new source adds a module like `library_api` below.

use std::collections::HashMap;
use std::sync::Arc;

use photokeep_library::catalog::{AlbumSighting, Sighting};
use photokeep_model::{Filter, ItemId, Result, Silent, SourceKind};
use photokeep_sync::source::ListingSink;
use photokeep_sync::source::{Asked, Body, Located, ResumeAt, Unlocatable};
use photokeep_sync::{Gate, Source};
use tokio_util::sync::CancellationToken;

/// A source with a known content.
pub struct Subject<S> {
    pub source: Arc<S>,
    pub kind: SourceKind,
    /// Every item by key, with its bytes.
    pub items: HashMap<String, Vec<u8>>,
    /// Every album by key, with the keys of its items in order.
    pub albums: HashMap<String, Vec<String>>,
    /// A key that never was.
    pub unknown: String,
}

fn gate() -> Gate {
    Gate::new(crate::harness::patience(), Arc::new(Silent), CancellationToken::new())
}

/// Takes a listing into memory.
#[derive(Default)]
struct Memory {
    numbers: HashMap<String, ItemId>,
    keys: Vec<String>,
    largest_page: usize,
    albums: Vec<(AlbumSighting, Vec<ItemId>, bool)>,
}

impl ListingSink for Memory {
    fn items(&mut self, page: Vec<Sighting>) -> Result<Vec<ItemId>> {
        self.largest_page = self.largest_page.max(page.len());
        Ok(page
            .into_iter()
            .map(|sighting| {
                let next = ItemId(self.keys.len() as i64);
                *self.numbers.entry(sighting.key.clone()).or_insert_with(|| {
                    self.keys.push(sighting.key);
                    next
                })
            })
            .collect())
    }

    fn known(&mut self, page: &[Sighting]) -> Result<Vec<Option<ItemId>>> {
        Ok(page.iter().map(|sighting| self.numbers.get(&sighting.key).copied()).collect())
    }

    fn album(&mut self, album: &AlbumSighting, items: Vec<ItemId>, whole: bool) -> Result<()> {
        self.albums.push((album.clone(), items, whole));
        Ok(())
    }
}

async fn list<S: Source>(subject: &Subject<S>, filter: &Filter) -> (Memory, photokeep_sync::source::ListingEnd) {
    let mut memory = Memory::default();
    let end = subject.source.list(filter, &gate(), &mut memory).await.unwrap();
    (memory, end)
}

fn sorted_keys<S>(subject: &Subject<S>) -> Vec<String> {
    let mut keys: Vec<String> = subject.items.keys().cloned().collect();
    keys.sort();
    keys
}

async fn read(body: &mut Body) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(block) = body.blocks.next().await.unwrap() {
        bytes.extend_from_slice(&block);
    }
    bytes
}

async fn locate<S: Source>(subject: &Subject<S>, key: &str) -> Located {
    subject.source.locate(&[key.to_owned()], &gate()).await.unwrap().remove(0).unwrap_or_else(|trouble| panic!("{trouble:?}"))
}

async fn it_says_what_it_is<S: Source>(subject: &Subject<S>) {
    assert_eq!(subject.source.kind(), subject.kind);
}

async fn a_listing_shows_every_item_and_every_album_in_order<S: Source>(subject: &Subject<S>) {
    let (memory, end) = list(subject, &Filter::default()).await;
    assert!(end.whole && end.albums_whole);
    let mut keys = memory.keys.clone();
    keys.sort();
    assert_eq!(keys, sorted_keys(subject));
    assert_eq!(memory.albums.len(), subject.albums.len(), "each album once");
    for (album, items, whole) in &memory.albums {
        assert!(whole, "{album:?}");
        let listed: Vec<String> = items.iter().map(|item| memory.keys[usize::try_from(item.0).unwrap()].clone()).collect();
        assert_eq!(listed, subject.albums[&album.key], "{album:?}");
        assert!(album.own || album.shared);
    }
    assert!(memory.largest_page < subject.items.len(), "page by page, so that memory stays flat");
}

async fn two_listings_of_the_same_are_the_same<S: Source>(subject: &Subject<S>) {
    let (first, _) = list(subject, &Filter::default()).await;
    let (second, _) = list(subject, &Filter::default()).await;
    assert_eq!(first.keys, second.keys);
    assert_eq!(first.albums, second.albums);
}

async fn a_listing_can_be_stopped<S: Source>(subject: &Subject<S>) {
    let gate = gate();
    gate.cancel().cancel();
    let error = subject.source.list(&Filter::default(), &gate, &mut Memory::default()).await.unwrap_err();
    assert_eq!(error.code, photokeep_model::Code::Cancelled);
}

async fn a_sink_that_fails_ends_the_listing_with_its_error<S: Source>(subject: &Subject<S>) {
    struct Full;
    impl ListingSink for Full {
        fn items(&mut self, _: Vec<Sighting>) -> Result<Vec<ItemId>> {
            Err(photokeep_model::Error::new(photokeep_model::Code::TargetFull, "full"))
        }
        fn known(&mut self, page: &[Sighting]) -> Result<Vec<Option<ItemId>>> {
            Ok(vec![None; page.len()])
        }
        fn album(&mut self, _: &AlbumSighting, _: Vec<ItemId>, _: bool) -> Result<()> {
            Ok(())
        }
    }
    let error = subject.source.list(&Filter::default(), &gate(), &mut Full).await.unwrap_err();
    assert_eq!(error.code, photokeep_model::Code::TargetFull);
}

async fn it_answers_for_every_key_in_the_order_asked<S: Source>(subject: &Subject<S>) {
    let mut keys = sorted_keys(subject);
    keys.reverse();
    keys.insert(keys.len() / 2, subject.unknown.clone());
    let asked = subject.source.ask_for(&keys, &gate()).await.unwrap();
    assert_eq!(asked.len(), keys.len());
    for (key, answer) in keys.iter().zip(asked) {
        match answer {
            Asked::There(sighting) => assert!(sighting.key == *key && *key != subject.unknown),
            Asked::Gone => assert_eq!(*key, subject.unknown),
            Asked::Unclear(error) => panic!("{key}: {error}"),
        }
    }
    let located = subject.source.locate(&keys, &gate()).await.unwrap();
    assert_eq!(located.len(), keys.len());
    for (key, answer) in keys.iter().zip(located) {
        match answer {
            Ok(located) => assert!(located.key == *key && *key != subject.unknown),
            Err(Unlocatable::Gone) => assert_eq!(*key, subject.unknown),
            Err(Unlocatable::Item(error)) => panic!("{key}: {error}"),
        }
    }
}

async fn asked_about_nothing_it_answers_nothing<S: Source>(subject: &Subject<S>) {
    assert!(subject.source.ask_for(&[], &gate()).await.unwrap().is_empty());
    assert!(subject.source.locate(&[], &gate()).await.unwrap().is_empty());
    assert!(subject.source.has_albums(&[], &gate()).await.unwrap().is_empty());
}

async fn what_it_says_when_asked_is_what_it_listed<S: Source>(subject: &Subject<S>) {
    struct Titles(HashMap<String, photokeep_model::Metadata>, i64);
    impl ListingSink for Titles {
        fn items(&mut self, page: Vec<Sighting>) -> Result<Vec<ItemId>> {
            Ok(page
                .into_iter()
                .map(|sighting| {
                    self.0.entry(sighting.key).or_insert(sighting.metadata);
                    self.1 += 1;
                    ItemId(self.1)
                })
                .collect())
        }
        fn known(&mut self, page: &[Sighting]) -> Result<Vec<Option<ItemId>>> {
            Ok(vec![None; page.len()])
        }
        fn album(&mut self, _: &AlbumSighting, _: Vec<ItemId>, _: bool) -> Result<()> {
            Ok(())
        }
    }
    let mut titles = Titles(HashMap::new(), 0);
    subject.source.list(&Filter::default(), &gate(), &mut titles).await.unwrap();
    let keys = sorted_keys(subject);
    for answer in subject.source.ask_for(&keys, &gate()).await.unwrap() {
        let Asked::There(sighting) = answer else { panic!("{answer:?}") };
        let listed = &titles.0[&sighting.key];
        // The web address may lead into an album in the one and not in the other.
        let asked = photokeep_model::Metadata { product_url: listed.product_url.clone(), ..sighting.metadata };
        assert_eq!(asked, *listed);
    }
}

async fn it_knows_which_albums_it_has<S: Source>(subject: &Subject<S>) {
    let mut keys: Vec<String> = subject.albums.keys().cloned().collect();
    keys.push(subject.unknown.clone());
    let there = subject.source.has_albums(&keys, &gate()).await.unwrap();
    assert_eq!(there, keys.iter().map(|key| *key != subject.unknown).collect::<Vec<_>>());
}

async fn it_hands_out_every_items_bytes<S: Source>(subject: &Subject<S>) {
    for (key, bytes) in &subject.items {
        let mut body = subject.source.open(&locate(subject, key).await, None).await.unwrap();
        assert_eq!(body.offset, 0);
        assert!(body.total.is_none_or(|total| total == bytes.len() as u64));
        assert!(read(&mut body).await == *bytes, "{key}");
    }
}

async fn asked_to_go_on_it_does_or_begins_again_and_says_which<S: Source>(subject: &Subject<S>) {
    for (key, bytes) in &subject.items {
        let located = locate(subject, key).await;
        let first = subject.source.open(&located, None).await.unwrap();
        let middle = bytes.len() as u64 / 2;
        let at = ResumeAt { offset: middle, etag: first.etag.clone() };
        let resumable = first.resumable;
        drop(first);
        let mut body = subject.source.open(&located, Some(&at)).await.unwrap();
        assert!(body.offset == 0 || body.offset == middle, "{key}");
        assert!(!resumable || body.offset == middle, "{key}: it said that it can go on");
        let from = usize::try_from(body.offset).unwrap();
        assert!(read(&mut body).await == bytes[from..], "{key}");
        // Other bytes than those that were begun: from the start, never a part of something else.
        let other = ResumeAt { offset: middle, etag: Some("\"something else\"".into()) };
        let mut body = subject.source.open(&located, Some(&other)).await.unwrap();
        assert_eq!(body.offset, 0, "{key}");
        assert!(read(&mut body).await == *bytes, "{key}");
    }
}

async fn conforms<S: Source>(subject: &Subject<S>) {
    it_says_what_it_is(subject).await;
    a_listing_shows_every_item_and_every_album_in_order(subject).await;
    two_listings_of_the_same_are_the_same(subject).await;
    a_listing_can_be_stopped(subject).await;
    a_sink_that_fails_ends_the_listing_with_its_error(subject).await;
    it_answers_for_every_key_in_the_order_asked(subject).await;
    asked_about_nothing_it_answers_nothing(subject).await;
    what_it_says_when_asked_is_what_it_listed(subject).await;
    it_knows_which_albums_it_has(subject).await;
    it_hands_out_every_items_bytes(subject).await;
    asked_to_go_on_it_does_or_begins_again_and_says_which(subject).await;
}

mod library_api {
    use photokeep_model::SourceKind;
    use photokeep_simulator::{Fault, FaultRule, Place};

    use super::{Subject, conforms};
    use crate::harness::Account;
    use crate::items::{album, film, photos, shared_album};

    async fn account() -> Account {
        let mut items = photos(130);
        items[3].in_library = false;
        items.push(film("film", "film.mp4", "2019-05-01T10:00:00Z"));
        let albums = vec![
            album("a", "A", &["p002", "p001", "film"]),
            shared_album("s", "S", &["p003", "p000"]),
            album("empty", "Empty", &[]),
        ];
        Account::of(items, albums).await
    }

    fn subject(account: &Account) -> Subject<photokeep_sync::sources::library_api::LibraryApiSource> {
        let held = account.control.library();
        Subject {
            source: account.source.clone(),
            kind: SourceKind::LibraryApi,
            items: held.items.iter().map(|item| (item.id.clone(), account.control.served_bytes(&item.id).unwrap())).collect(),
            albums: held.albums.into_iter().map(|album| (album.id, album.items)).collect(),
            unknown: "never-was".to_owned(),
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn conforms_on_a_good_day() {
        let account = account().await;
        conforms(&subject(&account)).await;
        assert_eq!(account.control.violations(), []);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn conforms_while_the_api_stumbles() {
        let account = account().await;
        for (seed, what) in [Fault::Unavailable, Fault::QuotaMinute, Fault::Truncate, Fault::Html200].into_iter().enumerate() {
            account.fault(FaultRule::new(Place::Api, what).probability(0.05, seed as u64));
        }
        account.fault(FaultRule::new(Place::Api, Fault::TokenRejected).nth(9));
        account.fault(FaultRule::new(Place::List, Fault::RepeatItems));
        conforms(&subject(&account)).await;
        assert_eq!(account.control.violations(), []);
    }
}

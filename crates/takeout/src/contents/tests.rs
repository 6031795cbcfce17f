#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use crate::sidecar::{self, Brief, Json};

fn piece(path: &str, size: u64, json: Option<&str>) -> Piece<'static> {
    let name = path.rsplit('/').next().unwrap();
    let what = match json.map(|json| sidecar::read(name, json.as_bytes())) {
        None => What::Media,
        Some(Json::Item(item)) => What::Item(Brief::of(&item).into()),
        Some(Json::Album(album)) => What::Album(album),
        Some(Json::Service(_)) => What::Service,
        Some(Json::Broken(why)) => What::Broken(why),
        Some(Json::Foreign) => What::Foreign,
    };
    Piece { part: 1, entry: 0, path: path.to_owned().into(), size, crc32: Some(size as u32), what }
}

fn item(title: &str, taken: i64) -> String {
    format!(
        r#"{{"title":"{title}","photoTakenTime":{{"timestamp":"{taken}"}},"url":"https://photos.google.com/photo/{title}{taken}"}}"#
    )
}

const IN_2019: i64 = 1_560_000_000;

/// One photo in its year folder and in two albums (one of them with the sidecar only), an edited copy, another product.
fn export() -> Vec<Piece<'static>> {
    let (a, b) = (item("a.jpg", IN_2019), item("b.jpg", IN_2019 + 5));
    vec![
        piece("Google Fotos/Fotos von 2019/a.jpg", 10, None),
        piece("Google Fotos/Fotos von 2019/a.jpg.json", 1, Some(&a)),
        piece("Google Fotos/Fotos von 2019/a-bearbeitet.jpg", 11, None),
        piece("Google Fotos/Fotos von 2019/b.jpg", 12, None),
        piece("Google Fotos/Fotos von 2019/b.jpg.json", 1, Some(&b)),
        piece("Google Fotos/Paris 2019/Metadaten.json", 1, Some(r#"{"title":"Paris 2019","access":"protected"}"#)),
        piece("Google Fotos/Paris 2019/a.jpg", 10, None),
        piece("Google Fotos/Paris 2019/a.jpg.json", 1, Some(&a)),
        piece("Google Fotos/Nur Zettel/b.jpg.json", 1, Some(&b)),
        piece("Google Fotos/empty.json", 1, Some("{}")),
        piece("Keep/note.json", 1, Some(r#"{"title":"Einkauf"}"#)),
        piece("Keep/picture.jpg", 10, None),
    ]
}

fn read_all(pieces: &[Piece<'_>]) -> Contents {
    read(pieces, &Known::default(), &NoFiles)
}

#[test]
fn an_export_falls_into_items_and_albums() {
    let pieces = export();
    let contents = read_all(&pieces);
    assert_eq!(contents.items.len(), 2);
    let a = &contents.items[0];
    assert_eq!(a.sidecars, [1, 7]);
    let roles: Vec<_> = a.files.iter().map(|file| (file.piece, file.role, file.copy_of)).collect();
    assert_eq!(roles, [(0, FileRole::Original, None), (2, FileRole::Edited, None), (6, FileRole::Original, Some(0))]);
    let albums: Vec<_> =
        contents.albums.iter().map(|album| (album.title.as_str(), album.provisional, album.members.clone())).collect();
    assert_eq!(albums, [("Nur Zettel", true, vec![1]), ("Paris 2019", false, vec![0])]);
    assert_eq!(contents.uses[5], Use::Album);
    assert_eq!(contents.uses[8], Use::Sidecar { item: 1 });
    assert_eq!(contents.uses[9], Use::Service);
    assert_eq!(&contents.uses[10..], [Use::OtherProduct, Use::OtherProduct]);
}

#[test]
fn other_bytes_in_an_album_are_a_rendition_beside_the_original() {
    let mut pieces = export();
    pieces[6].size = 9;
    pieces[6].crc32 = Some(9);
    let contents = read_all(&pieces);
    let file = &contents.items[0].files[2];
    assert_eq!((file.role, file.copy_of), (FileRole::Rendition, None));
}

#[test]
fn a_film_beside_a_photo_is_left_alone_while_parts_are_missing() {
    let pieces = vec![
        piece("Google Photos/Photos from 2019/a.jpg", 10, None),
        piece("Google Photos/Photos from 2019/a.mp4", 11, None),
        piece("Google Photos/Photos from 2019/a.jpg.json", 1, Some(&item("a.jpg", IN_2019))),
    ];
    assert_eq!(read_all(&pieces).items.len(), 1);
    let known = Known { parts_missing: true, ..Known::default() };
    assert_eq!(read(&pieces, &known, &NoFiles).items.len(), 2);
}

#[test]
fn an_album_shows_whose_edited_copy_it_is() {
    let bytes = |path: &str, crc32| Piece { crc32: Some(crc32), ..piece(path, 10, None) };
    let mut pieces = vec![
        bytes("Google Photos/Photos from 2019/I.HEIC", 1),
        bytes("Google Photos/Photos from 2019/I.JPG", 2),
        bytes("Google Photos/Photos from 2019/I-edited.jpg", 3),
        piece("Google Photos/Photos from 2019/I.HEIC.json", 1, Some(&item("I.HEIC", IN_2019))),
        piece("Google Photos/Photos from 2019/I.JPG.json", 1, Some(&item("I.JPG", IN_2019 + 60))),
    ];
    let of_copy = |pieces: &[Piece<'_>], known: &Known<'_>| {
        let contents = read(pieces, known, &NoFiles);
        let Use::Media { item, .. } = contents.uses[2] else { panic!("{:?}", contents.uses[2]) };
        let original = contents.items[item].original().unwrap().piece;
        pieces[original].name().to_owned()
    };
    assert_eq!(of_copy(&pieces, &Known::default()), "I.JPG", "the nearer extension, as long as nothing else speaks");
    pieces.extend([
        bytes("Google Photos/Paris/I.HEIC", 1),
        bytes("Google Photos/Paris/I-edited.jpg", 3),
        piece("Google Photos/Paris/I.HEIC.json", 1, Some(&item("I.HEIC", IN_2019))),
        piece("Google Photos/Paris/metadata.json", 1, Some(r#"{"title": "Paris", "description": "", "access": ""}"#)),
    ]);
    assert_eq!(of_copy(&pieces, &Known::default()), "I.HEIC");
    let known = Known { parts_missing: true, ..Known::default() };
    assert_eq!(of_copy(&pieces, &known), "I.JPG", "the JPEG of the album may be in a part that is not here");
}

#[test]
fn the_same_path_in_two_parts_is_one_file() {
    let mut pieces = export();
    let mut again = pieces[0].clone();
    again.part = 2;
    pieces.push(again);
    let contents = read_all(&pieces);
    assert_eq!(contents.uses[12], Use::Repeated { of: 0 });
    assert_eq!(contents.items.len(), 2);
}

#[test]
fn a_sidecar_without_a_file_is_told() {
    let mut pieces = export();
    pieces.remove(3);
    let contents = read_all(&pieces);
    assert_eq!(contents.uses[3], Use::SidecarAlone);
    assert_eq!(contents.items.len(), 1);
    assert_eq!(contents.albums[0].unknown_members.len(), 1);
}

#[test]
fn every_piece_of_the_photos_folder_has_a_use() {
    let contents = read_all(&export());
    let other = contents.uses.iter().filter(|used| **used == Use::OtherProduct).count();
    assert_eq!(other, 2);
}

/// Files that were read: whether any two of one size and checksum are the same, and nothing else.
struct Compared(Option<bool>);

impl Files for Compared {
    fn facts(&self, _piece: usize) -> Option<Facts> {
        None
    }

    fn same_bytes(&self, _one: usize, _other: usize) -> Option<bool> {
        self.0
    }
}

/// An edited PNG beside a HEIC and a PNG of one stem, in an export in which something is open, so that files are looked into.
/// A photo of another year has the edited copy's size and checksum.
#[test]
fn a_checksum_that_agrees_by_chance_takes_no_edited_copy_away() {
    let year = |name: &str| format!("Google Photos/Photos from 2019/{name}");
    let pieces = vec![
        piece(&year("a.HEIC"), 10, None),
        piece(&year("a.HEIC.json"), 1, Some(&item("a.HEIC", IN_2019))),
        piece(&year("a.png"), 11, None),
        piece(&year("a.png.json"), 1, Some(&item("a.png", IN_2019 + 5))),
        piece(&year("a-edited.png"), 12, None),
        piece(&year("open.jpg"), 13, None),
        piece(&year("open(1).jpg"), 14, None),
        piece(&year("open.png.json"), 1, Some(&item("open", IN_2019 + 7))),
        piece(&year("open.gif.json"), 1, Some(&item("open", IN_2019 + 8))),
        piece("Google Photos/Photos from 2018/b.png", 12, None),
        piece("Google Photos/Photos from 2018/b.png.json", 1, Some(&item("b.png", IN_2019 - 31_536_000))),
    ];
    let edited_of = |files: &dyn Files| {
        let contents = read(&pieces, &Known::default(), files);
        assert!(!contents.open_media.is_empty(), "nothing was looked into");
        let Use::Media { item, .. } = contents.uses[4] else { panic!("{:?}", contents.uses[4]) };
        contents.items[item].original().unwrap().piece
    };
    assert_eq!(edited_of(&Compared(Some(false))), 2);
    assert_eq!(edited_of(&Compared(Some(true))), 4, "the very bytes of another item are no edited copy of this one");
}

fn titles(contents: &Contents) -> Vec<&str> {
    contents.albums.iter().map(|album| album.title.as_str()).collect()
}

#[test]
fn an_album_may_be_called_by_a_year_or_a_day() {
    let (a, b) = (item("a.jpg", IN_2019), item("b.jpg", IN_2019 + 5));
    let year = "Google Photos/Photos from 2019";
    let pieces = [
        piece(&format!("{year}/a.jpg"), 10, None),
        piece(&format!("{year}/a.jpg.json"), 1, Some(&a)),
        piece(&format!("{year}/b.jpg"), 12, None),
        piece(&format!("{year}/b.jpg.json"), 1, Some(&b)),
        piece("Google Photos/Trip 2019/a.jpg", 10, None),
        piece("Google Photos/Trip 2019/a.jpg.json", 1, Some(&a)),
        piece("Google Photos/2019-07-13/metadata.json", 1, Some(r#"{"title":"2019-07-13","access":"protected"}"#)),
        piece("Google Photos/2019-07-13/b.jpg", 12, None),
        piece("Google Photos/2019-07-13/b.jpg.json", 1, Some(&b)),
    ];
    let contents = read_all(&pieces);
    assert_eq!((contents.items.len(), titles(&contents)), (2, vec!["2019-07-13", "Trip 2019"]));
}

#[test]
fn a_stray_sidecar_opens_no_other_products() {
    let a = item("a.jpg", IN_2019);
    let order = r#"{"externalOrderId":"1","title":"Book","creationTime":{"timestamp":"1560000000"}}"#;
    let pieces = [
        piece("Google Photos/Photos from 2019/a.jpg", 10, None),
        piece("Google Photos/Photos from 2019/a.jpg.json", 1, Some(&a)),
        piece("Google Photos/IMG_7.jpg.json", 1, Some(&item("IMG_7.jpg", IN_2019))),
        piece("Google Photos/order.json", 1, Some(order)),
        piece("Drive/Private/scan.jpg", 10, None),
        piece("Contacts/All/Bob.jpg", 10, None),
    ];
    let contents = read_all(&pieces);
    assert_eq!((contents.items.len(), titles(&contents).len()), (1, 0), "{:?}", titles(&contents));
    assert_eq!(contents.items[0].sidecars, [1]);
}

#[test]
fn a_sidecar_with_few_fields_is_one_by_its_name() {
    let few = r#"{"title":"x.jpg","description":"hi","geoData":{"latitude":1.0,"longitude":2.0}}"#;
    let pieces = [
        piece("Google Photos/Photos from 2019/a.jpg", 10, None),
        piece("Google Photos/Photos from 2019/a.jpg.json", 1, Some(&item("a.jpg", IN_2019))),
        piece("Google Photos/Photos from 2019/x.jpg", 11, None),
        piece("Google Photos/Photos from 2019/x.jpg.supplemental-metadata.json", 1, Some(few)),
    ];
    let contents = read_all(&pieces);
    assert_eq!((contents.items.len(), contents.albums.len()), (2, 0));
    assert!(contents.items.iter().any(|item| item.sidecars == [3]));
}

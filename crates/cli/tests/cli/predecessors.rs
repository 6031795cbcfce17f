//! Trees as gphotos-sync, gphotosync and rclone made them, written by their rules (`predecessors.md` 1.4-1.7, 1.12, 2.4) and by
//! none of Photokeep's code.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike, TimeZone, Utc};
use photokeep_simulator::Control;
use photokeep_simulator::photo_library::{SimAlbum, SimItem};

/// How gphotos-sync was called.
#[derive(Debug, Clone, Default)]
pub struct Switches {
    pub flat: bool,
    pub photos_path: Option<&'static str>,
    pub albums_path: Option<&'static str>,
    pub shared_albums_path: Option<&'static str>,
    pub by_first_photo: bool,
    pub omit_date: bool,
    pub unsorted: bool,
    pub inverted: bool,
    pub month_format: Option<&'static str>,
    pub path_format: Option<&'static str>,
    pub hard_links: bool,
    /// Seconds east of UTC of the computer it ran on.
    pub zone: i32,
}

/// `(.*)[ ]\(\d+\)(\..*)`: drops a remote number.
fn without_number(name: &str) -> String {
    regex::Regex::new(r"^(.*)[ ]\(\d+\)(\..*)$").unwrap().replace(name, "$1$2").into_owned()
}

fn cleaned(name: &str) -> String {
    let name = name.trim_end_matches([' ', '\t']);
    name.chars().map(|character| if character == '/' || character.is_ascii_control() { '_' } else { character }).collect()
}

/// The last suffix apart, as Python's `Path.stem` and `Path.suffix`.
fn parts(name: &str) -> (&str, &str) {
    name.rfind('.').filter(|dot| *dot > 0).map_or((name, ""), |dot| name.split_at(dot))
}

fn write(path: &Path, bytes: &[u8], modified: DateTime<Utc>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    assert!(!path.exists(), "{path:?}");
    fs::write(path, bytes).unwrap();
    File::options().write(true).open(path).unwrap().set_modified(modified.into()).unwrap();
}

/// UTC taken for local time, as gphotos-sync does it.
fn shifted(taken: DateTime<Utc>, zone: i32) -> DateTime<Utc> {
    chrono::FixedOffset::east_opt(zone).unwrap().from_local_datetime(&taken.naive_utc()).unwrap().with_timezone(&Utc)
}

/// A tree of gphotos-sync 3.2.5 with its `gphotos.sqlite`, after one full run.
pub fn gphotos_sync(root: &Path, control: &Control, switches: &Switches) {
    let library = control.library();
    let photos = switches.photos_path.unwrap_or("photos");
    let mut numbers: HashMap<(String, String), u32> = HashMap::new();
    let mut placed: BTreeMap<String, (String, DateTime<Utc>)> = BTreeMap::new();
    fs::create_dir_all(root).unwrap();
    let index = rusqlite::Connection::open(root.join("gphotos.sqlite")).unwrap();
    index.execute_batch(SCHEMA).unwrap();
    for (row, item) in library.items.iter().enumerate() {
        let taken = item.creation_time.unwrap();
        let name = cleaned(&without_number(item.filename.as_deref().unwrap()));
        let folder = match switches.flat {
            true => format!("{photos}/{:04}-{:02}", taken.year(), taken.month()),
            false => format!("{photos}/{:04}/{:02}", taken.year(), taken.month()),
        };
        let number = numbers.entry((folder.clone(), name.clone())).and_modify(|number| *number += 1).or_insert(0);
        let (stem, suffix) = parts(&name);
        let file = if *number == 0 { name.clone() } else { format!("{stem} ({}){suffix}", *number + 1) };
        write(&root.join(&folder).join(&file), &control.served_bytes(&item.id).unwrap(), shifted(taken, switches.zone));
        index
            .execute(
                "INSERT INTO SyncFiles VALUES (?1, ?2, NULL, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, '1800-01-01 00:00:00', ?10, ?10, 1, '')",
                rusqlite::params![
                    row as i64 + 1,
                    item.id,
                    format!("https://photos.google.com/lr/photo/{}", item.id),
                    folder,
                    file,
                    name,
                    *number,
                    item.mime_type,
                    item.description.as_deref().map(cleaned).unwrap_or_default(),
                    taken.format("%Y-%m-%d %H:%M:%S").to_string()
                ],
            )
            .unwrap();
        placed.insert(item.id.clone(), (format!("{folder}/{file}"), taken));
    }
    for album in &library.albums {
        index_album(&index, album, &placed);
        link_album(root, album, &placed, switches);
    }
    for name in ["gphotos.log", "gphotos.trace", "gphotos.lock"] {
        fs::write(root.join(name), "").unwrap();
    }
    fs::write(root.join("gphotos.bad_ids.yaml"), "{}\n").unwrap();
    fs::write(root.join(".gphotos.token"), "{}").unwrap();
}

const SCHEMA: &str = "CREATE TABLE SyncFiles (Id INTEGER PRIMARY KEY, RemoteId TEXT NOT NULL UNIQUE, Uid TEXT, Url TEXT, Path TEXT, FileName TEXT, OrigFileName TEXT, DuplicateNo INT,
        MimeType TEXT, Description TEXT, FileSize INT, ModifyDate INT, CreateDate INT, SyncDate INT, Downloaded INT DEFAULT 0, Location TEXT, UNIQUE (Path, FileName, DuplicateNo));
    CREATE TABLE Albums (RemoteId TEXT PRIMARY KEY, AlbumName TEXT, Size INT, Description TEXT, StartDate INT, EndDate INT, SyncDate INT, Downloaded INT DEFAULT 0, IsSharedAlbum INT DEFAULT 0);
    CREATE TABLE AlbumFiles (Id INTEGER PRIMARY KEY, AlbumRec TEXT, DriveRec TEXT, Position INT, UNIQUE (AlbumRec, DriveRec));
    CREATE TABLE Globals (Id INTEGER, Version TEXT, Albums INT, Files INT, LastIndex INT);
    INSERT INTO Globals VALUES (1, '5.7', 0, 0, '2024-01-01 00:00:00');";

fn dates(album: &SimAlbum, placed: &BTreeMap<String, (String, DateTime<Utc>)>) -> (DateTime<Utc>, DateTime<Utc>) {
    let taken: Vec<_> = album.items.iter().filter_map(|item| Some(placed.get(item)?.1)).collect();
    (*taken.iter().min().unwrap(), *taken.iter().max().unwrap())
}

fn index_album(index: &rusqlite::Connection, album: &SimAlbum, placed: &BTreeMap<String, (String, DateTime<Utc>)>) {
    let (first, last) = dates(album, placed);
    let text = |date: DateTime<Utc>| date.format("%Y-%m-%d %H:%M:%S").to_string();
    index
        .execute(
            "INSERT INTO Albums VALUES (?1, ?2, ?3, '', ?4, ?5, ?5, 1, ?6)",
            rusqlite::params![album.id, titled(album), album.items.len() as i64, text(first), text(last), !album.own],
        )
        .unwrap();
    for (position, item) in album.items.iter().enumerate() {
        index
            .execute(
                "INSERT INTO AlbumFiles (AlbumRec, DriveRec, Position) VALUES (?1, ?2, ?3)",
                rusqlite::params![album.id, item, position as i64],
            )
            .unwrap();
    }
}

fn titled(album: &SimAlbum) -> &str {
    album.title.as_deref().filter(|title| !title.is_empty()).unwrap_or("none")
}

fn link_album(root: &Path, album: &SimAlbum, placed: &BTreeMap<String, (String, DateTime<Utc>)>, switches: &Switches) {
    let (first, last) = dates(album, placed);
    let date = if switches.by_first_photo { first } else { last };
    let month = date.format(switches.month_format.unwrap_or("%m%d")).to_string();
    let (title, year) = (cleaned(titled(album)), format!("{:04}", date.year()));
    let above = match album.own {
        true => switches.albums_path.unwrap_or("albums"),
        false => switches.shared_albums_path.unwrap_or("sharedAlbums"),
    };
    let folder = match (switches.omit_date, switches.flat) {
        (true, _) => root.join(above).join(title),
        (_, true) => {
            let form = switches.path_format.unwrap_or("{0}-{1} {2}");
            root.join(above).join(form.replace("{0}", &year).replace("{1}", &month).replace("{2}", &title))
        }
        (_, false) => {
            let form = switches.path_format.unwrap_or("{0} {1}");
            root.join(above).join(year).join(form.replace("{0}", &month).replace("{1}", &title))
        }
    };
    fs::create_dir_all(&folder).unwrap();
    let mut items: Vec<&String> = album.items.iter().collect();
    if switches.inverted {
        items.reverse();
    }
    for (number, item) in items.into_iter().enumerate() {
        let (path, _) = &placed[item];
        let name = path.rsplit('/').next().unwrap();
        let entry = folder.join(if switches.unsorted { name.to_owned() } else { format!("{number:04}_{name}") });
        if switches.hard_links {
            fs::hard_link(root.join(path), entry).unwrap();
        } else if !entry.exists() {
            let up = folder.strip_prefix(root).unwrap().components().map(|_| "..").collect::<PathBuf>();
            std::os::unix::fs::symlink(up.join(path), entry).unwrap();
        }
    }
}

/// A tree of gphotosync 0.4.1 after one run. Of two items of one name and second the second is never fetched.
pub fn gphotosync(root: &Path, control: &Control, by_id: bool) {
    for item in &control.library().items {
        let taken = item.creation_time.unwrap();
        let folder = root.join(format!("{}/{:02}", taken.year(), taken.month()));
        let name = item.filename.as_deref().unwrap();
        let is_other =
            |path: &Path| fs::metadata(path).is_ok_and(|metadata| DateTime::<Utc>::from(metadata.modified().unwrap()) != taken);
        let mut path = folder.join(name);
        if is_other(&path) {
            let (stem, suffix) = parts(name);
            let hex = format!("{:x}", taken.timestamp_nanos_opt().unwrap());
            path = folder.join(format!("{stem}-gphotosync-{}{suffix}", if by_id { &item.id } else { &hex }));
        }
        if !path.exists() {
            write(&path, &control.served_bytes(&item.id).unwrap(), taken);
        }
    }
    fs::write(root.join(".token.json"), "{}").unwrap();
    fs::write(root.join(".client_secret.json"), "{}").unwrap();
}

/// What `rclone copy gphotos:media/by-month` makes: of repeated names all have their id.
pub fn rclone_by_month(root: &Path, control: &Control) {
    let library = control.library();
    let place = |item: &SimItem| {
        let taken = item.creation_time.unwrap();
        let folder = format!("media/by-month/{:04}/{:04}-{:02}", taken.year(), taken.year(), taken.month());
        (folder, item.filename.clone().unwrap())
    };
    for item in &library.items {
        let (folder, name) = place(item);
        let twice = library.items.iter().filter(|other| place(other) == (folder.clone(), name.clone())).count() > 1;
        let (stem, suffix) = parts(&name);
        let name = if twice { format!("{stem} {{{}}}{suffix}", item.id) } else { name.clone() };
        write(&root.join(folder).join(name), &control.served_bytes(&item.id).unwrap(), item.creation_time.unwrap());
    }
}

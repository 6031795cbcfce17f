//! Zips as Google, and those who re-pack, write them.

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;

use photokeep_takeout::archive::{Archive, EntryClass, Form, Reason};
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::build::{Desk, Raw, noise, paths, read, refusals, tar, zip};

#[test]
fn stored_deflated_and_empty_entries_are_read_and_checked() {
    let desk = Desk::new();
    let photo = noise(1, 300_000);
    let archive = desk.open(&zip(&[
        Raw::stored("Takeout/Google Photos/Photos from 2019/IMG_1.jpg", &photo),
        Raw::deflated("Takeout/Google Photos/Photos from 2019/IMG_1.jpg.json", b"{\"title\":\"IMG_1.jpg\"}"),
        Raw::stored("Takeout/Google Photos/empty.txt", b""),
        Raw::deflated("Takeout/Google Photos/empty2.txt", b""),
    ]));
    assert_eq!(archive.form(), Form::Zip);
    assert!(!archive.is_sequential() && archive.trouble().is_none() && !archive.has_foreign_names());
    assert_eq!(read(&archive, 0).unwrap(), photo);
    assert_eq!(read(&archive, 1).unwrap(), b"{\"title\":\"IMG_1.jpg\"}");
    assert_eq!(read(&archive, 2).unwrap(), b"");
    assert_eq!(read(&archive, 3).unwrap(), b"");
    let entry = archive.entry(0).unwrap();
    assert_eq!((entry.size, entry.crc32, entry.modified), (300_000, Some(crc32fast::hash(&photo)), Some(1_704_067_200)));
    assert_eq!(archive.entry(4), None);
    assert!(archive.read(4).is_err());
}

#[test]
fn what_another_writer_writes_is_read() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let deflated = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    writer.add_directory("Takeout/Zdjęcia Google/", deflated).unwrap();
    writer.start_file("Takeout/Zdjęcia Google/metadane.json", deflated).unwrap();
    writer.write_all(b"{}").unwrap();
    writer.start_file("Takeout/Zdjęcia Google/film.mp4", deflated.large_file(true)).unwrap();
    writer.write_all(&noise(2, 70_000)).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    let archive = Desk::new().open(&bytes);
    assert_eq!(paths(&archive), ["Takeout/Zdjęcia Google/metadane.json", "Takeout/Zdjęcia Google/film.mp4"]);
    assert_eq!(archive.folders(), 1);
    assert_eq!(archive.entries().map(|entry| entry.index).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(read(&archive, 2).unwrap(), noise(2, 70_000));
}

#[test]
fn entries_with_sizes_behind_them_are_read() {
    // A streaming writer leaves zeros in the local header and writes the sizes after the bytes.
    let mut writer = ZipWriter::new_stream(Vec::new());
    let deflated = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for number in 0..3 {
        writer.start_file(format!("Takeout/Google Photos/{number}.json"), deflated).unwrap();
        writer.write_all(&vec![b'0' + number; 5000]).unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    assert_eq!(bytes[6] & 8, 8, "the flag of a descriptor is set");
    let archive = Desk::new().open(&bytes);
    assert_eq!(refusals(&archive), []);
    for number in 0..3u8 {
        assert_eq!(read(&archive, u32::from(number)).unwrap(), vec![b'0' + number; 5000]);
    }
}

/// Size of the long entry.
pub const GAP: u64 = 5 << 30;

/// A zip with an entry of 5 GB and one behind it at `second`, sparse on the disk: sizes and offsets above 4 GB need zip64.
pub fn zip64(path: &std::path::Path) -> u64 {
    let gap = GAP;
    // CRC-32 of 5 GiB of zeros, from doubling.
    let mut piece = crc32fast::Hasher::new();
    piece.update(&vec![0; 1 << 20]);
    let mut crc = crc32fast::Hasher::new();
    for _ in 0..gap >> 20 {
        crc.combine(&piece);
    }
    let crc = crc.finalize();
    let name = b"Takeout/Google Photos/Photos from 2020/long.mp4";
    let later = Raw::stored("Takeout/Google Photos/Photos from 2020/later.jpg", b"later");
    let mut local = Vec::new();
    local.extend(b"PK\x03\x04\x2d\0\0\0\0\0\0\0\x21\x58");
    local.extend(crc.to_le_bytes());
    local.extend([0xff; 8]);
    local.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
    local.extend(20u16.to_le_bytes());
    local.extend(name);
    local.extend(1u16.to_le_bytes());
    local.extend(16u16.to_le_bytes());
    local.extend(gap.to_le_bytes());
    local.extend(gap.to_le_bytes());
    let mut file = File::create(path).unwrap();
    file.write_all(&local).unwrap();
    file.seek(SeekFrom::Start(local.len() as u64 + gap)).unwrap();
    let second = local.len() as u64 + gap;
    let single = zip(std::slice::from_ref(&later));
    let first_length = 30 + later.name.len() + later.packed.len();
    file.write_all(&single[..first_length]).unwrap();
    let mut directory = Vec::new();
    let mut record = |name: &[u8], crc: u32, size: u64, offset: u64| {
        directory.extend(b"PK\x01\x02\x2d\x03\x2d\0\0\0\0\0\0\0\x21\x58");
        directory.extend(crc.to_le_bytes());
        directory.extend([0xff; 8]);
        directory.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        directory.extend(28u16.to_le_bytes());
        directory.extend([0; 6]);
        directory.extend([0; 4]);
        directory.extend([0xff; 4]);
        directory.extend(name);
        directory.extend(1u16.to_le_bytes());
        directory.extend(24u16.to_le_bytes());
        directory.extend(size.to_le_bytes());
        directory.extend(size.to_le_bytes());
        directory.extend(offset.to_le_bytes());
    };
    record(name, crc, gap, 0);
    record(&later.name, later.crc, 5, second);
    let start = second + first_length as u64;
    let end64 = start + directory.len() as u64;
    file.write_all(&directory).unwrap();
    let mut end = b"PK\x06\x06".to_vec();
    end.extend(44u64.to_le_bytes());
    end.extend([45, 3, 45, 0]);
    end.extend([0; 8]);
    for value in [2, 2, directory.len() as u64, start] {
        end.extend(value.to_le_bytes());
    }
    end.extend(b"PK\x06\x07\0\0\0\0");
    end.extend(end64.to_le_bytes());
    end.extend(1u32.to_le_bytes());
    end.extend(b"PK\x05\x06\0\0\0\0");
    end.extend([0xff; 12]);
    end.extend([0, 0]);
    file.write_all(&end).unwrap();
    second
}

#[test]
fn a_real_zip64_is_read() {
    let desk = Desk::new();
    let path = desk.path().join("takeout-20250529T084030Z-1-001.zip");
    let second = zip64(&path);
    let archive = Archive::open(&path).unwrap();
    assert_eq!(refusals(&archive), []);
    assert_eq!(archive.entry(0).unwrap().size, GAP);
    assert_eq!(archive.entry(1).unwrap().offset, second);
    assert_eq!(read(&archive, 1).unwrap(), b"later");
    // The beginning of the long one is there; its end is checked by the measurement, which may take its time.
    let mut head = [1; 1000];
    archive.read(0).unwrap().read_exact(&mut head).unwrap();
    assert_eq!(head, [0; 1000]);
}

#[test]
fn names_without_a_flag_are_utf8_and_others_code_page_437() {
    let mut flagged = Raw::stored("Takeout/Google Fotók/á.jpg", b"1");
    flagged.flags = 1 << 11;
    let unflagged = Raw::stored("Takeout/Google Fotók/ä.jpg", b"2");
    let archive = Desk::new().open(&zip(&[flagged.clone(), unflagged.clone()]));
    assert_eq!(paths(&archive), ["Takeout/Google Fotók/á.jpg", "Takeout/Google Fotók/ä.jpg"]);
    assert!(!archive.has_foreign_names());

    let old = Raw::stored(b"Takeout/M\x81nchen.jpg", b"3");
    let mut with_unicode = Raw::stored(b"Takeout/K\x94ln.jpg", b"4");
    let name = "Takeout/Köln 2.jpg";
    with_unicode.extra = [0x75, 0x70, u8::try_from(name.len() + 5).unwrap(), 0, 1].to_vec();
    with_unicode.extra.extend(crc32fast::hash(&with_unicode.name).to_le_bytes());
    with_unicode.extra.extend(name.as_bytes());
    let archive = Desk::new().open(&zip(&[flagged, old, with_unicode]));
    assert_eq!(paths(&archive)[1..], ["Takeout/München.jpg", "Takeout/Köln 2.jpg"]);
    assert!(archive.has_foreign_names());
}

#[test]
fn a_decomposed_name_stays_decomposed() {
    let archive =
        Desk::new().open(&zip(&[Raw::stored("Takeout/Cafe\u{301}.jpg", b"x"), Raw::stored("Takeout/Caf\u{e9}.jpg", b"y")]));
    assert_eq!(paths(&archive), ["Takeout/Cafe\u{301}.jpg", "Takeout/Caf\u{e9}.jpg"]);
}

/// Names of real listings, in the languages and with the oddities that were seen.
#[test]
fn names_of_real_exports_pass_through_zip_and_tar() {
    let names = [
        "Takeout/archive_browser.html",
        "Takeout/Google Foto/1 anno fa/130917ad28385b5a-photo.jpg.json",
        "Takeout/Google Photos/2022 - Germany - Private/IMG_4573.MP4",
        "Takeout/Google Foto/[E&S] 2016-01-05 - Castello De Albertis e Mostra d/20160105_121621_LLS.jpg",
        "Takeout/Google Foto/2016-01-05 - _3/20160105_121621_LLS.jpg",
        "Takeout/Google Photos/Untitled(1)/PXL_20210102_221126856.MP~2",
        "Takeout/Google Photos/Untitled(1)/PXL_20210102_221126856.MP~2.jpg.json",
        "Takeout/Google Photos/Photos from 2016/Peanut Butter Balls.supplemental-metadata.json",
        "Takeout/Google Fotos/2003 - Viaje a Helche, Alicante y Valencia (Julio /metadata.json",
        "Takeout/Google Foto_s/Name1, Name2/metadata.json",
        "Takeout/Google Foto_s/door-gebruikers-gegenereerde-herinneringtitels.json",
        "Takeout/Google Fotók/Nem mentett dokumentum(24)/metaadatok.json",
        "Takeout/Google Фото/Photos from 2019/a.jpg",
        "Takeout/Google Photos/תמונות משנת 2019/a.jpg",
        "Takeout/Google Photos/Photos from 2018/PXL.LONG_EXPOSURE-01.COVER..json",
        "Takeout/Google Photos/Photos from 2018/IMG-bearbeitet.😀.jpg",
    ];
    let desk = Desk::new();
    let archive = desk.open(&zip(&names.map(|name| Raw::stored(name, name.as_bytes()))));
    assert_eq!(paths(&archive), names);
    let archive = desk.open(&tar(&names.map(|name| (name, name.as_bytes()))));
    let mut seen = Vec::new();
    archive.walk(&mut |entry, _| {
        seen.push(entry.path.to_owned());
        ControlFlow::Continue(())
    });
    assert_eq!(seen, names);
}

#[test]
fn archives_can_be_shared_by_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    let archive = Desk::new().open(&zip(&[Raw::stored("Takeout/a.jpg", b"a")]));
    shared(&archive);
    shared(&archive.read(0).unwrap().failure().cloned());
}

#[test]
fn mac_companions_are_classed_and_not_refused() {
    let archive = Desk::new().open(&zip(&[
        Raw::stored("Takeout/a.jpg", b"x"),
        Raw::stored("__MACOSX/Takeout/._a.jpg", b"y"),
        Raw::stored("Takeout/._b.json", b"{}"),
    ]));
    let classes: Vec<EntryClass> = archive.entries().map(|entry| entry.class).collect();
    assert_eq!(classes, [EntryClass::File, EntryClass::LeftBehind, EntryClass::LeftBehind]);
}

#[test]
fn a_walk_goes_in_the_order_of_the_bytes_and_counts_everything() {
    // The directory names the second entry first.
    let (one, two) = (Raw::stored("Takeout/1.jpg", b"first"), Raw::stored("Takeout/2.jpg", b"second"));
    let bytes = zip(&[one.clone(), two.clone()]);
    let first = 46 + one.name.len();
    let start = bytes.len() - 22 - first - 46 - two.name.len();
    let mut swapped = bytes[..start].to_vec();
    swapped.extend(&bytes[start + first..bytes.len() - 22]);
    swapped.extend(&bytes[start..start + first]);
    swapped.extend(&bytes[bytes.len() - 22..]);
    let archive = Desk::new().open(&swapped);
    assert_eq!(paths(&archive), ["Takeout/2.jpg", "Takeout/1.jpg"]);
    assert_eq!(archive.indexes_by_offset(), [1, 0]);
    let mut seen = Vec::new();
    let walked = archive.walk(&mut |entry, reader| {
        let mut text = String::new();
        reader.read_to_string(&mut text).unwrap();
        seen.push((entry.index, text));
        ControlFlow::Continue(())
    });
    assert_eq!(seen, [(1, "first".to_owned()), (0, "second".to_owned())]);
    assert_eq!((walked.given, walked.refused.len()), (2, 0));
}

#[test]
fn a_wrong_checksum_is_found_even_by_a_reader_that_stops_at_the_size() {
    let mut wrong = Raw::stored("Takeout/a.jpg", b"0123456789");
    wrong.crc ^= 1;
    let archive = Desk::new().open(&zip(&[wrong, Raw::stored("Takeout/b.jpg", b"good")]));
    let mut bytes = [0; 10];
    assert!(archive.read(0).unwrap().read_exact(&mut bytes).is_err());
    assert_eq!(read(&archive, 0), Err(Reason::ChecksumWrong));
    assert_eq!(read(&archive, 1).unwrap(), b"good");
    let walked = archive.walk(&mut |_, reader| {
        let _ = std::io::copy(reader, &mut std::io::sink());
        ControlFlow::Continue(())
    });
    assert_eq!(
        walked.refused.iter().map(|refused| (refused.index, refused.refusal.reason)).collect::<Vec<_>>(),
        [(0, Reason::ChecksumWrong)]
    );
}

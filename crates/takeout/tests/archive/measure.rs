//! Measurements, run by hand: `cargo test --release -p photokeep-takeout --test archive -- --ignored --nocapture`.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::time::Instant;

use photokeep_takeout::archive::{Archive, End, Reason};
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::build::{Desk, noise};
use crate::zips::{GAP, zip64};

/// Peak memory of this process in bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default().to_owned();
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse().ok()).unwrap_or(0) * 1024
}

fn stored() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)
}

#[test]
#[ignore = "a measurement"]
fn two_hundred_thousand_entries_stay_small() {
    let desk = Desk::new();
    let path = desk.path().join("large.zip");
    // Written by another process's worth of memory: the writer keeps its directory, so the peak is taken after it is gone.
    let mut writer = ZipWriter::new(BufWriter::new(File::create(&path).unwrap()));
    for number in 0..200_000 {
        let name = format!(
            "Takeout/Google Photos/Photos from {}/PXL_20230814_20115{number:07}.LONG_EXPOSURE-01.COVER.jpg",
            2000 + number % 24
        );
        writer.start_file(name, stored()).unwrap();
        writer.write_all(&noise(number, 100)).unwrap();
    }
    writer.finish().unwrap();
    let before = peak();
    let start = Instant::now();
    let archive = Archive::open(&path).unwrap();
    let opened = start.elapsed();
    assert_eq!(archive.entries().len(), 200_000);
    println!(
        "200,000 entries: {} MB held, opened in {opened:?}, peak grew by {} MB",
        archive.memory() >> 20,
        (peak() - before) >> 20
    );
    assert!(archive.memory() < 100 << 20);
    let start = Instant::now();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    for index in archive.indexes_by_offset() {
        let mut reader = archive.read(index).unwrap();
        while let length @ 1.. = reader.read(&mut buffer).unwrap() {
            bytes += length;
        }
    }
    println!("all read and checked, {bytes} bytes, in {:?}", start.elapsed());
}

#[test]
#[ignore = "a measurement"]
fn a_stored_entry_is_read_as_fast_as_the_file() {
    let desk = Desk::new();
    let path = desk.path().join("stored.zip");
    let mut writer = ZipWriter::new(File::create(&path).unwrap());
    let piece = noise(1, 4 << 20);
    for number in 0..512 {
        writer.start_file(format!("Takeout/Google Photos/{number}.jpg"), stored()).unwrap();
        writer.write_all(&piece).unwrap();
    }
    writer.finish().unwrap();
    let mut buffer = vec![0; 1 << 20];
    for round in 0..3 {
        let start = Instant::now();
        let archive = Archive::open(&path).unwrap();
        let mut bytes = 0;
        for index in archive.indexes_by_offset() {
            let mut reader = archive.read(index).unwrap();
            while let length @ 1.. = reader.read(&mut buffer).unwrap() {
                bytes += length;
            }
        }
        let entries = start.elapsed();
        assert_eq!(bytes, 2 << 30);
        let start = Instant::now();
        let mut file = File::open(&path).unwrap();
        while let 1.. = file.read(&mut buffer).unwrap() {}
        let plain = start.elapsed();
        println!("round {round}: 2 GB as entries with their checksums {entries:?}, as a file {plain:?}");
    }
}

#[test]
#[ignore = "reads 5 GB"]
fn a_zip64_entry_is_read_to_its_end() {
    let desk = Desk::new();
    let path = desk.path().join("long.zip");
    zip64(&path);
    let archive = Archive::open(&path).unwrap();
    let mut reader = archive.read(0).unwrap();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    let start = Instant::now();
    while let length @ 1.. = reader.read(&mut buffer).unwrap() {
        bytes += length as u64;
    }
    assert_eq!(bytes, GAP);
    println!("5 GB of one entry in {:?}", start.elapsed());
}

#[test]
#[ignore = "makes 5 GB of zeros"]
fn a_tgz_bomb_is_stopped() {
    let desk = Desk::new();
    let path = desk.path().join("bomb.tgz");
    let encoder = flate2::write::GzEncoder::new(File::create(&path).unwrap(), flate2::Compression::fast());
    let mut builder = tar::Builder::new(encoder);
    let mut header = tar::Header::new_gnu();
    header.set_size(GAP);
    builder.append_data(&mut header, "Takeout/bomb.mp4", std::io::repeat(0).take(GAP)).unwrap();
    builder.into_inner().unwrap().finish().unwrap();
    let mut bytes = 0;
    let walked = Archive::open(&path).unwrap().walk(&mut |_, reader| {
        bytes = std::io::copy(reader, &mut std::io::sink()).map_err(|_| ()).err().map_or(1, |()| 0);
        std::ops::ControlFlow::Continue(())
    });
    assert_eq!(bytes, 0, "reading it fails");
    assert!(matches!(walked.end, End::Cut(refusal) if refusal.reason == Reason::TooCompressed));
}

//! The EXIF of cheap pictures: camera, date with its zone, place, and a number that makes every file another.
//!
//! `generate` writes a fuller one, but only for a picture that it paints, and painting tens of thousands takes minutes.
//! Tags and types: EXIF 2.32 (CIPA DC-008). Little-endian.

use chrono::{DateTime, FixedOffset, Offset, Utc};

/// What goes into the block.
pub(super) struct Facts {
    pub(super) instant: DateTime<Utc>,
    /// Seconds east of UTC.
    pub(super) offset: i32,
    pub(super) place: Option<(f64, f64)>,
    pub(super) camera: (&'static str, &'static str),
    /// Written as `ImageUniqueID`.
    pub(super) unique: u64,
}

struct Field {
    tag: u16,
    kind: u16,
    count: u32,
    data: Vec<u8>,
}

impl Field {
    fn text(tag: u16, text: &str) -> Self {
        let data = [text.as_bytes(), &[0]].concat();
        Self { tag, kind: 2, count: data.len() as u32, data }
    }

    fn long(tag: u16, value: u32) -> Self {
        Self { tag, kind: 4, count: 1, data: value.to_le_bytes().to_vec() }
    }

    fn degrees(tag: u16, value: f64) -> Self {
        let total = (value.abs() * 36_000_000.0).round() as u64;
        let parts = [(total / 36_000_000, 1), (total / 600_000 % 60, 1), (total % 600_000, 10_000)];
        let data = parts.iter().flat_map(|&(n, d)| [n as u32, d].map(u32::to_le_bytes)).flatten().collect();
        Self { tag, kind: 5, count: 3, data }
    }
}

/// The TIFF structure.
pub(super) fn tiff(facts: &Facts) -> Vec<u8> {
    let zone = FixedOffset::east_opt(facts.offset).unwrap_or(Utc.fix());
    let local = facts.instant.with_timezone(&zone);
    let (date, offset) = (local.format("%Y:%m:%d %H:%M:%S").to_string(), local.format("%:z").to_string());
    let mut main = vec![
        Field::text(0x010f, facts.camera.0),
        Field::text(0x0110, facts.camera.1),
        Field::text(0x0132, &date),
        Field::long(0x8769, 0),
    ];
    let details = vec![
        Field { tag: 0x9000, kind: 7, count: 4, data: b"0232".to_vec() },
        Field::text(0x9003, &date),
        Field::text(0x9004, &date),
        Field::text(0x9010, &offset),
        Field::text(0x9011, &offset),
        Field::text(0x9012, &offset),
        Field::text(0xa420, &format!("{:032x}", facts.unique)),
    ];
    let place = facts.place.map(|(latitude, longitude)| {
        vec![
            Field { tag: 0, kind: 1, count: 4, data: vec![2, 3, 0, 0] },
            Field::text(1, if latitude < 0.0 { "S" } else { "N" }),
            Field::degrees(2, latitude),
            Field::text(3, if longitude < 0.0 { "W" } else { "E" }),
            Field::degrees(4, longitude),
        ]
    });
    if place.is_some() {
        main.push(Field::long(0x8825, 0));
    }
    let details_at = 8 + length(&main);
    let place_at = details_at + length(&details);
    for field in &mut main {
        match field.tag {
            0x8769 => field.data = details_at.to_le_bytes().to_vec(),
            0x8825 => field.data = place_at.to_le_bytes().to_vec(),
            _ => {}
        }
    }
    let mut out = b"II\x2a\0\x08\0\0\0".to_vec();
    for directory in [Some(main), Some(details), place].into_iter().flatten() {
        write(&mut out, &directory);
    }
    out
}

/// The APP1 segment of a JPEG around `tiff`, with its marker.
pub(super) fn segment(tiff: &[u8]) -> Vec<u8> {
    [&[0xff, 0xe1][..], &((tiff.len() + 8) as u16).to_be_bytes(), b"Exif\0\0", tiff].concat()
}

/// Four bytes or fewer stand in the field itself.
fn outside(field: &Field) -> u32 {
    if field.data.len() > 4 { field.data.len().next_multiple_of(2) as u32 } else { 0 }
}

fn length(fields: &[Field]) -> u32 {
    6 + 12 * fields.len() as u32 + fields.iter().map(outside).sum::<u32>()
}

fn write(out: &mut Vec<u8>, fields: &[Field]) {
    let mut data_at = out.len() as u32 + 6 + 12 * fields.len() as u32;
    out.extend_from_slice(&(fields.len() as u16).to_le_bytes());
    for field in fields {
        out.extend_from_slice(&field.tag.to_le_bytes());
        out.extend_from_slice(&field.kind.to_le_bytes());
        out.extend_from_slice(&field.count.to_le_bytes());
        if outside(field) > 0 {
            out.extend_from_slice(&data_at.to_le_bytes());
            data_at += outside(field);
        } else {
            let mut inline = [0; 4];
            inline[..field.data.len()].copy_from_slice(&field.data);
            out.extend_from_slice(&inline);
        }
    }
    out.extend_from_slice(&[0; 4]);
    for field in fields.iter().filter(|field| outside(field) > 0) {
        out.extend_from_slice(&field.data);
        out.resize(out.len().next_multiple_of(2), 0);
    }
}

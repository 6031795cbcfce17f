//! A zip: its directory becomes the table of entries, each checked; an entry is found again by its place.

use std::fs::File;
use std::io::{BufReader, Cursor};
use std::path::Path;

use chrono::NaiveDate;
use flate2::bufread::DeflateDecoder;
use rawzip::time::ZipDateTimeKind;
use rawzip::{
    CompressionMethod, ErrorKind, FileReader, MAX_CENTRAL_DIRECTORY_RECORD_SIZE, RECOMMENDED_BUFFER_SIZE, ReaderAt, ZipArchive,
    ZipArchiveEntryWayfinder, ZipFileHeaderRecord,
};

use super::reader::{Bytes, EntryReader, Packed};
use super::refusal::{Reason, Refusal};
use super::{
    Entry, EntryClass, HIGH_RATIO, HIGH_RATIO_ARCHIVE_BYTES, HIGH_RATIO_ENTRY_BYTES, Listing, MAX_ENTRIES, MAX_ENTRY_BYTES, paths,
};

/// Bytes of a local header without its name (APPNOTE 4.3.7): the least that lies before the bytes of an entry.
const LOCAL_HEADER: usize = 30;

/// Bytes read at once of a deflated entry; an entry of no more is read in one go, with its header.
const PIECE: usize = 128 << 10;

/// What an entry's local header holds beside its name, mostly.
const LOCAL_EXTRA: usize = 64;

/// An opened zip; `places[row]` is where the bytes of the table's row lie.
pub struct Zip {
    archive: ZipArchive<FileReader>,
    places: Vec<Place>,
}

/// Where an entry lies, and whether its bytes are deflated.
type Place = (ZipArchiveEntryWayfinder, bool);

/// Opens a zip and reads its directory.
pub fn open(path: &Path) -> Result<(Zip, Listing), Refusal> {
    let file = File::open(path).map_err(|error| Refusal::disk(&error))?;
    let length = file.metadata().map_err(|error| Refusal::disk(&error))?.len();
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let archive = ZipArchive::from_file(file, &mut buffer).map_err(|error| match error.into_kind() {
        ErrorKind::IO(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => Refusal::disk(&error),
        // The directory stands at the end, so an archive without one has no end.
        ErrorKind::MissingEndOfCentralDirectory | ErrorKind::Eof | ErrorKind::IO(_) => Reason::NotFinished.into(),
        other => Refusal::with(Reason::DirectoryDamaged, format_args!("{other:?}")),
    })?;
    let mut reader = DirectoryReader::new(length, archive.directory_offset());
    reader.read(&archive);
    if reader.seen == 0 && reader.listing.trouble.is_some() {
        return Err(reader.listing.trouble.unwrap_or(Reason::DirectoryDamaged.into()));
    }
    // A cut archive can end in an inner zip that was stored in it: that one's directory knows nothing of the beginning.
    // 4 bytes may stand there: the mark of an archive that was to be cut into pieces and was not.
    if reader.seen > 0 && reader.first_offset > 4 && is_inner(&archive) {
        return Err(Refusal::with(Reason::NotFinished, format_args!("first entry at byte {}", reader.first_offset)));
    }
    let (places, listing) = reader.finish();
    Ok((Zip { archive, places }, listing))
}

/// Fills the buffer from `offset` on as far as the file goes; returns how far.
fn read_up_to(file: &FileReader, buffer: &mut [u8], offset: u64) -> Result<usize, Refusal> {
    let mut length = 0;
    while length < buffer.len() {
        match file.read_at(&mut buffer[length..], offset + length as u64) {
            Ok(0) => break,
            Ok(count) => length += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Refusal::disk(&error)),
        }
    }
    Ok(length)
}

/// Whether a zip does not begin at byte 0: its directory is not where its end record says.
fn is_inner(archive: &ZipArchive<FileReader>) -> bool {
    let (file, end) = (archive.get_ref(), archive.eocd_offset());
    let mut record = [0; 20];
    if file.read_exact_at(&mut record, end).is_err() {
        return true;
    }
    let declared = u32::from_le_bytes([record[16], record[17], record[18], record[19]]);
    if declared != u32::MAX {
        return u64::from(declared) != archive.directory_offset();
    }
    // Zip64: 20 bytes before, the locator says where the long end record is (APPNOTE 4.3.15).
    let Some(locator) = end.checked_sub(20) else { return true };
    if file.read_exact_at(&mut record, locator).is_err() {
        return true;
    }
    let [_, _, _, _, _, _, _, _, place @ .., _, _, _, _] = record;
    let mut mark = [0; 4];
    file.read_exact_at(&mut mark, u64::from_le_bytes(place)).is_err() || mark != *b"PK\x06\x06"
}

/// Reads the directory, entry by entry.
struct DirectoryReader {
    length: u64,
    directory: u64,
    listing: Listing,
    places: Vec<Place>,
    /// Start and least end of the bytes of every entry, refused ones too; with the row, if it has one.
    spans: Vec<(u64, u64, u32)>,
    seen: u32,
    first_offset: u64,
    grown: u64,
}

/// Mark of a span without a row.
const NO_ROW: u32 = u32::MAX;

impl DirectoryReader {
    fn new(length: u64, directory: u64) -> Self {
        let listing = Listing::default();
        Self { length, directory, listing, places: Vec::new(), spans: Vec::new(), seen: 0, first_offset: u64::MAX, grown: 0 }
    }

    fn read(&mut self, archive: &ZipArchive<FileReader>) {
        let mut buffer = vec![0; MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
        let mut entries = archive.entries(&mut buffer);
        loop {
            match entries.next_entry() {
                Ok(None) => break,
                Ok(Some(_)) if self.seen >= MAX_ENTRIES => {
                    self.listing.trouble = Some(Reason::TooManyEntries.into());
                    return;
                }
                Ok(Some(record)) => {
                    let index = self.seen;
                    self.seen += 1;
                    if !self.take(index, &record) {
                        self.listing.trouble = Some(Reason::TooManyEntries.into());
                        return;
                    }
                }
                Err(error) => {
                    let detail = format_args!("after entry {}: {error}", self.seen);
                    self.listing.trouble = Some(Refusal::with(Reason::DirectoryDamaged, detail));
                    return;
                }
            }
        }
        let claimed = archive.entries_hint();
        // Without zip64 the number has 16 bits, and some programs let it wrap around.
        if claimed != u64::from(self.seen) && claimed != u64::from(self.seen & 0xffff) {
            let detail = format_args!("{claimed} entries claimed, {} there", self.seen);
            self.listing.trouble = Some(Refusal::with(Reason::DirectoryDamaged, detail));
        }
    }

    /// Takes or refuses one entry; `false` if the table is full.
    fn take(&mut self, index: u32, record: &ZipFileHeaderRecord<'_>) -> bool {
        let offset = record.local_header_offset();
        self.first_offset = self.first_offset.min(offset);
        let end = offset.saturating_add(LOCAL_HEADER as u64).saturating_add(record.compressed_size_hint());
        let path = record.file_path();
        let raw: &[u8] = path.as_ref();
        let decoded = decode(record, raw);
        self.listing.foreign_names |= decoded.foreign;
        if is_folder(record, &decoded.name) {
            self.listing.folders += 1;
            return true;
        }
        let safe = match self.check(record, end).and_then(|()| Ok(paths::safe(&decoded.name)?)) {
            Ok(safe) => safe,
            Err(refusal) => {
                self.spans.push((offset, end, NO_ROW));
                self.listing.refuse(index, decoded.name.as_bytes(), refusal);
                return true;
            }
        };
        let entry = Entry {
            index,
            path: &safe,
            size: record.uncompressed_size_hint(),
            crc32: Some(record.crc32()),
            modified: seconds(&record.last_modified()),
            offset,
            class: if paths::is_left_behind(&safe) { EntryClass::LeftBehind } else { EntryClass::File },
        };
        self.spans.push((offset, end, u32::try_from(self.listing.table.len()).unwrap_or(NO_ROW)));
        self.places.push((record.wayfinder(), record.compression_method() == CompressionMethod::DEFLATE));
        self.listing.table.push(&entry)
    }

    /// Everything about an entry but its name.
    fn check(&mut self, record: &ZipFileHeaderRecord<'_>, end: u64) -> Result<(), Refusal> {
        let (size, packed) = (record.uncompressed_size_hint(), record.compressed_size_hint());
        // The upper half are Unix's type bits, if a Unix wrote them; some programs forget to say so.
        match (record.external_attributes() >> 16) & 0o170_000 {
            0o120_000 => return Err(Reason::Link.into()),
            0 | 0o100_000 => {}
            kind if record.version_made_by().creator_system() == rawzip::CreatorSystem::UNIX => {
                return Err(Refusal::with(Reason::SpecialEntry, format_args!("type {kind:o}")));
            }
            _ => {}
        }
        let flags = record.flags();
        if flags.is_encrypted() || flags.has_strong_encryption() || flags.is_masked() {
            return Err(Reason::Encrypted.into());
        }
        match record.compression_method() {
            CompressionMethod::STORE if size != packed => {
                return Err(Refusal::with(Reason::SizesDisagree, format_args!("{size} and {packed} bytes")));
            }
            CompressionMethod::STORE | CompressionMethod::DEFLATE => {}
            method => return Err(Refusal::with(Reason::UnknownMethod, format_args!("method {method}"))),
        }
        if size > MAX_ENTRY_BYTES {
            return Err(Refusal::with(Reason::TooLarge, format_args!("{size} bytes")));
        }
        if end > self.length {
            return Err(Reason::BeyondEnd.into());
        }
        if end > self.directory {
            return Err(Refusal::with(Reason::Overlapping, "reaches into the directory"));
        }
        if size / packed.max(1) > HIGH_RATIO {
            self.grown = self.grown.saturating_add(size);
            if size > HIGH_RATIO_ENTRY_BYTES || self.grown > HIGH_RATIO_ARCHIVE_BYTES {
                return Err(Refusal::with(Reason::TooCompressed, format_args!("{packed} bytes claim to hold {size}")));
            }
        }
        Ok(())
    }

    /// Refuses what overlaps and what stands twice.
    fn finish(mut self) -> (Vec<Place>, Listing) {
        self.spans.sort_unstable();
        let mut refused: Vec<usize> = Vec::new();
        for pair in self.spans.windows(2) {
            // Whoever reaches into the next one is refused. What is left is disjoint, and one wrong size in the directory
            // costs one entry and not all that follow.
            if pair[0].1 > pair[1].0 && pair[0].2 != NO_ROW {
                let row = pair[0].2 as usize;
                if let Some(entry) = self.listing.table.at(row) {
                    let (index, name) = (entry.index, entry.path.to_owned());
                    self.listing.refuse(index, name.as_bytes(), Reason::Overlapping);
                }
                refused.push(row);
            }
        }
        refused.sort_unstable();
        self.drop_rows(&refused);
        let duplicates = self.listing.refuse_duplicates();
        self.drop_rows(&duplicates);
        self.listing.refused.sort_by_key(|refused| refused.index);
        self.listing.table.shrink();
        self.places.shrink_to_fit();
        (self.places, self.listing)
    }

    fn drop_rows(&mut self, dropped: &[usize]) {
        if dropped.is_empty() {
            return;
        }
        let mut row = 0;
        self.places.retain(|_| {
            row += 1;
            dropped.binary_search(&(row - 1)).is_err()
        });
        self.listing.table.retain(|row| dropped.binary_search(&row).is_err());
    }
}

impl Zip {
    /// A reader of the entry in a row.
    pub fn read(&self, row: usize, entry: &Entry<'_>) -> Result<EntryReader<'_>, Refusal> {
        let Some((place, deflated)) = self.places.get(row) else { return Err(Reason::DirectoryDamaged.into()) };
        let packed = usize::try_from(place.compressed_size_hint()).unwrap_or(usize::MAX);
        let bytes = if packed <= PIECE {
            let packed = Cursor::new(self.small(entry, packed)?);
            if *deflated {
                Bytes::Deflated(Box::new(DeflateDecoder::new(Packed::InMemory(packed))))
            } else {
                Bytes::InMemory(packed)
            }
        } else {
            let found = self.archive.get_entry(*place).map_err(|error| match error.into_kind() {
                ErrorKind::IO(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => Refusal::disk(&error),
                ErrorKind::IO(_) | ErrorKind::Eof => Reason::BeyondEnd.into(),
                other => Refusal::with(Reason::Damaged, format_args!("{other:?}")),
            })?;
            if *deflated {
                let piece = BufReader::with_capacity(PIECE, found.reader());
                Bytes::Deflated(Box::new(DeflateDecoder::new(Packed::InArchive(piece))))
            } else {
                Bytes::Stored(found.reader())
            }
        };
        Ok(EntryReader::new(bytes, entry.size, entry.crc32))
    }

    /// The packed bytes of a small entry. Sidecars are far more than photos, and several reads for each of them cost more
    /// than what is in them.
    fn small(&self, entry: &Entry<'_>, packed: usize) -> Result<Vec<u8>, Refusal> {
        let file = self.archive.get_ref();
        let mut bytes = vec![0; LOCAL_HEADER + entry.path.len() + LOCAL_EXTRA + packed];
        let read = read_up_to(file, &mut bytes, entry.offset)?;
        bytes.truncate(read);
        let Some(header) = bytes.first_chunk::<LOCAL_HEADER>() else { return Err(Reason::BeyondEnd.into()) };
        if !header.starts_with(b"PK\x03\x04") {
            return Err(Reason::Damaged.into());
        }
        // Its last fields are the lengths of what follows: name and extra fields (APPNOTE 4.3.7).
        let [.., name, more, extra, still] = *header;
        let begin =
            LOCAL_HEADER + usize::from(u16::from_le_bytes([name, more])) + usize::from(u16::from_le_bytes([extra, still]));
        let end = begin + packed;
        if bytes.len() < end {
            let known = bytes.len();
            bytes.resize(end, 0);
            let read = read_up_to(file, &mut bytes[known..], entry.offset + known as u64)?;
            bytes.truncate(known + read);
        }
        if bytes.len() < end {
            return Err(Reason::CutShort.into());
        }
        bytes.truncate(end);
        bytes.drain(..begin);
        Ok(bytes)
    }

    /// Bytes of memory that the places hold.
    pub fn memory(&self) -> usize {
        self.places.capacity() * size_of::<Place>()
    }
}

fn is_folder(record: &ZipFileHeaderRecord<'_>, name: &str) -> bool {
    // A "folder" with bytes is none; it is looked at as a file, and its name is then refused or made safe.
    record.uncompressed_size_hint() == 0 && record.compressed_size_hint() <= 2 && (record.is_dir() || name.ends_with('/'))
}

/// The name: its UTF-8 bytes; or Info-ZIP's Unicode name, if it belongs to these bytes; or code page 437.
fn decode<'a>(record: &'a ZipFileHeaderRecord<'_>, raw: &'a [u8]) -> paths::Decoded<'a> {
    let decoded = paths::decode(raw);
    if !decoded.foreign {
        return decoded;
    }
    for (id, field) in record.extra_fields() {
        // Version 1, CRC-32 of the name in the header, the name (APPNOTE 4.6.9).
        if let (rawzip::extra_fields::ExtraFieldId::INFO_ZIP_UNICODE_PATH, [1, a, b, c, d, name @ ..]) = (id, field)
            && u32::from_le_bytes([*a, *b, *c, *d]) == crc32fast::hash(raw)
            && let Ok(name) = std::str::from_utf8(name)
        {
            return paths::Decoded { name: name.to_owned().into(), foreign: true };
        }
    }
    decoded
}

fn seconds(time: &ZipDateTimeKind) -> Option<i64> {
    let date = NaiveDate::from_ymd_opt(i32::from(time.year()), u32::from(time.month()), u32::from(time.day()))?;
    let time = date.and_hms_opt(u32::from(time.hour()), u32::from(time.minute()), u32::from(time.second()))?;
    Some(time.and_utc().timestamp())
}

/// The paths in a zip, without keeping anything; stops when `more` says so. For looking whether it is an export at all.
pub(crate) fn peek_paths(path: &Path, mut more: impl FnMut(&str) -> bool) -> Result<(), Refusal> {
    let mut buffer = vec![0; MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
    let file = File::open(path).map_err(|error| Refusal::disk(&error))?;
    let Ok(archive) = ZipArchive::from_file(file, &mut buffer) else { return Err(Reason::NotFinished.into()) };
    let mut entries = archive.entries(&mut buffer);
    while let Ok(Some(record)) = entries.next_entry() {
        if !more(&paths::decode(record.file_path().as_ref()).name) {
            break;
        }
    }
    Ok(())
}

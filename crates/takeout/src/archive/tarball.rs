//! A tgz or tar in one pass from front to back. It has no directory: what it holds is known when it has been read.
//!
//! Two things stand between `tar` and the file. The limit: headers may be long names, and a hostile archive could make the
//! name eat the memory, so while a header is read only so many bytes are let through. The ratio: bytes that come out are
//! compared with bytes that went in.

use std::cell::Cell;
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;
use std::path::Path;

use super::content::Form;
use super::gzip::{Gunzip, Trouble};
use super::refusal::{Reason, Refusal, Refused, shown};
use super::{End, Entry, EntryClass, HIGH_RATIO, HIGH_RATIO_ARCHIVE_BYTES, MAX_ENTRIES, MAX_ENTRY_BYTES, Visit, Walked, paths};

/// Bytes that one entry's headers, with long names and padding, may have. Real ones have 2 KB.
const MAX_HEADER_BYTES: u64 = 4 << 20;

/// Bytes read from the disk at once.
const PIECE: usize = 256 << 10;

/// What the layers below `tar` saw. Cells, because `tar` holds the reader while we ask.
#[derive(Default)]
struct Watch {
    packed: Cell<u64>,
    unpacked: Cell<u64>,
    /// Bytes that may still come while a header is read; `None` while contents are read.
    header: Cell<Option<u64>>,
    /// Zeros that came last while a header was looked for: 512 and more are the end of a tar, fewer fill up a file.
    zeros: Cell<u64>,
    gzip: bool,
    ended: Cell<bool>,
    trouble: Cell<Option<Trouble>>,
    limit: Cell<Option<Reason>>,
}

struct Counted<'a>(File, &'a Watch);

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.0.read(buffer)?;
        self.1.packed.set(self.1.packed.get() + length as u64);
        Ok(length)
    }
}

enum Plain<'a> {
    Tar(BufReader<Counted<'a>>),
    Gzip(Box<Gunzip<BufReader<Counted<'a>>>>),
}

struct Guarded<'a> {
    inner: Plain<'a>,
    watch: &'a Watch,
}

impl Read for Guarded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let watch = self.watch;
        let mut wanted = buffer.len();
        if let Some(left) = watch.header.get() {
            if left == 0 {
                watch.limit.set(Some(Reason::NameTooLong));
                return Err(Refusal::new(Reason::NameTooLong).into_io());
            }
            wanted = wanted.min(usize::try_from(left).unwrap_or(usize::MAX));
        }
        let outcome = match &mut self.inner {
            Plain::Tar(inner) => inner.read(&mut buffer[..wanted]),
            Plain::Gzip(inner) => inner.read(&mut buffer[..wanted]).inspect_err(|_| watch.trouble.set(inner.trouble())),
        };
        let length = outcome?;
        if length == 0 && wanted > 0 {
            watch.ended.set(true);
            return Ok(0);
        }
        if let Some(left) = watch.header.get() {
            let zeros = buffer[..length].iter().all(|byte| *byte == 0);
            watch.zeros.set(if zeros { watch.zeros.get() + length as u64 } else { 0 });
            // The end of a tar may be filled up with zeros to any length; they cost nothing.
            watch.header.set(Some(if zeros { left } else { left.saturating_sub(length as u64) }));
        }
        let unpacked = watch.unpacked.get() + length as u64;
        watch.unpacked.set(unpacked);
        if unpacked > HIGH_RATIO_ARCHIVE_BYTES && unpacked / watch.packed.get().max(1) > HIGH_RATIO {
            watch.limit.set(Some(Reason::TooCompressed));
            return Err(Refusal::new(Reason::TooCompressed).into_io());
        }
        Ok(length)
    }
}

impl Watch {
    fn end_mark(&self) -> bool {
        self.zeros.get() >= 512
    }

    /// How the pass ends if reading fails here.
    fn end(&self, error: &io::Error) -> End {
        match (self.limit.get(), self.trouble.get()) {
            (Some(reason), _) => End::Cut(reason.into()),
            (None, Some(Trouble::Cut)) => End::Cut(Reason::CutShort.into()),
            // After the tar's end only the checksum is left to be wrong.
            (None, Some(Trouble::Broken)) if self.end_mark() => End::Unproven(Reason::ChecksumWrong.into()),
            (None, Some(Trouble::Broken)) => End::Unproven(Reason::Damaged.into()),
            (None, None) if self.ended.get() => End::Cut(Reason::CutShort.into()),
            // `tar` itself makes only errors of the kinds below; a disk has others.
            (None, None)
                if matches!(error.kind(), io::ErrorKind::Other | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput) =>
            {
                let refusal = Refusal::with(Reason::Damaged, error);
                // Inside gzip a senseless header means that bytes before it came out wrong as well.
                if self.gzip { End::Unproven(refusal) } else { End::Cut(refusal) }
            }
            (None, None) => End::Cut(Refusal::disk(error)),
        }
    }
}

/// One entry's bytes, counted; too few are an error instead of an end.
struct Contents<'a, R> {
    inner: R,
    left: u64,
    watch: &'a Watch,
    failed: Option<End>,
}

impl<R: Read> Read for Contents<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() || self.left == 0 {
            return Ok(0);
        }
        let outcome = match &self.failed {
            Some(_) => Err(io::ErrorKind::UnexpectedEof.into()),
            None => self.inner.read(buffer),
        };
        let error = match outcome {
            Ok(length @ 1..) => {
                self.left = self.left.saturating_sub(length as u64);
                return Ok(length);
            }
            Ok(_) => io::ErrorKind::UnexpectedEof.into(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(error),
            Err(error) => error,
        };
        let end = self.failed.get_or_insert_with(|| self.watch.end(&error));
        Err(match end {
            End::Cut(refusal) | End::Unproven(refusal) => refusal.clone().into_io(),
            End::Whole | End::Stopped => error,
        })
    }
}

/// Walks over all entries.
pub fn walk(path: &Path, form: Form, visit: &mut Visit<'_>) -> Walked {
    let mut walked = Walked { given: 0, folders: 0, refused: Vec::new(), end: End::Whole };
    let watch = Watch { gzip: form == Form::TarGzip, ..Watch::default() };
    let file = match File::open(path) {
        Ok(file) => BufReader::with_capacity(PIECE, Counted(file, &watch)),
        Err(error) => {
            walked.end = End::Cut(Refusal::disk(&error));
            return walked;
        }
    };
    let inner = if form == Form::TarGzip { Plain::Gzip(Box::new(Gunzip::new(file))) } else { Plain::Tar(file) };
    let mut archive = tar::Archive::new(Guarded { inner, watch: &watch });
    // Parts that somebody joined with `cat` have an end mark in the middle; what follows it counts.
    archive.set_ignore_zeros(true);
    let entries = match archive.entries() {
        Ok(entries) => entries,
        Err(error) => {
            walked.end = watch.end(&error);
            return walked;
        }
    };
    let mut seen = Seen::default();
    watch.header.set(Some(MAX_HEADER_BYTES));
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                walked.end = watch.end(&error);
                return walked;
            }
        };
        watch.header.set(None);
        watch.zeros.set(0);
        if seen.count >= MAX_ENTRIES {
            walked.end = End::Cut(Reason::TooManyEntries.into());
            return walked;
        }
        if let Some(end) = seen.give(entry, &watch, visit, &mut walked) {
            walked.end = end;
            return walked;
        }
        watch.header.set(Some(MAX_HEADER_BYTES));
    }
    // Gzip proves its end by a checksum; a tar only by its end mark.
    if form == Form::Tar && !watch.end_mark() {
        walked.end = End::Cut(Reason::CutShort.into());
    }
    walked
}

/// What was seen so far.
#[derive(Default)]
struct Seen {
    count: u32,
    paths: HashSet<Box<str>>,
    scratch: Vec<u8>,
}

impl Seen {
    /// Gives one entry to the visitor or refuses it; returns an end if the pass is over.
    fn give<R: Read>(
        &mut self,
        entry: tar::Entry<'_, R>,
        watch: &Watch,
        visit: &mut Visit<'_>,
        walked: &mut Walked,
    ) -> Option<End> {
        let index = self.count;
        self.count += 1;
        let raw = entry.path_bytes().into_owned();
        let refuse = |refusal| Refused { index, name: shown(&raw), refusal };
        let name = paths::decode(&raw).name;
        let mut contents = Contents { left: entry.size(), watch, failed: None, inner: entry };
        match self.check(&contents.inner, &name) {
            Ok(None) => walked.folders += 1,
            Err(refusal) => walked.refused.push(refuse(refusal)),
            Ok(Some(path)) => {
                let header = contents.inner.header();
                let facts = Entry {
                    index,
                    path: &path,
                    size: contents.left,
                    crc32: None,
                    modified: header.mtime().ok().and_then(|time| i64::try_from(time).ok()),
                    offset: contents.inner.raw_header_position(),
                    class: if paths::is_left_behind(&path) { EntryClass::LeftBehind } else { EntryClass::File },
                };
                walked.given += 1;
                if let ControlFlow::Break(()) = visit(&facts, &mut contents) {
                    return Some(End::Stopped);
                }
            }
        }
        self.scratch.resize(PIECE, 0);
        while contents.left > 0 {
            if let Err(error) = contents.read(&mut self.scratch) {
                if error.kind() == io::ErrorKind::Interrupted {
                    continue;
                }
                let end = contents.failed.take().unwrap_or_else(|| watch.end(&error));
                // The entry in which an archive ends is refused even if the visitor did not read it.
                if let End::Cut(refusal) | End::Unproven(refusal) = &end
                    && walked.refused.last().is_none_or(|last| last.index != index)
                {
                    walked.refused.push(refuse(refusal.clone()));
                }
                return Some(end);
            }
        }
        None
    }

    /// The safe path of a file; `None` for what is no file and harmless.
    fn check<R: Read>(&mut self, entry: &tar::Entry<'_, R>, name: &str) -> Result<Option<String>, Refusal> {
        let kind = entry.header().entry_type();
        match kind {
            tar::EntryType::Directory | tar::EntryType::XGlobalHeader => return Ok(None),
            tar::EntryType::Regular | tar::EntryType::Continuous => {}
            tar::EntryType::Symlink | tar::EntryType::Link => return Err(Reason::Link.into()),
            _ => return Err(Refusal::with(Reason::SpecialEntry, format_args!("type {:?}", char::from(kind.as_byte())))),
        }
        // Tars from before 1988 mark a folder by the slash alone.
        if name.ends_with('/') && entry.size() == 0 {
            return Ok(None);
        }
        let path = paths::safe(name)?.into_owned();
        if entry.size() > MAX_ENTRY_BYTES {
            return Err(Refusal::with(Reason::TooLarge, format_args!("{} bytes", entry.size())));
        }
        if !self.paths.insert(path.as_str().into()) {
            return Err(Reason::DuplicatePath.into());
        }
        Ok(Some(path))
    }
}

/// The path of the first file in a tgz or tar. For looking whether it is an export at all.
pub(crate) fn first_path(path: &Path, form: Form) -> Option<String> {
    let mut found = None;
    walk(path, form, &mut |entry, _| {
        found = Some(entry.path.to_owned());
        ControlFlow::Break(())
    });
    found
}

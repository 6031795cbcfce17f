//! The entries of one archive, kept small: one text for all names, one fixed row an entry.
//!
//! 200,000 entries with paths of 95 bytes take 32 MB, zip places included (measured).

use super::{Entry, EntryClass};

/// Entries per archive that are looked at. The largest library known has 300,000 over all its parts (format document, 7.3).
pub const MAX_ENTRIES: u32 = 2_000_000;

/// One entry without its name.
#[derive(Debug, Clone, Copy)]
struct Row {
    size: u64,
    offset: u64,
    modified: i64,
    name_start: u32,
    crc32: u32,
    index: u32,
    name_length: u16,
    flags: u8,
}

const HAS_CRC: u8 = 1;
const HAS_TIME: u8 = 2;
const COMPANION: u8 = 4;

/// The table. Rows are in the order of their index.
#[derive(Debug, Default)]
pub struct Table {
    names: String,
    rows: Vec<Row>,
}

impl Table {
    /// Adds an entry; `false` if the table is full. Entries come in the order of their index.
    #[must_use]
    pub fn push(&mut self, entry: &Entry<'_>) -> bool {
        let (Ok(name_start), Ok(name_length)) = (u32::try_from(self.names.len()), u16::try_from(entry.path.len())) else {
            return false;
        };
        let mut flags = 0;
        flags |= if entry.crc32.is_some() { HAS_CRC } else { 0 };
        flags |= if entry.modified.is_some() { HAS_TIME } else { 0 };
        flags |= if entry.class == EntryClass::LeftBehind { COMPANION } else { 0 };
        self.names.push_str(entry.path);
        self.rows.push(Row {
            size: entry.size,
            offset: entry.offset,
            modified: entry.modified.unwrap_or_default(),
            name_start,
            crc32: entry.crc32.unwrap_or_default(),
            index: entry.index,
            name_length,
            flags,
        });
        true
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The entry in a row.
    pub fn at(&self, row: usize) -> Option<Entry<'_>> {
        let row = self.rows.get(row)?;
        Some(Entry {
            index: row.index,
            path: self.name(row),
            size: row.size,
            crc32: (row.flags & HAS_CRC != 0).then_some(row.crc32),
            modified: (row.flags & HAS_TIME != 0).then_some(row.modified),
            offset: row.offset,
            class: if row.flags & COMPANION != 0 { EntryClass::LeftBehind } else { EntryClass::File },
        })
    }

    /// The row of an index.
    pub fn row_of(&self, index: u32) -> Option<usize> {
        self.rows.binary_search_by_key(&index, |row| row.index).ok()
    }

    /// The rows in the order in which their bytes lie in the archive.
    pub fn rows_by_offset(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0u32..).take(self.rows.len()).collect();
        order.sort_by_key(|row| self.rows.get(*row as usize).map(|row| (row.offset, row.index)));
        order
    }

    /// Rows whose path stood in an earlier row already, in ascending order.
    pub fn duplicates(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by_key(|row| (self.name(&self.rows[*row]), *row));
        let twin = |pair: &[usize]| self.name(&self.rows[pair[0]]) == self.name(&self.rows[pair[1]]);
        let mut found: Vec<usize> = order.windows(2).filter(|pair| twin(pair)).map(|pair| pair[1]).collect();
        found.sort_unstable();
        found
    }

    /// Keeps the rows that `keep` says yes to. The names stay where they are: what is refused is little, or hostile.
    pub fn retain(&mut self, mut keep: impl FnMut(usize) -> bool) {
        let mut row = 0;
        self.rows.retain(|_| {
            row += 1;
            keep(row - 1)
        });
    }

    /// Gives back memory that growing left over.
    pub fn shrink(&mut self) {
        self.names.shrink_to_fit();
        self.rows.shrink_to_fit();
    }

    /// Bytes of memory that the table holds.
    pub fn memory(&self) -> usize {
        self.names.capacity() + self.rows.capacity() * size_of::<Row>()
    }

    fn name(&self, row: &Row) -> &str {
        let start = row.name_start as usize;
        self.names.get(start..start + usize::from(row.name_length)).unwrap_or_default()
    }
}

-- Catalog, schema 4: Takeout. What came in which archive, and how every entry of it ended.

ALTER TABLE files ADD COLUMN name TEXT;       -- name it is to have, where that is not the item's title (edited copies, moving parts)
ALTER TABLE files ADD COLUMN crc32 INTEGER;   -- of its bytes, where a zip told it: finds what may be the same, proves nothing
CREATE INDEX files_size ON files (size, crc32) WHERE state = 'stored';

ALTER TABLE items ADD COLUMN altitude REAL;
ALTER TABLE items ADD COLUMN origin TEXT;         -- how it came to Google Photos, in words of the source
ALTER TABLE items ADD COLUMN uploaded_at INTEGER; -- when it came to Google Photos
ALTER TABLE items ADD COLUMN date_conflict TEXT;  -- JSON: the dates that sources and file tell, where they disagree, and which one holds
CREATE INDEX items_title ON items (title, taken_seconds);

-- One Takeout request: all its parts.
CREATE TABLE exports (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    name      TEXT NOT NULL UNIQUE,     -- stamp and number as in the names of its parts, else something of its own
    made_at   INTEGER,                  -- when Google made it, from the stamp
    kind      TEXT NOT NULL,            -- first, full, increment, partial: as far as its items tell
    account   TEXT,                     -- as Google's page tells it
    items     INTEGER NOT NULL,         -- items in the parts that were seen
    told      TEXT,                     -- JSON: what its last listing found out, for imports that need not read it again
    first_run INTEGER NOT NULL,
    last_run  INTEGER NOT NULL
) STRICT;

-- One archive or unpacked folder of an export.
CREATE TABLE parts (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    export_id INTEGER NOT NULL REFERENCES exports (id),
    number    INTEGER,                  -- from its name, from 1
    name      TEXT NOT NULL,            -- of the file or folder, as it was first seen
    mark      BLOB NOT NULL,            -- BLAKE3 over what its table of contents says: the same archive under any name
    listed    INTEGER NOT NULL DEFAULT 0, -- 1: read to its end and taken in; it need not be read again
    first_run INTEGER NOT NULL,
    UNIQUE (export_id, mark)
) STRICT;
CREATE INDEX parts_mark ON parts (mark);

-- One entry of a part, refused ones too; folders are none. Written when the plan is made, settled when it is performed.
CREATE TABLE entries (
    part_id INTEGER NOT NULL REFERENCES parts (id),
    entry   INTEGER NOT NULL,           -- its place in the archive, from 0
    path    TEXT NOT NULL,              -- below the Takeout folder; as safe text where it was refused
    size    INTEGER NOT NULL,           -- unpacked, as declared
    crc32   INTEGER,
    ended   TEXT NOT NULL,              -- open, stored, already, sidecar, album, service, other, companion, refused
    reason  TEXT,                       -- why refused or open; for media the evidence of its pair; for sidecars what is missing
    file_id INTEGER,                    -- media: the file that has or will have these bytes
    run_id  INTEGER NOT NULL,           -- the run that settled it
    PRIMARY KEY (part_id, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX entries_file ON entries (file_id) WHERE file_id IS NOT NULL;
-- What may end better when it is read once more.
CREATE INDEX entries_unsettled ON entries (part_id) WHERE ended IN ('open', 'refused');

-- Which parts a run was given: a list of the run is made from these.
CREATE TABLE run_parts (
    run_id  INTEGER NOT NULL REFERENCES runs (id),
    part_id INTEGER NOT NULL REFERENCES parts (id),
    PRIMARY KEY (run_id, part_id)
) STRICT, WITHOUT ROWID;

-- The JSON beside media files and albums as it came, compressed (zlib). The history of an item's metadata is here.
CREATE TABLE sidecars (
    part_id INTEGER NOT NULL,
    entry   INTEGER NOT NULL,
    item_id INTEGER,                    -- NULL: an album file, or nothing it belongs to is here
    json    BLOB NOT NULL,
    PRIMARY KEY (part_id, entry)
) STRICT, WITHOUT ROWID;
CREATE INDEX sidecars_item ON sidecars (item_id) WHERE item_id IS NOT NULL;

-- Which folder of an export is which album: titles alone do not tell albums apart.
CREATE TABLE album_folders (
    export_id INTEGER NOT NULL REFERENCES exports (id),
    folder    TEXT NOT NULL,            -- below the photos folder
    album_id  INTEGER NOT NULL REFERENCES albums (id),
    PRIMARY KEY (export_id, folder)
) STRICT, WITHOUT ROWID;

-- XMP files that Photokeep wrote beside files on the user's wish. Rewritten only while they are still what was written.
CREATE TABLE xmp (
    file_id INTEGER PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
    path    TEXT NOT NULL,
    hash    BLOB NOT NULL
) STRICT;

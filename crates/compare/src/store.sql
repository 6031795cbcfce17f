-- What is known of one folder compared with one library. Only what can be read again lies here, and what the person chose in the
-- lists: a store of another version is thrown away. Times are nanoseconds (`modified`) or seconds (`taken`) since 1970.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- Which folder it is, in the system's own bytes, and when its last comparison ended, or began where it did not end, in seconds since 1970.
CREATE TABLE place (
    folder   BLOB NOT NULL,
    ended_at INTEGER NOT NULL
) STRICT;

-- The files of the folder.
CREATE TABLE files (
    id           INTEGER PRIMARY KEY,
    path         BLOB NOT NULL UNIQUE,      -- below the folder, in the system's own bytes
    folder       TEXT NOT NULL,             -- the folder it lies in, as it is shown
    name         TEXT NOT NULL,             -- as names are compared
    stem         TEXT NOT NULL,             -- the name without its extension
    size         INTEGER NOT NULL,
    modified     INTEGER NOT NULL,
    inode        INTEGER NOT NULL,
    device       INTEGER NOT NULL DEFAULT 0,-- the disk that the inode is of
    scan         INTEGER NOT NULL,          -- the last comparison that met it
    kind         TEXT,                      -- photo, video, not-media; NULL: not looked into
    mime_type    TEXT,
    ends         BLOB,                      -- BLAKE3 of its first and last bytes
    hash         BLOB,                      -- BLAKE3 of all of them
    looked       INTEGER NOT NULL DEFAULT 0,-- 1: what follows was read
    taken        INTEGER,                   -- on the clock where it was taken
    taken_offset INTEGER,                   -- of that clock, seconds east of UTC
    width        INTEGER,
    height       INTEGER,
    unique_id    TEXT,
    begin        BLOB,                      -- hash of the begin of its picture data
    picture      BLOB,                      -- hash of all of it, where another begins alike
    looks        BLOB,                      -- what it looks like; empty: nothing that could be compared
    trouble      TEXT,                      -- why it cannot be read, a word
    trouble_more TEXT,                      -- what the system said
    cut_short    INTEGER NOT NULL DEFAULT 0,-- 1: it ends before its structure does
    number       TEXT NOT NULL DEFAULT '',  -- of a copy, in parentheses behind the name; empty: none
    fraction     INTEGER,                   -- of the second in which it was taken, in milliseconds
    camera       TEXT,                      -- maker and model
    placed       INTEGER NOT NULL DEFAULT 0,-- 1: it tells where it was taken
    behind       INTEGER,                   -- bytes behind its picture
    lasts        INTEGER,                   -- of a film, milliseconds
    distance     INTEGER,                   -- bits in which it looks otherwise than the one it belongs to
    verdict      TEXT,
    kept         INTEGER,                   -- the row of `kept` it belongs to
    evidence     TEXT,
    chosen       INTEGER NOT NULL DEFAULT 0 -- 1: the person chose it
) STRICT;
CREATE INDEX files_size ON files (size);
CREATE INDEX files_ends ON files (size, ends) WHERE ends IS NOT NULL;
CREATE INDEX files_whole ON files (size) WHERE hash IS NOT NULL;
CREATE INDEX files_hash ON files (hash) WHERE hash IS NOT NULL;
CREATE INDEX files_begin ON files (begin) WHERE begin IS NOT NULL;
CREATE INDEX files_name ON files (name) WHERE verdict IS NULL;
CREATE INDEX files_stem ON files (stem) WHERE verdict IS NULL;
CREATE INDEX files_verdict ON files (verdict, path);
CREATE INDEX files_chosen ON files (verdict, path) WHERE chosen = 1;
CREATE INDEX files_undated ON files (width, height) WHERE verdict IS NULL AND taken IS NULL;
CREATE INDEX files_clock ON files (taken % 900, taken) WHERE verdict IS NULL;

-- What the library has: its files, and items of which none is on the disk.
CREATE TABLE kept (
    id           INTEGER PRIMARY KEY,
    item         INTEGER NOT NULL,
    file         INTEGER,
    path         TEXT,
    folder       TEXT,                      -- the folder it lies in
    name         TEXT NOT NULL,             -- the item's title, as names are compared
    file_name    TEXT,                      -- the file's own name
    stem         TEXT NOT NULL,             -- the title without its extension
    file_stem    TEXT,                      -- the file's own name without its extension
    number       TEXT NOT NULL DEFAULT '',  -- of a copy, behind the title
    file_number  TEXT,                      -- the same behind the file's own name
    size         INTEGER,
    modified     INTEGER,
    hash         BLOB,                      -- NULL: nothing is stored, or what lies there is not what was stored
    kind         TEXT NOT NULL,
    mime_type    TEXT,
    role         TEXT,
    taken        INTEGER,
    taken_offset INTEGER,
    width        INTEGER,
    height       INTEGER,
    taken_up     INTEGER NOT NULL DEFAULT 0,-- 1: a file of the folder belongs to this very file
    matched      INTEGER NOT NULL DEFAULT 0,-- 1: one belongs to some file of its item
    camera       TEXT,                      -- maker and model
    unsure       INTEGER NOT NULL DEFAULT 0 -- 1: as large as the catalog says, and of another time
) STRICT;

-- What the library's files tell about themselves, by the hash of their bytes. Read only where it may decide, and kept.
CREATE TABLE kept_facts (
    hash         BLOB PRIMARY KEY,
    taken        INTEGER,
    taken_offset INTEGER,
    width        INTEGER,
    height       INTEGER,
    unique_id    TEXT,
    begin        BLOB,
    picture      BLOB,
    cut_short    INTEGER NOT NULL DEFAULT 0,
    fraction     INTEGER,
    camera       TEXT,
    placed       INTEGER NOT NULL DEFAULT 0,
    behind       INTEGER,
    lasts        INTEGER,
    trouble      TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_facts_begin ON kept_facts (begin) WHERE begin IS NOT NULL;
CREATE INDEX kept_facts_unique_id ON kept_facts (unique_id) WHERE unique_id IS NOT NULL;

-- What the library's pictures look like, by the hash of their bytes. Empty: nothing that could be compared.
CREATE TABLE kept_looks (
    hash  BLOB PRIMARY KEY,
    looks BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Pairs that rest on what is told about the files alone, and are looked at.
CREATE TABLE doubtful (
    file    INTEGER NOT NULL,
    kept    INTEGER NOT NULL,
    guessed INTEGER NOT NULL,               -- 1: their clocks differ
    weak    INTEGER NOT NULL,               -- 1: little is told
    broken  INTEGER NOT NULL                -- 1: one of both ends before its structure does
) STRICT;

-- Those of them whose pictures do not look alike: they are no pairs.
CREATE TABLE parted (
    file INTEGER NOT NULL,
    kept INTEGER NOT NULL,
    PRIMARY KEY (file, kept)
) STRICT, WITHOUT ROWID;

-- What was uploaded to Google Photos and is an item of the library since.
CREATE TABLE uploaded (
    hash BLOB PRIMARY KEY,                  -- of the bytes that were sent
    size INTEGER NOT NULL,
    item INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX uploaded_size ON uploaded (size);

-- What was passed over, and what cannot be read and is no file.
CREATE TABLE passed_over (
    path    BLOB NOT NULL,
    why     TEXT NOT NULL,
    trouble TEXT,                           -- why it cannot be read, a word
    more    TEXT                            -- what the system said
) STRICT;

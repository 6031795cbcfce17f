-- Catalog, schema 1. Words as in ARCHITECTURE.md. Times are Unix seconds (and nanoseconds where a photo's instant needs them).

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- One photo or video as the user thinks of it.
CREATE TABLE items (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    title          TEXT NOT NULL,
    kind           TEXT NOT NULL,
    taken_seconds  INTEGER,
    taken_nanos    INTEGER,
    taken_offset   INTEGER,
    description    TEXT,
    mime_type      TEXT,
    width          INTEGER,
    height         INTEGER,
    camera_make    TEXT,
    camera_model   TEXT,
    latitude       REAL,
    longitude      REAL,
    product_url    TEXT,
    favorite       INTEGER,
    archived       INTEGER,
    trashed        INTEGER,
    people         TEXT,
    first_run      INTEGER NOT NULL,
    removed_at     INTEGER              -- tombstone: the user removed it here
) STRICT;

-- One source saying "this item exists, under this key, with this metadata".
CREATE TABLE sightings (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    source      TEXT NOT NULL,
    key         TEXT NOT NULL,
    item_id     INTEGER NOT NULL REFERENCES items (id),
    leads       INTEGER NOT NULL,       -- 1: the item's metadata follows this sighting
    in_library  INTEGER NOT NULL,       -- 0: reachable only through an album
    fingerprint INTEGER NOT NULL,       -- of the metadata below; equal means unchanged
    metadata    TEXT NOT NULL,          -- as the source gave it
    first_run   INTEGER NOT NULL,
    changed_run INTEGER NOT NULL,
    gone_run    INTEGER,                -- the source, asked by key in this run, no longer had it
    UNIQUE (source, key)
) STRICT;
CREATE INDEX sightings_item ON sightings (item_id);
CREATE INDEX sightings_gone ON sightings (gone_run) WHERE gone_run IS NOT NULL;

-- Bytes on disk that belong to an item, from the moment they are wanted.
CREATE TABLE files (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    item_id       INTEGER NOT NULL REFERENCES items (id),
    role          TEXT NOT NULL,
    source        TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('wanted', 'placing', 'stored', 'missing', 'damaged', 'stale', 'trashed')),
    path          TEXT,                 -- below the library, '/' between parts; NULL until it is named
    collision_key TEXT UNIQUE,          -- what must be unique on the target
    temp          TEXT,                 -- temporary name while placing
    size          INTEGER,
    hash          BLOB,                 -- BLAKE3
    mime_type     TEXT,                 -- by content
    mtime_seconds INTEGER,              -- as the target gave it back
    mtime_nanos   INTEGER,
    stored_run    INTEGER,
    doubtful      INTEGER NOT NULL DEFAULT 0 -- 1: looks cut short, though the source sent it so twice; compared once more by the next run
) STRICT;
CREATE INDEX files_item ON files (item_id);
CREATE INDEX files_hash ON files (hash) WHERE hash IS NOT NULL;
CREATE INDEX files_open ON files (state) WHERE state <> 'stored';
CREATE INDEX files_doubtful ON files (id) WHERE doubtful = 1;
CREATE INDEX files_untimed ON files (id) WHERE state = 'stored' AND mtime_seconds IS NULL; -- the date changed at the source

-- The last number dealt for a name in a folder. Numbers are never dealt anew.
CREATE TABLE name_series (
    folder TEXT NOT NULL,
    name   TEXT NOT NULL,
    last   INTEGER NOT NULL,
    PRIMARY KEY (folder, name)
) STRICT, WITHOUT ROWID;

-- Why a file is not here yet. Gone as soon as it is.
CREATE TABLE failures (
    file_id  INTEGER PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
    code     TEXT NOT NULL,
    message  TEXT NOT NULL,
    hint     TEXT,
    tries    INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    last_run INTEGER NOT NULL
) STRICT;

-- A download that was interrupted and can go on where it stopped.
CREATE TABLE partials (
    file_id INTEGER PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
    flushed INTEGER NOT NULL,           -- bytes known to be on the disk
    total   INTEGER NOT NULL,
    etag    TEXT
) STRICT;

CREATE TABLE albums (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    source      TEXT NOT NULL,
    key         TEXT NOT NULL,
    title       TEXT,
    own         INTEGER NOT NULL,
    shared      INTEGER NOT NULL,
    product_url TEXT,
    date_folder TEXT,                   -- the year and date part of the folder, kept for life
    folder      TEXT,                   -- below the library; NULL while the album has nothing to show
    folder_key  TEXT UNIQUE,
    gone_run    INTEGER,
    UNIQUE (source, key)
) STRICT;

CREATE TABLE album_items (
    album_id INTEGER NOT NULL REFERENCES albums (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    item_id  INTEGER NOT NULL REFERENCES items (id),
    PRIMARY KEY (album_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX album_items_item ON album_items (item_id);

-- Entries in album folders that Photokeep made.
CREATE TABLE links (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    album_id      INTEGER NOT NULL REFERENCES albums (id),
    item_id       INTEGER NOT NULL,
    path          TEXT NOT NULL,
    collision_key TEXT NOT NULL UNIQUE,
    kind          TEXT NOT NULL,
    target        TEXT NOT NULL,        -- path of the file below the library
    made          INTEGER NOT NULL,     -- 0: announced, 1: on the disk
    size          INTEGER,              -- of copies, hard links and shortcuts
    mtime_seconds INTEGER,
    mtime_nanos   INTEGER
) STRICT;
CREATE INDEX links_album ON links (album_id);
CREATE INDEX links_target ON links (target);
CREATE INDEX links_item ON links (item_id);

CREATE TABLE runs (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER,
    whole      INTEGER NOT NULL,        -- unfiltered
    listing    INTEGER NOT NULL DEFAULT 0, -- 1: the listing went to its end and was checked
    complete   INTEGER NOT NULL DEFAULT 0,
    filter     TEXT,
    receipt    TEXT
) STRICT;

-- The lists behind a receipt's numbers.
CREATE TABLE run_entries (
    run_id  INTEGER NOT NULL REFERENCES runs (id),
    what    TEXT NOT NULL,              -- added, updated, same-photo, restored, failed, skipped, absent, removed
    item_id INTEGER,
    path    TEXT,
    reason  TEXT
) STRICT;
CREATE INDEX run_entries_run ON run_entries (run_id, what);
CREATE INDEX run_entries_item ON run_entries (item_id);

CREATE TABLE trash (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    item_id    INTEGER NOT NULL,
    file_id    INTEGER,                 -- the file whose bytes these were, while it can be restored
    path       TEXT NOT NULL,           -- where it was
    trash_path TEXT NOT NULL UNIQUE,    -- where it is now, below the library
    size       INTEGER,
    hash       BLOB,
    reason     TEXT NOT NULL,
    removed_at INTEGER NOT NULL,
    moved      INTEGER NOT NULL         -- 0: announced, 1: on the disk
) STRICT;

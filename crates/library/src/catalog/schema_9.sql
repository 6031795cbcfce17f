-- Catalog, schema 9: what was uploaded to Google Photos, so that nothing is uploaded twice and an upload that comes back is known.

CREATE TABLE uploads (
    hash BLOB NOT NULL PRIMARY KEY,       -- of the bytes (BLAKE3)
    size INTEGER NOT NULL,
    title TEXT NOT NULL,
    place TEXT NOT NULL,                  -- key of the path it was last read from
    modified INTEGER,                     -- of the file there, in nanoseconds since 1970
    item_key TEXT NOT NULL,               -- Google's key of the item it became
    verified INTEGER NOT NULL DEFAULT 0,  -- 1: Google showed it afterwards
    run_id INTEGER NOT NULL               -- in which it was uploaded
);
CREATE INDEX uploads_by_place ON uploads (place);
CREATE INDEX uploads_by_item ON uploads (item_key);

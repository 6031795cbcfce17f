-- Catalog, schema 3: files to fetch are found in order without passing those that are kept. The condition is word for word
-- that of the question (`Catalog::open_files`); SQLite takes no other.
CREATE INDEX files_fetch ON files (id) WHERE state IN ('wanted', 'missing', 'damaged', 'stale');

-- Catalog, schema 10: trees that another tool made, taken in where they are (`adopting`).

-- 0: a source showed it. Until then nothing is concluded from its absence: 1: another tool's index or name tells its key; 2: its key
-- is not known (a stand-in). 3: a source showed it, and it was recognised by name and time alone.
ALTER TABLE sightings ADD COLUMN adopted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE albums ADD COLUMN adopted INTEGER NOT NULL DEFAULT 0;

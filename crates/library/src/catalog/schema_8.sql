-- Catalog, schema 8: what an export could not give is told until it comes, or until the person has heard of it.

ALTER TABLE entries ADD COLUMN accepted INTEGER NOT NULL DEFAULT 0; -- 1: refused, and the person wants to hear no more of it

-- Catalog, schema 7: which export said what is known of a photo, so that the newest one leads also where Google's key of the photo changed.

ALTER TABLE sightings ADD COLUMN export_id INTEGER; -- Takeout: the newest export that says it
ALTER TABLE exports ADD COLUMN latest INTEGER;      -- its latest upload, in Unix seconds: stands for made_at where names tell none

-- Catalog, schema 6: what is evaluated for every file that changes, without a table of its own each time. SQLite makes one, and
-- takes it down again, for IN with more than two words, for an INSERT from a SELECT into a table with triggers, and for ORDER BY
-- with LIMIT. Otherwise as in schemas 1, 2, 3 and 5.

-- A CHECK can only be said anew in the text of its table (sqlite.org/lang_altertable.html, section 7).
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (state IN (''wanted'', ''placing'', ''stored'', ''missing'', ''damaged'', ''stale'', ''trashed''))',
    'CHECK (state = ''stored'' OR state = ''wanted'' OR state = ''placing'' OR state = ''missing'' OR state = ''damaged'' OR state = ''stale'' OR state = ''trashed'')')
WHERE type = 'table' AND name = 'files';
PRAGMA writable_schema = RESET;

-- The conditions are word for word those of the questions (`OPEN_FILES` in `files.rs`).
DROP INDEX files_fetch;
CREATE INDEX files_fetch ON files (id) WHERE state <> 'stored' AND state <> 'placing' AND state <> 'trashed';

DROP TRIGGER shown_came;
DROP TRIGGER shown_file_new;
DROP TRIGGER shown_file_changed;
DROP TRIGGER shown_file_moved;
DROP TRIGGER shown_file_gone;
DROP TRIGGER shown_item_changed;
DROP VIEW showable;

-- The file with the lowest rank is shown; ranks are the digits above a file's number.
CREATE VIEW showable (item_id, file_id, month, taken, ratio, video, still, files, bytes) AS
SELECT item_id, file_id, coalesce(CAST(strftime('%Y%m', taken, 'unixepoch') AS INTEGER), 0), taken, ratio, video, still, files, bytes
FROM (
    SELECT i.id AS item_id,
        f.id AS file_id,
        min(max(i.taken_seconds + CASE WHEN i.taken_offset BETWEEN -86399 AND 86399 THEN i.taken_offset ELSE 0 END, -62167219200), 253402300799) AS taken,
        CASE WHEN i.width > 0 AND i.height > 0 THEN min(max(CAST(round(1000.0 * i.width / i.height) AS INTEGER), 400), 3000) ELSE 1333 END AS ratio,
        i.kind = 'video' AS video,
        CASE WHEN f.mime_type IS NULL THEN i.kind <> 'video' ELSE f.mime_type LIKE 'image/%' END AS still,
        (SELECT count(*) FROM files k WHERE k.item_id = i.id AND k.state IN ('stored', 'stale')) AS files,
        (SELECT coalesce(sum(k.size), 0) FROM files k WHERE k.item_id = i.id AND k.state IN ('stored', 'stale')) AS bytes
    FROM items i JOIN files f ON f.id = (
        SELECT min(((c.state = 'damaged') << 58) | ((CASE c.role WHEN 'edited' THEN 0 WHEN 'original' THEN 1 WHEN 'rendition' THEN 2 ELSE 3 END) << 56) | c.id)
        FROM files c WHERE c.item_id = i.id AND (c.state = 'stored' OR c.state = 'stale' OR c.state = 'damaged')) & ~(7 << 56)
    WHERE i.removed_at IS NULL
);

-- Only written to: brings what is shown of an item up to date.
CREATE VIEW shown_anew (item_id) AS SELECT item_id FROM shown;
CREATE TRIGGER shown_is_found INSTEAD OF INSERT ON shown_anew BEGIN
    DELETE FROM shown WHERE item_id = NEW.item_id;
    INSERT INTO shown SELECT * FROM showable WHERE item_id = NEW.item_id;
    INSERT INTO shown_months SELECT month, 1, ratio, files > 0, files > 0 AND video, files, bytes FROM shown WHERE item_id = NEW.item_id
    ON CONFLICT (month) DO UPDATE SET items = items + 1, ratio_sum = ratio_sum + excluded.ratio_sum, kept = kept + excluded.kept,
        videos = videos + excluded.videos, files = files + excluded.files, bytes = bytes + excluded.bytes;
    UPDATE shown_changes SET timeline = timeline + 1 WHERE EXISTS (SELECT 1 FROM shown WHERE item_id = NEW.item_id);
END;

CREATE TRIGGER shown_file_new AFTER INSERT ON files WHEN (NEW.state = 'stored' OR NEW.state = 'stale' OR NEW.state = 'damaged') BEGIN
    INSERT INTO shown_anew VALUES (NEW.item_id);
END;
CREATE TRIGGER shown_file_changed AFTER UPDATE OF item_id, role, state, size, hash, mime_type ON files
WHEN (OLD.state = 'stored' OR OLD.state = 'stale' OR OLD.state = 'damaged') OR (NEW.state = 'stored' OR NEW.state = 'stale' OR NEW.state = 'damaged') BEGIN
    INSERT INTO shown_anew VALUES (NEW.item_id);
END;
CREATE TRIGGER shown_file_moved AFTER UPDATE OF item_id ON files
WHEN OLD.item_id <> NEW.item_id AND ((OLD.state = 'stored' OR OLD.state = 'stale' OR OLD.state = 'damaged') OR (NEW.state = 'stored' OR NEW.state = 'stale' OR NEW.state = 'damaged')) BEGIN
    INSERT INTO shown_anew VALUES (OLD.item_id);
END;
CREATE TRIGGER shown_file_gone AFTER DELETE ON files WHEN (OLD.state = 'stored' OR OLD.state = 'stale' OR OLD.state = 'damaged') BEGIN
    INSERT INTO shown_anew VALUES (OLD.item_id);
END;
CREATE TRIGGER shown_item_changed AFTER UPDATE OF kind, taken_seconds, taken_offset, width, height, removed_at ON items
WHEN OLD.removed_at IS NOT NEW.removed_at OR EXISTS (SELECT 1 FROM shown WHERE item_id = NEW.id) BEGIN
    INSERT INTO shown_anew VALUES (NEW.id);
END;

-- Catalog, schema 2: what a window shows, kept ready so that nothing has to be counted when it opens.
--
-- `showable` says what is shown; `shown` is its answer kept as a table, by triggers, whoever writes. The month totals and the
-- change counters follow `shown` in the same transaction, so a reader never sees one without the other.

-- An item is shown when a file of it is on the disk and the user did not remove it. Which file: whole ones before damaged
-- ones; then the edited picture, because that is the one Google Photos shows; then the original; then what Google
-- re-encoded; the moving part of a motion photo only when there is nothing else.
-- Times are those of the local clock (UTC where the offset is unknown), held within the years 0000 to 9999 that a calendar
-- date has. An offset of a day or more is none, as in `CaptureTime::local_month`.
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
        SELECT c.id FROM files c WHERE c.item_id = i.id AND c.state IN ('stored', 'stale', 'damaged')
        ORDER BY c.state = 'damaged', CASE c.role WHEN 'edited' THEN 0 WHEN 'original' THEN 1 WHEN 'rendition' THEN 2 ELSE 3 END, c.id
        LIMIT 1)
    WHERE i.removed_at IS NULL
);

CREATE TABLE shown (
    item_id INTEGER PRIMARY KEY,
    file_id INTEGER NOT NULL,           -- the file that is shown
    month   INTEGER NOT NULL,           -- year * 100 + month of the local clock; 0: undated
    taken   INTEGER,                    -- seconds of the local clock
    ratio   INTEGER NOT NULL,           -- width to height in thousandths, 400 to 3000; 1333 when unknown
    video   INTEGER NOT NULL,
    still   INTEGER NOT NULL,           -- 1: the file is a still picture
    files   INTEGER NOT NULL,           -- files of the item that are kept: stored or stale; 0 when all that is here is damaged
    bytes   INTEGER NOT NULL            -- of those files
) STRICT;
CREATE INDEX shown_taken ON shown (taken DESC);

-- Sums over `shown`. A month that nothing is left of stays, with zeros.
CREATE TABLE shown_months (
    month     INTEGER PRIMARY KEY,
    items     INTEGER NOT NULL,
    ratio_sum INTEGER NOT NULL,
    kept      INTEGER NOT NULL,         -- items of which a file is kept
    videos    INTEGER NOT NULL,         -- films among those
    files     INTEGER NOT NULL,
    bytes     INTEGER NOT NULL
) STRICT;

-- One row. The numbers only grow; they tell a window that what it has read is not what is there.
CREATE TABLE shown_changes (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    timeline INTEGER NOT NULL,          -- rows of `shown` that came or went
    albums   INTEGER NOT NULL           -- changes of albums and of what is in them
) STRICT;
INSERT INTO shown_changes VALUES (1, 0, 0);

CREATE TRIGGER shown_came AFTER INSERT ON shown BEGIN
    INSERT INTO shown_months VALUES (NEW.month, 1, NEW.ratio, NEW.files > 0, NEW.files > 0 AND NEW.video, NEW.files, NEW.bytes)
    ON CONFLICT (month) DO UPDATE SET items = items + 1, ratio_sum = ratio_sum + excluded.ratio_sum, kept = kept + excluded.kept,
        videos = videos + excluded.videos, files = files + excluded.files, bytes = bytes + excluded.bytes;
    UPDATE shown_changes SET timeline = timeline + 1;
END;
CREATE TRIGGER shown_went AFTER DELETE ON shown BEGIN
    UPDATE shown_months SET items = items - 1, ratio_sum = ratio_sum - OLD.ratio, kept = kept - (OLD.files > 0),
        videos = videos - (OLD.files > 0 AND OLD.video), files = files - OLD.files, bytes = bytes - OLD.bytes WHERE month = OLD.month;
    UPDATE shown_changes SET timeline = timeline + 1;
END;

-- Files that are wanted, announced, missing or in the trash are not shown; changes among those cost nothing.
CREATE TRIGGER shown_file_new AFTER INSERT ON files WHEN NEW.state IN ('stored', 'stale', 'damaged') BEGIN
    DELETE FROM shown WHERE item_id = NEW.item_id;
    INSERT INTO shown SELECT * FROM showable WHERE item_id = NEW.item_id;
END;
CREATE TRIGGER shown_file_changed AFTER UPDATE OF item_id, role, state, size, hash, mime_type ON files
WHEN OLD.state IN ('stored', 'stale', 'damaged') OR NEW.state IN ('stored', 'stale', 'damaged') BEGIN
    DELETE FROM shown WHERE item_id IN (OLD.item_id, NEW.item_id);
    INSERT INTO shown SELECT * FROM showable WHERE item_id IN (OLD.item_id, NEW.item_id);
END;
CREATE TRIGGER shown_file_gone AFTER DELETE ON files WHEN OLD.state IN ('stored', 'stale', 'damaged') BEGIN
    DELETE FROM shown WHERE item_id = OLD.item_id;
    INSERT INTO shown SELECT * FROM showable WHERE item_id = OLD.item_id;
END;
CREATE TRIGGER shown_item_changed AFTER UPDATE OF kind, taken_seconds, taken_offset, width, height, removed_at ON items BEGIN
    DELETE FROM shown WHERE item_id = NEW.id;
    INSERT INTO shown SELECT * FROM showable WHERE item_id = NEW.id;
END;
CREATE TRIGGER shown_item_gone AFTER DELETE ON items BEGIN
    DELETE FROM shown WHERE item_id = OLD.id;
END;

CREATE TRIGGER shown_album_new AFTER INSERT ON albums BEGIN
    UPDATE shown_changes SET albums = albums + 1;
END;
CREATE TRIGGER shown_album_changed AFTER UPDATE OF title, own, shared, gone_run ON albums BEGIN
    UPDATE shown_changes SET albums = albums + 1;
END;
CREATE TRIGGER shown_album_gone AFTER DELETE ON albums BEGIN
    UPDATE shown_changes SET albums = albums + 1;
END;
CREATE TRIGGER shown_member_new AFTER INSERT ON album_items BEGIN
    UPDATE shown_changes SET albums = albums + 1;
END;
CREATE TRIGGER shown_member_changed AFTER UPDATE ON album_items BEGIN
    UPDATE shown_changes SET albums = albums + 1;
END;
CREATE TRIGGER shown_member_gone AFTER DELETE ON album_items BEGIN
    UPDATE shown_changes SET albums = albums + 1;
END;

INSERT INTO shown SELECT * FROM showable;

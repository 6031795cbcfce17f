-- Catalog, schema 5: the triggers of schema 2 that follow what is shown, doing less for each file.

-- A file changes far more often than it moves to another item.
DROP TRIGGER shown_file_changed;
CREATE TRIGGER shown_file_changed AFTER UPDATE OF item_id, role, state, size, hash, mime_type ON files
WHEN OLD.state IN ('stored', 'stale', 'damaged') OR NEW.state IN ('stored', 'stale', 'damaged') BEGIN
    DELETE FROM shown WHERE item_id = NEW.item_id;
    INSERT INTO shown SELECT * FROM showable WHERE item_id = NEW.item_id;
END;
CREATE TRIGGER shown_file_moved AFTER UPDATE OF item_id ON files
WHEN OLD.item_id <> NEW.item_id AND (OLD.state IN ('stored', 'stale', 'damaged') OR NEW.state IN ('stored', 'stale', 'damaged')) BEGIN
    DELETE FROM shown WHERE item_id = OLD.item_id;
    INSERT INTO shown SELECT * FROM showable WHERE item_id = OLD.item_id;
END;

-- What is not shown is not shown for its date or its size either; only a lifted tombstone brings an item back.
DROP TRIGGER shown_item_changed;
CREATE TRIGGER shown_item_changed AFTER UPDATE OF kind, taken_seconds, taken_offset, width, height, removed_at ON items
WHEN OLD.removed_at IS NOT NEW.removed_at OR EXISTS (SELECT 1 FROM shown WHERE item_id = NEW.id) BEGIN
    DELETE FROM shown WHERE item_id = NEW.id;
    INSERT INTO shown SELECT * FROM showable WHERE item_id = NEW.id;
END;

-- Attachments that were erased under a retention class. One that stands here is neither kept nor fetched again.
CREATE TABLE erased (
  digest BLOB PRIMARY KEY,
  size INTEGER NOT NULL,
  class TEXT NOT NULL,
  time_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER erased_stays BEFORE DELETE ON erased
BEGIN SELECT raise(ABORT, 'what was erased stays erased'); END;
CREATE TRIGGER erased_is_not_changed BEFORE UPDATE ON erased
BEGIN SELECT raise(ABORT, 'what was erased stays erased'); END;
CREATE TRIGGER blob_is_not_erased BEFORE INSERT ON blob WHEN EXISTS (SELECT 1 FROM erased WHERE digest = NEW.digest)
BEGIN SELECT raise(ABORT, 'what was erased stays erased'); END;

DROP TRIGGER blob_stays;
CREATE TRIGGER blob_stays BEFORE DELETE ON blob
WHEN OLD.complete = 1 AND NOT EXISTS (SELECT 1 FROM erased WHERE digest = OLD.digest)
BEGIN SELECT raise(ABORT, 'a complete attachment is never removed'); END;
DROP TRIGGER chunk_of_a_complete_blob_stays;
CREATE TRIGGER chunk_of_a_complete_blob_stays BEFORE DELETE ON chunk
WHEN (SELECT b.complete = 1 AND NOT EXISTS (SELECT 1 FROM erased x WHERE x.digest = b.digest)
      FROM blob b WHERE b.number = OLD.blob)
BEGIN SELECT raise(ABORT, 'a complete attachment is never removed'); END;

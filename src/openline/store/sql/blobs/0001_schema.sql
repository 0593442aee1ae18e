-- Attachments, apart from the record so that the record stays small.
-- One blob may be claimed with several sizes; only one of them can become complete: the digest decides.
CREATE TABLE blob (
  number INTEGER PRIMARY KEY,
  digest BLOB NOT NULL,
  size INTEGER NOT NULL,
  complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
  UNIQUE (digest, size)
) STRICT;
CREATE UNIQUE INDEX blob_complete ON blob (digest) WHERE complete = 1;

-- `data` begins at byte `start` of its blob; chunks lie end to end.
CREATE TABLE chunk (
  number INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob (number),
  start INTEGER NOT NULL,
  data BLOB NOT NULL,
  UNIQUE (blob, start)
) STRICT;

CREATE TRIGGER blob_stays BEFORE DELETE ON blob WHEN OLD.complete = 1
BEGIN SELECT raise(ABORT, 'a complete attachment is never removed'); END;
CREATE TRIGGER blob_is_not_changed BEFORE UPDATE ON blob WHEN OLD.complete = 1
BEGIN SELECT raise(ABORT, 'a complete attachment is never changed'); END;
CREATE TRIGGER chunk_is_not_changed BEFORE UPDATE ON chunk
BEGIN SELECT raise(ABORT, 'a chunk is never changed'); END;
CREATE TRIGGER chunk_of_a_complete_blob_stays BEFORE DELETE ON chunk
WHEN (SELECT complete FROM blob WHERE number = OLD.blob) = 1
BEGIN SELECT raise(ABORT, 'a complete attachment is never removed'); END;

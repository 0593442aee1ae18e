-- The record. Everything but `head`, `store` and `command` only grows: the triggers at the end see to it.
-- Times are microseconds since 1970 (time_us) or, where a signature covers them, seconds (time_s).

-- One row. Who claimed the store last owns `epoch`; a commit that carries another one is refused.
CREATE TABLE store (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  epoch INTEGER NOT NULL
) STRICT;
INSERT INTO store (one, epoch) VALUES (1, 0);

CREATE TABLE line (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  time_us INTEGER NOT NULL
) STRICT;

CREATE TABLE member (
  line INTEGER NOT NULL REFERENCES line (number),
  place INTEGER NOT NULL,
  party TEXT NOT NULL,
  PRIMARY KEY (line, place)
) STRICT, WITHOUT ROWID;

-- Where a log stands. `size` is the optimistic lock: an append names the size it extends.
CREATE TABLE head (
  log INTEGER PRIMARY KEY,
  origin TEXT NOT NULL UNIQUE,
  line TEXT NOT NULL,
  own INTEGER NOT NULL CHECK (own IN (0, 1)),
  size INTEGER NOT NULL,
  frontier BLOB NOT NULL,
  salt_key BLOB NOT NULL,
  quarantined INTEGER NOT NULL CHECK (quarantined IN (0, 1))
) STRICT;

-- `seq` is the arrival number over all logs. `body` is null when it is withheld.
CREATE TABLE entry (
  seq INTEGER PRIMARY KEY,
  log INTEGER NOT NULL REFERENCES head (log),
  idx INTEGER NOT NULL,
  leaf BLOB NOT NULL,
  salt BLOB NOT NULL,
  body BLOB,
  UNIQUE (log, idx)
) STRICT;

CREATE TABLE checkpoint (
  log INTEGER NOT NULL REFERENCES head (log),
  size INTEGER NOT NULL,
  root BLOB NOT NULL,
  signature BLOB NOT NULL,
  PRIMARY KEY (log, size)
) STRICT, WITHOUT ROWID;

CREATE TABLE receipt (
  log INTEGER NOT NULL REFERENCES head (log),
  size INTEGER NOT NULL,
  cosigner TEXT NOT NULL,
  time_s INTEGER NOT NULL,
  signature BLOB NOT NULL,
  PRIMARY KEY (log, size, cosigner)
) STRICT, WITHOUT ROWID;

CREATE TABLE seal (
  number INTEGER PRIMARY KEY,
  log INTEGER NOT NULL REFERENCES head (log),
  size INTEGER NOT NULL,
  cosigner TEXT NOT NULL,
  time_s INTEGER NOT NULL,
  root BLOB NOT NULL,
  signature BLOB NOT NULL,
  UNIQUE (log, size, cosigner)
) STRICT;

-- `refs` is CBOR: [[origin, index, leaf hash], ...]. Rows older than 7 days are removed.
CREATE TABLE command (
  key TEXT PRIMARY KEY,
  line TEXT NOT NULL,
  refs BLOB NOT NULL,
  time_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence (
  number INTEGER PRIMARY KEY,
  line TEXT NOT NULL,
  origin TEXT NOT NULL,
  fault TEXT NOT NULL,
  time_us INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;

CREATE TABLE introduction (
  number INTEGER PRIMARY KEY,
  party TEXT NOT NULL,
  proof BLOB NOT NULL,
  confirmed_by TEXT NOT NULL,
  time_us INTEGER NOT NULL
) STRICT;

CREATE TRIGGER head_stays BEFORE DELETE ON head
BEGIN SELECT raise(ABORT, 'a log is never removed'); END;
CREATE TRIGGER head_grows BEFORE UPDATE ON head
WHEN NEW.size < OLD.size OR NEW.log <> OLD.log OR NEW.origin <> OLD.origin OR NEW.own <> OLD.own
BEGIN SELECT raise(ABORT, 'a log only grows'); END;

CREATE TRIGGER entry_is_not_changed BEFORE UPDATE ON entry
BEGIN SELECT raise(ABORT, 'an entry is never changed'); END;
CREATE TRIGGER entry_is_not_removed BEFORE DELETE ON entry
BEGIN SELECT raise(ABORT, 'an entry is never removed'); END;

CREATE TRIGGER checkpoint_is_not_changed BEFORE UPDATE ON checkpoint
BEGIN SELECT raise(ABORT, 'a checkpoint is never changed'); END;
CREATE TRIGGER checkpoint_is_not_removed BEFORE DELETE ON checkpoint
BEGIN SELECT raise(ABORT, 'a checkpoint is never removed'); END;

CREATE TRIGGER receipt_is_not_changed BEFORE UPDATE ON receipt
BEGIN SELECT raise(ABORT, 'a receipt is never changed'); END;
CREATE TRIGGER receipt_is_not_removed BEFORE DELETE ON receipt
BEGIN SELECT raise(ABORT, 'a receipt is never removed'); END;

CREATE TRIGGER seal_is_not_changed BEFORE UPDATE ON seal
BEGIN SELECT raise(ABORT, 'a seal is never changed'); END;
CREATE TRIGGER seal_is_not_removed BEFORE DELETE ON seal
BEGIN SELECT raise(ABORT, 'a seal is never removed'); END;

CREATE TRIGGER evidence_is_not_changed BEFORE UPDATE ON evidence
BEGIN SELECT raise(ABORT, 'evidence is never changed'); END;
CREATE TRIGGER evidence_is_not_removed BEFORE DELETE ON evidence
BEGIN SELECT raise(ABORT, 'evidence is never removed'); END;

CREATE TRIGGER introduction_is_not_changed BEFORE UPDATE ON introduction
BEGIN SELECT raise(ABORT, 'an introduction is never changed'); END;
CREATE TRIGGER introduction_is_not_removed BEFORE DELETE ON introduction
BEGIN SELECT raise(ABORT, 'an introduction is never removed'); END;

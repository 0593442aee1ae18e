-- Retention and legal hold. A body may be erased, by one way only: a row in `erased` first, which no standing hold of
-- any party allows for what it covers. Header, digest, receipts and proofs stay for ever.

-- A legal hold, by the entry that placed it. `until_ms` is after the last moment; both null: of single entries only.
-- `lifted` is the entry of the same log that lifted it. `mark` 0 binds all entries, any other those of its own mark.
CREATE TABLE hold (
  log INTEGER NOT NULL REFERENCES head (log),
  idx INTEGER NOT NULL,
  line TEXT NOT NULL,
  mark INTEGER NOT NULL,
  since_ms INTEGER,
  until_ms INTEGER,
  lifted INTEGER,
  PRIMARY KEY (log, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX hold_stands ON hold (line) WHERE lifted IS NULL;

CREATE TABLE held_entry (
  log INTEGER NOT NULL,
  idx INTEGER NOT NULL,
  origin TEXT NOT NULL,
  target INTEGER NOT NULL,
  PRIMARY KEY (log, idx, origin, target)
) STRICT, WITHOUT ROWID;

-- What was erased: under which class, when, and what the fold still needs of the body (`outline`, without its words).
CREATE TABLE erased (
  seq INTEGER PRIMARY KEY REFERENCES entry (seq),
  time_ms INTEGER NOT NULL,
  mark INTEGER NOT NULL,
  class TEXT NOT NULL,
  time_us INTEGER NOT NULL,
  outline BLOB NOT NULL
) STRICT;

CREATE TRIGGER hold_stays BEFORE DELETE ON hold
BEGIN SELECT raise(ABORT, 'a hold is never removed'); END;
CREATE TRIGGER hold_is_lifted_by_its_own_party BEFORE UPDATE ON hold
WHEN OLD.lifted IS NOT NULL OR NEW.lifted IS NULL OR NEW.lifted <= OLD.idx
  OR NEW.log <> OLD.log OR NEW.idx <> OLD.idx OR NEW.line <> OLD.line OR NEW.mark <> OLD.mark
  OR NEW.since_ms IS NOT OLD.since_ms OR NEW.until_ms IS NOT OLD.until_ms
  OR NOT EXISTS (SELECT 1 FROM entry e WHERE e.log = OLD.log AND e.idx = NEW.lifted)
BEGIN SELECT raise(ABORT, 'a hold is lifted by a later entry of its own log, once'); END;

CREATE TRIGGER held_entry_stays BEFORE DELETE ON held_entry
BEGIN SELECT raise(ABORT, 'a hold is never removed'); END;
CREATE TRIGGER held_entry_is_not_changed BEFORE UPDATE ON held_entry
BEGIN SELECT raise(ABORT, 'a hold is never changed'); END;

CREATE TRIGGER erased_is_not_held BEFORE INSERT ON erased
WHEN EXISTS (
  SELECT 1 FROM entry e JOIN head l ON l.log = e.log JOIN hold h ON h.line = l.line
  WHERE e.seq = NEW.seq AND h.lifted IS NULL AND (h.mark = 0 OR h.mark = NEW.mark) AND (
    (h.since_ms <= NEW.time_ms AND NEW.time_ms < h.until_ms)
    OR EXISTS (
      SELECT 1 FROM held_entry x
      WHERE x.log = h.log AND x.idx = h.idx AND x.origin = l.origin AND x.target = e.idx
    )
  )
)
BEGIN SELECT raise(ABORT, 'a legal hold stands over this entry'); END;
CREATE TRIGGER erased_stays BEFORE DELETE ON erased
BEGIN SELECT raise(ABORT, 'what was erased stays erased'); END;
CREATE TRIGGER erased_is_not_changed BEFORE UPDATE ON erased
BEGIN SELECT raise(ABORT, 'what was erased stays erased'); END;

DROP TRIGGER entry_is_not_changed;
CREATE TRIGGER entry_is_not_changed BEFORE UPDATE ON entry
WHEN NEW.seq <> OLD.seq OR NEW.log <> OLD.log OR NEW.idx <> OLD.idx OR NEW.leaf <> OLD.leaf
  OR NEW.body IS NOT NULL OR length(NEW.salt) <> 0
  OR NOT EXISTS (SELECT 1 FROM erased x WHERE x.seq = OLD.seq)
BEGIN SELECT raise(ABORT, 'an entry is never changed'); END;

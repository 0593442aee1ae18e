-- The search index. Everything here is derived from the record: the file may be removed at any time.

-- One row: what the index was made by, and the last entry it holds, by arrival number and leaf hash.
CREATE TABLE state (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  made_by TEXT NOT NULL,
  seq INTEGER NOT NULL,
  leaf_hash BLOB NOT NULL
) STRICT;

-- When the author of each entry said it, and between which arrival numbers the entries of one day lie.
CREATE TABLE said (
  seq INTEGER PRIMARY KEY,
  time_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE day (
  day INTEGER PRIMARY KEY,
  first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL
) STRICT;

-- Tokens only, made in Python; never a text.
CREATE VIRTUAL TABLE words USING fts5 (
  tokens, tokenize = 'ascii', content = '', contentless_delete = 1, detail = none
);

-- The statements of the search index, by name. Values are given in the order in which their names first appear.

-- name: begin
INSERT INTO state (one, made_by, seq, leaf_hash) VALUES (1, :made_by, 0, x'');

-- name: state
SELECT made_by, seq, leaf_hash FROM state;

-- name: advance
UPDATE state SET seq = :seq, leaf_hash = :leaf_hash;

-- name: add_words
INSERT INTO words (rowid, tokens) VALUES (:seq, :tokens);

-- name: add_said
INSERT INTO said (seq, time_ms) VALUES (:seq, :time_ms);

-- name: add_day
INSERT INTO day (day, first_seq, last_seq) VALUES (:day, :seq, :seq)
ON CONFLICT (day) DO UPDATE SET first_seq = min(first_seq, excluded.first_seq),
  last_seq = max(last_seq, excluded.last_seq);

-- name: remove_words
DELETE FROM words WHERE rowid = :seq;

-- name: remove_said
DELETE FROM said WHERE seq = :seq;

-- name: optimize
INSERT INTO words (words) VALUES ('optimize');

-- name: span
SELECT coalesce(min(first_seq), 1), coalesce(max(last_seq), 0) FROM day WHERE day >= :first AND day <= :last;

-- name: find
SELECT rowid FROM words WHERE words MATCH :query AND rowid >= :first AND rowid <= :last
ORDER BY rowid DESC LIMIT :count;

-- name: find_in_period
SELECT w.rowid FROM words w CROSS JOIN said s ON s.seq = w.rowid
WHERE w.words MATCH :query AND w.rowid >= :first AND w.rowid <= :last
  AND s.time_ms >= :since_ms AND s.time_ms < :until_ms
ORDER BY w.rowid DESC LIMIT :count;

-- The statements of the record, by name. Values are given in the order in which their names first appear.
-- Only what PostgreSQL has too.

-- name: claim
UPDATE store SET epoch = epoch + 1 RETURNING epoch;

-- name: epoch
SELECT epoch FROM store;

-- name: logs
SELECT origin, log FROM head;

-- name: last_seq
SELECT coalesce(max(seq), 0) FROM entry;

-- name: open_log
INSERT INTO head (log, origin, line, own, size, frontier, salt_key, quarantined)
VALUES (:log, :origin, :line, :own, 0, :frontier, :salt_key, 0);

-- name: set_salt_key
UPDATE head SET salt_key = :salt_key WHERE log = :log;

-- name: quarantine
UPDATE head SET quarantined = :held WHERE log = :log;

-- name: quarantine_own
UPDATE head SET quarantined = 1 WHERE own = 1 RETURNING origin;

-- name: grow
UPDATE head SET size = :size, frontier = :frontier WHERE log = :log AND size = :base;

-- name: add_entry
INSERT INTO entry (seq, log, idx, leaf, salt, body) VALUES (:seq, :log, :idx, :leaf, :salt, :body);

-- name: add_checkpoint
INSERT INTO checkpoint (log, size, root, signature) VALUES (:log, :size, :root, :signature);

-- name: add_receipt
INSERT INTO receipt (log, size, cosigner, time_s, signature)
VALUES (:log, :size, :cosigner, :time_s, :signature)
ON CONFLICT (log, size, cosigner) DO NOTHING;

-- name: add_seal
INSERT INTO seal (log, size, cosigner, time_s, root, signature)
VALUES (:log, :size, :cosigner, :time_s, :root, :signature)
ON CONFLICT (log, size, cosigner) DO NOTHING;

-- name: add_command
INSERT INTO command (key, line, refs, time_us) VALUES (:key, :line, :refs, :time_us)
ON CONFLICT (key) DO NOTHING;

-- name: prune_commands
DELETE FROM command WHERE time_us < :before;

-- name: add_evidence
INSERT INTO evidence (line, origin, fault, time_us, data)
VALUES (:line, :origin, :fault, :time_us, :data);

-- name: add_introduction
INSERT INTO introduction (party, proof, confirmed_by, time_us)
VALUES (:party, :proof, :confirmed_by, :time_us);

-- name: open_line
INSERT INTO line (id, time_us) VALUES (:id, :time_us) ON CONFLICT (id) DO NOTHING RETURNING number;

-- name: add_member
INSERT INTO member (line, place, party) VALUES (:line, :place, :party);

-- name: heads
SELECT h.origin, h.line, h.own, h.size, h.frontier, h.salt_key, h.quarantined, c.root, c.signature
FROM head h LEFT JOIN checkpoint c ON c.log = h.log AND c.size = h.size
ORDER BY h.log;

-- name: lines
SELECT l.id, l.time_us, m.party
FROM line l JOIN member m ON m.line = l.number
ORDER BY l.number, m.place;

-- name: introductions
SELECT party, proof, confirmed_by, time_us FROM introduction ORDER BY number;

-- name: entries
SELECT idx, leaf, salt, body FROM entry
WHERE log = (SELECT log FROM head WHERE origin = :origin) AND idx >= :start AND idx < :stop
ORDER BY idx;

-- name: arrived
SELECT e.seq, h.origin, e.idx, e.leaf, e.salt, e.body
FROM entry e JOIN head h ON h.log = e.log
WHERE e.seq > :after_seq
ORDER BY e.seq
LIMIT :count;

-- name: arrival
SELECT seq, leaf, salt, body FROM entry
WHERE log = (SELECT log FROM head WHERE origin = :origin) AND idx = :idx;

-- name: checkpoints
SELECT size, root, signature FROM checkpoint
WHERE log = (SELECT log FROM head WHERE origin = :origin) AND size > :after_size
ORDER BY size
LIMIT :count;

-- name: checkpoint
SELECT size, root, signature FROM checkpoint
WHERE log = (SELECT log FROM head WHERE origin = :origin) AND size = :size;

-- name: receipts
SELECT size, cosigner, time_s, signature FROM receipt
WHERE log = (SELECT log FROM head WHERE origin = :origin) AND size > :after_size
ORDER BY size, cosigner
LIMIT :count;

-- name: newest_receipt
SELECT size, cosigner, time_s, signature FROM receipt
WHERE log = (SELECT log FROM head WHERE origin = :origin) AND cosigner = :cosigner
ORDER BY size DESC
LIMIT 1;

-- name: seals
SELECT size, root, cosigner, time_s, signature FROM seal
WHERE log = (SELECT log FROM head WHERE origin = :origin)
ORDER BY number;

-- name: is_sealed
SELECT 1 FROM seal
WHERE log = (SELECT log FROM head WHERE origin = :origin) AND size = :size AND cosigner = :cosigner;

-- name: command
SELECT line, refs, time_us FROM command WHERE key = :key;

-- name: evidence
SELECT line, origin, fault, time_us, data FROM evidence ORDER BY number;

-- name: sizes
SELECT origin, own, size FROM head ORDER BY log;

-- name: tallies
SELECT h.origin, h.size,
  (SELECT max(e.idx) FROM entry e WHERE e.log = h.log) AS last_idx,
  (SELECT max(c.size) FROM checkpoint c WHERE c.log = h.log) AS signed_size
FROM head h ORDER BY h.log;

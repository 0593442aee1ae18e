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

-- name: place_hold
INSERT INTO hold (log, idx, line, mark, since_ms, until_ms, lifted)
VALUES (:log, :idx, :line, :mark, :since_ms, :until_ms, NULL)
ON CONFLICT (log, idx) DO NOTHING;

-- name: hold_entry
INSERT INTO held_entry (log, idx, origin, target) VALUES (:log, :idx, :origin, :target)
ON CONFLICT (log, idx, origin, target) DO NOTHING;

-- name: lift_hold
UPDATE hold SET lifted = :by WHERE log = :log AND idx = :idx AND lifted IS NULL;

-- name: mark_erased
INSERT INTO erased (seq, time_ms, mark, class, time_us, outline)
SELECT e.seq, :time_ms, :mark, :class, :time_us, :outline
FROM entry e JOIN head l ON l.log = e.log
WHERE e.log = :log AND e.idx = :idx AND e.body IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM erased x WHERE x.seq = e.seq)
  AND NOT EXISTS (
    SELECT 1 FROM hold h
    WHERE h.line = l.line AND h.lifted IS NULL AND (h.mark = 0 OR h.mark = :mark) AND (
      (h.since_ms <= :time_ms AND :time_ms < h.until_ms)
      OR EXISTS (
        SELECT 1 FROM held_entry x
        WHERE x.log = h.log AND x.idx = h.idx AND x.origin = l.origin AND x.target = e.idx
      )
    )
  );

-- name: erase_body
UPDATE entry SET body = NULL, salt = x''
WHERE log = :log AND idx = :idx AND EXISTS (SELECT 1 FROM erased x WHERE x.seq = entry.seq);

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

-- name: erasure
SELECT x.class, x.time_us, x.outline
FROM erased x JOIN entry e ON e.seq = x.seq
WHERE e.log = (SELECT log FROM head WHERE origin = :origin) AND e.idx = :idx;

-- name: holds
SELECT l.origin, h.idx, h.line, h.mark, h.since_ms, h.until_ms, h.lifted
FROM hold h JOIN head l ON l.log = h.log
ORDER BY h.log, h.idx;

-- name: held_entries
SELECT origin, target FROM held_entry
WHERE log = (SELECT log FROM head WHERE origin = :holder) AND idx = :idx
ORDER BY origin, target;

-- name: sizes
SELECT origin, own, size FROM head ORDER BY log;

-- name: tallies
SELECT h.origin, h.size,
  (SELECT max(e.idx) FROM entry e WHERE e.log = h.log) AS last_idx,
  (SELECT max(c.size) FROM checkpoint c WHERE c.log = h.log) AS signed_size
FROM head h ORDER BY h.log;

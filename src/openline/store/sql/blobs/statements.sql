-- The statements of the attachments, by name. Values are given in the order in which their names first appear.

-- name: complete_size
SELECT size FROM blob WHERE digest = :digest AND complete = 1;

-- name: begin
INSERT INTO blob (digest, size, complete) VALUES (:digest, :size, 0) ON CONFLICT (digest, size) DO NOTHING;

-- name: add
INSERT INTO chunk (blob, start, data)
VALUES ((SELECT number FROM blob WHERE digest = :digest AND size = :size), :start, :data);

-- name: finish
UPDATE blob SET complete = 1 WHERE digest = :digest AND size = :size;

-- name: remove_chunks
DELETE FROM chunk WHERE blob = (SELECT number FROM blob WHERE digest = :digest AND size = :size);

-- name: remove_blob
DELETE FROM blob WHERE digest = :digest AND size = :size;

-- name: mark_erased
INSERT INTO erased (digest, size, class, time_us) VALUES (:digest, :size, :class, :time_us)
ON CONFLICT (digest) DO NOTHING;

-- name: erased
SELECT class, time_us FROM erased WHERE digest = :digest;

-- name: chunk
SELECT c.data FROM chunk c JOIN blob b ON b.number = c.blob
WHERE b.digest = :digest AND b.size = :size AND c.start = :start;

-- name: read
SELECT substr(c.data, :offset - c.start + 1, :size)
FROM chunk c JOIN blob b ON b.number = c.blob
WHERE b.digest = :digest AND b.complete = 1 AND c.start <= :offset
ORDER BY c.start DESC LIMIT 1;

-- name: digests
SELECT size, digest FROM blob WHERE complete = 1 ORDER BY number;

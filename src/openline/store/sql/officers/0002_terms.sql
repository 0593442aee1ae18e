-- How a passkey came about, as the record says it: a JSON object of openline.line.enrolling.Terms, chosen with the
-- invitation. `salt` hides the holder's name in the record. Who was there before gets a pseudonym and a salt now.

DROP TRIGGER passkey_stays_revoked;
ALTER TABLE passkey ADD COLUMN terms TEXT NOT NULL DEFAULT '{}';
ALTER TABLE passkey ADD COLUMN salt BLOB NOT NULL DEFAULT x'';
ALTER TABLE passkey ADD COLUMN revoked_by TEXT NOT NULL DEFAULT '';
ALTER TABLE passkey ADD COLUMN revoked_why TEXT NOT NULL DEFAULT '';
ALTER TABLE invite ADD COLUMN terms TEXT NOT NULL DEFAULT '{}';
UPDATE passkey SET terms = json_object('pseudonym', 'S-' || number), salt = randomblob(16);
UPDATE passkey SET revoked_why = 'revoked' WHERE revoked IS NOT NULL;
DELETE FROM invite;
CREATE TRIGGER passkey_stays_revoked BEFORE UPDATE ON passkey WHEN OLD.revoked IS NOT NULL
BEGIN SELECT raise(ABORT, 'a revoked passkey is never changed'); END;

-- Whose name was opened to the other parties, by whom and why.
CREATE TABLE opened (
  pseudonym TEXT NOT NULL PRIMARY KEY,
  by TEXT NOT NULL,
  why TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

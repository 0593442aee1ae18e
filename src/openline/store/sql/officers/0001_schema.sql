-- Who may open the console. Local matters of this headquarters: nothing of it ever goes to a peer.
-- Secrets stand here by their SHA-256 only; a passkey's public key is no secret. Times are microseconds since 1970.

-- A position that has been invited once. Which positions exist, and with which role, the configuration says.
-- `handle` is what authenticators know it by.
CREATE TABLE position (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  handle BLOB NOT NULL UNIQUE
) STRICT;

-- `host` is the name of the console the passkey was made for: it answers to no other.
CREATE TABLE passkey (
  number INTEGER PRIMARY KEY,
  position INTEGER NOT NULL REFERENCES position (number),
  credential BLOB NOT NULL UNIQUE,
  public_key BLOB NOT NULL,
  sign_count INTEGER NOT NULL,
  host TEXT NOT NULL,
  holder TEXT NOT NULL,
  registered INTEGER NOT NULL,
  used INTEGER NOT NULL,
  revoked INTEGER
) STRICT;

CREATE TABLE invite (
  digest BLOB NOT NULL PRIMARY KEY,
  position INTEGER NOT NULL REFERENCES position (number),
  holder TEXT NOT NULL,
  expires INTEGER NOT NULL,
  used INTEGER
) STRICT;

CREATE TABLE session (
  digest BLOB NOT NULL PRIMARY KEY,
  passkey INTEGER NOT NULL REFERENCES passkey (number),
  opened INTEGER NOT NULL,
  used INTEGER NOT NULL
) STRICT;

CREATE TRIGGER passkey_stays BEFORE DELETE ON passkey
BEGIN SELECT raise(ABORT, 'a passkey is revoked, never removed'); END;
CREATE TRIGGER passkey_stays_revoked BEFORE UPDATE ON passkey WHEN OLD.revoked IS NOT NULL
BEGIN SELECT raise(ABORT, 'a revoked passkey is never changed'); END;

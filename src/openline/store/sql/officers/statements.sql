-- The statements of the officers' file, by name. Values are given in the order in which their names first appear.

-- name: add_position
INSERT INTO position (name, handle) VALUES (:name, :handle) ON CONFLICT (name) DO NOTHING;

-- name: add_invite
INSERT INTO invite (digest, position, holder, expires, terms)
VALUES (:digest, (SELECT number FROM position WHERE name = :name), :holder, :expires, :terms);

-- name: prune_invites
DELETE FROM invite WHERE expires < :before;

-- name: invite
SELECT p.name, p.handle, i.holder, i.expires, i.used, i.terms
FROM invite i JOIN position p ON p.number = i.position WHERE i.digest = :digest;

-- name: use_invite
UPDATE invite SET used = :now WHERE digest = :digest AND used IS NULL AND expires > :now;

-- name: add_passkey
INSERT INTO passkey (position, holder, terms, credential, public_key, sign_count, host, salt, registered, used)
SELECT i.position, i.holder, i.terms, :credential, :public_key, :sign_count, :host, :salt, :now, :now
FROM invite i WHERE i.digest = :digest;

-- name: passkeys
SELECT k.number, p.name, p.handle, k.credential, k.public_key, k.sign_count, k.host, k.holder,
  k.registered, k.used, k.revoked, k.terms, k.salt, k.revoked_by, k.revoked_why
FROM passkey k JOIN position p ON p.number = k.position ORDER BY k.number;

-- name: passkey
SELECT k.number, p.name, p.handle, k.credential, k.public_key, k.sign_count, k.host, k.holder,
  k.registered, k.used, k.revoked, k.terms, k.salt, k.revoked_by, k.revoked_why
FROM passkey k JOIN position p ON p.number = k.position WHERE k.credential = :credential;

-- The counter must have grown; authenticators without one say 0 for ever.
-- name: use_passkey
UPDATE passkey SET sign_count = :sign_count, used = :now
WHERE credential = :credential AND revoked IS NULL
  AND (sign_count < :sign_count OR (sign_count = 0 AND :sign_count = 0));

-- name: valid_of
SELECT number FROM passkey WHERE terms ->> 'pseudonym' = :pseudonym AND revoked IS NULL;

-- name: revoke
UPDATE passkey SET revoked = :now, revoked_by = :by, revoked_why = :why WHERE number = :number AND revoked IS NULL;

-- name: pseudonyms
SELECT terms ->> 'pseudonym' FROM passkey UNION SELECT terms ->> 'pseudonym' FROM invite;

-- name: open_name
INSERT INTO opened (pseudonym, by, why, at) VALUES (:pseudonym, :by, :why, :at) ON CONFLICT (pseudonym) DO NOTHING;

-- name: opened
SELECT pseudonym, by, why FROM opened;

-- name: add_session
INSERT INTO session (digest, passkey, opened, used)
SELECT :digest, number, :now, :now FROM passkey WHERE credential = :credential AND revoked IS NULL;

-- name: sessions
SELECT s.digest, s.passkey, p.name, s.opened, s.used
FROM session s JOIN passkey k ON k.number = s.passkey JOIN position p ON p.number = k.position
WHERE k.revoked IS NULL;

-- name: touch_session
UPDATE session SET used = :used WHERE digest = :digest;

-- name: end_session
DELETE FROM session WHERE digest = :digest;

-- name: end_sessions
DELETE FROM session WHERE passkey = :number;

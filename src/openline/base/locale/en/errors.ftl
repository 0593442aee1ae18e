### What is wrong with keys, cards and pairing, and with bytes that came from elsewhere.
### Each sentence says what could not be done and what to do now. { $detail } is a technical word, always in English.

## Bytes from the other side

peer-value-not-canonical = What the other side sent is not in the one allowed form. It is refused. Tell the technicians of both sides.
peer-value-too-large = What was sent is too large: { $size } bytes, at most { $limit } are allowed. It is refused. Tell the technicians of both sides.
peer-value-unreadable = What was sent cannot be read ({ $detail }). It is refused. Ask the other side to send it again.
peer-body-wrong = What was sent is not a valid { $kind } ({ $detail }). It is refused. Tell the technicians of both sides.
peer-leaf-wrong = An entry of the other side has a wrong header ({ $detail }). It is refused. Tell the technicians of both sides.
peer-push-wrong = Entries of the other side cannot be put together again ({ $detail }). They are refused. Tell the technicians of both sides.
peer-names-unheld = An entry names { $origin }, number { NUMBER($index, useGrouping: 0) }, which is not here yet. It is refused for now. The other node sends it again.
peer-push-unsigned = The signature over { $origin } at { $size } entries is wrong. The entries are refused. Tell the supervisor and call the other side.
peer-checkpoint-unsigned = The statement about { $origin } at { $size } entries has a wrong signature. It is refused. Tell the supervisor and call the other side.
peer-receipt-unsigned = A receipt of the other side has a wrong signature. It does not count. Tell the supervisor and call the other side.
peer-key-unknown = No key of the other side is known for this part of its log. Ask it for its newest card.

## The record

log-forked = The record has a conflict: { $origin } has two signed histories at { $size } entries. Both are kept. Call the supervisor now.
log-quarantined = Nothing can be written to { $origin }: it was restored from a backup. Check the paths. It opens when the other side is heard.
frontier-wrong = The tree of a log cannot be read ({ $size } bytes). Stop the node and restore a backup.

checkpoint-other-log = This checkpoint belongs to { $origin } at { $size } entries, not to the log in hand. It is refused. Ask for the right file.
checkpoint-signature-wrong = The signature of { $name } under the checkpoint of { $origin } is wrong. Do not trust this file. Tell the supervisor.
checkpoint-unsigned = The checkpoint of { $origin } has no signature of a known key. It is refused. Ask the party for its newest card.
checkpoint-wrong = The checkpoint cannot be read ({ $detail }). It is refused. Ask for the file again.
note-too-large = The signed note is too large ({ $size }, at most { $limit }). It is refused. Ask for the file again.
note-wrong = The signed note cannot be read ({ $detail }). It is refused. Ask for the file again.
policy-too-large = The policy file is too large: { $size } bytes, at most { $limit }. It is refused. Ask for the file again.
policy-wrong = Line { NUMBER($line, useGrouping: 0) } of the policy file is wrong ({ $detail }). It is refused. Ask for the file again.
proof-fails = The proof does not lead to entry { NUMBER($index, useGrouping: 0) } of { $origin }. Do not trust this file. Tell the supervisor.
proof-too-large = The proof is too large ({ $size }, at most { $limit }). It is refused. Ask for the file again.
proof-unsigned = The proof is not signed by { $origin } itself. Do not trust this file. Ask for it again.
proof-wrong = The proof cannot be read ({ $detail }). It is refused. Ask for the file again.
tile-missing = The file { $path } of the log is missing. The log cannot be checked. Ask for the whole export again.
tile-wrong = A file of the log is not what its entries give ({ $detail }). Do not trust this export. Ask for it again.
tiles-root-differs = The entries of { $origin } are not those that were signed at { $size }. Do not trust this export. Tell the supervisor.

## Keys

node-keys-unreadable = The keys of this node cannot be read. Put your own copy of the file keys/node.cbor in place, then start again.
root-keys-unreadable = The root file opens but holds no root key. Use another copy of it.
root-locked = The root file does not open. Type the passphrase again. If it fails again, the file may be damaged: use another copy.
vkey-wrong = A public key is wrong ({ $detail }). It is refused. Ask the party for its file again.

## Cards and pairing

card-key-taken = The card of { $party } claims a key of { $other }. It is refused. Call both parties and tell the supervisor.
card-not-newer = The card of { $party } is not newer than the one in use. Nothing is changed. Ask for the newest file.
card-other-party = The card is of { $other }, not of { $party }. It is refused. Ask for the right file.
card-past-changed = The new card of { $party } changes an old key. It is refused. Call { $party } and compare the digits of its root.
card-promise-broken = The new card of { $party } breaks its promise about the next root. It is refused. Call { $party } and tell the supervisor.
card-root-unknown = The new card of { $party } is signed by a root that nobody promised. It is refused. Pair with { $party } again by voice.
card-wrong = The card is wrong in the field { $field }. It is refused. Ask the party for a new file.
identity-log-differs = The cards of { $party } are not the { $size } that its root signed. They are refused. Ask for a new file.
identity-log-empty = The identity log holds no card. It is refused. Ask the party for a new file.
identity-log-unsigned = The cards of { $party } are not signed by both keys of its root. They are refused. Ask for a new file.
invitation-other-root = The file of { $party } has another root than the digits you know. Do not accept it. Call { $party } and tell the supervisor.
invitation-wrong = This file is not an invitation ({ $detail }). Nothing is accepted. Ask the other side for its card file.
trust-digits-differ = The digits typed are not those of { $party }. Nothing is accepted. Let them read again, slowly. If they differ again, tell the supervisor.
trust-known-party = { $party } is accepted already. Nothing is changed. To compare the digits again, pair with its new file.
trust-unknown-party = { $party } was never accepted here. Nothing is changed. Pair with { $party } first.

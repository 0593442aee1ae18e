### What an audit of an exported record finds. "Tampering" sentences say what is false, "missing" ones what is not there.

## The file itself

bundle-no-key = The record cannot be exported: the key of { $name } is not held here. Ask that party for its card.
bundle-too-large = The record cannot be exported: it would have more than { $limit } files. Export it without attachments.
bundle-unreadable = This file is not an export of a record ({ $detail }). Nothing could be checked. Ask for the file again.
audit-file-damaged = The file { $name } in the export is damaged: its checksum is wrong. Ask for the export again.
audit-file-missing = The file { $name } belongs in the export and is not there. Ask for the whole export.
audit-file-stray = The file { $name } does not belong in an export. Somebody has added it. Ask where the export comes from.
audit-file-wrong = The file { $name } in the export is wrong ({ $detail }). Ask for the export again and keep both.
audit-evidence = The exporter has kept evidence of a fault ({ $fault }) about { $log } since { $time }. Read the file { $name }.

## Who the parties are

audit-root-not-given = No digits were given for { $party }. The export shows { $fingerprint }. Ask { $party } to read its digits aloud and compare.
audit-root-differs = The root of { $party } is false: you gave { $given }, the export shows { $fingerprint }. Do not trust it.
audit-root-unused = Digits were given for { $party }, which is not a member of this line. They were not used.
audit-identity-missing = The export holds no card of { $party }. Its signatures cannot be checked. Ask for the whole export.
audit-identity-wrong = The card of { $party } in { $name } is false ({ $detail }). Do not trust its signatures.
audit-identity-broken = The cards of { $party } do not follow from each other ({ $detail }). Do not trust its newest root { $fingerprint }.

## What was signed

audit-checkpoint-wrong = The newest checkpoint of { $log } is false ({ $detail }). Nothing shows that { $log } signed these entries.
audit-checkpoints-missing = Checkpoints of { $log } after { $size } entries are missing. Ask for the whole export.
audit-entries-changed = { $count ->
    [one] Entry { $entry } is
   *[other] One or more of the entries { $entry } to { $last } are
 } not what was signed. Compare with the other party's copy.
audit-entries-missing = { $count ->
    [one] Entry { $entry } is
   *[other] Entries { $entry } to { $last } are
 } missing. Ask for the whole export.
audit-entry-changed = { $count ->
    [one] Entry { $entry } is
   *[other] Entries { $entry } to { $last } are
 } not what was signed. Compare with the other party's copy.
audit-entry-unreadable = Entry { $entry } was signed and cannot be read ({ $detail }). Ask its author what it says.
audit-log-forked = { $log } has signed two histories: the checkpoint at { $size } entries does not fit this record. Keep the export as evidence.
audit-policy-differs = The policy file of { $log } ({ $name }) is not the one its keys give. Do not use it.
audit-signature-wrong = The signature of { $log } at { $size } entries is wrong.
audit-signature-unknown = A signature under { $log } is by { $name }, whose key is not known here. It was not counted.
audit-seal-wrong = The seal of { $name } over { $log } at { $size } entries is wrong.
audit-seals-missing = Seals of { $log } are missing: they cover { $size } entries only. The other signatures hold. Ask for a newer export.
audit-receipt-wrong = A receipt for { $log } at { $size } entries ({ $party }) is wrong. It was not counted.
audit-receipt-missing = { $party } has not receipted { $count ->
    [one] entry { $entry }
   *[other] entries { $entry } to { $last }
 }. Nothing proves that it held them.
audit-receipt-backwards = The clock of { $party } ran backwards: its receipt for { $log } at { $size } entries is earlier than the one before.

## What entries say

audit-body-changed = The text of { $entry } is not what was signed. Compare with the other party's copy.
audit-attachment-changed = The attachment { $name } of { $entry } is not what was signed. Compare with the other party's copy.
audit-seen-differs = { $entry } says that its author held { $size } entries of { $other }; they were other entries than these.
audit-seen-missing = { $entry } says that its author held { $size } entries of { $other }; the export has fewer. Ask for the whole export.
audit-ref-differs = { $entry } names { $other } with another content than it has here.
audit-ref-missing = { $entry } names { $other }, which is not in the export. Ask for the whole export.
audit-names-elsewhere = { $entry } names { $other }, which is not of this line. It was not checked.

## When

audit-time-backwards = { $entry } is dated { $time }, before the entry in front of it ({ $bound }). The author's clock was wrong.
audit-time-too-early = { $entry } is dated { $time }; signatures show that it was written after { $bound }. The author's clock was slow.
audit-time-too-late = { $entry } is dated { $time }; signatures show that it was written before { $bound }. The author's clock was fast.

## Personal signatures

audit-officer-wrong = Entry { $entry } enters or changes no officer. It has no effect.
audit-signature-personal-wrong = Entry { $entry } is no personal signature of { $signed }: { $reason }. It has no effect.

## A dispute pack

audit-pack-unproven = The proof of { $log } ({ $name }) does not lead to the signed checkpoint. Nothing shows that these entries stand in it.
audit-pack-proof-wrong = The proof in { $name } that { $log } at { $size } entries belongs to this record is wrong. What it says of times was not counted.
audit-pack-about-missing = The pack is about { $entry } and does not have it. Ask for the pack again.
audit-pack-gap = { $count ->
    [one] { $entry } belongs to the period
   *[other] Of { $entry } to { $last }, not all are here
} as the pack states it. It has a gap. Ask for the pack again.
audit-pack-neighbour-inside = { $entry } is dated inside the period and stands outside of it in the pack. Ask for a pack with the whole period.
audit-pack-open-end = The period goes on after the last entry of { $log } ({ $size } entries, receipted by { $receipted }). What came before { $until } and after that is not in this pack.
audit-body-redacted = { $count ->
    [one] The text of { $entry } is withheld
   *[other] The texts of { $entry } to { $last } are withheld
} by the exporter. Each digest is in the signed header.
audit-body-not-held = { $count ->
    [one] The text of { $entry } is
   *[other] The texts of { $entry } to { $last } are
} not held by the exporter. Each digest is in the signed header. Ask the other party.
audit-body-missing = The text of { $entry } is not here and the pack does not say why. Ask for the pack again.
audit-body-not-withheld = The pack calls the text of { $entry } withheld; it is here, and it is what was signed.
audit-page-differs = The page of the pack (README.txt) tells something else than its entries. Do not use the page; read the entries.
audit-page-unknown = The page of the pack (README.txt) was written by another version of the program. It was not compared. Read the entries.

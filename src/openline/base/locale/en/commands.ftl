### What commands say besides their result: before something that cannot be taken back, and after it.

effect-emcon = This tells the other side of line { $line } that we receive but cannot answer.
effect-flash = This sends a FLASH on line { $line }. It rings at every position of the other side.
effect-flash-reply = This answers { $entry } with a FLASH. It rings at every position of the other side.
effect-suspended = This suspends line { $line }. Only FLASH, tests and service messages pass until you resume it.
effect-withdraw = This cancels { $entry } for both sides. It cannot be undone. The text stays in the record.
ask-name = Type { $name } to go on
ask-digits = Type the 30 digits that { $party } reads to you
ask-passphrase = Passphrase for the root key

told-answer-by = Answer by { $time }.
told-events-broke-off = No word from the node. Trying again; nothing is missed.
told-interrupted = Interrupted. What was not reported as done may be given again.
told-known-party = This party is known here already. New keys count only after the digits were compared again.
told-more = Older entries may follow. Add --before { $before } to see them.
told-move-root = Move { $file } off this machine now. It is needed only to sign a new card.
told-not-reached = { $entries } is in our log. What you wait for did not come within { $seconds } s. It stays queued.
told-pair-file = The file says: { $party }, { $names }. It is reached at: { $endpoints }.
told-pair-next = Next: give the other side the file of openline card export, and pair with theirs.
told-pair-nowhere = nowhere, it calls us
told-pair-read = Call them on a line you trust. Read them OUR digits:
told-reached = Reached after { $took } ms: { $stage }.
told-restored = Start the node. It writes nothing new before the other side has told what it holds of our log.
told-wrote = Wrote { $file }.
told-write-text = Write the text. Ctrl-D on an empty line ends it, Ctrl-C sends nothing.

## Dispute packs

pack-empty = Nothing of { $line } belongs into such a pack. Choose another period or entry.
pack-too-large = A dispute pack has at most { $limit } entries. Choose a shorter period, or export the line.
pack-scope-wrong = A pack is of a period or about entries. Give --from and --to, or --about or --call.
pack-period-wrong = The period from { $since } to { $until } has no length. Give an end after its beginning.
packs-of-two-lines = One pack is of { $line }, the other of { $other }, or of other parties. Compare packs of one line.

## Legal holds and retention

hold-scope-wrong = A hold is over the whole line, a period, or entries: one of these. Say which.
hold-entries-too-many = A hold names at most { $limit } entries. Place several, or one over a period.
hold-unknown = { $entry } on { $line } is no hold. Look with: openline hold list.
hold-of-the-other-side = The hold { $entry } was placed by the other side. Only the other side can lift it.
hold-lifted-already = The hold { $entry } was lifted already.
authority-missing = A hold needs the authority it rests on. Say on whose word.
retention-kind-kept = In { $file }, the retention class { $name } has the kind { $kind }, which is never erased: the record needs its words. Leave it out.
blob-erased = The attachment { $digest } was erased here under a retention class and is not taken in again. Send it under another form.

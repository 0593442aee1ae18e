### What is said on a line: refusals, faults of entries, alarms and what to do about them.

## A refusal: nothing was written

arguments-wrong = The command { $verb } cannot be understood: { $detail }. Nothing is written. Correct it and send it again.
attachment-too-large = The file has { $size } bytes; at most { $limit } are allowed. Nothing is sent. Divide the file.
attachment-wrong = The attachment { $digest } is not named correctly. Nothing is sent. Give its size, and its SHA-256 as 64 small hexadecimal digits.
attachments-too-many = A message has at most { $limit } attachments. Nothing is sent. Send the others with a second message.
correction-not-possible = Entry { $entry } is of the kind { $kind } and cannot be corrected. Say it again with a new message.
correction-of-cancelled = Entry { $entry } is withdrawn and cannot be corrected. Send a new message.
correction-of-others-entry = Entry { $entry } is not ours. Only its author can correct it. Reply to it instead.
desk-name-wrong = The name of the desk cannot stand in the record. Use visible characters, at most { $limit } bytes.
entry-id-wrong = { $entry } is not the name of an entry. Write it as party and number, for example bravo:14.
entry-names-too-much = The message names too much ({ $refs } entries, { $attachments } attachments). Nothing is sent. Divide it into two messages.
entry-other-line = { $entry } is not on line { $line }. Name the entry of this line, or ask on the other line.
entry-party-unknown = There is no such party on line { $line }: { $entry }. Use the name of a member, for example bravo:14.
entry-unknown = Line { $line } has no entry { $entry } here. Check the number, or wait until it arrives.
language-wrong = { $language } is not a language tag. Write for example en, fr, ru, uk or ar.
line-forked = Nothing can be written on line { $line }: the record has a conflict with { $party }. Call the supervisor now.
line-full = Line { $line } takes no more { $precedence }: { $waiting } entries wait for a receipt. Check the paths. FLASH still passes.
line-suspended = Line { $line } is suspended by { $party } since { $since }. Nothing is sent. FLASH, tests and service messages still pass.
mark-differs = Entry { $entry } is marked { $expected }, not { $mark }. Nothing is written. Use the mark { $expected }.
message-too-many-words = A { $precedence } has at most { $limit } words; this has { $words }. Nothing is sent. Shorten it, or attach the long text as a file.
reason-missing = A reason is needed. Nothing is written. Say why; the other side sees it.
receipt-not-possible = Entry { $entry } is of the kind { $kind }: it takes no receipt. Nothing needs to be done.
receipt-of-own-entry = Entry { $entry } is ours. Only the other side can state that it was read, accepted, passed or answered.
refs-too-many = A message names at most { $limit } other entries. Nothing is sent. Name fewer.
reply-by-past = The time { $time } has passed; it is { $now } now. Nothing is sent. Give a later time to answer by.
role-wrong = { $role } is not the name of a role. Use small letters, digits, dots and hyphens.
roles-missing = The message names no role that acts on it. Nothing is sent. Name at least one, for example watch.
roles-too-many = A message names at most { $limit } roles. Nothing is sent. Name fewer.
status-not-possible = Line { $line } is { $state } on our side, so { $status } cannot be declared. Resume it first, or declare nothing.
text-empty = The text is empty. Nothing is sent. Write the message again.
text-too-long = The field { $field } has { $size } bytes; at most { $limit } are allowed. Nothing is sent. Shorten it, or attach it as a file.
text-unreadable = The field { $field } is not Unicode text. Nothing is sent. Type it again.
time-unreadable = { $time } is not a time that can be read. Write 2300Z, 212300Z, +30m, or RFC 3339 with its zone.
translation-not-possible = Entry { $entry } is of the kind { $kind } and takes no translation. Nothing is written.
translation-of-translation = Entry { $entry } is itself a translation. Translate the original entry instead.
verb-unknown = There is no command { $verb }. See the list of commands.
withdrawal-not-possible = Entry { $entry } is of the kind { $kind } and cannot be withdrawn. Say with a new message what is no longer so.
withdrawal-of-others-entry = Entry { $entry } is not ours. Only its author can withdraw it. Reply to it instead.
withdrawn-already = Entry { $entry } is withdrawn already. Nothing needs to be done.

batch-too-large = { $count } entries at once are too many or too long; at most { $limit } fit. Nothing is written. Send them in smaller parts.

## A fault: the entry is in the record and does not take effect

fault-body-withheld = The text of this entry is withheld. What it says is not known here. Ask its author.
fault-body-wrong = The content of this entry cannot be read ({ $reason }, { $detail }). Ask its author to say it again.
fault-cancelled-already = This entry withdraws what was withdrawn before. It changes nothing.
fault-corrects-cancelled = This entry corrects what was withdrawn before. It changes nothing. Ask its author what holds.
fault-mark-differs = This entry is marked { $mark }, what it is about is marked { $expected }. It changes nothing. Ask its author.
fault-others-entry = This entry corrects or withdraws an entry of another party. It changes nothing. Ask its author.
fault-own-entry = This entry is a receipt for an entry of its own author. It states nothing.
fault-receipts-too-many = This party has stated too many receipts for one entry. This one is kept and not counted.
fault-ref-wrong = This entry names { $ref } with a wrong hash. It does not count. Tell the supervisor and ask its author.
fault-refs-missing = This entry must name { $count ->
    [one] one other entry
   *[other] { $count } other entries
 } and does not. It changes nothing. Ask its author.
fault-reply-missing = This entry says "answered" and names no answer. It states nothing. Ask its author.
fault-role-missing = This entry says "passed" and names no role. It states nothing. Ask its author.
fault-silence-end = This entry ends a silence that was not begun. It changes nothing.
fault-status-not-possible = The line was { $state } on that side; { $status } cannot follow. It changes nothing. Ask the other side how its end stands.
fault-target-wrong = This entry cannot be about an entry of the kind { $target }. It changes nothing. Ask its author.

## Alarms: what is late, or wrong. What to do follows in a sentence of its own.

own-late-displayed = We have not displayed { $entry } to an officer. It was due { $due }.
own-late-accepted = We have not accepted { $entry }. It was due { $due }.
own-late-passed = We have not passed { $entry } to the role that acts. It was due { $due }.
own-late-answered = We have not answered { $entry }. The answer was due { $due }.
peer-late-received = The node of { $party } has not receipted { $entry }. It was due { $due }.
peer-late-displayed = { $party } has not stated that { $entry } was displayed. It was due { $due }.
peer-late-accepted = { $party } has not accepted { $entry }. It was due { $due }.
peer-late-passed = { $party } has not stated that { $entry } was passed on. It was due { $due }.
peer-late-answered = { $party } has not answered { $entry }. The answer was due { $due }.
test-unanswered = The node of { $party } has not answered test { $entry }. The answer was due { $due }.
test-garbled = The answer of { $party } to test { $entry } is not the text we sent.
silence-path-down = No path reaches { $party } since { $due }.
silence-node-down = The machine of { $party } is reached, its node is not heard, since { $due }.
silence-console-dark = The node of { $party } is heard; no console is connected to it since { $due }.
silence-rang-no-answer = The bell rings at { $party } since { $due }. Nobody answers.
silence-declined = { $party } has seen our call and declined it at { $due }.

## What to do about an alarm

do-read = Open { $entry } and read it now.
do-accept = Accept { $entry }, or say to the other side why not.
do-pass = Pass { $entry } to the role that acts, and say to which.
do-answer = Answer { $entry } now, even if the answer is UNABLE.
do-stand-by = Stay at the desk. If nothing comes, the supervisor is called next.
do-tell-supervisor = Tell the supervisor now.
do-ring = Call { $party } by voice now and name { $entry }.
do-use-next-path = Use the next way to reach { $party }: another path, a phone, the next level. Write down each attempt.
do-check-paths = Look at each path of the line and tell the technician. Call { $party } by another way.
do-test-paths = Send a test now. If it fails too, look at each path and tell the technician.

## Legal holds and erasures that are wrong

fault-hold-scope = This hold says over nothing, or over more than one thing, that it stands. It holds nothing. Ask its author to place it again.
fault-hold-unknown = This entry lifts a hold that its author has not placed. Nothing is lifted. Ask its author what is meant.
fault-hold-lifted = This entry lifts a hold that was lifted before. Nothing changes.
fault-erasure-wrong = This entry says that bodies were erased and does not say which. Ask its author what was erased.
fault-erased-already = This entry says that bodies were erased that its author has called erased before. Ask its author what is right.

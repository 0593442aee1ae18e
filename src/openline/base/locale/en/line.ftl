# Refusals: what a person asked for and cannot have. Nothing was written.
verb-unknown = There is no command { $verb }. Nothing was said. See the list of commands with --help.
entry-id-wrong = { $entry } is not an entry. Nothing was said. Name one like bravo:14.
entry-other-line = { $entry } is not on line { $line }. Nothing was said. Choose its line first.
entry-party-unknown = Line { $line } has no party as named in { $entry }. Nothing was said. Check the name.
entry-unknown = Entry { $entry } is not in our record of line { $line }. Nothing was said. Check the number.
entry-names-too-much = { $refs } references and { $attachments } attachments do not fit one entry. Nothing was said. Name fewer, or send two.
refs-too-many = An entry names at most { $limit } others. Nothing was said. Name fewer.
text-empty = The text is empty. Nothing was said. Write it and send again.
text-too-long = The { $field } has { $size } bytes, { $limit } are allowed. Nothing was said. Shorten it, or attach it as a file.
text-unreadable = The { $field } holds characters that are not text. Nothing was said. Type it again.
message-too-many-words = A { $precedence } message has at most { $limit } words; this has { $words }. Nothing was said. Shorten it, or attach the long text.
language-wrong = { $language } is not a language code. Nothing was said. Use one like en, ru or fr.
role-wrong = { $role } is not a role. Nothing was said. Use small letters, digits, dots and hyphens, such as watch.
roles-missing = Nobody is asked to act. Nothing was said. Name at least one ACTION role, such as watch.
roles-too-many = At most { $limit } roles act and { $limit } are informed. Nothing was said. Name fewer.
time-unreadable = { $time } is not a time. Nothing was said. Write it like 2026-11-22T23:00:00Z.
reply-by-past = The reply-by { $time } has passed; it is { $now }. Nothing was said. Give a later time.
reason-missing = This needs a reason. Nothing was said. Give one in a few words.
attachment-wrong = { $digest } does not name an attachment. Nothing was said. Attach the file again.
attachment-too-large = The attachment has { $size } bytes, { $limit } are allowed. Nothing was said. Split the file.
attachments-too-many = An entry carries at most { $limit } attachments. Nothing was said. Send the others with another message.
line-suspended = Line { $line } was suspended by { $party } at { $since }. Not sent. Only FLASH, tests, status and service go now.
status-not-possible = Our end of line { $line } is { $state }; { $status } cannot follow. Nothing was declared. Declare RESUMED first, or nothing.
receipt-not-possible = { $entry } is a { $kind } and takes no receipt. Nothing was said. Choose the message.
receipt-of-own-entry = { $entry } is our own. Only the other side receipts or answers it. To add something, send a new message.
translation-not-possible = { $entry } is a { $kind } and takes no translation. Nothing was said. Choose the message.
translation-of-translation = { $entry } is a translation. Nothing was said. Translate the original, in its author's own language.
correction-not-possible = { $entry } is a { $kind } and cannot be corrected. Nothing was said. Correct the message it belongs to.
correction-of-others-entry = { $entry } is not ours. Only its author corrects it. Tell them by a reply.
correction-of-cancelled = { $entry } was withdrawn and cannot be corrected. Nothing was said. Send a new message.
withdrawal-not-possible = { $entry } is a { $kind } and cannot be withdrawn. It stays on the record. Correct it by a new message.
withdrawal-of-others-entry = { $entry } is not ours. Only its author withdraws it. Tell them by a reply.
withdrawn-already = { $entry } was withdrawn before. Nothing was said, and nothing more is needed.
mark-differs = You work under { $mark }, but { $entry } is { $expected }. Nothing was said. Change your desk's mode first.

# Faults: what is wrong with an entry that stands on the record. Shown beside it.
fault-body-withheld = Its text is withheld or erased; only the header is here. Ask its author what it said.
fault-body-wrong = Its text cannot be read here ({ $reason }: { $detail }). Tell the peer by service message or voice.
fault-refs-missing = It names no entry it is about, so it has no effect. Tell its author.
fault-ref-wrong = It names { $ref }, but not as we hold it. Compare that entry with the peer, and tell the supervisor.
fault-target-wrong = It is about a { $target }, which takes nothing of this kind. It has no effect. Tell its author.
fault-own-entry = Its author receipts or answers its own entry. It has no effect.
fault-others-entry = It changes an entry of another party. It has no effect. Tell its author.
fault-mark-differs = It is marked { $mark }, but is about an entry marked { $expected }. It has no effect. Tell its author.
fault-corrects-cancelled = It corrects an entry that was withdrawn before. It has no effect. Ask its author what holds.
fault-cancelled-already = It withdraws an entry that was withdrawn before. Nothing changes.
fault-role-missing = It says PASSED but not to which role. It has no effect. Ask its author to whom.
fault-reply-missing = It says ANSWERED but names no reply of its author. It has no effect. Ask for the answer.
fault-receipts-too-many = There are too many receipts of this party for one entry. This one is kept, but not counted.
fault-status-not-possible = It declares { $status } while its author stands { $state }. It has no effect. Ask its author what holds.
fault-silence-end = It ends a silence that its author has not begun. It has no effect.

# Alarms: what is late, and since when.
own-late-displayed = { $entry } was to be shown to an officer here by { $due }.
own-late-accepted = { $entry } was to be accepted by our watch by { $due }.
own-late-passed = { $entry } was to be passed to the role that acts by { $due }.
own-late-answered = { $entry } asks for our answer by { $due }.
peer-late-received = { $party } does not hold { $entry }; due { $due }.
peer-late-displayed = Nobody at { $party } has seen { $entry }; due { $due }.
peer-late-accepted = The watch of { $party } has not accepted { $entry }; due { $due }.
peer-late-passed = { $party } has not passed { $entry } to the role that acts; due { $due }.
peer-late-answered = { $party } has not answered { $entry }; due { $due }.
test-unanswered = { $party } has not answered our test { $entry }; due { $due }.
test-garbled = { $party } decoded our test { $entry } wrongly. Texts may be changed on the way.
silence-path-down = No path has reached { $party } since { $due }.
silence-node-down = A path reaches { $party }, but its node is silent since { $due }.
silence-console-dark = The node of { $party } answers, but no console is lit there since { $due }.
silence-rang-no-answer = It has rung at { $party } since { $due } and nobody answers.
silence-declined = { $party } saw our request and declined at { $due }.

# What to do about an alarm.
do-read = Open it now.
do-accept = Read it, then acknowledge it.
do-pass = Pass it to the role that acts, and say to whom.
do-answer = Answer it, or say STAND BY.
do-stand-by = Keep watching; have the voice line ready.
do-tell-supervisor = Tell the supervisor now.
do-ring = Ring the other watch by voice.
do-use-next-path = Use the next path: another line, a liaison officer, a courier.
do-check-paths = Check our own paths; the node keeps trying.
do-test-paths = Test again; then check each path, and tell the technicians.

# Why a peer is silent.
cause-path-down = No path reaches its node.
cause-node-down = A path reaches its host, but its node does not answer.
cause-console-dark = Its node answers, but no console is lit there.
cause-rang-no-answer = It rings there and nobody answers.
cause-declined = Somebody there saw it and declined.
cause-suspended = It declared the line suspended, or itself silent.

### The watch: STOP, who it was, read-back, escalation, and the short replies.

## A refusal: nothing was written

read-back-by-several = Several parties have read { $entry } back. Nothing is written. Name the party whose read-back you judge.
read-back-not-possible = Entry { $entry } is { $state }, so { $step } cannot follow. Nothing is written. Look at its read-backs.
read-back-others = Entry { $entry } is not ours. Only its author can confirm or reissue it. Read it back instead.
read-back-own = Entry { $entry } is ours. Only the other side can read it back.
read-back-target-wrong = Entry { $entry } is of the kind { $kind } and is not read back. Nothing is written.
stop-own = The STOP { $entry } is ours. Only the other side can answer it.
stop-unbound = A STOP needs a place or an entry. Nothing is sent. Name one of them and press it again.
stop-unknown = Entry { $entry } on line { $line } is no STOP. Look for it in the list of STOPs.
tap-of-others = Entry { $entry } is not ours. Only an entry of our own can be tapped.

## A fault: the entry is in the record and does not take effect

fault-code-stage = This receipt says { $code }, which does not go with { $stage }. It states nothing. Ask its author.
fault-phrase-wrong = The phrase of this entry does not go with its text. The text holds. Ask its author.
fault-read-back-again = This { $step } follows a step that its author has already answered. It changes nothing.
fault-read-back-not-possible = This read-back was { $state }; { $step } cannot follow. It changes nothing. Ask its author.
fault-read-back-side = This { $step } is by the wrong side. It changes nothing. Ask its author.
fault-tap-of-others = This tap names an entry of another party. It says nothing.

## Alarms, and what to do

own-late-read-back = We have not read { $entry } back. It was due { $due }.
peer-late-read-back = { $party } has not read { $entry } back. It was due { $due }.
stop-not-received = The node of { $party } does not hold our STOP { $entry } of { $due }.
stop-standing = STOP { $entry } of { $due } stands. We have not answered it.
stop-unanswered = { $party } has not answered our STOP { $entry } of { $due }.
do-answer-stop = Stop it now, then answer { $entry }: STOPPED, NOT OURS or UNABLE.
do-read-back = Read { $entry } back now as you understand it.

## Fixed phrases that cannot be said

phrase-and-text = A message has a phrase or a text, not both. Nothing is sent. Leave out the text, or the phrase { $code }.
phrase-unknown = There is no phrase { $code }. Nothing is sent. See the list of phrases, or write it as a text.
phrase-value-wrong = The value { $name } of the phrase { $code } is no { $sort }. Nothing is sent. Correct it.
phrase-values-wrong = The phrase { $code } needs these values: { $names }. Nothing is sent. Give each of them once.

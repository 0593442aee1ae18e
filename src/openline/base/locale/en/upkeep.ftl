### The watch: handover, line checks, the silence ledger and the monthly report

## A refusal: nothing was written

handover-incomplete = Handover { $entry } is not complete: { $entries } must be accepted first. Read them and accept each one.
handover-item-unknown = { $item } is neither in handover { $entry } nor open. See the list of the handover.
handover-items-missing = Nothing of handover { $entry } was named. Name the items you accept.
handover-not-possible = Handover { $entry } stands at { $state }: { $step } is not possible any more. See the log of the watch.
handover-one-thing = Accept items, take the watch, refuse it or withdraw the offer: one of them at a time.
handover-others = Handover { $entry } is of another party. Only its own officers take it.
handover-self = { $name } hands the watch over and cannot take it. Another officer takes it; say who, with --by.
handover-too-many = More than { $limit } FLASH are open. Accept or answer some before the watch is handed over.
handover-under-way = This desk is handing over already, by { $entry }. Take it, refuse it or withdraw it first.
handover-unknown = Entry { $entry } is no handover on line { $line }. See the log of the watch.
check-call-missing = A check by voice names its call, and no other check does. Ring, then name the call.
check-not-a-call = Entry { $entry } is of the kind { $kind } and no call. Name the call of this check.
check-not-possible = Of the check due at { $due } we have said { $state }: { $word } cannot follow. See the log of the watch.
check-time-wrong = { $time } is no time of day. Write hours and minutes by Zulu time, such as 0600Z.
check-none-due = No check by { $form } is due now. See openline watch log, or make one without a date by --undated.
month-wrong = { $month } is no month. Write year and month, such as 2026-11.
report-ahead = Of the log of { $party } we hold { $held } entries and not { $size }. Wait until they have come, or name a smaller size.
report-sizes-wrong = { $sizes } does not say how many entries of each log. Name each party once, such as alpha:120,bravo:98.

## A fault: the entry is in the record and does not take effect

fault-check-call = This call-up by voice names no call, or it calls up for a presence. It does not count.
fault-check-date = This entry speaks of a check without saying when it was due. It does not count.
fault-check-not-possible = { $step } cannot follow: that party stood at { $state }. It changes nothing. Ask its author what holds.
fault-handover-incomplete = The watch was taken with { $count } items not accepted. It does not count: the offgoing officer keeps it.
fault-handover-none = This step names no handover of its own author. It changes nothing.
fault-handover-not-possible = { $step } cannot follow: the handover stood at { $state }. It changes nothing.
fault-handover-open = This desk was handing over already. This offer does not count.
fault-handover-self = The officer who hands over has accepted or taken the watch as well. It does not count.

## The page of the monthly report

label-report-title = Line { $line }: report for { $month }
report-computed = Computed at { $sizes }. Whoever holds these entries computes the same figures, to the byte.
label-report-digest = SHA-256 of the canonical figures
label-report-section-operation = Operation
label-report-section-exercise = Exercise, counted apart
label-report-section-test = Tests of the line
label-report-nothing = nothing in this month
label-report-charters = Charters in force
label-report-tests = Tests, and who answered them
label-report-checks = Checks by officers and pings
label-report-dates = Dates of checks
label-report-absences = Officers who gave no sign
label-report-silences = Silences, as each side states them
label-report-messages = Messages and their stages
label-report-calls = Calls
label-report-kinds = Entries by kind
label-report-plot-tests = Answers to tests a day
label-report-plot-worst = Worst answer time a day, in seconds
label-report-plot-messages = Messages a day
label-report-plot-silent = Minutes of silence a day
label-report-column-about = about
label-report-column-answered = answered
label-report-column-answered-by = answered by
label-report-column-asked-by = asked by
label-report-column-begin = from
label-report-column-cause = cause
label-report-column-count = number
label-report-column-end = until
label-report-column-entry = entry
label-report-column-form = form
label-report-column-garbled = garbled
label-report-column-kept = kept
label-report-column-kind = kind
label-report-column-lasting = not ended
label-report-column-leaf = hash of its leaf
label-report-column-longest = longest
label-report-column-made = made
label-report-column-median = median
label-report-column-missed = missed
label-report-column-party = party
label-report-column-precedence = precedence
label-report-column-rung-by = rung by
label-report-column-sent = sent
label-report-column-sent-by = sent by
label-report-column-skipped = skipped by agreement
label-report-column-stage = stage
label-report-column-stated-by = stated by
label-report-column-told-by = told by
label-report-column-total = in all
label-report-column-worst = worst

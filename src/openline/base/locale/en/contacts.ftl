### Contacts, and what is said of them: refusals, faults of entries, and the answers of the history.

## A refusal: nothing was written

allegation-own = Allegation { $entry } is our own. Only another party replies to it.
allegation-unknown = Entry { $entry } is no allegation on line { $line }. Look at the entries of the line and name one.
allegation-withdrawn = Allegation { $entry } was withdrawn by its author. There is nothing to reply to.
answer-incomplete = The answer { $answer } lacks something: a proposal needs a window, a delegation a level or a role; nothing else has a level.
answer-not-possible = { $answer } cannot be answered to { $entry }: our side stands at { $state }. See what was answered before.
code-wrong = { $code } is no code for { $field }. Use small letters, digits, dots and hyphens; put the words themselves beside it.
contact-call-missing = A contact by a call of this line names that call, and did not take place elsewhere. Name the call.
contact-not-a-call = Entry { $entry } is of the kind { $kind } and no call. Name the call of this contact.
contact-parties-wrong = A contact names 2 to { $limit } parties that took part; this names { $count }. Name each of them.
contact-unknown = Entry { $entry } is no contact on line { $line }. Look at the contacts of the line and name one.
demand-own = Demand { $entry } is our own. Only another party answers it.
demand-unknown = Entry { $entry } is no demand on line { $line }. Look at the entries of the line and name one.
demand-withdrawn = Demand { $entry } was withdrawn by its author. There is nothing to answer.
level-unknown = { $level } is no level of contact. The levels are { $levels }.
name-missing = The field { $field } is empty. Write the name as it was published.
name-too-long = The name in { $field } has { $size } characters; at most { $limit } are allowed. Shorten it.
readout-own = Readout { $entry } is our own. Name the readout of another side that came out before ours.
readout-unknown = Entry { $entry } is no readout on line { $line }. Look at the contact and name one of its readouts.
recurrence-wrong = A recurring call needs a window for its first time, no longer than from one time to the next, and an hour or more between them. Give both ends.
repeats-others = Entry { $entry } is not an earlier one of ours of the same kind. Only our own words can be repeated.
request-own = Request { $entry } is our own. Only another party answers it.
request-unknown = Entry { $entry } is no request for a call on line { $line }. Look at the requests of the line.
request-withdrawn = Request { $entry } was withdrawn by its author. There is nothing to answer.
sources-too-many = A chain has at most { $limit } links. Keep the first who said it and the last who has it.
stance-not-possible = Entry { $entry } is no statement about { $fact } by another party. Name one to agree with or to contradict.
stance-wrong = Who agrees or contradicts names the statement that is meant. Nothing is written. Name it, or do neither.
statement-not-possible = Entry { $entry } is of the kind { $kind }. Nothing can be stated about it. Name a contact, a request or a readout.
statement-value-wrong = "{ $value }" is no value for { $fact }. See the list of facts and what each one takes.
subject-missing = A request for a call says what the call is about. Write its subject.
window-wrong = A window has a beginning and a later end. Give both, or neither.

## A fault: the entry is in the record and does not take effect

fault-answer-incomplete = This answer { $answer } lacks its window, its level or its role. It changes nothing. Ask its author.
fault-answer-not-possible = { $answer } cannot follow: that party stood at { $state }. It changes nothing. Ask its author what holds.
fault-answers-own = This entry answers one of its own author. It changes nothing.
fault-contact-call = This contact says that it was a call of this line, and names none or says elsewhere. It does not count.
fault-contact-refs = This contact says it is the same as several others. It does not count: nobody makes one contact of two.
fault-evidence-wrong = This entry says evidence is attached and has none, or the other way round. It does not count. Ask its author.
fault-stance-wrong = This statement agrees or contradicts without naming a statement, or names one and does neither. It does not count.
fault-statement-empty = This statement has neither a value nor words. It does not count.
fault-value-wrong = The value of this statement does not go with { $fact }. It does not count. Ask its author.
fault-window-wrong = The window of this request lacks an end, or ends before it begins. It does not count. Ask its author.

## Answers of the history. Days are dates by UTC; a level is one of the labels below

history-attempts = { $count ->
    [0] No attempt at the level of { $level } before it is on the record.
    [one] One attempt at the level of { $level } before it.
   *[other] { $count } attempts at the level of { $level } before it.
 }
history-channels = { $count ->
    [one] The contacts of this period went over one channel.
   *[other] The contacts of this period went over { $count } channels.
 }
history-count = { $count ->
    [0] No contact at the level of { $level } since { $since }.
    [one] One contact at the level of { $level } since { $since }.
   *[other] { $count } contacts at the level of { $level } since { $since }.
 }
history-count-ever = { $count ->
    [0] No contact at the level of { $level } is on the record.
    [one] One contact at the level of { $level } is on the record.
   *[other] { $count } contacts at the level of { $level } are on the record.
 }
history-count-from-until = { $count ->
    [0] No contact at the level of { $level } from { $since } until before { $until }.
    [one] One contact at the level of { $level } from { $since } until before { $until }.
   *[other] { $count } contacts at the level of { $level } from { $since } until before { $until }.
 }
history-count-until = { $count ->
    [0] No contact at the level of { $level } before { $until }.
    [one] One contact at the level of { $level } before { $until }.
   *[other] { $count } contacts at the level of { $level } before { $until }.
 }
history-none = No contact in this period is on the record.
history-not-highest = It is not the highest: a higher one came before it in this period.
history-person = { $count ->
    [0] No side has stated that { $person } took part.
   *[other] { $person } took part on { $days }, as stated.
 }
history-top = The highest contact of this period was on { $day }, at the level of { $level }.
history-days = { $count ->
    [one] One day without a contact at the level of { $level } before it; the last was on { $day }.
   *[other] { $count } days without a contact at the level of { $level } before it; the last was on { $day }.
 }
history-first = None before it in this period.
history-highest = The highest-level contact since { $day }, then at the level of { $level }.
history-last = The last contact at the level of { $level } was on { $day }, line { $line }.
history-never = No contact at the level of { $level } is on the record.
history-never-before = No earlier contact at the level of { $level } is on the record.
history-nth = { $count ->
    [1] First contact at the level of { $level }.
    [2] Second contact at the level of { $level }.
    [3] Third contact at the level of { $level }.
   *[other] Contact number { $count } at the level of { $level }.
 }
history-nth-since = { $count ->
    [1] First contact at the level of { $level } since { $since }.
    [2] Second contact at the level of { $level } since { $since }.
    [3] Third contact at the level of { $level } since { $since }.
   *[other] Contact number { $count } at the level of { $level } since { $since }.
 }
history-parallel = { $count ->
    [0] The same day: contact { $entry } at the level of { $level }.
   *[other] The same day: contact { $entry } at the level of { $level }; { $persons } took part in both, as stated.
 }
history-previous = The previous one was on { $day }.
history-recurring = { $skipped ->
    [0] It kept date { $number } of the recurring call { $entry }; none before it was skipped.
    [one] It kept date { $number } of the recurring call { $entry }; one before it was skipped.
   *[other] It kept date { $number } of the recurring call { $entry }; { $skipped } before it were skipped.
 }

label-level-duty = duty officers
label-level-operational = operational staffs
label-level-chief-of-staff = chiefs of staff
label-level-adviser = advisers
label-level-minister = ministers
label-level-head-of-state = heads of state

## Naming a contact by its day

contact-of-day-unknown = No contact began on { $day }. Look at the contacts and name one by its entry.
contacts-of-day-many = Several contacts began on { $day }: { $entries }. Name one by its entry.
readouts-missing = No side has published a readout of { $entry }. There is nothing to compare.
level-needed = A level is needed, and for an attempt what came of it. Give --level, and --result for an attempt.
source-wrong = { $source } is no source. Write how and who, such as anonymous:an official; how is one of { $hows }.

## What is told beside contacts and entries

contact-is-withdrawn = This contact was withdrawn by all who had entered it. It does not count.
label-evidence-none = no evidence produced
label-evidence-of-all = evidence produced by { $parties }
label-evidence-of-some = evidence produced by { $parties }, none by { $others }
found-by-id = Found as { $ids }, stated as { $stated }.
found-by-ids = Stated as { $stated }, which the register has for several: { $ids }. It may be another person.
found-by-spelling = Found by the spelling alone: { $stated }. No register has an id for it.
length-unreadable = { $length } is no length. Write a number with m, h or d, such as 90m, 24h or 7d.
label-said-again = { $count ->
    [one] said for the first time
   *[other] said { $count } times
 }
words-authentic = The words in { $language } are the authentic ones.
words-translated = A translation; the authentic words are those of { $entry }. It is by:

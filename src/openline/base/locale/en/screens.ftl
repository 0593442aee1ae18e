### The screens of the console that are not the desk; fetched with them. See console.ftl.

## The watch

label-open-items = Open items
label-entry = Entry
label-owner = Owner
label-nobody-owns = nobody
label-checks = Line checks
label-checks-made = Checks that were made
label-check-form = By
label-due-at = Due
label-stands = Stands
label-called-by = Called by
label-after = after { $span }
label-not-answered-yet = not answered yet
label-absences = Officers who gave no sign
label-sign-due = sign due
label-check-ahead = ahead
label-check-due = DUE
label-check-late = LATE
label-check-missed = MISSED
label-check-skipped = skipped by agreement
label-check-kept = made
label-line = Line

## Handover

label-handover = Handover
label-hand-over = Hand over { $count } open items
label-who-goes = Who goes
label-who-comes = Who comes
label-note = Note
label-handover-offered = OFFERED
label-handover-taken = TAKEN
label-handover-refused = REFUSED
label-handover-withdrawn = WITHDRAWN
label-have-it = accepted
label-i-have-it = I have it
label-take-watch = Take the watch
label-still-missing = { $count } not accepted yet
label-reason-needed = Reason
label-refuse-watch = Refuse
label-withdraw-offer = Withdraw the offer
screen-flash-unowned = A FLASH has no owner. Accept it first.
screen-left-out = The list has no room for { $count } ROUTINE items.
screen-nothing-open = Nothing is open.

## Silences and the report

label-silences = Silences, checks skipped and missed
label-since = Since
label-until = Until
label-begin = Begin
label-end = End
label-lasts = lasts
label-stated-by = Stated by
label-only-stated-by = only stated by { $parties }
label-cause = Cause
label-cause-path-down = paths down
label-cause-node-down = node down
label-cause-console-dark = no console
label-cause-rang-no-answer = rang, no answer
label-cause-suspended = suspended
label-month = Month
label-report = Open the report of this month
screen-no-silences = No silence and no missed check in this period.

## Contacts

label-parts = Parts
label-part-history = History
label-part-readouts = Readouts
label-part-requests = Requests and attempts
label-part-charges = Demands, warnings, allegations
label-contact = Contact { $contact }
label-every-level = Every level
label-or-higher = or higher
label-party = Party
label-every-line = On every line
label-elsewhere = not on this line
label-disputed = DISPUTED
label-grid = Facts by side
label-fact = Fact
label-no-source = no source given
label-releasable-own = own side only
label-releasable-members = members only
label-about = about
label-at-least = at least
label-agrees = agrees with
label-contradicts = contradicts
label-stated = STATED
label-agreed = AGREED
label-contradicted = CONTRADICTED
label-not-stated = NOT STATED
label-fact-held = held
label-fact-initiative = initiative
label-fact-start = start
label-fact-duration = duration (minutes)
label-fact-level = level
label-fact-person = person
label-fact-medium = medium
label-fact-subject = subject
label-fact-demand = demand
label-fact-answer = answer
label-fact-tone = tone
label-fact-outcome = outcome
label-fact-follow-up = follow-up
label-fact-remark = remark
label-how-own = own knowledge
label-how-said = said
label-how-published = published
label-how-quoted = quoted
label-how-anonymous = anonymous
label-medium-not-stated = medium not stated
label-medium-call = call of this line
label-medium-telephone = telephone
label-medium-video = video
label-medium-meeting = meeting
label-medium-letter = letter
screen-no-contacts = No contact in this choice is on the record.

## Readouts

label-choose-contact = Choose a contact
label-left-readout = Left
label-right-readout = Right
label-released-as = released as number { $step }
label-embargo = Embargo until
label-tagged = Facts that the authors have tagged
label-same = same
label-differs = differs
label-open-state = not decided
label-only-left = only left
label-only-right = only right
screen-no-readouts = No contact of this line has a readout.
screen-no-readout = No readout is on the record here.

## Requests and attempts

label-ask-for-call = Ask for a call
label-role = Role
label-answer-word = Answer
label-answer-accept = ACCEPT
label-answer-propose = PROPOSE
label-answer-delegate = DELEGATE
label-answer-decline = DECLINE
label-answer-request = Answer the request
label-request-accepted = ACCEPTED
label-request-proposed = PROPOSED
label-request-delegated = DELEGATED
label-request-declined = DECLINED
label-request-none = NONE by the time given
label-came-late = came late
label-attempts = Attempts
label-when = When
label-result = Result
label-result-no-answer = no answer
label-result-busy = busy
label-result-refused = refused
label-result-reached = reached
label-result-not-taken-up = heard, not taken up
screen-no-requests = No request for a call is on the record.
screen-no-attempts = No attempt is on the record.

## Demands, warnings, allegations

label-demands = Demands
label-warnings = Warnings
label-allegations = Allegations
label-demand-meet = MEET
label-demand-meet-in-part = MEET IN PART
label-demand-refuse = REFUSE
label-demand-note = NOTE
label-defence-deny = DENY
label-defence-reject = REJECT
label-defence-counter = COUNTER-ACCUSE
label-against = Against
label-through = Through
label-evidence = Evidence attached
label-no-evidence = NO EVIDENCE PRODUCED
label-attachment = Attachment
label-no-answer-yet = No answer yet. That is neither consent nor refusal
label-in-words = In words
label-answer-it = Put the answer on the record
screen-no-demands = No demand is on the record.
screen-no-warnings = No warning is on the record.
screen-no-allegations = No allegation is on the record.

## Search

label-search-words = Words
label-search = Search
label-similar = similar
label-similar-too = Words that are like these too
label-whole-text = Whole text
screen-search-behind = The index does not know the newest { $count } entries yet.
screen-search-nothing = Nothing was found. Try fewer words.

### The console in the browser. `label-` names a thing or a button and has no full stop; `screen-` is a sentence.

## What the node says in place of the console

console-not-built = The console was not built into this installation. Run make console in the source, or install a package that contains it.

## The bar above everything

screen-opening = The console opens.
screen-no-link = NO LINK TO OWN NODE since { $since }. What you see is old. Use the desk phone, and tell the technician.
label-console-live = Console live
label-connecting = Connecting
label-no-link = No link
label-desk = Desk { $desk }
label-exercise = EXERCISE
label-test = TEST
label-night = Night
label-day = Day
label-keys = Keys
label-sign-out = Sign out
label-close = Close
label-clock-differs = The clock of this desk differs by { $span }

## Needs you

label-needs-you = Needs you: { $count }
label-needs-you-unknown = Needs you: not known
screen-needs-nothing = Nothing needs you.
screen-needs-unknown = No link to our own node: what needs you now is not known. This is the last that was heard.
screen-need-accept = { $precedence } { $entry } from { $party } is not accepted. Read it and accept it, or reply.
label-open = Open
label-by-in = by { $time } (in { $span })
label-by-late = by { $time } (late by { $span })

## The board

label-lines = Lines
screen-no-lines = There is no line yet. Pair with the other side first.
screen-lines-unknown = The lines are not known yet.
label-proven = PROVEN
label-one-path-left = ONE PATH LEFT
label-late = LATE
label-down = DOWN
label-suspended = SUSPENDED
label-quarantined = QUARANTINED
label-forked = FORKED
label-never-heard = NEVER HEARD
label-no-data = NO DATA
label-what-you-see-is-old = What was shown here is old
label-not-heard = Not heard yet
label-proven-ago = Proven { $span } ago, { $time }
label-next-test = Next test { $time }
label-unaccepted = { $count } ROUTINE not accepted

## The room of a line

screen-choose-line = Choose a line.
screen-old = No link to our own node. What is written below is old.
label-they-say = They say
label-we-say = We say
label-console-connected = console connected
label-officer-on-watch = officer on watch
label-linguist-on-watch = linguist on watch
label-nobody-connected = nobody connected
label-paths-up = { $up } of { $all } paths up
label-thread = Messages, oldest first
label-show-older = Show older messages
screen-thread-loading = The messages are loaded.
screen-no-messages = No messages yet.
screen-no-messages-proven = No messages yet. The line was proven { $span } ago.

## A message and what became of it

label-message = { $precedence } message { $entry }
label-answer-by = Answer by
label-corrected = Corrected by
label-withdrawn = Withdrawn by
label-translation = Translation (not the record)
label-written = Written
label-in-our-log = In our log
label-in-their-log = In their log
label-displayed = Displayed
label-accepted = Accepted
label-passed = Passed on
label-answered = Answered
label-not-yet = not yet
label-not-yet-due = not yet, due { $time }
label-not-known = not known
label-accept = Accept
label-reply = Reply
screen-text-withheld = The text is not here. Ask its author.
screen-hidden-characters = { $count ->
    [one] One character of this text hides or reverses others. It is shown as its number.
   *[other] { $count } characters of this text hide or reverse others. They are shown as their numbers.
 }
screen-not-delivered = In our log, not delivered. No receipt of the other side is here.
screen-accept-unknown = The node did not answer. Whether { $party } has accepted { $entry } is not known. Press again: it is said once.

## Writing

label-write = Write a message
label-message-on = Message on { $line }
label-precedence = Precedence
label-words = { $count ->
    [one] one word
   *[other] { $count } words
 }
label-words-of = { $count } of { $limit } words
label-send = Send
label-send-again = Send again
label-keep-draft = Keep as draft
label-reply-to = Reply to
label-no-reply = Not a reply
label-drafts = Drafts
label-not-sent = NOT SENT
label-not-confirmed = NOT CONFIRMED
label-edit = Edit
label-discard = Discard
label-send-flash = Send FLASH
label-type-line = To confirm, type the name of the line
label-do-not-send = Do not send
screen-flash-effect = A FLASH wakes the people of { $party }. It is for danger to life now.
screen-not-confirmed = The link broke while this was sent. Nobody knows whether it was said. Send it again: it cannot be said twice.
screen-may-not-send = Your role may read this line and not write on it.
screen-time-unreadable = This is no time to come. Write 2300Z, 212300Z, or +30m.

## Keys

label-key-line = Open the line in this place
label-key-board = Leave the line
label-key-needs = Open the first that needs you
label-key-accept = Accept the message that has the focus
label-key-reply = Reply to the message that has the focus
label-key-pane = Go to the next pane
label-key-send = Send what is written
label-key-back = Back
label-single-letters = Single letters are keys

## Signing in

label-sign-in = Sign in
label-sign-in-passkey = Sign in with your passkey
label-register = Register a passkey
label-invitation = Invitation
label-make-passkey = Make the passkey
screen-sign-in = What you do here goes into the record under the name of your desk.
screen-no-way-in = Nobody can sign in at this node yet. Ask the technician for an invitation.
screen-register = Type the invitation that the technician has given you. Then your browser asks for your key.
screen-node-silent = The node does not answer. Nothing was done. Wait, then press again.
screen-passkey-not-used = No passkey was used. Nothing was done. Try again, or ask the technician.

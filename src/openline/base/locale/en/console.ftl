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

## What the watch itself asks for

label-screens = Screens
label-screen-watch = Watch and handover
label-screen-contacts = Contacts and requests
label-screen-search = Search
label-go-on-watch = Go on watch
label-leave-watch = Leave the watch
label-i-am-here = I am here
label-we-are-here = We are here
label-make-check = Check by text
label-enter-call = Enter the call
label-form-text = text
label-form-voice = voice
label-form-ping = drill
label-next-officer = the next officer
label-on-it = I am on it
label-what-i-do = What you do about it
screen-need-presence = Are you there? Desk { $desk } is on watch and has given no sign.
screen-need-check = Line check by { $form } on { $line }, due { $time }.
screen-need-call-up = { $party } calls the watch up: { $precedence } { $entry }. Say that you are here.
screen-need-handover = { $by } hands the watch of { $line } over to { $to }.
label-on-it-said = { $desk } is on it: { $reason }

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
label-ended = ENDED
label-opening = OPENING
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
label-of = :{ " " }
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

## Short replies, read-back, and a late watch

label-more = More
label-short-replies = Short replies
label-replies = Replied with one word
label-means-received = received, which is no consent
label-means-comply = will do it
label-means-cannot = cannot do it
label-means-repeat = asks to say it again
label-means-follows = the answer follows
label-pass-to = Passed to (role)
label-phrase = Fixed phrase
label-ask-read-back = Ask to read it back
label-read-back-asked = Read-back
label-issued = ISSUED, not read back yet
label-read-back-step = READ BACK
label-confirmed = CONFIRMED: same words, which is no consent
label-reissued = REISSUED
label-read-back = Read it back
label-confirm = Confirm
label-reissue = Say it anew
label-late-watch = What a late watch has woken
label-due = due
label-woke-positions = all positions called
label-woke-supervisor = supervisor woken
label-woke-voice = voice call rung
label-woke-next-path = next path used
screen-words-differ = The framed words differ.
screen-words-same = All words are the same.

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

## Sound: before the watch and during it

label-sound = Sound
label-start-sound = Start watch with sound
label-use-here = Use it here
label-sound-on = Let it sound
label-silence = Silence 60 s
label-silent-for = Silent for { $span }
label-play-again = Play again
label-heard = Yes, I heard it
label-not-heard-it = No
label-speaker = Loudspeaker
label-microphone = Microphone
label-usual-device = The usual one of this browser
label-device-gone = The chosen one, which is gone
label-try-again = Try again
label-own-level = Your level
label-their-level = Their level { $number }
screen-sound-not-begun = This window is silent: no call rings here, and nobody hears you. Start the watch with sound.
screen-sound-elsewhere = The sound of this desk is in another window of this browser.
screen-sound-muted = The browser keeps this page silent until it is touched. No call rings until then.
screen-sound-question = Three tones sound now. Did you hear them? Then speak: the level below must move.
screen-sound-not-heard = Choose another loudspeaker, or check its volume and its cable. Then press Play again. Until you hear it, no call rings at this desk.
screen-microphone-speak = Speak now. If the level does not move, choose another microphone.
screen-microphone-refused = The browser does not give the microphone. Allow it beside the address, then start again. You hear and write without it.
screen-microphone-missing = There is no such microphone. Connect it, or choose another one. You hear and write without it.
screen-microphone-lost = The microphone is gone. Connect it again, or choose another one. You hear and write without it.
screen-microphone-busy = The microphone does not answer: another program may hold it. Close that program, then start again. You hear and write without it.
screen-microphone-no-https = The browser gives no microphone to this address. Open the console by https. You write without it.

## Calls

label-call = Call
label-line-check = Line check by voice
label-answer = Answer
label-not-now = Not now
label-stop-ringing = Stop ringing
label-talk = Talk
label-keep-open = Keep open
label-hold = Hold
label-resume = Resume
label-end-call = End call
label-put-aside = Put aside
label-back = Back
label-reason = Reason (if you like)
label-title-call = CALL { $party }
label-call-stands = Call: { $state }
label-call-on = Call on { $line }
label-call-party = Call { $party }
label-answer-call = Answer { $party }
label-decline-call = Not now: { $party }
label-call-calls-us = CALLS US
label-call-rings = RINGS
label-call-connected = CONNECTED
label-call-on-hold = ON HOLD
label-call-held-by-them = HELD BY THEM
label-call-sound-lost = SOUND LOST
label-call-ended = ENDED
label-past-call = Call
label-call-lasted = answered by { $desks }, lasted { $span }
label-recording = Recording
label-recording-of = Recording of { $party }, { $number }
label-interprets = interprets
label-phone-holds = phone on hold
label-recorded = RECORDED
label-takes-part = Who takes part
label-we = We
label-speaks = speaks
label-holds = holds
label-left = left
label-nobody = nobody
label-not-answered = not answered
label-declined-by = not now: { $desks }
label-gate-open = YOU ARE HEARD
label-gate-kept = YOU ARE HEARD, kept open
label-carried-by-udp = { $udp ->
    [one] one path, UDP
   *[other] { $udp } paths, UDP
 }
label-carried-by-both = { $udp } by UDP, { $stream } by the stream
label-carried-by-stream = by the stream: UDP does not get through
label-carried-nowhere = no path carries sound
label-round-trip = there and back { $ms } ms
label-not-repaired = { NUMBER($percent, minimumFractionDigits: 1, maximumFractionDigits: 1) } % lost
label-path-loss = loss { NUMBER($percent, minimumFractionDigits: 1, maximumFractionDigits: 1) } %
label-interpreter = Interpreter
label-interpreter-desk = Desk of the interpreter
label-listens = Listens to
label-speaks-to = Speaks to
label-give-seat = Give the seat
label-take-seat = End the seat
label-recording-agree = Agree to recording
label-recording-withdraw = Withdraw
label-we-agree = We agree to recording
label-party-agrees = { $party } agrees to recording
screen-call-rings = { $party }, desk { $desk }, calls since { $time }. Answer, or say why not now.
screen-call-missed = Nobody answered { $party }, desk { $desk }, at { $time }. Call back.
screen-call-over = The call is over.
screen-call-effect = Every position of the watch there rings until somebody answers.
screen-line-check-effect = The post for line checks answers. Hold Talk, say a few words, let go: you hear them again.
screen-decline-effect = It goes on ringing at the other positions. The other side sees that this desk does not answer now.
screen-sound-lost = No sound on any path since { $since }. Write here: the contact goes on.
screen-sound-lost-now = No sound on any path. Write here: the contact goes on.
screen-leg-connecting = The sound of this desk connects to the node. Write until then.
screen-talk-no-microphone = There is no microphone: you hear, and you write.
screen-gate-unknown = The node did not answer: you may not have been heard. Press Talk again.
screen-step-unknown = The node did not answer. Whether it was done is not known. Press again: it is done once.

## STOP

label-stop-on = STOP on { $line }
label-call-stop = Call STOP now
label-stop-place = Where
label-stop-about = About
label-stop-text = What is to stop (if you like)
label-no-entry = No entry
label-stop-standing = NOT ANSWERED
label-stop-stopped = STOPPED
label-stop-not-ours = NOT OURS
label-stop-unable = UNABLE
label-stop-why = Why we are unable
label-answer-unable = Answer UNABLE
label-answer-again = Answer again
label-tap = It was me
label-tap-entry = Who it was: { $entry }
label-tapped-by = by
label-your-name = Your name or number
screen-stop-effect = It rings everyone at { $party } until they answer. Say where, or about which entry.
screen-stop-answer = Stop it now, then answer. A receipt or a reply answers nothing.

## Keys

label-key-line = Open the line in this place
label-key-board = Leave the line
label-key-needs = Open the first that needs you
label-key-accept = Accept the message that has the focus
label-key-reply = Reply to the message that has the focus
label-key-call = Call on the open line, or answer what rings
label-key-stop = Call STOP on the open line; it asks first
label-space = Space
label-key-talk = Talk while it is held
label-key-pane = Go to the next pane
label-key-send = Send what is written
label-key-back = Back
label-single-letters = Single letters and Space are keys

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

## Personal signatures

label-sign = Sign with your passkey
label-sign-later = Later
label-sign-title = Sign personally
screen-sign-declined = The passkey has signed nothing. The entry stands as it is, not personally signed.
screen-sign-effect = It has gone. Your signature follows: the other side sees your pseudonym.

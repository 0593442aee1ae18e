### Calls on the open telephone line.

call-unknown = { $entry } is no call on line { $line }. Look at the calls of the line and name one of them.
call-under-way = A call is under way on line { $line }: { $entry }. Take part in it, or leave it before you ring again.
call-step-not-possible = "{ $step }" is not possible in call { $entry }: our side is { $state }, or the call is over. Look at the call again.
fault-step-not-possible = That side was { $state } in the call; { $step } cannot follow. It changes nothing. Ask the other side how it stands.

## What cannot be done with sound

gate-not-possible = { $desk } cannot be heard in call { $entry }: it does not take part, or the call is on hold or over. Look at the call again.
interpreter-list-wrong = An interpreter listens and speaks to at most { $limit } desks of ours, and { $desk } itself is none of them. Name other desks.
leg-missing = { $desk } has no sound. Open the console there, and let the page use the microphone.
leg-needs-session = Sound belongs to a session of the console. Log in at the console in a browser.
leg-offer-too-large = What the browser offers for sound has more than { $limit } characters. Load the page again. If it lasts, tell the technician.
leg-unknown = { $leg } is no sound of this position, or it has ended. Look at the sound of this node again.
phone-line-unknown = What was dialled is no line of this node. Dial the name or the number of a line.
session-withdrawn = The session of the console has ended, and its sound with it. Log in again.
voice-not-running = The process that carries sound does not run. The node starts it again. Use text until then.

## Why a call is as it is

call-declined = Every position there has declined the call.
call-glare = Both sides rang at once; they are joined in one call.
call-left = { $party } has left the call.
call-leg-over = The sound of that position has ended.
call-missed = Nobody answered in time. Send a message, or use another way.
call-no-path = No path carries sound. The call goes on. Use text until sound is back.
call-no-voice = That side carries no sound. Use text, or another way.
call-nobody-left = Nobody there has had sound for 10 minutes; the node has left the call.
call-node-restarted = The node was started again; nobody there is heard until the key is pressed again.
call-over = The call is over.
call-ringer-left = Whoever rang has left the call.
call-voice-ended = The process that carries sound has ended. The node starts it again. Use text until then.

## How sound goes

carriage-both = UDP on { $path } is in doubt; sound goes inside its connection as well.
carriage-dead = No sound passes on { $path }.
carriage-stream = UDP does not pass on { $path }; sound goes inside its connection, with more delay.
carriage-udp = Sound goes over { $path } by UDP.
voice-is-off = This node carries no sound.
voice-is-running = Sound is carried.
voice-is-starting = The process that carries sound is starting. Use text until then.

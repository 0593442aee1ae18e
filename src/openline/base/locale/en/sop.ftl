### The standard operating procedure: what a duty officer does. Numbers come from the tables, never from here.

label-sop-title = Standard operating procedure of the watch
label-sop-title-of = Standard operating procedure of line { $line }
label-sop-begin = Taking the watch
label-sop-hours = Hour by hour
label-sop-within = A message: within what time
label-sop-late = When a stage is late: how its alarm climbs
label-sop-steps = What each step calls, and what you do
label-sop-alarms = What each alarm asks for
label-sop-stop = STOP
label-sop-replies = Short replies
label-sop-read-back = Reading back
label-sop-handover = Handing over
label-sop-declare = Going silent
label-sop-who = Who may do what
label-sop-phrases = Fixed phrases

label-sop-text = text
label-sop-voice = voice
label-sop-from = may be made from
label-sop-check = check
label-sop-late-after = late after
label-sop-missed-at = missed at
label-sop-by = by
label-sop-precedence = precedence
label-sop-step = step
label-sop-calls = calls
label-sop-do = what you do
label-sop-stands = how it stands
label-sop-what = what is said
label-sop-then = then
label-sop-answer = word
label-sop-says = says
label-sop-instead = may become
label-sop-states = states
label-sop-the-answer = the answer
label-sop-given = is given
label-sop-awaited = is still awaited
label-sop-capability = capability
label-sop-allows = allows
label-sop-roles = roles that have it
label-sop-code = code
label-sop-reads = is read as
label-sop-wake-positions = all positions
label-sop-wake-supervisor = the supervisor
label-sop-wake-voice = the voice bell
label-sop-wake-path = the next path
label-sop-slot-count = ‹number›
label-sop-slot-entry = ‹entry›
label-sop-slot-from = ‹from›
label-sop-slot-party = ‹party›
label-sop-slot-place = ‹place›
label-sop-slot-time = ‹time›
label-sop-slot-until = ‹until›

sop-begin-look = Type `openline status --watch` and leave it on a screen. The worst line is on top, with what to do.
sop-begin-on = Type `openline watch on`. The other side sees that an officer is there.
sop-begin-open = Type `openline inbox --open` and `openline stop list`. Know who has each open FLASH.
sop-begin-take = If the watch is offered to you, read each open item, accept it by its number, then take the watch.
sop-begin-sound = At the console, begin the watch with sound and hear the three tones. Before that nothing rings there.

sop-hours-sign = Give a sign at least every { $every }: whatever you say, or `openline watch on` again. After { $limit } without one the record says so.
sop-hours-no-sign = No sign is asked for: nobody sees whether an officer is awake. Look at the screen all the same.
sop-hours-test = Every { $every } the node proves the line by a signed test. If no answer comes within { $within }, an alarm stands.
sop-hours-no-test = The node sends no tests by itself. Type `openline test now` when you take the watch and before you hand it over.
sop-hours-no-checks = No checks by officers are laid down. Make one when you take the watch: `openline check now`.
sop-hours-check = Make each check of the table, or answer it: `openline check now`, `openline check answer`. A missed one is on the record.
sop-hours-skip = A check is skipped only when both sides say so: `openline check skip`, with the reason.
sop-hours-session = At the console, log in again after { $idle } without a touch, and after { $life } in any case.

sop-in-read = Open what comes: `read`. It states DISPLAYED, and nothing else.
sop-in-accept = Take it: `ack`. It states ACCEPTED: the watch has it, and not that we agree. Anyone on watch takes a FLASH.
sop-in-pass = Tell the role that acts. Then, not before, type `pass --to ROLE`. It states PASSED.
sop-in-answer = Answer by the reply-by: `reply`, or `respond wilco` or `respond unable`. STAND BY leaves the clock running.
sop-in-clock = The times of the table run from the time its author wrote. Both ends compute the same.
sop-in-sooner = Where a reply-by comes before the end of the window, every stage is due sooner in proportion.
sop-out-words = FLASH and IMMEDIATE have at most { $limit } words. Attach what is longer.

sop-late-climbs = An alarm climbs by itself. The times run from when the stage was due; those of a STOP from its press.
sop-late-ends = It ends when the fact is stated, not when somebody looks away.
sop-late-written = Each step we owe is written into our record with the time it was due. Nobody can take it back.
sop-steps-yours = The node says whom to call. To call them is yours. Write down each attempt.

sop-alarm-by-step = As the table of steps says.
sop-alarm-precedence = Where no precedence stands, it is that of the entry. Do the most urgent first.
sop-alarm-down = A line is DOWN after { $after } without a word on any path. Call by another way; tell the supervisor; note the time.
sop-alarm-voice = In a call, sound that is gone for { $after } is written down. The call goes on and comes back by itself.

sop-stop-ours = Something of theirs hits what it must not: `openline stop now LINE --place PLACE`. Ask nobody first. No text is needed.
sop-stop-tap = Afterwards say who it was: `openline tap`. It delays nothing.
sop-stop-rings = Everyone is called at once, at both ends, and desk phones ring; the next path { $path } later. To pick up is no answer.
sop-stop-theirs = They call STOP: stop it first, then answer with a word of the table. A receipt or a reply closes nothing.
sop-stop-clock = One clock runs at both ends, from their press to our first answer. Learn better, answer again: both stay.
sop-stop-stopped = It was ours, and it has ceased.
sop-stop-not-ours = It is not ours.
sop-stop-unable = We cannot stop it. Say why.

sop-replies = One word, by `openline respond`. ROGER is no consent.
sop-means-received = The watch has it. It says nothing of agreement.
sop-means-will = We will do it.
sop-means-cannot = We cannot do it.
sop-means-repeat = Say it again.
sop-means-follows = The answer follows.

sop-read-back = Where a wrong word costs lives, send with `--read-back`. They read it back; confirm it, or say it anew.
sop-read-back-means = CONFIRMED says that both have the same words, and not that anybody agrees with them.

sop-handover-offer = Who goes offers the watch: `openline watch handover LINE --by NAME --to NAME`. It lists every open item.
sop-handover-accept = Who comes reads each item, accepts it by its number, and then takes the watch: `openline watch take`.
sop-handover-flash = Until then everything stays with who goes. A FLASH that comes meanwhile must be accepted too.
sop-handover-refuse = With `--refuse --reason` the watch stays where it is.
sop-handover-list = The list holds the { $limit } most urgent items and says how many are left out. A FLASH is never left out.

sop-declare-first = Say it before you do it, and why: `openline declare`. Silence without a word is an alarm at the other side.
sop-declare-passes = While a line is SUSPENDED, FLASH, tests and service messages pass. Only RESUMED ends it.
sop-declare-emcon = EMCON says that we receive and cannot answer.

sop-who-on-watch = Whoever is on watch may take a FLASH and call or answer a STOP, whatever the role allows: { $verbs }.
sop-who-everybody = No roles are configured: whoever sits at a desk may do everything below.
sop-who-position = Position { $position } has the role { $role }.

sop-phrases = The code and the values are signed; each side reads the sentence in its own language.

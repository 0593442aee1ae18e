### Members of a line: who joins, who leaves

effect-leave = This takes us off line { $line } for good. Nothing more is sent to us there or taken of us.
effect-remove = This proposes to all members of line { $line }, { $party } too, that { $party } is removed from it.
enter-members = A line of several has three to { $limit } members, and these are { $count } with us. Name all the others; with one, use openline pair.
fault-fingerprint-differs = The assent names another root for { $party } than the proposal. It has no effect.
fault-join-wrong = The proposal to join does not hold together: its party, its line or its members. It has no effect.
fault-left = Its author has left the line before. The entry is kept and has no effect.
fault-member-wrong = The proposal to remove names no other member of the line. It has no effect.
fault-opened-late = A member opens a line with the first entry of its log. This one comes later and has no effect.
fault-opened-members = The opening names other members: { $members }. It has no effect. Tell the supervisor.
fault-own-removal = The party to be removed has no voice in its removal. The answer has no effect.
line-ended = All others have left line { $line }. There is nobody to hear it. Use another line.
line-left = We are no longer on line { $line }. Nothing can be said there. Use another line.
line-opening = Not every member has opened line { $line } yet. Nothing is said there before. See openline line members.
line-taken = { $party } is to join on line { $line }, and a line of that name with other members is here. Propose another name.
member-already = { $party } is a member of line { $line } already. See openline line members.
member-digits-differ = The digits of { $party } in { $entry } are not those we have accepted. Refuse, and call the member that proposed it.
member-leave-instead = Line { $line } has two members. { $party } is not removed from it; leave it with openline line leave.
member-not-introduced = The card of { $party } is not accepted here. Compare its digits with openline pair --no-line first.
member-pair-instead = On line { $line } nobody else is left. Open a line with { $party } by openline pair.
member-root-differs = Another root was assented to for { $party } than we have accepted. Line { $line } is not opened. Call { $party }.
member-unknown = { $party } is no other member of line { $line }. See openline line members.
members-differ = { $party } claims other members for line { $line } than we have. Tell the supervisor, and compare the members by voice.
members-too-many = A line has at most { $limit } members. Open another one.
proposal-ended = The proposal { $entry } has ended: { $state }. Make a new one.
proposal-own = The proposal { $entry } is ours, or about us. The other members answer it.
proposal-unknown = Entry { $entry } on line { $line } proposes no member. See openline line members.

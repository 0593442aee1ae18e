### The charter of a line: what is wrong with a proposal, who may say what to it, and where a clause reads wrong.

## A refusal: nothing was written

charter-agreed = Every party has assented to the charter { $entry }. It cannot be withdrawn. Give notice to end it.
charter-due-order = A more urgent precedence must be due no later than a less urgent one. Nothing is proposed. Correct the minutes due.
charter-file-wrong = The file { $file } is no charter: { $detail }. Nothing is proposed. Correct it, or begin with openline charter template.
charter-formula-twice = The formula of { $term } in { $language } stands there twice. Nothing is proposed. Keep one.
charter-languages-wrong = Name the languages of { $party }, { $limit } at most. Nothing is proposed.
charter-level-taken = { $label } is everybody’s word for a level. Nothing is proposed. Give the party’s own name another word.
charter-not-agreed = The charter { $entry } is { $state }, so there is nothing to end. Withdraw it if it is ours, or refuse it.
charter-not-named = The charter { $entry } does not name our party. Nothing is written. Ask its author to name every party.
charter-of-others = The charter { $entry } is not ours. Only its author can withdraw it. Refuse it, or give notice.
charter-over = The charter { $entry } is { $state }. Nothing more can be said to it. Look at the list of charters.
charter-own = The charter { $entry } is ours. We have assented by proposing it. Only another party can answer it.
charter-parties-wrong = A charter of the line { $line } names each of its parties once: { $parties }. Nothing is proposed. Correct the sides.
charter-rows-too-many = The clause { $clause } has at most { $limit } rows. Nothing is proposed. Leave some out.
charter-scope-missing = A charter needs a scope. Nothing is proposed. Write it, or attach the file that has it.
charter-too-long = This charter has { $size } bytes; at most { $limit } are allowed. Nothing is proposed. Attach the scope as a file.
charter-unknown = Entry { $entry } on line { $line } is no charter. Look for it in the list of charters.

## A fault: the entry is in the record and does not take effect

fault-charter-not-named = The party that says this is not named in that charter. It changes nothing. Ask its author.
fault-charter-parties = This charter names a party twice, or one that is not on the line, or not its author. It has no effect. Ask its author.

### The command line: files, passphrases, and a node that cannot be reached.

confirmation-differs = What you typed is not { $name }. Nothing is done. Start the command again.
confirmation-needed = { $effect } Nobody can be asked here. Nothing is done. Use --yes with --reason.
reason-needed = With --yes a reason must be logged. Nothing is done. Add --reason.
file-exists = The file { $file } exists already and is not replaced. Give another name.
file-unreadable = The file { $file } cannot be read ({ $detail }). Check its name and its owner.
file-unwritable = The file { $file } cannot be written ({ $detail }). Check the folder and the room on the disk.
fingerprint-needed = Nobody can be asked here. Give the digits that { $party } has read aloud with --fingerprint.
invitation-too-large = This file is too large for an invitation (at most { $limit } bytes). Nothing is accepted. Ask for the card file.
language-needed = This must name the language of the text. Nothing is sent. Add --lang.
option-unreadable = The value { $value } of { $option } cannot be read. See the example in --help.
passphrase-file-unreadable = The passphrase file { $file } cannot be read ({ $detail }). Check its name and its owner.
passphrase-needed = A passphrase is needed. Nothing is done. Type it, or give a file with --passphrase-file.
role-needed = Name the role that acts now. Nothing is written. Add --to.
root-unreadable = { $root } is not a party with its digits. Write PARTY=DIGITS with the 30 digits that the party reads aloud.
value-wrong = { $value } is no NAME=TEXT and no NAME:=JSON, or its name stands twice. Nothing is sent. Correct it.
text-not-utf8 = The text is not UTF-8. Nothing is sent. Save it as UTF-8 and send it again.

token-file-needed = With --node a token is needed. Give its file with --token-file.
token-file-unreadable = The token file { $file } cannot be read ({ $detail }). Check its name and its owner.

node-address-wrong = { $address } is not the address of a node. Write for example http://127.0.0.1:8440.
node-broke-off = The node at { $place } broke off ({ $detail }). Look whether it runs, then give the command again.
node-failed = The node answers with an error it does not explain (status { NUMBER($status, useGrouping: 0) }). Read its log, and tell the technician.
node-silent = The node at { $place } says nothing for { $seconds } seconds. Look whether it runs, and whether its disk is slow.
node-unreachable = The node at { $place } cannot be reached ({ $detail }). Start it with openline node run, or give the right --dir.
saying-uncertain = The node at { $place } broke off: nobody knows whether it is recorded. Give the same command again with --key { $key }.

demo-node-not-ready = A node of the demonstration does not become ready. Read its log: { $file }.
demo-not-reached = The demonstration waits in vain: { $what } ({ $stage }). Start it again; if it fails again, report it.
demo-not-right = The demonstration found something wrong: { $what }. Start it again; if it fails again, report it.

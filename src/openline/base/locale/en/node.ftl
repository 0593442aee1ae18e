### The node: its start, its store, its lines at a glance, and its doors.

## How a line stands, in one word and one sentence

state-proven = Line { $line } is proven. The other side was last heard at { $since }.
state-one-path-left = Line { $line } is proven, on one path only. Tell the technician to repair the others.
state-late = Line { $line } is late. { $party } was last heard at { $since }. Wait one minute, then send a test.
state-ended = Line { $line } has ended for us: we have left it, or all others have. What was said stays in the record.
state-opening = Line { $line } is not open yet. Nothing is said there before every member has opened it.
state-down = Line { $line } is down. Nothing is heard of { $party } since { $since }. Use another way to reach it.
state-down-unheard = Line { $line } is down. { $party } was not heard since this node started. Use another way to reach it.
state-never-heard = Line { $line } was not heard since this node started. Look at its paths, and call the other side.
state-suspended = Line { $line } is declared suspended. FLASH, tests and service messages still pass.
state-quarantined = Line { $line } takes nothing new from us after a restore. It opens when the other side has told what it holds.
state-forked = The record of line { $line } has a conflict: two signed histories exist. Call the supervisor. Do not delete anything.

## Why the other side is silent

cause-path-down = No path reaches the other side. Look at the paths and tell the technician.
cause-node-down = A path works, the other node does not answer. Call the other side by another way.
cause-console-dark = The other node works; no console is connected to it. If it is urgent, call the other side by another way.
cause-rang-no-answer = The bell rings on the other side and nobody answers. Go on ringing and tell the supervisor.
cause-declined = The other side has seen the call and declined it. Tell the supervisor.
cause-suspended = The other side has declared that it does not answer. Send a FLASH if it cannot wait.
clock-differs = The clock of { $party } and ours differ by { $seconds } seconds. Check the time source of this machine, then ask the other side.

## What the doctor looks at

calls-refused = { $count ->
    [one] One call
   *[other] { $count } calls
 } on path { $path } came to no session. The newest, at { $at }:
clock-jumped = The clock of this machine jumped by { NUMBER($seconds, useGrouping: 0) } seconds at { $at }. Check its time source. Do not trust times near that moment.
clock-synchronized = The clock is kept right by a time source.
clock-unsynchronized = No time source keeps the clock right. Start chrony, ntpd or systemd-timesyncd on this machine.
disk-free = { $free } MiB are free in { $folder }. Make room when less than 1,024 MiB are left.
key-file-open = Others than the owner can read { $file }. Set its mode to 0600, then find out who has read it.
port-free = The address { $address } is free.
record-sound = The record is sound. It has { $lines ->
    [one] one line
   *[other] { $lines } lines
 }.
root-key-here = The root key lies on this machine: { $file }. Move it to a medium that is locked away.
voice-ended-before = The process that carries sound has ended { $count ->
    [one] once
   *[other] { $count } times
 } since the start, last within a day ({ $cause }). If it goes on, tell the technicians.
voice-late = Sound was held up for { $ms } ms within a day: this machine was too busy. Let less run beside the node.

## Configuration and keys

config-missing = The configuration { $file } is not there. Give the right folder with --dir, or make a party with openline init.
config-unreadable = The configuration { $file } cannot be read: { $detail }. Correct the file, then start again.
config-wrong = The configuration { $file } is wrong: { $detail }. Correct it, then start again.
folder-not-writable = The folder { $folder } cannot be written ({ $detail }). Check its owner and the disk, then try again.
no-party-here = There is no party in the folder { $folder }. Give the right folder with --dir, or make a party with openline init.
party-exists = The folder { $folder } holds a party already. Nothing is changed. Choose another folder.
party-name-wrong = { $party } is not a name for a party. Use a name under your domain, for example north.example.
pair-name-wrong = { $name } is not the name of a person. Nothing is accepted. Give the role and name of whoever compared the digits.
pair-with-self = This is the card of { $party }, which is our own. Use the file of the other side.
line-exists = There is a line { $line } already. Choose another name with --line.
line-name-wrong = { $line } is not a name for a line. Use small letters, digits, dots and hyphens.

## The store

store-broken = The disk has failed on { $path } ({ $detail }). The node stops and nothing more is written. Check the disk, then start again.
store-corrupt = { $path } is damaged ({ $detail }). Stop the node, keep the file, restore a backup and replace the disk.
store-disk-full = The disk of { $path } is full. The last command is not recorded. Make room, then start the node again.
store-fenced = Another node has taken over this record ({ $detail }). This node stops. Find out why two nodes were started.
store-folder-missing = The folder { $path } is not there. Check that its disk is connected, then start again.
store-in-use = Another node runs on { $path }. Stop one of the two, then start again.
store-missing = { $path } is not where it was. The node does not begin a new record. Find the file, or restore a backup.
store-read-only = { $path } cannot be written. The disk may have failed. Check the disk and the owner of the folder.
store-schema-too-new = { $path } was written by a newer openline (version { NUMBER($version, useGrouping: 0) }). Install the newer version again.
store-sqlite-too-old = The SQLite library { $version } may damage the record. The node does not start. Install openline with its own libraries.
store-wrong-file = { $path } is not an openline record. Check the folder, or restore a backup.
backup-damaged = The backup file { $path } is not what was saved. Nothing is restored. Use another backup.
backup-not-found = There is no backup in { $path }. Nothing is restored. Give the folder that openline node backup has made.
backup-target-exists = The folder { $path } exists already. No backup is made. Give the name of a new folder.
restore-in-the-way = { $path } is in the way. Nothing is restored. Move it to another place and keep it.
blob-digest-wrong = The attachment { $digest } ({ $size } bytes) is not what its sender named. It is removed. It must be sent again.
blob-missing = The attachment { $digest } is not complete here. Wait until the other side has sent it.
blob-piece-misplaced = A piece of an attachment is out of place (at { $offset }, { $stands } bytes are here). It is sent again by itself.

## Commands to the running node

address-unknown = The node knows no address { $address }. Look into its API document.
attachment-missing = The attachment { $digest } is not complete here. Send it to the node first, or wait for it.
digest-wrong = { $digest } is not a SHA-256. Give 64 hexadecimal digits.
key-used-elsewhere = The key { $key } was used on line { $line } before. Nothing is written. Use a new key.
key-wrong = The idempotency key must be 1 to { $limit } visible ASCII characters. Nothing is written. Use another key.
line-needed = This node has several lines: { $lines }. Name the one you mean.
line-unknown = There is no line { $line } here. See openline lines list.
listen-not-loopback = The console can listen on this machine only, not at { $host }. Use 127.0.0.1 in openline.toml.
log-unknown = Line { $line } has no log { $origin }. Name one of its parties.
method-not-allowed = The address { $address } does not take this kind of request. Look into the API document.
no-lines = This node has no line yet. Pair with another party first: openline pair.
node-running = A node runs already in this folder ({ $file }). Stop it before you start another.
not-allowed = The desk { $desk } may not do this: it lacks the right { $capability }. Ask the supervisor.
port-taken = Port { $port } of { $host } is in use by another program. Stop that program, or choose another address in openline.toml.
port-unusable = The console cannot listen at { $host }, port { NUMBER($port, useGrouping: 0) } ({ $detail }). Choose another address in openline.toml.
request-broken-off = The request broke off before its end. Nothing is written. Send it again.
request-too-large = The request is larger than { $limit } bytes. Nothing is written. Send the long part as an attachment.
request-wrong = The request cannot be understood: { $detail }. Nothing is written. Correct it and send it again.
socket-unusable = The socket { $file } cannot be made ({ $detail }). Check the folder and its owner, then start again.
token-file-open = Others than the owner can read the token file { $file } (mode { $mode }). Set its mode to 0600.
token-file-wrong = Line { NUMBER($line, useGrouping: 0) } of the token file { $file } is wrong. Write: token, desk, role.
token-needed = A valid token is needed. Nothing is done. Give it with --token-file.
upload-length-needed = The length of the attachment must be given. Send it again with Content-Length.
upload-offset = The node has { $offset } bytes of this attachment. Go on from there.
snapshot-not-possible = A snapshot cannot be written: { $detail }. The record is whole. Tell the developers.

# Recordings of calls.

fault-recording-wrong = This entry about a recording does not fit together, or names a wrong speaker. It changes nothing. Ask its author.
recording-differs = Stream { $stream }, chunk { $chunk }: what { $listener } recorded is not what { $party } signed as sent.
recording-disk-failed = The disk for recordings cannot be written.
recording-disk-full = The disk has too little room left for recordings; the record needs it.
recording-disk-slow = The disk for recordings is too slow.
recording-export-needs-voice = This node has no PyAV, which makes sound files. Install openline with its part for voice, then export again.
recording-file-wrong = { $file } is not what was recorded: it was changed after the record was signed. Restore it from a backup, or say so when you show it.
recording-files-gone = No file of that recording is in { $folder }. Restore the folder from a backup, or ask the other side for its recording.
recording-files-missing = { $count ->
    [one] One file of our recording is not here; its hashes are on the record.
   *[other] { $count } files of our recording are not here; their hashes are on the record.
}
recording-not-on-record = { $file } is not on the record: the node stopped before that. Nothing vouches for it.
recording-not-signed = Stream { $stream }, chunk { $chunk }: { $party } has not signed what { $listener } recorded of it.
recording-stream-unknown = { $entry } has { $limit } recorded streams. Look at their numbers with `openline recording show`.
recording-too-many-parts = The other side sent its sound in too many pieces to be recorded.

"""The check of a recording: which finding is grave, which has a good reason, and what both sides' entries prove."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openline.media.recording_file import Recording, file_name
from openline.node.recording_check import Checked, Grade, Told, check, false, missing, told_by
from openline.record.entry import Leaf, make_entry
from openline.voice.frame import Codec, Frame
from openline.voice.recording import Agreement, Key, Part, Row, part_with_prints
from tests.media.recordings import recordings, spoken, taken

PARTIES = ("alpha.example", "bravo.example")
ALPHA, BRAVO = 0, 1


def speech(count: int = 20) -> list[Frame]:
    return spoken([number.to_bytes(4, "big") * 10 for number in range(count)])


def file_of(frames: list[Frame], speaker: str = "") -> Recording:
    (only,) = recordings(taken(frames), speaker)
    return only


def told(author: int, frames: list[Frame], speaker: int) -> Told:
    part = part_with_prints(frames)
    if author != speaker:
        part = Part(part.first, part.present, part.root)
    return Told(author, Key(speaker, frames[0].stream, Codec.OPUS, 0), part)


def ids(checked: Checked) -> list[str]:
    return [found.message_id for found in checked.found]


def test_all_that_was_said_and_kept_is_verified() -> None:
    sent, got = speech(), speech()[::2]
    rows = [told(ALPHA, sent, ALPHA), told(BRAVO, got, ALPHA)]
    for me, file in ((ALPHA, file_of(sent)), (BRAVO, file_of(got, PARTIES[ALPHA]))):
        checked = check(rows, [file], me, PARTIES)
        assert (checked.verdict, checked.found) == (Grade.VERIFIED, [])
        assert [how for _, _, how in checked.agreements] == [Agreement.SUBSET]


def test_a_frame_changed_in_our_file_is_false_also_when_nothing_else_is_wrong() -> None:
    frames = speech()
    changed = file_of([*frames[:-1], replace(frames[-1], payload=b"changed")])
    checked = check([told(ALPHA, frames, ALPHA)], [changed], ALPHA, PARTIES)
    assert checked.verdict is Grade.FALSE
    assert [found.facts for found in checked.found] == [{"file": file_name(changed)}]


def test_a_codec_changed_in_our_file_is_false() -> None:
    frames = [replace(frame, codec=Codec.PCMU, timestamp=0) for frame in speech(3)]
    row = replace(told(ALPHA, frames, ALPHA), key=Key(ALPHA, frames[0].stream, Codec.PCMU, 0))
    other = replace(
        file_of(frames), codec=Codec.PCMA, taken=tuple(taken([replace(f, codec=Codec.PCMA) for f in frames]))
    )
    assert ids(check([row], [other], ALPHA, PARTIES)) == ["recording-file-wrong"]


def test_a_file_that_cannot_be_read_is_false() -> None:
    checked = check([], ["sent-00001-1.frames"], ALPHA, PARTIES)
    assert (checked.verdict, ids(checked)) == (Grade.FALSE, ["recording-file-wrong"])


def test_files_and_entries_that_lack_each_other_are_incomplete() -> None:
    checked = check([told(ALPHA, speech(), ALPHA)], [], ALPHA, PARTIES)
    assert (checked.verdict, ids(checked)) == (Grade.INCOMPLETE, ["recording-files-missing"])
    checked = check([], [file_of(speech())], ALPHA, PARTIES)
    assert (checked.verdict, ids(checked)) == (Grade.INCOMPLETE, ["recording-not-on-record"])


def test_one_of_two_parts_that_was_changed_is_named_and_the_other_is_not() -> None:
    first, second = speech(20)[:10], speech(20)[10:]
    wrong = file_of([replace(second[0], payload=b"changed"), *second[1:]])
    rows = [told(ALPHA, first, ALPHA), told(ALPHA, second, ALPHA)]
    checked = check(rows, [file_of(first), wrong], ALPHA, PARTIES)
    assert [found.facts["file"] for found in checked.found] == [file_name(wrong)]


def test_what_nobody_signed_is_incomplete_and_what_was_not_sent_is_false() -> None:
    frames = speech()
    heard = told(BRAVO, frames, ALPHA)
    alone = check([heard], [file_of(frames)], ALPHA, PARTIES)
    assert Grade.INCOMPLETE in {found.grade for found in alone.found}
    assert "recording-not-signed" in ids(alone)
    sent = told(ALPHA, [*frames[:-1], replace(frames[-1], payload=b"another")], ALPHA)
    differs = check([sent, heard], [], BRAVO, PARTIES)
    assert ids(differs) == ["recording-files-missing", "recording-differs"]
    assert differs.verdict is Grade.FALSE
    assert differs.found[-1].facts == {"party": PARTIES[0], "listener": PARTIES[1], "stream": 0x0101, "chunk": 0}


def test_with_our_file_also_overlapping_recordings_are_compared() -> None:
    sent, got = speech()[5:], speech()[:10]
    rows = [told(ALPHA, sent, ALPHA), told(BRAVO, got, ALPHA)]
    checked = check(rows, [file_of(got, PARTIES[ALPHA])], BRAVO, PARTIES)
    assert [how for _, _, how in checked.agreements] == [Agreement.OVERLAPS]
    wrong = [*got[:-1], replace(got[-1], payload=b"another")]
    rows = [rows[0], told(BRAVO, wrong, ALPHA)]
    assert check(rows, [], BRAVO, PARTIES).verdict is Grade.INCOMPLETE
    assert check(rows, [file_of(wrong, PARTIES[ALPHA])], BRAVO, PARTIES).verdict is Grade.FALSE


def test_a_file_of_a_party_that_is_not_on_the_line_belongs_to_nothing() -> None:
    checked = check([], [file_of(speech(), "charlie.example")], ALPHA, PARTIES)
    assert ids(checked) == ["recording-not-on-record"]


@pytest.mark.parametrize("body", [None, b"", b"\xa0"])
def test_an_entry_without_its_body_says_nothing(body: bytes | None) -> None:
    leaf = Leaf(13, 1_795_000_000_000, "node", bytes(32))
    entry = make_entry("alpha.example/line/alpha-bravo", 3, leaf, bytes(16), body)
    row = Row(ALPHA, 3, part_with_prints(speech()))
    assert told_by(entry, Key(ALPHA, 1, Codec.OPUS, 0), row) is None


def test_the_worst_finding_is_the_verdict() -> None:
    few, bad = missing("recording-files-missing", count=1), false("recording-file-wrong", file="a")
    assert Checked([few]).verdict is Grade.INCOMPLETE
    assert Checked([few, bad]).verdict is Checked([bad, few]).verdict is Grade.FALSE

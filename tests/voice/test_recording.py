"""Recorded chunks on the record: what was heard is what was sent, or somebody sees that it is not."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.limits import RECORDING_FRAMES_MAX, RECORDING_SPAN_MAX
from openline.line.kinds import Registry
from openline.line.standard import KINDS
from openline.record.entry import Entry, Mark, Precedence
from openline.voice.call import CALL_KIND, STEP_KIND
from openline.voice.frame import SEQUENCES, Codec, Frame
from openline.voice.recording import (
    PRINT_BYTES,
    RECORDING_KIND,
    Agreement,
    Part,
    RecordingChunk,
    Recordings,
    agreement,
    chunk_draft,
    chunk_of,
    part_of,
    part_with_prints,
    print_of,
    read_chunk,
    root_over,
)
from tests.line.world import World

ROOT = Path(__file__).parent.parent.parent
PAGE = json.loads((ROOT / "tests/vectors/kinds/recording-chunk.json").read_text("utf-8"))
REGISTRY = Registry((*KINDS, CALL_KIND, STEP_KIND, RECORDING_KIND))
STREAM = 0x0201


def frame(number: int, payload: bytes = b"", stream: int = STREAM) -> Frame:
    said = payload or number.to_bytes(4, "big") * 20
    return Frame(stream, number % SEQUENCES, 960 * number, number % 50 == 0, Codec.OPUS, said)


def frames(*numbers: int) -> list[Frame]:
    return [frame(number) for number in numbers]


def known_by_root(part: Part) -> Part:
    return Part(part.first, part.present, part.root)


# Prints, roots and chunks


@pytest.mark.parametrize("vector", PAGE["frames"], ids=lambda vector: str(vector["sequence"]))
def test_the_vectors_of_frames(vector: dict[str, object]) -> None:
    fields = {name: vector[name] for name in ("stream", "sequence", "timestamp", "marker")}
    said = Frame(**fields, codec=Codec(vector["codec"]), payload=bytes.fromhex(str(vector["payload_hex"])))  # type: ignore[arg-type]  # the vectors are JSON
    assert print_of(said).hex() == vector["print_hex"]
    assert chunk_of(said) == vector["chunk"]


def test_the_vector_of_a_root() -> None:
    prints = [bytes.fromhex(vector["print_hex"]) for vector in PAGE["frames"][:4]]
    assert root_over(prints).hex() == PAGE["root_hex"]


def test_everything_that_is_the_same_at_both_ends_is_in_the_print() -> None:
    said = frame(7)
    others = [
        replace(said, stream=1),
        replace(said, sequence=8),
        replace(said, timestamp=0),
        replace(said, marker=True),
        replace(said, codec=Codec.PCMU),
        replace(said, payload=said.payload[:-1]),
    ]
    assert len({print_of(each) for each in (said, *others)}) == 1 + len(others)


@pytest.mark.parametrize(("codec", "seconds", "rate"), [(Codec.OPUS, 10.9, 48_000), (Codec.G722, 8.2, 8_000)])
def test_a_chunk_is_about_ten_seconds_of_the_speakers_clock(codec: Codec, seconds: float, rate: int) -> None:
    numbers = {chunk_of(replace(frame(0), codec=codec, timestamp=tick)) for tick in range(0, 60 * rate, 160)}
    assert 60 / (len(numbers) - 1) >= seconds
    assert 60 / len(numbers) <= seconds


@given(st.sets(st.integers(0, RECORDING_SPAN_MAX - 1), min_size=1, max_size=80), st.integers(0, SEQUENCES - 1))
def test_a_part_says_which_frames_it_has_also_where_numbers_begin_anew(places: set[int], first: int) -> None:
    said = [frame(first + place) for place in sorted(places)]
    part = part_with_prints(said)
    assert list(part.sequences) == [each.sequence for each in said]
    assert list(part.prints) == [print_of(each) for each in said]
    assert part.frames == len(said)
    assert part == part_with_prints(reversed(said))


@given(st.sets(st.integers(0, 900), min_size=1, max_size=60))
def test_a_body_is_read_as_it_was_written(places: set[int]) -> None:
    part = part_with_prints(frames(*sorted(places)))
    body = RecordingChunk(stream=1, chunk=2, first=part.first, present=part.present, prints=b"".join(part.prints))
    assert read_chunk(body) == part


# What was heard against what was sent

numbers_of = st.sets(st.integers(40_000, 40_400), min_size=2, max_size=60)


@given(numbers_of, st.data())
def test_any_part_of_what_was_sent_is_a_proven_subset(numbers: set[int], data: st.DataObject) -> None:
    sent = part_with_prints(frames(*numbers))
    some = data.draw(st.sets(st.sampled_from(sorted(numbers)), min_size=1, max_size=len(numbers)))
    heard = known_by_root(part_with_prints(frames(*some)))
    assert agreement([sent], heard) is (Agreement.MATCHES if some == numbers else Agreement.SUBSET)


@given(numbers_of, st.data())
def test_any_frame_that_was_not_sent_differs(numbers: set[int], data: st.DataObject) -> None:
    sent = part_with_prints(frames(*numbers))
    some = sorted(data.draw(st.sets(st.sampled_from(sorted(numbers)), min_size=1)))
    changed = data.draw(st.sampled_from(some))
    other = [frame(number, b"another word" if number == changed else b"") for number in some]
    assert agreement([sent], known_by_root(part_with_prints(other))) is Agreement.DIFFERS


@given(numbers_of, st.data())
def test_a_frame_that_the_speaker_says_it_left_out_differs(numbers: set[int], data: st.DataObject) -> None:
    gaps = sorted(set(range(min(numbers), max(numbers))) - numbers)
    if not gaps:
        return
    heard = part_with_prints(frames(*numbers, data.draw(st.sampled_from(gaps))))
    assert agreement([part_with_prints(frames(*numbers))], known_by_root(heard)) is Agreement.DIFFERS


def test_recordings_that_did_not_begin_at_once_overlap_and_what_both_have_is_compared() -> None:
    sent, heard = part_with_prints(frames(10, 11, 12)), part_with_prints(frames(8, 9, 10, 11))
    assert agreement([sent], heard) is Agreement.OVERLAPS
    assert agreement([sent], known_by_root(heard)) is Agreement.OVERLAPS
    forged = part_with_prints([*frames(8, 9, 10), frame(11, b"another word")])
    assert agreement([sent], forged) is Agreement.DIFFERS


def test_what_its_speaker_has_not_signed_stands_alone() -> None:
    assert agreement([], part_with_prints(frames(1))) is Agreement.ALONE


def test_a_chunk_that_was_sent_in_two_parts_and_heard_in_one() -> None:
    sent = [part_with_prints(frames(1, 2, 3)), part_with_prints(frames(5, 6))]
    assert agreement(sent, known_by_root(part_with_prints(frames(1, 2, 3, 5, 6)))) is Agreement.MATCHES
    assert agreement(sent, known_by_root(part_with_prints(frames(2, 6)))) is Agreement.SUBSET
    assert agreement(sent, known_by_root(part_with_prints(frames(5, 6)))) is Agreement.MATCHES
    assert agreement(sent, part_with_prints(frames(3, 4, 5))) is Agreement.OVERLAPS


def test_a_number_that_came_around_again_is_judged_by_the_part_it_belongs_to() -> None:
    first, again = (
        part_with_prints(frames(1, 2, 3)),
        part_with_prints([frame(number, b"again") for number in (1, 2, 3)]),
    )
    for sent in permutations((first, again)):
        for heard in (first, again):
            assert agreement(sent, known_by_root(heard)) is Agreement.MATCHES
        some = part_with_prints([frame(1, b"again"), frame(3, b"again")])
        assert agreement(sent, known_by_root(some)) is Agreement.SUBSET
        assert agreement(sent, known_by_root(part_with_prints([frame(1, b"never")]))) is Agreement.DIFFERS


def test_without_prints_the_numbers_decide_as_far_as_they_can() -> None:
    sent = [known_by_root(part_with_prints(frames(1, 2, 3)))]
    assert agreement(sent, known_by_root(part_with_prints(frames(1, 2, 3)))) is Agreement.MATCHES
    assert agreement(sent, known_by_root(part_with_prints([*frames(1, 2), frame(3, b"x")]))) is Agreement.DIFFERS
    assert agreement(sent, known_by_root(part_with_prints([frame(3, b"x")]))) is Agreement.SUBSET


# The book


class Line(World):
    """A line whose kinds include calls and recordings."""

    def __init__(self, members: int = 2) -> None:
        super().__init__(members, REGISTRY)
        self.call = self.say("alpha", "ring")[0]

    def chunk(self, who: str, said: list[Frame], speaker: str = "", mark: Mark = Mark.OPERATION) -> Entry:
        part = part_with_prints(said)
        body = RecordingChunk(
            stream=said[0].stream,
            chunk=chunk_of(said[0]),
            first=part.first,
            present=part.present,
            prints=b"" if speaker else b"".join(part.prints),
            root=part.root if speaker else b"",
            speaker=speaker,
        )
        return self.put(who, [chunk_draft(self.call.ref, mark, "node", body)])[0]

    def claims(self, book: str = "alpha") -> list[Agreement]:
        return [how for _, _, how in self.books[book].state(Recordings).claims((0, self.call.index))]


def test_each_party_says_what_it_recorded_and_the_book_compares() -> None:
    line = Line()
    entry = line.chunk("alpha", frames(1, 2, 3))
    line.chunk("bravo", frames(1, 3), "alpha.example")
    line.chunk("bravo", frames(600, 601), "")
    line.chunk("alpha", [frame(600), frame(601, b"x")], "bravo.example")
    assert line.claims() == line.claims("bravo") == [Agreement.SUBSET, Agreement.DIFFERS]
    assert entry.leaf.precedence is Precedence.ROUTINE
    assert not line.alpha.faults
    assert list(line.alpha.open_items) == []


def test_whatever_arrives_first_the_books_are_the_same() -> None:
    line = Line()
    line.cut = True
    line.chunk("bravo", frames(1, 3), "alpha.example")
    line.chunk("alpha", frames(1, 2, 3))
    line.chunk("alpha", frames(5, 6))
    line.mend()
    assert line.alpha.digest() == line.bravo.digest()
    assert line.claims() == [Agreement.SUBSET]


def test_a_chunk_waits_for_its_call() -> None:
    line = Line()
    line.chunk("bravo", frames(1), "alpha.example")
    late = line.new_book()
    rows = [entry for log in (line.origins["bravo"], line.origins["alpha"]) for entry in line.logs[log]]
    line.fold(late, rows)
    assert late.digest() == line.alpha.digest()


def test_three_parties_have_each_their_own_account() -> None:
    line = Line(3)
    line.chunk("alpha", frames(1, 2, 3))
    line.chunk("bravo", frames(1, 2, 3), "alpha.example")
    line.chunk("charlie", frames(2), "alpha.example")
    assert line.claims("charlie") == [Agreement.MATCHES, Agreement.SUBSET]


@pytest.mark.parametrize("speaker", ["bravo.example", "nobody.example"])
def test_what_was_heard_was_heard_from_another_party_of_the_line(speaker: str) -> None:
    line = Line()
    line.chunk("bravo", frames(1), speaker)
    assert [fault.message_id for fault in line.alpha.faults] == ["fault-recording-wrong"]
    assert line.alpha.state(Recordings).by_call == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"present": b"\x02"},
        {"present": b"\x01\x00"},
        {"prints": bytes(PRINT_BYTES - 1)},
        {"prints": bytes(2 * PRINT_BYTES)},
        {"root": bytes(32)},
        {"speaker": "alpha.example"},
        {"speaker": "alpha.example", "prints": b"", "root": bytes(31)},
        {"present": b"\xff" * (RECORDING_FRAMES_MAX // 8 + 1)},
    ],
)
def test_fields_that_do_not_fit_together_are_a_fault(wrong: dict[str, object]) -> None:
    line = Line()
    fields: dict[str, object] = {"present": b"\x01", "prints": bytes(PRINT_BYTES), **wrong}
    body = RecordingChunk(stream=1, chunk=1, first=1, **fields)  # type: ignore[arg-type]  # the fields of a table
    line.put("bravo", [chunk_draft(line.call.ref, Mark.OPERATION, "node", body)])
    assert [fault.message_id for fault in line.alpha.faults] == ["fault-recording-wrong"]


def test_a_chunk_is_of_a_call_and_bears_its_mark() -> None:
    line = Line()
    line.chunk("bravo", frames(1), "alpha.example", Mark.EXERCISE)
    message = line.alpha.find(line.send())
    ref = line.alpha.ref(*message)
    body = RecordingChunk(stream=1, chunk=1, first=1, present=b"\x01", prints=bytes(PRINT_BYTES))
    line.put("bravo", [chunk_draft(ref, Mark.OPERATION, "node", body)])
    assert [fault.message_id for fault in line.alpha.faults] == ["fault-mark-differs", "fault-target-wrong"]


def test_a_part_has_at_least_one_frame() -> None:
    with pytest.raises(StopIteration):
        part_of({})

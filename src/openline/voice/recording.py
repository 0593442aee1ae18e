"""Kind 13, recording-chunk: which frames a party has recorded of a call, as hashes. The sound itself stays with it.

Who sent the frames names each of them by its print, which signs them before anybody says what arrived. Who heard them
names which ones and one root over their prints. So every holder of both logs can see, without any sound, that what
was heard is what was sent, all of it or the part that arrived; and whoever shows a frame later can be held to it.

A chunk is about ten seconds of a stream by the speaker's own timestamps, so both ends cut at the same frames without
agreeing on anything. One that was not recorded in one go is told in several parts, an entry each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from hashlib import sha256
from struct import Struct
from typing import Annotated, NamedTuple

import msgspec

from openline.base import codec as cbor
from openline.base.limits import NAME_BYTES_MAX, RECORDING_FRAMES_MAX, RECORDING_SPAN_MAX
from openline.base.schema import Body, pack
from openline.line.book import Book
from openline.line.ids import party_of
from openline.line.kinds import Change, Said, Traits, kind
from openline.record.entry import Draft, Mark, Precedence, Ref
from openline.record.tree import leaf_hash, root_of
from openline.voice.call import Calls
from openline.voice.frame import SEQUENCES, Codec, Frame, ahead

RECORDING_CHUNK = 13

PRINT_BYTES = 16
_PREFIX = b"openline-frame/v1\0"
_FRAME = Struct(">HHIB")  # stream, sequence, timestamp, marker and codec
_MARKER = 0x80
_CHUNK_BITS = {Codec.OPUS: 19, Codec.PCMU: 16, Codec.PCMA: 16, Codec.G722: 16}
"""A chunk is 2 to this many ticks of the timestamp: 10.9 s of Opus, 8.2 s of the others."""

_U16 = Annotated[int, msgspec.Meta(ge=0, lt=SEQUENCES)]
_Present = Annotated[bytes, msgspec.Meta(min_length=1, max_length=RECORDING_SPAN_MAX // 8)]
_Prints = Annotated[bytes, msgspec.Meta(max_length=RECORDING_FRAMES_MAX * PRINT_BYTES)]
_Speaker = Annotated[str, msgspec.Meta(max_length=NAME_BYTES_MAX)]

Sequences = Mapping[int, bytes]
"""Prints by sequence number."""


class RecordingChunk(Body, frozen=True):
    """The body; ref 0 is the call. `speaker` is the party it was heard from, empty: the author has sent it.

    `present` has a bit for each sequence number from `first` on, the lowest of each byte first. `prints` are those of
    the frames, in that order, and stand where the author is the speaker; `root` is over them and stands elsewhere.
    """

    stream: _U16
    chunk: _U16
    first: _U16
    present: _Present
    prints: _Prints = b""
    root: Annotated[bytes, msgspec.Meta(max_length=32)] = b""
    speaker: _Speaker = ""
    codec: Annotated[int, msgspec.Meta(ge=0, le=int(max(Codec)))] = int(Codec.OPUS)


class Agreement(Enum):
    """How what was heard stands to what its speaker has signed."""

    MATCHES = "matches"
    SUBSET = "subset"
    OVERLAPS = "overlaps"
    ALONE = "alone"
    DIFFERS = "differs"


class Key(NamedTuple):
    """Which chunk of a call: the speaker's member number, stream, codec, and number."""

    speaker: int
    stream: int
    codec: Codec
    chunk: int


@dataclass(frozen=True)
class Part:
    """What one entry says of a chunk. `prints` are those of its frames, or none where only the root is known."""

    first: int
    present: bytes
    root: bytes
    prints: tuple[bytes, ...] = ()

    @cached_property
    def sequences(self) -> tuple[int, ...]:
        """The frames' sequence numbers, in order."""
        bits = int.from_bytes(self.present, "little")
        return tuple((self.first + place) % SEQUENCES for place in range(bits.bit_length()) if bits >> place & 1)

    @property
    def frames(self) -> int:
        """How many there are."""
        return int.from_bytes(self.present, "little").bit_count()

    def spans(self, sequence: int) -> bool:
        """Whether this number lies between the first and the last."""
        return (sequence - self.first) % SEQUENCES < int.from_bytes(self.present, "little").bit_length()


# Making


def chunk_of(frame: Frame) -> int:
    """The number of the chunk a frame belongs to."""
    return frame.timestamp >> _CHUNK_BITS[frame.codec]


def print_of(frame: Frame) -> bytes:
    """The print of a frame: 16 bytes of a SHA-256 over all that is the same at both ends."""
    head = _FRAME.pack(frame.stream, frame.sequence, frame.timestamp, _MARKER * frame.marker | frame.codec)
    return sha256(_PREFIX + head + frame.payload).digest()[:PRINT_BYTES]


def root_over(prints: Iterable[bytes]) -> bytes:
    """The root of the tree (RFC 6962) whose leaves are these prints."""
    return root_of([leaf_hash(each) for each in prints])


def part_of(prints: Sequences) -> Part:
    """One part with these frames, at least one and within RECORDING_SPAN_MAX of each other."""
    some = next(iter(prints))
    first = min(prints, key=lambda sequence: ahead(sequence, some))
    places = {(sequence - first) % SEQUENCES: value for sequence, value in prints.items()}
    ordered = tuple(places[place] for place in sorted(places))
    bits = sum(1 << place for place in places)
    present = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
    return Part(first, present, root_over(ordered), ordered)


def part_with_prints(frames: Iterable[Frame]) -> Part:
    """The part that these frames make; see `part_of`."""
    return part_of({frame.sequence: print_of(frame) for frame in frames})


def chunk_draft(call: Ref, mark: Mark, desk: str, body: RecordingChunk) -> Draft:
    """The draft of an entry about a chunk. It never goes before what is urgent, and is refused before it is."""
    return Draft(RECORDING_CHUNK, pack(body), desk, (call,), precedence=Precedence.ROUTINE, mark=mark)


# Comparing


def agreement(sent: Sequence[Part], heard: Part) -> Agreement:
    """How one part that was heard stands to all that its speaker has signed of the same chunk.

    Without prints a SUBSET is only claimed: the numbers fit. With them it is proven. OVERLAPS is what recordings do
    that did not begin or end at the same frame; what both have is compared where `heard` has prints.
    """
    if not sent:
        return Agreement.ALONE
    signed = _signed(sent)
    extra = [sequence for sequence in heard.sequences if sequence not in signed]
    if any(part.spans(sequence) for part in sent for sequence in extra):
        return Agreement.DIFFERS
    if extra:
        return Agreement.OVERLAPS if _shares(signed, heard) else Agreement.DIFFERS
    same = [part.root for part in sent if part.sequences == heard.sequences]
    if same:
        return Agreement.MATCHES if heard.root in same else Agreement.DIFFERS
    if all(part.prints for part in sent) and heard.root not in _roots(sent, heard.sequences):
        return Agreement.DIFFERS
    return Agreement.MATCHES if len(signed) == heard.frames else Agreement.SUBSET


def _signed(sent: Sequence[Part]) -> dict[int, set[bytes]]:
    """The prints signed for each sequence number: one, unless the numbers came around again within the chunk."""
    signed: dict[int, set[bytes]] = {}
    for part in sent:
        prints: Iterable[bytes | None] = part.prints or [None] * part.frames
        for sequence, value in zip(part.sequences, prints, strict=True):
            signed.setdefault(sequence, set()).update(() if value is None else (value,))
    return signed


def _shares(signed: Mapping[int, set[bytes]], heard: Part) -> bool:
    """Whether no frame that both have is another one."""
    if not heard.prints:
        return True
    rows = zip(heard.sequences, heard.prints, strict=True)
    return all(value in signed[sequence] for sequence, value in rows if signed.get(sequence))


def _roots(sent: Sequence[Part], sequences: Sequence[int]) -> Iterator[bytes]:
    """The roots that these frames may have: of one part that has them all, or picked from several, the first first."""
    for part in sent:
        own = dict(zip(part.sequences, part.prints, strict=True))
        if all(sequence in own for sequence in sequences):
            yield root_over(own[sequence] for sequence in sequences)
    together: dict[int, bytes] = {}
    for part in reversed(sent):
        together.update(zip(part.sequences, part.prints, strict=True))
    yield root_over(together[sequence] for sequence in sequences)


# The book


class Row(NamedTuple):
    """One entry about a chunk: by which member, at which place of its log, and what it says, without prints."""

    author: int
    place: int
    part: Part


class Recordings:
    """What all parties say they have recorded, by call and chunk. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.by_call: dict[tuple[int, int], dict[Key, list[Row]]] = {}

    def claims(self, call: tuple[int, int]) -> list[tuple[Key, int, Agreement]]:
        """For each chunk that somebody heard: who, and how it stands to what the speaker has signed, by the numbers."""
        return [
            (key, row.author, agreement([each.part for each in rows if each.author == key.speaker], row.part))
            for key, rows in sorted(self.by_call.get(call, {}).items())
            for row in sorted(rows)
            if row.author != key.speaker
        ]

    def snapshot(self) -> cbor.Value:
        """Every chunk of every call, in order."""
        return [
            [
                *place,
                [
                    [*map(int, key), [_row(row) for row in sorted(rows, key=lambda row: row[:2])]]
                    for key, rows in sorted(chunks.items())
                ],
            ]
            for place, chunks in sorted(self.by_call.items())
        ]


def _row(row: Row) -> cbor.Value:
    return [row.author, row.place, row.part.first, row.part.present, row.part.root]


def read_chunk(body: RecordingChunk) -> Part | None:
    """What a body says of its chunk; None when its fields do not fit together."""
    bits = int.from_bytes(body.present, "little")
    if not bits & 1 or not body.present[-1] or not bits.bit_count() <= RECORDING_FRAMES_MAX:
        return None
    if body.speaker:
        return Part(body.first, body.present, body.root) if not body.prints and len(body.root) == 32 else None
    if body.root or len(body.prints) != bits.bit_count() * PRINT_BYTES:
        return None
    size = PRINT_BYTES
    prints = tuple(body.prints[start : start + size] for start in range(0, len(body.prints), size))
    return Part(body.first, body.present, root_over(prints), prints)


def _apply(book: Book, said: Said, body: RecordingChunk) -> Sequence[Change]:
    ref = said.leaf.refs[0]
    place = (book.number(ref.origin), ref.index)
    call = book.state(Calls).by_place.get(place)
    if call is None:
        return [book.fault(said, "fault-target-wrong", target=book.registry.name(book.kind_at(ref.origin, ref.index)))]
    if call.mark is not said.leaf.mark:
        return [book.fault(said, "fault-mark-differs", mark=said.leaf.mark.name, expected=call.mark.name)]
    speaker, part = _speaker(book, said, body.speaker), read_chunk(body)
    if part is None or speaker is None:
        return [book.fault(said, "fault-recording-wrong")]
    key = Key(speaker, body.stream, Codec(body.codec), body.chunk)
    rows = book.state(Recordings).by_call.setdefault(place, {}).setdefault(key, [])
    rows.append(Row(said.member, said.entry.index, Part(part.first, part.present, part.root)))
    return [Change("recording-chunk", said.entry.origin, said.entry.index, "heard" if body.speaker else "sent")]


def _speaker(book: Book, said: Said, party: str) -> int | None:
    """The speaker's member number: the author's own, or another member's that is named."""
    if not party:
        return said.member
    numbers = {party_of(origin): book.number(origin) for origin in book.members}
    number = numbers.get(party)
    return None if number == said.member else number


RECORDING_KIND = kind(
    RECORDING_CHUNK, "recording-chunk", RecordingChunk, _apply, traits=Traits(fresh=Recordings, refs_needed=1)
)

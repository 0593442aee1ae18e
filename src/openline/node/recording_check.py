"""Checks the recordings of one call: our files against our entries, and what was heard against what was sent.

Pure but for the files that it is given. What it finds is FALSE (something is not what was signed) or INCOMPLETE
(something is missing, which may have a good reason); what it does not find wrong holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from openline.base.errors import PeerError
from openline.base.limits import BODY_BYTES_MAX
from openline.base.schema import unpack
from openline.media.recording_file import Recording, file_name
from openline.record.entry import Entry
from openline.voice.recording import (
    Agreement,
    Key,
    Part,
    RecordingChunk,
    Row,
    agreement,
    part_with_prints,
    read_chunk,
)


class Grade(Enum):
    """How grave a finding is; the worst is the verdict."""

    VERIFIED = "VERIFIED"
    INCOMPLETE = "INCOMPLETE"
    FALSE = "FALSE"


@dataclass(frozen=True, slots=True)
class Found:
    """One finding: a message id and its facts."""

    grade: Grade
    message_id: str
    facts: Mapping[str, str | int]


def false(message_id: str, **facts: str | int) -> Found:
    """Something is not what was signed."""
    return Found(Grade.FALSE, message_id, facts)


def missing(message_id: str, **facts: str | int) -> Found:
    """Something is not here, or nowhere."""
    return Found(Grade.INCOMPLETE, message_id, facts)


@dataclass(frozen=True, slots=True)
class Told:
    """One entry about a chunk, its prints included where its author is the speaker."""

    author: int
    key: Key
    part: Part


@dataclass(slots=True)
class Checked:
    """What came out. `agreements` are of what was heard, by chunk and who heard it."""

    found: list[Found] = field(default_factory=list)
    agreements: list[tuple[Key, int, Agreement]] = field(default_factory=list)

    @property
    def verdict(self) -> Grade:
        """The worst of what was found."""
        grades = {found.grade for found in self.found}
        return next((each for each in (Grade.FALSE, Grade.INCOMPLETE) if each in grades), Grade.VERIFIED)


def told_by(entry: Entry, key: Key, row: Row) -> Told | None:
    """What an entry says, read again with its prints. None when its body is not here."""
    try:
        part = None if entry.body is None else read_chunk(unpack(RecordingChunk, entry.body, BODY_BYTES_MAX))
    except PeerError:
        part = None
    return None if part is None else Told(row.author, key, part)


def check(told: Sequence[Told], files: Iterable[Recording | str], me: int, parties: Sequence[str]) -> Checked:
    """Check everything about one call. `files` are ours, each read, or the name of one that cannot be.

    `me` is our member number, `parties` are the members' names by theirs.
    """
    checked = Checked()
    own = _Own([each for each in told if each.author == me], me, parties)
    for file in files:
        checked.found += own.see(file)
    checked.found += own.left_over()
    for key, rows in _by_key(own.all + [each for each in told if each.author != me]).items():
        sent = [row.part for row in rows if row.author == key.speaker]
        for row in rows:
            if row.author != key.speaker:
                how = agreement(sent, row.part)
                checked.agreements.append((key, row.author, how))
                checked.found += _of_agreement(how, key, parties[row.author], parties[key.speaker])
    return checked


def _of_agreement(how: Agreement, key: Key, listener: str, speaker: str) -> Iterator[Found]:
    stream, chunk = key.stream, key.chunk
    if how is Agreement.DIFFERS:
        yield false("recording-differs", party=speaker, listener=listener, stream=stream, chunk=chunk)
    elif how is Agreement.ALONE:
        yield missing("recording-not-signed", party=speaker, listener=listener, stream=stream, chunk=chunk)


def _by_key(told: Sequence[Told]) -> dict[Key, list[Told]]:
    rows: dict[Key, list[Told]] = {}
    for each in sorted(told, key=lambda each: (each.key, each.author)):
        rows.setdefault(each.key, []).append(each)
    return rows


class _Own:
    """Our entries, and which of them have their file. `all` has the prints of those that do."""

    def __init__(self, told: Sequence[Told], me: int, parties: Sequence[str]) -> None:
        self.all = list(told)
        self._open = {(each.key, each.part.root): place for place, each in enumerate(told)}
        self._numbers = {party: number for number, party in enumerate(parties)}
        self._me = me
        self._loose: list[tuple[Key, str]] = []

    def see(self, file: Recording | str) -> Iterator[Found]:
        """A file: it belongs to the entry that has its root."""
        if isinstance(file, str):
            yield false("recording-file-wrong", file=file)
            return
        speaker = self._numbers.get(file.speaker, -1) if file.speaker else self._me
        key = Key(speaker, file.stream, file.codec, file.chunk)
        part = part_with_prints(file.frames)
        place = self._open.pop((key, part.root), None)
        if place is None:
            self._loose.append((key, file_name(file)))
        else:
            self.all[place] = replace(self.all[place], part=part)

    def left_over(self) -> Iterator[Found]:
        """Files without their entry, and entries without their file.

        Where both are of one chunk, the file is not what was put on the record.
        """
        without = [(key.speaker, key.stream, key.chunk) for key, _ in self._open]
        for key, name in self._loose:
            chunk = key.speaker, key.stream, key.chunk
            if chunk in without:
                without.remove(chunk)
                yield false("recording-file-wrong", file=name)
            else:
                yield missing("recording-not-on-record", file=name)
        if without:
            yield missing("recording-files-missing", count=len(without))

"""Recordings of calls at the node: what the voice process has recorded goes on the record, and is shown and checked.

The sound is in files, which belong to this party alone; on the record stand the hashes. A chunk that could not be put
there at once is tried again until it is, or the node stops: its file then has no entry, which the check says.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from openline.base.catalogue import sentence
from openline.base.errors import BusyError, OpenlineError, PeerError, UsageError
from openline.base.limits import RECORDING_UNSAID_MAX
from openline.line.book import Book
from openline.line.duty import DESK
from openline.line.ids import party_of
from openline.media.recording_file import SUFFIX, Recording, name_begins, read_recording, since_us
from openline.media.words import Recorded, RecordIs
from openline.node.lines import LineState
from openline.node.live import Key
from openline.node.long import Progress, long_work
from openline.node.recording_check import Checked, Told, check, told_by
from openline.node.views import RecordedStreamView, RecordingView
from openline.record.entry import Entry
from openline.voice.call import Call, Calls, call_of
from openline.voice.recording import Key as ChunkKey
from openline.voice.recording import RecordingChunk, Row, chunk_draft, part_with_prints
from openline.voice.recording import Recordings as OnRecord

if TYPE_CHECKING:
    from openline.node.service import Node

AGAIN_S = 10.0
_READ_BYTES = 65_536


@dataclass(frozen=True, slots=True, order=True)
class _Stream:
    """One speaker's leg in a call: the speaker's member number, and the number the leg has between nodes."""

    speaker: int
    stream: int


class Recordings:
    """The recordings of one node. Used from its event loop only, but for what it reads in threads."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._calls: dict[int, Key] = {}
        self._unsaid: list[tuple[Key, Recorded]] = []
        self._again: asyncio.TimerHandle | None = None

    # From and to the voice process

    def order(self, number: int, call: Key, on: bool) -> RecordIs:
        """What to say to the voice process when a call is to be recorded, or no longer. `number` is its name for it."""
        if not on:
            return RecordIs(number, False)
        self._calls[number] = call
        return RecordIs(number, True, str(self._folder(call)), int(self._node.clock.now()))

    def recorded(self, word: Recorded) -> None:
        """A part of a chunk is on the disk: put it on the record, also when its call is over meanwhile."""
        call = self._calls.get(word.call)
        if call is not None:
            self._say(call, word)

    def close(self) -> None:
        """Try nothing again."""
        if self._again is not None:
            self._again.cancel()

    def _say(self, call: Key, word: Recorded) -> None:
        keeper = self._node.lines[call.line].keeper
        book = keeper.book
        body = RecordingChunk(
            stream=word.stream,
            chunk=word.chunk,
            first=word.first,
            present=word.present,
            prints=word.prints if word.own else b"",
            root=b"" if word.own else word.digest,
            speaker=word.peer,
            codec=word.codec,
        )
        ref = book.ref(book.members[call.member], call.index)
        draft = chunk_draft(ref, book.state(Calls).by_place[call.place].mark, DESK, body)
        self._node.turns.say(keeper, [draft], None).add_done_callback(partial(self._said, call, word))

    def _said(self, call: Key, word: Recorded, saying: asyncio.Future[list[Entry]]) -> None:
        why = None if saying.cancelled() else saying.exception()
        if isinstance(why, BusyError) and len(self._unsaid) < RECORDING_UNSAID_MAX:
            self._unsaid.append((call, word))
            if self._again is None:
                self._again = asyncio.get_running_loop().call_later(AGAIN_S, self._retry)
        elif why is not None:
            fault = why.message_id if isinstance(why, OpenlineError) else repr(why)
            self._node.journal.say("recording-refused", line=call.line, file=word.file, fault=fault)

    def _retry(self) -> None:
        self._again, unsaid, self._unsaid = None, self._unsaid, []
        for call, word in unsaid:
            self._say(call, word)

    # For who looks

    def views(self, state: LineState) -> list[RecordingView]:
        """Every call of a line that was or is recorded, newest first."""
        book = state.keeper.book
        calls = book.state(Calls)
        places = book.state(OnRecord).by_call.keys() | {place for place, call in calls.open.items() if call.recorded}
        newest = sorted(places, key=lambda place: (calls.by_place[place].time_ms, place), reverse=True)
        return [self._view(state, calls.by_place[place]) for place in newest]

    def view(self, state: LineState, call_id: str) -> RecordingView:
        """The recording of one call. Raises UsageError when there is no such call."""
        return self._view(state, call_of(state.keeper.book, call_id))

    def verify(self, state: LineState, call_id: str, language: str) -> AsyncIterator[Mapping[str, object]]:
        """Check our files against the record, and what was heard against what was sent: progress, then the verdict.

        Raises UsageError at once when there is no such call.
        """
        book = state.keeper.book
        call = call_of(book, call_id)
        key = Key(book.line, *call.place)

        rows = _rows(book, key)

        def work(progress: Progress) -> None:
            checked = self._check(state, key, rows, progress)
            progress.result = {"line": book.line, "call": call_id, **_result(checked, language)}

        return long_work(work)

    async def ogg(self, state: LineState, call_id: str, number: int) -> AsyncIterator[bytes]:
        """One stream of a call as an Ogg Opus file, with what is on the record and no frame else.

        It begins where the call's first recorded frame was, so that the streams of a call fit together. Raises
        UsageError when there is no such stream or none of its files, and PeerError when a file is not what it was.
        """
        book = state.keeper.book
        key = Key(book.line, *call_of(book, call_id).place)
        streams = self._streams(book, key)
        if not 0 < number <= len(streams):
            raise UsageError("recording-stream-unknown", entry=call_id, limit=len(streams))
        files, rows = self._files(key, book, streams[number - 1]), _rows(book, key)
        if not files:
            raise UsageError("recording-files-gone", folder=str(self._folder(key)))
        begins_us = min(map(since_us, self._files(key, book)))
        with ExitStack() as unfinished:
            file = unfinished.enter_context(tempfile.TemporaryFile())

            def work(progress: Progress) -> None:
                checked = self._check(state, key, rows, progress)
                wrong = next((found for found in checked.found if found.message_id == "recording-file-wrong"), None)
                if wrong is not None:
                    raise PeerError("recording-file-wrong", **wrong.facts)
                _export(files, {told.part.root for told in self._told(book, rows)}, file, begins_us)

            async for _ in long_work(work):
                pass
            unfinished.pop_all()
        return _pieces(file)

    # One call

    def _folder(self, call: Key) -> Path:
        book = self._node.lines[call.line].keeper.book
        label = book.label(book.members[call.member], call.index)
        return self._node.folder.recordings / call.line / label.replace(":", "-")

    def _files(self, call: Key, book: Book, of: _Stream | None = None) -> list[Path]:
        """The files of a call, or of one of its streams, by time."""
        folder, begin = self._folder(call), ""
        if of is not None:
            own = of.speaker == book.number(book.me)
            begin = name_begins("" if own else party_of(book.members[of.speaker]), of.stream)
        found = [path for path in folder.glob(f"*{SUFFIX}") if path.name.startswith(begin)] if folder.is_dir() else []
        return sorted(found, key=since_us)

    def _streams(self, book: Book, call: Key) -> list[_Stream]:
        return sorted({_Stream(key.speaker, key.stream) for key in _chunks(book, call)})

    def _view(self, state: LineState, call: Call) -> RecordingView:
        book = state.keeper.book
        key = Key(book.line, *call.place)
        streams = enumerate(self._streams(book, key), 1)
        shown = tuple(self._stream_view(state, key, stream, number) for number, stream in streams)
        by = book.members[call.member]
        recorded = call.recorded and not call.ended
        return RecordingView(book.label(by, call.index), book.line, party_of(by), call.time.rfc3339(), recorded, shown)

    def _stream_view(self, state: LineState, call: Key, stream: _Stream, number: int) -> RecordedStreamView:
        book, members = state.keeper.book, state.keeper.setup.members
        chunks = {key: rows for key, rows in _chunks(book, call).items() if _Stream(key.speaker, key.stream) == stream}
        sent, heard = 0, Counter[str]()
        for row in (row for rows in chunks.values() for row in rows):
            if row.author == stream.speaker:
                sent += row.part.frames
            else:
                heard[members[row.author]] += row.part.frames
        claims = book.state(OnRecord).claims(call.place)
        return RecordedStreamView(
            number,
            members[stream.speaker],
            stream.speaker == state.keeper.me,
            stream.stream,
            len(chunks),
            sent,
            dict(heard),
            dict(Counter(how.value for key, _, how in claims if _Stream(key.speaker, key.stream) == stream)),
            len(self._files(call, book, stream)),
        )

    def file_count(self, state: LineState, place: tuple[int, int]) -> int:
        """How many files of sound are here of the call that stands at this place."""
        book = state.keeper.book
        return len(self._files(Key(book.line, *place), book))

    def erase(self, state: LineState, place: tuple[int, int]) -> None:
        """Remove them. What the record says of the recording stays."""
        book = state.keeper.book
        for path in self._files(Key(book.line, *place), book):
            path.unlink(missing_ok=True)

    # In threads

    def _told(self, book: Book, rows: Sequence[tuple[ChunkKey, Row]]) -> list[Told]:
        """These entries, read from the store."""
        found: list[Told] = []
        for key, row in rows:
            stored = self._node.store.entries(book.members[row.author], row.place, row.place + 1)
            told = told_by(stored[0], key, row) if stored else None
            if told is not None:
                found.append(told)
        return found

    def _check(self, state: LineState, call: Key, rows: Sequence[tuple[ChunkKey, Row]], progress: Progress) -> Checked:
        book = state.keeper.book
        files = self._files(call, book)

        def each() -> Iterator[Recording | str]:
            for done, path in enumerate(files):
                progress(done, len(files))
                try:
                    yield read_recording(path)
                except (PeerError, OSError):
                    yield path.name

        return check(self._told(book, rows), each(), state.keeper.me, state.keeper.setup.members)


def _chunks(book: Book, call: Key) -> Mapping[ChunkKey, Sequence[Row]]:
    return book.state(OnRecord).by_call.get(call.place, {})


def _rows(book: Book, call: Key) -> list[tuple[ChunkKey, Row]]:
    """Every entry about a call, as the book has it."""
    return [(key, row) for key, rows in _chunks(book, call).items() for row in rows]


def _export(files: Sequence[Path], roots: Collection[bytes], target: BinaryIO, begins_us: int) -> None:
    """Write those of `files` whose root is on the record as one Ogg Opus file. Raises UsageError without PyAV."""
    try:
        from openline.media.ogg import write_ogg  # noqa: PLC0415 - PyAV is there where telephones are
    except ImportError:
        raise UsageError("recording-export-needs-voice") from None
    recordings = map(read_recording, files)
    proven = (each for each in recordings if part_with_prints(each.frames).root in roots)
    write_ogg(target, proven, begins_us, lambda: None)


def _result(checked: Checked, language: str) -> dict[str, object]:
    findings = [
        {
            "severity": found.grade.value,
            "id": found.message_id,
            "facts": dict(found.facts),
            "text": sentence(found.message_id, found.facts, language),
        }
        for found in checked.found
    ]
    agreement = Counter(how.value for _, _, how in checked.agreements)
    return {"verdict": checked.verdict.value, "findings": findings, "agreement": dict(agreement)}


async def _pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        file.seek(0)
        while data := file.read(_READ_BYTES):
            yield data

"""Recordings at the node: with both consents and not before, on the record chunk by chunk, and checked to the byte."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import cast

import pytest

from openline.base.errors import BusyError, PeerError, UsageError
from openline.media.recorder import _write
from openline.media.recording_file import read_recording
from openline.media.words import CallOver, Order, Recorded, RecordIs, RingPhones, StopPhones, Telling
from openline.node.folder import Folder
from openline.node.recordings import AGAIN_S
from openline.node.views import Officer, RecordedStreamView
from openline.node.voice import Heard
from openline.record.entry import Draft, Entry
from openline.voice.frame import Frame
from openline.voice.recording import RECORDING_CHUNK, Recordings
from tests.media import houses as media_houses
from tests.media.houses import Between, Quarter, ports
from tests.media.recordings import heard, recordings, spoken, taken, tone
from tests.node.houses import (
    ALPHA,
    BRAVO,
    EVERYTHING,
    LINE,
    House,
    MemoryNode,
    connect,
    played,
    settled,
    started,
    until,
)
from tests.node.houses import heard as have_heard
from tests.node.voices import FakeVoice, Floor, floors, known, up

STREAM = 0x0101


def speech(count: int, stream: int = STREAM) -> list[Frame]:
    return spoken([number.to_bytes(4, "big") * 10 for number in range(count)], stream=stream)


class Side:
    """A headquarters that records: its floor, and a folder of its own on the disk."""

    def __init__(self, floor: Floor, folder: Path) -> None:
        self.floor = floor
        self.node = floor.node
        self.node.folder = Folder(folder)

    @property
    def orders(self) -> list[RecordIs]:
        """What the voice process was told of recording."""
        return self.floor.voice.said(RecordIs)

    @property
    def files(self) -> list[Path]:
        return sorted(self.node.folder.recordings.rglob("*.frames"))

    @property
    def size(self) -> int:
        """How many entries of ours are about recordings."""
        states = self.node.keeper.book.state(Recordings).by_call
        me = self.node.keeper.me
        rows = [row for chunks in states.values() for rows in chunks.values() for row in rows]
        return sum(row.author == me for row in rows)

    async def record(self, frames: list[Frame], speaker: str = "") -> list[Recorded]:
        """The voice process has taken these frames, written them and said so; until that is on the record."""
        order = next(word for word in reversed(self.orders) if word.on)
        parts = recordings(taken(frames, order.now_us), speaker)
        words = [_write(order.call, Path(order.folder), part, 0) for part in parts]
        before = self.size
        self.floor.tell(*words)
        await until(lambda: self.size == before + len(words))
        return words

    async def verify(self, call: str) -> tuple[str, list[str]]:
        """The verdict on a recording, and the ids of what was found."""
        rows = [row async for row in self.node.desk.verify_recording(self.floor.officer(), None, call)]
        findings = cast("list[dict[str, object]]", rows[-1]["findings"])
        assert all(str(finding["text"]).endswith(".") for finding in findings)
        return str(rows[-1]["verdict"]), [str(finding["id"]) for finding in findings]

    async def export(self, call: str, number: int, target: Path) -> Path:
        pieces = await self.node.desk.replay(self.floor.officer(), None, call, number)
        return written(target, b"".join([piece async for piece in pieces]))

    def streams(self, call: str) -> tuple[RecordedStreamView, ...]:
        return self.node.desk.recording(self.floor.officer(), None, call).streams


def written(target: Path, data: bytes) -> Path:
    target.write_bytes(data)
    return target


async def sides(folder: Path) -> tuple[Side, Side, str]:
    """Alpha and bravo in a call that both agree to record."""
    alpha, bravo = await floors()
    ends = Side(alpha, folder / "alpha"), Side(bravo, folder / "bravo")
    call = await up(alpha, bravo)
    for end in ends:
        await end.floor.step(call, "recording-agreed")
    await until(lambda: all(end.orders and end.orders[-1].on for end in ends))
    return *ends, call


async def recorded(folder: Path) -> tuple[Side, Side, str]:
    """The same after alpha has said something of which bravo has lost a part, and bravo something that came whole."""
    alpha, bravo, call = await sides(folder)
    said = speech(1_200)
    await alpha.record(said)
    await bravo.record([frame for frame in said if frame.sequence % 10], ALPHA)
    answer = speech(100, 0x0102)
    await bravo.record(answer)
    await alpha.record(answer, BRAVO)
    await settled(alpha.node, bravo.node)
    return alpha, bravo, call


def on_threads(story: Coroutine[object, object, None]) -> None:
    """Run a story with real threads: what fails in one must come back."""
    asyncio.run(story)


# Consent


def test_a_call_is_recorded_while_both_agree_and_at_no_other_time(tmp_path: Path) -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        ends = Side(alpha, tmp_path / "alpha"), Side(bravo, tmp_path / "bravo")
        call = await up(alpha, bravo)
        assert not any(word.on for end in ends for word in end.orders)
        await alpha.step(call, "recording-agreed")
        await settled(alpha.node, bravo.node)
        assert not any(word.on for end in ends for word in end.orders)
        await bravo.step(call, "recording-agreed")
        await until(lambda: all(end.orders and end.orders[-1].on for end in ends))
        for end in ends:
            assert Path(end.orders[-1].folder) == end.node.folder.recordings / "alpha-bravo" / call.replace(":", "-")
            assert abs(end.orders[-1].now_us - end.node.clock.now()) < 60_000_000
            assert end.node.desk.recording(end.floor.officer(), None, call).recorded
        await bravo.step(call, "recording-withdrawn")
        await until(lambda: not any(end.orders[-1].on for end in ends))
        assert not alpha.node.desk.recording(alpha.officer(), None, call).recorded

    played(story())


def test_who_leaves_is_recorded_no_more(tmp_path: Path) -> None:
    async def story() -> None:
        alpha, bravo, call = await sides(tmp_path)
        await bravo.floor.step(call, "left")
        await until(lambda: bool(alpha.floor.voice.said(CallOver)))
        assert not alpha.node.desk.recordings(alpha.floor.officer(), None)

    played(story())


# On the record


def test_each_side_says_what_it_sent_and_what_it_heard(tmp_path: Path) -> None:
    async def story() -> None:
        alpha, bravo, call = await recorded(tmp_path)
        for end in (alpha, bravo):
            theirs = {stream.party: stream for stream in end.streams(call)}
            assert [stream.number for stream in end.streams(call)] == [1, 2]
            assert (theirs[ALPHA].sent, theirs[ALPHA].heard) == (1_200, {BRAVO: 1_080})
            assert (theirs[BRAVO].sent, theirs[BRAVO].heard) == (100, {ALPHA: 100})
            assert theirs[ALPHA].agreement == {"subset": 3}
            assert theirs[BRAVO].agreement == {"matches": 1}
            assert [stream.files for stream in end.streams(call)] == [3, 1]
            assert not end.node.keeper.book.faults
        view = alpha.node.desk.recordings(alpha.floor.officer(), None)[0]
        assert (view.call, view.by, view.recorded) == (call, ALPHA, True)

    played(story())


def test_the_last_chunk_comes_when_the_call_is_over(tmp_path: Path) -> None:
    async def story() -> None:
        alpha, _, call = await sides(tmp_path)
        await alpha.floor.step(call, "left")
        await until(lambda: bool(alpha.floor.voice.said(CallOver)))
        await alpha.record(speech(10))
        assert alpha.streams(call)[0].sent == 10
        assert await alpha.verify(call) == ("VERIFIED", [])

    played(story())


def test_what_the_line_has_no_room_for_is_tried_again(tmp_path: Path) -> None:
    async def story() -> None:
        alpha, _, _ = await sides(tmp_path)
        turns, asked = alpha.node.turns, 0
        say = turns.say

        def busy(keeper: object, drafts: list[Draft], key: str | None) -> asyncio.Future[list[Entry]]:
            nonlocal asked
            asked += drafts[0].kind == RECORDING_CHUNK
            if drafts[0].kind != RECORDING_CHUNK or asked > 2:
                return say(alpha.node.keeper, drafts, key)
            refused: asyncio.Future[list[Entry]] = asyncio.get_running_loop().create_future()
            refused.set_exception(BusyError("line-full"))
            return refused

        turns.say = busy  # type: ignore[method-assign,assignment] # a line that is full twice
        before = asyncio.get_running_loop().time()
        await alpha.record(speech(10))
        assert asked == 3
        assert asyncio.get_running_loop().time() - before >= 2 * AGAIN_S
        assert not alpha.node.facts("recording-refused")

    played(story())


def test_what_can_never_be_said_stands_in_the_log(tmp_path: Path) -> None:
    async def story() -> None:
        alpha, _, _ = await sides(tmp_path)

        def refuses(*_: object) -> asyncio.Future[list[Entry]]:
            refused: asyncio.Future[list[Entry]] = asyncio.get_running_loop().create_future()
            refused.set_exception(UsageError("line-quarantined"))
            return refused

        alpha.node.turns.say = refuses  # type: ignore[method-assign,assignment] # a line that takes nothing
        order = alpha.orders[-1]
        word = _write(order.call, Path(order.folder), recordings(taken(speech(3), order.now_us))[0], 0)
        alpha.floor.tell(word)
        await until(lambda: bool(alpha.node.facts("recording-refused")))
        row = alpha.node.facts("recording-refused")[0]
        assert (row["file"], row["fault"]) == (word.file, "line-quarantined")

    played(story())


def test_a_word_about_a_call_that_nobody_knows_does_no_harm(tmp_path: Path) -> None:
    async def story() -> None:
        alpha, _, _ = await sides(tmp_path)
        alpha.floor.tell(Recorded(999, True, 1, 1, 1, bytes(32), "x", present=b"\x01", prints=bytes(16)))
        await asyncio.sleep(1)
        assert alpha.size == 0

    played(story())


def test_a_node_that_was_started_again_knows_its_recordings(tmp_path: Path) -> None:
    async def story() -> None:
        alpha, bravo, call = await recorded(tmp_path)
        again = Side(Floor(await started(alpha.node.house)), tmp_path / "alpha")
        assert again.streams(call) == alpha.streams(call)
        assert await again.verify(call) == ("VERIFIED", [])
        assert bravo.node.keeper.book.digest() == again.node.keeper.book.digest()

    played(story())


# The check


def test_a_recording_that_holds_is_verified_at_both_ends(tmp_path: Path) -> None:
    async def story() -> None:
        alpha, bravo, call = await recorded(tmp_path)
        assert await alpha.verify(call) == ("VERIFIED", [])
        assert await bravo.verify(call) == ("VERIFIED", [])

    played(story())


@pytest.mark.parametrize("place", [20, 60, -3])
def test_a_file_that_was_changed_is_named(place: int, tmp_path: Path) -> None:
    async def story() -> None:
        alpha, bravo, call = await recorded(tmp_path)
        for path in (alpha.files[0], alpha.files[-1]):
            data = bytearray(path.read_bytes())
            data[place] ^= 1
            path.write_bytes(data)
            rows = [row async for row in alpha.node.desk.verify_recording(alpha.floor.officer(), None, call)]
            findings = cast("list[dict[str, dict[str, object]]]", rows[-1]["findings"])
            assert rows[-1]["verdict"] == "FALSE"
            assert any(finding["facts"].get("file") == path.name for finding in findings)
            data[place] ^= 1
            path.write_bytes(data)
        assert await alpha.verify(call) == ("VERIFIED", [])
        assert await bravo.verify(call) == ("VERIFIED", [])

    played(story())


def test_what_is_missing_is_said_and_nothing_is_called_false(tmp_path: Path) -> None:
    async def story() -> None:
        alpha, bravo, call = await recorded(tmp_path)
        alpha.files[0].unlink()
        assert await alpha.verify(call) == ("INCOMPLETE", ["recording-files-missing"])
        order = bravo.orders[-1]
        _write(order.call, Path(order.folder), recordings(taken(speech(5, 0x0103), order.now_us))[0], 0)
        assert await bravo.verify(call) == ("INCOMPLETE", ["recording-not-on-record"])

    played(story())


def test_a_speaker_who_never_signed_and_one_who_signed_something_else(tmp_path: Path) -> None:
    async def story() -> None:
        alpha, bravo, call = await sides(tmp_path)
        await alpha.record(speech(20), BRAVO)
        assert await alpha.verify(call) == ("INCOMPLETE", ["recording-not-signed"])
        other = [*speech(19), *spoken([b"another word"], stream=STREAM, first=19, timestamp=19 * 960)]
        await bravo.record(other)
        await settled(alpha.node, bravo.node)
        assert await alpha.verify(call) == ("FALSE", ["recording-differs"])
        assert await bravo.verify(call) == ("FALSE", ["recording-differs"])
        assert alpha.streams(call)[0].agreement == {"differs": 1}

    played(story())


def test_a_listener_who_makes_up_a_part_is_found_by_the_record_alone(tmp_path: Path) -> None:
    async def story() -> None:
        alpha, bravo, call = await sides(tmp_path)
        await alpha.record(speech(20))
        await bravo.record([*speech(5), *spoken([b"made up"], stream=STREAM, first=5, timestamp=5 * 960)], ALPHA)
        await settled(alpha.node, bravo.node)
        for path in alpha.files:
            path.unlink()
        assert await alpha.verify(call) == ("FALSE", ["recording-files-missing", "recording-differs"])
        assert alpha.streams(call)[0].agreement == {"subset": 1}, "by the numbers alone nothing is wrong"

    played(story())


def test_where_recordings_began_apart_what_both_have_is_compared_with_the_files(tmp_path: Path) -> None:
    async def story() -> None:
        alpha, bravo, call = await sides(tmp_path)
        await alpha.record(speech(20)[5:])
        await bravo.record(speech(10), ALPHA)
        await settled(alpha.node, bravo.node)
        assert await bravo.verify(call) == ("VERIFIED", [])
        wrong = [*speech(9), *spoken([b"made up"], stream=STREAM, first=9, timestamp=9 * 960)]
        bravo.files[0].unlink()
        await bravo.record(wrong, ALPHA)
        assert await bravo.verify(call) == ("FALSE", ["recording-files-missing", "recording-differs"])

    played(story())


def test_of_a_call_that_is_none_nothing_is_said(tmp_path: Path) -> None:
    async def story() -> None:
        alpha, _, _ = await sides(tmp_path)
        with pytest.raises(UsageError, match="entry-unknown"):
            alpha.node.desk.verify_recording(alpha.floor.officer(), None, "alpha:99")
        with pytest.raises(UsageError, match="call-unknown"):
            alpha.node.desk.recording(alpha.floor.officer(), None, await sent(alpha.node))

    played(story())


async def sent(node: MemoryNode) -> str:
    return (await node.say()).ids[0]


# Files to play


async def talked(folder: Path) -> tuple[Side, Side, str]:
    """Two nodes of which the first has said four seconds of a tone; on any loop."""
    nodes = await started(House(ALPHA)), await started(House(BRAVO))
    connect(*nodes)
    await have_heard(*nodes)
    alpha, bravo = (Side(Floor(node), folder / node.me) for node in nodes)
    for end in (alpha, bravo):
        end.floor.phone.ready()
    call = await up(alpha.floor, bravo.floor)
    for end in (alpha, bravo):
        await end.floor.step(call, "recording-agreed")
    await until(lambda: all(end.orders and end.orders[-1].on for end in (alpha, bravo)))
    await alpha.record(spoken(tone(200), stream=STREAM))
    return alpha, bravo, call


def test_a_stream_is_exported_as_it_was_said(tmp_path: Path) -> None:
    async def story() -> None:
        alpha, _, call = await talked(tmp_path)
        played_back = heard(await alpha.export(call, 1, tmp_path / "call.ogg"))
        assert played_back.seconds == pytest.approx(4, abs=0.03)
        assert played_back.tone(2) == pytest.approx(1, abs=0.1)
        with pytest.raises(UsageError, match="recording-stream-unknown"):
            await alpha.export(call, 2, tmp_path / "none.ogg")

    on_threads(story())


def test_streams_of_one_call_begin_at_the_same_moment(tmp_path: Path) -> None:
    async def story() -> None:
        alpha, _, call = await talked(tmp_path)
        order = alpha.orders[-1]
        late = recordings(taken(spoken(tone(50), stream=0x0102), order.now_us + 2_000_000), BRAVO)
        alpha.floor.tell(*[_write(order.call, Path(order.folder), part, 0) for part in late])
        await until(lambda: alpha.size == 2)
        assert heard(await alpha.export(call, 2, tmp_path / "call.ogg")).seconds == pytest.approx(3, abs=0.03)

    on_threads(story())


def test_what_was_changed_is_not_exported_and_what_is_not_on_the_record_is_left_out(tmp_path: Path) -> None:
    async def story() -> None:
        alpha, bravo, call = await talked(tmp_path)
        order = alpha.orders[-1]
        extra = recordings(taken(spoken(tone(50), first=200, timestamp=192_000), order.now_us + 4_000_000))
        for part in extra:
            _write(order.call, Path(order.folder), part, 0)
        assert heard(await alpha.export(call, 1, tmp_path / "whole.ogg")).seconds == pytest.approx(4, abs=0.03)
        path = alpha.files[0]
        assert read_recording(path).stream == STREAM
        data = bytearray(path.read_bytes())
        data[-5] ^= 1
        path.write_bytes(data)
        with pytest.raises(PeerError, match="recording-file-wrong"):
            await alpha.export(call, 1, tmp_path / "changed.ogg")
        await settled(alpha.node, bravo.node)
        with pytest.raises(UsageError, match="recording-files-gone"):
            await bravo.export(call, 1, tmp_path / "gone.ogg")

    on_threads(story())


# The whole way: a voice process at each end, made of its own parts


class Sounding(Quarter):
    """A voice process that a floor speaks to."""

    floor: Floor | None = None

    def _said(self, word: Telling) -> None:
        super()._said(word)
        if self.floor is not None and isinstance(word, Heard):
            self.floor.tell(word)


class Through(FakeVoice):
    """The node's end of it."""

    def __init__(self, sound: Sounding) -> None:
        super().__init__()
        self._sound = sound

    def say(self, word: Order) -> None:
        super().say(word)
        if not isinstance(word, RingPhones | StopPhones):
            self._sound.tell(word)


def test_a_call_is_recorded_from_the_microphone_to_the_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_houses, "LINE", LINE)

    async def story() -> None:
        nodes = await started(House(ALPHA)), await started(House(BRAVO))
        connect(*nodes)
        await have_heard(*nodes)
        sounds = Sounding(ALPHA, {}), Sounding(BRAVO, ports("fibre"))
        between = Between(*sounds)
        between.join("fibre")
        await until(lambda: between.carried("fibre"))
        ends: list[Side] = []
        for node, sound in zip(nodes, sounds, strict=True):
            ends.append(Side(Floor(node), tmp_path / node.me))
            sound.floor = ends[-1].floor
            ends[-1].floor.phone.connect(Through(sound))
            ends[-1].floor.phone.ready()
            answer = await node.desk.offer_leg(Officer("watch", EVERYTHING, session="s"), "v=0")
            sound.leg(answer.leg)
        call = await ends[0].floor.ring()
        await known(call, ends[1].floor)
        await ends[1].floor.step(call, "answered")
        await until(lambda: ends[0].floor.call(call).up)
        payloads = tone(160)
        leg = ends[0].floor.gate(call, True, session="s")
        sounds[0].talk(leg, payloads[:20])
        for end in ends:
            await end.floor.step(call, "recording-agreed")
        await until(lambda: all(end.floor.call(call).recorded for end in ends))
        sounds[0].talk(leg, payloads[20:], 120)
        await until(lambda: len(sounds[1].ears[1].played) == 160)
        await ends[1].floor.step(call, "recording-withdrawn")
        await until(lambda: not ends[0].floor.call(call).recorded)
        await until(lambda: all(end.size == 1 for end in ends))
        await settled(*nodes)
        for end in ends:
            assert await end.verify(call) == ("VERIFIED", [])
            assert [(row.sent, row.heard, row.agreement) for row in end.streams(call)] == [
                (140, {BRAVO: 140}, {"matches": 1})
            ]
            played_back = heard(await end.export(call, 1, tmp_path / f"{end.node.me}.ogg"))
            assert played_back.seconds == pytest.approx(2.8, abs=0.03)
            assert played_back.tone(1.5) == pytest.approx(1, abs=0.1)
        between.close()
        for sound in sounds:
            await sound.close()

    on_threads(story())

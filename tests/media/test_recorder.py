"""The recorder: off until it is told, every frame once in a chunk of its own, and the call goes on whatever happens."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from openline.base.limits import RECORDING_FRAMES_MAX, RECORDING_PARTS_A_MINUTE_MAX, RECORDING_SPAN_MAX
from openline.media import recorder as module
from openline.media.recorder import Recorder
from openline.media.recording_file import Recording, read_recording, write_recording
from openline.media.words import Note, Recorded, RecordingIs, RecordIs
from openline.voice.frame import Frame
from openline.voice.recording import PRINT_BYTES, Agreement, Part, agreement, part_with_prints
from tests.media.conftest import Run
from tests.media.houses import CALL as HOUSE_CALL
from tests.media.houses import Between, Quarter, ports, words
from tests.media.recordings import START_US, spoken
from tests.media.wire_ends import Run as RunStory
from tests.media.wire_ends import both_loops, until

CALL = 7
WITHIN_S = 20


class Desk:
    """Who made the recorder: keeps what it is told."""

    def __init__(self, folder: Path, free_bytes_min: int = 0) -> None:
        self.folder = folder
        self.words: list[Recorded | RecordingIs | Note] = []
        self._news = asyncio.Event()
        self.recorder = Recorder(self._told, free_bytes_min)

    def _told(self, word: Recorded | RecordingIs | Note) -> None:
        self.words.append(word)
        self._news.set()

    def on(self, call: int = CALL) -> None:
        self.recorder.order(RecordIs(call, True, str(self.folder), START_US))

    def off(self, call: int = CALL) -> None:
        self.recorder.order(RecordIs(call, False))

    def say(self, frames: list[Frame], party: str = "", call: int = CALL) -> None:
        for frame in frames:
            self.recorder.take(call, party, frame)

    async def until(self, stands: Callable[[], bool]) -> None:
        async with asyncio.timeout(WITHIN_S):
            while not stands():
                self._news.clear()
                await self._news.wait()

    @property
    def recorded(self) -> list[Recorded]:
        return [word for word in self.words if isinstance(word, Recorded)]

    @property
    def goes_on(self) -> list[tuple[bool, str]]:
        """Whether the call was recorded, as it was said, with the causes."""
        return [(word.on, word.cause) for word in self.words if isinstance(word, RecordingIs)]

    @property
    def notes(self) -> list[Note]:
        return [word for word in self.words if isinstance(word, Note)]

    @property
    def files(self) -> list[Recording]:
        return [read_recording(self.folder / word.file) for word in self.recorded]


Story = Callable[[Desk, pytest.MonkeyPatch], Coroutine[object, None, None]]


def told(story: Story) -> Callable[[Path, pytest.MonkeyPatch, Run], None]:
    """A test of a story that is told to one recorder, which is closed at its end."""

    def test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
        async def whole() -> None:
            desk = Desk(tmp_path / "recordings")
            await story(desk, monkeypatch)
            await desk.recorder.close()

        run(whole())

    test.__name__ = story.__name__
    return test


def speech(count: int, first: int = 0, timestamp: int = 0, stream: int = 0x0101) -> list[Frame]:
    payloads = [number.to_bytes(4, "big") * 10 for number in range(first, first + count)]
    return spoken(payloads, stream=stream, first=first, timestamp=timestamp)


@told
async def test_nothing_is_recorded_until_it_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.say(speech(10))
    desk.on(CALL + 1)
    desk.say(speech(10))
    await desk.recorder.close()
    assert desk.recorded == []
    assert desk.notes == []
    assert not desk.folder.exists()


@told
async def test_what_was_sent_and_heard_is_on_the_disk_by_chunks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    frames = speech(1_200)
    desk.on()
    desk.say(frames)
    desk.say(frames[:30], "bravo.example")
    await desk.recorder.close()
    assert [frame for file in desk.files for frame in file.frames if not file.speaker] == frames
    assert [frame for file in desk.files for frame in file.frames if file.speaker] == frames[:30]
    assert sorted((word.own, word.peer, word.chunk) for word in desk.recorded) == [
        (False, "bravo.example", 0),
        (True, "", 0),
        (True, "", 1),
        (True, "", 2),
    ]


@told
async def test_the_words_say_what_an_entry_needs(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [*speech(5), *speech(5, 7, 7 * 960)]
    desk.on()
    desk.say(frames)
    desk.say(frames, "bravo.example")
    desk.off()
    await desk.until(lambda: len(desk.recorded) == 2)
    part = part_with_prints(frames)
    own, heard = sorted(desk.recorded, key=lambda word: not word.own)
    for word in (own, heard):
        assert (word.call, word.stream, word.chunk, word.frames) == (CALL, 0x0101, 0, 10)
        assert (word.first, word.present, word.digest) == (part.first, part.present, part.root)
    assert (own.prints, heard.prints) == (b"".join(part.prints), b"")
    assert len(own.prints) == 10 * PRINT_BYTES


@told
async def test_chunks_end_at_the_same_frames_at_both_ends(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    frames = speech(1_500, first=65_000, timestamp=12_345_678)
    ends = [Desk(desk.folder / name) for name in ("alpha", "bravo")]
    for end in ends:
        end.on()
    ends[0].say(frames)
    some = [frame for frame in frames if frame.sequence % 7]
    swapped = [frame for pair in zip(some[1::2], some[::2], strict=False) for frame in pair]
    ends[1].say(swapped, "alpha.example")
    for end in ends:
        await end.recorder.close()
    sent, heard = ({file.chunk: set(file.frames) for file in end.files} for end in ends)
    assert sent.keys() == heard.keys()
    assert len(sent) == 4
    assert all(heard[chunk] < sent[chunk] for chunk in sent)


@told
async def test_a_part_is_closed_when_its_time_is_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_S", 0.01)
    monkeypatch.setattr(module, "PART_LASTS_S", 0.05)
    desk.on()
    desk.say(speech(3))
    await desk.until(lambda: len(desk.recorded) == 1)
    desk.say(speech(3, 3, 3 * 960))
    await desk.until(lambda: len(desk.recorded) == 2)
    assert [word.frames for word in desk.recorded] == [3, 3]
    assert {word.chunk for word in desk.recorded} == {0}


@told
async def test_off_is_at_once_and_closes_the_last_chunk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.on()
    desk.say(speech(3))
    desk.off()
    desk.say(speech(3, 3))
    await desk.until(lambda: len(desk.recorded) == 1)
    desk.on()
    desk.say(speech(3, 10, 9_600))
    desk.recorder.over(CALL)
    await desk.until(lambda: len(desk.recorded) == 2)
    assert [[frame.sequence for frame in file.frames] for file in desk.files] == [[0, 1, 2], [10, 11, 12]]


@told
async def test_said_again_it_goes_on_with_the_same_chunk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.on()
    desk.say(speech(3))
    desk.on()
    desk.say(speech(3, 3, 3 * 960))
    await desk.recorder.close()
    assert [word.frames for word in desk.recorded] == [6]


@told
async def test_a_frame_that_comes_twice_is_recorded_once_unless_it_is_another(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = speech(4)
    desk.on()
    desk.say([*frames, frames[1], replace(frames[2], payload=b"another"), *frames])
    await desk.recorder.close()
    assert [word.frames for word in desk.recorded] == [4, 3, 2]


@told
async def test_frames_are_told_in_their_order_whatever_came_first(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    frames = speech(6, first=65_533)
    desk.on()
    desk.say([frames[3], frames[0], frames[5], frames[1], frames[4], frames[2]])
    await desk.recorder.close()
    assert desk.files[0].frames == frames


@told
async def test_the_times_are_the_node_s(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.on()
    desk.say(speech(2))
    await desk.recorder.close()
    assert all(0 <= each.at_us - START_US < WITHIN_S * 1_000_000 for each in desk.files[0].taken)


@told
async def test_a_part_has_no_more_than_one_entry_can_tell(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.on()
    many = [replace(frame, timestamp=frame.sequence) for frame in speech(RECORDING_FRAMES_MAX + 5)]
    desk.say(many)
    far = [replace(many[0], sequence=number, stream=9) for number in (0, 4_000, 8_000, RECORDING_SPAN_MAX, 61_000)]
    desk.say(far)
    await desk.recorder.close()
    by_stream = [word.frames for word in desk.recorded if word.stream != 9]
    assert by_stream == [RECORDING_FRAMES_MAX, 5]
    assert all(len(word.present) * 8 <= RECORDING_SPAN_MAX for word in desk.recorded)
    assert sum(word.frames for word in desk.recorded if word.stream == 9) == 5


# What goes wrong


@told
async def test_a_full_disk_stops_the_recording_once_and_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(desk.folder, free_bytes_min=1 << 62)
    desk.on()
    for chunk in range(3):
        desk.say(speech(3, timestamp=chunk << 19))
    desk.off()
    desk.on()
    await desk.until(lambda: bool(desk.notes))
    await desk.recorder.close()
    assert [(note.fact, note.facts["cause"]) for note in desk.notes] == [("recording-stopped", "recording-disk-full")]
    assert not desk.folder.exists()
    assert desk.goes_on[-1] == (False, "recording-disk-full")


@told
async def test_whether_a_call_is_recorded_is_said_once_for_each_change(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.off()
    assert desk.goes_on == []
    desk.on()
    desk.on()
    assert desk.goes_on == [(True, "")]
    desk.off()
    desk.recorder.over(CALL)
    assert desk.goes_on == [(True, ""), (False, "")]


@told
async def test_a_recording_that_failed_begins_anew_after_an_off(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_folder: Path, _recording: Recording) -> str:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as broken:
        broken.setattr(module, "write_recording", fails)
        desk.on()
        desk.say([replace(frame, timestamp=0) for frame in speech(RECORDING_FRAMES_MAX + 1)])
        await desk.until(lambda: bool(desk.notes))
    assert desk.notes[0].facts["cause"] == "recording-disk-failed"
    desk.on()
    desk.say(speech(3))
    desk.off()
    desk.on()
    desk.say(speech(4))
    desk.off()
    await desk.until(lambda: bool(desk.recorded))
    assert [word.frames for word in desk.recorded] == [4]
    assert len(desk.notes) == 1


@told
async def test_a_peer_that_makes_up_chunks_ends_the_recording(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.on()
    wild = [replace(speech(1)[0], timestamp=number << 19) for number in range(RECORDING_PARTS_A_MINUTE_MAX + 10)]
    for frame in wild:
        desk.say([frame], "bravo.example")
        await asyncio.sleep(0)
    await desk.until(lambda: bool(desk.notes))
    causes = {str(note.facts["cause"]) for note in desk.notes}
    assert causes <= {"recording-too-many-parts", "recording-disk-slow"}
    assert len(desk.notes) == 1
    await desk.recorder.close()
    assert len(desk.recorded) <= RECORDING_PARTS_A_MINUTE_MAX


@told
async def test_a_disk_that_hangs_holds_up_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on = Event()

    def hangs(folder: Path, recording: Recording) -> str:
        goes_on.wait(WITHIN_S)
        return write_recording(folder, recording)

    monkeypatch.setattr(module, "write_recording", hangs)
    monkeypatch.setattr(module, "RECORDING_WAITING_PARTS_MAX", 3)
    desk.on()
    for chunk in range(70):
        desk.say([replace(speech(1)[0], timestamp=chunk << 19)])
    assert [note.facts["cause"] for note in desk.notes] == ["recording-disk-slow"]
    goes_on.set()
    await desk.recorder.close()
    assert len(desk.recorded) == 3


# Two headquarters


@both_loops
def test_what_one_house_hears_is_a_proven_part_of_what_the_other_sent(run: RunStory, tmp_path: Path) -> None:
    async def story() -> None:
        alpha, bravo = Quarter("alpha", {}), Quarter("bravo", ports("fibre"))
        between = Between(alpha, bravo, relayed=True)
        between.join("fibre")
        for house, leg, peer in ((alpha, 1, "bravo"), (bravo, 3, "alpha")):
            house.leg(leg)
            house.call(peer, seats=(leg,))
            house.tell(RecordIs(HOUSE_CALL, True, str(tmp_path / house.party), START_US))
        await until(lambda: between.carried("fibre"))
        alpha.gate(1)
        await losing(between, alpha)
        bravo.gate(3)
        bravo.talk(3, words(5, "answer"))
        await until(lambda: len(alpha.ears[1].played) == 5)
        for house in (alpha, bravo):
            house.tell(RecordIs(HOUSE_CALL, False))
        alpha.talk(1, words(3, "not recorded"), 900)
        for house in (alpha, bravo):
            await house.close()
        between.close()
        for speaker, listener, how in ((alpha, bravo, Agreement.SUBSET), (bravo, alpha, Agreement.MATCHES)):
            sent = [part(word) for word in recorded_by(speaker) if word.own]
            got = [part(word) for word in recorded_by(listener) if not word.own and word.peer == speaker.party]
            assert [agreement(sent, each) for each in got] == [how]
            forged = replace(got[0], root=bytes(32))
            assert agreement(sent, forged) is Agreement.DIFFERS
        files = [read_recording(path) for path in sorted((tmp_path / "alpha").iterdir())]
        assert [len(file.frames) for file in files] == [5, 200]
        assert not any(b"not recorded" in frame.payload for file in files for frame in file.frames)

    run(story())


async def losing(between: Between, alpha: Quarter) -> None:
    """Alpha says 200 frames, of which the path loses fifty."""
    played, relay, lost = between.listener.ears[3].played, between.relays["fibre"], [0]

    def loses(_data: bytes, inward: bool) -> list[bytes]:
        lost[0] += inward
        return []

    alpha.talk(1, words(50))
    await until(lambda: len(played) >= 40)
    relay.harm = loses
    alpha.talk(1, words(50), 150)
    await until(lambda: lost[0] >= 50)
    relay.harm = lambda data, _inward: [data]
    alpha.talk(1, words(100), 200)
    await until(lambda: len(played) >= 120)


def recorded_by(quarter: Quarter) -> list[Recorded]:
    return [word for word in quarter.said if isinstance(word, Recorded)]


def part(word: Recorded) -> Part:
    """What the entry of a Recorded word would say."""
    prints = tuple(word.prints[start : start + PRINT_BYTES] for start in range(0, len(word.prints), PRINT_BYTES))
    return Part(word.first, word.present, word.digest, prints)

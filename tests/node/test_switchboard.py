"""The switchboard: bytes to the right line's engine, orders to the right session, and strangers sent away."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import cast

import pytest

from openline.base import codec
from openline.base.limits import HELLO_WITHIN_US
from openline.base.time import SECOND_US
from openline.line.kinds import Change
from openline.link.events import BlobDelivered, Drop, OfferBlob, OfferCard, Send, SendBlob, SendEntries
from openline.link.frames import (
    VOICE,
    Blob,
    Bye,
    Frame,
    Hello,
    Ping,
    Pong,
    Push,
    Voice,
    decode_frame,
    encode_frame,
)
from openline.node import switchboard
from openline.node.keeper import Keeper, Outward, Turn
from openline.node.switchboard import Switchboard
from openline.node.turn import Turns
from openline.record.entry import Attachment
from openline.record.ports import BlobStore
from openline.store.blobs import Blobs
from openline.store.memory import MemoryDisk
from openline.store.memory_chunks import MemoryChunks
from openline.transport.session import Session
from tests.node.houses import (
    ALPHA,
    BRAVO,
    CHARLIE,
    LINE,
    House,
    PlainCommits,
    both,
    connect,
    first_writes,
    message,
    played,
    started,
)

DATA = b"an attachment" * 100
DIGEST = sha256(DATA).digest()


class FakeWire:
    """A session that notes what is done to it. It is open until it is closed; `closed` comes in a later turn."""

    def __init__(self, number: int, peer: str = BRAVO, path: str = "fibre", dialled: bool = False) -> None:
        self.number, self.peer, self.path, self.dialled = number, peer, path, dialled
        self.own, self.theirs = ("127.0.0.1", 7000), ("127.0.0.2", 7001)
        self.backlog_bytes = 0
        self.sent: list[Frame] = []
        self.flushed = 0
        self.done: list[str] = []

    def send(self, data: bytes) -> None:
        frame = decode_frame(data[4:])
        assert frame is not None
        self.sent.append(frame)

    def flush(self) -> None:
        self.flushed = len(self.sent)

    def pause(self) -> None:
        self.done.append("pause")

    def resume(self) -> None:
        self.done.append("resume")

    def close(self, reason: str) -> None:
        self.done.append(f"close {reason}")

    def exporter(self, label: bytes, length: int) -> bytes:
        return bytes(length)

    async def ended(self) -> str:
        return ""


class Carrier:
    """Carries no sound, and notes what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int, object]] = []

    def opened(self, session: Session, line: str) -> None:
        self.told.append(("opened", session.number, line))

    def ended(self, session: Session, at_once: bool) -> None:
        self.told.append(("ended at once" if at_once else "ended", session.number, None))

    def stream(self, session: Session, data: bytes) -> None:
        self.told.append(("stream", session.number, data))


class Rig:
    """The switchboard of alpha over one line, and everything it tells. With `voice` it says that it carries sound."""

    def __init__(self, voice: bool = False) -> None:
        house = House(ALPHA)
        house.features = (VOICE,) if voice else ()
        store = house.store()
        self.keeper = house.keeper(store)
        self.blobs = Blobs(MemoryChunks(MemoryDisk()))
        self.told: list[tuple[str, object]] = []
        self.board = Switchboard(
            cast("BlobStore", self.blobs),
            lambda _, offer: self.told.append(("card", offer)),
            lambda _, offer: self.told.append(("blob", offer)),
            lambda _, delivered: self.told.append(("delivered", delivered)),
            lambda session, keeper, fault, data: self.told.append((fault, (session.number, keeper, data))),
        )
        self.carrier = self.board.carrier = Carrier()
        self.commits = PlainCommits(store)
        self.board.turns = Turns(house.clock, self.commits, self, 1)
        self.board.lines[LINE] = self.keeper

    def carry_out(self, keeper: Keeper, effects: Iterable[Outward]) -> None:
        self.board.carry_out(keeper, effects)

    def committed(self, keeper: Keeper, turn: Turn, changes: Sequence[Change]) -> None:
        self.board.breathe()

    def dialled(self, number: int = 1, path: str = "fibre") -> FakeWire:
        """A session that we have dialled."""
        wire = FakeWire(number, path=path, dialled=True)
        self.board.receiver(LINE).opened(cast("Session", wire))
        return wire

    def answered(self, number: int = 2, peer: str = BRAVO) -> FakeWire:
        """A session on which somebody calls."""
        wire = FakeWire(number, peer)
        self.board.receiver(None).opened(cast("Session", wire))
        return wire

    def hear(self, wire: FakeWire, *frames: Frame | bytes) -> None:
        datas = [frame if isinstance(frame, bytes) else encode_frame(frame)[4:] for frame in frames]
        self.board.receiver(None).frames(cast("Session", wire), datas)


def hello(line: str = LINE, me: int = 1, features: tuple[str, ...] = ()) -> Hello:
    return Hello((1, 1), line, (ALPHA, BRAVO), me, "fibre", 1_790_000_000_000, bytes(32), 0, (), 0, features)


# Who comes in


def test_a_dialled_session_belongs_to_the_line_it_was_dialled_for() -> None:
    async def story() -> None:
        rig = Rig()
        wire = rig.dialled()
        (said,) = wire.sent
        assert isinstance(said, Hello)
        assert said.line == LINE
        assert list(rig.board.sessions()) == [wire]

    played(story())


def test_an_answered_session_says_by_its_hello_which_line_it_is_for() -> None:
    async def story() -> None:
        rig = Rig()
        wire = rig.answered()
        assert not wire.sent, "nothing is told before it has said so"
        rig.hear(wire, hello())
        assert [type(frame) for frame in wire.sent] == [Hello, Ping]
        assert rig.keeper.engine.health()[0].heard is not None

    played(story())


@pytest.mark.parametrize(
    ("frame", "peer"),
    [
        pytest.param(hello("another-line"), BRAVO, id="a line that is not here"),
        pytest.param(hello(), CHARLIE, id="a party that is no member"),
        pytest.param(hello(me=0), ALPHA, id="somebody with our own key"),
        pytest.param(Ping(1, 1, 1, 0), BRAVO, id="no hello at all"),
    ],
)
def test_whoever_does_not_belong_to_the_line_is_sent_away(frame: Frame, peer: str) -> None:
    async def story() -> None:
        rig = Rig()
        wire = rig.answered(peer=peer)
        rig.hear(wire, frame, Ping(1, 1, 1, 0))
        assert wire.sent == [Bye("line-unknown")]
        assert wire.done == ["close line-unknown"]
        assert rig.keeper.engine.health()[0].heard is None

    played(story())


def test_two_lines_with_one_peer_are_kept_apart() -> None:
    async def story() -> None:
        house = House(ALPHA)
        house.store().commit(first_writes(ALPHA, (ALPHA, BRAVO), "second")[2:])
        node = await started(house)
        sessions = [FakeWire(number) for number in (901, 902)]
        for wire, line in zip(sessions, (LINE, "second"), strict=True):
            receiver = node.switchboard.receiver(None)
            receiver.opened(cast("Session", wire))
            receiver.frames(cast("Session", wire), [encode_frame(hello(line))[4:]])
        assert [cast("Hello", wire.sent[0]).line for wire in sessions] == [LINE, "second"]

    played(story())


def test_a_caller_that_names_no_line_in_time_is_sent_away() -> None:
    async def story() -> None:
        rig = Rig()
        silent, quick = rig.answered(2), rig.answered(3)
        rig.board.expire(100.0)
        rig.hear(quick, hello())
        rig.board.expire(100.0 + HELLO_WITHIN_US / SECOND_US - 0.1)
        assert not silent.done
        rig.board.expire(100.0 + HELLO_WITHIN_US / SECOND_US)
        rig.board.expire(1_000.0)
        assert silent.done == ["close path-no-hello"]
        assert not quick.done

    played(story())


def test_a_caller_that_has_gone_is_not_sent_away_as_well() -> None:
    async def story() -> None:
        rig = Rig()
        wire = rig.answered()
        rig.board.expire(0.0)
        rig.board.close(cast("Session", wire), "session-broken")
        rig.board.expire(1_000.0)
        assert not wire.done

    played(story())


# What comes in


def test_a_frame_that_no_honest_peer_sends_is_kept_and_ends_the_session_after_what_came_before() -> None:
    async def story() -> None:
        rig = Rig()
        wire = rig.dialled()
        rig.hear(wire, hello(), b"\xff", Ping(1, 1, 1, 0))
        assert rig.told == [("peer-value-unreadable", (1, rig.keeper, b"\xff"))]
        assert wire.done == ["close peer-value-unreadable"]
        assert [type(frame) for frame in wire.sent] == [Hello, Ping], "the hello before it counts"

    played(story())


def test_faulty_bytes_before_the_hello_belong_to_no_line() -> None:
    async def story() -> None:
        rig = Rig()
        wire = rig.answered()
        rig.hear(wire, b"\x00")
        assert rig.told == [("peer-frame-wrong", (2, None, b"\x00"))]
        assert wire.done == ["close peer-frame-wrong"]

    played(story())


def test_a_frame_of_a_kind_that_is_not_known_is_passed_over() -> None:
    async def story() -> None:
        rig = Rig()
        wire = rig.dialled()
        rig.hear(wire, codec.encode([99, "later"]), hello())
        assert not rig.told
        assert not wire.done
        assert len(wire.sent) == 2

    played(story())


def test_what_was_ordered_is_flushed_once_it_is_all_there() -> None:
    async def story() -> None:
        rig = Rig()
        first, second = rig.dialled(1), rig.dialled(2, "radio")
        first.flushed = second.flushed = 0
        rig.board.carry_out(rig.keeper, [Send(1, Ping(1, 1, 1, 0)), Send(1, Ping(2, 1, 1, 0))])
        assert first.flushed == len(first.sent) > 1
        assert second.flushed == 0

    played(story())


def test_a_session_that_has_ended_is_told_once_and_forgotten() -> None:
    async def story() -> None:
        rig = Rig()
        wire = rig.dialled()
        rig.hear(wire, hello())
        for _ in range(2):
            rig.board.receiver(LINE).closed(cast("Session", wire), "session-broken")
        assert list(rig.board.sessions()) == []
        assert rig.keeper.engine.session_for(1) is None
        rig.board.carry_out(rig.keeper, [Send(1, Bye("stopping"))])
        assert not [frame for frame in wire.sent if isinstance(frame, Bye)]

    played(story())


def test_a_peer_that_sends_faster_than_we_commit_has_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        monkeypatch.setattr(switchboard, "_OPEN_BYTES_MAX", 40)
        rig = Rig()
        wire = rig.dialled()
        rig.hear(wire, hello())
        rig.hear(wire, *[Ping(number, 1, 1, 0) for number in range(1, 9)])
        assert "pause" in wire.done
        assert "resume" not in wire.done
        await asyncio.sleep(0)
        assert wire.done[-1] == "resume"
        wire.done.clear()
        rig.hear(wire, Ping(10, 1, 1, 0))
        await asyncio.sleep(0)
        assert not wire.done

    played(story())


# Sound


def test_a_session_carries_sound_when_both_ends_can() -> None:
    async def story() -> None:
        for ours, theirs in ((True, True), (True, False), (False, True)):
            rig = Rig(voice=ours)
            dialled, answered = rig.dialled(1), rig.answered(2)
            for wire in (dialled, answered):
                rig.hear(wire, hello(features=("later", VOICE) if theirs else ("later",)), Voice(b"sound"))
                rig.board.receiver(LINE).closed(cast("Session", wire), "session-broken")
            expected = [
                told
                for number in (1, 2)
                for told in (("opened", number, LINE), ("stream", number, b"sound"), ("ended", number, None))
            ]
            assert rig.carrier.told == (expected if ours and theirs else [])
            assert cast("Hello", dialled.sent[0]).features == ((VOICE,) if ours else ())

    played(story())


def test_the_keys_of_a_session_that_no_honest_peer_ends_so_serve_no_longer() -> None:
    async def story() -> None:
        rig = Rig(voice=True)
        wire = rig.dialled(1)
        rig.hear(wire, hello(features=(VOICE,)))
        rig.board.receiver(LINE).closed(cast("Session", wire), "session-frame-too-large")
        assert rig.carrier.told[-1] == ("ended at once", 1, None)

    played(story())


def test_sound_before_the_hello_is_dropped_and_sends_nobody_away() -> None:
    async def story() -> None:
        rig = Rig(voice=True)
        dialled, answered = rig.dialled(1), rig.answered(2)
        for wire in (dialled, answered):
            rig.hear(wire, Voice(b"too early"))
            rig.hear(wire, Voice(b"too early"), hello(features=(VOICE,)))
            rig.hear(wire, Voice(b"sound"))
            assert not wire.done
        assert [told[0] for told in rig.carrier.told] == ["opened", "stream"] * 2

    played(story())


def test_sound_of_a_session_that_is_refused_is_dropped() -> None:
    async def story() -> None:
        rig = Rig(voice=True)
        wire = rig.dialled()
        rig.hear(wire, hello("another-line", features=(VOICE,)), Voice(b"sound"))
        assert not rig.carrier.told
        assert wire.done == ["close hello-other-line"]

    played(story())


def test_sound_does_not_wait_for_the_disk_nor_make_anybody_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        monkeypatch.setattr(switchboard, "_OPEN_BYTES_MAX", 2_000)
        rig = Rig(voice=True)
        wire = rig.dialled()
        rig.hear(wire, hello(features=(VOICE,)))
        rig.commits.busy = rig.commits.hold = True
        said = rig.board.turns.say(rig.keeper, [message()], None)
        await asyncio.sleep(0.1)
        assert rig.commits.waiting, "a commit is under way on a slow disk"
        for number in range(100):
            rig.hear(wire, Voice(bytes([number]) * 1_204))
            assert rig.carrier.told[-1] == ("stream", 1, bytes([number]) * 1_204)
        assert not said.done()
        assert not wire.done, "100 times what a paused session would have had"
        rig.commits.hold = False
        rig.commits.release()
        await said

    played(story())


def test_what_came_before_sound_in_one_read_is_worked_once() -> None:
    async def story() -> None:
        rig = Rig(voice=True)
        wire = rig.dialled()
        rig.hear(wire, hello(features=(VOICE,)), Ping(1, 1, 0, 0), Voice(b"sound"), Ping(2, 1, 0, 0), Voice(b"more"))
        assert [frame.number for frame in wire.sent if isinstance(frame, Pong)] == [1, 2]
        assert [told[2] for told in rig.carrier.told] == [LINE, b"sound", b"more"]

    played(story())


# What goes out


def test_orders_go_to_their_session() -> None:
    async def story() -> None:
        rig = Rig()
        first, second = rig.dialled(1), rig.dialled(2, "radio")
        (entries,) = await asyncio.gather(rig.board.turns.say(rig.keeper, [message()], None))
        rig.blobs.write(Attachment(len(DATA), DIGEST), 0, DATA)
        for wire in (first, second):
            wire.sent.clear()
        rig.board.carry_out(
            rig.keeper,
            [
                Send(2, Bye("stopping")),
                SendEntries(1, 0, 0, 1),
                SendBlob(2, DIGEST, 10, 20),
                Drop(2, "path-crowded"),
            ],
        )
        (push,) = first.sent
        assert isinstance(push, Push)
        assert len(push.items) == len(entries) == 1
        assert second.sent == [Bye("stopping"), Blob(DIGEST, 10, DATA[10:30])]
        assert second.done == ["close path-crowded"]

    played(story())


def test_what_is_offered_goes_to_whoever_keeps_it() -> None:
    async def story() -> None:
        rig = Rig()
        offers: list[tuple[str, Outward]] = [
            ("card", OfferCard(1, 1, b"proof")),
            ("blob", OfferBlob(1, DIGEST, 0, b"data")),
            ("delivered", BlobDelivered(1, DIGEST)),
        ]
        rig.board.carry_out(rig.keeper, [effect for _, effect in offers])
        assert rig.told == offers

    played(story())


def test_an_attachment_that_cannot_be_read_is_not_sent_and_stops_nothing() -> None:
    async def story() -> None:
        rig = Rig()
        wire = rig.dialled()
        wire.sent.clear()
        rig.board.carry_out(rig.keeper, [SendBlob(1, DIGEST, 0, 10), Send(1, Bye("stopping"))])
        assert wire.sent == [Bye("stopping")]

    played(story())


def test_two_nodes_talk_through_their_switchboards() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        connect(bravo, alpha, "radio")
        await alpha.say(wait="received")
        await bravo.say(wait="received")
        assert len(alpha.switchboard.sessions()) == len(bravo.switchboard.sessions()) == 2
        assert not alpha.faulty

    played(story())

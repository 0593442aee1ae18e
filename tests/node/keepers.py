"""Keepers driven by hand: what the node's loop does, one step at a time and without a loop.

A `Side` is one keeper with its store. What may leave goes to `sent`; `Table` carries it to the other sides, through
the bytes of the wire, whenever it is told to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from openline.base.time import Instant
from openline.line.kinds import Change
from openline.link.events import (
    Drop,
    Event,
    FrameArrived,
    Opened,
    Send,
    SendEntries,
)
from openline.link.frames import Evidence as EvidenceFrame
from openline.link.frames import Frame, Push, decode_frame, encode_frame
from openline.node.keeper import Keeper, Outward, Turn, tip_of
from openline.node.pushes import pushes
from openline.record.entry import Draft, Entry
from openline.record.ports import Append, Evidence, Receipt, Seal, Signed, Write
from openline.store.memory import MemoryStore
from tests.node.houses import PAIR, START, House, message


class Side:
    """One keeper, its store and its time. `seq` is the next arrival number."""

    def __init__(self, party: str, parties: Sequence[str] = PAIR, house: House | None = None) -> None:
        self.house = house or House(party, parties)
        self.store: MemoryStore = self.house.store()
        self.keeper: Keeper = self.house.keeper(self.store)
        self.me = self.keeper.me
        self.seq = len(self.store.arrived(0, 10_000)) + 1
        for arrived in self.store.arrived(0, 10_000):
            self.keeper.book.apply(arrived)
        self.now = START
        self.peer_of: dict[int, int] = {}
        self.sent: list[tuple[int, Frame]] = []
        self.dropped: list[tuple[int, str]] = []
        self.other: list[Outward] = []
        self.written: list[Write] = []

    # What the loop does

    def tell(self, *events: Event) -> None:
        """Events, and what they let out at once."""
        for event in events:
            self.keeper.tell(event, self.now)
        self.let_out(self.keeper.take_out())

    def hear(self, session: int, frame: Frame) -> None:
        """A frame has come on a session."""
        self.tell(FrameArrived(session, frame, len(encode_frame(frame))))

    def say(self, *drafts: Draft, key: str | None = None) -> list[Entry]:
        """Say something in the open turn; without drafts, a message."""
        return self.keeper.say(drafts or (message(),), self.now, key)

    def close(self) -> Turn:
        """End the open turn."""
        turn = self.keeper.close(self.now, self.seq)
        self.seq += len(turn.arrived)
        return turn

    def commit(self, turn: Turn) -> list[Change]:
        """Make a turn durable, let out what waited for it, and fold it."""
        if turn.writes:
            self.store.commit(turn.writes)
        self.written += turn.writes
        self.let_out(self.keeper.release(turn, self.now))
        return self.keeper.fold(turn)

    def turn(self) -> list[Change]:
        """Both at once."""
        return self.commit(self.close())

    def let_out(self, effects: Iterable[Outward]) -> None:
        for effect in effects:
            match effect:
                case Send(session, frame):
                    self.sent.append((session, frame))
                case SendEntries():
                    reader = self.peer_of[effect.session]
                    for push in pushes(effect, self.keeper.setup.origins, reader, self.keeper.held):
                        self.sent.append((effect.session, push))
                case Drop(session, reason):
                    self.dropped.append((session, reason))
                case _:
                    self.other.append(effect)

    # What tests ask

    def frames(self, kind: type[Frame]) -> list[Frame]:
        """What was sent of one kind and not yet carried."""
        return [frame for _, frame in self.sent if isinstance(frame, kind)]

    def evidence(self) -> list[Evidence]:
        return self.store.evidence()

    def restarted(self) -> Side:
        """The same house after the end of this keeper."""
        side = Side(self.house.party, self.keeper.setup.members, self.house)
        side.now = self.now
        return side


class Table:
    """Sides that are connected, each pair by one session, whose number is the same at both ends."""

    def __init__(self, *sides: Side) -> None:
        self.sides = sides
        self.ends: dict[int, tuple[Side, Side]] = {}
        for place, one in enumerate(sides):
            for other in sides[place + 1 :]:
                self.connect(one, other)

    def connect(self, one: Side, other: Side, path: str = "fibre") -> int:
        """A session more; its number."""
        number = len(self.ends) + 1
        self.ends[number] = (one, other)
        for side, peer, dialled in ((one, other, True), (other, one, False)):
            side.peer_of[number] = peer.me
            side.tell(Opened(number, peer.me, path, dialled))
        return number

    def carry(self) -> bool:
        """Bring everything that was sent to its other end. Whether there was anything."""
        moved = False
        for side in self.sides:
            sent, side.sent = side.sent, []
            for number, frame in sent:
                moved = True
                one, other = self.ends[number]
                peer = other if side is one else one
                decoded = decode_frame(encode_frame(frame)[4:])
                assert decoded is not None
                peer.hear(number, decoded)
        return moved

    def settle(self, rounds: int = 50) -> None:
        """Carry and commit until nothing is left to do."""
        for _ in range(rounds):
            moved = self.carry()
            for side in self.sides:
                side.turn()
            if not moved and not any(side.sent for side in self.sides):
                return
        raise AssertionError("they never come to rest")

    def pass_by(self, us: int) -> None:
        """Let time pass at every side."""
        for side in self.sides:
            side.now = Instant(side.now + us)


def connected(*parties: str) -> tuple[Table, list[Side]]:
    """Fresh sides of one line that have greeted each other."""
    names = parties or PAIR
    sides = [Side(party, names) for party in names]
    table = Table(*sides)
    table.settle()
    return table, sides


ME, PEER = 0, 1
"""Alpha's number and Bravo's."""


def stated(signed: Signed, member: int) -> EvidenceFrame:
    """A checkpoint as a peer states it."""
    return EvidenceFrame(tip_of(member, signed))


def a_push(bravo: Side) -> Push:
    """What bravo sends next."""
    bravo.say(message("one"))
    bravo.turn()
    (push,) = bravo.frames(Push)
    assert isinstance(push, Push)
    bravo.sent.clear()
    return push


def refused(alpha: Side, frame: Frame) -> None:
    """Have `frame` refused: nothing is taken from it, and the peer is told what we hold."""
    before = (alpha.keeper.logs[ME].size, alpha.keeper.logs[PEER].size)
    alpha.sent.clear()
    alpha.hear(1, frame)
    turn = alpha.close()
    assert not [write for write in turn.writes if isinstance(write, Append | Receipt | Seal)]
    alpha.commit(turn)
    assert (alpha.keeper.logs[ME].size, alpha.keeper.logs[PEER].size) == before

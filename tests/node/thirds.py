"""Three headquarters for tests of members: each its own disk and keys, paired in twos, connected by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from openline.link.events import PeerHealth
from openline.link.frames import Frame, decode_frame, encode_frame
from openline.node.views import Officer, SaidView
from openline.record.entry import Mark
from openline.record.ports import Introduction
from openline.transport.memory import End, pair
from openline.transport.session import Session
from tests.node.houses import (
    ALPHA,
    BRAVO,
    CHARLIE,
    LINE,
    OFFICER,
    START,
    House,
    MemoryNode,
    card,
    connect,
    proof,
    started,
    until,
)

THIRD = "alpha-bravo-charlie"
DELTA = "delta.example"


class ThirdHouse(House):
    """A headquarters that has accepted the cards of more parties than stand on its line."""

    def __init__(self, party: str, parties: Sequence[str], known: Sequence[str], line: str | None = None) -> None:
        super().__init__(party, parties, line)
        store = self.store()
        store.commit([Introduction(one, proof(one), "the watch", START) for one in known])


async def three() -> tuple[MemoryNode, MemoryNode, MemoryNode]:
    """Alpha and bravo on a line, and charlie, which has paired with delta alone but knows their cards, as they its."""
    alpha = await started(ThirdHouse(ALPHA, (ALPHA, BRAVO), (CHARLIE,)))
    bravo = await started(ThirdHouse(BRAVO, (ALPHA, BRAVO), (CHARLIE,)))
    charlie = await started(ThirdHouse(CHARLIE, (CHARLIE, DELTA), (ALPHA, BRAVO)))
    connect(alpha, bravo)
    await until(lambda: all(peer.heard is not None for node in (alpha, bravo) for peer in health(node, LINE)))
    return alpha, bravo, charlie


def health(node: MemoryNode, line: str) -> tuple[PeerHealth, ...]:
    """How a node sees the peers of a line."""
    return node.lines[line].keeper.engine.health()


async def say(node: MemoryNode, line: str, verb: str, who: Officer = OFFICER, **arguments: object) -> SaidView:
    """Have the watch say something on a line."""
    return await node.desk.say(
        who, line, verb, arguments, key=None, mark=Mark.OPERATION.name, wait="recorded", timeout_s=30.0
    )


async def propose(node: MemoryNode, **more: str) -> str:
    """Propose that charlie joins; the entry's id."""
    arguments: dict[str, object] = {"party": CHARLIE, "fingerprint": card(CHARLIE).fingerprint(), **more}
    said = await node.desk.say(
        OFFICER, LINE, "propose-join", arguments, key=None, mark="OPERATION", wait="recorded", timeout_s=30.0
    )
    return said.ids[0]


async def assent(node: MemoryNode, entry: str) -> None:
    """Assent once the proposal is here."""
    await until(lambda: holds(node, LINE, entry))
    await say(node, LINE, "assent", entry=entry, fingerprint=card(CHARLIE).fingerprint())


def holds(node: MemoryNode, line: str, entry: str) -> bool:
    """Whether a node has an entry folded in."""
    book = node.lines[line].keeper.book
    label, _, index = entry.rpartition(":")
    return any(book.labels[origin] == label and book.size(origin) > int(index) for origin in book.members)


async def joined() -> tuple[MemoryNode, MemoryNode, MemoryNode]:
    """All three on one line that every one of them has opened."""
    alpha, bravo, charlie = await three()
    entry = await propose(alpha)
    await assent(bravo, entry)
    await charlie.desk.enter_line(OFFICER, THIRD, (ALPHA, BRAVO))
    await until(lambda: all(THIRD in node.lines for node in (alpha, bravo)))
    for one, other in ((alpha, bravo), (bravo, charlie), (charlie, alpha)):
        connect(one, other, line=THIRD)
    await until(lambda: all(open_at(node) for node in (alpha, bravo, charlie)))
    return alpha, bravo, charlie


def open_at(node: MemoryNode) -> bool:
    """Whether a node shows the line of three as open."""
    return node.desk.members(OFFICER, THIRD).state == "OPEN"


def texts(node: MemoryNode, line: str = THIRD) -> list[str]:
    """What messages a node shows on a line, oldest first."""
    found = node.desk.entries(OFFICER, line, kind="message", origin=None, open_only=False, before=None, count=100)
    return [str(entry.text) for entry in reversed(list(found))]


def accepted(node: MemoryNode, entry: str) -> int:
    """How many members have accepted an open item of the line of three."""
    return sum(row.accepted for row in node.desk.members(OFFICER, THIRD).open_items if row.id == entry)


class _Stranger:
    """Whoever calls and writes down all it hears."""

    def __init__(self) -> None:
        self.heard: list[Frame | None] = []
        self.over = False

    def opened(self, session: Session) -> None:
        """See transport.session.Receiver."""

    def frames(self, session: Session, frames: list[bytes]) -> None:
        """See transport.session.Receiver."""
        self.heard += map(decode_frame, frames)

    def closed(self, session: Session, reason: str) -> None:
        """See transport.session.Receiver."""
        self.over = True


async def calls(node: MemoryNode, party: str, *frames: Frame) -> list[Frame | None]:
    """What a caller with the keys of `party` hears that says these frames, until the node ends the session."""
    stranger = _Stranger()
    theirs = End(node.me, node.switchboard.receiver(None))
    session, _ = pair(End(party, stranger), theirs, "fibre", asyncio.get_running_loop().call_soon)
    for frame in frames:
        session.send(encode_frame(frame))
    session.flush()
    await until(lambda: stranger.over)
    return stranger.heard

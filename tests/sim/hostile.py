"""A peer that lies: a session with a member's TLS key at the far end and somebody else's will behind it.

Whatever it says, the record of the honest node keeps every rule; the worst it can do is to cost its own party time.
The one thing it cannot be kept from, with the party's log key in its hands, is to sign two histories: that is the
fork, and it comes at the end of a run (`fork` in `tests.sim.run`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import cbor2

from openline.base.limits import FRAME_BYTES_MAX
from openline.link.frames import Ack, Blob, Bye, Evidence, Frame, Hello, Ping, Push, Tip, Want, WantBlob, encode_frame
from openline.transport.session import Session
from tests.sim.network import Network, Plug
from tests.sim.node import Headquarters
from tests.sim.world import World

HOSTILE_FAULTS = (
    "hostile-garbage",
    "hostile-oversize",
    "hostile-forged-push",
    "hostile-forged-receipt",
    "hostile-false-tips",
    "hostile-other-line",
    "hostile-replay",
    "hostile-nonsense",
)


@dataclass(slots=True)
class Ear:
    """What the hostile end hears; it only needs to know when it is shut out."""

    heard: list[bytes] = field(default_factory=list)
    closed_for: str | None = None

    def opened(self, session: Session) -> None:
        """A session is up."""

    def frames(self, session: Session, frames: list[bytes]) -> None:
        """Frames came."""
        self.heard += frames

    def closed(self, session: Session, reason: str) -> None:
        """It was shut out."""
        self.closed_for = reason


class Hostile:
    """Brings one lie at a time. Mutable."""

    def __init__(self, world: World, network: Network, houses: Sequence[Headquarters]) -> None:
        self.world = world
        self.network = network
        self.houses = houses
        self.chance = world.chance("hostile")

    async def bring(self, name: str) -> None:
        """Tell `name` of the lies to somebody who is up."""
        victim, liar = self.chance.sample(list(self.houses), 2)
        if victim.process is None or not victim.ready or victim.process.keeper.own.quarantined:
            return  # A peer that hides what it holds of a restored log cannot be told from one that holds no more.
        ear = Ear()
        paths = self.network.between(victim.party, liar.party)
        plug = self.network.join(
            self.chance.choice(paths), (liar.party, ear), (victim.party, victim.receiver()), lying=True
        )
        self.world.fire(name, victim.label)
        victim.lied_to()
        if name != "hostile-other-line" and self.chance.random() < 0.9:
            plug.send(encode_frame(self._hello(victim, liar)))
        lies: dict[str, Callable[[Plug, Headquarters, Headquarters], None]] = {
            "hostile-garbage": self._garbage,
            "hostile-oversize": self._oversize,
            "hostile-forged-push": self._forged_push,
            "hostile-forged-receipt": self._forged_receipt,
            "hostile-false-tips": self._false_tips,
            "hostile-other-line": self._other_line,
            "hostile-replay": self._replay,
            "hostile-nonsense": self._nonsense,
        }
        for _ in range(self.chance.randint(1, 5)):
            lies[name](plug, victim, liar)
            await asyncio.sleep(self.chance.uniform(0.0, 0.3))
        if self.chance.random() < 0.7:
            plug.send(encode_frame(Bye("stopping")))
            plug.close("stopping")
        else:
            plug.wire.kill()
        victim.lied_to()

    # Lies

    def _garbage(self, plug: Plug, _victim: Headquarters, _liar: Headquarters) -> None:
        kind = self.chance.randrange(4)
        if kind == 0:
            data = self.chance.randbytes(self.chance.randint(1, 200))
        elif kind == 1:
            data = b"\x81" * 5_000 + b"\x00"
        elif kind == 2:
            data = cbor2.dumps([2, -1, 2**70, {"a": 1.5}, None, "x"])
        else:
            spoiled = bytearray(encode_frame(Ping(1, 1, 1, 0))[4:])
            spoiled[self.chance.randrange(len(spoiled))] ^= 1 << self.chance.randrange(8)
            data = bytes(spoiled)
        plug.send(_framed(data))

    def _oversize(self, plug: Plug, _victim: Headquarters, _liar: Headquarters) -> None:
        plug.send((FRAME_BYTES_MAX + self.chance.randint(1, 2**31)).to_bytes(4, "big") + bytes(64))

    def _forged_push(self, plug: Plug, victim: Headquarters, liar: Headquarters) -> None:
        process = victim.process
        if process is None:
            return
        members = process.keeper.setup.members
        number = self.chance.choice([members.index(liar.party), members.index(victim.party)])
        size = process.keeper.logs[number].size
        base = max(0, size + self.chance.choice((-3, -1, 0, 0, 0, 1, 50)))
        items: list[object] = [[{1: 1, 3: "watch"}, b"\xa1\x00dlies"] for _ in range(self.chance.randint(1, 3))]
        plug.send(encode_frame(Push(number, base, 1_790_000_000_000, items, self.chance.randbytes(64))))

    def _forged_receipt(self, plug: Plug, victim: Headquarters, _liar: Headquarters) -> None:
        process = victim.process
        if process is None:
            return
        own = process.keeper.own
        number = process.keeper.setup.members.index(victim.party)
        size = max(0, own.size + self.chance.choice((0, 0, -1, 1, 1_000)))
        plug.send(encode_frame(Ack(number, size, 1_790_000_000, self.chance.randbytes(64))))

    def _false_tips(self, plug: Plug, victim: Headquarters, liar: Headquarters) -> None:
        number = self.chance.randrange(3)
        tip = Tip(number, self.chance.choice((1, 7, 2**40)), self.chance.randbytes(32), self.chance.randbytes(64))
        plug.send(encode_frame(Evidence(tip)))
        plug.send(encode_frame(self._hello(victim, liar, tip)))

    def _other_line(self, plug: Plug, victim: Headquarters, liar: Headquarters) -> None:
        hello = self._hello(victim, liar)
        wrong = self.chance.choice(
            (
                Hello(hello.versions, "other-line", *_rest(hello)),
                Hello((7, 9), hello.line, *_rest(hello)),
            )
        )
        plug.send(encode_frame(wrong))

    def _replay(self, plug: Plug, victim: Headquarters, liar: Headquarters) -> None:
        for data in self.chance.sample(_some(self.network.kept(liar.party, victim.party)), 1):
            plug.send(_framed(data))

    def _nonsense(self, plug: Plug, victim: Headquarters, _liar: Headquarters) -> None:
        digest = self.chance.randbytes(32)
        frames: list[Frame] = [
            Want(self.chance.randrange(4), self.chance.choice((0, 3, 2**47))),
            WantBlob(digest, 5),
            Blob(digest, 0, b"x" * 100),
            Push(7, 0, 0, [], bytes(64)),
            Ack(9, 4, 4, bytes(64)),
        ]
        plug.send(encode_frame(self.chance.choice(frames)))
        plug.send(_framed(cbor2.dumps([99, "from the future"])))

    def _hello(self, victim: Headquarters, liar: Headquarters, *tips: Tip) -> Hello:
        parties = tuple(sorted(here.party for here in self.houses))
        salt_key = liar.disk.content.logs[liar.origin].head.salt_key
        if self.chance.random() < 0.2:
            salt_key = self.chance.randbytes(32)
        return Hello(
            (1, 1), victim.line, parties, parties.index(liar.party), "fibre", 1_790_000_000_000, salt_key, 0, tips, 0
        )


def _framed(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def _rest(hello: Hello) -> tuple[tuple[str, ...], int, str, int, bytes, int, tuple[Tip, ...], int]:
    return (
        hello.members,
        hello.me,
        hello.path,
        hello.time_ms,
        hello.salt_key,
        hello.presence,
        hello.tips,
        hello.receipted,
    )


def _some(frames: list[bytes]) -> list[bytes]:
    return frames or [b"\x81\x18\x63"]

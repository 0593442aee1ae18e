"""Sound between the two ends of a real TLS session: keys from its exporter, and its stream when UDP is blocked."""

from __future__ import annotations

from openline.media.wire import Arrival, Wire
from openline.media.wire_carriage import Carriage, PathSound
from openline.media.wire_keys import voice_secret
from openline.media.wire_session import Handed
from openline.transport.session import Session
from tests.media.wire_ends import QUICK, V4, Relay, Run, both_loops, free_port, until
from tests.transport.ends import Log, framed, line


class Node(Log):
    """A receiver of sessions with a Wire: what a node and its voice process do together."""

    def __init__(self) -> None:
        super().__init__()
        self.wire = Wire(self, {}, QUICK)
        self.sounds: list[Arrival] = []

    def hand(self, session: Session, own: int, theirs: int) -> None:
        path = session.path
        secret = voice_secret(session)
        self.wire.opened(Handed(session.number, session.peer, path, session.dialled, secret, (V4, own), (V4, theirs)))

    def frames(self, session: Session, frames: list[bytes]) -> None:
        for frame in frames:
            self.wire.stream_arrived(session.number, frame)

    def arrived(self, arrival: Arrival) -> None:
        if arrival.payload:
            self.sounds.append(arrival)

    def over_stream(self, session: int, data: bytes) -> None:
        self.sessions[0].send(framed(data))

    def carried(self, fact: PathSound) -> None:
        pass

    def heard_last(self) -> bytes:
        return self.sounds[-1].payload

    def carries(self, carriage: Carriage) -> bool:
        return [fact.carriage for fact in self.wire.facts()] == [carriage]


@both_loops
def test_a_real_session_carries_sound_by_udp_and_by_its_stream(run: Run) -> None:
    async def story() -> None:
        alpha, bravo = Node(), Node()
        relay = Relay(V4, (V4, free_port(V4)))
        async with line(alpha_log=alpha, bravo_log=bravo) as both:
            # The listener's own port is not the one of TCP here, so the relay is what alpha dials.
            bravo.wire._ports = {both.bravo.path: relay._to[1]}
            bravo.hand(both.bravo, relay._to[1], 1)
            alpha.hand(both.alpha, 1, relay.place[1])
            await until(lambda: alpha.carries(Carriage.UDP) and bravo.carries(Carriage.UDP))
            alpha.wire.send("bravo.example", b"hello")
            bravo.wire.send("alpha.example", b"hello yourself")
            await until(lambda: bool(alpha.sounds and bravo.sounds))
            relay.harm = lambda _data, _inward: []
            await until(lambda: alpha.carries(Carriage.STREAM) and bravo.carries(Carriage.STREAM))
            alpha.wire.send("bravo.example", b"around")
            bravo.wire.send("alpha.example", b"around as well")
            await until(lambda: alpha.heard_last() == b"around as well" and bravo.heard_last() == b"around")
            assert {one.payload for one in alpha.sounds if not one.over_stream} == {b"hello yourself"}
            assert {one.payload for one in bravo.sounds if not one.over_stream} == {b"hello"}
            assert not alpha.wire.refused
            assert not bravo.wire.refused
            alpha.wire.close()
            bravo.wire.close()
        relay.close()

    run(story())

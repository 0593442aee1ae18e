"""A session at work: what leaves together, what arrives together, how it waits, and how it ends."""

from __future__ import annotations

import asyncio
import os
import socket
from typing import cast

import pytest
from OpenSSL import SSL

from openline.base.limits import FRAME_BYTES_MAX
from openline.transport.connection import TlsSession, _host
from openline.transport.handshake import Handshake, Terms
from openline.transport.session import Rules, Session
from tests.transport.conftest import Run
from tests.transport.ends import ALPHA, PINS, RULES, Line, Log, bravo_listens, framed, line


class CountedTransport:
    """Stands before the real transport of a session and counts its writes."""

    def __init__(self, session: Session) -> None:
        inside = cast("TlsSession", session)
        self.writes: list[bytes] = []
        self._real = inside._transport
        inside._transport = cast("asyncio.Transport", self)

    def write(self, data: bytes) -> None:
        self.writes.append(data)
        self._real.write(data)

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)


class Echo(Log):
    """Answers every frame at once."""

    def frames(self, session: Session, frames: list[bytes]) -> None:
        super().frames(session, frames)
        for frame in frames:
            session.send(framed(frame[::-1]))
            session.flush()


def test_frames_go_both_ways(run: Run) -> None:
    async def story() -> None:
        async with line() as it:
            it.alpha.send(framed(b"from alpha"))
            it.bravo.send(framed(b"from bravo"))
            assert await it.bravo_log.hears(1) == [b"from alpha"]
            assert await it.alpha_log.hears(1) == [b"from bravo"]
            assert (it.alpha.peer, it.alpha.dialled) == ("bravo.example", True)
            assert (it.bravo.peer, it.bravo.dialled) == ("alpha.example", False)
            assert it.alpha.path == it.bravo.path == "fibre"
            assert it.alpha.number != it.bravo.number
            assert it.alpha.theirs == it.bravo.own == ("127.0.0.1", it.listener.port)
            assert it.alpha.own == it.bravo.theirs
            assert it.alpha.own[1] not in (0, it.listener.port)

    run(story())


class Named(asyncio.Transport):
    """A transport that knows where it leads."""

    def __init__(self, **names: object) -> None:
        super().__init__(names)


def test_an_end_is_an_address_that_can_be_dialled() -> None:
    ends = Named(
        sockname=("fe80::1", 7000, 0, 2), peername=("2001:db8::2", 7000, 0, 0), other=("fe80::1%eth0", 7, 0, 2)
    )
    assert [_host(ends, end) for end in ("sockname", "peername", "other", "gone")] == [
        ("fe80::1%2", 7000),
        ("2001:db8::2", 7000),
        ("fe80::1%eth0", 7),
        ("?", 0),
    ]


def test_what_is_sent_in_one_turn_leaves_in_one_record(run: Run) -> None:
    async def story() -> None:
        async with line() as it:
            counted = CountedTransport(it.alpha)
            for n in range(50):
                it.alpha.send(framed(b"%d" % n))
            heard = await it.bravo_log.hears(50)
            assert heard == [b"%d" % n for n in range(50)]
            assert [write[0] for write in counted.writes] == [0x17]
            assert int.from_bytes(counted.writes[0][3:5], "big") + 5 == len(counted.writes[0])

    run(story())


def test_what_is_flushed_leaves_at_once(run: Run) -> None:
    async def story() -> None:
        async with line() as it:
            counted = CountedTransport(it.alpha)
            for n in range(2):
                it.alpha.send(framed(b"%d" % n))
                it.alpha.flush()
                assert len(counted.writes) == n + 1
            it.alpha.flush()
            assert await it.bravo_log.hears(2) == [b"0", b"1"]
            assert len(counted.writes) == 2

    run(story())


def test_what_comes_in_one_read_is_handed_over_in_one_call(run: Run) -> None:
    async def story() -> None:
        async with line() as it:
            it.alpha.send(b"".join(framed(b"%d" % n) for n in range(500)))
            await it.bravo_log.hears(500)
            assert len(it.bravo_log.reads) == 1

    run(story())


def test_answers_to_one_read_leave_in_one_write_flushed_or_not(run: Run) -> None:
    async def story() -> None:
        async with line(bravo_log=Echo()) as it:
            counted = CountedTransport(it.bravo)
            it.alpha.send(framed(b"abc") + framed(b"def"))
            assert await it.alpha_log.hears(2) == [b"cba", b"fed"]
            assert len(counted.writes) == 1

    run(story())


def test_frames_larger_than_a_record_and_a_read_arrive_whole(run: Run) -> None:
    async def story() -> None:
        async with line() as it:
            bodies = [bytes([n]) * (FRAME_BYTES_MAX - n) for n in range(3)]
            for body in bodies:
                it.alpha.send(framed(body))
            assert await it.bravo_log.hears(3) == bodies

    run(story())


def test_what_is_said_in_opened_arrives_first(run: Run) -> None:
    class Greets(Log):
        def opened(self, session: Session) -> None:
            session.send(framed(b"hello"))
            super().opened(session)

    async def story() -> None:
        async with line(alpha_log=Greets(), bravo_log=Greets()) as it:
            it.alpha.send(framed(b"next"))
            assert await it.bravo_log.hears(2) == [b"hello", b"next"]
            assert await it.alpha_log.hears(1) == [b"hello"]

    run(story())


def test_a_paused_receiver_makes_the_sender_wait(run: Run) -> None:
    async def story() -> None:
        async with line() as it:
            it.bravo.pause()
            it.bravo.pause()
            await flood(it, 6_000_000)
            waiting = it.alpha.backlog_bytes
            assert waiting > 0
            it.bravo.resume()
            it.bravo.resume()
            heard = await it.bravo_log.hears(60)
            assert [frame[0] for frame in heard] == list(range(60))
            assert it.alpha.backlog_bytes == 0

    run(story())


async def flood(it: Line, size_bytes: int) -> None:
    """Sends 60 frames, and lets the system take what it will."""
    for n in range(60):
        it.alpha.send(framed(bytes([n]) * (size_bytes // 60)))
        await asyncio.sleep(0)
    assert it.bravo_log.heard == []


def test_a_backlog_without_end_ends_the_session(run: Run) -> None:
    async def story() -> None:
        async with line(Rules(backlog_bytes_max=1_000_000)) as it:
            it.bravo.pause()
            for _ in range(200):
                it.alpha.send(framed(bytes(100_000)))
                await asyncio.sleep(0)
            assert await it.alpha_log.reason() == "session-backlog-full"
            it.bravo.resume()
            assert await it.bravo_log.reason() == "session-broken"

    run(story())


def test_a_frame_that_is_too_long_ends_the_session_before_it_comes(run: Run) -> None:
    async def story() -> None:
        async with line() as it:
            it.alpha.send((FRAME_BYTES_MAX + 1).to_bytes(4, "big"))
            assert await it.bravo_log.reason() == "session-frame-too-large"
            assert await it.alpha_log.reason() == "session-ended-unheard"

    run(story())


def test_what_was_sent_before_close_arrives(run: Run) -> None:
    async def story() -> None:
        async with line() as it:
            it.alpha.send(framed(b"bye"))
            it.alpha.close("stopping")
            it.alpha.send(framed(b"too late"))
            assert it.alpha_log.reasons == [], "closed is never told from inside close"
            assert await it.alpha.ended() == "stopping"
            assert await it.bravo_log.reason() == "session-ended"
            assert it.bravo_log.heard == [b"bye"]

    run(story())


def test_a_peer_that_closes_without_a_word_has_its_own_reason(run: Run) -> None:
    async def story() -> None:
        async with line() as it:
            it.alpha.close("stopping")
            assert await it.bravo.ended() == "session-ended-unheard"

    run(story())


def test_the_end_is_told_once(run: Run) -> None:
    async def story() -> None:
        async with line() as it:
            it.alpha.close("stopping")
            it.alpha.close("again")
            await it.bravo.ended()
            it.bravo.close("again")
        assert it.alpha_log.reasons == ["stopping"]
        assert len(it.bravo_log.reasons) == 1

    run(story())


def test_a_receiver_may_close_from_inside_a_call(run: Run) -> None:
    class Refuses(Log):
        def frames(self, session: Session, frames: list[bytes]) -> None:
            super().frames(session, frames)
            session.send(framed(b"no"))
            session.close("peer-frame-wrong")

    async def story() -> None:
        async with line(bravo_log=Refuses()) as it:
            it.alpha.send(framed(b"?"))
            assert await it.alpha.ended() == "session-ended"
            assert it.alpha_log.heard == [b"no"]
            assert it.bravo_log.reasons == ["peer-frame-wrong"]

    run(story())


def test_a_connection_cut_off_is_broken(run: Run) -> None:
    async def story() -> None:
        async with line() as it:
            cast("TlsSession", it.alpha).abandon()
            assert await it.alpha.ended() == "session-broken"
            assert await it.bravo.ended() == "session-broken"

    run(story())


def test_an_end_of_tcp_without_a_goodbye_is_broken(run: Run) -> None:
    """The attack: somebody on the way ends the stream early, to make it look finished."""

    async def story() -> None:
        async with line() as it:
            wire = cast("TlsSession", it.alpha)._transport.get_extra_info("socket")
            with socket.socket(fileno=os.dup(wire.fileno())) as same:
                same.shutdown(socket.SHUT_WR)
            assert await it.bravo.ended() == "session-broken"

    run(story())


def test_bytes_changed_on_the_way_end_the_session(run: Run) -> None:
    async def story() -> None:
        async with line() as it:
            cast("TlsSession", it.alpha)._transport.write(b"\x17\x03\x03\x00\x20" + bytes(32))
            assert await it.bravo.ended() == "session-bytes-wrong"
            assert await it.alpha.ended() == "session-bytes-wrong", "the peer's alert says so"

    run(story())


def test_both_ends_export_the_same_secret(run: Run) -> None:
    async def story() -> None:
        async with line() as it, line() as other:
            secret = it.alpha.exporter(b"EXPORTER-openline-voice", 32)
            assert it.bravo.exporter(b"EXPORTER-openline-voice", 32) == secret
            assert it.bravo.exporter(b"EXPORTER-openline-other", 32) != secret
            assert other.alpha.exporter(b"EXPORTER-openline-voice", 32) != secret

    run(story())


@pytest.mark.parametrize("kept_back", [0, 3, 20])
def test_frames_that_come_with_the_end_of_the_handshake_are_not_lost(run: Run, kept_back: int) -> None:
    """Also when the last of them is cut in two, in its header or behind it."""

    async def story() -> None:
        log, loop = Log(), asyncio.get_running_loop()
        async with bravo_listens(log) as listener:
            with socket.create_connection(("127.0.0.1", listener.port)) as wire:
                wire.setblocking(False)
                tls, finish = await shaken_by_hand(wire)
                one, two = sealed(tls, b"one"), sealed(tls, b"two")
                flight = finish + one + two
                cut = len(flight) - len(two) + kept_back if kept_back else len(flight)
                await loop.sock_sendall(wire, flight[:cut])
                assert await log.hears(1 if kept_back else 2)
                await loop.sock_sendall(wire, flight[cut:])
                assert (await log.hears(2))[:2] == [b"one", b"two"]
            await log.reason()

    run(story())


def test_a_stream_that_comes_in_crumbs_is_the_same_stream(run: Run) -> None:
    async def story() -> None:
        log, loop = Log(), asyncio.get_running_loop()
        async with bravo_listens(log) as listener:
            with socket.create_connection(("127.0.0.1", listener.port)) as wire:
                wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                wire.setblocking(False)
                tls, finish = await shaken_by_hand(wire)
                bodies = [b"%d" % n * (n % 9) for n in range(60)]
                stream = finish + b"".join(sealed(tls, body) for body in bodies)
                for start in range(0, len(stream), 11):
                    await loop.sock_sendall(wire, stream[start : start + 11])
                    await asyncio.sleep(0)
                assert await log.hears(60) == bodies
            await log.reason()

    run(story())


async def shaken_by_hand(wire: socket.socket) -> tuple[SSL.Connection, bytes]:
    """Alpha's TLS, and the bytes with which its handshake ends: not sent yet."""
    loop = asyncio.get_running_loop()
    shake = Handshake(Terms("fibre", RULES, ALPHA, PINS.get, Log(), "bravo.example"), "bravo")
    await loop.sock_sendall(wire, shake.advance())
    while True:
        finish = shake.advance(await loop.sock_recv(wire, 65_536))
        if shake.peer is not None:
            return shake.tls, finish


def sealed(tls: SSL.Connection, body: bytes) -> bytes:
    """A TLS record with one frame."""
    tls.send(framed(body))
    return tls.bio_read(65_536)


def test_nothing_is_sent_and_nothing_breaks_after_the_end(run: Run) -> None:
    async def story() -> None:
        async with line() as it:
            it.alpha.close("stopping")
            await it.alpha.ended()
            it.alpha.send(framed(b"?"))
            it.alpha.pause()
            it.alpha.resume()
            assert it.alpha.backlog_bytes == 0
            with pytest.raises(SSL.Error):
                cast("TlsSession", it.alpha)._tls.send(b"?")

    run(story())

"""What comes in at a socket goes to whom it concerns, and what would trip aioice goes nowhere."""

from __future__ import annotations

import asyncio
import struct
from collections import Counter

import aioice.stun
import pytest
from aioice.ice import Connection, StunProtocol
from hypothesis import given
from hypothesis import strategies as st

from openline.base.limits import LEG_DATAGRAM_BYTES_MAX
from openline.media.hooks import Ice
from openline.media.intake import Intake

PEER, STRANGER = ("192.0.2.1", 5_000), ("192.0.2.66", 6_000)


class Inside:
    """A leg that writes down what it is given."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.signs = 0
        self.dropped: Counter[str] = Counter()

    def is_peer(self, place: tuple[str, int]) -> bool:
        return place == PEER

    def take(self, data: bytes) -> None:
        self.taken.append(data)

    def alive(self) -> None:
        self.signs += 1

    def drop(self, why: str) -> None:
        self.dropped[why] += 1


class Inner(asyncio.DatagramProtocol):
    """aioice, as far as it is asked."""

    def __init__(self) -> None:
        self.passed: list[bytes] = []
        self.errors = self.losses = 0

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.passed.append(data)

    def error_received(self, exc: Exception) -> None:
        self.errors += 1

    def connection_lost(self, exc: Exception | None) -> None:
        self.losses += 1


def sorted_out(data: bytes, place: tuple[str, int] = PEER) -> tuple[Inside, Inner]:
    """What becomes of one datagram."""
    inside, inner = Inside(), Inner()
    Intake(inner, inside).datagram_received(data, place)
    return inside, inner


@pytest.mark.parametrize("first", [128, 144, 191])
def test_sound_goes_straight_to_the_leg_from_wherever_it_comes(first: int) -> None:
    for place in (PEER, STRANGER):
        inside, inner = sorted_out(bytes([first]) + bytes(20), place)
        assert (inside.taken, inner.passed) == ([bytes([first]) + bytes(20)], [])


def test_a_check_goes_to_aioice_and_that_of_the_peer_is_a_sign_of_life() -> None:
    data = b"\x00\x01" + bytes(18)
    inside, inner = sorted_out(data)
    assert (inner.passed, inside.signs) == ([data], 1)
    inside, inner = sorted_out(data, STRANGER)
    assert (inner.passed, inside.signs) == ([data], 0)


def test_a_handshake_goes_to_aioice_from_the_peer_alone() -> None:
    data = b"\x16\xfe\xfd" + bytes(20)
    assert sorted_out(data)[1].passed == [data]
    inside, inner = sorted_out(data, STRANGER)
    assert (inner.passed, inside.dropped) == ([], {"kind": 1})


@pytest.mark.parametrize("data", [b"", b"\x04" + bytes(9), b"\x13", b"\x40\0", b"\x7f", b"\xc0" + bytes(9), b"\xff"])
def test_any_other_datagram_goes_nowhere(data: bytes) -> None:
    inside, inner = sorted_out(data)
    assert (inside.taken, inner.passed, inside.dropped) == ([], [], {"kind": 1})


@pytest.mark.parametrize("first", [0, 22, 128])
def test_an_oversize_datagram_goes_nowhere(first: int) -> None:
    inside, inner = sorted_out(bytes([first]) * (LEG_DATAGRAM_BYTES_MAX + 1))
    assert (inside.taken, inner.passed, inside.dropped) == ([], [], {"size": 1})


def test_what_the_system_says_of_the_socket_reaches_aioice() -> None:
    inner = Inner()
    intake = Intake(inner, Inside())
    intake.error_received(ConnectionRefusedError())
    intake.connection_lost(None)
    assert (inner.errors, inner.losses) == (1, 1)


def test_a_check_cut_short_trips_aioice_and_not_us() -> None:
    async def story() -> None:
        inner = StunProtocol(Connection(ice_controlling=False))
        short = struct.pack("!HHI12sHH", 1, 8, aioice.stun.COOKIE, bytes(12), 0x0024, 2) + bytes(4)
        with pytest.raises(struct.error):
            inner.datagram_received(short, STRANGER)
        inside = Inside()
        Intake(inner, inside).datagram_received(short, STRANGER)
        assert inside.dropped == {"kind": 1}

    asyncio.run(story())


ATTRIBUTES = st.lists(
    st.tuples(st.sampled_from([number for number, *_ in aioice.stun.ATTRIBUTES]), st.binary(max_size=24)), max_size=5
)


@pytest.mark.fuzz
def test_made_up_checks_never_reach_the_loop_as_an_error() -> None:
    async def story() -> None:
        ice, inside = Ice(), Inside()
        await ice.bind(["127.0.0.1"])
        [(_, inner)] = ice.sockets()
        intake = Intake(inner, inside)
        nowhere = ("127.0.0.1", 9)

        @given(st.integers(0, 0x3FF), ATTRIBUTES)
        def fuzz(kind: int, attributes: list[tuple[int, bytes]]) -> None:
            intake.datagram_received(check(kind, attributes), nowhere)

        fuzz()
        assert inside.dropped["kind"], "some of them must have tripped aioice"
        await ice.transport.stop()

    asyncio.run(story())


def check(kind: int, attributes: list[tuple[int, bytes]]) -> bytes:
    """A STUN message of made-up parts, its lengths right."""
    body = b"".join(
        struct.pack("!HH", number, len(value)) + value + bytes(-len(value) % 4) for number, value in attributes
    )
    return struct.pack("!HHI12s", kind, len(body), aioice.stun.COOKIE, bytes(12)) + body

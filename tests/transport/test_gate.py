"""What strangers may cost: so many knocks from an address, so many guests inside, and the oldest goes first."""

from __future__ import annotations

from openline.transport.gate import ADDRESSES_MAX, Gate

SECOND = 1_000_000


def gate(guests_max: int = 3, burst: int = 2) -> Gate:
    return Gate(guests_max, burst, refill_us=SECOND)


def test_an_address_has_a_burst_and_then_waits() -> None:
    at = gate()
    assert [at.knock("192.0.2.1", 0) for _ in range(4)] == [True, True, False, False]
    assert at.knock("192.0.2.2", 0)


def test_a_bucket_refills_one_by_one() -> None:
    at = gate()
    for _ in range(5):
        at.knock("192.0.2.1", 0)
    assert [at.knock("192.0.2.1", SECOND) for _ in range(2)] == [True, False]
    assert [at.knock("192.0.2.1", 60 * SECOND) for _ in range(3)] == [True, True, False]


def test_a_v6_network_is_one_address() -> None:
    at = gate(burst=1)
    assert at.knock("2001:db8::1", 0)
    assert not at.knock("2001:db8::2", 0)
    assert at.knock("2001:db8:0:1::1", 0)


def test_a_v4_address_is_the_same_on_a_v6_socket() -> None:
    at = gate(burst=1)
    assert at.knock("192.0.2.1", 0)
    assert not at.knock("::ffff:192.0.2.1", 0)


def test_a_link_address_and_a_missing_one_are_counted_too() -> None:
    at = gate(burst=1)
    assert [at.knock("fe80::1%eth0", 0), at.knock("fe80::1%eth0", 0)] == [True, False]
    assert [at.knock("?", 0), at.knock("?", 0)] == [True, False]


def test_the_oldest_guest_goes_for_the_newest() -> None:
    at = gate(guests_max=2)
    assert [at.enter(n, f"192.0.2.{n}") for n in (1, 2, 3)] == [None, None, 1]


def test_a_guest_that_left_makes_room() -> None:
    at = gate(guests_max=2)
    at.enter(1, "192.0.2.1")
    at.enter(2, "192.0.2.2")
    at.leave(1)
    assert at.enter(3, "192.0.2.3") is None


def test_a_proved_address_needs_no_bucket_and_goes_last() -> None:
    at = gate(guests_max=2)
    at.enter(1, "192.0.2.1")
    at.prove(1)
    assert all(at.knock("192.0.2.1", 0) for _ in range(100))
    at.enter(2, "192.0.2.1")
    at.enter(3, "192.0.2.3")
    assert at.enter(4, "192.0.2.4") == 3


def test_when_only_proved_addresses_stand_inside_a_stranger_does_not_come_in() -> None:
    at = gate(guests_max=1)
    at.enter(1, "192.0.2.1")
    at.prove(1)
    at.enter(2, "192.0.2.1")
    assert at.enter(3, "192.0.2.3") == 3


def test_a_flood_of_addresses_is_forgotten_at_its_old_end() -> None:
    at = gate(burst=1)
    at.knock("192.0.2.1", 0)
    for n in range(ADDRESSES_MAX):
        at.knock(f"10.0.{n // 256}.{n % 256}", 0)
    assert at.knock("192.0.2.1", 0)
    assert not at.knock("10.0.9.9", 0)

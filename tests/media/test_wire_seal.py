"""Datagrams under SRTP: what the RFCs say byte by byte, no index twice under one key, and each taken once."""

from __future__ import annotations

import os

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from openline.base.limits import WIRE_DATAGRAM_BYTES_MAX, WIRE_PAYLOAD_BYTES_MAX, WIRE_WINDOW_DATAGRAMS
from openline.media.wire_keys import SECRET_BYTES, Direction, wire_keys
from openline.media.wire_seal import LIVES, SEAL_BYTES, Kind, Label, Opener, Refusal, Sealer, read_label
from tests.media.test_wire_keys import VECTORS, Side

DIRECTION = wire_keys(bytes(range(SECRET_BYTES)), dialled=True).ours


def label_of(data: bytes) -> Label:
    label = read_label(data)
    assert isinstance(label, Label)
    return label


def sealed(sealer: Sealer, sequence: int, payload: bytes, kind: Kind = Kind.SOUND) -> bytes:
    data = sealer.seal(kind, sequence, payload)
    assert data is not None
    return data


def opened(opener: Opener, data: bytes) -> bytes | Refusal:
    return opener.open(label_of(data), data)


# The bytes


def by_hand(key: bytes, data: bytes) -> bytes:
    """The payload of a datagram by RFC 3711 section 4.3 and RFC 7714 section 8, with AES alone."""
    salt = derived(key, 2, 12)
    nonce = int.from_bytes(salt, "big") ^ int.from_bytes(bytes(2) + data[8:12] + bytes(4) + data[2:4], "big")
    return AESGCM(derived(key, 0, 32)).decrypt(nonce.to_bytes(12, "big"), data[12:], data[:12])


def derived(key: bytes, label: int, size: int) -> bytes:
    start = bytearray(key[32:] + bytes(4))
    start[7] ^= label
    stream = Cipher(algorithms.AES256(key[:32]), modes.CTR(bytes(start))).encryptor()
    return stream.update(bytes(size))


SIDES = [side for vector in VECTORS.sessions for side in (vector.dialler, vector.listener)]


@pytest.mark.parametrize("side", SIDES, ids=lambda side: str(side.ssrc))
def test_the_datagrams_of_the_vectors_are_what_the_rfcs_say(side: Side) -> None:
    for one in side.datagrams:
        data = bytes.fromhex(one.datagram)
        key = bytes.fromhex(side.keys[one.epoch])
        label = label_of(data)
        assert (label.kind, label.epoch, label.sequence, label.ssrc) == (one.kind, one.epoch, one.sequence, side.ssrc)
        assert by_hand(key, data).hex() == one.payload


@pytest.mark.parametrize("side", SIDES, ids=lambda side: str(side.ssrc))
def test_we_make_and_read_the_datagrams_of_the_vectors(side: Side) -> None:
    direction = Direction(side.ssrc, bytes.fromhex(side.root))
    sealers = [Sealer(direction, 0), Sealer(direction, 1)]
    opener = Opener(direction, closed=False)
    for one in side.datagrams:
        sealer = sealers[one.epoch // LIVES]
        made = sealed(sealer, one.sequence, bytes.fromhex(one.payload), Kind(one.kind))
        assert made.hex() == one.datagram
        assert opened(opener, made) == bytes.fromhex(one.payload)


@given(some.sampled_from(Kind), some.binary(max_size=WIRE_PAYLOAD_BYTES_MAX))
def test_what_is_sealed_is_opened_once(kind: Kind, payload: bytes) -> None:
    data = sealed(Sealer(DIRECTION, 0), 7, payload, kind)
    opener = Opener(DIRECTION, closed=False)
    assert len(data) == len(payload) + SEAL_BYTES <= WIRE_DATAGRAM_BYTES_MAX
    assert label_of(data).kind is kind
    assert opened(opener, data) == payload
    assert opened(opener, data) is Refusal.REPLAYED


@pytest.mark.fuzz
@given(some.binary(max_size=2 * WIRE_DATAGRAM_BYTES_MAX))
def test_any_bytes_have_a_label_or_a_refusal_and_never_open(data: bytes) -> None:
    label = read_label(data)
    if isinstance(label, Label):
        assert Opener(DIRECTION, closed=False).open(label, data) in (Refusal.FORGED, Refusal.REPLAYED)
    else:
        assert label is (Refusal.LARGE if len(data) > WIRE_DATAGRAM_BYTES_MAX else Refusal.MALFORMED)


# No index twice


sequences = some.integers(0, 65_535)


class Senders(RuleBasedStateMachine):
    """Both ends of two sessions, whatever numbers they are given, however often renewed and handed over."""

    def __init__(self) -> None:
        super().__init__()
        self.used: set[tuple[bytes, int, int]] = set()
        self.count = 0
        keys = [wire_keys(os.urandom(SECRET_BYTES), dialled=True) for _ in range(2)]
        self.directions = [way for both in keys for way in (both.ours, both.theirs)]
        self.lives = [0] * len(self.directions)
        self.sealers = [Sealer(way, 0) for way in self.directions]

    @rule(who=some.integers(0, 3), numbers=some.lists(some.integers(0, 5) | sequences), kind=some.sampled_from(Kind))
    def seals(self, who: int, numbers: list[int], kind: Kind) -> None:
        for number in numbers:
            label = label_of(sealed(self.sealers[who], number, b"sound", kind))
            self.used.add((self.directions[who].key(label.epoch), label.ssrc, label.sequence))
            self.count += 1

    @rule(who=some.integers(0, 3))
    def renews(self, who: int) -> None:
        self.sealers[who].renew()

    @rule(who=some.integers(0, 3))
    def is_handed_over(self, who: int) -> None:
        self.lives[who] += 1
        self.sealers[who] = Sealer(self.directions[who], self.lives[who])

    @invariant()
    def no_key_sees_a_number_twice(self) -> None:
        assert len(self.used) == self.count


test_no_index_is_used_twice_under_one_key = Senders.TestCase
test_no_index_is_used_twice_under_one_key.settings = settings(max_examples=25, stateful_step_count=25)


@given(some.lists(some.integers(1, 60_000), min_size=1, max_size=40), some.data())
def test_numbers_that_jump_and_wrap_are_opened_whatever_was_lost(steps: list[int], data: some.DataObject) -> None:
    sealer, opener = Sealer(DIRECTION, 0), Opener(DIRECTION, closed=False)
    number = 0
    for step in steps:
        number += step
        datagram = sealed(sealer, number % 65_536, b"sound")
        if data.draw(some.booleans(), "arrives"):
            assert opened(opener, datagram) == b"sound"


def test_an_epoch_is_as_long_as_numbers_rise() -> None:
    sealer, opener = Sealer(DIRECTION, 0), Opener(DIRECTION, closed=False)
    for number in range(65_540):
        data = sealed(sealer, number % 65_536, b"")
        assert label_of(data).index == number
        assert opened(opener, data) == b""


def test_a_life_ends_before_the_next_one_begins() -> None:
    sealer = Sealer(DIRECTION, 3)
    assert sealer.epoch == 3 * 65_536
    sealer.epoch += 65_535
    assert sealer.seal(Kind.SOUND, 65_535, b"the last epoch") is not None
    before = sealer.exhausted
    assert sealer.seal(Kind.SOUND, 0, b"") is None
    assert (before, sealer.exhausted) == (False, True)
    sealer.renew()
    assert sealer.epoch == 4 * 65_536
    assert sealer.seal(Kind.SOUND, 1, b"") is None


def test_an_untouched_epoch_is_not_renewed() -> None:
    sealer = Sealer(DIRECTION, 0)
    sealer.renew()
    sealer.renew()
    assert sealer.epoch == 0


# Each once


def test_late_datagrams_are_taken_across_the_change_of_epoch_and_within_the_window() -> None:
    sealer, opener = Sealer(DIRECTION, 0), Opener(DIRECTION, closed=False)
    first = [sealed(sealer, number, b"old") for number in range(WIRE_WINDOW_DATAGRAMS + 10)]
    sealer.renew()
    second = [sealed(sealer, number, b"new") for number in range(3)]
    assert opened(opener, first[-1]) == b"old"
    assert opened(opener, second[0]) == b"new"
    assert opened(opener, first[-2]) == b"old"
    assert opened(opener, first[-2]) is Refusal.REPLAYED
    assert opened(opener, first[5]) is Refusal.REPLAYED, "older than the window: nobody knows any more"
    assert opened(opener, second[2]) == b"new"
    assert opened(opener, second[1]) == b"new"
    assert opened(opener, first[-3]) == b"old"
    assert opened(opener, first[12]) == b"old", "within the window, if only just"


def test_epochs_that_are_over_are_refused_and_skipped_ones_do_no_harm() -> None:
    sealer, opener = Sealer(DIRECTION, 0), Opener(DIRECTION, closed=False)
    sent = []
    for _ in range(6):
        sent.append(sealed(sealer, 0, b"sound"))
        sealer.renew()
    assert opened(opener, sent[0]) == b"sound"
    assert opened(opener, sent[5]) == b"sound", "a path that was blocked for hours goes on by itself"
    assert [opened(opener, data) for data in sent[1:5]] == [Refusal.REPLAYED] * 4


def test_epochs_made_up_by_a_stranger_push_out_nothing() -> None:
    sealer, opener = Sealer(DIRECTION, 0), Opener(DIRECTION, closed=False)
    assert opened(opener, sealed(sealer, 1, b"one")) == b"one"
    real = sealed(sealer, 2, b"two")
    for epoch in range(1, 50):
        assert opened(opener, real[:4] + epoch.to_bytes(4, "big") + real[8:]) is Refusal.FORGED
    assert len(opener._proved) == 1
    assert opened(opener, real) == b"two"


def test_who_knows_nothing_of_its_predecessor_takes_nothing_until_told_from_when_on() -> None:
    sealer, opener = Sealer(DIRECTION, 0), Opener(DIRECTION, closed=True)
    old = sealed(sealer, 1, b"old")
    assert opened(opener, old) is Refusal.REPLAYED
    sealer.renew()
    before = opener.closed
    opener.since(sealer.epoch)
    assert (before, opener.closed) == (True, False)
    assert opened(opener, old) is Refusal.REPLAYED
    assert opened(opener, sealed(sealer, 2, b"new")) == b"new"


def test_neither_the_other_direction_nor_another_session_opens_it() -> None:
    keys = wire_keys(os.urandom(SECRET_BYTES), dialled=True)
    data = sealed(Sealer(keys.ours, 0), 1, b"sound")
    for other in (keys.theirs, DIRECTION):
        same_ssrc = Direction(keys.ours.ssrc, other.root)
        assert opened(Opener(same_ssrc, closed=False), data) is Refusal.FORGED
        assert opened(Opener(other, closed=False), data) is Refusal.FORGED

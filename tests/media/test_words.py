"""The words between a node and its voice process: each is read as what was said, and no two look alike."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from openline.media import words
from openline.media.words import Order, Telling, Word
from openline.voice.seats import Kind

EXAMPLES: tuple[Word, ...] = (
    words.Begin(3, ("127.0.0.1", "::1"), {"fibre": 7_000}, dtx=False),
    words.PhonesAre(
        "192.0.2.1",
        "openline",
        ("192.0.2.0/24",),
        (words.PhoneRow("desk-1", "watch", {"MD5": "00"}, ("192.0.2.0/24",), rings=False),),
        5060,
        None,
        "",
        (16_384, 16_640),
        45.0,
    ),
    words.SessionOpened(9, "hotline", "bravo", "fibre", True, b"s" * 72, ("192.0.2.1", 40_000), ("192.0.2.9", 7_000)),
    words.SessionEnded(9, at_once=True),
    words.StreamArrived(9, b"\x00\x00\x01"),
    words.Offer(1, "watch", "session", "v=0"),
    words.CloseLeg(4, "leg-closed"),
    words.CallIs(
        1, "hotline", 255, ("bravo",), (words.SeatRow(4, Kind.INTERPRETER, (1,), (2,)), words.SeatRow(5)), held=True
    ),
    words.CallOver(1),
    words.GateIs(1, 4, open=True),
    words.RingPhones(1, "bravo", ("watch",)),
    words.StopPhones(1),
    words.RecordIs(1, on=True),
    words.Beat(250),
    words.Stop(),
    words.Ready("sha-256 AB", 5060, 5061),
    words.OverStream(9, b"\x00"),
    words.Answered(1, 4, "v=0"),
    words.Refused(1, "legs-too-many", {"limit": 64}),
    words.LegUp(4, "watch", "desk-1", 1, "hotline"),
    words.LegOver(4, "leg-lost", "leg-silent"),
    words.PathIs("hotline", "bravo", "fibre", "udp", 20_000, 0, -1, ""),
    words.SoundIs("hotline", "bravo", lost=True),
    words.Figures("hotline", "bravo", 100, 1, (0, 3)),
    words.Recorded(1, True, 1_801, 0, 500, b"d" * 32, "1-0.frames"),
    words.Note("voice-trouble", {"detail": "text", "count": 3, "share": 0.5}),
    words.PhonesRegistered(("desk-1",)),
    words.PhoneHolds(4, held=True),
    words.Counters({"forged": 2}, 1),
    words.RecordingIs(1, on=False, cause="recording-disk-full"),
)


def kinds(union: object) -> set[type[Word]]:
    return set(get_args(union))


def test_there_is_an_example_of_every_word() -> None:
    assert {type(word) for word in EXAMPLES} == kinds(Order) | kinds(Telling)


@pytest.mark.parametrize("word", EXAMPLES, ids=lambda word: type(word).__name__)
def test_a_word_is_read_as_it_was_said_by_the_end_it_is_for(word: Word) -> None:
    data = msgspec.msgpack.encode(word)
    for union in (Order, Telling):
        if type(word) in kinds(union):
            assert msgspec.msgpack.decode(data, type=union) == word
        else:
            with pytest.raises(msgspec.ValidationError):
                msgspec.msgpack.decode(data, type=union)


def test_a_secret_and_a_password_are_words_of_the_node_alone() -> None:
    assert kinds(Order) & kinds(Telling) == {words.Beat}

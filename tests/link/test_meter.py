"""What a session is worth, measured from what is answered anyway."""

from __future__ import annotations

from openline.base.limits import (
    BLOB_PIECE_BYTES_MAX,
    BLOB_PIECE_BYTES_MIN,
    IN_FLIGHT_BYTES_MAX,
    IN_FLIGHT_BYTES_MIN,
    RESEND_AFTER_MIN_US,
)
from openline.base.time import SECOND_US
from openline.link.meter import STALLED_AFTER_MIN_US, Meter, Piece


def answer(meter: Meter, weight: int, took_us: int, in_flight: int = 0) -> None:
    piece = Piece(0, 1, weight, meter)
    meter.left(piece, in_flight, 0)
    meter.delivered += weight
    meter.answered(piece, took_us)


def test_an_unmeasured_session_is_treated_with_care() -> None:
    meter = Meter()
    assert meter.in_flight_max == IN_FLIGHT_BYTES_MIN
    assert meter.blob_piece_bytes == BLOB_PIECE_BYTES_MIN
    assert meter.resend_after_us == SECOND_US
    assert meter.stalled_after_us == STALLED_AFTER_MIN_US


def test_the_window_is_two_round_trips_at_the_measured_rate() -> None:
    meter = Meter()
    answer(meter, 100_000, SECOND_US)
    assert meter.rate == 100_000
    assert meter.in_flight_max == 200_000


def test_the_window_stays_within_its_limits() -> None:
    fast, slow = Meter(), Meter()
    answer(fast, 100_000, 100)
    answer(slow, 512, SECOND_US)
    assert fast.in_flight_max == IN_FLIGHT_BYTES_MAX
    assert slow.in_flight_max == IN_FLIGHT_BYTES_MIN


def test_little_to_send_never_lowers_the_rate_but_a_full_window_does() -> None:
    meter = Meter()
    answer(meter, 100_000, SECOND_US)
    answer(meter, 100, SECOND_US)
    assert meter.rate == 100_000
    answer(meter, 20_000, SECOND_US, in_flight=180_000)
    assert meter.rate == 90_000


def test_a_piece_of_an_attachment_takes_a_quarter_of_a_second() -> None:
    modem, cable = Meter(), Meter()
    answer(modem, 4_000, SECOND_US)
    answer(cable, 10_000_000, SECOND_US)
    assert modem.blob_piece_bytes == 1_000
    assert modem.blob_in_flight_max == 6_000
    assert cable.blob_piece_bytes == BLOB_PIECE_BYTES_MAX


def test_patience_follows_the_round_trip_and_the_answers() -> None:
    meter = Meter()
    meter.ponged(1_000)
    assert meter.resend_after_us == RESEND_AFTER_MIN_US
    answer(meter, 200, 400_000)
    assert meter.resend_after_us == 1_200_000
    meter.ponged(SECOND_US * 8)
    assert meter.round_trip == 1_000 + (8 * SECOND_US - 1_000) // 8
    assert meter.stalled_after_us == 4 * meter.round_trip


def test_what_takes_long_is_given_long() -> None:
    meter = Meter()
    assert meter.takes_us(12_000) == 10 * SECOND_US
    answer(meter, 12_000, SECOND_US)
    assert meter.takes_us(12_000) == SECOND_US

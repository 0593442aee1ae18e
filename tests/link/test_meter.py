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
    assert cable.blob_piece_bytes == BLOB_PIECE_BYTES_MAX


def blob_answer(meter: Meter, weight: int, sent_at: int, took_us: int, in_flight: int = 0) -> Piece:
    piece = Piece(0, 1, weight, meter)
    meter.blob_left(piece, in_flight, sent_at)
    meter.delivered += weight
    meter.answered(piece, sent_at + took_us)
    return piece


def test_an_attachment_fills_the_path_and_half_a_round_trip_may_wait() -> None:
    meter = Meter()
    assert meter.blob_in_flight_max(0) == 2 * BLOB_PIECE_BYTES_MIN
    answer(meter, 4_000, SECOND_US)
    assert meter.blob_in_flight_max(SECOND_US) == 8_000, "nothing waits yet: twice as much"
    for number in range(20):
        blob_answer(meter, 1_000, number * SECOND_US // 4, 3 * SECOND_US // 2, in_flight=5_000)
    assert meter.blob_in_flight_max(6 * SECOND_US) == meter.rate * 3 // 2


def test_what_waits_behind_an_attachment_is_not_taken_for_the_round_trip() -> None:
    meter = Meter()
    answer(meter, 4_000, SECOND_US)
    for number in range(200):
        blob_answer(meter, 40_000, number * 1_000, 10 * SECOND_US, in_flight=5_000)
    assert meter.rate == 4_000
    assert meter.blob_in_flight_max(SECOND_US) == 6_000


def test_now_and_then_the_round_trip_is_looked_at_with_less_on_the_way() -> None:
    meter = Meter()
    answer(meter, 4_000, SECOND_US)
    later = 18 * SECOND_US
    assert meter.blob_in_flight_max(later) == 3_000
    piece = blob_answer(meter, 1_000, later, 2 * SECOND_US, in_flight=2_000)
    assert piece.looks
    assert meter.rate == 4_000, "too little was on the way to measure it"
    assert meter.blob_in_flight_max(later + 2 * SECOND_US) >= 12_000, "the path has become longer"
    assert not blob_answer(meter, 1_000, later + 2 * SECOND_US, 2 * SECOND_US).looks


def test_an_answer_that_is_hardly_later_shows_the_round_trip_too() -> None:
    meter = Meter()
    answer(meter, 4_000, SECOND_US)
    blob_answer(meter, 1_000, 10 * SECOND_US, 11 * SECOND_US // 10)
    assert meter.blob_in_flight_max(18 * SECOND_US) == 8_000


def test_who_is_near_looks_with_one_piece_and_not_all_the_time() -> None:
    meter = Meter()
    answer(meter, 4_000, 100_000)
    assert meter.blob_in_flight_max(9 * SECOND_US) == 2 * meter.blob_piece_bytes
    assert meter.blob_in_flight_max(11 * SECOND_US) == meter.blob_piece_bytes


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

"""Attachments: last on every session, resumable, and never in the way."""

from __future__ import annotations

from openline.base.limits import BLOB_PIECE_BYTES_MIN
from openline.base.time import SECOND_US
from openline.link.events import (
    BlobDelivered,
    BlobNeeded,
    BlobOffered,
    BlobStored,
    Closed,
    Effect,
    OfferBlob,
    OfferReceipt,
    Send,
    SendBlob,
    SendEntries,
)
from openline.link.frames import Blob, HaveBlob, Ping, WantBlob
from tests.link.playbook import (
    ALPHA,
    BRAVO,
    REST,
    Play,
    greeted,
    grew,
    held,
    hello,
    opened,
    play,
    pong,
    push,
    receipt,
    says,
)

DIGEST, OTHER = bytes(32), bytes([1]) * 32
NEEDED = BlobNeeded(BRAVO, DIGEST, 3_000, 0)


def wants(effects: list[Effect]) -> list[Send]:
    return [effect for effect in effects if isinstance(effect, Send) and isinstance(effect.frame, WantBlob)]


def pieces(effects: list[Effect]) -> list[SendBlob]:
    return [effect for effect in effects if isinstance(effect, SendBlob)]


# Taking


def test_an_attachment_comes_piece_by_piece_and_is_confirmed() -> None:
    talk = greeted(play())
    talk >> NEEDED << Send(1, WantBlob(DIGEST, 0))
    talk >> says(1, Blob(DIGEST, 0, bytes(2_000))) << OfferBlob(1, DIGEST, 0, bytes(2_000))
    talk >> says(1, Blob(DIGEST, 2_000, bytes(1_000))) << OfferBlob(1, DIGEST, 2_000, bytes(1_000))
    talk >> BlobStored(DIGEST, 2_000) << Send(1, WantBlob(DIGEST, 2_000))
    talk >> BlobStored(DIGEST, 3_000) << Send(1, HaveBlob(DIGEST))


def test_attachments_are_fetched_one_after_the_other() -> None:
    talk = greeted(play())
    talk >> NEEDED << Send(1, WantBlob(DIGEST, 0))
    talk >> BlobNeeded(BRAVO, OTHER, 100, 0)
    talk >> BlobStored(DIGEST, 3_000) << Send(1, HaveBlob(DIGEST)) << Send(1, WantBlob(OTHER, 0))


def test_nothing_is_asked_for_while_entries_are_on_their_way() -> None:
    talk = greeted(play())
    talk >> grew(1) << REST
    talk >> NEEDED
    talk >> says(1, receipt(ALPHA, 1))
    assert wants(talk.left) == [Send(1, WantBlob(DIGEST, 0))]


def test_nothing_is_asked_for_while_the_peer_has_entries_for_us() -> None:
    talk = greeted(play())
    talk >> says(1, Ping(1, 0, 1, 0)) << REST
    talk >> NEEDED
    talk >> says(1, push(0, 1)) << REST
    talk >> held(1) << Send(1, receipt(BRAVO, 1)) << Send(1, WantBlob(DIGEST, 0))


def test_a_fetch_goes_on_from_what_is_stored_on_a_new_session() -> None:
    talk = greeted(play())
    talk >> NEEDED << REST
    talk >> says(1, Blob(DIGEST, 0, bytes(2_000))) << REST
    talk >> BlobStored(DIGEST, 2_000) << REST
    talk >> Closed(1, "gone")
    talk >> opened(2) << REST
    talk >> says(2, hello())
    assert wants(talk.left) == [Send(2, WantBlob(DIGEST, 2_000))]


def test_a_fetch_that_gets_no_answer_is_asked_for_again_with_growing_patience() -> None:
    talk = greeted(play())
    talk >> NEEDED << REST
    assert len(wants(talk.until(10 * SECOND_US))) == 2


def test_a_fetch_after_a_restart_begins_where_it_stood() -> None:
    talk = greeted(play())
    talk >> BlobNeeded(BRAVO, DIGEST, 3_000, 1_024) << Send(1, WantBlob(DIGEST, 1_024))


def test_an_attachment_whose_digest_was_wrong_is_fetched_from_the_start() -> None:
    talk = greeted(play())
    talk >> NEEDED << REST
    talk >> says(1, Blob(DIGEST, 0, bytes(2_000))) << REST
    talk >> BlobStored(DIGEST, 0) << Send(1, WantBlob(DIGEST, 0))
    talk >> says(1, Blob(DIGEST, 0, bytes(9))) << OfferBlob(1, DIGEST, 0, bytes(9))


def test_pieces_that_do_not_follow_are_dropped_and_overlaps_are_cut() -> None:
    talk = greeted(play())
    talk >> NEEDED << REST
    talk >> says(1, Blob(DIGEST, 500, bytes(100)))
    talk >> says(1, Blob(OTHER, 0, bytes(100)))
    talk >> says(1, Blob(DIGEST, 0, bytes(3_001)))
    talk >> says(1, Blob(DIGEST, 0, b""))
    talk >> says(1, Blob(DIGEST, 0, bytes(100))) << OfferBlob(1, DIGEST, 0, bytes(100))
    talk >> says(1, Blob(DIGEST, 0, bytes(100)))
    talk >> says(1, Blob(DIGEST, 50, bytes(100))) << OfferBlob(1, DIGEST, 100, bytes(50))


def test_having_it_is_said_again_until_the_peer_has_surely_heard() -> None:
    talk = greeted(play())
    talk >> NEEDED << REST
    talk >> BlobStored(DIGEST, 3_000) << Send(1, HaveBlob(DIGEST))
    talk >> Closed(1, "gone")
    talk >> opened(2) << REST
    talk >> says(2, hello())
    assert Send(2, HaveBlob(DIGEST)) in talk.left
    talk << REST
    talk.until(15 * SECOND_US)
    pong(talk, 2, number=2)
    talk >> Closed(2, "gone")
    talk >> opened(3) << REST
    talk >> says(3, hello())
    assert Send(3, HaveBlob(DIGEST)) not in talk.left


# Giving


def giving(size: int = 100_000) -> Play:
    talk = greeted(play())
    return talk >> BlobOffered(DIGEST, size)


def test_an_attachment_is_given_in_small_pieces_until_the_path_proves_faster() -> None:
    talk = giving()
    talk >> says(1, WantBlob(DIGEST, 0))
    talk << SendBlob(1, DIGEST, 0, BLOB_PIECE_BYTES_MIN) << SendBlob(1, DIGEST, 512, BLOB_PIECE_BYTES_MIN)
    talk.pass_by(1_000)
    talk >> says(1, WantBlob(DIGEST, 1_024))
    assert pieces(talk.left)[0] == SendBlob(1, DIGEST, 1_024, 65_536)


def test_only_as_much_as_the_window_holds_is_on_its_way() -> None:
    talk = giving()
    talk >> says(1, WantBlob(DIGEST, 0)) << REST
    talk.pass_by(SECOND_US)
    talk >> says(1, WantBlob(DIGEST, 512))
    assert sum(piece.size for piece in pieces(talk.left)) <= 1_024


def test_entries_go_first() -> None:
    talk = giving()
    talk >> grew(1, size_bytes=8_000) << REST
    talk >> grew(2, size_bytes=8_000)
    talk >> says(1, WantBlob(DIGEST, 0))
    (
        talk
        >> says(1, receipt(ALPHA, 1))
        << OfferReceipt(1, BRAVO, 1, receipt(ALPHA, 1).time_s, receipt(ALPHA, 1).signature)
    )
    talk << SendEntries(1, ALPHA, 1, 2)
    assert pieces(talk.left)


def test_after_a_loss_it_goes_on_from_what_is_stored_over_another_session() -> None:
    talk = greeted(giving(), 2)
    talk >> says(1, WantBlob(DIGEST, 0)) << REST
    talk >> Closed(1, "gone")
    assert pieces(talk.left)[0] == SendBlob(2, DIGEST, 0, BLOB_PIECE_BYTES_MIN)


def test_a_request_that_is_repeated_is_served_again_only_when_a_ping_has_proved_that_the_pieces_arrived() -> None:
    talk = giving()
    talk >> says(1, WantBlob(DIGEST, 0)) << REST
    talk >> says(1, WantBlob(DIGEST, 0))
    talk.pass_by(4 * SECOND_US)
    talk >> says(1, WantBlob(DIGEST, 0))
    assert not talk.left
    talk.until(15 * SECOND_US)
    pong(talk, 1, number=2)
    talk >> says(1, WantBlob(DIGEST, 0))
    assert pieces(talk.left)[0].offset == 0


def test_it_makes_no_difference_on_which_session_a_request_is_repeated() -> None:
    talk = greeted(giving(), 2)
    talk >> says(2, WantBlob(DIGEST, 0))
    assert {piece.session for piece in pieces(talk.left)} == {1}
    talk << REST
    talk.pass_by(4 * SECOND_US)
    talk >> says(2, WantBlob(DIGEST, 0))
    assert not talk.left


def test_a_request_for_more_than_was_sent_is_served_from_there() -> None:
    talk = giving()
    talk >> says(1, WantBlob(DIGEST, 0)) << REST
    talk >> says(1, WantBlob(DIGEST, 50_000))
    assert pieces(talk.left)[0].offset == 50_000


def test_what_nobody_offered_is_not_given() -> None:
    talk = giving()
    talk >> says(1, WantBlob(OTHER, 0))
    talk >> says(1, WantBlob(DIGEST, 100_000))
    talk >> says(1, HaveBlob(OTHER))


def test_delivery_is_told_once() -> None:
    talk = giving()
    talk >> says(1, HaveBlob(DIGEST)) << BlobDelivered(BRAVO, DIGEST)
    talk >> says(1, HaveBlob(DIGEST))


def test_a_flash_overtakes_an_attachment() -> None:
    talk = giving()
    talk >> says(1, WantBlob(DIGEST, 0)) << REST
    talk >> grew(1, flash=True) << SendEntries(1, ALPHA, 0, 1)

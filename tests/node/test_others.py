"""Receipts of others for logs of others are kept when they hold, wait for their entries, and are dropped when false."""

from __future__ import annotations

from dataclasses import replace

from openline.link.events import OfferOthersReceipt
from openline.node.others import OthersReceipts
from openline.record.receipts import give_receipt
from tests.node.houses import ALPHA, BRAVO, CHARLIE, House, message, origin, secrets_of
from tests.node.keepers import Side

LINE3 = "alpha-bravo-charlie"


def _offer(size_of: Side) -> OfferOthersReceipt:
    """Charlie's receipt for all that bravo has said."""
    signed = size_of.keeper.own.signed
    assert signed is not None
    receipt = give_receipt(signed, origin(CHARLIE, LINE3), secrets_of(CHARLIE).receipt, size_of.house.clock.now())
    return OfferOthersReceipt(1, 2, 1, receipt.size, receipt.time_s, receipt.signature)


def _said() -> tuple[Side, OthersReceipts]:
    bravo = Side(BRAVO, house=House(BRAVO, (ALPHA, BRAVO, CHARLIE)))
    bravo.say(message())
    bravo.turn()
    keeper = bravo.keeper
    return bravo, OthersReceipts(keeper.setup.members, keeper._trust, keeper.held)


def test_a_receipt_that_holds_is_kept_once() -> None:
    bravo, others = _said()
    others.offered(_offer(bravo))
    (kept,) = others.take(bravo.keeper.own, 1)
    assert (kept.origin, kept.size, kept.cosigner) == (origin(BRAVO, LINE3), 1, f"{origin(CHARLIE, LINE3)}/mirror")
    others.offered(_offer(bravo))
    assert others.take(bravo.keeper.own, 1) == []


def test_one_that_comes_before_its_entries_waits_for_them() -> None:
    bravo, others = _said()
    offer = _offer(bravo)
    others.offered(replace(offer, size=2))
    assert others.take(bravo.keeper.own, 1) == []
    others.offered(offer)
    assert len(others.take(bravo.keeper.own, 1)) == 1
    assert others.take(bravo.keeper.own, 0) == [], "what is for another log stays where it is"


def test_one_that_is_false_is_dropped_and_the_right_one_is_still_taken() -> None:
    bravo, others = _said()
    others.offered(replace(_offer(bravo), signature=bytes(64)))
    assert others.take(bravo.keeper.own, 1) == []
    others.offered(_offer(bravo))
    assert len(others.take(bravo.keeper.own, 1)) == 1

"""Receipts of others for logs of others: on a line of several, each member's record has the receipts of all.

A receipt may come before the entries it is for. The newest of each member for each log waits until we hold the log's
own checkpoint of that size; one that is false, or for a size at which we hold no checkpoint, is dropped and costs
nobody anything.
"""

from __future__ import annotations

from collections.abc import Sequence

from openline.identity.trust import Trust
from openline.link.events import OfferOthersReceipt
from openline.node.held import Holdings
from openline.record.log import Log
from openline.record.ports import Receipt
from openline.record.receipts import check_receipt


class OthersReceipts:
    """What waits, by log and member. Mutable; owned by the line's keeper. `members` are its parties, in order."""

    def __init__(self, members: Sequence[str], trust: Trust, held: Holdings) -> None:
        self._members = tuple(members)
        self._trust = trust
        self._held = held
        self._waiting: dict[tuple[int, int], OfferOthersReceipt] = {}
        self._kept: dict[tuple[int, int], int] = {}

    def offered(self, offer: OfferOthersReceipt) -> None:
        """A member says that it holds another member's log."""
        place = (offer.member, offer.peer)
        if offer.size > self._kept.get(place, 0):
            self._waiting[place] = offer

    def take(self, log: Log, member: int) -> list[Receipt]:
        """What is to be kept now of what was offered for the log of `member`."""
        taken: list[Receipt] = []
        for place in [place for place in self._waiting if place[0] == member]:
            offer = self._waiting[place]
            if offer.size > log.size:
                continue  # Its entries are still on their way to us.
            del self._waiting[place]
            signed = self._held.signed_at(log.origin, offer.size)
            key = self._trust.receipt_key(self._members[offer.peer], log.origin, offer.size)
            if signed is None or key is None:
                continue
            receipt = Receipt(log.origin, offer.size, key.name, offer.time_s, offer.signature)
            if check_receipt(receipt, signed, key):
                self._kept[place] = offer.size
                taken.append(receipt)
        return taken

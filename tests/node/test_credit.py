"""What may be said while receipts are missing, by count and by weight."""

from __future__ import annotations

from itertools import pairwise

import pytest

from openline.base.limits import BATCH_BYTES_MAX, CREDIT_BYTES, CREDIT_BYTES_WITHOUT_PRECEDENCE, CREDIT_ENTRIES
from openline.node.credit import Credit, used_up
from openline.record.entry import Precedence

LIMITED = (Precedence.ROUTINE, Precedence.PRIORITY, Precedence.IMMEDIATE)
ANYTHING = 10**12


def test_what_grows_waits_until_every_peer_has_receipted_it() -> None:
    credit = Credit()
    credit.grew(2, 300)
    credit.grew(5, 4_000)
    assert credit.waiting_bytes == 4_300
    credit.receipted(2)
    assert credit.waiting_bytes == 4_000
    credit.receipted(2)
    credit.receipted(5)
    assert credit.waiting_bytes == 0


def test_a_receipt_for_a_part_frees_nothing_yet() -> None:
    credit = Credit()
    credit.grew(5, 4_000)
    credit.receipted(4)
    assert credit.waiting_bytes == 4_000


def test_a_receipt_for_what_was_never_weighed_is_nothing() -> None:
    credit = Credit()
    credit.receipted(7)
    credit.grew(9, 100)
    assert credit.waiting_bytes == 100


@pytest.mark.parametrize("precedence", LIMITED)
def test_a_precedence_is_used_up_by_count_or_by_weight(precedence: Precedence) -> None:
    entries, size_bytes = CREDIT_ENTRIES[precedence.name], CREDIT_BYTES[precedence.name]
    assert not used_up(precedence, entries - 1, size_bytes - 1)
    assert used_up(precedence, entries, 0)
    assert used_up(precedence, 1, size_bytes)


def test_what_has_no_precedence_is_used_up_by_weight_alone() -> None:
    assert not used_up(None, ANYTHING, CREDIT_BYTES_WITHOUT_PRECEDENCE - 1)
    assert used_up(None, 1, CREDIT_BYTES_WITHOUT_PRECEDENCE)


def test_flash_is_never_used_up() -> None:
    assert not used_up(Precedence.FLASH, ANYTHING, ANYTHING)


def test_each_precedence_leaves_room_for_the_next() -> None:
    limits = [*(CREDIT_BYTES[precedence.name] for precedence in LIMITED), CREDIT_BYTES_WITHOUT_PRECEDENCE]
    assert all(high - low > BATCH_BYTES_MAX for low, high in pairwise(limits))

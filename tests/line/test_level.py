"""Levels have one order; what a party calls its own is a label beside the rank."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.line.level import LABELS, Level, label_of, level_of


def test_the_order_is_the_one_of_the_trade_and_its_numbers_never_change() -> None:
    assert [(label, int(LABELS[label])) for label in LABELS] == [
        ("duty", 10),
        ("operational", 20),
        ("chief-of-staff", 30),
        ("adviser", 40),
        ("minister", 50),
        ("head-of-state", 60),
    ]
    assert sorted(Level) == list(Level)


def test_every_level_has_its_label_both_ways() -> None:
    assert [level_of(label_of(level)) for level in Level] == list(Level)


def test_a_party_may_name_its_own() -> None:
    own = {"secretary-of-the-council": Level.ADVISER}
    assert level_of("secretary-of-the-council", own) is Level.ADVISER
    assert level_of("minister", own) is Level.MINISTER


def test_a_level_nobody_knows_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        level_of("emperor")
    assert caught.value.message_id == "level-unknown"
    assert "head-of-state" in str(caught.value.facts["levels"])

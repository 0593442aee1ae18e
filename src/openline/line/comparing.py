"""Two readouts side by side: the facts their authors have tagged that are the same, differ, or are there on one only.

Nothing is taken from the texts. It works for two sides' readouts of one contact, and for one side's of two contacts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import msgspec

from openline.line.grid import compare, value_key
from openline.line.precise import Match
from openline.line.register import Spelled
from openline.line.statement import SINGLE, About, Claim


class Outcome(Enum):
    """How one fact stands in two readouts. OPEN: in both, and what is said does not decide whether it is the same."""

    SAME = "same"
    DIFFERS = "differs"
    OPEN = "open"
    ONLY_LEFT = "only-left"
    ONLY_RIGHT = "only-right"


_OUTCOMES = {Match.SAME: Outcome.SAME, Match.OTHER: Outcome.DIFFERS, Match.OPEN: Outcome.OPEN}


@dataclass(frozen=True, slots=True)
class Tagged:
    """One fact, or one value of a fact that has many, in both readouts. At least one of them has it."""

    fact: About
    left: Claim | None
    right: Claim | None
    outcome: Outcome


def side_by_side(left: Sequence[Claim], right: Sequence[Claim], spelled: Spelled | None = None) -> list[Tagged]:
    """What two readouts tell, by fact; `left` and `right` are what is stated about each.

    Of several statements of one value the last one counts. Whose they are plays no part: what an author says of
    another's statement by name is for the grid.
    """
    ours, theirs = _by_value(left, spelled or {}), _by_value(right, spelled or {})
    rows = []
    for key in sorted({*ours, *theirs}, key=lambda row: (row[0], str(row[1]))):
        one, two = ours.get(key), theirs.get(key)
        rows.append(Tagged(key[0], one, two, _outcome(one, two)))
    return rows


def _by_value(claims: Sequence[Claim], spelled: Spelled) -> dict[tuple[About, object], Claim]:
    rows: dict[tuple[About, object], Claim] = {}
    for claim in sorted(claims, key=lambda row: row.place):
        if claim.value is not None or claim.key:
            plain = msgspec.structs.replace(claim, stance=None, named=None, named_hash=b"")
            rows[claim.fact, None if claim.fact in SINGLE else value_key(claim, spelled)] = plain
    return rows


def _outcome(one: Claim | None, two: Claim | None) -> Outcome:
    if one is None:
        return Outcome.ONLY_RIGHT
    if two is None:
        return Outcome.ONLY_LEFT
    return _OUTCOMES[compare(one, two)]

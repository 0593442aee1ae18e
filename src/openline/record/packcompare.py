"""Two dispute packs of the same line beside each other: whether they show the same record, and what one has alone.

What both have and proves different is a second history, and somebody signed it. What only one has, or shows, is no
contradiction: a pack is a choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from openline.base.errors import UsageError
from openline.record.packaudit import PackEntry, PackVerdict
from openline.record.packparts import Role, Why
from openline.record.verdict import Findings


class Agreement(Enum):
    """How two packs stand to each other."""

    SAME = "both show the same entries and bodies"
    AGREE = "where both speak they agree; one has what the other has not"
    DIFFER = "at one place they have two different entries"


@dataclass(frozen=True, slots=True)
class Difference:
    """Something about one entry. `who` is `both`, or `first` or `second`: whose pack has what the other has not."""

    entry: str
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing has found. `common` counts entries that are in both packs and the same."""

    agreement: Agreement
    common: int
    differences: tuple[Difference, ...]


def compare(first: PackVerdict, second: PackVerdict) -> Comparison:
    """Compare two audited packs. Raises UsageError when they are not of one line with the same members."""
    ours, theirs = first.contents, second.contents
    if (ours.line, ours.members) != (theirs.line, theirs.members):
        raise UsageError("packs-of-two-lines", line=ours.line, other=theirs.line)
    labels = Findings(ours.origins)
    left, right = _by_place(first.entries), _by_place(second.entries)
    found: list[Difference] = []
    for place in sorted(left.keys() | right.keys()):
        label = labels.label(ours.origins[place[0]], place[1])
        found += (Difference(label, *row) for row in _differences(left.get(place), right.get(place)))
    agreement = Agreement.AGREE if found else Agreement.SAME
    if any(row.what == "entry_differs" for row in found):
        agreement = Agreement.DIFFER
    common = sum(place in right and right[place].leaf_hash == one.leaf_hash for place, one in left.items())
    return Comparison(agreement, common, tuple(found))


def _by_place(entries: Iterable[PackEntry]) -> dict[tuple[int, int], PackEntry]:
    """The entries that are what was signed."""
    return {(entry.member, entry.index): entry for entry in entries if entry.leaf is not None}


def _differences(left: PackEntry | None, right: PackEntry | None) -> Iterator[tuple[str, str]]:
    if left is None or right is None:
        yield "entry_only", "second" if left is None else "first"
    elif left.leaf_hash != right.leaf_hash:
        yield "entry_differs", "both"
    elif (left.text is None) is not (right.text is None):
        hidden, who = (left, "second") if left.text is None else (right, "first")
        yield _reason(hidden), who


def _reason(hidden: PackEntry) -> str:
    """Why the one pack does not show the body that the other shows."""
    if hidden.role is Role.NEIGHBOUR:
        return "header_only"
    return "body_redacted" if hidden.withheld is Why.REDACTED else "body_not_held"

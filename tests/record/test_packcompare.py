"""Two packs beside each other: the same, each with what the other has not, or two histories."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from openline.base.errors import UsageError
from openline.record.packaudit import PackVerdict
from openline.record.packcompare import Agreement, Difference, compare
from tests.record.lines import ALPHA_LOG, Line, Side, after, talk
from tests.record.packs import judge, pack_of


def verdict(side: Side, **scope: object) -> PackVerdict:
    return judge(pack_of(side, **scope))


def test_the_packs_of_both_sides_show_the_same_record() -> None:
    line = talk((2, 3))
    found = compare(verdict(line.alpha), verdict(line.bravo))
    assert (found.agreement, found.common, found.differences) == (Agreement.SAME, 10, ())


def test_what_one_has_or_shows_alone_is_listed() -> None:
    line = talk((2,))
    ours = verdict(line.alpha, redact=frozenset({(ALPHA_LOG, 0)}))
    theirs = verdict(line.bravo, since=after(0), until=after(30), redact=frozenset({(ALPHA_LOG, 1)}))
    found = compare(ours, theirs)
    assert (found.agreement, found.common) == (Agreement.AGREE, 3)
    assert found.differences == (
        Difference("alpha:0", "body_redacted", "second"),
        Difference("alpha:1", "body_redacted", "first"),
        Difference("bravo:0", "header_only", "first"),
        Difference("bravo:1", "entry_only", "first"),
    )


def test_two_histories_differ() -> None:
    one, other = Line(), Line()
    one.say(0, 0, "as it was")
    other.say(0, 0, "as it is told now")
    found = compare(verdict(one.alpha), verdict(other.alpha))
    assert (found.agreement, found.differences) == (
        Agreement.DIFFER,
        (Difference("alpha:0", "entry_differs", "both"),),
    )


def test_packs_of_two_lines_are_not_compared() -> None:
    ours = verdict(talk((1,)).alpha)
    theirs = replace(ours, contents=msgspec.structs.replace(ours.contents, line="other"))
    with pytest.raises(UsageError) as caught:
        compare(ours, theirs)
    assert caught.value.message_id == "packs-of-two-lines"

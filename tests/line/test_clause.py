"""Each clause of a charter has a name and a text; a proposal that says something impossible is told which clause."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from openline.base.errors import UsageError
from openline.base.schema import unpack
from openline.base.time import DAY_US
from openline.line.clause import Charter, clauses
from openline.record.entry import Attachment
from tests.line.chartering import side, terms
from tests.line.world import START, World

WORDING = {"term": "events", "language": "en", "words": "the events since February"}


def body(**more: object) -> Charter:
    (draft,) = World().drafts("alpha", "propose-charter", **terms(2, **more))
    return unpack(Charter, draft.body, 65_536)


def test_every_clause_has_its_name_and_a_text_anyone_computes() -> None:
    made = body(
        sides=[side("bravo", languages=["ru", "en"]), side("alpha", levels={"principal": "minister", "desk": "duty"})],
        checks={"times": ["1530Z", "0930Z", "0930Z"], "forms": ["voice", "text"]},
        formulas=[WORDING],
        valid_from=START.plus(DAY_US).rfc3339(),
    )
    assert clauses(made, [Attachment(5, bytes(32))]) == {
        "purpose": "To avoid incidents.",
        "scope": "Air and sea movements.",
        "language": "en",
        "valid from": "2026-11-19T11:06:40.000Z",
        f"attachment {bytes(32).hex()}": "5 bytes",
        "alpha.example commander": "Commander of alpha",
        "alpha.example hours": "0000Z to 2400Z",
        "alpha.example languages": "en",
        "alpha.example level desk": "duty",
        "alpha.example level principal": "minister",
        "bravo.example commander": "Commander of bravo",
        "bravo.example hours": "0000Z to 2400Z",
        "bravo.example languages": "ru, en",
        "checks times": "0930Z, 1530Z",
        "checks forms": "text, voice",
        "checks early minutes": "15",
        "checks late minutes": "15",
        "checks over minutes": "60",
        "checks presence minutes": "30",
        "due flash minutes": "5",
        "due immediate minutes": "20",
        "due priority minutes": "120",
        "due routine minutes": "300",
        "formula events en": "the events since February",
    }


def test_two_charters_that_say_the_same_have_the_same_clauses_whatever_their_order() -> None:
    one = body(sides=[side("alpha"), side("bravo")], formulas=[WORDING])
    two = replace(one, sides=tuple(reversed(one.sides)))
    assert clauses(one, ()) == clauses(two, ())


@pytest.mark.parametrize(
    ("change", "message_id"),
    [
        ({"sides": [side("alpha", languages=[]), side("bravo")]}, "charter-languages-wrong"),
        ({"sides": [side("alpha", languages=["en"] * 17), side("bravo")]}, "charter-languages-wrong"),
        ({"sides": [side("alpha", languages=["english please"]), side("bravo")]}, "language-wrong"),
        ({"sides": [side("alpha", commander=" "), side("bravo")]}, "name-missing"),
        ({"sides": [side("alpha", commander="x" * 501), side("bravo")]}, "name-too-long"),
        ({"sides": [side("alpha", hours="x" * 201), side("bravo")]}, "text-too-long"),
        ({"sides": [side("alpha", levels={"minister": "duty"}), side("bravo")]}, "charter-level-taken"),
        ({"sides": [side("alpha", levels={" ": "duty"}), side("bravo")]}, "name-missing"),
        ({"sides": [side("alpha", levels={"x": "emperor"}), side("bravo")]}, "level-unknown"),
        (
            {"sides": [side("alpha", levels={str(n): "duty" for n in range(65)}), side("bravo")]},
            "charter-rows-too-many",
        ),
        ({"checks": {"times": [f"{n // 60:02d}{n % 60:02d}Z" for n in range(49)]}}, "charter-rows-too-many"),
        ({"due": {"flash": 20, "immediate": 10, "priority": 120, "routine": 300}}, "charter-due-order"),
        ({"formulas": [WORDING, {**WORDING, "words": "other"}]}, "charter-formula-twice"),
        ({"formulas": [{**WORDING, "term": f"e{n}"} for n in range(65)]}, "charter-rows-too-many"),
        ({"formulas": [{**WORDING, "term": "Events"}]}, "term-id-wrong"),
        ({"formulas": [{**WORDING, "words": "x" * 501}]}, "spelling-too-long"),
    ],
)
def test_an_impossible_clause_is_refused_by_its_name(change: dict[str, object], message_id: str) -> None:
    with pytest.raises(UsageError) as caught:
        body(**change)
    assert caught.value.message_id == message_id

"""The file of a charter: whatever a text has in it, the file says the same and stays on its line."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from openline.base.schema import unpack
from openline.cli.charterfile import quoted, template_text
from openline.line.clause import Charter, clauses
from tests.line.chartering import side, terms
from tests.line.world import World


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_read_back_as_it_was(text: str) -> None:
    line = quoted(text)
    assert "\n" not in line
    assert tomllib.loads(f"text = {line}") == {"text": text}


def test_what_a_terminal_would_obey_stands_there_by_its_number() -> None:
    assert quoted("\u202eabc\x1b[31m\x7f") == '"\\U0000202eabc\\u001b[31m\\U0000007f"'


def test_without_a_charter_the_usual_values_and_every_party_are_there() -> None:
    given_ = tomllib.loads(template_text(["alpha.example", "bravo.example"], None))
    assert [row["party"] for row in given_["sides"]] == ["alpha.example", "bravo.example"]
    assert given_["due"] == {"flash": 10, "immediate": 30, "priority": 180, "routine": 360}
    assert "formulas" not in given_
    assert World().drafts("alpha", "propose-charter", **given_)


def test_a_charter_that_is_written_out_and_proposed_again_says_the_same() -> None:
    world = World()
    sides = [side("alpha", levels={'the "boss"': "minister", "desk 1": "duty"}, languages=["en", "fr"]), side("bravo")]
    wording = {"term": "events-of-2022", "language": "fr", "words": "les « événements »\t"}
    made = terms(2, sides=sides, formulas=[wording], checks={"times": [], "forms": []}, scope="One.\nTwo.\r\n")
    before = _clauses(world, made)
    given_ = tomllib.loads(template_text(["alpha.example", "bravo.example"], before))
    assert _clauses(world, given_) == before


def _clauses(world: World, given_: dict[str, object]) -> dict[str, str]:
    (draft,) = world.drafts("alpha", "propose-charter", **given_)
    return clauses(unpack(Charter, draft.body, 65_536), ())

"""Names as published: every spelling goes into the register once, with where it stands, and words stay their side's."""

from __future__ import annotations

from openline.cli.scenario_2022 import LINES, STEPS, US_UA
from openline.cli.scenario_names import MAY, OCTOBER, OWN_LANGUAGE, SPELLINGS, TERMS, TO_KYIV, in_russian, names_of
from openline.line.name import is_id


def test_every_spelling_is_entered_on_the_day_of_its_text() -> None:
    entered = {
        (name, row["text"], row["source"])
        for day in (MAY, OCTOBER)
        for name, _, arguments in names_of(day)
        for row in arguments["spellings"]  # type: ignore[attr-defined]  # a list of spellings
    }
    assert entered == {(name, text, source) for name, rows in SPELLINGS.items() for text, source in rows}
    assert all(map(is_id, SPELLINGS))
    assert all(
        source.startswith(("S0", "S1", "S3")) for _, sources, _ in names_of(MAY) for source in sources.split(", ")
    )


def test_the_line_with_kyiv_has_the_names_of_that_call() -> None:
    steps = [step for step in STEPS if step.verb == "name" and step.line == US_UA]
    assert [step.arguments["id"] for step in steps] == list(TO_KYIV)


def test_what_no_text_has_says_so_and_is_of_the_side_whose_language_it_is() -> None:
    (step,) = [step for step in STEPS if step.source == OWN_LANGUAGE]
    assert [step.arguments] == list(in_russian())
    assert step.who == "ru"


def test_each_word_for_the_events_is_of_a_member_of_its_line() -> None:
    assert all(who in LINES[line] for _, who, line, _, _ in TERMS)
    assert {(step.who, step.line) for step in STEPS if step.verb == "term"} == {row[1:3] for row in TERMS}

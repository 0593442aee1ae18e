"""How the scenario tells a step and judges an answer. Played through real nodes: tests/story/test_scenario.py."""

from __future__ import annotations

import re

import pytest

from openline.cli.scenario import told, unsaid
from openline.cli.scenario_2022 import STEPS
from openline.cli.scenario_answers import ANSWERS


@pytest.mark.parametrize(
    ("verb", "arguments", "text"),
    [
        (
            "contact",
            {"level": "chief-of-staff", "medium": "not-stated", "began": "2022-05-19"},
            "contact at the level of chief of staff on 2022-05-19, held elsewhere; medium not stated",
        ),
        (
            "attempt",
            {"level": "minister", "medium": "telephone", "result": "not-taken-up"},
            "attempt at the level of minister, telephone: not taken up",
        ),
        (
            "state",
            {"entry": "us:4", "fact": "duration", "precision": "about", "value": "60", "words": "environ une heure"},
            "states of us:4, duration: about 60 « environ une heure »",
        ),
        ("state", {"entry": "us:4", "fact": "remark", "words": "rien"}, "states of us:4, remark « rien »"),
        ("publish", {"entry": "us:4", "text": "un texte"}, "readout of us:4: « un texte »"),
        (
            "allege",
            {"against": "Kyiv", "words": "«le détruire»"},
            "alleges against Kyiv, no evidence produced: « le détruire »",
        ),
        ("warn", {"code": "arms", "words": "mots"}, "warns, arms: « mots »"),
        ("service", {"text": "La ligne est ouverte."}, "service: « La ligne est ouverte. »"),
    ],
)
def test_a_step_is_told_by_its_facts_and_its_quotation(verb: str, arguments: dict[str, object], text: str) -> None:
    assert told(verb, arguments) == text


def test_every_step_of_the_chronology_can_be_told() -> None:
    for step in STEPS:
        assert re.fullmatch(r"\S.*\S", told(step.verb, step.arguments))
        assert step.arguments.get("attachments") is None, "an allegation of the chronology has no evidence"


def test_an_answer_that_lacks_a_text_is_noticed_and_fields_may_be_parted_by_anything() -> None:
    command = "openline record show us-ru --kind allegation"
    assert unsaid(command, "ru:10\tEXERCISE\tno evidence  produced\n\tplanifier\tde le détruire") == []
    assert unsaid(command, "ru:10\tOPERATION\tno evidence produced planifier de le détruire") == ["EXERCISE"]
    assert unsaid(command, "") == list(ANSWERS[command])

"""The operating procedure says what the tables say: a number that is changed there is changed here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum

import pytest

from openline.base.catalogue import LANGUAGES
from openline.base.errors import UsageError
from openline.base.time import DAY_US, HOUR_US, MINUTE_US, SECOND_US
from openline.line.deadlines import Deadlines
from openline.line.phrase import PHRASES
from openline.line.proword import Proword
from openline.line.stop import StopWord
from openline.line.watch import OWN_REMEDY, SILENCE_PRECEDENCE, STAGE_PERCENT, Awaited
from openline.node import sop as module
from openline.node.procedure import Procedure, standard_procedure
from openline.node.sop import SopSection, SopView, span
from openline.node.soppage import page
from openline.node.views import Officer
from openline.node.wiring import registry
from openline.record.entry import Precedence
from tests.node.houses import LINE, both, played

STANDARD = standard_procedure()


def made(procedure: Procedure = STANDARD, language: str = "en") -> SopView:
    return module.sop(procedure, registry(), language)


def section(name: str, procedure: Procedure = STANDARD, language: str = "en") -> SopSection:
    (found,) = [one for one in made(procedure, language).sections if one.id == name]
    return found


@pytest.mark.parametrize(
    ("us", "written"),
    [
        (0, "0 s"),
        (45 * SECOND_US, "45 s"),
        (90 * SECOND_US, "1 min 30 s"),
        (HOUR_US, "1 h"),
        (26 * HOUR_US, "26 h"),
        (3 * DAY_US + HOUR_US, "3 d 1 h"),
    ],
)
def test_a_length_of_time_is_written_as_on_a_wall(us: int, written: str) -> None:
    assert span(us) == written


def test_a_deadline_that_is_changed_changes_every_time_that_follows_from_it() -> None:
    shorter = replace(STANDARD, deadlines=Deadlines(flash_us=5 * MINUTE_US))
    assert section("within").rows[0] == ("FLASH", "1 min", "3 min", "10 min", "10 min")
    assert section("within", shorter).rows[0] == ("FLASH", "30 s", "1 min 30 s", "5 min", "5 min")
    late = section("late", shorter).rows
    assert late[0] == ("STOP", "-", "-", "+ 0 s", "+ 30 s")
    assert late[1] == ("FLASH", "+ 0 s", "+ 1 min", "+ 2 min", "+ 3 min")
    assert any("30 s later" in text for text in section("stop", shorter).text)


def test_a_number_that_is_changed_in_a_table_is_changed_in_the_procedure(monkeypatch: pytest.MonkeyPatch) -> None:
    before = page(made())
    percents = {**STAGE_PERCENT[Precedence.FLASH], Awaited.DISPLAYED: 70}
    monkeypatch.setattr(module, "STAGE_PERCENT", {**STAGE_PERCENT, Precedence.FLASH: percents})
    monkeypatch.setattr(module, "FLASH_WORDS_MAX", 123)
    after = page(made())
    assert "| FLASH | 1 min | 3 min |" in before
    assert "| FLASH | 1 min | 7 min |" in after
    assert "at most 123 words" in after
    changed = set(before.splitlines()) ^ set(after.splitlines())
    assert len(changed) == 4, "nothing else has changed"


def test_the_hours_are_those_of_the_schedule() -> None:
    schedule = replace(STANDARD.schedule, times_us=(0, 9 * HOUR_US), early_us=5 * MINUTE_US, presence_us=20 * MINUTE_US)
    hours = section("hours", replace(STANDARD, schedule=schedule))
    assert hours.rows == (
        ("2355Z", "0000Z", "0015Z", "0100Z", "text, voice"),
        ("0855Z", "0900Z", "0915Z", "1000Z", "text, voice"),
    )
    assert "every 20 min" in hours.text[0]
    assert "After 35 min without one" in hours.text[0]


def test_what_is_switched_off_is_said_to_be_off() -> None:
    schedule = replace(STANDARD.schedule, times_us=(), presence_us=0)
    hours = section("hours", replace(STANDARD, schedule=schedule, test_every_us=0))
    assert (hours.rows, hours.columns) == ((), ())
    assert [text.partition(":")[0].partition(".")[0] for text in hours.text[:3]] == [
        "No sign is asked for",
        "The node sends no tests by itself",
        "No checks by officers are laid down",
    ]


def test_every_alarm_reply_answer_and_phrase_is_there() -> None:
    assert len(section("alarms").rows) == 3 + len(OWN_REMEDY) - 1 + len(Awaited) - 1 + 2 + len(SILENCE_PRECEDENCE)
    assert len(section("replies").rows) == len(Proword)
    assert len(section("stop").rows) == len(StopWord)
    assert [row[0].strip("`") for row in section("phrases").rows] == list(PHRASES)


def test_roles_and_positions_are_those_of_the_configuration() -> None:
    roles = {"watch": ("read", "accept"), "chief": ("all",)}
    who = section("who", replace(STANDARD, roles=roles, positions={"W-1": "watch"}))
    assert any("Position W-1 has the role watch." in text for text in who.text)
    assert not any("No roles" in text for text in who.text)
    held = {row[0]: row[2] for row in who.rows}
    assert (held["`accept`"], held["`release`"]) == ("watch, chief", "chief")
    assert {verb.name for verb in registry().verbs} == {
        name.strip("`") for row in who.rows for name in row[1].split(", ")
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_missing_and_no_fact_unknown(language: str) -> None:
    text = page(made(language=language), "#")
    assert not re.search(r"\bsop-\w|label-|\?\s*\|", text)
    assert "{" not in text
    ids = {message for table in _tables() for message in table.values()}
    assert not [one for one in ids if one in text]


def _tables() -> list[Mapping[Enum, str] | Mapping[str, str]]:
    return [value for name, value in vars(module).items() if name in ("_SHOWN", "_MEANS", "_STOPS", "_CALLS", "_FORMS")]


def test_both_languages_have_the_same_sections_and_numbers() -> None:
    english, french = made(), made(language="fr")
    assert [one.id for one in english.sections] == [one.id for one in french.sections]
    for ours, theirs in zip(english.sections, french.sections, strict=True):
        assert (len(ours.text), len(ours.rows)) == (len(theirs.text), len(theirs.rows))
        assert [_numbers(text) for text in ours.text] == [_numbers(text) for text in theirs.text]


def _numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+ (?:s|min|h)\b|\d+", text))


def test_a_desk_tells_the_procedure_of_its_node_in_the_officers_language() -> None:
    async def story() -> None:
        alpha, _ = await both()
        told = alpha.desk.sop(Officer("night", frozenset({"read"}), language="fr"), None)
        assert (told.line, told.language, told.title) == (LINE, "fr", f"Procédure permanente de la ligne {LINE}")
        with pytest.raises(UsageError) as refused:
            alpha.desk.sop(Officer("guest", frozenset()), None)
        assert refused.value.message_id == "not-allowed"

    played(story())

"""A phrase is a code and its values; whoever reads it reads it in a language of their own."""

from __future__ import annotations

import re

import pytest
from fluent.syntax import FluentParser, ast, visitor

from openline.base.catalogue import LANGUAGES, PHRASE_LANGUAGES, sentence
from openline.base.errors import UsageError
from openline.base.schema import pack
from openline.line.message import MESSAGE, Message
from openline.line.phrase import (
    NO_LANGUAGE,
    PHRASES,
    Phrase,
    Sort,
    facts_of,
    fits,
    phrase_of,
    phrase_view,
    table,
    written,
)
from openline.line.view import entry_view
from openline.record.entry import Draft
from openline.record.ports import Arrived
from tests.base.message_ids import SOURCE
from tests.line.world import World

EXAMPLES = {Sort.PLACE: "37TCL 123 456", Sort.TIME: "2026-11-18T12:00:00.000Z", Sort.COUNT: "12"}
CEASE_FIRE = {"place": "37TCL 123 456", "time": "2026-11-18T12:00:00Z"}


class _Names(visitor.Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - Fluent's own name
        self.names.add(node.id.name)


def values(code: str) -> dict[str, str]:
    return {slot.name: EXAMPLES[slot.sort] for slot in PHRASES[code]}


@pytest.mark.parametrize("code", PHRASES)
def test_every_phrase_is_said_read_and_shown(code: str) -> None:
    world = World()
    entry = world.id(world.say("alpha", "send", phrase=code, values=values(code))[0])
    view = entry_view(world.bravo, Arrived(1, world.entry(entry)))
    assert view.phrase is not None
    assert (view.phrase.code, view.phrase.values, view.language) == (code, values(code), NO_LANGUAGE)
    assert view.text is not None
    assert view.text.startswith(code)
    assert not world.faults("bravo")


@pytest.mark.parametrize("language", [*LANGUAGES, *PHRASE_LANGUAGES])
def test_every_language_has_every_phrase_with_every_value(language: str) -> None:
    source = (SOURCE / f"base/locale/{language}/phrases.ftl").read_text("utf-8")
    found: dict[str, set[str]] = {}
    for row in FluentParser().parse(source).body:
        assert not isinstance(row, ast.Junk), row
        if isinstance(row, ast.Message):
            names = _Names()
            names.visit(row)
            found[row.id.name] = names.names
    assert found == {f"phrase-{code}": {slot.name for slot in slots} for code, slots in PHRASES.items()}


@pytest.mark.parametrize("language", PHRASE_LANGUAGES)
@pytest.mark.parametrize("code", PHRASES)
def test_the_sentence_is_in_the_script_of_its_language(code: str, language: str) -> None:
    view = phrase_view(phrase_of(code, values(code)))
    assert view is not None
    told = sentence(f"phrase-{code}", facts_of(view), language)
    script = r"[\u0600-\u06ff]" if language == "ar" else r"[\u0400-\u04ff]"
    assert re.search(script, told)
    for slot in PHRASES[code]:
        assert str(facts_of(view)[slot.name]) in told


def test_one_phrase_in_three_languages() -> None:
    view = phrase_view(phrase_of("cease-fire-from", CEASE_FIRE))
    assert view is not None
    told = [sentence("phrase-cease-fire-from", facts_of(view), one) for one in ("en", "fr", "ru")]
    assert told == [
        "We cease fire at 37TCL 123 456 from 181200Z NOV 26.",
        "Nous cessons le feu à 37TCL 123 456 à partir de 181200Z NOV 26.",
        "Мы прекращаем огонь. Место: 37TCL 123 456. Начало: 181200Z NOV 26.",
    ]


@pytest.mark.parametrize(
    ("given", "message_id"),
    [
        ({"phrase": "attack-now"}, "phrase-unknown"),
        ({"phrase": "cease-fire-from", "values": {"place": "x"}}, "phrase-values-wrong"),
        ({"phrase": "speak-now", "values": {"place": "x"}}, "phrase-values-wrong"),
        ({"phrase": "mines-at", "values": {"place": " "}}, "phrase-value-wrong"),
        ({"phrase": "mines-at", "values": {"place": "a\u202eb"}}, "phrase-value-wrong"),
        ({"phrase": "mines-at", "values": {"place": "a; b"}}, "phrase-value-wrong"),
        ({"phrase": "mines-at", "values": {"place": "x" * 101}}, "phrase-value-wrong"),
        ({"phrase": "test-launch", "values": {"place": "x", "time": "tomorrow"}}, "time-unreadable"),
        ({"phrase": "convoy-leaves", "values": {**CEASE_FIRE, "count": "-1"}}, "phrase-value-wrong"),
        ({"phrase": "convoy-leaves", "values": {**CEASE_FIRE, "count": "٣"}}, "phrase-value-wrong"),
        ({"phrase": "convoy-leaves", "values": {**CEASE_FIRE, "count": "9" * 9}}, "phrase-value-wrong"),
        ({"phrase": "speak-now", "text": "Now!"}, "phrase-and-text"),
        ({}, "text-empty"),
    ],
)
def test_what_is_no_phrase_is_refused(given: dict[str, object], message_id: str) -> None:
    with pytest.raises(UsageError) as caught:
        World().drafts("alpha", "send", **given)
    assert caught.value.message_id == message_id


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        (Phrase("mines-at", ("bridge",)), "mines-at; place tower"),
        (Phrase("mines-at", ("bridge", "tower")), "mines-at; bridge; tower"),
        (Phrase("test-launch", ("x", "tomorrow")), "test-launch; place x; time tomorrow"),
    ],
)
def test_a_phrase_that_does_not_go_with_its_text_is_a_fault_and_the_text_holds(phrase: Phrase, text: str) -> None:
    world = World()
    world.put("alpha", [Draft(MESSAGE, pack(Message(text=text, phrase=phrase)), "watch")])
    assert world.faults() == [("alpha:0", "fault-phrase-wrong")]
    view = entry_view(world.bravo, Arrived(1, world.entry("alpha:0")))
    assert (view.phrase, view.text) == (None, text)
    assert list(world.bravo.open_items), "it has its clock all the same"


def test_of_a_code_that_is_not_known_the_text_is_shown() -> None:
    phrase = Phrase("a-newer-code", ("bridge",))
    assert written(phrase) == "a-newer-code; bridge"
    assert fits(phrase, "anything")
    assert phrase_view(phrase) is None


def test_the_table_of_the_specification_names_each() -> None:
    assert all(f"`{code}`" in table() for code in PHRASES)

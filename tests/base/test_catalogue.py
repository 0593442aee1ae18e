"""Every id that can be shown has a sentence in every language, which says no more than the code knows.

The ids are read from the source (`message_ids`), the sentences from the catalogues with Fluent's own parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from fluent.syntax import FluentParser, ast, visitor

from openline.base.catalogue import LANGUAGES, explain, known_ids, sentence
from openline.base.errors import UsageError
from tests.base.message_ids import INDIRECT, NOT_IDS, SOURCE, found, is_an_id, of_console

WORDS_MAX = 30

# Rooms of sentences: what the officer meets together stands together.
ROOMS = (
    "audit",
    "call",
    "charter",
    "cli",
    "commands",
    "console",
    "contacts",
    "errors",
    "leg",
    "line",
    "link",
    "members",
    "names",
    "node",
    "officers",
    "phones",
    "phrases",
    "recording",
    "screens",
    "sop",
    "upkeep",
    "voice",
    "watch",
)

# What is asked at a prompt, or stands inside another sentence, has no full stop; nor has a button or a name.
FRAGMENTS = frozenset({"ask-digits", "ask-name", "ask-passphrase", "ask-phone-password", "told-pair-nowhere"})


def _is_fragment(message_id: str) -> bool:
    return message_id in FRAGMENTS or message_id.startswith("label-")


@cache
def _catalogue(language: str) -> dict[str, ast.Message]:
    return {message.id.name: message for _, message in _messages(language)}


def _messages(language: str) -> Iterator[tuple[str, ast.Message]]:
    for file in sorted((SOURCE / "base/locale" / language).glob("*.ftl")):
        for entry in FluentParser().parse(file.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ast.Junk), f"{file} cannot be read at: {entry.content!r}"
            if isinstance(entry, ast.Message):
                yield file.stem, entry


class _Placeables(visitor.Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - Fluent's own name
        self.names.add(node.id.name)


def _placeables(message: ast.Message) -> set[str]:
    found_here = _Placeables()
    found_here.visit(message)
    return found_here.names


@cache
def _ids() -> frozenset[str]:
    return frozenset(message_id for message_id in found() if is_an_id(message_id) or message_id == "stopping")


# Completeness


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_id_of_the_source_has_a_sentence(language: str) -> None:
    places = found()
    missing = [f"{one} ({places[one][0].at})" for one in sorted(_ids() - _catalogue(language).keys())]
    assert not missing, (
        f"locale/{language} has no sentence for these; write one, or say in NOT_IDS why it is no message id:\n"
        + "\n".join(missing)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_used(language: str) -> None:
    unused = sorted(_catalogue(language).keys() - _ids() - _named_alone())
    assert not unused, f"locale/{language} has sentences that nothing in the source shows: {unused}"


def _named_alone() -> set[str]:
    """Ids of one word, which only their place tells from other words."""
    return {"stopping"} if '"stopping"' in (SOURCE / "link/engine.py").read_text(encoding="utf-8") else set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_room_has_its_file_and_every_id_one_place(language: str) -> None:
    rows = list(_messages(language))
    assert {room for room, _ in rows} == set(ROOMS)
    assert len(rows) == len(_catalogue(language)), "an id stands twice"
    assert known_ids(language) == _catalogue(language).keys()


def test_both_languages_keep_a_sentence_in_the_same_room() -> None:
    rooms = [{message.id.name: room for room, message in _messages(language)} for language in LANGUAGES]
    assert rooms[0] == rooms[1]


# Facts


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_uses_a_fact_that_its_places_do_not_pass(language: str) -> None:
    wrong: list[str] = []
    for message_id, places in sorted(found().items()):
        message = _catalogue(language).get(message_id)
        for place in places if message is not None else ():
            assert message is not None
            lacking = _placeables(message) - (place.facts or frozenset())
            if place.facts is not None and lacking:
                wrong.append(f"{message_id} uses {sorted(lacking)}, which {place.at} does not pass")
        if message is not None and _placeables(message) and all(place.facts is None for place in places):
            wrong.append(f"{message_id} uses facts, and nothing passes any")
    assert not wrong, "\n" + "\n".join(wrong)


def test_both_languages_say_the_same_facts() -> None:
    english, french = (_catalogue(language) for language in LANGUAGES)
    different = [
        f"{one}: en {sorted(_placeables(english[one]))}, fr {sorted(_placeables(french[one]))}"
        for one in sorted(english.keys() & french.keys())
        if _placeables(english[one]) != _placeables(french[one])
    ]
    assert not different, "\n" + "\n".join(different)


def test_the_lists_of_exceptions_only_shrink() -> None:
    written = "".join(file.read_text(encoding="utf-8") for file in SOURCE.rglob("*.py"))
    gone = [one for one in (*INDIRECT, *NOT_IDS) if f'"{one}"' not in written]
    assert not gone, f"the source no longer has {gone}: take them off INDIRECT and NOT_IDS"


def test_ids_of_the_console_are_found_with_their_facts() -> None:
    source = (
        """t("label-send") + t("label-in", { span: span(1), by }) + t("screen-old", facts); const a = ["label-down"];"""
    )
    shown = {message_id: place.facts for message_id, place in of_console("a.tsx", source)}
    assert shown == {
        "label-send": frozenset(),
        "label-in": frozenset({"span", "by"}),
        "screen-old": None,
        "label-down": None,
    }


# Form


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_short_and_ends(language: str) -> None:
    for message_id in sorted(_catalogue(language)):
        text = _filled(message_id, language)
        assert len(text.split()) <= WORDS_MAX, f"{language} {message_id} has {len(text.split())} words: {text}"
        assert text.endswith((".", ":")) != _is_fragment(message_id), f"{language} {message_id} has no end: {text}"
        assert "  " not in text, f"{language} {message_id} has a double space: {text}"


@pytest.mark.parametrize(
    ("language", "banned"), [("en", r"n't\b|\w'(?:s|re|ll|ve)\b.*\bit's|please|\boops"), ("fr", "'")]
)
def test_no_contractions_in_english_and_typographic_marks_in_french(language: str, banned: str) -> None:
    for message_id in _catalogue(language):
        text = _filled(message_id, language)
        assert not re.search(banned, text), f"{language} {message_id}: {text}"


def test_french_keeps_its_signs_with_the_word_before() -> None:
    for message_id in _catalogue("fr"):
        text = _filled(message_id, "fr")
        assert not re.search(r" [:;?!»]", text), f"{message_id} needs a no-break space: {text}"


def _filled(message_id: str, language: str) -> str:
    facts: dict[str, str | int] = {name: _example(name) for name in _placeables(_catalogue(language)[message_id])}
    return sentence(message_id, facts, language)


_NUMBERS = frozenset({"count", "index", "limit", "lines", "offset", "port", "size", "status", "waiting", "words"})


def _example(name: str) -> str | int:
    return 1 if name in _NUMBERS else name.upper()


# Rendering


def test_an_error_is_explained_in_the_asked_language_with_its_facts() -> None:
    error = UsageError("message-too-many-words", precedence="FLASH", words=212, limit=200)
    assert explain(error) == (
        "A FLASH has at most 200 words; this has 212. Nothing is sent. Shorten it, or attach the long text as a file."
    )
    assert explain(error, "fr").startswith("Un FLASH a 200 mots au plus")


def test_a_region_is_read_as_its_language_and_an_unknown_language_as_english() -> None:
    assert sentence("text-empty", {}, "fr-CH") == sentence("text-empty", {}, "fr")
    assert sentence("text-empty", {}, "uk") == sentence("text-empty", {}, "en")


def test_an_unknown_id_is_shown_as_it_is_and_never_hidden() -> None:
    assert sentence("nothing-such", {}) == "nothing-such"
    assert sentence("nothing-such", {"size": 3, "log": "a"}, "fr") == "nothing-such (size: 3, log: a)"


def test_a_fact_that_is_not_known_is_a_question_mark_and_no_word() -> None:
    assert "a frame of ? bytes; at most ? are allowed" in sentence("session-frame-too-large", {})
    assert "a frame of 9 bytes; at most ? are allowed" in sentence("session-frame-too-large", {"size": 9})
    assert sentence("peer-names-unheld", {"origin": "a"}).startswith("An entry names a, number ?, which")
    assert "\u2068?\u2069" in sentence("line-exists", {}, "en", isolate=True)


def test_facts_are_isolated_on_request_so_that_two_writing_directions_can_meet() -> None:
    told = sentence("line-exists", {"line": "قيادة"}, "en", isolate=True)
    assert "\u2068قيادة\u2069" in told
    assert "\u2068" not in sentence("line-exists", {"line": "قيادة"}, "en")


def test_sizes_are_grouped_and_numbers_that_name_things_are_not() -> None:
    assert "12,345 bytes" in sentence("blob-digest-wrong", {"digest": "a", "size": 12345})
    assert "12345" in sentence("proof-fails", {"origin": "a", "index": 12345})


def test_one_and_many_have_their_own_words() -> None:
    assert "one line" in sentence("record-sound", {"lines": 1})
    assert "2 lines" in sentence("record-sound", {"lines": 2})
    assert "2 autres entrées" in sentence("fault-refs-missing", {"count": 2}, "fr")


def test_the_catalogues_lie_where_the_package_looks_for_them() -> None:
    for language in LANGUAGES:
        folder = Path(SOURCE, "base/locale", language)
        assert {file.stem for file in folder.glob("*.ftl")} == set(ROOMS)

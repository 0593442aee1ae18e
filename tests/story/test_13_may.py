"""The calls of 13 May and 21 October 2022, as five press texts tell them, and what the record answers.

Nobody is believed and nobody doubted: each side has said what it has said, the other is silent where it was silent,
and twenty questions about the past are answered from the entries alone, in English and in French.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from openline.base.catalogue import LANGUAGES
from openline.cli.scenario_2022 import DEMONSTRATION, ELSEWHERE, STEPS
from openline.cli.scenario_names import OWN_LANGUAGE, SPELLINGS, TERMS
from openline.line.allegation import Allegations
from openline.line.comparing import Outcome, side_by_side
from openline.line.contact import Medium, meeting_of
from openline.line.demand import DemandState, demand_of, repetition
from openline.line.grid import meeting_grid, name_of, stated_about
from openline.line.history import Held, Question, attempts, contacts, last, persons
from openline.line.level import Level
from openline.line.notes import (
    Note,
    attempts_note,
    channels_note,
    count_note,
    days_note,
    highest_since_note,
    last_note,
    notes,
    number_note,
    person_note,
    previous_note,
    top_note,
)
from openline.line.precise import day_of
from openline.line.readout import earlier, order_of_release, readouts_of
from openline.line.register import ids_of, meant
from openline.line.statement import About
from openline.line.warning import warnings_of
from openline.node.telling import told
from openline.record.entry import Mark
from tests.story.chronology import Chronology
from tests.story.seeds import TAG, check_quotation

BOTH = frozenset({"us.example", "ru.example"})
WAR = day_of("2022-02-24")[0]
MINISTERS = Question(level=Level.MINISTER, parties=BOTH, since=WAR)
EVER = Question(level=Level.MINISTER, parties=BOTH)


@pytest.fixture(scope="module")
def story() -> Chronology:
    return Chronology()


def held(story: Chronology, key: str) -> Held:
    (found,) = [row for row in contacts(story.books, Question()) if (row.id, row.line) == (story.ids[key], _line(key))]
    return found


def asked_for(story: Chronology, name: str) -> Question:
    return Question(person=name, ids=ids_of(story.books, Mark.OPERATION))


def _line(key: str) -> str:
    return "us-ua" if key.endswith("-ua") else "us-ru"


def states(story: Chronology, key: str, fact: About) -> list[tuple[str, ...]]:
    """The states of Russia and the United States in each row of a fact, in this order of their origins."""
    one = held(story, key)
    rows = meeting_grid(one.book, one.meeting)
    return [tuple(map(name_of, row.cells)) for row in rows if row.fact is fact]


# 13 May: what each side has said of it


def test_both_say_that_it_was_at_the_initiative_of_the_american_side(story: Chronology) -> None:
    assert states(story, "may-13", About.INITIATIVE) == [("AGREED", "AGREED")]
    assert states(story, "may-13", About.HELD) == [("AGREED", "AGREED")]


@pytest.mark.parametrize("fact", [About.DURATION, About.TONE, About.OUTCOME, About.FOLLOW_UP, About.DEMAND])
def test_of_its_length_tone_and_outcome_one_side_alone_has_spoken(story: Chronology, fact: About) -> None:
    assert states(story, "may-13", fact) == [("NOT_STATED", "STATED")]


def test_the_tone_was_called_professional_by_one_official_who_is_not_named(story: Chronology) -> None:
    (step,) = [step for step, _ in story.entered if step.arguments.get("value") == "professional"]
    assert step.arguments["sources"] == [
        {"who": "un responsable américain", "how": "anonymous"},
        {"who": "S0 ¶4", "how": "published"},
    ]


def test_a_remark_on_an_attempt_is_no_answer_of_moscow(story: Chronology) -> None:
    rows = attempts(story.books, MINISTERS)
    (claim,) = [claim for book, row in rows for claim in stated_about(book, row.place)]
    assert (claim.fact, story.books[0].members[claim.member]) == (About.REMARK, "us.example/line/us-ru")


def test_the_cease_fire_was_demanded_once_and_nobody_has_answered(story: Chronology) -> None:
    book = story.books[0]
    demand = demand_of(book, story.ids["cease-fire"])
    ru = book.number("ru.example/line/us-ru")
    assert (demand.code, repetition(book, demand), demand.state(ru)) == ("immediate-cease-fire", 1, DemandState.OPEN)


def test_the_ministers_calls_are_entered_as_held_elsewhere(story: Chronology) -> None:
    assert all(row.anchor.elsewhere for row in contacts(story.books, Question()))
    assert held(story, "feb-18").anchor.medium is Medium.NOT_STATED
    assert held(story, "may-13").anchor.medium is Medium.TELEPHONE


# 21 October: two readouts, the call to Kyiv, the dam


def test_the_russian_readout_came_out_first(story: Chronology) -> None:
    book = story.books[0]
    for keys, steps in ((("us-oct", "ru-oct"), ["ru-oct", "us-oct"]), (("us-may", "ru-may"), ["ru-may us-may"])):
        meeting = meeting_of(book, story.ids[f"{keys[0][3:]}-{'21' if 'oct' in keys[0] else '13'}"])
        order = order_of_release(readouts_of(book, meeting), lambda one, two: earlier(book, one, two))
        named = {story.ids[key]: key for key in keys}
        found = [" ".join(named[book.label(book.members[row.member], row.index)] for row in step) for step in order]
        assert found == steps


def test_the_cease_fire_is_gone_and_moscow_s_formula_returns(story: Chronology) -> None:
    def compared(left: str, right: str) -> list[tuple[str, object, Outcome]]:
        book = story.books[0]
        sides = [stated_about(book, (book.number(origin), index)) for origin, index in _places(story, left, right)]
        rows = side_by_side(sides[0], sides[1])
        return [(row.fact.name, (row.left or row.right).value, row.outcome) for row in rows if row.left or row.right]  # type: ignore[union-attr]  # one of both is there

    assert compared("us-may", "us-oct") == [
        ("SUBJECT", "lines-of-communication", Outcome.SAME),
        ("DEMAND", "immediate-cease-fire", Outcome.ONLY_LEFT),
    ]
    assert compared("ru-may", "ru-oct") == [
        ("SUBJECT", "international-security", Outcome.SAME),
        ("SUBJECT", "situation-in-ukraine", Outcome.SAME),
    ]
    assert {outcome for _, _, outcome in compared("us-oct", "ru-oct")} == {Outcome.ONLY_LEFT, Outcome.ONLY_RIGHT}


def _places(story: Chronology, *keys: str) -> list[tuple[str, int]]:
    return [story.books[0].find(story.ids[key]) for key in keys]


def test_the_dam_has_accusations_by_both_and_evidence_by_neither(story: Chronology) -> None:
    rows = [
        (book.members[row.member], row) for book in story.books for row in book.state(Allegations).by_place.values()
    ]
    assert [origin.split(".")[0] for origin, _ in rows] == ["ru", "ua"]
    assert [row.against for _, row in rows] == ["Kyiv", "Moscou"]
    assert not any(row.produced(member) for _, row in rows for member in (0, 1))


def test_warnings_of_arms_deliveries_are_the_russian_side_s(story: Chronology) -> None:
    book = story.books[0]
    ru = book.number("ru.example/line/us-ru")
    assert [row.code for row in warnings_of(book, ru)] == ["arms-deliveries"]


def test_both_ends_of_each_line_hold_the_same_book(story: Chronology) -> None:
    for world in story.worlds.values():
        digests = {book.digest() for book in world.books.values()}
        assert len(digests) == 1
        assert not any(book.faults or book.waiting for book in world.books.values())


@given(st.lists(st.booleans(), max_size=80))
def test_in_whatever_order_the_two_logs_arrive_the_book_is_the_same(turns: list[bool]) -> None:
    world = _whole().worlds["us-ru"]
    logs = [list(log) for _, log in sorted(world.logs.items())]
    book = world.new_book("us")
    for first in (*turns, *([True] * len(logs[0])), *([False] * len(logs[1]))):
        log = logs[0 if first else 1]
        if log:
            world.fold(book, [log.pop(0)])
    assert book.digest() == world.books["ru"].digest()


@cache
def _whole() -> Chronology:
    return Chronology()


def test_the_same_story_played_as_an_exercise_is_no_operation() -> None:
    drill = Chronology(Mark.EXERCISE)
    assert not contacts(drill.books, Question())
    assert len(contacts(drill.books, Question(mark=Mark.EXERCISE))) == 6


# Twenty questions, and what the record answers in the officer's language

Ask = Callable[[Chronology], Note]


def _since(key: str) -> Callable[[Chronology], Note]:
    return lambda story: highest_since_note(story.books, Question(parties=BOTH, since=WAR), held(story, key))


def _last(level: Level) -> Callable[[Chronology], Note]:
    return lambda story: last_note(last(story.books, Question(level=level, parties=BOTH)), level)


def _before(key: str) -> Callable[[Chronology], Note]:
    return lambda story: previous_note(story.books, EVER, held(story, key))


def _number(key: str, question: Question = MINISTERS) -> Callable[[Chronology], Note]:
    return lambda story: number_note(story.books, question, held(story, key))


def _days(key: str) -> Callable[[Chronology], Note]:
    return lambda story: days_note(story.books, MINISTERS, held(story, key), Level.MINISTER)


def _attempts(key: str) -> Callable[[Chronology], Note]:
    return lambda story: attempts_note(story.books, MINISTERS, held(story, key), Level.MINISTER)


def _person(name: str) -> Callable[[Chronology], Note]:
    return lambda story: person_note(story.books, asked_for(story, name))


UNTIL_MAY = Question(parties=BOTH, since=WAR, until=day_of("2022-05-13")[0])
OF_21_OCTOBER = Question(since=day_of("2022-10-21")[0], until=day_of("2022-10-21")[1])

QUESTIONS: list[tuple[str, str, Ask, str, str]] = [
    (
        "when had the ministers last spoken before 13 May?",
        "openline contact show 2022-05-13",
        _before("may-13"),
        "The previous one was on 2022-02-18.",
        "Le précédent datait du 2022-02-18.",
    ),
    (
        "when had they last spoken before 21 October?",
        "openline contact show 2022-10-21 --line us-ru",
        _before("oct-21"),
        "The previous one was on 2022-05-13.",
        "Le précédent datait du 2022-05-13.",
    ),
    (
        "and before 18 February?",
        "openline contact show 2022-02-18",
        _before("feb-18"),
        "None before it in this period.",
        "Aucun ne le précède dans cette période.",
    ),
    (
        "when did they speak last?",
        "openline contacts --level minister --party ru",
        _last(Level.MINISTER),
        "The last contact at the level of ministers was on 2022-10-21, line us-ru.",
        "Le dernier contact au niveau des ministres datait du 2022-10-21, ligne us-ru.",
    ),
    (
        "when did the chiefs of staff?",
        "openline contacts --level chief-of-staff",
        _last(Level.CHIEF_OF_STAFF),
        "The last contact at the level of chiefs of staff was on 2022-05-19, line us-ru.",
        "Le dernier contact au niveau des chefs d’état-major datait du 2022-05-19, ligne us-ru.",
    ),
    (
        "when did the advisers?",
        "openline contacts --level adviser",
        _last(Level.ADVISER),
        "The last contact at the level of advisers was on 2022-03-16, line us-ru.",
        "Le dernier contact au niveau des conseillers datait du 2022-03-16, ligne us-ru.",
    ),
    (
        "and the heads of state?",
        "openline contacts --level head-of-state",
        _last(Level.HEAD_OF_STATE),
        "No contact at the level of heads of state is on the record.",
        "Aucun contact au niveau des chefs d’État n’est au registre.",
    ),
    (
        "how many calls of the ministers since 24 February?",
        "openline contacts --since 2022-02-24 --level minister --party ru",
        lambda story: count_note(story.books, MINISTERS, Level.MINISTER),
        "2 contacts at the level of ministers since 2022-02-24.",
        "2 contacts au niveau des ministres depuis le 2022-02-24.",
    ),
    (
        "the how manieth since then is that of 13 May?",
        "openline contacts --since 2022-02-24 --level minister",
        _number("may-13"),
        "First contact at the level of ministers since 2022-02-24.",
        "Premier contact au niveau des ministres depuis le 2022-02-24.",
    ),
    (
        "and that of 21 October?",
        "openline contacts --since 2022-02-24 --level minister",
        _number("oct-21"),
        "Second contact at the level of ministers since 2022-02-24.",
        "Deuxième contact au niveau des ministres depuis le 2022-02-24.",
    ),
    (
        "and of all on the record?",
        "openline contact show 2022-10-21 --line us-ru",
        _number("oct-21", EVER),
        "Third contact at the level of ministers.",
        "Troisième contact au niveau des ministres.",
    ),
    (
        "how many days without one before 13 May?",
        "openline contact show 2022-05-13",
        _days("may-13"),
        "84 days without a contact at the level of ministers before it; the last was on 2022-02-18.",
        "84 jours sans contact au niveau des ministres le précèdent\u00a0; le dernier datait du 2022-02-18.",
    ),
    (
        "how many days before 21 October?",
        "openline contact show 2022-10-21 --line us-ru",
        _days("oct-21"),
        "161 days without a contact at the level of ministers before it; the last was on 2022-05-13.",
        "161 jours sans contact au niveau des ministres le précèdent\u00a0; le dernier datait du 2022-05-13.",
    ),
    (
        "how many attempts before 13 May?",
        "openline contacts --since 2022-02-24 --level minister",
        _attempts("may-13"),
        "3 attempts at the level of ministers before it.",
        "3 tentatives au niveau des ministres le précèdent.",
    ),
    (
        "how many attempts before 21 October?",
        "openline contact show 2022-10-21 --line us-ru",
        _attempts("oct-21"),
        "No attempt at the level of ministers before it is on the record.",
        "Aucune tentative au niveau des ministres n’est au registre avant lui.",
    ),
    (
        "since when is 13 May the highest contact?",
        "openline contacts --since 2022-02-24 --level minister",
        _since("may-13"),
        "The highest-level contact since 2022-03-16, then at the level of advisers.",
        "Le contact de plus haut niveau depuis le 2022-03-16, alors au niveau des conseillers.",
    ),
    (
        "and that of the chiefs of staff?",
        "openline contacts --since 2022-02-24 --level chief-of-staff",
        _since("may-19"),
        "It is not the highest: a higher one came before it in this period.",
        "Ce n’est pas le plus élevé\u00a0: un autre, plus élevé, le précède dans cette période.",
    ),
    (
        "what was the highest from 24 February until 13 May?",
        "openline contacts --since 2022-02-24 --until 2022-05-13 --party ru",
        lambda story: top_note(story.books, UNTIL_MAY),
        "The highest contact of this period was on 2022-03-16, at the level of advisers.",
        "Le contact le plus élevé de cette période datait du 2022-03-16, au niveau des conseillers.",
    ),
    (
        "over how many channels did one speak on 21 October?",
        "openline contacts --since 2022-10-21 --until 2022-10-22",
        lambda story: channels_note(story.books, OF_21_OCTOBER),
        "The contacts of this period went over 2 channels.",
        "Les contacts de cette période ont passé par 2 canaux.",
    ),
    (
        "on which days was Shoigu there, however he is spelled?",
        "openline contacts --person Shoigu",
        _person("Shoigu"),
        "Shoigu took part on 2022-02-18, 2022-05-13, 2022-10-21, as stated.",
        "Shoigu y était, selon les déclarations, le 2022-02-18, 2022-05-13, 2022-10-21.",
    ),
]


@pytest.mark.parametrize(("asked", "command", "ask", "english", "french"), QUESTIONS, ids=[row[0] for row in QUESTIONS])
def test_the_record_answers(story: Chronology, asked: str, command: str, ask: Ask, english: str, french: str) -> None:
    del command  # What an officer types: test_asked_at_the_desk.py runs it.
    note = ask(story)
    assert [told(note, language) for language in LANGUAGES] == [english, french], asked


def test_there_are_twenty_questions() -> None:
    assert len({asked for asked, *_ in QUESTIONS}) == len(QUESTIONS) == 20


def test_what_is_told_of_one_contact_is_told_in_order(story: Chronology) -> None:
    assert [note.id for note in notes(story.books, MINISTERS, held(story, "may-13"))] == [
        "history-nth-since",
        "history-first",
        "history-attempts",
        "history-days",
        "history-highest",
    ]


def test_every_spelling_finds_the_same_person(story: Chronology) -> None:
    for name, rows in SPELLINGS.items():
        found = {
            tuple(row.id for row in contacts(story.books, asked_for(story, spelling)))
            for spelling, _ in (*rows, (name, ""))
        }
        assert len(found) == 1, name


def test_the_american_minister_spoke_to_kyiv_the_same_day_on_another_line(story: Chronology) -> None:
    rows = contacts(story.books, replace(asked_for(story, "Austin"), since=OF_21_OCTOBER.since))
    assert [(row.line, sorted(row.parties - {"us.example"})) for row in rows] == [
        ("us-ru", ["ru.example"]),
        ("us-ua", ["ua.example"]),
    ]


# Where it comes from


def test_every_step_says_where_it_comes_from() -> None:
    for step in STEPS:
        assert TAG.search(step.source) or step.source in (ELSEWHERE, OWN_LANGUAGE), step
        assert (DEMONSTRATION in step.source) is (step.verb == "attempt")
    assert len({step.key for step in STEPS if step.key}) == sum(bool(step.key) for step in STEPS)


def test_every_name_found_in_a_contact_is_a_published_one(story: Chronology) -> None:
    published = {name for rows in SPELLINGS.values() for name, _ in rows}
    for row in contacts(story.books, Question()):
        assert set(persons(row)) <= published
        known = ids_of(story.books, Mark.OPERATION)
        assert [len(meant(name, known)) for name in persons(row)] == [1, 1]


def _quotations() -> list[tuple[str, str]]:
    """Every short quotation with the paragraphs it is said to be from."""
    found = [(name, source) for rows in SPELLINGS.values() for name, source in rows]
    found += [(word, source) for *_, word, source in TERMS]
    for step in STEPS:
        if TAG.search(step.source):
            texts = [str(step.arguments[name]) for name in ("words", "text") if step.arguments.get(name)]
            names = [str(step.arguments["value"])] if step.arguments.get("fact") == "person" else []
            found += [(part, step.source) for text in (*texts, *names) for part in text.split(" … ")]
    return found


@pytest.mark.parametrize(("words", "source"), _quotations())
def test_every_quotation_stands_in_its_paragraph_and_is_short(words: str, source: str) -> None:
    check_quotation(words, source)

"""Notes say what the history says, as ids with facts; levels and days are named so that any language can say them."""

from __future__ import annotations

from openline.base.time import HOUR_US
from openline.line.history import Question, contacts
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
    overview,
    parallel_notes,
    person_note,
    previous_note,
    recurring_notes,
    top_note,
)
from tests.line.test_contact import enter
from tests.line.test_history import at, books, spring
from tests.line.world import World

MINISTER = Question(level=Level.MINISTER)


def test_the_notes_of_a_contact_are_among_those_of_the_same_parties() -> None:
    world, other = spring(), World(3)
    enter(other, began="2022-05-10", parties=("alpha", "charlie"))
    both = [world.alpha, other.alpha]
    asked = Question(level=Level.MINISTER, since=at("2022-02-24"))
    may = contacts(both, asked)[-1]
    assert list(notes(both, asked, may)) == [
        Note("history-nth-since", {"count": 1, "level": "minister", "since": "2022-02-24"}),
        Note("history-first", {}),
        Note("history-attempts", {"count": 2, "level": "minister"}),
        Note("history-days", {"count": 84, "day": "2022-02-18", "level": "minister"}),
        Note("history-highest", {"day": "2022-03-16", "level": "adviser"}),
    ]


def test_of_at_least_a_level_each_contact_is_told_at_its_own() -> None:
    world = books(spring())
    may = contacts(world, Question(level=Level.ADVISER, at_least=True))[2]
    number = next(notes(world, Question(level=Level.ADVISER, at_least=True), may))
    assert number == Note("history-nth", {"count": 2, "level": "minister"})


def test_whoever_took_part_a_contact_is_counted_among_those_of_the_same_parties() -> None:
    world = spring()
    world.say("alpha", "state", entry="alpha:0", fact="person", value="Lloyd Austin")
    (may,) = contacts(books(world), Question(person="Lloyd Austin"))
    assert next(notes(books(world), Question(person="Lloyd Austin"), may)).facts["count"] == 2


def test_what_is_not_the_highest_is_told_as_such() -> None:
    world = books(spring())
    staff = contacts(world, Question())[-1]
    assert [note.id for note in notes(world, Question(), staff)][-1] == "history-not-highest"
    assert highest_since_note(world, Question(), staff).id == "history-not-highest"
    first = contacts(world, Question())[0]
    assert highest_since_note(world, Question(), first).id == "history-first"


def test_nothing_on_record_is_said_as_such() -> None:
    empty = [World().alpha]
    assert last_note(None, Level.DUTY) == Note("history-never", {"level": "duty"})
    assert top_note(empty, Question()) == Note("history-none", {})
    assert channels_note(empty, Question()).facts == {"count": 0}
    assert count_note(empty, Question(), Level.DUTY).facts["count"] == 0
    assert person_note(empty, Question(person="Shoigu")).facts == {"count": 0, "person": "Shoigu", "days": ""}


def test_each_question_has_its_note() -> None:
    world = books(spring())
    may = contacts(world, MINISTER)[-1]
    assert previous_note(world, MINISTER, may) == Note("history-previous", {"day": "2022-02-18"})
    assert number_note(world, MINISTER, may) == Note("history-nth", {"count": 2, "level": "minister"})
    assert attempts_note(world, MINISTER, may, Level.MINISTER).facts["count"] == 2
    assert days_note(world, Question(level=Level.ADVISER), may, Level.ADVISER).facts["count"] == 58
    assert days_note(world, Question(level=Level.DUTY), may, Level.DUTY).id == "history-never-before"
    assert top_note(world, Question()).facts == {"day": "2022-05-13", "level": "minister"}
    assert last_note(may, Level.MINISTER).facts["line"] == "alpha-bravo"


def test_a_count_names_the_period_that_was_asked_for() -> None:
    world = books(spring())
    since, until = at("2022-02-24"), at("2022-05-14")
    told = [
        count_note(world, Question(since=begin, until=end), Level.MINISTER)
        for begin, end in ((None, None), (since, None), (None, until), (since, until))
    ]
    assert [note.id.removeprefix("history-count") for note in told] == ["-ever", "", "-until", "-from-until"]
    assert [note.facts["count"] for note in told] == [2, 1, 2, 1]


def test_of_all_that_is_asked_for_it_tells_how_many_the_last_the_highest_and_who() -> None:
    world = books(spring())
    level = Question(level=Level.HEAD_OF_STATE, since=at("2022-02-24"))
    assert [note.id for note in overview(world, level)] == ["history-count", "history-never"]
    assert [note.id for note in overview(world, Question())] == ["history-top", "history-channels"]
    person = [note.id for note in overview(world, Question(person="Shoigu", level=Level.MINISTER))]
    assert person == ["history-person"]
    until = Question(level=Level.MINISTER, until=at("2022-05-13"))
    assert [note.id for note in overview(world, until)] == ["history-count-until", "history-channels"]


def test_the_same_day_on_another_line_is_told_with_who_was_on_both() -> None:
    world, other = spring(), World(3)
    enter(other, began="2022-05-13T16:00:00Z", parties=("alpha", "charlie"))
    enter(other, began="2022-05-14T00:00:00Z", parties=("alpha", "charlie"))
    both = [world.alpha, other.alpha]
    may = contacts(both, Question(since=at("2022-05-13")))[0]
    (alone,) = parallel_notes(both, may, {})
    assert alone.facts == {"entry": "alpha-bravo-charlie/alpha:0", "level": "minister", "persons": "", "count": 0}
    world.say("alpha", "state", entry=may.id, fact="person", value="Lloyd Austin")
    other.say("alpha", "state", entry="alpha:0", fact="person", value="Austin")
    known = {"austin": frozenset({"person:austin"}), "lloyd austin": frozenset({"person:austin"})}
    (told,) = parallel_notes(both, may, known)
    assert (told.facts["persons"], told.facts["count"]) == ("Lloyd Austin", 1)


def test_a_contact_that_keeps_a_date_of_a_recurring_call_says_which() -> None:
    world = World()
    first = at("2022-05-02")
    world.now = first.plus(-HOUR_US)
    window = {"from": first.rfc3339(), "until": first.plus(HOUR_US).rfc3339()}
    world.say("alpha", "request", level="minister", subject="Weekly", every=7 * 1440, **window)
    world.say("bravo", "answer-request", entry="alpha:0", answer="accept")
    enter(world, began="2022-05-16")
    assert recurring_notes([world.alpha], at("2022-05-17")) == {
        "alpha-bravo/alpha:1": Note("history-recurring", {"entry": "alpha-bravo/alpha:0", "number": 3, "skipped": 2})
    }

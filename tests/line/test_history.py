"""What the record says of earlier contacts. Every rule has a story; together they hold whatever was entered."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from openline.base.time import DAY_US, Instant
from openline.line.book import Book
from openline.line.history import (
    Held,
    Question,
    attempts,
    attempts_before,
    between,
    by_names,
    channels,
    contacts,
    days_without,
    highest,
    highest_since,
    last,
    nth,
    persons,
    previous,
)
from openline.line.level import Level
from openline.line.precise import Grain, day_of
from openline.line.register import ids_of
from openline.record.entry import Mark
from tests.line.test_contact import enter
from tests.line.world import World

MINISTER = Question(level=Level.MINISTER)


def at(day: str) -> Instant:
    return day_of(day)[0]


def days(rows: Sequence[Held]) -> list[str]:
    return [row.began.rfc3339()[:10] for row in rows]


def spring() -> World:
    """18 February, 16 March and 13 May 2022 as levels and days, and two attempts between."""
    world = World()
    enter(world, began="2022-05-13")
    enter(world, began="2022-02-18")
    enter(world, began="2022-03-16", level="adviser")
    enter(world, began="2022-05-19", level="chief-of-staff")
    for day in ("2022-03-24", "2022-04-21"):
        world.say("alpha", "attempt", level="minister", result="not-taken-up", medium="telephone", at=day)
    return world


def books(world: World) -> list[Book]:
    return [world.alpha]


def test_contacts_come_by_when_they_began_whatever_was_entered_first() -> None:
    assert days(contacts(books(spring()), Question())) == ["2022-02-18", "2022-03-16", "2022-05-13", "2022-05-19"]


def test_the_last_the_previous_and_the_how_manieth() -> None:
    world = books(spring())
    may = last(world, MINISTER)
    assert may is not None
    assert days([may]) == ["2022-05-13"]
    assert (nth(world, MINISTER, may), nth(world, Question(since=at("2022-02-24"), level=Level.MINISTER), may)) == (
        2,
        1,
    )
    before = previous(world, MINISTER, may)
    assert before is not None
    assert days([before]) == ["2022-02-18"]
    assert previous(world, MINISTER, before) is None
    assert nth(world, Question(level=Level.DUTY), may) == 0
    assert nth(world, Question(level=Level.MINISTER, until=at("2022-05-13")), may) == 0


def test_levels_are_asked_for_exactly_or_at_least() -> None:
    world = books(spring())
    assert days(contacts(world, Question(level=Level.ADVISER))) == ["2022-03-16"]
    assert len(contacts(world, Question(level=Level.ADVISER, at_least=True))) == 3


def test_a_period_begins_with_its_day_and_ends_before_it() -> None:
    world = books(spring())
    assert days(contacts(world, Question(since=at("2022-03-16"), until=at("2022-05-13")))) == ["2022-03-16"]


def test_the_highest_and_since_when() -> None:
    world = books(spring())
    may, staff = contacts(world, Question(since=at("2022-05-01")))
    top = highest(world, Question())
    assert top is not None
    assert days([top]) == ["2022-05-13"]
    since = highest_since(world, Question(since=at("2022-02-24")), may)
    assert since is not None
    assert (days([since]), since.level) == (["2022-03-16"], Level.ADVISER)
    ever = highest_since(world, Question(), may)
    assert ever is not None
    assert days([ever]) == ["2022-02-18"]
    assert highest_since(world, Question(), staff) is None, "there was a higher one before"
    assert highest_since(world, Question(since=at("2022-05-13")), may) is None, "there was none before"


def test_days_without_count_from_the_last_one_even_before_the_period() -> None:
    world = books(spring())
    (may,) = contacts(world, Question(level=Level.MINISTER, since=at("2022-02-24")))
    found = days_without(world, Question(level=Level.MINISTER, since=at("2022-02-24")), may)
    assert found is not None
    assert (found[0], days([found[1]])) == (84, ["2022-02-18"])
    assert days_without(world, Question(level=Level.HEAD_OF_STATE), may) is None


def test_attempts_before_a_contact_are_those_since_the_one_before_it() -> None:
    world = spring()
    world.say("alpha", "attempt", level="minister", result="busy", medium="telephone", at="2022-02-17")
    world.say("alpha", "attempt", level="duty", result="busy", medium="telephone", at="2022-04-01")
    may = last(books(world), MINISTER)
    assert may is not None
    assert len(attempts(books(world), Question())) == 4
    assert [row.at.shown() for _, row in attempts_before(books(world), MINISTER, may)] == ["2022-03-24", "2022-04-21"]
    april = Question(level=Level.MINISTER, since=at("2022-04-01"))
    assert len(attempts_before(books(world), april, may)) == 1


def test_attempts_are_asked_for_by_who_tried_and_who_was_meant() -> None:
    world = World(3)
    world.say("alpha", "attempt", level="minister", result="busy", to="bravo")
    assert len(attempts(books(world), Question(parties=frozenset({"alpha.example", "bravo.example"})))) == 1
    assert not attempts(books(world), Question(parties=frozenset({"alpha.example", "charlie.example"})))
    world.say("alpha", "withdraw", entry="alpha:0")
    assert not attempts(books(world), Question())


def test_an_exercise_never_counts_as_operation() -> None:
    world = World()
    enter(world, mark=Mark.EXERCISE)
    world.say("alpha", "attempt", level="minister", result="busy", mark=Mark.EXERCISE)
    assert not contacts(books(world), Question())
    assert not attempts(books(world), Question())
    assert len(contacts(books(world), Question(mark=Mark.EXERCISE))) == 1


def test_what_is_withdrawn_does_not_count_and_the_other_side_s_entry_then_does() -> None:
    world = World()
    first = enter(world)
    world.later()
    enter(world, "bravo", same_as=first, level="adviser")
    assert contacts(books(world), Question())[0].level is Level.MINISTER
    world.say("alpha", "withdraw", entry=first)
    (held,) = contacts(books(world), Question())
    assert (held.level, held.id) == (Level.ADVISER, "bravo:0")
    world.say("bravo", "withdraw", entry="bravo:0")
    assert not contacts(books(world), Question())


def asked(world: World, name: str) -> Question:
    return Question(person=name, ids=ids_of([world.alpha], Mark.OPERATION))


def test_a_person_is_found_by_any_spelling() -> None:
    world = World()
    enter(world)
    world.say("alpha", "state", entry="alpha:0", fact="person", value="Sergueï Choïgou")
    assert not contacts(books(world), asked(world, "Shoigu")), "no register has that spelling yet"
    (held,) = contacts(books(world), asked(world, "sergueï  choïgou"))
    assert by_names(held, asked(world, "Sergueï Choïgou")) == {"Sergueï Choïgou": []}, "by the spelling alone"
    spellings = [{"text": text, "language": "fr"} for text in ("Sergueï Choïgou", "Shoigu", "Шойгу")]
    world.say("bravo", "name", id="person:shoigu", spellings=spellings)
    for name in ("Shoigu", "ШОЙГУ", "Sergueï  Choïgou", "person:shoigu"):
        (held,) = contacts(books(world), asked(world, name))
        assert by_names(held, asked(world, name)) == {"Sergueï Choïgou": ["person:shoigu"]}
    assert persons(held) == ["Sergueï Choïgou"]
    world.say("bravo", "withdraw", entry="bravo:0")
    assert not contacts(books(world), asked(world, "Shoigu"))


def test_a_statement_that_names_the_id_is_found_by_every_spelling() -> None:
    world = World()
    enter(world)
    world.say("alpha", "name", id="person:shoigu", spellings=[{"text": "Шойгу", "language": "ru"}])
    world.say("alpha", "state", entry="alpha:0", fact="person", value="person:shoigu")
    (held,) = contacts(books(world), asked(world, "Шойгу"))
    assert by_names(held, asked(world, "Шойгу")) == {"person:shoigu": ["person:shoigu"]}


def test_a_name_that_two_persons_have_is_found_for_both_and_says_so() -> None:
    world = World()
    enter(world)
    world.say("alpha", "state", entry="alpha:0", fact="person", value="Ivanov")
    for name in ("person:ivanov.a", "person:ivanov.b"):
        world.say("alpha", "name", id=name, spellings=[{"text": "Ivanov", "language": "en"}])
    (held,) = contacts(books(world), asked(world, "person:ivanov.b"))
    assert by_names(held, asked(world, "person:ivanov.b")) == {"Ivanov": ["person:ivanov.a", "person:ivanov.b"]}


def test_of_two_on_one_day_the_second_had_no_day_without() -> None:
    world = World()
    for _ in range(2):
        enter(world)
    one, two = contacts(books(world), MINISTER)
    assert days_without(books(world), MINISTER, one) is None
    found = days_without(books(world), MINISTER, two)
    assert found is not None
    assert (found[0], found[1].id) == (0, one.id)


def test_an_attempt_belongs_to_one_contact_only() -> None:
    world = World()
    enter(world, began="2022-05-13")
    enter(world, began="2022-10-21T14:00:00Z")
    for moment in ("2022-05-13", "2022-05-13T10:00:00Z", "2022-05-14T00:00:00Z", "2022-10-21T14:01:00Z"):
        world.say("alpha", "attempt", level="minister", result="busy", at=moment)
    counts = [len(attempts_before(books(world), MINISTER, held)) for held in contacts(books(world), MINISTER)]
    assert counts == [2, 1], "on a day of which the hour is not known, they come before; the last comes after both"


def test_an_entry_that_was_withdrawn_does_not_decide_the_period() -> None:
    world = World()
    first = enter(world, began="2022-02-20")
    enter(world, "bravo", same_as=first)
    world.say("alpha", "withdraw", entry=first)
    assert days(contacts(books(world), Question(since=at("2022-02-24")))) == ["2022-05-13"]


def test_parallel_channels_stand_side_by_side_over_several_lines() -> None:
    world, other = spring(), World(3)
    enter(other, began="2022-05-13", parties=("alpha", "charlie"))
    rows = channels([world.alpha, other.alpha], Question(since=at("2022-02-24")))
    assert [(row.line, row.level.name, len(row.contacts)) for row in rows] == [
        ("alpha-bravo", "MINISTER", 1),
        ("alpha-bravo-charlie", "MINISTER", 1),
        ("alpha-bravo", "ADVISER", 1),
        ("alpha-bravo", "CHIEF_OF_STAFF", 1),
    ]


def test_contacts_with_others_are_not_counted_among_those_of_the_same_parties() -> None:
    world, other = spring(), World(3)
    enter(other, began="2022-05-10", parties=("alpha", "charlie"))
    both = [world.alpha, other.alpha]
    may = contacts(both, Question(level=Level.MINISTER))[-1]
    assert nth(both, MINISTER, may) == 3
    assert nth(both, between(MINISTER, may), may) == 2


# Rules that hold whatever was entered

entered = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from(sorted(Level)), st.sampled_from(["day", "minute"])), max_size=8
)


@given(entered, st.sampled_from(sorted(Level)))
def test_every_contact_has_its_place_and_the_one_before_is_one_place_before(
    rows: list[tuple[int, Level, str]], level: Level
) -> None:
    world = World()
    for day, height, grain in rows:
        began = Instant.from_ms(at("2022-02-24").plus(day * DAY_US).ms).rfc3339()
        enter(world, level=height.name.lower().replace("_", "-"), began=began, grain=grain)
    question = Question(level=level, at_least=True)
    found = contacts(books(world), question)
    assert len(found) == sum(height >= level for _, height, _ in rows)
    assert [nth(books(world), question, held) for held in found] == list(range(1, len(found) + 1))
    before = [previous(books(world), question, held) for held in found]
    assert [None if one is None else one.id for one in before] == [None, *(held.id for held in found)][: len(found)]
    for held in found:
        since = highest_since(books(world), question, held)
        assert since is None or (since.order < held.order and since.level <= held.level)
    assert (last(books(world), question) is None) is not bool(found)
    assert {Grain.DAY, Grain.MINUTE} >= {held.anchor.began.grain for held in found}

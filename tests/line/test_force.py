"""One charter is in force at every moment, the same at every member, and none that a party has not assented to."""

from __future__ import annotations

import pickle
from itertools import permutations
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.limits import BODY_BYTES_MAX
from openline.base.schema import pack, unpack
from openline.base.time import DAY_US, HOUR_US, MINUTE_US
from openline.line.charter import CHARTER, CHARTER_ANSWER, CharterAnswer, charter_of
from openline.line.clause import Charter
from openline.line.force import (
    CHARTERED,
    OVER,
    Charters,
    CharterState,
    Stand,
    Turn,
    Word,
    changes_within,
    in_force,
    own_levels,
    spells_within,
    state_of,
    waiting_for,
)
from openline.line.level import Level
from openline.record.entry import Draft, Entry, Mark
from tests.line.chartering import agree, assent, holding, propose, side, state, terms, utter, write
from tests.line.walking import walk, ways
from tests.line.world import START, World


def charter_body(world: World, entry: str) -> Charter:
    """What a charter says."""
    data = world.entry(entry).body
    assert data is not None
    return unpack(Charter, data, BODY_BYTES_MAX)


def replay(way: list[Turn]) -> tuple[World, str]:
    """A world of three in which just these things happen to alpha's first charter, each a minute after the other."""
    world = World(members=3)
    entry = propose(world, valid_from=START.plus(HOUR_US).rfc3339())
    for turn in way:
        world.later()
        happen(world, entry, turn)
    return world, entry


def happen(world: World, entry: str, turn: Turn) -> None:
    row = charter_of(world.alpha, entry)
    open_ones = [name for name, member in (("bravo", 1), ("charlie", 2)) if row.stand(member) is Stand.ASKED]
    refusing = [name for name, member in (("bravo", 1), ("charlie", 2)) if row.stand(member) is Stand.REFUSED]
    match turn:
        case Turn.SOME_ASSENT:
            write(world, entry, Word.ASSENT, (refusing or open_ones)[0])
        case Turn.SOME_REFUSE:
            write(world, entry, Word.REFUSE, open_ones[-1])
        case Turn.ALL_ASSENT:
            for name in (*refusing, *open_ones):
                write(world, entry, Word.ASSENT, name)
        case Turn.WITHDRAWN:
            write(world, entry, Word.WITHDRAW, "alpha")
        case Turn.DENOUNCED:
            if not any(row.stand(member) is Stand.ASSENTED for member in (1, 2)):
                write(world, entry, Word.DENOUNCE, "alpha")
            else:
                write(world, entry, Word.DENOUNCE, "bravo" if row.stand(1) is Stand.ASSENTED else "charlie")
        case Turn.BEGINS:
            world.now = max(world.now, START.plus(HOUR_US))
        case Turn.REPLACED:
            agree(world, "bravo")


@pytest.mark.parametrize("target", CharterState)
def test_every_state_is_reached_by_words_and_time_alone(target: CharterState) -> None:
    way = ways(CHARTERED, CharterState.PROPOSED)[target]
    world, entry = replay(way)
    for name in world.books:
        assert state(world, entry, name) is target
    assert (holding(world) == entry) is (target is CharterState.IN_FORCE)


@pytest.mark.parametrize(
    ("way", "event", "before", "after"),
    [row for row in walk(CHARTERED, CharterState.PROPOSED, Turn) if row[3] is not None],
)
def test_every_transition_of_the_table_happens(
    way: list[Turn], event: Turn, before: CharterState, after: CharterState | None
) -> None:
    world, entry = replay(way)
    assert state(world, entry) is before
    world.later()
    happen(world, entry, event)
    assert state(world, entry) is after


def test_nothing_leads_into_force_but_the_assent_of_all_and_the_moment() -> None:
    assert {row for row, new in CHARTERED.items() if new is CharterState.IN_FORCE} == {
        (CharterState.AGREED, Turn.BEGINS)
    }
    assert {turn for (_, turn), new in CHARTERED.items() if new is CharterState.AGREED} == {Turn.ALL_ASSENT}
    assert not {state_ for state_, _ in CHARTERED} & OVER, "nothing comes back"


def test_silence_is_never_assent() -> None:
    world = World(members=3)
    entry = propose(world)
    assent(world, entry, "bravo")
    for _ in range(4):
        world.later(400 * DAY_US)
        assert (state(world, entry), holding(world)) == (CharterState.PROPOSED, None)
    assert [waiting_for(world.alpha, member, world.now) for member in range(3)] == [
        [],
        [],
        [charter_of(world.alpha, entry)],
    ]


def test_it_begins_with_the_last_assent_or_when_it_is_valid_whichever_is_later() -> None:
    world = World(members=3)
    entry = propose(world, valid_from=START.plus(10 * MINUTE_US).rfc3339())
    world.later()
    assent(world, entry, "bravo", "charlie")
    assert (state(world, entry), holding(world)) == (CharterState.AGREED, None)
    world.later(9 * MINUTE_US - 1000)
    assert holding(world) is None
    world.later(1000)
    assert (state(world, entry), holding(world)) == (CharterState.IN_FORCE, entry)


def test_valid_from_the_past_is_valid_from_the_last_assent_on() -> None:
    world = World()
    entry = propose(world, valid_from=START.plus(-DAY_US).rfc3339())
    then = world.later()
    assent(world, entry)
    assert in_force(world.alpha, then.plus(-1000)) is None
    assert holding(world) == entry


def test_the_newest_replaces_the_one_before_and_nothing_comes_back() -> None:
    world = World()
    first = agree(world)
    world.later()
    second = agree(world, "bravo")
    assert [state(world, entry) for entry in (first, second)] == [CharterState.SUPERSEDED, CharterState.IN_FORCE]
    world.later()
    utter(world, second, Word.DENOUNCE, "alpha")
    assert holding(world) is None
    assert state(world, first) is CharterState.SUPERSEDED
    assert [(row.begin_ms, row.end_ms) for row in spells_within(world.alpha, Mark.OPERATION, 0, 2**50)] == [
        (START.ms, START.ms + 60_000),
        (START.ms + 60_000, START.ms + 120_000),
    ]


def test_an_older_proposal_that_begins_later_replaces_a_younger_one() -> None:
    world = World()
    first = propose(world, valid_from=START.plus(HOUR_US).rfc3339())
    second = agree(world)
    assent(world, first)
    assert [state(world, entry) for entry in (first, second)] == [CharterState.AGREED, CharterState.IN_FORCE]
    world.later(HOUR_US)
    assert [state(world, entry) for entry in (first, second)] == [CharterState.IN_FORCE, CharterState.SUPERSEDED]


def test_one_that_was_agreed_first_and_begins_later_waits_for_its_time() -> None:
    world = World()
    first = agree(world, valid_from=START.plus(HOUR_US).rfc3339())
    world.later()
    second = agree(world, "bravo")
    for _ in range(2):
        assert [state(world, entry) for entry in (first, second)] == [CharterState.AGREED, CharterState.IN_FORCE]
        assert holding(world) == second
        world.later(30 * MINUTE_US)
    assert [state(world, entry) for entry in (first, second)] == [CharterState.IN_FORCE, CharterState.SUPERSEDED]


def test_it_begins_with_the_last_of_several_assents() -> None:
    world = World(members=3)
    entry = propose(world)
    assent(world, entry, "charlie")
    early = world.later()
    last = world.later()
    assent(world, entry, "bravo")
    assert in_force(world.bravo, early) is None
    assert in_force(world.alpha, last.plus(-1000)) is None
    assert in_force(world.alpha, last) is charter_of(world.alpha, entry)


def test_of_two_that_begin_at_one_moment_the_younger_is_in_force() -> None:
    world = World()
    at = START.plus(HOUR_US).rfc3339()
    first = agree(world, valid_from=at)
    world.later()
    second = agree(world, "bravo", valid_from=at)
    world.later(HOUR_US)
    assert holding(world) == holding(world, "bravo") == second
    assert state(world, first) is CharterState.SUPERSEDED


def test_a_withdrawal_that_crosses_the_last_assent_is_judged_by_the_times() -> None:
    for withdrawn_first in (True, False):
        world = World()
        entry = propose(world)
        world.cut = True
        for is_withdrawal in (withdrawn_first, not withdrawn_first):
            world.later()
            if is_withdrawal:
                utter(world, entry, Word.WITHDRAW, "alpha")
            else:
                assent(world, entry)
        world.mend()
        world.later()
        wanted = CharterState.WITHDRAWN if withdrawn_first else CharterState.DENOUNCED
        assert [state(world, entry, name) for name in world.books] == [wanted] * 2
        assert len(spells_within(world.alpha, Mark.OPERATION, 0, 2**50)) == (not withdrawn_first)
        assert holding(world) is holding(world, "bravo") is None


def test_a_clock_that_was_put_back_moves_no_word_before_the_one_it_follows() -> None:
    world = World()
    world.later(HOUR_US)
    entry = propose(world)
    world.later(-30 * MINUTE_US)
    assent(world, entry)
    row = charter_of(world.alpha, entry)
    assert row.begins_ms == row.time_ms
    world.later(-20 * MINUTE_US)
    write(world, entry, Word.DENOUNCE, "bravo")
    assert row.ends_ms == row.begins_ms, "notice in the moment of its assent: it was never in force"
    assert not spells_within(world.alpha, Mark.OPERATION, 0, 2**50)
    world.later(HOUR_US)
    assert state(world, entry) is CharterState.DENOUNCED


def test_what_changes_within_a_period_is_told_in_order() -> None:
    world = World()
    agree(world)
    middle = world.later(HOUR_US)
    second = agree(world, "bravo")
    end = world.later(HOUR_US)
    utter(world, second, Word.DENOUNCE, "alpha")
    found = changes_within(world.alpha, Mark.OPERATION, START, end.plus(HOUR_US))
    assert found == [middle, end]
    assert changes_within(world.alpha, Mark.EXERCISE, START, end.plus(HOUR_US)) == found
    assert changes_within(world.alpha, Mark.OPERATION, middle, end) == []


def test_a_party_has_its_own_names_for_levels_while_the_charter_is_in_force() -> None:
    world = World()
    sides = [side("alpha", levels={"principal": "minister"}), side("bravo")]
    agree(world, sides=sides)
    alpha, bravo = world.origins["alpha"], world.origins["bravo"]
    assert own_levels(world.bravo, alpha, world.now) == {"principal": Level.MINISTER}
    assert own_levels(world.bravo, bravo, world.now) == {}
    assert own_levels(world.bravo, alpha, START.plus(-1000)) == {}


WORDS = ("propose", "later", "ahead", "assent", "refuse", "withdraw", "denounce", "back")
PARTIES = ("alpha", "bravo", "charlie")


def lived(events: list[tuple[str, str, int]]) -> World:
    """A line on which parties say what they please, past every check of the writer, with clocks that are put back."""
    world = World(members=3)
    made: list[str] = []
    for word, who, number in events:
        if word in ("later", "back"):
            world.later((number + 1) * MINUTE_US * (1 if word == "later" else -1))
        elif word in ("propose", "ahead"):
            more = {"valid_from": world.now.plus(5 * MINUTE_US).rfc3339()} if word == "ahead" else {}
            made.append(propose(world, who, **more))
        elif made:
            write(world, made[number % len(made)], Word[word.upper()], who)
    return world


events = st.lists(
    st.tuples(st.sampled_from((*WORDS, "assent", "assent")), st.sampled_from(PARTIES), st.integers(0, 5)), max_size=24
)


@given(events, st.randoms(use_true_random=False))
def test_in_whatever_order_it_arrives_the_same_charter_is_in_force_at_every_moment(
    said: list[tuple[str, str, int]], random: Random
) -> None:
    world = lived(said)
    other = world.new_book("bravo")
    left = {origin: list(entries) for origin, entries in world.logs.items()}
    while any(left.values()):
        origin = random.choice([one for one, rows in left.items() if rows])
        world.fold(other, [left[origin].pop(0)])
    assert other.digest() == world.alpha.digest()
    for minute in range(-60, 90):
        at = START.plus(minute * MINUTE_US)
        one, two = in_force(world.alpha, at), in_force(other, at)
        assert (one and one.place) == (two and two.place)
        for place, row in world.alpha.state(Charters).by_place.items():
            assert state_of(world.alpha, row, at) is state_of(other, other.state(Charters).by_place[place], at)


@given(events)
def test_no_assent_no_force_and_the_state_says_what_is_in_force(said: list[tuple[str, str, int]]) -> None:
    world = lived(said)
    book = world.alpha
    for minute in range(-60, 90):
        at = START.plus(minute * MINUTE_US)
        found = in_force(book, at)
        for row in book.state(Charters).by_place.values():
            assert (state_of(book, row, at) is CharterState.IN_FORCE) is (row is found)
        if found is not None:
            assented = {entry.origin for entry in _assents(world, found.place) if entry.leaf.time <= at}
            assert assented | {book.members[found.member]} == set(book.members)


def _assents(world: World, place: tuple[int, int]) -> list[Entry]:
    ref = world.alpha.ref(world.alpha.members[place[0]], place[1])
    body = pack(CharterAnswer(word=Word.ASSENT))
    faulty = {(fault.origin, fault.index) for fault in world.alpha.faults}
    return [
        entry
        for entries in world.logs.values()
        for entry in entries
        if entry.leaf.kind == CHARTER_ANSWER
        and entry.body == body
        and entry.leaf.refs == (ref,)
        and (entry.origin, entry.index) not in faulty
    ]


def test_every_order_of_three_logs_makes_the_same_book() -> None:
    world = World(members=3)
    entry = agree(world)
    world.later()
    utter(world, entry, Word.DENOUNCE, "charlie")
    for order in permutations(world.logs.values()):
        book = world.new_book()
        for entries in order:
            world.fold(book, entries)
        assert book.digest() == world.alpha.digest()
        found = in_force(book, START)
        assert found is not None
        assert found.place == (0, 0)


def test_who_leaves_ends_it_and_those_who_stay_agree_on_another() -> None:
    world = World(members=3)
    first = agree(world)
    world.later()
    left = world.later()
    world.say("charlie", "leave-line")
    assert holding(world) is None, "none holds for the two before they have assented to one"
    assert in_force(world.bravo, left.plus(-1000)) is charter_of(world.bravo, first), "what it was it stays"
    assert state(world, first) is CharterState.SUPERSEDED
    world.later()
    second = world.id(world.say("alpha", "propose-charter", **terms(2))[0])
    world.say("bravo", "answer-charter", entry=second, answer="assent")
    assert holding(world) == holding(world, "bravo") == second


def test_one_that_leaves_out_a_member_holds_only_once_that_member_has_left() -> None:
    world = World(members=3)
    entry = agree(world)
    body = msgspec.structs.replace(charter_body(world, entry), sides=charter_body(world, entry).sides[:2])
    world.put("alpha", [Draft(CHARTER, pack(body), "watch")])
    assent(world, "alpha:1", "bravo")
    world.later()
    assert holding(world) == entry, "who is left out has assented to nothing"
    world.say("charlie", "leave-line")
    assert holding(world) == holding(world, "bravo") == "alpha:1"


def test_a_word_that_was_said_before_its_charter_arrived_counts_when_it_does() -> None:
    world = World()
    entry = propose(world)
    assent(world, entry)
    book = world.new_book("bravo")
    world.fold(book, world.logs[world.origins["bravo"]])
    assert in_force(book, world.now) is None
    world.fold(book, world.logs[world.origins["alpha"]])
    assert in_force(book, world.now) is not None


def test_a_book_that_was_kept_goes_on_with_the_same_charter() -> None:
    world = World()
    entry = agree(world)
    world.later()
    waiting = propose(world, "bravo")
    kept = pickle.loads(pickle.dumps(world.alpha.kept()))
    book = world.new_book()
    book.take(kept)
    assert book.digest() == world.alpha.digest()
    row = in_force(book, world.now)
    assert row is not None
    assert row is charter_of(book, entry)
    (assented,) = world.say("alpha", "answer-charter", entry=waiting, answer="assent")
    world.fold(book, [assented])
    assert state_of(book, charter_of(book, entry), world.now) is CharterState.SUPERSEDED


def test_a_flood_of_proposals_does_not_slow_down_what_is_said_to_one() -> None:
    world = World()
    entry = agree(world)
    for _ in range(50):
        utter(world, propose(world), Word.WITHDRAW, "alpha")
    charters = world.bravo.state(Charters)
    assert (len(charters.by_place), [list(rows) for rows in charters.agreed.values()]) == (51, [[(0, 0)]])
    assert holding(world, "bravo") == entry

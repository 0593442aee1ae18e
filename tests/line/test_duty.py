"""What a node says by itself follows from book and facts, and once said it is not said again."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from openline.base.limits import BODY_BYTES_MAX, DOWN_AFTER_US, TEST_EVERY_US
from openline.base.schema import unpack
from openline.base.time import SECOND_US
from openline.line.duty import DRAFTS_MAX, SILENCE_LASTS_US, duties
from openline.line.linetest import TEST, TEST_ANSWER
from openline.line.silence import SILENCE, Cause, Facts, Silence, lasting
from openline.record.entry import Draft, Entry, Mark
from tests.line.world import START, World


def well(world: World, peer: str = "bravo") -> Facts:
    """The peer is heard just now, its console is lit."""
    return Facts(
        peer=world.origins[peer],
        watched_since=START,
        paths=("wan", "sat"),
        paths_up=2,
        heard=world.now,
        console=True,
        presence_since=START,
    )


def do(world: World, who: str, *facts: Facts, mark: Mark = Mark.OPERATION) -> list[Entry]:
    """Say all that is due; afterwards nothing is."""
    made = world.put(who, duties(world.books[who], facts, world.now, mark))
    assert duties(world.books[who], facts, world.now, mark) == []
    return made


def kinds(entries: list[Entry]) -> list[int]:
    return [entry.leaf.kind for entry in entries]


def silence(entry: Entry) -> Silence:
    return unpack(Silence, entry.body or b"", BODY_BYTES_MAX)


def proven() -> World:
    """Both have tested the line and answered, so that only silence is left to tell."""
    world = World()
    for who in ("alpha", "bravo", "alpha"):
        do(world, who)
    return world


def test_a_new_line_is_tested_and_answered_both_ways() -> None:
    world = World()
    assert kinds(do(world, "alpha", well(world))) == [TEST]
    assert kinds(do(world, "bravo", well(world, "alpha"))) == [TEST_ANSWER, TEST]
    assert kinds(do(world, "alpha", well(world))) == [TEST_ANSWER]
    assert kinds(do(world, "bravo", well(world, "alpha"))) == []


def test_it_is_tested_again_each_hour() -> None:
    world = proven()
    world.later(TEST_EVERY_US)
    assert kinds(do(world, "alpha", well(world))) == [TEST]


def test_a_suspended_line_is_still_tested() -> None:
    world = proven()
    world.say("bravo", "declare", status="suspended", reason="Talks broken off.")
    world.later(TEST_EVERY_US)
    assert TEST in kinds(do(world, "alpha", well(world)))


def test_under_emcon_the_node_says_nothing() -> None:
    world = World()
    world.say("bravo", "test")
    world.say("alpha", "declare", status="emcon", reason="Aircraft in the sector.")
    assert duties(world.alpha, [well(world)], world.now) == []
    world.say("alpha", "declare", status="resumed")
    assert kinds(do(world, "alpha", well(world))) == [TEST_ANSWER, TEST]


def test_a_peer_under_emcon_does_not_silence_us() -> None:
    world = World()
    world.say("bravo", "declare", status="emcon", reason="As ordered.")
    assert kinds(do(world, "alpha", well(world))) == [TEST]


def test_everything_under_an_exercise_clock_bears_its_mark() -> None:
    world = World()
    facts = replace(well(world), paths_up=0)
    world.later(DOWN_AFTER_US)
    made = do(world, "alpha", facts, mark=Mark.EXERCISE)
    assert kinds(made) == [TEST, SILENCE]
    assert {entry.leaf.mark for entry in made} == {Mark.EXERCISE}


def test_many_tests_are_answered_in_turns() -> None:
    world = proven()
    for _ in range(DRAFTS_MAX + 1):
        world.say("bravo", "test")
    first = world.put("alpha", duties(world.alpha, [], world.now))
    assert kinds(first) == [TEST_ANSWER] * DRAFTS_MAX
    assert kinds(do(world, "alpha")) == [TEST_ANSWER]


# Silence


def test_a_silence_that_lasts_is_put_on_record_with_its_cause_and_paths() -> None:
    world = proven()
    facts = replace(well(world), paths_up=0)
    began = world.now
    world.later(DOWN_AFTER_US - SECOND_US)
    assert do(world, "alpha", facts) == []
    world.later(SECOND_US)
    (entry,) = do(world, "alpha", facts)
    assert silence(entry) == Silence(
        cause=Cause.PATH_DOWN, since_ms=began.ms, peer="bravo.example", paths=("wan", "sat")
    )


def test_it_ends_when_the_peer_is_heard() -> None:
    world = proven()
    facts = replace(well(world), paths_up=0)
    began = world.now
    world.later(DOWN_AFTER_US)
    (begun,) = do(world, "alpha", facts)
    world.later()
    (ended,) = do(world, "alpha", well(world))
    assert ended.leaf.refs == (begun.ref,)
    assert silence(ended) == Silence(
        cause=Cause.PATH_DOWN, since_ms=began.ms, peer="bravo.example", until_ms=world.now.ms
    )
    assert lasting(world.bravo, world.origins["alpha"], "bravo.example") is None


def test_a_new_cause_ends_the_old_silence_and_begins_another_once_it_lasts() -> None:
    world = proven()
    facts = replace(well(world), paths_up=0)
    world.later(DOWN_AFTER_US)
    do(world, "alpha", facts)
    lit = replace(well(world), console=False, presence_since=world.now)
    world.later(SILENCE_LASTS_US - SECOND_US)
    assert do(world, "alpha", replace(lit, heard=world.now)) == []
    world.later(SECOND_US)
    ended, begun = do(world, "alpha", replace(lit, heard=world.now))
    assert silence(ended).until_ms == silence(begun).since_ms
    assert silence(begun).cause is Cause.CONSOLE_DARK


def test_a_restart_in_the_middle_of_a_silence_adds_nothing() -> None:
    world = proven()
    facts = replace(well(world), paths_up=0)
    world.later(DOWN_AFTER_US)
    do(world, "alpha", facts)
    world.later(10 * DOWN_AFTER_US)
    started = Facts(peer=world.origins["bravo"], watched_since=world.now.plus(-DOWN_AFTER_US), paths=("wan", "sat"))
    assert do(world, "alpha", started) == []


def test_right_after_a_restart_a_silence_on_record_is_not_ended_before_the_peer_is_heard() -> None:
    world = proven()
    world.later(DOWN_AFTER_US)
    do(world, "alpha", replace(well(world), paths_up=0, heard=START))
    world.later()
    assert do(world, "alpha", Facts(peer=world.origins["bravo"], watched_since=world.now)) == []


def test_a_declared_suspension_is_taken_from_the_book() -> None:
    world = proven()
    world.say("bravo", "declare", status="suspended", reason="Talks broken off.")
    world.later(SILENCE_LASTS_US)
    (entry,) = do(world, "alpha", well(world))
    assert silence(entry).cause is Cause.SUSPENDED


def test_each_peer_has_its_own_silence() -> None:
    world = World(3)
    facts = [replace(well(world, peer), paths_up=0) for peer in ("bravo", "charlie")]
    world.later(DOWN_AFTER_US)
    made = do(world, "alpha", *facts)
    assert [silence(entry).peer for entry in made if entry.leaf.kind == SILENCE] == ["bravo.example", "charlie.example"]


@given(st.lists(st.tuples(st.integers(0, 4_000), st.booleans(), st.booleans(), st.booleans()), max_size=25))
def test_whatever_happens_nothing_is_said_twice_and_one_silence_at_a_time(
    moments: list[tuple[int, bool, bool, bool]],
) -> None:
    world = World()
    facts = well(world)
    for seconds, heard, console, answers in moments:
        world.later(seconds * SECOND_US)
        facts = replace(facts, paths_up=int(heard), console=console)
        if heard:
            facts = replace(facts, heard=world.now, presence_since=world.now)
        do(world, "alpha", facts)
        begun = [entry for entry in world.logs[world.origins["alpha"]] if entry.leaf.kind == SILENCE]
        assert (
            sum(silence(entry).until_ms is None for entry in begun) - sum(bool(entry.leaf.refs) for entry in begun) <= 1
        )
        if answers:
            do(world, "bravo")


def test_no_draft_of_the_node_is_for_an_officer() -> None:
    world = World()
    drafts: list[Draft] = duties(world.alpha, [well(world)], world.now)
    assert {draft.desk for draft in drafts} == {"node"}

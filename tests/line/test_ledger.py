"""The ledger: both sides' statements of a silence side by side, and where one of them is missing."""

from __future__ import annotations

from openline.base.schema import pack
from openline.line.check import Form
from openline.line.ledger import Gap, ledger, missed_dates, skipped_dates, union, within_ms
from openline.line.silence import SILENCE, Cause, Silence
from openline.record.entry import Draft, Entry, Mark
from tests.line.world import START, World

LONG = 10**9


def silent(
    world: World, who: str, since: int, until: int | None, cause: Cause = Cause.PATH_DOWN, mark: Mark = Mark.OPERATION
) -> Entry:
    peer = "alpha.example" if who == "bravo" else "bravo.example"
    body = Silence(cause=cause, since_ms=since, peer=peer, until_ms=until)
    return world.put(who, [Draft(SILENCE, pack(body), "node", mark=mark)])[0]


def test_statements_that_meet_are_one_silence_and_their_difference_is_a_gap() -> None:
    world = World()
    silent(world, "alpha", 1000, 5000)
    silent(world, "bravo", 2000, 6000, Cause.NODE_DOWN)
    silent(world, "alpha", 9000, 9500)
    first, second = ledger(world.alpha, 0, LONG)
    assert (first.begin_ms, first.end_ms, first.silent_parties) == (1000, 6000, ())
    assert [row.cause for row in first.told] == [Cause.PATH_DOWN, Cause.NODE_DOWN]
    assert first.gaps == (Gap(1000, 2000, (0,)), Gap(5000, 6000, (1,)))
    assert (second.begin_ms, second.silent_parties, second.gaps) == (9000, (1,), (Gap(9000, 9500, (0,)),))


def test_a_silence_both_state_alike_has_no_gap() -> None:
    world = World()
    silent(world, "alpha", 1000, 3000)
    silent(world, "alpha", 3000, 5000, Cause.NODE_DOWN)
    silent(world, "bravo", 1000, 5000)
    (row,) = ledger(world.alpha, 0, LONG)
    assert (row.begin_ms, row.end_ms, row.gaps, len(row.told)) == (1000, 5000, (), 3)


def test_one_that_lasts_has_no_end() -> None:
    world = World()
    begun = silent(world, "alpha", 1000, None)
    (row,) = ledger(world.bravo, 0, 8000)
    assert (row.end_ms, row.gaps) == (None, (Gap(1000, 8000, (0,)),))
    body = Silence(cause=Cause.PATH_DOWN, since_ms=1000, peer="bravo.example", until_ms=4000)
    world.put("alpha", [Draft(SILENCE, pack(body), "node", (begun.ref,))])
    (row,) = ledger(world.bravo, 0, 8000)
    assert row.end_ms == 4000


def test_only_what_touches_the_period_and_bears_the_mark() -> None:
    world = World()
    silent(world, "alpha", 1000, 2000)
    silent(world, "alpha", 3000, 4000, mark=Mark.EXERCISE)
    silent(world, "alpha", 7000, 8000)
    assert [row.begin_ms for row in ledger(world.alpha, 1500, 7000)] == [1000]
    assert [row.begin_ms for row in ledger(world.alpha, 0, LONG, Mark.EXERCISE)] == [3000]


def test_a_silence_that_ends_before_it_begins_counts_as_none() -> None:
    world = World()
    silent(world, "alpha", 5000, 1000)
    (row,) = ledger(world.alpha, 0, LONG)
    assert (row.begin_ms, row.end_ms, row.gaps) == (5000, 5000, ())


def test_what_was_skipped_by_agreement_stands_apart_from_what_was_missed() -> None:
    world = World()
    for minute, word in ((0, "skip"), (1, "missed")):
        due = START.plus(minute * 60_000_000).rfc3339()
        for who in ("alpha", "bravo") if word == "skip" else ("alpha",):
            world.say(who, "check-date", form="text", due=due, word=word)
    period = (START.ms, START.ms + 120_000)
    assert skipped_dates(world.bravo, *period) == [(Mark.OPERATION, Form.TEXT, START.ms)]
    assert missed_dates(world.bravo, *period) == [(Mark.OPERATION, Form.TEXT, START.ms + 60_000)]
    assert missed_dates(world.bravo, *period, Mark.EXERCISE) == []


def test_time_is_counted_once() -> None:
    assert union([(5, 7), (1, 3), (2, 4), (4, 5)]) == [(1, 7)]
    assert within_ms([(1, 3), (2, 10), (20, 30)], 2, 25) == 8 + 5
    assert within_ms([], 0, 10) == 0

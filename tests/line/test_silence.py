"""Silence: each cause is told apart, in one order, and a silence on record begins and ends once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openline.base.limits import DOWN_AFTER_US
from openline.base.schema import pack
from openline.base.time import SECOND_US, Instant
from openline.line.silence import CAUSES, SILENCE, Cause, Facts, Silence, Silences, Verdict, classify, lasting
from openline.line.status import LineState
from openline.record.entry import Draft, Mark, Ref
from tests.line.world import START, World

NOW = START
EARLIER = NOW.plus(-2 * DOWN_AFTER_US)
WELL = Facts(
    peer="bravo.example/line/alpha-bravo",
    watched_since=EARLIER,
    paths=("wan", "sat"),
    paths_up=2,
    heard=NOW.plus(-SECOND_US),
    console=True,
    officer=True,
    presence_since=EARLIER,
)


def cause(facts: Facts) -> Cause | None:
    verdict = classify(facts, NOW)
    return None if verdict is None else verdict.cause


def test_a_peer_that_is_heard_with_a_lit_console_is_not_silent() -> None:
    assert classify(WELL, NOW) is None


@pytest.mark.parametrize(
    ("facts", "wanted", "since"),
    [
        (replace(WELL, paths_up=0, heard=EARLIER, reached=EARLIER), Cause.PATH_DOWN, EARLIER),
        (replace(WELL, paths_up=0, heard=None), Cause.PATH_DOWN, EARLIER),
        (replace(WELL, paths_up=0, heard=EARLIER, reached=NOW.plus(-5)), Cause.NODE_DOWN, EARLIER),
        (replace(WELL, paths_up=1, heard=EARLIER), Cause.NODE_DOWN, EARLIER),
        (replace(WELL, state=LineState.SUSPENDED, state_since=NOW), Cause.SUSPENDED, NOW),
        (replace(WELL, state=LineState.EMCON, state_since=NOW), Cause.SUSPENDED, NOW),
        (replace(WELL, declined_at=EARLIER), Cause.DECLINED, EARLIER),
        (replace(WELL, console=False), Cause.CONSOLE_DARK, EARLIER),
        (replace(WELL, rang_since=EARLIER), Cause.RANG_NO_ANSWER, EARLIER),
        (replace(WELL, state=LineState.DEGRADED, state_since=NOW), None, None),
        (replace(WELL, officer=False, linguist=False), None, None),
        (replace(WELL, console=False, presence_since=None), None, None),
    ],
)
def test_each_silence_has_its_cause(facts: Facts, wanted: Cause | None, since: Instant | None) -> None:
    assert classify(facts, NOW) == (None if wanted is None or since is None else Verdict(wanted, since))


def test_a_path_is_down_after_ninety_seconds_and_not_before() -> None:
    facts = replace(WELL, paths_up=0, heard=NOW, reached=NOW)
    assert classify(facts, NOW.plus(DOWN_AFTER_US - 1)) is None
    assert classify(facts, NOW.plus(DOWN_AFTER_US)) == Verdict(Cause.PATH_DOWN, NOW)


def test_the_causes_are_asked_in_one_order() -> None:
    """Everything is wrong at once; as each cause is mended, the next one is told."""
    facts = Facts(
        peer=WELL.peer,
        watched_since=EARLIER,
        heard=EARLIER,
        presence_since=EARLIER,
        rang_since=EARLIER,
        declined_at=EARLIER,
        state=LineState.SUSPENDED,
        state_since=EARLIER,
    )
    told = []
    for mended in (
        {"reached": NOW},
        {"heard": NOW},
        {"state": LineState.OPEN},
        {"declined_at": None},
        {"console": True},
        {"rang_since": None},
    ):
        told.append(cause(facts))
        facts = replace(facts, **mended)
    assert told == [cause for cause, _ in CAUSES]
    assert cause(facts) is None
    assert set(told) == set(Cause)


def test_a_suspension_does_not_explain_a_node_that_is_not_heard() -> None:
    facts = replace(WELL, heard=EARLIER, state=LineState.SUSPENDED, state_since=EARLIER)
    assert cause(facts) is Cause.NODE_DOWN


def test_a_ring_at_a_dark_console_rings_nobody() -> None:
    assert cause(replace(WELL, console=False, rang_since=EARLIER)) is Cause.CONSOLE_DARK


# On record


def draft(until_ms: int | None = None, refs: tuple[Ref, ...] = (), mark: Mark = Mark.OPERATION) -> Draft:
    body = Silence(cause=Cause.NODE_DOWN, since_ms=5_000, peer="bravo.example", until_ms=until_ms, paths=("wan",))
    return Draft(SILENCE, pack(body), "node", refs, mark=mark)


def test_a_silence_begins_and_ends() -> None:
    world = World()
    (begun,) = world.put("alpha", [draft()])
    row = lasting(world.bravo, world.origins["alpha"], "bravo.example")
    assert row is not None
    assert (row.cause, row.since, row.until_ms) == (Cause.NODE_DOWN, Instant.from_ms(5_000), None)
    world.put("alpha", [draft(9_000, (begun.ref,))])
    assert lasting(world.bravo, world.origins["alpha"], "bravo.example") is None
    assert world.bravo.state(Silences).by_place[world.origins["alpha"], 0].until_ms == 9_000
    assert [change.what for change in world.changes] == ["begun", "begun", "ended", "ended"]


def test_a_silence_may_be_told_whole_afterwards() -> None:
    world = World()
    world.put("alpha", [draft(9_000)])
    assert lasting(world.alpha, world.origins["alpha"], "bravo.example") is None
    assert world.changes[0].what == "told"


def test_silences_are_told_apart_by_who_tells_whom_and_mark() -> None:
    world = World()
    world.put("alpha", [draft(mark=Mark.EXERCISE)])
    alpha, bravo = world.origins["alpha"], world.origins["bravo"]
    assert lasting(world.alpha, alpha, "bravo.example") is None
    assert lasting(world.alpha, alpha, "bravo.example", Mark.EXERCISE) is not None
    assert lasting(world.alpha, alpha, "charlie.example", Mark.EXERCISE) is None
    assert lasting(world.alpha, bravo, "bravo.example", Mark.EXERCISE) is None


def test_an_end_without_its_beginning_is_a_fault() -> None:
    world = World()
    (begun,) = world.put("alpha", [draft()])
    message = world.entry(world.send("alpha"))
    world.put("alpha", [draft(9_000, (message.ref,))])
    world.put("alpha", [draft(9_000, (begun.ref,), Mark.EXERCISE)])
    world.put("alpha", [draft(9_000, (replace(begun.ref, leaf_hash=bytes(32)),))])
    world.put("alpha", [draft(None, (begun.ref,))])
    world.put("bravo", [draft(9_000, (begun.ref,))])
    assert [fault for fault in world.faults() if fault[1] == "fault-silence-end"] == [
        ("alpha:2", "fault-silence-end"),
        ("alpha:3", "fault-silence-end"),
        ("alpha:4", "fault-silence-end"),
        ("alpha:5", "fault-silence-end"),
        ("bravo:0", "fault-silence-end"),
    ]
    assert lasting(world.alpha, world.origins["alpha"], "bravo.example") is not None

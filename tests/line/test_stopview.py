"""How a STOP is shown: the same clock at both ends, who it was, and every answer."""

from __future__ import annotations

from openline.base.time import SECOND_US
from openline.line.stopview import StopView, stops_of
from openline.record.entry import Entry
from tests.line.world import World


def shown(world: World, who: str) -> list[StopView]:
    def text(origin: str, index: int) -> Entry:
        return world.logs[origin][index]

    return stops_of(world.books[who], text, world.now)


def test_both_ends_show_the_same() -> None:
    world = World()
    notice = world.send("bravo", "Our column stands at the bridge.")
    stop = world.id(world.say("alpha", "stop", about=notice, text="Votre tir nous touche.", language="fr")[0])
    world.say("alpha", "tap", entry=stop, by="watch-2")
    world.later(12 * SECOND_US)
    assert shown(world, "alpha") == shown(world, "bravo")
    (view,) = shown(world, "bravo")
    assert (view.id, view.about, view.text, view.language, view.standing) == (
        stop,
        notice,
        "Votre tir nous touche.",
        "fr",
        True,
    )
    assert [(side.party, side.state, side.clock_s, side.answers) for side in view.sides] == [
        ("bravo", "STANDING", 12.0, ())
    ]
    assert [tap.by for tap in view.taps] == ["watch-2"]


def test_the_clock_stands_at_the_first_answer_and_all_answers_are_shown() -> None:
    world = World()
    stop = world.id(world.say("alpha", "stop", place="bridge")[0])
    world.later(3 * SECOND_US)
    answer = world.id(world.say("bravo", "answer-stop", entry=stop, answer="unable")[0])
    world.say("bravo", "tap", entry=answer, by="watch-1")
    world.later()
    world.say("bravo", "answer-stop", entry=stop, answer="stopped")
    (view,) = shown(world, "alpha")
    (side,) = view.sides
    assert (view.standing, side.state, side.clock_s) == (False, "STOPPED", 3.0)
    assert [one.answer for one in side.answers] == ["UNABLE", "STOPPED"]
    assert [tap.by for tap in side.answers[0].taps] == ["watch-1"]


def test_those_that_stand_come_first() -> None:
    world = World()
    for _ in range(3):
        world.say("alpha", "stop", place="bridge")
        world.later()
    world.say("bravo", "answer-stop", entry="alpha:2", answer="not-ours")
    assert [view.id for view in shown(world, "bravo")] == ["alpha:1", "alpha:0", "alpha:2"]

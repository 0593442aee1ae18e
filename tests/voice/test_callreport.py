"""Calls in the monthly report: who rang, who answered, how fast; exercises apart."""

from __future__ import annotations

from openline.line.report import CallsRow, Speed, month_of
from openline.line.standard import standard
from openline.record.entry import Mark
from openline.voice.call import CALL_KIND, STEP_KIND
from openline.voice.callreport import calls_of
from tests.line.world import World

MONTH = month_of("2026-11")


def test_who_rang_who_answered_and_how_fast() -> None:
    world = World(registry=standard((CALL_KIND, STEP_KIND)))
    for seconds in (4, 9, None):
        call = world.id(world.say("alpha", "ring")[0])
        if seconds is not None:
            world.later(seconds * 1_000_000)
            world.say("bravo", "call", call=call, step="answered")
        world.say("alpha", "call", call=call, step="left")
    world.say("bravo", "ring", mark=Mark.EXERCISE)
    wanted = [CallsRow("alpha.example", "bravo.example", 3, Speed(2, 4000, 9000))]
    assert calls_of(world.alpha, MONTH, Mark.OPERATION) == wanted == calls_of(world.bravo, MONTH, Mark.OPERATION)
    assert calls_of(world.alpha, MONTH, Mark.EXERCISE) == [CallsRow("bravo.example", "alpha.example", 1, Speed(0))]
    assert calls_of(world.alpha, month_of("2026-10"), Mark.OPERATION) == []

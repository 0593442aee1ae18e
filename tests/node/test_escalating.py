"""A watch that is late: what its own node writes, and the alarm of a STOP at both ends of a real line."""

from __future__ import annotations

import asyncio

from openline.base.time import MINUTE_US, SECOND_US
from openline.line.escalation import ESCALATION_KIND
from tests.node.houses import LINE, OFFICER, MemoryNode, both, played, settled


def kinds(node: MemoryNode) -> list[int]:
    """The kinds of our own entries."""
    return [entry.leaf.kind for entry in node.memory.entries(node.keeper.own.origin, 0, 1_000)]


def test_a_watch_that_is_late_is_written_to_its_own_record_step_by_step() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        await alpha.say("now", precedence="flash")
        await asyncio.sleep(3 * MINUTE_US / SECOND_US + 5)
        assert kinds(bravo).count(ESCALATION_KIND) == 1
        await asyncio.sleep(20 * MINUTE_US / SECOND_US)
        assert (kinds(alpha).count(ESCALATION_KIND), kinds(bravo).count(ESCALATION_KIND)) == (0, 4)

    played(story())


def test_a_stop_stands_as_an_alarm_at_both_ends_and_on_the_record_of_who_has_not_answered() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        said = await alpha.say(None, "stop", place="the bridge")
        await asyncio.sleep(2)
        for node, condition in ((alpha, "stop-unanswered"), (bravo, "stop-standing")):
            (alarm,) = node.desk.status("en").lines[0].alarms
            assert (alarm.condition, alarm.precedence, alarm.wake) == (
                condition,
                "FLASH",
                ("positions", "supervisor", "voice"),
            )
        assert ESCALATION_KIND in kinds(bravo)
        assert alpha.desk.stops(OFFICER, None) == bravo.desk.stops(OFFICER, LINE)
        await bravo.say(None, "answer-stop", entry=said.ids[0], answer="stopped")
        await settled(alpha, bravo)
        assert [alarm for node in (alpha, bravo) for alarm in node.desk.status("en").lines[0].alarms] == []
        assert [view.standing for view in alpha.desk.stops(OFFICER, None)] == [False]

    played(story())

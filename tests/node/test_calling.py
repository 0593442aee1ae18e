"""The desk's telephone: lists, and what listeners hear of calls and legs, each in the listener's own language."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from openline.base.errors import UsageError
from openline.media.words import Figures
from openline.node.views import CallSeatView, CallView, EventView, Officer
from tests.node.houses import BRAVO, LINE, House, played, singly, started, until
from tests.node.voices import Floor, floors, known, up


async def heard_of(floor: Floor, language: str = "en") -> list[EventView]:
    """What a listener of this language hears of calls and legs, from now on."""
    events = singly(floor.node.desk.events(None, language))
    told: list[EventView] = []

    async def listen() -> None:
        async for event in events:
            if event.type in ("call", "leg"):
                told.append(event)

    floor.node.tasks.spawn(listen(), "listener")
    await asyncio.sleep(0.01)
    return told


def call_in(event: EventView) -> CallView:
    """The call that an event tells of."""
    return msgspec.convert(event.data, CallView)


def states(told: list[EventView]) -> list[object]:
    return list(dict.fromkeys(event.data["state"] for event in told if event.type == "call"))


def test_a_listener_hears_every_change_of_a_call_as_a_whole() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        told = await heard_of(bravo)
        call = await up(alpha, bravo)
        alpha.gate(call, is_open=True)
        await until(lambda: bool(told) and call_in(told[-1]).parts[0].speaking == ("watch",))
        await alpha.step(call, "left")
        await until(lambda: states(told)[-1:] == ["ended"])
        assert states(told) == ["ringing-in", "up", "ended"]
        last = told[-1]
        assert (last.line, last.data["id"], last.data["text"]) == (LINE, call, "alpha has left the call.")

    played(story())


def test_live_changes_are_told_at_once_and_before_the_record_holds_them() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        told = await heard_of(alpha)
        alpha.node.commits.hold = alpha.node.commits.busy = True
        alpha.gate(call, is_open=True)
        await asyncio.sleep(0.01)
        assert call_in(told[-1]).seats == (CallSeatView("watch", 1, "browser", True),)
        alpha.tell(Figures(LINE, BRAVO, 50, 1, (0,)))
        await asyncio.sleep(0.01)
        assert call_in(told[-1]).sound[0].frames == 50
        alpha.node.commits.hold = alpha.node.commits.busy = False
        alpha.node.commits.release()

    played(story())


def test_each_listener_is_told_in_its_own_language() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        english, french = await heard_of(alpha), await heard_of(alpha, "fr")
        await alpha.leg()
        alpha.phone.session_ended("watch")
        await until(lambda: len(english) == len(french) > 1)
        assert str(english[-1].data["text"]).startswith("The session of the console")
        assert str(french[-1].data["text"]).startswith("La session de la console")
        del bravo

    played(story())


def test_a_listener_that_is_slow_hears_the_newest_state_and_no_old_one() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        events = singly(alpha.node.desk.events(None, "en"))
        assert (await anext(events)).type == "beat"
        alpha.gate(call, is_open=True)
        alpha.gate(call, is_open=False)
        first = await anext(events)
        assert first.type == "call"
        assert not call_in(first).seats[0].gate_open
        await events.aclose()

    played(story())


def test_a_leg_whose_end_is_long_past_is_told_no_more() -> None:
    async def story() -> None:
        alpha, _ = await floors()
        assert alpha.node.desk.rendered(EventView(1, "leg", "", {"leg": 99}), "en") is None

    played(story())


def test_calls_are_listed_newest_first_by_line_and_as_many_as_asked() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        calls: list[str] = []
        for _ in range(4):
            calls.insert(0, await alpha.ring())
            await known(calls[0], bravo)
            await alpha.step(calls[0], "left")
            await asyncio.sleep(1)
        who = alpha.officer()
        assert [view.id for view in bravo.node.desk.calls(who, LINE, open_only=False, count=9)] == calls
        assert [view.id for view in bravo.node.desk.calls(who, None, open_only=False, count=2)] == calls[:2]
        assert bravo.node.desk.calls(who, None, open_only=True, count=9) == []
        with pytest.raises(UsageError, match="line-unknown"):
            bravo.node.desk.calls(who, "nowhere", open_only=True, count=9)

    played(story())


def test_looking_needs_to_be_allowed_to_read() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        nobody = Officer("clerk", frozenset({"call"}), session="watch")
        for look in (
            lambda: alpha.node.desk.calls(nobody, None, open_only=False, count=1),
            lambda: alpha.node.desk.call(nobody, None, call),
            lambda: alpha.node.desk.legs(nobody),
        ):
            with pytest.raises(UsageError, match="not-allowed"):
                look()
        reader = Officer("watch", frozenset({"read"}), session="watch")
        for act in (
            lambda: alpha.node.desk.gate(reader, None, call, is_open=True),
            lambda: alpha.node.desk.close_leg(reader, 1),
        ):
            with pytest.raises(UsageError, match="not-allowed"):
                act()
        assert alpha.gates == []

    played(story())


def test_a_node_without_calls_lists_none() -> None:
    async def story() -> None:
        node = await started(House("alpha.example"))
        assert node.desk.calls(Officer("w", frozenset({"read"})), None, open_only=False, count=9) == []
        assert node.desk.status("en").voice.state == "off"

    played(story())

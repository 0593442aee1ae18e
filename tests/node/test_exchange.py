"""The calls of a node, between the book and the voice process: rung, joined, missed, lost and back, started anew."""

from __future__ import annotations

import asyncio

import pytest

from openline.base.errors import UsageError
from openline.base.limits import CALL_ALONE_US, CALL_SOUND_LOST_AFTER_US
from openline.base.time import SECOND_US
from openline.media.words import CallIs, CallOver, RecordIs, RingPhones, SeatRow, StopPhones
from openline.node.exchange import tag_of
from openline.record.entry import Mark
from tests.node.houses import (
    ALPHA,
    BRAVO,
    CHARLIE,
    CONFIG,
    LINE,
    House,
    connect,
    heard,
    opened,
    played,
    started,
    until,
)
from tests.node.voices import ANSWERING, Floor, floors, known, up

TRIO = (ALPHA, BRAVO, CHARLIE)
ALONE_S = CALL_ALONE_US / SECOND_US


async def three() -> tuple[Floor, Floor, Floor]:
    """Three headquarters on one line, each hearing both others."""
    nodes = [await started(House(party, TRIO)) for party in TRIO]
    made = [Floor(node) for node in nodes]
    line = nodes[0].keeper.setup.line
    for near, far in ((0, 1), (0, 2), (1, 2)):
        connect(nodes[near], nodes[far], line=line)
    await heard(*nodes)
    await opened(*nodes)
    return made[0], made[1], made[2]


async def started_again(floor: Floor) -> Floor:
    """The same house after its node has been killed and started again; nobody hears it yet."""
    return Floor(await started(floor.node.house))


# Rung, answered, spoken in, left


def test_a_call_is_rung_answered_spoken_in_and_left() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        assert alpha.view(call).state == bravo.view(call).state == "up"
        tag = alpha.calls[-1].tag
        assert alpha.calls[-1] == CallIs(1, LINE, tag, (BRAVO,), (SeatRow(1),))
        assert bravo.calls[-1] == CallIs(1, LINE, tag, (ALPHA,), (SeatRow(1),))
        alpha.gate(call, is_open=True)
        await until(lambda: bravo.view(call).parts[0].speaking == ("watch",))
        alpha.gate(call, is_open=False)
        await until(lambda: bravo.view(call).parts[0].speaking == ())
        await bravo.step(call, "left")
        await until(lambda: alpha.view(call).state == "ended")
        assert [floor.voice.said(CallOver) for floor in (alpha, bravo)] == [[CallOver(1)], [CallOver(1)]]
        assert alpha.view(call).cause == "call-left"
        assert alpha.steps() == [("GATE_OPENED", "watch", ""), ("GATE_CLOSED", "watch", "")]

    played(story())


def test_what_is_said_of_a_call_is_said_once_and_again_only_when_it_changes() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        await up(alpha, bravo)
        told = len(alpha.calls)
        await asyncio.sleep(30)
        assert len(alpha.calls) == told

    played(story())


def test_who_leaves_while_speaking_is_silent_and_the_record_needs_no_second_word_for_it() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        alpha.gate(call, is_open=True)
        await alpha.step(call, "left")
        await until(lambda: bravo.view(call).state == "ended")
        await asyncio.sleep(2)
        assert [what for what, _, _ in alpha.steps()] == ["GATE_OPENED", "LEFT"]
        assert bravo.node.keeper.book.faults == []

    played(story())


def test_on_a_slow_disk_the_node_says_what_is_due_once() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await alpha.ring()
        await known(call, bravo)
        await asyncio.sleep(43)
        bravo.node.commits.hold = bravo.node.commits.busy = True
        await asyncio.sleep(10)
        assert bravo.steps() == []
        bravo.node.commits.hold = bravo.node.commits.busy = False
        bravo.node.commits.release()
        await until(lambda: alpha.view(call).state == "ended")
        await asyncio.sleep(2)
        assert bravo.steps() == [("MISSED", "node", "call-missed")]

    played(story())


def test_a_browser_that_comes_back_sits_in_the_same_call_at_once() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        alpha.hang_up(1, "leg-consent-expired")
        assert alpha.calls[-1].seats == ()
        leg = await alpha.leg("watch", "the same officer, again")
        assert alpha.calls[-1] == CallIs(1, LINE, alpha.calls[0].tag, (BRAVO,), (SeatRow(leg),))
        assert alpha.view(call).state == "up"

    played(story())


def test_two_officers_who_press_answer_at_once_are_both_in() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        await bravo.leg("watch")
        await bravo.leg("ops")
        call = await alpha.ring()
        await known(call, bravo)
        await asyncio.gather(bravo.step(call, "answered"), bravo.step(call, "answered", desk="ops"))
        await until(lambda: len(alpha.call(call).parts[1].desks) == 2)
        assert [row.leg for row in bravo.calls[-1].seats] == [1, 2]
        assert bravo.node.keeper.book.faults == []

    played(story())


def test_an_answer_after_the_end_is_refused_and_one_on_its_way_then_changes_nothing() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await alpha.ring()
        await known(call, bravo)
        await asyncio.gather(alpha.step(call, "left"), bravo.step(call, "answered"))
        await until(lambda: alpha.open == bravo.open == [])
        with pytest.raises(UsageError, match="call-step-not-possible"):
            await bravo.step(call, "answered")
        assert alpha.view(call).state == bravo.view(call).state == "ended"
        assert alpha.node.keeper.book.digest() == bravo.node.keeper.book.digest()

    played(story())


def test_who_rings_while_a_call_is_under_way_is_told_which() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await alpha.ring()
        await known(call, bravo)
        for floor in (alpha, bravo):
            with pytest.raises(UsageError, match=f"call-under-way.*{call}"):
                await floor.ring()
        exercise = await bravo.ring(mark="EXERCISE")
        await known(exercise, alpha)
        assert {view.mark for view in alpha.node.desk.calls(alpha.officer(), LINE, open_only=True, count=9)} == {
            "OPERATION",
            "EXERCISE",
        }
        assert len({word.tag for word in alpha.calls}) == 2

    played(story())


def test_a_suspended_line_takes_a_call_and_a_silent_party_says_nothing_by_itself() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        await alpha.node.say(None, "declare", status="suspended", reason="drill")
        await bravo.node.say(None, "declare", status="emcon", reason="silence")
        call = await alpha.ring()
        await known(call, bravo)
        await asyncio.sleep(60)
        assert bravo.view(call).state == "ringing-in"
        assert bravo.steps() == []
        await bravo.step(call, "answered")
        await until(lambda: alpha.view(call).state == "up")

    played(story())


# Not answered


def test_a_call_that_nobody_answers_is_missed_after_its_time() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await alpha.ring()
        await known(call, bravo)
        await asyncio.sleep(43)
        assert alpha.view(call).state == "ringing-out"
        await asyncio.sleep(4)
        assert bravo.steps() == [("MISSED", "node", "call-missed")]
        assert (alpha.view(call).state, alpha.view(call).cause) == ("ended", "call-missed")
        assert alpha.view(call).text.startswith("Nobody answered in time")

    played(story())


def test_a_call_that_everybody_with_sound_declines_rings_no_longer() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        await bravo.leg("watch")
        await bravo.leg("ops")
        call = await alpha.ring()
        await known(call, bravo)
        await bravo.step(call, "declined")
        await asyncio.sleep(5)
        assert alpha.view(call).state == "ringing-out"
        await bravo.step(call, "declined", desk="ops")
        await until(lambda: alpha.view(call).state == "ended")
        assert alpha.view(call).cause == "call-declined"

    played(story())


def test_desk_phones_ring_at_once_where_no_browser_has_sound() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await alpha.ring()
        await known(call, bravo)
        number = bravo.calls[-1].number
        assert bravo.voice.said(RingPhones) == [RingPhones(number, "alpha")]
        assert alpha.voice.said(RingPhones) == []
        await bravo.step(call, "answered")
        assert bravo.voice.said(StopPhones) == [StopPhones(number)]

    played(story())


def test_desk_phones_are_a_second_bell_where_a_browser_has_sound() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        await bravo.leg()
        call = await alpha.ring()
        await known(call, bravo)
        await asyncio.sleep(28)
        assert bravo.voice.said(RingPhones) == []
        await asyncio.sleep(4)
        assert len(bravo.voice.said(RingPhones)) == 1
        await alpha.step(call, "left")
        await until(lambda: bravo.voice.said(StopPhones) != [])
        assert len(bravo.voice.said(RingPhones)) == len(bravo.voice.said(StopPhones)) == 1

    played(story())


def test_a_call_in_which_nobody_of_ours_has_sound_is_left_after_ten_minutes() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        await asyncio.sleep(2 * ALONE_S)
        assert alpha.view(call).state == "up"
        alpha.hang_up(1)
        await asyncio.sleep(ALONE_S - 5)
        assert alpha.view(call).state == "up"
        await asyncio.sleep(10)
        assert alpha.steps()[-1] == ("LEFT", "node", "call-nobody-left")
        assert bravo.view(call).cause == "call-nobody-left"

    played(story())


# Both ring at once


def cut_and_rung(first: str) -> list[tuple[str, str]]:
    """Both ring while nothing passes between them, `first` first; then they hear each other. What each party says."""

    async def story() -> list[tuple[str, str]]:
        nodes = await started(House(ALPHA)), await started(House(BRAVO))
        floor = {"alpha": Floor(nodes[0]), "bravo": Floor(nodes[1])}
        rung = {first: await floor[first].ring("ops")}
        await asyncio.sleep(1)
        second = "bravo" if first == "alpha" else "alpha"
        rung[second] = await floor[second].ring("watch")
        connect(*nodes)
        await heard(*nodes)
        await until(lambda: floor["bravo"].view(rung["alpha"]).state == "up")
        await until(lambda: len(floor["alpha"].open) == 1)
        for one in floor.values():
            assert one.view(rung["alpha"]).state == "up"
            assert (one.view(rung["bravo"]).state, one.view(rung["bravo"]).cause) == ("ended", "call-glare")
            assert one.voice.said(RingPhones) == []
        assert floor["alpha"].steps() == []
        assert nodes[0].keeper.book.digest() == nodes[1].keeper.book.digest()
        return [(what, desk) for what, desk, _ in floor["bravo"].steps()]

    return played(story())


@pytest.mark.parametrize(("first", "desk"), [("alpha", "watch"), ("bravo", "ops")])
def test_two_that_ring_each_other_are_joined_in_the_call_of_whoever_sorts_first(first: str, desk: str) -> None:
    assert cut_and_rung(first) == [("LEFT", "node"), ("ANSWERED", desk)]


def test_a_call_of_another_mark_joins_nothing() -> None:
    async def story() -> None:
        nodes = await started(House(ALPHA)), await started(House(BRAVO))
        alpha, bravo = Floor(nodes[0]), Floor(nodes[1])
        await alpha.ring()
        await bravo.ring(mark="EXERCISE")
        connect(*nodes)
        await until(lambda: len(alpha.open) == len(bravo.open) == 2)
        await asyncio.sleep(5)
        assert bravo.steps() == []

    played(story())


def test_an_answer_that_crosses_the_joining_leaves_both_in_one_call() -> None:
    """Alpha's officer answers bravo's call, while bravo's node leaves it for alpha's."""

    async def story() -> None:
        nodes = await started(House(ALPHA)), await started(House(BRAVO))
        alpha, bravo = Floor(nodes[0]), Floor(nodes[1])
        won, lost = await alpha.ring(), await bravo.ring()
        nodes[1].commits.hold = nodes[1].commits.busy = True
        connect(*nodes)
        await known(lost, alpha)
        await alpha.step(lost, "answered")
        assert bravo.steps() == []
        nodes[1].commits.hold = nodes[1].commits.busy = False
        nodes[1].commits.release()
        await known(won, bravo)
        await until(lambda: alpha.view(won).state == bravo.view(won).state == "up")
        assert alpha.view(lost).state == bravo.view(lost).state == "ended"
        assert nodes[0].keeper.book.digest() == nodes[1].keeper.book.digest()

    played(story())


# Sound, and who carries it


def test_sound_that_is_gone_for_a_moment_is_no_entry_and_for_longer_it_is() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        alpha.sound(lost=True)
        assert alpha.view(call).sound[0].lost
        await asyncio.sleep(0.5)
        alpha.sound(lost=False)
        await asyncio.sleep(5)
        assert alpha.steps() == []
        alpha.sound(lost=True)
        await asyncio.sleep(CALL_SOUND_LOST_AFTER_US / SECOND_US + 0.1)
        assert alpha.steps() == [("SOUND_LOST", "node", "call-no-path")], (
            "it is told when it is due, not a second later"
        )
        await asyncio.sleep(3)
        part = bravo.view(call).parts[0]
        assert part.lost_at is not None
        assert part.text.startswith("No path carries sound.")
        alpha.sound(lost=False)
        await until(lambda: len(alpha.steps()) == 2)
        await until(lambda: bravo.view(call).parts[0].lost_at is None)
        assert alpha.steps()[1] == ("SOUND_BACK", "node", "")
        assert alpha.view(call).state == "up"

    played(story())


def test_a_node_that_carries_no_sound_says_so_of_itself() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        bravo.voice.state = "off"
        bravo.phone.gone()
        call = await up_without_sound(alpha, bravo)
        await asyncio.sleep(4)
        assert bravo.steps()[-1] == ("SOUND_LOST", "node", "call-no-voice")
        assert alpha.view(call).parts[1].text.startswith("That side carries no sound.")

    played(story())


async def up_without_sound(alpha: Floor, bravo: Floor) -> str:
    call = await alpha.ring()
    await known(call, bravo)
    await bravo.step(call, "answered")
    await until(lambda: alpha.view(call).state == "up")
    return call


def test_a_voice_process_that_dies_closes_gates_and_the_next_is_told_everything() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        alpha.gate(call, is_open=True)
        alpha.voice.state = "starting"
        alpha.phone.gone()
        assert alpha.view(call).seats == ()
        assert alpha.found(1).reason == "call-voice-ended"  # type: ignore[union-attr] # a leg that has ended is shown
        await asyncio.sleep(4)
        assert alpha.steps()[1:] == [
            ("GATE_CLOSED", "watch", "call-leg-over"),
            ("SOUND_LOST", "node", "call-voice-ended"),
        ]
        alpha.voice.state = "running"
        alpha.voice.words.clear()
        alpha.phone.ready()
        (said,) = alpha.calls
        assert (said.number, said.peers, said.seats) == (1, (BRAVO,), ())
        alpha.sound(lost=False)
        leg = await alpha.leg()
        alpha.gate(call, is_open=True)
        assert alpha.calls[-1].seats == (SeatRow(leg),)
        await until(lambda: bravo.view(call).parts[0].speaking == ("watch",))
        assert alpha.view(call).state == "up"

    played(story())


def test_a_node_that_was_killed_in_a_call_goes_on_with_it() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        alpha.gate(call, is_open=True)
        await until(lambda: bravo.view(call).parts[0].speaking == ("watch",))
        again = await started_again(alpha)
        assert [(word.peers, word.seats) for word in again.calls] == []
        again.phone.ready()
        assert [(word.peers, word.seats) for word in again.calls] == [((BRAVO,), ())]
        leg = await again.leg()
        assert again.calls[-1].seats == (SeatRow(leg),)
        assert again.steps()[-1] == ("GATE_OPENED", "watch", "")
        connect(again.node, bravo.node)
        await heard(again.node)
        again.sound(lost=False)
        await until(lambda: again.steps()[-1] == ("GATE_CLOSED", "watch", "call-node-restarted"))
        await until(lambda: bravo.view(call).parts[0].speaking == ())
        assert bravo.view(call).state == again.view(call).state == "up"

    played(story())


def test_what_rang_while_the_node_was_away_rings_only_for_the_rest_of_its_time() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await alpha.ring()
        await known(call, bravo)
        bravo.node.stop()
        await asyncio.sleep(40)
        again = await started_again(bravo)
        connect(alpha.node, again.node)
        await heard(again.node)
        await asyncio.sleep(3)
        assert again.view(call).state == "ringing-in"
        await asyncio.sleep(4)
        assert again.steps() == [("MISSED", "node", "call-missed")]

    played(story())


def test_nothing_is_said_by_itself_from_an_old_copy_of_the_disk() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        again = await started_again(alpha)
        again.sound(lost=True)
        await asyncio.sleep(10)
        assert again.steps() == []
        assert again.view(call).state == "up"

    played(story())


def test_a_call_is_recorded_while_everybody_agrees() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        await alpha.step(call, "recording-agreed")
        assert alpha.voice.said(RecordIs) == []
        await bravo.step(call, "recording-agreed")
        await until(lambda: [word.on for word in alpha.voice.said(RecordIs)] == [True])
        assert bravo.voice.said(RecordIs)[0].call == bravo.calls[-1].number
        alpha.phone.gone()
        alpha.phone.ready()
        assert [word.on for word in alpha.voice.said(RecordIs)] == [True, True]
        await bravo.step(call, "recording-withdrawn")
        await until(lambda: [word.on for word in alpha.voice.said(RecordIs)] == [True, True, False])

    played(story())


# The answering position


def test_a_line_check_by_voice_is_answered_by_the_node_and_ends_with_the_caller() -> None:
    async def story() -> None:
        alpha, bravo = await floors(ANSWERING)
        await alpha.leg()
        await bravo.leg()
        call = await alpha.ring(action=("line-check",))
        await until(lambda: alpha.view(call).state == "up")
        assert bravo.steps() == [("ANSWERED", "line-check", "")]
        assert bravo.voice.said(RingPhones) == []
        assert (bravo.calls[-1].answering, bravo.calls[-1].seats) == (True, ())
        assert not alpha.calls[-1].answering
        await asyncio.sleep(2 * ALONE_S)
        assert alpha.view(call).state == "up"
        await alpha.step(call, "left")
        await until(lambda: bravo.view(call).state == "ended")
        assert len(bravo.steps()) == 1

    played(story())


@pytest.mark.parametrize("reason", ["switched off", "no voice process"])
def test_a_line_check_rings_people_where_the_node_cannot_answer_it(reason: str) -> None:
    async def story() -> None:
        alpha, bravo = await floors(CONFIG if reason == "switched off" else ANSWERING)
        bravo.voice.state = "running" if reason == "switched off" else "off"
        call = await alpha.ring(action=("line-check",))
        await known(call, bravo)
        await asyncio.sleep(5)
        assert bravo.view(call).state == "ringing-in"
        assert len(bravo.voice.said(RingPhones)) == 1

    played(story())


# Three parties


def test_a_call_of_three_goes_on_when_one_leaves() -> None:
    async def story() -> None:
        alpha, bravo, charlie = await three()
        call = await alpha.ring()
        await known(call, bravo, charlie)
        await bravo.step(call, "answered")
        await charlie.step(call, "answered")
        await until(lambda: alpha.calls[-1].peers == (BRAVO, CHARLIE))
        assert len({floor.calls[-1].tag for floor in (alpha, bravo, charlie)}) == 1
        await alpha.step(call, "left")
        await until(lambda: bravo.calls[-1].peers == (CHARLIE,))
        assert (alpha.view(call).state, bravo.view(call).state) == ("ended", "up")
        assert alpha.voice.said(CallOver) != []
        await alpha.leg()
        with pytest.raises(UsageError, match="gate-not-possible"):
            alpha.gate(call, is_open=True)

    played(story())


def test_sound_is_lost_only_when_none_passes_to_anybody() -> None:
    async def story() -> None:
        alpha, bravo, charlie = await three()
        call = await alpha.ring()
        await known(call, bravo, charlie)
        await bravo.step(call, "answered")
        await charlie.step(call, "answered")
        line = alpha.node.keeper.setup.line
        await until(lambda: alpha.calls[-1].peers == (BRAVO, CHARLIE))
        alpha.phone.exchange.sound(line, BRAVO).lost = False
        await asyncio.sleep(5)
        assert alpha.steps() == []
        assert [sound.lost for sound in alpha.view(call).sound] == [False, True]

    played(story())


def test_a_call_that_its_ringer_left_before_anybody_answered_rings_nowhere() -> None:
    async def story() -> None:
        alpha, bravo, charlie = await three()
        call = await alpha.ring()
        await known(call, bravo, charlie)
        await alpha.step(call, "left")
        await until(lambda: bravo.view(call).state == charlie.view(call).state == "ended")
        assert ("MISSED", "node", "call-ringer-left") in bravo.steps() + charlie.steps()
        assert bravo.voice.said(StopPhones) != []

    played(story())


def test_the_tag_of_a_call_tells_marks_parties_and_calls_apart() -> None:
    class Entry:
        def __init__(self, member: int, index: int, mark: Mark) -> None:
            self.member, self.index, self.mark = member, index, mark

    calls = [Entry(member, index, mark) for member in (0, 1) for index in range(32) for mark in Mark]
    tags = [tag_of(call, 2) for call in calls]  # type: ignore[arg-type] # three fields of a call are all it reads
    assert sorted(tags) == list(range(192))

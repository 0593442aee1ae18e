"""STOP rings everyone and stands until the other side has answered; both ends read the same clock."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import UsageError
from openline.base.schema import pack
from openline.base.time import MINUTE_US, SECOND_US
from openline.line.stop import CLOSED_BY, STOP, STOP_ANSWER, Stop, StopAnswer, Stops, StopState, StopWord, stop_of
from openline.line.watch import Alarm, Step, Wake, alarms
from openline.record.entry import Draft, Mark, Precedence, Ref
from tests.line.walking import walk
from tests.line.world import World


def call(world: World, who: str = "alpha", **values: object) -> str:
    return world.id(world.say(who, "stop", **{"place": "37TCL 123 456", **values})[0])


def answer(world: World, entry: str, word: StopWord, who: str = "bravo") -> None:
    world.say(who, "answer-stop", entry=entry, answer=word.name.lower().replace("_", "-"))


def ringing(world: World, who: str, receipted: int = 99) -> list[Alarm]:
    book = world.books[who]
    return alarms(book, dict.fromkeys(world.logs, receipted), world.now)


@pytest.mark.parametrize(("way", "event", "before", "after"), walk(CLOSED_BY, StopState.STANDING, StopWord))
def test_every_answer_of_the_table_is_taken_and_every_other_one_refused(
    way: list[StopWord], event: StopWord, before: StopState, after: StopState | None
) -> None:
    world = World()
    stop = call(world)
    for word in way:
        answer(world, stop, word)
    assert stop_of(world.alpha, stop).state(1) is before
    if after is not None:
        answer(world, stop, event)
        assert stop_of(world.alpha, stop).state(1) is after
        assert not world.alpha.state(Stops).standing
        assert not world.item(stop).is_open, "nothing is awaited any more"
        return
    with pytest.raises(UsageError) as caught:
        answer(world, stop, event)
    assert caught.value.message_id == "answer-not-possible"
    world.put("bravo", [Draft(STOP_ANSWER, pack(StopAnswer(answer=event)), "watch", (world.ref(stop),))])
    assert world.faults() == [(f"bravo:{len(way)}", "fault-answer-not-possible")]
    assert stop_of(world.alpha, stop).state(1) is before


def test_nothing_leads_back_to_standing_and_no_time_ends_it() -> None:
    assert StopState.STANDING not in CLOSED_BY.values()
    world = World()
    stop = call(world)
    for _ in range(3):
        world.later(24 * 60 * MINUTE_US)
        assert [row.condition for row in ringing(world, "bravo")] == ["stop-standing"]
    assert stop_of(world.bravo, stop).state(1) is StopState.STANDING
    assert [(item.index, item.precedence) for item in world.bravo.open_items] == [(0, Precedence.FLASH)]


def test_it_rings_everyone_at_both_ends_at_once() -> None:
    world = World()
    stop = call(world)
    for who, condition, remedy in (
        ("bravo", "stop-standing", "do-answer-stop"),
        ("alpha", "stop-unanswered", "do-ring"),
    ):
        (alarm,) = ringing(world, who)
        assert (alarm.condition, alarm.remedy, alarm.step) == (condition, remedy, Step.RING_DOWN)
        assert alarm.wake == (Wake.POSITIONS, Wake.SUPERVISOR, Wake.VOICE)
        assert (alarm.due, alarm.precedence) == (stop_of(world.alpha, stop).began, Precedence.FLASH)
    world.later()
    assert [row.step for row in ringing(world, "bravo")] == [Step.NEXT_PATH]


def test_a_stop_the_other_node_does_not_hold_is_told_as_such() -> None:
    world = World()
    call(world)
    assert [row.condition for row in ringing(world, "alpha", 0)] == ["stop-not-received"]


def test_it_rings_at_once_also_when_the_clock_of_its_author_runs_ahead() -> None:
    world = World()
    world.later(60 * MINUTE_US)
    stop = call(world)
    world.later(-60 * MINUTE_US)
    assert [row.condition for row in ringing(world, "bravo")] == ["stop-standing"]
    assert stop_of(world.bravo, stop).clock_us(1, world.now) == 0
    answer(world, stop, StopWord.STOPPED)
    assert stop_of(world.bravo, stop).took_us(1) == 0, "no answer is given before what it answers"


@pytest.mark.parametrize(
    ("verb", "values"),
    [
        ("read", {}),
        ("ack", {}),
        ("pass", {"to": "s3"}),
        ("reply", {"text": "We look into it."}),
    ],
)
def test_no_receipt_and_no_reply_closes_it(verb: str, values: dict[str, object]) -> None:
    world = World()
    stop = call(world)
    world.say("bravo", verb, entry=stop, **values)
    assert stop_of(world.alpha, stop).state(1) is StopState.STANDING
    assert ("stop-standing", stop) in [
        (row.condition, world.bravo.label(row.origin, row.index)) for row in ringing(world, "bravo")
    ]
    assert world.item(stop) in list(world.alpha.open_items)


def test_its_author_cannot_take_it_back() -> None:
    world = World()
    stop = call(world)
    for verb, values in (("withdraw", {}), ("correct", {"text": "Not there.", "change": "place"})):
        with pytest.raises(UsageError):
            world.drafts("alpha", verb, entry=stop, **values)
    with pytest.raises(UsageError) as caught:
        world.drafts("alpha", "answer-stop", entry=stop, answer="stopped")
    assert caught.value.message_id == "stop-own"


def test_the_first_answer_stands_the_clock_and_later_ones_are_kept() -> None:
    world = World()
    stop = call(world)
    world.later(40 * SECOND_US)
    answer(world, stop, StopWord.UNABLE)
    world.later()
    answer(world, stop, StopWord.STOPPED)
    for book in world.books.values():
        row = stop_of(book, stop)
        assert row.took_us(1) == row.clock_us(1, world.now) == 40 * SECOND_US
        assert [one.answer for one in row.answers[1]] == [StopWord.UNABLE, StopWord.STOPPED]
        assert row.state(1) is StopState.STOPPED
    assert not ringing(world, "bravo")


def test_of_three_each_party_answers_for_itself() -> None:
    world = World(members=3)
    stop = call(world)
    answer(world, stop, StopWord.NOT_OURS, "charlie")
    assert [row.condition for row in ringing(world, "bravo")] == ["stop-standing"]
    assert not ringing(world, "charlie")
    (alarm,) = ringing(world, "alpha")
    assert alarm.party == world.origins["bravo"]
    answer(world, stop, StopWord.STOPPED)
    assert not world.alpha.state(Stops).standing


def test_it_takes_effect_before_what_it_names_has_arrived() -> None:
    world = World()
    notice = world.send("bravo")
    stop = call(world, place="", about=notice)
    book = world.new_book("bravo")
    world.fold(book, world.logs[world.origins["alpha"]])
    assert [row.condition for row in alarms(book, {}, world.now)] == ["stop-standing"]
    world.fold(book, world.logs[world.origins["bravo"]])
    assert book.digest() == world.bravo.digest()
    assert stop_of(book, stop).place == (0, 0)


def test_whatever_is_wrong_with_its_form_it_stands() -> None:
    world = World()
    wrong = Ref(world.origins["alpha"], 0, bytes(32))
    world.put("alpha", [Draft(STOP, pack(Stop()), "watch", (wrong,), precedence=Precedence.ROUTINE)])
    assert world.faults() == [("alpha:0", "fault-ref-wrong")]
    (alarm,) = ringing(world, "bravo")
    assert (alarm.condition, alarm.precedence) == ("stop-standing", Precedence.FLASH)


@pytest.mark.parametrize(
    ("values", "message_id"),
    [
        ({}, "stop-unbound"),
        ({"place": " "}, "stop-unbound"),
        ({"about": "alpha:9"}, "entry-unknown"),
        ({"place": "x" * 201}, "text-too-long"),
        ({"place": "bridge", "text": "word " * 201}, "message-too-many-words"),
    ],
)
def test_what_is_bound_to_nothing_or_too_long_is_refused(values: dict[str, object], message_id: str) -> None:
    with pytest.raises(UsageError) as caught:
        World().drafts("alpha", "stop", **values)
    assert caught.value.message_id == message_id


def test_a_suspended_line_takes_it() -> None:
    world = World()
    world.say("bravo", "declare", status="suspended", reason="storm")
    assert world.say("alpha", "stop", place="bridge")


def test_an_exercise_is_one_and_answers_nothing_real() -> None:
    world = World()
    real, played = call(world), call(world, mark=Mark.EXERCISE)
    answer(world, played, StopWord.STOPPED)
    assert [world.bravo.label(row.origin, row.index) for row in ringing(world, "bravo")] == [real]
    body = pack(StopAnswer(answer=StopWord.STOPPED))
    world.put("bravo", [Draft(STOP_ANSWER, body, "watch", (world.ref(real),), mark=Mark.EXERCISE)])
    assert world.faults()[-1][1] == "fault-mark-differs"
    assert stop_of(world.alpha, real).state(1) is StopState.STANDING


def test_wrong_answers_of_a_peer_are_faults() -> None:
    world = World()
    stop, message = call(world), world.send()
    body = pack(StopAnswer(answer=StopWord.STOPPED))
    world.put("alpha", [Draft(STOP_ANSWER, body, "watch", (world.ref(stop),))])
    world.put("bravo", [Draft(STOP_ANSWER, body, "watch", (world.ref(message),))])
    assert [fault for _, fault in world.faults()] == ["fault-answers-own", "fault-target-wrong"]


@given(st.lists(st.sampled_from(["alpha", "bravo", "stopped", "unable", "tap"]), max_size=8))
def test_the_order_of_arrival_changes_nothing(events: list[str]) -> None:
    world = World()
    for event in events:
        world.later(SECOND_US)
        stops = [world.id(entry) for entry in world.logs[world.origins["alpha"]] if entry.leaf.kind == STOP]
        if event in world.books:
            call(world, event)
        elif stops and event == "tap":
            world.say("alpha", "tap", entry=stops[-1], by="Lt. Example")
        elif stops and stop_of(world.bravo, stops[-1]).state(1).value != event and event != "tap":
            world.say("bravo", "answer-stop", entry=stops[-1], answer=event)
    for order in (("alpha", "bravo"), ("bravo", "alpha")):
        book = world.new_book()
        for name in order:
            world.fold(book, world.logs[world.origins[name]])
        assert book.digest() == world.alpha.digest()

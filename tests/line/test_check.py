"""Officers prove the line by hand: who called up, who answered, how fast; a date is skipped by agreement only."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.base.schema import pack
from openline.base.time import MINUTE_US
from openline.line.check import (
    CHECK,
    WORDS,
    Check,
    Checks,
    Form,
    Step,
    Word,
    answer,
    answered,
    dates,
    kept,
    missed,
    skipped,
    took_ms,
    word_of,
)
from openline.line.standard import standard
from openline.line.watch import alarms
from openline.record.entry import Draft, Mark
from openline.voice.call import CALL_KIND, STEP_KIND
from tests.line.walking import walk
from tests.line.world import START, World

DUE = START.plus(MINUTE_US)
DATE = (Mark.OPERATION, Form.TEXT, DUE.ms)
SAYS = {Step.MISS: "missed", Step.SKIP: "skip", Step.KEEP: "keep"}


def call_up(world: World, who: str = "alpha", **values: object) -> str:
    return world.id(world.say(who, "check", **{"due": DUE.rfc3339(), **values})[0])


def say(world: World, who: str, word: str, **values: object) -> None:
    world.say(who, "check-date", **{"form": "text", "due": DUE.rfc3339(), "word": word, **values})


def refusal(world: World, verb: str, **values: object) -> str:
    with pytest.raises(UsageError) as caught:
        world.drafts("alpha", verb, **values)
    return caught.value.message_id


def put(world: World, body: Check, mark: Mark = Mark.OPERATION) -> None:
    world.put("alpha", [Draft(CHECK, pack(body), "watch", mark=mark)])


@pytest.mark.parametrize(("way", "event", "before", "after"), walk(WORDS, Word.NOTHING, Step))
def test_every_word_of_the_table_is_taken_and_every_other_one_refused(
    way: list[Step], event: Step, before: Word, after: Word | None
) -> None:
    world = World()
    for each in way:
        say(world, "alpha", SAYS[each])
    assert word_of(world.bravo, DATE, 0) is before
    if event is Step.CALL_UP:  # a call-up is no word about a date
        call_up(world)
        assert word_of(world.bravo, DATE, 0) is before
        return
    values = {"form": "text", "due": DUE.rfc3339(), "word": SAYS[event]}
    if after is None:
        assert refusal(world, "check-date", **values) == "check-not-possible"
    put(world, Check(form=Form.TEXT, step=event, due_ms=DUE.ms))
    assert word_of(world.bravo, DATE, 0) is (before if after is None else after)
    assert [fault for _, fault in world.faults()] == ([] if after else ["fault-check-not-possible"])


def test_who_answered_and_how_fast() -> None:
    world = World()
    entry = call_up(world, by="Osprey")
    (row,) = world.bravo.state(Checks).call_ups.values()
    assert not answered(world.bravo, row)
    world.later(42_000_000)
    world.say("bravo", "read", entry=entry)
    assert not answered(world.bravo, row), "seen is not answered"
    world.say("bravo", "ack", entry=entry, by="Heron")
    fact = answer(world.alpha, row, 1)
    assert fact is not None
    assert (row.by, fact.by, took_ms(row, fact), answered(world.alpha, row)) == ("Osprey", "Heron", 42_000, True)
    assert kept(world.alpha, DATE)


def test_an_answer_by_a_clock_that_is_behind_took_no_time() -> None:
    world = World()
    entry = call_up(world)
    world.later(-5_000_000)
    world.say("bravo", "ack", entry=entry)
    (row,) = world.alpha.state(Checks).call_ups.values()
    fact = answer(world.alpha, row, 1)
    assert fact is not None
    assert took_ms(row, fact) == 0


def test_a_call_up_that_nobody_answers_climbs_like_any_other_item() -> None:
    world = World()
    entry = call_up(world)
    assert world.item(entry) in list(world.alpha.open_items)
    late = alarms(world.bravo, {}, world.later(31 * MINUTE_US))
    assert [alarm.condition for alarm in late] == ["own-late-displayed"]
    world.say("bravo", "ack", entry=entry)
    assert not list(world.alpha.open_items)


def test_one_party_alone_skips_nothing() -> None:
    world = World()
    say(world, "alpha", "missed")
    assert missed(world.bravo, DATE)
    say(world, "alpha", "skip", reason="Both move tonight")
    assert not skipped(world.bravo, DATE)
    assert missed(world.bravo, DATE), "the word of one party does not undo it"
    say(world, "bravo", "skip")
    assert skipped(world.alpha, DATE)
    assert not missed(world.alpha, DATE)
    say(world, "bravo", "keep")
    assert not skipped(world.alpha, DATE)
    assert missed(world.alpha, DATE)
    world.say("bravo", "ack", entry=call_up(world))
    assert kept(world.alpha, DATE)
    assert not missed(world.alpha, DATE)


def test_of_three_parties_all_skip_and_all_answer() -> None:
    world = World(3)
    for who in ("alpha", "bravo"):
        say(world, who, "skip")
    assert not skipped(world.alpha, DATE)
    say(world, "charlie", "skip")
    assert skipped(world.alpha, DATE)
    entry = call_up(world)
    world.say("bravo", "ack", entry=entry)
    assert not kept(world.alpha, DATE)
    world.say("charlie", "ack", entry=entry)
    assert kept(world.alpha, DATE)


def test_a_drill_is_counted_apart() -> None:
    world = World()
    entry = call_up(world, mark=Mark.EXERCISE)
    world.say("bravo", "ack", entry=entry)
    assert not kept(world.alpha, DATE)
    assert kept(world.alpha, (Mark.EXERCISE, Form.TEXT, DUE.ms))
    assert list(dates(world.alpha, Mark.OPERATION, 0, 2**48)) == []
    assert list(dates(world.alpha, Mark.EXERCISE, 0, DUE.ms)) == []
    assert len(list(dates(world.alpha, Mark.EXERCISE, DUE.ms, DUE.ms + 1))) == 1


def test_a_check_by_voice_names_its_call() -> None:
    world = World(registry=standard((CALL_KIND, STEP_KIND)))
    call = world.id(world.say("alpha", "ring", action=["line-check"])[0])
    message = world.send("alpha")
    assert refusal(world, "check", form="voice") == "check-call-missing"
    assert refusal(world, "check", form="text", call=call) == "check-call-missing"
    assert refusal(world, "check", form="voice", call=message) == "check-not-a-call"
    (made,) = world.say("alpha", "check", form="voice", call=call)
    assert made.leaf.refs == (world.ref(call),)
    assert world.faults() == []


def test_bodies_that_hang_together_badly_are_faults() -> None:
    world = World()
    put(world, Check(form=Form.VOICE, step=Step.CALL_UP))
    put(world, Check(form=Form.PRESENCE, step=Step.CALL_UP, due_ms=1))
    put(world, Check(form=Form.TEXT, step=Step.SKIP))
    put(world, Check(form=Form.PRESENCE, step=Step.SKIP, due_ms=1))
    assert [fault for _, fault in world.faults()] == [
        "fault-check-call",
        "fault-check-call",
        "fault-check-date",
        "fault-check-not-possible",
    ]
    assert not list(world.alpha.open_items), "what does not count has no clock"


def test_the_order_of_the_logs_does_not_matter() -> None:
    world = World()
    entry = call_up(world)
    world.say("bravo", "ack", entry=entry)
    say(world, "bravo", "skip")
    put(world, Check(form=Form.PRESENCE, step=Step.MISS, due_ms=5, by="night"))
    for first, second in (("alpha", "bravo"), ("bravo", "alpha")):
        book = world.new_book()
        for name in (first, second):
            world.fold(book, world.logs[world.origins[name]])
        assert book.digest() == world.alpha.digest()

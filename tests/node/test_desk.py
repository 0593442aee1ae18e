"""The desk: who may, once and not twice, recorded before it is answered, and how long whoever asks waits for what."""

from __future__ import annotations

import asyncio

import pytest

from openline.base.errors import BusyError, StoreError, UsageError
from openline.base.limits import BATCH_ENTRIES_MAX, CREDIT_ENTRIES
from openline.node.views import Officer, SaidView
from openline.record.entry import Mark
from openline.store.memory import Fault
from tests.node.houses import (
    ALPHA,
    CHARLIE,
    LINE,
    OFFICER,
    START,
    House,
    MemoryNode,
    both,
    first_writes,
    origin,
    played,
    settled,
    started,
)

CLERK = Officer("clerk", frozenset({"read"}))


async def alone() -> MemoryNode:
    """Alpha, whose peer is away."""
    return await started(House(ALPHA))


async def batch(node: MemoryNode, count: int, wait: str = "recorded", key: str | None = None) -> list[SaidView]:
    many: list[object] = [{"text": f"number {number}"} for number in range(count)]
    return await node.desk.say_many(OFFICER, None, "send", many, key=key, mark="OPERATION", wait=wait, timeout_s=5.0)


def written(node: MemoryNode) -> int:
    """Entries of our own that are durable."""
    return len(node.memory.entries(origin(ALPHA), 0, 10_000))


# What is said


def test_a_saying_is_answered_with_its_ids_once_it_is_durable() -> None:
    async def story() -> None:
        node = await alone()
        said = await node.say("hello")
        assert said == SaidView(LINE, ("alpha:0",), START.rfc3339(), "recorded", True)
        assert written(node) == 1

    played(story())


def test_all_drafts_of_one_verb_are_recorded_together() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        said = await alpha.say("a question")
        await settled(alpha, bravo)
        reply = await bravo.say("an answer", "reply", entry=said.ids[0])
        assert reply.ids == ("bravo:0", "bravo:1")
        await settled(alpha, bravo)
        assert [stage.stage for stage in alpha.desk.entry(OFFICER, None, said.ids[0]).stages] == [
            "RECEIVED",
            "ANSWERED",
        ]

    played(story())


def test_a_fact_that_stands_already_writes_nothing_new() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        said = await alpha.say()
        await settled(alpha, bravo)
        first = await bravo.say(None, "ack", entry=said.ids[0])
        again = await bravo.say(None, "ack", entry=said.ids[0], wait="received")
        assert (first.repeated, again.repeated, again.ids) == (False, True, ())
        assert len(bravo.memory.entries(bravo.keeper.own.origin, 0, 9)) == 1

    played(story())


def test_a_batch_is_one_commit_with_an_answer_for_each_message() -> None:
    async def story() -> None:
        node = await alone()
        said = await batch(node, BATCH_ENTRIES_MAX)
        assert [view.ids for view in said] == [(f"alpha:{number}",) for number in range(BATCH_ENTRIES_MAX)]
        assert len(node.commits.committed) == 1

    played(story())


def test_a_batch_that_is_too_large_is_recorded_not_at_all() -> None:
    async def story() -> None:
        node = await alone()
        with pytest.raises(UsageError, match="batch-too-large"):
            await batch(node, BATCH_ENTRIES_MAX + 1)
        many: list[object] = [{"text": "x" * 50_000}] * 5
        with pytest.raises(UsageError, match="batch-too-large"):
            await node.desk.say_many(
                OFFICER, None, "send", many, key=None, mark="OPERATION", wait="recorded", timeout_s=5.0
            )
        assert written(node) == 0

    played(story())


def test_one_wrong_message_of_a_batch_and_none_is_recorded() -> None:
    async def story() -> None:
        node = await alone()
        many: list[object] = [{"text": "good"}, {"text": ""}]
        with pytest.raises(UsageError):
            await node.desk.say_many(
                OFFICER, None, "send", many, key="k", mark="OPERATION", wait="recorded", timeout_s=5.0
            )
        assert written(node) == 0
        assert node.memory.command("k") is None

    played(story())


def test_replies_of_one_batch_refer_each_to_its_own_message() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        asked = await batch(alpha, 3)
        await settled(alpha, bravo)
        many: list[object] = [{"entry": view.ids[0], "text": f"re {view.ids[0]}"} for view in asked]
        said = await bravo.desk.say_many(
            OFFICER, None, "reply", many, key=None, mark="OPERATION", wait="recorded", timeout_s=5.0
        )
        assert [view.ids for view in said] == [("bravo:0", "bravo:1"), ("bravo:2", "bravo:3"), ("bravo:4", "bravo:5")]
        for number in range(3):
            answered = bravo.desk.entry(OFFICER, None, f"bravo:{2 * number + 1}")
            assert answered.refs == (f"alpha:{number}", f"bravo:{2 * number}")
        assert not bravo.keeper.book.faults

    played(story())


# Who may, and what cannot be


def test_a_role_without_the_capability_says_nothing() -> None:
    async def story() -> None:
        node = await alone()
        with pytest.raises(UsageError, match="not-allowed") as why:
            await node.say(who=CLERK)
        assert why.value.facts == {"desk": "clerk", "capability": "send"}
        assert (await node.say(who=Officer("watch", frozenset({"send"})))).ids

    played(story())


@pytest.mark.parametrize(
    ("verb", "arguments", "fault"),
    [
        ("shout", {}, "verb-unknown"),
        ("send", {"text": 5}, "arguments-wrong"),
        ("send", {}, "text-empty"),
        ("send", {"text": "a", "unheard": 1}, "arguments-wrong"),
        ("ack", {"entry": "bravo:99"}, "entry-unknown"),
        ("send", {"text": "a", "attachments": [{"size": 1, "sha256": "00" * 32}]}, "attachment-missing"),
    ],
)
def test_what_cannot_be_said_is_refused_with_its_reason(verb: str, arguments: dict[str, object], fault: str) -> None:
    async def story() -> None:
        node = await alone()
        with pytest.raises(UsageError, match=fault):
            await node.desk.say(
                OFFICER, None, verb, arguments, key=None, mark="OPERATION", wait="recorded", timeout_s=1.0
            )
        assert written(node) == 0

    played(story())


@pytest.mark.parametrize("desk", ["", "x" * 65])
def test_a_desk_whose_name_an_entry_cannot_carry_says_nothing(desk: str) -> None:
    async def story() -> None:
        node = await alone()
        with pytest.raises(UsageError, match="desk-name-wrong"):
            await node.say(who=Officer(desk, OFFICER.capabilities))
        assert written(node) == 0
        assert (await node.say(who=Officer("é" * 64, OFFICER.capabilities))).ids
        assert node.memory.entries(origin(ALPHA), 0, 1)[0].leaf.desk == "é" * 64

    played(story())


def test_a_full_line_refuses_and_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        monkeypatch.setitem(CREDIT_ENTRIES, "ROUTINE", 1)
        node = await alone()
        await node.say()
        with pytest.raises(BusyError, match="line-full"):
            await node.say(key="k")
        assert (written(node), node.memory.command("k")) == (1, None)
        assert not node.desk._under_way

    played(story())


def test_with_several_lines_the_line_must_be_named() -> None:
    async def story() -> None:
        house = House(ALPHA)
        house.store().commit(first_writes(ALPHA, (ALPHA, CHARLIE))[1:])
        node = await started(house)
        with pytest.raises(UsageError, match="line-needed") as why:
            await node.say()
        assert why.value.facts["lines"] == "alpha-bravo, alpha-charlie"
        how = {"key": None, "mark": "OPERATION", "wait": "recorded"}
        said = await node.desk.say(OFFICER, "alpha-charlie", "send", {"text": "a"}, timeout_s=1.0, **how)  # type: ignore[arg-type] # by name
        assert (said.line, said.ids) == ("alpha-charlie", ("alpha:0",))
        with pytest.raises(UsageError, match="line-unknown"):
            node.desk.line_of("alpha-delta")

    played(story())


def test_under_an_exercise_clock_nothing_counts_as_operation() -> None:
    async def story() -> None:
        node = await alone()
        node.house.clock.exercise = True
        await node.say()
        await node.say(mark="TEST")
        marks = [entry.leaf.mark for entry in node.memory.entries(origin(ALPHA), 0, 9)]
        assert marks == [Mark.EXERCISE, Mark.TEST]

    played(story())


# The same key


def test_a_key_that_is_used_again_gives_what_it_gave_before() -> None:
    async def story() -> None:
        node = await alone()
        first = await node.say("one", key="k")
        await asyncio.sleep(60)
        again = await node.say("one", key="k")
        assert again.ids == first.ids
        assert (again.repeated, again.recorded_at) == (True, first.recorded_at)
        assert written(node) == 1

    played(story())


def test_a_key_in_flight_twice_is_written_once() -> None:
    async def story() -> None:
        node = await alone()
        node.commits.busy = node.commits.hold = True
        many = [asyncio.ensure_future(node.say("one", key="k")) for _ in range(5)]
        await asyncio.sleep(1)
        node.commits.release()
        said = await asyncio.gather(*many)
        assert {view.ids for view in said} == {("alpha:0",)}
        assert [view.repeated for view in said] == [False, True, True, True, True]
        assert written(node) == 1
        assert not node.desk._under_way

    played(story())


def test_a_key_outlives_the_node() -> None:
    async def story() -> None:
        node = await alone()
        first = await node.say("one", key="k")
        await node.close()
        again = await (await started(node.house)).say("one", key="k")
        assert (again.ids, again.repeated) == (first.ids, True)

    played(story())


def test_a_key_of_another_line_is_refused_whether_it_is_durable_or_in_flight() -> None:
    async def story() -> None:
        house = House(ALPHA)
        house.store().commit(first_writes(ALPHA, (ALPHA, CHARLIE))[1:])
        node = await started(house)
        node.commits.busy = node.commits.hold = True

        async def say(line: str) -> SaidView:
            return await node.desk.say(
                OFFICER, line, "send", {"text": "a"}, key="k", mark="OPERATION", wait="recorded", timeout_s=1.0
            )

        first = asyncio.ensure_future(say("alpha-bravo"))
        await asyncio.sleep(1)
        for _ in range(2):
            with pytest.raises(UsageError, match="key-used-elsewhere"):
                await say("alpha-charlie")
            node.commits.release()
            await first

    played(story())


def test_a_batch_is_answered_message_by_message_when_its_key_comes_again() -> None:
    async def story() -> None:
        node = await alone()
        first = await batch(node, 3, key="k")
        again = await batch(node, 3, key="k")
        assert [view.ids for view in again] == [view.ids for view in first]
        assert all(view.repeated for view in again)

    played(story())


def test_a_key_of_a_refused_saying_may_be_used_again() -> None:
    async def story() -> None:
        node = await alone()
        with pytest.raises(UsageError):
            await node.say("", key="k")
        assert not (await node.say("better", key="k")).repeated

    played(story())


def test_whoever_goes_while_its_key_is_in_flight_finds_it_written_when_it_comes_back() -> None:
    async def story() -> None:
        node = await alone()
        node.commits.busy = node.commits.hold = True
        gone = asyncio.ensure_future(node.say("one", key="k"))
        await asyncio.sleep(1)
        other = asyncio.ensure_future(node.say("one", key="k"))
        await asyncio.sleep(1)
        gone.cancel()
        await asyncio.sleep(1)
        node.commits.release()
        assert (await other).ids == ("alpha:0",), "nobody else is cut off with it"
        assert (await node.say("one", key="k")).repeated
        assert written(node) == 1

    played(story())


def test_when_the_disk_fails_everybody_with_the_key_hears_of_it_and_the_node_stops() -> None:
    async def story() -> None:
        node = await alone()
        node.commits.busy = node.commits.hold = True
        node.house.disk.faults.planned[node.house.disk.faults.commits + 1] = Fault.LOST
        many = [asyncio.ensure_future(node.say("one", key="k")) for _ in range(3)]
        await asyncio.sleep(1)
        node.commits.release()
        results = await asyncio.gather(*many, return_exceptions=True)
        assert all(isinstance(result, StoreError) for result in results)
        with pytest.raises(StoreError):
            await node.run()
        assert node.facts("failed")[0]["fault"] == "store-broken"

    played(story())


# Waiting


def test_waiting_for_the_receipt_of_the_peer() -> None:
    async def story() -> None:
        alpha, _ = await both()
        said = await alpha.say(wait="received")
        assert (said.stage, said.reached) == ("received", True)

    played(story())


@pytest.mark.parametrize("wait", ["received", "displayed", "accepted", "answered"])
def test_when_the_time_is_over_it_is_told_how_far_it_came(wait: str) -> None:
    async def story() -> None:
        node = await alone()
        loop = asyncio.get_running_loop()
        begun = loop.time()
        said = await node.say(wait=wait, timeout_s=7.0)
        assert (said.stage, said.reached) == ("recorded", False)
        assert loop.time() - begun == pytest.approx(7.0)
        assert said.recorded_at == START.rfc3339(), "it was recorded at once, not when the waiting ended"

    played(story())


def test_what_was_received_in_time_and_not_accepted_is_told_as_received() -> None:
    async def story() -> None:
        alpha, _ = await both()
        said = await alpha.say(wait="accepted", timeout_s=3.0)
        assert (said.stage, said.reached) == ("received", False)

    played(story())


@pytest.mark.parametrize(("verb", "stage"), [("read", "displayed"), ("ack", "accepted"), ("reply", "answered")])
def test_waiting_for_what_the_other_watch_does(verb: str, stage: str) -> None:
    async def story() -> None:
        alpha, bravo = await both()
        asked = asyncio.ensure_future(alpha.say(wait=stage, timeout_s=500.0))
        await asyncio.sleep(30)
        assert not asked.done()
        await bravo.say("yes" if verb == "reply" else None, verb, entry="alpha:0")
        said = await asked
        assert (said.stage, said.reached) == (stage, True)
        assert not alpha.state.waiting._stages

    played(story())


def test_what_stands_already_is_not_waited_for() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        await alpha.say(key="k", wait="received")
        await bravo.say(None, "ack", entry="alpha:0")
        await settled(alpha, bravo)
        for stage in ("received", "accepted"):
            assert (await alpha.say(key="k", wait=stage, timeout_s=0.0)).reached

    played(story())


def test_a_batch_waits_no_longer_than_one_message() -> None:
    async def story() -> None:
        node = await alone()
        loop = asyncio.get_running_loop()
        begun = loop.time()
        said = await batch(node, 10, wait="received")
        assert loop.time() - begun == pytest.approx(5.0)
        assert not any(view.reached for view in said)

    played(story())


def test_whoever_stops_waiting_is_forgotten() -> None:
    async def story() -> None:
        node = await alone()
        for number in range(20):
            gone = asyncio.ensure_future(node.say(key=f"k{number % 2}", wait="received" if number % 4 else "accepted"))
            await asyncio.sleep(1)
            gone.cancel()
            await asyncio.sleep(0)
        assert not node.state.waiting._stages
        assert all(not row for row in node.state.waiting._receipts.values())

    played(story())


# What anyone on watch may say


def test_anyone_on_watch_takes_a_flash_and_presses_stop_and_nothing_else() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        flash, routine = await alpha.say("now", precedence="flash"), await alpha.say("later")
        await settled(alpha, bravo)
        asks: tuple[tuple[str, dict[str, object]], ...] = (
            ("ack", {"entry": flash.ids[0]}),
            ("stop", {"place": "the bridge"}),
        )
        for verb, values in asks:
            with pytest.raises(UsageError, match="not-allowed"):
                await as_clerk(bravo, verb, values)
        bravo.desk.watch_on(CLERK)
        for verb, values in asks:
            assert (await as_clerk(bravo, verb, values)).ids
        for verb, entry in (("ack", routine.ids[0]), ("reply", flash.ids[0])):
            with pytest.raises(UsageError, match="not-allowed"):
                await as_clerk(bravo, verb, {"entry": entry, "text": "Yes."})
        bravo.desk.watch_off(CLERK)
        with pytest.raises(UsageError, match="not-allowed"):
            await as_clerk(bravo, "stop", {"place": "the bridge"})

    played(story())


async def as_clerk(node: MemoryNode, verb: str, values: object) -> SaidView:
    return await node.desk.say(CLERK, None, verb, values, key=None, mark="OPERATION", wait="recorded", timeout_s=5.0)

"""The loop of turns: one commit for what came together, FLASH first, and nobody left waiting when the disk fails."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

import pytest

from openline.base.errors import BusyError, PeerError, StoreError, UsageError
from openline.base.limits import BATCH_BYTES_MAX, BATCH_ENTRIES_MAX, CREDIT_ENTRIES
from openline.line.kinds import Change
from openline.link.events import Opened, PresenceChanged, Tick
from openline.link.frames import Presence
from openline.node.keeper import Keeper, Outward, Turn
from openline.node.turn import SLOW_COMMIT_S, SLOW_DISK_S, SMALL_WRITES_MAX, Turns
from openline.node.wiring import build_keeper
from openline.record.entry import Draft, Entry, Precedence
from openline.record.ports import Append, Evidence, Write
from openline.store.memory import Fault
from tests.node.houses import (
    ALPHA,
    BRAVO,
    CHARLIE,
    LINE,
    START,
    House,
    PlainCommits,
    first_writes,
    message,
    origin,
    played,
)
from tests.sim.world import VirtualLoop


class Rig:
    """The turns of alpha over a memory disk, and everything they let out, in order."""

    def __init__(self, house: House | None = None) -> None:
        house = house or House(ALPHA)
        self.disk = house.disk
        store = house.store()
        self.commits = PlainCommits(store)
        self.keepers = [build_keeper(house.parts(store), opened)[0] for opened in store.lines()]
        self.keeper = self.keepers[0]
        self.happened: list[str] = []
        self.turns = Turns(house.clock, self.commits, self, 1)

    def carry_out(self, keeper: Keeper, effects: Iterable[Outward]) -> None:
        self.happened += [type(effect).__name__ for effect in effects]

    def committed(self, keeper: Keeper, turn: Turn, changes: Sequence[Change]) -> None:
        self.happened.append(f"committed {len(turn.writes)}")

    def say(self, *drafts: Draft, key: str | None = None) -> asyncio.Future[list[Entry]]:
        return self.turns.say(self.keeper, drafts or (message(),), key)

    async def idle(self) -> None:
        await asyncio.sleep(0)
        await self.turns.idle.wait()

    def fail(self, fault: Fault, ahead: int = 1) -> None:
        self.disk.faults.planned[self.disk.faults.commits + ahead] = fault

    @property
    def texts(self) -> list[list[int | None]]:
        """The precedences of each commit's entries, in the order they stand in the log."""
        return [
            [entry.leaf.precedence for write in writes if isinstance(write, Append) for entry in write.entries]
            for writes in self.commits.committed
        ]


def test_many_sayings_are_one_commit() -> None:
    async def story() -> None:
        rig = Rig()
        entries = await asyncio.gather(*(rig.say() for _ in range(20)))
        assert [entry.index for (entry,) in entries] == list(range(20))
        assert len(rig.commits.committed) == 1

    played(story())


def test_what_comes_while_a_commit_is_under_way_is_the_next_commit() -> None:
    async def story() -> None:
        rig = Rig()
        rig.commits.busy = rig.commits.hold = True
        first = rig.say()
        await asyncio.sleep(0)
        rest = [rig.say() for _ in range(9)]
        await asyncio.sleep(1)
        assert len(rig.commits.waiting) == 1, "there is one commit under way, never two"
        rig.commits.hold = False
        rig.commits.release()
        await asyncio.gather(first, *rest)
        assert [len(commit) for commit in rig.texts] == [1, 9]

    played(story())


def test_a_saying_is_answered_only_when_it_is_durable() -> None:
    async def story() -> None:
        rig = Rig()
        rig.commits.busy = rig.commits.hold = True
        said = rig.say()
        await asyncio.sleep(1)
        assert not said.done()
        assert rig.happened == []
        rig.commits.release()
        await asyncio.sleep(1)
        assert said.done()

    played(story())


def test_flash_goes_first_and_the_rest_by_precedence_and_then_as_it_came() -> None:
    async def story() -> None:
        rig = Rig()
        rig.commits.busy = rig.commits.hold = True
        first = rig.say()
        await asyncio.sleep(0)
        routine, priority, flash, immediate = (
            rig.say(message(f"{precedence}", precedence))
            for precedence in (Precedence.ROUTINE, Precedence.PRIORITY, Precedence.FLASH, Precedence.IMMEDIATE)
        )
        second = rig.say(message("2", Precedence.FLASH))
        own = rig.say(message(precedence=None))
        rig.commits.hold = False
        rig.commits.release()
        await asyncio.gather(first, routine, priority, flash, immediate, second, own)
        assert rig.texts[1] == [0, 0, None, 1, 2, 3]
        assert flash.result()[0].index < second.result()[0].index

    played(story())


def test_a_batch_counts_as_its_most_urgent_message() -> None:
    async def story() -> None:
        rig = Rig()
        routine = rig.say(message("1", Precedence.PRIORITY))
        batch = rig.say(message("2", Precedence.ROUTINE), message("3", Precedence.FLASH))
        await asyncio.gather(routine, batch)
        assert rig.texts == [[3, 0, 2]]

    played(story())


def test_what_does_not_fit_any_more_waits_for_the_next_turn_whole() -> None:
    async def story() -> None:
        rig = Rig()
        many = [message()] * (BATCH_ENTRIES_MAX - 1)
        first, second = rig.say(*many), rig.say(message(), message())
        await asyncio.gather(first, second)
        assert [len(commit) for commit in rig.texts] == [BATCH_ENTRIES_MAX - 1, 2]

    played(story())


@pytest.mark.parametrize(
    "drafts",
    [
        pytest.param([message()] * (BATCH_ENTRIES_MAX + 1), id="too many"),
        pytest.param([message("x" * 50_000)] * (BATCH_BYTES_MAX // 50_000 + 1), id="too long together"),
    ],
)
def test_what_could_never_fit_is_refused_and_holds_up_nobody(drafts: list[Draft]) -> None:
    async def story() -> None:
        rig = Rig()
        with pytest.raises(UsageError, match="batch-too-large"):
            await rig.say(*drafts)
        assert await rig.say()
        await rig.idle()

    played(story())


def test_a_refusal_is_for_the_one_who_asked_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        monkeypatch.setitem(CREDIT_ENTRIES, "ROUTINE", 1)
        rig = Rig()
        sayings = [rig.say(), rig.say(), rig.say(message(precedence=Precedence.FLASH))]
        results = await asyncio.gather(*sayings, return_exceptions=True)
        assert [type(result) for result in results] == [BusyError, BusyError, list]

    played(story())


def test_whoever_has_gone_before_its_turn_says_nothing() -> None:
    async def story() -> None:
        rig = Rig()
        gone = rig.say()
        gone.cancel()
        assert [entry.index for entry in await rig.say()] == [0]
        assert rig.texts == [[3]]

    played(story())


def test_whoever_goes_while_the_commit_is_under_way_has_said_it_all_the_same() -> None:
    async def story() -> None:
        rig = Rig()
        rig.commits.busy = rig.commits.hold = True
        gone = rig.say()
        await asyncio.sleep(0)
        gone.cancel()
        rig.commits.release()
        await rig.idle()
        assert rig.keeper.book.size(origin(ALPHA)) == 1

    played(story())


# Where the commit is made


def test_a_small_commit_is_made_here_and_a_large_one_by_the_writer() -> None:
    async def story() -> None:
        rig = Rig()
        await rig.say()
        assert (rig.commits.made_now, len(rig.commits.submitted)) == (1, 0)
        for number in range(SMALL_WRITES_MAX + 1):
            rig.keeper.keep(Evidence(LINE, origin(BRAVO), "peer-frame-wrong", START, b"%d" % number))
        rig.turns.touch(rig.keeper)
        await rig.idle()
        assert (rig.commits.made_now, len(rig.commits.submitted)) == (1, 1)

    played(story())


def test_a_commit_is_left_to_the_writer_while_it_is_busy() -> None:
    async def story() -> None:
        rig = Rig()
        rig.commits.busy = True
        await rig.say()
        assert (rig.commits.made_now, len(rig.commits.submitted)) == (0, 1)

    played(story())


def test_a_disk_that_was_slow_holds_up_the_loop_no_more_for_a_while() -> None:
    async def story() -> None:
        rig = Rig()
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        quick = rig.commits._commit

        def slow(writes: list[Write]) -> None:
            loop.hold_up(2 * SLOW_COMMIT_S)
            quick(writes)

        rig.commits._commit = slow  # type: ignore[method-assign,assignment] # a disk that has become slow
        await rig.say()
        rig.commits._commit = quick  # type: ignore[method-assign] # and quick again
        await rig.say()
        assert (rig.commits.made_now, len(rig.commits.submitted)) == (1, 1)
        await asyncio.sleep(SLOW_DISK_S)
        await rig.say()
        assert (rig.commits.made_now, len(rig.commits.submitted)) == (2, 1)

    played(story())


def test_a_turn_without_writes_needs_no_disk() -> None:
    async def story() -> None:
        rig = Rig()
        rig.turns.tell(rig.keeper, Opened(1, 1, "fibre", True), PresenceChanged(Presence.OFFICER))
        assert rig.happened == ["Send"], "HELLO leaves at once"
        await rig.idle()
        assert not rig.commits.committed

    played(story())


def test_what_may_leave_leaves_after_the_commit_and_is_told_after_that() -> None:
    async def story() -> None:
        rig = Rig()
        await rig.say()
        assert rig.happened == ["committed 1"]
        assert rig.turns.idle.is_set()

    played(story())


def test_what_leaves_is_on_its_way_before_the_turn_is_folded() -> None:
    class Watching(Rig):
        def carry_out(self, keeper: Keeper, effects: Iterable[Outward]) -> None:
            self.happened.append(f"left at {keeper.book.size(keeper.own.origin)}")

        def committed(self, keeper: Keeper, turn: Turn, changes: Sequence[Change]) -> None:
            self.happened.append(f"folded to {keeper.book.size(keeper.own.origin)}")

    async def story() -> None:
        rig = Watching()
        said = rig.say()
        await asyncio.sleep(0)
        assert rig.happened == ["left at 0"], "the peer need not wait for our book"
        assert not said.done()
        assert not rig.turns.idle.is_set()
        await said
        assert rig.happened == ["left at 0", "folded to 1"]

    played(story())


def test_a_turn_that_overtakes_a_fold_is_folded_after_it() -> None:
    async def story() -> None:
        rig = Rig()
        first = rig.say()
        await asyncio.sleep(0)
        rig.keeper.keep(Evidence(LINE, origin(BRAVO), "peer-frame-wrong", START, b"?"))
        rig.turns._finish([(rig.keeper, rig.keeper.close(START, 2))], [])
        assert first.done()
        assert rig.happened == ["committed 1", "committed 1"]
        assert rig.keeper.book.size(rig.keeper.own.origin) == 1
        await rig.idle()

    played(story())


def test_two_lines_share_a_commit_and_arrival_numbers_go_on_over_both() -> None:
    async def story() -> None:
        house = House(ALPHA)
        house.store().commit(first_writes(ALPHA, (ALPHA, CHARLIE))[1:])
        rig = Rig(house)
        one, other = rig.keepers
        await asyncio.gather(*(rig.turns.say(keeper, [message()], None) for keeper in (one, other, one)))
        await rig.turns.say(other, [message()], None)
        assert [len(writes) for writes in rig.commits.committed] == [2, 1]
        arrived = rig.commits.store.arrived(0, 9)
        assert [(row.seq, row.entry.origin, row.entry.index) for row in arrived] == [
            (1, one.own.origin, 0),
            (2, one.own.origin, 1),
            (3, other.own.origin, 0),
            (4, other.own.origin, 1),
        ]
        assert other.book.size(other.own.origin) == 2

    played(story())


# When the disk fails


@pytest.mark.parametrize("busy", [False, True], ids=["here", "by the writer"])
@pytest.mark.parametrize("fault", [Fault.LOST, Fault.KEPT])
def test_a_commit_that_fails_tells_everybody_in_it_and_stops_the_turns(fault: Fault, busy: bool) -> None:
    async def story() -> None:
        rig = Rig()
        rig.commits.busy = busy
        rig.fail(fault)
        sayings = [rig.say() for _ in range(3)]
        results = await asyncio.gather(*sayings, return_exceptions=True)
        assert all(isinstance(result, StoreError) for result in results)
        assert (await rig.turns.failure).message_id == "store-broken"
        assert "committed 1" not in rig.happened, "nothing leaves that rests on a failed write"
        tried = rig.disk.faults.commits
        rig.keeper.keep(Evidence(LINE, origin(BRAVO), "peer-frame-wrong", START, b"?"))
        rig.turns.tell(rig.keeper, Tick())
        await asyncio.sleep(1)
        assert (rig.disk.faults.commits, len(rig.commits.submitted)) == (tried, int(busy)), "and nothing more is tried"

    played(story())


def test_a_commit_that_fails_tells_those_as_well_who_wait_for_the_next_turn() -> None:
    async def story() -> None:
        rig = Rig()
        rig.commits.busy = rig.commits.hold = True
        rig.fail(Fault.LOST)
        first = rig.say()
        await asyncio.sleep(0)
        second = rig.say()
        rig.commits.release()
        async with asyncio.timeout(60):
            results = await asyncio.gather(first, second, return_exceptions=True)
        assert all(isinstance(result, StoreError) for result in results)

    played(story())


def test_after_a_failure_whoever_says_something_hears_of_it_at_once() -> None:
    async def story() -> None:
        rig = Rig()
        rig.fail(Fault.LOST)
        with pytest.raises(StoreError):
            await rig.say()
        async with asyncio.timeout(60):
            with pytest.raises(StoreError):
                await rig.say()

    played(story())


def test_an_entry_that_cannot_be_made_is_refused_and_the_others_are_written() -> None:
    async def story() -> None:
        rig = Rig()
        good = rig.say()
        too_long = Draft(1, b"", "x" * 5_000, precedence=Precedence.ROUTINE)
        bad = rig.say(too_long)
        async with asyncio.timeout(60):
            results = await asyncio.gather(good, bad, return_exceptions=True)
        assert isinstance(results[0], list)
        assert isinstance(results[1], PeerError | UsageError)

    played(story())

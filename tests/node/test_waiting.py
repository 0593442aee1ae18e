"""Who waits for what: told when it is reached, and forgotten when it waits no more."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from openline.node.waiting import Waiting, settle
from openline.record.ports import Evidence, Write
from tests.node.houses import ALPHA, START, played

PLACE = (f"{ALPHA}/line/alpha-bravo", 4)


def in_a_loop(story: Callable[[Waiting], None]) -> None:
    async def run() -> None:
        story(Waiting())

    played(run())


def test_a_receipt_is_reached_when_the_log_is_receipted_beyond_the_entry() -> None:
    def story(waiting: Waiting) -> None:
        first, second = waiting.receipt(4), waiting.receipt(7)
        waiting.receipted(4)
        assert not first.done()
        waiting.receipted(5)
        assert first.result() is True
        assert not second.done()
        waiting.receipted(100)
        assert second.result() is True

    in_a_loop(story)


def test_everybody_who_waits_for_one_receipt_hears_of_it() -> None:
    def story(waiting: Waiting) -> None:
        many = [waiting.receipt(4) for _ in range(3)]
        waiting.receipted(5)
        assert all(one.result() for one in many)

    in_a_loop(story)


def test_a_stage_is_reached_for_its_entry_and_itself_alone() -> None:
    def story(waiting: Waiting) -> None:
        accepted, displayed = waiting.stage(PLACE, "accepted"), waiting.stage(PLACE, "displayed")
        waiting.reached((PLACE[0], 5), "accepted")
        waiting.reached(PLACE, "answered")
        assert not accepted.done()
        waiting.reached(PLACE, "accepted")
        assert accepted.result() is True
        assert not displayed.done()

    in_a_loop(story)


def test_a_write_is_durable_when_it_itself_was_committed() -> None:
    def story(waiting: Waiting) -> None:
        one = Evidence("alpha-bravo", PLACE[0], "fault", START, b"")
        equal = Evidence("alpha-bravo", PLACE[0], "fault", START, b"")
        done = waiting.write(one)
        writes: list[Write] = [equal]
        waiting.committed(writes)
        assert not done.done(), "another write of the same content is another write"
        waiting.committed([equal, one])
        assert done.result() is True
        assert not waiting._writes

    in_a_loop(story)


def test_what_was_settled_or_cancelled_before_is_left_alone() -> None:
    def story(waiting: Waiting) -> None:
        late, gone = waiting.receipt(4), waiting.stage(PLACE, "accepted")
        settle(late, False)
        gone.cancel()
        waiting.receipted(9)
        waiting.reached(PLACE, "accepted")
        assert late.result() is False
        assert gone.cancelled()

    in_a_loop(story)


def test_forgetting_one_leaves_the_others() -> None:
    def story(waiting: Waiting) -> None:
        first, second = waiting.receipt(4), waiting.receipt(4)
        waiting.forget(PLACE, "received", first)
        waiting.receipted(5)
        assert not first.done()
        assert second.result() is True
        third, fourth = waiting.stage(PLACE, "accepted"), waiting.stage(PLACE, "accepted")
        waiting.forget(PLACE, "accepted", third)
        waiting.reached(PLACE, "accepted")
        assert not third.done()
        assert fourth.result() is True

    in_a_loop(story)


def test_asking_again_and_again_while_the_peer_is_down_fills_no_memory() -> None:
    def story(waiting: Waiting) -> None:
        for _ in range(500):
            for done, stage in ((waiting.receipt(4), "received"), (waiting.stage(PLACE, "accepted"), "accepted")):
                settle(done, False)
                waiting.forget(PLACE, stage, done)
        assert waiting._indexes == [4]
        assert waiting._receipts == {4: []}
        assert not waiting._stages
        again = waiting.receipt(4)
        waiting.receipted(5)
        assert again.result() is True
        assert not waiting._receipts
        assert not waiting._indexes

    in_a_loop(story)


@given(st.lists(st.integers(0, 20), max_size=30), st.lists(st.integers(0, 25), max_size=10))
def test_every_receipt_is_reached_by_the_first_size_above_it_and_no_other(indexes: list[int], sizes: list[int]) -> None:
    def story(waiting: Waiting) -> None:
        asked = [(index, waiting.receipt(index)) for index in indexes]
        highest = 0
        for size in sizes:
            waiting.receipted(size)
            highest = max(highest, size)
            assert all(done.done() is (index < highest) for index, done in asked)

    in_a_loop(story)

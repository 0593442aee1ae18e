"""The book: one meaning of both logs, whatever the order of arrival, and nothing a peer says can stop it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import UsageError
from openline.base.schema import pack
from openline.line.book import Book
from openline.line.cancellation import CANCELLATION, Cancellation
from openline.line.correction import CORRECTION, Correction
from openline.line.item import Stage, Standing
from openline.line.linetest import TEST, TEST_ANSWER, LineTest, LineTestAnswer
from openline.line.message import MESSAGE, Message
from openline.line.receipt import RECEIPT, Receipt
from openline.line.silence import SILENCE, Cause, Silence
from openline.line.standard import standard
from openline.line.status import LINE_STATUS, Declaration, LineStatus
from openline.line.translation import TRANSLATION, Translation
from openline.record.entry import Draft, Entry, Mark, Precedence, Ref
from openline.record.ports import Arrived
from tests.line.world import NAMES, World

# Order of arrival

BODIES = (
    (MESSAGE, pack(Message(text="One."))),
    (MESSAGE, pack(Message(text="Two.", action=("s3",)))),
    (MESSAGE, b"\xa0"),
    (TRANSLATION, pack(Translation(text="Eins.", language="de"))),
    (CORRECTION, pack(Correction(text="Three.", change="Number."))),
    (CANCELLATION, pack(Cancellation())),
    (RECEIPT, pack(Receipt(stage=Stage.DISPLAYED))),
    (RECEIPT, pack(Receipt(stage=Stage.ACCEPTED))),
    (RECEIPT, pack(Receipt(stage=Stage.PASSED, to="s3"))),
    (RECEIPT, pack(Receipt(stage=Stage.ANSWERED))),
    (TEST, pack(LineTest(number=1, text="Test."))),
    (TEST_ANSWER, pack(LineTestAnswer(digest=bytes(32), observed_ms=5))),
    (LINE_STATUS, pack(LineStatus(status=Declaration.SUSPENDED))),
    (LINE_STATUS, pack(LineStatus(status=Declaration.RESUMED))),
    (SILENCE, pack(Silence(cause=Cause.NODE_DOWN, since_ms=1, peer="bravo.example"))),
    (SILENCE, pack(Silence(cause=Cause.NODE_DOWN, since_ms=1, peer="bravo.example", until_ms=2))),
    (99, b"\xff"),
)

Step = tuple[int, int, list[tuple[int, int, bool]], Precedence | None, Mark]
some_refs = st.tuples(
    st.integers(0, 2),
    st.sampled_from([0, 0, 0, 1, 1, 2, 3, 9]),
    st.sampled_from([True, True, True, True, False]),
)
steps = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.one_of(st.integers(0, len(BODIES) - 1), st.sampled_from([0, 3, 6, 7, 8])),
        st.lists(some_refs, max_size=2),
        st.sampled_from([None, Precedence.FLASH, Precedence.ROUTINE]),
        st.sampled_from([Mark.OPERATION, Mark.OPERATION, Mark.OPERATION, Mark.EXERCISE]),
    ),
    max_size=40,
)


def say_anything(world: World, script: list[Step]) -> None:
    """Entries as an arbitrary, even hostile, line would hold them: refs to anything, right or wrong, held or not."""
    for who, body, refs, precedence, mark in script:
        world.later()
        rows = tuple(some_ref(world, *row) for row in refs)
        draft = Draft(*BODIES[body], "watch", rows, precedence=precedence, mark=mark)
        world.put(NAMES[who], [draft])


def some_ref(world: World, who: int, back: int, right: bool) -> Ref:
    origin = world.origins[NAMES[who]]
    log = world.logs[origin]
    if back < len(log):
        ref = log[-1 - back].ref
        return ref if right else replace(ref, leaf_hash=bytes(32))
    return Ref(origin, len(log) + back, bytes(32))


def folded(world: World, order: list[str], who: str) -> Book:
    """A fresh book that takes each log's next entry in the order of `order`."""
    book = world.new_book(who)
    for origin in order:
        book.apply(Arrived(1, world.logs[origin][book.size(origin)]))
    return book


def assert_any_order_is_the_same(world: World, data: st.DataObject) -> None:
    order = [origin for origin, log in sorted(world.logs.items()) for _ in log]
    shuffled = data.draw(st.permutations(order), "order")
    one, other = folded(world, order, "alpha"), folded(world, shuffled, "charlie")
    assert one.snapshot() == other.snapshot() == world.bravo.snapshot()
    assert one.digest() == other.digest()


@given(st.data())
def test_the_order_of_arrival_does_not_matter(data: st.DataObject) -> None:
    world = World(3)
    say_anything(world, data.draw(steps, "script"))
    assert_any_order_is_the_same(world, data)


@given(st.data(), st.lists(st.tuples(st.integers(0, 2), st.integers(3, 9), st.booleans()), max_size=12))
def test_nor_does_it_when_all_talk_about_one_message(data: st.DataObject, said: list[tuple[int, int, bool]]) -> None:
    world = World(3)
    first = world.ref(world.send(action=["s3"], precedence="flash"))
    for who, body, also in said:
        world.later()
        log = world.logs[world.origins[NAMES[who]]]
        refs = (first, log[-1].ref) if also and log else (first,)
        world.put(NAMES[who], [Draft(*BODIES[body], "watch", refs, precedence=Precedence.FLASH)])
    assert_any_order_is_the_same(world, data)


@given(st.data())
def test_nothing_a_member_says_stops_the_fold_or_is_lost(data: st.DataObject) -> None:
    world = World(3)
    say_anything(world, data.draw(steps))
    for origin, log in world.logs.items():
        assert world.alpha.size(origin) == len(log)
        for entry in log:
            assert world.alpha.ref(origin, entry.index) == entry.ref
    assert all(item.precedence is not None and item.standing is Standing.OPEN for item in world.alpha.open_items)


# Waiting for what is not held yet


def three_apart() -> tuple[World, Entry, Entry]:
    """Charlie holds bravo's receipt before alpha's message, which it is about."""
    world = World(3)
    message = world.entry(world.send())
    (receipt,) = world.say("bravo", "ack", entry="alpha:0")
    return world, message, receipt


def test_a_receipt_waits_for_its_message() -> None:
    world, message, receipt = three_apart()
    book = world.new_book("charlie")
    (early,) = world.fold(book, [receipt])
    assert (early.kind, early.origin, early.index, early.what) == ("receipt", receipt.origin, 0, "waiting")
    assert book.waiting == 1
    assert [change.what for change in world.fold(book, [message])] == ["new", "accepted"]
    assert book.waiting == 0
    assert book.digest() == world.alpha.digest()


def test_a_flash_is_never_held_up_by_what_it_refers_to() -> None:
    world = World(3)
    world.send("alpha")
    flash = world.entry(world.send("bravo", "Stop.", precedence="flash", refs=["alpha:0"]))
    book = world.new_book("charlie")
    assert [change.what for change in world.fold(book, [flash])] == ["new"]
    assert book.item(flash.origin, 0) in list(book.open_items)


def test_a_wrong_reference_is_found_when_the_entry_comes() -> None:
    world = World(3)
    message = world.entry(world.send("alpha"))
    wrong = replace(message.ref, leaf_hash=bytes(32))
    (entry,) = world.put("bravo", [Draft(MESSAGE, pack(Message(text="As you said.")), "watch", (wrong,))])
    book = world.new_book("charlie")
    world.fold(book, [entry])
    assert book.faults == []
    changes = world.fold(book, [message])
    assert [(change.origin, change.what) for change in changes] == [(message.origin, "new"), (entry.origin, "fault")]
    (fault,) = book.faults_of(entry.origin, 0)
    assert (fault.message_id, fault.facts) == ("fault-ref-wrong", (("ref", "alpha:0"),))


def test_a_receipt_with_a_wrong_hash_states_nothing_when_its_message_comes() -> None:
    world = World(3)
    message = world.entry(world.send("alpha"))
    body = pack(Receipt(stage=Stage.ACCEPTED))
    (receipt,) = world.put("bravo", [Draft(RECEIPT, body, "watch", (replace(message.ref, leaf_hash=bytes(32)),))])
    book = world.new_book("charlie")
    world.fold(book, [receipt, message])
    assert book.stages(message.origin, 0) == {}
    assert [fault.message_id for fault in book.faults] == ["fault-ref-wrong"]


def test_an_entry_that_names_one_of_its_own_to_come_is_wrong_at_once() -> None:
    world = World()
    ahead = Ref(world.origins["alpha"], 3, bytes(32))
    world.put("alpha", [Draft(CANCELLATION, pack(Cancellation()), "watch", (ahead,))])
    assert world.faults() == [("alpha:0", "fault-ref-wrong")]
    assert world.alpha.waiting == 0


# What is wrong, and what is not known


@pytest.mark.parametrize("body", [b"", b"\xff", b"\xa0", bytes.fromhex("a1006100ff"), bytes.fromhex("a20061780901")])
def test_a_body_that_cannot_be_read_is_a_fault_and_still_has_a_clock(body: bytes) -> None:
    world = World()
    world.put("bravo", [Draft(MESSAGE, body, "watch", precedence=Precedence.FLASH)])
    assert world.faults() == [("bravo:0", "fault-body-wrong")]
    assert [change.what for change in world.changes[:1]] == ["fault"]
    assert world.item("bravo:0") in list(world.alpha.open_items)
    world.say("alpha", "ack", entry="bravo:0")
    assert list(world.alpha.open_items) == []


def test_a_withheld_body_is_a_fault() -> None:
    world = World()
    entry = world.make(world.origins["bravo"], Draft(MESSAGE, b"", "watch"))
    world.fold(world.alpha, [replace(entry, body=None)])
    assert world.faults() == [("bravo:0", "fault-body-withheld")]


def test_a_kind_not_known_here_is_kept_counted_and_skipped() -> None:
    world = World()
    world.put("bravo", [Draft(999, b"\xff not even CBOR", "watch", mark=Mark.EXERCISE)])
    assert world.alpha.size(world.origins["bravo"]) == 1
    assert (world.alpha.count(999), world.alpha.count(999, Mark.EXERCISE)) == (0, 1)
    assert (world.changes[0].kind, world.changes[0].what) == ("kind-999", "unknown")
    assert world.faults() == []


def test_exercise_is_never_counted_as_operation() -> None:
    world = World()
    world.send(mark=Mark.EXERCISE)
    world.send()
    world.send(mark=Mark.TEST)
    world.send(mark=Mark.EXERCISE)
    counts = [world.alpha.count(MESSAGE, mark) for mark in Mark]
    assert counts == [1, 2, 1]


# Reading


def test_an_entry_is_found_by_what_people_call_it() -> None:
    world = World()
    world.send("bravo")
    assert world.alpha.find("bravo:0") == (world.origins["bravo"], 0)
    for text in ("bravo:1", "alpha:0"):
        with pytest.raises(UsageError) as caught:
            world.alpha.find(text)
        assert caught.value.message_id == "entry-unknown"


def test_what_has_no_item_and_what_is_not_held() -> None:
    world = World()
    world.say("alpha", "test")
    origin = world.origins["alpha"]
    assert world.alpha.item(origin, 0) is None
    assert world.alpha.item(origin, 5) is None
    assert world.alpha.item("stranger", 0) is None
    assert world.alpha.stages(origin, 5) == {}
    assert world.alpha.label("stranger.example/line/x", 3) == "stranger.example:3"


def test_the_book_of_each_member_is_the_same() -> None:
    world = World(3)
    message = world.send()
    world.say("bravo", "reply", entry=message, text="Yes.")
    world.say("charlie", "read", entry=message)
    assert len({book.digest() for book in world.books.values()}) == 1


def test_an_entry_twice_or_out_of_turn_is_a_bug_of_the_caller() -> None:
    world = World()
    entry = world.entry(world.send())
    with pytest.raises(AssertionError):
        world.alpha.apply(Arrived(2, entry))


@pytest.mark.parametrize("members", [["b", "a"], ["a", "a"], ["a"], ["b", "c"]])
def test_members_are_sorted_and_ours_is_one_of_them(members: list[str]) -> None:
    with pytest.raises(AssertionError):
        Book(standard(), "line", members, "a")

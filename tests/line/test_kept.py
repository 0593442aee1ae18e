"""What a book holds can be written out and taken up by another one, which then goes on as if it had folded it all."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.line.book import Book
from openline.line.kept import Kept
from openline.line.standard import KINDS, standard
from openline.record.ports import Arrived
from tests.line.test_book import say_anything, steps
from tests.line.world import World


def taken_up(world: World, book: Book, who: str = "charlie") -> Book:
    """Another book that goes on from this one, by way of bytes."""
    kept = pickle.loads(pickle.dumps(book.kept(), protocol=5))
    assert isinstance(kept, Kept)
    other = world.new_book(who)
    other.take(kept)
    return other


@given(st.data())
def test_a_book_taken_up_and_the_rest_folded_is_the_book_of_a_whole_fold(data: st.DataObject) -> None:
    world = World(3)
    say_anything(world, data.draw(steps, "script"))
    order = data.draw(st.permutations([origin for origin, log in sorted(world.logs.items()) for _ in log]), "order")
    cut = data.draw(st.integers(0, len(order)), "cut")
    book = world.new_book("alpha")
    for number, origin in enumerate(order):
        if number == cut:
            book = taken_up(world, book)
        changes = book.apply(Arrived(1, world.logs[origin][book.size(origin)]))
        assert isinstance(changes, tuple)
    if cut == len(order):
        book = taken_up(world, book)
    assert book.digest() == world.bravo.digest()
    assert book.snapshot() == world.bravo.snapshot()


def test_what_waits_for_another_entry_goes_on_waiting() -> None:
    world = World(3)
    message = world.entry(world.send())
    (receipt,) = world.say("bravo", "ack", entry="alpha:0")
    book = world.new_book("alpha")
    world.fold(book, [receipt])
    other = taken_up(world, book)
    assert other.waiting == 1
    assert [change.what for change in world.fold(other, [message])] == ["new", "accepted"]
    assert other.digest() == world.alpha.digest()


def test_an_item_that_is_open_is_the_one_that_receipts_are_noted_on() -> None:
    world = World()
    world.send()
    other = taken_up(world, world.bravo, "bravo")
    assert len(list(other.open_items)) == 1
    for entry in world.say("bravo", "ack", entry="alpha:0"):
        world.fold(other, [entry])
    assert list(other.open_items) == []


def test_another_line_s_book_and_one_of_other_kinds_are_not_taken() -> None:
    world, three = World(), World(3)
    kept = world.alpha.kept()
    assert not three.new_book().fits(kept)
    fewer = Book(
        standard().__class__([one for one in KINDS if one.name != "stop"]),
        world.line,
        sorted(world.logs),
        world.origins["alpha"],
    )
    assert not fewer.fits(kept)
    assert world.new_book().fits(kept)


def test_a_book_that_holds_something_takes_no_other_s_place() -> None:
    world = World()
    world.send()
    with pytest.raises(AssertionError):
        world.bravo.take(world.alpha.kept())

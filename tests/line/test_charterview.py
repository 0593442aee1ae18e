"""A charter is shown with every word that was said to it, and beside another clause by clause."""

from __future__ import annotations

from openline.base.time import DAY_US
from openline.line.charter import charter_of
from openline.line.charterview import CharterView, charter_page, charter_rows, charter_view, charters_view
from openline.line.force import Word
from openline.record.entry import Entry, Mark
from tests.line.chartering import agree, propose, side, utter
from tests.line.world import START, World


def view(world: World, entry: str, who: str = "alpha") -> CharterView:
    book = world.books[who]
    return charter_view(book, charter_of(book, entry), lambda origin, index: text(world, origin, index), world.now)


def text(world: World, origin: str, index: int) -> Entry:
    return world.logs[origin][index]


def test_every_word_is_shown_with_its_entry_and_reason_the_same_at_both_ends() -> None:
    world = World()
    entry = propose(world, valid_from=START.plus(DAY_US).rfc3339())
    utter(world, entry, Word.REFUSE, "bravo")
    world.later()
    utter(world, entry, Word.ASSENT, "bravo")
    shown = view(world, entry)
    assert shown == view(world, entry, "bravo")
    assert (shown.state, shown.waiting, shown.end) == ("agreed", (), None)
    assert shown.begin == shown.valid_from
    alpha, bravo = shown.sides
    assert (alpha.party, alpha.stand, alpha.words) == ("alpha", "proposed", ())
    assert [(word.id, word.word, word.reason) for word in bravo.words] == [
        ("bravo:0", "refuse", "not as it stands"),
        ("bravo:1", "assent", "not as it stands"),
    ]
    assert shown.leaf == world.entry(entry).leaf_hash.hex()


def test_when_it_was_in_force_is_shown_and_when_it_ended_without_ever_being() -> None:
    world = World()
    first = agree(world)
    world.later()
    agree(world)
    assert (view(world, first).begin, view(world, first).end) == (view(world, first).time, view(world, "alpha:1").begin)
    third = propose(world)
    utter(world, third, Word.WITHDRAW, "alpha")
    assert (view(world, third).state, view(world, third).begin, view(world, third).end) == (
        "withdrawn",
        None,
        view(world, third).time,
    )


def test_a_clause_is_the_same_changed_added_or_removed() -> None:
    world = World()
    first = agree(world, sides=[side("alpha", levels={"boss": "minister"}), side("bravo")])
    second = propose(world, "bravo", purpose="To talk.", sides=[side("alpha"), side("bravo", levels={"chief": "duty"})])
    book = world.alpha

    def read(origin: str, index: int) -> Entry:
        return text(world, origin, index)

    page = charter_page(book, charter_of(book, second), charter_of(book, first), read, world.now)
    assert {(row.clause, row.change): (row.before, row.after) for row in page.changes if row.change != "same"} == {
        ("purpose", "changed"): ("To avoid incidents.", "To talk."),
        ("bravo.example level chief", "added"): (None, "duty"),
        ("alpha.example level boss", "removed"): ("minister", None),
    }
    alone = charter_page(book, charter_of(book, second), None, read, world.now)
    assert (alone.against, {row.change for row in alone.changes}) == (None, {"added"})
    assert charters_view(book, read, world.now, Mark.OPERATION, 9).in_force == first
    newest = charters_view(book, read, world.now, Mark.OPERATION, 1).charters
    assert [row.id for row in newest] == [second]
    assert charters_view(book, read, world.now, Mark.EXERCISE, 9).charters == ()
    assert charters_view(book, read, world.now, Mark.EXERCISE, 9).in_force == first


def test_the_rows_of_a_period_name_the_very_bytes_that_were_in_force() -> None:
    world = World()
    entry = agree(world)
    end = world.later()
    utter(world, entry, Word.DENOUNCE, "bravo")
    for book in world.books.values():
        (row,) = charter_rows(book, Mark.OPERATION, START.ms, end.ms)
        assert (row.id, row.leaf) == ("alpha.example:0", world.entry(entry).leaf_hash.hex())
        assert (row.begin_at, row.end_at) == (START.rfc3339(), end.rfc3339())
        assert not list(charter_rows(book, Mark.OPERATION, end.ms, end.ms + 1))
        assert not list(charter_rows(book, Mark.EXERCISE, 0, 2**50))

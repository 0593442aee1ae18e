"""Building a line from its store: the same book after every restart, and the peer is owed exactly what it lacks."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from openline.link.events import Grew
from openline.node.keeper import Keeper
from openline.node.pushes import weight
from openline.node.snapshot import Named
from openline.node.wiring import build_keeper, fold, registry
from openline.record.entry import Attachment, Draft, Precedence
from openline.record.ports import Evidence
from tests.node.houses import ALPHA, BRAVO, CHARLIE, LINE, START, House, first_writes, message, origin
from tests.node.keepers import Side, Table, connected


def test_every_kind_of_a_plain_line_is_known() -> None:
    assert {kind.name for kind in registry().kinds} >= {"message", "receipt", "test", "line-status", "silence"}


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(1, 3), st.booleans()), max_size=12))
def test_a_restart_gives_the_same_book_whatever_was_said_and_receipted(turns: list[tuple[int, int, bool]]) -> None:
    table, sides = connected()
    for who, count, carried in turns:
        sides[who].say(*(message(f"{number}") for number in range(count)))
        sides[who].turn()
        if carried:
            table.settle()
    for side in sides:
        again = side.restarted()
        assert again.keeper.book.digest() == side.keeper.book.digest()
        assert again.keeper.receipted == side.keeper.receipted
        assert again.seq == side.seq
        assert again.keeper.waiting() == side.keeper.waiting()


def test_the_fold_tells_how_far_it_is_and_where_arrival_numbers_go_on() -> None:
    side = Side(ALPHA)
    side.say(*(message() for _ in range(7)))
    side.turn()
    told: list[int] = []
    keeper = side.house.keeper(side.store)
    next_seq, named = fold(side.store, [keeper], told.append)
    assert (next_seq, named, told) == (8, [], [7])
    assert keeper.book.size(origin(ALPHA)) == 7


def test_an_empty_record_begins_at_one() -> None:
    house = House(ALPHA)
    store = house.store()
    assert fold(store, [house.keeper(store)], lambda _: None) == (1, [])


def test_every_attachment_that_was_named_is_told_with_its_author() -> None:
    blob = Attachment(3, bytes(32))
    side = Side(ALPHA)
    side.say(Draft(1, message().body, "watch", attachments=(blob,), precedence=Precedence.ROUTINE))
    side.turn()
    keeper = side.house.keeper(side.store)
    assert fold(side.store, [keeper], lambda _: None)[1] == [Named(LINE, origin(ALPHA), blob)]


# What the peer is owed


def backlog(side: Side) -> tuple[Keeper, list[Grew]]:
    keeper, events = build_keeper(side.house.parts(side.store), side.store.lines()[0])
    assert all(isinstance(event, Grew) for event in events)
    return keeper, [event for event in events if isinstance(event, Grew)]


def test_a_peer_is_owed_one_growth_for_each_checkpoint_it_has_not_receipted() -> None:
    table, (alpha, _) = connected()
    alpha.say()
    alpha.turn()
    table.settle()
    for number in range(3):
        alpha.say(*(message(f"{number}", precedence) for precedence in (Precedence.ROUTINE, Precedence(number))))
        alpha.turn()
    keeper, events = backlog(alpha)
    assert keeper.waiting() == 6
    assert [event.tip.size for event in events] == [3, 5, 7]
    assert [event.flash for event in events] == [True, False, False]
    for event, start in zip(events, (1, 3, 5), strict=True):
        entries = alpha.store.entries(origin(ALPHA), start, event.tip.size)
        assert event.size_bytes == weight(entries)
        assert event.tip.signature


def test_nothing_is_owed_when_all_is_receipted() -> None:
    table, (alpha, _) = connected()
    alpha.say()
    alpha.turn()
    table.settle()
    assert backlog(alpha)[1] == []


def test_what_is_owed_is_sent_as_soon_as_the_peer_is_there() -> None:
    side = Side(ALPHA)
    for number in range(40):
        side.say(message(f"{number}"))
        side.turn()
    again, bravo = side.restarted(), Side(BRAVO)
    again.tell(*backlog(again)[1])
    table = Table(again, bravo)
    table.settle()
    assert bravo.keeper.book.digest() == again.keeper.book.digest()
    assert again.keeper.waiting() == 0


def test_with_several_peers_it_begins_where_the_slowest_stands() -> None:
    parties = (ALPHA, BRAVO, CHARLIE)
    alpha, bravo = Side(ALPHA, parties), Side(BRAVO, parties)
    table = Table(alpha, bravo)
    table.settle()
    for _ in range(2):
        alpha.say()
        alpha.turn()
        table.settle()
    keeper, events = backlog(alpha)
    assert keeper.receipted == {BRAVO: 2, CHARLIE: 0}
    assert [event.tip.size for event in events] == [1, 2]


# What stays for ever


def test_a_fork_that_was_kept_as_evidence_counts_on_its_own_line_only() -> None:
    house = House(ALPHA)
    house.store().commit(first_writes(ALPHA, (ALPHA, CHARLIE))[1:])
    store = house.store()
    store.commit(
        [
            Evidence(LINE, origin(BRAVO), "log-forked", START, b"a"),
            Evidence(LINE, origin(ALPHA), "peer-frame-wrong", START, b"b"),
        ]
    )
    forked = {line.line: build_keeper(house.parts(store), line)[0].forked for line in store.lines()}
    assert forked == {LINE: {BRAVO: "log-forked"}, "alpha-charlie": {}}

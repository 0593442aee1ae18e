"""The index of a node: it follows the record, outlives crashes and spoiled files, and shows only what is there."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from openline.base.errors import BusyError, StoreError
from openline.line.search import Spelled, plan
from openline.node.journal import Journal
from openline.node.searching import TROUBLE_S, Hit, Searching, kind_mark, line_mark, mark_mark, party_mark
from openline.node.wiring import registry
from openline.record.entry import Mark
from openline.record.ports import Arrived
from openline.store import search
from openline.store.memory import MemoryStore
from openline.store.search import SearchIndex, Wanted
from tests.node.houses import ALPHA, LINE, House, message


class Desk:
    """A house, what is said in it, and its search. `log` is the node's."""

    def __init__(self, folder: Path) -> None:
        self.house = House(ALPHA)
        self.store: MemoryStore = self.house.store()
        self.keeper = self.house.keeper(self.store)
        self.path = folder / "search.db"
        self.log = io.StringIO()
        self.searching = self.opened()

    def opened(self) -> Searching:
        return Searching(self.path, self.store, registry(), Journal(self.house.clock, self.log))

    def restart(self) -> None:
        self.searching.close()
        self.searching = self.opened()

    def say(self, *texts: str) -> None:
        for text in texts:
            self.keeper.say([message(text)], self.house.clock.now())
            turn = self.keeper.close(self.house.clock.now(), 1)
            self.store.commit(turn.writes)
            self.keeper.release(turn, self.house.clock.now())

    def work(self) -> None:
        while self.searching.work():
            pass

    def hits(self, text: str, count: int = 50, **more: object) -> list[Hit]:
        asked = plan(text, Spelled())
        return self.searching.find(asked, Wanted(asked.groups, **more), count)  # type: ignore[arg-type] # by name

    def found(self, text: str, count: int = 50, **more: object) -> list[int]:
        return [hit.arrived.seq for hit in self.hits(text, count, **more)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.searching.close()


def test_the_index_follows_the_record(desk: Desk) -> None:
    desk.say("Choïgou a appelé", "nothing", "Шойгу звонил")
    desk.work()
    assert desk.found("Shoigu") == [3, 1]
    desk.say("Shoigu again")
    desk.work()
    assert desk.found("Shoigu") == [4, 3, 1]
    assert [(hit.similar, hit.excerpt) for hit in desk.hits("Shoigu", 2)] == [
        (False, "Shoigu again"),
        (True, "Шойгу звонил"),
    ]


def test_entries_are_filed_under_kind_mark_line_and_party(desk: Desk) -> None:
    desk.say("hello")
    desk.work()
    right = (kind_mark(1), mark_mark(Mark.OPERATION), line_mark(LINE), party_mark(ALPHA))
    assert desk.found("hello", marks=right) == [1]
    for wrong in (kind_mark(2), mark_mark(Mark.EXERCISE), line_mark("other"), party_mark("bravo.example")):
        assert desk.found("hello", marks=(wrong,)) == []


def test_before_there_is_an_index_a_search_may_be_asked_again_later(desk: Desk) -> None:
    with pytest.raises(BusyError):
        desk.found("hello")


def test_after_a_crash_it_goes_on_from_the_last_entry_it_holds(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.say("hello one")
    desk.work()
    desk.say("hello two")
    desk.restart()
    taken: list[int] = []
    filed = Searching._filed

    def noted(self: Searching, arrived: Arrived) -> search.Filed | None:
        taken.append(arrived.seq)
        return filed(self, arrived)

    monkeypatch.setattr(Searching, "_filed", noted)
    desk.work()
    assert taken == [2]
    assert desk.found("hello") == [2, 1]


def test_an_index_of_another_record_is_made_anew(desk: Desk, tmp_path: Path) -> None:
    desk.say("hello")
    desk.work()
    desk.searching.close()
    (tmp_path / "other").mkdir()
    other = Desk(tmp_path / "other")
    other.say("goodbye", "goodbye")
    other.path.write_bytes(desk.path.read_bytes())
    with pytest.raises(StoreError) as caught:
        other.work()
    assert other.searching.recover(caught.value) == TROUBLE_S
    other.work()
    assert (other.found("goodbye"), other.found("hello")) == ([2, 1], [])
    assert '"search-trouble", "fault": "store-wrong-file", "held": 0' in other.log.getvalue()
    other.searching.close()


def test_an_index_from_before_a_restore_is_made_anew(desk: Desk) -> None:
    """The record has fewer entries than the index has seen."""
    desk.work()
    assert desk.searching._index is not None
    desk.searching._index.add([], 7, bytes(32))
    desk.say("hello")
    desk.restart()
    with pytest.raises(StoreError):
        desk.work()


def test_a_body_that_is_gone_is_not_shown_and_leaves_the_index(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.say("secret words", "other words")
    desk.work()
    arrived = desk.store.arrived

    def erased(after: int, count: int) -> list[Arrived]:
        return [
            replace(row, entry=replace(row.entry, body=None)) if row.seq == 1 else row for row in arrived(after, count)
        ]

    monkeypatch.setattr(desk.store, "arrived", erased)
    assert desk.found("words") == [2]
    assert b"secret" in b"".join(file.read_bytes() for file in desk.path.parent.iterdir())
    desk.work()
    assert b"secret" not in b"".join(file.read_bytes() for file in desk.path.parent.iterdir())
    desk.restart()
    desk.path.unlink()
    desk.work()
    assert desk.found("secret") == []


def test_a_page_is_full_though_some_of_it_may_no_longer_be_shown(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.say(*(f"words {number}" for number in range(10)))
    desk.work()
    arrived = desk.store.arrived

    def erased(after: int, count: int) -> list[Arrived]:
        rows = arrived(after, count)
        return [replace(row, entry=replace(row.entry, body=None)) if row.seq in (8, 9) else row for row in rows]

    monkeypatch.setattr(desk.store, "arrived", erased)
    assert desk.found("words", 4) == [10, 7, 6, 5]


def test_an_index_that_tells_a_falsehood_is_not_believed(desk: Desk) -> None:
    desk.say("hello", "goodbye")
    desk.work()
    assert desk.searching._index is not None
    desk.searching._index.add([search.Filed(3, 0, (), frozenset({"fghost"}))], 2, bytes(32))
    desk.searching._index.remove([2])
    desk.searching._index.add([search.Filed(2, 0, (), frozenset({"fghost"}))], 2, bytes(32))
    assert desk.found("ghost") == []


def test_a_search_that_fails_has_the_index_made_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.say("hello")
    desk.work()

    def broken(_index: SearchIndex, _wanted: Wanted, _count: int) -> list[int]:
        raise StoreError("store-corrupt", path="search.db", detail="")

    with monkeypatch.context() as patched:
        patched.setattr(SearchIndex, "find", broken)
        with pytest.raises(BusyError):
            desk.found("hello")
    with pytest.raises(StoreError) as caught:
        desk.work()
    assert desk.searching.recover(caught.value) == 0.0
    desk.work()
    assert desk.found("hello") == [1]


def test_a_full_disk_is_waited_for_and_nothing_is_thrown_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.say("hello")
    desk.work()
    desk.say("hello again")
    with monkeypatch.context() as patched:
        patched.setattr(search, "SEARCH_FREE_BYTES_MIN", 2**62)
        with pytest.raises(StoreError) as caught:
            desk.work()
    assert desk.searching.recover(caught.value) == TROUBLE_S
    assert desk.found("hello") == [1]
    desk.work()
    assert desk.found("hello") == [2, 1]


def test_nothing_is_kept_of_a_batch_that_was_cut_short(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a crash leaves it: the transaction was open."""
    desk.say("hello", "hello")
    with monkeypatch.context() as patched:
        patched.setattr(search._Run, "__call__", _breaking_at("advance", search._Run.__call__))
        with pytest.raises(StoreError):
            desk.work()
    desk.restart()
    desk.work()
    assert desk.found("hello") == [2, 1]


def _breaking_at(name: str, call: object) -> object:
    def run(self: object, statement: str, *values: object) -> None:
        if statement == name:
            raise apsw.IOError("the machine went away")
        call(self, statement, *values)  # type: ignore[operator] # the method itself

    return run


def test_the_thread_follows_by_itself_and_ends_when_told(desk: Desk) -> None:
    desk.searching.start()
    desk.say("hello")
    desk.searching.grew()
    for _ in range(1_000):
        if desk.searching.seq == 1:
            break
        threading.Event().wait(0.01)
    assert desk.found("hello") == [1]
    desk.searching.close()
    assert not desk.searching._thread.is_alive()
    desk.searching.close()

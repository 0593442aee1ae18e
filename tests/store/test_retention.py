"""Holds and erasure in the store: no path takes a body away that a hold covers, and what is erased leaves its proof."""

from __future__ import annotations

import tempfile
from pathlib import Path

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openline.base.errors import StoreError
from openline.base.time import Instant
from openline.record.entry import PLACE_MAX, Entry, Erased
from openline.record.ports import Erase, LiftHold, PlaceHold, Write
from openline.store.memory import MemoryDisk, MemoryStore
from openline.store.sqlite import SqliteStore
from openline.store.statements import migrations
from openline.store.writes import stands_over
from tests.store.authors import ALPHA, BRAVO, LINE, NOW, Author, Engine

SECRET = b"the words that are to go"
WHOLE = (0, PLACE_MAX + 1)


def erase(entry: Entry) -> Erase:
    return Erase(entry, Erased("messages", Instant(7), b"\xa0"))


def hold(index: int = 0, origin: str = BRAVO, mark: int = 0, period: tuple[int, int] | None = WHOLE) -> PlaceHold:
    since, until = period or (None, None)
    return PlaceHold(origin, index, LINE, mark, since, until, () if period else ((ALPHA, 1),))


def test_an_erased_body_leaves_header_digest_and_proof(engine: Engine) -> None:
    author = Author()
    store = engine.open(author.opened, author.says(b"kept", SECRET), author.receipt(2))
    before = store.entries(ALPHA, 0, 2)
    store.commit([erase(before[1])])
    for again in (False, True):
        opened = engine.reopen(store) if again else store
        kept, gone = opened.entries(ALPHA, 0, 2)
        assert (kept, gone.leaf_bytes, gone.leaf_hash) == (before[0], before[1].leaf_bytes, before[1].leaf_hash)
        assert (gone.body, gone.salt, gone.erased) == (None, b"", Erased("messages", Instant(7), b"\xa0"))
        arrival = opened.arrival(ALPHA, 1)
        assert arrival is not None
        assert [arrival.entry, opened.arrived(1, 1)[0].entry] == [gone, gone]
        assert opened.receipts(ALPHA, 0)
        assert opened.checkpoint(ALPHA, 2) == author.signed()


def test_erasing_twice_keeps_the_first(engine: Engine) -> None:
    author = Author()
    store = engine.open(author.opened, author.says(SECRET))
    (entry,) = store.entries(ALPHA, 0, 1)
    store.commit([erase(entry)])
    store.commit([Erase(entry, Erased("other", Instant(9), b""))])
    assert store.entries(ALPHA, 0, 1)[0].erased == Erased("messages", Instant(7), b"\xa0")


@pytest.mark.parametrize("placed", [hold(), hold(period=None), hold(period=(NOW.ms, NOW.ms + 5))])
def test_what_a_hold_covers_is_not_erased_until_it_is_lifted(engine: Engine, placed: PlaceHold) -> None:
    alpha, bravo = Author(), Author(BRAVO, own=False)
    store = engine.open(alpha.opened, bravo.opened, alpha.says(b"one", SECRET), bravo.says(b"hold", b"lift"))
    entry = store.entries(ALPHA, 1, 2)[0]
    store.commit([placed])
    store.commit([erase(entry)])
    assert store.entries(ALPHA, 1, 2) == [entry]
    store = engine.reopen(store)
    store.commit([placed, erase(entry)])
    assert store.entries(ALPHA, 1, 2) == [entry]
    assert [(row.hold, row.lifted) for row in store.holds()] == [(placed, None)]
    store.commit([LiftHold(BRAVO, 0, 1), erase(entry)])
    assert store.entries(ALPHA, 1, 2)[0].body is None
    assert [(row.hold, row.lifted) for row in store.holds()] == [(placed, 1)]


@pytest.mark.parametrize(
    "placed",
    [
        hold(mark=1),
        hold(period=(0, NOW.ms)),
        PlaceHold(BRAVO, 0, "other-line", 0, *WHOLE),
        PlaceHold(BRAVO, 0, LINE, 0, None, None, ((BRAVO, 1), (ALPHA, 0))),
    ],
)
def test_a_hold_over_something_else_keeps_nothing(engine: Engine, placed: PlaceHold) -> None:
    alpha, bravo = Author(), Author(BRAVO, own=False)
    store = engine.open(alpha.opened, bravo.opened, alpha.says(b"one", SECRET), bravo.says(b"hold"), placed)
    store.commit([erase(store.entries(ALPHA, 1, 2)[0])])
    assert store.entries(ALPHA, 1, 2)[0].body is None


def sqlite(tmp_path: Path, *writes: Write) -> SqliteStore:
    store = SqliteStore(tmp_path / "record.db", create=True)
    store.claim()
    store.commit(writes)
    return store


PATHS = [
    "UPDATE entry SET body = NULL",
    "UPDATE entry SET body = NULL, salt = x''",
    "UPDATE entry SET body = x'00' WHERE idx = 1",
    "DELETE FROM entry",
    "INSERT INTO erased VALUES (2, {now}, 0, 'x', 0, x'')",
    "INSERT OR REPLACE INTO erased VALUES (2, {now}, 0, 'x', 0, x'')",
    "DELETE FROM hold",
    "UPDATE hold SET lifted = 0",
    "UPDATE hold SET lifted = 99",
    "UPDATE hold SET until_ms = 0",
    "UPDATE hold SET line = 'other'",
    "UPDATE hold SET mark = 1",
    "REPLACE INTO hold SELECT log, idx, line, mark, 0, 0, NULL FROM hold",
    "DELETE FROM held_entry",
    "UPDATE held_entry SET target = 9",
]


@pytest.mark.parametrize("path", PATHS)
def test_no_statement_goes_around_a_hold(tmp_path: Path, path: str) -> None:
    alpha, bravo = Author(), Author(BRAVO, own=False)
    store = sqlite(tmp_path, alpha.opened, bravo.opened, alpha.says(b"one", SECRET), bravo.says(b"hold"), hold())
    store.commit([PlaceHold(ALPHA, 0, LINE, 0, None, None, ((ALPHA, 1),))])
    before = (store.entries(ALPHA, 0, 2), store.holds())
    with pytest.raises(StoreError), store._database.transaction() as connection:
        connection.execute(path.format(now=NOW.ms)).fetchall()
    assert (store.entries(ALPHA, 0, 2), store.holds()) == before
    store.close()


def test_the_trigger_stands_where_the_statement_would_let_it_pass(tmp_path: Path) -> None:
    """The guard of last resort: a row in `erased` by hand is refused, and without one no body goes."""
    alpha = Author()
    store = sqlite(tmp_path, alpha.opened, alpha.says(b"one", SECRET), hold(origin=ALPHA))
    with pytest.raises(StoreError) as caught, store._database.transaction() as connection:
        connection.execute("INSERT INTO erased VALUES (2, ?, 0, 'x', 0, x'')", (NOW.ms + 1,))
    assert "legal hold" in str(caught.value.facts)
    store.close()


def test_what_was_erased_is_not_left_in_the_files(tmp_path: Path) -> None:
    author = Author()
    store = sqlite(tmp_path, author.opened, author.says(*(SECRET + b"%d" % n for n in range(50))))
    entries = store.entries(ALPHA, 0, 50)
    assert any(SECRET in file.read_bytes() for file in tmp_path.iterdir())
    store.commit([erase(entry) for entry in entries])
    left = [file.name for file in tmp_path.iterdir() if SECRET in file.read_bytes()]
    assert left == []
    store.close()


def test_an_older_record_is_brought_up_to_holds(tmp_path: Path) -> None:
    author = Author()
    store = sqlite(tmp_path, author.opened, author.says(SECRET))
    store.close()
    connection = apsw.Connection(str(tmp_path / "record.db"))
    assert connection.execute("PRAGMA user_version").fetchall() == [(len(migrations("record")),)]
    connection.close()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(-3, 8), st.integers(-3, 8), st.booleans()), max_size=4))
def test_both_stores_and_the_rule_in_python_agree(holds: list[tuple[int, int, int, bool]]) -> None:
    author = Author()
    append = author.says(*(b"%d" % n for n in range(5)))
    lifting = author.says(*(b"later" for _ in range(8)))
    placed: list[Write] = []
    for n, (mark, since, until, lifted) in enumerate(holds):
        period = (NOW.ms + since, NOW.ms + until)
        placed.append(PlaceHold(ALPHA, n, LINE, mark, *period, ((ALPHA, n),) if since > until else ()))
        placed += [LiftHold(ALPHA, n, n + 5)] if lifted else []
    store = MemoryStore(MemoryDisk())
    store.claim()
    store.commit([author.opened, append, lifting, *placed])
    entries = store.entries(ALPHA, 0, 5)
    expected = [any(stands_over(row, LINE, entry) for row in store.holds()) for entry in entries]
    store.commit([erase(entry) for entry in entries])
    assert [entry.body is not None for entry in store.entries(ALPHA, 0, 5)] == expected
    with tempfile.TemporaryDirectory() as folder:
        disk = sqlite(Path(folder), author.opened, append, lifting, *placed)
        disk.commit([erase(entry) for entry in entries])
        assert [entry.body is not None for entry in disk.entries(ALPHA, 0, 5)] == expected
        disk.close()

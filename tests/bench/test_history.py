"""The questions of the history find something in a made-up record, and a slow one breaks the claim."""

from __future__ import annotations

from pathlib import Path

from bench.fold import fold
from bench.history import LIMIT_MS, questions, rows_of
from bench.record import write_record
from openline.line.contact import CONTACT
from openline.line.statement import STATEMENT
from openline.store.sqlite import SqliteStore

ENTRIES = 30_000


def test_a_slow_answer_breaks_the_claim() -> None:
    assert [row.holds for row in rows_of({"quick": [1.0] * 300, "slow": [1.0] * 290 + [LIMIT_MS + 1.0] * 10})] == [
        True,
        False,
    ]


def test_every_question_finds_something_in_a_record_without_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "record.db"
    write_record(path, ENTRIES)
    book = fold(path).book
    assert not book.faults
    assert book.count(CONTACT) > ENTRIES // 1_000
    assert book.count(STATEMENT) > ENTRIES // 100
    store = SqliteStore(path)
    for name, asks in questions(book, store).items():
        assert any(ask() for ask in asks), f"{name} finds nothing: it measures nothing"
    store.close()

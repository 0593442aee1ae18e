"""The SQL files: every statement has a name, every name is used, and migrations are numbered without a gap."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from openline.store.statements import migrations, statements

ROOM = Path(__file__).resolve().parents[2] / "src/openline/store"


@pytest.mark.parametrize("store", ["record", "blobs", "officers"])
def test_every_statement_is_used(store: str) -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in ROOM.glob("*.py"))
    assert statements(store).keys() <= set(re.findall(r'"(\w+)"', source))


@pytest.mark.parametrize("store", ["record", "blobs", "officers"])
def test_statements_are_plain(store: str) -> None:
    """One statement each, and nothing that only SQLite has."""
    for name, sql in statements(store).items():
        assert ";" not in sql, name
        assert not re.search(r"(?i)\b(rowid|pragma|replace|glob|ifnull|last_insert_rowid|autoincrement)\b", sql), name


@pytest.mark.parametrize("store", ["record", "blobs", "officers"])
def test_migrations_are_read_in_order(store: str) -> None:
    first = migrations(store)[0]
    assert "CREATE TABLE" in first


def test_comments_do_not_travel_with_a_statement() -> None:
    assert statements("record")["epoch"] == "SELECT epoch FROM store"

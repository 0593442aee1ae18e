"""The SQL of the stores, read from the files under `sql/`: named statements and numbered migrations.

A statement stands under a line `-- name: ...`. Migration n brings a file from version n - 1 to version n; a
released migration is never edited.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_NAME = re.compile(r"(?m)^-- name: (\w+)$")
_COMMENT = re.compile(r"(?m)^--.*\n")
_MIGRATION = re.compile(r"(\d{4})_\w+\.sql")


@cache
def statements(store: str) -> Mapping[str, str]:
    """Every named statement of `store` (`record` or `blobs`), without comments and semicolon."""
    _, *parts = _NAME.split(_text(store, "statements.sql"))
    bodies = (_COMMENT.sub("", body).strip().removesuffix(";") for body in parts[1::2])
    return dict(zip(parts[0::2], bodies, strict=True))


@cache
def migrations(store: str) -> tuple[str, ...]:
    """The migrations of `store` in order; the first makes version 1."""
    folder = files("openline.store") / "sql" / store
    found = sorted(file.name for file in folder.iterdir() if _MIGRATION.fullmatch(file.name))
    assert [int(name[:4]) for name in found] == list(range(1, len(found) + 1)), found
    return tuple(_text(store, name) for name in found)


def _text(store: str, name: str) -> str:
    return (files("openline.store") / "sql" / store / name).read_text(encoding="utf-8")

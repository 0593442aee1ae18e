"""Reads a file of test vectors into typed values: the types say what the file holds."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

FOLDER = Path(__file__).resolve().parent.parent / "vectors"

T = TypeVar("T")


def read_vectors(name: str, kind: type[T]) -> T:
    """The vectors of `tests/vectors/<name>`; parts that `kind` does not name are left out."""
    return msgspec.json.decode((FOLDER / name).read_bytes(), type=kind)

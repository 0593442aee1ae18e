"""Both engines, so that one suite holds each to the contract."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.authors import Engine, memory_engine, sqlite_engine


@pytest.fixture(params=["memory", "sqlite"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    made = memory_engine() if request.param == "memory" else sqlite_engine(tmp_path)
    yield made
    made.close()

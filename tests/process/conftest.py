"""Two headquarters for each test that asks: founded and paired once, their folders copied, both nodes running."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from openline.cli.stage import Stage
from tests.process.houses import Furnished, clear, open_both


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """Alpha and bravo, paired."""
    return Furnished(tmp_path_factory.mktemp("founded"))


@pytest.fixture
def houses(furnished: Furnished, tmp_path: Path) -> Iterator[Stage]:
    """Both in folders of their own; no node runs yet. Whatever runs in the end is killed."""
    stage = furnished.furnish(tmp_path)
    yield stage
    clear(stage)


@pytest.fixture
def stage(houses: Stage) -> Stage:
    """Both nodes run, and the line is proven."""
    return open_both(houses)

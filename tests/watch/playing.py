"""Many watches in one process; a module of its own, so that other processes find it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.watch.watches import Watch

Played = tuple[int, Counter[str], list[tuple[int, str]]]
"""How many watches, what happened in them, and which were wrong: seed and why."""


def play(seeds: Sequence[int]) -> Played:
    """Play these, one after the other."""
    totals: Counter[str] = Counter()
    wrong: list[tuple[int, str]] = []
    for seed in seeds:
        try:
            totals += Watch(seed).run()
        except Exception as why:  # noqa: BLE001 - whatever ends a watch, its seed is to be named
            wrong.append((seed, f"{type(why).__name__}: {why}"))
    return len(seeds), totals, wrong

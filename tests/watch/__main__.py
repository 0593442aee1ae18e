"""`python -m tests.watch --runs 10000`: simulated watches, on every core; a wrong one is named by its seed.

A seed that is wrong is played again by `--seed N --runs 1`. The run fails as well when something that officers or the
line do wrong never happened, or nothing was looked at: then it has shown nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context

from tests.watch.playing import Played, play
from tests.watch.watches import HAPPENS

BLOCK = 50
"""Watches that one process plays before it says how far it is."""

ALL_HAPPENS_AFTER = 200
"""So many watches have had everything in them, many times over."""

TOLD_EVERY_S = 5.0
WRONG_MAX = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run them; 1 when one is wrong, or when something that must happen never did."""
    parser = argparse.ArgumentParser(prog="python -m tests.watch")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args(arguments)
    seeds = range(asked.seed, asked.seed + asked.runs)
    begun, told = time.monotonic(), 0.0
    played, totals, wrong = 0, Counter[str](), list[tuple[int, str]]()
    for count, happened, bad in _played(seeds, asked.jobs):
        played, totals = played + count, totals + happened
        for seed, why in bad:
            wrong.append((seed, why))
            print(f"seed {seed}: {why}", file=sys.stderr, flush=True)
        now = time.monotonic() - begun
        if now - told >= TOLD_EVERY_S and played < asked.runs:
            told = now
            print(f"{played} of {asked.runs}, {now:.0f} s, {len(wrong)} wrong", file=sys.stderr, flush=True)
        if len(wrong) >= WRONG_MAX:
            break
    missing = [name for name in HAPPENS if not totals[name]] if asked.runs >= ALL_HAPPENS_AFTER else []
    for name in missing:
        print(f"{asked.runs} watches without {name} show nothing", file=sys.stderr)
    for seed, _ in wrong:
        print(f"again: python -m tests.watch --seed {seed} --runs 1", file=sys.stderr)
    shown = ", ".join(f"{name} {number}" for name, number in sorted(totals.items()))
    print(f"{played} watches from seed {asked.seed}: {shown}")
    return 1 if wrong or missing else 0


def _played(seeds: range, jobs: int) -> Iterator[Played]:
    """What each block of seeds gave, as soon as it has."""
    blocks = (seeds[start : start + BLOCK] for start in range(0, len(seeds), BLOCK))
    if jobs <= 1 or len(seeds) <= BLOCK:
        yield from map(play, blocks)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        under_way: set[Future[Played]] = set()
        for block in blocks:
            under_way.add(pool.submit(play, block))
            if len(under_way) > 2 * jobs:
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                yield from (one.result() for one in done)
        while under_way:
            done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            yield from (one.result() for one in done)


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tests.sim --seed 7 --runs 300`: run many seeds, count everything, and say how to repeat what failed.

With `--block FILE` the seeds that are done are kept in FILE; the same command later goes on where it stopped.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path

from tests.sim.faults import FAULTS
from tests.sim.run import Result, simulate

_PROCESSES = 2
_TELL_EVERY = 50
_PROGRAM = "python -m tests.sim"


class Tally:
    """What came of all runs so far. Mutable."""

    def __init__(self) -> None:
        self.seeds: set[int] = set()
        self.counts: Counter[str] = Counter()
        self.latencies: list[float] = []
        self.failed: list[int] = []

    def add(self, result: Result) -> None:
        """One more run."""
        self.seeds.add(result.seed)
        self.counts.update(result.counts)
        self.latencies += result.latencies
        if result.violations:
            self.failed.append(result.seed)

    def line(self, seconds: float) -> str:
        """Everything so far in one line."""
        faults = " ".join(f"{name}={self.counts[name]}" for name in (*FAULTS, "fork"))
        said = f"{self.counts['messages']} messages, {self.counts['receipts']} receipts, FLASH {self.flash()}"
        return f"{len(self.seeds)} seeds in {seconds:.0f} s: {len(self.failed)} failed, {said}; {faults}"

    def flash(self) -> str:
        """How long FLASH messages took while a way was open: median, 99th percentile and longest."""
        if not self.latencies:
            return "none"
        rows = sorted(self.latencies)
        at = [rows[len(rows) // 2], rows[len(rows) * 99 // 100], rows[-1]]
        return f"{len(rows)} p50/p99/max " + "/".join(f"{1_000 * seconds:.0f}" for seconds in at) + " ms"

    def pack(self) -> str:
        """The tally as a block file keeps it."""
        return json.dumps(
            {
                "seeds": sorted(self.seeds),
                "counts": dict(sorted(self.counts.items())),
                "latencies": self.latencies,
                "failed": self.failed,
            }
        )

    @classmethod
    def unpack(cls, text: str) -> Tally:
        """Read what `pack` wrote."""
        made, kept = cls(), json.loads(text)
        made.seeds, made.counts = set(kept["seeds"]), Counter(kept["counts"])
        made.latencies, made.failed = list(kept["latencies"]), list(kept["failed"])
        return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the seeds asked for. 0 when no rule was broken, 1 otherwise."""
    asked = _asked(arguments)
    tally = Tally()
    if asked.block is not None and asked.block.exists():
        tally = Tally.unpack(asked.block.read_text(encoding="utf-8"))
    seeds = [seed for seed in range(asked.seed, asked.seed + asked.runs) if seed not in tally.seeds]
    begun = time.monotonic()
    for result in _results(seeds, asked.verbose):
        tally.add(result)
        for violation in result.violations[:3]:
            print(f"seed={result.seed} {violation}")
        if result.violations:
            print(f"repeat: {_PROGRAM} --seed {result.seed} --runs 1 --verbose", flush=True)
        if len(tally.seeds) % _TELL_EVERY == 0:
            print(tally.line(time.monotonic() - begun), flush=True)
            if asked.block is not None:
                asked.block.write_text(tally.pack(), encoding="utf-8")
    if asked.block is not None:
        asked.block.write_text(tally.pack(), encoding="utf-8")
    print(tally.line(time.monotonic() - begun))
    print(_verdict(tally))
    return 1 if tally.failed else 0


def _verdict(tally: Tally) -> str:
    if tally.failed:
        return f"FAILED: seeds {' '.join(map(str, sorted(tally.failed)))}"
    return f"{len(tally.seeds)} seeds, 0 violations; every fault class took effect in every seed"


def _results(seeds: Sequence[int], verbose: bool) -> Iterator[Result]:
    if verbose or len(seeds) < 4:
        yield from (simulate(seed, verbose) for seed in seeds)
        return
    with get_context("spawn").Pool(_PROCESSES) as pool:
        yield from pool.imap_unordered(simulate, seeds, chunksize=4)


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=_PROGRAM, description="Seeded simulation of a whole line.")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--runs", type=int, default=20, help="how many seeds")
    parser.add_argument("--block", type=Path, help="keep in this file what is done, and go on from it")
    parser.add_argument("--verbose", action="store_true", help="print everything that happens")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())

"""`python -m tests.watch --runs 10000`: simulated watches one after the other; a wrong one is named by its seed."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence

from tests.watch.watches import Watch


def main(arguments: Sequence[str] | None = None) -> int:
    """Run them; 1 when one is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.watch")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=300)
    asked = parser.parse_args(arguments)
    totals: Counter[str] = Counter()
    for seed in range(asked.seed, asked.seed + asked.runs):
        try:
            totals += Watch(seed).run()
        except AssertionError as why:
            print(f"seed {seed}: {why}", file=sys.stderr)
            return 1
    told = ", ".join(f"{name} {number}" for name, number in sorted(totals.items()))
    print(f"{asked.runs} watches from seed {asked.seed}: {told}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

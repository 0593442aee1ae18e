"""kill -9 of either node under load, again and again: nothing acknowledged is lost, doubled, rewritten or reordered.

`python -m tests.process.kill --rounds 50 --seed 7`. One round: officers talk at both desks, a node is killed at a
moment the seed chooses, its disk is looked at, it is started again at once (and sometimes killed while it starts),
the officers finish what they have in hand, the line must be settled, and both records are judged.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from openline.base.errors import PathError
from openline.cli.stage import Party, Stage
from openline.store.check import check_trees
from openline.store.sqlite import SqliteStore
from tests.process.houses import PATIENCE_S, Furnished, clear, leaves, open_both, seized, settled
from tests.process.ledger import Leaf, judge, recorded
from tests.process.load import Load

OFFICERS = 4
MOMENT_S = (0.1, 0.8)
KILLED_AGAIN_IN = 0.25
SETTLED_WITHIN_S = 1.0
_POLL_S = 0.005


@dataclass(frozen=True, slots=True)
class Round:
    """What one round showed. `settled_s` counts from the moment the node, started again, was ready."""

    number: int
    killed: str
    kills: int
    messages: int
    repeated: int
    ready_s: float
    settled_s: float
    faults: tuple[str, ...]

    def __str__(self) -> str:
        times = "" if self.kills == 1 else f" and {self.kills - 1} times more while it started"
        return (
            f"round {self.number}: {self.killed} killed{times}; {self.messages} messages, {self.repeated} asked again; "
            f"ready after {self.ready_s * 1e3:.0f} ms, settled {self.settled_s * 1e3:.0f} ms later; "
            f"{len(self.faults)} faults"
        )


class Rounds:
    """Kills, one after the other, on one pair of records that only grows."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self._stage = stage
        self._seed = seed
        self._chance = random.Random(seed)
        self.lives = {party.name: 0 for party in stage.parties}
        self._done = 0
        self._held: dict[str, dict[str, list[Leaf]]] = {
            party.name: {one.name: [] for one in stage.parties} for party in stage.parties
        }
        self.load = Load(self.lives.__getitem__)

    def play(self) -> Round:
        """One round."""
        self._done += 1
        before = len(self.load.told)
        victim = self._chance.choice(self._stage.parties)
        self.load.begin(self._stage.parties, OFFICERS, f"{self._seed}-{self._done}")
        time.sleep(self._chance.uniform(*MOMENT_S))
        victim.kill()
        faults = list(self._lost(victim))
        kills, ready_s = self._start(victim)
        settled_s, wrong = self.judged()
        faults += wrong
        told = self.load.told[before:]
        repeated = sum(one.tries > 1 for one in told)
        return Round(
            self._done, victim.name, kills, len(told), repeated, ready_s, settled_s, tuple(dict.fromkeys(faults))
        )

    def judged(self) -> tuple[float, list[str]]:
        """Let the officers finish, wait until the line is settled, and judge both records: seconds, and faults."""
        self.load.finish()
        settled_s = self._settle()
        faults, self.load.trouble = self.load.trouble, []
        self._read()
        return settled_s, faults + judge(self.load.told, self._held)

    def close(self) -> list[str]:
        """Stop both nodes and compare their disks with everything seen so far; what is wrong."""
        for party in self._stage.parties:
            party.stop()
        held: dict[str, Mapping[str, Sequence[Leaf]]] = {party.name: seized(party) for party in self._stage.parties}
        faults = judge(self.load.told, held)
        faults += [f"{name}'s record changed on the way" for name, logs in held.items() if logs != self._held[name]]
        for party in self._stage.parties:
            path = party.folder / "record.db"
            with closing(SqliteStore(path)) as store:
                check_trees(store, path, lambda _done, _total: None)
        return faults

    def _lost(self, victim: Party) -> list[str]:
        """What the dead node's disk lacks of what it has acknowledged, or has receipted, up to its death."""
        life = self.lives[victim.name]
        told = list(self.load.told)
        disk = seized(victim)
        own = [one for one in told if one.party == victim.name and one.told is not None and one.life == life]
        theirs = [one for one in told if one.party != victim.name and one.received and one.peer_life == life]
        author = next(party.name for party in self._stage.parties if party is not victim)
        return [
            f"on {victim.name}'s disk after its death: {fault}"
            for fault in [*recorded(own, disk[victim.name]), *recorded(theirs, disk[author])]
        ]

    def _start(self, victim: Party) -> tuple[int, float]:
        """Start it again, perhaps after more deaths on the way; how often it was killed, and seconds until ready."""
        kills = 1
        while self._chance.random() < KILLED_AGAIN_IN:
            self.lives[victim.name] += 1
            killer = threading.Timer(self._chance.uniform(0.05, 0.7), lambda: _kill(victim))
            killer.start()
            with suppress(PathError):
                victim.start()
            killer.join()
            victim.kill()
            kills += 1
        self.lives[victim.name] += 1
        return kills, victim.start()

    def _settle(self) -> float:
        begun = time.perf_counter()
        while not (self.load.at_rest and settled(self._stage)):
            if time.perf_counter() - begun > PATIENCE_S:
                break
            time.sleep(_POLL_S)
        return time.perf_counter() - begun

    def _read(self) -> None:
        """Read on, where the last round has left off, what both nodes hold of both logs."""
        for party in self._stage.parties:
            for author, log in self._held[party.name].items():
                log.extend(leaves(party.node, f"{author}.example", len(log)))


def _kill(victim: Party) -> None:
    process = victim.process
    if process is not None:
        process.kill()


def run(rounds: int, seed: int, folder: Path, tell: Callable[[object], None]) -> list[Round]:
    """Play `rounds` in `folder`; a last round stands for what the disks show in the end."""
    stage = Furnished(folder / "founded", prove=True).furnish(folder)
    played: list[Round] = []
    try:
        open_both(stage)
        kills = Rounds(stage, seed)
        for _ in range(rounds):
            played.append(kills.play())
            tell(played[-1])
            for fault in played[-1].faults[:10]:
                tell(f"  {fault}")
        last = kills.close()
        for fault in last:
            tell(f"in the end: {fault}")
        played.append(Round(rounds + 1, "nobody", 0, len(kills.load.told), 0, 0, 0, tuple(last)))
    finally:
        clear(stage)
    return played


def main() -> int:
    """The long form. Exit code 1 when something was not kept, or a line took too long to settle."""
    reading = argparse.ArgumentParser(prog="python -m tests.process.kill", description=__doc__)
    reading.add_argument("--rounds", type=int, default=50)
    reading.add_argument("--seed", type=int, default=1)
    asked = reading.parse_args()
    with tempfile.TemporaryDirectory(prefix="openline-kill-") as folder:
        played = run(asked.rounds, asked.seed, Path(folder), lambda what: print(what, flush=True))
    settled_s = sorted(one.settled_s for one in played[:-1])
    late = [one.number for one in played if one.settled_s > SETTLED_WITHIN_S]
    faults = sum(len(one.faults) for one in played)
    print(
        f"seed {asked.seed}: {len(settled_s)} rounds, {sum(one.kills for one in played)} kills, "
        f"{played[-1].messages} messages, {sum(one.repeated for one in played)} asked again, {faults} faults; "
        f"settled after {settled_s[len(settled_s) // 2] * 1e3:.0f} ms (median), {settled_s[-1] * 1e3:.0f} ms (worst)"
    )
    if late:
        print(f"settled later than {SETTLED_WITHIN_S:g} s after the node was ready: rounds {late}")
    return 1 if faults or late else 0


if __name__ == "__main__":
    sys.exit(main())

"""`make bench`: every speed claim of openline, as a ratio to a floor measured in the same run."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import uvloop

from bench import stop
from bench.floor import Floor, Tcp, floor, raw_fdatasync_s
from bench.fold import fold, search, snapshot
from bench.history import history_rows
from bench.http import Http
from bench.pair import Pair, pair
from bench.record import write_record
from bench.row import Row, percentile
from bench.voice_rows import browser_rows, calls_rows

TEXT = ("Convoy of four white trucks left the crossing at 0712Z, heading north on the river road, no escort. " * 5)[
    :400
]
SHORT = TEXT[:100]
IN_FLIGHT = 64
BATCH = 64


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure."""

    rounds: int
    singles: int
    sustained: int
    long_run: int
    record: int
    stop: stop.Effort


FULL = Effort(rounds=8, singles=400, sustained=8_000, long_run=50_000, record=1_000_000, stop=stop.FULL)
QUICK = Effort(rounds=3, singles=150, sustained=3_000, long_run=6_000, record=50_000, stop=stop.QUICK)


async def timed(work: Callable[[], Awaitable[object]], count: int) -> list[float]:
    """Milliseconds of each of `count` exchanges, one at a time."""
    result: list[float] = []
    for _ in range(count):
        begun = time.perf_counter()
        await work()
        result.append((time.perf_counter() - begun) * 1e3)
    return result


async def rate(work: Callable[[], Awaitable[object]], count: int, in_flight: int = IN_FLIGHT) -> float:
    """Exchanges a second with `in_flight` under way."""
    left = iter(range(count))

    async def one() -> None:
        for _ in left:
            await work()

    begun = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(in_flight)))
    return count / (time.perf_counter() - begun)


async def singles(both: Pair, plain: Floor, signed: Floor, http: Http, effort: Effort) -> list[Row]:
    """(a) One message at a time: floors, desk and HTTP in turn, round by round."""
    took: dict[str, list[float]] = {"tls": [], "signed": [], "desk": [], "http": []}
    data = SHORT.encode()
    for _ in range(effort.rounds):
        took["tls"] += await timed(lambda: plain.exchange(data), effort.singles)
        took["desk"] += await timed(lambda: both.say(SHORT), effort.singles)
        took["http"] += await timed(lambda: http.say(SHORT), effort.singles)
        took["signed"] += await timed(lambda: signed.exchange(data), effort.singles // 2)
    rows: list[Row] = []
    for percent in (50, 99):
        at = {name: percentile(values, percent) for name, values in took.items()}
        told = ", ".join(f"{name} {value:.2f}" for name, value in at.items())
        ratio = at["desk"] / at["tls"]
        rows.append(Row(f"(a) p{percent} at the desk, x floor-tls", ratio, "<= 1.8", ratio <= 1.8, f"ms: {told}"))
        rows.append(Row(f"(a) p{percent} at the desk, x floor-signed", at["desk"] / at["signed"], "", None))
    hop = percentile(took["http"], 50) - percentile(took["desk"], 50)
    rows.append(Row("(a) HTTP hop adds, ms at p50", hop, "<= 0.6", hop <= 0.6))
    return rows


async def sustained(both: Pair, plain: Floor, http: Http, effort: Effort) -> list[Row]:
    """(b) 64 in flight: floor, desk, HTTP batches in turn; then the long run."""
    speeds: dict[str, list[float]] = {"tls": [], "desk": [], "http": []}
    data = SHORT.encode()
    batch = [SHORT] * BATCH
    for _ in range(max(3, effort.rounds // 2)):
        speeds["tls"].append(await rate(lambda: plain.exchange(data), effort.sustained))
        speeds["desk"].append(await rate(lambda: both.say(SHORT), effort.sustained))
        speeds["http"].append(BATCH * await rate(lambda: http.say_many(batch), effort.sustained // BATCH, 2))
    mid = {name: statistics.median(values) for name, values in speeds.items()}
    told = ", ".join(f"{name} {value:,.0f}" for name, value in mid.items())
    return [
        Row(
            "(b) 64 in flight at the desk, x floor-tls",
            mid["desk"] / mid["tls"],
            "> 1",
            mid["desk"] > mid["tls"],
            f"a second: {told}",
        ),
        Row("(b) batch form of the API, x floor-tls", mid["http"] / mid["tls"], "> 1", mid["http"] > mid["tls"]),
    ]


async def endurance(folder: Path, plain: Floor, effort: Effort) -> list[Row]:
    """(b) Speed at message 50,000 against the start, on a fresh pair; the floor's own drift is told beside it."""
    block = max(1_000, effort.long_run // 20)
    data = SHORT.encode()
    ours: list[float] = []
    floors: list[float] = []
    async with pair(folder) as both:
        for _ in range(effort.long_run // block):
            ours.append(await rate(lambda: both.say(SHORT), block))
            floors.append(await rate(lambda: plain.exchange(data), block // 4))
    quarter = max(1, len(ours) // 4)
    kept = statistics.median(ours[-quarter:]) / statistics.median(ours[:quarter])
    drift = statistics.median(floors[-quarter:]) / statistics.median(floors[:quarter])
    claim = f"(b) speed at message {effort.long_run:,}, x the start"
    return [Row(claim, kept, ">= 0.95", kept >= 0.95, f"the floor meanwhile: {drift:.2f}")]


async def wire(both: Pair, plain: Floor) -> list[Row]:
    """(c) Bytes over IPv4, counted by the kernel."""
    both_per, floor_per = {}, {}
    for size in (100, 400):
        text = TEXT[:size]
        both_per[size] = await _usual_bytes(both.tcp, partial(both.say, text))
        floor_per[size] = await _usual_bytes(plain.tcp, partial(plain.exchange, text.encode()))
    before = both.tcp()
    for _ in range(50):
        await both.say_many([SHORT] * BATCH)
    batched = both.tcp().wire_bytes(before) / (50 * BATCH)
    ratio = both_per[400] / floor_per[400]
    return [
        Row(
            "(c) 100 characters with receipt, bytes",
            both_per[100],
            "<= 520",
            both_per[100] <= 520,
            f"floor {floor_per[100]:.0f}",
        ),
        Row(
            "(c) 400 characters with receipt, x floor-tls", ratio, "<= 1.4", ratio <= 1.4, f"{both_per[400]:.0f} bytes"
        ),
        Row("(c) batches of 64, bytes a message", batched, "<= 190", batched <= 190),
    ]


async def _usual_bytes(tcp: Callable[[], Tcp], exchange: Callable[[], Awaitable[object]]) -> float:
    """What an exchange costs in the middle of 200: a mean would count what a busy machine makes the kernel add.

    A receipt that is 40 ms late is preceded by an acknowledgement of its own.
    """
    costs: list[int] = []
    for _ in range(200):
        before = tcp()
        await exchange()
        costs.append(tcp().wire_bytes(before))
    return statistics.median(costs)


async def backlog(both: Pair) -> list[Row]:
    """(d) 1,000 messages queued while the peer is down."""
    await both.stop_peer()
    await asyncio.gather(*(both.say(SHORT, wait="recorded") for _ in range(1_000)))
    await both.start_peer()
    begun = time.perf_counter()
    await both.connected()
    took = time.perf_counter() - begun
    return [Row("(d) 1,000 queued, delivered and receipted, s after ready", took, "<= 1", took <= 1)]


def status_command(folder: Path) -> list[Row]:
    """(e) `openline status` as a whole process."""
    command = [sys.executable.replace("python", "openline"), "--dir", str(folder), "status", "--json"]
    command[0] = str(Path(sys.executable).with_name("openline"))
    took: list[float] = []
    for _ in range(7):
        begun = time.perf_counter()
        done = subprocess.run(command, capture_output=True, check=False, env=os.environ | {"NO_COLOR": "1"})
        took.append(time.perf_counter() - begun)
        assert done.returncode in (0, 3), done.stderr.decode()
    value = statistics.median(took)
    return [Row("(e) openline status, s", value, "< 0.3", value < 0.3)]


def whole_record(folder: Path, effort: Effort) -> list[Row]:
    """(f) A made-up record folded, and searched; (h) what is asked of its history."""
    path = folder / "record.db"
    made = write_record(path, effort.record)
    folded = fold(path)
    speed, ratio = folded.entries / folded.fold_s, folded.fold_s / folded.floor_s
    told = f"x its floor: {ratio:.2f}; reading alone {folded.entries / folded.read_s:,.0f}"
    size_mb, written_s, loaded_s = snapshot(path, folded)
    asked = history_rows(path, folded.book)
    took = search(path, made)
    middle, late = statistics.median(took), percentile(took, 99)
    return [
        Row(f"(f) fold of {folded.entries:,}, entries a second", speed, ">= 50000", speed >= 50_000, told),
        Row(
            f"(f) snapshot of {folded.entries:,}, loaded and checked, s",
            loaded_s,
            "< 2",
            loaded_s < 2,
            f"{size_mb:.0f} MB, written in {written_s:.1f} s",
        ),
        Row("(f) search, newest 50 with excerpts, ms at p50", middle, "<= 50", middle <= 50, f"p99 {late:.1f}"),
        *asked,
    ]


async def measure(folder: Path, effort: Effort, wanted: set[str]) -> list[Row]:
    """Every row, in order."""
    rows: list[Row] = []
    if "f" in wanted:
        rows += whole_record(folder, effort)
    if "s" in wanted:
        (folder / "stop").mkdir()
        control, rang = await stop.measured(folder / "stop", effort.stop)
        rows += stop.stop_rows(control, rang)
    if not wanted - {"f", "s"}:
        return rows
    (folder / "main").mkdir()
    async with floor(folder) as plain, pair(folder / "main") as both:
        async with Http(both.node.folder.socket) as http:
            raw = [value * 1e3 for value in await raw_fdatasync_s(folder, 300)]
            await timed(lambda: both.say(SHORT), 200)
            if "a" in wanted:
                (folder / "signed").mkdir()
                async with floor(folder / "signed", signed=True) as signed:
                    rows += await singles(both, plain, signed, http, effort)
            if "b" in wanted:
                rows += await sustained(both, plain, http, effort)
        if "c" in wanted:
            rows += await wire(both, plain)
        if "d" in wanted:
            rows += await backlog(both)
        if "e" in wanted:
            rows += await asyncio.get_running_loop().run_in_executor(None, status_command, both.theirs)
        if "l" in wanted:
            (folder / "long").mkdir()
            rows += await endurance(folder / "long", plain, effort)
        rows.append(Row("raw write and fdatasync, ms at p50", percentile(raw, 50), "", None))
    return rows


def main() -> int:
    """Measure, print a table (or JSON lines), and say by the exit code whether every claim holds."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a shorter run with the same rows")
    parser.add_argument("--json", action="store_true", help="one JSON object per row")
    parser.add_argument(
        "--only",
        default="vwabcdefls",
        help="which parts: a b c d e, f for fold, search and history, s for STOP in a flood, l for the long run, "
        "v and w for the telephone",
    )
    options = parser.parse_args()
    rows: list[Row] = []
    if "v" in options.only:
        rows += calls_rows(options.quick)
    if "w" in options.only:
        rows += browser_rows(options.quick)
    if set(options.only) & set("abcdefls"):
        with tempfile.TemporaryDirectory(prefix="openline-bench-", dir="/var/tmp") as folder:
            rows += uvloop.run(measure(Path(folder), QUICK if options.quick else FULL, set(options.only)))
    for row in rows:
        if options.json:
            sys.stdout.write(json.dumps(asdict(row)) + "\n")
        else:
            mark = {True: "holds", False: "FAILS", None: ""}[row.holds]
            sys.stdout.write(f"{row.claim:58} {row.value:10.3f}  {row.limit:8} {mark:6} {row.note}\n")
    return 1 if any(row.holds is False for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())

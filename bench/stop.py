"""(s) STOP during a flood: from the caller's key press to the bell in the last position's stream, in milliseconds.

Two real nodes over TLS, each a process, with positions that listen at both. Meanwhile each side says as many ROUTINE
messages as its node takes, beyond what the credit of that precedence allows, and sends attachments of 100 MB. The time
runs from the first byte of the caller's request until the event of the STOP stands in the last position's stream.
Presser and listeners share this process with what makes the flood: what that costs is counted, never left out.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import cast

from bench.pair import found_pair, spawn_node
from bench.row import Row, percentile
from openline.console.stream import RETRY_MS

POSITIONS = 8
LIMIT_MS = 1_000
BLOB_BYTES = 100 * 1_000_000
BATCH = 64
FLOODS = 2
TOO_FULL_S = 0.02
PATIENCE_S = 60.0

Sent = Callable[[], None]
"""Called at the moment a request leaves."""
TEXT = "Convoy of four white trucks left the crossing at 0712Z, heading north on the river road, no escort. " * 4


@dataclass(frozen=True, slots=True)
class Effort:
    """How many STOPs, how many of them without anything else, and how many attachments each side sends."""

    stops: int
    control: int
    attachments: int


FULL = Effort(stops=200, control=50, attachments=2)
QUICK = Effort(stops=40, control=10, attachments=1)


@dataclass(slots=True)
class Rang:
    """What the STOPs took: at the positions of the other side and at the caller's own, in milliseconds.

    `messages` were said meanwhile, in `seconds`; `blob_bytes` of attachments were still missing at the end; `refused`
    is how often a node had no room for more ROUTINE, `cut` how often a position was cut off.
    """

    far: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    messages: int = 0
    refused: int = 0
    cut: int = 0
    blob_bytes: int = 0
    seconds: float = 0.0


class Position(asyncio.Protocol):
    """One position's open event stream; where it is cut off it comes back, as a browser does. `cut` counts that.

    Only what is looked for is looked at: a position that parsed more would be measured with it.
    """

    def __init__(self, socket: Path) -> None:
        self.cut = 0
        self._socket = socket
        self._last = 0
        self._came: asyncio.Future[float] | None = None
        self._marker = b""
        self._tail = b""

    async def sit_down(self) -> None:
        """Open the stream, and wait for the first beat."""
        beat = self.look_for(b"event: beat")
        await asyncio.get_running_loop().create_unix_connection(lambda: self, str(self._socket))
        await beat

    def look_for(self, marker: bytes) -> asyncio.Future[float]:
        """The moment (by `time.perf_counter`) at which `marker` comes."""
        self._marker, self._tail = marker, b""
        self._came = asyncio.get_running_loop().create_future()
        return self._came

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream, or for the rest of it."""
        after = f"last-event-id: {self._last}\r\n" if self._last else ""
        request = f"GET /api/v1/events HTTP/1.1\r\nhost: node\r\nconnection: close\r\n{after}\r\n"
        cast("asyncio.Transport", transport).write(request.encode())

    def data_received(self, data: bytes) -> None:
        """Note the newest number, and whether what is looked for has come."""
        at = data.rfind(b"id: ")
        digits = data[at + 4 :].partition(b"\n")
        if at >= 0 and digits[1] and digits[0].isdigit():
            self._last = int(digits[0])
        if self._came is not None and not self._came.done():
            if self._marker in self._tail + data:
                self._came.set_result(time.perf_counter())
            self._tail = data[-len(self._marker) :]

    def connection_lost(self, exc: Exception | None) -> None:
        """The node has cut this position off: it is back after as long as the node has asked a browser to wait."""
        del exc
        loop = asyncio.get_running_loop()
        if not loop.is_closed():
            self.cut += 1
            loop.call_later(RETRY_MS / 1e3, self._again)

    def _again(self) -> None:
        again = asyncio.get_running_loop().create_unix_connection(lambda: self, str(self._socket))
        self._coming = asyncio.ensure_future(again)


class House:
    """One node as its people use it, through its socket."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "api.sock"
        self.positions: list[Position] = []

    async def sit_down(self) -> None:
        """Open the stream of every position."""
        self.positions = [Position(self.socket) for _ in range(POSITIONS)]
        for position in self.positions:
            await position.sit_down()

    @property
    def cut(self) -> int:
        """How often the node has cut a position off because it could not keep up."""
        return sum(position.cut for position in self.positions)

    async def ask(self, method: str, path: str, body: bytes, sent: Sent = lambda: None) -> tuple[int, bytes]:
        """One request on a connection of its own; `sent` is called when it leaves. Status and body."""
        reader, writer = await asyncio.open_unix_connection(str(self.socket))
        fields = f"host: node\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\nconnection: close"
        sent()
        writer.write(f"{method} {path} HTTP/1.1\r\n{fields}\r\n\r\n".encode() + body)
        head, _, answer = (await reader.read()).partition(b"\r\n\r\n")
        writer.close()
        return int(head.split(b" ", 2)[1]), answer

    async def say(self, line: str, verb: str, arguments: dict[str, object], sent: Sent = lambda: None) -> str:
        """Say something; the id of its entry."""
        body = json.dumps({"verb": verb, "arguments": arguments}).encode()
        status, answer = await self.ask("POST", f"/api/v1/lines/{line}/say", body, sent)
        assert status in (200, 201), answer
        return str(json.loads(answer)["ids"][0])

    async def line(self) -> str:
        """The name of its line."""
        _, answer = await self.ask("GET", "/api/v1/lines", b"")
        return str(json.loads(answer)["lines"][0]["line"])


class Load:
    """A flood of ROUTINE at one house. Mutable; `messages` were taken, `refused` is how often there was no room."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._body = json.dumps({"messages": [{"text": TEXT[:400], "precedence": "routine"}] * BATCH}).encode()
        self.messages = 0
        self.refused = 0

    async def run(self) -> None:
        """Until it is cancelled: batches, whether or not the peer has those before."""
        while True:
            status, answer = await self._house.ask("POST", "/api/v1/messages/batch?wait=recorded", self._body)
            if status in (200, 201):
                self.messages += BATCH
            else:
                assert status == 429, answer
                self.refused += 1
                await asyncio.sleep(TOO_FULL_S)


async def upload(house: House, line: str) -> str:
    """Give a node an attachment that nobody has yet, and a message that names it: its transfer begins. Its digest."""
    data = os.urandom(BLOB_BYTES)
    digest = sha256(data).hexdigest()
    status, answer = await house.ask("PUT", f"/api/v1/blobs/{digest}", data)
    assert status in (200, 201), answer
    attachment = {"sha256": digest, "size": len(data)}
    await house.say(line, "send", {"text": "See the pictures.", "attachments": [attachment]})
    return digest


async def missing(house: House, digest: str) -> int:
    """How many bytes of an attachment a node does not have yet."""
    _, answer = await house.ask("GET", f"/api/v1/blobs/{digest}/offset?size={BLOB_BYTES}", b"")
    return BLOB_BYTES - int(json.loads(answer)["offset"])


async def press(caller: House, other: House, line: str, number: int, rang: Rang) -> None:
    """One STOP, heard at every position; then the other side answers it."""
    marker = f"37TCL {number:08}"
    far = [position.look_for(marker.encode()) for position in other.positions]
    own = [position.look_for(marker.encode()) for position in caller.positions]
    begun: list[float] = []
    entry = await caller.say(line, "stop", {"place": marker, "text": marker}, lambda: begun.append(time.perf_counter()))
    async with asyncio.timeout(PATIENCE_S):
        rang.far.append((max(await asyncio.gather(*far)) - begun[0]) * 1e3)
        rang.own.append((max(await asyncio.gather(*own)) - begun[0]) * 1e3)
    await other.say(line, "answer-stop", {"entry": entry, "answer": "stopped"})


@asynccontextmanager
async def two_houses(folder: Path) -> AsyncIterator[tuple[House, House]]:
    """Two nodes that are connected, with their positions."""
    folders = found_pair(folder)
    processes = [await spawn_node(place) for place in folders]
    houses = House(folders[0]), House(folders[1])
    try:
        line = await houses[0].line()
        for house in houses:
            await house.ask("POST", f"/api/v1/messages?line={line}&wait=received&timeout=20", b'{"text":"First."}')
            await house.sit_down()
        yield houses
    finally:
        for process in processes:
            process.kill()
            await process.wait()


def ends(houses: tuple[House, House]) -> list[tuple[House, House]]:
    """Each house with the other one."""
    return [houses, houses[::-1]]


async def pressed(houses: tuple[House, House], line: str, count: int, first: int, rang: Rang) -> None:
    """So many STOPs, by turns from either side."""
    for number in range(count):
        caller, other = ends(houses)[number % 2]
        await press(caller, other, line, first + number, rang)


async def measured(folder: Path, effort: Effort) -> tuple[Rang, Rang]:
    """Without anything else, then under load."""
    control, rang = Rang(), Rang()
    async with two_houses(folder) as houses:
        line = await houses[0].line()
        await pressed(houses, line, effort.control, 0, control)
        sent = [(other, await upload(house, line)) for house, other in ends(houses) for _ in range(effort.attachments)]
        loads = [Load(house) for house in houses]
        floods = [asyncio.ensure_future(load.run()) for load in loads for _ in range(FLOODS)]
        begun = time.perf_counter()
        await asyncio.sleep(2)
        try:
            await pressed(houses, line, effort.stops, effort.control, rang)
            rang.blob_bytes = sum([await missing(other, digest) for other, digest in sent])
        finally:
            for flood in floods:
                flood.cancel()
            await asyncio.gather(*floods, return_exceptions=True)
        rang.seconds = time.perf_counter() - begun
        rang.messages, rang.refused = sum(load.messages for load in loads), sum(load.refused for load in loads)
        rang.cut = sum(house.cut for house in houses)
    return control, rang


def stop_rows(control: Rang, rang: Rang) -> list[Row]:
    """The rows of one run."""
    return [
        _row("(s) STOP rings the other side", rang.far, rang, control.far),
        _row("(s) STOP rings our own", rang.own, rang, control.own),
    ]


def _row(claim: str, values: Sequence[float], rang: Rang, control: Sequence[float]) -> Row:
    late = percentile(list(values), 99)
    told = [
        f"p50 {percentile(list(values), 50):.0f}, worst {max(values):.0f}",
        f"alone p50 {percentile(list(control), 50):.0f}, p99 {percentile(list(control), 99):.0f}",
        f"{rang.messages / rang.seconds:,.0f} messages a second, {rang.refused} times full, {rang.cut} cut off",
        f"{rang.blob_bytes / 1e6:,.0f} MB of attachments under way at the end",
    ]
    return Row(f"{claim}, ms at p99", late, f"< {LIMIT_MS}", late < LIMIT_MS, "; ".join(told))

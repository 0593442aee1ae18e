"""A process with legs and a bridge between them, a page that uses them, and Chromium to open it with.

One event loop carries the legs, the small web server and Playwright: what a page does and what a leg hears stand side
by side in one test.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.async_api import Browser, Page, async_playwright

from openline.base.errors import OpenlineError, UsageError
from openline.media.browser import BrowserLeg, Settings, Whose, make_leg
from openline.media.hooks import new_certificate
from openline.media.ports import Leg
from openline.node.tasks import Tasks
from openline.voice.frame import Frame

PAGE = Path(__file__).with_name("leg_page.html")
WHOSE = Whose("officer-7", "session-3")
FLAGS = [
    "--headless=new",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]
LIMIT_S = 120
"""Ends a story that hangs, and measures nothing."""

T = TypeVar("T")


class Bridge:
    """The simplest owner: what one leg hears, every other one plays."""

    def __init__(self) -> None:
        self.legs: dict[int, BrowserLeg] = {}
        self.frames: Counter[int] = Counter()
        self.sequences: dict[int, list[int]] = {}
        self.connections: list[int] = []
        self.ends: dict[int, str] = {}
        self._news = asyncio.Event()

    def heard(self, leg: Leg, frame: Frame) -> None:
        self.frames[leg.number] += 1
        self.sequences.setdefault(leg.number, []).append(frame.sequence)
        for other in self.legs.values():
            if other.number != leg.number and other.number not in self.ends:
                other.play(frame)

    def connected(self, leg: Leg) -> None:
        self.connections.append(leg.number)
        self._news.set()

    def ended(self, leg: Leg, reason: str) -> None:
        self.ends[leg.number] = reason
        self._news.set()

    async def end_of(self, number: int) -> str:
        """Why a leg ended, once it has."""
        while number not in self.ends:
            self._news.clear()
            await self._news.wait()
        return self.ends[number]


class House:
    """One process of legs with its web server, and the browser beside it."""

    def __init__(self, runner: asyncio.Runner) -> None:
        self._runner = runner
        self._failures: list[tuple[str, OpenlineError | Exception]] = []
        self._certificate = new_certificate()
        self.bridge: Bridge
        self._browser: Browser
        self._settings: Settings
        self._port = 0

    def run(self, story: Coroutine[object, None, T]) -> T:
        """Run one story to its end. A story that hangs fails, and so does one whose tasks fail."""

        async def within_limit() -> T:
            async with asyncio.timeout(LIMIT_S):
                return await story

        result = self._runner.run(within_limit())
        assert not self._failures
        return result

    @asynccontextmanager
    async def opened(self, chromium: str) -> AsyncIterator[None]:
        """Everything running."""
        tasks = Tasks(lambda name, why: self._failures.append((name, why)))
        self._settings = Settings(("127.0.0.1",), self._certificate, tasks.spawn)
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        async with async_playwright() as playwright:
            self._browser = await playwright.chromium.launch(
                executable_path=chromium, ignore_default_args=["--headless", "--mute-audio"], args=FLAGS
            )
            yield
            await self._browser.close()
        server.close()
        await server.wait_closed()
        await tasks.stop()

    @asynccontextmanager
    async def pages(self, count: int) -> AsyncIterator[list[Page]]:
        """Windows of their own, and a bridge with no leg yet. In the end every leg is closed."""
        self.bridge = Bridge()
        contexts = [await self._browser.new_context() for _ in range(count)]
        pages = [await context.new_page() for context in contexts]
        for page in pages:
            await page.goto(f"http://localhost:{self._port}/")
        try:
            yield pages
        finally:
            for leg in self.bridge.legs.values():
                leg.close("leg-closed")
            for number in self.bridge.legs:
                await self.bridge.end_of(number)
            for context in contexts:
                await context.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request: the page, or an offer."""
        head = await reader.readuntil(b"\r\n\r\n")
        kind, target, *_ = head.decode("ascii").split(" ")
        status, body = "200 OK", PAGE.read_text(encoding="utf-8")
        if kind == "POST":
            size = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
            offer = (await reader.readexactly(size)).decode("ascii")
            try:
                body = await self._answer(int(target.partition("=")[2]), offer)
            except UsageError as why:
                status, body = "400 Bad Request", str(why)
        data = body.encode("utf-8")
        writer.write(f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(data)}\r\n".encode())
        writer.write(b"Connection: close\r\n\r\n" + data)
        await writer.drain()
        writer.close()

    async def _answer(self, number: int, offer: str) -> str:
        leg, answer = await make_leg(offer, number, self.bridge, WHOSE, self._settings)
        self.bridge.legs[number] = leg
        return answer


@contextmanager
def open_house() -> Iterator[House]:
    """A house for one module; without Chromium its tests are left out, with the reason."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is missing: sudo apt-get install chromium")
    with asyncio.Runner() as runner:
        house = House(runner)
        opened = house.opened(chromium)
        runner.run(opened.__aenter__())
        try:
            yield house
        finally:
            runner.run(opened.__aexit__(None, None, None))

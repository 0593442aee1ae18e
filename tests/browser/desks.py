"""Officers at browsers: Debian's Chromium, a window each, and everything that a window must not say.

Each window notes what the browser holds against the page: violations of its policy, errors of its script, and errors on
its console. A request that failed is told apart, since a dead node makes them.
"""

from __future__ import annotations

import json
import math
import time
import wave
from array import array
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from openline.base.catalogue import sentence
from openline.cli.stage import POSITIONS, Party, Stage
from tests.process.houses import COMMAND, LINE, PATIENCE_S, settled, start, until

_WATCH_POLICY = """
addEventListener("securitypolicyviolation", (event) => {
  console.error(`POLICY ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""
_FAILED_REQUEST = "Failed to load resource"
_UNTOUCHED = "AudioContext was not allowed to start"
"""Said when a page was loaded again and not touched yet: no error, and the console shows it."""

_SAMPLES_A_SECOND = 48_000
_VOICE_S = 4
_PITCHES_HZ = (140, 280, 420, 560, 1_120, 2_240)
_SYLLABLES_HZ = 4


@dataclass  # without slots: playwright marks the methods it is given
class Window:
    """One window of the console, and what the browser holds against it."""

    page: Page
    party: Party
    language: str = "en"
    wrong: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    streams: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        self.page.on("request", self._asked)
        self.page.add_init_script(_WATCH_POLICY)

    def _said(self, message: ConsoleMessage) -> None:
        if message.text.startswith(_FAILED_REQUEST):
            self.failed.append(f"{message.text} {message.location['url']}")
        elif message.type in {"error", "warning"} and _UNTOUCHED not in message.text:
            self.wrong.append(f"{message.type}: {message.text}")

    def _asked(self, request: object) -> None:
        url = str(getattr(request, "url", ""))
        if "/api/v1/events" in url:
            self.streams.append(url)

    def open(self) -> Window:
        """Open the console."""
        self.page.goto(self.party.console)
        return self

    def sit(self, position: str = POSITIONS[0]) -> Window:
        """Open the console, take a seat by one click, and wait until the console is live."""
        self.open()
        self.page.locator(f'[data-seat="{position}"]').click()
        return self.live()

    def again(self) -> Window:
        """Take the seat again: sessions by seats end with the node."""
        self.page.locator(f'[data-seat="{POSITIONS[0]}"]').click()
        return self.live()

    def live(self) -> Window:
        """Wait until the line is shown as proven."""
        expect(self.state).to_have_text(sentence("label-proven", {}, self.language))
        return self

    def enter(self) -> Window:
        """Open the room of the line."""
        self.page.locator(f'[data-line="{LINE}"]').click()
        expect(self.page.get_by_test_id("room")).to_be_visible()
        return self

    @property
    def state(self) -> Locator:
        """The word of the line on the board."""
        return self.page.get_by_test_id("board").get_by_test_id("state")

    @property
    def field(self) -> Locator:
        """Where a message is written."""
        return self.page.locator("[data-composer] textarea")

    def message(self, text: str) -> Locator:
        """The message with this text."""
        return self.page.locator("article[data-entry]", has_text=text)

    def rung(self, text: str, stage: str) -> Locator:
        """A rung of its ladder."""
        return self.message(text).locator(f'[data-rung="{stage}"]')

    def write(self, text: str, precedence: str = "ROUTINE") -> None:
        """Write a message and press Send."""
        self.page.get_by_role("radio", name=precedence, exact=True).check()
        self.field.fill(text)
        self.page.locator("[data-composer] button[type=submit]").click()

    def with_sound(self) -> Window:
        """Start the watch with sound, and wait until the leg stands."""
        self.page.get_by_role("button", name=sentence("label-start-sound", {}, self.language)).click()
        self.act("heard").click()
        return self.warm()

    def warm(self) -> Window:
        """Wait until this desk has its leg: nothing stands in the way of its sound."""
        expect(self.page.get_by_test_id("sound-strip")).to_be_hidden()
        expect(self.page.locator('[data-leg="up"]')).to_be_attached()
        return self

    def ring(self, kind: str = "call") -> None:
        """Call on the open line."""
        self.act(kind).click()
        self.act("call-confirm").click()

    def answer(self) -> None:
        """Answer what rings under "Needs you"."""
        self.page.get_by_test_id("needs").locator("[data-act=answer]").click()

    def act(self, name: str) -> Locator:
        """The button that does this."""
        return self.page.locator(f"[data-act={name}]")

    @property
    def call_state(self) -> Locator:
        """The word of the call in the open room."""
        return self.page.get_by_test_id("room").get_by_test_id("call-state")

    @property
    def gate(self) -> Locator:
        """The sign that we are heard."""
        return self.page.get_by_test_id("room").get_by_test_id("gate")

    def hears(self) -> None:
        """Wait until a voice is heard here."""
        expect(self._voices).not_to_have_count(0)

    def hears_nothing(self) -> None:
        """Wait until none is."""
        expect(self.page.locator("[data-level=speaker0]")).to_be_visible()
        expect(self._voices).to_have_count(0)

    @property
    def _voices(self) -> Locator:
        return self.page.locator('[data-level^="speaker"][data-sounds="true"]')

    def hold_talk(self) -> None:
        """Press Talk with the mouse, and keep it pressed."""
        self.act("talk").hover()
        self.page.mouse.down()

    def hand(self) -> None:
        """A hand moves: somebody sits here."""
        self.page.mouse.move(400, 300)
        self.page.mouse.move(410, 310)

    def clean(self, requests_failed: bool = False) -> None:
        """Nothing was wrong. Before anybody has signed in, the session is asked for in vain; else no request failed."""
        assert not self.wrong, self.wrong
        unexpected = [one for one in self.failed if "/api/v1/session" not in one]
        assert requests_failed or not unexpected, unexpected


@dataclass(slots=True)
class Floor:
    """Two headquarters with consoles. `window` opens one in a context of its own."""

    stage: Stage
    _context: Callable[[], BrowserContext]
    windows: list[Window] = field(default_factory=list)

    def window(self, party: Party, context: BrowserContext | None = None, language: str = "en") -> Window:
        """A new window at this party, in its own browser profile unless `context` is given."""
        made = Window((context or self._context()).new_page(), party, language)
        self.windows.append(made)
        return made

    def clean(self) -> None:
        """Nothing was wrong in any window."""
        for window in self.windows:
            window.clean()


def write_voice(path: Path) -> None:
    """Something like a voice, in syllables: a browser takes a steady tone for noise, and silences it."""
    samples = array("h")
    for number in range(_VOICE_S * _SAMPLES_A_SECOND):
        at = number / _SAMPLES_A_SECOND
        loud = 0.15 * (1.2 + math.sin(2 * math.pi * _SYLLABLES_HZ * at))
        pitch = 1 + 0.1 * math.sin(2 * math.pi * 0.7 * at)
        tone = sum(math.sin(2 * math.pi * hz * pitch * at) / (1 + row) for row, hz in enumerate(_PITCHES_HZ))
        samples.append(int(32_767 * min(max(loud * tone, -1), 1)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_SAMPLES_A_SECOND)
        file.writeframes(samples.tobytes())


def start_node(party: Party) -> None:
    """Start this party's node with its seats open."""
    start(party, *COMMAND, "--dir", str(party.folder), "node", "run", "--seats")


def start_both(stage: Stage) -> None:
    """Start both and wait until the line is proven."""
    with ThreadPoolExecutor() as pool:
        list(pool.map(start_node, stage.parties))
    until(lambda: settled(stage), PATIENCE_S, "the line is proven")


def seconds(holds: Callable[[], object]) -> float:
    """How long it took until `holds` returned."""
    begun = time.perf_counter()
    holds()
    return time.perf_counter() - begun


def many(party: Party, count: int, of: str) -> None:
    """Say many messages at once, and wait until the other side has them."""
    for begin in range(0, count, 200):
        batch = [{"text": f"{of} {number}"} for number in range(begin, min(begin + 200, count))]
        party.node.post("/messages/batch", {"messages": batch}, {"wait": "received", "timeout": 60})


def violations(page: Page, axe: str) -> list[str]:
    """What axe-core finds against the rules of WCAG 2.2 A and AA on this page as it is now."""
    page.evaluate(axe)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = page.evaluate(
        "(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } }).then((all) => JSON.stringify("
        "all.violations.map((one) => one.id + ': ' + one.nodes.map((node) => node.html + ' ' + node.failureSummary))))",
        tags,
    )
    return cast("list[str]", json.loads(found))

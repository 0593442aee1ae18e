"""Two headquarters with consoles, and a real Chromium to open them with.

The browser belongs to a module and not to the session: while it is there, no other test can run an event loop.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize, expect, sync_playwright

from openline.cli.stage import furnish
from openline.console.assets import BUILT
from tests.browser.desks import Floor, start_both, write_voice
from tests.process.houses import Furnished, clear

AXE = Path(__file__).resolve().parents[2] / "web/node_modules/axe-core/axe.min.js"
SIZE = ViewportSize(width=1280, height=900)
SOUND_FLAGS = ["--headless=new", "--use-fake-device-for-media-stream"]
"""Nobody is given a microphone unasked, and no page sounds before it is touched, as at any desk."""
SPEAKS = "--use-file-for-fake-audio-capture"

# What is expected is waited for, however slow the machine is; what must be quick measures by itself how quick it was.
expect.set_options(timeout=60_000)


@pytest.fixture(scope="session")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What every microphone hears: somebody who speaks without end."""
    path = tmp_path_factory.mktemp("voice") / "voice.wav"
    write_voice(path)
    return path


@pytest.fixture(scope="module")
def browser(voice: Path) -> Iterator[Browser]:
    """Debian's Chromium, without a screen."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is missing: sudo apt-get install chromium")
    if not (BUILT / "index.html").is_file():
        pytest.skip("the console was not built: run `make console`")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium,
            ignore_default_args=["--headless", "--mute-audio"],
            args=[*SOUND_FLAGS, f"{SPEAKS}={voice}"],
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """Alpha and bravo, paired; their nodes carry sound."""
    founded = Furnished(tmp_path_factory.mktemp("floors"), voice=True)
    founded.write("\n[checks]\ntimes = []\n")  # No line check falls due by the clock of the machine.
    return founded


@pytest.fixture
def floor(browser: Browser, founded: Furnished, tmp_path: Path) -> Iterator[Floor]:
    """Both nodes run with their consoles, and the line is proven. What is wrong in a window fails the test."""
    stage = founded.furnish(tmp_path)
    contexts: list[BrowserContext] = []

    def context() -> BrowserContext:
        contexts.append(browser.new_context(locale="en-GB", viewport=SIZE, permissions=["microphone"]))
        return contexts[-1]

    try:
        furnish(stage)
        start_both(stage)
        yield Floor(stage, context)
    finally:
        for one in contexts:
            one.close()
        clear(stage)


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core, as it came from its package."""
    if not AXE.is_file():
        pytest.skip("axe-core is missing: run `make console`")
    return AXE.read_text(encoding="utf-8")

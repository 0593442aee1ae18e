"""Takes the pictures of the documents: `python -m scripts.screenshots`, or `make screenshots`.

Two headquarters of the demonstration are founded, two browsers with made-up microphones sit down, and what they show is
kept in docs/using/pictures. Needs Debian's chromium and the test tools. Who says what is written here, so that two
runs differ in times and in nothing else. `tests/test_docs.py` holds PICTURES to the files and to the pages.
"""

from __future__ import annotations

import shutil
import struct
import sys
import tempfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from openline.cli.stage import Stage, found, furnish, pair
from openline.console.assets import BUILT
from tests.browser.desks import Window, write_voice
from tests.process.houses import LINE, PATIENCE_S, open_both

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs/using/pictures"
SIZE = ViewportSize(width=1280, height=800)
BYTES_MAX = 80_000

CONVOY = "Humanitarian convoy, four white trucks, leaves the crossing at 0700Z, north on the river road, no escort."
ROAD = "Reçu. La route du fleuve reste ouverte jusqu'à 0900Z."
ROAD_EN = "Received. The river road stays open until 0900Z."
BRIDGE = "Work at the bridge from 1000Z to 1400Z. One lane is free."
QUESTION = "Which of your batteries stands north of the river?"
STOP = "Your artillery is firing on the river road at the bridge. Convoy is there. Stop now."

_HEADSET = "Object.defineProperty(MediaStreamTrack.prototype, 'label', { get: () => 'Headset of W-1' });"
"""A made-up microphone has a name that would puzzle a reader."""
_TO_PALETTE = """
async (picture) => {
  const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  canvas.drawImage(bitmap, 0, 0);
  const pixels = new Uint32Array(canvas.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const kept = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([pixel]) => pixel);
  const parts = (pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
  const apart = (one, other) => parts(one).reduce((sum, part, n) => sum + (part - parts(other)[n]) ** 2, 0);
  const nearer = (best, one, n, pixel) => (apart(one, pixel) < apart(kept[best], pixel) ? n : best);
  const nearest = (pixel) => kept.reduce((best, one, n) => nearer(best, one, n, pixel), 0);
  const places = new Map([...counts.keys()].map((pixel) => [pixel, nearest(pixel)]));
  let told = "";
  for (const pixel of pixels) told += String.fromCharCode(places.get(pixel));
  return [bitmap.width, bitmap.height, kept.flatMap(parts), btoa(told)];
}
"""
"""The pixels of a picture as places in a palette of its commonest colours; the others become the nearest of them."""


def room(alpha: Window, bravo: Window) -> Window:
    """The thread of a line: how far our messages have come, and an answer with its translation."""
    here, there = alpha.party, bravo.party
    sent = here.send(CONVOY, precedence="priority", action=["watch"])
    for verb, more in (("read", {}), ("ack", {}), ("pass", {"to": "artillery"})):
        there.act(verb, sent, **more)
    reply = there.act("reply", sent, text=ROAD, language="fr")
    here.act("translate", reply, text=ROAD_EN, language="en")
    for verb in ("read", "ack"):
        here.act(verb, reply)
    here.send(BRIDGE)
    alpha.enter()
    expect(alpha.rung(BRIDGE, "RECEIVED")).to_have_attribute("data-reached", "yes")
    return alpha


def board(alpha: Window, bravo: Window) -> Window:
    """The lines, and what needs somebody: a FLASH that nobody here has accepted."""
    alpha.page.keyboard.press("Alt+0")
    bravo.party.send(STOP, precedence="flash")
    expect(alpha.page.get_by_test_id("needs")).to_contain_text("FLASH")
    return alpha


def stop(alpha: Window, bravo: Window) -> Window:
    """The other side calls STOP, and we have not answered."""
    alpha.enter().message(STOP).locator("[data-act=accept]").click()
    bravo.party.say(LINE, "stop", {"place": "37TCL 123 456", "text": "Your fire is hitting the field hospital."})
    expect(alpha.page.locator("[data-stop][data-standing=true]")).to_be_visible()
    return alpha


def handover(alpha: Window, bravo: Window) -> Window:
    """It is answered; the watch is handed over, item by item."""
    alpha.act("stop-stopped").click()
    for window in (alpha, bravo):
        window.act("stop-away").click()
    asked = bravo.party.send(QUESTION, precedence="priority")
    alpha.party.say(LINE, "hand-over", {"by": "Osprey", "to": "Heron"})
    alpha.page.locator("[data-screen=watch]").click()
    alpha.page.locator("[data-field=taker]").fill("Heron")
    alpha.page.locator(f'[data-item="{asked}"] [data-act=take-item]').click()
    expect(alpha.page.locator(f'[data-item="{asked}"][data-accepted=true]')).to_be_visible()
    return alpha


def contact(alpha: Window, bravo: Window) -> Window:
    """A contact that both sides have entered: each fact by side, with its source."""
    here, there = alpha.party, bravo.party
    facts = {
        "began": "2026-05-13",
        "level": "minister",
        "medium": "telephone",
        "elsewhere": True,
        "parties": ["alpha", "bravo"],
    }
    ours = here.say(LINE, "contact", facts)
    theirs = there.say(LINE, "contact", {**facts, "same_as": ours})
    source = [{"who": "an official", "how": "anonymous"}]
    here.act("state", ours, fact="duration", value="60", precision="about", sources=source)
    here.act("state", ours, fact="tone", value="professional", words="professionnel", language="fr", sources=source)
    here.act("state", ours, fact="initiative", value="alpha")
    there.act("state", theirs, fact="initiative", value="alpha")
    there.act("state", theirs, fact="start", value="2026-05-13T14:00:00Z")
    alpha.page.locator("[data-screen=contacts]").click()
    alpha.page.locator(f'[data-contact="{ours}"] button').click()
    expect(alpha.page.locator("[data-fact=TONE]")).to_be_visible()
    return alpha


def ringing(alpha: Window, bravo: Window) -> Window:
    """A call comes in."""
    alpha.enter()
    expect(alpha.page.get_by_test_id("needs")).not_to_contain_text("FLASH")
    bravo.enter().ring()
    expect(alpha.act("answer").first).to_be_visible()
    return alpha


def call(alpha: Window, bravo: Window) -> Window:
    """The key is held, and the other side hears."""
    alpha.answer()
    expect(alpha.call_state).to_have_text("CONNECTED")
    alpha.hold_talk()
    expect(alpha.gate).to_have_attribute("data-confirmed", "true")
    bravo.hears()
    expect(alpha.page.get_by_test_id("carriage")).to_have_attribute("data-udp", "2")
    return alpha


def night(alpha: Window, bravo: Window) -> Window:
    """The other side on hold, by night."""
    alpha.page.mouse.up()
    alpha.act("hold").click()
    bravo.page.get_by_role("button", name="Night").click()
    expect(bravo.call_state).to_have_text("HELD BY THEM")
    return bravo


def french(alpha: Window, bravo: Window) -> Window:
    """The same in French."""
    alpha.act("resume").click()
    bravo.page.get_by_role("button", name="Day").click()
    bravo.page.get_by_role("button", name="Français").click()
    alpha.hold_talk()
    bravo.hears()
    expect(bravo.page.locator("[data-speaks=true]")).to_contain_text("parle")
    return bravo


PICTURES: dict[str, Callable[[Window, Window], Window]] = {
    "room": room,
    "board": board,
    "stop": stop,
    "handover": handover,
    "contact": contact,
    "ringing": ringing,
    "call": call,
    "night": night,
    "french": french,
}
"""Each picture, and what has to happen before it is taken, in this order; it gives the window that is shown."""


def main() -> None:
    """Take every picture anew; the others in the folder go."""
    expect.set_options(timeout=PATIENCE_S * 1_000)
    chromium = shutil.which("chromium")
    if chromium is None or not (BUILT / "index.html").is_file():
        raise SystemExit("Needed are chromium (sudo apt-get install chromium) and the console (make console).")
    with tempfile.TemporaryDirectory(prefix="openline-pictures-") as scratch:
        folder = Path(scratch)
        with _stage(folder) as stage, _browser(folder, chromium) as browser:
            blank = browser.new_page()
            windows = [Window(_context(browser).new_page(), party).sit().with_sound() for party in stage.parties]
            FOLDER.mkdir(exist_ok=True)
            for name, happens in PICTURES.items():
                shown = happens(windows[0], windows[1])
                _take(shown, blank, FOLDER / f"{name}.png")
            for window in windows:
                window.clean()
    for file in FOLDER.iterdir():
        if file.stem not in PICTURES:
            file.unlink()


@contextmanager
def _stage(folder: Path) -> Iterator[Stage]:
    stage = found(folder)
    furnish(stage)
    pair(stage)
    try:
        yield open_both(stage)
    finally:
        stage.close()


@contextmanager
def _browser(folder: Path, chromium: str) -> Iterator[Browser]:
    voice = folder / "voice.wav"
    write_voice(voice)
    flags = ["--headless=new", "--use-fake-device-for-media-stream", f"--use-file-for-fake-audio-capture={voice}"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            ignore_default_args=["--headless", "--mute-audio"],
            args=[*flags, "--disable-lcd-text"],
        )
        yield browser
        browser.close()


def _context(browser: Browser) -> BrowserContext:
    context = browser.new_context(
        locale="en-GB",
        timezone_id="Europe/Athens",
        viewport=SIZE,
        permissions=["microphone"],
        color_scheme="light",
    )
    context.add_init_script(_HEADSET)
    return context


def _take(window: Window, blank: Page, file: Path) -> None:
    window.page.wait_for_timeout(500)  # what changes colour slowly has changed
    taken = window.page.screenshot(animations="disabled", caret="hide")
    told = cast("tuple[int, int, list[int], str]", blank.evaluate(_TO_PALETTE, b64encode(taken).decode()))
    file.write_bytes(_png(told[0], told[1], bytes(told[2]), b64decode(told[3])))
    size = file.stat().st_size
    print(f"{file.relative_to(ROOT)}  {size:,} bytes", file=sys.stderr)
    if size > BYTES_MAX:
        raise SystemExit(f"{file.name} has more than {BYTES_MAX:,} bytes: show less.")


def _png(width: int, height: int, palette: bytes, places: bytes) -> bytes:
    """A picture of one byte for each pixel (PNG, ISO/IEC 15948): a sixth of what a browser makes of it."""
    rows = b"".join(b"\0" + places[start : start + width] for start in range(0, width * height, width))
    header = struct.pack("!2I5B", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data)) for kind, data in chunks
    )


if __name__ == "__main__":
    main()

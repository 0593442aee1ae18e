"""How quick and how whole a call between two browsers is, beside one without any node: `python -m bench.voice_browser`.

Two real nodes run with a relay between them, as in the demonstration. What is measured in one page is in voice_page;
the key of the real console is pressed here, in a window at each node.
"""

from __future__ import annotations

import shutil
import signal
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

from bench.voice_page import PATIENCE_S, AllCut, Beside, Measuring, PathKilled, page_of
from openline.cli.stage import Party, furnish
from tests.browser.desks import Floor, Window, start_both, write_voice
from tests.process.houses import Furnished, clear, until

FLAGS = ["--headless=new", "--use-fake-device-for-media-stream", "--autoplay-policy=no-user-gesture-required"]
BAD_CONTROL = 0.005
"""A control that conceals a larger share than this shows a machine without time, and no network."""

_BURSTS = 6
_HOLDS_MS = 400
"""So long the key is held at least: two short presses would keep it open."""

_EAVESDROP = """
window.tracks = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...words) {
    super(...words);
    this.addEventListener("track", ({ track }) => tracks.push(track));
  }
};
addEventListener("keydown", (event) => { window.pressed ??= performance.timeOrigin + event.timeStamp; }, true);
window.listen = async () => {
  window.measuring ??= new AudioContext();
  await measuring.resume();
  const ears = tracks.filter((track) => track.readyState === "live").map((track) => {
    const ear = new AnalyserNode(measuring, { fftSize: 512 });
    measuring.createMediaStreamSource(new MediaStream([track])).connect(ear);
    return ear;
  });
  const samples = new Float32Array(512);
  const sounds = () => ears.some((ear) => {
    ear.getFloatTimeDomainData(samples);
    return samples.some((sample) => Math.abs(sample) > 0.02);
  });
  const pause = () => new Promise((done) => setTimeout(done, 1));
  const until = async (holds) => {
    for (const begun = performance.now(); !holds(); await pause()) {
      if (performance.now() - begun > 30_000) throw new Error(`waited in vain: ${holds}`);
    }
    return performance.now();
  };
  let since = performance.now();
  await until(() => {
    if (sounds()) since = performance.now();
    return performance.now() - since > 200;
  });
  window.heard = until(sounds).then((at) => performance.timeOrigin + at);
};
"""


@dataclass(frozen=True, slots=True)
class Effort:
    """How often each thing is measured; `seconds` is how long what is counted is."""

    cold: int
    warm: int
    presses: int
    delays: int
    seconds: float


FULL = Effort(cold=9, warm=15, presses=20, delays=9, seconds=10)
QUICK = Effort(cold=5, warm=7, presses=20, delays=5, seconds=6)
LEAST = Effort(cold=3, warm=3, presses=3, delays=2, seconds=3)


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything of one run. Times are ms."""

    cold: Beside
    cold_call: list[float]
    warm: Beside
    presses: list[float]
    delays: Beside
    silence: float
    """Packets a second."""

    killed: PathKilled
    cut: AllCut

    @property
    def control_is_bad(self) -> bool:
        """Whether the machine had no time even for the control."""
        return self.killed.control.share > BAD_CONTROL


def figures(floor: Floor, context: BrowserContext, effort: Effort) -> Figures:
    """Measure everything on two nodes that run."""
    with page_of(floor.stage, context) as measuring:
        colds = [measuring.cold_call() for _ in range(effort.cold)]
        control = [measuring.cold_control() for _ in range(effort.cold)]
        cold = Beside([measuring.cold_legs() for _ in range(effort.cold)], control)
        keys = [measuring.warm() for _ in range(effort.warm)]
        delays = _delays(measuring, effort.delays)
        silence = measuring.silence(effort.seconds)
        killed = measuring.kill_path(effort.seconds)
        cut = measuring.cut_all()
        measuring.hang_up()
    warm = Beside(*(list(row) for row in zip(*keys, strict=True)))
    return Figures(cold, colds, warm, presses(floor, effort.presses), delays, silence, killed, cut)


def _delays(measuring: Measuring, count: int) -> Beside:
    """One way, each time with connections made anew: how much a browser holds back differs between them."""
    rounds = []
    for _ in range(count):
        measuring.cold_control()
        measuring.cold_legs()
        measuring.talk()
        rounds.append(measuring.delays(_BURSTS))
    return Beside(*([statistics.median(row) for row in rows] for rows in zip(*rounds, strict=True)))


def presses(floor: Floor, count: int) -> list[float]:
    """From the press of the key in the real console to sound in the real console at the far end; ms."""
    alpha, bravo = (_console(floor, party) for party in floor.stage.parties)
    alpha.ring()
    bravo.answer()
    alpha.act("talk").wait_for()
    until(alpha.act("talk").is_enabled, PATIENCE_S, "the key can be pressed")
    took = []
    for _ in range(count):
        bravo.page.evaluate("listen()")
        alpha.page.evaluate("() => { window.pressed = undefined; }")
        alpha.page.keyboard.down("Space")
        heard = float(bravo.page.evaluate("window.heard"))
        took.append(heard - float(alpha.page.evaluate("pressed")))
        alpha.page.wait_for_timeout(_HOLDS_MS)
        alpha.page.keyboard.up("Space")
    alpha.act("end").click()
    return took


def _console(floor: Floor, party: Party) -> Window:
    window = floor.window(party)
    window.page.add_init_script(_EAVESDROP)
    return window.sit().with_sound().enter()


@contextmanager
def two_nodes(folder: Path) -> Iterator[tuple[Floor, BrowserContext]]:
    """Two nodes with consoles, a Chromium, and a context of it for the measuring page."""
    chromium = shutil.which("chromium")
    assert chromium is not None, "chromium is missing: sudo apt-get install chromium"
    write_voice(folder / "voice.wav")
    (folder / "run").mkdir()
    stage = Furnished(folder / "founded", voice=True).furnish(folder / "run")
    furnish(stage)
    speaks = f"--use-file-for-fake-audio-capture={folder / 'voice.wav'}"
    try:
        start_both(stage)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, ignore_default_args=["--headless", "--mute-audio"], args=[*FLAGS, speaks]
            )

            def context() -> BrowserContext:
                return browser.new_context(locale="en-GB", permissions=["microphone"])

            yield Floor(stage, context), context()
            browser.close()
    finally:
        clear(stage)


def browsed(effort: Effort) -> Figures:
    """Everything, on nodes and a browser of its own, which end with this program however it is ended."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="openline-bench-", dir="/var/tmp") as folder, two_nodes(Path(folder)) as it:
        return figures(*it, effort)


def main() -> int:
    """Print what was measured."""
    found = browsed(QUICK if "--quick" in sys.argv else FULL)
    sys.stdout.write(f"{found}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

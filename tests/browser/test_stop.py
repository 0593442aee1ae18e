"""STOP at the console: one key in its place, two presses, an alarm at both ends with one clock, and three answers."""

from __future__ import annotations

from typing import cast

import pytest
from playwright.sync_api import Page, expect

from openline.base.catalogue import sentence
from tests.browser.desks import Floor, Window, violations
from tests.process.houses import LINE

PLACE = "37TCL 123 456"
HOSTILE = "bridge \u202e42-17"
SEEN_AND_HEARD_WITHIN_MS = 1_000
"""What an officer is promised; from the entry's arrival at the browser it takes a few frames."""

_NOTE = """
const Original = EventSource;
window.EventSource = class extends Original {
  constructor(...words) {
    super(...words);
    super.addEventListener("entry", (event) => {
      if (JSON.parse(event.data).data.kind === "stop") window.cameAt = performance.now();
    }, { capture: true });
  }
};
window.soundedAt = null;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...words) {
  if (window.cameAt && window.soundedAt === null) window.soundedAt = performance.now();
  return start.apply(this, words);
};
new MutationObserver(() => {
  if (window.shownAt || !document.querySelector("[data-stop]")) return;
  requestAnimationFrame(() => { window.shownAt = performance.now(); });
}).observe(document, { childList: true, subtree: true });
"""


def call_stop(window: Window, place: str = PLACE) -> None:
    """Press the key of the line, say where, press again."""
    window.page.locator(f'[data-stop-key="{LINE}"]').click()
    window.page.locator("[data-field=place]").fill(place)
    window.act("stop-call").click()


def test_stop_is_two_presses_and_stands_at_both_ends_with_one_clock_until_they_answer(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha).sit()
    bravo = floor.window(floor.stage.bravo).sit()
    alpha.page.locator(f'[data-stop-key="{LINE}"]').click()
    assert floor.stage.bravo.node.get("/stops")["stops"] == []
    expect(alpha.act("stop-call")).to_be_disabled()
    alpha.page.keyboard.press("Enter")  # focus is in the place, and there is none
    assert floor.stage.bravo.node.get("/stops")["stops"] == []
    alpha.page.locator("[data-field=place]").fill(PLACE)
    alpha.act("stop-call").click()
    for window in (alpha, bravo):
        expect(window.page.locator("[data-stop][data-standing=true]")).to_contain_text(PLACE)
    clocks = [_seconds(window) for window in (alpha, bravo)]
    assert abs(clocks[0] - clocks[1]) <= 2
    expect(alpha.page.locator("[data-stop] [data-side=bravo]")).to_have_attribute("data-state", "STANDING")
    assert alpha.page.locator("[data-act=stop-stopped]").count() == 0
    assert alpha.page.locator("[data-act=stop-away]").count() == 0
    bravo.act("stop-stopped").click()
    for window in (alpha, bravo):
        expect(window.page.locator("[data-stop][data-standing=false] [data-side=bravo]")).to_have_attribute(
            "data-state", "STOPPED"
        )
    stopped = alpha.page.get_by_test_id("stop-clock").inner_text()
    alpha.page.wait_for_timeout(1_500)  # a clock that stands shows the same later
    assert alpha.page.get_by_test_id("stop-clock").inner_text() == stopped
    assert bravo.page.get_by_test_id("stop-clock").inner_text() == stopped
    alpha.act("stop-away").click()
    expect(alpha.page.locator("[data-stop]")).to_have_count(0)
    floor.clean()


def test_stop_is_seen_and_rings_within_a_second(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha)
    alpha.page.add_init_script(_NOTE)
    alpha.sit().with_sound()
    floor.stage.bravo.say(LINE, "stop", {"place": PLACE})
    expect(alpha.page.locator("[data-stop]")).to_be_visible()
    while not alpha.page.evaluate("Boolean(window.soundedAt && window.shownAt)"):
        alpha.page.wait_for_timeout(20)  # a test that hangs is ended, and says where
    shown, sounded = _took(alpha.page)
    print(f"\nSTOP: event to screen {shown:.0f} ms, event to sound {sounded:.0f} ms")
    assert max(shown, sounded) < SEEN_AND_HEARD_WITHIN_MS
    floor.clean()


def test_the_keyboard_calls_and_answers_and_no_single_key_does(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha).sit().enter()
    bravo = floor.window(floor.stage.bravo).sit()
    sent = floor.stage.bravo.send("Work at the bridge.", precedence="priority")
    expect(alpha.page.get_by_test_id("needs")).to_contain_text("PRIORITY")
    alpha.page.keyboard.press("n")
    expect(alpha.message("Work at the bridge.")).to_be_focused()
    alpha.page.keyboard.press("s")
    expect(alpha.page.get_by_test_id("stop-form")).to_be_visible()
    expect(alpha.page.locator("[data-field=about]")).to_have_value(sent)
    assert floor.stage.alpha.node.get("/stops")["stops"] == []
    alpha.page.keyboard.press("Escape")
    expect(alpha.page.get_by_test_id("stop-form")).to_have_count(0)
    alpha.page.keyboard.press("s")
    alpha.page.locator("[data-field=place]").fill(PLACE)
    alpha.page.keyboard.press("Enter")
    expect(bravo.page.locator("[data-stop]")).to_contain_text(sent)
    bravo.act("stop-unable").press("Enter")
    expect(bravo.act("stop-unable-confirm")).to_be_disabled()
    bravo.page.locator("[data-stop] input").fill("No contact with the battery.")
    bravo.page.locator("[data-stop] input").press("Enter")
    expect(alpha.page.locator("[data-stop] [data-side=bravo]")).to_have_attribute("data-state", "UNABLE")
    floor.clean()


def test_who_it_was_follows_and_delays_nothing(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha).sit()
    bravo = floor.window(floor.stage.bravo).sit()
    call_stop(alpha)
    expect(bravo.page.locator("[data-stop]")).to_be_visible()
    alpha.act("tap").click()
    alpha.page.get_by_role("dialog").get_by_role("textbox").fill("Osprey")
    alpha.act("tap-confirm").click()
    expect(bravo.page.locator("[data-stop]")).to_contain_text("Osprey")
    floor.clean()


def test_what_their_stop_says_stays_text(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha).sit()
    floor.stage.bravo.say(LINE, "stop", {"place": HOSTILE, "text": "<b>now</b>\u202e"})
    bar = alpha.page.locator("[data-stop]")
    expect(bar).to_contain_text("<b>now</b>")
    expect(bar.locator("[data-hidden-character]")).to_have_count(2)
    floor.clean()


@pytest.mark.parametrize(("theme", "language"), [("day", "en"), ("night", "fr")])
def test_axe_finds_nothing_and_the_room_stays_usable(floor: Floor, axe: str, theme: str, language: str) -> None:
    alpha = floor.window(floor.stage.alpha, language=language)
    alpha.page.set_viewport_size({"width": 1366, "height": 768})
    alpha.open().page.evaluate(
        f"localStorage.setItem('openline-theme', '{theme}'); localStorage.setItem('openline-language', '{language}')"
    )
    alpha.sit().enter()
    floor.stage.bravo.say(LINE, "stop", {"place": PLACE, "text": "Your fire is hitting a hospital."})
    expect(alpha.page.locator("[data-stop]")).to_contain_text(sentence("label-stop-standing", {}, language))
    assert not (found := violations(alpha.page, axe)), found
    for name in ("stop-stopped", "stop-not-ours", "stop-unable"):
        expect(alpha.act(name)).to_be_in_viewport()
    alpha.page.locator(f'[data-stop-key="{LINE}"]').click()
    assert not (found := violations(alpha.page, axe)), found
    alpha.page.keyboard.press("Escape")
    alpha.page.evaluate("document.documentElement.style.fontSize = '30px'")  # text at 200 %
    expect(alpha.act("stop-stopped")).to_be_in_viewport()
    assert alpha.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    floor.clean()


def _seconds(window: Window) -> int:
    hours, minutes, seconds = window.page.get_by_test_id("stop-clock").inner_text().split(":")
    return int(hours) * 3_600 + int(minutes) * 60 + int(seconds)


def _took(page: Page) -> tuple[float, float]:
    took = page.evaluate("[window.shownAt - window.cameAt, window.soundedAt - window.cameAt]")
    return cast("float", took[0]), cast("float", took[1])

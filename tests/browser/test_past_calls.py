"""Calls that are over stand among the messages, with who, how long and why; a recorded one can be heard again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desks import Floor, Window, violations

BEFORE, AFTER = "Before the call.", "After the call."

_PLAYED = """
async (audio) => {
  audio.muted = true;
  await audio.play();
  await new Promise((done) => audio.addEventListener("timeupdate", () => audio.currentTime > 0.2 && done()));
  audio.pause();
  return audio.error === null;
}
"""


@pytest.mark.parametrize("theme", ["day", "night"])
def test_a_recorded_call_stands_among_the_messages_and_plays(floor: Floor, axe: str, theme: str) -> None:
    alpha, bravo = (_sitting(floor.window(party), theme) for party in floor.stage.parties)
    alpha.write(BEFORE)
    expect(alpha.message(BEFORE)).to_be_visible()
    alpha.ring()
    bravo.answer()
    for window in (alpha, bravo):
        expect(window.call_state).to_have_text("CONNECTED")
        window.act("recording").click()
    for window in (alpha, bravo):
        expect(window.page.get_by_test_id("recorded")).to_be_visible()
    alpha.hold_talk()
    bravo.hears()
    alpha.page.wait_for_timeout(1_500)
    alpha.page.mouse.up()
    bravo.hears_nothing()
    alpha.act("end").click()
    alpha.write(AFTER)
    expect(alpha.message(AFTER)).to_be_visible()
    for window in (alpha, bravo):
        past = window.page.locator('[data-past][data-answered="true"]')
        expect(past).to_contain_text(re.compile("answered by .?W-1.?, lasted .?00:00:0"))
        expect(past.locator("audio")).to_have_count(1)
        assert past.locator("audio").evaluate(_PLAYED)
        found = violations(window.page, axe)
        assert not found, found
    assert _order(alpha) == [BEFORE, "Call", AFTER]
    alpha.page.reload()
    alpha.live().enter()
    expect(alpha.page.locator("[data-past] audio")).to_have_count(1)
    assert _order(alpha) == [BEFORE, "Call", AFTER]
    floor.clean()


def test_a_call_that_nobody_answered_says_so_afterwards(floor: Floor) -> None:
    alpha, bravo = (floor.window(party).sit().enter() for party in floor.stage.parties)
    alpha.ring()
    expect(bravo.act("answer").first).to_be_visible()
    alpha.act("end").click()
    for window in (alpha, bravo):
        past = window.page.locator('[data-past][data-answered="false"]')
        expect(past).to_contain_text("not answered")
        expect(past.locator("audio")).to_have_count(0)
    floor.clean()


def _sitting(window: Window, theme: str) -> Window:
    window.page.add_init_script(f"localStorage.setItem('openline-theme', '{theme}')")
    return window.sit().with_sound().enter()


def _order(window: Window) -> list[str]:
    """What stands in the thread, from the top."""
    rows = window.page.locator("article[data-entry], [data-past]").all_inner_texts()
    return [next(word for word in (BEFORE, AFTER, "Call") if word in row) for row in rows]

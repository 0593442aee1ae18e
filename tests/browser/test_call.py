"""Two officers speak through two nodes: from the sound before the watch to the end of a call, and what may go wrong."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from openline.cli.stage import PATHS
from tests.browser.desks import Floor, Window, start_node, violations

_EAVESDROP = """
window.connections = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...words) {
    super(...words);
    connections.push(this);
  }
};
window.tones = 0;
window.OscillatorNode = class extends OscillatorNode {
  constructor(...words) {
    super(...words);
    window.tones += 1;
  }
};
"""
"""Lets a test see what the page makes: its connections, and how many tones have sounded."""
_TRACK = "connections.at(-1).getSenders()[0].track"


def test_a_call_rings_is_answered_and_both_hear_each_other(floor: Floor) -> None:
    alpha, bravo = _both(floor)
    alpha.ring()
    expect(alpha.call_state).to_have_text("RINGS")
    expect(bravo.page).to_have_title(re.compile("CALL .*alpha.example"))
    bravo.answer()
    for window in (alpha, bravo):
        expect(window.call_state).to_have_text("CONNECTED")
        expect(window.page.locator("[data-party]")).to_have_count(2)
        window.hears_nothing()
    alpha.hold_talk()
    expect(alpha.gate).to_have_text("YOU ARE HEARD")
    bravo.hears()
    expect(bravo.page.locator('[data-party="alpha.example"] [data-speaks=true]')).to_have_text("W-1 speaks")
    alpha.page.mouse.up()
    expect(alpha.gate).to_be_hidden()
    bravo.hears_nothing()
    bravo.page.keyboard.down("Space")
    alpha.hears()
    bravo.page.keyboard.up("Space")
    alpha.hears_nothing()
    bravo.act("end").click()
    for window in (alpha, bravo):
        expect(window.call_state).to_have_text("ENDED")
    floor.clean()


def test_a_line_check_by_voice_is_answered_by_their_node_and_says_back_what_was_said(floor: Floor) -> None:
    alpha = _sitting(floor.window(floor.stage.alpha))
    alpha.ring("line-check")
    expect(alpha.call_state).to_have_text("CONNECTED")
    expect(alpha.page.locator('[data-party="bravo.example"]')).to_contain_text("line-check")
    alpha.hold_talk()
    expect(alpha.gate).to_have_attribute("data-confirmed", "true")
    alpha.page.wait_for_timeout(1_500)
    alpha.page.mouse.up()
    alpha.hears()
    alpha.hears_nothing()
    alpha.act("end").click()
    expect(alpha.call_state).to_have_text("ENDED")
    floor.clean()


def test_hold_silences_the_call_and_resume_goes_on(floor: Floor) -> None:
    alpha, bravo = _connected(floor)
    alpha.act("keep").click()
    expect(alpha.gate).to_have_text("YOU ARE HEARD, kept open")
    bravo.hears()
    bravo.act("hold").click()
    expect(bravo.call_state).to_have_text("ON HOLD")
    expect(alpha.call_state).to_have_text("HELD BY THEM")
    bravo.hears_nothing()
    expect(bravo.act("talk")).to_be_disabled()
    bravo.act("resume").click()
    expect(alpha.call_state).to_have_text("CONNECTED")
    bravo.hears()
    alpha.act("hold").click()
    expect(alpha.gate).to_be_hidden()
    bravo.hears_nothing()
    floor.clean()


def test_a_key_that_is_lost_closes_and_space_belongs_to_the_text_that_is_written(floor: Floor) -> None:
    alpha, bravo = _connected(floor)
    alpha.page.keyboard.down("Space")
    expect(alpha.gate).to_have_attribute("data-confirmed", "true")
    alpha.page.evaluate("dispatchEvent(new Event('blur'))")
    expect(alpha.gate).to_have_attribute("data-confirmed", "false")
    bravo.hears_nothing()
    alpha.page.keyboard.up("Space")
    alpha.field.click()
    alpha.page.keyboard.type("a b")
    expect(alpha.field).to_have_value("a b")
    expect(alpha.gate).to_be_hidden()
    alpha.act("talk").dblclick()
    expect(alpha.gate).to_have_text("YOU ARE HEARD, kept open")
    alpha.act("talk").press("Space")
    expect(alpha.gate).to_be_hidden()
    floor.clean()


def test_what_leaves_the_browser_is_silence_until_the_key_is_pressed(floor: Floor) -> None:
    alpha, bravo = _connected(floor)
    assert _sends(alpha) is False
    alpha.hold_talk()
    expect(alpha.gate).to_have_attribute("data-confirmed", "true")
    assert _sends(alpha) is True
    alpha.page.mouse.up()
    expect(alpha.gate).to_be_hidden()
    assert _sends(alpha) is False
    assert _sends(bravo) is False
    floor.clean()


def test_a_microphone_that_is_gone_is_said_and_comes_back_by_itself(floor: Floor) -> None:
    alpha, bravo = _connected(floor)
    alpha.act("keep").click()
    bravo.hears()
    alpha.page.evaluate(f"{_TRACK}.dispatchEvent(new Event('ended'))")
    strip = alpha.page.get_by_test_id("sound-strip")
    expect(strip).to_contain_text("The microphone is gone")
    expect(alpha.act("talk")).to_be_disabled()
    expect(alpha.gate).to_be_hidden()
    bravo.hears_nothing()
    bravo.hold_talk()
    alpha.hears()
    bravo.page.mouse.up()
    alpha.page.evaluate("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    expect(strip).to_be_hidden()
    alpha.hold_talk()
    bravo.hears()
    alpha.page.mouse.up()
    floor.clean()


def test_it_rings_aloud_until_somebody_answers_and_silence_stops_all_sounds(floor: Floor) -> None:
    alpha, bravo = _both(floor)
    quiet = _tones(bravo)
    alpha.ring()
    expect(bravo.act("answer").first).to_be_visible()
    bravo.page.wait_for_timeout(1_000)
    assert _tones(bravo) > quiet, "it does not ring"
    bravo.act("silence").click()
    bravo.page.wait_for_timeout(500)
    silenced = _tones(bravo)
    bravo.page.wait_for_timeout(4_000)
    assert _tones(bravo) == silenced, "silence does not hold"
    expect(bravo.act("silence")).to_contain_text("Silent for")
    bravo.answer()
    expect(bravo.call_state).to_have_text("CONNECTED")
    ringback = _tones(alpha)
    alpha.page.wait_for_timeout(6_000)
    assert _tones(alpha) == ringback, "it rings on"
    floor.clean()


def test_the_page_loaded_again_comes_back_into_the_same_call(floor: Floor) -> None:
    alpha, bravo = _connected(floor)
    before = _call(alpha)
    alpha.page.reload()
    alpha.live().page.get_by_test_id("clock").click()
    alpha.warm().enter()
    expect(alpha.call_state).to_have_text("CONNECTED")
    assert _call(alpha) == before
    bravo.hold_talk()
    alpha.hears()
    bravo.page.mouse.up()
    alpha.hold_talk()
    bravo.hears()
    alpha.page.mouse.up()
    floor.clean()


def test_sound_that_is_lost_is_said_and_the_same_call_goes_on(floor: Floor) -> None:
    alpha, bravo = _connected(floor)
    before = _call(alpha)
    for path in PATHS:
        floor.stage.relay.cut(path)
    for window in (alpha, bravo):
        expect(window.call_state).to_have_text("SOUND LOST")
        expect(window.page.get_by_test_id("sound-lost")).to_contain_text("Write here: the contact goes on.")
        expect(window.page.get_by_test_id("sound-lost")).to_contain_text("since")
    alpha.write("Do you hear me?")
    for path in PATHS:
        floor.stage.relay.mend(path)
    expect(bravo.message("Do you hear me?")).to_be_visible()
    for window in (alpha, bravo):
        expect(window.call_state).to_have_text("CONNECTED")
    assert _call(alpha) == before
    alpha.hold_talk()
    expect(alpha.gate).to_have_attribute("data-confirmed", "true")
    bravo.hears()
    alpha.page.mouse.up()
    floor.clean()


def test_a_voice_process_that_dies_is_replaced_under_the_same_call(floor: Floor) -> None:
    alpha, bravo = _connected(floor)
    before = _call(alpha)
    alpha.act("keep").click()
    expect(alpha.gate).to_have_attribute("data-confirmed", "true")
    assert floor.stage.alpha.process is not None
    for child in _children(floor.stage.alpha.process.pid):
        os.kill(child, signal.SIGKILL)
    expect(alpha.gate).to_be_hidden()
    expect(alpha.act("talk")).to_be_enabled()
    assert _call(alpha) == before
    alpha.hold_talk()
    bravo.hears()
    alpha.page.mouse.up()
    alpha.clean(requests_failed=True)
    bravo.clean()


def test_a_node_that_starts_again_finds_the_officer_in_the_same_call(floor: Floor) -> None:
    alpha, bravo = _connected(floor)
    before = _call(alpha)
    floor.stage.alpha.kill()
    expect(alpha.page.get_by_test_id("no-link")).to_be_visible()
    expect(alpha.act("talk")).to_be_disabled()
    start_node(floor.stage.alpha)
    alpha.again().warm().enter()
    expect(alpha.call_state).to_have_text("CONNECTED")
    assert _call(alpha) == before
    bravo.hold_talk()
    alpha.hears()
    bravo.page.mouse.up()
    alpha.clean(requests_failed=True)
    bravo.clean()


def test_without_a_microphone_one_hears_and_writes(floor: Floor) -> None:
    alpha, bravo = _sitting(floor.window(floor.stage.alpha)), floor.window(floor.stage.bravo).sit().enter()
    bravo.page.context.clear_permissions()
    bravo.page.get_by_role("button", name="Start watch with sound").click()
    expect(bravo.page.get_by_test_id("microphone-trouble")).to_contain_text("does not give the microphone")
    bravo.act("heard").click()
    expect(bravo.page.get_by_test_id("sound-strip")).to_have_attribute("data-why", "microphone")
    expect(bravo.page.locator('[data-leg="up"]')).to_be_attached()
    alpha.ring()
    bravo.answer()
    alpha.hold_talk()
    bravo.hears()
    expect(bravo.act("talk")).to_be_disabled()
    expect(bravo.page.get_by_test_id("room")).to_contain_text("There is no microphone: you hear, and you write.")
    bravo.write("I hear you. I write.")
    expect(alpha.message("I hear you. I write.")).to_be_visible()
    alpha.page.mouse.up()
    bravo.page.reload()
    expect(bravo.live().page.locator('[data-leg="up"]')).to_be_attached()
    expect(bravo.page.get_by_test_id("sound-strip")).to_have_attribute("data-why", re.compile("microphone|muted"))
    floor.clean()


def test_not_now_says_so_and_a_call_that_nobody_took_is_not_forgotten(floor: Floor) -> None:
    alpha, bravo = _both(floor)
    alpha.ring()
    bravo.page.get_by_test_id("needs").locator("[data-act=decline]").click()
    bravo.page.get_by_role("dialog").get_by_role("textbox").fill("in a briefing")
    bravo.act("decline-confirm").click()
    expect(alpha.call_state).to_have_text("ENDED")
    expect(bravo.page.get_by_test_id("needs")).to_contain_text("Nothing needs you.")
    alpha.ring()
    expect(bravo.act("answer").first).to_be_visible()
    alpha.act("end").click()
    needs = bravo.page.get_by_test_id("needs")
    expect(needs).to_contain_text("Nobody answered")
    needs.get_by_role("button", name="Put aside").click()
    expect(needs).to_contain_text("Nothing needs you.")
    floor.clean()


def test_the_keyboard_rings_answers_and_talks_and_each_is_asked_about_first(floor: Floor) -> None:
    alpha, bravo = _both(floor)
    alpha.page.keyboard.press("Alt+1")
    alpha.page.keyboard.press("c")
    expect(alpha.page.get_by_role("dialog")).to_contain_text(re.compile("Call .*bravo.example"))
    alpha.act("call-confirm").press("Enter")
    expect(bravo.act("answer").first).to_be_visible()
    bravo.page.keyboard.press("c")
    expect(bravo.page.get_by_role("dialog")).to_contain_text(re.compile("Answer .*alpha.example"))
    bravo.act("answer-confirm").press("Enter")
    expect(bravo.call_state).to_have_text("CONNECTED")
    bravo.page.keyboard.press("Alt+0")
    bravo.page.keyboard.down("Space")
    alpha.hears()
    bravo.page.keyboard.up("Space")
    floor.clean()


def test_the_sound_of_a_desk_is_in_one_window_and_can_be_brought_to_another(floor: Floor) -> None:
    alpha, bravo = _connected(floor)
    other = floor.window(floor.stage.bravo, bravo.page.context).open().live().enter()
    expect(other.page.get_by_test_id("sound-strip")).to_have_attribute("data-why", "elsewhere")
    expect(other.act("talk")).to_be_disabled()
    other.page.get_by_role("button", name="Use it here").click()
    other.warm()
    expect(bravo.page.get_by_test_id("sound-strip")).to_have_attribute("data-why", "elsewhere")
    alpha.hold_talk()
    other.hears()
    alpha.page.mouse.up()
    floor.clean()


def test_a_recording_needs_both_and_ends_when_one_withdraws(floor: Floor) -> None:
    alpha, bravo = _connected(floor)
    alpha.act("recording").click()
    expect(bravo.page.locator('[data-agrees="alpha.example"]')).to_be_visible()
    expect(alpha.page.get_by_test_id("recorded")).to_be_hidden()
    bravo.act("recording").click()
    for window in (alpha, bravo):
        expect(window.page.get_by_test_id("recorded")).to_have_text("RECORDED")
    bravo.page.get_by_role("button", name="Withdraw").click()
    for window in (alpha, bravo):
        expect(window.page.get_by_test_id("recorded")).to_be_hidden()
    floor.clean()


@pytest.mark.parametrize("theme", ["day", "night"])
def test_axe_finds_nothing_with_a_call(floor: Floor, axe: str, theme: str) -> None:
    alpha, bravo = floor.window(floor.stage.alpha).open(), floor.window(floor.stage.bravo).open()
    for window in (alpha, bravo):
        window.page.evaluate(f"localStorage.setItem('openline-theme', '{theme}')")
    alpha.sit()
    alpha.page.get_by_role("button", name="Start watch with sound").click()
    expect(alpha.act("heard")).to_be_visible()
    _nothing(alpha.page, axe, "the question about sound")
    alpha.act("heard").click()
    alpha.warm().enter()
    _sitting(bravo)
    alpha.ring()
    expect(bravo.act("answer").first).to_be_visible()
    _nothing(alpha.page, axe, "ringing")
    _nothing(bravo.page, axe, "being rung")
    bravo.answer()
    bravo.act("keep").click()
    expect(bravo.gate).to_have_attribute("data-confirmed", "true")
    _nothing(bravo.page, axe, "talking")
    bravo.page.keyboard.press("Escape")
    expect(bravo.act("talk")).to_be_visible()
    _nothing(bravo.page, axe, "a call beside the board")
    alpha.act("hold").click()
    expect(alpha.call_state).to_have_text("ON HOLD")
    _nothing(alpha.page, axe, "on hold")
    floor.clean()


def _nothing(page: Page, axe: str, where: str) -> None:
    found = violations(page, axe)
    assert not found, f"{where}: {found}"


def _sends(window: Window) -> bool:
    return bool(window.page.evaluate(f"{_TRACK}.enabled"))


def _tones(window: Window) -> int:
    return int(window.page.evaluate("window.tones"))


def _sitting(window: Window) -> Window:
    """At the line, with sound."""
    window.page.add_init_script(_EAVESDROP)
    return window.sit().with_sound().enter()


def _both(floor: Floor) -> tuple[Window, Window]:
    return _sitting(floor.window(floor.stage.alpha)), _sitting(floor.window(floor.stage.bravo))


def _connected(floor: Floor) -> tuple[Window, Window]:
    """A call of alpha that bravo has answered."""
    alpha, bravo = _both(floor)
    alpha.ring()
    bravo.answer()
    for window in (alpha, bravo):
        expect(window.call_state).to_have_text("CONNECTED")
        expect(window.act("talk")).to_be_enabled()
    return alpha, bravo


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def _call(window: Window) -> str | None:
    return window.page.locator("[data-call]").first.get_attribute("data-call")

"""When our own node is not heard, nothing on the screen is true any more, and the screen says so at once."""

from __future__ import annotations

import os
import signal

from playwright.sync_api import BrowserContext, expect

from openline.cli.stage import Party
from tests.browser.desks import Floor, Window, seconds, start_node
from tests.process.houses import LINE, until

SHOWN_WITHIN_S = {"killed": 1.0, "frozen": 6.0}
WINDOWS = 8
TEXT = "Is the river road open?"


def _lost(window: Window, within_s: float) -> None:
    """The bar stands, and every state on the screen is NO DATA."""
    expect(window.page.get_by_test_id("no-link")).to_be_visible(timeout=within_s * 2_000)
    expect(window.page.get_by_test_id("no-link")).to_contain_text("NO LINK TO OWN NODE since")
    expect(window.state).to_have_text("NO DATA")
    expect(window.page.get_by_test_id("lamp")).to_contain_text("No link")


def _signal(party: Party, number: signal.Signals) -> None:
    assert party.process is not None
    os.kill(party.process.pid, number)


def test_an_own_node_that_is_killed_is_shown_within_a_second(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha).sit().enter()
    floor.stage.alpha.kill()
    took = seconds(lambda: _lost(alpha, SHOWN_WITHIN_S["killed"]))
    print(f"\nown node killed: shown after {took:.2f} s")
    assert took < SHOWN_WITHIN_S["killed"]
    expect(alpha.page.get_by_test_id("room-state")).to_have_text("NO DATA")
    alpha.page.wait_for_timeout(1_500)
    _lost(alpha, 0.1)
    start_node(floor.stage.alpha)
    alpha.again()
    expect(alpha.page.get_by_test_id("no-link")).to_be_hidden()
    alpha.clean(requests_failed=True)


def test_an_own_node_that_is_frozen_is_shown_within_six_seconds(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha).sit().enter()
    _signal(floor.stage.alpha, signal.SIGSTOP)
    try:
        took = seconds(lambda: _lost(alpha, SHOWN_WITHIN_S["frozen"]))
    finally:
        _signal(floor.stage.alpha, signal.SIGCONT)
    print(f"\nown node frozen: shown after {took:.2f} s")
    assert took < SHOWN_WITHIN_S["frozen"]
    alpha.live()
    expect(alpha.page.get_by_test_id("no-link")).to_be_hidden()
    alpha.clean(requests_failed=True)


def test_what_is_written_without_a_link_is_kept_and_marked_as_not_sent(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha).sit().enter()
    floor.stage.alpha.kill()
    _lost(alpha, 1)
    alpha.write(TEXT, "PRIORITY")
    draft = alpha.page.get_by_test_id("draft")
    expect(draft).to_contain_text("NOT SENT")
    expect(draft.get_by_role("button", name="Send")).to_be_disabled()
    start_node(floor.stage.alpha)
    alpha.again().enter()
    alpha.page.wait_for_timeout(1_000)
    expect(draft).to_contain_text("NOT SENT")
    draft.get_by_role("button", name="Send").click()
    expect(draft).to_have_count(0)
    expect(alpha.rung(TEXT, "RECEIVED")).to_have_attribute("data-reached", "yes")
    alpha.clean(requests_failed=True)


def test_what_was_sent_into_a_frozen_node_is_said_once(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha).sit().enter()
    _signal(floor.stage.alpha, signal.SIGSTOP)
    try:
        alpha.write(TEXT)
        draft = alpha.page.get_by_test_id("draft")
        expect(draft).to_contain_text("NOT CONFIRMED", timeout=15_000)
    finally:
        _signal(floor.stage.alpha, signal.SIGCONT)
    alpha.live()
    draft.get_by_role("button", name="Send again").click()
    expect(draft).to_have_count(0)
    expect(alpha.rung(TEXT, "RECEIVED")).to_have_attribute("data-reached", "yes")
    found = floor.stage.bravo.node.get("/messages", {"line": LINE})["entries"]
    assert isinstance(found, list)
    assert [entry["text"] for entry in found] == [TEXT]
    alpha.clean(requests_failed=True)


def test_what_happened_while_the_link_was_lost_is_there_afterwards(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha).sit().enter()
    alpha.write("first")
    expect(alpha.rung("first", "RECEIVED")).to_have_attribute("data-reached", "yes")
    floor.stage.alpha.kill()
    _lost(alpha, 1)
    bravo = floor.stage.bravo
    bravo.send(TEXT, wait="recorded")
    bravo.act("ack", "alpha:0", wait="recorded")
    start_node(floor.stage.alpha)
    alpha.again().enter()
    expect(alpha.message(TEXT)).to_have_count(1)
    expect(alpha.rung("first", "ACCEPTED")).to_have_attribute("data-reached", "yes")
    alpha.clean(requests_failed=True)


def test_many_windows_share_one_stream_and_the_next_takes_over(floor: Floor) -> None:
    first = floor.window(floor.stage.alpha).sit().enter()
    windows = [first, *(_another(floor, first.page.context) for _ in range(WINDOWS - 1))]
    floor.stage.bravo.send(TEXT)
    for window in windows:
        expect(window.message(TEXT)).to_be_visible()
    assert sum(len(window.streams) for window in windows) == 1
    leader = next(window for window in windows if window.streams)
    leader.page.close()
    left = [window for window in windows if window is not leader]
    until(lambda: _streams(left) == 1, 10, "another window listens")
    floor.stage.bravo.send("second")
    for window in left:
        expect(window.message("second")).to_be_visible()
    floor.stage.alpha.kill()
    for window in left:
        _lost(window, 2)
    for window in left:
        window.clean(requests_failed=True)


def _streams(windows: list[Window]) -> int:
    windows[0].page.wait_for_timeout(50)  # Events of the browser are handed out only while it is asked something.
    return sum(len(window.streams) for window in windows)


def _another(floor: Floor, context: BrowserContext) -> Window:
    return floor.window(floor.stage.alpha, context).open().live().enter()

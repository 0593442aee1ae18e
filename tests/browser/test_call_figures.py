"""The figures of a call in real browsers, as counts and as ratios to a connection without any node in the same run.

Times themselves are printed by `make bench` (parts v and w), on a machine that has nothing else to do.
"""

from __future__ import annotations

import statistics

import pytest
from playwright.sync_api import Browser

from bench.voice_browser import LEAST, Figures, figures
from bench.voice_page import Beside
from tests.browser.conftest import SIZE
from tests.browser.desks import Floor

TIMES = 4
"""A call costs at most so many times what it costs without nodes. On an idle machine it is one and a half to two."""


@pytest.fixture
def found(browser: Browser, floor: Floor) -> Figures:
    """What one run measures; a second one where the first had no time even for its control."""
    made = _measured(browser, floor)
    if made.control_is_bad:
        print(f"The control made up {made.killed.control.share:.1%} of what it played: measured once more.")
        made = _measured(browser, floor)
    return made


def _measured(browser: Browser, floor: Floor) -> Figures:
    context = browser.new_context(locale="en-GB", viewport=SIZE, permissions=["microphone"])
    try:
        return figures(floor, context, LEAST)
    finally:
        context.close()


def test_a_call_is_whole_and_nearly_as_quick_as_without_nodes(found: Figures) -> None:
    assert min(found.cold.legs) < _times(found.cold), found.cold
    assert min(found.cold_call) < _times(found.cold), found.cold_call
    assert min(found.warm.legs) < _times(found.warm), found.warm
    assert min(found.presses) < _times(found.warm), found.presses
    assert min(found.delays.legs) < 2 * max(found.delays.control), found.delays
    assert found.silence <= 6
    killed = found.killed
    assert killed.legs.lost == 0, killed
    assert killed.legs.received > 0.95 * killed.legs.sent, killed
    assert killed.legs.share <= killed.control.share + 0.005, killed
    cut = found.cut
    assert cut.before == cut.after, "it is the same call"
    assert cut.state == "up"
    assert cut.cause, "while nothing came through, it was said why"


def _times(beside: Beside) -> float:
    return TIMES * statistics.median(beside.control)

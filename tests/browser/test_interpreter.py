"""An interpreter's seat is given and ended at the console, and stands in the call for both sides."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.desks import Floor, violations


def test_a_desk_is_given_an_interpreters_seat_and_made_a_position_again(floor: Floor, axe: str) -> None:
    alpha = floor.window(floor.stage.alpha).sit().with_sound().enter()
    bravo = floor.window(floor.stage.bravo).sit().with_sound().enter()
    alpha.ring()
    bravo.answer()
    expect(alpha.call_state).to_have_text("CONNECTED")
    alpha.act("interpreter").click()
    expect(alpha.act("seat-give")).to_be_disabled()
    alpha.page.locator("[data-field=seat]").fill("W-2")
    expect(alpha.page.locator("[data-field=listens-W-1]")).to_be_checked()
    assert not (found := violations(alpha.page, axe)), found
    alpha.act("seat-give").click()
    alpha.act("interpreter").click()
    row = alpha.page.locator("[data-interpreter=W-2]")
    expect(row).to_contain_text("W-1")
    calls = floor.stage.alpha.node.get("/entries", {"kind": "call-step", "count": 10})
    assert calls["entries"], "the seat stands on the record"
    alpha.act("seat-take").click()
    expect(row).to_have_count(0)
    floor.clean()

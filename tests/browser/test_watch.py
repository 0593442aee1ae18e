"""The watch at the console: presence, line checks, the handover, a line that is down, silences and the report."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast

from playwright.sync_api import Locator, expect

from openline.base.catalogue import sentence
from openline.cli.client import JsonObject
from tests.browser.desks import Floor, Window, start_both, violations
from tests.process.houses import LINE, until

_STATUS = """
const asked = window.fetch;
window.fetch = async (...words) => {
  const answer = await asked(...words);
  if (!window.change || !String(words[0]).includes("/api/v1/status")) return answer;
  const told = await answer.json();
  window.change(told);
  return Response.json(told);
};
"""
"""Lets a test show a status as it will be later: half an hour without a sign, or a line that is silent for long."""


def needs(window: Window) -> Locator:
    """The list of what needs somebody."""
    return window.page.get_by_test_id("needs")


def change(floor: Floor, before: str, after: str) -> None:
    """Both nodes run anew, with this in their configuration."""
    for party in floor.stage.parties:
        party.kill()
        config = party.folder / "openline.toml"
        config.write_text(config.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    start_both(floor.stage)


def signs(floor: Floor) -> list[JsonObject]:
    """Alpha's desks on watch, and by when each has to give a sign."""
    return cast("list[JsonObject]", floor.stage.alpha.node.get("/status")["watch"])


def test_a_check_that_is_due_is_made_and_answered_with_one_press_each(floor: Floor) -> None:
    at = datetime.now(UTC) + timedelta(minutes=5)
    change(floor, "times = []", f'times = ["{at:%H%M}Z"]\nforms = ["text"]')
    alpha = floor.window(floor.stage.alpha).sit()
    bravo = floor.window(floor.stage.bravo).sit()
    expect(needs(alpha)).to_contain_text(LINE)
    needs(alpha).locator("[data-act=check-text]").click()
    needs(bravo).locator("[data-act=answer-check]").click()
    expect(needs(alpha).locator("[data-act=check-text]")).to_have_count(0)
    alpha.page.locator("[data-screen=watch]").click()
    expect(alpha.page.locator("[data-date=kept]")).to_have_count(1)
    expect(alpha.page.locator("[data-check]")).to_contain_text("bravo")
    floor.clean()


def test_the_watch_is_handed_over_item_by_item_and_none_can_be_skipped(floor: Floor, axe: str) -> None:
    context = floor.stage.alpha
    first = floor.window(context).sit("W-1")
    second = floor.window(context).sit("W-2")
    one = floor.stage.bravo.send("First question.", precedence="priority")
    two = floor.stage.bravo.send("Danger.", precedence="flash")
    first.page.keyboard.press("g")
    first.page.keyboard.press("w")
    expect(first.page.get_by_test_id("unowned")).to_contain_text(two)
    first.page.locator("[data-field=to]").fill("Heron")
    first.act("hand-over").click()
    expect(needs(second)).to_contain_text("Heron")
    second.page.locator("[data-screen=watch]").click()
    take = second.act("take-watch")
    expect(take).to_be_disabled()
    assert not (found := violations(second.page, axe)), found
    second.page.locator("[data-field=taker]").fill("Heron")
    second.page.locator(f'[data-item="{one}"] [data-act=take-item]').click()
    expect(second.page.locator(f'[data-item="{one}"]')).to_have_attribute("data-accepted", "true")
    expect(take).to_be_disabled()
    second.page.locator(f'[data-item="{two}"] [data-act=take-item]').click()
    expect(take).to_be_enabled()
    take.click()
    expect(second.page.locator(f'[data-open="{two}"]')).to_contain_text("Heron")
    expect(second.page.get_by_test_id("unowned")).to_have_count(0)
    expect(needs(first)).not_to_contain_text("Heron")
    floor.clean()


def test_a_desk_on_watch_is_asked_whether_somebody_is_there_and_one_key_answers(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha)
    alpha.page.add_init_script(_STATUS)
    alpha.sit()
    expect(alpha.act("present")).to_have_count(0)
    alpha.act("watch-on").click()
    expect(alpha.act("watch-off")).to_be_visible()
    alpha.page.evaluate("() => { window.change = (told) => { told.watch[0].sign_due_at = told.started_at; }; }")
    expect(needs(alpha)).to_contain_text(sentence("label-i-am-here", {}))
    before = signs(floor)
    assert [row["desk"] for row in before] == ["W-1"]
    alpha.page.keyboard.press("y")
    until(lambda: signs(floor) != before, 20, "the sign was given")
    alpha.page.evaluate("() => { window.change = undefined; }")
    expect(alpha.act("present")).to_have_count(0)
    alpha.act("watch-off").click()
    until(lambda: signs(floor) == [], 20, "the desk has left the watch")
    floor.clean()


def test_i_am_on_it_is_said_with_a_reason_and_the_line_stays_down(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha)
    alpha.page.add_init_script(_STATUS)
    alpha.sit()
    alpha.page.evaluate("() => { window.change = (told) => { told.lines[0].state = 'DOWN'; }; }")
    needs(alpha).locator("[data-act=on-it]").click()
    expect(alpha.act("on-it-confirm")).to_be_disabled()
    needs(alpha).locator("input").fill("calling the desk phone")
    needs(alpha).locator("input").press("Enter")
    expect(needs(alpha).get_by_test_id("orderwire")).to_contain_text("calling the desk phone")
    assert floor.stage.bravo.node.get("/entries", {"kind": "service"})["entries"]
    expect(needs(alpha).locator("[data-urgency=u1]")).to_have_count(1)
    floor.clean()


def test_silences_and_the_report_of_the_month_stand_behind_the_watch(floor: Floor, axe: str) -> None:
    alpha = floor.window(floor.stage.alpha).sit()
    alpha.page.locator("[data-screen=watch]").click()
    expect(alpha.page.get_by_test_id("ledger")).to_contain_text(sentence("screen-no-silences", {}))
    assert not (found := violations(alpha.page, axe)), found
    with alpha.page.context.expect_page() as opened:
        alpha.page.get_by_test_id("report").click()
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text(LINE)
    opened.value.close()
    alpha.page.keyboard.press("Escape")
    expect(alpha.page.get_by_test_id("screen-watch")).to_have_count(0)
    floor.clean()

"""Short replies, passing on and read-back at the console: each stands for itself, and ROGER is no consent."""

from __future__ import annotations

from playwright.sync_api import expect

from openline.base.catalogue import sentence
from tests.browser.desks import Floor, violations

CONVOY = "Six trucks cross at 0600Z."
HEARD = "Six trucks cross at 0700Z."

_LATE = """
const asked = window.fetch;
window.fetch = async (...words) => {
  const answer = await asked(...words);
  if (!String(words[0]).includes("/api/v1/messages")) return answer;
  const told = await answer.json();
  for (const entry of told.entries ?? []) {
    const when = { due: entry.time, at: entry.time };
    entry.escalations = [{ id: "alpha:9", party: "alpha", step: "SUPERVISOR", stage: "ACCEPTED", ...when }];
  }
  return Response.json(told);
};
"""
"""Shows messages as they are when a watch has been late for hours."""


def test_roger_is_received_and_no_answer_and_wilco_is_one(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha).sit().enter()
    bravo = floor.window(floor.stage.bravo).sit().enter()
    alpha.write(CONVOY, "PRIORITY")
    expect(alpha.page.locator("[data-act=roger]")).to_have_count(0)
    bravo.message(CONVOY).locator("[data-act=roger]").click()
    row = alpha.message(CONVOY).locator("[data-code=ROGER]")
    expect(row).to_contain_text(sentence("label-means-received", {}))
    expect(alpha.rung(CONVOY, "ACCEPTED")).to_have_attribute("data-reached", "yes")
    expect(alpha.rung(CONVOY, "ANSWERED")).to_have_attribute("data-reached", "no")
    bravo.message(CONVOY).locator("[data-act=stand-by]").click()
    expect(alpha.message(CONVOY).locator("[data-code=STAND_BY]")).to_be_visible()
    expect(alpha.rung(CONVOY, "ANSWERED")).to_have_attribute("data-reached", "no")
    bravo.message(CONVOY).locator("[data-field=role]").fill("artillery")
    bravo.message(CONVOY).locator("[data-act=pass]").click()
    expect(alpha.rung(CONVOY, "PASSED")).to_contain_text("artillery")
    expect(alpha.rung(CONVOY, "ANSWERED")).to_have_attribute("data-reached", "no")
    bravo.message(CONVOY).locator("[data-act=wilco]").click()
    expect(alpha.rung(CONVOY, "ANSWERED")).to_have_attribute("data-reached", "yes")
    expect(bravo.message(CONVOY).locator("[data-act=wilco]")).to_have_count(0)
    floor.clean()


def test_unable_says_why(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha).sit().enter()
    bravo = floor.window(floor.stage.bravo).sit().enter()
    alpha.write(CONVOY)
    bravo.message(CONVOY).locator("[data-act=more]").click()
    bravo.message(CONVOY).locator("[data-act=unable]").click()
    reason = bravo.message(CONVOY).get_by_label(sentence("label-reason", {}))
    reason.fill("The bridge is down. \u202e")
    reason.press("Enter")
    row = alpha.message(CONVOY).locator("[data-code=UNABLE]")
    expect(row).to_contain_text("The bridge is down.")
    expect(row.locator("[data-hidden-character]")).to_have_text(["U+202E"])
    floor.clean()


def test_a_message_is_read_back_said_anew_and_confirmed_with_the_words_that_differ(floor: Floor, axe: str) -> None:
    alpha = floor.window(floor.stage.alpha).sit().enter()
    bravo = floor.window(floor.stage.bravo).sit().enter()
    alpha.page.locator("[data-field=ask-read-back]").check()
    alpha.write(CONVOY, "PRIORITY")
    expect(alpha.message(CONVOY).get_by_test_id("read-back")).to_contain_text("ISSUED")
    assert alpha.message(CONVOY).locator("[data-act=confirm]").count() == 0
    bravo.message(CONVOY).locator("[data-field=read-back]").fill(HEARD)
    bravo.message(CONVOY).locator("[data-act=read-back]").click()
    step = alpha.message(CONVOY).locator("[data-step=READ_BACK]")
    expect(step.locator("[data-words=before] mark")).to_have_text("0600Z.")
    expect(step.locator("[data-words=after] mark")).to_have_text("0700Z.")
    assert not (found := violations(alpha.page, axe)), found
    alpha.message(CONVOY).locator("[data-field=reissue]").fill("Six trucks cross at 0600Z, in the morning.")
    alpha.message(CONVOY).locator("[data-act=reissue]").click()
    bravo.message(CONVOY).locator("[data-field=read-back]").fill("Six trucks cross at 0600Z, in the morning.")
    bravo.message(CONVOY).locator("[data-act=read-back]").click()
    expect(alpha.message(CONVOY).locator("[data-differs=false]")).to_contain_text(sentence("screen-words-same", {}))
    alpha.message(CONVOY).locator("[data-act=confirm]").click()
    for window in (alpha, bravo):
        expect(window.message(CONVOY).locator("[data-step=CONFIRM]")).to_be_visible()
        expect(window.message(CONVOY).locator("[data-act=confirm], [data-act=read-back]")).to_have_count(0)
    floor.clean()


def test_who_took_a_flash_is_said_afterwards(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha).sit().enter()
    floor.stage.bravo.send("Danger at the bridge.", precedence="flash")
    message = alpha.message("Danger at the bridge.")
    message.locator("[data-act=accept]").click()
    message.locator("[data-act=tap]").click()
    alpha.page.get_by_role("dialog").get_by_role("textbox").fill("Heron")
    alpha.act("tap-confirm").click()
    expect(alpha.page.get_by_role("dialog")).to_have_count(0)
    expect(message).to_contain_text("Heron")
    floor.clean()


def test_whom_a_late_watch_has_woken_stands_with_the_message(floor: Floor) -> None:
    floor.stage.bravo.send(CONVOY, precedence="priority")
    alpha = floor.window(floor.stage.alpha)
    alpha.page.add_init_script(_LATE)
    alpha.sit().enter()
    row = alpha.message(CONVOY).get_by_test_id("late").locator("[data-step=SUPERVISOR]")
    expect(row).to_contain_text(sentence("label-woke-supervisor", {}))
    expect(row).to_contain_text(sentence("label-accepted", {}))
    floor.clean()

"""Two officers, two consoles, two nodes: what one writes, the other sees, and what each may believe of it."""

from __future__ import annotations

from playwright.sync_api import expect

from openline.base.catalogue import sentence
from tests.browser.desks import Floor, Window, start_node
from tests.process.houses import LINE

CONVOY = "Convoy of six trucks leaves the crossing at 0600Z."
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> order 42-17 \u202eevil\u202c رقم 42-17"


def test_a_message_is_in_their_log_then_displayed_then_accepted_then_answered(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha).sit().enter()
    bravo = floor.window(floor.stage.bravo).sit().enter()
    alpha.write(CONVOY, "PRIORITY")
    expect(alpha.rung(CONVOY, "RECEIVED")).to_have_attribute("data-reached", "yes")
    expect(bravo.page.get_by_test_id("needs")).to_contain_text("PRIORITY")
    bravo.hand()
    expect(alpha.rung(CONVOY, "DISPLAYED")).to_have_attribute("data-reached", "yes")
    expect(alpha.rung(CONVOY, "ACCEPTED")).to_have_attribute("data-reached", "no")
    bravo.message(CONVOY).locator("[data-act=accept]").click()
    expect(alpha.rung(CONVOY, "ACCEPTED")).to_have_attribute("data-reached", "yes")
    expect(bravo.page.get_by_test_id("needs")).not_to_contain_text("PRIORITY")
    bravo.message(CONVOY).locator("[data-act=reply]").click()
    bravo.field.fill("Understood.")
    bravo.field.press("Control+Enter")
    expect(alpha.message("Understood.")).to_be_visible()
    expect(alpha.rung(CONVOY, "ANSWERED")).to_have_attribute("data-reached", "yes")
    floor.clean()


def test_a_screen_that_nobody_sits_at_states_nothing(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha).sit().enter()
    floor.window(floor.stage.bravo).sit()
    alpha.write(CONVOY)
    expect(alpha.rung(CONVOY, "RECEIVED")).to_have_attribute("data-reached", "yes")
    alpha.page.wait_for_timeout(2_500)
    expect(alpha.rung(CONVOY, "DISPLAYED")).to_have_attribute("data-reached", "no")
    floor.clean()


def test_no_tick_stands_before_the_peers_receipt(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha).sit().enter()
    floor.stage.bravo.kill()
    alpha.write(CONVOY)
    expect(alpha.message(CONVOY)).to_contain_text("not delivered")
    assert alpha.message(CONVOY).locator('[data-reached="yes"]').count() == 0
    start_node(floor.stage.bravo)
    expect(alpha.rung(CONVOY, "RECEIVED")).to_have_attribute("data-reached", "yes")
    expect(alpha.message(CONVOY)).not_to_contain_text("not delivered")
    floor.clean()


def test_a_flash_asks_for_the_name_of_the_line(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha).sit().enter()
    bravo = floor.window(floor.stage.bravo).sit()
    alpha.write("Stop now.", "FLASH")
    dialog = alpha.page.get_by_role("dialog")
    confirm = dialog.get_by_role("button", name="Send FLASH")
    expect(confirm).to_be_disabled()
    dialog.get_by_role("textbox").fill("alpha")
    dialog.get_by_role("textbox").press("Enter")
    expect(confirm).to_be_disabled()
    dialog.get_by_role("textbox").fill(LINE)
    confirm.click()
    expect(bravo.page.get_by_test_id("needs")).to_contain_text("FLASH")
    bravo.page.keyboard.press("n")
    expect(bravo.message("Stop now.")).to_be_focused()
    floor.clean()


def test_what_is_too_long_for_its_precedence_is_refused_in_the_nodes_own_words(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha).sit().enter()
    text = "word " * 201
    alpha.write(text, "IMMEDIATE")
    refused = sentence("message-too-many-words", {"precedence": "IMMEDIATE", "words": 201, "limit": 200})
    expect(alpha.page.get_by_test_id("refusal")).to_have_text(refused)
    expect(alpha.field).to_have_value(text)
    assert any("400" in one for one in alpha.failed)
    assert not alpha.wrong


def test_text_of_the_other_side_stays_text(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha).sit().enter()
    floor.stage.bravo.send(HOSTILE, language="ar")
    message = alpha.page.locator("article[data-theirs=true]")
    expect(message).to_contain_text("<img src=x onerror=alert(1)><script>alert(2)</script>")
    assert message.locator("img, script").count() == 0
    expect(message.locator("[data-hidden-character]")).to_have_text(["U+202E", "U+202C"])
    expect(message.locator('bdi[dir="ltr"]', has_text="42-17").first).to_be_visible()
    expect(message.locator('[lang="ar"] p[dir="auto"]')).to_have_count(1)
    floor.clean()


def test_the_whole_console_speaks_french(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha).sit().enter()
    alpha.page.get_by_role("button", name="Français").click()
    expect(alpha.state).to_have_text("PROUVÉE")
    expect(alpha.page.get_by_test_id("room")).to_contain_text("est prouvée")
    assert alpha.page.evaluate("document.documentElement.lang") == "fr"
    alpha.write("mot " * 201, "IMMEDIATE")
    expect(alpha.page.get_by_test_id("refusal")).to_contain_text("mots au plus")
    assert not alpha.wrong


def test_the_keyboard_is_enough(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha).sit()
    floor.stage.bravo.send("nothing urgent")
    expect(alpha.page.get_by_test_id("board")).to_contain_text("ROUTINE not accepted")
    expect(alpha.page.get_by_test_id("needs")).to_contain_text("Nothing needs you.")
    floor.stage.bravo.send(CONVOY, precedence="priority")
    alpha.page.keyboard.press("Alt+1")
    expect(alpha.message(CONVOY)).to_be_visible()
    expect(alpha.page.get_by_test_id("needs")).to_contain_text("bravo:")
    alpha.page.keyboard.press("n")
    expect(alpha.message(CONVOY)).to_be_focused()
    alpha.page.keyboard.press("a")
    expect(alpha.rung(CONVOY, "ACCEPTED")).to_have_attribute("data-reached", "yes")
    alpha.page.keyboard.press("r")
    expect(alpha.field).to_be_focused()
    alpha.page.keyboard.type("an answer")
    alpha.page.keyboard.press("Control+Enter")
    expect(alpha.rung(CONVOY, "ANSWERED")).to_have_attribute("data-reached", "yes")
    alpha.page.keyboard.press("Alt+0")
    expect(alpha.page.get_by_test_id("room")).to_be_hidden()
    floor.clean()


def test_leaving_takes_everything_off_the_screen(floor: Floor) -> None:
    alpha = floor.window(floor.stage.alpha).sit().enter()
    alpha.write(CONVOY)
    expect(alpha.message(CONVOY)).to_be_visible()
    alpha.page.get_by_role("button", name="Sign out").click()
    expect(alpha.page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(alpha.message(CONVOY)).to_have_count(0)
    assert _signed_out(alpha)
    floor.clean()


def _signed_out(window: Window) -> bool:
    return bool(window.page.evaluate("fetch('/api/v1/session').then((answer) => answer.status === 401)"))

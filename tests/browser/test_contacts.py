"""Contacts, readouts, requests, demands and allegations at the console, and the search: as each side has said it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from openline.base.catalogue import sentence
from openline.cli.stage import Party
from tests.browser.desks import Floor, Window, violations
from tests.process.houses import LINE

HOSTILE = "<b>cease</b> \u202e42-17"


def contacts_of(floor: Floor) -> tuple[str, str]:
    """A contact that both sides have entered, with statements that agree, differ and are missing, and two readouts."""
    alpha, bravo = floor.stage.parties
    ours = _contact(alpha)
    theirs = _contact(bravo, same_as=ours)
    source = [{"who": "an official", "how": "anonymous"}]
    alpha.act("state", ours, fact="duration", value="60", precision="about", sources=source)
    alpha.act("state", ours, fact="tone", value="professional", words="professionnel", language="fr", sources=source)
    alpha.act("state", ours, fact="initiative", value="alpha")
    bravo.act("state", theirs, fact="initiative", value="bravo")
    alpha.act("publish", ours, text="The two ministers spoke.", title="Call", language="en")
    bravo.act("publish", theirs, text=HOSTILE, language="en")
    return ours, theirs


def _contact(party: Party, **more: str) -> str:
    facts = {
        "began": "2026-05-13",
        "level": "minister",
        "medium": "telephone",
        "elsewhere": True,
        "parties": ["alpha", "bravo"],
    }
    return party.say(LINE, "contact", {**facts, **more})


def opened(floor: Floor, part: str) -> Window:
    """A window with this part of the contacts open."""
    window = floor.window(floor.stage.alpha).sit()
    window.page.keyboard.press("g")
    window.page.keyboard.press("q")
    window.page.locator(f"[data-part={part}]").click()
    return window


def test_a_contact_has_a_grid_of_facts_by_side_each_with_its_source(floor: Floor, axe: str) -> None:
    ours, _ = contacts_of(floor)
    alpha = opened(floor, "history")
    row = alpha.page.locator(f'[data-contact="{ours}"]')
    expect(row).to_contain_text("2026-05-13")
    expect(row.locator("[data-note]").first).to_be_visible()
    alpha.page.locator("[data-field=level]").select_option("duty")
    expect(alpha.page.locator("[data-contact]")).to_have_count(0)
    alpha.page.locator("[data-field=level]").select_option("minister")
    row.get_by_role("button").click()
    page = alpha.page.get_by_test_id("contact")
    cell = page.locator("[data-fact=DURATION] [data-side=alpha]")
    expect(cell).to_have_attribute("data-state", "STATED")
    expect(cell).to_contain_text("an official")
    expect(page.locator("[data-fact=DURATION] [data-side=bravo]")).to_have_attribute("data-state", "NOT_STATED")
    expect(page.locator("[data-fact=INITIATIVE] [data-side=bravo]")).to_have_attribute("data-state", "CONTRADICTED")
    expect(page.locator('[data-fact=TONE] [lang="fr"]')).to_have_text("professionnel")
    expect(page.locator("[data-readout]")).to_have_count(2)
    expect(page.locator("[data-readout] [data-hidden-character]")).to_have_text(["U+202E"])
    assert page.locator("[data-readout] b").count() == 0
    assert not (found := violations(alpha.page, axe)), found
    floor.clean()


def test_readouts_stand_side_by_side_as_they_were_published(floor: Floor, axe: str) -> None:
    ours, _ = contacts_of(floor)
    alpha = opened(floor, "readouts")
    for side in ("left", "right"):
        alpha.page.locator(f"[data-field={side}]").select_option(ours)
    pair = alpha.page.get_by_test_id("compare")
    expect(pair.locator("[data-readout]")).to_have_count(2)
    expect(pair).to_contain_text("The two ministers spoke.")
    assert not (found := violations(alpha.page, axe)), found
    floor.clean()


def test_a_request_is_made_and_answered_and_an_attempt_counts(floor: Floor, axe: str) -> None:
    alpha = opened(floor, "requests")
    alpha.page.get_by_test_id("new-request").locator("[data-field=subject]").fill("Movements near the dam")
    alpha.page.get_by_test_id("new-request").locator("[data-field=level]").select_option("minister")
    alpha.act("new-request").click()
    asked = alpha.page.locator("[data-request]")
    expect(asked.locator("[data-side=bravo]")).to_have_attribute("data-state", "open")
    request = asked.get_attribute("data-request") or ""
    floor.stage.alpha.say(
        LINE, "attempt", {"level": "minister", "medium": "telephone", "result": "no-answer", "request": request}
    )
    expect(alpha.page.locator("[data-attempt]")).to_contain_text(sentence("label-result-no-answer", {}))
    bravo = floor.window(floor.stage.bravo).sit()
    bravo.page.locator("[data-screen=contacts]").click()
    bravo.page.locator("[data-part=requests]").click()
    form = bravo.page.get_by_test_id("answer-request")
    form.locator("[data-field=answer]").select_option("propose")
    expect(bravo.act("answer-request")).to_be_disabled()
    form.get_by_placeholder("2300Z").first.fill("+2h")
    form.get_by_placeholder("2300Z").last.fill("+4h")
    bravo.act("answer-request").click()
    expect(asked.locator("[data-side=bravo]")).to_have_attribute("data-state", "proposed")
    assert not (found := violations(bravo.page, axe)), found
    floor.clean()


def test_an_allegation_says_whether_evidence_was_produced_and_is_answered(floor: Floor, axe: str) -> None:
    bravo = floor.stage.bravo
    bravo.say(LINE, "demand", {"code": "cease-fire", "words": HOSTILE})
    bravo.say(LINE, "warn", {"code": "dam", "words": "Do not.", "through": ["a third party"]})
    bravo.say(LINE, "allege", {"code": "dam-mined", "against": "alpha", "words": "You mined the dam."})
    alpha = opened(floor, "charges")
    charge = alpha.page.locator("[data-charge]", has_text="You mined the dam.")
    expect(charge.locator("[data-evidence]")).to_have_attribute("data-evidence", "NONE_PRODUCED")
    expect(charge).to_contain_text(sentence("label-no-answer-yet", {}))
    charge.locator("[data-field=answer]").select_option("deny")
    charge.locator("[data-act=answer-charge]").click()
    expect(charge.locator("[data-answer]")).to_contain_text(sentence("label-defence-deny", {}))
    expect(charge.locator("[data-answer] [data-evidence]")).to_have_attribute("data-evidence", "NONE_PRODUCED")
    expect(alpha.page.locator("[data-charge]", has_text="Do not.")).to_contain_text("a third party")
    expect(alpha.page.locator("[data-hidden-character]")).to_have_text(["U+202E"])
    assert not (found := violations(alpha.page, axe)), found
    floor.clean()


def test_slash_searches_the_record_in_every_spelling_and_opens_what_is_found(floor: Floor, axe: str) -> None:
    sent = floor.stage.bravo.send("The bridge at the dam is closed.")
    alpha = floor.window(floor.stage.alpha).sit()
    alpha.page.keyboard.press("/")
    expect(alpha.page.locator("[data-field=search]")).to_be_focused()
    alpha.page.keyboard.type("dam bridge")
    alpha.page.keyboard.press("Enter")
    hit = alpha.page.locator(f'[data-hit="{sent}"]')
    expect(hit).to_contain_text("bridge")
    assert not (found := violations(alpha.page, axe)), found
    hit.get_by_role("button").click()
    expect(alpha.message("The bridge at the dam")).to_be_focused()
    alpha.page.keyboard.press("/")
    alpha.page.locator("[data-field=search]").fill("nothing like it")
    alpha.page.keyboard.press("Enter")
    expect(alpha.page.get_by_test_id("screen-search")).to_contain_text(sentence("screen-search-nothing", {}))
    floor.clean()


@pytest.mark.parametrize("screen", ["watch", "contacts", "search"])
def test_every_screen_holds_at_twice_the_text_by_night_in_french(floor: Floor, axe: str, screen: str) -> None:
    contacts_of(floor)
    alpha = floor.window(floor.stage.alpha, language="fr")
    alpha.page.set_viewport_size({"width": 1366, "height": 768})
    alpha.open().page.evaluate(
        "localStorage.setItem('openline-theme', 'night'); localStorage.setItem('openline-language', 'fr')"
    )
    alpha.sit().page.locator(f"[data-screen={screen}]").click()
    alpha.page.get_by_test_id(f"screen-{screen}").locator("section").first.wait_for()
    alpha.page.evaluate("document.documentElement.style.fontSize = '30px'")
    assert alpha.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not (found := violations(alpha.page, axe)), found
    floor.clean()

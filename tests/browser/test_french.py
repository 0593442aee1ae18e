"""One watch in French, call included: nothing on any screen is English, and nothing is an id without its sentence.

What is shown is held against the English catalogues, so a sentence that was forgotten is found wherever it stands.
Names, and what people have said, may be in any language: they stand in `bdi`, or in an element with its own `lang`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import cast

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor
from playwright.sync_api import Browser, BrowserContext, expect

from openline.base.catalogue import known_ids, sentence
from openline.cli.stage import PATHS
from tests.base.message_ids import SOURCE
from tests.browser.conftest import SIZE
from tests.browser.desks import Floor, Window
from tests.process.houses import LINE

CONVOY = "Convoi de six camions : départ du passage à 0600Z."

_SHOWN = """
() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement;
    if (!at.closest("bdi, [lang]:not(html), option, script, textarea")) found.push(walk.currentNode.data);
  }
  for (const at of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]")) {
    for (const name of ["aria-label", "title", "placeholder", "alt"]) found.push(at.getAttribute(name) ?? "");
  }
  return [...found, document.title];
}
"""
_ISOLATING = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))
_WORDS = re.compile(r"[^\W\d_]+")


class _Texts(Visitor):
    """What stands in a message between its placeables, and whether it is all there is."""

    def __init__(self) -> None:
        self.found: list[tuple[str, bool]] = []

    def visit_Pattern(self, node: ast.Pattern) -> None:  # noqa: N802 - Fluent's own name
        texts = [part.value.strip() for part in node.elements if isinstance(part, ast.TextElement)]
        self.found += [(text, len(node.elements) == 1) for text in texts]
        self.generic_visit(node)


@cache
def _texts(language: str) -> frozenset[tuple[str, bool]]:
    texts = _Texts()
    for file in sorted((SOURCE / "base/locale" / language).glob("*.ftl")):
        texts.visit(FluentParser().parse(file.read_text(encoding="utf-8")))
    return frozenset(texts.found)


@cache
def _english() -> tuple[frozenset[str], re.Pattern[str]]:
    """Whole texts that are English, and what no French text has in it: two English words or more, side by side."""
    french = "\n".join(text for text, _ in _texts("fr"))
    whole = {text for text, alone in _texts("en") if alone} - {text for text, alone in _texts("fr") if alone}
    stripped = {text.strip(" .,:;()") for text, _ in _texts("en")}
    parts = {text for text in stripped if len(_WORDS.findall(text)) > 1 and text not in french}
    return frozenset(whole), re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(parts))) + r")(?!\w)")


def _foreign(shown: list[str]) -> Iterator[str]:
    """Of what is shown, what is English, or an id."""
    whole, parts = _english()
    for text in (one.translate(_ISOLATING).strip() for one in shown):
        ids = set(re.findall(r"[a-z]+(?:-[a-z0-9]+)+", text)) & known_ids("en")
        if text in whole or parts.search(text) or ids:
            yield text


@pytest.mark.parametrize(
    ("shown", "foreign"),
    [
        (sentence("label-proven", {}), True),
        (sentence("screen-call-rings", {"party": "alpha", "desk": "W-1", "time": "0600Z"}), True),
        ("screen-call-rings (party: alpha)", True),
        (sentence("screen-call-rings", {"party": "alpha", "desk": "W-1", "time": "0600Z"}, "fr"), False),
        ("FLASH", False),
        (LINE, False),
    ],
)
def test_what_is_not_french_is_noticed(shown: str, foreign: bool) -> None:
    assert bool(list(_foreign([shown]))) is foreign


Seen = Callable[[Window, str], None]


@pytest.fixture
def seen() -> Seen:
    """Look at everything a window shows now."""

    def look(window: Window, where: str) -> None:
        shown = cast("list[str]", window.page.evaluate(_SHOWN))
        assert sum(map(len, shown)) > 50, f"{where}: nothing is shown"
        assert not (found := list(_foreign(shown))), f"{where}: {found}"

    return look


@pytest.fixture
def french(floor: Floor, browser: Browser) -> Iterator[tuple[Window, Window]]:
    """A window at each party. French was chosen at the console; the browsers themselves speak English."""
    contexts: list[BrowserContext] = []
    windows: list[Window] = []
    for party in floor.stage.parties:
        contexts.append(browser.new_context(locale="en-GB", viewport=SIZE, permissions=["microphone"]))
        contexts[-1].add_init_script("localStorage.setItem('openline-language', 'fr')")
        windows.append(floor.window(party, contexts[-1], "fr"))
    yield windows[0], windows[1]
    for context in contexts:
        context.close()


def test_the_screens_of_a_watch(floor: Floor, french: tuple[Window, Window], seen: Seen) -> None:
    alpha, bravo = french
    alpha.open().page.locator("[data-seat]").first.wait_for()
    seen(alpha, "signing in")
    alpha.sit()
    seen(alpha, "the board")
    assert alpha.streams[-1].endswith("language=fr")
    bravo.sit().enter()
    seen(bravo, "a thread without messages")
    alpha.enter().write(CONVOY, "PRIORITY")
    expect(alpha.rung(CONVOY, "RECEIVED")).to_have_attribute("data-reached", "yes")
    seen(alpha, "what we have said")
    bravo.message(CONVOY).locator("[data-act=accept]").wait_for()
    seen(bravo, "what they have said, and what needs somebody")
    bravo.message(CONVOY).locator("[data-act=accept]").click()
    bravo.message(CONVOY).locator("[data-act=reply]").click()
    seen(bravo, "an answer being written")
    bravo.field.fill("Reçu.")
    bravo.field.press("Control+Enter")
    expect(alpha.rung(CONVOY, "ANSWERED")).to_have_attribute("data-reached", "yes")
    seen(alpha, "answered")
    alpha.write("mot " * 201, "IMMEDIATE")
    alpha.page.get_by_test_id("refusal").wait_for()
    seen(alpha, "a refusal")
    alpha.write("Cessez.", "FLASH")
    alpha.page.get_by_role("dialog").wait_for()
    seen(alpha, "the question before a FLASH")
    alpha.page.keyboard.press("Escape")
    alpha.page.get_by_role("button", name=sentence("label-keys", {}, "fr")).click()
    seen(alpha, "the keys")
    alpha.page.keyboard.press("Escape")
    floor.stage.alpha.kill()
    alpha.page.get_by_test_id("no-link").wait_for()
    alpha.write("Gardé.")
    alpha.page.get_by_test_id("draft").wait_for()
    seen(alpha, "no link, and a draft")


def test_the_screens_of_a_call(floor: Floor, french: tuple[Window, Window], seen: Seen) -> None:
    alpha, bravo = french
    for window in french:
        window.sit()
        window.page.get_by_role("button", name=sentence("label-start-sound", {}, "fr")).click()
        window.act("not-heard").click()
        seen(window, "the question about sound")
        window.act("heard").click()
        window.warm().enter()
    alpha.act("line-check").click()
    seen(alpha, "before a line check")
    alpha.page.keyboard.press("Escape")
    alpha.ring()
    bravo.act("decline").first.wait_for()
    seen(alpha, "it rings there")
    seen(bravo, "it rings here")
    bravo.act("decline").first.click()
    seen(bravo, "not now")
    bravo.page.keyboard.press("Escape")
    bravo.answer()
    alpha.hold_talk()
    bravo.hears()
    seen(alpha, "heard")
    seen(bravo, "hearing")
    alpha.page.mouse.up()
    alpha.page.locator("details summary").first.click()
    seen(alpha, "the paths of the sound")
    bravo.act("recording").click()
    expect(alpha.page.locator('[data-agrees="bravo.example"]')).to_be_visible()
    alpha.act("recording").click()
    alpha.page.get_by_test_id("recorded").wait_for()
    seen(alpha, "recorded")
    alpha.act("hold").click()
    expect(bravo.page.locator("[data-standing=held-by-them]")).to_be_visible()
    seen(alpha, "on hold")
    seen(bravo, "held by them")
    alpha.act("resume").click()
    for path in PATHS:
        floor.stage.relay.cut(path)
    for window in french:
        expect(window.page.get_by_test_id("sound-lost")).to_contain_text("depuis")
        seen(window, "sound lost")
    for path in PATHS:
        floor.stage.relay.mend(path)
    expect(alpha.page.locator("[data-standing=connected]")).to_be_visible()
    bravo.act("end").click()
    for window in french:
        expect(window.page.locator("[data-standing=ended]")).to_be_visible()
        seen(window, "ended")
    floor.clean()


def test_the_screens_beside_the_desk(floor: Floor, french: tuple[Window, Window], seen: Seen) -> None:
    alpha, bravo = french
    here, there = floor.stage.parties
    alpha.sit().enter()
    bravo.sit().enter()
    sent = there.send(CONVOY, precedence="priority", language="fr", read_back=True)
    there.send("Danger.", precedence="flash", language="fr")
    alpha.message(CONVOY).locator("[data-act=roger]").click()
    alpha.message(CONVOY).locator("[data-code=ROGER]").wait_for()
    here.act("read-back", sent, text="Convoi de sept camions.", language="fr")
    bravo.message(CONVOY).locator("[data-differs=true]").wait_for()
    seen(alpha, "short replies")
    seen(bravo, "a read-back that differs")
    alpha.page.locator(f'[data-stop-key="{LINE}"]').click()
    seen(alpha, "before a STOP")
    alpha.page.keyboard.press("Escape")
    there.say(LINE, "stop", {"place": "37TCL 123 456"})
    alpha.act("stop-unable").click()
    seen(alpha, "a STOP")
    seen(bravo, "our own STOP")
    alpha.act("stop-not-ours").click()
    alpha.act("stop-away").wait_for()
    seen(alpha, "a STOP that was answered")
    facts = {"level": "minister", "medium": "telephone", "elsewhere": True, "parties": ["alpha", "bravo"]}
    contact = here.say(LINE, "contact", {"began": "2026-05-13", **facts})
    here.act("state", contact, fact="duration", value="60", precision="about", sources=[{"who": "A", "how": "said"}])
    here.act("publish", contact, text="Les deux ministres.", language="fr")
    there.say(LINE, "request", {"subject": "Digue", "level": "minister", "language": "fr"})
    there.say(LINE, "allege", {"code": "dam", "against": "alpha", "words": "Digue.", "language": "fr"})
    there.say(LINE, "demand", {"code": "cease-fire", "words": "Cessez.", "language": "fr"})
    here.say(LINE, "attempt", {"level": "minister", "result": "no-answer"})
    here.say(LINE, "hand-over", {"to": "Heron"})
    alpha.page.locator("[data-screen=watch]").click()
    alpha.act("take-watch").wait_for()
    seen(alpha, "the watch")
    alpha.page.locator("[data-screen=contacts]").click()
    alpha.page.locator("[data-contact] [data-note]").first.wait_for()
    seen(alpha, "the history")
    alpha.page.locator(f'[data-contact="{contact}"] button').click()
    alpha.page.locator("[data-readout]").wait_for()
    seen(alpha, "a contact")
    for part, shown in (("readouts", "left"), ("requests", "subject"), ("charges", "answer")):
        alpha.page.locator(f"[data-part={part}]").click()
        alpha.page.locator(f"[data-field={shown}]").first.wait_for()
        seen(alpha, part)
    alpha.page.keyboard.press("/")
    alpha.page.locator("[data-field=search]").fill("camions")
    alpha.page.keyboard.press("Enter")
    alpha.page.locator("[data-hit]").first.wait_for()
    seen(alpha, "the search")
    floor.clean()

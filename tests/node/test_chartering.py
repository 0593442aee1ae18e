"""A charter on a real line: proposed at one end, assented to at the other, and from then on the same at both."""

from __future__ import annotations

from typing import TypedDict

import pytest

from openline.base.errors import UsageError
from openline.base.time import MINUTE_US
from openline.node.charterviews import ChartersView
from openline.node.views import ContactsAsked, Officer
from tests.line.chartering import REASON, side, terms
from tests.node.houses import LINE, OFFICER, MemoryNode, both, played, settled


class How(TypedDict):
    """How something is asked of the desk."""

    key: str | None
    mark: str
    wait: str
    timeout_s: float


HOW = How(key=None, mark="OPERATION", wait="recorded", timeout_s=1.0)
CHECKS = {"times": ["0930Z"], "forms": ["text"]}


def charters(node: MemoryNode) -> ChartersView:
    return node.desk.charters(OFFICER, LINE, None, 50)


def shown(node: MemoryNode) -> str:
    """The standard procedure of the line, in one text."""
    return str(node.desk.sop(OFFICER, LINE))


def test_the_standard_procedure_of_the_line_has_the_terms_of_its_charter() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        before = shown(alpha)
        assert "0930Z" not in before
        entry = await proposed(alpha, bravo, checks=CHECKS)
        assert shown(alpha) == before, "what is only proposed changes nothing"
        await assented(alpha, bravo, entry)
        assert "0930Z" in shown(alpha)
        assert "0930Z" in shown(bravo)

    played(story())


async def proposed(alpha: MemoryNode, bravo: MemoryNode, **more: object) -> str:
    """A charter of alpha that bravo has; its id."""
    said = await alpha.desk.say(OFFICER, LINE, "propose-charter", terms(2, **more), **HOW)
    await settled(alpha, bravo)
    return said.ids[0]


async def assented(alpha: MemoryNode, bravo: MemoryNode, entry: str) -> None:
    await bravo.say(None, "answer-charter", entry=entry, answer="assent")
    await settled(alpha, bravo)


async def said_flash(node: MemoryNode, other: MemoryNode) -> str:
    said = await node.say("now", precedence="flash")
    await settled(node, other)
    return said.ids[0]


def accepted_due(node: MemoryNode, entry: str) -> str:
    view = node.desk.entry(OFFICER, LINE, entry)
    return next(row.time.rfc3339 for row in view.due if row.stage == "ACCEPTED")


def test_it_waits_at_the_other_end_and_holds_at_both_from_its_assent_on() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        entry = await proposed(alpha, bravo, checks=CHECKS)
        assert [node.desk.status("en").lines[0].charters_waiting for node in (alpha, bravo)] == [(), (entry,)]
        assert [node.desk.status("en").lines[0].charter for node in (alpha, bravo)] == [None, None]
        assert {row.due.rfc3339[11:16] for row in bravo.desk.watch_log(OFFICER, LINE, None, 9).dates} == {
            "06:00",
            "18:00",
        }
        older = await said_flash(bravo, alpha)
        await assented(alpha, bravo, entry)
        newer = await said_flash(bravo, alpha)
        for node in (alpha, bravo):
            view = node.desk.status("en").lines[0]
            assert (view.charter, view.charters_waiting) == (entry, ())
            assert "09:30" in {row.due.rfc3339[11:16] for row in node.desk.watch_log(OFFICER, LINE, None, 9).dates}
        assert charters(alpha) == charters(bravo)
        for due in (accepted_due(alpha, older), accepted_due(bravo, older)):
            assert due == (await _at(alpha, older, 10))
        for due in (accepted_due(alpha, newer), accepted_due(bravo, newer)):
            assert due == (await _at(alpha, newer, 5))

    played(story())


async def _at(node: MemoryNode, entry: str, minutes: int) -> str:
    arrived = node.memory.arrival(*node.keeper.book.find(entry))
    assert arrived is not None
    return arrived.entry.leaf.time.plus(minutes * MINUTE_US).rfc3339()


def test_words_that_cross_on_a_cut_line_come_to_the_same_at_both_ends() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        entry = await proposed(alpha, bravo)
        withdrawal = alpha.say(None, "withdraw-charter", entry=entry)
        assent = bravo.say(None, "answer-charter", entry=entry, answer="assent")
        await withdrawal
        await assent
        await settled(alpha, bravo)
        assert charters(alpha) == charters(bravo)
        assert charters(alpha).in_force is None

    played(story())


def test_notice_is_an_open_item_of_the_other_end_and_ends_it_at_both() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        entry = await proposed(alpha, bravo)
        await assented(alpha, bravo, entry)
        before = bravo.desk.status("en").lines[0].open_items
        said = await alpha.say(None, "denounce-charter", entry=entry, reason=REASON)
        await settled(alpha, bravo)
        assert bravo.desk.status("en").lines[0].open_items == before + 1
        (found,) = charters(bravo).charters
        assert (found.state, found.sides[0].words[-1].reason, charters(bravo).in_force) == (
            "denounced",
            REASON,
            None,
        )
        await bravo.say(None, "ack", entry=said.ids[0])
        assert bravo.desk.status("en").lines[0].open_items == before

    played(story())


def test_the_report_of_both_ends_names_it_in_the_same_bytes() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        entry = await proposed(alpha, bravo)
        await assented(alpha, bravo, entry)
        month = alpha.clock.now().rfc3339()[:7]
        at = ",".join(
            f"{origin.split('/')[0]}:{alpha.keeper.book.size(origin)}" for origin in alpha.keeper.book.members
        )
        one, two = [await node.desk.report(OFFICER, LINE, month, at) for node in (alpha, bravo)]
        assert one == two
        assert b'"charters":[{"begin_at"' in one
        for node in (alpha, bravo):
            (row,) = node.desk.silences(OFFICER, LINE, None, None, None).charters
            assert row.leaf == charters(alpha).charters[0].leaf

    played(story())


def test_contacts_are_asked_for_by_our_own_name_of_a_level() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        sides = [side("alpha", levels={"principal": "minister"}), side("bravo")]
        await assented(alpha, bravo, await proposed(alpha, bravo, sides=sides))
        values = {
            "level": "principal",
            "medium": "telephone",
            "began": "2026-09-20",
            "parties": ["alpha", "bravo"],
            "elsewhere": True,
        }
        await alpha.desk.say(OFFICER, LINE, "contact", values, **HOW)
        await settled(alpha, bravo)
        assert [view.level for view in alpha.desk.contacts(OFFICER, ContactsAsked(level="principal"))] == ["minister"]
        with pytest.raises(UsageError):
            bravo.desk.contacts(OFFICER, ContactsAsked(level="principal"))

    played(story())


def test_only_who_may_bind_the_party_says_anything_to_it() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        watch = Officer("watch", frozenset({"read", "send", "accept"}))
        entry = await proposed(alpha, bravo)
        with pytest.raises(UsageError) as caught:
            await bravo.say(None, "answer-charter", entry=entry, answer="assent", who=watch)
        assert (caught.value.message_id, caught.value.facts["capability"]) == ("not-allowed", "charter")
        supervisor = Officer("supervisor", frozenset({"charter"}))
        await bravo.say(None, "answer-charter", entry=entry, answer="assent", who=supervisor)
        with pytest.raises(UsageError):
            bravo.desk.charters(supervisor, LINE, None, 50)
        await settled(alpha, bravo)
        page = alpha.desk.charter(OFFICER, LINE, entry, None)
        assert (page.against, page.charter.sides[1].words[0].desk) == (None, "supervisor")
        assert alpha.desk.charter(OFFICER, LINE, entry, entry).against == entry

    played(story())

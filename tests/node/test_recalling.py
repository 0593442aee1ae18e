"""What a real desk remembers over two lines: contacts with sentences, one contact, readouts compared, requests."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.base.time import HOUR_US
from openline.node.views import ContactsAsked, ContactView, Officer
from tests.node.houses import ALPHA, BRAVO, CHARLIE, OFFICER, House, MemoryNode, first_writes, played, started

ONE, OTHER = "alpha-bravo", "alpha-charlie"
FRENCH = Officer("watch", frozenset({"all"}), language="fr")
MINISTERS = ContactsAsked(level="minister", since="2022-02-24")


async def say(node: MemoryNode, line: str, verb: str, mark: str = "OPERATION", **arguments: object) -> str:
    """Say it on a line; the id of its entry."""
    how = {"key": None, "mark": mark, "wait": "recorded"}
    said = await node.desk.say(OFFICER, line, verb, arguments, timeout_s=1.0, **how)  # type: ignore[arg-type] # by name
    return said.ids[0]


async def contact(node: MemoryNode, line: str, day: str, peer: str, mark: str = "OPERATION") -> str:
    parties = (ALPHA, peer)
    level, medium = "minister", "telephone"
    return await say(
        node, line, "contact", mark, level=level, medium=medium, began=day, parties=parties, elsewhere=True
    )


async def remembering() -> MemoryNode:
    """A node with two lines: three calls with bravo, and one with charlie on the day of the last."""
    house = House(ALPHA)
    house.store().commit(first_writes(ALPHA, (ALPHA, CHARLIE))[1:])
    node = await started(house)
    for day in ("2022-02-18", "2022-05-13", "2022-10-21"):
        await contact(node, ONE, day, BRAVO)
    await contact(node, OTHER, "2022-10-21", CHARLIE)
    await say(node, ONE, "attempt", level="minister", medium="telephone", result="not-taken-up", at="2022-04-12")
    for entry, text in (("alpha:1", "We asked for a cease-fire."), ("alpha:2", "Lines must stay open.")):
        await say(node, ONE, "publish", entry=entry, text=text)
    await say(node, ONE, "state", entry="alpha:4", fact="demand", value="immediate-cease-fire")
    return node


def ids(rows: list[ContactView]) -> list[str]:
    return [f"{row.line}/{row.id}" for row in rows]


def test_contacts_of_all_lines_come_newest_first_each_with_its_history() -> None:
    async def story() -> None:
        node = await remembering()
        found = node.desk.contacts(FRENCH, MINISTERS)
        assert ids(found) == ["alpha-charlie/alpha:0", "alpha-bravo/alpha:2", "alpha-bravo/alpha:1"]
        assert [note.text for note in found[1].notes][:2] == [
            "Deuxième contact au niveau des ministres depuis le 2022-02-24.",
            "Le précédent datait du 2022-05-13.",
        ]
        assert found[2].notes[2].facts["count"] == 1

    played(story())


def test_contacts_are_asked_for_by_line_party_period_and_number() -> None:
    async def story() -> None:
        node = await remembering()
        desk = node.desk
        assert len(desk.contacts(OFFICER, ContactsAsked(line=ONE))) == 3
        assert ids(desk.contacts(OFFICER, ContactsAsked(party="charlie"))) == ["alpha-charlie/alpha:0"]
        assert ids(desk.contacts(OFFICER, ContactsAsked(until="2022-02-19"))) == ["alpha-bravo/alpha:0"]
        assert len(desk.contacts(OFFICER, ContactsAsked(count=2))) == 2
        assert len(desk.contacts(OFFICER, ContactsAsked(level="duty", at_least=True))) == 4
        assert not desk.contacts(OFFICER, ContactsAsked(mark="EXERCISE"))
        assert not desk.contacts(OFFICER, ContactsAsked(person="Shoigu"))
        for wrong in (ContactsAsked(level="emperor"), ContactsAsked(since="then"), ContactsAsked(line="nowhere")):
            with pytest.raises(UsageError):
                desk.contacts(OFFICER, wrong)

    played(story())


def test_one_contact_is_named_by_an_entry_or_its_day() -> None:
    async def story() -> None:
        node = await remembering()
        desk = node.desk
        assert desk.contact(OFFICER, None, "2022-05-13").contact.id == "alpha:1"
        assert desk.contact(OFFICER, ONE, "2022-10-21").contact.line == ONE
        assert desk.contact(OFFICER, ONE, "alpha:2").contact.began.text == "2022-10-21"
        assert desk.contact(OFFICER, None, "alpha-charlie/alpha:0").contact.line == OTHER
        for text, message_id in (
            ("2022-10-21", "contacts-of-day-many"),
            ("2022-10-22", "contact-of-day-unknown"),
            ("some day", "time-unreadable"),
            ("alpha:0", "line-needed"),
            ("alpha-bravo/alpha:4", "contact-unknown"),
        ):
            with pytest.raises(UsageError) as caught:
                desk.contact(OFFICER, None, text)
            assert caught.value.message_id == message_id

    played(story())


def test_each_side_s_readouts_of_two_contacts_stand_side_by_side() -> None:
    async def story() -> None:
        node = await remembering()
        (pair,) = node.desk.compare(OFFICER, None, "2022-05-13", "2022-10-21")
        assert [fact.outcome for fact in pair.facts] == ["only-left"]
        (same,) = node.desk.compare(OFFICER, ONE, "alpha:4", "alpha:5")
        assert (same.left, same.facts) == (pair.left, pair.facts)
        (alone,) = node.desk.compare(OFFICER, ONE, "alpha:1", "alpha:1")
        assert alone.right is None
        for left, right, message_id in (
            ("2022-10-21", "2022-10-21", "contacts-of-day-many"),
            ("2022-02-18", "2022-02-18", "readouts-missing"),
        ):
            with pytest.raises(UsageError) as caught:
                node.desk.compare(OFFICER, None, left, right)
            assert caught.value.message_id == message_id

    played(story())


def test_a_readout_that_was_withdrawn_is_shown_as_such_where_it_is_named() -> None:
    async def story() -> None:
        node = await remembering()
        await say(node, ONE, "withdraw", entry="alpha:5", reason="wrong text")
        (pair,) = node.desk.compare(OFFICER, ONE, "alpha:4", "alpha:5")
        assert pair.left is not None
        assert pair.right is not None
        assert (pair.left.withdrawn, pair.right.withdrawn) == (False, True)
        assert node.desk.contact(OFFICER, ONE, "alpha:2").readouts == ()

    played(story())


def test_requests_of_all_lines_come_newest_first() -> None:
    async def story() -> None:
        node = await remembering()
        deadline = node.clock.now().plus(HOUR_US).rfc3339()
        await say(node, ONE, "request", level="minister", subject="First", reply_by=deadline)
        node.house.clock.jump(2 * HOUR_US)
        await say(node, OTHER, "request", level="minister", subject="Second")
        found = node.desk.requests(OFFICER, None)
        assert [(row.subject, row.answers[0].state) for row in found] == [("Second", "open"), ("First", "none")]
        assert len(node.desk.requests(OFFICER, ONE)) == 1

    played(story())


def test_who_may_not_read_sees_nothing() -> None:
    async def story() -> None:
        node = await remembering()
        nobody = Officer("guest", frozenset())
        for look in (
            lambda: node.desk.contacts(nobody, MINISTERS),
            lambda: node.desk.contact(nobody, ONE, "alpha:0"),
            lambda: node.desk.compare(nobody, ONE, "alpha:4", "alpha:5"),
            lambda: node.desk.requests(nobody, None),
        ):
            with pytest.raises(UsageError) as caught:
                look()
            assert caught.value.message_id == "not-allowed"

    played(story())

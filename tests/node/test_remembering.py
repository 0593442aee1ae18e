"""What a real desk remembers over two lines beside single contacts: names, overviews, demands, recurring calls."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.base.time import HOUR_US
from openline.node.views import ContactsAsked, Officer
from tests.node.houses import OFFICER, played
from tests.node.test_recalling import FRENCH, MINISTERS, ONE, OTHER, contact, ids, remembering, say


def spelt(*texts: str) -> list[dict[str, str]]:
    return [{"text": text, "language": "fr"} for text in texts]


def test_a_name_is_found_on_every_line_by_the_register_of_one() -> None:
    async def story() -> None:
        node = await remembering()
        await say(node, ONE, "state", entry="alpha:1", fact="person", value="Choïgou")
        await say(node, OTHER, "state", entry="alpha:0", fact="person", value="Petrov")
        assert ids(node.desk.contacts(OFFICER, ContactsAsked(person="choïgou"))) == [f"{ONE}/alpha:1"]
        await say(node, OTHER, "name", id="person:shoigu", spellings=spelt("Choïgou", "Шойгу"))
        (found,) = node.desk.contacts(OFFICER, ContactsAsked(person="Шойгу"))
        assert [(row.stated, row.ids) for row in found.found_by] == [("Choïgou", ["person:shoigu"])]
        page = node.desk.name(OFFICER, "Шойгу", None)
        assert [(row.line, len(row.spellings)) for row in page.names] == [(OTHER, 2)]
        assert ids(list(page.contacts)) == [f"{ONE}/alpha:1"]
        assert node.desk.name(OFFICER, "Petrov", None).names == ()
        for name, mark in (("Nobody", None), ("Шойгу", "EXERCISE")):
            with pytest.raises(UsageError) as caught:
                node.desk.name(OFFICER, name, mark)
            assert caught.value.message_id == "name-nowhere"

    played(story())


def test_a_person_may_be_stated_by_an_id_that_the_register_of_the_line_has() -> None:
    async def story() -> None:
        node = await remembering()
        with pytest.raises(UsageError) as caught:
            await say(node, ONE, "state", entry="alpha:1", fact="person", value="person:shoigu")
        assert caught.value.message_id == "name-unknown"
        await say(node, ONE, "name", id="person:shoigu", spellings=spelt("Choïgou"))
        await say(node, ONE, "state", entry="alpha:1", fact="person", value="person:shoigu")
        assert ids(node.desk.contacts(OFFICER, ContactsAsked(person="Choïgou"))) == [f"{ONE}/alpha:1"]

    played(story())


def test_all_that_is_asked_for_is_told_together_in_the_officer_s_language() -> None:
    async def story() -> None:
        node = await remembering()
        whole = node.desk.overview(FRENCH, MINISTERS)
        assert [note.text for note in whole.notes] == [
            "3 contacts au niveau des ministres depuis le 2022-02-24.",
            "Le dernier contact au niveau des ministres datait du 2022-10-21, ligne alpha-charlie.",
            "Les contacts de cette période ont passé par 2 canaux.",
        ]
        assert {channel.line: channel.contacts for channel in whole.channels} == {ONE: 2, OTHER: 1}

    played(story())


def test_the_same_day_on_another_line_is_told_of_each() -> None:
    async def story() -> None:
        node = await remembering()
        (held,) = [row for row in node.desk.contacts(OFFICER, MINISTERS) if row.line == OTHER]
        assert "The same day: contact alpha-bravo/alpha:2 at the level of ministers." in [
            note.text for note in held.notes
        ]

    played(story())


def test_a_drill_of_the_day_does_not_stand_in_the_way_of_what_was_real() -> None:
    async def story() -> None:
        node = await remembering()
        drill = await contact(node, ONE, "2022-05-13", "bravo.example", "EXERCISE")
        assert node.desk.contact(OFFICER, None, "2022-05-13").contact.id == "alpha:1"
        assert node.desk.contact(OFFICER, ONE, drill).contact.mark == "EXERCISE"
        await contact(node, ONE, "2022-06-01", "bravo.example", "EXERCISE")
        assert node.desk.contact(OFFICER, None, "2022-06-01").contact.mark == "EXERCISE"

    played(story())


def test_a_withdrawn_contact_is_shown_as_withdrawn_and_history_is_silent_of_it() -> None:
    async def story() -> None:
        node = await remembering()
        await say(node, ONE, "withdraw", entry="alpha:1", reason="wrong line")
        page = node.desk.contact(OFFICER, ONE, "alpha:1").contact
        assert (page.withdrawn, page.notes) == (True, ())
        assert not node.desk.contact(OFFICER, ONE, "alpha:2").contact.withdrawn

    played(story())


def test_demands_warnings_and_allegations_of_all_lines_come_newest_first() -> None:
    async def story() -> None:
        node = await remembering()
        for line, verb, values in (
            (ONE, "demand", {}),
            (OTHER, "demand", {}),
            (ONE, "warn", {}),
            (OTHER, "allege", {"against": "charlie"}),
        ):
            node.house.clock.jump(HOUR_US)
            await say(node, line, verb, code="dam", **values)
        desk = node.desk
        assert [row.line for row in desk.demands(OFFICER, None)] == [OTHER, ONE]
        assert [row.line for row in desk.demands(OFFICER, ONE)] == [ONE]
        assert [row.times for row in desk.warnings(OFFICER, None)] == [1]
        assert [[side.produced for side in row.evidence] for row in desk.allegations(OFFICER, None)] == [[False, False]]
        assert desk.recurring(OFFICER, None) == []
        entry = desk.entry(OFFICER, OTHER, desk.allegations(OFFICER, None)[0].id)
        assert [row.produced for row in entry.evidence] == [False, False]

    played(story())


def test_who_may_not_read_sees_nothing() -> None:
    async def story() -> None:
        desk, nobody = (await remembering()).desk, Officer("guest", frozenset())
        for look in (
            lambda: desk.overview(nobody, MINISTERS),
            lambda: desk.name(nobody, "Shoigu", None),
            lambda: desk.recurring(nobody, None),
            lambda: desk.demands(nobody, None),
            lambda: desk.warnings(nobody, None),
            lambda: desk.allegations(nobody, None),
        ):
            with pytest.raises(UsageError) as caught:
                look()
            assert caught.value.message_id == "not-allowed"

    played(story())

"""Each side enters a contact for itself; two entries of one contact are one meeting, in whatever order they come."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.base.schema import pack
from openline.base.time import HOUR_US
from openline.line.book import Book
from openline.line.contact import (
    CONTACT,
    Anchor,
    Contact,
    Contacts,
    Medium,
    Meeting,
    meeting_of,
    party_id,
    standing_anchors,
)
from openline.line.level import Level
from openline.line.precise import Grain, When, day_of
from openline.record.entry import Draft, Mark
from tests.line.world import World

CALL: dict[str, object] = {
    "level": "minister",
    "medium": "telephone",
    "began": "2022-05-13",
    "parties": ("alpha", "bravo"),
    "elsewhere": True,
}


def meetings(book: Book, since_ms: int = 0, until_ms: int | None = None) -> list[tuple[Meeting, Anchor]]:
    """Every meeting of a book that stands and began in a period, once, with the entry that tells it."""
    held = book.state(Contacts)
    found: list[tuple[Meeting, Anchor]] = []
    for (mark, level), shelf in held.shelves.items():
        for parties, rows in shelf.items():
            for ms, place in rows:
                meeting = held.by_place[place]
                anchor = meeting.telling
                assert anchor is not None
                assert anchor.place == place
                assert (anchor.mark, anchor.level, frozenset(anchor.parties)) == (mark, level, parties)
                if since_ms <= ms and (until_ms is None or ms < until_ms):
                    found.append((meeting, anchor))
    return sorted(found, key=lambda pair: (pair[1].began.ms, pair[1].place))


def enter(world: World, who: str = "alpha", **values: object) -> str:
    return world.id(world.say(who, "contact", **{**CALL, **values})[0])


def refusal(world: World, **values: object) -> str:
    with pytest.raises(UsageError) as caught:
        world.drafts("bravo", "contact", **{**CALL, **values})
    return caught.value.message_id


def test_members_are_named_by_their_ids_and_others_as_they_are_written() -> None:
    world = World()
    enter(world, parties=("alpha", "bravo.example", "a mission of the council"))
    ((meeting, _),) = meetings(world.alpha)
    assert meeting.first.parties == ("alpha.example", "bravo.example", "a mission of the council")
    assert (meeting.first.level, meeting.first.medium) == (Level.MINISTER, Medium.TELEPHONE)
    assert party_id(world.alpha, "charlie") == "charlie"


def test_the_same_contact_of_both_sides_is_one_meeting() -> None:
    world = World()
    first = enter(world)
    world.later()
    second = enter(world, "bravo", same_as=first, began="2022-05-13T14:00:00Z", level="head-of-state")
    ((meeting, _),) = meetings(world.bravo)
    assert [anchor.place for anchor in meeting.anchors] == [(0, 0), (1, 0)]
    assert meeting_of(world.alpha, second) is meeting_of(world.alpha, first)
    assert meeting.first.level is Level.MINISTER, "nobody changes what another has entered"


def test_entries_join_when_the_one_they_name_arrives_later() -> None:
    world = World(3)
    first = enter(world)
    second = enter(world, "bravo", same_as=first)
    enter(world, "charlie", same_as=second)
    for order in (("charlie", "bravo", "alpha"), ("bravo", "charlie", "alpha"), ("alpha", "bravo", "charlie")):
        book = world.new_book()
        for name in order:
            world.fold(book, world.logs[world.origins[name]])
        assert book.digest() == world.alpha.digest()
        assert len(list(meetings(book))) == 1
        assert not book.state(Contacts).waiting


def test_an_exercise_joins_nothing_that_is_real() -> None:
    world = World()
    enter(world)
    world.put("bravo", [Draft(CONTACT, body(), "watch", (world.ref("alpha:0"),), mark=Mark.EXERCISE)])
    assert len(list(meetings(world.alpha))) == 2
    assert refusal(world, same_as="alpha:0", mark=Mark.EXERCISE) == "mark-differs"


def test_a_wrong_hash_joins_nothing() -> None:
    world = World()
    enter(world)
    enter(world)
    wrong = world.ref("alpha:0")
    world.put("bravo", [Draft(CONTACT, body(), "watch", (type(wrong)(wrong.origin, 1, wrong.leaf_hash),))])
    assert len(list(meetings(world.alpha))) == 3
    assert world.faults() == [("bravo:0", "fault-ref-wrong")]


def test_what_its_author_withdraws_no_longer_stands() -> None:
    world = World()
    first = enter(world)
    enter(world, "bravo", same_as=first)
    world.say("alpha", "withdraw", entry=first)
    ((meeting, _),) = meetings(world.alpha)
    assert [anchor.member for anchor in standing_anchors(world.alpha, meeting)] == [1]


def test_when_it_began_is_what_the_entry_says_that_still_stands() -> None:
    world = World()
    first = enter(world, began="2022-02-20")
    second = enter(world, "bravo", same_as=first)
    world.say("alpha", "withdraw", entry=first)
    since, until = (day_of(day)[0].ms for day in ("2022-02-24", "2022-05-14"))
    assert [anchor.place for _, anchor in meetings(world.alpha, since, until)] == [(1, 0)]
    assert not list(meetings(world.alpha, 0, since))
    world.say("bravo", "withdraw", entry=second)
    assert not list(meetings(world.alpha))


def test_the_entry_that_names_another_is_never_the_first_whatever_its_clock_says() -> None:
    world = World()
    first = enter(world)
    world.now = world.now.plus(-HOUR_US)
    enter(world, "bravo", same_as=first, level="duty", began="2021-01-01")
    ((meeting, anchor),) = meetings(world.alpha)
    assert (meeting.first.place, anchor.level) == ((0, 0), Level.MINISTER)


def test_nobody_makes_one_contact_of_two_that_the_other_side_has_entered() -> None:
    world = World()
    refs = tuple(world.ref(enter(world, began=day)) for day in ("2022-05-13", "2022-10-21"))
    world.put("bravo", [Draft(CONTACT, body(), "watch", refs)])
    assert world.faults() == [("bravo:0", "fault-contact-refs")]
    assert len(list(meetings(world.alpha))) == 2


def test_a_suspended_line_takes_the_entry_of_a_contact() -> None:
    world = World()
    world.say("alpha", "declare", status="suspended", reason="Talks broken off.")
    assert enter(world) == "alpha:1"


@pytest.mark.parametrize(
    ("values", "message_id"),
    [
        ({"parties": ("alpha",)}, "contact-parties-wrong"),
        ({"parties": ("alpha",) * 17}, "contact-parties-wrong"),
        ({"parties": ("alpha", " ")}, "name-missing"),
        ({"parties": ("alpha", "x" * 501)}, "name-too-long"),
        ({"parties": ("alpha", "\ud800")}, "text-unreadable"),
        ({"began": "some day"}, "time-unreadable"),
        ({"medium": "call"}, "contact-call-missing"),
        ({"medium": "call", "elsewhere": False}, "contact-call-missing"),
        ({"medium": "call", "elsewhere": False, "call": "alpha:0"}, "contact-not-a-call"),
        ({"same_as": "alpha:0"}, "contact-unknown"),
        ({"same_as": "alpha:7"}, "entry-unknown"),
        ({"label": "x" * 201}, "text-too-long"),
    ],
)
def test_what_is_no_contact_is_refused(values: dict[str, object], message_id: str) -> None:
    world = World()
    world.send()
    assert refusal(world, **values) == message_id


@pytest.mark.parametrize("name", ["x", "ש" * 500, "a\u202eb", "\x07"])
def test_any_name_of_1_to_500_characters_is_kept_as_it_was_written(name: str) -> None:
    world = World()
    enter(world, parties=("alpha", name))
    assert meetings(world.bravo)[0][0].first.parties[1] == name


def test_a_call_that_names_no_call_does_not_count() -> None:
    world = World()
    world.put("bravo", [Draft(CONTACT, body(Medium.CALL), "watch")])
    world.send()
    world.put("bravo", [Draft(CONTACT, body(Medium.CALL, elsewhere=True), "watch", (world.ref("alpha:0"),))])
    assert world.faults() == [("bravo:0", "fault-contact-call"), ("bravo:1", "fault-contact-call")]
    assert not list(meetings(world.alpha))


def body(medium: Medium = Medium.TELEPHONE, elsewhere: bool = False) -> bytes:
    began = When(1_652_400_000_000, Grain.DAY)
    return pack(Contact(level=Level.MINISTER, medium=medium, began=began, parties=("a", "b"), elsewhere=elsewhere))

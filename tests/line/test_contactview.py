"""A contact as it is shown: each cell with its words and sources from the record, and nothing that was not said."""

from __future__ import annotations

from typing import cast

import msgspec

from openline.base.time import HOUR_US
from openline.line.callrequest import request_of
from openline.line.contactview import (
    claim_view,
    comparison,
    contact_page,
    contact_view,
    readout_views,
    request_view,
    shown_value,
    when_view,
)
from openline.line.grid import stated_about
from openline.line.history import Held, Question, contacts
from openline.line.precise import Grain, When
from openline.line.readout import readouts_of
from openline.line.statement import About, Value
from openline.record.entry import Entry
from tests.console.memory import remembered
from tests.line.test_contact import enter
from tests.line.world import World


def only(world: World) -> Held:
    (held,) = contacts([world.alpha], Question())
    return held


def test_a_cell_has_its_words_and_its_chain_of_sources() -> None:
    world = remembered()
    page = contact_page(only(world), lambda origin, index: world.logs[origin][index], world.now)
    (duration,) = [fact for fact in page.facts if fact.fact == "DURATION"]
    alpha, bravo = duration.cells
    assert (alpha.state, bravo.state, bravo.said) == ("STATED", "NOT_STATED", ())
    (said,) = alpha.said
    assert (said.value, said.precision, said.party) == ("60", "about", "alpha")
    assert [(row.who, row.how) for row in said.sources] == [("an official", "anonymous"), ("an agency", "quoted")]


def test_the_words_of_the_other_side_are_shown_as_they_are_and_as_theirs() -> None:
    world = remembered()
    page = contact_page(only(world), lambda origin, index: world.logs[origin][index], world.now)
    (initiative,) = [fact for fact in page.facts if fact.fact == "INITIATIVE"]
    assert initiative.cells[1].said[0].words == "\u202eby alpha"


def test_a_contact_is_disputed_when_something_single_is_contradicted() -> None:
    world = World()
    enter(world)
    assert not contact_view(only(world)).disputed
    enter(world, "bravo", same_as="alpha:0", level="adviser")
    view = contact_view(only(world))
    assert (view.disputed, view.level, view.entries) == (True, "minister", ("alpha:0", "bravo:0"))
    assert (view.medium, view.began.text, view.mark) == ("telephone", "2022-05-13", "OPERATION")


def test_readouts_come_in_their_order_with_their_newest_correction() -> None:
    world = World()
    enter(world)
    world.say("alpha", "publish", entry="alpha:0", text="Long.", released="2022-05-14")
    world.say("bravo", "publish", entry="alpha:0", text="Short.", released="2022-05-13", embargo="2099-01-01T00:00:00Z")
    for text in ("Longer.", "Longest."):
        world.say("alpha", "correct", entry="alpha:1", text=text, change="length")
    world.say("bravo", "translate", entry="alpha:1", text="Долго.", language="ru")
    views = readout_views(only(world), lambda origin, index: world.logs[origin][index], world.now)
    assert [(view.id, view.step, view.embargoed) for view in views] == [("bravo:0", 1, True), ("alpha:1", 2, False)]
    assert (views[1].text, views[1].corrected) == ("Long.", "Longest.")
    assert (views[1].corrections, views[1].translations) == (("alpha:2", "alpha:3"), ("bravo:1",))


def test_two_readouts_stand_side_by_side_with_the_facts_only_one_has() -> None:
    world = remembered()
    held = only(world)
    one, two = readouts_of(held.book, held.meeting)
    view = comparison(held.book, (one, two), lambda origin, index: world.logs[origin][index], world.now)
    assert view.left is not None
    assert view.right is not None
    assert (view.left.text, view.right.text) == ("We asked for a cease-fire.", "Topical questions.")
    (fact,) = view.facts
    assert (fact.fact, fact.outcome, fact.right) == ("DEMAND", "only-left", None)
    alone = comparison(held.book, (None, two), lambda origin, index: world.logs[origin][index], world.now)
    assert (alone.left, alone.facts) == (None, ())


def test_a_request_shows_how_it_stands_with_each_other_party() -> None:
    world = World(3)
    deadline = world.now.plus(HOUR_US)
    window = {"from": deadline.plus(HOUR_US).rfc3339(), "until": deadline.plus(2 * HOUR_US).rfc3339()}
    world.say("alpha", "request", level="minister", subject="Talks", reply_by=deadline.rfc3339(), **window)
    world.later(2 * HOUR_US)
    world.say("bravo", "answer-request", entry="alpha:0", answer="decline")
    world.say("alpha", "withdraw", entry="alpha:0")
    request = request_of(world.alpha, "alpha:0")
    view = request_view(world.alpha, request, lambda origin, index: world.logs[origin][index], world.now)
    assert [(row.party, row.state, row.late, row.answers) for row in view.answers] == [
        ("bravo", "declined", True, ("bravo:0",)),
        ("charlie", "none", False, ()),
    ]
    assert (view.subject, len(view.window), view.withdrawn) == ("Talks", 2, True)


def test_a_withheld_body_leaves_its_place_empty() -> None:
    world = remembered()
    book = world.alpha

    def withheld(origin: str, index: int) -> Entry:
        whole = world.logs[origin][index]
        return Entry(whole.origin, whole.index, whole.leaf, whole.leaf_bytes, whole.leaf_hash, whole.salt, None)

    (claim,) = [claim for claim in stated_about(book, (0, 0)) if claim.fact is About.DURATION]
    view = claim_view(book, claim, withheld)
    assert (view.value, view.words, view.sources) == ("60", "", ())
    assert [row.text for row in readout_views(only(world), withheld, world.now)] == ["", ""]


def test_values_are_shown_by_name() -> None:
    day = When(1_652_400_000_000, Grain.DAY)
    rows: list[tuple[About, Value, str]] = [
        (About.HELD, 0, "no"),
        (About.LEVEL, 60, "head-of-state"),
        (About.MEDIUM, 2, "telephone"),
        (About.START, day, "2022-05-13"),
        (About.DURATION, 60, "60"),
        (About.TONE, "cold", "cold"),
        (About.TONE, None, ""),
    ]
    assert [shown_value(fact, value) for fact, value, _ in rows] == [shown for *_, shown in rows]
    assert when_view(day).grain == "day"


def test_every_view_is_ready_for_json() -> None:
    world = remembered()
    page = contact_page(only(world), lambda origin, index: world.logs[origin][index], world.now)
    assert cast("dict[str, object]", msgspec.json.decode(msgspec.json.encode(page)))["members"] == ["alpha", "bravo"]

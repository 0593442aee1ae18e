"""Demands, warnings and allegations as they are shown: counted, answered, relayed, and with what was produced."""

from __future__ import annotations

from openline.line.contactview import Texts
from openline.line.demandview import allegation_views, demand_views, warning_views
from openline.line.view import EvidenceView
from tests.line.test_contact import enter
from tests.line.world import World

FILE = {"size": 9, "sha256": "ab" * 32}


def test_a_demand_tells_how_often_where_and_how_each_party_stands() -> None:
    world = World(3)
    contact = enter(world)
    world.say("alpha", "demand", code="cease-fire", words="Cease fire.", contact=contact)
    world.say("alpha", "demand", code="cease-fire", repeats="alpha:1")
    world.say("bravo", "answer-demand", entry="alpha:2", answer="note")
    world.say("bravo", "answer-demand", entry="alpha:2", answer="refuse")
    first, again = demand_views(world.books["charlie"], _texts(world))
    assert (first.times, first.contact, first.repeats, first.words) == (1, contact, None, "Cease fire.")
    assert (again.times, again.contact, again.repeats, again.withdrawn) == (2, None, "alpha:1", False)
    assert [(side.party, side.state, side.answers) for side in again.sides] == [
        ("bravo", "refused", ("bravo:0", "bravo:1")),
        ("charlie", "open", ()),
    ]


def test_a_withdrawn_demand_says_so_and_the_next_is_counted_without_it() -> None:
    world = World()
    world.say("alpha", "demand", code="cease-fire")
    world.say("alpha", "demand", code="cease-fire", repeats="alpha:0")
    world.say("alpha", "withdraw", entry="alpha:0")
    first, again = demand_views(world.bravo, _texts(world))
    assert (first.withdrawn, again.times) == (True, 1)


def test_a_warning_tells_whom_it_is_for_and_through_whom_it_went() -> None:
    world = World()
    world.say("alpha", "warn", code="dam", to="bravo", through=("a third State", "an envoy"))
    world.say("alpha", "warn", code="dam", repeats="alpha:0")
    first, again = warning_views(world.bravo, _texts(world))
    assert (first.to, first.through, first.times) == ("bravo.example", ("a third State", "an envoy"), 1)
    assert (again.to, again.through, again.times, again.repeats) == ("", (), 2, "alpha:0")


def test_evidence_is_of_whoever_has_attached_it_in_the_allegation_or_in_a_reply() -> None:
    world = World()
    world.say("alpha", "allege", code="dam", against="bravo", words="You have mined it.")
    assert [row.produced for row in _only(world)] == [False, False]
    world.say("bravo", "answer-allegation", entry="alpha:0", reply="deny", attachments=[FILE])
    assert _only(world) == (EvidenceView("alpha", False), EvidenceView("bravo", True))


def _only(world: World) -> tuple[EvidenceView, ...]:
    (view,) = allegation_views(world.bravo, _texts(world))
    assert view.against == "bravo.example"
    return view.evidence


def _texts(world: World) -> Texts:
    return lambda origin, index: world.logs[origin][index]

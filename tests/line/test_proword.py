"""The short replies of the watch: what each states, and that ROGER agrees to nothing."""

from __future__ import annotations

import pytest

from openline.base.schema import pack
from openline.base.time import HOUR_US
from openline.line.item import Stage
from openline.line.proword import MEANING, STATES, Meaning, Proword, agrees, proword_of, table
from openline.line.receipt import RECEIPT, Receipt
from openline.line.view import entry_view
from openline.record.entry import Draft
from openline.record.ports import Arrived
from tests.line.world import World


def test_wilco_alone_agrees() -> None:
    assert [one for one in Proword if agrees(one)] == [Proword.WILCO]
    assert MEANING[Proword.ROGER] is Meaning.RECEIVED_NOT_AGREED
    assert STATES.keys() == MEANING.keys() == set(Proword)


@pytest.mark.parametrize("name", ["roger", "say-again", "stand-by"])
def test_what_is_no_answer_leaves_the_answer_awaited(name: str) -> None:
    world = World()
    message = world.send(reply_by=world.now.plus(HOUR_US).rfc3339())
    world.say("bravo", "respond", entry=message, code=name)
    assert world.item(message).missing(1) >> (Stage.ANSWERED - 1) & 1
    assert world.item(message) in list(world.alpha.open_items)


@pytest.mark.parametrize("name", ["wilco", "unable"])
def test_what_is_an_answer_ends_the_wait(name: str) -> None:
    world = World()
    message = world.send(reply_by=world.now.plus(HOUR_US).rfc3339())
    world.say("bravo", "respond", entry=message, code=name, note="bridge is down")
    assert not world.item(message).missing(1)
    assert not list(world.alpha.open_items)


@pytest.mark.parametrize("proword", Proword)
def test_no_stage_is_implied(proword: Proword) -> None:
    world = World()
    message = world.send()
    world.say("bravo", "respond", entry=message, code=proword.name.lower().replace("_", "-"))
    assert [fact.stage for fact in world.item(message).facts] == [STATES[proword]]


def test_it_is_shown_with_its_meaning_beside_it() -> None:
    world = World()
    message = world.send()
    world.say("bravo", "respond", entry=message, code="roger")
    world.say("bravo", "respond", entry=message, code="stand-by")
    world.say("bravo", "respond", entry=message, code="stand-by")
    view = entry_view(world.alpha, Arrived(1, world.entry(message)))
    told = [(row.stage, row.code, row.means, row.reply) for row in view.stages]
    again = ("DISPLAYED", "STAND_BY", "answer-follows", "")
    assert told == [("ACCEPTED", "ROGER", "received-not-agreed", ""), again, again]


def test_a_roger_that_claims_to_answer_is_a_fault() -> None:
    world = World()
    message = world.send()
    body = pack(Receipt(stage=Stage.ANSWERED, code=Proword.ROGER))
    world.put("bravo", [Draft(RECEIPT, body, "watch", (world.ref(message),))])
    assert world.faults() == [("bravo:0", "fault-code-stage")]
    assert not world.item(message).facts


def test_the_order_of_the_logs_does_not_matter() -> None:
    world = World()
    message = world.send()
    for name in ("stand-by", "roger", "unable", "wilco"):
        world.say("bravo", "respond", entry=message, code=name)
    book = world.new_book()
    for name in ("bravo", "alpha"):
        world.fold(book, world.logs[world.origins[name]])
    assert book.digest() == world.alpha.digest()


def test_the_table_of_the_specification_names_each() -> None:
    assert all(f"| {int(one)} | {one.name} |" in table() for one in Proword)
    assert proword_of("say-again") is Proword.SAY_AGAIN

"""An allegation has evidence attached, or says that none was produced; the other side replies with its own, or none."""

from __future__ import annotations

from hashlib import sha256

import pytest

from openline.base.errors import UsageError
from openline.base.schema import pack
from openline.line.allegation import (
    ALLEGATION,
    ALLEGATION_REPLY,
    REPLIED,
    Allegation,
    AllegationReply,
    Allegations,
    AllegationState,
    Defence,
    Evidence,
    allegation_of,
)
from openline.record.entry import Attachment, Draft, Mark
from tests.line.walking import walk
from tests.line.world import World

PICTURE = {"size": 3, "sha256": sha256(b"abc").hexdigest()}


def allege(world: World, **values: object) -> str:
    return world.id(world.say("alpha", "allege", **{"code": "dam-mined", "against": "bravo", **values})[0])


def named(reply: Defence) -> str:
    return reply.name.lower().replace("_", "-")


@pytest.mark.parametrize(("way", "event", "before", "after"), walk(REPLIED, AllegationState.OPEN, Defence))
def test_every_reply_of_the_table_is_taken_and_every_other_one_refused(
    way: list[Defence], event: Defence, before: AllegationState, after: AllegationState | None
) -> None:
    world = World()
    allege(world)
    for step in way:
        world.say("bravo", "answer-allegation", entry="alpha:0", reply=named(step))
    assert allegation_of(world.alpha, "alpha:0").state(1) is before
    if after is not None:
        world.say("bravo", "answer-allegation", entry="alpha:0", reply=named(event))
        assert allegation_of(world.alpha, "alpha:0").state(1) is after
        return
    with pytest.raises(UsageError) as caught:
        world.drafts("bravo", "answer-allegation", entry="alpha:0", reply=named(event))
    assert caught.value.message_id == "answer-not-possible"
    body = pack(AllegationReply(reply=event))
    world.put("bravo", [Draft(ALLEGATION_REPLY, body, "watch", (world.ref("alpha:0"),))])
    assert world.faults() == [(f"bravo:{len(way)}", "fault-answer-not-possible")]


def test_who_has_produced_evidence_is_counted_and_nothing_concluded() -> None:
    world = World()
    allege(world)
    world.say("bravo", "answer-allegation", entry="alpha:0", reply="deny")
    row = allegation_of(world.bravo, "alpha:0")
    assert [row.produced(member) for member in (0, 1)] == [False, False]
    world.say("bravo", "answer-allegation", entry="alpha:0", reply="counter-accuse", attachments=[PICTURE])
    assert [row.produced(member) for member in (0, 1)] == [False, True]
    second = allegation_of(world.bravo, allege(world, attachments=[PICTURE]))
    assert [second.produced(member) for member in (0, 1)] == [True, False]


def test_nobody_looks_as_if_it_had_attached_evidence() -> None:
    world = World()
    some = (Attachment(3, sha256(b"abc").digest()),)
    claimed = pack(Allegation(code="dam", against="bravo.example", evidence=Evidence.ATTACHED))
    denied = pack(Allegation(code="dam", against="bravo.example"))
    world.put("alpha", [Draft(ALLEGATION, claimed, "watch"), Draft(ALLEGATION, denied, "watch", attachments=some)])
    allege(world)
    reply = pack(AllegationReply(reply=Defence.DENY, evidence=Evidence.ATTACHED))
    world.put("bravo", [Draft(ALLEGATION_REPLY, reply, "watch", (world.ref("alpha:2"),))])
    assert [fault for _, fault in world.faults()] == ["fault-evidence-wrong"] * 3
    assert list(world.alpha.state(Allegations).by_place) == [(0, 2)]


def test_against_whom_may_be_somebody_beside_the_line() -> None:
    world = World()
    assert allegation_of(world.bravo, allege(world, against="Kyiv")).against == "Kyiv"
    assert allegation_of(world.bravo, allege(world)).against == "bravo.example"


def test_wrong_replies_of_a_peer_are_faults() -> None:
    world = World()
    allege(world)
    body, ref = pack(AllegationReply(reply=Defence.DENY)), world.ref("alpha:0")
    world.put("alpha", [Draft(ALLEGATION_REPLY, body, "watch", (ref,))])
    world.put("bravo", [Draft(ALLEGATION_REPLY, body, "watch", (ref,), mark=Mark.EXERCISE)])
    world.put("bravo", [Draft(ALLEGATION_REPLY, body, "watch", (world.ref(world.send()),))])
    assert [fault for _, fault in world.faults()] == ["fault-answers-own", "fault-mark-differs", "fault-target-wrong"]


@pytest.mark.parametrize(
    ("values", "message_id"),
    [
        ({"code": "The dam"}, "code-wrong"),
        ({"against": ""}, "name-missing"),
        ({"attachments": [{"size": 3, "sha256": "a"}]}, "attachment-wrong"),
        ({"attachments": [PICTURE] * 17}, "attachments-too-many"),
        ({"words": "word " * 201, "precedence": "flash"}, "message-too-many-words"),
    ],
)
def test_what_is_no_allegation_is_refused(values: dict[str, object], message_id: str) -> None:
    with pytest.raises(UsageError) as caught:
        World().drafts("alpha", "allege", **{"code": "dam", "against": "bravo", **values})
    assert caught.value.message_id == message_id


def test_one_s_own_a_withdrawn_and_no_allegation_are_not_replied_to() -> None:
    world = World()
    allege(world)
    allege(world)
    world.say("alpha", "withdraw", entry="alpha:1")
    world.send()
    for who, entry, message_id in (
        ("alpha", "alpha:0", "allegation-own"),
        ("bravo", "alpha:1", "allegation-withdrawn"),
        ("bravo", "alpha:3", "allegation-unknown"),
    ):
        with pytest.raises(UsageError) as caught:
            world.drafts(who, "answer-allegation", entry=entry, reply="deny")
        assert caught.value.message_id == message_id

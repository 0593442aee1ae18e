"""A correction: new words for a message of one's own; the old ones stay, the clock goes on with the new."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.base.limits import BODY_BYTES_MAX
from openline.base.schema import pack, unpack
from openline.line.correction import CORRECTION, Correction
from openline.line.item import Relation, Stage, Standing, in_mask
from openline.record.entry import Draft, Mark, Precedence
from tests.line.world import World

WORDS = {"text": "Grid 37SFV0369.", "change": "The grid was wrong."}


def refusal(world: World, who: str = "alpha", /, **values: object) -> UsageError:
    with pytest.raises(UsageError) as caught:
        world.drafts(who, "correct", **{**WORDS, **values})
    return caught.value


def open_ids(world: World) -> set[str]:
    return {f"{world.alpha.labels[world.alpha.members[item.member]]}:{item.index}" for item in world.alpha.open_items}


def test_the_original_is_shown_as_corrected() -> None:
    world = World()
    message = world.send()
    (correction,) = world.say("alpha", "correct", entry=message, **WORDS)
    assert world.item(message).standing is Standing.CORRECTED
    assert [link.index for link in world.item(message).linked(Relation.CORRECTION)] == [correction.index]
    assert unpack(Correction, correction.body or b"", BODY_BYTES_MAX) == Correction(**WORDS)


def test_what_was_awaited_is_awaited_of_the_correction() -> None:
    world = World()
    message = world.send(precedence="flash", action=["s3"], reply_by="2026-11-18T12:00:00Z")
    (correction,) = world.say("alpha", "correct", entry=message, **WORDS)
    assert correction.leaf.precedence is Precedence.FLASH
    assert correction.leaf.deadline_ms == world.entry(message).leaf.deadline_ms
    assert list(in_mask(world.item(world.id(correction)).awaits)) == list(Stage)
    assert open_ids(world) == {world.id(correction)}


def test_a_reply_by_that_has_passed_is_not_taken_over() -> None:
    world = World()
    message = world.send(reply_by="2026-11-18T11:30:00Z")
    world.later(3_600_000_000)
    (correction,) = world.say("alpha", "correct", entry=message, **WORDS)
    assert correction.leaf.deadline_ms is None


def test_a_correction_may_set_its_own_reply_by_and_language() -> None:
    world = World()
    (correction,) = world.say(
        "alpha", "correct", entry=world.send(), reply_by="2026-11-18T13:00:00Z", language="fr", **WORDS
    )
    assert correction.leaf.deadline_ms == 1_795_006_800_000
    assert unpack(Correction, correction.body or b"", BODY_BYTES_MAX).language == "fr"


def test_a_later_correction_takes_the_place_of_the_earlier() -> None:
    world = World()
    message = world.send()
    (first,) = world.say("alpha", "correct", entry=message, **WORDS)
    (second,) = world.say("alpha", "correct", entry=message, **WORDS)
    assert world.item(world.id(first)).standing is Standing.CORRECTED
    assert open_ids(world) == {world.id(second)}


def test_withdrawing_the_message_withdraws_its_correction() -> None:
    world = World()
    message = world.send()
    (correction,) = world.say("alpha", "correct", entry=message, **WORDS)
    (withdrawal,) = world.say("alpha", "withdraw", entry=message)
    assert world.item(world.id(correction)).standing is Standing.CANCELLED
    assert open_ids(world) == {world.id(withdrawal)}


@pytest.mark.parametrize(
    ("who", "values", "message_id"),
    [
        ("alpha", {"entry": "alpha:7"}, "entry-unknown"),
        ("bravo", {"entry": "alpha:0"}, "correction-of-others-entry"),
        ("alpha", {"entry": "alpha:2"}, "correction-not-possible"),
        ("alpha", {"entry": "alpha:0", "text": ""}, "text-empty"),
        ("alpha", {"entry": "alpha:0", "change": " "}, "reason-missing"),
        ("alpha", {"entry": "alpha:0", "language": "Klingon"}, "language-wrong"),
        ("alpha", {"entry": "alpha:0", "text": "word " * 201}, "message-too-many-words"),
        ("alpha", {"entry": "alpha:0", "reply_by": "2026-11-18T11:00:00Z"}, "reply-by-past"),
        ("alpha", {"entry": "alpha:1"}, "correction-of-cancelled"),
    ],
)
def test_what_cannot_be_corrected_is_refused(who: str, values: dict[str, object], message_id: str) -> None:
    world = World()
    world.send(precedence="flash")
    cancelled = world.send()
    world.say("alpha", "correct", entry="alpha:0", **WORDS)
    world.say("alpha", "withdraw", entry=cancelled)
    assert refusal(world, who, **values).message_id == message_id


def test_on_a_suspended_line_only_a_flash_is_corrected() -> None:
    world = World()
    routine, flash = world.send(), world.send(precedence="flash")
    world.say("bravo", "declare", status="suspended", reason="Talks broken off.")
    assert refusal(world, entry=routine).message_id == "line-suspended"
    assert world.drafts("alpha", "correct", entry=flash, **WORDS)


def test_wrong_corrections_are_faults_and_change_nothing() -> None:
    world = World()
    message = world.send()
    cancelled = world.send()
    world.say("alpha", "withdraw", entry=cancelled)
    body = pack(Correction(text="Grid 37SFV0369.", change="The grid was wrong."))
    world.put("bravo", [Draft(CORRECTION, body, "watch", (world.ref(message),))])
    world.put("alpha", [Draft(CORRECTION, body, "watch", (world.ref(message),), mark=Mark.EXERCISE)])
    world.put("alpha", [Draft(CORRECTION, body, "watch", (world.ref(cancelled),))])
    world.put("alpha", [Draft(CORRECTION, body, "watch")])
    assert world.faults() == [
        ("alpha:3", "fault-mark-differs"),
        ("alpha:4", "fault-corrects-cancelled"),
        ("alpha:5", "fault-refs-missing"),
        ("bravo:0", "fault-others-entry"),
    ]
    assert world.item(message).standing is Standing.OPEN

"""A cancellation: an entry taken back by its author; seen as fast as it was said, and never undone."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.base.limits import BODY_BYTES_MAX
from openline.base.schema import pack, unpack
from openline.line.cancellation import CANCELLATION, Cancellation
from openline.line.item import Standing
from openline.record.entry import Draft, Mark, Precedence
from tests.line.world import World


def refusal(world: World, who: str, /, **values: object) -> UsageError:
    with pytest.raises(UsageError) as caught:
        world.drafts(who, "withdraw", **values)
    return caught.value


def test_nothing_more_is_awaited_of_what_is_withdrawn_but_its_withdrawal_must_be_seen() -> None:
    world = World()
    message = world.send(precedence="flash")
    (cancellation,) = world.say("alpha", "withdraw", entry=message, reason="Wrong line.")
    assert world.item(message).standing is Standing.CANCELLED
    assert cancellation.leaf.precedence is Precedence.FLASH
    assert [item.index for item in world.alpha.open_items] == [cancellation.index]
    assert unpack(Cancellation, cancellation.body or b"", BODY_BYTES_MAX).reason == "Wrong line."


def test_without_a_reason_it_is_one_byte() -> None:
    world = World()
    (draft,) = world.drafts("alpha", "withdraw", entry=world.send())
    assert draft.body == b"\xa0"


def test_a_translation_can_be_withdrawn() -> None:
    world = World()
    (translation,) = world.say("bravo", "translate", entry=world.send(), text="Bonjour.", language="fr")
    world.say("bravo", "withdraw", entry=world.id(translation))
    assert world.item(world.id(translation)).standing is Standing.CANCELLED


def test_a_suspended_line_takes_a_withdrawal() -> None:
    world = World()
    message = world.send()
    world.say("bravo", "declare", status="suspended", reason="Talks broken off.")
    assert world.say("alpha", "withdraw", entry=message)


@pytest.mark.parametrize(
    ("who", "values", "message_id"),
    [
        ("alpha", {"entry": "alpha:9"}, "entry-unknown"),
        ("bravo", {"entry": "alpha:0"}, "withdrawal-of-others-entry"),
        ("bravo", {"entry": "bravo:0"}, "withdrawal-not-possible"),
        ("alpha", {"entry": "alpha:0", "reason": "x" * 2001}, "text-too-long"),
        ("alpha", {"entry": "alpha:1"}, "withdrawn-already"),
    ],
)
def test_what_cannot_be_withdrawn_is_refused(who: str, values: dict[str, object], message_id: str) -> None:
    world = World()
    message = world.send()
    withdrawn = world.send()
    world.say("alpha", "withdraw", entry=withdrawn)
    world.say("bravo", "ack", entry=message)
    assert refusal(world, who, **values).message_id == message_id


def test_an_exercise_desk_cannot_withdraw_what_is_real() -> None:
    world = World()
    assert refusal(world, "alpha", mark=Mark.EXERCISE, entry=world.send()).message_id == "mark-differs"


def test_wrong_cancellations_are_faults_and_change_nothing() -> None:
    world = World()
    message = world.send()
    world.put("bravo", [Draft(CANCELLATION, pack(Cancellation()), "watch", (world.ref(message),))])
    world.put("alpha", [Draft(CANCELLATION, pack(Cancellation()), "watch", (world.ref(message),), mark=Mark.TEST)])
    assert world.item(message).standing is Standing.OPEN
    world.say("alpha", "withdraw", entry=message)
    world.put("alpha", [Draft(CANCELLATION, pack(Cancellation()), "watch", (world.ref(message),))])
    assert world.faults() == [
        ("alpha:1", "fault-mark-differs"),
        ("alpha:3", "fault-cancelled-already"),
        ("bravo:0", "fault-others-entry"),
    ]

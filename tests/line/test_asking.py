"""What every verb about an earlier entry asks first."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.line.asking import check_room, item_for, ref_of, refs_of
from openline.line.kinds import Asked, Takes
from openline.record.entry import Attachment, Mark, Ref
from tests.line.world import World


def asked(world: World, mark: Mark = Mark.OPERATION) -> Asked:
    return Asked(world.origins["bravo"], "watch", world.now, mark)


def test_the_entry_named_is_the_one_referred_to() -> None:
    world = World()
    message = world.send()
    item = item_for(world.bravo, asked(world), message, Takes.RECEIPT)
    assert ref_of(world.bravo, item) == world.ref(message)
    assert refs_of(world.bravo, [message]) == (world.ref(message),)


@pytest.mark.parametrize("takes", Takes)
def test_what_a_test_does_not_take(takes: Takes) -> None:
    world = World()
    world.say("alpha", "test")
    with pytest.raises(UsageError) as caught:
        item_for(world.bravo, asked(world), "alpha:0", takes)
    assert caught.value.facts == {"entry": "alpha:0", "kind": "test"}


@pytest.mark.parametrize(
    ("desk", "entry", "allowed"),
    [
        (Mark.OPERATION, Mark.OPERATION, True),
        (Mark.OPERATION, Mark.EXERCISE, True),
        (Mark.EXERCISE, Mark.EXERCISE, True),
        (Mark.EXERCISE, Mark.OPERATION, False),
        (Mark.EXERCISE, Mark.TEST, False),
    ],
)
def test_a_desk_in_exercise_touches_nothing_else(desk: Mark, entry: Mark, allowed: bool) -> None:
    world = World()
    message = world.send(mark=entry)
    if allowed:
        assert item_for(world.bravo, asked(world, desk), message, Takes.RECEIPT).mark is entry
    else:
        with pytest.raises(UsageError) as caught:
            item_for(world.bravo, asked(world, desk), message, Takes.RECEIPT)
        assert caught.value.message_id == "mark-differs"


def test_what_could_not_fit_a_header_is_refused() -> None:
    world = World()
    refs = [Ref(f"{'x' * 100}.example/line/{'y' * 64}", 1, bytes(32))] * 16
    check_room(world.alpha, refs[:4], ())
    with pytest.raises(UsageError) as caught:
        check_room(world.alpha, refs, [Attachment(1, bytes(32))] * 3)
    assert (caught.value.message_id, caught.value.facts) == ("entry-names-too-much", {"refs": 16, "attachments": 3})

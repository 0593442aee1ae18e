"""The orderwire: free text between operators, without clock, in whatever state the line is."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.base.limits import BODY_BYTES_MAX
from openline.base.schema import unpack
from openline.line.service import Service
from openline.record.entry import Mark
from tests.line.world import World


def test_operators_talk_without_a_clock() -> None:
    world = World()
    (entry,) = world.say("alpha", "service", text="Смена пути в 0300Z.", language="ru")
    assert unpack(Service, entry.body or b"", BODY_BYTES_MAX) == Service(text="Смена пути в 0300Z.", language="ru")
    assert list(world.alpha.open_items) == []
    assert world.changes[-1].what == "new"


def test_it_can_be_receipted_and_answered() -> None:
    world = World()
    world.say("alpha", "service", text="Path 2 goes down.")
    world.say("bravo", "ack", entry="alpha:0")
    world.say("bravo", "reply", entry="alpha:0", text="Understood.")
    assert world.faults() == []


def test_it_bears_the_mark() -> None:
    (draft,) = World().drafts("alpha", "service", mark=Mark.EXERCISE, text="Drill.")
    assert draft.mark is Mark.EXERCISE


@pytest.mark.parametrize(
    ("values", "message_id"), [({"text": ""}, "text-empty"), ({"text": "Hi", "language": "?"}, "language-wrong")]
)
def test_what_cannot_be_said_is_refused(values: dict[str, object], message_id: str) -> None:
    with pytest.raises(UsageError) as caught:
        World().drafts("alpha", "service", **values)
    assert caught.value.message_id == message_id

"""Anyone on watch takes a FLASH and presses STOP; everything else needs its role."""

from __future__ import annotations

import pytest

from openline.line.taking import anyone_may
from tests.line.world import World


@pytest.mark.parametrize(
    ("verb", "arguments", "may"),
    [
        ("ack", {"entry": "alpha:0"}, True),
        ("read", {"entry": "alpha:0"}, True),
        ("pass", {"entry": "alpha:0", "to": "s3"}, False),
        ("reply", {"entry": "alpha:0", "text": "Yes."}, False),
        ("ack", {"entry": "alpha:1"}, False),
        ("ack", {"entry": "alpha:9"}, False),
        ("ack", {"entry": 7}, False),
        ("ack", "alpha:0", False),
        ("stop", {"place": "bridge"}, True),
        ("answer-stop", {"entry": "alpha:2", "answer": "stopped"}, True),
        ("ack", {"entry": "alpha:2"}, True),
        ("send", {"text": "x"}, False),
    ],
)
def test_who_is_on_watch_takes_a_flash_and_nothing_less(verb: str, arguments: object, may: bool) -> None:
    world = World()
    world.send(precedence="flash")
    world.send(precedence="immediate")
    world.say("alpha", "stop", place="bridge")
    assert anyone_may(world.bravo, verb, arguments) is may

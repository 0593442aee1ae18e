"""Warnings are counted, and say through whom they went."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.line.warning import Warnings, repetition, warnings_of
from openline.record.entry import Mark
from tests.line.test_contact import enter
from tests.line.world import World


def warn(world: World, who: str = "bravo", **values: object) -> str:
    return world.id(world.say(who, "warn", **{"code": "arms-deliveries", **values})[0])


def test_warnings_are_counted_by_their_author_code_and_mark() -> None:
    world = World()
    first = warn(world)
    second = warn(world, repeats=first)
    warn(world, code="dam")
    warn(world, mark=Mark.EXERCISE)
    warn(world, "alpha")
    rows = list(warnings_of(world.alpha, 1, "arms-deliveries"))
    assert [repetition(world.alpha, row) for row in rows] == [1, 2]
    world.say("bravo", "withdraw", entry=second)
    assert len(list(warnings_of(world.alpha, 1, "arms-deliveries"))) == 1
    assert len(list(warnings_of(world.alpha, 1))) == 2
    assert len(list(warnings_of(world.alpha, 1, mark=Mark.EXERCISE))) == 1


def test_a_warning_says_through_whom_it_went() -> None:
    world = World()
    warn(world, through=("a mission", "an embassy"), to="somebody beside the line", contact=enter(world))
    row = world.alpha.state(Warnings).by_place[1, 0]
    assert (row.through, row.to, row.refs) == (("a mission", "an embassy"), "somebody beside the line", ((0, 0),))


@pytest.mark.parametrize(
    ("values", "message_id"),
    [
        ({"code": ""}, "code-wrong"),
        ({"through": ("x",) * 9}, "sources-too-many"),
        ({"through": ("",)}, "name-missing"),
        ({"repeats": "alpha:0"}, "repeats-others"),
        ({"repeats": "bravo:1"}, "repeats-others"),
        ({"contact": "bravo:0"}, "contact-unknown"),
        ({"words": "word " * 201, "precedence": "immediate"}, "message-too-many-words"),
    ],
)
def test_what_is_no_warning_is_refused(values: dict[str, object], message_id: str) -> None:
    world = World()
    warn(world)
    warn(world, "alpha")
    world.send("bravo")
    with pytest.raises(UsageError) as caught:
        world.drafts("bravo", "warn", **{"code": "arms-deliveries", **values})
    assert caught.value.message_id == message_id


def test_a_suspended_line_takes_no_warning_but_a_flash() -> None:
    world = World()
    world.say("alpha", "declare", status="suspended", reason="Talks broken off.")
    with pytest.raises(UsageError):
        world.drafts("bravo", "warn", code="dam")
    assert world.drafts("bravo", "warn", code="dam", precedence="flash")

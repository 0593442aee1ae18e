"""A message: what may be sent, what is refused, and the clock it starts."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.base.limits import BODY_BYTES_MAX, TEXT_BYTES_MAX
from openline.base.schema import pack, unpack
from openline.line.item import Stage, in_mask
from openline.line.message import MESSAGE, Message
from openline.record.entry import Attachment, Draft, Mark, Precedence
from tests.line.world import World

DIGEST = "cd" * 32


def refusal(world: World, who: str = "alpha", /, **values: object) -> UsageError:
    with pytest.raises(UsageError) as caught:
        world.drafts(who, "send", **{"text": "Report.", **values})
    return caught.value


def test_a_hundred_characters_are_little_more_on_the_wire() -> None:
    (draft,) = World().drafts("alpha", "send", text="x" * 100)
    assert len(draft.body) == 104


def test_everything_said_arrives() -> None:
    world = World()
    first = world.send()
    (draft,) = world.drafts(
        "bravo",
        "send",
        text="Колонна вышла.",
        language="ru",
        precedence="priority",
        action=["watch", "s3"],
        info=["j2"],
        subject="Колонна",
        reply_by="2026-11-18T12:00:00Z",
        attachments=[{"size": 9, "sha256": DIGEST}],
        refs=[first],
    )
    assert unpack(Message, draft.body, BODY_BYTES_MAX) == Message(
        text="Колонна вышла.", language="ru", action=("watch", "s3"), info=("j2",), subject="Колонна"
    )
    assert draft.precedence is Precedence.PRIORITY
    assert draft.attachments == (Attachment(9, bytes.fromhex(DIGEST)),)
    assert draft.refs == (world.ref(first),)
    assert draft.deadline is not None
    assert draft.deadline.rfc3339() == "2026-11-18T12:00:00.000Z"
    assert draft.desk == "watch"


def test_a_plain_message_is_routine_and_real() -> None:
    (draft,) = World().drafts("alpha", "send", text="Good watch.")
    assert (draft.kind, draft.precedence, draft.mark) == (MESSAGE, Precedence.ROUTINE, Mark.OPERATION)


def test_said_in_exercise_it_bears_the_mark() -> None:
    (draft,) = World().drafts("alpha", "send", mark=Mark.EXERCISE, text="Exercise, exercise, exercise.")
    assert draft.mark is Mark.EXERCISE


@pytest.mark.parametrize(
    ("values", "message_id"),
    [
        ({"text": " "}, "text-empty"),
        ({"text": "x" * (TEXT_BYTES_MAX + 1)}, "text-too-long"),
        ({"text": "word " * 201, "precedence": "flash"}, "message-too-many-words"),
        ({"text": "word " * 201, "precedence": "immediate"}, "message-too-many-words"),
        ({"language": "English"}, "language-wrong"),
        ({"action": []}, "roles-missing"),
        ({"action": ["The Watch"]}, "role-wrong"),
        ({"info": ["r"] * 17}, "roles-too-many"),
        ({"subject": "x" * 300}, "text-too-long"),
        ({"reply_by": "2026-11-18T11:06:40Z"}, "reply-by-past"),
        ({"reply_by": "tonight"}, "time-unreadable"),
        ({"attachments": [{"size": 1, "sha256": "no"}]}, "attachment-wrong"),
        ({"attachments": [{"size": 1, "sha256": DIGEST}] * 17}, "attachments-too-many"),
        ({"refs": ["bravo:0"]}, "entry-unknown"),
        ({"refs": ["bravo"]}, "entry-id-wrong"),
        ({"refs": ["charlie:0"]}, "entry-party-unknown"),
        ({"refs": ["alpha-zulu/bravo:0"]}, "entry-other-line"),
    ],
)
def test_what_cannot_be_sent_is_refused(values: dict[str, object], message_id: str) -> None:
    assert refusal(World(), **values).message_id == message_id


def test_too_many_references_are_refused() -> None:
    world = World()
    first = world.send()
    assert refusal(world, refs=[first] * 17).message_id == "refs-too-many"


def test_a_suspended_line_takes_flash_only_and_says_who_suspended_it() -> None:
    world = World()
    world.say("bravo", "declare", status="suspended", reason="Talks broken off.")
    for who in ("alpha", "bravo"):
        refused = refusal(world, who)
        assert refused.message_id == "line-suspended"
        assert refused.facts == {"line": "alpha-bravo", "party": "bravo", "since": "181106Z NOV 26"}
        world.send(who, "Your fire is hitting the hospital.", precedence="flash")
    world.say("bravo", "declare", status="resumed")
    world.send()


def test_an_exercise_suspends_exercises_and_not_the_line() -> None:
    world = World()
    world.say("bravo", "declare", mark=Mark.EXERCISE, status="suspended", reason="Part of the drill.")
    world.send()
    assert refusal(world, mark=Mark.EXERCISE).message_id == "line-suspended"


def test_a_real_suspension_holds_for_exercises() -> None:
    world = World()
    world.say("bravo", "declare", status="suspended", reason="Talks broken off.")
    assert refusal(world, mark=Mark.EXERCISE).message_id == "line-suspended"


def test_only_a_role_beyond_the_watch_awaits_passing_on() -> None:
    world = World()
    plain, tasked = world.send(), world.send(action=["watch", "s3"])
    assert list(in_mask(world.item(plain).awaits)) == [Stage.DISPLAYED, Stage.ACCEPTED]
    assert list(in_mask(world.item(tasked).awaits)) == [Stage.DISPLAYED, Stage.ACCEPTED, Stage.PASSED]


def test_a_message_without_precedence_still_has_a_clock() -> None:
    world = World()
    world.put("alpha", [Draft(MESSAGE, pack(Message(text="?")), "watch")])
    assert world.item("alpha:0").precedence is Precedence.ROUTINE
    assert world.item("alpha:0") in list(world.alpha.open_items)

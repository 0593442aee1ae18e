"""What may be said of an interpreter's seat: each desk once, never the interpreter itself, and not too many."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.base.limits import ROLE_BYTES_MAX, VOICE_SEATS_MAX
from openline.voice.interpreting import Arrangement, arrangement

MANY = tuple(f"desk {number}" for number in range(VOICE_SEATS_MAX + 1))


def test_each_desk_is_named_once_in_the_order_given() -> None:
    assert arrangement("booth", ("b", "a", "b"), ()) == Arrangement(("b", "a"), ())
    assert arrangement("booth", MANY[1:], MANY[1:]) == Arrangement(MANY[1:], MANY[1:])


@pytest.mark.parametrize(
    ("desk", "listens", "speaks", "message_id"),
    [
        ("booth", ("booth",), (), "interpreter-list-wrong"),
        ("booth", (), ("watch", "booth"), "interpreter-list-wrong"),
        ("booth", MANY, (), "interpreter-list-wrong"),
        ("", (), (), "desk-name-wrong"),
        ("booth", ("",), (), "desk-name-wrong"),
        ("booth", (), ("é" * (ROLE_BYTES_MAX // 2 + 1),), "desk-name-wrong"),
    ],
)
def test_what_cannot_stand_on_the_record_is_refused(
    desk: str, listens: tuple[str, ...], speaks: tuple[str, ...], message_id: str
) -> None:
    with pytest.raises(UsageError) as refused:
        arrangement(desk, listens, speaks)
    assert refused.value.message_id == message_id

"""What every store does alike."""

from __future__ import annotations

import pytest

from openline.base.time import DAY_US
from openline.record.ports import Command
from openline.store.writes import assert_sound, commands_end, fenced, not_open
from tests.store.authors import LINE, NOW, Author


def test_a_run_of_one_log_is_sound() -> None:
    author = Author()
    for bodies in ([b"one"], [b"two", b"three"]):
        assert_sound(author.says(*bodies))


def test_an_append_without_entries_is_a_bug() -> None:
    with pytest.raises(AssertionError):
        assert_sound(Author().says())


def test_commands_are_kept_seven_days() -> None:
    assert commands_end(Command("key", LINE, (), NOW)) == NOW - 7 * DAY_US


def test_refusals_say_which_log() -> None:
    assert not_open("alpha").facts["path"] == "alpha"
    assert fenced("why").message_id == "store-fenced"

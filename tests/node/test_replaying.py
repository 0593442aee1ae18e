"""Recordings at the desk: who may look at them, and who may listen."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.node.views import Officer
from tests.node.houses import played
from tests.node.voices import floors, up

CLERK = Officer("clerk", frozenset({"read"}))
GUEST = Officer("guest", frozenset())


def test_a_call_that_was_not_recorded_is_in_no_list_and_has_no_stream() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        desk = alpha.node.desk
        assert desk.recordings(CLERK, None) == []
        assert desk.recording(CLERK, None, call).streams == ()
        with pytest.raises(UsageError, match="recording-stream-unknown"):
            await desk.replay(alpha.officer(), None, call, 1)

    played(story())


def test_who_may_read_may_look_and_who_may_call_may_listen() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        desk = alpha.node.desk
        rows = [row async for row in desk.verify_recording(CLERK, None, call)]
        assert rows[-1]["verdict"] == "VERIFIED"
        with pytest.raises(UsageError, match="not-allowed"):
            await desk.replay(CLERK, None, call, 1)
        with pytest.raises(UsageError, match="not-allowed"):
            desk.recordings(GUEST, None)
        with pytest.raises(UsageError, match="not-allowed"):
            desk.recording(GUEST, None, call)
        with pytest.raises(UsageError, match="not-allowed"):
            desk.verify_recording(GUEST, None, call)

    played(story())


def test_of_a_line_that_is_none_nothing_is_said() -> None:
    async def story() -> None:
        alpha, _ = await floors()
        with pytest.raises(UsageError, match="line-unknown"):
            alpha.node.desk.recordings(CLERK, "elsewhere")

    played(story())

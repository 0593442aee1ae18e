"""What the routes of recordings, dispute packs, legal holds and retention ask of the desk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from openline.node.views import HoldView, Officer, PackAsked, RecordingView, RetentionView


class Packing(Protocol):
    """Dispute packs, legal holds, retention."""

    def pack(self, who: Officer, line: str | None, asked: PackAsked) -> AsyncIterator[bytes]:
        """One incident or period of all logs as one file that anyone can verify."""
        ...

    def holds(self, who: Officer, line: str | None) -> Sequence[HoldView]:
        """Every legal hold, those that stand first."""
        ...

    def retention(self, who: Officer) -> RetentionView:
        """The retention classes of this node."""
        ...

    def retain(self, who: Officer, dry_run: bool) -> AsyncIterator[object]:
        """Erase what is due, or only count it: progress, then what was done."""
        ...


class Replaying(Protocol):
    """Recordings of calls."""

    def recordings(self, who: Officer, line: str | None) -> Sequence[RecordingView]:
        """Calls that were or are recorded, newest first."""
        ...

    def recording(self, who: Officer, line: str | None, call_id: str) -> RecordingView:
        """The recording of one call."""
        ...

    def verify_recording(self, who: Officer, line: str | None, call_id: str) -> AsyncIterator[object]:
        """Check the recording of a call: progress, then the verdict."""
        ...

    async def replay(self, who: Officer, line: str | None, call_id: str, stream: int) -> AsyncIterator[bytes]:
        """One stream of a recorded call as an Ogg Opus file."""
        ...

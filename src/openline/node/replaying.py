"""Recordings of calls, as the desk offers them: what there is, whether it holds, and one stream to be played."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence

from openline.node.calling import TALK, Calling
from openline.node.views import Officer, RecordingView


class Replaying(Calling):
    """The desk's hand on recordings. Used from the event loop only."""

    def recordings(self, who: Officer, line: str | None) -> Sequence[RecordingView]:
        """Every call of a line that was or is recorded, newest first. Raises UsageError."""
        self.allow(who, "read")
        return self.telephone.recordings.views(self.state(line))

    def recording(self, who: Officer, line: str | None, call_id: str) -> RecordingView:
        """The recording of one call. Raises UsageError."""
        self.allow(who, "read")
        return self.telephone.recordings.view(self.state(line), call_id)

    def verify_recording(self, who: Officer, line: str | None, call_id: str) -> AsyncIterator[Mapping[str, object]]:
        """Check the recording of a call: progress, then the verdict. Raises UsageError before the first."""
        self.allow(who, "read")
        return self.telephone.recordings.verify(self.state(line), call_id, who.language)

    async def replay(self, who: Officer, line: str | None, call_id: str, stream: int) -> AsyncIterator[bytes]:
        """One stream of a recorded call as an Ogg Opus file. Raises UsageError, and PeerError where it was changed."""
        self.allow(who, TALK)
        return await self.telephone.recordings.ogg(self.state(line), call_id, stream)

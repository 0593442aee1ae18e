"""Takes one stream out of its datagrams: each frame once, at once, by whichever path or copy it comes first.

Nothing is held: a frame that comes late is given out late, for the jitter buffer of whoever plays it. What counts as
lost is only what the sender says it sent (`Sound.run`): a frame that never reached it, or that a closed gate kept
back, is no loss of ours.
"""

from __future__ import annotations

from openline.base.errors import PeerError
from openline.base.limits import VOICE_STREAMS_MAX, VOICE_WINDOW_FRAMES
from openline.base.time import SECOND_US
from openline.voice.datagram import WIRE_OFFSET_MAX, Sound
from openline.voice.frame import SEQUENCES, Frame, ahead

SETTLED_FRAMES = 64
"""A frame that is missing when this many later ones are known counts as lost, until it comes after all."""

QUIET_US = SECOND_US // 2
"""After this long without a datagram a stream may go on anywhere: its gate was closed, or its node was new."""

OVER_US = 5 * SECOND_US
"""After this long nothing is under way any more: a stream that does not go on from where it was begins anew."""

_CONFIRMS_WITHIN = 16
_ALL = (1 << VOICE_WINDOW_FRAMES) - 1
_OLD = _ALL ^ ((1 << SETTLED_FRAMES + 1) - 1)


class Counts:
    """What became of the frames of one stream. Mutable; owned by its Receiver.

    `frames` were given out, those `recovered` from copies included, which are counted by offset. `duplicates` came
    again. `lost` never came; `late` had been counted as lost. `restarts` are jumps to elsewhere, `strays` datagrams
    from elsewhere that were not believed when they came.
    """

    __slots__ = ("duplicates", "frames", "late", "lost", "recovered", "restarts", "strays")

    def __init__(self) -> None:
        self.frames = 0
        self.duplicates = 0
        self.recovered: dict[int, int] = {}
        self.late = 0
        self.lost = 0
        self.restarts = 0
        self.strays = 0


class Receiver:
    """One stream as it arrives. `_sent` and `_seen` have one bit for each of the last frames, the newest lowest."""

    __slots__ = ("_highest", "_seen", "_sent", "_stray", "counts", "heard")

    def __init__(self) -> None:
        self.counts = Counts()
        self.heard = 0
        self._highest: int | None = None
        self._seen = 0
        self._sent = 0
        self._stray: Sound | None = None

    def arrived(self, sound: Sound, now: int) -> list[Frame]:
        """The frames that `sound` brings for the first time, oldest first. `now` is in microseconds.

        A datagram from far outside the window is believed when a second one comes from there, or after QUIET_US.
        After OVER_US one with numbers that were there before is no repetition but a new beginning.
        """
        before: list[Frame] = []
        if self._highest is None:
            self._begin(sound)
        elif now - self.heard >= OVER_US and ahead(sound.newest.sequence, self._highest) <= 0:
            self._restart(sound)
        elif -VOICE_WINDOW_FRAMES < ahead(sound.newest.sequence, self._highest) <= VOICE_WINDOW_FRAMES:
            pass
        elif now - self.heard >= QUIET_US:
            self._restart(sound)
        else:
            stray, self._stray = self._stray, sound
            if stray is None or not _follow(stray, sound):
                self.counts.strays += 1
                return []
            self._restart(stray)
            before = self._take(stray)
        self.heard = now
        return before + self._take(sound)

    def _begin(self, sound: Sound) -> None:
        self._highest = sound.newest.sequence
        self._seen = self._sent = 0
        self._stray = None

    def _restart(self, sound: Sound) -> None:
        self.counts.lost += (self._sent & ~self._seen & ~_OLD).bit_count()
        self.counts.restarts += 1
        self._begin(sound)

    def _take(self, sound: Sound) -> list[Frame]:
        assert self._highest is not None
        self._move(ahead(sound.newest.sequence, self._highest))
        place = ahead(self._highest, sound.newest.sequence)
        self._know(((1 << sound.run + 1) - 1) << place & _ALL)
        given = []
        for copy in reversed(sound.copies):
            offset = (sound.newest.sequence - copy.sequence) % SEQUENCES
            if self._give(place + offset):
                given.append(copy)
                self.counts.recovered[offset] = self.counts.recovered.get(offset, 0) + 1
        if self._give(place):
            given.append(sound.newest)
        return given

    def _move(self, by: int) -> None:
        if by <= 0:
            return
        assert self._highest is not None
        self._highest = (self._highest + by) % SEQUENCES
        pending = self._sent & ~self._seen & ~_OLD
        self.counts.lost += (pending << by & ~(_ALL ^ _OLD)).bit_count()
        self._seen = self._seen << by & _ALL
        self._sent = self._sent << by & _ALL

    def _know(self, sent: int) -> None:
        """These frames were sent; those that should long be here are lost."""
        new = sent & ~self._sent
        self._sent |= new
        self.counts.lost += (new & ~self._seen & _OLD).bit_count()

    def _give(self, place: int) -> bool:
        """Whether the frame this far behind the newest comes for the first time; it counts as come from now on."""
        if place >= VOICE_WINDOW_FRAMES or self._seen >> place & 1:
            self.counts.duplicates += 1
            return False
        bit = 1 << place
        if bit & self._sent & _OLD:
            self.counts.lost -= 1
            self.counts.late += 1
        self._seen |= bit
        self._sent |= bit
        self.counts.frames += 1
        return True


def _follow(stray: Sound, sound: Sound) -> bool:
    """Whether two datagrams from elsewhere belong together; one that came by two paths does not confirm itself."""
    return 0 < abs(ahead(sound.newest.sequence, stray.newest.sequence)) <= _CONFIRMS_WITHIN


class Receivers:
    """The receivers of all streams of one peer. Mutable; owned by whoever reads its datagrams."""

    __slots__ = ("_frames", "_lost", "_streams")

    def __init__(self) -> None:
        self._streams: dict[int, Receiver] = {}
        self._frames = 0
        self._lost = 0

    def arrived(self, sound: Sound, now: int) -> list[Frame]:
        """The frames of any stream that `sound` brings for the first time.

        Raises PeerError when the stream is new and as many as are allowed are speaking; one that has been quiet
        longest, and at least QUIET_US, makes room.
        """
        stream = sound.newest.stream
        receiver = self._streams.get(stream)
        if receiver is None:
            if len(self._streams) >= VOICE_STREAMS_MAX:
                self._make_room(now)
            receiver = self._streams[stream] = Receiver()
        return receiver.arrived(sound, now)

    def forget(self, stream: int) -> None:
        """The leg behind a stream is gone. What was counted stays in the totals."""
        receiver = self._streams.pop(stream, None)
        if receiver is not None:
            self._frames += receiver.counts.frames
            self._lost += receiver.counts.lost

    def counts(self, stream: int) -> Counts | None:
        """What became of a stream's frames; None when there is no such stream."""
        receiver = self._streams.get(stream)
        return None if receiver is None else receiver.counts

    def totals(self) -> tuple[int, int]:
        """Frames sent to us as far as we know, and how many of them are lost; over all streams there were."""
        lost = self._lost + sum(each.counts.lost for each in self._streams.values())
        return lost + self._frames + sum(each.counts.frames for each in self._streams.values()), lost

    def _make_room(self, now: int) -> None:
        quiet = min(self._streams, key=lambda stream: self._streams[stream].heard)
        if now - self._streams[quiet].heard < QUIET_US:
            raise PeerError("voice-too-many-streams", limit=VOICE_STREAMS_MAX)
        self.forget(quiet)


assert WIRE_OFFSET_MAX < VOICE_WINDOW_FRAMES

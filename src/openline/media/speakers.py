"""Which far speaker is heard through which slot of the browser's offer, and under which numbers.

The browser mixes: each slot plays one speaker. The numbers of a speaker pass as they are, so that the browser sees
every loss. Only where a slot goes on to another speaker, or a speaker begins anew, do they continue from where the
slot stood: neither SRTP nor the browser's jitter buffer takes a leap back.
"""

from __future__ import annotations

from collections.abc import Sequence

from openline.base.limits import SPEAKER_KEEPS_SLOT_US
from openline.base.time import SECOND_US
from openline.media.reports import CLOCK_HZ, DROPOUT_MAX
from openline.media.rtcp import Sent, ntp_time
from openline.voice.frame import SEQUENCES, TIMESTAMPS, Codec, Frame, ahead

LATE_MAX = 512
"""How many numbers a frame may be late: half of what SRTP lets us send out of order."""


class Slot:
    """One slot of the offer, and the speaker it plays at present."""

    __slots__ = ("_at", "_codec", "_octets", "_packets", "_sequence", "_shift", "_timestamp", "source", "stream")

    def __init__(self, source: int) -> None:
        """`source` is the synchronisation source the answer gives to this slot."""
        self.source = source
        self.stream: int | None = None
        self._codec: Codec | None = None
        self._at = 0.0
        self._sequence = self._timestamp = 0
        self._shift = (0, 0)
        self._packets = self._octets = 0

    @property
    def packets(self) -> int:
        """How many frames this slot was given."""
        return self._packets

    def idle_us(self, now: float) -> float:
        """How long nobody has spoken here."""
        return (now - self._at) * SECOND_US

    def give(self, stream: int) -> None:
        """From now on `stream` speaks here."""
        self.stream, self._codec = stream, None

    def place(self, frame: Frame, now: float) -> tuple[int, int, bool]:
        """Sequence, timestamp and marker under which `frame` goes out at `now` (s, any steady clock)."""
        shift, shift_timestamp = self._shift
        sequence = (frame.sequence + shift) % SEQUENCES
        step = ahead(sequence, self._sequence)
        marker = frame.marker
        if frame.codec is not self._codec or not -LATE_MAX <= step <= DROPOUT_MAX:
            if self._packets:
                self._continue(frame, now)
                shift, shift_timestamp = self._shift
                sequence, marker = (frame.sequence + shift) % SEQUENCES, True
            self._codec, step = frame.codec, 1
        timestamp = (frame.timestamp + shift_timestamp) % TIMESTAMPS
        if step > 0:
            self._sequence, self._timestamp, self._at = sequence, timestamp, now
        self._packets += 1
        self._octets += len(frame.payload)
        return sequence, timestamp, marker

    def sent(self, now: float) -> Sent | None:
        """What is to be reported of this slot; None before its first frame."""
        if self._codec is None:
            return None
        return Sent(self.source, ntp_time(now), self._moved_on(now), self._packets, self._octets)

    def _continue(self, frame: Frame, now: float) -> None:
        """Shift the numbers of a new beginning so that they follow on the last ones."""
        timestamp = self._moved_on(now, CLOCK_HZ[frame.codec])
        self._shift = (self._sequence + 1 - frame.sequence, timestamp - frame.timestamp)

    def _moved_on(self, now: float, rate_hz: int | None = None) -> int:
        rate_hz = rate_hz or CLOCK_HZ[self._codec or Codec.OPUS]
        return (self._timestamp + int((now - self._at) * rate_hz)) % TIMESTAMPS


class Speakers:
    """The slots of one leg. A speaker keeps its slot while it is heard; in silence a frame comes every 400 ms."""

    def __init__(self, sources: Sequence[int]) -> None:
        """One slot for each synchronisation source of the answer, in its order."""
        self.slots = tuple(Slot(source) for source in sources)
        self._by_stream: dict[int, Slot] = {}

    def slot(self, stream: int, now: float) -> Slot | None:
        """Where `stream` plays; None when everybody else speaks and no slot is left."""
        slot = self._by_stream.get(stream)
        return slot if slot is not None else self._find(stream, now)

    def sent(self, now: float) -> list[Sent]:
        """What is to be reported of every slot in use."""
        return [sent for slot in self.slots if (sent := slot.sent(now)) is not None]

    def _find(self, stream: int, now: float) -> Slot | None:
        free = [slot for slot in self.slots if slot.stream is None]
        quiet = [slot for slot in self.slots if slot.idle_us(now) >= SPEAKER_KEEPS_SLOT_US]
        if free:
            slot = free[0]
        elif quiet:
            slot = max(quiet, key=lambda one: one.idle_us(now))
            self._by_stream = {number: held for number, held in self._by_stream.items() if held is not slot}
        else:
            return None
        slot.give(stream)
        self._by_stream[stream] = slot
        return slot

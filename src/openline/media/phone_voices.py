"""What one phone is played: one speaker as he is, one turned into the phone's codec, or several mixed into one.

A phone knows one stream of packets, so the numbers of whoever speaks are shifted to follow on those that went before;
of the first speaker, and while nobody else begins, they stay what they are. A frame is passed on as it came whenever
that can be. Mixing begins when two speak at the same time, and ends a second after only one does. No clock of its own:
`now_s` is an argument, and `tick` is to be called every 20 ms while `mixing`.
"""

from __future__ import annotations

from collections.abc import Callable

from openline.base.limits import PHONE_SPEAKERS_MAX
from openline.media.phone_sound import BLOCKS_PER_S, TICKS, Decoder, Encoder, Mixer
from openline.voice.frame import SEQUENCES, TIMESTAMPS, Codec, Frame, ahead

Send = Callable[[bool, int, int, bytes], None]
"""Takes marker, sequence, timestamp and payload of the next packet."""

_TOGETHER_S = 0.1
_ALONE_S = 1.0


class Splice:
    """Makes one run of numbers out of those of several sources, one after the other. The first keeps its own."""

    def __init__(self, codec: Codec) -> None:
        self.sequence = 0
        self.timestamp = 0
        self._ticks = TICKS[codec]
        self._source: object = None
        self._shift = (0, 0)
        self._at_s: float | None = None

    def place(self, source: object, sequence: int, timestamp: int, now_s: float) -> tuple[int, int]:
        """The numbers of a packet of `source` in the run."""
        if source != self._source:
            self._source = source
            if self._at_s is not None:
                following = self.after(1, now_s)
                self._shift = (following[0] - sequence, following[1] - timestamp)
        placed = (sequence + self._shift[0]) % SEQUENCES, (timestamp + self._shift[1]) % TIMESTAMPS
        if self._at_s is None or ahead(placed[0], self.sequence) > 0:
            self.went(*placed, now_s)
        return placed

    def after(self, packets: int, now_s: float) -> tuple[int, int]:
        """The numbers that follow the last packet by so many, and by the time that has passed."""
        passed = 0 if self._at_s is None else int((now_s - self._at_s) * BLOCKS_PER_S)
        ticks = self._ticks * max(packets, passed)
        return (self.sequence + packets) % SEQUENCES, (self.timestamp + ticks) % TIMESTAMPS

    def next(self) -> tuple[int, int]:
        """The numbers that follow the last packet at once."""
        return (self.sequence + 1) % SEQUENCES, (self.timestamp + self._ticks) % TIMESTAMPS

    def went(self, sequence: int, timestamp: int, now_s: float) -> None:
        """A packet of these numbers was the last."""
        self.sequence, self.timestamp, self._at_s = sequence, timestamp, now_s

    def leave(self) -> None:
        """Whoever comes next follows on, even the same."""
        self._source = None


class Voices:
    """Everybody one phone is played. It owns the decoders that are needed, if any."""

    def __init__(self, codec: Codec, send: Send) -> None:
        self.codec = codec
        self.decoded = 0
        self._send = send
        self._run = Splice(codec)
        self._heard_s: dict[int, float] = {}
        self._turning: _Turning | None = None
        self._mixer: Mixer | None = None
        self._mix_begins = False
        self._sent_s: float | None = None

    @property
    def mixing(self) -> bool:
        """Whether `tick` is to be called."""
        return self._mixer is not None

    def play(self, frame: Frame, now_s: float) -> None:
        """A frame of a speaker. Of more than PHONE_SPEAKERS_MAX at once the last are not heard."""
        self._forget(now_s)
        if frame.stream not in self._heard_s and len(self._heard_s) >= PHONE_SPEAKERS_MAX:
            return
        self._heard_s[frame.stream] = now_s
        if self._mixer is None and self._together(frame.stream, now_s):
            self._mixer, self._turning, self._mix_begins = Mixer(self.codec), None, True
            self._run.leave()
        if self._mixer is not None:
            self.decoded += 1
            self._mixer.put(frame.stream, frame.codec, frame.payload)
        elif frame.codec is self.codec:
            self._turning = None
            sequence, timestamp = self._run.place(frame.stream, frame.sequence, frame.timestamp, now_s)
            self._emit(frame.marker, sequence, timestamp, frame.payload, now_s)
        else:
            self._turn(frame, now_s)

    def tick(self, now_s: float) -> None:
        """Send the next 20 ms of the mix."""
        if self._mixer is None:
            return
        self._follow(self._mix_begins, self._mixer.take(), now_s)
        self._mix_begins = False
        self._forget(now_s)
        if len(self._heard_s) < 2:
            self._mixer = None

    def silence(self, now_s: float, idle_s: float) -> None:
        """Send one silent packet when nothing was sent for so long: phones hang up on a line that is quite dead."""
        if self._sent_s is None or now_s - self._sent_s >= idle_s:
            encoder = Encoder(self.codec)
            self._run.leave()
            self._follow(True, encoder.payload(encoder.quiet), now_s)

    def _together(self, stream: int, now_s: float) -> bool:
        return any(other != stream and now_s - at_s <= _TOGETHER_S for other, at_s in self._heard_s.items())

    def _forget(self, now_s: float) -> None:
        for stream in [stream for stream, at_s in self._heard_s.items() if now_s - at_s > _ALONE_S]:
            del self._heard_s[stream]
            if self._mixer is not None:
                self._mixer.forget(stream)

    def _turn(self, frame: Frame, now_s: float) -> None:
        """Pass one speaker on in the phone's codec."""
        turning = self._turning
        if turning is None or (turning.stream, turning.codec) != (frame.stream, frame.codec):
            turning = self._turning = _Turning(frame, self.codec)
            self._run.leave()
            marker, (sequence, timestamp) = True, self._run.after(1, now_s)
        else:
            steps = ahead(frame.sequence, turning.sequence)
            if steps <= 0:
                return  # too late: what came after it has been decoded
            ticks = (frame.timestamp - turning.timestamp) % TIMESTAMPS * TICKS[self.codec] // TICKS[frame.codec]
            marker, sequence = frame.marker, self._run.sequence + steps
            timestamp = (turning.sent + ticks) % TIMESTAMPS
        turning.took(frame, timestamp)
        self.decoded += 1
        for number, payload in enumerate(turning.payloads(frame.payload)):
            at = (timestamp + number * TICKS[self.codec]) % TIMESTAMPS
            self._emit(marker and not number, (sequence + number) % SEQUENCES, at, payload, now_s)
            self._run.went((sequence + number) % SEQUENCES, at, now_s)

    def _follow(self, marker: bool, payload: bytes, now_s: float) -> None:
        sequence, timestamp = self._run.after(1, now_s) if marker else self._run.next()
        self._run.went(sequence, timestamp, now_s)
        self._emit(marker, sequence, timestamp, payload, now_s)

    def _emit(self, marker: bool, sequence: int, timestamp: int, payload: bytes, now_s: float) -> None:
        self._sent_s = now_s
        self._send(marker, sequence, timestamp, payload)


class _Turning:
    """One speaker on his way into another codec; `sequence` and `timestamp` are his last, `sent` what became of it."""

    def __init__(self, first: Frame, wanted: Codec) -> None:
        self.stream, self.codec = first.stream, first.codec
        self.sequence, self.timestamp = first.sequence, first.timestamp
        self.sent = 0
        self._decoder = Decoder(first.codec, wanted)
        self._encoder = Encoder(wanted)

    def took(self, frame: Frame, sent: int) -> None:
        self.sequence, self.timestamp, self.sent = frame.sequence, frame.timestamp, sent

    def payloads(self, payload: bytes) -> list[bytes]:
        return [self._encoder.payload(block) for block in self._decoder.blocks(payload)]

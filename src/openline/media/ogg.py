"""A recorded stream as an Ogg Opus file (RFC 7845), to be played with what everybody has.

Opus frames go in as they are, not decoded and coded again. G.711 and G.722, which Ogg cannot carry, are turned into
Opus. What is missing keeps its time: a frame lost between two others asks the player to conceal it, a closed gate is
silence. Where the speaker's clock begins anew, the time of arrival says where to go on.

A file made here is for listening. What is proven are the frames in the recording's own files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import BinaryIO

import av
from av.audio.stream import AudioStream
from av.packet import Packet

from openline.base.limits import RECORDING_GAP_S_MAX
from openline.base.time import SECOND_US
from openline.media.phone_sound import Decoder, Encoder
from openline.media.recording_file import Recording, Taken
from openline.voice.frame import TIMESTAMPS, Codec

RATE_HZ = 48_000
SILENCE = b"\xf8\xff\xfe"
"""20 ms of silence as an Opus frame: full band, mono."""

_BLOCK = 960
_STEP = 120
_STEP_LOST = b"\xe0"
_CONCEALED_MAX = 5 * _BLOCK
_PACKET_MAX = 5_760
_ANEW_US = 5 * SECOND_US
_TICK = {Codec.OPUS: 1, Codec.PCMU: 6, Codec.PCMA: 6, Codec.G722: 6}
_SIZES = (480, 960, 1_920, 2_880, 480, 960, 120, 240, 480, 960)
"""Samples of a frame: SILK 10, 20, 40, 60 ms; hybrid 10, 20 ms; CELT 2.5, 5, 10, 20 ms (RFC 6716 section 3.1)."""


def opus_samples(packet: bytes) -> int | None:
    """How many samples an Opus packet has at 48 kHz, by its first bytes; None when it is not one."""
    if not packet:
        return None
    config, code = packet[0] >> 3, packet[0] & 3
    size = _SIZES[config % 4] if config < 12 else _SIZES[4 + config % 2] if config < 16 else _SIZES[6 + config % 4]
    if code < 3:
        return size * (1 if code == 0 else 2)
    if len(packet) < 2 or not 0 < size * (packet[1] & 0x3F) <= _PACKET_MAX:
        return None
    return size * (packet[1] & 0x3F)


def write_ogg(file: BinaryIO, recordings: Iterable[Recording], begins_us: int, done: Callable[[], None]) -> float:
    """Write one stream, which begins at `begins_us`, not after its first frame; how many seconds it has.

    `recordings` are its parts by time; `done` is called after each.
    """
    first, recordings = _peeked(recordings)
    writer = _Writer()
    with closing(av.open(file, "w", format="ogg")) as container:
        stream = container.add_stream("libopus", rate=RATE_HZ)
        assert isinstance(stream, AudioStream)
        stream.layout = "stereo" if _is_stereo(first) else "mono"
        stream.time_base = Fraction(1, RATE_HZ)
        container.start_encoding()
        ahead = _pre_skip(stream.codec_context.extradata)
        for recording in recordings:
            for packet, samples in writer.packets(recording, begins_us):
                whole = Packet(packet)
                whole.stream = stream
                whole.pts = whole.dts = writer.put(samples) - ahead
                whole.duration = samples
                whole.time_base = stream.time_base
                container.mux(whole)
            done()
    return writer.at / RATE_HZ


def _pre_skip(head: bytes | None) -> int:
    """How many samples a player leaves out at the beginning, by the file's head (RFC 7845 section 5.1)."""
    assert head is not None
    assert head.startswith(b"OpusHead")
    return int.from_bytes(head[10:12], "little")


def _peeked(recordings: Iterable[Recording]) -> tuple[Recording | None, Iterable[Recording]]:
    """The first of them, and all of them."""
    rest = iter(recordings)
    first = next(rest, None)
    return first, rest if first is None else chain((first,), rest)


def _is_stereo(recording: Recording | None) -> bool:
    """Whether its first frame says so. A player makes of each frame what the file's head promises."""
    if recording is None or recording.codec is not Codec.OPUS:
        return False
    payload = recording.taken[0].frame.payload
    return bool(payload) and bool(payload[0] & 4)


@dataclass(slots=True)
class _Clock:
    """Where the speaker's timestamps stand in the file: `timestamp` at sample `place`."""

    timestamp: int
    place: int


class _Writer:
    """Puts frames in their places. `at` is how many samples there are so far."""

    def __init__(self) -> None:
        self.at = 0
        self._clock: _Clock | None = None
        self._codec = Codec.OPUS
        self._turned: tuple[Decoder, Encoder] | None = None
        self._last = _STEP_LOST

    def put(self, samples: int) -> int:
        """A packet goes in; the sample where it begins."""
        self.at += samples
        return self.at - samples

    def packets(self, recording: Recording, begins_us: int) -> Iterator[tuple[bytes, int]]:
        """The packets of one part with their samples; `put` is to be told of each before the next is asked for."""
        if recording.codec is not self._codec:
            self._codec, self._clock, self._turned = recording.codec, None, None
        for taken in recording.taken:
            place = self._place(taken, begins_us)
            for packet in self._opus(taken):
                samples = opus_samples(packet)
                if samples is None or place < self.at - _STEP:
                    continue
                yield from self._silence(place - self.at)
                yield packet, samples
                self._last = bytes((packet[0] & 0xFC,))
                place += samples

    def _place(self, taken: Taken, begins_us: int) -> int:
        """Where a frame belongs: by its timestamp, unless that has begun anew."""
        arrived = (taken.at_us - begins_us) * RATE_HZ // SECOND_US
        timestamp, tick = taken.frame.timestamp, _TICK[taken.frame.codec]
        if self._clock is not None:
            step = (timestamp - self._clock.timestamp + TIMESTAMPS // 2) % TIMESTAMPS - TIMESTAMPS // 2
            place = self._clock.place + step * tick
            if abs(place - arrived) <= _ANEW_US * RATE_HZ // SECOND_US:
                return place
        self._clock = _Clock(timestamp, max(arrived, self.at))
        return self._clock.place

    def _opus(self, taken: Taken) -> list[bytes]:
        codec = taken.frame.codec
        if codec is Codec.OPUS:
            return [taken.frame.payload]
        if self._turned is None:
            self._turned = Decoder(codec, Codec.OPUS), Encoder(Codec.OPUS)
        decoder, encoder = self._turned
        return [encoder.payload(block) for block in decoder.blocks(taken.frame.payload)]

    def _silence(self, samples: int) -> Iterator[tuple[bytes, int]]:
        """What stands for `samples` that are not there: concealment for a few, silence for a pause."""
        samples = min(samples, RECORDING_GAP_S_MAX * RATE_HZ)
        lost = opus_samples(self._last) or _STEP
        while 0 < lost <= samples <= _CONCEALED_MAX:
            yield self._last, lost
            samples -= lost
        for packet, size in ((SILENCE, _BLOCK), (_STEP_LOST, _STEP)):
            while samples >= size:
                yield packet, size
                samples -= size

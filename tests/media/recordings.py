"""What the tests of recordings share: speech made by hand, in frames of every codec, and what a file sounds like."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass
from pathlib import Path

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from openline.media.recording_file import Recording, Taken
from openline.voice.frame import SEQUENCES, TIMESTAMPS, Codec, Frame
from openline.voice.recording import chunk_of

TONE_HZ = 440
FRAME_US = 20_000
START_US = 1_795_000_000_000_000
RATES = {Codec.OPUS: 48_000, Codec.G722: 16_000, Codec.PCMU: 8_000, Codec.PCMA: 8_000}
NAMES = {Codec.OPUS: "libopus", Codec.G722: "g722", Codec.PCMU: "pcm_mulaw", Codec.PCMA: "pcm_alaw"}
TICKS = {Codec.OPUS: 960, Codec.G722: 160, Codec.PCMU: 160, Codec.PCMA: 160}


def tone(count: int, codec: Codec = Codec.OPUS) -> list[bytes]:
    """`count` payloads of 20 ms each of a tone."""
    context = av.CodecContext.create(NAMES[codec], "w")
    assert isinstance(context, AudioCodecContext)
    context.sample_rate, context.layout, context.format = RATES[codec], "mono", "s16"
    if codec is Codec.OPUS:
        context.options = {"application": "voip", "frame_duration": "20"}
    samples = RATES[codec] // 50
    payloads: list[bytes] = []
    for number in range(count):
        frame = AudioFrame("s16", "mono", samples)
        frame.sample_rate, frame.pts = RATES[codec], number * samples
        at = range(number * samples, (number + 1) * samples)
        wave = (int(9_000 * math.sin(2 * math.pi * TONE_HZ * each / RATES[codec])) for each in at)
        frame.planes[0].update(array("h", wave).tobytes())
        payloads.append(b"".join(bytes(packet) for packet in context.encode(frame)))
    return payloads


def spoken(
    payloads: list[bytes], codec: Codec = Codec.OPUS, stream: int = 0x0101, first: int = 0, timestamp: int = 0
) -> list[Frame]:
    """Frames of these payloads, one after the other."""
    return [
        Frame(
            stream,
            (first + place) % SEQUENCES,
            (timestamp + place * TICKS[codec]) % TIMESTAMPS,
            place == 0,
            codec,
            payload,
        )
        for place, payload in enumerate(payloads)
    ]


def taken(frames: list[Frame], at_us: int = START_US) -> list[Taken]:
    """The same, each with the time when it would have come, the first at `at_us`."""
    return [Taken(at_us + FRAME_US * ((frame.sequence - frames[0].sequence) % SEQUENCES), frame) for frame in frames]


def recordings(frames: list[Taken], speaker: str = "") -> list[Recording]:
    """Cut into chunks, a part each."""
    chunks: dict[int, list[Taken]] = {}
    for each in frames:
        chunks.setdefault(chunk_of(each.frame), []).append(each)
    return [
        Recording(speaker, some[0].frame.stream, some[0].frame.codec, chunk, tuple(some))
        for chunk, some in chunks.items()
    ]


@dataclass(frozen=True)
class Heard:
    """A file, decoded: its samples at 48 kHz."""

    samples: array[int]

    @property
    def seconds(self) -> float:
        return len(self.samples) / 48_000

    def tone(self, at_s: float, lasts_s: float = 0.1) -> float:
        """How loud the tone is there, 0 to 1."""
        some = self.samples[int(at_s * 48_000) : int((at_s + lasts_s) * 48_000)]
        turns = [2 * math.pi * TONE_HZ * place / 48_000 for place in range(len(some))]
        cosine = sum(value * math.cos(turn) for value, turn in zip(some, turns, strict=True))
        sine = sum(value * math.sin(turn) for value, turn in zip(some, turns, strict=True))
        return 2 * math.hypot(cosine, sine) / len(some) / 9_000


def heard(file: Path) -> Heard:
    """Play a file."""
    samples = array("h")
    resampler = AudioResampler("s16", "mono", 48_000)
    with av.open(str(file)) as container:
        for frame in container.decode(audio=0):
            for piece in resampler.resample(frame):
                samples.frombytes(bytes(piece.planes[0])[: piece.samples * 2])
    return Heard(samples)


def packets(file: Path) -> list[bytes]:
    """The packets of a file as they are in it."""
    with av.open(str(file)) as container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]

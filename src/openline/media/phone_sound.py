"""Sound turned from one codec into another, and several speakers into one, for a phone that can do neither.

Everything here decodes, which openline does nowhere else, and only for the phone that needs it: one that has not
agreed to the speaker's codec, or one that several speakers talk to at the same time. A lost frame stays lost: it is
left out, and the numbers go on without it, so that the phone conceals it in its own way.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Iterable
from itertools import repeat
from operator import add

import av
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.error import FFmpegError
from av.packet import Packet

from openline.base.limits import PHONE_BLOCKS_WAITING_MAX
from openline.voice.frame import Codec

BLOCKS_PER_S = 50
"""A block is 20 ms of sound: what every frame sent to a phone has."""

TICKS = {Codec.OPUS: 960, Codec.G722: 160, Codec.PCMU: 160, Codec.PCMA: 160}
"""What a timestamp counts in 20 ms. G.722 has 16,000 samples a second and counts 8,000 (RFC 3551 section 4.5.2)."""

_RATES = {Codec.OPUS: 48_000, Codec.G722: 16_000, Codec.PCMU: 8_000, Codec.PCMA: 8_000}
_NAMES = {Codec.OPUS: "libopus", Codec.G722: "g722", Codec.PCMU: "pcm_mulaw", Codec.PCMA: "pcm_alaw"}
_BYTES_PER_SAMPLE = 2
_LOUDEST = 32_767
_BLOCKS_AHEAD = 2

Block = bytes
"""20 ms of mono samples, 16 bits each, in the machine's order."""


class Decoder:
    """Makes blocks at the rate of `wanted` of the frames of one speaker."""

    def __init__(self, codec: Codec, wanted: Codec) -> None:
        self.codec = codec
        context = av.CodecContext.create(_NAMES[codec], "r")
        assert isinstance(context, AudioCodecContext)
        context.sample_rate = _RATES[codec]
        context.layout = "mono"
        self._context = context
        self._resampler = AudioResampler("s16", "mono", _RATES[wanted])
        self._block_bytes = _RATES[wanted] // BLOCKS_PER_S * _BYTES_PER_SAMPLE
        self._rest = b""
        self._begun = False

    def blocks(self, payload: bytes) -> list[Block]:
        """The blocks that are whole now; none when the payload is not of this codec."""
        try:
            pieces = [
                bytes(piece.planes[0])[: piece.samples * _BYTES_PER_SAMPLE]
                for frame in self._context.decode(Packet(payload))
                for piece in self._resampler.resample(frame)
            ]
        except FFmpegError:
            return []
        fresh = b"".join(pieces)
        if fresh and not self._begun:
            # The resampler holds back a few samples for ever: put as much silence before the first.
            self._begun = True
            fresh = bytes(-len(fresh) % self._block_bytes) + fresh
        self._rest += fresh
        whole = len(self._rest) // self._block_bytes
        cut = [self._rest[n * self._block_bytes : (n + 1) * self._block_bytes] for n in range(whole)]
        self._rest = self._rest[whole * self._block_bytes :]
        return cut


class Encoder:
    """Makes payloads of one codec of blocks at its rate; `quiet` is a block of silence."""

    def __init__(self, codec: Codec) -> None:
        context = av.CodecContext.create(_NAMES[codec], "w")
        assert isinstance(context, AudioCodecContext)
        context.sample_rate = _RATES[codec]
        context.layout = "mono"
        context.format = "s16"
        if codec is Codec.OPUS:
            context.options = {"application": "voip", "frame_duration": "20"}
            context.bit_rate = 32_000
        self._context = context
        self._samples = _RATES[codec] // BLOCKS_PER_S
        self._rate = _RATES[codec]
        self.quiet: Block = bytes(self._samples * _BYTES_PER_SAMPLE)
        self._pts = 0

    def payload(self, block: Block) -> bytes:
        """The payload of one block."""
        frame = AudioFrame("s16", "mono", self._samples)
        frame.sample_rate = self._rate
        frame.pts = self._pts
        frame.planes[0].update(block)
        self._pts += self._samples
        return b"".join(bytes(packet) for packet in self._context.encode(frame))


class Mixer:
    """Several speakers in one stream of blocks. It owns their decoders and the few blocks that wait of each.

    `take` is asked every 20 ms. A speaker who begins waits for two blocks, so that the next one is there in time.
    """

    def __init__(self, codec: Codec) -> None:
        self._codec = codec
        self._encoder = Encoder(codec)
        self._decoders: dict[int, Decoder] = {}
        self._waiting: dict[int, deque[Block]] = {}
        self._speaking: set[int] = set()

    @property
    def speakers(self) -> int:
        """How many there are."""
        return len(self._decoders)

    def put(self, stream: int, codec: Codec, payload: bytes) -> None:
        """A frame of a speaker. Of a speaker who is far ahead the oldest blocks are dropped."""
        decoder = self._decoders.get(stream)
        if decoder is None or decoder.codec is not codec:
            decoder = self._decoders[stream] = Decoder(codec, self._codec)
            self._waiting[stream] = deque(maxlen=PHONE_BLOCKS_WAITING_MAX)
        self._waiting[stream].extend(decoder.blocks(payload))
        if len(self._waiting[stream]) >= _BLOCKS_AHEAD:
            self._speaking.add(stream)

    def forget(self, stream: int) -> None:
        """The speaker has been silent for long."""
        self._decoders.pop(stream, None)
        self._waiting.pop(stream, None)
        self._speaking.discard(stream)

    def take(self) -> bytes:
        """The next 20 ms of everybody, as a payload."""
        blocks: list[Block] = []
        for stream in sorted(self._speaking):
            if self._waiting[stream]:
                blocks.append(self._waiting[stream].popleft())
            else:
                self._speaking.discard(stream)
        return self._encoder.payload(mixed(blocks) if blocks else self._encoder.quiet)


def mixed(blocks: list[Block]) -> Block:
    """The sum of blocks of equal length, cut where it is louder than a sample can be."""
    if len(blocks) == 1:
        return blocks[0]
    total: Iterable[int] = array("h", blocks[0])
    for block in blocks[1:]:
        total = map(add, total, array("h", block))
    return array("h", map(min, map(max, total, repeat(-_LOUDEST)), repeat(_LOUDEST))).tobytes()

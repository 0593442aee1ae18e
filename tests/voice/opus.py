"""Opus as the browsers' codec does it, by the libopus that comes with PyAV: what a lost frame sounds like.

PyAV cannot be told that a frame is lost, so the library in its wheel is called directly (opus.h, RFC 6716).
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

RATE = 16_000
SAMPLES = RATE // 50
FRAME_BYTES_MAX = 1_275

_VOIP, _SET_BITRATE, _SET_FEC, _SET_EXPECTED_LOSS = 2048, 4002, 4012, 4014


def _library() -> ctypes.CDLL:
    package = find_spec("av")
    assert package is not None
    assert package.origin is not None
    libraries = Path(package.origin).parent.parent / "av.libs"
    return ctypes.CDLL(str(next(libraries.glob("libopus-*"))))


def encoded(sound: bytes, bits_a_second: int = 32_000, fec_loss_percent: int = 0) -> list[bytes]:
    """Frames of 20 ms of `sound` (16 bits, mono, RATE); with in-band FEC for this loss, if any is given."""
    opus, error = _library(), ctypes.c_int()
    opus.opus_encoder_create.restype = ctypes.c_void_p
    encoder = ctypes.c_void_p(opus.opus_encoder_create(RATE, 1, _VOIP, ctypes.byref(error)))
    assert error.value == 0
    opus.opus_encoder_ctl(encoder, _SET_BITRATE, ctypes.c_int(bits_a_second))
    opus.opus_encoder_ctl(encoder, _SET_FEC, ctypes.c_int(fec_loss_percent > 0))
    opus.opus_encoder_ctl(encoder, _SET_EXPECTED_LOSS, ctypes.c_int(fec_loss_percent))
    frames, room = [], ctypes.create_string_buffer(FRAME_BYTES_MAX)
    for start in range(0, len(sound) - 2 * SAMPLES + 1, 2 * SAMPLES):
        size = opus.opus_encode(encoder, sound[start : start + 2 * SAMPLES], SAMPLES, room, FRAME_BYTES_MAX)
        assert size > 0
        frames.append(room.raw[:size])
    opus.opus_encoder_destroy(encoder)
    return frames


def decoded(frames: Mapping[int, bytes], count: int, fec: bool = False) -> bytes:
    """The sound of `count` frames of which only some came; others are concealed, or taken from the next."""
    opus, error = _library(), ctypes.c_int()
    opus.opus_decoder_create.restype = ctypes.c_void_p
    decoder = ctypes.c_void_p(opus.opus_decoder_create(RATE, 1, ctypes.byref(error)))
    assert error.value == 0
    sound, room = bytearray(), (ctypes.c_int16 * SAMPLES)()
    for number in range(count):
        frame = frames.get(number)
        from_next = frame is None and fec and number + 1 in frames
        data = frames[number + 1] if from_next else frame
        size = opus.opus_decode(decoder, data, len(data or b""), room, SAMPLES, int(from_next))
        assert size == SAMPLES
        sound += bytes(room)
    opus.opus_decoder_destroy(decoder)
    return bytes(sound)

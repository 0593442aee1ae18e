"""Cuts a stream of bytes into frames: u32 big-endian length, then that many bytes. Spec: docs/spec/transport.md.

A length above FRAME_BYTES_MAX is refused when its four bytes are there, before anything behind them is kept.
"""

from __future__ import annotations

from struct import Struct

from openline.base.errors import PeerError
from openline.base.limits import FRAME_BYTES_MAX

_LENGTH = Struct(">I")
_LENGTH_BYTES = 4


class Splitter:
    """The frames of one stream. It owns the bytes of the frame that is not whole yet."""

    __slots__ = ("_held", "_needed")

    def __init__(self) -> None:
        self._held = bytearray()
        self._needed = _LENGTH_BYTES

    def feed(self, data: bytes) -> list[bytes]:
        """The frames that `data` completes, in order.

        Raises PeerError when a frame is announced longer than FRAME_BYTES_MAX; the stream is useless then.
        """
        if self._held:
            self._held += data
            if len(self._held) < self._needed:
                return []
            data = bytes(self._held)
            self._held.clear()
        frames = []
        start, end = 0, len(data)
        self._needed = _LENGTH_BYTES
        while end - start >= _LENGTH_BYTES:
            (size,) = _LENGTH.unpack_from(data, start)
            if size > FRAME_BYTES_MAX:
                raise PeerError("session-frame-too-large", size=size, limit=FRAME_BYTES_MAX)
            stop = start + _LENGTH_BYTES + size
            if stop > end:
                self._needed = stop - start
                break
            frames.append(data[start + _LENGTH_BYTES : stop])
            start = stop
        if start < end:
            self._held += data[start:]
        return frames

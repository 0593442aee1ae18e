"""Words between the node and its voice process over a socket pair: u32 length, then msgpack. Each end trusts the other.

Nothing waits: a word that is said is with the system at the end of the turn. Who has said more than the other end has
read for as long as CHANNEL_BYTES_MAX allows is cut off; the node then starts a new voice process. So is who says what
is no word: it is of another version, or out of its mind.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Generic, TypeVar, cast

import msgspec

from openline.base.limits import CHANNEL_BYTES_MAX
from openline.media.words import Word

GARBLED, UNREAD = "garbled", "unread"
"""Why a channel was cut off by this end: what came is no word, or what was said is not read."""

_LENGTH_BYTES = 4

T = TypeVar("T")


class Channel(asyncio.Protocol, Generic[T]):
    """One end. `heard` is called with each word of the type `kind`, `ended` once, whoever closed it.

    `fault` is empty, or why this end has cut it off.
    """

    def __init__(self, kind: type[T], heard: Callable[[T], None], ended: Callable[[], None]) -> None:
        self.fault = ""
        self._decoder = msgspec.msgpack.Decoder(kind)
        self._encoder = msgspec.msgpack.Encoder()
        self._heard = heard
        self._ended = ended
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def say(self, word: Word) -> None:
        """Put a word on its way. After the end it is dropped."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        data = self._encoder.encode(word)
        transport.write(len(data).to_bytes(_LENGTH_BYTES, "big") + data)
        if transport.get_write_buffer_size() > CHANNEL_BYTES_MAX:
            self._cut_off(UNREAD)

    def close(self) -> None:
        """Say no more, once what was said is gone."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are none by inheritance

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        buffer = self._buffer
        buffer += data
        at = 0
        while len(buffer) >= at + _LENGTH_BYTES and not self.fault:
            size = int.from_bytes(buffer[at : at + _LENGTH_BYTES], "big")
            start, stop = at + _LENGTH_BYTES, at + _LENGTH_BYTES + size
            if size > CHANNEL_BYTES_MAX:
                self._cut_off(GARBLED)
            if len(buffer) < stop:
                break
            self._take(bytes(memoryview(buffer)[start:stop]))
            at = stop
        del buffer[:at]

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        del exc
        self._transport = None
        self._ended()

    def _take(self, data: bytes) -> None:
        try:
            word = self._decoder.decode(data)
        except msgspec.DecodeError:
            self._cut_off(GARBLED)
        else:
            self._heard(word)

    def _cut_off(self, fault: str) -> None:
        self.fault = fault
        if self._transport is not None:
            self._transport.abort()


async def join(channel: Channel[T], end: socket.socket) -> Channel[T]:
    """Have `channel` speak over its end of a socket pair."""
    end.setblocking(False)
    await asyncio.get_running_loop().create_unix_connection(lambda: channel, sock=end)
    return channel

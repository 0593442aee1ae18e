"""One TLS connection of a phone. sippy has no TLS for phones, so it ends here, and messages go on as plain bytes.

The handshake runs on memory buffers rather than in asyncio's own TLS, so that a stranger's connection is counted before
it has cost one. A connection that says nothing for a while, or nothing of SIP, is closed.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from typing import Protocol, cast

from openline.base.errors import PeerError
from openline.base.limits import SIP_STREAM_SILENT_S
from openline.media.sip_stack import LoopWire
from openline.media.sip_text import Stream

_PLAIN_BYTES = 65_536
_UNREAD_BYTES_MAX = 65_536
_PONG = b"\r\n"


class TlsDoor(Protocol):
    """What a connection asks of the door it came through."""

    tls: tuple[str, int]

    def admits(self, host: str) -> bool:
        """Count a knock of an address."""

    def came(self, stream: TlsStream) -> bool:
        """A connection is there; False when there is no room for it."""

    def went(self, stream: TlsStream) -> None:
        """A connection is gone."""

    def take(self, data: bytes, wire: LoopWire) -> bool:
        """Hand a message on; False when it is none."""

    def refused(self, wire: LoopWire, error: PeerError) -> None:
        """What came over the wire is of no use."""


class TlsStream(asyncio.Protocol):
    """One connection, its messages, and the time it has to say the first."""

    wire: LoopWire

    def __init__(self, door: TlsDoor, context: ssl.SSLContext) -> None:
        self._door = door
        self._messages = Stream()
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._up = False
        self._transport: asyncio.Transport | None = None
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count it, before anything is computed for it."""
        self._transport = cast("asyncio.Transport", transport)
        host, port = transport.get_extra_info("peername")[:2]
        loop = asyncio.get_running_loop()
        self.wire = LoopWire(loop, self._door.tls, (host, port), self._send, secure=True)
        if not self._door.admits(host) or not self._door.came(self):
            self.close()
            return
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._patience = loop.call_later(SIP_STREAM_SILENT_S, self.close)

    def data_received(self, data: bytes) -> None:
        """More of the handshake, or of what is said after."""
        self._incoming.write(data)
        try:
            if not self._up:
                self._tls.do_handshake()
                self._up = True
            while self._transport is not None and not self._transport.is_closing():
                plain = self._tls.read(_PLAIN_BYTES)
                if not plain:
                    self.close()
                    break
                self._heard(plain)
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:
            self.close()
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the signature of asyncio
        """It is gone."""
        if self._patience is not None:
            self._patience.cancel()
        self._transport = None
        self._door.went(self)

    def close(self) -> None:
        """End it."""
        if self._transport is not None:
            self._transport.abort()

    def _heard(self, plain: bytes) -> None:
        try:
            messages = self._messages.feed(plain)
        except PeerError as error:
            self._door.refused(self.wire, error)
            self.close()
            return
        while self._messages.pings:
            self._messages.pings -= 1
            self._send(_PONG)
        for message in messages:
            if not self._door.admits(self.wire.address[0]) or not self._door.take(message, self.wire):
                self.close()
                return
            if self._patience is not None:
                self._patience.cancel()

    def _send(self, data: bytes) -> None:
        if self._transport is None or not self._up or self._transport.is_closing():
            return
        self._tls.write(data)
        self._flush()
        if self._transport.get_write_buffer_size() > _UNREAD_BYTES_MAX:
            self.close()  # it asks and does not listen

    def _flush(self) -> None:
        sealed = self._outgoing.read()
        if sealed and self._transport is not None and not self._transport.is_closing():
            self._transport.write(sealed)

"""One TLS session over one TCP connection: an asyncio protocol around OpenSSL's memory buffers.

Until the handshake has ended well nobody hears of the session, and nothing of it is kept. Afterwards what is sent in
one turn leaves as one TLS record and one write, and what comes in one read is handed over in one call. `_reason` is
set once, when the session ends, whoever ended it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Protocol, cast

from OpenSSL import SSL

from openline.base.errors import PathError, PeerError
from openline.base.time import SECOND_US
from openline.transport.framing import Splitter
from openline.transport.handshake import Handshake, Terms, is_refusal
from openline.transport.session import Host, next_number

CLOSE_WITHIN_S = 5

_READ_BYTES = 65_536
_RECORD_BYTES = 16_384  # the most that one TLS record carries (RFC 8446 section 5.1)
_RECORD_OVERHEAD_BYTES = 22  # header 5, content type 1, tag 16: alike in both cipher suites
_SLACK_BYTES = 256  # room for a record's overhead, and for an alert or key update that may go with it


class Owner(Protocol):
    """Who makes sessions: a listener, or an attempt to dial."""

    def knocked(self, session: TlsSession, host: str) -> bool:
        """A TCP connection with `host` is there; whether to go on. After a no there is nothing more to hear of it."""

    def opened(self, session: TlsSession) -> None:
        """The handshake is done, and the peer is who it must be."""

    def failed(self, session: TlsSession, why: PathError) -> None:
        """There will be no session. Said instead of `opened`."""

    def ended(self, session: TlsSession) -> None:
        """An opened session is over."""


class TlsSession(asyncio.BufferedProtocol):
    """A session, as transport.session.Session describes it."""

    own: Host
    theirs: Host
    _transport: asyncio.Transport
    _handshake: Handshake
    _tls: SSL.Connection

    def __init__(self, terms: Terms, owner: Owner) -> None:
        """For a TCP connection that is about to be handed over by the event loop that runs now."""
        self.number = next_number()
        self.peer = ""
        self.path = terms.path
        self.dialled = terms.wanted is not None
        self._terms = terms
        self._owner = owner
        self._loop = asyncio.get_running_loop()
        self._limit: asyncio.TimerHandle | None = None
        self._buffer = memoryview(bytearray(_READ_BYTES))
        self._splitter = Splitter()
        self._unread_bytes = 0
        self._out: list[bytes] = []
        self._out_bytes = 0
        self._corked = False
        self._opened = False
        self._given_up = False
        self._heard = False
        self._paused = False
        self._reason: str | None = None
        self._end = asyncio.Event()

    # What a session offers

    @property
    def backlog_bytes(self) -> int:
        """How many bytes wait here for the system to take them."""
        return self._out_bytes + self._transport.get_write_buffer_size()

    def send(self, data: bytes) -> None:
        """Put whole frames on the wire when this turn ends; dropped when the session is over."""
        if self._reason is not None:
            return
        if not self._out and not self._corked:
            self._loop.call_soon(self._flush)
        self._out.append(data)
        self._out_bytes += len(data)

    def flush(self) -> None:
        """Encrypt and write what was sent in this turn, unless frames are being handed over: then it follows them."""
        if not self._corked:
            self._flush()

    def pause(self) -> None:
        """Stop reading."""
        if not self._paused and not self._transport.is_closing():
            self._paused = True
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read again."""
        if self._paused and not self._transport.is_closing():
            self._paused = False
            self._transport.resume_reading()

    def exporter(self, label: bytes, length: int) -> bytes:
        """Secret bytes that only the two ends of this session can make."""
        return self._tls.export_keying_material(label, length)

    def close(self, reason: str) -> None:
        """End the session in good order: what was sent still goes out."""
        self._flush()
        if self._reason is None:
            self._finish(reason)

    async def ended(self) -> str:
        """Wait for the end of the session, and return its reason."""
        await self._end.wait()
        return cast("str", self._reason)

    def abandon(self) -> None:
        """Drop the connection without a word; the owner is not told that the handshake failed."""
        self._given_up = True
        self._transport.abort()

    # What the event loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """TCP is there: begin the handshake, if the owner agrees."""
        self._transport = cast("asyncio.Transport", transport)
        self.own, self.theirs = (_host(transport, end) for end in ("sockname", "peername"))
        host, port = self.theirs
        if not self._owner.knocked(self, host):
            self.abandon()
            return
        self._handshake = Handshake(self._terms, f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
        self._limit = self._loop.call_later(self._terms.rules.handshake_us / SECOND_US, self._too_slow)
        if self.dialled:
            self._shake(b"")

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - asyncio calls it by position
        """Where the event loop reads into."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """The event loop has read `nbytes`."""
        if self._opened:
            if self._reason is None:
                self._tls.bio_write(self._buffer[:nbytes])
                self._unread_bytes += nbytes
                self._read()
        elif not self._given_up:
            self._shake(self._buffer[:nbytes])

    def eof_received(self) -> bool:
        """TCP has ended without a word of TLS. The event loop closes our end."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """TCP is gone, by whoever's wish."""
        if self._opened and self._reason is None:
            self._end_with("session-timed-out" if isinstance(exc, TimeoutError) else "session-broken")
        elif not self._opened and not self._given_up:
            self._give_up(self._handshake.fail("path-broken-off"))
        if self._limit is not None:
            self._limit.cancel()

    # The handshake

    def _shake(self, data: bytes | memoryview) -> None:
        handshake = self._handshake
        answer = handshake.advance(data)
        if answer:
            self._transport.write(answer)
        if handshake.fault is not None:
            self._give_up(handshake.fault)
        elif handshake.peer is not None:
            self._open(handshake.peer)

    def _too_slow(self) -> None:
        self._give_up(self._handshake.fail("path-handshake-timed-out"))

    def _give_up(self, why: PathError) -> None:
        self._given_up = True
        self._hang_up()
        self._owner.failed(self, why)

    def _open(self, peer: str) -> None:
        if self._limit is not None:
            self._limit.cancel()
        self.peer, self._tls, self._opened = peer, self._handshake.tls, True
        self._owner.opened(self)
        self._corked = True
        self._terms.receiver.opened(self)
        self._corked = False
        self._flush()
        if self._reason is None:
            self._unread_bytes = -1  # not known: whole records may have come with the end of the handshake
            self._read()
            self._unread_bytes = self._handshake.unfinished_bytes()

    # The session

    def _read(self) -> None:
        """Decrypt everything that is there, and hand over the frames that are whole now.

        Asking OpenSSL for more than there is costs as much as decrypting a short record, so the bytes given to it
        are counted against those of the records read. A padded record or a key update leaves the count too high
        for good: then it is asked once in vain on every read, and nothing else changes.
        """
        data, ended = b"", None
        recv = self._tls.recv
        try:
            while self._unread_bytes:
                chunk = recv(_RECORD_BYTES)
                self._unread_bytes -= len(chunk) + _RECORD_OVERHEAD_BYTES
                data = data + chunk if data else chunk
        except SSL.Error as why:
            ended = self._meaning(why, heard=bool(data))
        if data:
            try:
                frames = self._splitter.feed(data)
            except PeerError as why:
                frames, ended = [], why.message_id
            if frames:
                self._heard = True
                self._corked = True
                self._terms.receiver.frames(self, frames)
                self._corked = False
                self._flush()
        if ended is not None and self._reason is None:
            self._finish(ended)

    def _meaning(self, why: SSL.Error, heard: bool) -> str | None:
        match why:
            case SSL.WantReadError():
                return None
            case SSL.ZeroReturnError():
                return "session-ended" if self._heard or heard else "session-ended-unheard"
            case _:
                return "path-refused-us" if is_refusal(why) else "session-bytes-wrong"

    def _flush(self) -> None:
        """Encrypt and write what this turn has sent."""
        out = self._out
        if not out or self._reason is not None:
            return
        data = out[0] if len(out) == 1 else b"".join(out)
        out.clear()
        self._out_bytes = 0
        try:
            self._tls.sendall(data)  # pyOpenSSL's `send` stops after one record
            self._transport.write(self._tls.bio_read(len(data) + (len(data) >> 9) + _SLACK_BYTES))
        except SSL.Error:
            self._finish("session-bytes-wrong")
            return
        if self._transport.get_write_buffer_size() > self._terms.rules.backlog_bytes_max:
            self._end_with("session-backlog-full")
            self._transport.abort()

    def _finish(self, reason: str) -> None:
        """Say goodbye in TLS, and let go."""
        self._end_with(reason)
        with suppress(SSL.Error):  # after an alert, either way, there is no goodbye left to say
            self._tls.shutdown()
        with suppress(SSL.Error):
            self._transport.write(self._tls.bio_read(_SLACK_BYTES))
        self._hang_up()

    def _end_with(self, reason: str) -> None:
        self._reason = reason
        self._out.clear()
        self._out_bytes = 0
        self._loop.call_soon(self._tell)

    def _tell(self) -> None:
        self._owner.ended(self)
        self._terms.receiver.closed(self, cast("str", self._reason))
        self._end.set()

    def _hang_up(self) -> None:
        """Close TCP when everything is written, or soon anyway."""
        if self._limit is not None:
            self._limit.cancel()
        self._transport.close()
        self._limit = self._loop.call_later(CLOSE_WITHIN_S, self._transport.abort)


def _host(transport: asyncio.BaseTransport, end: str) -> Host:
    """One end of a connection. A peer that has gone already has no name."""
    host, port, *more = transport.get_extra_info(end) or ("?", 0)
    scope = more[1] if len(more) > 1 else 0
    return f"{host}%{scope}" if scope and "%" not in host else host, port

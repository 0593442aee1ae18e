"""Where phones reach the node: a UDP port for our own LAN, and a TLS port. It owns the sockets; in the event loop.

What comes in is counted by address before it is read, read before it is handed on, and handed on as text with the wire
to answer over. UDP is heard from our own LAN alone. A connection is counted before its TLS begins (`sip_tls`), and when
there are too many the oldest that has proved nothing goes.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_address
from ssl import SSLContext
from typing import Protocol

from openline.base.errors import PeerError
from openline.base.limits import SIP_BURST, SIP_REFILL_MS, SIP_STREAMS_MAX
from openline.media.sip_gate import Knock, SipGate
from openline.media.sip_stack import LoopWire
from openline.media.sip_text import read
from openline.media.sip_tls import TlsStream

Network = IPv4Network | IPv6Network
_DATAGRAM_BYTES_MAX = 65_535
_DATAGRAMS_PER_TURN = 8


class Note(Protocol):
    """Takes one line for the log: a message id and its facts."""

    def __call__(self, fact: str, /, **facts: str | int) -> None: ...


Received = Callable[[str, LoopWire], None]
"""Takes the text of a message and the wire it came over."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Where to listen: the address of this machine on our LAN, its ports (None: not), and what makes TLS."""

    host: str
    udp_port: int | None
    tls_port: int | None
    tls: SSLContext | None
    lan: tuple[Network, ...]


def inside(host: str, networks: Sequence[Network]) -> bool:
    """Whether an address is in one of the networks."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return any(address in network for network in networks)


class SipDoor:
    """Listens, counts, reads and hands on. `closed` is told of each TLS wire that is gone."""

    def __init__(self, doors: Doors, received: Received, closed: Callable[[LoopWire], None], note: Note) -> None:
        self._doors = doors
        self._received = received
        self._closed = closed
        self.note = note
        self._loop = asyncio.get_running_loop()
        self._gate = SipGate(SIP_BURST, SIP_REFILL_MS)
        self._socket: socket.socket | None = None
        self._server: asyncio.AbstractServer | None = None
        self._streams: dict[TlsStream, None] = {}
        self.udp = (doors.host, 0)
        self.tls = (doors.host, 0)

    async def open(self) -> None:
        """Begin to listen. Raises OSError when a port is taken."""
        doors = self._doors
        if doors.udp_port is not None:
            family = socket.AF_INET6 if ":" in doors.host else socket.AF_INET
            own = socket.socket(family, socket.SOCK_DGRAM)
            try:
                own.bind((doors.host, doors.udp_port))
            except OSError:
                own.close()
                raise
            own.setblocking(False)
            self._socket = own
            self.udp = (doors.host, own.getsockname()[1])
            self._loop.add_reader(own.fileno(), self._readable)
        if doors.tls_port is not None and doors.tls is not None:
            self._server = await self._loop.create_server(
                partial(TlsStream, self, doors.tls), doors.host, doors.tls_port
            )
            self.tls = (doors.host, self._server.sockets[0].getsockname()[1])

    def close(self) -> None:
        """Listen no more."""
        if self._socket is not None:
            self._loop.remove_reader(self._socket.fileno())
            self._socket.close()
            self._socket = None
        if self._server is not None:
            self._server.close()
        for stream in list(self._streams):
            stream.close()

    def admits(self, host: str) -> bool:
        """Count a knock of an address."""
        knock = self._gate.knock(host, self._loop.time())
        if knock is Knock.REFUSED:
            self.note("sip-flood", address=host)
        return knock is Knock.ADMITTED

    def take(self, data: bytes, wire: LoopWire) -> bool:
        """Read one message and hand it on; False when it is none."""
        try:
            text = read(data)
        except PeerError as error:
            self.refused(wire, error)
            return False
        self._received(text, wire)
        return True

    def refused(self, wire: LoopWire, error: PeerError) -> None:
        """What came over the wire is of no use."""
        self.note(error.message_id, address=wire.address[0], **error.facts)

    def _readable(self) -> None:
        for _ in range(_DATAGRAMS_PER_TURN):
            assert self._socket is not None, "the reader is removed first"
            try:
                data, address = self._socket.recvfrom(_DATAGRAM_BYTES_MAX)
            except OSError:
                return  # nothing more, or what an earlier answer met
            host, port = address[0], address[1]
            if not self.admits(host) or not data.strip():
                continue
            if not inside(host, self._doors.lan):
                self.note("sip-not-our-lan", address=host)
                continue
            self.take(data, LoopWire(self._loop, self.udp, (host, port), self._sending(address), secure=False))

    def _sending(self, address: tuple[str, int]) -> Callable[[bytes], None]:
        def send(data: bytes) -> None:
            if self._socket is not None:
                with contextlib.suppress(OSError):  # a datagram that cannot go is one that is lost
                    self._socket.sendto(data, address)

        return send

    def came(self, stream: TlsStream) -> bool:
        """A TLS connection is up; False when there is no room for it."""
        if len(self._streams) >= SIP_STREAMS_MAX:
            oldest = next((one for one in self._streams if not one.wire.proved), None)
            self.note("sip-crowded", address=stream.wire.address[0])
            if oldest is None:
                return False
            oldest.close()
            self._streams.pop(oldest, None)
        self._streams[stream] = None
        return True

    def went(self, stream: TlsStream) -> None:
        """A TLS connection is gone."""
        self._streams.pop(stream, None)
        self._closed(stream.wire)

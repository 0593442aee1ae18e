"""The socket of one phone's sound: RTP packets out and in, sealed and opened where there are keys. In the event loop.

Sound is heard from the phone's own addresses alone, and answered to the port it comes from: phones behind a small
router name a wrong one. RTCP is not spoken; what a phone sends of it to this port is passed over.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable
from secrets import randbelow, randbits

from openline.base.errors import PeerError, UsageError
from openline.media.phone_sdp import Terms
from openline.media.rtp import Parsed, build, is_rtcp, parse
from openline.media.sdes import Srtp

Heard = Callable[[Parsed], None]
"""Takes each packet of the phone that is what it seems."""

_PACKET_BYTES_MAX = 2_048
_PACKETS_PER_TURN = 8
_TRIES = 32


def open_socket(host: str, ports: range) -> socket.socket:
    """A UDP socket at an even port of the range. Raises UsageError when all that were tried are taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    even = range(ports.start + ports.start % 2, ports.stop, 2)
    first = randbelow(len(even))
    for step in range(min(len(even), _TRIES)):
        own = socket.socket(family, socket.SOCK_DGRAM)
        try:
            own.bind((host, even[(first + step) % len(even)]))
        except OSError:
            own.close()
            continue
        own.setblocking(False)
        return own
    raise UsageError("phone-no-port", address=host)


class PhoneRtp:
    """One phone's sound. `strange` counts packets that were none of it, `received` and `sent` those that were."""

    def __init__(self, own: socket.socket, heard: Heard) -> None:
        """Takes the socket over. Nothing is heard or sent before `agree`."""
        self.port = own.getsockname()[1]
        self.received = 0
        self.sent = 0
        self.strange = 0
        self._socket = own
        self._heard = heard
        self._loop = asyncio.get_running_loop()
        self._source = randbits(32)
        self._terms: Terms | None = None
        self._srtp: Srtp | None = None
        self._hosts: frozenset[str] = frozenset()
        self._target: tuple[str, int] | None = None
        self._found = False
        self._loop.add_reader(own.fileno(), self._readable)

    def agree(self, terms: Terms, signalled_from: str) -> None:
        """From now on these terms hold; `signalled_from` is the address the phone signals from."""
        before = self._terms
        self._terms = terms
        self._hosts = frozenset({terms.host, signalled_from})
        if before is None or (before.host, before.port) != (terms.host, terms.port):
            self._target, self._found = (terms.host, terms.port), False
        if terms.own is None or terms.peer is None:
            self._srtp = None
        elif before is None or (before.own, before.peer) != (terms.own, terms.peer):
            self._srtp = Srtp(terms.own, terms.peer)

    def send(self, marker: bool, sequence: int, timestamp: int, payload: bytes) -> None:
        """One packet to the phone, when it wants to hear."""
        terms = self._terms
        if terms is None or not terms.phone_hears or self._target is None:
            return
        packet: bytes | None = build(terms.payload_type, marker, sequence, timestamp, self._source, payload)
        if self._srtp is not None and packet is not None:
            packet = self._srtp.seal(packet)
        if packet is not None:
            with contextlib.suppress(OSError):  # what cannot go is lost, as on any wire
                self._socket.sendto(packet, self._target)
                self.sent += 1

    def close(self) -> None:
        """Nothing is heard or sent any more. May be called twice."""
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket.fileno())
            self._socket.close()

    def _readable(self) -> None:
        for _ in range(_PACKETS_PER_TURN):
            try:
                data, address = self._socket.recvfrom(_PACKET_BYTES_MAX)
            except OSError:
                return  # nothing more, or closed meanwhile
            self._take(data, address)

    def _take(self, data: bytes, address: tuple[str, int]) -> None:
        terms = self._terms
        host = address[0].partition("%")[0]
        if terms is None or host not in self._hosts or (self._found and self._srtp is None and address != self._target):
            self.strange += 1
            return
        if is_rtcp(data):
            return
        plain = data if self._srtp is None else self._srtp.open(data)
        try:
            packet = parse(plain or b"")
        except PeerError:
            self.strange += 1
            return
        if packet[0] != terms.payload_type or not terms.phone_hears:
            # Tones of keys, comfort noise, or music for a line on hold: nothing an officer has said.
            return
        self._target, self._found = address, True
        self.received += 1
        self._heard(packet)

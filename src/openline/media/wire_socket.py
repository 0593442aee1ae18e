"""One UDP socket for the sound of one path, bound to the path's own address and to no other.

Bound to one address a datagram leaves by the cable that the path means, and from where the peer sent to. The mark
Expedited Forwarding (RFC 3246) is asked for; a network that knows nothing of it does no harm.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import cast

from openline.base.limits import WIRE_BATCH_DATAGRAMS, WIRE_DATAGRAM_BYTES_MAX, WIRE_RECEIVE_BYTES

Place = tuple[str, int] | tuple[str, int, int, int]
"""An address as the system writes it: host, port, and for IPv6 flow and scope."""

Arrived = Callable[["WireSocket", bytes, Place], None]
"""Takes a datagram and where it came from. Longer ones come cut to one byte more than may be."""

_EXPEDITED = 0xB8
_NOT_FREE = (errno.EADDRINUSE, errno.EACCES)
_SO_MEMINFO = 55  # Linux: nine u32, the last is how many datagrams found no room (SK_MEMINFO_DROPS)
_MEMINFO_BYTES = 36


def place_of(host: str, port: int) -> tuple[socket.AddressFamily, Place]:
    """The address of a numeric host. Raises OSError when it is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV)
    family, _, _, _, place = found[0]
    return family, cast("Place", place)


class WireSocket:
    """A bound socket. `port` is the one it got, whatever was wanted."""

    def __init__(self, path: str, host: str, wanted: int, arrived: Arrived) -> None:
        """Bind to `host` at port `wanted`, or at another one when that is not free; 0 is any. Raises OSError."""
        self.path = path
        self._arrived = arrived
        self._loop = asyncio.get_running_loop()
        self._own = _bound(host, wanted)
        self.port = int(self._own.getsockname()[1])
        self._loop.add_reader(self._own.fileno(), self._read)

    @property
    def dropped(self) -> int:
        """How many datagrams the system dropped because we did not read in time; 0 where it does not say."""
        with suppress(OSError):
            info = self._own.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _MEMINFO_BYTES)
            if len(info) == _MEMINFO_BYTES:
                return int.from_bytes(info[-4:], sys.byteorder)
        return 0

    def send(self, data: bytes, place: Place) -> bool:
        """Put a datagram on the wire; False when the system does not take it (no route, no room, not allowed)."""
        try:
            self._own.sendto(data, place)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Take no more."""
        self._loop.remove_reader(self._own.fileno())
        self._own.close()

    def _read(self) -> None:
        """Everything that is there, up to a number that lets others have their turn."""
        for _ in range(WIRE_BATCH_DATAGRAMS):
            try:
                data, place = self._own.recvfrom(WIRE_DATAGRAM_BYTES_MAX + 1)
            except OSError:  # Nothing more; or whoever took the last one has closed us.
                return
            self._arrived(self, data, place)


def _bound(host: str, wanted: int) -> socket.socket:
    family, place = place_of(host, wanted)
    own = socket.socket(family, socket.SOCK_DGRAM)
    try:
        own.setblocking(False)
        own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WIRE_RECEIVE_BYTES)
        with suppress(OSError):
            if family == socket.AF_INET6:
                own.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, _EXPEDITED)
            else:
                own.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, _EXPEDITED)
        try:
            own.bind(place)
        except OSError as why:
            if not wanted or why.errno not in _NOT_FREE:
                raise
            own.bind(place_of(host, 0)[1])
    except OSError:
        own.close()
        raise
    return own

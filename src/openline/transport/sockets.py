"""TCP sockets as the link wants them, and their failures in openline's words.

Addresses are `host:port`, IPv6 in brackets. All options are set before connect or listen: accepted sockets
inherit those of the listening one.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from typing import cast

from openline.base.errors import PathError, UsageError
from openline.base.time import SECOND_US
from openline.transport.session import Rules, Target

_PORT_MAX = 65_535
_BACKLOG = 128
# Bytes the system takes before it says "full": what waits longer is counted in `Session.backlog_bytes`.
_UNSENT_BYTES_MAX = 65_536
# The link proves life every 15 s by itself; keep-alive only ends what a dead peer's system forgot.
_KEEPALIVE_IDLE_S = 60
_KEEPALIVE_EVERY_S = 15
_KEEPALIVE_TIMES = 4

_Place = tuple[int, "tuple[str, int] | tuple[str, int, int, int]"]


def split_address(address: str) -> tuple[str, int]:
    """The host and port of `host:port` or `[v6]:port`. Raises UsageError for anything else."""
    host, colon, port = address.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        colon = ""
    if not (host and colon and port.isascii() and port.isdecimal() and int(port) <= _PORT_MAX):
        raise UsageError("path-address-wrong", address=address)
    return host, int(port)


async def listening_socket(address: str, rules: Rules) -> socket.socket:
    """A socket that listens at `address`; port 0 lets the system choose.

    Raises PathError when the address cannot be listened at, UsageError when it is none.
    """
    host, port = split_address(address)
    try:
        family, place = (await _places(host, port))[0]
        own = socket.socket(family, socket.SOCK_STREAM)
    except OSError as why:
        raise _cannot_listen(why, address) from why
    try:
        own.setblocking(False)
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _set_options(own, rules)
        own.bind(place)
        own.listen(_BACKLOG)
    except OSError as why:
        own.close()
        raise _cannot_listen(why, address) from why
    return own


async def connected_socket(target: Target, rules: Rules) -> socket.socket:
    """A TCP connection to `target`. A host with several addresses has them tried in turn within `connect_us`.

    Raises PathError when none answers, UsageError when the address is none.
    """
    host, port = split_address(target.address)
    failure: OSError | None = None
    try:
        async with asyncio.timeout(rules.connect_us / SECOND_US):
            places = await _places(host, port)
    except OSError as why:
        raise _cannot_dial(why, target, rules) from why
    for place in places:
        try:
            async with asyncio.timeout(rules.connect_us / len(places) / SECOND_US):
                return await _connect(place, rules)
        except OSError as why:
            failure = failure or why
    assert failure is not None, "a host has at least one address"
    raise _cannot_dial(failure, target, rules) from failure


async def _connect(place: _Place, rules: Rules) -> socket.socket:
    own = socket.socket(place[0], socket.SOCK_STREAM)
    connected = False
    try:
        own.setblocking(False)
        _set_options(own, rules)
        if rules.source is not None:
            own.bind((rules.source, 0))
        await asyncio.get_running_loop().sock_connect(own, place[1])
        connected = True
    finally:
        if not connected:
            own.close()
    return own


async def _places(host: str, port: int) -> list[_Place]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except ValueError as why:  # a host that cannot even be written as a name
        raise socket.gaierror(socket.EAI_NONAME, str(why)) from why
    return [cast("_Place", (family, place)) for family, _, _, _, place in found]


def _set_options(own: socket.socket, rules: Rules) -> None:
    own.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    # Linux has the rest; elsewhere the link's own proof of life does the work, only later.
    for name, value in (
        ("TCP_KEEPIDLE", _KEEPALIVE_IDLE_S),
        ("TCP_KEEPINTVL", _KEEPALIVE_EVERY_S),
        ("TCP_KEEPCNT", _KEEPALIVE_TIMES),
        ("TCP_USER_TIMEOUT", rules.silent_us // 1_000),
        ("TCP_NOTSENT_LOWAT", _UNSENT_BYTES_MAX),
    ):
        option = getattr(socket, name, None)
        if option is not None:
            own.setsockopt(socket.IPPROTO_TCP, option, value)


def _cannot_listen(why: OSError, address: str) -> PathError:
    if isinstance(why, socket.gaierror):
        return PathError("path-name-unknown", address=address)
    match why.errno:
        case errno.EADDRINUSE:
            return PathError("path-port-taken", address=address)
        case errno.EADDRNOTAVAIL:
            return PathError("path-address-not-ours", address=address)
        case errno.EACCES | errno.EPERM:
            return PathError("path-port-not-allowed", address=address)
        case _:
            return PathError("path-cannot-listen", address=address, detail=_words(why))


def _cannot_dial(why: OSError, target: Target, rules: Rules) -> PathError:
    facts = {"path": target.path, "address": target.address}
    if isinstance(why, socket.gaierror):
        return PathError("path-name-unknown", address=target.address)
    if isinstance(why, ConnectionRefusedError):
        return PathError("path-refused", **facts)
    if isinstance(why, TimeoutError):
        return PathError("path-timed-out", **facts)
    if why.errno == errno.EADDRNOTAVAIL and rules.source is not None:
        return PathError("path-address-not-ours", address=rules.source)
    return PathError("path-unreachable", detail=_words(why), **facts)


def _words(why: OSError) -> str:
    return os.strerror(why.errno) if why.errno else str(why)

"""Opens and closes the node's doors: a Unix socket of mode 0600, and loopback TCP and HTTPS where the configuration
says so.

uvicorn's HTTP protocol runs in the node's own event loop, without a server object of its own: the node has its
own signals, its own log and its own end. Closing drains: no new callers, streams end, what is being answered is
answered, and what takes longer than allowed is cut off.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import ssl
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from openline.base.errors import BusyError, UsageError
from openline.console.answers import ENDLESS

BACKLOG = 128
KEEP_ALIVE_S = 75
SOCKET_MODE = 0o600
Endless = set[asyncio.Task[object]]
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Door:
    """One listener with its connections. Made by `open_door`; used from the event loop's thread only."""

    def __init__(self, server: asyncio.AbstractServer, state: ServerState, endless: Endless) -> None:
        self._server = server
        self._state = state
        self._endless = endless

    async def close(self, within_s: float) -> None:
        """Let nobody in, let everybody finish within `within_s`, then cut off."""
        self._server.close()
        for task in list(self._endless):
            task.cancel()
        for connection in list(self._state.connections):
            connection.shutdown()
        if self._state.tasks:
            _, late = await asyncio.wait(list(self._state.tasks), timeout=within_s)
            for task in late:
                task.cancel()
        for connection in list(self._state.connections):
            if connection.transport is not None:
                connection.transport.close()


async def open_door(app: ASGIApp, listener: socket.socket, tls: ssl.SSLContext | None = None) -> Door:
    """Serve `app` on a bound socket, in the running loop; by HTTPS when `tls` is given."""
    config = uvicorn.Config(
        app,
        http=HttpToolsProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
    )
    config.load()
    state = ServerState()
    endless: Endless = set()
    loop = asyncio.get_running_loop()

    def protocol() -> asyncio.Protocol:
        return HttpToolsProtocol(config, state, {ENDLESS: endless}, loop)

    if listener.family == socket.AF_UNIX:
        server = await loop.create_unix_server(protocol, sock=listener, backlog=BACKLOG)
    else:
        server = await loop.create_server(protocol, sock=listener, backlog=BACKLOG, ssl=tls)
    return Door(server, state, endless)


def bind_unix(file: Path) -> socket.socket:
    """A socket bound to `file`, for its owner only. The file stays after the end; the next start replaces it.

    A file that a dead node left behind is replaced. Raises BusyError when a node answers there, and UsageError when
    the place cannot be used.
    """
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with _short(file) as address:
            _clear(file, address)
            # Created closed: between bind and chmod nobody else may slip in.
            before = os.umask(0o777 & ~SOCKET_MODE)
            try:
                bound.bind(address)
            finally:
                os.umask(before)
    except OSError as why:
        bound.close()
        raise UsageError("socket-unusable", file=str(file), detail=why.strerror or str(why)) from why
    except BusyError:
        bound.close()
        raise
    return bound


def tls_context(file: Path) -> ssl.SSLContext:
    """TLS 1.3 with the console's certificate and key in `file`. `renew_tls` lets new connections have a newer one.

    Raises UsageError `console-certificate-missing` or `console-certificate-unreadable`.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.set_alpn_protocols(["http/1.1"])
    renew_tls(context, file)
    return context


def renew_tls(context: ssl.SSLContext, file: Path) -> None:
    """Read the certificate again. Raises the same as `tls_context`; then the one before stays in use."""
    try:
        context.load_cert_chain(file)
    except FileNotFoundError:
        raise UsageError("console-certificate-missing", file=str(file)) from None
    except (OSError, ValueError) as why:  # ssl.SSLError is an OSError
        raise UsageError("console-certificate-unreadable", file=str(file), detail=str(why)) from why


def bind_tcp(host: str, port: int, everywhere: bool = False) -> socket.socket:
    """A socket bound to a loopback address, or to any address of this machine where `everywhere`.

    Raises UsageError for any other address, and BusyError when the port is taken.
    """
    if host not in LOOPBACK and not everywhere:
        raise UsageError("listen-not-loopback", host=host)
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError as why:
        bound.close()
        if why.errno == errno.EADDRINUSE:
            raise BusyError("port-taken", host=host, port=port) from why
        raise UsageError("port-unusable", host=host, port=port, detail=why.strerror or str(why)) from why
    return bound


def _clear(file: Path, address: str) -> None:
    """Remove a socket that nobody serves. Raises BusyError when somebody does, OSError when it is another file."""
    try:
        mode = file.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise FileExistsError(errno.EEXIST, "another file has this name")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(address)
        except ConnectionRefusedError:
            file.unlink(missing_ok=True)
            return
    raise BusyError("node-running", file=str(file))


@contextmanager
def _short(file: Path) -> Iterator[str]:
    """An address for `file` that fits into the 107 bytes a socket address has, however deep the folder lies."""
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        address = str(file)
        fits = len(os.fsencode(address)) <= 107
        yield address if fits else f"/proc/self/fd/{folder}/{file.name}"
    finally:
        os.close(folder)

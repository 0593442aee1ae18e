"""Who calls a node and is not an honest peer: callers with a paired party's key, and listeners in its place.

A `Caller` holds the other party's own TLS key and says HELLO as that party; after that it says what it likes. It
stands for a peer whose software is broken or taken over. A `P256Listener` answers at a party's address with the
party's own key, and knows no other key exchange than P-256.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

import apsw
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from OpenSSL import SSL

from openline.cli.stage import Party
from openline.link.frames import Hello, Tip, encode_frame
from openline.node.clock import SystemClock
from openline.node.config import read_config, split_address
from openline.node.folder import Folder
from openline.transport.profile import TlsIdentity, certificate
from openline.transport.session import Rules, Session, Target
from openline.transport.tls import dial
from tests.process.houses import LINE, PATIENCE_S


@dataclass(slots=True)
class Heard:
    """What a caller hears: that it was greeted, and the reason of the end."""

    something: asyncio.Event = field(default_factory=asyncio.Event)
    reason: str = ""

    def opened(self, session: Session) -> None:
        """See transport.session.Receiver."""

    def frames(self, session: Session, frames: list[bytes]) -> None:
        """See transport.session.Receiver."""
        self.something.set()

    def closed(self, session: Session, reason: str) -> None:
        """See transport.session.Receiver."""
        self.reason = reason


def call(victim: Party, as_party: Party, path: int, datas: Sequence[bytes], within_s: float = PATIENCE_S) -> Heard:
    """Call `victim` on a path with the TLS key of `as_party`, say HELLO and then `datas`, and wait for the end."""
    seed = Folder(as_party.folder).secrets().tls.seed
    where = read_config(victim.folder).path[path]
    assert where.listen is not None
    target = Target(victim.id, where.name, where.listen)
    heard = Heard()
    greeting = hello(as_party, victim, where.name)

    async def calling() -> None:
        session = await dial(target, TlsIdentity(seed), lambda _pin: victim.id, heard, Rules())
        session.send(greeting)
        await heard.something.wait()
        for data in datas:
            session.send(data)
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await session.ended()
        session.close("stopping")
        await session.ended()

    asyncio.run(calling())
    return heard


def hello(me: Party, peer: Party, path: str) -> bytes:
    """An honest HELLO of `me`, which claims to hold nothing and to have said nothing."""
    members = tuple(sorted((me.id, peer.id)))
    return encode_frame(
        Hello(
            versions=(1, 1),
            line=LINE,
            members=members,
            me=members.index(me.id),
            path=path,
            time_ms=SystemClock().now().ms,
            salt_key=_salt_key(me),
            presence=0,
            tips=tuple(Tip(number, 0, None, None) for number in range(2)),
            receipted=0,
        )
    )


def _salt_key(party: Party) -> bytes:
    """The salt key of the party's own log, whether its node runs or not."""
    record = apsw.Connection(str(party.folder / "record.db"), apsw.SQLITE_OPEN_READONLY)
    try:
        return cast("bytes", record.execute("SELECT salt_key FROM head WHERE own = 1").fetchall()[0][0])
    finally:
        record.close()


def framed(data: bytes) -> bytes:
    """`data` with its length before it, whatever it is."""
    return len(data).to_bytes(4, "big") + data


class P256Listener:
    """Answers in a thread at the address of a party that does not run, until `close`."""

    def __init__(self, party: Party, path: int) -> None:
        listen = read_config(party.folder).path[path].listen
        assert listen is not None
        seed = Folder(party.folder).secrets().tls.seed
        self._context = SSL.Context(SSL.TLS_METHOD)
        self._context.set_min_proto_version(SSL.TLS1_3_VERSION)
        self._context.use_certificate(certificate(seed))
        self._context.use_privatekey(Ed25519PrivateKey.from_private_bytes(seed))
        self._context.set_tmp_ecdh(SECP256R1())
        self._context.set_verify(SSL.VERIFY_PEER, lambda *_: True)
        self._server = socket.create_server(split_address(listen))
        self._server.settimeout(0.1)
        self._closed = False
        self.answered = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Answer no more."""
        self._closed = True
        self._thread.join()
        self._server.close()

    def _run(self) -> None:
        while not self._closed:
            with suppress(TimeoutError):
                caller, _ = self._server.accept()
                caller.settimeout(None)
                tls = SSL.Connection(self._context, caller)
                tls.set_accept_state()
                with suppress(SSL.Error):
                    tls.do_handshake()
                self.answered += 1
                caller.close()


def p256_call(victim: Party, as_party: Party, path: int) -> Callable[[], str]:
    """Call `victim` with the party's key and P-256 alone; what OpenSSL says in the end."""
    seed = Folder(as_party.folder).secrets().tls.seed
    listen = read_config(victim.folder).path[path].listen
    assert listen is not None
    tls = TlsIdentity(seed).dial(lambda _pin: True, low_rate=True)

    def ended() -> str:
        with socket.create_connection(split_address(listen), timeout=PATIENCE_S) as own:
            try:
                while True:
                    try:
                        tls.do_handshake()
                        own.sendall(tls.bio_read(65_536))
                        tls.bio_write(own.recv(65_536))
                        return str(tls.recv(1))
                    except SSL.WantReadError:
                        with suppress(SSL.WantReadError):
                            own.sendall(tls.bio_read(65_536))
                        data = own.recv(65_536)
                        if not data:
                            return "closed"
                        tls.bio_write(data)
            except SSL.Error as why:
                return repr(why)

    return ended

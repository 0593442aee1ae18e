"""Everything of aiortc and aioice that browser legs use and that is not promised to stay. All of it stands here.

Both are pinned, and tests/media/test_hooks.py holds each of these to its behaviour, so that an upgrade fails loudly.
Used are the ICE and DTLS transports alone: no peer connection, no track, no codec, no thread.

What is relied on:

- `RTCIceGatherer(iceServers=...)`: left out, it would call a public STUN server.
- `RTCIceGatherer._connection`: the aioice connection; `get_component_candidates` binds the addresses it is given
  (and only those), and `_local_candidates`, `_local_candidates_start`, `_local_candidates_end` tell that this is done.
- `Connection._protocols`: its sockets. `Connection._nominated`: the pair agreed on.
- Without `addRemoteCandidate(None)`, connecting goes on until a check with the right password comes in.
- `get_write_buffer_size` of datagram transports, which asyncio and uvloop have and do not promise.
- `RTCDtlsTransport._set_role`, `_validate_peer_identity`, `_rx_srtp`, `_tx_srtp`; `_ssl` for the profile agreed on;
  `statechange` when it ends.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import ip_address
from typing import cast

from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from aiortc.rtcicetransport import RTCIceGatherer, RTCIceParameters, RTCIceTransport
from pylibsrtp import Error as SrtpError
from pylibsrtp import Session as Srtp

from openline.base.errors import PathError
from openline.media.offer import Fingerprint

__all__ = [
    "Dtls",
    "Ice",
    "RTCCertificate",
    "Srtp",
    "SrtpError",
    "fingerprint",
    "new_certificate",
    "waiting_bytes",
]

_COMPONENT = 1
_PUBLISHED = "sha-256"

Place = tuple[str, int]


def new_certificate() -> RTCCertificate:
    """The certificate all legs of one start of the process show; its fingerprint is in their answers."""
    return RTCCertificate.generateCertificate()


def fingerprint(certificate: RTCCertificate) -> Fingerprint:
    """The fingerprint of our own certificate, as answers give it."""
    return next((one.algorithm, one.value) for one in certificate.getFingerprints() if one.algorithm == _PUBLISHED)


def waiting_bytes(transport: asyncio.DatagramTransport) -> int:
    """What the system has not yet taken of what was sent through `transport`."""
    return cast("asyncio.WriteTransport", transport).get_write_buffer_size()


class Ice:
    """The way to one browser: sockets at given addresses, and the pair of places both ends have agreed on."""

    def __init__(self) -> None:
        gatherer = RTCIceGatherer(iceServers=[])  # without the argument it calls a public server
        self.transport = RTCIceTransport(gatherer)
        self._connection = gatherer._connection  # noqa: SLF001 - see the list above

    @property
    def username(self) -> str:
        """What the browser's checks have to name."""
        return self._connection.local_username

    @property
    def password(self) -> str:
        """What the browser's checks have to be signed with."""
        return self._connection.local_password

    async def bind(self, addresses: Sequence[str]) -> list[Place]:
        """Open one socket at each of `addresses` and return where they are, ports included.

        aioice left to itself takes every address of the machine but the loopback. An address that is not ours, any
        more or yet, is left out; raises PathError when none is, with nothing opened.
        """
        # aioice would pass over what is not ours by itself, but uvloop would keep half a socket.
        ours = [address for address in addresses if _is_ours(address)]
        if not ours:
            raise PathError("leg-address-not-ours", address=", ".join(addresses))
        inner = self._connection
        inner._local_candidates_start = True  # noqa: SLF001 - see the list above
        for address in ours:
            found = await inner.get_component_candidates(_COMPONENT, [address])
            inner._local_candidates += found  # noqa: SLF001 - see the list above
        inner._local_candidates_end = True  # noqa: SLF001 - see the list above
        return [(one.host, one.port) for one in inner.local_candidates]

    def sockets(self) -> list[tuple[asyncio.DatagramTransport, asyncio.DatagramProtocol]]:
        """Every socket with the protocol that now reads it."""
        return [(one.transport, one) for one in self._connection._protocols]  # noqa: SLF001 - see the list above

    def way(self) -> tuple[asyncio.DatagramTransport, Place] | None:
        """The socket and the browser's place agreed on, as of now: both change when the browser moves."""
        pair = self._connection._nominated.get(_COMPONENT)  # noqa: SLF001 - see the list above
        return None if pair is None else (pair.protocol.transport, pair.remote_addr)

    async def connect(self, username: str, password: str) -> None:
        """Wait for the browser to come. There is no end to this but cancellation."""
        await self.transport.start(RTCIceParameters(username, password))


def _is_ours(address: str) -> bool:
    """Whether a socket can be opened at this one address. Not at a name, and not at all addresses at once."""
    try:
        place = ip_address(address)
        with socket.socket(socket.AF_INET if place.version == 4 else socket.AF_INET6, socket.SOCK_DGRAM) as own:
            own.bind((address, 0))
    except (OSError, ValueError):
        return False
    return not place.is_unspecified


class Dtls(RTCDtlsTransport):
    """The secure layer of one leg, as the side that calls (`a=setup:active`). Media do not pass through it."""

    def __init__(self, ice: Ice, certificate: RTCCertificate) -> None:
        super().__init__(ice.transport, [certificate])
        self._set_role("client")
        self.stranger = False

    async def connect(self, fingerprints: Sequence[Fingerprint]) -> None:
        """Shake hands with whoever has a certificate of all these fingerprints. `state` says how it went."""
        await self.start(RTCDtlsParameters([RTCDtlsFingerprint(*one) for one in fingerprints]))

    def srtp(self) -> tuple[Srtp, Srtp]:
        """The keys for what comes in and for what goes out. To be asked when `state` is connected."""
        return self._rx_srtp, self._tx_srtp

    def profile(self) -> str:
        """The name of the protection agreed on for sound, such as SRTP_AEAD_AES_128_GCM."""
        return "" if self._ssl is None else self._ssl.get_selected_srtp_profile().decode("ascii")

    def _validate_peer_identity(self, remoteParameters: RTCDtlsParameters) -> None:  # noqa: N803 - aiortc's own name
        """Remember that it was this that failed."""
        super()._validate_peer_identity(remoteParameters)
        self.stranger = self.state == "failed"

"""Keys of SRTP as phones exchange them: in the SDP itself (SDES, RFC 4568; AES-GCM RFC 7714).

Whoever reads the SDP has the keys, so they are taken over TLS only; that rule stands in `phone_sdp`. Parameters of
sessions (RFC 4568 section 6.3), keys with a lifetime of their own and several keys are not taken: a line that has them
is passed over, as the standard asks.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pylibsrtp import Error as SrtpError
from pylibsrtp import Policy, Session

# Profile and bytes of key and salt together, the better first. SHA1_32 has too short a seal to be offered.
_SUITES = {
    "AEAD_AES_256_GCM": (Policy.SRTP_PROFILE_AEAD_AES_256_GCM, 44),
    "AES_CM_128_HMAC_SHA1_80": (Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 30),
}
SUITES = tuple(_SUITES)

_LINE = re.compile(r"([0-9]{1,9}) ([A-Z0-9_]{1,32}) inline:([A-Za-z0-9+/=]{1,100})(\|2\^[0-9]{1,2})?")

Entropy = Callable[[int], bytes]
"""So many random bytes."""


@dataclass(frozen=True, slots=True)
class Crypto:
    """One a=crypto line: its tag, the suite, and the key with the salt after it."""

    tag: int
    suite: str
    key: bytes = field(repr=False)

    def line(self) -> str:
        """The value of the attribute."""
        return f"{self.tag} {self.suite} inline:{b64encode(self.key).decode()}"


def read_crypto(value: str) -> Crypto | None:
    """What the value of an a=crypto line says; None when it offers nothing that we take."""
    found = _LINE.fullmatch(value.strip())
    if found is None or found[2] not in _SUITES:
        return None
    try:
        key = b64decode(found[3], validate=True)
    except Base64Error:
        return None
    return Crypto(int(found[1]), found[2], key) if len(key) == _SUITES[found[2]][1] else None


def best(offered: Iterable[Crypto]) -> Crypto | None:
    """The one of the offered lines we answer: the best suite, and of two the one the phone named first."""
    return min(offered, key=lambda one: SUITES.index(one.suite), default=None)


def own_crypto(tag: int, suite: str, entropy: Entropy) -> Crypto:
    """A line of ours with a fresh key."""
    return Crypto(tag, suite, entropy(_SUITES[suite][1]))


class Srtp:
    """Both directions of one medium: what we send is under our key, what we hear under the phone's."""

    def __init__(self, own: Crypto, peer: Crypto) -> None:
        profile = _SUITES[own.suite][0]
        self._sealing = Session(Policy(own.key, Policy.SSRC_ANY_OUTBOUND, 0, profile))
        self._opening = Session(Policy(peer.key, Policy.SSRC_ANY_INBOUND, 0, _SUITES[peer.suite][0]))

    def seal(self, packet: bytes) -> bytes | None:
        """The packet as it goes out; None when it cannot be (it is too old to be sent again)."""
        try:
            return self._sealing.protect(packet)
        except SrtpError:
            return None

    def open(self, packet: bytes) -> bytes | None:
        """The packet of the phone; None when it is not the phone's, or was here before."""
        try:
            return self._opening.unprotect(packet)
        except (SrtpError, ValueError):
            return None

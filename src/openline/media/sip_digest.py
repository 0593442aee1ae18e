"""Who a phone says it is: digest authentication (RFC 7616, in SIP RFC 3261 section 22 and RFC 8760).

Each phone has one algorithm: SHA-256, or MD5 for the many that know nothing else. A phone is never offered the other,
since some give up over a challenge that they do not know, and since nobody is to be talked down to MD5. Passwords are
never held: a row has the digest of name, realm and password, worth as much as the password here and nothing elsewhere.
A nonce lives for a minute, holds for one address, and each answer to it counts up, so none is taken twice. Pure; the
time is an argument.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from openline.base.limits import SIP_NONCE_S, SIP_NONCES_MAX

_PARAMETER = re.compile(
    r'([A-Za-z]{1,32})[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.){0,512})"|([^\s",]{1,512}))[ \t]*(?:,[ \t]*|\Z)'
)
_MADE = re.compile("([0-9a-f]{1,16})x[0-9a-f]{1,16}")
_COUNT = re.compile("[0-9a-f]{8}")
_WANTED = ("username", "realm", "nonce", "uri", "response", "cnonce", "nc", "qop")


@dataclass(frozen=True, slots=True)
class PasswordDigest:
    """What stands for a password: an algorithm and its digest in hexadecimal."""

    algorithm: str
    value: str = field(repr=False)


class Verdict(Enum):
    """What an answer to a challenge is worth. STALE: the password is right, the nonce too old; ask again."""

    RIGHT = "right"
    STALE = "stale"
    WRONG = "wrong"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict, and the name it is about; the name is not proved unless RIGHT or STALE."""

    verdict: Verdict
    name: str = ""


def password_digest(name: str, realm: str, password: str, algorithm: str = "MD5") -> PasswordDigest:
    """The digest of a password. `algorithm` is MD5 or SHA-256. The caller forgets the password after."""
    return PasswordDigest(algorithm, _ALGORITHMS[algorithm](f"{name}:{realm}:{password}".encode()))


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


_ALGORITHMS = {"SHA-256": _sha256, "MD5": _md5}


class Digest:
    """Makes challenges and judges answers. It owns the counts of the nonces that have been answered."""

    def __init__(self, realm: str, secret: bytes, digests: Mapping[str, PasswordDigest]) -> None:
        """`secret` is 32 random bytes made at the start; `digests` are by name."""
        self.realm = realm
        self._secret = secret
        self._digests = digests
        self._made = 0
        self._counts: OrderedDict[str, int] = OrderedDict()
        # Somebody unknown is computed like a phone, so that time does not tell them apart.
        self._nobody = PasswordDigest("MD5", _md5(secret))

    def challenge(self, name: str, address: str, now_s: float, *, stale: bool = False) -> str:
        """The value of the WWW-Authenticate header for whoever calls himself `name`."""
        self._made += 1
        nonce = self._sealed(f"{int(now_s):x}x{self._made:x}", address)
        algorithm = self._digests.get(name, self._nobody).algorithm
        more = ",stale=true" if stale else ""
        return f'Digest realm="{self.realm}",nonce="{nonce}",qop="auth",algorithm={algorithm}{more}'

    def judge(self, header: str, method: str, address: str, now_s: float) -> Answer:
        """What the Authorization header of a request with `method` is worth."""
        given = _parameters(header)
        if given is None:
            return Answer(Verdict.UNREADABLE)
        name, algorithm = given["username"], given.get("algorithm", "MD5").upper()
        if algorithm not in _ALGORITHMS or given["qop"] != "auth" or not _COUNT.fullmatch(given["nc"]):
            return Answer(Verdict.UNREADABLE, name)
        row = self._digests.get(name, self._nobody)
        expected = _response(row, method, given)
        right = hmac.compare_digest(expected.encode(), given["response"].lower().encode())
        if not right or name not in self._digests:
            return Answer(Verdict.WRONG, name)
        if not self._fresh(given["nonce"], int(given["nc"], 16), address, int(now_s)):
            return Answer(Verdict.STALE, name)
        return Answer(Verdict.RIGHT, name)

    def _sealed(self, text: str, address: str) -> str:
        """A nonce: when it was made, its number, and our seal over both and whom it is for."""
        seal = hmac.digest(self._secret, f"{text} {address}".encode(), "sha256")[:18]
        return f"{text}.{urlsafe_b64encode(seal).decode()}"

    def _fresh(self, nonce: str, count: int, address: str, now_s: int) -> bool:
        """Whether the nonce is ours, for this address, young, and answered with this count for the first time."""
        text = nonce.partition(".")[0]
        made = _MADE.fullmatch(text)
        if made is None or not hmac.compare_digest(self._sealed(text, address).encode(), nonce.encode()):
            return False
        at_s = int(made[1], 16)
        if not 0 <= now_s - at_s <= SIP_NONCE_S or count <= self._counts.get(nonce, 0):
            return False
        self._counts[nonce] = count
        self._counts.move_to_end(nonce)
        while len(self._counts) > SIP_NONCES_MAX:
            self._counts.popitem(last=False)
        return True


def _parameters(header: str) -> dict[str, str] | None:
    """The parameters of `Digest a="b", c=d`; None when it is not of this form, or lacks one that is needed."""
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() != "digest":
        return None
    given: dict[str, str] = {}
    at, rest = 0, rest.strip()
    while at < len(rest):
        found = _PARAMETER.match(rest, at)
        if found is None or found[1].lower() in given:
            return None
        given[found[1].lower()] = found[2] if found[2] is not None else found[3]
        at = found.end()
    return given if all(name in given for name in _WANTED) else None


def _response(row: PasswordDigest, method: str, given: Mapping[str, str]) -> str:
    digest = _ALGORITHMS[row.algorithm]
    what = digest(f"{method}:{given['uri']}".encode())
    parts = (row.value, given["nonce"], given["nc"], given["cnonce"], given["qop"], what)
    return digest(":".join(parts).encode())

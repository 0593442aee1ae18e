"""A personal signature: what an officer's passkey signs (WebAuthn Level 2, section 7.2), checked without its browser.

The challenge is made of one entry's place and hash, so an assertion is about that entry and no other. Three kinds of
keys are taken: ES256 on P-256, EdDSA with Ed25519, and RS256 of 2,048 to 4,096 bits (RFC 9053). Pure: whoever holds
the record can check it, years later, with nothing else. Its counter is not asked: a signature is not a log-in.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from enum import Enum
from hashlib import sha256
from typing import cast

import cbor2
import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

from openline.base.errors import PeerError
from openline.base.limits import PASSKEY_BYTES_MAX
from openline.identity.keys import is_weak_ed25519

_PREFIX = b"openline-signature/v1\n"
_NAME_PREFIX = b"openline-name/v1\0"
_PRESENT, _VERIFIED, _ATTESTED, _EXTENDED = 0x01, 0x04, 0x40, 0x80
_HEAD_BYTES = 37
_KEY_TYPE, _ALGORITHM = 1, 3
_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[^/:@?#\s]+)(?::[0-9]{1,5})?\Z")

Verify = Callable[[bytes, bytes], None]
Numbers = Mapping[object, object]


class Flaw(Enum):
    """Why an assertion is no signature of an entry."""

    FORM = "form"
    TYPE = "type"
    CHALLENGE = "challenge"
    ORIGIN = "origin"
    HOST = "host"
    NOT_PRESENT = "user not present"
    NOT_VERIFIED = "user not verified"
    KEY = "key"
    SIGNATURE = "signature"


class Assertion(msgspec.Struct, frozen=True):
    """What an authenticator has signed: its own data, what the browser told it, and the signature over both."""

    authenticator_data: bytes
    client_data: bytes
    signature: bytes


class _ClientData(msgspec.Struct, frozen=True, rename="camel"):
    """What the browser says; it may say more than we know."""

    type: str
    challenge: str
    origin: str
    cross_origin: bool = False


def entry_challenge(origin: str, index: int, leaf_hash: bytes) -> bytes:
    """What an officer's passkey is asked to sign for an entry: 32 bytes."""
    return sha256(_PREFIX + f"{origin}\n{index}\n".encode() + leaf_hash).digest()


def name_digest(salt: bytes, name: str) -> bytes:
    """What stands in the record for the name of an officer until it is opened."""
    return sha256(_NAME_PREFIX + salt + name.encode()).digest()


def check_key(cose: bytes) -> None:
    """Raises PeerError `passkey-key-wrong` unless `cose` is a COSE_Key that we take."""
    try:
        _verifier(cose)
    except ValueError as why:
        raise PeerError("passkey-key-wrong", detail=str(why)) from why


def flaw_of(assertion: Assertion, cose: bytes, host: str, challenge: bytes) -> Flaw | None:
    """What is wrong with an assertion by the key `cose`, made for the console `host`; None when it holds."""
    try:
        said = msgspec.json.decode(assertion.client_data, type=_ClientData)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Flaw.FORM
    if said.type != "webauthn.get":
        return Flaw.TYPE
    if said.challenge != urlsafe_b64encode(challenge).rstrip(b"=").decode():
        return Flaw.CHALLENGE
    if said.cross_origin or not _is_of(said.origin, host):
        return Flaw.ORIGIN
    return _data_flaw(assertion.authenticator_data, host) or _signature_flaw(assertion, cose)


def _is_of(origin: str, host: str) -> bool:
    """Whether a page of `origin` may use keys of `host`: HTTPS, or this machine alone."""
    match = _ORIGIN.match(origin)
    if match is None:
        return False
    named = match["host"]
    alone = named == "localhost" or named.endswith(".localhost")
    return (named == host or named.endswith(f".{host}")) and (match["scheme"] == "https" or alone)


def _data_flaw(data: bytes, host: str) -> Flaw | None:
    if len(data) < _HEAD_BYTES:
        return Flaw.FORM
    flags, rest = data[32], data[_HEAD_BYTES:]
    if flags & _ATTESTED or not _is_rest(rest, bool(flags & _EXTENDED)):
        return Flaw.FORM
    if data[:32] != sha256(host.encode()).digest():
        return Flaw.HOST
    if not flags & _PRESENT:
        return Flaw.NOT_PRESENT
    return None if flags & _VERIFIED else Flaw.NOT_VERIFIED


def _is_rest(rest: bytes, extended: bool) -> bool:
    """Whether what follows the counter is what the flags say: one map of extensions, or nothing."""
    if not extended:
        return not rest
    try:
        return isinstance(_loads(rest), dict)
    except ValueError:
        return False


def _signature_flaw(assertion: Assertion, cose: bytes) -> Flaw | None:
    try:
        verify = _verifier(cose)
    except ValueError:
        return Flaw.KEY
    signed = assertion.authenticator_data + sha256(assertion.client_data).digest()
    try:
        verify(assertion.signature, signed)
    except InvalidSignature:
        return Flaw.SIGNATURE
    return None


def _verifier(cose: bytes) -> Verify:
    """What checks signatures by a COSE_Key. Raises ValueError when it is none that we take."""
    if len(cose) > PASSKEY_BYTES_MAX:
        raise ValueError("too large")
    key = _loads(cose)
    if not isinstance(key, dict):
        raise ValueError("no map")
    numbers = cast("Numbers", key)
    try:
        made = _TAKEN.get((numbers.get(_KEY_TYPE), numbers.get(_ALGORITHM)))
        if made is None:
            raise ValueError("an algorithm that is not taken")
        return made(numbers)
    except (TypeError, UnsupportedAlgorithm) as why:
        raise ValueError(str(why)) from why


def _es256(numbers: Numbers) -> Verify:
    if numbers.get(-1) != 1:
        raise ValueError("another curve")
    x, y = _bytes(numbers, -2, 32), _bytes(numbers, -3, 32)
    public = EllipticCurvePublicNumbers(int.from_bytes(x), int.from_bytes(y), SECP256R1()).public_key()
    return lambda signature, data: public.verify(signature, data, ECDSA(SHA256()))


def _eddsa(numbers: Numbers) -> Verify:
    if numbers.get(-1) != 6:
        raise ValueError("another curve")
    point = _bytes(numbers, -2, 32)
    if is_weak_ed25519(point):
        raise ValueError("a weak point")
    return Ed25519PublicKey.from_public_bytes(point).verify


def _rs256(numbers: Numbers) -> Verify:
    n, e = int.from_bytes(_bytes(numbers, -1)), int.from_bytes(_bytes(numbers, -2))
    if not 2_048 <= n.bit_length() <= 4_096 or e != 65_537:
        raise ValueError("another size")
    public = RSAPublicNumbers(e, n).public_key()
    return lambda signature, data: public.verify(signature, data, PKCS1v15(), SHA256())


_TAKEN: Mapping[tuple[object, object], Callable[[Numbers], Verify]] = {
    (2, -7): _es256,
    (1, -8): _eddsa,
    (3, -257): _rs256,
}
"""Keys by type and algorithm, as COSE numbers them."""


def _bytes(numbers: Numbers, name: int, size: int | None = None) -> bytes:
    value = numbers.get(name)
    if not isinstance(value, bytes) or size not in (None, len(value)):
        raise ValueError("a part of it")
    return value


def _loads(data: bytes) -> object:
    """One CBOR value and nothing after it. Raises ValueError."""
    try:
        value: object = cbor2.loads(data, max_depth=4, allow_indefinite=False, allow_duplicate_keys=False)
        size = len(cbor2.dumps(value, canonical=True))
    except (cbor2.CBORError, OverflowError, TypeError, RecursionError, UnicodeError) as why:
        raise ValueError(type(why).__name__) from why
    if size != len(data):
        raise ValueError("more than one value")
    return value

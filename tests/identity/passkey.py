"""A passkey in software for personal signatures: ES256, EdDSA or RS256, and everything an honest one does not do."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from functools import cache
from hashlib import sha256

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from openline.identity.assertion import Assertion

HOST = "alpha.watch.example"
ORIGIN = f"https://{HOST}:8443"


class Passkey:
    """One key. `seed` decides it, but for RS256, whose key is made once for each run."""

    def __init__(self, seed: bytes = b"first", algorithm: str = "ES256") -> None:
        self.credential = sha256(b"credential" + seed).digest()
        self.algorithm = algorithm
        self._ec = ec.derive_private_key(int.from_bytes(sha256(seed).digest(), "big") >> 1, ec.SECP256R1())
        self._ed = ed25519.Ed25519PrivateKey.from_private_bytes(sha256(seed).digest())

    @property
    def cose(self) -> bytes:
        """Its public key."""
        if self.algorithm == "ES256":
            numbers = self._ec.public_key().public_numbers()
            return cbor2.dumps(
                {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
            )
        if self.algorithm == "EdDSA":
            return cbor2.dumps({1: 1, 3: -8, -1: 6, -2: self._ed.public_key().public_bytes_raw()})
        public = rsa_key().public_key().public_numbers()
        return cbor2.dumps({1: 3, 3: -257, -1: public.n.to_bytes(256, "big"), -2: b"\x01\x00\x01"})

    def sign(
        self,
        challenge: bytes,
        *,
        host: str = HOST,
        origin: str = ORIGIN,
        flags: int = 0x05,
        kind: str = "webauthn.get",
        cross: bool = False,
        rest: bytes = b"",
    ) -> Assertion:
        """What it answers."""
        said = {"type": kind, "challenge": _base64url(challenge), "origin": origin, "crossOrigin": cross}
        client = json.dumps(said, separators=(",", ":")).encode()
        data = sha256(host.encode()).digest() + bytes([flags]) + (7).to_bytes(4, "big") + rest
        return Assertion(data, client, self.raw(data + sha256(client).digest()))

    def raw(self, data: bytes) -> bytes:
        """A signature over `data`."""
        if self.algorithm == "ES256":
            return self._ec.sign(data, ec.ECDSA(SHA256(), deterministic_signing=True))
        if self.algorithm == "EdDSA":
            return self._ed.sign(data)
        return rsa_key().sign(data, padding.PKCS1v15(), SHA256())


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    """The RS256 key of this run."""
    return rsa.generate_private_key(65_537, 2_048)


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()

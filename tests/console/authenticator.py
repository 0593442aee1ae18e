"""A browser with an authenticator, in software: ES256 on P-256, attestation `none`, discoverable keys, a counter.

It does what a test asks of it, also what no honest one does: say another origin, leave the user unverified, count
backwards.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import cast

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

Json = dict[str, object]

USER_PRESENT, USER_VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One authenticator with one key. `seed` decides key and credential id, so that what it makes can be kept."""

    origin: str
    seed: bytes = b"first"
    verifies: bool = True
    count: int = 0
    counts: bool = True
    cross_origin: bool = False
    rp_id: str | None = None
    handle: bytes = field(default=b"", init=False)

    @property
    def credential(self) -> bytes:
        return sha256(b"credential" + self.seed).digest()

    @property
    def key(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(int.from_bytes(sha256(self.seed).digest(), "big") >> 1, ec.SECP256R1())

    def make(self, options: Json) -> Json:
        """`navigator.credentials.create`, as JSON."""
        self.handle = decoded(cast("Json", options["user"])["id"])
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + cbor2.dumps(cose)
        data = self._data(str(cast("Json", options["rp"])["id"]), ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options)
        response = {"clientDataJSON": encoded(client), "attestationObject": encoded(attestation), "transports": ["usb"]}
        return self._told(response)

    def sign(self, options: Json) -> Json:
        """`navigator.credentials.get`, as JSON."""
        data, client = self._data(str(options["rpId"]), 0), self._client("webauthn.get", options)
        signed = data + sha256(client).digest()
        # Signed without randomness, so that a vector stays what it is.
        signature = self.key.sign(signed, ec.ECDSA(SHA256(), deterministic_signing=True))
        return self._told(
            {
                "clientDataJSON": encoded(client),
                "authenticatorData": encoded(data),
                "signature": encoded(signature),
                "userHandle": encoded(self.handle),
            }
        )

    def _data(self, rp_id: str, flags: int) -> bytes:
        self.count += self.counts
        flags |= USER_PRESENT | (USER_VERIFIED if self.verifies else 0)
        return sha256((self.rp_id or rp_id).encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, options: Json) -> bytes:
        said = {
            "type": kind,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": self.cross_origin,
        }
        return json.dumps(said, separators=(",", ":")).encode()

    def _told(self, response: object) -> Json:
        credential = encoded(self.credential)
        return {
            "id": credential,
            "rawId": credential,
            "type": "public-key",
            "authenticatorAttachment": "cross-platform",
            "clientExtensionResults": {},
            "response": response,
        }


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: object) -> bytes:
    return urlsafe_b64decode(f"{text}==")

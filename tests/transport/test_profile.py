"""One seed, one certificate; only the key of a certificate counts."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from openline.transport.profile import TlsIdentity, certificate

FILE = Path(__file__).resolve().parent.parent / "vectors" / "tls.json"


class Vector(msgspec.Struct, frozen=True):
    seed: str
    spki: str
    pin: str
    certificate: str


class Vectors(msgspec.Struct, frozen=True):
    identities: tuple[Vector, ...]


VECTORS = msgspec.json.decode(FILE.read_bytes(), type=Vectors).identities


@pytest.mark.parametrize("vector", VECTORS)
def test_the_certificate_of_a_seed_is_the_vector(vector: Vector) -> None:
    made = certificate(bytes.fromhex(vector.seed))
    spki = made.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert made.public_bytes(Encoding.DER).hex() == vector.certificate
    assert spki.hex() == vector.spki
    assert sha256(spki).hexdigest() == vector.pin


@pytest.mark.parametrize("vector", VECTORS)
def test_the_pin_of_an_identity_is_the_digest_of_its_spki(vector: Vector) -> None:
    assert TlsIdentity(bytes.fromhex(vector.seed)).pin.hex() == vector.pin


def test_two_seeds_have_two_pins() -> None:
    assert TlsIdentity(b"a" * 32).pin != TlsIdentity(b"b" * 32).pin


def test_a_seed_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32"):
        TlsIdentity(b"short")

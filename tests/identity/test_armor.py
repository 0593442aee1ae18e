"""Bytes as text: one text per value, and the Bech32 that age writes."""

from __future__ import annotations

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage import x25519

from openline.identity.armor import from_base64, to_base64, to_bech32
from openline.identity.keys import AgeSecret


@given(st.binary(max_size=200))
def test_base64_reads_what_it_wrote(data: bytes) -> None:
    assert from_base64(to_base64(data)) == data


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("QQ", "no padding"),
        ("QQ=", "half the padding"),
        ("QR==", "trailing bits that are not zero"),
        ("QQ==QQ==", "data after the padding"),
        ("QQ==\n", "a newline"),
        ("Q Q==", "a space"),
        ("_-8=", "the alphabet of URLs"),
        ("QQ==é", "not ASCII"),
    ],
)
def test_a_second_text_for_the_same_bytes_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match="base64"):
        from_base64(text)


@pytest.mark.fuzz
@given(st.text(max_size=60) | st.text("AQR=+/", max_size=12))
def test_any_text_is_the_base64_of_its_bytes_or_refused(text: str) -> None:
    try:
        data = from_base64(text)
    except ValueError:
        return
    assert to_base64(data) == text


def test_bech32_of_bip_173() -> None:
    assert to_bech32("a", b"") == "a12uel5l"
    program = bytes.fromhex("00443214c74254b635cf84653a56d7c675be77df")
    assert to_bech32("abcdef", program) == "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"


@given(st.binary(min_size=32, max_size=32))
def test_age_reads_the_secrets_and_recipients_we_write(seed: bytes) -> None:
    secret = AgeSecret(seed)
    identity = x25519.Identity.from_str(secret.identity)
    assert str(identity) == secret.identity
    assert str(identity.to_public()) == secret.recipient


def test_what_is_encrypted_to_our_recipient_opens_with_our_secret() -> None:
    secret = AgeSecret(bytes(range(32)))
    sealed = pyrage.encrypt(b"by hand", [x25519.Recipient.from_str(secret.recipient)])
    assert pyrage.decrypt(sealed, [x25519.Identity.from_str(secret.identity)]) == b"by hand"

"""Keys in the SDP: the lines we take, the best of them, and sound that only the other side can open."""

from __future__ import annotations

import os
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.media.rtp import build
from openline.media.sdes import SUITES, Crypto, Srtp, best, own_crypto, read_crypto

CM, GCM = "AES_CM_128_HMAC_SHA1_80", "AEAD_AES_256_GCM"
KEY_30, KEY_44 = b64encode(bytes(range(30))).decode(), b64encode(bytes(range(44))).decode()


def test_lines_are_read_and_written() -> None:
    # RFC 4568 section 9.1 writes a lifetime after the key, RFC 7714 a key of 44 bytes.
    read = read_crypto(f"1 {CM} inline:{KEY_30}|2^20")
    assert read == Crypto(1, CM, bytes(range(30)))
    assert read_crypto(f"7 {GCM} inline:{KEY_44}") == Crypto(7, GCM, bytes(range(44)))
    assert read is not None
    assert read_crypto(read.line()) == read


@pytest.mark.parametrize(
    "value",
    [
        "",
        f"1 AES_CM_128_HMAC_SHA1_32 inline:{KEY_30}",
        f"1 {CM} inline:{KEY_44}",
        f"1 {GCM} inline:{KEY_30}",
        f"1 {CM} inline:!{KEY_30[1:]}",
        f"1 {CM} inline:{KEY_30[:-1]}",
        f"1 {CM} inline:{KEY_30}|1:4",
        f"1 {CM} inline:{KEY_30};inline:{KEY_30}",
        f"1 {CM} inline:{KEY_30} UNENCRYPTED_SRTP",
        f"x {CM} inline:{KEY_30}",
    ],
)
def test_lines_that_offer_nothing_of_ours_are_passed_over(value: str) -> None:
    assert read_crypto(value) is None


@pytest.mark.fuzz
@given(st.text(max_size=120))
def test_made_up_lines_are_passed_over_or_whole(text: str) -> None:
    for value in (text, f"1 {CM} inline:{text}", f"1 {text} inline:{KEY_30}"):
        read = read_crypto(value)
        assert read is None or (read.suite in SUITES and len(read.key) in (30, 44))


def test_the_better_suite_is_taken_and_of_two_the_first() -> None:
    weak, strong = own_crypto(1, CM, os.urandom), own_crypto(2, GCM, os.urandom)
    assert best([weak, strong]) is strong
    assert best([weak, own_crypto(3, CM, os.urandom)]) is weak
    assert best([]) is None


@pytest.mark.parametrize("suite", SUITES)
def test_each_side_opens_what_the_other_seals_once_and_unharmed(suite: str) -> None:
    a, b = own_crypto(1, suite, os.urandom), own_crypto(1, suite, os.urandom)
    here, there = Srtp(a, b), Srtp(b, a)
    packet = build(0, True, 7, 160, 5, b"sound" * 32)
    sealed = here.seal(packet)
    assert sealed is not None
    assert packet[12:] not in sealed
    assert there.open(sealed[:-1] + bytes([sealed[-1] ^ 1])) is None
    assert there.open(sealed) == packet
    assert there.open(sealed) is None, "the same again is nothing"
    assert here.open(sealed) is None, "one's own is not the other's"
    assert there.open(b"short") is None
    assert there.open(bytes(3_000)) is None


def test_keys_are_fresh_and_not_shown() -> None:
    one, two = own_crypto(1, GCM, os.urandom), own_crypto(1, GCM, os.urandom)
    assert one.key != two.key
    assert "key" not in repr(one)

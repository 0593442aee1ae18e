"""Who comes through a handshake, and what is said of those who do not. No network: bytes are carried by hand."""

from __future__ import annotations

from contextlib import suppress
from typing import Protocol

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP521R1, EllipticCurve
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st
from OpenSSL import SSL

from openline.base.errors import PathError
from openline.transport.handshake import HANDSHAKE_BYTES_MAX, Handshake, Terms
from openline.transport.profile import TlsIdentity, certificate
from openline.transport.session import Rules, Who
from tests.transport.ends import ALPHA, BRAVO, PINS, RULES, STRANGER, Log

LOW_RATE = Rules(low_rate=True)
SEED_OF_BRAVO = b"\x02" * 32
SEED_OF_STRANGER = b"\x03" * 32


class Side(Protocol):
    """One side of a handshake by hand."""

    def turn(self, data: bytes) -> bytes: ...


class Ours:
    """Our own handshake, until it is over."""

    def __init__(
        self, identity: TlsIdentity, wanted: str | None = None, rules: Rules = RULES, who: Who = PINS.get
    ) -> None:
        self.handshake = Handshake(Terms("fibre", rules, identity, who, Log(), wanted), "192.0.2.7:7400")

    def turn(self, data: bytes) -> bytes:
        if self.handshake.peer is None and self.handshake.fault is None:
            return self.handshake.advance(data)
        return b""

    @property
    def fault(self) -> PathError:
        assert self.handshake.fault is not None
        return self.handshake.fault


class Theirs:
    """OpenSSL as somebody else would set it up."""

    def __init__(self, context: SSL.Context, dials: bool) -> None:
        self.tls = SSL.Connection(context, None)
        (self.tls.set_connect_state if dials else self.tls.set_accept_state)()

    def turn(self, data: bytes) -> bytes:
        if data:
            self.tls.bio_write(data)
        with suppress(SSL.Error):
            self.tls.do_handshake()
        with suppress(SSL.WantReadError):
            return self.tls.bio_read(65_536)
        return b""


def shake(dialling: Side, answering: Side) -> tuple[int, int]:
    """Carries bytes until both are silent; answers how many went each way."""
    there = back = 0
    forth, reply = dialling.turn(b""), b""
    while forth or reply:
        there, reply = there + len(forth), answering.turn(forth)
        back += len(reply)
        forth = dialling.turn(reply) if reply else b""
    return there, back


def context(seed: bytes | None = SEED_OF_BRAVO, curve: EllipticCurve | None = None) -> SSL.Context:
    made = SSL.Context(SSL.TLS_METHOD)
    if seed is not None:
        made.use_certificate(certificate(seed))
        made.use_privatekey(Ed25519PrivateKey.from_private_bytes(seed))
    made.set_verify(SSL.VERIFY_PEER, lambda *_: True)
    if curve is not None:
        made.set_tmp_ecdh(curve)
    return made


def test_both_learn_who_the_other_is() -> None:
    alpha, bravo = Ours(ALPHA, "bravo.example"), Ours(BRAVO)
    shake(alpha, bravo)
    assert (alpha.handshake.peer, bravo.handshake.peer) == ("bravo.example", "alpha.example")
    assert alpha.handshake.tls.get_group_name() == "X25519MLKEM768"
    assert alpha.handshake.tls.get_protocol_version_name() == "TLSv1.3"


def test_no_tickets_are_sent() -> None:
    alpha, bravo = Ours(ALPHA, "bravo.example"), Ours(BRAVO)
    shake(alpha, bravo)
    with pytest.raises(SSL.WantReadError):
        bravo.handshake.tls.bio_read(65_536)


def test_a_key_that_is_not_pinned_is_refused_by_the_one_who_dials() -> None:
    alpha, stranger = Ours(ALPHA, "bravo.example"), Ours(STRANGER)
    shake(alpha, stranger)
    assert alpha.fault.message_id == "path-key-unknown"
    assert alpha.fault.facts == {"path": "fibre", "address": "192.0.2.7:7400", "pin": STRANGER.pin.hex()}
    assert stranger.fault.message_id == "path-refused-us"


def test_a_key_that_is_not_pinned_is_refused_by_the_one_who_answers() -> None:
    stranger, bravo = Ours(STRANGER, "bravo.example"), Ours(BRAVO)
    shake(stranger, bravo)
    assert bravo.fault.message_id == "path-key-unknown"
    assert stranger.handshake.peer == "bravo.example", "in TLS 1.3 the one who dials learns it after his own end"


def test_another_party_than_the_wanted_one_is_refused() -> None:
    alpha, also_alpha = Ours(ALPHA, "bravo.example"), Ours(ALPHA)
    shake(alpha, also_alpha)
    assert alpha.fault.message_id == "path-other-party"
    assert (alpha.fault.facts["wanted"], alpha.fault.facts["party"]) == ("bravo.example", "alpha.example")


def test_a_peer_without_a_key_is_refused() -> None:
    nobody, bravo = Theirs(context(seed=None), dials=True), Ours(BRAVO)
    shake(nobody, bravo)
    assert bravo.fault.message_id == "path-key-missing"


def test_a_pinned_certificate_behind_ones_own_is_worth_nothing() -> None:
    """The attack: the stranger's own key in front, bravo's public certificate as its "authority"."""
    made = context(SEED_OF_STRANGER)
    made.add_extra_chain_cert(certificate(SEED_OF_BRAVO))
    alpha = Ours(ALPHA, "bravo.example")
    shake(alpha, Theirs(made, dials=False))
    assert alpha.fault.message_id == "path-key-unknown"
    assert alpha.fault.facts["pin"] == STRANGER.pin.hex()


def test_a_pinned_key_with_a_chain_behind_it_is_the_pinned_key() -> None:
    made = context(SEED_OF_BRAVO)
    made.add_extra_chain_cert(certificate(SEED_OF_STRANGER))
    alpha = Ours(ALPHA, "bravo.example")
    shake(alpha, Theirs(made, dials=False))
    assert alpha.handshake.peer == "bravo.example"


def test_a_key_of_another_kind_is_refused() -> None:
    key = generate_private_key(65_537, 2_048)
    ours = certificate(SEED_OF_BRAVO)
    shown = (
        x509.CertificateBuilder(ours.issuer, ours.subject, key.public_key(), 1)
        .not_valid_before(ours.not_valid_before_utc)
        .not_valid_after(ours.not_valid_after_utc)
        .sign(key, SHA256())
    )
    made = context(seed=None)
    made.use_certificate(shown)
    made.use_privatekey(key)
    alpha = Ours(ALPHA, "bravo.example")
    shake(alpha, Theirs(made, dials=False))
    assert alpha.fault.message_id == "path-handshake-failed"


@pytest.mark.parametrize("dials", [True, False])
@pytest.mark.parametrize("curve", [SECP256R1(), SECP521R1()])
def test_a_peer_without_the_hybrid_group_is_refused(dials: bool, curve: EllipticCurve) -> None:
    theirs = Theirs(context(curve=curve), dials)
    ours = Ours(ALPHA, None if dials else "bravo.example")
    shake(*((theirs, ours) if dials else (ours, theirs)))
    assert ours.fault.message_id == "path-group-not-allowed"
    assert ours.fault.facts["group"] == curve.name


@pytest.mark.parametrize("dials", [True, False])
def test_p256_is_allowed_on_a_low_rate_path(dials: bool) -> None:
    theirs = Theirs(context(curve=SECP256R1()), dials)
    ours = Ours(ALPHA, None if dials else "bravo.example", LOW_RATE)
    shake(*((theirs, ours) if dials else (ours, theirs)))
    assert ours.handshake.peer == "bravo.example"


@pytest.mark.parametrize("dials", [True, False])
def test_no_other_curve_is_allowed_on_a_low_rate_path(dials: bool) -> None:
    theirs = Theirs(context(curve=SECP521R1()), dials)
    ours = Ours(ALPHA, None if dials else "bravo.example", LOW_RATE)
    shake(*((theirs, ours) if dials else (ours, theirs)))
    assert ours.fault.message_id == ("path-group-not-allowed" if dials else "path-handshake-failed")


def test_a_low_rate_path_is_opened_in_less_than_half_the_bytes() -> None:
    usual = shake(Ours(ALPHA, "bravo.example"), Ours(BRAVO))
    low_rate = shake(Ours(ALPHA, "bravo.example", LOW_RATE), Ours(BRAVO, None, LOW_RATE))
    assert sum(usual) < 4_000
    assert sum(low_rate) < 1_700


def test_a_low_rate_caller_on_a_usual_path_is_told_goodbye() -> None:
    alpha, bravo = Ours(ALPHA, "bravo.example", LOW_RATE), Ours(BRAVO)
    goodbye = bravo.turn(alpha.turn(bravo.turn(alpha.turn(b""))))
    assert bravo.fault.message_id == "path-group-not-allowed"
    alpha.handshake.tls.bio_write(goodbye)
    with pytest.raises(SSL.ZeroReturnError):
        alpha.handshake.tls.recv(100)


@pytest.mark.parametrize("dials", [True, False])
def test_tls_1_2_is_too_old(dials: bool) -> None:
    made = context()
    made.set_max_proto_version(SSL.TLS1_2_VERSION)
    ours = Ours(ALPHA, None if dials else "bravo.example")
    theirs = Theirs(made, dials)
    shake(*((theirs, ours) if dials else (ours, theirs)))
    assert ours.fault.message_id == "path-tls-too-old"


@pytest.mark.parametrize("words", [b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 400 Bad\r\n", b"SSH-2.0-x\r\n", bytes(300)])
@pytest.mark.parametrize("wanted", [None, "bravo.example"])
def test_what_is_not_tls_is_called_so(words: bytes, wanted: str | None) -> None:
    ours = Ours(ALPHA, wanted)
    ours.turn(b"")
    assert ours.turn(words) == b""
    assert ours.fault.message_id == "path-not-tls"


def test_a_stranger_cannot_make_us_read_on_and_on() -> None:
    bravo = Ours(BRAVO)
    record = b"\x16\x03\x01\x40\x00"
    bravo.turn(record + b"\x01\x01\x00\x00" + bytes(100))
    bravo.turn(bytes(HANDSHAKE_BYTES_MAX))
    assert bravo.fault.message_id == "path-handshake-failed"


def test_trust_is_asked_anew_in_every_handshake() -> None:
    pins = dict(PINS)
    shake(Ours(ALPHA, "bravo.example", who=pins.get), Ours(BRAVO))
    del pins[BRAVO.pin]
    alpha = Ours(ALPHA, "bravo.example", who=pins.get)
    shake(alpha, Ours(BRAVO))
    assert alpha.fault.message_id == "path-key-unknown"


@pytest.mark.fuzz
@given(st.lists(st.binary(min_size=1, max_size=600), max_size=4), st.booleans())
def test_made_up_bytes_are_waited_for_or_refused(reads: list[bytes], dials: bool) -> None:
    ours = Ours(ALPHA, "bravo.example" if dials else None)
    ours.turn(b"")
    for read in reads:
        ours.turn(b"\x16\x03\x03" + len(read).to_bytes(2, "big") + read)
    assert ours.handshake.peer is None


@pytest.mark.fuzz
@given(st.data())
def test_a_changed_byte_on_the_way_changes_nothing_or_ends_it(data: st.DataObject) -> None:
    alpha, bravo = Ours(ALPHA, "bravo.example"), Ours(BRAVO)
    flight = bytearray(bravo.turn(alpha.turn(b"")))
    flight[data.draw(st.integers(0, len(flight) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    bravo.turn(alpha.turn(bytes(flight)))
    if alpha.handshake.peer is not None:  # the version in the header of a record says nothing in TLS 1.3
        assert (alpha.handshake.peer, bravo.handshake.peer) == ("bravo.example", "alpha.example")
        assert exported(alpha) == exported(bravo)


def exported(side: Ours) -> bytes:
    return side.handshake.tls.export_keying_material(b"EXPORTER-test", 32)

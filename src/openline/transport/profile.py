"""Which TLS openline speaks, and with which key. Spec: docs/spec/transport.md.

TLS 1.3 and nothing older; both ends show a self-signed Ed25519 certificate, of which only the public key counts:
names, dates and issuers are never read. No tickets, no resumption, no early data, so every session proves both keys
anew. OpenSSL cannot be told which key exchange groups to use: the handshake checks the group when it is done.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.x509.oid import NameOID
from OpenSSL import SSL, crypto

from openline.identity.keys import tls_pin

Judge = Callable[[bytes], bool]
"""Whether the key with this SPKI digest is wanted. May be asked several times in one handshake."""

_SUITES = b"TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"


class TlsIdentity:
    """The TLS key of a node, its certificate, and the two ways to speak TLS with it."""

    def __init__(self, seed: bytes) -> None:
        """Of a 32-byte seed. Raises ValueError when it has another length."""
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.certificate = certificate(seed)
        self.pin = tls_pin(self._key.public_key().public_bytes_raw())
        self._usual = self._context()
        self._low_rate = self._context()
        self._low_rate.set_tmp_ecdh(SECP256R1())

    def dial(self, judge: Judge, low_rate: bool) -> SSL.Connection:
        """The TLS of a session we dial. At a low rate it offers P-256 only."""
        tls = SSL.Connection(self._low_rate if low_rate else self._usual, None)
        tls.set_app_data(judge)
        tls.set_connect_state()
        return tls

    def answer(self, judge: Judge) -> SSL.Connection:
        """The TLS of a session that we are dialled on."""
        tls = SSL.Connection(self._usual, None)
        tls.set_app_data(judge)
        tls.set_accept_state()
        return tls

    def _context(self) -> SSL.Context:
        context = SSL.Context(SSL.TLS_METHOD)
        context.set_min_proto_version(SSL.TLS1_3_VERSION)
        context.set_max_proto_version(SSL.TLS1_3_VERSION)
        context.set_tls13_ciphersuites(_SUITES)
        context.set_options(SSL.OP_NO_TICKET | SSL.OP_NO_COMPRESSION | SSL.OP_NO_RENEGOTIATION)
        context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
        context.use_certificate(self.certificate)
        context.use_privatekey(self._key)
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, _verify)
        return context


def certificate(seed: bytes) -> x509.Certificate:
    """The self-signed certificate of an Ed25519 seed. One seed has one certificate, byte for byte."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "openline")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2000, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
        .sign(key, None)
    )


def _verify(tls: SSL.Connection, shown: crypto.X509, _fault: int, depth: int, _ok: int) -> bool:
    """Whatever OpenSSL thinks of the certificate, only its key counts, and only the peer's own (depth 0).

    That the peer holds the key is proved by the handshake itself (RFC 8446 section 4.4.3).
    """
    if depth != 0:
        return False
    try:
        key = shown.get_pubkey().to_cryptography_key()
    except (crypto.Error, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    if not isinstance(key, Ed25519PublicKey):
        return False
    return cast("Judge", tls.get_app_data())(tls_pin(key.public_bytes_raw()))

"""The console's certificate: an authority of the node's own, and a server certificate it has signed.

Desks install the authority once; the server certificate lasts 397 days and is made anew by the same command. The
authority can sign for the console's names and for nothing else (a critical name constraint, RFC 5280 section
4.2.1.10), so a desk that trusts it gives nothing away beyond this console. Both keys are ECDSA on P-256.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from openline.base.errors import UsageError
from openline.base.limits import CERTIFICATE_AUTHORITY_DAYS, CERTIFICATE_DAYS
from openline.base.time import HOUR_US, SECOND_US, Instant
from openline.node.folder import Folder, replace_secret

NAME_LENGTH_MAX = 64


@dataclass(frozen=True, slots=True)
class Certified:
    """What was made: the authority's SHA-256, whether it is new, until when the certificate is good."""

    fingerprint: str
    is_new: bool
    names: tuple[str, ...]
    not_after: Instant


def certify(folder: Folder, party: str, names: Sequence[str], now: Instant, anew: bool = False) -> Certified:
    """Make or renew the console's certificate for `names`. The authority stays unless `anew`.

    Raises UsageError `console-names-missing` without names, `console-authority-other-names` when the authority may
    not sign for them, `console-certificate-unreadable`; StoreError when a file cannot be written.
    """
    if not names:
        raise UsageError("console-names-missing", file=str(folder.config))
    is_new = anew or not folder.console_ca.exists()
    if is_new:
        key = ec.generate_private_key(ec.SECP256R1())
        authority = _authority(key, party, names, now)
    else:
        key, authority = _read(folder)
        if _constrained_to(authority) != set(names):
            raise UsageError("console-authority-other-names", names=", ".join(names))
    server_key = ec.generate_private_key(ec.SECP256R1())
    certificate = _server(server_key, key, authority, names, now)
    if is_new:
        replace_secret(folder.console_ca_key, _pem(key))
        replace_secret(folder.console_ca, authority.public_bytes(Encoding.PEM))
    # The certificate holds its key too, so that the two are replaced in one step.
    replace_secret(folder.console_certificate, certificate.public_bytes(Encoding.PEM) + _pem(server_key))
    return Certified(fingerprint(authority), is_new, tuple(names), _instant(certificate.not_valid_after_utc))


def not_after(folder: Folder) -> Instant | None:
    """Until when the console's certificate is good; None when there is none that can be read."""
    try:
        return _instant(x509.load_pem_x509_certificate(folder.console_certificate.read_bytes()).not_valid_after_utc)
    except (OSError, ValueError):
        return None


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of a certificate as browsers and systems show it: pairs of hexadecimal digits, colons between."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def _authority(key: ec.EllipticCurvePrivateKey, party: str, names: Sequence[str], now: Instant) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"openline console of {party}"[:NAME_LENGTH_MAX])])
    permitted = [x509.DNSName(name) for name in names]
    # A constraint on one form of name leaves the others free: no address and no mail name may be signed for.
    excluded = [x509.IPAddress(IPv4Network("0.0.0.0/0")), x509.IPAddress(IPv6Network("::/0"))]
    return (
        _builder(subject, subject, key.public_key(), now, CERTIFICATE_AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, excluded), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _server(
    key: ec.EllipticCurvePrivateKey,
    authority_key: ec.EllipticCurvePrivateKey,
    authority: x509.Certificate,
    names: Sequence[str],
    now: Instant,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:NAME_LENGTH_MAX])])
    issuer_key = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return (
        _builder(subject, authority.subject, key.public_key(), now, CERTIFICATE_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_key), critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: Instant, days: int
) -> x509.CertificateBuilder:
    # An hour early: the clocks of desks differ.
    begins = datetime.fromtimestamp(now.plus(-HOUR_US).seconds, UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        # 397 days are counted with both ends: the last second belongs to it.
        .not_valid_after(begins + timedelta(days=days) - timedelta(seconds=1))
    )


def _usage(*, digital_signature: bool = False, key_cert_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=key_cert_sign,
        crl_sign=key_cert_sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _read(folder: Folder) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """The authority and its key. Raises UsageError."""
    file = folder.console_ca
    try:
        authority = x509.load_pem_x509_certificate(file.read_bytes())
        file = folder.console_ca_key
        key = load_pem_private_key(file.read_bytes(), None)
    except (OSError, ValueError, TypeError) as why:
        raise UsageError("console-certificate-unreadable", file=str(file), detail=str(why)) from why
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != authority.public_key():
        raise UsageError("console-certificate-unreadable", file=str(file), detail="the key of another certificate")
    return key, authority


def _constrained_to(authority: x509.Certificate) -> set[str]:
    try:
        constraints = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return set()
    return {name.value for name in constraints.permitted_subtrees or () if isinstance(name, x509.DNSName)}


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _instant(moment: datetime) -> Instant:
    return Instant(int(moment.timestamp()) * SECOND_US)

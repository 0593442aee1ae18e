"""The console's certificate: what desks trust, for which names, how long, and that it signs for nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from openline.base.errors import UsageError
from openline.base.limits import CERTIFICATE_DAYS
from openline.base.time import DAY_US, SECOND_US, Instant
from openline.node import certificate
from openline.node.certificate import certify, fingerprint, not_after
from openline.node.clock import SystemClock
from openline.node.folder import Folder

NAMES = ("alpha.watch.example", "watch")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def _certificates(folder: Folder) -> tuple[x509.Certificate, x509.Certificate]:
    files = folder.console_ca, folder.console_certificate
    authority, server = (x509.load_pem_x509_certificate(file.read_bytes()) for file in files)
    return authority, server


def test_a_server_certificate_of_397_days_signed_by_an_authority_of_our_own(folder: Folder) -> None:
    now = SystemClock().now()
    made = certify(folder, "alpha.example", NAMES, now)
    authority, server = _certificates(folder)
    assert (made.is_new, made.names, made.fingerprint) == (True, NAMES, fingerprint(authority))
    assert len(made.fingerprint) == 95
    server.verify_directly_issued_by(authority)
    assert server.not_valid_after_utc - server.not_valid_before_utc < timedelta(days=CERTIFICATE_DAYS)
    assert made.not_after == not_after(folder)
    assert (CERTIFICATE_DAYS - 1) * DAY_US < made.not_after - now < CERTIFICATE_DAYS * DAY_US
    for key in (authority.public_key(), server.public_key()):
        assert isinstance(key, ec.EllipticCurvePublicKey)
        assert key.curve.name == "secp256r1"
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == list(NAMES)


def test_it_holds_for_its_names_and_no_others(folder: Folder) -> None:
    certify(folder, "alpha.example", NAMES, SystemClock().now())
    authority, server = _certificates(folder)
    for name in NAMES:
        PolicyBuilder().store(Store([authority])).build_server_verifier(x509.DNSName(name)).verify(server, [])
    verifier = PolicyBuilder().store(Store([authority])).build_server_verifier(x509.DNSName("evil.example"))
    with pytest.raises(VerificationError):
        verifier.verify(server, [])


def test_the_authority_can_sign_for_nothing_else(folder: Folder) -> None:
    """Whoever steals its key gets this console, and no other site of the desks that trust it."""
    now = SystemClock().now()
    certify(folder, "alpha.example", NAMES, now)
    authority, _ = _certificates(folder)
    key, _ = certificate._read(folder)
    forged = certificate._server(ec.generate_private_key(ec.SECP256R1()), key, authority, ["bank.example"], now)
    verifier = PolicyBuilder().store(Store([authority])).build_server_verifier(x509.DNSName("bank.example"))
    with pytest.raises(VerificationError):
        verifier.verify(forged, [])
    constraints = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    assert len(constraints.value.excluded_subtrees or ()) == 2


def test_keys_are_their_owner_s(folder: Folder) -> None:
    certify(folder, "alpha.example", NAMES, SystemClock().now())
    for file in (folder.console_ca_key, folder.console_certificate):
        assert file.stat().st_mode & 0o777 == 0o600
    assert b"PRIVATE KEY" not in folder.console_ca.read_bytes()


def test_running_again_renews_it_under_the_same_authority(folder: Folder) -> None:
    now = SystemClock().now()
    first = certify(folder, "alpha.example", NAMES, now)
    before = folder.console_certificate.read_bytes()
    second = certify(folder, "alpha.example", NAMES, now.plus(300 * DAY_US))
    assert second.fingerprint == first.fingerprint
    assert not second.is_new
    assert second.not_after - first.not_after == 300 * DAY_US
    assert folder.console_certificate.read_bytes() != before
    assert not list(folder.path.glob("keys/*.new"))


def test_a_new_authority_is_made_when_it_is_asked_for(folder: Folder) -> None:
    now = SystemClock().now()
    first = certify(folder, "alpha.example", NAMES, now)
    second = certify(folder, "alpha.example", ["other.example"], now, anew=True)
    assert (second.is_new, second.fingerprint != first.fingerprint) == (True, True)


@pytest.mark.parametrize("names", [["other.example"], [*NAMES, "other.example"], [NAMES[0]]])
def test_other_names_need_a_new_authority(folder: Folder, names: list[str]) -> None:
    now = SystemClock().now()
    certify(folder, "alpha.example", NAMES, now)
    before = folder.console_certificate.read_bytes()
    with pytest.raises(UsageError, match="console-authority-other-names"):
        certify(folder, "alpha.example", names, now)
    assert folder.console_certificate.read_bytes() == before


def test_without_names_there_is_nothing_to_certify(folder: Folder) -> None:
    with pytest.raises(UsageError, match="console-names-missing"):
        certify(folder, "alpha.example", [], SystemClock().now())


@pytest.mark.parametrize("file", ["console_ca", "console_ca_key"])
@pytest.mark.parametrize("spoilt", [b"", b"nonsense", None])
def test_a_spoilt_authority_is_named(folder: Folder, file: str, spoilt: bytes | None) -> None:
    now = SystemClock().now()
    certify(folder, "alpha.example", NAMES, now)
    place: Path = getattr(folder, file)
    if spoilt is not None:
        place.write_bytes(spoilt)
    elif file == "console_ca_key":
        place.unlink()
    else:
        other = Folder(folder.path / "other")
        certify(other, "bravo.example", NAMES, now)
        place.write_bytes(other.console_ca.read_bytes())
    with pytest.raises(UsageError, match="console-certificate-unreadable"):
        certify(folder, "alpha.example", NAMES, now)


def test_where_there_is_no_certificate_there_is_no_end_of_it(folder: Folder) -> None:
    assert not_after(folder) is None
    folder.console_certificate.parent.mkdir()
    folder.console_certificate.write_bytes(b"nonsense")
    assert not_after(folder) is None


def test_a_party_with_a_long_name_has_one_too(folder: Folder) -> None:
    certify(folder, "a" * 60 + ".example", ["b" * 63 + ".watch.example"], Instant(1_800_000_000 * SECOND_US))
    assert not_after(folder) is not None

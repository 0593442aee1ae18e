"""Keys: vectors, secrets that do not show, verification that only ever answers, roots behind a passphrase."""

from __future__ import annotations

from base64 import b64decode
from hashlib import sha256

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import PeerError, UsageError
from openline.identity.keys import (
    KIND_COSIGNATURE,
    KIND_ED25519,
    KIND_MLDSA44,
    AgeSecret,
    Ed25519Secret,
    MlDsaSecret,
    NodeSecrets,
    RootSecrets,
    VerifierKey,
    fingerprint,
    is_weak_ed25519,
    lock_root,
    read_digits,
    root_keys,
    root_promise,
    tls_pin,
    unlock_root,
    verify_ed25519,
    verify_mldsa44,
)
from tests.identity.parties import ALPHA_NODE, ALPHA_ROOT, seed
from tests.identity.vectors import read_vectors


class Vkey(msgspec.Struct):
    source: str
    name: str
    kind: int
    public: str
    key_id: str
    vkey: str


class RefusedVkey(msgspec.Struct):
    why: str
    vkey: str


class Signed(msgspec.Struct):
    seed: str
    public: str
    message: str
    signature: str


class Node(msgspec.Struct):
    party: str
    seeds: dict[str, str]
    log_public: str
    receipt_public: str
    seal_public: str
    tls_public: str
    tls_pin: str
    age_identity: str
    age_recipient: str
    file: str


class Root(msgspec.Struct):
    party: str
    seed: str
    ed25519_seed: str
    mldsa44_seed: str
    vkeys: list[str]
    fingerprint: str
    promise: str


class Locked(msgspec.Struct):
    passphrase: str
    file: str
    seed: str
    next_seed: str


class Vectors(msgspec.Struct):
    vkeys: list[Vkey]
    refused_vkeys: list[RefusedVkey]
    ed25519: list[Signed]
    nodes: list[Node]
    roots: list[Root]
    locked_root: Locked
    locked_but_no_root: list[str]


VECTORS = read_vectors("keys.json", Vectors)
ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.mark.parametrize("vector", VECTORS.vkeys, ids=lambda vector: vector.name)
def test_vkeys(vector: Vkey) -> None:
    key = VerifierKey(vector.name, vector.kind, bytes.fromhex(vector.public))
    assert key.key_id.hex() == vector.key_id
    assert key.text() == vector.vkey
    assert VerifierKey.parse(vector.vkey) == key


@pytest.mark.parametrize("vector", VECTORS.refused_vkeys, ids=lambda vector: vector.why)
def test_refused_vkeys(vector: RefusedVkey) -> None:
    with pytest.raises(PeerError, match="vkey-wrong"):
        VerifierKey.parse(vector.vkey)


def test_a_vkey_with_any_character_changed_is_refused() -> None:
    text = VECTORS.vkeys[0].vkey
    for place, character in enumerate(text):
        with pytest.raises(PeerError, match="vkey-wrong"):
            VerifierKey.parse(text[:place] + chr(ord(character) + 1) + text[place + 1 :])


@pytest.mark.fuzz
@given(st.text() | st.builds("+".join, st.lists(st.text(max_size=50), min_size=3, max_size=3)))
def test_any_text_is_a_vkey_or_refused(text: str) -> None:
    try:
        key = VerifierKey.parse(text)
    except PeerError:
        return
    assert key.text() == text


@pytest.mark.parametrize("vector", VECTORS.nodes, ids=lambda vector: vector.party)
def test_node_secrets(vector: Node) -> None:
    secrets = NodeSecrets.unpack(bytes.fromhex(vector.file))
    assert secrets == NodeSecrets.from_seeds(**{use: bytes.fromhex(text) for use, text in vector.seeds.items()})
    assert secrets.pack().hex() == vector.file
    assert secrets.log.public.hex() == vector.log_public
    assert secrets.receipt.public.hex() == vector.receipt_public
    assert secrets.seal.public.hex() == vector.seal_public
    assert secrets.tls.public.hex() == vector.tls_public
    assert tls_pin(secrets.tls.public).hex() == vector.tls_pin
    assert (secrets.age.identity, secrets.age.recipient) == (vector.age_identity, vector.age_recipient)


@pytest.mark.parametrize("vector", VECTORS.roots, ids=lambda vector: vector.seed[:2])
def test_roots(vector: Root) -> None:
    root = RootSecrets.from_seed(bytes.fromhex(vector.seed))
    assert root.ed25519.seed.hex() == vector.ed25519_seed
    assert root.mldsa44.seed.hex() == vector.mldsa44_seed
    keys = root.keys(vector.party)
    assert [key.text() for key in keys] == vector.vkeys
    assert fingerprint(keys) == vector.fingerprint
    assert root_promise(keys).hex() == vector.promise


def test_a_root_promises_the_next_one() -> None:
    assert ALPHA_ROOT.next_root("alpha.example").hex() == VECTORS.roots[1].promise
    assert RootSecrets.from_seed(seed(1)).next_root("alpha.example") == b""


@pytest.mark.parametrize("vector", VECTORS.ed25519, ids=lambda vector: vector.message)
def test_ed25519_of_rfc_8032(vector: Signed) -> None:
    secret = Ed25519Secret(bytes.fromhex(vector.seed))
    signature = secret.sign(bytes.fromhex(vector.message))
    assert (secret.public.hex(), signature.hex()) == (vector.public, vector.signature)
    assert verify_ed25519(secret.public, signature, bytes.fromhex(vector.message))


def test_nothing_of_a_secret_shows() -> None:
    root = RootSecrets.from_seed(seed(7), next_seed=seed(8))
    for secret in (Ed25519Secret(seed(7)), MlDsaSecret(seed(7)), AgeSecret(seed(7)), ALPHA_NODE, root):
        shown = f"{secret!r} {secret}"
        assert not any(character.isdigit() for character in shown.replace("25519", "").replace("44", ""))
        assert "\\x" not in shown


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_seed_of_another_length_is_a_bug(length: int) -> None:
    for make in (Ed25519Secret, MlDsaSecret, AgeSecret, RootSecrets.from_seed):
        with pytest.raises(ValueError, match="32"):
            make(bytes(length))
    with pytest.raises(ValueError, match="32"):
        RootSecrets.from_seed(seed(1), bytes(length))


@given(st.binary(max_size=200))
def test_node_secrets_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(UsageError, match="node-keys-unreadable"):
        NodeSecrets.unpack(data)


def test_a_flipped_signature_message_or_key_does_not_verify() -> None:
    plain, sealed = Ed25519Secret(seed(1)), MlDsaSecret(seed(1))
    message = b"held"
    signature, seal = plain.sign(message), sealed.sign(message)
    assert verify_ed25519(plain.public, signature, message)
    assert verify_mldsa44(sealed.public, seal, message)
    assert not verify_ed25519(plain.public, signature, b"helt")
    assert not verify_mldsa44(sealed.public, seal, b"helt")
    for place in range(64):
        assert not verify_ed25519(plain.public, _flipped(signature, place), message)
    for place in range(0, len(seal), 41):
        assert not verify_mldsa44(sealed.public, _flipped(seal, place), message)
    for place in range(32):
        assert not verify_ed25519(_flipped(plain.public, place), signature, message)
    for place in range(0, len(sealed.public), 41):
        assert not verify_mldsa44(_flipped(sealed.public, place), seal, message)


@pytest.mark.fuzz
@given(st.binary(max_size=80), st.binary(max_size=80), st.binary(max_size=20))
def test_verification_only_answers(public: bytes, signature: bytes, message: bytes) -> None:
    assert not verify_ed25519(public, signature, message)
    assert not verify_mldsa44(public, signature, message)


def test_a_signature_cannot_be_written_in_a_second_way() -> None:
    secret = Ed25519Secret(seed(1))
    signature = secret.sign(b"held")
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    assert not verify_ed25519(secret.public, signature[:32] + scalar.to_bytes(32, "little"), b"held")


def test_a_key_for_which_anyone_can_sign_is_refused() -> None:
    neutral = b"\x01" + bytes(31)
    forged = neutral + bytes(32)
    # The library takes it: R and A neutral, S zero verify for every message.
    Ed25519PublicKey.from_public_bytes(neutral).verify(forged, b"anything")
    assert is_weak_ed25519(neutral)
    assert not verify_ed25519(neutral, forged, b"anything")
    for text in ("00" * 32, "00" * 31 + "80", "01" + "00" * 30 + "80", "ec" + "ff" * 30 + "7f", "ee" + "ff" * 31):
        assert is_weak_ed25519(bytes.fromhex(text))
    with pytest.raises(PeerError, match="vkey-wrong"):
        VerifierKey("alpha.example/line/joint", KIND_ED25519, neutral)


def test_one_key_has_another_id_under_another_name_or_kind() -> None:
    public = Ed25519Secret(seed(1)).public
    keys = [VerifierKey("a", KIND_ED25519, public), VerifierKey("b", KIND_ED25519, public)]
    keys.append(VerifierKey("a", KIND_COSIGNATURE, public))
    assert len({key.key_id for key in keys}) == 3
    with pytest.raises(PeerError, match="vkey-wrong"):
        VerifierKey("a", KIND_MLDSA44, public)


def test_a_fingerprint_is_thirty_digits_and_hangs_on_both_keys_and_the_party() -> None:
    plain, sealed = ALPHA_ROOT.ed25519.public, ALPHA_ROOT.mldsa44.public
    other = RootSecrets.from_seed(seed(9))
    shown = {
        fingerprint(root_keys("alpha.example", plain, sealed)),
        fingerprint(root_keys("alpha.exampl", plain, sealed)),
        fingerprint(root_keys("alpha.example", other.ed25519.public, sealed)),
        fingerprint(root_keys("alpha.example", plain, other.mldsa44.public)),
    }
    assert len(shown) == 4
    assert all([len(group) for group in text.split(" ")] == [5] * 6 for text in shown)


def test_digits_are_read_in_any_script_and_grouping() -> None:
    assert read_digits(" 01234-56 789.\n") == "0123456789"
    assert read_digits("٠١٢٣٤ ۵۶۷۸۹ ०१२") == "0123456789012"
    assert read_digits("none²") == ""


def test_the_tls_pin_is_of_the_public_key_info() -> None:
    public = Ed25519PublicKey.from_public_bytes(ALPHA_NODE.tls.public)
    info = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert info.endswith(ALPHA_NODE.tls.public)
    assert tls_pin(ALPHA_NODE.tls.public) == sha256(info).digest()


def test_a_locked_root_opens_with_its_passphrase_only() -> None:
    vector = VECTORS.locked_root
    locked = b64decode(vector.file)
    root = unlock_root(locked, vector.passphrase)
    assert root == RootSecrets.from_seed(bytes.fromhex(vector.seed), bytes.fromhex(vector.next_seed))
    with pytest.raises(UsageError, match="root-locked"):
        unlock_root(locked, vector.passphrase + " ")
    with pytest.raises(UsageError, match="root-locked"):
        unlock_root(locked[:-1], vector.passphrase)
    with pytest.raises(UsageError, match="root-locked"):
        unlock_root(b"", vector.passphrase)


@pytest.mark.parametrize("file", VECTORS.locked_but_no_root)
def test_what_opens_but_holds_no_root_is_refused(file: str) -> None:
    with pytest.raises(UsageError, match="root-keys-unreadable"):
        unlock_root(b64decode(file), VECTORS.locked_root.passphrase)


def test_a_root_is_locked_and_unlocked() -> None:
    root = RootSecrets.from_seed(seed(1))
    assert unlock_root(lock_root(root, "pass"), "pass") == root


def _flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :]

"""Keys: the secrets of a node and of a root, and the public keys others verify with.

Secrets are made from seeds that the caller supplies (this room has no randomness) and never show in a repr.
Public keys are C2SP verifier keys (https://c2sp.org/signed-note@v1.0.0). Verification answers True or False
and keeps the loaded key objects, because a receipt is verified for every batch.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from nacl.bindings import crypto_sign, crypto_sign_open, crypto_sign_seed_keypair
from nacl.exceptions import BadSignatureError
from pyrage import DecryptError, passphrase

from openline.base.errors import PeerError, UsageError
from openline.base.schema import Body, pack, unpack
from openline.identity.armor import from_base64, to_base64, to_bech32
from openline.identity.names import identity_origin, is_key_name

KIND_ED25519 = 0x01
KIND_COSIGNATURE = 0x04
KIND_MLDSA44 = 0x06

ED25519_PUBLIC_BYTES = 32
ED25519_SIGNATURE_BYTES = 64
MLDSA44_PUBLIC_BYTES = 1_312
SEED_BYTES = 32

_PUBLIC_BYTES = {
    KIND_ED25519: ED25519_PUBLIC_BYTES,
    KIND_COSIGNATURE: ED25519_PUBLIC_BYTES,
    KIND_MLDSA44: MLDSA44_PUBLIC_BYTES,
}
_SECRETS_BYTES_MAX = 1_024
_LOCKED_BYTES_MAX = 16_384
_SPKI_ED25519 = bytes.fromhex("302a300506032b6570032100")

_P = 2**255 - 19
# The y of the points of small order, reduced or not: with such a key anyone can sign anything (RFC 8032 5.1).
_WEAK_Y = frozenset(
    y.to_bytes(32, "little")
    for y in (
        0,
        1,
        _P - 1,
        _P,
        _P + 1,
        int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"),
        int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"),
    )
)


@dataclass(frozen=True, slots=True)
class Ed25519Secret:
    """An Ed25519 secret (RFC 8032) made of its 32-byte seed; `public` is the 32-byte public key."""

    seed: bytes = field(repr=False)
    public: bytes = field(init=False, repr=False, compare=False)
    _secret: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Expand the seed once. Raises ValueError when it is not 32 bytes: a bug of the caller."""
        if len(self.seed) != SEED_BYTES:
            raise ValueError("an Ed25519 seed is 32 bytes long")
        public, secret = crypto_sign_seed_keypair(self.seed)
        object.__setattr__(self, "_secret", secret)
        object.__setattr__(self, "public", public)

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature of `message`; the same message always gives the same signature."""
        return crypto_sign(message, self._secret)[:ED25519_SIGNATURE_BYTES]


@dataclass(frozen=True, slots=True)
class MlDsaSecret:
    """An ML-DSA-44 secret (FIPS 204) made of its 32-byte seed; `public` is the 1,312-byte public key."""

    seed: bytes = field(repr=False)
    public: bytes = field(init=False, repr=False, compare=False)
    _key: MLDSA44PrivateKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Expand the seed once. Raises ValueError when it is not 32 bytes: a bug of the caller."""
        key = MLDSA44PrivateKey.from_seed_bytes(self.seed)
        object.__setattr__(self, "_key", key)
        object.__setattr__(self, "public", key.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """A 2,420-byte signature of `message`, empty context. Hedged: every call gives other bytes."""
        return self._key.sign(message)


@dataclass(frozen=True, slots=True)
class AgeSecret:
    """An age X25519 secret (https://c2sp.org/age) of 32 bytes; `recipient` is its public side, `age1...`."""

    seed: bytes = field(repr=False)
    recipient: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out the public side. Raises ValueError when the seed is not 32 bytes: a bug of the caller."""
        public = X25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        object.__setattr__(self, "recipient", to_bech32("age", public))

    @property
    def identity(self) -> str:
        """The secret as age reads it: `AGE-SECRET-KEY-1...`."""
        return to_bech32("age-secret-key-", self.seed).upper()


class _NodeSeeds(Body, frozen=True):
    log: bytes
    receipt: bytes
    seal: bytes
    tls: bytes
    age: bytes


@dataclass(frozen=True, slots=True)
class NodeSecrets:
    """The secrets a running node holds.

    `receipt` and `log` are never one key: a cosignature does not commit to the name it is made under.
    """

    log: Ed25519Secret
    receipt: Ed25519Secret
    seal: MlDsaSecret
    tls: Ed25519Secret
    age: AgeSecret

    @classmethod
    def from_seeds(cls, log: bytes, receipt: bytes, seal: bytes, tls: bytes, age: bytes) -> Self:
        """The secrets of five independent 32-byte seeds. Raises ValueError when a seed has another length."""
        return cls(Ed25519Secret(log), Ed25519Secret(receipt), MlDsaSecret(seal), Ed25519Secret(tls), AgeSecret(age))

    def pack(self) -> bytes:
        """The seeds as CBOR, for a file of mode 0600."""
        seeds = (self.log.seed, self.receipt.seed, self.seal.seed, self.tls.seed, self.age.seed)
        return pack(_NodeSeeds(log=seeds[0], receipt=seeds[1], seal=seeds[2], tls=seeds[3], age=seeds[4]))

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Read what `pack` wrote. Raises UsageError when it is anything else."""
        try:
            seeds = unpack(_NodeSeeds, data, _SECRETS_BYTES_MAX)
            return cls.from_seeds(seeds.log, seeds.receipt, seeds.seal, seeds.tls, seeds.age)
        except (PeerError, ValueError) as why:
            raise UsageError("node-keys-unreadable") from why


class _RootSeeds(Body, frozen=True):
    ed25519: bytes
    mldsa44: bytes
    next_seed: bytes = b""


@dataclass(frozen=True, slots=True)
class RootSecrets:
    """The offline root of a party: the two keys that sign its identity log, and the seed of the next root.

    `next_seed` is None where the next root is kept elsewhere, which is safer: a thief of both can rotate.
    """

    ed25519: Ed25519Secret
    mldsa44: MlDsaSecret
    next_seed: bytes | None = field(default=None, repr=False)

    @classmethod
    def from_seed(cls, seed: bytes, next_seed: bytes | None = None) -> Self:
        """The root of one 32-byte seed: each key's seed is SHA-256 of `openline-root-<kind>/v1\\n` and it."""
        if len(seed) != SEED_BYTES or (next_seed is not None and len(next_seed) != SEED_BYTES):
            raise ValueError("a root seed is 32 bytes long")
        return cls(
            Ed25519Secret(sha256(b"openline-root-ed25519/v1\n" + seed).digest()),
            MlDsaSecret(sha256(b"openline-root-mldsa44/v1\n" + seed).digest()),
            next_seed,
        )

    def keys(self, party: str) -> tuple[VerifierKey, VerifierKey]:
        """The two public keys, as `party` shows them."""
        return root_keys(party, self.ed25519.public, self.mldsa44.public)

    def next_root(self, party: str) -> bytes:
        """The promise of the next root that a card carries; empty when `next_seed` is kept elsewhere."""
        return b"" if self.next_seed is None else root_promise(RootSecrets.from_seed(self.next_seed).keys(party))


def lock_root(secrets: RootSecrets, phrase: str) -> bytes:
    """The root as an age file that `phrase` opens (scrypt recipient). Takes about a second, by design."""
    seeds = _RootSeeds(ed25519=secrets.ed25519.seed, mldsa44=secrets.mldsa44.seed, next_seed=secrets.next_seed or b"")
    return passphrase.encrypt(pack(seeds), phrase)


def unlock_root(data: bytes, phrase: str) -> RootSecrets:
    """Read what `lock_root` wrote.

    Raises UsageError `root-locked` when the phrase is wrong or the file is damaged (age cannot tell which),
    and `root-keys-unreadable` when it opens but does not hold a root.
    """
    try:
        plain = passphrase.decrypt(data[:_LOCKED_BYTES_MAX], phrase)
    except DecryptError as why:
        raise UsageError("root-locked") from why
    try:
        seeds = unpack(_RootSeeds, plain, _SECRETS_BYTES_MAX)
        if len(seeds.next_seed) not in (0, SEED_BYTES):
            raise ValueError("a root seed is 32 bytes long")
        return RootSecrets(Ed25519Secret(seeds.ed25519), MlDsaSecret(seeds.mldsa44), seeds.next_seed or None)
    except (PeerError, ValueError) as why:
        raise UsageError("root-keys-unreadable") from why


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name it signs under and the kind of signature it makes.

    `key_id` is the first 4 bytes of SHA-256(name, newline, kind, public). Raises PeerError `vkey-wrong` when
    made with a name, a kind or a length that no key has, or an Ed25519 point for which anyone can sign.
    """

    name: str
    kind: int
    public: bytes = field(repr=False)
    key_id: bytes = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Check the parts and work out the key id."""
        if not is_key_name(self.name):
            raise PeerError("vkey-wrong", detail="name")
        if _PUBLIC_BYTES.get(self.kind) != len(self.public):
            raise PeerError("vkey-wrong", detail="kind or length")
        if self.kind != KIND_MLDSA44 and is_weak_ed25519(self.public):
            raise PeerError("vkey-wrong", detail="weak key")
        material = self.name.encode() + b"\n" + bytes((self.kind,)) + self.public
        object.__setattr__(self, "key_id", sha256(material).digest()[:4])

    def text(self) -> str:
        """The C2SP vkey: `name+hex8(key id)+base64(kind, public)`."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes((self.kind,)) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read a C2SP vkey. Raises PeerError `vkey-wrong` unless it is exactly one of our three kinds."""
        parts = text.split("+", 2)
        if len(parts) != 3:
            raise PeerError("vkey-wrong", detail="parts")
        try:
            material = from_base64(parts[2])
        except ValueError as why:
            raise PeerError("vkey-wrong", detail="base64") from why
        key = cls(parts[0], material[0] if material else 0, material[1:])
        if key.key_id.hex() != parts[1]:
            raise PeerError("vkey-wrong", detail="key id")
        return key


def root_keys(party: str, ed25519: bytes, mldsa44: bytes) -> tuple[VerifierKey, VerifierKey]:
    """The verifier keys of a root, Ed25519 first: the order of every digest over them."""
    name = identity_origin(party)
    return VerifierKey(name, KIND_ED25519, ed25519), VerifierKey(name, KIND_MLDSA44, mldsa44)


def fingerprint(root: tuple[VerifierKey, VerifierKey]) -> str:
    """What a party reads aloud of its own root: 30 decimal digits (99.6 bits), six groups of five.

    SHA-256 of `openline-fingerprint/v1\\n` and the two vkeys, Ed25519 first, each followed by a newline, as
    one big-endian number modulo 10^30.
    """
    digits = f"{int.from_bytes(_root_digest(b'openline-fingerprint/v1', root), 'big') % 10**30:030d}"
    return " ".join(digits[start : start + 5] for start in range(0, 30, 5))


def read_digits(text: str) -> str:
    """The decimal digits of what a person typed, in any script's digits, everything else left out."""
    return "".join(str(int(c)) for c in text if c.isdecimal())


def root_promise(root: tuple[VerifierKey, VerifierKey]) -> bytes:
    """The 32 bytes by which a card promises its next root: the digest of its vkeys (pre-rotation)."""
    return _root_digest(b"openline-next-root/v1", root)


def tls_pin(public: bytes) -> bytes:
    """SHA-256 of the SubjectPublicKeyInfo (RFC 8410) of a 32-byte Ed25519 public key."""
    return sha256(_SPKI_ED25519 + public).digest()


def _root_digest(label: bytes, root: tuple[VerifierKey, VerifierKey]) -> bytes:
    assert (root[0].kind, root[1].kind) == (KIND_ED25519, KIND_MLDSA44), "a root is named Ed25519 first"
    return sha256(label + b"\n" + "".join(f"{key.text()}\n" for key in root).encode()).digest()


def verify_ed25519(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` (64 bytes) is one of `message` by `public` (32 bytes). Never raises.

    libsodium's check (RFC 8032 5.1.7, with encodings that are not canonical and points of small order refused).
    """
    if len(signature) != ED25519_SIGNATURE_BYTES or len(public) != ED25519_PUBLIC_BYTES or is_weak_ed25519(public):
        return False
    try:
        crypto_sign_open(signature + message, public)
    except BadSignatureError:
        return False
    return True


def verify_mldsa44(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether `signature` (2,420 bytes) is one of `message` by `public` (1,312 bytes). Never raises."""
    key = _mldsa44(public)
    if key is None:
        return False
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=256)
def is_weak_ed25519(public: bytes) -> bool:
    """Whether `public` encodes a point of small order."""
    return public[:-1] + bytes((public[-1] & 0x7F,)) in _WEAK_Y if public else True


@lru_cache(maxsize=64)
def _mldsa44(public: bytes) -> MLDSA44PublicKey | None:
    try:
        return MLDSA44PublicKey.from_public_bytes(public)
    except ValueError:
        return None

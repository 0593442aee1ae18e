"""What lies in a bundle: the names of its files, and the form of those that are openline's own.

Checkpoints, policies, proofs, tiles and entries are C2SP files and belong to their own modules. Here are the table
of contents (`about.cbor`), bodies, older checkpoints with their receipts, seals, and evidence, each packed so that
a file is small and is read alone. Form: docs/spec/bundle.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Annotated, Protocol, TypeVar, cast

import msgspec

from openline.base import codec
from openline.base.errors import PeerError
from openline.base.limits import BODY_BYTES_MAX, LEAF_BYTES_MAX, MEMBERS_MAX, NOTE_BYTES_MAX
from openline.base.schema import Body, pack, unpack
from openline.identity.names import is_line, is_party, line_origin, mirror_name
from openline.record.entry import SALT_BYTES
from openline.record.policy import POLICY_BYTES_MAX
from openline.record.proof import PROOF_BYTES_MAX
from openline.record.tiles import TILE_WIDTH, bundle_path
from openline.record.tree import HASH_BYTES, SIZE_MAX

VERSION = 1
PACKED = TILE_WIDTH
"""How many bodies, checkpoints or seals stand in one file."""

ABOUT, README, POLICY = "about.cbor", "README.txt", "policy"
BLOBS, EVIDENCE, IDENTITY = "blobs/", "evidence/", "identity/"
BODIES, CHECKPOINTS, SEALS = "bodies/", "checkpoints/", "seals/"

NOTE_BYTES, POLICY_BYTES, PROOF_BYTES = NOTE_BYTES_MAX, POLICY_BYTES_MAX, PROOF_BYTES_MAX
ABOUT_BYTES = 4_096
EVIDENCE_BYTES = 1_048_576
LEAVES_BYTES = PACKED * (2 + LEAF_BYTES_MAX)
TILE_BYTES = TILE_WIDTH * HASH_BYTES
BODIES_BYTES = PACKED * (4 + SALT_BYTES + BODY_BYTES_MAX)
ROWS_BYTES = 1_048_576
README_BYTES = 65_536

Size = Annotated[int, msgspec.Meta(ge=1, le=SIZE_MAX)]
Time = Annotated[int, msgspec.Meta(ge=0, le=SIZE_MAX)]
Hash = Annotated[bytes, msgspec.Meta(min_length=HASH_BYTES, max_length=HASH_BYTES)]
Ed25519Signature = Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]
Text = Annotated[str, msgspec.Meta(max_length=255)]
MlDsaSignature = Annotated[bytes, msgspec.Meta(min_length=2_420, max_length=2_420)]


class About(Body, frozen=True):
    """The table of contents. Nothing vouches for `exporter` and `time_ms`; the rest the logs must bear out.

    `sizes` are those of the members' logs, in the order of `members`; a log of size 0 has no files.
    """

    version: int
    line: str
    members: tuple[str, ...]
    exporter: Text
    time_ms: int
    sizes: tuple[int, ...]
    bodies: bool
    attachments: bool

    @property
    def origins(self) -> tuple[str, ...]:
        """The members' logs, in the order of `members`."""
        return tuple(line_origin(party, self.line) for party in self.members)

    @property
    def mirrors(self) -> tuple[str, ...]:
        """The names under which the members receipt each other's logs, in their order."""
        return tuple(mirror_name(origin) for origin in self.origins)


class Titled(Protocol):
    """What every table of contents says: whose logs these are, and under which names they are receipted."""

    @property
    def members(self) -> tuple[str, ...]:
        """The parties, sorted."""
        ...

    @property
    def mirrors(self) -> tuple[str, ...]:
        """The names under which they receipt each other's logs, in their order."""
        ...


class KeptReceipt(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A receipt (0x04) of the checkpoint it stands with, by a member given by its place."""

    member: Annotated[int, msgspec.Meta(ge=0, lt=MEMBERS_MAX)]
    time_s: Time
    signature: Ed25519Signature


class KeptCheckpoint(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A checkpoint of the log it is kept for: its owner's signature (0x01), and receipts."""

    size: Size
    root: Hash
    signature: Ed25519Signature
    receipts: tuple[KeptReceipt, ...]


class Vouching(Protocol):
    """A checkpoint by its size and root, its owner's signature, and receipts."""

    @property
    def size(self) -> int:
        """Of how many entries."""
        ...

    @property
    def root(self) -> bytes:
        """Their root."""
        ...

    @property
    def signature(self) -> bytes:
        """The owner's (0x01)."""
        ...

    @property
    def receipts(self) -> tuple[KeptReceipt, ...]:
        """What others have receipted it by."""
        ...


class KeptSeal(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A seal (0x06) of the log it is kept for, under the name `cosigner`."""

    size: Size
    root: Hash
    cosigner: Text
    time_s: Time
    signature: MlDsaSignature


class KeptEvidence(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Bytes the exporter keeps because they prove or suggest a wrong; `fault` is a message id."""

    origin: Text
    fault: Text
    time_ms: Time
    data: bytes


T = TypeVar("T")
Row = TypeVar("Row", KeptCheckpoint, KeptSeal)


# Names


def log_folder(party: str) -> str:
    """Where the files of the party's log stand."""
    return f"logs/{party}/"


def numbered(folder: str, n: int) -> str:
    """The name of file `n` of a folder, numbered as tlog-tiles numbers: `000`, ... `999`, `x001/000`."""
    return folder + bundle_path(n).removeprefix("tile/entries/")


def identity_path(party: str, n: int) -> str:
    """The name of the party's accepted invitation `n`, oldest first."""
    return f"{IDENTITY}{party}/{n:04d}.tlog-proof"


def evidence_path(n: int) -> str:
    """The name of the evidence `n`, oldest first."""
    return numbered(EVIDENCE, n) + ".cbor"


def blob_path(digest: bytes) -> str:
    """The name of an attachment."""
    return BLOBS + digest.hex()


def digest_in(name: str) -> bytes | None:
    """The digest in an attachment's name; None when it is not such a name."""
    try:
        digest = bytes.fromhex(name.removeprefix(BLOBS))
    except ValueError:
        return None
    return digest if len(digest) == HASH_BYTES and blob_path(digest) == name else None


def in_zip_order(parties: Iterable[str]) -> list[str]:
    """Parties in the order of their folders: `/` counts, and sorts after `-` and `.`."""
    return sorted(parties, key=lambda party: f"{party}/")


def packs(size: int) -> Iterator[tuple[int, int]]:
    """How `size` things are packed: (file number, how many it holds)."""
    full, rest = divmod(size, PACKED)
    yield from ((n, PACKED) for n in range(full))
    if rest:
        yield full, rest


def packed(rows: Iterable[T]) -> Iterator[list[T]]:
    """`rows` in lists of 256, the last one shorter."""
    source = iter(rows)
    while some := list(islice(source, PACKED)):
        yield some


# Forms


def write_about(about: About) -> bytes:
    """The bytes of `about.cbor`."""
    return pack(about)


def read_about(data: bytes) -> About:
    """Read `about.cbor`. Raises PeerError when it is anything else, or of a version we do not know."""
    about = unpack(About, data, ABOUT_BYTES)
    if about.version != VERSION:
        raise PeerError("bundle-unreadable", detail=f"version {about.version}")
    parties, sizes = about.members, about.sizes
    sound = is_line(about.line) and 2 <= len(parties) <= MEMBERS_MAX and len(sizes) == len(parties)
    sound = sound and list(parties) == sorted(set(parties)) and all(is_party(party) for party in parties)
    if not sound or not all(0 <= size <= SIZE_MAX for size in sizes) or about.time_ms < 0:
        raise PeerError("bundle-unreadable", detail=ABOUT)
    return about


def write_leaves(leaves: Iterable[bytes]) -> bytes:
    """An entry bundle as tlog-tiles has it: u16 big-endian length and leaf, one after the other."""
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def read_leaves(data: bytes, count: int) -> tuple[list[bytes], bool]:
    """The leaves of an entry bundle as far as they can be read, and whether it holds exactly `count`.

    Unlike `tiles.read_bundle` it does not give up: an auditor wants to say which entry is wrong.
    """
    return _framed(data, count, 2, lambda item: item)


def write_bodies(bodies: Iterable[tuple[bytes, bytes | None]]) -> bytes:
    """Salts and bodies: u32 big-endian length, salt, body, one after the other; length 0 is a withheld body.

    The salt of a withheld body is withheld too, or its digest could be guessed at.
    """
    items = [b"" if body is None else salt + body for salt, body in bodies]
    return b"".join(len(item).to_bytes(4, "big") + item for item in items)


def read_bodies(data: bytes, count: int) -> tuple[list[tuple[bytes, bytes] | None], bool]:
    """The salts and bodies of a file as far as they can be read, and whether it holds exactly `count`."""
    return _framed(data, count, 4, lambda item: (item[:SALT_BYTES], item[SALT_BYTES:]) if item else None)


def write_rows(rows: Sequence[Row]) -> bytes:
    """Checkpoints or seals: a CBOR array of arrays."""
    return codec.encode(cast("codec.Value", msgspec.to_builtins(rows, builtin_types=(bytes,))))


def read_checkpoints(data: bytes) -> list[KeptCheckpoint]:
    """Read a file of checkpoints. Raises PeerError when it is anything else."""
    return _convert(codec.decode(data, ROWS_BYTES), list[KeptCheckpoint])


def read_seals(data: bytes) -> list[KeptSeal]:
    """Read a file of seals. Raises PeerError when it is anything else."""
    return _convert(codec.decode(data, ROWS_BYTES), list[KeptSeal])


def write_evidence(evidence: KeptEvidence) -> bytes:
    """The bytes of one piece of evidence."""
    return codec.encode(cast("codec.Value", msgspec.to_builtins(evidence, builtin_types=(bytes,))))


def read_evidence(data: bytes) -> KeptEvidence:
    """Read one piece of evidence. Raises PeerError when it is anything else."""
    return _convert(codec.decode(data, EVIDENCE_BYTES), KeptEvidence)


def _framed(data: bytes, count: int, width: int, item: Callable[[bytes], T]) -> tuple[list[T], bool]:
    items: list[T] = []
    place = 0
    while place < len(data) and len(items) < count:
        start = place + width
        stop = start + int.from_bytes(data[place:start], "big")
        if stop > len(data):
            return items, False
        items.append(item(data[start:stop]))
        place = stop
    return items, place == len(data) and len(items) == count


def _convert(value: codec.Value, kind: type[T]) -> T:
    try:
        return msgspec.convert(value, kind, builtin_types=(bytes,))
    except msgspec.ValidationError as why:
        raise PeerError("peer-body-wrong", kind="bundle", detail=str(why)) from why


README_TEXT = b"""\
This is an openline bundle: the record of a line between headquarters, made so that an outsider can check it.
It needs nothing but this file and, for each party, the 30 digits of its root, which the party reads aloud.

  about.cbor                which line, whose logs, how long they are (nothing vouches for who exported it, and when)
  identity/<party>/         the party's introductions: its root and its keys, each a tlog-proof with the card inside
  logs/<party>/             the party's log in the form of https://c2sp.org/tlog-tiles
    checkpoint              the newest signed checkpoint, with receipts of the other parties and seals
    policy                  whose signatures that checkpoint needs, as https://c2sp.org/tlog-policy
    tile/                   the tree, and in tile/entries/ the entries
    bodies/                 what was said, 256 bodies to a file; absent when bodies were withheld
    checkpoints/, seals/    older checkpoints with their receipts and times; signatures that outlast quantum computers
  blobs/                    attachments, named by their SHA-256; absent unless they were asked for
  evidence/                 what the exporter keeps as evidence of a wrong

To check it with openline:                openline audit verify FILE.olx
To check it without openline, unpack it, and for every folder logs/<party>:

 1. tlog-tiles get-leaf -c ./logs/<party> <n>     prints entry n, after checking that it is in the checkpoint
    (tlog-tiles comes with the Python package tlog-scales; any reader of tlog-tiles will do).
 2. Check the signatures under "checkpoint" with the keys in "policy", as https://c2sp.org/signed-note and
    https://c2sp.org/tlog-cosignature say. The time inside a receipt is when the other party held the log.
 3. The keys are those of the party's card, which its root signed: identity/<party>/. The root's fingerprint is
    SHA-256 of "openline-fingerprint/v1\\n" and its two keys, each as a vkey and a newline, as a number, its last
    30 decimal digits. Compare them with what the party reads aloud.
 4. A body in bodies/ is a length of 4 bytes, a salt of 16 bytes and the text. SHA-256 of "openline-body/v1", a zero
    byte, salt and text must be field 4 of its entry, which is CBOR.

The whole form is in openline's document docs/spec/bundle.md.
"""

"""What lies in a dispute pack beside what a bundle has too: its table of contents, and checkpoints with their proofs.

A pack is an archive like a bundle and shares its forms of identities, notes, policies, bodies, attachments and
evidence (`record.parts`). In place of a log's whole tree it has chosen entries and one proof. Form: docs/spec/pack.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import Annotated, TypeVar, cast

import msgspec

from openline.base import codec
from openline.base.errors import PeerError
from openline.base.limits import MEMBERS_MAX, PACK_ENTRIES_MAX
from openline.base.schema import Body, Row, pack, unpack
from openline.identity.names import is_line, is_party, line_origin, mirror_name
from openline.record.parts import Ed25519Signature, Hash, KeptReceipt, MlDsaSignature, Size, Text, Time
from openline.record.tree import SIZE_MAX

VERSION = 1
CONTENTS = "pack.cbor"
ENTRIES, HASHES, PROOF = "entries/", "hashes/", "proof/"
CONTENTS_BYTES = 16 * 1_048_576
PAGE_BYTES = 1_048_576
ROWS_BYTES = 4 * 1_048_576
HASHES_BYTES = 256 * 32

_Member = Annotated[int, msgspec.Meta(ge=0, lt=MEMBERS_MAX)]
_Place = Annotated[int, msgspec.Meta(ge=0, le=SIZE_MAX)]
_PlaceText = Annotated[str, msgspec.Meta(max_length=2_000)]
_Proof = Annotated[tuple[Hash, ...], msgspec.Meta(max_length=64)]


class Role(IntEnum):
    """Why an entry is in a pack; the numbers stand in its table of contents."""

    SUBJECT = 0
    CONTEXT = 1
    NEIGHBOUR = 2


class Why(IntEnum):
    """Why a body is not in a pack; the numbers stand in its table of contents."""

    REDACTED = 0
    NOT_HELD = 1


class Stretch(Row, frozen=True):
    """Entries `start` to `stop` of a log, all there for the same reason."""

    start: _Place
    stop: _Place
    role: Role


class Named(Row, frozen=True):
    """One entry: the member's number and its place in that member's log."""

    member: _Member
    index: _Place


class Withheld(Row, frozen=True):
    """Bodies of entries `start` to `stop` of a member's log that are not here, and why."""

    member: _Member
    start: _Place
    stop: _Place
    why: Why


class Edge(Row, frozen=True):
    """Of a period: from which entry to before which one a log belongs to it."""

    start: _Place
    stop: _Place


class Contents(Body, frozen=True):
    """The table of contents. Nothing vouches for exporter, time and reason; the rest the proofs must bear out.

    `sizes` are those of the logs at the checkpoints the proofs lead to, in the order of `members`; of a log of size 0
    nothing is here. `since_ms`, `until_ms` and `edges` stand for a period, `about` for entries with what belongs to
    them. `outside` are entries that others refer to and that were left out.
    """

    version: int
    line: str
    members: tuple[str, ...]
    exporter: Text
    time_ms: Time
    sizes: tuple[_Place, ...]
    stretches: tuple[tuple[Stretch, ...], ...]
    since_ms: Time | None = None
    until_ms: Time | None = None
    edges: tuple[Edge, ...] = ()
    about: tuple[Named, ...] = ()
    outside: tuple[Named, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    reason: _PlaceText = ""
    attachments: bool = False

    @property
    def origins(self) -> tuple[str, ...]:
        """The members' logs, in the order of `members`."""
        return tuple(line_origin(party, self.line) for party in self.members)

    @property
    def mirrors(self) -> tuple[str, ...]:
        """The names under which the members receipt each other's logs, in their order."""
        return tuple(mirror_name(origin) for origin in self.origins)

    def indexes(self, member: int) -> Iterator[tuple[int, Role]]:
        """The entries of a member's log that are in the pack, ascending, each with its role."""
        return ((index, row.role) for row in self.stretches[member] for index in range(row.start, row.stop))

    def count(self, member: int) -> int:
        """How many entries of a member's log are in the pack."""
        return sum(row.stop - row.start for row in self.stretches[member])


class ProvenCheckpoint(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """An older checkpoint with receipts, and the proof that the newest one of the pack extends it."""

    size: Size
    root: Hash
    signature: Ed25519Signature
    receipts: tuple[KeptReceipt, ...]
    proof: _Proof


class ProvenSeal(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """A seal under the name `cosigner`, and the same proof."""

    size: Size
    root: Hash
    cosigner: Text
    time_s: Time
    signature: MlDsaSignature
    proof: _Proof


R = TypeVar("R", ProvenCheckpoint, ProvenSeal)


def write_contents(contents: Contents) -> bytes:
    """The bytes of `pack.cbor`."""
    return pack(contents)


def read_contents(data: bytes) -> Contents:
    """Read `pack.cbor`. Raises PeerError when it is anything else, or of a version we do not know."""
    found = unpack(Contents, data, CONTENTS_BYTES)
    if found.version != VERSION:
        raise PeerError("bundle-unreadable", detail=f"version {found.version}")
    parties = found.members
    sound = is_line(found.line) and 2 <= len(parties) <= MEMBERS_MAX and all(is_party(party) for party in parties)
    sound = sound and list(parties) == sorted(set(parties))
    sound = sound and len(found.sizes) == len(found.stretches) == len(parties)
    if not sound or not _are_stretches(found) or not _is_scope(found) or not _are_named(found):
        raise PeerError("bundle-unreadable", detail=CONTENTS)
    return found


def write_table(rows: Sequence[R]) -> bytes:
    """Checkpoints or seals: a CBOR array of arrays."""
    return codec.encode(cast("codec.Value", msgspec.to_builtins(rows, builtin_types=(bytes,))))


def read_table(kind: type[R], data: bytes) -> list[R]:
    """Read a file of checkpoints or seals. Raises PeerError when it is anything else."""
    try:
        rows = codec.decode(data, ROWS_BYTES)
        if not isinstance(rows, list):
            raise PeerError("peer-body-wrong", kind="pack", detail="not an array")
        return [msgspec.convert(row, kind, builtin_types=(bytes,)) for row in rows]
    except msgspec.ValidationError as why:
        raise PeerError("peer-body-wrong", kind="pack", detail=str(why)) from why


def _are_stretches(found: Contents) -> bool:
    """Whether they ascend, are not empty, and stay within their logs and the limit."""
    total = 0
    for size, rows in zip(found.sizes, found.stretches, strict=True):
        stop = 0
        for row in rows:
            if not stop <= row.start < row.stop <= size:
                return False
            stop = row.stop
            total += row.stop - row.start
        if bool(size) is not bool(rows):
            return False
    return 0 < total <= PACK_ENTRIES_MAX


def _is_scope(found: Contents) -> bool:
    """Whether it is of a period, with edges, or about entries, and of one of both."""
    if found.since_ms is None or found.until_ms is None:
        return found.since_ms is found.until_ms is None and not found.edges and bool(found.about)
    edged = len(found.edges) == len(found.members) and not found.about
    return edged and all(row.start <= row.stop <= size for row, size in zip(found.edges, found.sizes, strict=True))


def _are_named(found: Contents) -> bool:
    """Whether what is named by member is of a member, ascending, and withheld only what is in the pack."""
    for rows in (found.about, found.outside):
        places = [(row.member, row.index) for row in rows]
        if places != sorted(set(places)) or any(member >= len(found.members) for member, _ in places):
            return False
    stop = (0, 0)
    for row in found.withheld:
        if row.member >= len(found.members) or row.start >= row.stop or (row.member, row.start) < stop:
            return False
        stop = (row.member, row.stop)
    return all(row.stop <= found.sizes[row.member] for row in found.withheld)

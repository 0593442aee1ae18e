"""One log of a dispute pack, checked: its checkpoint, the one proof for all entries, the entries and their bodies.

The leaf hashes stand in a pack twice, in the entries and beside them. When they disagree, the signed root says which of
them is what was signed; so a changed entry is named.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from openline.base.errors import PeerError
from openline.record import packparts, parts
from openline.record.audit_signatures import SignatureAudit, Vouched
from openline.record.audit_tree import runs_in
from openline.record.checkpoint import Checkpoint, verify_seal
from openline.record.entry import Leaf, body_digest, decode_leaf
from openline.record.packparts import Contents, ProvenCheckpoint, ProvenSeal, Role, Why
from openline.record.ranges import root_from, runs_of
from openline.record.shelf import Shelf
from openline.record.signers import Signers
from openline.record.tree import HASH_BYTES, leaf_hash, verify_consistency
from openline.record.verdict import Findings, Severity

Texts = Callable[[Leaf, bytes], str]
"""What is to be kept of a body, given its header."""


@dataclass(slots=True)
class Packed:
    """One log of a pack as it was found. Mutable while it is checked; the lists are of the entries that are here.

    `roots` are those of the sizes whose checkpoints are signed and proven; `proven` says that the entries are what the
    newest of them signs. `hashes` are the right leaf hashes, `texts` what is kept of bodies that are here and right.
    """

    member: int
    party: str
    origin: str
    size: int
    indexes: list[int]
    roles: list[Role]
    why: list[Why | None]
    proven: bool = False
    vouched: Vouched = field(default_factory=Vouched)
    roots: dict[int, bytes] = field(default_factory=dict)
    hashes: bytes = b""
    leaves: list[Leaf | None] = field(default_factory=list)
    texts: list[str | None] = field(default_factory=list)

    def hash_at(self, place: int) -> bytes:
        """The leaf hash of the entry at this place of the lists."""
        return self.hashes[place * HASH_BYTES : (place + 1) * HASH_BYTES]


class LogAudit:
    """Checks one log. Mutable; lives for one log."""

    def __init__(self, shelf: Shelf, signers: Signers, contents: Contents, findings: Findings, texts: Texts) -> None:
        self._shelf, self._signers, self._contents, self._findings = shelf, signers, contents, findings
        self._texts = texts

    def check(self, member: int, counted: Callable[[int], None]) -> Packed:
        """The log of this member. Everything about it that is wrong or missing becomes a finding."""
        contents = self._contents
        party, origin, size = contents.members[member], contents.origins[member], contents.sizes[member]
        roles = list(contents.indexes(member))
        why = self._why(member, [index for index, _ in roles])
        log = Packed(member, party, origin, size, [index for index, _ in roles], [role for _, role in roles], why)
        if not size:
            return log
        folder = parts.log_folder(party)
        signatures = SignatureAudit(self._shelf, self._signers, contents, self._findings)
        log.vouched = signatures.vouched
        known = self._signers.trust.card(party) is not None
        root = (signatures.newest if known else signatures.stated)(origin, folder, size)
        read = list(self._read_entries(log, folder, counted))
        self._prove(log, folder, root, read)
        if root is not None and known:
            log.roots[size] = root
            self._older(log, folder, signatures)
            signatures.count_newest()
            self._seals(log, folder, signatures)
            self._coverage(log, signatures)
        self._read_leaves(log, read)
        self._read_bodies(log, folder)
        return log

    def _why(self, member: int, indexes: Sequence[int]) -> list[Why | None]:
        """Why each body is not here, as the table of contents says."""
        rows = [row for row in self._contents.withheld if row.member == member]
        starts = [row.start for row in rows]
        at = (bisect_right(starts, index) - 1 for index in indexes)
        return [rows[n].why if n >= 0 and index < rows[n].stop else None for n, index in zip(at, indexes, strict=True)]

    # The proof

    def _read_entries(self, log: Packed, folder: str, counted: Callable[[int], None]) -> Iterator[bytes | None]:
        """The leaf of every entry; None where it cannot be read."""
        for n, width in parts.packs(len(log.indexes)):
            name = parts.numbered(folder + packparts.ENTRIES, n)
            data = self._shelf.take(name, parts.LEAVES_BYTES)
            leaves, whole = parts.read_leaves(data or b"", width)
            if data is not None and not whole:
                self._findings.false("audit-file-wrong", name=name, detail="entries")
            yield from leaves
            yield from [None] * (width - len(leaves))
            counted(width)

    def _prove(self, log: Packed, folder: str, root: bytes | None, read: Sequence[bytes | None]) -> None:
        runs = runs_of(log.indexes)
        count = len(log.indexes)
        beside = self._hashes(folder + packparts.HASHES, count)
        proof = self._proof(folder + packparts.PROOF)
        zero = bytes(HASH_BYTES)
        entries = b"".join(zero if leaf is None else leaf_hash(leaf) for leaf in read)
        beside = beside.ljust(count * HASH_BYTES, b"\0")[: count * HASH_BYTES]
        log.hashes = entries
        for hashes in (entries, beside):
            if root is not None and root_from(runs, log.size, hashes, proof) == root:
                log.hashes, log.proven = hashes, True
                break
        if log.proven and beside != log.hashes:
            self._findings.false("audit-file-wrong", name=folder + packparts.HASHES, detail="hash")
        other = beside if log.hashes is entries else entries
        wrong = [at for at in range(count) if log.proven and _at(entries, at) != _at(log.hashes, at)]
        if not log.proven:
            wrong = [at for at in range(count) if _at(entries, at) != _at(other, at)]
        self._blame(log, wrong, read)
        if root is not None and not log.proven and not wrong:
            self._findings.false("audit-pack-unproven", log.origin, name=folder + packparts.PROOF)

    def _hashes(self, folder: str, count: int) -> bytes:
        files = (self._shelf.take(parts.numbered(folder, n), packparts.HASHES_BYTES) for n, _ in parts.packs(count))
        return b"".join(data or b"" for data in files)

    def _proof(self, folder: str) -> bytes:
        """All of it: how much there has to be, the tree tells."""
        names = self._shelf.series(folder, lambda n: parts.numbered(folder, n))
        return b"".join(self._shelf.take(name, packparts.HASHES_BYTES) or b"" for name in names)

    def _blame(self, log: Packed, wrong: Sequence[int], read: Sequence[bytes | None]) -> None:
        """Name the entries that are not what was signed, and those that are not here."""
        gone = [at for at in wrong if read[at] is None]
        for severity, message_id, places in (
            (Severity.FALSE, "audit-entry-changed", [at for at in wrong if read[at] is not None]),
            (Severity.MISSING, "audit-entries-missing", gone),
        ):
            for run in runs_in([log.indexes[at] for at in places]):
                self._findings.entries(severity, message_id, log.origin, range(run[0], run[-1] + 1))

    # Signatures

    def _older(self, log: Packed, folder: str, signatures: SignatureAudit) -> None:
        """Every older checkpoint: signed, receipted, and extended by the newest one."""
        last = 0
        for row in self._rows(ProvenCheckpoint, folder + parts.CHECKPOINTS):
            if not last < row.size <= log.size:
                self._findings.false("audit-file-wrong", name=folder + parts.CHECKPOINTS, detail="order")
                break
            last = row.size
            log.vouched.checkpoints += 1
            extends = self._extends(log, row, folder + parts.CHECKPOINTS)
            checkpoint = Checkpoint(log.origin, row.size, row.root)
            if signatures.check_row(checkpoint, row, extends) and extends:
                log.roots[row.size] = row.root

    def _extends(self, log: Packed, row: ProvenCheckpoint | ProvenSeal, name: str) -> bool:
        newest = log.roots[log.size]
        if verify_consistency(row.size, row.root, log.size, newest, row.proof):
            return True
        if row.size == log.size:
            self._findings.false("audit-log-forked", log.origin, size=row.size)
        else:
            self._findings.false("audit-pack-proof-wrong", log.origin, name=name, size=row.size)
        return False

    def _seals(self, log: Packed, folder: str, signatures: SignatureAudit) -> None:
        for row in self._rows(ProvenSeal, folder + parts.SEALS):
            if signatures.is_stranger(row.cosigner):
                continue
            key = self._signers.seal_key(log.origin, row.cosigner, row.size)
            checkpoint = Checkpoint(log.origin, row.size, row.root)
            if key is None or not verify_seal(checkpoint, key, row.time_s, row.signature):
                self._findings.false("audit-seal-wrong", log.origin, name=row.cosigner, size=row.size)
            elif row.size <= log.size and self._extends(log, row, folder + parts.SEALS):
                log.vouched.seals.setdefault(row.cosigner, []).append((row.size, row.time_s))

    def _rows(self, kind: type[packparts.R], folder: str) -> Iterator[packparts.R]:
        for name in self._shelf.series(folder, lambda n: parts.numbered(folder, n)):
            data = self._shelf.take(name, packparts.ROWS_BYTES)
            try:
                rows = [] if data is None else packparts.read_table(kind, data)
            except PeerError as why:
                self._findings.false("audit-file-wrong", name=name, detail=why.message_id)
                continue
            yield from rows

    def _coverage(self, log: Packed, signatures: SignatureAudit) -> None:
        """Whether everyone else has receipted what is here."""
        for party in signatures.known_others(log.origin):
            receipted = log.vouched.receipted(party)
            for run in runs_in([index for index in log.indexes if index >= receipted]):
                place = range(run[0], run[-1] + 1)
                self._findings.entries(Severity.MISSING, "audit-receipt-missing", log.origin, place, party=party)

    # Entries and bodies

    def _read_leaves(self, log: Packed, read: Sequence[bytes | None]) -> None:
        for at, data in enumerate(read):
            if data is None or leaf_hash(data) != log.hash_at(at):
                log.leaves.append(None)
                continue
            try:
                log.leaves.append(decode_leaf(data))
            except PeerError as why:
                place = (log.origin, log.indexes[at])
                self._findings.entry(Severity.FALSE, "audit-entry-unreadable", place, detail=why.message_id)
                log.leaves.append(None)

    def _read_bodies(self, log: Packed, folder: str) -> None:
        for n, width in parts.packs(len(log.indexes)):
            name = parts.numbered(folder + parts.BODIES, n)
            data = self._shelf.take(name, parts.BODIES_BYTES)
            bodies, whole = parts.read_bodies(data or b"", width)
            if data is not None and not whole:
                self._findings.false("audit-file-wrong", name=name, detail="bodies")
            for place in range(width):
                there = place < len(bodies)
                log.texts.append(self._body(log, n * parts.PACKED + place, bodies[place] if there else None, there))

    def _body(self, log: Packed, at: int, body: tuple[bytes, bytes] | None, there: bool) -> str | None:
        """What is kept of a body; None when it is not here, or not the one that was signed."""
        place, leaf = (log.origin, log.indexes[at]), log.leaves[at]
        expected = log.roles[at] is not Role.NEIGHBOUR and log.why[at] is None
        if body is None:
            if expected and there:
                self._findings.entry(Severity.MISSING, "audit-body-missing", place)
            return None
        if leaf is None:
            return None
        if body_digest(*body) != leaf.digest:
            self._findings.entry(Severity.FALSE, "audit-body-changed", place)
            return None
        if not expected:
            self._findings.entry(Severity.NOTE, "audit-body-not-withheld", place)
        return self._texts(leaf, body[1])


def _at(hashes: bytes, place: int) -> bytes:
    return hashes[place * HASH_BYTES : (place + 1) * HASH_BYTES]

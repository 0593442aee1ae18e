"""Writes the record of one line into one file that an outsider can check: the bundle, `.olx`.

A bundle is deterministic: the same record, scope and time give the same bytes. It is written in one direction,
from at most 256 entries at a time, so it may go straight into a socket; only leaf hashes (32 bytes an entry) and
receipts are held. `record.audit` is the other side. Form: docs/spec/bundle.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from openline.base.errors import UsageError
from openline.base.time import Instant
from openline.identity.names import line_origin, mirror_name
from openline.record import parts
from openline.record.archive import ArchiveWriter, Sink
from openline.record.checkpoint import write_checkpoint
from openline.record.entry import Attachment, Entry
from openline.record.ports import BlobStore, Head, Receipt, RecordStore, Signed
from openline.record.proof import Proof, write_proof
from openline.record.receipts import checkpoint_of
from openline.record.signers import Signers, trust_of
from openline.record.tiles import CHECKPOINT_PATH, TILE_WIDTH, bundle_path, tile_path
from openline.record.tree import HASH_BYTES, Frontier, inclusion_ranges, root_of

Progress = Callable[[int, int], None]
"""Told how much is done, and of how much."""

_CHECKPOINTS_AT_ONCE = 1_024
_BLOB_BYTES_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Scope:
    """What to export: which line, on whose word (at most 255 characters) and when, and what of it.

    `redact` names entries by (origin, index) whose bodies and attachments stay out, whatever else is asked for.
    """

    line: str
    exporter: str
    time: Instant
    bodies: bool = True
    attachments: bool = False
    redact: frozenset[tuple[str, int]] = frozenset()


def write_bundle(out: Sink, store: RecordStore, blobs: BlobStore | None, what: Scope, progress: Progress) -> None:
    """Write the bundle of `what` to `out`; entries that arrive meanwhile are not in it.

    `progress` is told entries read (each is read twice). Raises UsageError `line-unknown`, `bundle-no-key` when
    the store does not hold the card of a party that has written, and `bundle-too-large`.
    """
    line = next((one for one in store.lines() if one.line == what.line), None)
    if line is None:
        raise UsageError("line-unknown", line=what.line)
    heads = {head.origin: head for head in store.heads()}
    record = _Record(store, what, line.members, heads)
    archive = ArchiveWriter(out)
    archive.add(parts.README, parts.README_TEXT)
    archive.add(parts.ABOUT, parts.write_about(record.about()))
    if blobs is not None and what.attachments:
        write_blobs(archive, blobs, record.attachments())
    for name, data in record.evidence():
        archive.add(name, data)
    for name, data in record.introductions():
        archive.add(name, data)
    done = _Done(2 * sum(record.sizes), progress)
    for party in parts.in_zip_order(line.members):
        for name, data in record.log(party, done):
            archive.add(name, data)
    archive.close()


def entry_proof(store: RecordStore, origin: str, index: int) -> bytes:
    """The `.tlog-proof` of one entry: its detached signature, with receipts where there are some.

    The checkpoint is the newest that the most parties have receipted, else the newest. Raises UsageError
    `entry-unknown` when there is no such entry, `bundle-no-key` when the owner's card is not held.
    """
    head = next((head for head in store.heads() if head.origin == origin), None)
    line = next((one for one in store.lines() if head is not None and one.line == head.line), None)
    if head is None or line is None or not 0 <= index < head.size:
        raise UsageError("entry-unknown", entry=f"{origin}:{index}", line=head.line if head else "")
    signers = Signers(trust_of(store.introductions(), line.members), line.line, line.members)
    found = (store.newest_receipt(origin, name) for name in signers.mirrors(origin))
    receipts = [one for one in found if one is not None and index < one.size <= head.size]
    sizes = {head.size, *(one.size for one in receipts)}
    size = max(sizes, key=lambda size: (sum(one.size == size for one in receipts), size))
    signed = store.checkpoint(origin, size)
    assert signed is not None, "what is receipted was signed"
    lines = signers.note_lines(signed, [one for one in receipts if one.size == size], [])
    hashes = tuple(_range_root(store, origin, *place) for place in inclusion_ranges(index, size))
    return write_proof(Proof(index, hashes, write_checkpoint(checkpoint_of(signed), lines)))


class _Done:
    """Counts for `progress`. Mutable."""

    def __init__(self, total: int, progress: Progress) -> None:
        self._done, self._total, self._progress = 0, total, progress

    def add(self, count: int) -> None:
        self._done += count
        self._progress(self._done, self._total)


class _Record:
    """The record as it stood when the export began, file by file."""

    def __init__(self, store: RecordStore, what: Scope, members: tuple[str, ...], heads: dict[str, Head]) -> None:
        self._store, self._what, self._members = store, what, members
        self._introductions = store.introductions()
        self._signers = Signers(trust_of(self._introductions, members), what.line, members)
        self._heads = [heads.get(line_origin(party, what.line)) for party in members]
        self.sizes = tuple(head.size if head else 0 for head in self._heads)

    def about(self) -> parts.About:
        what = self._what
        return parts.About(
            version=parts.VERSION,
            line=what.line,
            members=self._members,
            exporter=what.exporter,
            time_ms=what.time.ms,
            sizes=self.sizes,
            bodies=what.bodies,
            attachments=what.attachments,
        )

    def attachments(self) -> set[Attachment]:
        """Every attachment that an entry names which is not redacted."""
        found: set[Attachment] = set()
        for head in self._heads:
            for entries in self._packs(head) if head else ():
                shown = (entry for entry in entries if (entry.origin, entry.index) not in self._what.redact)
                found.update(attachment for entry in shown for attachment in entry.leaf.attachments)
        return found

    def evidence(self) -> Iterator[tuple[str, bytes]]:
        kept = [one for one in self._store.evidence() if one.line == self._what.line]
        for n, one in enumerate(kept):
            data = parts.write_evidence(parts.KeptEvidence(one.origin, one.fault, one.time.ms, one.data))
            yield parts.evidence_path(n), data

    def introductions(self) -> Iterator[tuple[str, bytes]]:
        for party in parts.in_zip_order(self._members):
            proofs = [one.proof for one in self._introductions if one.party == party]
            for n, proof in enumerate(proofs):
                yield parts.identity_path(party, n), proof

    def log(self, party: str, done: _Done) -> Iterator[tuple[str, bytes]]:
        """The files of one log, in the order of their names. Reads the entries twice."""
        head = self._heads[self._members.index(party)]
        if head is None or head.signed is None:
            return
        folder = parts.log_folder(party)
        hashes = bytearray()
        for n, entries in enumerate(self._packs(head)):
            hashes += b"".join(entry.leaf_hash for entry in entries)
            done.add(len(entries))
            if self._what.bodies:
                yield parts.numbered(folder + parts.BODIES, n), parts.write_bodies(map(self._body, entries))
        yield from self._signatures(folder, head, head.signed)
        yield from _tiles(folder, hashes)
        for n, entries in enumerate(self._packs(head)):
            done.add(len(entries))
            data = parts.write_leaves(entry.leaf_bytes for entry in entries)
            yield folder + bundle_path(n, len(entries)), data

    def _packs(self, head: Head) -> Iterator[list[Entry]]:
        for n, count in parts.packs(head.size):
            entries = self._store.entries(head.origin, n * parts.PACKED, n * parts.PACKED + count)
            assert len(entries) == count, "a log of a size has that many entries"
            yield entries

    def _body(self, entry: Entry) -> tuple[bytes, bytes | None]:
        withheld = (entry.origin, entry.index) in self._what.redact
        return entry.salt, None if withheld else entry.body

    def _signatures(self, folder: str, head: Head, signed: Signed) -> Iterator[tuple[str, bytes]]:
        """The newest checkpoint, the kept older ones, the policy and the seals."""
        receipts = self._receipts(head)
        seals = [one for one in self._store.seals(head.origin) if one.size <= head.size]
        seals.sort(key=lambda one: (one.size, one.time_s, one.cosigner))
        newest = [receipts[name][-1] for name in self._signers.mirrors(head.origin) if receipts.get(name)]
        newest = [one for one in newest if one.size == head.size]
        last = {one.cosigner: one for one in seals if one.size == head.size}
        lines = self._signers.note_lines(signed, newest, list(last.values()))
        yield folder + CHECKPOINT_PATH, write_checkpoint(checkpoint_of(signed), lines)
        kept = self._checkpoints(head, receipts, {one.size for one in seals})
        for n, rows in enumerate(parts.packed(kept)):
            yield parts.numbered(folder + parts.CHECKPOINTS, n), parts.write_rows(rows)
        policy = self._signers.policy(head.origin, head.size)
        if policy is not None:
            yield folder + parts.POLICY, policy
        sealed = (parts.KeptSeal(one.size, one.root, one.cosigner, one.time_s, one.signature) for one in seals)
        for n, pack in enumerate(parts.packed(sealed)):
            yield parts.numbered(folder + parts.SEALS, n), parts.write_rows(pack)

    def _receipts(self, head: Head) -> dict[str, list[Receipt]]:
        """The receipts that prove something of their own, by cosigner.

        Receipts are cumulative and their times are whole seconds: between the first and the last of one second
        the others bound nothing more.
        """
        by_name: dict[str, list[Receipt]] = {name: [] for name in self._signers.mirrors(head.origin)}
        for receipt in self._store.receipts(head.origin, 0):
            rows = by_name.get(receipt.cosigner)
            if rows is None or receipt.size > head.size:
                continue
            if len(rows) > 1 and rows[-2].time_s == rows[-1].time_s == receipt.time_s:
                rows[-1] = receipt
            else:
                rows.append(receipt)
        return by_name

    def _checkpoints(
        self, head: Head, receipts: dict[str, list[Receipt]], sealed: set[int]
    ) -> Iterator[parts.KeptCheckpoint]:
        """The newest checkpoint and those that were receipted or sealed, with their receipts, smallest first."""
        at: dict[int, list[parts.KeptReceipt]] = {size: [] for size in (*sealed, head.size)}
        for member, party in enumerate(self._members):
            for one in receipts.get(mirror_name(line_origin(party, self._what.line)), ()):
                at.setdefault(one.size, []).append(parts.KeptReceipt(member, one.time_s, one.signature))
        size = 0
        while some := self._store.checkpoints(head.origin, size, _CHECKPOINTS_AT_ONCE):
            for signed in some:
                rows = at.get(signed.size)
                if rows is not None:
                    yield parts.KeptCheckpoint(signed.size, signed.root, signed.signature, tuple(rows))
            size = some[-1].size


def write_blobs(archive: ArchiveWriter, blobs: BlobStore, wanted: set[Attachment]) -> None:
    """Those of the wanted attachments that are here complete; one an entry names with a wrong size is none."""
    for attachment in sorted(wanted & set(blobs.digests()), key=lambda one: one.digest):
        read = _reader(blobs, attachment.digest)
        archive.add_stream(parts.blob_path(attachment.digest), attachment.size, read)


def _reader(blobs: BlobStore, digest: bytes) -> Callable[[], Iterator[bytes]]:
    def read() -> Iterator[bytes]:
        offset = 0
        while chunk := blobs.read(digest, offset, _BLOB_BYTES_AT_ONCE):
            offset += len(chunk)
            yield chunk

    return read


def _tiles(folder: str, hashes: bytearray) -> Iterator[tuple[str, bytes]]:
    """Every hash tile of the tree over these concatenated leaf hashes, level by level."""
    level, row = 0, bytes(hashes)
    while row:
        above: list[bytes] = []
        for n, start in enumerate(range(0, len(row), TILE_WIDTH * HASH_BYTES)):
            tile = row[start : start + TILE_WIDTH * HASH_BYTES]
            width = len(tile) // HASH_BYTES
            yield folder + tile_path(level, n, width), tile
            if width == TILE_WIDTH:
                above.append(root_of([tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]))
        level, row = level + 1, b"".join(above)


def _range_root(store: RecordStore, origin: str, start: int, stop: int) -> bytes:
    """The root over entries `start` to `stop` of a log, a few at a time."""
    frontier = Frontier()
    while start < stop:
        entries = store.entries(origin, start, min(stop, start + parts.PACKED))
        for entry in entries:
            frontier.append(entry.leaf_hash)
        start += len(entries)
    return frontier.root()

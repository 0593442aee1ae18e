"""Writes a dispute pack: chosen entries of all logs of a line, with what proves them, as one archive.

A pack is deterministic: the same record, choice and page give the same bytes. It is written in one direction from at
most 256 entries at a time. `record.packaudit` is the other side. Form: docs/spec/pack.md.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from openline.identity.names import mirror_name
from openline.record import packparts, parts
from openline.record.archive import ArchiveWriter, Sink
from openline.record.bundle import write_blobs
from openline.record.checkpoint import write_checkpoint
from openline.record.choosing import Chosen, Progress
from openline.record.entry import Attachment, Entry
from openline.record.packparts import Contents, ProvenCheckpoint, ProvenSeal, Role
from openline.record.ports import BlobStore, Receipt, RecordStore, Seal
from openline.record.ranges import FullTree, runs_of
from openline.record.receipts import checkpoint_of
from openline.record.signers import Signers, trust_of
from openline.record.tiles import CHECKPOINT_PATH
from openline.record.tree import HASH_BYTES


def write_pack(
    out: Sink, store: RecordStore, blobs: BlobStore | None, chosen: Chosen, page: bytes, progress: Progress
) -> None:
    """Write the pack of what was `chosen` to `out`; `page` is what people read first, as `line.packpage` makes it.

    `progress` is told entries. Raises UsageError `bundle-no-key` when a card is not held, and `bundle-too-large`.
    """
    pack = _Pack(store, chosen, progress)
    archive = ArchiveWriter(out)
    archive.add(parts.README, page)
    if blobs is not None and chosen.contents.attachments:
        write_blobs(archive, blobs, pack.attachments())
    for name, data in pack.files():
        archive.add(name, data)
    archive.add(packparts.CONTENTS, packparts.write_contents(chosen.contents))
    archive.close()


class _Pack:
    """A pack, file by file. Mutable: counts what was written."""

    def __init__(self, store: RecordStore, chosen: Chosen, progress: Progress) -> None:
        self._store, self._contents, self._trees = store, chosen.contents, chosen.trees
        self._introductions = store.introductions()
        members = chosen.contents.members
        self._signers = Signers(trust_of(self._introductions, members), chosen.contents.line, members)
        self._progress, self._done = progress, 0
        self._total = sum(map(chosen.contents.count, range(len(members))))
        self._shown = _shown(chosen.contents)

    def attachments(self) -> set[Attachment]:
        """Every attachment that an entry names whose body is here."""
        found: set[Attachment] = set()
        for member in range(len(self._contents.members)):
            for entries in self._packs(member):
                shown = (entry for entry in entries if (member, entry.index) in self._shown)
                found.update(attachment for entry in shown for attachment in entry.leaf.attachments)
        return found

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Evidence, identities and logs, in the order of their names."""
        contents = self._contents
        kept = [one for one in self._store.evidence() if one.line == contents.line]
        for n, one in enumerate(kept):
            data = parts.write_evidence(parts.KeptEvidence(one.origin, one.fault, one.time.ms, one.data))
            yield parts.evidence_path(n), data
        for party in parts.in_zip_order(contents.members):
            proofs = [one.proof for one in self._introductions if one.party == party]
            yield from ((parts.identity_path(party, n), proof) for n, proof in enumerate(proofs))
        for party in parts.in_zip_order(contents.members):
            member = contents.members.index(party)
            if contents.sizes[member]:
                yield from self._log(member, parts.log_folder(party))

    def _log(self, member: int, folder: str) -> Iterator[tuple[str, bytes]]:
        contents, tree, size = self._contents, self._trees[member], self._contents.sizes[member]
        for n, entries in enumerate(self._packs(member)):
            bodies = ((entry.salt, entry.body if (member, entry.index) in self._shown else None) for entry in entries)
            yield parts.numbered(folder + parts.BODIES, n), parts.write_bodies(bodies)
        receipts, seals = self._receipts(member), self._seals(member)
        yield folder + CHECKPOINT_PATH, self._note(member, receipts, seals)
        for n, rows in enumerate(parts.packed(self._checkpoints(member, receipts))):
            yield parts.numbered(folder + parts.CHECKPOINTS, n), packparts.write_table(rows)
        for n, entries in enumerate(self._packs(member)):
            yield parts.numbered(folder + packparts.ENTRIES, n), parts.write_leaves(e.leaf_bytes for e in entries)
            self._done += len(entries)
            self._progress(self._done, self._total)
        runs = runs_of(index for index, _ in contents.indexes(member))
        leaves = b"".join(tree.leaf(index) for index, _ in contents.indexes(member))
        yield from _hashes(folder + packparts.HASHES, leaves)
        policy = self._signers.policy(contents.origins[member], size)
        if policy is not None:
            yield folder + parts.POLICY, policy
        yield from _hashes(folder + packparts.PROOF, tree.proof(runs, size))
        for n, table in enumerate(parts.packed(_proven(seals, tree, size))):
            yield parts.numbered(folder + parts.SEALS, n), packparts.write_table(table)

    def _packs(self, member: int) -> Iterator[list[Entry]]:
        """The entries of a log, 256 at a time, read run by run."""
        origin, some = self._contents.origins[member], list[Entry]()
        for start, stop in runs_of(index for index, _ in self._contents.indexes(member)):
            for first in range(start, stop, parts.PACKED):
                some += self._store.entries(origin, first, min(stop, first + parts.PACKED))
                while len(some) >= parts.PACKED:
                    yield some[: parts.PACKED]
                    some = some[parts.PACKED :]
        if some:
            yield some

    # Signatures

    def _receipts(self, member: int) -> dict[str, list[Receipt]]:
        """The receipts of a log up to the size the pack proves by, by cosigner, smallest first."""
        origin, size = self._contents.origins[member], self._contents.sizes[member]
        found: dict[str, list[Receipt]] = {name: [] for name in self._signers.mirrors(origin)}
        for receipt in self._store.receipts(origin, 0):
            if receipt.cosigner in found and receipt.size <= size:
                found[receipt.cosigner].append(receipt)
        return found

    def _seals(self, member: int) -> list[Seal]:
        """Of each cosigner the smallest seal that covers every entry here, else its largest."""
        origin, size = self._contents.origins[member], self._contents.sizes[member]
        stop = self._contents.stretches[member][-1].stop
        by_name: dict[str, Seal] = {}
        for seal in sorted(self._store.seals(origin), key=lambda one: (one.size, one.time_s)):
            kept = by_name.get(seal.cosigner)
            if seal.size <= size and (kept is None or kept.size < stop):
                by_name[seal.cosigner] = seal
        return sorted(by_name.values(), key=lambda one: (one.size, one.time_s, one.cosigner))

    def _note(self, member: int, receipts: dict[str, list[Receipt]], seals: Sequence[Seal]) -> bytes:
        origin, size = self._contents.origins[member], self._contents.sizes[member]
        signed = self._store.checkpoint(origin, size)
        assert signed is not None, "a size that was receipted, or is the log's own, was signed"
        newest = [rows[-1] for rows in receipts.values() if rows and rows[-1].size == size]
        lines = self._signers.note_lines(signed, newest, [one for one in seals if one.size == size])
        return write_checkpoint(checkpoint_of(signed), lines)

    def _checkpoints(self, member: int, receipts: dict[str, list[Receipt]]) -> Iterator[ProvenCheckpoint]:
        """The checkpoints that bound the times of entries here, and those that entries here have seen."""
        contents = self._contents
        origin, size, tree = contents.origins[member], contents.sizes[member], self._trees[member]
        for kept in sorted(self._sizes(member, receipts)):
            signed = self._store.checkpoint(origin, kept)
            if signed is None:
                continue
            rows = tuple(
                parts.KeptReceipt(number, one.time_s, one.signature)
                for number, other in enumerate(contents.origins)
                for one in receipts.get(mirror_name(other), ())
                if one.size == kept
            )
            proof = tuple(tree.consistency(kept, size))
            yield ProvenCheckpoint(kept, signed.root, signed.signature, rows, proof)

    def _sizes(self, member: int, receipts: dict[str, list[Receipt]]) -> set[int]:
        """Their sizes: each party's first receipt over each entry; what others' entries have seen, and since when."""
        contents, size = self._contents, self._contents.sizes[member]
        origin = contents.origins[member]
        sizes = {name: [one.size for one in rows] for name, rows in receipts.items()}
        found: set[int] = set()
        for row in contents.stretches[member]:
            for index in range(row.start, row.stop):
                for some in sizes.values():
                    place = bisect_right(some, index)
                    found.update(some[place : place + 1])
        for other, author in enumerate(contents.origins):
            held = sizes.get(mirror_name(author), [])
            for entries in self._packs(other) if other != member and contents.sizes[other] else ():
                for entry in entries:
                    for seen in entry.leaf.seen:
                        if seen.origin == origin and seen.size <= size:
                            place = bisect_right(held, seen.size)
                            found.update((seen.size, *held[max(0, place - 1) : place]))
        return {one for one in found if 0 < one <= size}


def _proven(seals: Sequence[Seal], tree: FullTree, size: int) -> Iterator[ProvenSeal]:
    for one in seals:
        proof = tuple(tree.consistency(one.size, size))
        yield ProvenSeal(one.size, one.root, one.cosigner, one.time_s, one.signature, proof)


def _shown(contents: Contents) -> set[tuple[int, int]]:
    """The entries whose bodies are in the pack, by member and index."""
    all_of = {
        (member, index)
        for member in range(len(contents.members))
        for index, role in contents.indexes(member)
        if role is not Role.NEIGHBOUR
    }
    return all_of - {(row.member, index) for row in contents.withheld for index in range(row.start, row.stop)}


def _hashes(folder: str, hashes: bytes) -> Iterator[tuple[str, bytes]]:
    """Hashes, 256 to a file."""
    width = parts.PACKED * HASH_BYTES
    for n, start in enumerate(range(0, len(hashes), width)):
        yield parts.numbered(folder, n), hashes[start : start + width]

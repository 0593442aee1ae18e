"""What the entries of a dispute pack name, checked: other entries, other logs, attachments; and a period for gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from openline.base.time import Instant
from openline.record import parts
from openline.record.audit_tree import runs_in
from openline.record.entry import Leaf, Ref, Seen
from openline.record.packlog import Packed
from openline.record.packparts import Contents, Role, Why
from openline.record.packtimes import last_receipt
from openline.record.shelf import Shelf
from openline.record.verdict import Findings, Severity

_DAMAGED = -1


@dataclass(frozen=True, slots=True)
class Attached:
    """How many attachments the entries of a log name, and how many of them are not here."""

    named: int
    withheld: int


def check_names(logs: Sequence[Packed], contents: Contents, findings: Findings) -> None:
    """Every ref and every `seen` of the entries that are here; what is withheld is told."""
    naming = _Naming(logs, contents, findings)
    for log in logs:
        for at, leaf in enumerate(log.leaves):
            if leaf is not None:
                naming.check(log, at, leaf)
        _tell_withheld(log, findings)
    for row in contents.about:
        if not naming.is_here(contents.origins[row.member], row.index):
            findings.entry(Severity.MISSING, "audit-pack-about-missing", (contents.origins[row.member], row.index))


class _Naming:
    """Looks up what entries name. Never changes once made."""

    def __init__(self, logs: Sequence[Packed], contents: Contents, findings: Findings) -> None:
        self._logs = {log.origin: log for log in logs}
        self._places = {log.origin: {index: at for at, index in enumerate(log.indexes)} for log in logs}
        self._outside = {(contents.origins[row.member], row.index) for row in contents.outside}
        self._findings = findings

    def is_here(self, origin: str, index: int) -> bool:
        """Whether the pack has this entry."""
        return index in self._places[origin]

    def check(self, log: Packed, at: int, leaf: Leaf) -> None:
        """What one entry names. Only its header was to be here of a neighbour, so it may name what is not."""
        place = (log.origin, log.indexes[at])
        for seen in leaf.seen:
            self._check_seen(place, seen)
        for ref in leaf.refs:
            if ref.origin not in self._logs:
                self._findings.entry(Severity.NOTE, "audit-names-elsewhere", place, other=ref.origin)
            elif self.is_here(ref.origin, ref.index):
                self._check_ref(place, ref)
            elif log.roles[at] is not Role.NEIGHBOUR and (ref.origin, ref.index) not in self._outside:
                label = self._findings.label(ref.origin, ref.index)
                self._findings.entry(Severity.MISSING, "audit-ref-missing", place, other=label)

    def _check_ref(self, place: tuple[str, int], ref: Ref) -> None:
        if self._logs[ref.origin].hash_at(self._places[ref.origin][ref.index]) != ref.leaf_hash:
            label = self._findings.label(ref.origin, ref.index)
            self._findings.entry(Severity.FALSE, "audit-ref-differs", place, other=label)

    def _check_seen(self, place: tuple[str, int], seen: Seen) -> None:
        root = self._logs[seen.origin].roots.get(seen.size) if seen.origin in self._logs else None
        if root is not None and root != seen.root:
            named = self._findings.log(seen.origin)
            self._findings.entry(Severity.FALSE, "audit-seen-differs", place, other=named, size=seen.size)


def _tell_withheld(log: Packed, findings: Findings) -> None:
    for run in _with(log, Why.REDACTED):
        findings.entries(Severity.NOTE, "audit-body-redacted", log.origin, run)
    for run in _with(log, Why.NOT_HELD):
        findings.entries(Severity.NOTE, "audit-body-not-held", log.origin, run)


def _with(log: Packed, why: Why) -> Iterator[range]:
    found = [index for index, one in zip(log.indexes, log.why, strict=True) if one is why]
    return (range(run[0], run[-1] + 1) for run in runs_in(found))


def check_period(logs: Sequence[Packed], contents: Contents, findings: Findings) -> list[bool | None]:
    """Of each log whether it has no gap in the period; None where the pack is of none."""
    if contents.since_ms is None or contents.until_ms is None:
        return [None] * len(logs)
    return [_has_no_gap(logs, member, contents, findings) for member in range(len(logs))]


def check_attachments(shelf: Shelf, logs: Sequence[Packed], findings: Findings) -> list[Attached]:
    """Every attachment against its digest and size; one that no entry with its body names does not belong here."""
    sizes = _measured(shelf)
    named: set[bytes] = set()
    counts = []
    for log in logs:
        total = gone = 0
        for at, leaf in enumerate(log.leaves):
            for attachment in leaf.attachments if leaf is not None else ():
                total += 1
                size = sizes.get(attachment.digest)
                if log.texts[at] is not None:
                    named.add(attachment.digest)
                if size is None:
                    gone += 1
                elif size != attachment.size:
                    place, name = (log.origin, log.indexes[at]), parts.blob_path(attachment.digest)
                    findings.entry(Severity.FALSE, "audit-attachment-changed", place, name=name)
        counts.append(Attached(total, gone))
    for digest in sorted(sizes.keys() - named):
        shelf.stray(parts.blob_path(digest))
    return counts


def _has_no_gap(logs: Sequence[Packed], member: int, contents: Contents, findings: Findings) -> bool:
    """From the neighbour before the period to the one after it every entry is here, and no neighbour is in it."""
    log, edge = logs[member], contents.edges[member]
    assert contents.since_ms is not None
    assert contents.until_ms is not None
    here = {index: at for at, index in enumerate(log.indexes)}
    start, stop = max(0, edge.start - 1), min(log.size, edge.stop + 1)
    whole = sum(start <= index < stop for index in log.indexes) == stop - start
    whole &= not any(
        role is Role.NEIGHBOUR and edge.start <= index < edge.stop
        for index, role in zip(log.indexes, log.roles, strict=True)
    )
    if not whole:
        findings.entries(Severity.MISSING, "audit-pack-gap", log.origin, range(start, stop))
    for index, is_before in ((edge.start - 1, True), (edge.stop, False)):
        leaf = log.leaves[here[index]] if index in here else None
        if leaf is None:
            continue
        if leaf.time_ms >= contents.since_ms if is_before else leaf.time_ms < contents.until_ms:
            findings.entry(Severity.MISSING, "audit-pack-neighbour-inside", (log.origin, index))
            whole = False
    if log.size and edge.stop == log.size and whole:
        receipted = last_receipt(logs, member)
        if receipted is None or receipted.ms < contents.until_ms:
            until = Instant.from_ms(contents.until_ms).rfc3339()
            told = "-" if receipted is None else receipted.rfc3339()
            findings.note("audit-pack-open-end", log.origin, size=log.size, receipted=told, until=until)
    return whole and (log.proven or not log.size)


def _measured(shelf: Shelf) -> dict[bytes, int]:
    """The size of every attachment; one whose content has not the digest in its name is damaged."""
    found: dict[bytes, int] = {}
    for name in shelf.below(parts.BLOBS):
        digest = parts.digest_in(name)
        if digest is None:
            continue
        hashed, size = sha256(), 0
        for chunk in shelf.chunks(name):
            hashed.update(chunk)
            size += len(chunk)
        found[digest] = size if hashed.digest() == digest else _DAMAGED
    return found

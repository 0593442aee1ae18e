"""What an auditor runs on a dispute pack: the pack and the root fingerprints in, a verdict out. No node, no net.

The steps are those of `record.audit`, with one proof for each log in place of its tree (`record.ranges`): keys, the
newest checkpoint and what it signs, every entry, every body, what entries name, times, and whether a period has no gap.
A hostile file gives findings, or PeerError `bundle-unreadable` when it is no pack at all. Form: docs/spec/pack.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from openline.base.errors import PeerError
from openline.base.text import visible
from openline.base.time import Instant
from openline.record import packparts, parts
from openline.record.archive import Archive, Source
from openline.record.audit import read_evidence
from openline.record.audit_identity import read_trust
from openline.record.audit_times import held_by
from openline.record.entry import Leaf
from openline.record.packlog import LogAudit, Packed, Texts
from openline.record.packnames import Attached, check_attachments, check_names, check_period
from openline.record.packparts import Contents, Role, Why
from openline.record.packtimes import times_of
from openline.record.shelf import Shelf
from openline.record.signers import Signers
from openline.record.verdict import Finding, Findings, Interval, Severity, State

Progress = Callable[[int, int], None]
"""Told how much is done, and of how much."""


@dataclass(frozen=True, slots=True)
class PackEntry:
    """One entry of a pack: its header when it is what was signed, what is kept of its body, and when it was written.

    `text` is None where the body is not here; `withheld` says why, None where only the header was to be.
    """

    member: int
    index: int
    role: Role
    leaf: Leaf | None
    leaf_hash: bytes
    text: str | None
    withheld: Why | None
    times: Interval


@dataclass(frozen=True, slots=True)
class PackLog:
    """What is known of one log of a pack. `complete` says that the period has no gap in it; None where it has none."""

    party: str
    origin: str
    size: int
    entries: int
    receipted: Mapping[str, int]
    sealed: int
    redacted: int
    not_held: int
    attachments: int
    attachments_withheld: int
    complete: bool | None


@dataclass(frozen=True, slots=True)
class PackVerdict:
    """The outcome. `findings` are worst first; `contents` is what the pack says of itself; `page` its first file."""

    state: State
    findings: tuple[Finding, ...]
    left_out: int
    contents: Contents
    exporter: str
    exported: Instant
    logs: tuple[PackLog, ...]
    fingerprints: tuple[tuple[str, str], ...]
    evidence: int
    entries: tuple[PackEntry, ...]
    page: bytes

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of one severity."""
        return tuple(finding for finding in self.findings if finding.severity is severity)


def is_pack(file: Source) -> bool:
    """Whether a file is a dispute pack, and neither a bundle nor anything else."""
    try:
        archive = Archive(file)
    except PeerError:
        return False
    return packparts.CONTENTS in archive and parts.ABOUT not in archive


def audit_pack(file: Source, roots: Mapping[str, str] | None, texts: Texts, progress: Progress) -> PackVerdict:
    """Check everything in a pack. `roots` are the fingerprints the parties read aloud, by party id.

    `texts` is given each body that is here and right, and answers what of it is to be kept. `progress` is told entries.
    Raises PeerError `bundle-unreadable`.
    """
    archive = Archive(file)
    contents = _contents(archive)
    findings = Findings(contents.origins)
    shelf = Shelf(archive, findings)
    shelf.take(packparts.CONTENTS, packparts.CONTENTS_BYTES)
    page = shelf.take(parts.README, packparts.PAGE_BYTES) or b""
    trust, fingerprints = read_trust(shelf, contents.members, roots, findings)
    checking = LogAudit(shelf, Signers(trust, contents.line, contents.members), contents, findings, texts)
    counted = _Counter(progress, sum(map(contents.count, range(len(contents.members)))))
    logs = [checking.check(member, counted) for member in range(len(contents.members))]
    check_names(logs, contents, findings)
    complete = check_period(logs, contents, findings)
    attached = check_attachments(shelf, logs, findings)
    held = {log.origin: held_by(log.vouched.receipts) for log in logs}
    entries = tuple(entry for log in logs for entry in _entries(log, times_of(log, held, findings)))
    evidence = read_evidence(shelf, findings)
    shelf.finish()
    return PackVerdict(
        state=findings.state,
        findings=findings.sorted(),
        left_out=findings.left_out,
        contents=contents,
        exporter=visible(contents.exporter),
        exported=Instant.from_ms(contents.time_ms),
        logs=tuple(map(_figures, logs, complete, attached)),
        fingerprints=tuple(fingerprints),
        evidence=evidence,
        entries=entries,
        page=page,
    )


class _Counter:
    """Counts for `progress`. Mutable."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._done, self._total, self._progress = 0, total, progress

    def __call__(self, count: int) -> None:
        self._done += count
        self._progress(self._done, self._total)


def _contents(archive: Archive) -> Contents:
    size = archive.size(packparts.CONTENTS)
    if size is None or size > packparts.CONTENTS_BYTES:
        raise PeerError("bundle-unreadable", detail=packparts.CONTENTS)
    try:
        return packparts.read_contents(archive.read(packparts.CONTENTS))
    except PeerError as why:
        raise PeerError("bundle-unreadable", detail=str(why.facts.get("detail", why.message_id))) from why


def _entries(log: Packed, times: Sequence[Interval]) -> list[PackEntry]:
    return [
        PackEntry(
            log.member, index, log.roles[at], log.leaves[at], log.hash_at(at), log.texts[at], log.why[at], times[at]
        )
        for at, index in enumerate(log.indexes)
    ]


def _figures(log: Packed, complete: bool | None, attached: Attached) -> PackLog:
    return PackLog(
        party=log.party,
        origin=log.origin,
        size=log.size,
        entries=len(log.indexes),
        receipted={party: log.vouched.receipted(party) for party in sorted(log.vouched.receipts)},
        sealed=log.vouched.sealed,
        redacted=log.why.count(Why.REDACTED),
        not_held=log.why.count(Why.NOT_HELD),
        attachments=attached.named,
        attachments_withheld=attached.withheld,
        complete=complete,
    )

"""What an auditor runs: a bundle and the root fingerprints in, a verdict out. Needs nothing else, no node, no net.

The steps: the parties' keys (`audit_identity`), each log's tree (`audit_tree`), every signature and older
checkpoint (`audit_signatures`), every entry (`audit_entries`), the times (`audit_times`). A hostile file gives
findings, or PeerError `bundle-unreadable` when it is no bundle at all. By hand: docs/spec/bundle.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from openline.base.errors import PeerError
from openline.base.text import visible
from openline.base.time import Instant
from openline.record import parts
from openline.record.archive import Archive, Source
from openline.record.audit_entries import EntryAudit, Reader, Walked
from openline.record.audit_identity import read_trust
from openline.record.audit_signatures import SignatureAudit, Vouched
from openline.record.audit_times import Clocks, held_by
from openline.record.audit_tree import Claimed, rebuild
from openline.record.shelf import Shelf
from openline.record.signers import Signers
from openline.record.tree import EMPTY_ROOT
from openline.record.verdict import UNKNOWN_MS, Findings, LogFigures, Verdict

Progress = Callable[[int, int], None]
"""Told how much is done, and of how much."""


def audit(file: Source, roots: Mapping[str, str] | None, progress: Progress, readers: Sequence[Reader] = ()) -> Verdict:
    """Check everything in a bundle. `roots` are the fingerprints the parties read aloud, by party id.

    Without a fingerprint the bundle is checked against itself only: the state is then INCOMPLETE at best, with
    the fingerprints to compare. `progress` is told entries; each is read twice. `readers` are shown every entry.
    Raises PeerError `bundle-unreadable`.
    """
    archive = Archive(file)
    about = _about(archive)
    findings = Findings(about.origins)
    shelf = Shelf(archive, findings)
    shelf.take(parts.ABOUT, parts.ABOUT_BYTES)
    shelf.take(parts.README, parts.README_BYTES)
    trust, fingerprints = read_trust(shelf, about.members, roots, findings)
    signers = Signers(trust, about.line, about.members)
    counted = _Counter(progress, 2 * sum(about.sizes))
    logs, vouched = _check_logs(shelf, signers, about, findings, counted)
    EntryAudit(shelf, about.bodies, findings, counted, readers).walk(logs)
    evidence = read_evidence(shelf, findings)
    shelf.finish()
    return Verdict(
        state=findings.state,
        findings=findings.sorted(),
        left_out=findings.left_out,
        line=about.line,
        members=about.members,
        exporter=visible(about.exporter),
        exported=Instant.from_ms(about.time_ms),
        logs=tuple(_figures(one, vouched[one.party]) for one in logs),
        fingerprints=tuple(fingerprints),
        evidence=evidence,
        with_bodies=about.bodies,
        with_attachments=about.attachments,
    )


class _Counter:
    """Counts for `progress`. Mutable. A false size must not make more of it than there is."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._done, self._total, self._progress = 0, total, progress

    def __call__(self, count: int) -> None:
        self._done += count
        self._progress(self._done, self._total)


def _about(archive: Archive) -> parts.About:
    size = archive.size(parts.ABOUT)
    if size is None or size > parts.ABOUT_BYTES:
        raise PeerError("bundle-unreadable", detail=parts.ABOUT)
    try:
        return parts.read_about(archive.read(parts.ABOUT))
    except PeerError as why:
        raise PeerError("bundle-unreadable", detail=str(why.facts.get("detail", why.message_id))) from why


def _check_logs(
    shelf: Shelf, signers: Signers, about: parts.About, findings: Findings, counted: Callable[[int], None]
) -> tuple[list[Walked], dict[str, Vouched]]:
    """Trees and signatures of every log."""
    logs: list[Walked] = []
    vouched: dict[str, Vouched] = {}
    for party, origin, size in zip(about.members, about.origins, about.sizes, strict=True):
        folder = parts.log_folder(party)
        check = SignatureAudit(shelf, signers, about, findings)
        known = signers.trust.card(party) is not None
        newest = check.newest if known else check.stated
        log = Claimed(origin, folder, size, newest(origin, folder, size) if size else EMPTY_ROOT)
        tree = rebuild(shelf, log, findings, counted)
        if size and known:
            check.older(log, tree)
            check.seals(log, tree)
            check.coverage(log)
        vouched[party] = check.vouched
        clocks = Clocks(origin, tree.size, check.vouched.by_others(origin))
        logs.append(Walked(log, party, tree, clocks, held_by(check.vouched.receipts)))
    return logs, vouched


def read_evidence(shelf: Shelf, findings: Findings) -> int:
    """How much evidence there is. It speaks for itself: whoever wants to use it must read it."""
    names = shelf.series(parts.EVIDENCE, parts.evidence_path)
    for name in names:
        data = shelf.take(name, parts.EVIDENCE_BYTES)
        try:
            kept = parts.read_evidence(data) if data is not None else None
        except PeerError as why:
            findings.false("audit-file-wrong", name=name, detail=why.message_id)
            continue
        if kept is not None:
            time = Instant.from_ms(kept.time_ms).rfc3339()
            findings.note("audit-evidence", kept.origin, name=name, fault=kept.fault, time=time)
    return len(names)


def _figures(one: Walked, vouched: Vouched) -> LogFigures:
    known = [time for time in one.clocks.claimed if time != UNKNOWN_MS]
    return LogFigures(
        party=one.party,
        origin=one.log.origin,
        entries=one.tree.size,
        root=one.tree.root(one.tree.size),
        receipted={party: vouched.receipted(party) for party in sorted(vouched.receipts)},
        checkpoints=vouched.checkpoints,
        receipts=sum(len(rows) for rows in vouched.receipts.values()),
        seals=sum(len(rows) for rows in vouched.seals.values()),
        sealed=vouched.sealed,
        first=Instant.from_ms(known[0]) if known else None,
        last=Instant.from_ms(known[-1]) if known else None,
        bodies_withheld=one.bodies_withheld,
        attachments=one.attachments,
        attachments_withheld=one.attachments_withheld,
        not_before_ms=one.clocks.not_before,
        claimed_ms=one.clocks.claimed,
        not_after_ms=one.clocks.not_after,
    )

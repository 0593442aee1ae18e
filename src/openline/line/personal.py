"""Personal signatures in an audit: how many hold, by whom, and which are none. Needs the record alone.

Each log is read in its own order, as the book reads it: an officer signs from the entry that brings a key to the one
that withdraws it. A signature that is none is told and never makes the record false: its author has really written
that entry, and neither side may spoil the verdict on the other's words by writing nonsense.
"""

from __future__ import annotations

from collections import Counter

import msgspec

from openline.base.errors import PeerError
from openline.base.limits import BODY_BYTES_MAX
from openline.base.schema import unpack
from openline.line.officer import OFFICER, Corps, OfficerBody
from openline.line.signature import SIGNATURE, SignatureBody, verdict
from openline.record.audit_entries import Read
from openline.record.entry import Mark
from openline.record.verdict import Findings, Severity


class PersonalFigures(msgspec.Struct, frozen=True):
    """What was found in one log: signatures that hold by pseudonym, how many do not, how many bodies are withheld."""

    origin: str
    by: dict[str, int]
    wrong: int
    withheld: int


class PersonalAudit:
    """Reads every entry of an audit. Mutable; lives for one audit."""

    def __init__(self) -> None:
        self._corps: dict[tuple[str, Mark], Corps] = {}
        self._marks: dict[str, bytearray] = {}
        self._held: Counter[tuple[str, str]] = Counter()
        self._signed: set[tuple[str, int, str]] = set()
        self._wrong: Counter[str] = Counter()
        self._withheld: Counter[str] = Counter()

    def take(self, read: Read, findings: Findings) -> None:
        """The next entry of its log."""
        marks = self._marks.setdefault(read.origin, bytearray())
        marks += bytes(read.index - len(marks))  # What could not be read before it has no mark that anybody knows.
        marks.append(read.leaf.mark)
        if read.leaf.kind not in (OFFICER, SIGNATURE):
            return
        if read.body is None:
            self._withheld[read.origin] += 1
        elif read.leaf.kind == OFFICER:
            self._enter(read, read.body, findings)
        else:
            self._judge(read, read.body, findings)

    def figures(self) -> list[PersonalFigures]:
        """What was found, by log; only logs that have officers or signatures."""
        origins = {origin for origin, _ in self._corps} | self._wrong.keys() | self._withheld.keys()
        return [
            PersonalFigures(
                origin,
                {name: count for (whose, name), count in sorted(self._held.items()) if whose == origin},
                self._wrong[origin],
                self._withheld[origin],
            )
            for origin in sorted(origins)
        ]

    def _enter(self, read: Read, data: bytes, findings: Findings) -> None:
        corps = self._corps.setdefault((read.origin, read.leaf.mark), Corps())
        try:
            body = unpack(OfficerBody, data, BODY_BYTES_MAX)
            fault = corps.take(read.index, read.leaf.time_ms, body)
        except PeerError:
            fault = "fault-body-wrong"
        if fault is not None:
            findings.entry(Severity.NOTE, "audit-officer-wrong", (read.origin, read.index))

    def _judge(self, read: Read, data: bytes, findings: Findings) -> None:
        found = self._signer(read, data)
        if found is not None and found[1] is None:
            # An officer who signs an entry again adds nothing, as in the book.
            signed_here = (read.origin, read.leaf.refs[0].index, found[0])
            if signed_here not in self._signed:
                self._signed.add(signed_here)
                self._held[read.origin, found[0]] += 1
            return
        self._wrong[read.origin] += 1
        reason = "form" if found is None or found[1] is None else found[1]
        signed = ", ".join(findings.label(ref.origin, ref.index) for ref in read.leaf.refs[:1])
        place = (read.origin, read.index)
        findings.entry(Severity.NOTE, "audit-signature-personal-wrong", place, signed=signed, reason=reason)

    def _signer(self, read: Read, data: bytes) -> tuple[str, str | None] | None:
        """Whose signature it is, and what is wrong with it; None when it cannot be read."""
        refs, mark = read.leaf.refs, read.leaf.mark
        if not refs or refs[0].origin != read.origin or refs[0].index >= read.index:
            return None
        try:
            body = unpack(SignatureBody, data, BODY_BYTES_MAX)
        except PeerError:
            return None
        ref = refs[0]
        if read.hash_at(ref.index) != ref.leaf_hash or self._marks[read.origin][ref.index] != mark:
            return None
        corps = [self._corps[key] for key in ((read.origin, Mark.OPERATION), (read.origin, mark)) if key in self._corps]
        officer = next((one for each in corps if (one := each.signing(body.credential)) is not None), None)
        flaw = verdict(body, ref, officer)
        return "" if officer is None else officer.pseudonym, None if flaw is None else flaw.value

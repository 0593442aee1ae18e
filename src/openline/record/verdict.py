"""What an audit says: a state, the findings behind it, and the figures of each log.

A verdict never says more than the bundle shows. FALSE means that something in it is not what was signed;
INCOMPLETE that nothing false was found, but something is missing; VERIFIED that everything in it holds.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from openline.base.text import visible
from openline.base.time import Instant
from openline.identity.names import split_origin

FINDINGS_OF_A_KIND_MAX = 20
UNKNOWN_MS = -1


class Severity(Enum):
    """What a finding means for the whole."""

    FALSE = "tampering: something is not what was signed"
    MISSING = "incomplete: something that belongs here is not here"
    NOTE = "worth knowing; the record holds"


class State(Enum):
    """The verdict in one word."""

    VERIFIED = "everything holds"
    FALSE = "something is not what was signed"
    INCOMPLETE = "nothing false was found, but something is missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing an auditor must know. `message_id` names a sentence in the catalogues, `facts` fill it in.

    `index` and `last` are the first and last entry of log `origin` it is about; None when it is about none.
    """

    severity: Severity
    message_id: str
    origin: str = ""
    index: int | None = None
    last: int | None = None
    facts: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.severity.name} {self.message_id} ({facts})"


@dataclass(frozen=True, slots=True)
class Interval:
    """When an entry was written, by signed times alone; None where no signature bounds it.

    `not_before` and `not_after` are what the other party's receipts and the author's own allow; `claimed` is what
    the author's clock said.
    """

    not_before: Instant | None
    claimed: Instant | None
    not_after: Instant | None


@dataclass(frozen=True, slots=True)
class LogFigures:
    """What is known of one log. `receipted` tells for each other party how many entries it has receipted.

    `not_before_ms`, `claimed_ms` and `not_after_ms` have one number per entry, -1 where nothing is known.
    """

    party: str
    origin: str
    entries: int
    root: bytes
    receipted: Mapping[str, int]
    checkpoints: int
    receipts: int
    seals: int
    sealed: int
    first: Instant | None
    last: Instant | None
    bodies_withheld: int
    attachments: int
    attachments_withheld: int
    not_before_ms: array[int] = field(repr=False)
    claimed_ms: array[int] = field(repr=False)
    not_after_ms: array[int] = field(repr=False)

    def interval(self, index: int) -> Interval:
        """When entry `index` was written."""
        times = (self.not_before_ms, self.claimed_ms, self.not_after_ms)
        before, claimed, after = (_instant(row[index]) for row in times)
        return Interval(before, claimed, after)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of an audit. `findings` are worst first; `left_out` counts those that were too many to keep.

    `fingerprints` are (party, digits) of every root found, oldest first. `exporter` and `exported` are what the
    bundle says of itself; nothing vouches for them.
    """

    state: State
    findings: tuple[Finding, ...]
    left_out: int
    line: str
    members: tuple[str, ...]
    exporter: str
    exported: Instant
    logs: tuple[LogFigures, ...]
    fingerprints: tuple[tuple[str, str], ...]
    evidence: int
    with_bodies: bool
    with_attachments: bool

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of one severity."""
        return tuple(finding for finding in self.findings if finding.severity is severity)


class Findings:
    """Collects findings while an audit runs. Mutable; owned by one audit.

    Of one kind in one log the first 20 are kept and the rest counted: a clock that is off touches every entry. Facts
    may be words of the bundle, so what acts on a display is made visible.
    """

    def __init__(self, origins: Sequence[str] = ()) -> None:
        self._labels = _labels(origins)
        self._kept: list[Finding] = []
        self._count: Counter[tuple[str, str]] = Counter()
        self.left_out = 0

    def false(self, message_id: str, origin: str = "", **facts: str | int) -> None:
        """Something that is not what was signed, about a log or the whole bundle."""
        self._add(Finding(Severity.FALSE, message_id, origin, facts=self._named(origin, facts)))

    def missing(self, message_id: str, origin: str = "", **facts: str | int) -> None:
        """Something that belongs here and is not here."""
        self._add(Finding(Severity.MISSING, message_id, origin, facts=self._named(origin, facts)))

    def note(self, message_id: str, origin: str = "", **facts: str | int) -> None:
        """Something worth knowing."""
        self._add(Finding(Severity.NOTE, message_id, origin, facts=self._named(origin, facts)))

    def entries(self, severity: Severity, message_id: str, origin: str, place: range, **facts: str | int) -> None:
        """Something about the entries of a log at `place`; the facts get `entry`, `last` and `count`."""
        first, last = place[0], place[-1]
        named = {"entry": self.label(origin, first), "last": self.label(origin, last)}
        shown = self._named(origin, {**named, "count": last - first + 1, **facts})
        self._add(Finding(severity, message_id, origin, first, last, shown))

    def entry(self, severity: Severity, message_id: str, place: tuple[str, int], **facts: str | int) -> None:
        """Something about one entry, given by origin and index; the facts get `entry`."""
        origin, index = place
        named = self._named(origin, {"entry": self.label(origin, index), **facts})
        self._add(Finding(severity, message_id, origin, index, index, named))

    def label(self, origin: str, index: int) -> str:
        """The entry's id as people say it: `bravo:14`."""
        return f"{self.log(origin)}:{index}"

    def log(self, origin: str) -> str:
        """The log's owner as people say it: `bravo`."""
        return self._labels.get(origin, origin)

    @property
    def state(self) -> State:
        """The verdict so far."""
        severities = {finding.severity for finding in self._kept}
        if Severity.FALSE in severities:
            return State.FALSE
        return State.INCOMPLETE if Severity.MISSING in severities else State.VERIFIED

    def sorted(self) -> tuple[Finding, ...]:
        """Worst first, else in the order they were found."""
        order = list(Severity)
        return tuple(sorted(self._kept, key=lambda finding: order.index(finding.severity)))

    def _named(self, origin: str, facts: Mapping[str, str | int]) -> Mapping[str, str | int]:
        return {"log": self.log(origin), **facts} if origin else facts

    def _add(self, finding: Finding) -> None:
        shown = {name: visible(fact) if isinstance(fact, str) else fact for name, fact in finding.facts.items()}
        finding = replace(finding, facts=shown)
        kind = (finding.message_id, finding.origin)
        self._count[kind] += 1
        if self._count[kind] <= FINDINGS_OF_A_KIND_MAX:
            self._kept.append(finding)
        else:
            self.left_out += 1


def _labels(origins: Sequence[str]) -> dict[str, str]:
    parties = {origin: (split_origin(origin) or (origin, ""))[0] for origin in origins}
    short = [party.split(".", 1)[0] for party in parties.values()]
    return {
        origin: label if short.count(label) == 1 else party
        for (origin, party), label in zip(parties.items(), short, strict=True)
    }


def _instant(ms: int) -> Instant | None:
    return None if ms == UNKNOWN_MS else Instant.from_ms(ms)

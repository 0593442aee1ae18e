"""Whose signatures make a checkpoint good: the policy file an auditor holds (https://c2sp.org/tlog-policy).

    log <vkey> [<url>]
    witness <name> <vkey> [<url>]
    group <name> all|any|<k> <name>...
    quorum <name>|none

For us a witness is a keeper of the log (its receipt key) or a guarantor. Names are opaque: bytes that are not
UTF-8 survive reading and writing as surrogate escapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from openline.base.errors import PeerError
from openline.identity.keys import KIND_COSIGNATURE, KIND_ED25519, KIND_MLDSA44, VerifierKey
from openline.record.checkpoint import Opened

POLICY_BYTES_MAX = 262_144
POLICY_LINES_MAX = 64  # of each sort; the spec asks for at least 32
NO_QUORUM = "none"
_BLANK = re.compile("[ \t]+")
_NUMBER = re.compile("[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class LogLine:
    """A log we accept; the key's name is its origin."""

    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Witness:
    """Someone whose cosignature counts, under a name that means something in this policy only."""

    name: str
    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A group has witnessed when at least `threshold` of its members (witnesses or groups) have."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole policy; groups stand after their members. `quorum` names a witness, a group, or `none`."""

    logs: tuple[LogLine, ...]
    witnesses: tuple[Witness, ...]
    groups: tuple[Group, ...]
    quorum: str

    def keys(self) -> list[VerifierKey]:
        """Every key of the policy: what to open a checkpoint with."""
        return [log.key for log in self.logs] + [witness.key for witness in self.witnesses]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a policy says of a checkpoint: whether a known log signed it, who witnessed, whether that is enough."""

    log: VerifierKey | None
    witnessed: frozenset[str]
    quorum_met: bool

    @property
    def good(self) -> bool:
        """Whether the checkpoint is good by this policy."""
        return self.log is not None and self.quorum_met


def evaluate(policy: Policy, opened: Opened) -> Verdict:
    """Judge an open checkpoint. A log's signature counts only on checkpoints whose origin is its key's name."""
    signed = {one.key for one in opened.verified}
    origin = opened.checkpoint.origin
    log = next((log.key for log in policy.logs if log.key in signed and log.key.name == origin), None)
    witnessed = {witness.name for witness in policy.witnesses if witness.key in signed}
    for group in policy.groups:
        if sum(member in witnessed for member in group.members) >= group.threshold:
            witnessed.add(group.name)
    return Verdict(log, frozenset(witnessed), policy.quorum == NO_QUORUM or policy.quorum in witnessed)


def write_policy(policy: Policy) -> bytes:
    """The bytes of a policy file. Raises PeerError `policy-wrong` when it is not one that `parse_policy` reads."""
    lines = [_line("log", log.key.text(), log.url) for log in policy.logs]
    lines += [_line("witness", one.name, one.key.text(), one.url) for one in policy.witnesses]
    for group in policy.groups:
        words = {len(group.members): "all", 1: "any"}
        lines.append(_line("group", group.name, words.get(group.threshold, str(group.threshold)), *group.members))
    lines.append(_line("quorum", policy.quorum))
    data = "".join(lines).encode("utf-8", "surrogateescape")
    if parse_policy(data) != policy:
        raise PeerError("policy-wrong", line=0, detail="a name that cannot be written")
    return data


def parse_policy(data: bytes) -> Policy:
    """Read a policy file.

    Raises PeerError `policy-wrong` with the line, counted from 1, of the first thing that is not in order, and
    `policy-too-large` above the limits.
    """
    if len(data) > POLICY_BYTES_MAX:
        raise PeerError("policy-too-large", size=len(data), limit=POLICY_BYTES_MAX)
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    reader = _Reader()
    for number, line in enumerate(lines, 1):
        reader.line = number
        reader.need(all(c >= " " or c == "\t" for c in line) and "\x7f" not in line, "control character")
        reader.need(number < len(lines) or not line, "no newline at the end")
        content = line.strip(" \t")
        if content and not content.startswith("#"):
            reader.read(_BLANK.split(content))
    reader.need(reader.quorum is not None, "no quorum")
    return reader.policy()


@dataclass(slots=True)
class _Reader:
    """A policy as far as it was read. Mutable; lives for one `parse_policy`."""

    line: int = 0
    logs: list[LogLine] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    quorum: str | None = None
    names: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)

    def need(self, holds: bool, detail: str) -> None:
        """Raise PeerError unless `holds`."""
        if not holds:
            raise PeerError("policy-wrong", line=self.line, detail=detail)

    def read(self, words: list[str]) -> None:
        """Take one line, split into its words."""
        readers = {"log": self._log, "witness": self._witness, "group": self._group, "quorum": self._quorum}
        reader = readers.get(words[0])
        if reader is None:
            raise PeerError("policy-wrong", line=self.line, detail="unknown word")
        reader(words[1:])

    def policy(self) -> Policy:
        """What was read."""
        return Policy(tuple(self.logs), tuple(self.witnesses), tuple(self.groups), self.quorum or NO_QUORUM)

    def _log(self, words: list[str]) -> None:
        self.need(1 <= len(words) <= 2, "words")
        key = self._key(words[0], (KIND_ED25519, KIND_MLDSA44), {log.key.public for log in self.logs})
        self.logs.append(LogLine(key, *words[1:]))
        self.need(len(self.logs) <= POLICY_LINES_MAX, "too many logs")

    def _witness(self, words: list[str]) -> None:
        self.need(2 <= len(words) <= 3, "words")
        known = {witness.key.public for witness in self.witnesses}
        key = self._key(words[1], (KIND_COSIGNATURE, KIND_MLDSA44), known)
        self._name(words[0])
        self.witnesses.append(Witness(words[0], key, *words[2:]))
        self.need(len(self.witnesses) <= POLICY_LINES_MAX, "too many witnesses")

    def _group(self, words: list[str]) -> None:
        self.need(len(words) >= 3, "words")
        name, count, *members = words
        threshold = {"any": 1, "all": len(members)}.get(count, 0)
        if not threshold and _NUMBER.fullmatch(count):
            threshold = int(count)
        self.need(1 <= threshold <= len(members), "threshold")
        for member in members:
            self.need(member in self.names, "unknown member")
            self.need(member not in self.members, "member twice")
            self.members.add(member)
        self._name(name)
        self.groups.append(Group(name, threshold, tuple(members)))
        self.need(len(self.groups) <= POLICY_LINES_MAX, "too many groups")

    def _quorum(self, words: list[str]) -> None:
        self.need(self.quorum is None, "quorum twice")
        self.need(len(words) == 1 and (words[0] == NO_QUORUM or words[0] in self.names), "quorum")
        self.quorum = words[0]

    def _name(self, name: str) -> None:
        self.need(name not in self.names and name != NO_QUORUM, "name")
        self.names.add(name)

    def _key(self, text: str, kinds: tuple[int, int], known: Iterable[bytes]) -> VerifierKey:
        try:
            key = VerifierKey.parse(text)
        except PeerError as why:
            raise PeerError("policy-wrong", line=self.line, detail="vkey") from why
        self.need(key.kind in kinds, "kind of key")
        self.need(key.public not in known, "key twice")
        return key


def _line(*words: str) -> str:
    return " ".join(word for word in words if word) + "\n"

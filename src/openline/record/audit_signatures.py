"""Third step of an audit: every signature over a log, and every older checkpoint against the tree.

A checkpoint that its owner signed and that the tree does not bear out is a second history. Receipts that hold are
handed on: they say when which part of the log was in the other party's hands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from openline.base.errors import PeerError
from openline.identity.keys import KIND_COSIGNATURE, KIND_ED25519, KIND_MLDSA44, verify_ed25519
from openline.record import parts
from openline.record.audit_tree import Claimed, Tree
from openline.record.checkpoint import (
    Checkpoint,
    Opened,
    open_checkpoint,
    read_checkpoint,
    verify_cosignature,
    verify_seal,
)
from openline.record.note import parse_note
from openline.record.shelf import Shelf
from openline.record.signers import Signers
from openline.record.tiles import CHECKPOINT_PATH
from openline.record.verdict import Findings, Severity


@dataclass(slots=True)
class Vouched:
    """What signatures say of one log. Mutable while the log is audited; sizes and times of what holds only.

    `receipts` are (size, time in seconds) by party, `seals` by the name they were made under.
    """

    receipts: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    seals: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    checkpoints: int = 0

    def receipted(self, party: str) -> int:
        """How many entries the party has receipted."""
        return max((size for size, _ in self.receipts.get(party, ())), default=0)

    def by_others(self, origin: str) -> list[tuple[int, int]]:
        """Size and time of every receipt, and of every seal that is not the owner's own."""
        seals = [row for name, rows in self.seals.items() if name != origin for row in rows]
        return [row for rows in self.receipts.values() for row in rows] + seals

    @property
    def sealed(self) -> int:
        """How many entries the largest seal covers."""
        return max((size for rows in self.seals.values() for size, _ in rows), default=0)


class SignatureAudit:
    """Checks the signatures over one log. Mutable; lives for one log."""

    def __init__(self, shelf: Shelf, signers: Signers, about: parts.Titled, findings: Findings) -> None:
        self._shelf, self._signers, self._about, self._findings = shelf, signers, about, findings
        self.vouched = Vouched()
        self._newest: dict[str, tuple[int, int]] = {}
        self._newest_seals: set[tuple[str, int, int]] = set()

    def stated(self, origin: str, folder: str, size: int) -> bytes | None:
        """The root of the newest checkpoint, unverified: its log's keys are not known, so nothing else can be said."""
        data = self._shelf.take(folder + CHECKPOINT_PATH, parts.NOTE_BYTES)
        self._shelf.pass_over(folder + parts.POLICY)
        self._shelf.pass_over(folder + parts.CHECKPOINTS)
        self._shelf.pass_over(folder + parts.SEALS)
        try:
            return _read(data, origin, size).root if data is not None else None
        except PeerError as why:
            self._findings.false("audit-checkpoint-wrong", origin, detail=why.message_id)
            return None

    def newest(self, origin: str, folder: str, size: int) -> bytes | None:
        """The root of the newest checkpoint when its log signed it, with receipts, seals and the policy checked."""
        data = self._shelf.take(folder + CHECKPOINT_PATH, parts.NOTE_BYTES)
        self._check_policy(origin, folder + parts.POLICY, size)
        if data is None:
            return None
        try:
            opened = self._open(data, origin, size)
        except PeerError as why:
            self._findings.false("audit-checkpoint-wrong", origin, detail=why.message_id)
            return None
        self._keep(opened)
        return opened.checkpoint.root

    def older(self, log: Claimed, tree: Tree) -> None:
        """Every kept checkpoint with its receipts, smallest first, against the tree."""
        good, last, broken = 0, 0, False
        for row in self._rows(log.folder + parts.CHECKPOINTS, parts.read_checkpoints):
            if not last < row.size <= log.size:
                self._findings.false("audit-file-wrong", name=log.folder + parts.CHECKPOINTS, detail="order")
                break
            last = row.size
            self.vouched.checkpoints += 1
            agrees = row.size > tree.size or tree.root(row.size) == row.root
            signed = self.check_row(Checkpoint(log.origin, row.size, row.root), row, agrees)
            if not signed or broken:
                continue
            if agrees:
                good = min(row.size, tree.size)
            elif tree.proven:
                self._findings.false("audit-log-forked", log.origin, size=row.size)
            else:
                broken = True
                self._changed(log.origin, range(good, row.size), tree)
        if last != log.size:
            self._findings.missing("audit-checkpoints-missing", log.origin, size=last)
        if log.root is not None and not tree.proven and not broken and tree.size == log.size:
            self._changed(log.origin, range(good, log.size), tree)

    def seals(self, log: Claimed, tree: Tree) -> None:
        """Every seal against its key and the tree."""
        order = (0, 0, "")
        for row in self._rows(log.folder + parts.SEALS, parts.read_seals):
            if not order < (row.size, row.time_s, row.cosigner):
                self._findings.false("audit-file-wrong", name=log.folder + parts.SEALS, detail="order")
                break
            order = (row.size, row.time_s, row.cosigner)
            if self.is_stranger(row.cosigner):
                continue
            key = self._signers.seal_key(log.origin, row.cosigner, row.size)
            checkpoint = Checkpoint(log.origin, row.size, row.root)
            if key is None or not verify_seal(checkpoint, key, row.time_s, row.signature):
                self._findings.false("audit-seal-wrong", log.origin, name=row.cosigner, size=row.size)
            elif row.size <= tree.size and tree.root(row.size) != row.root:
                if tree.proven:
                    self._findings.false("audit-log-forked", log.origin, size=row.size)
            else:
                self.vouched.seals.setdefault(row.cosigner, []).append((row.size, row.time_s))
                self._newest_seals.discard((row.cosigner, row.size, row.time_s))
        if self._newest_seals:
            self._findings.missing("audit-seals-missing", log.origin, size=log.size)

    def coverage(self, log: Claimed) -> None:
        """Whether everyone else has receipted the whole log, as the policy asks."""
        self.count_newest()
        for party in self.known_others(log.origin):
            receipted = self.vouched.receipted(party)
            if receipted < log.size:
                place = range(receipted, log.size)
                self._findings.entries(Severity.MISSING, "audit-receipt-missing", log.origin, place, party=party)

    def count_newest(self) -> None:
        """Let the receipts under the newest checkpoint count, once each."""
        for party, row in self._newest.items():
            rows = self.vouched.receipts.setdefault(party, [])
            rows += [] if row in rows else [row]

    def _check_policy(self, origin: str, name: str, size: int) -> None:
        """The policy follows from the cards; without every card nobody can say what it should be."""
        policy = self._signers.policy(origin, size)
        if policy is None:
            self._shelf.pass_over(name)
        elif self._shelf.take(name, parts.POLICY_BYTES) not in (None, policy):
            self._findings.false("audit-policy-differs", origin, name=name)

    def _open(self, data: bytes, origin: str, size: int) -> Opened:
        """The newest checkpoint. Raises PeerError when it is not this log's, of this size, signed by it."""
        _read(data, origin, size)
        keys = self._signers.trust.keys(origin, size)
        opened = open_checkpoint(data, keys)
        if opened.by(KIND_ED25519, origin) is None:
            raise PeerError("checkpoint-unsigned", origin=origin)
        known = {(key.name, key.key_id) for key in keys}
        for line in parse_note(data).signatures:
            if (line.name, line.key_id) not in known and not self.is_stranger(line.name):
                self._findings.note("audit-signature-unknown", origin, name=line.name)
        return opened

    def _keep(self, opened: Opened) -> None:
        size = opened.checkpoint.size
        self._newest_seals = {
            (one.key.name, size, one.time_s)
            for one in opened.verified
            if one.key.kind == KIND_MLDSA44 and one.time_s is not None
        }
        for party in self._signers.others(opened.checkpoint.origin):
            name = self._about.mirrors[self._about.members.index(party)]
            found = opened.by(KIND_COSIGNATURE, name)
            if found is not None and found.time_s is not None:
                self._newest[party] = size, found.time_s

    def _rows(self, folder: str, read: Callable[[bytes], list[parts.Row]]) -> Iterator[parts.Row]:
        """The rows of all files of a folder; all but the last file are full."""
        names = self._shelf.series(folder, lambda n: parts.numbered(folder, n))
        for name in names:
            data = self._shelf.take(name, parts.ROWS_BYTES)
            if data is None:
                continue
            try:
                rows = read(data)
                if not 0 < len(rows) <= parts.PACKED or (len(rows) < parts.PACKED and name != names[-1]):
                    raise PeerError("bundle-unreadable", detail=name)
            except PeerError as why:
                self._findings.false("audit-file-wrong", name=name, detail=why.message_id)
                continue
            yield from rows

    def check_row(self, checkpoint: Checkpoint, row: parts.Vouching, agrees: bool) -> bool:
        """Whether the log signed it; its receipts are checked, and kept when it `agrees` with the tree."""
        origin, body = checkpoint.origin, checkpoint.body()
        public = self._signers.owner_public(origin, row.size)
        signed = public is not None and verify_ed25519(public, row.signature, body)
        if not signed:
            self._findings.false("audit-signature-wrong", origin, size=row.size)
        for receipt in row.receipts:
            party = self._party(receipt.member, origin)
            if party and self._signers.trust.card(party) is None:
                continue
            public = self._signers.keeper_public(party, origin, row.size) if party else None
            if public and verify_cosignature(checkpoint, public, receipt.time_s, receipt.signature):
                if agrees:
                    self._take(party, row.size, receipt.time_s, origin)
            else:
                self._findings.false("audit-receipt-wrong", origin, size=row.size, party=party)
        return signed

    def _take(self, party: str, size: int, time_s: int, origin: str) -> None:
        rows = self.vouched.receipts.setdefault(party, [])
        if rows and size >= rows[-1][0] and time_s < rows[-1][1]:
            self._findings.note("audit-receipt-backwards", origin, party=party, size=size)
        rows.append((size, time_s))

    def _party(self, member: int, origin: str) -> str:
        """The member of that number; empty when there is none, or it is the log's own."""
        members = self._about.members
        party = members[member] if member < len(members) else ""
        return party if party in self._signers.others(origin) else ""

    def known_others(self, origin: str) -> list[str]:
        """The parties that keep a log and whose card is here; that one is missing was told already."""
        return [party for party in self._signers.others(origin) if self._signers.trust.card(party) is not None]

    def is_stranger(self, name: str) -> bool:
        """Whether `name` is a keeper's whose card is not here: its word can be neither taken nor refused."""
        mirrors = zip(self._about.mirrors, self._about.members, strict=True)
        return any(name == mirror and self._signers.trust.card(party) is None for mirror, party in mirrors)

    def _changed(self, origin: str, place: range, tree: Tree) -> None:
        """Somewhere in `place` an entry is not what was signed; needless where one was named already."""
        if not tree.blamed and place:
            self._findings.entries(Severity.FALSE, "audit-entries-changed", origin, place)


def _read(data: bytes, origin: str, size: int) -> Checkpoint:
    """The checkpoint in a note, unverified. Raises PeerError unless it is this log's, of this size."""
    checkpoint, _ = read_checkpoint(data)
    if (checkpoint.origin, checkpoint.size) != (origin, size):
        raise PeerError("checkpoint-other-log", origin=checkpoint.origin, size=checkpoint.size)
    return checkpoint

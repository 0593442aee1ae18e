"""A line of the tests: alpha and bravo, each with its own log, its copy of the other's, and a store in memory."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import cache

from openline.base.time import Instant
from openline.identity.keys import NodeSecrets
from openline.identity.names import line_origin, mirror_name
from openline.record.archive import Archive, ArchiveWriter
from openline.record.audit import audit
from openline.record.bundle import Scope, write_bundle
from openline.record.entry import Attachment, Draft, Seen
from openline.record.introduction import make_invitation
from openline.record.log import Log, OwnLog
from openline.record.ports import Append, Head, Introduction, LineOpened, OpenLog, Receipt, Seal
from openline.record.receipts import give_receipt, give_seal
from openline.record.verdict import Severity, Verdict
from openline.store.memory import MemoryDisk, MemoryStore
from tests.identity import parties

LINE = "joint"
MEMBERS = ("alpha.example", "bravo.example")
ORIGINS = tuple(line_origin(party, LINE) for party in MEMBERS)
ALPHA_LOG, BRAVO_LOG = ORIGINS
START = Instant.from_ms(parties.FIRST_MS + parties.DAY_MS)
ROOTS = {"alpha.example": parties.ALPHA.fingerprint(), "bravo.example": parties.BRAVO.fingerprint()}
SCOPE = Scope(LINE, "alpha.example", START.plus(3_600_000_000))


def after(seconds: float) -> Instant:
    """So many seconds after the line was opened."""
    return START.plus(round(seconds * 1_000_000))


def draft(text: str, attachments: tuple[Attachment, ...] = ()) -> Draft:
    """Something said at the desk."""
    return Draft(1, text.encode(), "watch", attachments=attachments)


@cache
def invitations() -> dict[str, bytes]:
    """Everybody's invitation, by party."""
    signed_at = parties.FIRST_MS // 1000
    return {
        "alpha.example": make_invitation([parties.ALPHA], parties.ALPHA_ROOT, signed_at),
        "bravo.example": make_invitation([parties.BRAVO], parties.BRAVO_ROOT, signed_at),
    }


class Side:
    """One headquarters: its store, its log and its copy of the other's. Mutable."""

    def __init__(self, me: int, secrets: NodeSecrets, proofs: dict[str, bytes]) -> None:
        self.secrets, self.origin, self.peer_origin = secrets, ORIGINS[me], ORIGINS[1 - me]
        self.party = MEMBERS[me]
        self.store = MemoryStore(MemoryDisk())
        self.store.claim()
        opened = [OpenLog(origin, LINE, place == me, bytes((place + 1,)) * 32) for place, origin in enumerate(ORIGINS)]
        known = [Introduction(party, proofs[party], "the test", START) for party in MEMBERS]
        self.store.commit([*known, LineOpened(LINE, MEMBERS, START), *opened])
        self.own = OwnLog(self.head(self.origin), secrets.log)
        self.peer = Log(self.head(self.peer_origin))

    def head(self, origin: str) -> Head:
        """The head of a log in the store."""
        return next(head for head in self.store.heads() if head.origin == origin)

    def seen(self) -> list[Seen]:
        """Where the peer's log stands here."""
        signed = self.peer.signed
        return [Seen(signed.origin, signed.size, signed.root)] if signed else []

    def say(self, now: Instant, *drafts: Draft) -> Append:
        """Put drafts into the own log, signed together."""
        self.own.append(drafts, now, self.seen())
        append = self.own.seal()
        assert append is not None
        self.store.commit([append])
        return append

    def hear(self, append: Append, now: Instant) -> Receipt:
        """Take the peer's entries, and receipt them."""
        self.peer.take(append)
        receipt = give_receipt(append.signed, self.origin, self.secrets.receipt, now)
        self.store.commit([append, receipt])
        return receipt


class Line:
    """Both sides. Mutable."""

    def __init__(self, proofs: dict[str, bytes] | None = None) -> None:
        known = proofs or invitations()
        self.sides = (Side(0, parties.ALPHA_NODE, known), Side(1, parties.BRAVO_NODE, known))
        self.alpha, self.bravo = self.sides

    def say(self, who: int, seconds: float, *texts: str | Draft, receipted: bool = True) -> Append:
        """One side says something, signed together; the other has it half a second later."""
        speaker, hearer = self.sides[who], self.sides[1 - who]
        drafts = [text if isinstance(text, Draft) else draft(text) for text in texts]
        append = speaker.say(after(seconds), *drafts)
        receipt = hearer.hear(append, after(seconds + 0.5))
        if receipted:
            speaker.store.commit([receipt])
        return append

    def seal(self, who: int, seconds: float) -> list[Seal]:
        """Both sides seal one side's log."""
        owner, keeper = self.sides[who], self.sides[1 - who]
        signed = owner.own.signed
        assert signed is not None
        seals = [
            give_seal(signed, owner.origin, owner.secrets.seal, after(seconds)),
            give_seal(signed, mirror_name(keeper.origin), keeper.secrets.seal, after(seconds)),
        ]
        for side in self.sides:
            side.store.commit(seals)
        return seals


def talk(sizes: Sequence[int] = (1, 2, 1), proofs: dict[str, bytes] | None = None) -> Line:
    """A line on which both sides spoke in turns, each time so many messages, a minute apart."""
    line = Line(proofs)
    for turn, count in enumerate(sizes):
        for who in (0, 1):
            seconds = 60 * (2 * turn + who)
            line.say(who, seconds, *(f"{MEMBERS[who]} says {turn}.{n}" for n in range(count)))
    return line


def bundle_of(side: Side, scope: Scope = SCOPE) -> bytes:
    """The bundle of a side's record."""
    out = io.BytesIO()
    write_bundle(out, side.store, None, scope, lambda done, total: None)
    return out.getvalue()


def files_of(bundle: bytes) -> dict[str, bytes]:
    """Every file of a bundle."""
    archive = Archive(io.BytesIO(bundle))
    return {name: archive.read(name) for name in archive.below("")}


def packed(files: Mapping[str, bytes]) -> bytes:
    """A bundle of these files, as somebody makes it who repairs every checksum."""
    out = io.BytesIO()
    writer = ArchiveWriter(out)
    for name in sorted(files):
        writer.add(name, files[name])
    writer.close()
    return out.getvalue()


def judge(bundle: bytes, roots: Mapping[str, str] | None = ROOTS) -> Verdict:
    """The verdict on a bundle."""
    return audit(io.BytesIO(bundle), roots, lambda done, total: None)


def said(verdict: Verdict, severity: Severity | None = None) -> list[str]:
    """What the findings say, in short: `alpha:3 audit-entry-changed`."""
    return [
        f"{finding.facts.get('entry', finding.facts.get('log', ''))} {finding.message_id}".strip()
        for finding in verdict.findings
        if severity in (None, finding.severity)
    ]

"""Keeps one line: its logs, its link engine, its book. Told events, answers with writes and effects.

One turn: `say`, `tell` and `tick` any number of times, then `close` gives what must be committed; when the commit
has returned, `release` gives what may now leave and `fold` what changed. Nothing here does IO, asks the time or
makes randomness, so the simulation drives this very class. A turn that was closed and not committed is lost with the
process: never go on with a keeper whose commit failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from openline.base import codec
from openline.base.errors import BusyError, ForkError, PeerError, UsageError
from openline.base.limits import QUARANTINE_SETTLES_US
from openline.base.time import Instant
from openline.identity.keys import NodeSecrets
from openline.identity.names import line_origin
from openline.identity.trust import Trust
from openline.line.book import Book
from openline.line.hold import hold_writes
from openline.line.kinds import Change
from openline.link import events as link
from openline.link.engine import Engine
from openline.link.frames import Frame, Tip
from openline.node.credit import Credit, used_up
from openline.node.held import Holdings
from openline.node.others import OthersReceipts
from openline.node.pushes import weight
from openline.record.entry import Draft, Entry, Precedence, Seen
from openline.record.log import Log, OwnLog, Pushed, check_signed, compare
from openline.record.ports import (
    Append,
    Arrived,
    Command,
    Evidence,
    Head,
    Quarantine,
    Receipt,
    SaltKey,
    Seal,
    Signed,
    Write,
)
from openline.record.receipts import check_receipt, check_seal, give_receipt

Outward = (
    link.Send
    | link.SendEntries
    | link.SendBlob
    | link.OfferBlob
    | link.OfferCard
    | link.BlobDelivered
    | link.Greeted
    | link.Drop
)


@dataclass(frozen=True, slots=True)
class LineSetup:
    """Which line this is: its id, all parties sorted, our own party, and our secrets."""

    line: str
    members: tuple[str, ...]
    me: str
    secrets: NodeSecrets

    @property
    def origins(self) -> tuple[str, ...]:
        """The members' logs, in the members' order."""
        return tuple(line_origin(party, self.line) for party in self.members)


@dataclass(slots=True)
class Turn:
    """One turn of one line: what to commit, what arrives with it, and what the engine is told afterwards."""

    writes: list[Write] = field(default_factory=list)
    arrived: list[Arrived] = field(default_factory=list)
    after: list[link.Event] = field(default_factory=list)
    out: list[Outward] = field(default_factory=list)
    receipts: list[tuple[int, Receipt]] = field(default_factory=list)
    spread: list[Frame] = field(default_factory=list)


class Keeper:
    """One line of this node. Mutable; owned by the node's turn."""

    def __init__(
        self, setup: LineSetup, heads: Sequence[Head], engine: Engine, book: Book, trust: Trust, held: Holdings
    ) -> None:
        self.setup = setup
        self.engine = engine
        self.book = book
        self.held = held
        self.forked: dict[str, str] = {}
        self.receipted: dict[str, int] = {}
        self.credit = Credit()
        self.gone: set[int] = set()
        self._receipts = OthersReceipts(setup.members, trust, held)
        self._trust = trust
        self.me = setup.members.index(setup.me)
        by_origin = {head.origin: head for head in heads}
        self._logs: list[Log] = [
            OwnLog(by_origin[origin], setup.secrets.log) if number == self.me else Log(by_origin[origin])
            for number, origin in enumerate(setup.origins)
        ]
        self._durable = [log.signed for log in self._logs]
        self._tips: dict[int, int] = {}
        self._tip_at = Instant(0)
        self._cosign: dict[int, Log] = {}
        self._turn = Turn()

    @property
    def own(self) -> OwnLog:
        """Our own log."""
        log = self._logs[self.me]
        assert isinstance(log, OwnLog)
        return log

    @property
    def logs(self) -> Sequence[Log]:
        """Every member's log, in the members' order."""
        return self._logs

    @property
    def peers(self) -> list[int]:
        """The members' numbers without our own and those that are gone."""
        return [number for number in range(len(self._logs)) if number != self.me and number not in self.gone]

    def part(self, number: int, now: Instant) -> None:
        """A member is gone: from now on nothing is sent to it, taken of it, or awaited of it."""
        self.gone.add(number)
        self.credit.receipted(self.receipted_by_all())
        self.tell(link.Gone(number), now)

    def receipted_by_all(self) -> int:
        """Up to where every peer holds our log; all of it when there is no peer."""
        return min((self.receipted.get(self.setup.members[n], 0) for n in self.peers), default=self.own.size)

    def waiting(self) -> int:
        """Entries of our own that some peer has not receipted."""
        return self.own.size - self.receipted_by_all()

    def say(self, drafts: Sequence[Draft], now: Instant, key: str | None = None) -> list[Entry]:
        """Put `drafts` into our log in this turn. The entries are on the record once the turn is committed.

        Raises UsageError (quarantine, full batch) and BusyError (credit of the precedence used up): nothing is
        written then.
        """
        waiting, waiting_bytes = self.waiting(), self.credit.waiting_bytes + self.own.pending_bytes
        for draft in drafts:
            if used_up(draft.precedence, waiting, waiting_bytes):
                precedence = Precedence.ROUTINE if draft.precedence is None else draft.precedence
                raise BusyError("line-full", line=self.setup.line, waiting=waiting, precedence=precedence.name)
        for party in self.forked:
            raise UsageError("line-forked", line=self.setup.line, party=party)
        seen = [Seen(log.origin, log.signed.size, log.signed.root) for log in self._others() if log.signed is not None]
        entries = self.own.append(drafts, now, seen)
        if key is not None:
            refs = tuple(entry.ref for entry in entries)
            self._turn.writes.append(Command(key, self.setup.line, refs, now))
        return entries

    def tell(self, event: link.Event, now: Instant) -> None:
        """Give the link engine an event and do what it orders."""
        for effect in self.engine.step(event, now):
            self._do(effect, now)
        self._settle_quarantine(now)

    def keep(self, write: Write) -> None:
        """Add a write to this turn (a seal of ours, evidence from elsewhere)."""
        self._turn.writes.append(write)

    def send_after(self, frame: Frame) -> None:
        """Send `frame` to every peer that is connected once this turn is committed: what it says must be durable."""
        self._turn.spread.append(frame)

    def take_out(self) -> list[Outward]:
        """The effects of this turn that need no commit, so far; they rest on what was committed before."""
        out, self._turn.out = self._turn.out, []
        return out

    def close(self, now: Instant, next_seq: int) -> Turn:
        """End the turn: sign what grew, cosign what was accepted. `next_seq` is the next arrival number.

        The caller commits `writes`, then calls `release` and `fold`.
        """
        turn = self._turn
        if self.own.quarantined:
            self.own.discard()
        append = self.own.seal()
        if append is not None:
            self._keep(append, self.me, turn)
        for number, log in self._cosign.items():
            self._receipt(number, log, now, turn)
        self._cosign = {}
        grown = [write for write in turn.writes if isinstance(write, Append)]
        for write in grown:
            for entry in write.entries:
                turn.arrived.append(Arrived(next_seq + len(turn.arrived), entry))
        self._turn = Turn()
        return turn

    def release(self, turn: Turn, now: Instant) -> list[Outward]:
        """The turn is durable: tell the engine, and say what may leave now."""
        for number, receipt in turn.receipts:
            party = self.setup.members[number]
            self.receipted[party] = max(receipt.size, self.receipted[party])
            self.credit.receipted(self.receipted_by_all())
        for write in turn.writes:
            if isinstance(write, Append):
                self._durable[self.setup.origins.index(write.signed.origin)] = write.signed
        for event in turn.after:
            self.tell(event, now)
        out = turn.out + self.take_out()
        if turn.spread:
            sessions = [self.engine.session_for(number) for number in self.peers]
            out += [link.Send(n, frame) for frame in turn.spread for n in sessions if n is not None]
        return out

    def fold(self, turn: Turn) -> list[Change]:
        """Fold a durable turn into the book, after all before it: what changed."""
        return [change for arrived in turn.arrived for change in self.book.apply(arrived)]

    # What the engine orders

    def _do(self, effect: link.Effect, now: Instant) -> None:
        match effect:
            case link.Offer():
                self._offer(effect, now)
            case link.OfferReceipt():
                self._offer_receipt(effect, now)
            case link.OfferOthersReceipt():
                self._receipts.offered(effect)
                self._turn.writes += self._receipts.take(self._logs[effect.member], effect.member)
            case link.OfferTip():
                self._offer_tip(effect, now)
            case link.OfferSeal():
                self._offer_seal(effect)
            case link.OwnTip(peer, size):
                if size == 0:
                    self._tip_known(peer, 0, now)
            case _:
                self._turn.out.append(effect)

    def _offer(self, offer: link.Offer, now: Instant) -> None:
        push, log = offer.push, self._logs[offer.push.member]
        if self.setup.members[push.member] in self.forked:
            return self._refuse(offer.session, push.member, "log-forked", now)
        key = self._trust.log_key(log.origin, push.base + len(push.items))
        if key is None:
            return self._refuse(offer.session, push.member, "peer-key-unknown", now)
        try:
            append = self._checked(offer, log, key.public)
        except PeerError as why:
            return self._refuse(offer.session, push.member, why.message_id, now)
        if append is None:
            return None
        log.take(append)
        self._keep(append, push.member, self._turn)
        if push.member != self.me:
            self._cosign[push.member] = log
            self._turn.writes += self._receipts.take(log, push.member)
        return None

    def _checked(self, offer: link.Offer, log: Log, public: bytes) -> Append | None:
        """What accepting a push would commit. Raises PeerError.

        No signature covers a HELLO, so the salt key it told counts from the first push that the log's owner has signed
        and that only this key rebuilds: a false one spoils nothing but the session it was told on.
        """
        push = offer.push
        pushed = Pushed(push.base, push.base_ms, cast("list[codec.Value]", push.items), push.signature)
        try:
            return log.check(pushed, public, self.setup.origins, self.held)
        except PeerError:
            proven = log.salt_key
            if push.member == self.me or offer.salt_key == proven:
                raise
            log.salt_key = offer.salt_key
            try:
                append = log.check(pushed, public, self.setup.origins, self.held)
            except PeerError:
                log.salt_key = proven
                raise
        self._turn.writes.append(SaltKey(log.origin, offer.salt_key))
        return append

    def _keep(self, append: Append, member: int, turn: Turn) -> None:
        turn.writes.append(append)
        turn.writes += hold_writes(append.entries, self.setup.line)  # In one commit: no moment without the hold.
        self.held.add(append)
        if member == self.me:
            flash = any(entry.leaf.precedence is Precedence.FLASH for entry in append.entries)
            size_bytes = weight(append.entries)
            self.credit.grew(append.signed.size, size_bytes)
            turn.after.append(link.Grew(tip_of(member, append.signed), size_bytes, flash))

    def _refuse(self, session: int, member: int, fault: str, now: Instant) -> None:
        self.tell(link.Refused(session, member, fault, tip_of(member, self._durable[member])), now)

    def _receipt(self, number: int, log: Log, now: Instant, turn: Turn) -> None:
        assert log.signed is not None
        receipt = give_receipt(log.signed, self.own.origin, self.setup.secrets.receipt, now)
        turn.writes.append(receipt)
        turn.after.append(link.Held(tip_of(number, log.signed), receipt.time_s, receipt.signature))

    def _offer_receipt(self, offer: link.OfferReceipt, now: Instant) -> None:
        party = self.setup.members[offer.peer]
        signed = self.held.signed_at(self.own.origin, offer.size)
        key = self._trust.receipt_key(party, self.own.origin, offer.size)
        if signed is None or key is None:
            return
        receipt = Receipt(self.own.origin, offer.size, key.name, offer.time_s, offer.signature)
        if not check_receipt(receipt, signed, key):
            self._refuse(offer.session, self.me, "peer-receipt-unsigned", now)
            return
        self._tip_known(offer.peer, offer.size, now)
        if offer.size <= self.receipted[party]:
            return
        self._turn.writes.append(receipt)
        self._turn.receipts.append((offer.peer, receipt))
        self._turn.after.append(link.Receipted(offer.peer, offer.size))

    def _offer_tip(self, offer: link.OfferTip, now: Instant) -> None:
        tip, log = offer.tip, self._logs[offer.tip.member]
        if tip.root is None or tip.signature is None:
            return
        theirs = Signed(log.origin, tip.size, tip.root, tip.signature)
        key = self._trust.log_key(log.origin, tip.size)
        try:
            check_signed(theirs, b"" if key is None else key.public)
            compare(self.held.root_at(log.origin, tip.size) if tip.size <= log.size else None, theirs)
        except ForkError as why:
            self._fork(offer, theirs, why, now)
        except PeerError as why:
            self._refuse(offer.session, tip.member, why.message_id, now)
        else:
            if tip.member == self.me:
                self._tip_known(offer.peer, tip.size, now)

    def _fork(self, offer: link.OfferTip, theirs: Signed, why: ForkError, now: Instant) -> None:
        owner = self.setup.members[offer.tip.member]
        if owner not in self.forked:
            self.forked[owner] = why.message_id
            for signed in (self.held.signed_from(theirs.origin, theirs.size), theirs):
                if signed is not None:
                    data = signed.size.to_bytes(8, "big") + signed.root + signed.signature
                    self.keep(Evidence(self.setup.line, signed.origin, why.message_id, now, data))
        self._refuse(offer.session, offer.tip.member, why.message_id, now)

    def _offer_seal(self, offer: link.OfferSeal) -> None:
        origin = self._logs[offer.member].origin
        root = self.held.root_at(origin, offer.size)
        owner, party = self.setup.members[offer.member], self.setup.members[offer.cosigner]
        find = self._trust.seal_key if owner == party else None
        key = find(origin, offer.size) if find else self._trust.mirror_seal_key(party, origin, offer.size)
        if root is None or key is None:
            return
        seal = Seal(origin, offer.size, root, key.name, offer.time_s, offer.signature)
        if check_seal(seal, key):
            self._turn.writes.append(seal)

    # Quarantine

    def _tip_known(self, peer: int, size: int, now: Instant) -> None:
        """A peer says that it holds our log up to `size`.

        Less than it has signed for is no answer. It may have lost the rest; then it gets that again, and signs anew.
        """
        if size < self.receipted[self.setup.members[peer]]:
            return
        self._tips[peer] = max(size, self._tips.get(peer, 0))
        self._tip_at = now
        if size > self.own.size and not self.own.quarantined:
            self.own.quarantined = True
            self._turn.writes.append(Quarantine(self.own.origin, True))

    def _settle_quarantine(self, now: Instant) -> None:
        """Let our log grow again when every peer has told its tip of it and we hold all that any of them holds.

        A tip lags behind a commit that was under way when it was told, so the last one must have stood a while.
        """
        if not self.own.quarantined or now - self._tip_at < QUARANTINE_SETTLES_US:
            return
        if all(number in self._tips for number in self.peers) and self.own.size >= max(self._tips.values()):
            self.own.quarantined = False
            self._turn.writes.append(Quarantine(self.own.origin, False))

    def _others(self) -> list[Log]:
        return [log for number, log in enumerate(self._logs) if number != self.me]


def tip_of(member: int, signed: Signed | None) -> Tip:
    """A log's tip as the link states it."""
    return Tip(member, 0, None, None) if signed is None else Tip(member, signed.size, signed.root, signed.signature)

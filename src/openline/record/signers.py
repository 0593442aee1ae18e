"""Who signs the logs of one line, by the members' cards: what an export writes and an audit looks up.

The newest card of a party holds every key it ever had (`identity.card.check_renewal`), so it alone is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openline.base.errors import UsageError
from openline.identity.card import key_at
from openline.identity.keys import VerifierKey
from openline.identity.names import line_origin, mirror_name, split_origin
from openline.identity.trust import Accepted, Trust
from openline.record.checkpoint import log_line, stamped_line
from openline.record.introduction import open_invitation
from openline.record.note import NoteSignature
from openline.record.policy import Group, LogLine, Policy, Witness, write_policy
from openline.record.ports import Introduction, Receipt, Seal, Signed

_QUORUM = "receipts"


def trust_of(introductions: Iterable[Introduction], members: tuple[str, ...]) -> Trust:
    """Trust in the newest card of each party, by what a store has accepted, oldest first."""
    newest = {one.party: one for one in introductions if one.party in members}
    cards = [(open_invitation(one.proof), one) for one in newest.values()]
    return Trust(Accepted(card.card, card.fingerprint, one.time, one.confirmed_by) for card, one in cards)


@dataclass(frozen=True, slots=True)
class Signers:
    """Who signs the logs of one line, by the members' cards."""

    trust: Trust
    line: str
    members: tuple[str, ...]

    def others(self, origin: str) -> list[str]:
        """The parties that keep another's log `origin`, sorted."""
        return [party for party in self.members if line_origin(party, self.line) != origin]

    def mirrors(self, origin: str) -> list[str]:
        """The names under which they receipt it."""
        return [mirror_name(line_origin(party, self.line)) for party in self.others(origin)]

    def owner_public(self, origin: str, size: int) -> bytes | None:
        """The Ed25519 key by which a log's owner signs it at `size`: `Trust.log_key` without its name."""
        owner = split_origin(origin)
        card = self.trust.card(owner[0]) if owner is not None else None
        return None if card is None else key_at(card.log_keys, origin, size)

    def keeper_public(self, party: str, origin: str, size: int) -> bytes | None:
        """The Ed25519 key by which `party` receipts log `origin` at `size`: `Trust.receipt_key` without its name."""
        card = self.trust.card(party)
        return None if card is None else key_at(card.receipt_keys, origin, size)

    def seal_key(self, origin: str, cosigner: str, size: int) -> VerifierKey | None:
        """The key that seals log `origin` at `size` under `cosigner`: its owner's or a keeper's."""
        if cosigner == origin:
            return self.trust.seal_key(origin, size)
        party = next((one for one in self.others(origin) if mirror_name(line_origin(one, self.line)) == cosigner), None)
        return None if party is None else self.trust.mirror_seal_key(party, origin, size)

    def policy(self, origin: str, size: int) -> bytes | None:
        """The policy for a log's checkpoint at `size`: its owner signs, everyone else receipts. None without keys."""
        log = self.trust.log_key(origin, size)
        witnesses = []
        for party in self.others(origin):
            key = self.trust.receipt_key(party, origin, size)
            if key is not None:
                witnesses.append(Witness(key.name, key))
        if log is None or len(witnesses) != len(self.members) - 1:
            return None
        names = tuple(witness.name for witness in witnesses)
        group = Group(_QUORUM, len(names), names)
        return write_policy(Policy((LogLine(log),), tuple(witnesses), (group,), _QUORUM))

    def note_lines(self, signed: Signed, receipts: list[Receipt], seals: list[Seal]) -> list[NoteSignature]:
        """The signature lines of a checkpoint: the log's, then receipts, then seals, each in the order given.

        Raises UsageError `bundle-no-key` when a signer's key at this size is not known.
        """
        origin, size = signed.origin, signed.size
        lines = [log_line(self._known(self.trust.log_key(origin, size), origin), signed.signature)]
        for receipt in receipts:
            party, _ = split_origin(receipt.cosigner.removesuffix("/mirror")) or ("", "")
            key = self._known(self.trust.receipt_key(party, origin, size), receipt.cosigner)
            lines.append(stamped_line(key, receipt.time_s, receipt.signature))
        for one in seals:
            key = self._known(self.seal_key(origin, one.cosigner, size), one.cosigner)
            lines.append(stamped_line(key, one.time_s, one.signature))
        return lines

    def _known(self, key: VerifierKey | None, name: str) -> VerifierKey:
        if key is None:
            raise UsageError("bundle-no-key", name=name)
        return key

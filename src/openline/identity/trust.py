"""Whom we accept, since when, and who confirmed it: the one place that turns a name into a key.

A party is accepted once, by a person who heard its fingerprint read aloud; after that only its own root can
replace its card. The class is pure: it holds values, and the caller keeps them (`Accepted.pack`).

Every card that is handed in must come from `record.introduction`, which has checked the root's signatures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from openline.base import schema
from openline.base.errors import PeerError, UsageError
from openline.base.limits import CARD_BYTES_MAX
from openline.base.time import Instant
from openline.identity.card import Card, check_renewal, key_at, pack_card, unpack_card
from openline.identity.keys import KIND_COSIGNATURE, KIND_ED25519, KIND_MLDSA44, VerifierKey, read_digits
from openline.identity.names import line_origin, mirror_name, split_origin

_ACCEPTED_BYTES_MAX = CARD_BYTES_MAX + 1_024


class _AcceptedBody(schema.Body, frozen=True):
    card: bytes
    fingerprint: str
    since_ms: int
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A party we accept: its current card, the fingerprint that was confirmed, since when and by whom.

    `confirmed_by` is the role and name of the person who compared the digits, as the console wrote it.
    """

    card: Card
    fingerprint: str
    since: Instant
    confirmed_by: str

    def pack(self) -> bytes:
        """The bytes to keep."""
        return schema.pack(
            _AcceptedBody(
                card=pack_card(self.card),
                fingerprint=self.fingerprint,
                since_ms=self.since.ms,
                confirmed_by=self.confirmed_by,
            )
        )

    @classmethod
    def unpack(cls, data: bytes) -> Accepted:
        """Read what `pack` wrote. Raises PeerError when it is anything else."""
        body = schema.unpack(_AcceptedBody, data, _ACCEPTED_BYTES_MAX)
        card = unpack_card(body.card)
        return cls(card, body.fingerprint, Instant.from_ms(body.since_ms), body.confirmed_by)


class Trust:
    """The parties we accept, by party id. Mutable; owned by the node's turn.

    Lookups answer None where nobody is accepted or no key holds; the keys they return bear the right names.
    """

    def __init__(self, accepted: Iterable[Accepted] = ()) -> None:
        self._accepted: dict[str, Accepted] = {}
        self._by_pin: dict[bytes, str] = {}
        self._found: dict[tuple[str, bytes], VerifierKey] = {}
        for one in accepted:
            self._keep(one)

    def accept_first(self, card: Card, digits: str, since: Instant, confirmed_by: str) -> Accepted:
        """Accept a party for the first time; `digits` is what the person heard, written in any grouping.

        Raises UsageError `trust-digits-differ` when they are not the card's fingerprint, `trust-known-party`
        when the party is accepted already (see `renew`, `accept_anew`), and PeerError `card-key-taken` when
        the card claims a key of another party. Nothing changes then.
        """
        if card.party in self._accepted:
            raise UsageError("trust-known-party", party=card.party)
        return self._confirm(card, digits, since, confirmed_by)

    def accept_anew(self, card: Card, digits: str, since: Instant, confirmed_by: str) -> Accepted:
        """Accept a known party again by voice, whatever its root: for a root that was lost or stolen.

        Raises UsageError `trust-unknown-party` when it was never accepted, and as `accept_first` does.
        """
        self._known(card.party)
        return self._confirm(card, digits, since, confirmed_by)

    def adopt(self, accepted: Accepted) -> None:
        """Take over what another Trust has accepted, once it is durable."""
        self._keep(accepted)

    def renew(self, card: Card) -> Accepted:
        """Take a newer card of an accepted party. The card we hold already changes nothing.

        Raises PeerError when the card may not follow ours (`identity.card.check_renewal`) or claims
        a key of another party, UsageError `trust-unknown-party` when the party was never accepted.
        """
        known = self._known(card.party)
        if card != known.card:
            check_renewal(known.card, card)
            self._check_keys(card)
        return self._keep(replace(known, card=card, fingerprint=card.fingerprint()))

    def accepted(self) -> list[Accepted]:
        """Every accepted party, in the order of party ids."""
        return [self._accepted[party] for party in sorted(self._accepted)]

    def card(self, party: str) -> Card | None:
        """The current card of a party."""
        known = self._accepted.get(party)
        return None if known is None else known.card

    def party_by_pin(self, pin: bytes) -> str | None:
        """The party whose TLS key has this SHA-256 of its SubjectPublicKeyInfo."""
        return self._by_pin.get(pin)

    def log_key(self, origin: str, size: int) -> VerifierKey | None:
        """The key by which the owner of line log `origin` signs it at `size`; its name is the origin."""
        owner = self._owner(origin)
        public = None if owner is None else key_at(owner.log_keys, origin, size)
        return None if public is None else self._named(origin, KIND_ED25519, public)

    def seal_key(self, origin: str, size: int) -> VerifierKey | None:
        """The key by which the owner of `origin` seals it at `size`; its name is the origin."""
        owner = self._owner(origin)
        public = None if owner is None else key_at(owner.seal_keys, origin, size)
        return None if public is None else VerifierKey(origin, KIND_MLDSA44, public)

    def receipt_key(self, party: str, origin: str, size: int) -> VerifierKey | None:
        """The key by which `party` receipts another's log `origin` at `size`, named `<own origin>/mirror`."""
        card, name = self.card(party), _mirror(party, origin)
        public = None if card is None or name is None else key_at(card.receipt_keys, origin, size)
        return None if public is None or name is None else self._named(name, KIND_COSIGNATURE, public)

    def mirror_seal_key(self, party: str, origin: str, size: int) -> VerifierKey | None:
        """The key by which `party` seals another's log `origin` at `size`, named `<own origin>/mirror`."""
        card, name = self.card(party), _mirror(party, origin)
        public = None if card is None or name is None else key_at(card.seal_keys, origin, size)
        return None if public is None or name is None else VerifierKey(name, KIND_MLDSA44, public)

    def keys(self, origin: str, size: int) -> list[VerifierKey]:
        """Every key that may sign log `origin` at `size`: its owner's, then the other parties', by party."""
        found = [self.log_key(origin, size), self.seal_key(origin, size)]
        owner = split_origin(origin)
        for party in sorted(self._accepted):
            if owner is not None and party != owner[0]:
                found += [self.receipt_key(party, origin, size), self.mirror_seal_key(party, origin, size)]
        return [key for key in found if key is not None]

    def _named(self, name: str, kind: int, public: bytes) -> VerifierKey:
        """The key under its name; made once, since one is looked up for every receipt."""
        known = self._found.get((name, public))
        if known is None or known.kind != kind:
            known = self._found[name, public] = VerifierKey(name, kind, public)
        return known

    def _known(self, party: str) -> Accepted:
        known = self._accepted.get(party)
        if known is None:
            raise UsageError("trust-unknown-party", party=party)
        return known

    def _owner(self, origin: str) -> Card | None:
        place = split_origin(origin)
        return None if place is None else self.card(place[0])

    def _confirm(self, card: Card, digits: str, since: Instant, confirmed_by: str) -> Accepted:
        expected = card.fingerprint()
        if read_digits(digits) != read_digits(expected):
            raise UsageError("trust-digits-differ", party=card.party)
        self._check_keys(card)
        return self._keep(Accepted(card, expected, since, confirmed_by))

    def _check_keys(self, card: Card) -> None:
        """Refuse a card that claims another party's keys: it could pass that party's words for its own."""
        claimed = _claims(card)
        for other in self._accepted.values():
            if other.card.party != card.party and not claimed.isdisjoint(_claims(other.card)):
                raise PeerError("card-key-taken", party=card.party, other=other.card.party)

    def _keep(self, accepted: Accepted) -> Accepted:
        party = accepted.card.party
        self._accepted[party] = accepted
        self._found.clear()
        self._by_pin = {pin: of for pin, of in self._by_pin.items() if of != party}
        self._by_pin.update(dict.fromkeys(accepted.card.tls_pins, party))
        return accepted


def _mirror(party: str, origin: str) -> str | None:
    place = split_origin(origin)
    return None if place is None else mirror_name(line_origin(party, place[1]))


def _claims(card: Card) -> set[bytes]:
    spans = (*card.log_keys, *card.receipt_keys, *card.seal_keys)
    return {public for public, _, _ in spans if public} | {
        card.root_ed25519,
        card.root_mldsa44,
        *card.tls_pins,
    }

"""First step of an audit: from the root fingerprints an auditor holds to the card, and so the keys, of each party.

The auditor's fingerprint is the only thing taken on trust. A party's newest card counts when its root is that of
the fingerprint, or when an unbroken chain of cards leads to it from one whose root is (a promised root).
"""

from __future__ import annotations

from collections.abc import Mapping

from openline.base.errors import PeerError
from openline.identity.card import Card, check_renewal
from openline.identity.keys import read_digits
from openline.record import parts
from openline.record.introduction import open_invitation
from openline.record.shelf import Shelf
from openline.record.verdict import Findings


def read_cards(
    shelf: Shelf, members: tuple[str, ...], roots: Mapping[str, str] | None, findings: Findings
) -> tuple[list[Card], list[tuple[str, str]]]:
    """The newest card of each party, and every root found as (party, fingerprint), oldest first.

    Without a fingerprint for a party its card is used all the same, so that the rest can be checked, and a finding
    says what to compare. The same where the fingerprint is another one, which is then a false root.
    """
    newest: list[Card] = []
    found: dict[tuple[str, str], None] = {}
    for party in members:
        cards = _cards(shelf, party, findings)
        found.update(((party, card.fingerprint()), None) for card in cards)
        if not cards:
            findings.missing("audit-identity-missing", party=party)
            continue
        newest.append(cards[-1])
        _judge(party, cards, (roots or {}).get(party), findings)
    for party in sorted((roots or {}).keys() - set(members)):
        findings.note("audit-root-unused", party=party)
    return newest, list(found)


def _cards(shelf: Shelf, party: str, findings: Findings) -> list[Card]:
    cards = []
    for name in shelf.series(f"{parts.IDENTITY}{party}/", lambda n: parts.identity_path(party, n)):
        data = shelf.take(name, parts.PROOF_BYTES)
        if data is None:
            continue
        try:
            card = open_invitation(data).card
        except PeerError as why:
            findings.false("audit-identity-wrong", party=party, name=name, detail=why.message_id)
            continue
        if card.party == party:
            cards.append(card)
        else:
            findings.false("audit-identity-wrong", party=party, name=name, detail="card-other-party")
    return cards


def _judge(party: str, cards: list[Card], digits: str | None, findings: Findings) -> None:
    newest = cards[-1].fingerprint()
    if digits is None:
        findings.missing("audit-root-not-given", party=party, fingerprint=newest)
        return
    given = read_digits(digits)
    places = [place for place, card in enumerate(cards) if read_digits(card.fingerprint()) == given]
    if not places or not _linked(cards[places[-1] :]):
        findings.false("audit-root-differs", party=party, fingerprint=newest, given=digits)


def _linked(cards: list[Card]) -> bool:
    """Whether each card may replace the one before it."""
    card = cards[0]
    for following in cards[1:]:
        if following == card:
            continue
        try:
            check_renewal(card, following)
        except PeerError:
            return False
        card = following
    return True

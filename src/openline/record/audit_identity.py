"""First step of an audit: from the root fingerprints an auditor holds to the card, and so the keys, of each party.

The auditor's fingerprint is the only thing taken on trust. A party's newest card counts when an unbroken chain of
cards leads to it from the first one of that root: each renews the one before, under the same root or a promised
one. A bundle cannot show that there is no newer card; the party itself can.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import dropwhile, pairwise

from openline.base.errors import PeerError
from openline.base.time import Instant
from openline.identity.card import Card, check_renewal
from openline.identity.keys import read_digits
from openline.identity.trust import Trust
from openline.record import parts
from openline.record.introduction import open_invitation
from openline.record.shelf import Shelf
from openline.record.verdict import Findings


def read_trust(
    shelf: Shelf, members: tuple[str, ...], roots: Mapping[str, str] | None, findings: Findings
) -> tuple[Trust, list[tuple[str, str]]]:
    """Trust in the newest card of each party, and every root found as (party, fingerprint), oldest first.

    Without a fingerprint for a party its card is used all the same, so that the rest can be checked, and a finding
    says what to compare. The same where the fingerprint is another one, which is then a false root.
    """
    trust, given = Trust(), roots or {}
    found: dict[tuple[str, str], None] = {}
    for party in members:
        cards = _cards(shelf, party, findings)
        found.update(((party, card.fingerprint()), None) for card in cards)
        if not cards:
            findings.missing("audit-identity-missing", party=party)
            continue
        _judge(party, cards, given.get(party), findings)
        try:
            trust.accept_first(cards[-1], cards[-1].fingerprint(), Instant(0), "")
        except PeerError as why:
            name = f"{parts.IDENTITY}{party}/"
            findings.false("audit-identity-wrong", party=party, name=name, detail=why.message_id)
    for party in sorted(given.keys() - set(members)):
        findings.note("audit-root-unused", party=party)
    return trust, list(found)


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
    following = list(dropwhile(lambda card: read_digits(card.fingerprint()) != given, cards))
    if not following:
        findings.false("audit-root-differs", party=party, fingerprint=newest, given=digits)
        return
    # From the first card of that root on: a thief of an old key must not bring back the card that still had it.
    for old, new in pairwise(following):
        try:
            if new != old:
                check_renewal(old, new)
        except PeerError as why:
            findings.false("audit-identity-broken", party=party, fingerprint=newest, detail=why.message_id)
            return

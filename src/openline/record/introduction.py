"""How parties introduce themselves: the identity log, and the invitation file made of its newest card.

The identity log of a party is a log like any other (origin `<party>/identity`). Its leaves are cards, oldest
first; its checkpoints are signed by the party's root with both keys, 0x01 and 0x06. An invitation is a
`.tlog-proof` of the newest card with the card itself as `extra`: everything in it is checked against the root
that the card names, and the root against 30 digits that a person hears read aloud.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from openline.base.errors import PeerError
from openline.base.limits import CARD_BYTES_MAX
from openline.identity.card import Card, check_renewal, pack_card, unpack_card
from openline.identity.keys import KIND_ED25519, KIND_MLDSA44, RootSecrets, read_digits
from openline.identity.names import identity_origin
from openline.record.checkpoint import (
    Checkpoint,
    Opened,
    log_line,
    open_checkpoint,
    seal,
    stamped_line,
    write_checkpoint,
)
from openline.record.proof import Proof, parse_proof, verify_proof, write_proof
from openline.record.tree import inclusion_proof, leaf_hash, root_of


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that holds together. Whose it is only the voice can tell: compare `fingerprint`.

    `time_s` is when the root says it signed, whole seconds.
    """

    card: Card
    fingerprint: str
    checkpoint: Checkpoint
    time_s: int


@dataclass(frozen=True, slots=True)
class IdentityLog:
    """A whole identity log that was verified: the cards, oldest first, and the checkpoint over them."""

    cards: tuple[Card, ...]
    checkpoint: Checkpoint
    time_s: int


def sign_identity_log(cards: Sequence[Card], root: RootSecrets, time_s: int) -> bytes:
    """The checkpoint note over `cards`, signed by `root` with both keys at `time_s`.

    Raises PeerError when a card may not follow the one before it, or the newest does not name this root.
    """
    _check_succession(cards)
    newest = cards[-1]
    keys = root.keys(newest.party)
    if newest.root() != keys:
        raise PeerError("card-root-unknown", party=newest.party)
    hashes = [leaf_hash(pack_card(card)) for card in cards]
    checkpoint = Checkpoint(identity_origin(newest.party), len(cards), root_of(hashes))
    sealed = seal(checkpoint, root.mldsa44, keys[1].name, time_s)
    plain = log_line(keys[0], root.ed25519.sign(checkpoint.body()))
    return write_checkpoint(checkpoint, [plain, stamped_line(keys[1], time_s, sealed)])


def open_identity_log(leaves: Sequence[bytes], note: bytes) -> IdentityLog:
    """Check a whole identity log: every card, each following the one before, and the root's signatures.

    The root that must have signed is the one the newest card names; the chain of promises ties it to the first.
    Raises PeerError for anything that is wrong.
    """
    cards = [unpack_card(leaf) for leaf in leaves]
    if not cards:
        raise PeerError("identity-log-empty")
    _check_succession(cards)
    opened = open_checkpoint(note, cards[-1].root())
    time_s = _by_root(opened, cards[-1])
    checkpoint = opened.checkpoint
    if (checkpoint.size, checkpoint.root) != (len(leaves), root_of([leaf_hash(leaf) for leaf in leaves])):
        raise PeerError("identity-log-differs", party=cards[-1].party, size=checkpoint.size)
    return IdentityLog(tuple(cards), checkpoint, time_s)


def make_invitation(cards: Sequence[Card], root: RootSecrets, time_s: int) -> bytes:
    """The invitation file of the newest of `cards`, the whole identity log, signed by `root` at `time_s`.

    Raises PeerError as `sign_identity_log` does.
    """
    note = sign_identity_log(cards, root, time_s)
    hashes = [leaf_hash(pack_card(card)) for card in cards]
    newest = len(cards) - 1
    return write_proof(Proof(newest, tuple(inclusion_proof(hashes, newest)), note, pack_card(cards[newest])))


def open_invitation(data: bytes, fingerprint: str | None = None) -> Invitation:
    """Check an invitation file against the root its card names and, when given, against a known fingerprint.

    Without `fingerprint` nothing says whose root it is. Raises PeerError `invitation-wrong` when it is not an
    invitation, `invitation-other-root` when its root is not that of `fingerprint`, and as the proof, checkpoint
    and card readers do.
    """
    proof = parse_proof(data)
    if not 0 < len(proof.extra) <= CARD_BYTES_MAX:
        raise PeerError("invitation-wrong", detail="no card")
    card = unpack_card(proof.extra)
    if fingerprint is not None and read_digits(fingerprint) != read_digits(card.fingerprint()):
        raise PeerError("invitation-other-root", party=card.party)
    opened = verify_proof(proof, proof.extra, card.root())
    time_s = _by_root(opened, card)
    if proof.index != opened.checkpoint.size - 1:
        raise PeerError("invitation-wrong", detail="not the newest card")
    return Invitation(card, card.fingerprint(), opened.checkpoint, time_s)


def _check_succession(cards: Sequence[Card]) -> None:
    for old, new in pairwise(cards):
        check_renewal(old, new)


def _by_root(opened: Opened, card: Card) -> int:
    """When the root signed. Raises PeerError unless it did so with both keys, on the party's identity log."""
    origin = identity_origin(card.party)
    plain, sealed = opened.by(KIND_ED25519, origin), opened.by(KIND_MLDSA44, origin)
    if opened.checkpoint.origin != origin or plain is None or sealed is None or sealed.time_s is None:
        raise PeerError("identity-log-unsigned", party=card.party)
    return sealed.time_s

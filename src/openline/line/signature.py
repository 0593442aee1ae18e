"""Kind 43, signature: an officer signs an entry of the own party with a passkey, personally (R82).

The entry goes first and the signature follows: it delays nothing. It counts when it holds (`identity.assertion`) and
the key was that of an officer enrolled, and not withdrawn, at the place of the signature in its own log. Anything else
is a fault of that entry and signs nothing. A signature changes nothing of what it names.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Iterator, Sequence
from typing import Annotated

import msgspec

from openline.base import codec
from openline.base.errors import UsageError
from openline.base.limits import CLIENT_DATA_BYTES_MAX, PASSKEY_BYTES_MAX, PASSKEY_FIELD_LENGTH_MAX
from openline.base.schema import Body, pack
from openline.identity.assertion import Assertion, Flaw, entry_challenge, flaw_of
from openline.line.book import Book
from openline.line.contact import CONTACT, Place
from openline.line.handover import HANDOVER, Handovers, HandoverState
from openline.line.kinds import Arguments, Asked, Change, Said, Traits, kind, verb
from openline.line.officer import KEYED, OFFICER, Happened, Officer, Officers
from openline.line.statement import STATEMENT
from openline.record.entry import Draft, Mark, Precedence, Ref

SIGNATURE = 43

Part = Annotated[bytes, msgspec.Meta(min_length=1, max_length=PASSKEY_BYTES_MAX)]
ClientData = Annotated[bytes, msgspec.Meta(min_length=1, max_length=CLIENT_DATA_BYTES_MAX)]
Encoded = Annotated[str, msgspec.Meta(min_length=1, max_length=PASSKEY_FIELD_LENGTH_MAX)]


class SignatureBody(Body, frozen=True):
    """The body; ref 0 is the entry, in the author's own log. The bytes are those of the WebAuthn assertion."""

    credential: Part
    authenticator_data: Part
    client_data: ClientData
    signature: Part


class Signed(msgspec.Struct, frozen=True):
    """One signature that counts: in which entry, when by the author's clock, whose."""

    index: int
    time_ms: int
    pseudonym: str


class Signatures:
    """Every signature that counts, by the entry it signs. Mutable; owned by the book.

    `owed` is a memo of `unsigned`: what it has found by member up to the size in `looked`. It is no part of the fold.
    """

    def __init__(self) -> None:
        self.by_place: dict[Place, list[Signed]] = {}
        self.owed: dict[int, list[int]] = {}
        self.looked: dict[int, int] = {}

    def snapshot(self) -> codec.Value:
        """Every signature, in order."""
        return [
            [*place, row.index, row.time_ms, row.pseudonym]
            for place, rows in sorted(self.by_place.items())
            for row in rows
        ]


class Sign(Arguments, frozen=True, kw_only=True):
    """Arguments of `sign`: which entry of ours, and what the passkey has answered, in base64url."""

    entry: str
    credential: Encoded
    authenticator_data: Encoded
    client_data: Encoded
    signature: Encoded


def verdict(body: SignatureBody, ref: Ref, officer: Officer | None) -> Flaw | None:
    """What is wrong with a signature of the entry `ref`, made with the key of `officer`; None when it holds."""
    if officer is None:
        return Flaw.KEY
    assertion = Assertion(body.authenticator_data, body.client_data, body.signature)
    challenge = entry_challenge(ref.origin, ref.index, ref.leaf_hash)
    return flaw_of(assertion, officer.public_key, officer.host, challenge)


def signatures_of(book: Book, place: Place) -> Sequence[Signed]:
    """Who has signed the entry of a place, in order."""
    return book.state(Signatures).by_place.get(place, ())


def owes_signature(book: Book, place: Place) -> bool:
    """Whether an entry should bear a personal signature: it counts, and its party had officers when it was made."""
    member, index = place
    since = _first_officer(book, member)
    return since is not None and index >= since and _counts(book, place)


def unsigned(book: Book, member: int) -> list[int]:
    """The entries of a party that should have been signed and are not, in the order of its log."""
    since, kept = _first_officer(book, member), book.state(Signatures)
    if since is None:
        return []
    size = book.size(book.members[member])
    found = kept.owed.setdefault(member, [])
    found += [index for index in range(kept.looked.get(member, since), size) if _counts(book, (member, index))]
    kept.looked[member] = size
    kept.owed[member] = [index for index in found if (member, index) not in kept.by_place]
    return list(kept.owed[member])


def _counts(book: Book, place: Place) -> bool:
    """Whether an entry is one that is signed personally.

    These are: what has FLASH precedence, facts of a contact, a watch that is offered or taken, and a new key.
    """
    member, index = place
    number = book.kind_at(book.members[member], index)
    if number in (CONTACT, STATEMENT):
        return True
    if number == HANDOVER:
        return _is_handed(book, place)
    if number == OFFICER:
        return _is_key(book, place)
    item = book.item_at(member, index)
    return item is not None and item.precedence is Precedence.FLASH


def _first_officer(book: Book, member: int) -> int | None:
    """The first entry of a party that brought an officer."""
    return min((row.index for _, row in _steps(book, member)), default=None)


def _steps(book: Book, member: int) -> Iterator[tuple[Mark, Happened]]:
    """Every step of every officer of a party, with its mark."""
    for (whose, mark), corps in book.state(Officers).corps.items():
        if whose == member:
            yield from ((mark, row) for officer in corps.officers.values() for row in officer.happened)


def _is_handed(book: Book, place: Place) -> bool:
    """Whether an entry offers a watch or takes it."""
    turns = book.state(Handovers).by_place
    if place in turns:
        return True
    closed = (turn.closed for turn in turns.values() if turn.member == place[0] and turn.state is HandoverState.TAKEN)
    return any(one is not None and one[0] == place[1] for one in closed)


def _is_key(book: Book, place: Place) -> bool:
    """Whether an entry brings the key of an officer."""
    return any(row.index == place[1] and row.step in KEYED for _, row in _steps(book, place[0]))


def _apply(book: Book, said: Said, body: SignatureBody) -> Sequence[Change]:
    ref = said.leaf.refs[0]
    if ref.origin != said.entry.origin:
        return [book.fault(said, "fault-signature-of-others")]
    expected = mark_of(book, (said.member, ref.index), said.leaf.mark)
    if expected is not said.leaf.mark:
        return [book.fault(said, "fault-mark-differs", mark=said.leaf.mark.name, expected=expected.name)]
    officer = book.state(Officers).signing(said.member, said.leaf.mark, body.credential)
    flaw = verdict(body, ref, officer)
    if officer is None or flaw is not None:
        return [book.fault(said, "fault-signature-wrong", reason=(flaw or Flaw.KEY).value)]
    rows = book.state(Signatures).by_place.setdefault((said.member, ref.index), [])
    if all(row.pseudonym != officer.pseudonym for row in rows):
        rows.append(Signed(said.entry.index, said.leaf.time_ms, book.word(officer.pseudonym)))
    return [Change(book.registry.name(book.kind_at(ref.origin, ref.index)), ref.origin, ref.index, "signed")]


def _sign(book: Book, asked: Asked, values: Sign) -> Sequence[Draft]:
    origin, index = book.find(values.entry)
    if origin != asked.me:
        raise UsageError("signature-of-others", entry=values.entry)
    member = book.number(origin)
    body = SignatureBody(
        credential=_decoded(values.credential),
        authenticator_data=_decoded(values.authenticator_data),
        client_data=_decoded(values.client_data),
        signature=_decoded(values.signature),
    )
    ref, mark = book.ref(origin, index), mark_of(book, (member, index), asked.mark)
    officer = book.state(Officers).signing(member, mark, body.credential)
    if officer is None:
        raise UsageError("signature-officer-unknown", entry=values.entry)
    flaw = verdict(body, ref, officer)
    if flaw is not None:
        raise UsageError("signature-wrong", entry=values.entry, reason=flaw.value)
    if any(row.pseudonym == officer.pseudonym for row in signatures_of(book, (member, index))):
        return []
    return [Draft(SIGNATURE, pack(body), asked.desk, (ref,), mark=mark)]


def mark_of(book: Book, place: Place, mark: Mark) -> Mark:
    """The mark under which an entry is signed: its own where the book keeps it, else `mark`."""
    item = book.item_at(*place)
    if item is not None:
        return item.mark
    entered = (whose for whose, row in _steps(book, place[0]) if row.index == place[1])
    return next(entered, mark)


def _decoded(text: str) -> bytes:
    """Bytes given as base64url. Raises UsageError when they are none."""
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise UsageError("signature-unreadable") from None


KIND = kind(
    SIGNATURE,
    "signature",
    SignatureBody,
    _apply,
    (verb("sign", "read", "Sign an entry of ours with a passkey", Sign, _sign),),
    Traits(fresh=Signatures, refs_needed=1),
)

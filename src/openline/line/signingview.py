"""How officers and personal signatures are shown: who may sign for each party, what is signed, and what is not."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from openline.base.errors import UsageError
from openline.base.limits import OWED_SHOWN_MAX
from openline.base.time import Instant
from openline.identity.assertion import entry_challenge
from openline.line.book import Book
from openline.line.officer import Officer, Officers
from openline.line.signature import Signatures, mark_of, unsigned
from openline.record.entry import Mark


class OfficerStepView(msgspec.Struct, frozen=True):
    """One step of an officer. `by` is a pseudonym; empty: it was done at the node's machine."""

    id: str
    step: str
    at: str
    by: str
    reason: str
    witness_role: str
    witness: str


class RecordedOfficerView(msgspec.Struct, frozen=True):
    """An officer as the record has it. `name` is empty unless its party shows or has opened it."""

    party: str
    officer: str
    state: str
    mark: str
    roles: tuple[str, ...]
    host: str
    name: str
    steps: tuple[OfficerStepView, ...]


class SignedView(msgspec.Struct, frozen=True):
    """A personal signature that holds: of which entry, in which entry, by whom, when."""

    id: str
    signature: str
    kind: str
    party: str
    officer: str
    at: str


class UnsignedView(msgspec.Struct, frozen=True):
    """An entry that should have been signed personally and is not."""

    id: str
    kind: str
    party: str


class SignaturesView(msgspec.Struct, frozen=True):
    """Officers and signatures of a line, the newest signatures first. `owed` counts all that is not signed."""

    line: str
    officers: tuple[RecordedOfficerView, ...]
    signed: tuple[SignedView, ...]
    unsigned: tuple[UnsignedView, ...]
    owed: dict[str, int]


class SigningView(msgspec.Struct, frozen=True):
    """What an officer's passkey is to sign for an entry of ours, and which keys may, by the record."""

    entry: str
    challenge: bytes
    credentials: tuple[bytes, ...]


def signatures_view(book: Book, count: int) -> SignaturesView:
    """Officers and signatures of a line; of the signatures and of what is owed by each party, the newest `count`."""
    officers = [
        _officer(book, member, mark, officer)
        for (member, mark), corps in sorted(book.state(Officers).corps.items())
        for _, officer in sorted(corps.officers.items())
    ]
    rows = [(row.time_ms, *place, row) for place, held in book.state(Signatures).by_place.items() for row in held]
    newest = sorted(rows, key=lambda row: (row[0], row[1], row[3].index), reverse=True)[:count]
    owed = {member: unsigned(book, member) for member in range(len(book.members))}
    return SignaturesView(
        line=book.line,
        officers=tuple(officers),
        signed=tuple(
            SignedView(
                _label(book, member, index),
                _label(book, member, row.index),
                _kind(book, member, index),
                book.labels[book.members[member]],
                row.pseudonym,
                Instant.from_ms(row.time_ms).rfc3339(),
            )
            for _, member, index, row in newest
        ),
        unsigned=tuple(
            UnsignedView(_label(book, member, index), _kind(book, member, index), book.labels[book.members[member]])
            for member, indexes in owed.items()
            for index in indexes[: -min(count, OWED_SHOWN_MAX) - 1 : -1]
        ),
        owed={book.labels[book.members[member]]: len(indexes) for member, indexes in owed.items()},
    )


def signing_view(book: Book, entry: str, officer: str, host: str, mark: Mark) -> SigningView:
    """What to ask the passkey of `officer` at the console `host`. Raises UsageError when nobody there can sign it."""
    origin, index = book.find(entry)
    if origin != book.me:
        raise UsageError("signature-of-others", entry=entry)
    member = book.number(origin)
    mark = mark_of(book, (member, index), mark)
    corps = [book.state(Officers).of(member, which) for which in {Mark.OPERATION, mark}]
    found = [known for one in corps if (known := one.officers.get(officer)) is not None]
    keys = tuple(one.credential for one in found if one.host == host and _signs(book, member, mark, one))
    if not keys:
        raise UsageError("signature-officer-unknown", entry=entry)
    ref = book.ref(origin, index)
    return SigningView(entry, entry_challenge(ref.origin, ref.index, ref.leaf_hash), keys)


def _signs(book: Book, member: int, mark: Mark, officer: Officer) -> bool:
    return book.state(Officers).signing(member, mark, officer.credential) is officer


def _officer(book: Book, member: int, mark: Mark, officer: Officer) -> RecordedOfficerView:
    steps: Sequence[OfficerStepView] = [
        OfficerStepView(
            _label(book, member, row.index),
            row.step.name,
            Instant.from_ms(row.time_ms).rfc3339(),
            row.by,
            row.reason,
            row.witness_role,
            row.witness,
        )
        for row in officer.happened
    ]
    return RecordedOfficerView(
        party=book.labels[book.members[member]],
        officer=officer.pseudonym,
        state=officer.state.name,
        mark=mark.name,
        roles=officer.roles,
        host=officer.host,
        name=officer.name,
        steps=tuple(steps),
    )


def _label(book: Book, member: int, index: int) -> str:
    return book.label(book.members[member], index)


def _kind(book: Book, member: int, index: int) -> str:
    return book.registry.name(book.kind_at(book.members[member], index))

"""The officers' file against the record: what the node still has to enter of its officers (kind 42).

Who may come in stands in the officers' file of the node; what the record must know of it follows from that file and
the book alone. So a crash between both, a line that is paired later, and a change of roles need no code of their own:
whatever is owed is written, one step for each officer at a time, until nothing is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from openline.base.schema import pack
from openline.identity.assertion import name_digest
from openline.line.book import Book
from openline.line.officer import KEYED, OFFICER, OFFICERS, Corps, OfficerBody, Officers, OfficerState, OfficerStep
from openline.record.entry import Draft, Mark

GONE = "The officers' file of the node does not have this key any more."
"""The reason of a withdrawal that nobody made: the officers' file does not have the key any more."""


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """How a key came about, as the record will say it: which step, by whom, why, and who witnessed a recovery."""

    pseudonym: str
    step: OfficerStep = OfficerStep.ENROL
    by: str = ""
    reason: str = ""
    witness_role: str = ""
    witness: str = ""


class Enrolled(msgspec.Struct, frozen=True, kw_only=True):
    """One passkey of the officers' file. `withdrawn` has who withdrew it, and why; `opened` who opened the name."""

    terms: Terms
    roles: tuple[str, ...]
    credential: bytes
    public_key: bytes
    host: str
    name: str
    salt: bytes
    withdrawn: tuple[str, str] | None = None
    opened: tuple[str, str] | None = None


def owed(book: Book, rows: Sequence[Enrolled], mark: Mark, desk: str, show_names: bool) -> list[Draft]:
    """What our log on this line lacks of `rows`, in order: at most one step for each officer.

    With `show_names` each new officer is entered by name.
    """
    corps = book.state(Officers).of(book.number(book.me), mark)
    steps: dict[str, OfficerBody] = {}
    for row in rows:
        if row.terms.pseudonym not in steps:
            step = _step(corps, row, show_names)
            if step is not None:
                steps[row.terms.pseudonym] = step
    steps |= {step.pseudonym: step for step in _lost(corps, {row.credential for row in rows})}
    return [Draft(OFFICER, pack(step), desk, mark=mark) for step in steps.values()]


def next_pseudonym(taken: Collection[str], letters: str = "S") -> str:
    """The first pseudonym that nobody has, nor ever had."""
    numbers = [int(one.rpartition("-")[2]) for one in taken if one.startswith(f"{letters}-")]
    return f"{letters}-{max(numbers, default=0) + 1}"


def pseudonyms(books: Mapping[str, Book]) -> frozenset[str]:
    """Every pseudonym that our own logs have ever entered."""
    found = (
        name
        for book in books.values()
        for (member, _), corps in book.state(Officers).corps.items()
        if member == book.number(book.me)
        for name in corps.officers
    )
    return frozenset(found)


def _step(corps: Corps, row: Enrolled, show_names: bool) -> OfficerBody | None:
    """The next step that the record lacks for one passkey."""
    name, terms = row.terms.pseudonym, row.terms
    officer = corps.officers.get(name)
    state = OfficerState.UNKNOWN if officer is None else officer.state
    if row.credential not in corps.credentials:
        return _keyed(row, show_names) if (state, terms.step) in OFFICERS and terms.step in KEYED else None
    if officer is None or officer.credential != row.credential:
        return None
    if row.withdrawn is not None and state is OfficerState.ENROLLED:
        by, reason = row.withdrawn
        return OfficerBody(step=OfficerStep.WITHDRAW, pseudonym=name, by=by, reason=reason)
    if row.withdrawn is None and state is OfficerState.ENROLLED and officer.roles != row.roles:
        return OfficerBody(step=OfficerStep.APPOINT, pseudonym=name, roles=row.roles)
    if row.opened is not None and row.name and not officer.name:
        by, reason = row.opened
        opened = OfficerStep.OPEN_NAME
        return OfficerBody(step=opened, pseudonym=name, name=row.name, salt=row.salt, by=by, reason=reason)
    return None


def _keyed(row: Enrolled, show_names: bool) -> OfficerBody:
    terms, shown = row.terms, show_names and bool(row.name)
    return OfficerBody(
        step=terms.step,
        pseudonym=terms.pseudonym,
        roles=row.roles,
        credential=row.credential,
        public_key=row.public_key,
        host=row.host,
        name_digest=name_digest(row.salt, row.name) if row.name else b"",
        name=row.name if shown else "",
        salt=row.salt if shown else b"",
        by=terms.by,
        reason=terms.reason,
        witness_role=terms.witness_role or None,
        witness=terms.witness,
    )


def _lost(corps: Corps, known: Collection[bytes]) -> Iterator[OfficerBody]:
    """Who is enrolled in the record with a key that the officers' file does not have."""
    for name, officer in sorted(corps.officers.items()):
        if officer.state is OfficerState.ENROLLED and officer.credential not in known:
            yield OfficerBody(step=OfficerStep.WITHDRAW, pseudonym=name, reason=GONE)

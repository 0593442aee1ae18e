"""Kind 42, officer: who may sign for a party, under a pseudonym, and since when no longer (R82, R84, R89).

An officer is entered with roles, the public key of a passkey, and a salted hash of the name; the name stays at home
unless its author opens it. What counts is the order of the author's own log: a key signs from the entry that brings it
to the one that withdraws it. The organisation's own keys (its card) are another matter and stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, IntEnum
from typing import Annotated

import msgspec

from openline.base import codec
from openline.base.errors import PeerError
from openline.base.limits import PASSKEY_BYTES_MAX, PERSON_CHARACTERS_MAX
from openline.base.machine import NoTransition, advance
from openline.base.schema import Body
from openline.identity.assertion import check_key, name_digest
from openline.line.book import Book
from openline.line.kinds import Change, Said, Traits, kind
from openline.line.words import By, Reason, Role, Roles
from openline.record.entry import Mark

OFFICER = 42
SALT_BYTES = 16

Pseudonym = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{1,3}-[1-9][0-9]{0,3}\Z")]
Maker = Annotated[str, msgspec.Meta(pattern=r"^([A-Z]{1,3}-[1-9][0-9]{0,3})?\Z")]
KeyBytes = Annotated[bytes, msgspec.Meta(max_length=PASSKEY_BYTES_MAX)]
Host = Annotated[str, msgspec.Meta(max_length=253)]
Name = Annotated[str, msgspec.Meta(max_length=PERSON_CHARACTERS_MAX)]
Digest = Annotated[bytes, msgspec.Meta(max_length=32)]
Salt = Annotated[bytes, msgspec.Meta(max_length=SALT_BYTES)]


class OfficerStep(IntEnum):
    """What happens to an officer; the numbers stand in bodies."""

    ENROL = 1
    WITHDRAW = 2
    REPLACE = 3
    RECOVER = 4
    APPOINT = 5
    OPEN_NAME = 6


class OfficerState(Enum):
    """How an officer stands."""

    UNKNOWN = "unknown"
    ENROLLED = "enrolled"
    WITHDRAWN = "withdrawn"


OFFICERS: Mapping[tuple[OfficerState, OfficerStep], OfficerState] = {
    (OfficerState.UNKNOWN, OfficerStep.ENROL): OfficerState.ENROLLED,
    (OfficerState.UNKNOWN, OfficerStep.RECOVER): OfficerState.ENROLLED,
    (OfficerState.ENROLLED, OfficerStep.APPOINT): OfficerState.ENROLLED,
    (OfficerState.ENROLLED, OfficerStep.OPEN_NAME): OfficerState.ENROLLED,
    (OfficerState.ENROLLED, OfficerStep.WITHDRAW): OfficerState.WITHDRAWN,
    (OfficerState.WITHDRAWN, OfficerStep.REPLACE): OfficerState.ENROLLED,
    (OfficerState.WITHDRAWN, OfficerStep.RECOVER): OfficerState.ENROLLED,
    (OfficerState.WITHDRAWN, OfficerStep.OPEN_NAME): OfficerState.WITHDRAWN,
}
"""What may follow what. A new key after a loss comes from WITHDRAWN: the lost one never signs beside it."""

KEYED = frozenset({OfficerStep.ENROL, OfficerStep.REPLACE, OfficerStep.RECOVER})
"""Steps that bring a key."""


class OfficerBody(Body, frozen=True):
    """The body.

    `by` is the pseudonym of the officer who did it, empty when it was done at the node's machine. The steps that
    bring a key have `roles`, `credential`, `public_key` (a COSE_Key), `host` (the relying party's id) and, where a
    name is known, `name_digest`. `name` and `salt` open it. RECOVER names its witness.
    """

    step: OfficerStep
    pseudonym: Pseudonym
    roles: Roles = ()
    credential: KeyBytes = b""
    public_key: KeyBytes = b""
    host: Host = ""
    name_digest: Digest = b""
    name: Name = ""
    salt: Salt = b""
    by: Maker = ""
    reason: Reason = ""
    witness_role: Role | None = None
    witness: By = ""


class Happened(msgspec.Struct, frozen=True):
    """One step of an officer that counts: in which entry, when by the author's clock, and how."""

    index: int
    time_ms: int
    step: OfficerStep
    by: str
    reason: str
    witness_role: str
    witness: str


class Officer:
    """One officer of one party. Mutable; owned by `Officers`. `credential` and the key are those that count now."""

    __slots__ = ("credential", "happened", "host", "name", "name_digest", "pseudonym", "public_key", "roles", "state")

    def __init__(self, pseudonym: str) -> None:
        self.pseudonym = pseudonym
        self.state = OfficerState.UNKNOWN
        self.roles: tuple[str, ...] = ()
        self.credential = self.public_key = self.name_digest = b""
        self.host = self.name = ""
        self.happened: list[Happened] = []

    def row(self) -> codec.Value:
        """Everything it holds."""
        return [
            self.pseudonym,
            self.state.value,
            list(self.roles),
            self.credential,
            self.public_key,
            self.host,
            self.name_digest,
            self.name,
            [
                [one.index, one.time_ms, int(one.step), one.by, one.reason, one.witness_role, one.witness]
                for one in self.happened
            ],
        ]


class Corps:
    """The officers that one party has entered under one mark. Mutable; owned by `Officers`, or by an audit.

    `credentials` has every key there ever was with its officer: none is ever given to another.
    """

    def __init__(self) -> None:
        self.officers: dict[str, Officer] = {}
        self.credentials: dict[bytes, str] = {}

    def take(self, index: int, time_ms: int, body: OfficerBody) -> str | None:
        """Let one step count; the id of the fault when it cannot."""
        officer = self.officers.get(body.pseudonym) or Officer(body.pseudonym)
        try:
            state = advance(OFFICERS, officer.state, body.step)
        except NoTransition:
            return "fault-officer-not-possible"
        fault = self._fault(body, officer)
        if fault is not None:
            return fault
        officer.state = state
        if body.step in KEYED:
            self._bring(officer, body)
        if body.step is OfficerStep.APPOINT:
            officer.roles = body.roles
        if body.name:
            officer.name = body.name
        how = (body.step, body.by, body.reason, body.witness_role or "", body.witness)
        officer.happened.append(Happened(index, time_ms, *how))
        self.officers[body.pseudonym] = officer
        return None

    def signing(self, credential: bytes) -> Officer | None:
        """The officer whose key this is now; None when there is none, or the key was withdrawn."""
        officer = self.officers.get(self.credentials.get(credential, ""))
        if officer is None or officer.state is not OfficerState.ENROLLED or officer.credential != credential:
            return None
        return officer

    def _bring(self, officer: Officer, body: OfficerBody) -> None:
        officer.roles, officer.host = body.roles, body.host
        officer.credential, officer.public_key = body.credential, body.public_key
        officer.name_digest = body.name_digest
        self.credentials[body.credential] = body.pseudonym

    def _fault(self, body: OfficerBody, officer: Officer) -> str | None:
        """What else is wrong with a step."""
        if body.step in KEYED:
            if not body.credential or not body.host or body.credential in self.credentials:
                return "fault-officer-key"
            try:
                check_key(body.public_key)
            except PeerError:
                return "fault-officer-key"
        told = body.step not in (OfficerStep.WITHDRAW, OfficerStep.REPLACE, OfficerStep.RECOVER) or body.reason
        if not told or (body.step is OfficerStep.RECOVER and not (body.witness and body.witness_role)):
            return "fault-officer-incomplete"
        expected = body.name_digest if body.step in KEYED else officer.name_digest
        opens = body.name or body.step is OfficerStep.OPEN_NAME
        if opens and name_digest(body.salt, body.name) != expected:
            return "fault-officer-name"
        return None


class Officers:
    """Every officer by member and mark. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.corps: dict[tuple[int, Mark], Corps] = {}

    def of(self, member: int, mark: Mark) -> Corps:
        """Those of one party under one mark; an empty corps when there is none."""
        return self.corps.get((member, mark)) or Corps()

    def signing(self, member: int, mark: Mark, credential: bytes) -> Officer | None:
        """Whose key this is for entries under `mark`. Who is enrolled for real signs in exercises too."""
        found = self.of(member, Mark.OPERATION).signing(credential)
        return found or self.of(member, mark).signing(credential)

    def snapshot(self) -> codec.Value:
        """Every officer, in order."""
        return [
            [member, int(mark), [officer.row() for _, officer in sorted(corps.officers.items())]]
            for (member, mark), corps in sorted(self.corps.items())
        ]


def _apply(book: Book, said: Said, body: OfficerBody) -> Sequence[Change]:
    corps = book.state(Officers).corps.setdefault((said.member, said.leaf.mark), Corps())
    fault = corps.take(said.entry.index, said.leaf.time_ms, body)
    if fault is not None:
        return [book.fault(said, fault, pseudonym=body.pseudonym, step=body.step.name)]
    return [Change("officer", said.entry.origin, said.entry.index, body.step.name.lower().replace("_", "-"))]


KIND = kind(OFFICER, "officer", OfficerBody, _apply, (), Traits(fresh=Officers))

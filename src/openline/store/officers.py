"""Who may open the console: positions, passkeys, invitations and sessions, in a SQLite file of their own.

These are local matters: nothing here goes to a peer by itself. What the record has of an officer is made of these rows
by the node (`line.enrolling`). What a caller must keep secret (the code of
an invitation, a session's cookie) is known here by its SHA-256 only. A passkey is revoked and never removed, so that
who could log in when can be told years later.

Any thread may call; writing is one at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import cast

import apsw
import msgspec

from openline.base.time import DAY_US, Instant
from openline.line.enrolling import Terms
from openline.store.check import OFFICERS
from openline.store.database import Cell, Database
from openline.store.statements import statements


@dataclass(frozen=True, slots=True)
class Passkey:
    """A registered passkey. `host` is the console's name it was made for, `holder` whoever the operator said has it."""

    number: int
    position: str
    handle: bytes
    credential: bytes
    public_key: bytes
    sign_count: int
    host: str
    holder: str
    registered: Instant
    used: Instant
    revoked: Instant | None
    terms: Terms
    salt: bytes
    revoked_by: str
    revoked_why: str


@dataclass(frozen=True, slots=True)
class Invite:
    """Leave to register one passkey for a position, on these terms."""

    position: str
    handle: bytes
    holder: str
    expires: Instant
    used: Instant | None
    terms: Terms


@dataclass(frozen=True, slots=True)
class Session:
    """An open console session of an officer who logged in with a passkey that is not revoked."""

    digest: bytes
    passkey: int
    position: str
    opened: Instant
    used: Instant


class SqliteOfficers:
    """The officers' file, open. All methods raise StoreError."""

    def __init__(self, path: Path, create: bool = False) -> None:
        """Open the file at `path`; make an empty one when there is none and `create`."""
        self._database = Database(path, OFFICERS, create)
        self._sql = statements("officers")
        self._lock = Lock()

    def invite(self, digest: bytes) -> Invite | None:
        """The invitation whose code has this digest, used or expired ones included."""
        rows = self._rows("invite", digest)
        if not rows:
            return None
        position, handle, holder, expires, used, terms = cast("tuple[str, bytes, str, int, int | None, str]", rows[0])
        return Invite(position, handle, holder, Instant(expires), _moment(used), _terms(terms))

    def add_invite(  # noqa: PLR0913 - the facts of an invitation, by name
        self, *, digest: bytes, position: str, handle: bytes, holder: str, now: Instant, expires: Instant, terms: Terms
    ) -> None:
        """Keep an invitation. `handle` names the position to authenticators unless it has a handle already."""
        with self._writing() as connection:
            connection.execute(self._sql["prune_invites"], (int(now.plus(-DAY_US)),))
            connection.execute(self._sql["add_position"], (position, handle))
            said = msgspec.json.encode(terms).decode()
            connection.execute(self._sql["add_invite"], (digest, position, holder, int(expires), said))

    def passkeys(self) -> list[Passkey]:
        """Every passkey there ever was, in the order of registration."""
        return [_passkey(row) for row in self._rows("passkeys")]

    def passkey(self, credential: bytes) -> Passkey | None:
        """The passkey of this credential id, a revoked one included."""
        rows = self._rows("passkey", credential)
        return _passkey(rows[0]) if rows else None

    def register(  # noqa: PLR0913 - the facts of a passkey, by name
        self,
        *,
        invite: bytes,
        credential: bytes,
        public_key: bytes,
        sign_count: int,
        host: str,
        session: bytes,
        now: Instant,
        salt: bytes,
    ) -> bool:
        """Use up an invitation, keep its passkey, open a session with it. False, with nothing written, when the
        invitation is used or expired, or the credential is known."""
        with self._writing() as connection:
            if connection.execute(self._sql["passkey"], (credential,)).fetchall():
                return False
            if not self._changed(connection, "use_invite", int(now), invite):
                return False
            facts = (credential, public_key, sign_count, host, salt, int(now), invite)
            connection.execute(self._sql["add_passkey"], facts)
            connection.execute(self._sql["add_session"], (session, int(now), credential))
            return True

    def sign_in(self, credential: bytes, sign_count: int, session: bytes, now: Instant) -> bool:
        """Note the use of a passkey and open a session with it. False, with nothing written, when it was revoked
        or its counter has not grown."""
        with self._writing() as connection:
            if not self._changed(connection, "use_passkey", sign_count, int(now), credential):
                return False
            connection.execute(self._sql["add_session"], (session, int(now), credential))
            return True

    def withdraw(self, pseudonym: str, now: Instant, by: str, why: str) -> list[int]:
        """Revoke the passkeys of an officer for ever and end their sessions; the numbers of those that were valid."""
        with self._writing() as connection:
            rows = connection.execute(self._sql["valid_of"], (pseudonym,)).fetchall()
            numbers = [cast("int", row[0]) for row in rows]
            for number in numbers:
                connection.execute(self._sql["end_sessions"], (number,))
                connection.execute(self._sql["revoke"], (int(now), by, why, number))
            return numbers

    def pseudonyms(self) -> frozenset[str]:
        """Every pseudonym that a passkey or an invitation here has, or had."""
        return frozenset(cast("str", row[0]) for row in self._rows("pseudonyms"))

    def open_name(self, pseudonym: str, now: Instant, by: str, why: str) -> None:
        """Note that the name of an officer is to be told to the other parties. The first time counts."""
        with self._writing() as connection:
            connection.execute(self._sql["open_name"], (pseudonym, by, why, int(now)))

    def opened(self) -> dict[str, tuple[str, str]]:
        """Whose names were opened: by whom, and why."""
        rows = cast("list[tuple[str, str, str]]", self._rows("opened"))
        return {pseudonym: (by, why) for pseudonym, by, why in rows}

    def sessions(self) -> list[Session]:
        """Every session that was not ended."""
        rows = cast("list[tuple[bytes, int, str, int, int]]", self._rows("sessions"))
        return [
            Session(digest, passkey, position, Instant(opened), Instant(used))
            for digest, passkey, position, opened, used in rows
        ]

    def keep_sessions(self, used: Iterable[tuple[bytes, Instant]], ended: Sequence[bytes]) -> None:
        """When sessions were last used, and which have ended."""
        with self._writing() as connection:
            connection.executemany(self._sql["touch_session"], [(int(when), digest) for digest, when in used])
            connection.executemany(self._sql["end_session"], [(digest,) for digest in ended])

    def rest(self) -> None:
        """Do what can wait, because nothing else does."""
        with self._lock:
            self._database.rest()

    def close(self) -> None:
        """Release the file. Safe to call twice."""
        self._database.close()

    @contextmanager
    def _writing(self) -> Iterator[apsw.Connection]:
        with self._lock, self._database.transaction() as connection:
            yield connection

    def _changed(self, connection: apsw.Connection, name: str, *values: Cell) -> bool:
        connection.execute(self._sql[name], values)
        return connection.changes() == 1

    def _rows(self, name: str, *values: Cell) -> list[tuple[apsw.SQLiteValue, ...]]:
        return self._database.readers.rows(self._sql[name], values)


def _passkey(row: tuple[apsw.SQLiteValue, ...]) -> Passkey:
    facts, times, more = row[:8], row[8:11], row[11:]
    number, position, handle, credential, public_key, sign_count, host, holder = cast(
        "tuple[int, str, bytes, bytes, bytes, int, str, str]", facts
    )
    registered, used, revoked = cast("tuple[int, int, int | None]", times)
    terms, salt, by, why = cast("tuple[str, bytes, str, str]", more)
    known = (number, position, handle, credential, public_key, sign_count, host, holder)
    return Passkey(
        *known,
        Instant(registered),
        Instant(used),
        _moment(revoked),
        _terms(terms),
        salt,
        revoked_by=by,
        revoked_why=why,
    )


def _terms(text: str) -> Terms:
    return msgspec.json.decode(text, type=Terms)


def _moment(us: int | None) -> Instant | None:
    return None if us is None else Instant(us)

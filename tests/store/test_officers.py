"""The officers' file: what is written once, what is revoked for ever, and what a lost race leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import apsw
import pytest

from openline.base.errors import StoreError
from openline.base.time import DAY_US, MINUTE_US, Instant
from openline.line.enrolling import Terms
from openline.store.check import OFFICERS
from openline.store.database import connect, migrate
from openline.store.officers import SqliteOfficers
from openline.store.sqlite import SqliteStore
from openline.store.statements import migrations

NOW = Instant.from_ms(1_780_000_000_000)


def digest(name: str) -> bytes:
    return sha256(name.encode()).digest()


@pytest.fixture
def officers(tmp_path: Path) -> Iterator[SqliteOfficers]:
    made = SqliteOfficers(tmp_path / "officers.db", create=True)
    yield made
    made.close()


def invite(
    officers: SqliteOfficers, code: str, position: str = "watch", now: Instant = NOW, pseudonym: str = "S-1"
) -> None:
    officers.add_invite(
        digest=digest(code),
        position=position,
        handle=digest(f"handle {code}"),
        holder="A. Berg",
        now=now,
        expires=now.plus(30 * MINUTE_US),
        terms=Terms(pseudonym=pseudonym),
    )


def register(officers: SqliteOfficers, code: str, credential: str, now: Instant = NOW, sign_count: int = 1) -> bool:
    return officers.register(
        invite=digest(code),
        credential=digest(credential),
        public_key=b"cose",
        sign_count=sign_count,
        host="alpha.localhost",
        session=digest(f"session {credential}"),
        now=now,
        salt=digest(credential)[:16],
    )


def test_an_invitation_makes_one_passkey_with_its_session(officers: SqliteOfficers) -> None:
    invite(officers, "code")
    assert register(officers, "code", "key")
    passkey = officers.passkey(digest("key"))
    assert passkey is not None
    assert (passkey.number, passkey.position, passkey.holder, passkey.revoked) == (1, "watch", "A. Berg", None)
    (session,) = officers.sessions()
    assert (session.digest, session.passkey, session.position) == (digest("session key"), 1, "watch")
    assert not register(officers, "code", "other")
    assert len(officers.passkeys()) == len(officers.sessions()) == 1


def test_an_invitation_that_is_over_or_unknown_makes_none(officers: SqliteOfficers) -> None:
    invite(officers, "code")
    assert not register(officers, "code", "key", now=NOW.plus(30 * MINUTE_US))
    assert not register(officers, "nothing", "key")
    assert officers.passkeys() == []
    assert officers.sessions() == []


def test_a_known_credential_leaves_the_invitation_unused(officers: SqliteOfficers) -> None:
    invite(officers, "one")
    invite(officers, "two")
    assert register(officers, "one", "key")
    assert not register(officers, "two", "key")
    assert register(officers, "two", "other")


def test_a_position_keeps_its_handle(officers: SqliteOfficers) -> None:
    for code in ("one", "two"):
        invite(officers, code)
    invite(officers, "three", "supervisor")
    found = [officers.invite(digest(code)) for code in ("one", "two", "three")]
    assert [one.handle for one in found if one] == [digest("handle one"), digest("handle one"), digest("handle three")]


def test_old_invitations_go(officers: SqliteOfficers) -> None:
    invite(officers, "old")
    invite(officers, "new", now=NOW.plus(2 * DAY_US))
    assert officers.invite(digest("old")) is None
    assert officers.invite(digest("new")) is not None


def test_the_counter_only_grows(officers: SqliteOfficers) -> None:
    invite(officers, "code")
    register(officers, "code", "key", sign_count=5)
    assert officers.sign_in(digest("key"), 6, digest("a"), NOW)
    for count in (6, 5, 0):
        assert not officers.sign_in(digest("key"), count, digest("b"), NOW)
    assert {one.digest for one in officers.sessions()} == {digest("session key"), digest("a")}


def test_an_authenticator_without_a_counter_says_0_for_ever(officers: SqliteOfficers) -> None:
    invite(officers, "code")
    register(officers, "code", "key", sign_count=0)
    assert officers.sign_in(digest("key"), 0, digest("a"), NOW)
    assert officers.sign_in(digest("key"), 1, digest("b"), NOW)
    assert not officers.sign_in(digest("key"), 0, digest("c"), NOW)


def test_a_revoked_passkey_ends_its_sessions_and_never_comes_back(officers: SqliteOfficers) -> None:
    for number, name in enumerate(("one", "two"), 1):
        invite(officers, name, pseudonym=f"S-{number}")
        register(officers, name, name)
    assert officers.withdraw("S-1", NOW, "S-9", "the key was lost") == [1]
    assert officers.withdraw("S-1", NOW, "S-9", "again") == []
    assert officers.withdraw("S-7", NOW, "S-9", "nobody") == []
    assert officers.passkeys()[0].revoked_why == "the key was lost"
    assert not officers.sign_in(digest("one"), 99, digest("a"), NOW)
    assert [one.passkey for one in officers.sessions()] == [2]
    assert [one.revoked for one in officers.passkeys()] == [NOW, None]


def test_what_was_registered_and_revoked_cannot_be_unwritten(officers: SqliteOfficers, tmp_path: Path) -> None:
    invite(officers, "code")
    register(officers, "code", "key")
    officers.withdraw("S-1", NOW, "", "lost")
    with apsw.Connection(str(tmp_path / "officers.db")) as connection:
        for sql in ("DELETE FROM passkey", "UPDATE passkey SET revoked = NULL"):
            with pytest.raises(apsw.ConstraintError):
                connection.execute(sql)


def test_sessions_are_kept_as_they_are_used_and_go_when_they_end(officers: SqliteOfficers) -> None:
    for name in ("one", "two"):
        invite(officers, name)
        register(officers, name, name)
    later = NOW.plus(MINUTE_US)
    officers.keep_sessions([(digest("session one"), later)], [digest("session two")])
    assert [(one.digest, one.used) for one in officers.sessions()] == [(digest("session one"), later)]
    officers.keep_sessions([], [])
    officers.rest()


def test_everything_is_there_after_a_restart(officers: SqliteOfficers, tmp_path: Path) -> None:
    invite(officers, "code")
    register(officers, "code", "key")
    before = officers.passkeys(), officers.sessions()
    officers.close()
    officers.close()
    again = SqliteOfficers(tmp_path / "officers.db")
    assert (again.passkeys(), again.sessions()) == before
    again.close()


def test_one_node_has_it_and_the_file_is_its_owner_s(officers: SqliteOfficers, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="store-in-use"):
        SqliteOfficers(tmp_path / "officers.db")
    for file in tmp_path.glob("officers.db*"):
        assert file.stat().st_mode & 0o077 == 0, file


def test_a_record_is_no_officers_file(tmp_path: Path) -> None:
    SqliteStore(tmp_path / "record.db", create=True).close()
    with pytest.raises(StoreError, match="store-wrong-file"):
        SqliteOfficers(tmp_path / "record.db")


def test_of_many_who_use_one_invitation_at_once_one_succeeds(officers: SqliteOfficers) -> None:
    invite(officers, "code")
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda number: register(officers, "code", f"key {number}"), range(8)))
    assert sorted(done) == [False] * 7 + [True]
    assert len(officers.passkeys()) == 1


def test_a_pseudonym_stands_from_the_invitation_on(officers: SqliteOfficers) -> None:
    invite(officers, "one", pseudonym="S-1")
    register(officers, "one", "key")
    invite(officers, "two", pseudonym="S-2")
    assert officers.pseudonyms() == {"S-1", "S-2"}
    assert [(row.terms.pseudonym, row.salt) for row in officers.passkeys()] == [("S-1", digest("key")[:16])]


def test_a_name_is_opened_once(officers: SqliteOfficers) -> None:
    officers.open_name("S-1", NOW, "S-9", "a board of inquiry asks")
    officers.open_name("S-1", NOW, "S-8", "again")
    assert officers.opened() == {"S-1": ("S-9", "a board of inquiry asks")}


def test_a_file_of_before_gets_pseudonyms_and_salts(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    first, _ = migrations("officers")
    connection = connect(path, create=True)
    migrate(connection, OFFICERS, (first,), 0)
    connection.execute("INSERT INTO position (name, handle) VALUES ('watch', x'00')")
    for number, revoked in ((1, None), (2, 5)):
        facts = (number, digest(f"key {number}"), revoked)
        connection.execute("INSERT INTO passkey VALUES (?1, 1, ?2, x'01', 0, 'host', 'A. Berg', 1, 1, ?3)", facts)
    connection.close()
    officers = SqliteOfficers(path)
    rows = officers.passkeys()
    assert [row.terms.pseudonym for row in rows] == ["S-1", "S-2"]
    assert len({row.salt for row in rows}) == 2
    assert all(len(row.salt) == 16 for row in rows)
    assert [row.revoked_why for row in rows] == ["", "revoked"]
    officers.close()

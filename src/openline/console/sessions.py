"""Console sessions: who sits at which position, for how long, known by a cookie.

A session's token is 256 random bits; here and in the officers' file stands its SHA-256 only. A session ends 12 hours
after it was opened, an hour after it was last used, at its officer's wish, or at once when its passkey is revoked.
An open event stream is use: a console that is watched must not close by itself.

What hangs on a session (a stream, the leg of a call) asks to be told of its end: `on_ended`.
Mutable; used from the event loop only.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from openline.base.errors import UsageError
from openline.base.limits import SESSION_IDLE_US, SESSION_LIFE_US, WITHDRAWN_SESSIONS_MAX
from openline.base.time import SECOND_US, Instant
from openline.console.auth import Auth, Capabilities, Head, read_language
from openline.console.roster import Roster
from openline.node.views import Officer

SESSION_COOKIE = b"openline_session"
TOKEN_BYTES = 32

Ended = Callable[[str], None]


class Clock(Protocol):
    """Time and entropy, as the node has them."""

    def now(self) -> Instant:
        """The time of day."""
        ...

    def entropy(self, size: int) -> bytes:
        """`size` unpredictable bytes."""
        ...


@dataclass(slots=True)
class Session:
    """One open session. `passkey` is None for a seat of the demonstration; `asking` counts requests under way.

    `officer` is the pseudonym of the passkey.
    """

    digest: bytes
    position: str
    passkey: int | None
    opened: Instant
    used: Instant
    officer: str = ""
    asking: int = 0

    @property
    def id(self) -> str:
        """What others may call it: it says nothing of the cookie."""
        return self.digest.hex()

    def is_over(self, now: Instant) -> bool:
        """Whether it has lived or idled too long."""
        idle = not self.asking and not now - self.used < SESSION_IDLE_US
        return idle or not now - self.opened < SESSION_LIFE_US


class Sessions:
    """Every open session of a node. `positions` maps each position to its role."""

    def __init__(self, roster: Roster, positions: Mapping[str, str], capabilities: Capabilities, clock: Clock) -> None:
        self.positions = positions
        self._roster = roster
        self._capabilities = capabilities
        self._clock = clock
        self._told: list[Ended] = []
        self._ended: list[bytes] = []
        self._kept: dict[bytes, Instant] = {}
        self._withdrawn: dict[bytes, None] = {}
        names = {row.number: row.terms.pseudonym for row in roster.passkeys()}
        rows = [
            Session(row.digest, row.position, row.passkey, row.opened, row.used, names.get(row.passkey, ""))
            for row in roster.sessions()
        ]
        self._open = {session.digest: session for session in rows}

    def on_ended(self, told: Ended) -> None:
        """Have `told` called with the id of every session that ends, at once."""
        self._told.append(told)

    def token(self) -> str:
        """A new session's token, for its cookie."""
        return urlsafe_b64encode(self._clock.entropy(TOKEN_BYTES)).rstrip(b"=").decode()

    def begin(self, token: str, position: str, passkey: int | None, officer: str = "") -> Session:
        """Open a session. With a passkey it must stand in the officers' file already."""
        now = self._clock.now()
        session = Session(digest_of(token), position, passkey, now, now, officer)
        self._open[session.digest] = session
        return session

    def find(self, head: Head) -> Session | None:
        """The open session of a request, now used; None when there is none (any more)."""
        given = cookies(head, SESSION_COOKIE)
        session = self._open.get(sha256(given[0]).digest()) if len(given) == 1 else None
        if session is None:
            return None
        now = self._clock.now()
        if session.is_over(now) or session.position not in self.positions:
            self._end(session)
            return None
        session.used = now
        return session

    def officer(self, head: Head) -> Officer:
        """Who sits at the session of a request. Raises UsageError `session-needed`, or `officer-withdrawn`."""
        session = self.find(head)
        if session is None:
            given = cookies(head, SESSION_COOKIE)
            gone = len(given) == 1 and sha256(given[0]).digest() in self._withdrawn
            raise UsageError("officer-withdrawn" if gone else "session-needed")
        return self.officer_of(session, read_language(head.get(b"accept-language")))

    def officer_of(self, session: Session, language: str) -> Officer:
        """Who sits at a session."""
        role = self.positions[session.position]
        return Officer(session.position, self._capabilities(role), language, role, session.id, session.officer)

    def end(self, session_id: str) -> None:
        """End a session, if it is open."""
        session = self._open.get(bytes.fromhex(session_id))
        if session is not None:
            self._end(session)

    def withdraw(self, passkey: int) -> int:
        """End every session that a passkey opened, at once; how many there were. Who goes on pressing is told why."""
        ended = [session for session in self._open.values() if session.passkey == passkey]
        for session in ended:
            self._withdrawn[session.digest] = None
            self._end(session)
        while len(self._withdrawn) > WITHDRAWN_SESSIONS_MAX:
            del self._withdrawn[next(iter(self._withdrawn))]
        return len(ended)

    def may(self, position: str) -> frozenset[str]:
        """What the role of a position may do; nothing when there is no such position."""
        role = self.positions.get(position)
        return frozenset() if role is None else self._capabilities(role)

    def sweep(self) -> Callable[[], None] | None:
        """End what is over. What comes back writes what has changed, and may do so in any thread; None: nothing has."""
        now = self._clock.now()
        for session in list(self._open.values()):
            if session.is_over(now):
                self._end(session)
            elif session.asking:
                session.used = now
        used = {one.digest: one.used for one in self._open.values() if one.passkey is not None}
        fresh = [(digest, when) for digest, when in used.items() if self._kept.get(digest) != when]
        ended, self._ended, self._kept = self._ended, [], used
        if not fresh and not ended:
            return None
        return lambda: self._roster.keep_sessions(fresh, ended)

    def _end(self, session: Session) -> None:
        del self._open[session.digest]
        if session.passkey is not None:
            self._ended.append(session.digest)
        for told in self._told:
            told(session.id)


class SessionAuth:
    """A door for browsers: a session's cookie, and on loopback a bearer token as well."""

    def __init__(self, sessions: Sessions, tokens: Auth | None = None) -> None:
        self._sessions = sessions
        self._tokens = tokens

    def officer(self, head: Head) -> Officer:
        """The officer of the token, if one is given, else of the session. Raises UsageError."""
        if self._tokens is not None and (b"authorization" in head or not _is_browser(head)):
            return self._tokens.officer(head)
        return self._sessions.officer(head)


def _is_browser(head: Head) -> bool:
    return b"sec-fetch-site" in head or bool(cookies(head, SESSION_COOKIE))


def digest_of(token: str) -> bytes:
    """By what a token is known."""
    return sha256(token.encode("ascii", "replace")).digest()


def cookies(head: Head, name: bytes) -> list[bytes]:
    """The values of the cookie `name` in a request; more than one only when somebody has tampered."""
    pairs = (part.strip().partition(b"=") for part in head.get(b"cookie", b"").split(b";"))
    return [value for key, equals, value in pairs if key == name and equals]


def set_cookie(name: bytes, value: str, life_us: int, path: str, secure: bool) -> tuple[bytes, bytes]:
    """The header that makes a browser keep a cookie, for this host alone and out of reach of every script.

    An empty value with no life removes it.
    """
    text = f"{name.decode()}={value}; Max-Age={life_us // SECOND_US}; Path={path}; HttpOnly; SameSite=Strict"
    return b"set-cookie", (text + ("; Secure" if secure else "")).encode()

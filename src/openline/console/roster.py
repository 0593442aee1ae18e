"""What the console asks of the officers' file, and nothing more: `store.officers` is held to this by the type checker.

Secrets go in by their SHA-256. Every method may raise StoreError and may be called from any thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from openline.base.time import Instant
from openline.node.views import Terms


class PasskeyRow(Protocol):
    """A registered passkey."""

    @property
    def number(self) -> int:
        """What the operator calls it by."""
        ...

    @property
    def position(self) -> str:
        """The position it opens."""
        ...

    @property
    def handle(self) -> bytes:
        """What authenticators know the position by."""
        ...

    @property
    def credential(self) -> bytes:
        """The authenticator's id of it."""
        ...

    @property
    def public_key(self) -> bytes:
        """Its key, as a COSE_Key."""
        ...

    @property
    def sign_count(self) -> int:
        """How often it was used, as the authenticator last said; 0 when it does not count."""
        ...

    @property
    def host(self) -> str:
        """The console's name it was made for."""
        ...

    @property
    def holder(self) -> str:
        """Whoever the operator said has it."""
        ...

    @property
    def registered(self) -> Instant:
        """Since when."""
        ...

    @property
    def used(self) -> Instant:
        """When it last opened a session."""
        ...

    @property
    def revoked(self) -> Instant | None:
        """Until when, if it is over."""
        ...

    @property
    def terms(self) -> Terms:
        """How it came about, and whose it is."""
        ...

    @property
    def salt(self) -> bytes:
        """What hides the holder's name in the record."""
        ...

    @property
    def revoked_by(self) -> str:
        """The pseudonym of who withdrew it; empty at the node's machine."""
        ...

    @property
    def revoked_why(self) -> str:
        """And why."""
        ...


class InviteRow(Protocol):
    """Leave to register one passkey."""

    @property
    def position(self) -> str:
        """For which position."""
        ...

    @property
    def handle(self) -> bytes:
        """What authenticators know the position by."""
        ...

    @property
    def expires(self) -> Instant:
        """Until when."""
        ...

    @property
    def used(self) -> Instant | None:
        """When it was used up."""
        ...

    @property
    def terms(self) -> Terms:
        """On which terms."""
        ...


class SessionRow(Protocol):
    """A session that was not ended."""

    @property
    def digest(self) -> bytes:
        """SHA-256 of its cookie."""
        ...

    @property
    def passkey(self) -> int:
        """The passkey that opened it."""
        ...

    @property
    def position(self) -> str:
        """The position it sits at."""
        ...

    @property
    def opened(self) -> Instant:
        """Since when."""
        ...

    @property
    def used(self) -> Instant:
        """When it last asked for something."""
        ...


class Roster(Protocol):
    """The officers' file."""

    def invite(self, digest: bytes) -> InviteRow | None:
        """The invitation whose code has this digest, used or expired ones included."""
        ...

    def add_invite(  # noqa: PLR0913 - the facts of an invitation, by name
        self, *, digest: bytes, position: str, handle: bytes, holder: str, now: Instant, expires: Instant, terms: Terms
    ) -> None:
        """Keep an invitation. `handle` names the position to authenticators unless it has a handle already."""
        ...

    def passkeys(self) -> Sequence[PasskeyRow]:
        """Every passkey there ever was, in the order of registration."""
        ...

    def passkey(self, credential: bytes) -> PasskeyRow | None:
        """The passkey of this credential id, a revoked one included."""
        ...

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
        """Use up an invitation, keep its passkey, open a session with it. False when that cannot be any more."""
        ...

    def sign_in(self, credential: bytes, sign_count: int, session: bytes, now: Instant) -> bool:
        """Note the use of a passkey and open a session with it. False when that cannot be any more."""
        ...

    def withdraw(self, pseudonym: str, now: Instant, by: str, why: str) -> Sequence[int]:
        """Revoke the passkeys of an officer for ever and end their sessions; the numbers of those that were valid."""
        ...

    def pseudonyms(self) -> frozenset[str]:
        """Every pseudonym that a passkey or an invitation here has, or had."""
        ...

    def open_name(self, pseudonym: str, now: Instant, by: str, why: str) -> None:
        """Note that the name of an officer is to be told to the other parties. The first time counts."""
        ...

    def opened(self) -> Mapping[str, tuple[str, str]]:
        """Whose names were opened: by whom, and why."""
        ...

    def sessions(self) -> Sequence[SessionRow]:
        """Every session that was not ended."""
        ...

    def keep_sessions(self, used: Iterable[tuple[bytes, Instant]], ended: Sequence[bytes]) -> None:
        """When sessions were last used, and which have ended."""
        ...

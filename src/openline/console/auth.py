"""Who asks. Whoever can open the node's Unix socket is its operator; over TCP a request must carry a token, or the
cookie of a console session (`sessions`).

The socket has mode 0600, so who opens it could read the keys beside it as well: its caller is believed when it
names its desk. A token names desk and role once, in the token file; there the caller is not asked. What a role
may do stands in the configuration and is told to us; the desk, not the console, refuses a verb.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

from openline.base.errors import UsageError
from openline.base.limits import ROLE_BYTES_MAX
from openline.base.text import is_hidden
from openline.node.views import Officer

OPERATE = "operate"
"""The capability to run the node itself: pair, back up."""

OFFICERS = "officers"
"""The capability to say who is an officer: invite, withdraw, open a name."""

DESK = "watch"
ALL = "all"
"""The capability that holds every other one."""

TOKEN_LENGTH_MIN = 32

Head = Mapping[bytes, bytes]
Capabilities = Callable[[str], frozenset[str]]
"""What the role of this name may do."""


class Auth(Protocol):
    """Tells who a request comes from."""

    def officer(self, head: Head) -> Officer:
        """The officer of a request with these headers (small letters). Raises UsageError."""
        ...


class SocketAuth:
    """The Unix socket: `X-Openline-Desk` names desk and role, `watch` when it is not there."""

    def __init__(self, capabilities: Capabilities, desk: str = DESK) -> None:
        self._known = lru_cache(maxsize=256)(self._read)
        self._capabilities = capabilities
        self._desk = desk

    def officer(self, head: Head) -> Officer:
        """The officer the caller says it is. Raises UsageError for a name that cannot stand in the record."""
        return self._known(head.get(b"x-openline-desk"), head.get(b"accept-language"))

    def _read(self, desk: bytes | None, language: bytes | None) -> Officer:
        name = self._desk if desk is None else read_desk_name(desk)
        return Officer(name, self._capabilities(name) | {OPERATE, OFFICERS}, read_language(language), name)


class TokenAuth:
    """Loopback TCP: `Authorization: Bearer TOKEN`, with desk and role as the token file has them."""

    def __init__(self, tokens: Mapping[bytes, tuple[str, str]], capabilities: Capabilities) -> None:
        # Looked up by digest: how long the look-up takes says nothing of the token.
        self._officers = {digest: (desk, capabilities(role), role) for digest, (desk, role) in tokens.items()}

    def officer(self, head: Head) -> Officer:
        """The officer whose token this is. Raises UsageError `token-needed`."""
        scheme, _, token = head.get(b"authorization", b"").partition(b" ")
        known = self._officers.get(sha256(token.strip()).digest())
        if scheme.lower() != b"bearer" or known is None:
            raise UsageError("token-needed")
        desk, capable, role = known
        return Officer(desk, capable, read_language(head.get(b"accept-language")), role)


def capabilities_of(roles: Mapping[str, tuple[str, ...]]) -> Capabilities:
    """What each role may do by the configuration. Where no role is configured, everybody may do everything."""
    if not roles:
        return lambda _role: frozenset({ALL})
    return lambda role: frozenset(roles.get(role, ()))


def read_tokens(file: Path) -> dict[bytes, tuple[str, str]]:
    """The token file: `TOKEN [DESK [ROLE]]` on each line, `#` begins a comment; digests with desk and role.

    Raises UsageError when it cannot be read, others than its owner may read it, or a line is wrong.
    """
    try:
        with file.open(encoding="utf-8") as opened:
            mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
            lines = opened.read().splitlines()
    except (OSError, UnicodeDecodeError) as why:
        raise UsageError("token-file-unreadable", file=str(file), detail=str(why)) from why
    if mode & 0o077:
        raise UsageError("token-file-open", file=str(file), mode=f"{mode:04o}")
    tokens: dict[bytes, tuple[str, str]] = {}
    for number, line in enumerate(lines, 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        if len(words) > 3 or len(words[0]) < TOKEN_LENGTH_MIN:
            raise UsageError("token-file-wrong", file=str(file), line=number)
        desk = words[1] if len(words) > 1 else DESK
        tokens[sha256(words[0].encode()).digest()] = (desk, words[2] if len(words) > 2 else desk)
    return tokens


def read_desk_name(raw: bytes) -> str:
    """A desk's name from a header: UTF-8, percent-encoded where needed. Raises UsageError `desk-name-wrong`."""
    try:
        name = unquote(raw.decode("ascii"), errors="strict").strip()
    except UnicodeDecodeError:
        name = ""
    if not name or len(name.encode()) > ROLE_BYTES_MAX or any(map(is_hidden, name)) or "\n" in name:
        raise UsageError("desk-name-wrong", limit=ROLE_BYTES_MAX)
    return name


def read_language(raw: bytes | None) -> str:
    """The first language of an Accept-Language header, without region; English when there is none."""
    first = (raw or b"en").split(b",")[0].split(b";")[0].split(b"-")[0].strip().lower()
    return first.decode("ascii") if first.isalpha() and len(first) <= 3 else "en"

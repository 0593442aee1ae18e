"""`openline.toml`, read once into frozen values. Unknown keys are errors. Reference: docs/operating/config.md."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated

import msgspec

from openline.base.errors import UsageError
from openline.base.limits import ROLE_BYTES_MAX, SESSIONS_PER_PATH_MAX
from openline.base.text import is_hidden, is_name

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST_NAME = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)*(?=.*[a-z]){_LABEL}\Z")
_ADDRESS = re.compile(r"\[?(?P<host>[^\[\]]+?)\]?:(?P<port>\d{1,5})\Z")


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of every table of the file."""


class Party(Table, frozen=True):
    """Who this node speaks for. `id` is a name under a domain you own; `names` by language are shown to people."""

    id: Text
    names: dict[str, Text] = {}


class PathConfig(Table, frozen=True):
    """One independent way to the peers. `listen` and `advertise` are `host:port`; without `listen` we only dial.

    `metered` lets dialling back off to 5 minutes, `low_rate` allows the smaller P-256 handshake, `sessions` above 1
    (3 is usual) keeps a path quick when it loses packets.
    """

    name: Text
    listen: str | None = None
    advertise: str | None = None
    metered: bool = False
    low_rate: bool = False
    sessions: Annotated[int, msgspec.Meta(ge=1, le=SESSIONS_PER_PATH_MAX)] = 1


class Http(Table, frozen=True):
    """The console's door: `listen` is a loopback `host:port`; the Unix socket is always there."""

    listen: str | None = None


class Https(Table, frozen=True):
    """The console on the watch floor's network: `listen` is `host:port`, `names` are the host names desks open it by.

    It needs the certificate that `openline console cert` makes.
    """

    listen: str | None = None
    names: tuple[Text, ...] = ()


class Position(Table, frozen=True):
    """A position that officers log in to with a passkey: the desk's name in the record, and its role.

    Without `role` the role has the position's name. Where no position is given, there is one: that of `[desk]`.
    """

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=ROLE_BYTES_MAX)]
    role: Text | None = None


class Desk(Table, frozen=True):
    """`name` is what the record carries when nobody says otherwise; `roles` maps a role to what it may do."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=ROLE_BYTES_MAX)] = "watch"
    roles: dict[str, tuple[str, ...]] = {}


class Tests(Table, frozen=True):
    """How often the node proves the line by a signed test, in minutes. 0 switches it off (drills only)."""

    every_minutes: Annotated[int, msgspec.Meta(ge=0, le=1440)] = 60


class Due(Table, frozen=True):
    """Minutes until a message of each precedence must have been answered or passed on."""

    flash: Annotated[int, msgspec.Meta(ge=1)] = 10
    immediate: Annotated[int, msgspec.Meta(ge=1)] = 30
    priority: Annotated[int, msgspec.Meta(ge=1)] = 180
    routine: Annotated[int, msgspec.Meta(ge=1)] = 360


class Config(Table, frozen=True):
    """The whole file."""

    party: Party
    path: tuple[PathConfig, ...] = ()
    http: Http = Http()
    https: Https = Https()
    desk: Desk = Desk()
    position: tuple[Position, ...] = ()
    tests: Tests = Tests()
    due: Due = Due()


def read_config(folder: Path) -> Config:
    """The configuration in `folder`. Raises UsageError that names the file, the key and what is wrong."""
    file = folder / "openline.toml"
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError("config-missing", file=str(file)) from None
    except (OSError, UnicodeDecodeError) as why:
        raise UsageError("config-unreadable", file=str(file), detail=str(why)) from why
    return parse_config(text, str(file))


def parse_config(text: str, file: str) -> Config:
    """Read TOML `text`; `file` is its name in messages. Raises UsageError."""
    try:
        config = msgspec.convert(tomllib.loads(text), Config)
    except tomllib.TOMLDecodeError as why:
        raise UsageError("config-unreadable", file=file, detail=str(why)) from why
    except msgspec.ValidationError as why:
        raise UsageError("config-wrong", file=file, detail=str(why)) from why
    _check(config, file)
    return config


def split_address(address: str, file: str = "openline.toml") -> tuple[str, int]:
    """`host:port` apart. Raises UsageError."""
    match = _ADDRESS.match(address)
    if match is None or not 0 <= int(match["port"]) <= 65_535:
        raise UsageError("config-wrong", file=file, detail=f"{address!r} is not host:port")
    return match["host"], int(match["port"])


def _check(config: Config, file: str) -> None:
    if not is_name(config.party.id):
        raise UsageError("config-wrong", file=file, detail=f"party.id {config.party.id!r} is not a name")
    names = [path.name for path in config.path]
    if len(set(names)) != len(names) or not all(is_name(name) for name in names):
        raise UsageError("config-wrong", file=file, detail="path names must be names, each once")
    for address in [a for path in config.path for a in (path.listen, path.advertise) if a is not None]:
        split_address(address, file)
    if config.http.listen is not None and split_address(config.http.listen, file)[0] not in (
        "127.0.0.1",
        "::1",
        "localhost",
    ):
        raise UsageError("config-wrong", file=file, detail="http.listen must be a loopback address")
    _check_console(config, file)


def _check_console(config: Config, file: str) -> None:
    if config.https.listen is not None:
        split_address(config.https.listen, file)
        if not config.https.names:
            raise UsageError("config-wrong", file=file, detail="https.names must have the names desks open it by")
    for name in config.https.names:
        if _HOST_NAME.match(name) is None:
            detail = f"https.names: {name!r} is not a host name in small letters; a passkey needs a name, no address"
            raise UsageError("config-wrong", file=file, detail=detail)
    names = [position.name for position in config.position]
    if len(set(names)) != len(names) or not all(map(_is_desk, names)):
        raise UsageError("config-wrong", file=file, detail="position names must be readable, each once")


def _is_desk(name: str) -> bool:
    """Whether a desk's name can stand in the record."""
    short = len(name.encode()) <= ROLE_BYTES_MAX
    return short and name == name.strip() and "\n" not in name and not any(map(is_hidden, name))

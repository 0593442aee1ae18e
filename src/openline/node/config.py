"""`openline.toml`, read once into frozen values. Unknown keys are errors. Reference: docs/operating/config.md."""

from __future__ import annotations

import re
import tomllib
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from openline.base.errors import UsageError
from openline.base.limits import CHECK_TIMES_MAX, PHONE_RINGS_S, PHONES_MAX, ROLE_BYTES_MAX, SESSIONS_PER_PATH_MAX
from openline.base.text import is_hidden, is_name
from openline.node.roles import check_role

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Port = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST_NAME = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)*(?=.*[a-z]){_LABEL}\Z")
_SIP_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SIP_NAME_IS = "letters from a to z, digits, '.', '_' and '-' only"
_DIGESTS = {"MD5": 32, "SHA-256": 64}  # hexadecimal digits of each
_TIME_OF_DAY = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9]Z")
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

    Without `role` the role has the position's name. It is one of the [standard roles](officers.md) or of
    `[desk.roles]`. Where no position is given, there is one: that of `[desk]`.
    """

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=ROLE_BYTES_MAX)]
    role: Text | None = None


class Desk(Table, frozen=True):
    """`name` is what the record carries when nobody says otherwise.

    `roles` maps a role to what it may do, beside the [standard roles](officers.md) or in place of one. With
    `show_names` new officers are entered in the record by name; otherwise under a pseudonym, with a hash of the name.
    """

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=ROLE_BYTES_MAX)] = "watch"
    roles: dict[str, tuple[str, ...]] = {}
    show_names: bool = False


class Tests(Table, frozen=True):
    """How often the node proves the line by a signed test, in minutes. 0 switches it off (drills only)."""

    every_minutes: Annotated[int, msgspec.Meta(ge=0, le=1440)] = 60


class ChecksConfig(Table, frozen=True):
    """Line checks by officers, of each of `forms`, at `times` of the day by Zulu time such as `0600Z`.

    All of it holds where no charter is in force.

    A check may be made `early_minutes` before, is late `late_minutes` after and missed `over_minutes` after. An officer
    on watch gives a sign at least every `presence_minutes`; 0 switches that off.
    """

    times: Annotated[tuple[Text, ...], msgspec.Meta(max_length=CHECK_TIMES_MAX)] = ("0600Z", "1800Z")
    forms: tuple[Literal["text", "voice"], ...] = ("text", "voice")
    early_minutes: Annotated[int, msgspec.Meta(ge=0, le=720)] = 15
    late_minutes: Annotated[int, msgspec.Meta(ge=0, le=720)] = 15
    over_minutes: Annotated[int, msgspec.Meta(ge=1, le=1440)] = 60
    presence_minutes: Annotated[int, msgspec.Meta(ge=0, le=1440)] = 30


class Due(Table, frozen=True):
    """Minutes until a message of each precedence must have been answered or passed on, where no charter is in force."""

    flash: Annotated[int, msgspec.Meta(ge=1)] = 10
    immediate: Annotated[int, msgspec.Meta(ge=1)] = 30
    priority: Annotated[int, msgspec.Meta(ge=1)] = 180
    routine: Annotated[int, msgspec.Meta(ge=1)] = 360


class VoiceConfig(Table, frozen=True):
    """The open telephone line. `enabled` starts a process for sound; without it this node has no calls.

    `addresses` are those of this machine that browsers reach; where none is given, every address it has when that
    process starts. `dtx` lets browsers send almost nothing in silence. A call that nobody answers is missed after
    `ring_s` seconds. With `answering` the node itself answers whoever rings the role `line-check`, and says back what
    it hears.
    """

    enabled: bool = True
    addresses: tuple[Text, ...] = ()
    dtx: bool = True
    ring_s: Annotated[int, msgspec.Meta(ge=5, le=600)] = PHONE_RINGS_S
    answering: bool = False


class PhonesConfig(Table, frozen=True):
    """How desk phones reach this node; see [phones](phones.md). Without `host` it listens for none.

    `host` is an address of this machine on your LAN, and `lan` the networks that are your LAN. `realm` stands in every
    password's digest; it is the party's id unless given. Port 0 is not listened at. `certificate` is a file with a
    certificate and its key, that of the console unless given; where there is neither, there is no TLS. `rtp_first` to
    `rtp_last` are the UDP ports for sound, two for each call.
    """

    host: Text | None = None
    lan: tuple[Text, ...] = ()
    realm: Text | None = None
    udp_port: Port = 5060
    tls_port: Port = 5061
    certificate: Text | None = None
    rtp_first: Port = 16_384
    rtp_last: Port = 16_639


class PhoneConfig(Table, frozen=True):
    """One desk phone: the name it logs in by, and the desk that it is in the record.

    `digests` has what stands for its password, as `openline phone add` makes it: under `MD5` or `SHA-256`, whichever
    this phone can. `networks` say where it may be (your LAN, if none is given), `rings` whether it is a second bell.
    """

    name: Text
    desk: Annotated[str, msgspec.Meta(min_length=1, max_length=ROLE_BYTES_MAX)]
    digests: dict[str, Text]
    networks: tuple[Text, ...] = ()
    rings: bool = True


class RetentionClass(Table, frozen=True):
    """One class of what may be erased here; see [retention](retention.md). Without any, everything is kept for ever.

    `kinds` are names of kinds, and `days` how old what they say becomes by its author's clock. `marks` are those it has
    to bear. With `attachments`, those of its entries go too; `recording-chunk` stands for the sound files of calls.
    """

    name: Text
    kinds: tuple[Text, ...]
    days: Annotated[int, msgspec.Meta(ge=1, le=36_500)]
    marks: tuple[Literal["OPERATION", "EXERCISE", "TEST"], ...] = ("OPERATION", "EXERCISE", "TEST")
    attachments: bool = True


class Config(Table, frozen=True):
    """The whole file."""

    party: Party
    path: tuple[PathConfig, ...] = ()
    http: Http = Http()
    https: Https = Https()
    desk: Desk = Desk()
    position: tuple[Position, ...] = ()
    tests: Tests = Tests()
    checks: ChecksConfig = ChecksConfig()
    due: Due = Due()
    voice: VoiceConfig = VoiceConfig()
    phones: PhonesConfig = PhonesConfig()
    phone: tuple[PhoneConfig, ...] = ()
    retention: tuple[RetentionClass, ...] = ()


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
    _check_voice(config, file)
    for time in config.checks.times:
        if _TIME_OF_DAY.fullmatch(time) is None:
            raise UsageError("config-wrong", file=file, detail=f"checks.times: {time!r} is no time such as 0600Z")


def _check_voice(config: Config, file: str) -> None:
    phones = config.phones
    for address in (*config.voice.addresses, *(() if phones.host is None else (phones.host,))):
        _check_address(address, file)
    for network in (*phones.lan, *(one for phone in config.phone for one in phone.networks)):
        _check_network(network, file)
    if phones.realm is not None and _SIP_NAME.fullmatch(phones.realm) is None:
        raise UsageError("config-wrong", file=file, detail=f"phones.realm: {_SIP_NAME_IS}")
    if phones.rtp_last <= phones.rtp_first:
        raise UsageError("config-wrong", file=file, detail="phones.rtp_last must be above phones.rtp_first")
    if config.phone and phones.host is None:
        raise UsageError("config-wrong", file=file, detail="phones.host must say where the phones reach this node")
    _check_phones(config.phone, file)


def _check_phones(phones: tuple[PhoneConfig, ...], file: str) -> None:
    names = [phone.name for phone in phones]
    if len(set(names)) != len(names) or len(names) > PHONES_MAX:
        raise UsageError("config-wrong", file=file, detail=f"each phone name once, and {PHONES_MAX} phones at most")
    for phone in phones:
        wrong = ""
        if _SIP_NAME.fullmatch(phone.name) is None:
            wrong = f"its name: {_SIP_NAME_IS}"
        elif not _is_desk(phone.desk):
            wrong = "its desk must be readable"
        elif len(phone.digests) != 1 or not all(_is_digest(*row) for row in phone.digests.items()):
            wrong = "digests must have one digest in hexadecimal, under MD5 or SHA-256"
        if wrong:
            raise UsageError("config-wrong", file=file, detail=f"phone {phone.name!r}: {wrong}")


def _check_address(address: str, file: str) -> None:
    try:
        anywhere = ip_address(address).is_unspecified
    except ValueError:
        anywhere = True
    if anywhere:
        raise UsageError("config-wrong", file=file, detail=f"{address!r} is no single address of this machine")


def _check_network(network: str, file: str) -> None:
    try:
        ip_network(network)
    except ValueError as why:
        raise UsageError("config-wrong", file=file, detail=f"{network!r} is no network: {why}") from why


def _is_digest(algorithm: str, digest: str) -> bool:
    length = _DIGESTS.get(algorithm)
    return length is not None and re.fullmatch(f"[0-9a-f]{{{length}}}", digest) is not None


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
    for position in config.position:
        check_role(position.role or position.name, position.name, config.desk.roles)


def _is_desk(name: str) -> bool:
    """Whether a desk's name can stand in the record."""
    short = len(name.encode()) <= ROLE_BYTES_MAX
    return short and name == name.strip() and "\n" not in name and not any(map(is_hidden, name))

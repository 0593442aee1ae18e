"""`phone`: the desk phones of this node, as rows of its `openline.toml`.

The folder is read and written, whether the node runs or not: it reads the file when it is started. The password is
forgotten as soon as its digest is made.
"""

from __future__ import annotations

from base64 import b32encode
from typing import TYPE_CHECKING, cast

from openline.base.errors import OpenlineError, UsageError
from openline.cli.asking import ask_secret
from openline.cli.client import JsonObject
from openline.cli.commands import argument, choice_option, command, flag, many_option, option
from openline.cli.context import App
from openline.cli.output import Cell, Table

if TYPE_CHECKING:
    from openline.node.config import Config, PhoneConfig

ALGORITHMS = ("MD5", "SHA-256")
PASSWORD_BYTES = 15
"""Of a password that is made: 24 letters and digits."""


@command(
    "add",
    'openline phone add night --desk "night watch"\n'
    "openline phone add hall --desk hall --ask --network 10.0.8.0/24 --silent",
    argument("name"),
    option("--desk", text="Which desk the phone is in the record (default: that of the node).", metavar="DESK"),
    option("--realm", text="Realm of the password's digest (default: that of the node).", metavar="REALM"),
    choice_option("--algorithm", text="SHA-256 where the phone can; most cannot.", choices=ALGORITHMS, default="MD5"),
    many_option("--network", "networks", text="Where it may be (default: on your LAN).", metavar="NETWORK"),
    flag("--silent", text="It is no second bell."),
    flag("--ask", text="Type a password instead of having one made."),
    option("--password-file", text="The password, in the file's first line.", metavar="FILE"),
    flag("--print", "print_only", text="Print the row and leave openline.toml as it is."),
)
def add(app: App, name: str, desk: str | None, realm: str | None, **how: object) -> None:
    """Add the desk phone NAME, and say what to type into it. A password is made unless you give one."""
    from openline.media.sip_digest import password_digest
    from openline.node.config import PhoneConfig
    from openline.node.folder import Folder
    from openline.node.phonebook import realm_of, rewrite, row_text, with_phone

    file, text, config = _read(app)
    print_only = bool(how["print_only"])
    if realm is not None and realm != realm_of(config) and not print_only:
        raise UsageError("phone-realm-differs", realm=realm_of(config))
    realm = realm or realm_of(config)
    password, made = _password(app, name, bool(how["ask"]), cast("str | None", how["password_file"]))
    digest = password_digest(name, realm, password, str(how["algorithm"]))
    row = PhoneConfig(
        name=name,
        desk=desk or config.desk.name,
        digests={digest.algorithm: digest.value},
        networks=cast("tuple[str, ...]", how["networks"]),
        rings=not how["silent"],
    )
    written = with_phone(text, row, file)
    if not print_only:
        rewrite(Folder(app.settings.path), written)
    value: JsonObject = {
        **_typed(app, row, written, realm),
        "password": password if made else None,
        "row": row_text(row),
        "file": None if print_only else file,
    }
    _show(app, value)


@command("list", "openline phone list\nopenline phone list --json")
def phones(app: App) -> None:
    """List the desk phones of openline.toml, and which of them can be rung now."""
    here = _here(app)
    rows = [_listed(row, here) for row in _read(app)[2].phone]
    table = [
        [
            str(row["name"]),
            str(row["desk"]),
            str(row["algorithm"]),
            ", ".join(cast("list[str]", row["networks"])) or "our LAN",
            "rings" if row["rings"] else "silent",
            Cell("not known", "unk")
            if row["here"] is None
            else Cell("here", "ok")
            if row["here"]
            else Cell("away", "u1"),
        ]
        for row in rows
    ]
    app.output.result(
        {"phones": rows}, [Table(("phone", "desk", "password", "may be at", "second bell", "now"), table)]
    )


@command("remove", "openline phone remove night", argument("name"))
def remove(app: App, name: str) -> None:
    """Remove the desk phone NAME. It is let in no more once the node was started again."""
    from openline.node.folder import Folder
    from openline.node.phonebook import rewrite, without_phone

    file, text, _ = _read(app)
    rewrite(Folder(app.settings.path), without_phone(text, name, file))
    app.output.result({"removed": name, "file": file}, [Table(("removed", "from"), [[name, file]])])
    app.output.tell("told-phone-restart", file=file)


def _read(app: App) -> tuple[str, str, Config]:
    """The file, its text and what it says. Raises UsageError."""
    from openline.node.config import parse_config, read_config
    from openline.node.folder import Folder

    file = Folder(app.settings.path).config
    read_config(app.settings.path)  # For its sentences about a file that is not there or cannot be read.
    text = file.read_text(encoding="utf-8")
    return str(file), text, parse_config(text, str(file))


def _password(app: App, name: str, ask: bool, file: str | None) -> tuple[str, bool]:
    """The phone's password, and whether it was made here."""
    if ask or file is not None:
        return ask_secret(app.output.sentence("ask-phone-password", phone=name), file, twice=True), False
    made = b32encode(app.clock.entropy(PASSWORD_BYTES)).decode().lower()
    return made, True


def _typed(app: App, row: PhoneConfig, text: str, realm: str) -> JsonObject:
    """What is to be typed into the phone, but for the password."""
    from openline.node.config import parse_config
    from openline.node.folder import Folder
    from openline.node.voice_settings import phones_are

    reached = phones_are(parse_config(text, ""), Folder(app.settings.path))
    return {
        "name": row.name,
        "desk": row.desk,
        "server": reached.host if reached else None,
        "udp_port": reached.udp_port if reached else None,
        "tls_port": reached.tls_port if reached else None,
        "realm": realm,
    }


def _show(app: App, value: JsonObject) -> None:
    rows: list[list[Cell | str]] = [["server", str(value["server"])]]
    rows += [[f"port, {way.upper()}", str(value[f"{way}_port"])] for way in ("tls", "udp") if value[f"{way}_port"]]
    rows += [["user", str(value["name"])], ["realm", str(value["realm"])]]
    if value["password"] is not None:
        rows.append(["password", str(value["password"])])
    rows.append(["desk", str(value["desk"])])
    if value["file"] is None:
        rows += [["row", line] for line in str(value["row"]).splitlines()]
    app.output.result(value, [Table(("", ""), rows)])
    if value["password"] is not None:
        app.output.tell("told-phone-password")
    if value["file"] is None:
        app.output.tell("told-phone-row")
    else:
        app.output.tell("told-phone-restart", file=str(value["file"]))


def _here(app: App) -> frozenset[str] | None:
    """The phones that can be rung now; None where no node tells."""
    try:
        voice = cast("JsonObject", app.node.get("/status")["voice"])
    except OpenlineError:
        return None
    return frozenset(cast("list[str]", voice["phones"]))


def _listed(row: PhoneConfig, here: frozenset[str] | None) -> JsonObject:
    return {
        "name": row.name,
        "desk": row.desk,
        "algorithm": next(iter(row.digests)),
        "networks": list(row.networks),
        "rings": row.rings,
        "here": None if here is None else row.name in here,
    }

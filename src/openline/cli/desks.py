"""`console`: the certificate that desks trust, and the passkeys that open the console at them.

A node that runs is asked; while it does not run, its folder is read and written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, cast

from openline.base.errors import PathError, UsageError
from openline.cli.client import JsonObject
from openline.cli.commands import argument, command, flag, option
from openline.cli.context import App
from openline.cli.output import Cell, Table

if TYPE_CHECKING:
    from openline.store.officers import SqliteOfficers


@command(
    "cert",
    "openline console cert --dir /var/lib/openline",
    flag("--new-ca", "new_ca", text="Make a new authority too. Every desk must install it again."),
)
def cert(app: App, new_ca: bool) -> None:
    """Make or renew the certificate of the console, signed by the node's own authority.

    It is for the names under [https] in openline.toml and good for 397 days; run it again to renew it. A running node
    takes the new one within a minute. Compare the fingerprint at each desk before you install the file.
    """
    from openline.node.certificate import certify
    from openline.node.config import read_config
    from openline.node.folder import Folder

    folder, config = Folder(app.settings.path), read_config(app.settings.path)
    folder.secrets()
    made = certify(folder, config.party.id, config.https.names, app.now(), anew=new_ca)
    file = str(folder.console_ca)
    value: JsonObject = {
        "fingerprint": made.fingerprint,
        "file": file,
        "new": made.is_new,
        "names": list(made.names),
        "not_after": made.not_after.rfc3339(),
    }
    rows: list[list[Cell | str]] = [
        ["fingerprint", made.fingerprint],
        ["file", file],
        ["names", ", ".join(made.names)],
        ["not_after", made.not_after.dtg()],
    ]
    app.output.result(value, [Table(("", ""), rows)])
    if made.is_new:
        app.output.tell("told-install-ca", file=file)


@command(
    "invite",
    'openline console invite watch\nopenline console invite supervisor --holder "A. Berg"',
    argument("position"),
    option("--holder", text="Who is to have the passkey, for the list.", metavar="NAME"),
)
def invite(app: App, position: str, holder: str | None) -> None:
    """Invite the officer of POSITION to register a passkey at a desk. The code is good once, for 30 minutes."""
    body = {"position": position, "holder": holder or ""}
    value = _asked(app, lambda: app.node.post("/invites", body), lambda: _invited(app, position, holder or ""))
    code = str(value["code"])
    links = cast("list[str]", value["links"])
    rows: list[list[Cell | str]] = [["code", code]]
    rows += [["link", link] for link in links]
    app.output.result(value, [Table(("", ""), rows)])
    app.output.tell("told-invited", position=position)


@command("list", "openline console passkeys list")
def passkeys_list(app: App) -> None:
    """List every passkey there ever was: its number, position, holder, when it was used last, and until when."""
    value = _asked(app, lambda: app.node.get("/passkeys"), lambda: _listed(app))
    rows: list[list[Cell | str]] = [
        [str(row[name] or "") for name in ("number", "position", "holder", "host", "used_at", "revoked_at")]
        for row in cast("list[JsonObject]", value["passkeys"])
    ]
    app.output.result(value, [Table(("number", "position", "holder", "host", "last used", "revoked"), rows)])


@command("revoke", "openline console passkeys revoke 3", argument("number"))
def passkeys_revoke(app: App, number: str) -> None:
    """Revoke the passkey NUMBER for ever. The consoles it has opened close at once."""
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        raise UsageError("passkey-number-unknown", number=number[:20])
    value = _asked(app, lambda: app.node.delete(f"/passkeys/{number}"), lambda: _revoked(app, int(number)))
    rows: list[list[Cell | str]] = [[str(value["number"]), str(value["sessions"])]]
    app.output.result(value, [Table(("revoked", "consoles closed"), rows)])


def _asked(app: App, node: Callable[[], JsonObject], folder: Callable[[], JsonObject]) -> JsonObject:
    """From the running node, or from its folder while it does not run."""
    try:
        return node()
    except PathError as why:
        # Whether a command that broke off was done is not known: it is not done again behind the node's back.
        if app.settings.node is not None or why.message_id != "node-unreachable":
            raise
    return folder()


@contextmanager
def _officers(app: App) -> Iterator[SqliteOfficers]:
    """The officers' file of a node that does not run. Raises UsageError, StoreError."""
    from openline.node.folder import Folder
    from openline.store.officers import SqliteOfficers

    folder = Folder(app.settings.path)
    folder.secrets()
    with closing(SqliteOfficers(folder.officers, create=True)) as officers:
        yield officers


def _invited(app: App, position: str, holder: str) -> JsonObject:
    from openline.cli.entering import addresses_of, positions_of
    from openline.console import passkeys
    from openline.console.invitations import invite_view
    from openline.node.config import read_config

    config = read_config(app.settings.path)
    with _officers(app) as officers:
        code, expires = passkeys.invite(
            officers, app.clock, position=position, holder=holder, positions=positions_of(config)
        )
    return _plain(invite_view(position, code, expires, addresses_of(config)))


def _listed(app: App) -> JsonObject:
    from openline.console.invitations import PasskeysView, passkey_view

    with _officers(app) as officers:
        return _plain(PasskeysView(tuple(passkey_view(row) for row in officers.passkeys())))


def _revoked(app: App, number: int) -> JsonObject:
    from openline.console.invitations import RevokedView

    with _officers(app) as officers:
        if not officers.revoke(number, app.now()):
            raise UsageError("passkey-number-unknown", number=number)
    return _plain(RevokedView(number, 0))


def _plain(view: object) -> JsonObject:
    from msgspec import to_builtins

    return cast("JsonObject", to_builtins(view))

"""`officer`: who may come in and sign: invite, list, withdraw, recover, open a name; the roles; what is signed.

A node that runs is asked; while it does not run, its officers' file is read and written. The record follows that file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, cast

from openline.base.errors import PathError, UsageError
from openline.cli.client import JsonObject
from openline.cli.commands import argument, command, option
from openline.cli.context import App
from openline.cli.output import Cell, Table

if TYPE_CHECKING:
    from openline.console.invitations import Inviting
    from openline.store.officers import SqliteOfficers

_NAME = option("--name", "holder", text="Who it is. Stays here, until the name is opened.", metavar="NAME")
_REASON = option("--reason", text="Why. The other side reads it.", metavar="TEXT")
_INVITED = (("code", "code"), ("officer", "officer"))


@command(
    "invite",
    'openline officer invite "watch 1" --name "A. Berg"\n'
    'openline officer invite supervisor --replaces S-2 --reason "the key was lost"',
    argument("position"),
    _NAME,
    option("--replaces", text="An officer who was withdrawn, and comes back with a new key.", metavar="OFFICER"),
    _REASON,
)
def invite(app: App, position: str, holder: str | None, replaces: str | None, reason: str | None) -> None:
    """Invite an officer to register a passkey for POSITION at a desk. The code is good once, for 30 minutes."""
    body: JsonObject = {
        "position": position,
        "holder": holder or "",
        "replaces": replaces or "",
        "reason": reason or "",
    }
    _tell_invited(app, _asked(app, lambda: app.node.post("/invites", body), lambda: _invited(app, body)), position)


@command(
    "recover",
    "openline officer recover supervisor --replaces S-1 --reason 'the only supervisor lost the key' "
    "--witness-role releaser --witness S-4",
    argument("position"),
    _NAME,
    option("--replaces", text="Whose key is lost; it is withdrawn at once.", metavar="OFFICER"),
    _REASON,
    option("--witness-role", text="The role of who stands beside you.", metavar="ROLE"),
    option("--witness", text="And the name or pseudonym. The other side reads it.", metavar="NAME"),
)
def recover(app: App, position: str, **given: str | None) -> None:
    """Invite a supervisor where none is left. Only at the node's machine, and the other side sees that it was so."""
    names = ("holder", "replaces", "reason", "witness_role", "witness")
    body: JsonObject = {"position": position, **{name: given[name] or "" for name in names}}
    value = _asked(app, lambda: app.node.post("/officers/recover", body), lambda: _recovered(app, body))
    _tell_invited(app, value, position)


@command("list", "openline officer list")
def listed(app: App) -> None:
    """List every officer there ever was: pseudonym, position, name, when the passkey was used, until when and why."""
    value = _asked(app, lambda: app.node.get("/officers"), lambda: _listed(app))
    names = ("officer", "position", "role", "holder", "host", "used_at", "withdrawn_at", "reason")
    rows: list[list[Cell | str]] = [
        [str(row[name] or "") for name in names] for row in cast("list[JsonObject]", value["officers"])
    ]
    heads = ("officer", "position", "role", "name", "host", "last used", "withdrawn", "why")
    app.output.result(value, [Table(heads, rows)])


@command("withdraw", 'openline officer withdraw S-2 --reason "the key was lost"', argument("officer"), _REASON)
def withdraw(app: App, officer: str, reason: str | None) -> None:
    """Withdraw OFFICER for ever with this key. The consoles it has opened close at once, and their calls end."""
    body = {"reason": reason or ""}
    place = f"/officers/{_safe(officer)}/withdraw"
    value = _asked(app, lambda: app.node.post(place, body), lambda: _withdrawn(app, officer, reason or ""))
    rows: list[list[Cell | str]] = [[str(value["officer"]), str(value["sessions"])]]
    app.output.result(value, [Table(("withdrawn", "consoles closed"), rows)])


@command("open-name", 'openline officer open-name S-2 --reason "a board of inquiry asks"', argument("officer"), _REASON)
def open_name(app: App, officer: str, reason: str | None) -> None:
    """Tell the other parties the name of OFFICER. It cannot be taken back."""
    body = {"reason": reason or ""}
    place = f"/officers/{_safe(officer)}/open-name"
    value = _asked(app, lambda: app.node.post(place, body), lambda: _opened(app, officer, reason or ""))
    app.output.result(value, [Table(("officer", "name"), [[str(value["officer"]), str(value["holder"])]])])


@command("roles", "openline officer roles")
def roles(app: App) -> None:
    """Who may do what: the standard roles, and what openline.toml says otherwise."""
    from openline.node.config import read_config
    from openline.node.roles import roles_of

    configured = read_config(app.settings.path).desk.roles if (app.settings.path / "openline.toml").exists() else {}
    held = roles_of(configured)
    rows: list[list[Cell | str]] = [[role, ", ".join(sorted(words))] for role, words in held.items()]
    value: JsonObject = {"roles": {role: sorted(words) for role, words in held.items()}}
    app.output.result(value, [Table(("role", "may"), rows)])


@command(
    "signatures",
    "openline officer signatures\nopenline officer signatures alpha-bravo --json",
    argument("line", required=False),
)
def signatures(app: App, line: str | None) -> None:
    """Officers of both sides, what they have signed personally, and what should be signed and is not."""
    found = app.node.get("/signatures", {"line": line})
    people: list[list[Cell | str]] = [
        [
            str(row["party"]),
            str(row["officer"]),
            Cell(str(row["state"]), "ok" if row["state"] == "ENROLLED" else "unk"),
            ", ".join(cast("list[str]", row["roles"])),
            Cell(str(row["name"]), theirs=True),
            str(cast("list[JsonObject]", row["steps"])[-1]["step"]),
        ]
        for row in cast("list[JsonObject]", found["officers"])
    ]
    signed: list[list[Cell | str]] = [
        [str(row["id"]), str(row["kind"]), Cell(str(row["officer"]), "ok"), str(row["at"])]
        for row in cast("list[JsonObject]", found["signed"])
    ]
    signed += [
        [str(row["id"]), str(row["kind"]), Cell("not personally signed", "u2"), ""]
        for row in cast("list[JsonObject]", found["unsigned"])
    ]
    app.output.result(
        found,
        [
            Table(("party", "officer", "stands", "roles", "name", "last step"), people, kind="officer"),
            Table(("entry", "kind", "signed by", "at"), signed, kind="signature"),
        ],
    )


def _tell_invited(app: App, value: JsonObject, position: str) -> None:
    rows: list[list[Cell | str]] = [[head, str(value[name])] for head, name in _INVITED]
    rows += [["link", link] for link in cast("list[str]", value["links"])]
    app.output.result(value, [Table(("", ""), rows)])
    app.output.tell("told-invited", position=position)


def _safe(officer: str) -> str:
    """A pseudonym as it stands in an address. Raises UsageError when it is none."""
    if not officer.isascii() or not officer.replace("-", "").isalnum() or len(officer) > 20:
        raise UsageError("officer-unknown", officer=officer[:20])
    return officer


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


def _inviting(app: App, officers: SqliteOfficers) -> Inviting:
    from openline.cli.entering import positions_of
    from openline.console.auth import capabilities_of
    from openline.console.invitations import Inviting
    from openline.line.enrolling import next_pseudonym
    from openline.node.config import read_config
    from openline.node.roles import roles_of

    config = read_config(app.settings.path)
    positions, may = positions_of(config), capabilities_of(roles_of(config.desk.roles))

    def may_at(position: str) -> frozenset[str]:
        return may(positions[position]) if position in positions else frozenset()

    return Inviting(officers, app.clock, positions, may_at, next_pseudonym)


def _invited(app: App, body: JsonObject) -> JsonObject:
    from msgspec import convert

    from openline.cli.entering import addresses_of
    from openline.console.invitations import InviteRequest, invite_view
    from openline.node.config import read_config

    addresses = addresses_of(read_config(app.settings.path))
    with _officers(app) as officers:
        made = _inviting(app, officers).invite(convert(body, InviteRequest), "")
    return _plain(invite_view(str(body["position"]), *made, addresses))


def _recovered(app: App, body: JsonObject) -> JsonObject:
    from msgspec import convert

    from openline.cli.entering import addresses_of
    from openline.console.invitations import RecoverRequest, invite_view
    from openline.node.config import read_config

    addresses = addresses_of(read_config(app.settings.path))
    with _officers(app) as officers:
        name, code, expires, _ = _inviting(app, officers).recover(convert(body, RecoverRequest))
    return _plain(invite_view(str(body["position"]), name, code, expires, addresses))


def _listed(app: App) -> JsonObject:
    from openline.cli.entering import positions_of
    from openline.console.officers import officers_view
    from openline.node.config import read_config

    positions = positions_of(read_config(app.settings.path))
    with _officers(app) as officers:
        return _plain(officers_view(officers, positions))


def _withdrawn(app: App, officer: str, reason: str) -> JsonObject:
    from openline.console.invitations import reason_of
    from openline.console.officers import WithdrawnView

    with _officers(app) as officers:
        if not officers.withdraw(officer, app.now(), "", reason_of(reason)):
            raise UsageError("officer-unknown", officer=officer)
    return _plain(WithdrawnView(officer, 0))


def _opened(app: App, officer: str, reason: str) -> JsonObject:
    from openline.console.invitations import reason_of
    from openline.console.officers import OpenedView, open_name

    with _officers(app) as officers:
        holder = open_name(officers, officer, app.now(), ("", reason_of(reason)))
    return _plain(OpenedView(officer, holder))


def _plain(view: object) -> JsonObject:
    from msgspec import to_builtins

    return cast("JsonObject", to_builtins(view))

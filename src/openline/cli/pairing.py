"""`pair`: accept another party. Each officer reads the 30 digits of its own root aloud; nothing is accepted before."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from openline.base.errors import PathError, UsageError
from openline.cli.asking import sees_a_person
from openline.cli.client import JsonObject
from openline.cli.commands import argument, command, flag, option
from openline.cli.context import App
from openline.cli.output import Table

if TYPE_CHECKING:
    from openline.node.views import InvitationView

INVITATION_BYTES_MAX = 131_072


@command(
    "pair",
    "openline pair south.olinvite\n"
    'openline pair south.olinvite --fingerprint "55021 83310 27745 90018 36621 40957" --by "watch officer"',
    argument("file"),
    option("--line", text="Another name for the line.", metavar="LINE"),
    flag("--no-line", text="Accept the party and open no line: for one that joins a line of several."),
    option("--fingerprint", text="The digits the other side has read, for scripts.", metavar="DIGITS"),
    option("--by", text="Who compared the digits, for the record.", metavar="NAME"),
)
def pair(app: App, file: str, line: str | None, *, no_line: bool, fingerprint: str | None, by: str | None) -> None:
    """Open a line to the party of the invitation FILE, after its officer has read you its digits."""
    data = _read(file)
    office = _Running(app) if _is_running(app) else _Folder(app)
    invitation = office.open(data)
    _introduce(app, invitation)
    heard = fingerprint if fingerprint is not None else _hear(app, str(invitation["party"]))
    wanted, digits = digits_of(str(invitation["fingerprint"])), digits_of(heard)
    if digits != wanted:
        raise UsageError("trust-digits-differ", party=str(invitation["party"]))
    name = by or app.settings.desk or "watch"
    if no_line:
        office.accept(data, name, heard)
        _told(app, {"paired": invitation["party"], "line": None, "members": [str(invitation["party"])]})
        return
    opened = office.confirm(data, line or str(invitation["line"]), name, heard)
    _told(app, {"paired": invitation["party"], "line": opened["line"], "members": opened["members"]})


def _told(app: App, paired: JsonObject) -> None:
    members = ", ".join(cast("list[str]", paired["members"]))
    app.output.result(paired, [Table(("line", "members"), [[str(paired["line"] or "-"), members]])])


def digits_of(text: str) -> str:
    """The decimal digits of what was typed, in any script's digits, everything else left out."""
    return "".join(str(int(character)) for character in text if character.isdecimal())


class _Running:
    """Pairing at a node that runs."""

    def __init__(self, app: App) -> None:
        self._app = app

    def open(self, data: bytes) -> JsonObject:
        return self._app.node.post("/pair/open", data)

    def confirm(self, data: bytes, line: str, by: str, heard: str) -> JsonObject:
        body = {"invitation": b64encode(data).decode(), "line": line, "confirmed_by": by, "fingerprint": heard}
        return self._app.node.post("/pair/confirm", body)

    def accept(self, data: bytes, by: str, heard: str) -> None:
        body = {"invitation": b64encode(data).decode(), "confirmed_by": by, "fingerprint": heard}
        self._app.node.post("/members/accept", body)


class _Folder:
    """Pairing in the folder of a node that does not run."""

    def __init__(self, app: App) -> None:
        self._folder = app.settings.path

    def open(self, data: bytes) -> JsonObject:
        from openline.node.folder import Folder
        from openline.node.founding import read_invitation
        from openline.store.sqlite import SqliteStore

        with closing(SqliteStore(Folder(self._folder).record)) as store:
            return _plain(read_invitation(data, store))

    def confirm(self, data: bytes, line: str, by: str, heard: str) -> JsonObject:
        from openline.node.founding import pair_offline

        paired = pair_offline(self._folder, data, line, by, heard)
        return {"line": paired.line, "party": paired.party, "members": list(paired.members)}

    def accept(self, data: bytes, by: str, heard: str) -> None:
        from openline.node.founding import introduce_offline

        introduce_offline(self._folder, data, by, heard)


def _plain(view: InvitationView) -> JsonObject:
    return {
        "party": view.party,
        "names": dict(view.names),
        "fingerprint": view.fingerprint,
        "own_fingerprint": view.own_fingerprint,
        "line": view.line,
        "endpoints": list(view.endpoints),
        "known": view.known,
    }


def _is_running(app: App) -> bool:
    try:
        app.node.get("/lines")
    except PathError:
        if app.settings.node is not None:
            raise
        return False
    return True


def _read(file: str) -> bytes:
    try:
        with Path(file).open("rb") as opened:
            data = opened.read(INVITATION_BYTES_MAX + 1)
    except OSError as why:
        raise UsageError("file-unreadable", file=file, detail=why.strerror or "") from why
    if len(data) > INVITATION_BYTES_MAX:
        raise UsageError("invitation-too-large", limit=INVITATION_BYTES_MAX)
    return data


def _introduce(app: App, invitation: JsonObject) -> None:
    """Say on standard error what the file claims, and what to read aloud."""
    output = app.output
    names = ", ".join(f"{name} ({tag})" for tag, name in cast("Mapping[str, str]", invitation["names"]).items())
    endpoints = ", ".join(cast("list[str]", invitation["endpoints"])) or output.sentence("told-pair-nowhere")
    output.tell("told-pair-file", party=str(invitation["party"]), names=names, endpoints=endpoints)
    if invitation.get("known"):
        output.tell("told-known-party")
    output.tell("told-pair-read")
    output.note(f"    {invitation['own_fingerprint']}")


def _hear(app: App, party: str) -> str:
    """Ask for the digits the other side reads. Raises UsageError when nobody can be asked."""
    if not sees_a_person():
        raise UsageError("fingerprint-needed", party=party)
    return str(click.prompt(app.output.sentence("ask-digits", party=party), err=True))

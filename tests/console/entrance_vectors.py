"""The vectors of an officer's way in: an invitation, both ceremonies of a passkey, a seat, and the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from starlette.types import ASGIApp

from openline.console.app import make_app
from openline.console.auth import SocketAuth
from openline.console.office import Entrance
from tests.console.authenticator import Authenticator, Json
from tests.console.caller import Reply
from tests.console.desk import EVERYTHING, FakeDesk
from tests.console.floor import Floor

HOST = "alpha.localhost"
RECOVERY = {"position": "senior watch", "reason": "the key was lost", "witness_role": "releaser", "witness": "S-4"}
Asked = Callable[[ASGIApp, Json], Reply]


@contextmanager
def world() -> Iterator[ASGIApp]:
    """The fixed world of `FakeDesk`, with officers on a fresh file and seats open; whoever asks may do everything."""
    with TemporaryDirectory() as folder, Floor(Path(folder)) as floor:
        yield make_app(
            FakeDesk(), SocketAuth(lambda _role: EVERYTHING), Entrance(floor.office, floor.names, seats=True)
        )


def entered(app: ASGIApp, asked: Asked) -> Iterator[tuple[str, Json, Reply]]:
    """Name, request and answer of each, in order: what one answer says, the next request takes up."""
    key = Authenticator(f"http://{HOST}")

    def say(name: str, method: str, path: str, body: object = None, cookie: str = "") -> tuple[str, Json, Reply]:
        headers: Json = {"Host": HOST, **({"Cookie": cookie} if cookie else {})}
        if method != "GET":
            headers["X-Openline-Console"] = "1"
        request: Json = {"method": method, "target": f"/api/v1{path}", "headers": headers}
        if body is not None:
            request["json"] = body
        return name, request, asked(app, request)

    yield say("how one may come in", "GET", "/seats")
    yield (row := say("invite the watch", "POST", "/invites", {"position": "watch", "holder": "A. Berg"}))
    code = row[2].json()["code"]
    yield (row := say("begin to register a passkey", "POST", "/passkeys/register/begin", {"invite": code}))
    made = {"credential": key.make(cast("Json", row[2].json()["options"]))}
    yield say("register the passkey", "POST", "/passkeys/register/finish", made, _cookie(row[2]))
    yield (row := say("begin to log in", "POST", "/passkeys/login/begin"))
    signed = {"credential": key.sign(cast("Json", row[2].json()["options"]))}
    yield (logged := say("log in with the passkey", "POST", "/passkeys/login/finish", signed, _cookie(row[2])))
    yield say("the officers", "GET", "/officers")
    yield say("officers and signatures of a line", "GET", "/signatures")
    signing = say("what a passkey is to sign", "GET", "/entries/alpha:2/signing", cookie=_cookie(logged[2]))
    yield signing
    yield say("take a seat in a demonstration", "POST", "/session", {"seat": "watch"})
    yield say("who sits here", "GET", "/session")
    yield say("leave the console", "DELETE", "/session")
    yield say("tell the other parties a name", "POST", "/officers/S-1/open-name", {"reason": "a board asks"})
    yield say("withdraw an officer", "POST", "/officers/S-1/withdraw", {"reason": "the key was lost"})
    yield say("withdraw the officer again", "POST", "/officers/S-1/withdraw", {"reason": "the key was lost"})
    yield say("recover a supervisor", "POST", "/officers/recover", RECOVERY)


def _cookie(reply: Reply) -> str:
    return reply.headers["set-cookie"].partition(";")[0]

"""The application: the tables of routes become one Starlette app that asks a desk.

Routes whose address has no variable part are looked up before Starlette's own search and middleware: sending a
message and asking for the status are what this door is for, and they must cost next to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as Routed
from starlette.types import ASGIApp, Receive, Scope, Send

from openline.base.errors import OpenlineError, UsageError
from openline.console.answers import Answer, Stream, refusal
from openline.console.assets import Assets
from openline.console.attachments import ATTACHMENT_ROUTES
from openline.console.auth import ALL, Auth, read_language
from openline.console.calls import Call
from openline.console.chartering import CHARTER_ROUTES
from openline.console.contacts import CONTACT_ROUTES
from openline.console.demands import DEMAND_ROUTES
from openline.console.entrance import entrance_routes
from openline.console.keep import KEEP_ROUTES
from openline.console.members import MEMBER_ROUTES
from openline.console.names import NAME_ROUTES
from openline.console.office import Entrance
from openline.console.openapi import document
from openline.console.packs import PACK_ROUTES
from openline.console.ports import Desk, VerbView
from openline.console.read import READ_ROUTES
from openline.console.recordings import RECORDING_ROUTES
from openline.console.retaining import RETENTION_ROUTES
from openline.console.say import say_routes
from openline.console.searching import SEARCH_ROUTES
from openline.console.stops import STOP_ROUTES
from openline.console.stream import STREAM_ROUTES
from openline.console.table import Body, Route
from openline.console.telephone import TELEPHONE_ROUTES
from openline.console.watching import WATCH_ROUTES
from openline.node.views import Officer

NOBODY = Officer("", frozenset())


class Console(Starlette):
    """The door of one node. `desk` is asked; `auth` says who asks, `entrance` how an officer comes in.

    `assets` is the console itself, where browsers come in.
    """

    def __init__(self, desk: Desk, auth: Auth, entrance: Entrance | None = None, assets: Assets | None = None) -> None:
        routes = all_routes(desk.verbs(), entrance)
        endpoints = [(route, _Endpoint(route, desk, auth)) for route in routes]
        super().__init__(
            routes=[_routed(route, endpoint) for route, endpoint in endpoints],
            exception_handlers={HTTPException: _not_routed},
        )
        self.router.redirect_slashes = False
        self._assets = assets
        self._quick: dict[tuple[str, str], ASGIApp] = {
            (route.method, route.path): endpoint for route, endpoint in endpoints if "{" not in route.path
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        quick = self._quick.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        page = None if quick is not None or self._assets is None else _page(self._assets, scope)
        await (quick or page or super().__call__)(scope, receive, send)


def make_app(desk: Desk, auth: Auth, entrance: Entrance | None = None, assets: Assets | None = None) -> Starlette:
    """The application for one listener: the Unix socket, loopback and HTTPS differ in all but the desk."""
    return Console(desk, auth, entrance, assets)


def _page(assets: Assets, scope: Scope) -> Answer | None:
    if scope["type"] != "http":
        return None
    language = read_language(dict(scope["headers"]).get(b"accept-language"))
    return assets.find(scope["method"], scope["path"], language)


def all_routes(verbs: Mapping[str, VerbView], entrance: Entrance | None = None) -> list[Route]:
    """Everything the node answers to. Nothing else is routed."""
    return [
        *say_routes(verbs),
        *READ_ROUTES,
        *CONTACT_ROUTES,
        *CHARTER_ROUTES,
        *NAME_ROUTES,
        *DEMAND_ROUTES,
        *SEARCH_ROUTES,
        *STOP_ROUTES,
        *PACK_ROUTES,
        *RETENTION_ROUTES,
        *MEMBER_ROUTES,
        *ATTACHMENT_ROUTES,
        *TELEPHONE_ROUTES,
        *RECORDING_ROUTES,
        *KEEP_ROUTES,
        *WATCH_ROUTES,
        *STREAM_ROUTES,
        *entrance_routes(entrance),
        Route(
            "GET",
            "/api/v1/openapi.json",
            "This document",
            _described,
            Body(dict[str, object]),
            open_to_all=True,
        ),
    ]


async def _described(desk: Desk, _call: Call) -> Answer:
    verbs = desk.verbs()
    return Answer(msgspec.json.encode(document(all_routes(verbs), verbs)))


class _Endpoint:
    """One route, asked."""

    __slots__ = ("_auth", "_desk", "_route")

    def __init__(self, route: Route, desk: Desk, auth: Auth) -> None:
        self._route = route
        self._desk = desk
        self._auth = auth

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = dict(scope["headers"])
        answer: Answer | Stream
        try:
            who = NOBODY if self._route.open_to_all else self._auth.officer(head)
            if self._route.needs is not None and not {self._route.needs, ALL} & who.capabilities:
                raise UsageError("not-allowed", desk=who.desk, capability=self._route.needs)
            answer = await self._route.handler(self._desk, Call(scope, receive, head, who))
        except OpenlineError as error:
            answer = refusal(error, read_language(head.get(b"accept-language")))
        await answer(scope, receive, send)


def _routed(route: Route, endpoint: ASGIApp) -> Routed:
    routed = Routed(route.path, endpoint, methods=[route.method], name=route.name)
    # Starlette adds HEAD to every GET; what the document does not name is not routed.
    routed.methods = {route.method}
    return routed


async def _not_routed(request: Request, why: Exception) -> Response:
    assert isinstance(why, HTTPException)
    language = read_language(request.headers.get("accept-language", "en").encode())
    known = why.status_code == 405
    error = UsageError("method-not-allowed" if known else "address-unknown", address=request.url.path)
    answer = refusal(error, language)
    return Response(answer.body, answer.status, media_type=answer.media)

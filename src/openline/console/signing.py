"""Routes of personal signatures: what a passkey is to sign for an entry, and who has signed what.

What it has signed is said with the verb `sign`, like anything else.
"""

from __future__ import annotations

from collections.abc import Callable

from openline.console import passkeys
from openline.console.answers import Answer, json_answer
from openline.console.calls import Call, Count
from openline.console.office import Bound, Entrance, OptionsView
from openline.console.ports import Desk, SignaturesView
from openline.console.read import OneLine
from openline.console.table import Body, Handler, Route


class WhichSignatures(OneLine, frozen=True):
    """Of which line, and how many."""

    count: Count = 50


def signing_routes(bound: Callable[[Bound], Handler]) -> list[Route]:
    """The routes, each handler bound to the entrance of one door."""
    return [
        Route(
            "GET",
            "/api/v1/signatures",
            "Officers, personal signatures, and what is not signed",
            _signatures,
            Body(SignaturesView),
            query=WhichSignatures,
        ),
        Route(
            "GET",
            "/api/v1/entries/{entry}/signing",
            "What to ask the authenticator so that its officer signs an entry",
            bound(_signing),
            Body(OptionsView),
            query=OneLine,
        ),
    ]


async def _signatures(desk: Desk, call: Call) -> Answer:
    query = call.query(WhichSignatures)
    return json_answer(desk.signatures(call.who, query.line, query.count))


async def _signing(entrance: Entrance, desk: Desk, call: Call) -> Answer:
    host = entrance.place(call).host
    asked = desk.signing(call.who, call.query(OneLine).line, call.path["entry"], host)
    return json_answer(OptionsView(passkeys.request(host, asked.challenge, asked.credentials)))

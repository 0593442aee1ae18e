"""Members over HTTP: looking, coming onto a line of several, accepting a card without a line."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import cast

from openline.console.auth import TokenAuth, capabilities_of
from tests.console.caller import ask, console
from tests.console.desk import DIGITS, FakeDesk

ENTER = "/api/v1/members/enter"
INVITATION = b64encode(b"invitation of bravo\n").decode()


def test_members_are_shown_with_proposals_open_items_and_who_is_not_on_the_line() -> None:
    reply = ask(console(FakeDesk()), "GET", "/api/v1/members?line=alpha-bravo")
    assert reply.status == 200
    view = reply.json()
    rows = cast("list[dict[str, object]]", view["members"])
    assert [(row["party"], row["state"], row["heard_through"]) for row in rows] == [
        ("alpha.example", "MEMBER", []),
        ("bravo.example", "MEMBER", ["fibre"]),
    ]
    (proposal,) = cast("list[dict[str, object]]", view["proposals"])
    assert (proposal["party"], proposal["known"], proposal["following"]) == (
        "charlie.example",
        True,
        "alpha-bravo-charlie",
    )
    assert [row["party"] for row in cast("list[dict[str, object]]", view["outsiders"])][1] == "delta.example"


def test_a_party_comes_onto_a_line_with_all_the_others_named() -> None:
    desk = FakeDesk()
    body = {"line": "north", "members": ["alpha.example", "bravo.example"]}
    assert ask(console(desk), "POST", ENTER, body).status == 200
    assert desk.entered == [("north", ("alpha.example", "bravo.example"))]
    reply = ask(console(desk), "POST", ENTER, {"line": "north", "members": ["alpha.example"]})
    assert (reply.status, reply.json()["error"]) == (400, "enter-members")


def test_a_card_is_accepted_by_its_digits_and_opens_no_line() -> None:
    desk = FakeDesk()
    body = {"invitation": INVITATION, "confirmed_by": "Aune", "fingerprint": DIGITS}
    reply = ask(console(desk), "POST", "/api/v1/members/accept", body)
    assert (reply.status, desk.accepted, desk.paired) == (200, ["Aune"], [])
    wrong = ask(console(desk), "POST", "/api/v1/members/accept", {**body, "fingerprint": "0" * 30})
    assert (wrong.status, wrong.json()["error"]) == (409, "trust-digits-differ")


def test_only_who_runs_the_node_comes_onto_a_line_or_accepts_a_card() -> None:
    auth = TokenAuth({sha256(b"t" * 32).digest(): ("north", "watch")}, capabilities_of({"watch": ("declare",)}))
    app = console(FakeDesk(), auth)
    for target in (ENTER, "/api/v1/members/accept"):
        reply = ask(app, "POST", target, {}, {"authorization": "Bearer " + "t" * 32})
        assert (reply.status, reply.json()["error"]) == (403, "not-allowed")

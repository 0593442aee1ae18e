"""The members of a line: `line members`, `line join`, `line assent`, `line refuse`, `line enter`, `line leave`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from openline.base.errors import UsageError
from openline.cli.asking import confirm
from openline.cli.client import JsonObject
from openline.cli.commands import argument, command, flag, many_option, option
from openline.cli.contacts import how_of
from openline.cli.context import App
from openline.cli.ids import split_entry
from openline.cli.output import Cell, Table
from openline.cli.saying import how_options, say

_URGENCY = {"MEMBER": "ok", "OPENING": "u3", "LEFT": "unk", "REMOVED": "u2"}
_STANDS = {"STANDING": "u2", "IN_EFFECT": "ok", "REFUSED": "unk", "LAPSED": "unk"}


@command(
    "members",
    "openline line members\nopenline line members alpha-bravo-charlie --json",
    argument("line", required=False),
)
def members(app: App, line: str | None) -> None:
    """Who is on LINE since when and by whose word, who is heard now, who has gone, and what is awaited of whom."""
    view = app.node.get("/members", {"line": line})
    app.output.result(view, _tables(view))


@command(
    "join",
    'openline line join alpha-bravo charlie.example --reason "joint patrols"\n'
    "openline line join alpha-bravo charlie.example --as border-north --from 2026-12-01T06:00:00Z",
    argument("line"),
    argument("party"),
    option("--as", "following", text="Another name for the line that follows.", metavar="LINE"),
    option("--from", "from_time", text="Not before this time.", metavar="TIME"),
    option("--reason", "why", text="Why; every member sees it.", metavar="TEXT"),
    flag("--past", text="The record of LINE may be handed to it; everybody who assents agrees to that too."),
    *how_options(),
)
def join(  # noqa: PLR0913 - a proposal has this many facts, all but two of them by name
    app: App,
    line: str,
    party: str,
    *,
    following: str | None,
    from_time: str | None,
    why: str | None,
    past: bool,
    **how: str | None,
) -> int:
    """Propose that PARTY joins LINE. It takes every member's assent; then a line that follows is opened with all.

    PARTY hears nothing of LINE itself. Its card must have been accepted here: openline pair FILE --no-line.
    """
    view = app.node.get("/members", {"line": line})
    outsiders = {str(row["party"]): str(row["fingerprint"]) for row in _of(view, "outsiders")}
    gone = {str(row["party"]): str(row["fingerprint"] or "") for row in _of(view, "members") if not row["ours"]}
    arguments: JsonObject = {"party": party, "fingerprint": _known({**gone, **outsiders}, party), "past": past}
    given = {"line": following, "from_time": from_time, "reason": why}
    arguments |= {name: value for name, value in given.items() if value}
    return _say(app, line, "propose-join", arguments, how)


@command(
    "remove",
    'openline line remove alpha-bravo-charlie charlie --reason "it lets others listen"',
    argument("line"),
    argument("party"),
    option("--reason", "why", text="Why; every member sees it, PARTY too.", metavar="TEXT"),
    *how_options(),
)
def remove(app: App, line: str, party: str, why: str | None, **how: str | None) -> int:
    """Propose that PARTY is removed from LINE. It takes the assent of all the others."""
    unasked = confirm(app, app.output.sentence("effect-remove", line=line, party=party), line, why)
    return _say(app, line, "propose-removal", {"party": party, "reason": why or ""}, how, unasked)


@command(
    "assent",
    "openline line assent alpha:14\nopenline line assent alpha-bravo/alpha:14",
    argument("entry"),
    *how_options(),
)
def assent(app: App, entry: str, **how: str | None) -> int:
    """Assent to the proposal ENTRY: that a party joins, or is removed. It cannot be taken back."""
    line, place = split_entry(entry)
    view = app.node.get("/members", {"line": line})
    found = next((row for row in _of(view, "proposals") if row["id"] == place), None)
    arguments: JsonObject = {}
    if found is not None and found["act"] == "JOIN":
        party = str(found["party"])
        rows = [*_of(view, "outsiders"), *_of(view, "members")]
        arguments["fingerprint"] = _known({str(row["party"]): str(row["fingerprint"] or "") for row in rows}, party)
    return say(app, f"/entries/{place}/assent", arguments, how_of(how, line))


@command(
    "refuse",
    'openline line refuse alpha:14 --reason "not while talks go on"',
    argument("entry"),
    option("--reason", "why", text="Why; every member sees it.", metavar="TEXT"),
    *how_options(),
)
def refuse(app: App, entry: str, why: str | None, **how: str | None) -> int:
    """Refuse the proposal ENTRY, with the reason. That ends it."""
    line, place = split_entry(entry)
    return say(app, f"/entries/{place}/refuse-membership", {"reason": why or ""}, how_of(how, line))


@command(
    "leave",
    'openline line leave alpha-bravo-charlie --reason "we move; reach us on alpha-charlie"',
    argument("line"),
    option("--reason", "why", text="Why; every member sees it.", metavar="TEXT"),
    *how_options(),
)
def leave(app: App, line: str, why: str | None, **how: str | None) -> int:
    """Leave LINE. Nothing more is sent to us there or taken of us; what was said stays in every record."""
    unasked = confirm(app, app.output.sentence("effect-leave", line=line), line, why)
    return _say(app, line, "leave-line", {"reason": why or ""}, how, unasked)


@command(
    "enter",
    "openline line enter alpha-bravo-charlie --with alpha.example --with bravo.example",
    argument("line"),
    many_option("--with", "others", text="Another member; name them all.", metavar="PARTY"),
)
def enter(app: App, line: str, others: tuple[str, ...]) -> None:
    """Come onto LINE, as the party that joins it. Nothing is said there before every member has opened it."""
    if not others:
        raise UsageError("name-missing", field="with")
    view = app.node.post("/members/enter", {"line": line, "members": list(others)})
    parties = ", ".join(cast("list[str]", view["members"]))
    app.output.result(view, [Table(("line", "members", "state"), [[line, parties, str(view["state"])]])])


def _say(app: App, line: str, verb: str, arguments: JsonObject, how: dict[str, str | None], unasked: str = "") -> int:
    body = {"verb": verb, "arguments": arguments}
    return say(app, f"/lines/{line}/say", body, replace(how_of(how), unasked=unasked))


def _known(digits: Mapping[str, str], party: str) -> str:
    """The digits that we have accepted for a party. Raises UsageError where we have accepted none."""
    found = digits.get(party, "")
    if not found:
        raise UsageError("member-not-introduced", party=party)
    return found


def _tables(view: JsonObject) -> Iterator[Table]:
    yield Table(
        ("party", "stands", "since", "by", "heard through", "holds", "reason"),
        [_member(row) for row in _of(view, "members")],
        kind="member",
    )
    proposals = [_proposal(row) for row in [*_begun(view), *_of(view, "proposals")]]
    if proposals:
        yield Table(("proposal", "act", "party", "stands", "answers", "line that follows"), proposals, kind="proposal")
    items = [_item(row) for row in _of(view, "open_items")]
    if items:
        yield Table(("open", "precedence", "accepted", "by member"), items, kind="open")
    outsiders = [[str(row["party"]), str(row["fingerprint"])] for row in _of(view, "outsiders")]
    if outsiders:
        yield Table(("not on this line", "its digits"), outsiders, kind="outsider")


def _begun(view: JsonObject) -> list[JsonObject]:
    return [] if view["begun"] is None else [cast("JsonObject", view["begun"])]


def _member(row: JsonObject) -> list[Cell | str]:
    state, since = str(row["state"]), cast("JsonObject | None", row["since"])
    return [
        str(row["party"]),
        Cell(state, _URGENCY.get(state, "unk")),
        "-" if since is None else str(since["dtg"]),
        str(row["entry"] or "-"),
        ", ".join(cast("list[str]", row["heard_through"])) or "-",
        str(row["receipted"]),
        Cell(str(row["reason"]), theirs=not row["ours"]),
    ]


def _proposal(row: JsonObject) -> list[Cell | str]:
    answers = ", ".join(f"{one['party']} {one['state']}" for one in _of(row, "answers"))
    state = str(row["state"])
    return [
        f"{row['line']}/{row['id']}",
        str(row["act"]),
        str(row["party"]),
        Cell(state.replace("_", " "), _STANDS.get(state, "unk")),
        answers,
        str(row["following"] or "-"),
    ]


def _item(row: JsonObject) -> list[Cell | str]:
    by_member = ", ".join(f"{party} {stage}" for party, stage in cast("Mapping[str, str]", row["stages"]).items())
    return [str(row["id"]), str(row["precedence"] or "-"), f"{row['accepted']} of {row['of']}", by_member]


def _of(view: JsonObject, name: str) -> list[JsonObject]:
    return cast("list[JsonObject]", view[name])

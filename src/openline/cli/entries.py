"""Commands about entries that are there: `inbox`, `read`, `ack`, `pass`, `withdraw`."""

from __future__ import annotations

from pathlib import Path

from openline.base.errors import UsageError
from openline.cli.asking import confirm
from openline.cli.commands import argument, command, flag, option
from openline.cli.context import App
from openline.cli.exits import Refusal
from openline.cli.ids import split_entry
from openline.cli.letter import listing, print_letter, save_attachments, tell_more
from openline.cli.saying import How, how_options, post, say

NOTHING_TO_STATE = ("receipt-of-own-entry", "receipt-not-possible")


@command(
    "inbox",
    "openline inbox --open\nopenline inbox --line alpha-bravo --count 10 --json\nopenline inbox --before 1207",
    option("--line", text="Only this line.", metavar="LINE"),
    flag("--open", "open_only", text="Only what still waits for somebody."),
    option("--count", text="How many at most.", default="50"),
    option("--before", text="Only what arrived before this number.", metavar="SEQ"),
)
def inbox(app: App, line: str | None, open_only: bool, count: str, before: str | None) -> None:
    """Messages from the other side, newest first. Looking records nothing."""
    query = {"line": line, "origin": "theirs", "open": str(open_only).lower(), "count": count, "before": before}
    found = app.node.get("/messages", query)
    app.output.result(found, [listing(found, app)])
    tell_more(app, found)


@command(
    "read",
    "openline read bravo:14\nopenline read bravo:14 --save ./attachments",
    argument("entry"),
    option("--by", text="Who reads, when not this desk.", metavar="NAME"),
    option("--save", text="Write its attachments into this folder.", metavar="DIR"),
    flag("--no-receipt", "no_receipt", text="Do not tell the other side that it was displayed."),
)
def read(app: App, entry: str, by: str | None, save: str | None, no_receipt: bool) -> None:
    """Show ENTRY, and put on the record that it was displayed to an officer."""
    line, place = split_entry(entry)
    view = app.node.get(f"/entries/{place}", {"line": line})
    if not app.output.settings.as_json:
        print_letter(app, view)
    saved = save_attachments(app, view, Path(save)) if save else []
    receipt = None
    if not no_receipt:
        try:
            receipt = post(app, f"/entries/{place}/read", {"by": by or ""}, How(line=line))
        except Refusal as refusal:
            if refusal.message_id not in NOTHING_TO_STATE:
                raise
    app.output.result({"entry": view, "receipt": receipt, "saved": saved}, [])


@command(
    "ack",
    'openline ack bravo:14 --reason "officer on watch has it"',
    argument("entry"),
    option("--reason", "note", text="A note the other side sees.", metavar="TEXT"),
    option("--by", text="Who accepts, when not this desk.", metavar="NAME"),
    *how_options(),
)
def ack(app: App, entry: str, note: str | None, by: str | None, **how: str | None) -> int:
    """Accept ENTRY: the watch has it. That is not consent to what it says."""
    line, place = split_entry(entry)
    return say(app, f"/entries/{place}/ack", {"note": note or "", "by": by or ""}, _how(how, line))


@command(
    "pass",
    "openline pass bravo:14 --to ops",
    argument("entry"),
    option("--to", text="The role that acts on it now.", metavar="ROLE"),
    option("--reason", "note", text="A note the other side sees.", metavar="TEXT"),
    option("--by", text="Who passes it on, when not this desk.", metavar="NAME"),
    *how_options(),
)
def pass_on(app: App, entry: str, to: str | None, note: str | None, by: str | None, **how: str | None) -> int:
    """State that ENTRY was passed to the role that acts on it."""
    if not to:
        raise UsageError("role-needed")
    line, place = split_entry(entry)
    arguments = {"to": to, "note": note or "", "by": by or ""}
    return say(app, f"/entries/{place}/pass", arguments, _how(how, line))


@command(
    "withdraw",
    'openline withdraw alpha:7 --reason "sent to the wrong line"',
    argument("entry"),
    option("--reason", "note", text="Why; the other side sees it.", metavar="TEXT"),
    *how_options(),
)
def withdraw(app: App, entry: str, note: str | None, **how: str | None) -> int:
    """Withdraw our own ENTRY. It stays in the record and is shown as cancelled."""
    line, place = split_entry(entry)
    unasked = confirm(app, app.output.sentence("effect-withdraw", entry=entry), entry, note)
    return say(app, f"/entries/{place}/withdraw", {"reason": note or ""}, _how(how, line, unasked))


def _how(how: dict[str, str | None], line: str | None, unasked: str = "") -> How:
    return How(how.get("wait") or "recorded", how.get("mark"), how.get("key"), line, unasked)

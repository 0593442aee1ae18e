"""`sop`: what the watch of a line does by the rules of this node, to be read at the desk or printed for the wall."""

from __future__ import annotations

import msgspec

from openline.cli.commands import argument, command
from openline.cli.context import App
from openline.node.sop import SopView
from openline.node.soppage import page


@command(
    "sop",
    "openline sop alpha-bravo\nopenline sop --lang fr\nopenline sop --json",
    argument("line", required=False),
)
def sop(app: App, line: str | None) -> None:
    """The standard operating procedure of LINE: hour by hour and event by event, with the numbers of this node.

    As a page of Markdown. Print it again when the configuration has changed.
    """
    found = app.node.get("/sop", {"line": line})
    if app.output.settings.as_json:
        app.output.result(found, [])
        return
    for row in page(msgspec.convert(found, SopView), "#").splitlines():
        app.output.out(row)

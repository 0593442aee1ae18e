"""`status --watch`: the board, drawn again with every change. Without a fresh beat of the node it says NO DATA."""

from __future__ import annotations

import sys
import time
from typing import cast

from openline.base.errors import PathError
from openline.base.time import SECOND_US, Instant
from openline.cli.client import JsonObject, Node
from openline.cli.context import App
from openline.cli.status import fetch, show, tables, without_data

WATCHDOG_S = 5.0
RETRY_S = 1.0
FETCH_EVERY_US = SECOND_US // 4


def keep_showing(app: App, line: str | None) -> int:
    """Show the status until interrupted. Raises PathError when the node cannot be reached to begin with."""
    screen = _Screen(app)
    screen.show(fetch(app, line))
    while True:
        events = Node(app.place())
        try:
            _follow(app, events, screen, line)
        except PathError:
            screen.lost()
        finally:
            events.close()
        time.sleep(RETRY_S)


def _follow(app: App, events: Node, screen: _Screen, line: str | None) -> None:
    fetched = Instant(0)
    for _ in events.events({"line": line}, WATCHDOG_S):
        if app.now() - fetched >= FETCH_EVERY_US:
            fetched = app.now()
            screen.show(fetch(app, line))


class _Screen:
    """What stands on the screen now. Mutable; owned by `keep_showing`."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._view: JsonObject | None = None
        self._shown: object = None

    def show(self, view: JsonObject) -> None:
        """Show this status: on a terminal always, since ages grow; elsewhere when something has changed."""
        self._view = view
        if self._app.output.is_terminal:
            self._draw(view)
        elif _essence(view) != self._shown:
            show(self._app, view)
        self._shown = _essence(view)

    def lost(self) -> None:
        """The node has fallen silent: nothing is known."""
        if self._view is not None:
            self.show(without_data(self._view))

    def _draw(self, view: JsonObject) -> None:
        from openline.cli.drawing import redraw

        head = f"{view['party']}  {self._app.now().dtg()}"
        redraw([*tables(self._app, view)], head, sys.stdout, colour=self._app.output.colour)


def _essence(view: JsonObject) -> object:
    """What makes one status differ from another, times left out."""
    lines = cast("list[JsonObject]", view["lines"])
    states = [(line["line"], line["state"], line["cause"], line["open_items"], line["unreceipted"]) for line in lines]
    alarms = [alarm["id"] for line in lines for alarm in cast("list[JsonObject]", line["alarms"])]
    return view["problems"], states, alarms

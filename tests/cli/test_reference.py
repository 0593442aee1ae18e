"""The generated parts of the command line's page."""

from __future__ import annotations

import json

from openline.cli.main import PLACES
from openline.cli.reference import api_document, api_routes, commands, global_options
from tests.console.vectors import DOCUMENT


def test_every_command_stands_in_the_table() -> None:
    table = commands()
    assert all(f"`openline {name}" in table for name in PLACES)
    assert "| `openline send LINE [TEXT]...` | Send a message on LINE. |" in table


def test_every_global_option_stands_in_the_table() -> None:
    table = global_options()
    assert "`--json`" in table
    assert "`--dir DIR`" in table


def test_every_route_stands_in_the_table() -> None:
    assert "| `POST /api/v1/messages` | Send a message | SaidView |" in api_routes()


def test_the_document_in_the_specification_is_fresh() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == api_document(), "run `python -m tests.console.vectors`"
    assert json.loads(api_document())["openapi"] == "3.1.0"

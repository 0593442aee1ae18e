"""What is shown of the watch: frozen values that go to JSON and back unchanged."""

from __future__ import annotations

import inspect

import msgspec
import pytest

from openline.line.report import Tally, line_report, month_of
from openline.line.schedule import STANDARD
from openline.line.watchview import ledger_view, watch_log
from openline.node import watchviews
from openline.record.entry import Mark
from tests.console.guard import guarded

VIEWS = [getattr(watchviews, name) for name in watchviews.__all__]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
def test_every_view_is_a_frozen_value_that_says_what_it_is(view: type[msgspec.Struct]) -> None:
    assert view.__struct_config__.frozen
    assert inspect.getdoc(view)
    assert not view.__struct_config__.forbid_unknown_fields, "an older command line reads what a newer node shows"


def test_they_go_to_json_and_back() -> None:
    world = guarded()
    shown = (
        watch_log(world.alpha, STANDARD, world.now, Mark.OPERATION, 50),
        ledger_view(world.alpha, 0, world.now.ms, Mark.OPERATION),
        line_report(world.alpha, Tally(month_of("2026-11"))),
    )
    for value in shown:
        assert msgspec.json.decode(msgspec.json.encode(value), type=type(value)) == value

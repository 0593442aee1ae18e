"""What is shown of charters: frozen values that go to JSON and back unchanged."""

from __future__ import annotations

import inspect

import msgspec
import pytest

from openline.node import charterviews
from openline.node.charterviews import CharterPage, ChartersView
from tests.console.charters import FakeCharters
from tests.node.houses import OFFICER

VIEWS = [getattr(charterviews, name) for name in charterviews.__all__]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
def test_every_view_is_a_frozen_value_that_says_what_it_is(view: type[msgspec.Struct]) -> None:
    assert view.__struct_config__.frozen
    assert inspect.getdoc(view)
    assert not view.__struct_config__.forbid_unknown_fields, "an older command line reads what a newer node shows"


def test_they_go_to_json_and_back() -> None:
    desk = FakeCharters()
    charters, page = desk.charters(OFFICER, None, None, 50), desk.charter(OFFICER, None, "bravo:1", None)
    assert msgspec.json.decode(msgspec.json.encode(charters), type=ChartersView) == charters
    assert msgspec.json.decode(msgspec.json.encode(page), type=CharterPage) == page

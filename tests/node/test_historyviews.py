"""What is shown of the history: frozen values that say what they are."""

from __future__ import annotations

import inspect

import msgspec
import pytest

from openline.node import historyviews

VIEWS = [getattr(historyviews, name) for name in historyviews.__all__]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
def test_every_view_is_a_frozen_value_that_says_what_it_is(view: type[msgspec.Struct]) -> None:
    assert view.__struct_config__.frozen
    assert inspect.getdoc(view)
    assert not view.__struct_config__.forbid_unknown_fields, "an older command line reads what a newer node shows"

"""Views of what stands written: they are among the views of the desk, and come back from JSON as they went."""

from __future__ import annotations

import msgspec
import pytest

from openline.node import recordviews, views

MADE = (
    recordviews.Search(text="Choïgou", line="north"),
    recordviews.FoundView((), None, 0),
    recordviews.RecordedStreamView(1, "alpha.example", True, 513, 2, 800, {"bravo.example": 800}, {"matches": 2}, 2),
)


@pytest.mark.parametrize("view", MADE, ids=lambda view: type(view).__name__)
def test_a_view_comes_back_from_json_as_it_went(view: msgspec.Struct) -> None:
    assert msgspec.json.decode(msgspec.json.encode(view), type=type(view)) == view
    assert getattr(views, type(view).__name__) is type(view)

"""The views of sound are found where all views are, and go through JSON as they are."""

from __future__ import annotations

import msgspec
import pytest

from openline.node import views, voiceviews
from openline.node.voiceviews import CallSeatView, InterpreterView, SoundPathView, SoundView

PATH = SoundPathView("fibre", "udp", "Sound goes by UDP.", 12.5, 0, None, "")
EXAMPLES = [
    PATH,
    SoundView("bravo.example", False, 1500, 3, 2, (PATH,)),
    CallSeatView("night", 4, "phone", False, held=True),
    InterpreterView("booth", ("watch",), ()),
]


@pytest.mark.parametrize("view", EXAMPLES, ids=lambda view: type(view).__name__)
def test_a_view_is_found_among_all_and_goes_through_json(view: msgspec.Struct) -> None:
    kind = type(view)
    assert getattr(views, kind.__name__) is getattr(voiceviews, kind.__name__) is kind
    assert msgspec.json.decode(msgspec.json.encode(view), type=kind) == view

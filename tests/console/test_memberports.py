"""The desk of a node is what the console asks for about members; the type checker holds the rest of it."""

from __future__ import annotations

from openline.console.memberports import Membering
from openline.node.desk import Desk
from tests.console.desk import FakeDesk


def test_the_desk_and_its_double_have_all_that_is_asked_for() -> None:
    asked = {name for name in vars(Membering) if not name.startswith("_")}
    assert asked == {"members", "enter_line", "accept_card", "pair_open", "pair_confirm"}
    for has in (Desk, FakeDesk):
        assert all(callable(getattr(has, name)) for name in asked)

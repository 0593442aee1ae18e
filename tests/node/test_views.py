"""What is shown: values that go to JSON and back unchanged, each with its words."""

from __future__ import annotations

import inspect

import msgspec
import pytest

from openline.node import views
from openline.node.views import LineView, Officer, SaidView, StatusView
from tests.node.houses import both, played, settled

STRUCTS = [value for value in vars(views).values() if isinstance(value, type) and issubclass(value, msgspec.Struct)]


def test_every_view_is_named_for_others_to_use() -> None:
    words = {"OfficerStep"}
    assert {one.__name__ for one in STRUCTS} | words == set(views.__all__)


@pytest.mark.parametrize("view", STRUCTS, ids=lambda view: view.__name__)
def test_every_view_is_a_frozen_value_that_says_what_it_is(view: type[msgspec.Struct]) -> None:
    assert view.__struct_config__.frozen
    assert inspect.getdoc(view)
    assert not view.__struct_config__.forbid_unknown_fields, "an older command line reads what a newer node shows"


@pytest.mark.parametrize("view", STRUCTS, ids=lambda view: view.__name__)
def test_a_moment_is_named_by_how_it_is_written(view: type[msgspec.Struct]) -> None:
    for field in view.__struct_fields__:
        if field.endswith(("_at", "_dtg")):
            assert view.__annotations__[field] in ("str", "str | None"), field


def test_what_a_node_shows_of_itself_goes_to_json_and_back() -> None:
    async def story() -> StatusView:
        alpha, bravo = await both()
        await alpha.say()
        await settled(alpha, bravo)
        return alpha.desk.status("en")

    status = played(story())
    assert msgspec.json.decode(msgspec.json.encode(status), type=StatusView) == status
    assert isinstance(status.lines[0], LineView)


def test_a_saying_is_new_unless_it_is_said_to_be_repeated() -> None:
    assert not SaidView("alpha-bravo", ("alpha:1",), "2026-11-21T22:31:04.123Z", "recorded", True).repeated


def test_an_officer_is_asked_in_english_unless_it_wishes_otherwise() -> None:
    assert Officer("watch", frozenset()).language == "en"

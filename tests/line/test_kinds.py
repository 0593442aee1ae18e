"""A kind stands in one place: planted here, it works through the book, the verbs and the views at once."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from openline.base import codec
from openline.base.errors import UsageError
from openline.base.schema import Body, pack
from openline.line.book import Book
from openline.line.kinds import Arguments, Asked, Change, Registry, Said, Takes, Traits, kind, verb
from openline.line.standard import standard
from openline.line.view import entry_view
from openline.record.entry import Draft, Precedence
from openline.record.ports import Arrived
from tests.line.world import World

# One made-up kind, whole: a weather report, the last of which the book remembers.


class Weather(Body, frozen=True):
    """The body."""

    celsius: int
    sky: str = "clear"


class Almanac:
    """The last report of each party."""

    def __init__(self) -> None:
        self.last: dict[str, int] = {}

    def snapshot(self) -> codec.Value:
        return [[origin, celsius] for origin, celsius in sorted(self.last.items())]


class Report(Arguments, frozen=True, kw_only=True):
    """Arguments of `weather`."""

    celsius: int


def _apply(book: Book, said: Said, body: Weather) -> Sequence[Change]:
    book.state(Almanac).last[said.entry.origin] = body.celsius
    return [Change("weather", said.entry.origin, said.entry.index, "reported")]


def _report(_book: Book, asked: Asked, values: Report) -> Sequence[Draft]:
    if values.celsius < -273:
        raise UsageError("colder-than-possible", celsius=values.celsius)
    body = Weather(celsius=values.celsius)
    return [Draft(200, pack(body), asked.desk, precedence=Precedence.ROUTINE, mark=asked.mark)]


WEATHER = kind(
    200,
    "weather",
    Weather,
    _apply,
    (verb("weather", "send", "Report the weather", Report, _report),),
    Traits(fresh=Almanac, takes=frozenset({Takes.RECEIPT, Takes.CANCELLATION})),
)


def test_a_planted_kind_works_through_book_verbs_and_views() -> None:
    world = World(registry=standard([WEATHER]))
    (entry,) = world.say("bravo", "weather", celsius=-12)
    assert world.alpha.state(Almanac).last == {world.origins["bravo"]: -12}
    assert world.changes[0] == Change("weather", world.origins["bravo"], 0, "reported")
    world.say("alpha", "ack", entry="bravo:0")
    world.say("bravo", "withdraw", entry="bravo:0")
    shown = entry_view(world.alpha, Arrived(1, entry))
    assert (shown.kind, shown.body, shown.standing) == ("weather", {"celsius": -12, "sky": "clear"}, "cancelled")
    assert [stage.stage for stage in shown.stages] == ["ACCEPTED"]
    assert world.alpha.digest() == world.bravo.digest()


def test_its_refusals_are_its_own() -> None:
    world = World(registry=standard([WEATHER]))
    with pytest.raises(UsageError) as caught:
        world.drafts("alpha", "weather", celsius=-300)
    assert caught.value.message_id == "colder-than-possible"
    world.say("alpha", "weather", celsius=1)
    with pytest.raises(UsageError) as caught:
        world.drafts("bravo", "translate", entry="alpha:0", text="Kalt.", language="de")
    assert caught.value.message_id == "translation-not-possible"


def test_a_member_without_the_kind_keeps_its_entries() -> None:
    world = World(registry=standard([WEATHER]))
    (entry,) = world.say("alpha", "weather", celsius=3)
    older = World()
    older.fold(older.alpha, [entry])
    assert older.alpha.count(200) == 1
    assert older.alpha.faults == []
    assert entry_view(older.alpha, Arrived(1, entry)).kind == "kind-200"


# The registry


def test_kinds_and_verbs_are_looked_up() -> None:
    registry = Registry([WEATHER])
    assert registry.by_number(200) is registry.by_name("weather") is WEATHER
    assert (registry.by_number(1), registry.by_name("message")) == (None, None)
    assert (registry.name(200), registry.name(7)) == ("weather", "kind-7")
    assert registry.verb("weather").capability == "send"
    assert [verb.name for verb in registry.verbs] == ["weather"]


def test_a_verb_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        Registry([WEATHER]).verb("forecast")
    assert (caught.value.message_id, caught.value.facts) == ("verb-unknown", {"verb": "forecast"})


def test_numbers_names_and_verbs_are_given_once() -> None:
    with pytest.raises(AssertionError):
        Registry([WEATHER, WEATHER])
    other = kind(201, "climate", Weather, _apply, WEATHER.verbs)
    with pytest.raises(AssertionError):
        Registry([WEATHER, other])


def test_arguments_that_are_not_known_are_refused_on_reading() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"celsius": 1, "wind": 3}, Report)

"""Kind 900, weather: what the sky does at a place, as its author sees it. Each report changes what was reported before.

Made up for tests/process/test_made_up_kind.py, which adds it to a copy of the program.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, IntEnum
from typing import Literal

from openline.base import codec
from openline.base.errors import UsageError
from openline.base.machine import NoTransition, advance
from openline.base.schema import Body, pack
from openline.line.book import Book
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.words import LANGUAGE, Language, Subject, Words, language_of, subject_of, verbatim_of
from openline.record.entry import Draft, Mark

WEATHER = 900

ReportName = Literal["breaks", "clears"]


class Report(IntEnum):
    """What happens; the numbers stand in bodies."""

    BREAKS = 1
    CLEARS = 2


class Sky(Enum):
    """How it is at a place."""

    UNKNOWN = "unknown"
    STORM = "storm"
    CLEAR = "clear"


SKIES: Mapping[tuple[Sky, Report], Sky] = {
    (Sky.UNKNOWN, Report.BREAKS): Sky.STORM,
    (Sky.UNKNOWN, Report.CLEARS): Sky.CLEAR,
    (Sky.CLEAR, Report.BREAKS): Sky.STORM,
    (Sky.STORM, Report.CLEARS): Sky.CLEAR,
}
"""What may be reported when: a change, and nothing twice."""


class Weather(Body, frozen=True):
    """The body."""

    place: Subject
    report: Report
    text: Words = ""
    language: Language = LANGUAGE


class Weathers:
    """How it is at each place, by mark and author. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.skies: dict[tuple[Mark, int, str], Sky] = {}

    def snapshot(self) -> codec.Value:
        """Every place, in order."""
        return [[*place, sky.value] for place, sky in sorted(self.skies.items())]


class Observe(Arguments, frozen=True, kw_only=True):
    """Arguments of `weather`."""

    place: str
    report: ReportName
    text: str = ""
    language: str = LANGUAGE


def sky(book: Book, origin: str, place: str, mark: Mark = Mark.OPERATION) -> Sky:
    """How it is at a place by the word of `origin`."""
    return book.state(Weathers).skies.get((mark, book.number(origin), place), Sky.UNKNOWN)


def _apply(book: Book, said: Said, body: Weather) -> Sequence[Change]:
    before = sky(book, said.entry.origin, body.place, said.leaf.mark)
    try:
        after = advance(SKIES, before, body.report)
    except NoTransition:
        return [book.fault(said, "fault-weather-unchanged", place=body.place)]
    book.state(Weathers).skies[said.leaf.mark, said.member, body.place] = after
    return [Change("weather", said.entry.origin, said.entry.index, after.value)]


def _weather(book: Book, asked: Asked, values: Observe) -> Sequence[Draft]:
    place, report = subject_of(values.place), Report[values.report.upper()]
    if (sky(book, asked.me, place, asked.mark), report) not in SKIES:
        raise UsageError("weather-unchanged", place=place)
    text, language = verbatim_of(values.text), language_of(values.language)
    body = Weather(place=place, report=report, text=text, language=language)
    return [Draft(WEATHER, pack(body), asked.desk, mark=asked.mark)]


KIND = kind(
    WEATHER,
    "weather",
    Weather,
    _apply,
    (verb("weather", "state", "Say what the sky does at a place", Observe, _weather),),
    Traits(fresh=Weathers, takes=frozenset({Takes.RECEIPT, Takes.CANCELLATION})),
)

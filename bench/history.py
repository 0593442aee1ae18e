"""(h) What officers ask of the history, at the desk of a node that holds the whole record; milliseconds of each answer.

Each answer is made as the API makes it, up to its JSON. The HTTP hop is row (a). What is asked is drawn from the whole
record with a fixed seed: contacts at the beginning, in the middle and at the end, and every level and party.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import msgspec

from bench.record import LINE, PARTIES
from bench.row import Row, percentile
from openline.base.catalogue import LANGUAGES, sentence
from openline.base.time import DAY_US, Instant
from openline.line.book import Book
from openline.line.contact import Contacts
from openline.line.history import Question, attempts, channels
from openline.line.level import level_of
from openline.line.precise import day_of
from openline.line.readout import Readouts
from openline.node.recalling import Recalling
from openline.node.service import Node
from openline.node.views import ContactsAsked, Officer
from openline.store.sqlite import SqliteStore

ASKED_TIMES = 300
LIMIT_MS = 10
OFFICER = Officer("watch", frozenset({"all"}))
LEVELS = ("duty", "operational", "chief-of-staff", "adviser", "minister", "head-of-state")

Ask = Callable[[], object]


class Reader(Recalling):
    """The desk's memory of one book, without the rest of a node."""

    def __init__(self, book: Book, store: SqliteStore, now: Instant) -> None:
        state = SimpleNamespace(keeper=SimpleNamespace(book=book))
        clock = SimpleNamespace(now=lambda: now, exercise=False)
        self._shown = cast("Node", SimpleNamespace(lines={LINE: state}, store=store, clock=clock))
        self.book = book


def history_rows(path: Path, book: Book) -> list[Row]:
    """One row for each kind of question: p99, with p50 beside."""
    store = SqliteStore(path)
    gc.collect()
    gc.freeze()  # As a node does with the record it has folded.
    for language in LANGUAGES:
        sentence("line-down", {}, language)  # A node has read its sentences: every status has some.
    took = {name: _timed(asks) for name, asks in questions(book, store).items()}
    gc.unfreeze()
    store.close()
    return rows_of(took)


def rows_of(took: dict[str, list[float]]) -> list[Row]:
    """The rows of these answers, each in milliseconds."""
    return [
        Row(
            f"(h) {name}, ms at p99",
            percentile(values, 99),
            f"< {LIMIT_MS}",
            percentile(values, 99) < LIMIT_MS,
            f"p50 {percentile(values, 50):.2f}, worst {max(values):.1f}, {len(values)} asked",
        )
        for name, values in took.items()
    ]


def questions(book: Book, store: SqliteStore) -> dict[str, Iterator[Ask]]:
    """Every kind of question with what is asked, drawn from the record."""
    chance = random.Random(7)
    places = sorted(book.state(Contacts).by_place)
    days = sorted(meeting.first.began.ms for meeting in book.state(Contacts).by_place.values())
    now = Instant.from_ms(days[-1]).plus(DAY_US)
    desk = Reader(book, store, now)

    def entry() -> str:
        member, index = chance.choice(places)
        return book.label(book.members[member], index)

    def since() -> str:
        return Instant.from_ms(chance.choice(days)).rfc3339()[:10]

    def listing(**asked: object) -> Ask:
        return partial(desk.contacts, OFFICER, msgspec.convert(asked, ContactsAsked))

    def drawn(make: Callable[[], Ask]) -> Iterator[Ask]:
        return (make() for _ in range(ASKED_TIMES))

    def core(ask: Callable[[Sequence[Book], Question], Sequence[object]]) -> Ask:
        question = Question(level=level_of(chance.choice(LEVELS)), since=_start(since()))
        return lambda: len(ask([book], question))

    return {
        "contacts": drawn(listing),
        "contacts --level": drawn(lambda: listing(level=chance.choice(LEVELS))),
        "contacts --since --level and above": drawn(
            lambda: listing(level=chance.choice(LEVELS), at_least=True, since=since())
        ),
        "contacts --party": drawn(lambda: listing(party=chance.choice((*PARTIES, "An agency")))),
        "contacts --person": drawn(lambda: listing(person=f"Officer {chance.randrange(60)}")),
        "contacts --until": drawn(lambda: listing(until=since())),
        "contact show, by its entry": drawn(lambda: partial(desk.contact, OFFICER, LINE, entry())),
        "readout compare, two contacts": _comparable(desk, chance),
        "request list": drawn(lambda: partial(desk.requests, OFFICER, LINE)),
        "attempts of a level since a day": drawn(lambda: core(attempts)),
        "channels of a level since a day": drawn(lambda: core(channels)),
    }


def _start(day: str) -> Instant:
    return day_of(day)[0]


def _comparable(desk: Reader, chance: random.Random) -> Iterator[Ask]:
    """Contacts of the same level and parties, both with readouts."""
    book = desk.book
    rows: dict[object, list[str]] = {}
    for place in sorted(book.state(Readouts).of):
        first = book.state(Contacts).by_place[place].first
        label = book.label(book.members[place[0]], place[1])
        rows.setdefault((first.level, frozenset(first.parties)), []).append(label)
    groups = [group for group in rows.values() if len(group) > 1]
    for _ in range(ASKED_TIMES):
        left, right = chance.sample(chance.choice(groups), 2)
        yield partial(desk.compare, OFFICER, LINE, left, right)


def _timed(asks: Iterator[Ask]) -> list[float]:
    took: list[float] = []
    for ask in asks:
        begun = time.perf_counter()
        msgspec.json.encode(ask())
        took.append((time.perf_counter() - begun) * 1e3)
    return took

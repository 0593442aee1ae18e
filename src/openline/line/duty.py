"""What a node says by itself: answers to tests, the hourly test, and silences as they begin and end.

Pure and idempotent: the drafts follow from the book and the facts alone, and once they are in the book nothing is
left to say. While we are under EMCON the node says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from openline.base.limits import TEST_EVERY_US
from openline.base.schema import pack
from openline.base.time import SECOND_US, Instant
from openline.line.book import Book
from openline.line.ids import party_of
from openline.line.linetest import answers_due, hourly_due, next_trial
from openline.line.silence import SILENCE, Facts, Silence, Silent, Verdict, classify, lasting
from openline.line.status import LineState, declared
from openline.record.entry import Draft, Mark

DESK = "node"
DRAFTS_MAX = 64
SILENCE_LASTS_US = 90 * SECOND_US


def duties(
    book: Book, facts: Sequence[Facts], now: Instant, mark: Mark = Mark.OPERATION, test_every_us: int = TEST_EVERY_US
) -> list[Draft]:
    """What our node has to say now, at most `DRAFTS_MAX` drafts; the rest comes with the next call.

    `facts` are one row per peer; how its end is declared is taken from the book. `mark` is EXERCISE while the node's
    clock is not the real one; `test_every_us` is how often the line is tested, 0 never.
    """
    if declared(book, book.me, mark).state is LineState.EMCON:
        return []
    said = chain(
        answers_due(book, DESK, now),
        [next_trial(book, DESK, mark)] if test_every_us and hourly_due(book, now, mark, test_every_us) else [],
        chain.from_iterable(_silences(book, row, now, mark) for row in facts),
    )
    return list(islice(said, DRAFTS_MAX))


def _silences(book: Book, facts: Facts, now: Instant, mark: Mark) -> Iterator[Draft]:
    """End a silence that is over or has another cause; begin one that has lasted."""
    told = declared(book, facts.peer, mark)
    verdict = classify(replace(facts, state=told.state, state_since=told.since), now)
    begun = lasting(book, book.me, party_of(facts.peer), mark)
    if begun is not None and verdict is not None and begun.cause is verdict.cause:
        return
    lasts = verdict is not None and now - verdict.since >= SILENCE_LASTS_US
    over = verdict is None and facts.heard is not None  # a node just started knows nothing, and ends nothing
    if begun is not None and (over or lasts):
        yield _end(book, begun, now if verdict is None else verdict.since)
    if verdict is not None and lasts:
        yield _begin(facts, verdict, mark)


def _begin(facts: Facts, verdict: Verdict, mark: Mark) -> Draft:
    body = Silence(
        cause=verdict.cause,
        since_ms=verdict.since.ms,
        peer=party_of(facts.peer),
        paths=facts.paths,
    )
    return Draft(SILENCE, pack(body), DESK, mark=mark)


def _end(book: Book, begun: Silent, until: Instant) -> Draft:
    body = Silence(
        cause=begun.cause,
        since_ms=begun.since_ms,
        peer=begun.peer,
        until_ms=max(until.ms, begun.since_ms),
    )
    return Draft(SILENCE, pack(body), DESK, (book.ref(begun.origin, begun.index),), mark=begun.mark)

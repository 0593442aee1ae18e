"""Kind 10, silence: a peer was silent from then on, and why; and `classify`, which tells the why (R5, R71).

What was measured comes before what was declared, and what was declared before what people did: a suspension explains
why nobody answers, never why a node is not heard, since a suspended line still carries heartbeats.

An entry without `until_ms` begins a silence; one with it and the beginning as ref 0 ends it; one with it and no ref
tells a whole silence after the fact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated

import msgspec

from openline.base import codec
from openline.base.limits import DOWN_AFTER_US
from openline.base.schema import Body
from openline.base.time import Instant
from openline.line.book import Book
from openline.line.kinds import Change, Said, Traits, kind
from openline.line.status import LineState
from openline.line.words import Milliseconds
from openline.record.entry import Mark

SILENCE = 10
PATHS_MAX = 16

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Cause(IntEnum):
    """Why a peer is silent; the numbers stand in bodies."""

    PATH_DOWN = 1
    NODE_DOWN = 2
    CONSOLE_DARK = 3
    RANG_NO_ANSWER = 4
    DECLINED = 5
    SUSPENDED = 6


class Silence(Body, frozen=True):
    """The body: `peer` is the party that was silent, `paths` those that were tried."""

    cause: Cause
    since_ms: Milliseconds
    peer: Name
    until_ms: Milliseconds | None = None
    paths: Annotated[tuple[Name, ...], msgspec.Meta(max_length=PATHS_MAX)] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one peer now, as values. A time is None when it never happened since `watched_since`.

    `heard`: last authenticated frame. `reached`: a path last got to the peer's host, if only to be refused by it.
    `paths_up`: paths with a session now. `console` and the others: what its node says of its people, unchanged since
    `presence_since`. `rang_since`: we ring and nobody answers. `declined_at`: somebody there answered "no". Both are
    None again once answered. `state`: the line by the peer's word, since `state_since`.
    """

    peer: str
    watched_since: Instant
    paths: tuple[str, ...] = ()
    paths_up: int = 0
    heard: Instant | None = None
    reached: Instant | None = None
    console: bool = False
    officer: bool = False
    linguist: bool = False
    presence_since: Instant | None = None
    rang_since: Instant | None = None
    declined_at: Instant | None = None
    state: LineState = LineState.OPEN
    state_since: Instant | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A silence: its cause, and since when this cause holds."""

    cause: Cause
    since: Instant


SinceWhen = Callable[[Facts, Instant], Instant | None]


def classify(facts: Facts, now: Instant) -> Verdict | None:
    """Why the peer is silent, or None when it is not. The first cause of `CAUSES` that holds is the one."""
    for cause, since_when in CAUSES:
        since = since_when(facts, now)
        if since is not None:
            return Verdict(cause, since)
    return None


def _path_down(facts: Facts, now: Instant) -> Instant | None:
    if facts.paths_up:
        return None
    reached = max(facts.heard or facts.watched_since, facts.reached or facts.watched_since)
    return reached if now - reached >= DOWN_AFTER_US else None


def _node_down(facts: Facts, now: Instant) -> Instant | None:
    heard = facts.heard or facts.watched_since
    return heard if now - heard >= DOWN_AFTER_US else None


def _suspended(facts: Facts, _now: Instant) -> Instant | None:
    declared = facts.state in (LineState.SUSPENDED, LineState.EMCON)
    return (facts.state_since or facts.watched_since) if declared else None


def _declined(facts: Facts, _now: Instant) -> Instant | None:
    return facts.declined_at


def _console_dark(facts: Facts, _now: Instant) -> Instant | None:
    return None if facts.console else facts.presence_since


def _rang(facts: Facts, _now: Instant) -> Instant | None:
    return facts.rang_since


CAUSES: tuple[tuple[Cause, SinceWhen], ...] = (
    (Cause.PATH_DOWN, _path_down),
    (Cause.NODE_DOWN, _node_down),
    (Cause.SUSPENDED, _suspended),
    (Cause.DECLINED, _declined),
    (Cause.CONSOLE_DARK, _console_dark),
    (Cause.RANG_NO_ANSWER, _rang),
)
"""The causes in the order they are asked: a ring at a dark console rings nobody, so darkness comes before it."""


class Silent(msgspec.Struct, frozen=True):
    """A silence on record: which entry of whom began it, about which peer, and until when it lasted."""

    origin: str
    index: int
    mark: Mark
    cause: Cause
    peer: str
    since_ms: int
    until_ms: int | None

    @property
    def since(self) -> Instant:
        """Since when it lasted."""
        return Instant.from_ms(self.since_ms)


class Silences:
    """Every silence on record. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.by_place: dict[tuple[str, int], Silent] = {}
        self.lasting: dict[str, dict[int, Silent]] = {}

    def snapshot(self) -> codec.Value:
        """Every silence, in order."""
        return [
            [*place, int(row.mark), int(row.cause), row.peer, row.since_ms, row.until_ms]
            for place, row in sorted(self.by_place.items())
        ]


def lasting(book: Book, origin: str, peer: str, mark: Mark = Mark.OPERATION) -> Silent | None:
    """The newest silence about party `peer` that `origin` has begun and not ended."""
    begun = book.state(Silences).lasting.get(origin, {}).values()
    found = [row for row in begun if row.peer == peer and row.mark is mark]
    return max(found, key=lambda row: row.index, default=None)


def _apply(book: Book, said: Said, body: Silence) -> Sequence[Change]:
    silences = book.state(Silences)
    origin, index = said.entry.origin, said.entry.index
    if said.leaf.refs:
        return _end(book, said, body)
    row = Silent(origin, index, said.leaf.mark, body.cause, body.peer, body.since_ms, body.until_ms)
    silences.by_place[origin, index] = row
    if body.until_ms is None:
        silences.lasting.setdefault(origin, {})[index] = row
    return [Change("silence", origin, index, "begun" if body.until_ms is None else "told")]


def _end(book: Book, said: Said, body: Silence) -> Sequence[Change]:
    silences = book.state(Silences)
    origin, ref = said.entry.origin, said.leaf.refs[0]
    row = silences.lasting.get(origin, {}).get(ref.index)
    right = row is not None and ref == book.ref(origin, ref.index) and row.mark is said.leaf.mark
    if row is None or not right or body.until_ms is None:
        return [book.fault(said, "fault-silence-end")]
    del silences.lasting[origin][row.index]
    silences.by_place[row.origin, row.index] = msgspec.structs.replace(row, until_ms=body.until_ms)
    return [Change("silence", row.origin, row.index, "ended")]


KIND = kind(SILENCE, "silence", Silence, _apply, traits=Traits(fresh=Silences))

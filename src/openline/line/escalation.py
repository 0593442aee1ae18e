"""Kind 40, escalation: the watch that should have acted was late, and this was done about it (R22).

The node that owes a stage writes each step that its alarm has reached: which entry, which stage, when it was due and
whom the step woke. So an inquiry sees from the record what was rung and when, also where nobody was there to see it.
A step is written once; what is ROUTINE never rings, and has no such entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum

import msgspec

from openline.base import codec
from openline.base.schema import Body, pack
from openline.base.time import Instant
from openline.line.book import Book
from openline.line.contact import Place
from openline.line.deadlines import STANDARD, Deadlines
from openline.line.item import Item
from openline.line.kinds import Change, Said, Takes, Traits, kind
from openline.line.status import LineState, declared
from openline.line.watch import ESCALATION, STOP_ESCALATION, WAKES, Awaited, Step, Wake, owed_steps
from openline.line.words import Milliseconds
from openline.record.entry import Draft, Precedence

ESCALATION_KIND = 40
DESK = "node"
DRAFTS_MAX = 64


RECORDED = (Precedence.FLASH, Precedence.IMMEDIATE, Precedence.PRIORITY)
"""Whose steps are written. What is ROUTINE never rings."""


class Reached(IntEnum):
    """How far an alarm had climbed; the numbers stand in bodies."""

    ALL_POSITIONS = 1
    SUPERVISOR = 2
    RING_DOWN = 3
    NEXT_PATH = 4


class Escalation(Body, frozen=True):
    """The body; ref 0 is the entry of the other side. `stage` is 1 to 4 as in a receipt, 5 read back, 6 answer a STOP.

    `due_ms` is when the stage was due, `at_ms` when the step was reached, both from leaves and the table.
    """

    step: Reached
    stage: Awaited
    due_ms: Milliseconds
    at_ms: Milliseconds


class Escalated(msgspec.Struct, frozen=True):
    """One step on record: stated in which entry of whom, and when."""

    member: int
    index: int
    time_ms: int
    step: Reached
    stage: Awaited
    due_ms: int
    at_ms: int

    @property
    def wakes(self) -> tuple[Wake, ...]:
        """Whom it called."""
        return WAKES[Step[self.step.name]]


class Escalations:
    """Every step by the entry it is about. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.by_place: dict[Place, list[Escalated]] = {}

    def snapshot(self) -> codec.Value:
        """Every step, in order."""
        return [
            [*place, row.member, row.index, row.time_ms, int(row.step), int(row.stage), row.due_ms, row.at_ms]
            for place, rows in sorted(self.by_place.items())
            for row in sorted(rows, key=lambda row: (row.member, row.index))
        ]


def steps_of(book: Book, place: Place) -> Sequence[Escalated]:
    """The steps on record for the entry of a place, by author and place."""
    rows = book.state(Escalations).by_place.get(place, [])
    return sorted(rows, key=lambda row: (row.member, row.index))


def escalations_due(book: Book, now: Instant, deadlines: Deadlines = STANDARD) -> list[Draft]:
    """What our node has to write of what we owe, at most `DRAFTS_MAX`; the rest comes with the next call.

    Nothing while we are under EMCON: the alarms ring all the same, and the steps are written when it ends.
    """
    if declared(book, book.me).state is LineState.EMCON:
        return []
    return [draft for draft, _ in zip(_due(book, now, deadlines), range(DRAFTS_MAX), strict=False)]


def tables() -> str:
    """When each step is reached, by precedence, and whom it wakes, as Markdown tables."""
    ladders = {precedence.name: ESCALATION[precedence] for precedence in RECORDED} | {"STOP": STOP_ESCALATION}
    rows = [
        f"| {step.name} | "
        + " | ".join(next((str(at) for each, at in ladder if each is step), "") for ladder in ladders.values())
        + f" | {', '.join(wake.value for wake in WAKES[step])} |"
        for step in Step
    ]
    head = f"| Step, in percent of the window after the stage was due | {' | '.join(ladders)} | Wakes |"
    return "\n".join([head, "| --- " * (len(ladders) + 2) + "|", *rows])


def _due(book: Book, now: Instant, deadlines: Deadlines) -> Iterator[Draft]:
    me = book.number(book.me)
    for place, stage, due, steps in owed_steps(book, now, deadlines):
        item = book.item_at(*place)
        assert item is not None, "what is owed is an item"
        if item.precedence not in RECORDED:
            continue
        told = {row.step for row in steps_of(book, place) if row.member == me and row.stage is stage}
        for at, step in steps:
            if at <= now and Reached[step.name] not in told:
                body = Escalation(step=Reached[step.name], stage=stage, due_ms=due.ms, at_ms=at.ms)
                ref = book.ref(book.members[place[0]], place[1])
                yield Draft(ESCALATION_KIND, pack(body), DESK, (ref,), mark=item.mark)


def _apply(book: Book, said: Said, body: Escalation) -> Sequence[Change]:
    item = book.subject(said, Takes.RECEIPT, own=False)
    if not isinstance(item, Item):
        return item
    row = Escalated(said.member, said.entry.index, said.leaf.time_ms, body.step, body.stage, body.due_ms, body.at_ms)
    rows = book.state(Escalations).by_place.setdefault((item.member, item.index), [])
    same = (row.member, row.step, row.stage)
    if any((one.member, one.step, one.stage) == same for one in rows):
        return []
    rows.append(row)
    return [book.changed(item, "escalated")]


KIND = kind(ESCALATION_KIND, "escalation", Escalation, _apply, traits=Traits(fresh=Escalations, refs_needed=1))

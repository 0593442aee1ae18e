"""Who is late, since when, and whom to wake (R20, R22). Pure: the book, what is receipted, and now.

Due times follow from leaf bytes alone, so both ends compute the same: an entry of precedence P said at T has the window
of P by the charter then in force (shorter when its reply-by comes first; `deadlines` are the node's own, for a line
without charter); each stage is due at a fraction of it, the answer at reply-by.
A stage that is late is one alarm, for the party that owes it and for the author, and climbs the steps of
`ESCALATION` until the stage is stated. Of several late stages the earliest is told: one cause, one alarm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum

from openline.base.time import MINUTE_US, Instant
from openline.line.book import Book
from openline.line.deadlines import STANDARD, Deadlines, deadlines_at, shortest
from openline.line.ids import party_of
from openline.line.item import Item, in_mask
from openline.line.kept import Bucket
from openline.line.linetest import Trial, Trials
from openline.line.silence import Cause, Silences
from openline.line.stop import Stops, unanswered
from openline.record.entry import Mark, Precedence


class Awaited(IntEnum):
    """What may be late, in the order it is told."""

    RECEIVED = 0
    DISPLAYED = 1
    ACCEPTED = 2
    PASSED = 3
    ANSWERED = 4
    READ_BACK = 5
    STOP = 6


class Step(Enum):
    """How far an alarm has climbed."""

    ALL_POSITIONS = "all-positions"
    SUPERVISOR = "supervisor"
    RING_DOWN = "ring-down"
    NEXT_PATH = "next-path"


class Wake(Enum):
    """Whom or what an alarm calls."""

    POSITIONS = "positions"
    SUPERVISOR = "supervisor"
    VOICE = "voice"
    NEXT_PATH = "next-path"


STAGE_PERCENT: Mapping[Precedence, Mapping[Awaited, int]] = {
    Precedence.FLASH: {Awaited.RECEIVED: 10, Awaited.DISPLAYED: 30, Awaited.ACCEPTED: 100, Awaited.PASSED: 100},
    Precedence.IMMEDIATE: {Awaited.RECEIVED: 10, Awaited.DISPLAYED: 50, Awaited.ACCEPTED: 100, Awaited.PASSED: 100},
    Precedence.PRIORITY: {Awaited.RECEIVED: 25, Awaited.DISPLAYED: 75, Awaited.ACCEPTED: 100, Awaited.PASSED: 100},
    Precedence.ROUTINE: {Awaited.RECEIVED: 50, Awaited.DISPLAYED: 75, Awaited.ACCEPTED: 100, Awaited.PASSED: 100},
}
"""When a stage is due, in percent of the entry's window after its author time. ANSWERED is due at reply-by.

A read-back is due at the end of the window, a STOP at once."""

ESCALATION: Mapping[Precedence, tuple[tuple[Step, int], ...]] = {
    Precedence.FLASH: (
        (Step.ALL_POSITIONS, 0),
        (Step.SUPERVISOR, 20),
        (Step.RING_DOWN, 40),
        (Step.NEXT_PATH, 60),
    ),
    Precedence.IMMEDIATE: (
        (Step.ALL_POSITIONS, 0),
        (Step.SUPERVISOR, 20),
        (Step.RING_DOWN, 40),
        (Step.NEXT_PATH, 60),
    ),
    Precedence.PRIORITY: (
        (Step.ALL_POSITIONS, 0),
        (Step.SUPERVISOR, 25),
        (Step.RING_DOWN, 50),
        (Step.NEXT_PATH, 75),
    ),
    Precedence.ROUTINE: ((Step.ALL_POSITIONS, 0), (Step.SUPERVISOR, 50)),
}
"""When an alarm climbs, in percent of the precedence's full window after the stage was due. ROUTINE never rings."""

STOP_ESCALATION: tuple[tuple[Step, int], ...] = ((Step.RING_DOWN, 0), (Step.NEXT_PATH, 10))
"""The same for a STOP, from its author time on: everyone is rung at once."""

WAKES: Mapping[Step, tuple[Wake, ...]] = {
    Step.ALL_POSITIONS: (Wake.POSITIONS,),
    Step.SUPERVISOR: (Wake.POSITIONS, Wake.SUPERVISOR),
    Step.RING_DOWN: (Wake.POSITIONS, Wake.SUPERVISOR, Wake.VOICE),
    Step.NEXT_PATH: (Wake.POSITIONS, Wake.SUPERVISOR, Wake.VOICE, Wake.NEXT_PATH),
}

OWN_REMEDY: Mapping[Awaited, str] = {
    Awaited.DISPLAYED: "do-read",
    Awaited.ACCEPTED: "do-accept",
    Awaited.PASSED: "do-pass",
    Awaited.ANSWERED: "do-answer",
    Awaited.READ_BACK: "do-read-back",
    Awaited.STOP: "do-answer-stop",
}
"""What to do about a stage that we owe."""

PEER_REMEDY: Mapping[Step, str] = {
    Step.ALL_POSITIONS: "do-stand-by",
    Step.SUPERVISOR: "do-tell-supervisor",
    Step.RING_DOWN: "do-ring",
    Step.NEXT_PATH: "do-use-next-path",
}
"""What to do about a stage that a peer owes."""

SILENCE_PRECEDENCE: Mapping[Cause, Precedence] = {
    Cause.PATH_DOWN: Precedence.IMMEDIATE,
    Cause.NODE_DOWN: Precedence.IMMEDIATE,
    Cause.RANG_NO_ANSWER: Precedence.IMMEDIATE,
    Cause.CONSOLE_DARK: Precedence.PRIORITY,
    Cause.DECLINED: Precedence.PRIORITY,
}
"""How urgent a silence is. A declared suspension needs nobody, so it is no alarm."""

SILENCE_REMEDY: Mapping[Cause, str] = {Cause.PATH_DOWN: "do-check-paths"}
"""What to do about a silence where that is not what `PEER_REMEDY` says."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A condition that needs a person. `condition` and `remedy` are message ids; `party` (an origin) is who is late.

    `due` is when it was due; `since` when this step of the alarm began.
    """

    origin: str
    index: int
    party: str
    condition: str
    since: Instant
    due: Instant
    step: Step
    wake: tuple[Wake, ...]
    remedy: str
    precedence: Precedence
    mark: Mark


def alarms(book: Book, receipted: Mapping[str, int], now: Instant, deadlines: Deadlines = STANDARD) -> list[Alarm]:
    """Every alarm that stands now, most urgent first. `receipted` is how far each peer (by origin) holds our log."""
    found = [late.alarm(now) for late in _late(book, receipted, now, deadlines) if late.due <= now or late.is_stop]
    return sorted(found, key=_urgency)


def next_at(book: Book, receipted: Mapping[str, int], now: Instant, deadlines: Deadlines = STANDARD) -> Instant | None:
    """By when to ask `alarms` again if nothing is said until then; None for never. It may come a minute early."""
    climbs = (time for late in _late(book, receipted, now, deadlines) for time, _ in late.climb())
    least = shortest(book, deadlines)
    ahead = (_earliest(bucket, least) for bucket in book.open_buckets)
    return min((time for times in (climbs, ahead) for time in times if time > now), default=None)


def owed_steps(
    book: Book, now: Instant, deadlines: Deadlines = STANDARD
) -> Iterator[tuple[tuple[int, int], Awaited, Instant, list[tuple[Instant, Step]]]]:
    """What we owe and are late with: entry (member, index), stage, when it was due, and when each step is reached."""
    for late in _late(book, {}, now, deadlines):
        if late.stage is not None and late.party == book.me and late.due <= now:
            yield (book.number(late.origin), late.index), late.stage, late.due, list(late.climb())


def due_times(item: Item, deadlines: Deadlines = STANDARD) -> dict[Awaited, Instant]:
    """When each stage of an item is due at every party that is not its author; empty without precedence.

    `deadlines` are those that hold for this item: `deadlines_at`.
    """
    if item.precedence is None:
        return {}
    awaited = [Awaited.RECEIVED, *map(Awaited, in_mask(item.awaits))]
    return {stage: _due(item, stage, deadlines) for stage in awaited}


def ringing(book: Book, receipted: Mapping[str, int], peer: str) -> Instant | None:
    """Since when `peer`'s node holds a FLASH or IMMEDIATE of ours about which nobody there has stated anything.

    The author time of the oldest such entry; None when there is none.
    """
    me, them, held = book.number(book.me), book.number(peer), receipted.get(peer, 0)
    rung = (
        item.time
        for bucket, items in book.open_buckets.items()
        if bucket.precedence <= Precedence.IMMEDIATE
        for item in items.values()
        if item.member == me and item.mark is Mark.OPERATION and item.index < held and not item.stated(them)
    )
    return min(rung, default=None)


@dataclass(frozen=True, slots=True)
class _Late:
    """One thing owed by `party`: late from `due` on, climbing in steps of `full_us` after."""

    origin: str
    index: int
    party: str
    condition: str
    remedy: str | None
    due: Instant
    full_us: int
    precedence: Precedence
    mark: Mark
    stage: Awaited | None = None

    @property
    def is_stop(self) -> bool:
        """Whether it rings at once, also when its author's clock runs ahead of ours."""
        return self.stage is Awaited.STOP

    def climb(self) -> Iterator[tuple[Instant, Step]]:
        for step, percent in STOP_ESCALATION if self.is_stop else ESCALATION[self.precedence]:
            yield self.due.plus(self.full_us * percent // 100), step

    def alarm(self, now: Instant) -> Alarm:
        steps = list(self.climb())
        since, step = [one for one in steps if one[0] <= now][-1] if self.due <= now else steps[0]
        return Alarm(
            self.origin,
            self.index,
            self.party,
            self.condition,
            since,
            self.due,
            step,
            WAKES[step],
            self.remedy or PEER_REMEDY[step],
            self.precedence,
            self.mark,
        )


def _urgency(alarm: Alarm) -> tuple[int, int, int, str, int, str, str]:
    place = (alarm.origin, alarm.index, alarm.condition, alarm.party)
    return alarm.mark, alarm.precedence, alarm.due, *place


def _late(book: Book, receipted: Mapping[str, int], now: Instant, deadlines: Deadlines) -> Iterator[_Late]:
    """What is owed, of items only where the first stage may be due already."""
    least = shortest(book, deadlines)
    for bucket, items in book.open_buckets.items():
        if _earliest(bucket, least) <= now:
            for place, item in items.items():
                if place not in book.state(Stops).by_place:  # its own alarm stands until it is answered
                    yield from _of_item(book, item, receipted, deadlines_at(book, item.time, item.mark, deadlines))
    yield from _of_stops(book, receipted, deadlines)
    yield from _of_trials(book, deadlines)
    yield from _of_silences(book, deadlines)


def _earliest(bucket: Bucket, deadlines: Deadlines) -> Instant:
    """Before this moment nothing in the bucket is late."""
    window = deadlines.window_us(bucket.precedence)
    if bucket.deadline_minute is not None:
        window = min(window, max(bucket.deadline_minute - bucket.minute - 1, 0) * MINUTE_US)
    percent = STAGE_PERCENT[bucket.precedence][Awaited.RECEIVED]
    return Instant(bucket.minute * MINUTE_US + window * percent // 100)


def _of_item(book: Book, item: Item, receipted: Mapping[str, int], deadlines: Deadlines) -> Iterator[_Late]:
    """The first stage that each party we have an eye on still owes: all peers for our own entries, else we."""
    me = book.number(book.me)
    owing = [number for number in book.present() if number != me] if item.member == me else [me]
    assert item.precedence is not None, "an item without precedence is never open"
    for member in owing:
        stage = _owed(book, item, member, receipted)
        if stage is None:
            continue
        own = member == me
        yield _Late(
            book.members[item.member],
            item.index,
            book.members[member],
            f"{'own' if own else 'peer'}-late-{stage.name.lower().replace('_', '-')}",
            OWN_REMEDY[stage] if own else None,
            _due(item, stage, deadlines),
            deadlines.window_us(item.precedence),
            item.precedence,
            item.mark,
            stage,
        )


def _owed(book: Book, item: Item, member: int, receipted: Mapping[str, int]) -> Awaited | None:
    ours = book.members[item.member] == book.me
    if ours and not item.stated(member) and item.index >= receipted.get(book.members[member], 0):
        return Awaited.RECEIVED
    first = next(in_mask(item.missing(member)), None)
    if first is not None:
        return Awaited(first)
    if not item.owes >> member & 1:
        return None
    return Awaited.READ_BACK if item.reads_back else Awaited.ANSWERED


def _due(item: Item, stage: Awaited, deadlines: Deadlines) -> Instant:
    assert item.precedence is not None, "an item without precedence has no clock"
    window = deadlines.window_us(item.precedence)
    if item.deadline is not None:
        if stage is Awaited.ANSWERED:
            return item.deadline
        window = min(window, max(item.deadline - item.time, 0))
    return item.time.plus(window * STAGE_PERCENT[item.precedence].get(stage, 100) // 100)


def _of_stops(book: Book, receipted: Mapping[str, int], deadlines: Deadlines) -> Iterator[_Late]:
    """Every STOP that stands, of ours at each party that has not answered, of others where we have not."""
    me = book.number(book.me)
    for row, member in unanswered(book):
        ours, own = row.member == me, member == me
        if not ours and not own:
            continue
        held = own or row.index < receipted.get(book.members[member], 0)
        yield _Late(
            book.members[row.member],
            row.index,
            book.members[member],
            "stop-standing" if own else "stop-unanswered" if held else "stop-not-received",
            "do-answer-stop" if own else None,
            row.began,
            deadlines_at(book, row.began, row.mark, deadlines).window_us(Precedence.FLASH),
            Precedence.FLASH,
            row.mark,
            Awaited.STOP,
        )


def _of_trials(book: Book, deadlines: Deadlines) -> Iterator[_Late]:
    """Per peer, the oldest test of ours that it has not answered, and our newest when it came out garbled."""
    me = book.number(book.me)
    trials = book.state(Trials)
    told: set[int] = set()
    for trial in trials.unanswered.values():
        if trial.member != me:
            continue
        for member in book.present(trial.owing(len(book.members))):
            if member not in told:
                told.add(member)
                yield _of_trial(book, trial, member, "test-unanswered", deadlines)
    for trial in trials.newest.values():
        for member, answer in trial.answers.items():
            if trial.member == me and not answer.right:
                yield _of_trial(book, trial, member, "test-garbled", deadlines)


def _of_trial(book: Book, trial: Trial, member: int, condition: str, deadlines: Deadlines) -> _Late:
    return _Late(
        book.members[trial.member],
        trial.index,
        book.members[member],
        condition,
        "do-test-paths",
        trial.time.plus(deadlines.test_answer_us),
        deadlines_at(book, trial.time, trial.mark, deadlines).priority_us,
        Precedence.PRIORITY,
        trial.mark,
    )


def _of_silences(book: Book, deadlines: Deadlines) -> Iterator[_Late]:
    """The silences of members that we have begun and not ended, but for those that were declared."""
    origins = {party_of(origin): origin for origin in book.members}
    for row in book.state(Silences).lasting.get(book.me, {}).values():
        precedence = SILENCE_PRECEDENCE.get(row.cause)
        if precedence is None or row.peer not in origins or book.is_gone(book.number(origins[row.peer])):
            continue
        yield _Late(
            row.origin,
            row.index,
            origins[row.peer],
            f"silence-{row.cause.name.lower().replace('_', '-')}",
            SILENCE_REMEDY.get(row.cause),
            row.since,
            deadlines_at(book, row.since, row.mark, deadlines).window_us(precedence),
            precedence,
            row.mark,
        )

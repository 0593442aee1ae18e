"""Kinds 11 and 12, call and call-step: who rang whom, who answered, who spoke when, and how the call ended.

A call is rung by one party and answered at any position of any other. Everything that happens to it is a step by the
party it happens to, and says at which desk. The steps of one party come in its own order and count for that party
alone, so all members that hold the same steps see the same call, in whatever order they arrived.

What is heard is not here: sound never waits for the record. A gate is open from the key on; the step says so after.
A call bears no precedence and stands beside FLASH: a suspended line takes it, and no flood of messages delays it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, IntEnum
from typing import Annotated, Literal

import msgspec

from openline.base import codec
from openline.base.errors import UsageError
from openline.base.machine import NoTransition, advance
from openline.base.schema import Body, pack
from openline.base.time import Instant
from openline.line.book import Book
from openline.line.kinds import Arguments, Asked, Change, Said, Traits, kind, verb
from openline.line.words import WATCH, Reason, Roles, Subject, reason_of, roles_of, subject_of
from openline.record.entry import Draft, Mark, Ref
from openline.voice.interpreting import INTERPRET, Arrangement, DeskName, DeskNames, arrangement

CALL = 11
CALL_STEP = 12

Cause = Annotated[str, msgspec.Meta(max_length=64)]
StepName = Literal["answered", "declined", "held", "resumed", "left", "recording-agreed", "recording-withdrawn"]
"""The steps that an officer takes; the others are the node's own, which sees the gate and the sound."""


SeatName = Literal["interpreter", "position"]
"""What a seat can be made."""


class Step(IntEnum):
    """What happened; the numbers stand in bodies."""

    ANSWERED = 1
    DECLINED = 2
    MISSED = 3
    GATE_OPENED = 4
    GATE_CLOSED = 5
    HELD = 6
    RESUMED = 7
    SOUND_LOST = 8
    SOUND_BACK = 9
    LEFT = 10
    RECORDING_AGREED = 11
    RECORDING_WITHDRAWN = 12
    INTERPRETER_SEATED = 13
    INTERPRETER_STOOD = 14


class Side(Enum):
    """How one party stands in a call."""

    RUNG = "rung"
    IN = "in"
    HOLDING = "holding"
    OUT = "out"


SIDES: Mapping[tuple[Side, Step], Side] = {
    (Side.RUNG, Step.ANSWERED): Side.IN,
    (Side.RUNG, Step.DECLINED): Side.RUNG,
    (Side.RUNG, Step.MISSED): Side.OUT,
    (Side.RUNG, Step.LEFT): Side.OUT,
    (Side.IN, Step.ANSWERED): Side.IN,
    (Side.IN, Step.GATE_OPENED): Side.IN,
    (Side.IN, Step.GATE_CLOSED): Side.IN,
    (Side.IN, Step.HELD): Side.HOLDING,
    (Side.IN, Step.SOUND_LOST): Side.IN,
    (Side.IN, Step.SOUND_BACK): Side.IN,
    (Side.IN, Step.RECORDING_AGREED): Side.IN,
    (Side.IN, Step.RECORDING_WITHDRAWN): Side.IN,
    (Side.IN, Step.INTERPRETER_SEATED): Side.IN,
    (Side.IN, Step.INTERPRETER_STOOD): Side.IN,
    (Side.IN, Step.LEFT): Side.OUT,
    (Side.HOLDING, Step.RESUMED): Side.IN,
    (Side.HOLDING, Step.SOUND_LOST): Side.HOLDING,
    (Side.HOLDING, Step.SOUND_BACK): Side.HOLDING,
    (Side.HOLDING, Step.RECORDING_AGREED): Side.HOLDING,
    (Side.HOLDING, Step.RECORDING_WITHDRAWN): Side.HOLDING,
    (Side.HOLDING, Step.INTERPRETER_SEATED): Side.HOLDING,
    (Side.HOLDING, Step.INTERPRETER_STOOD): Side.HOLDING,
    (Side.HOLDING, Step.LEFT): Side.OUT,
}
"""What may follow what, for one party. ANSWERED while IN is a further position that takes part."""


class CallBody(Body, frozen=True):
    """The body of a call: the roles it rings at the other side, and what it is about."""

    action: Roles = (WATCH,)
    subject: Subject = ""


class CallStep(Body, frozen=True):
    """The body of a step; ref 0 is the call. `cause` is a message id that says why, `reason` a person's own words.

    The others are of an interpreter's seat alone: whose it is, and the own desks that it listens and speaks to.
    """

    step: Step
    cause: Cause = ""
    reason: Reason = ""
    desk: DeskName = ""
    listens: DeskNames = ()
    speaks: DeskNames = ()


class Part:
    """One party's part in a call. Mutable; owned by `Call`.

    `desks` are the positions that take part, `speaking` those whose gate is open. `lost` is since when its sound is
    gone, by its own clock; `recording` whether it agrees to a recording of this call now. `interpreters` are those of
    its desks that interpret, whether they take part yet or not.
    """

    __slots__ = ("cause", "declined", "desks", "interpreters", "left_ms", "lost_ms", "recording", "side", "speaking")

    def __init__(self, side: Side) -> None:
        self.side = side
        self.desks: list[str] = []
        self.speaking: set[str] = set()
        self.declined: list[str] = []
        self.interpreters: dict[str, Arrangement] = {}
        self.lost_ms: int | None = None
        self.left_ms: int | None = None
        self.cause = ""
        self.recording = False

    @property
    def takes_part(self) -> bool:
        """Whether the party is in the call, on hold or not."""
        return self.side in (Side.IN, Side.HOLDING)


class Call:
    """One call. Mutable; owned by `Calls`. `parts` are by member number; the caller's is IN from the beginning."""

    __slots__ = ("action", "answered_ms", "index", "mark", "member", "parts", "time_ms")

    def __init__(self, said: Said, action: Roles, members: int) -> None:
        self.action = action
        self.member = said.member
        self.index = said.entry.index
        self.time_ms = said.leaf.time_ms
        self.mark = said.leaf.mark
        self.answered_ms: dict[int, int] = {}
        self.parts = [Part(Side.RUNG) for _ in range(members)]
        self.parts[said.member] = own = Part(Side.IN)
        own.desks.append(said.leaf.desk)

    @property
    def place(self) -> tuple[int, int]:
        """Member and index of the call's entry."""
        return self.member, self.index

    @property
    def ended(self) -> bool:
        """Whether fewer than two parties are left that take part or are still rung."""
        return sum(part.side is not Side.OUT for part in self.parts) < 2

    @property
    def up(self) -> bool:
        """Whether two parties or more take part."""
        return sum(part.takes_part for part in self.parts) > 1

    @property
    def recorded(self) -> bool:
        """Whether everybody who takes part agrees to a recording now."""
        return self.up and all(part.recording for part in self.parts if part.takes_part)

    @property
    def time(self) -> Instant:
        """When its author says it was rung."""
        return Instant.from_ms(self.time_ms)


class Calls:
    """Every call of the line. Mutable; owned by the book. `open` are those that have not ended."""

    def __init__(self) -> None:
        self.by_place: dict[tuple[int, int], Call] = {}
        self.open: dict[tuple[int, int], Call] = {}

    def snapshot(self) -> codec.Value:
        """Every call with its parts, in order."""
        return [
            [*place, call.time_ms, int(call.mark), [_row(part) for part in call.parts]]
            for place, call in sorted(self.by_place.items())
        ]


def step_name(what: Step) -> str:
    """How a step is called where people and programs meet it: `gate-opened`."""
    return what.name.lower().replace("_", "-")


def step(ref: Ref, what: Step, desk: str, mark: Mark, cause: str = "", reason: str = "") -> Draft:
    """The draft of a step of the call that `ref` names, at `desk`."""
    return Draft(CALL_STEP, pack(CallStep(step=what, cause=cause, reason=reason)), desk, (ref,), mark=mark)


def ring(desk: str, mark: Mark, roles: Roles = (WATCH,), subject: str = "") -> Draft:
    """The draft of a call."""
    return Draft(CALL, pack(CallBody(action=roles, subject=subject)), desk, mark=mark)


def _row(part: Part) -> codec.Value:
    return [
        part.side.value,
        sorted(part.desks),
        sorted(part.speaking),
        sorted(part.declined),
        part.lost_ms,
        part.left_ms,
        part.cause,
        part.recording,
        [[desk, list(row.listens), list(row.speaks)] for desk, row in sorted(part.interpreters.items())],
    ]


def _apply_call(book: Book, said: Said, body: CallBody) -> Sequence[Change]:
    calls = book.state(Calls)
    call = Call(said, body.action, len(book.members))
    calls.by_place[call.place] = calls.open[call.place] = call
    return [Change("call", said.entry.origin, said.entry.index, "rung")]


def _apply_step(book: Book, said: Said, body: CallStep) -> Sequence[Change]:
    ref = said.leaf.refs[0]
    calls = book.state(Calls)
    call = calls.by_place.get((book.number(ref.origin), ref.index))
    if call is None:
        return [book.fault(said, "fault-target-wrong", target=book.registry.name(book.kind_at(ref.origin, ref.index)))]
    if call.mark is not said.leaf.mark:
        return [book.fault(said, "fault-mark-differs", mark=said.leaf.mark.name, expected=call.mark.name)]
    part = call.parts[said.member]
    try:
        part.side = advance(SIDES, part.side, body.step)
    except NoTransition:
        return [book.fault(said, "fault-step-not-possible", step=body.step.name, state=part.side.name)]
    _take(part, body, said)
    if body.step is Step.ANSWERED:
        call.answered_ms.setdefault(said.member, said.leaf.time_ms)
    if call.ended:
        calls.open.pop(call.place, None)
    return [Change("call", ref.origin, ref.index, step_name(body.step))]


def _take(part: Part, body: CallStep, said: Said) -> None:
    desk, time_ms = said.leaf.desk, said.leaf.time_ms
    match body.step:
        case Step.ANSWERED | Step.DECLINED:
            desks = part.desks if body.step is Step.ANSWERED else part.declined
            if desk not in desks:
                desks.append(desk)
        case Step.GATE_OPENED:
            part.speaking.add(desk)
        case Step.GATE_CLOSED:
            part.speaking.discard(desk)
        case Step.SOUND_LOST | Step.SOUND_BACK:
            lost = body.step is Step.SOUND_LOST
            part.lost_ms, part.cause = (time_ms if lost else None), body.cause
        case Step.RECORDING_AGREED | Step.RECORDING_WITHDRAWN:
            part.recording = body.step is Step.RECORDING_AGREED
        case Step.INTERPRETER_SEATED | Step.INTERPRETER_STOOD:
            _arrange(part, body, desk)
        case Step.HELD | Step.RESUMED:
            part.speaking.clear()
        case Step.MISSED | Step.LEFT:
            part.speaking.clear()
            part.interpreters.clear()
            part.recording = False
            part.left_ms, part.cause = time_ms, body.cause


def _arrange(part: Part, body: CallStep, desk: str) -> None:
    """Who takes an interpreter's seat at its own desk takes part with it."""
    if body.step is Step.INTERPRETER_STOOD:
        part.interpreters.pop(body.desk, None)
        return
    part.interpreters[body.desk] = Arrangement(body.listens, body.speaks)
    if body.desk == desk and desk not in part.desks:
        part.desks.append(desk)


class Ring(Arguments, frozen=True, kw_only=True):
    """Arguments of `ring`: the roles to be rung at the other side, and what it is about."""

    action: tuple[str, ...] = (WATCH,)
    subject: str = ""


class Take(Arguments, frozen=True, kw_only=True):
    """Arguments of `call`: the call's id, what our side does, and why in one's own words."""

    call: str
    step: StepName
    reason: str = ""


class Seat(Arguments, frozen=True, kw_only=True):
    """Arguments of `seat`: the call's id, one of our desks, what its seat is, and the lists of an interpreter."""

    call: str
    desk: str
    kind: SeatName
    listens: tuple[str, ...] = ()
    speaks: tuple[str, ...] = ()


def call_of(book: Book, text: str) -> Call:
    """The call an id names. Raises UsageError when there is none of that id."""
    origin, index = book.find(text)
    call = book.state(Calls).by_place.get((book.number(origin), index))
    if call is None:
        raise UsageError("call-unknown", entry=text, line=book.line)
    return call


def _ring(book: Book, asked: Asked, values: Ring) -> Sequence[Draft]:
    for call in book.state(Calls).open.values():
        if call.mark is asked.mark and call.parts[book.number(asked.me)].side is not Side.OUT:
            raise UsageError("call-under-way", line=book.line, entry=book.label(book.members[call.member], call.index))
    action, _ = roles_of(values.action, ())
    return [ring(asked.desk, asked.mark, action, subject_of(values.subject))]


def _step(book: Book, asked: Asked, values: Take) -> Sequence[Draft]:
    call, what = call_of(book, values.call), Step[values.step.upper().replace("-", "_")]
    ref, _ = _possible(book, asked, call, what)
    return [step(ref, what, asked.desk, call.mark, reason=reason_of(values.reason))]


def _seat(book: Book, asked: Asked, values: Seat) -> Sequence[Draft]:
    """An officer makes any desk an interpreter's seat; who takes it, at its own desk, must be one who interprets."""
    call, seats = call_of(book, values.call), values.kind == "interpreter"
    what = Step.INTERPRETER_SEATED if seats else Step.INTERPRETER_STOOD
    ref, part = _possible(book, asked, call, what)
    if seats and values.desk == asked.desk and not {INTERPRET, "all"} & asked.may:
        raise UsageError("not-allowed", desk=asked.desk, capability=INTERPRET)
    wanted = arrangement(values.desk, *((values.listens, values.speaks) if seats else ((), ())))
    takes_part = not seats or values.desk != asked.desk or values.desk in part.desks
    if part.interpreters.get(values.desk) == (wanted if seats else None) and takes_part:
        return []
    body = CallStep(step=what, desk=values.desk, listens=wanted.listens, speaks=wanted.speaks)
    return [Draft(CALL_STEP, pack(body), asked.desk, (ref,), mark=call.mark)]


def _possible(book: Book, asked: Asked, call: Call, what: Step) -> tuple[Ref, Part]:
    """The ref of the call and our part in it. Raises UsageError when the step cannot be taken now."""
    part, origin = call.parts[book.number(asked.me)], book.members[call.member]
    if call.ended or (part.side, what) not in SIDES:
        entry, state = book.label(origin, call.index), part.side.value
        raise UsageError("call-step-not-possible", entry=entry, step=step_name(what), state=state)
    return book.ref(origin, call.index), part


CALL_KIND = kind(
    CALL,
    "call",
    CallBody,
    _apply_call,
    (verb("ring", "call", "Ring the other side", Ring, _ring),),
    Traits(fresh=Calls),
)

STEP_KIND = kind(
    CALL_STEP,
    "call-step",
    CallStep,
    _apply_step,
    (
        verb("call", "call", "Answer, decline, hold or leave a call", Take, _step),
        verb("seat", "call", "Give or take an interpreter's seat in a call", Seat, _seat),
    ),
    Traits(refs_needed=1),
)

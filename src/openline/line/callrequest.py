"""Kinds 22 and 23, call-request and request-answer: one side asks for a call, the other answers or does not (R40).

The other side alone answers, and each of its answers takes the place of the one before. That none came by the
deadline is computed and is no answer: it is not a refusal. An answer that comes late is kept and shown as late.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, IntEnum
from typing import Literal

import msgspec

from openline.base import codec
from openline.base.errors import UsageError
from openline.base.schema import Body, pack
from openline.base.time import HOUR_US, MINUTE_US, Instant
from openline.line.answering import answered, check_possible, settle, target_of
from openline.line.book import Book
from openline.line.contact import (
    Medium,
    MediumName,
    Place,
    asked_level,
    medium_of,
    own_word,
    same_mark,
    stands,
)
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.level import Level
from openline.line.status import refuse_suspended
from openline.line.words import (
    LANGUAGE,
    Language,
    Milliseconds,
    PrecedenceName,
    Reason,
    Role,
    Subject,
    deadline_of,
    language_of,
    precedence_of,
    reason_of,
    role_of,
    subject_of,
    time_of,
)
from openline.record.entry import Draft, Mark

CALL_REQUEST = 22
REQUEST_ANSWER = 23
MINUTE_MS = MINUTE_US // 1000
EVERY_MS_MIN = HOUR_US // 1000
"""How often a call may be wished at most."""


class Answer(IntEnum):
    """What the other side answers; the numbers stand in bodies."""

    ACCEPT = 1
    PROPOSE = 2
    DELEGATE = 3
    DECLINE = 4


class RequestState(Enum):
    """How a request stands with one party. NONE: its deadline has passed without an answer."""

    OPEN = "open"
    ACCEPTED = "accepted"
    PROPOSED = "proposed"
    DELEGATED = "delegated"
    DECLINED = "declined"
    NONE = "none"


ANSWERED: Mapping[tuple[RequestState, Answer], RequestState] = {
    (RequestState.OPEN, Answer.ACCEPT): RequestState.ACCEPTED,
    (RequestState.OPEN, Answer.PROPOSE): RequestState.PROPOSED,
    (RequestState.OPEN, Answer.DELEGATE): RequestState.DELEGATED,
    (RequestState.OPEN, Answer.DECLINE): RequestState.DECLINED,
    (RequestState.ACCEPTED, Answer.PROPOSE): RequestState.PROPOSED,
    (RequestState.ACCEPTED, Answer.DELEGATE): RequestState.DELEGATED,
    (RequestState.ACCEPTED, Answer.DECLINE): RequestState.DECLINED,
    (RequestState.PROPOSED, Answer.ACCEPT): RequestState.ACCEPTED,
    (RequestState.PROPOSED, Answer.PROPOSE): RequestState.PROPOSED,
    (RequestState.PROPOSED, Answer.DELEGATE): RequestState.DELEGATED,
    (RequestState.PROPOSED, Answer.DECLINE): RequestState.DECLINED,
    (RequestState.DELEGATED, Answer.ACCEPT): RequestState.ACCEPTED,
    (RequestState.DELEGATED, Answer.PROPOSE): RequestState.PROPOSED,
    (RequestState.DELEGATED, Answer.DELEGATE): RequestState.DELEGATED,
    (RequestState.DELEGATED, Answer.DECLINE): RequestState.DECLINED,
    (RequestState.DECLINED, Answer.ACCEPT): RequestState.ACCEPTED,
    (RequestState.DECLINED, Answer.PROPOSE): RequestState.PROPOSED,
    (RequestState.DECLINED, Answer.DELEGATE): RequestState.DELEGATED,
}
"""What a party may answer when: it may change its mind, and says neither yes nor no twice. NONE is as OPEN here."""


class CallRequest(Body, frozen=True):
    """The body. The window is when the call is wished, both times or neither; reply-by stands in the leaf.

    With `every_ms` the call is wished again and again: the window is that of the first time, and no time begins at
    `last_ms` or later.
    """

    level: Level
    subject: Subject
    medium: Medium = Medium.CALL
    from_ms: Milliseconds | None = None
    until_ms: Milliseconds | None = None
    language: Language = LANGUAGE
    label: Subject = ""
    every_ms: Milliseconds | None = None
    last_ms: Milliseconds | None = None


class RequestAnswer(Body, frozen=True):
    """The body; ref 0 is the request. PROPOSE has a window, ACCEPT may; DELEGATE has `level` or `to`."""

    answer: Answer
    from_ms: Milliseconds | None = None
    until_ms: Milliseconds | None = None
    level: Level | None = None
    to: Role | None = None
    reason: Reason = ""


class Answered(msgspec.Struct, frozen=True):
    """One answer that counted: by which entry, when, which, and what the request was then."""

    member: int
    index: int
    time_ms: int
    answer: Answer
    state: RequestState
    from_ms: int | None
    until_ms: int | None


class Request:
    """One request and its answers by member, in the order of each log. Mutable; owned by `Requests`."""

    __slots__ = (
        *("answers", "deadline_ms", "every_ms", "from_ms", "index", "last_ms", "level", "mark", "medium", "member"),
        *("time_ms", "until_ms"),
    )

    def __init__(self, said: Said, body: CallRequest) -> None:
        self.member = said.member
        self.index = said.entry.index
        self.time_ms = said.leaf.time_ms
        self.deadline_ms = said.leaf.deadline_ms
        self.mark = said.leaf.mark
        self.level = body.level
        self.medium = body.medium
        self.from_ms, self.until_ms = body.from_ms, body.until_ms
        self.every_ms, self.last_ms = body.every_ms, body.last_ms
        self.answers: dict[int, list[Answered]] = {}

    @property
    def place(self) -> Place:
        """Member and index of the entry."""
        return self.member, self.index

    def said(self, member: int) -> RequestState:
        """What `member` has answered last, OPEN while nothing."""
        rows = self.answers.get(member)
        return rows[-1].state if rows else RequestState.OPEN

    def state(self, member: int, now: Instant) -> RequestState:
        """How it stands with `member`: NONE from its deadline on while nothing was answered."""
        last = self.said(member)
        over = self.deadline_ms is not None and now.ms > self.deadline_ms
        return RequestState.NONE if last is RequestState.OPEN and over else last

    def late(self, member: int) -> bool:
        """Whether the first answer of `member` came after the deadline, by its own clock."""
        rows = self.answers.get(member)
        return bool(rows) and self.deadline_ms is not None and rows is not None and rows[0].time_ms > self.deadline_ms


class Requests:
    """Every request for a call. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.by_place: dict[Place, Request] = {}

    def snapshot(self) -> codec.Value:
        """Every request with its answers, in order."""
        return [
            [
                *place,
                request.time_ms,
                request.deadline_ms,
                int(request.mark),
                int(request.level),
                int(request.medium),
                [request.from_ms, request.until_ms, request.every_ms, request.last_ms],
                [
                    [row.member, row.index, row.time_ms, int(row.answer), row.state.value, row.from_ms, row.until_ms]
                    for member in sorted(request.answers)
                    for row in request.answers[member]
                ],
            ]
            for place, request in sorted(self.by_place.items())
        ]


class AskForCall(Arguments, frozen=True, kw_only=True):
    """Arguments of `request`. Times are RFC 3339; `reply_by` is by when an answer is asked for.

    `every` is after how many minutes the call is wished again, `last` before when.
    """

    level: str
    subject: str
    medium: MediumName = "call"
    from_: str | None = msgspec.field(default=None, name="from")
    until: str | None = None
    precedence: PrecedenceName = "routine"
    reply_by: str | None = None
    language: str = LANGUAGE
    label: str = ""
    every: int | None = None
    last: str | None = None


class AnswerRequest(Arguments, frozen=True, kw_only=True):
    """Arguments of `answer-request`: which request, and what we answer."""

    entry: str
    answer: Literal["accept", "propose", "delegate", "decline"]
    from_: str | None = msgspec.field(default=None, name="from")
    until: str | None = None
    level: str | None = None
    to: str | None = None
    reason: str = ""


def request_of(book: Book, text: str) -> Request:
    """The request that an entry id names. Raises UsageError when that entry is none."""
    origin, index = book.find(text)
    found = book.state(Requests).by_place.get((book.number(origin), index))
    if found is None:
        raise UsageError("request-unknown", entry=book.label(origin, index), line=book.line)
    return found


def window_of(begin: str | None, end: str | None) -> tuple[int | None, int | None]:
    """A window of time, both ends or none. Raises UsageError when one end is missing or they are in wrong order."""
    if begin is None and end is None:
        return None, None
    if begin is None or end is None:
        raise UsageError("window-wrong")
    from_ms, until_ms = time_of(begin).ms, time_of(end).ms
    if until_ms <= from_ms:
        raise UsageError("window-wrong")
    return from_ms, until_ms


def window_fits(from_ms: int | None, until_ms: int | None) -> bool:
    """Whether both ends of a window are there, in order, or neither."""
    if from_ms is None or until_ms is None:
        return from_ms is until_ms
    return from_ms < until_ms


def recurs_well(body: CallRequest) -> bool:
    """Whether a request does not recur, or has a window for each time and its times are an hour or more apart."""
    if body.every_ms is None:
        return body.last_ms is None
    if body.from_ms is None or body.until_ms is None or body.every_ms < EVERY_MS_MIN:
        return False
    return body.until_ms - body.from_ms <= body.every_ms and (body.last_ms is None or body.from_ms < body.last_ms)


def _apply(book: Book, said: Said, body: CallRequest) -> Sequence[Change]:
    if not window_fits(body.from_ms, body.until_ms) or not recurs_well(body):
        return [book.fault(said, "fault-window-wrong")]
    item = book.item(said.entry.origin, said.entry.index)
    assert item is not None
    item.clock()
    request = Request(said, body)
    book.state(Requests).by_place[request.place] = request
    return [book.changed(item, "new")]


def _apply_answer(book: Book, said: Said, body: RequestAnswer) -> Sequence[Change]:
    request = target_of(book, said, book.state(Requests).by_place)
    if isinstance(request, Change):
        return [request]
    if not _complete(body):
        return [book.fault(said, "fault-answer-incomplete", answer=body.answer.name)]
    state = answered(book, said, ANSWERED, request.said(said.member), body.answer)
    if isinstance(state, Change):
        return [state]
    leaf = said.leaf
    row = Answered(said.member, said.entry.index, leaf.time_ms, body.answer, state, body.from_ms, body.until_ms)
    request.answers.setdefault(said.member, []).append(row)
    return [settle(book, said, state.value)]


def _complete(body: RequestAnswer) -> bool:
    if not window_fits(body.from_ms, body.until_ms):
        return False
    match body.answer:
        case Answer.PROPOSE:
            return body.from_ms is not None
        case Answer.DELEGATE:
            return body.level is not None or body.to is not None
        case Answer.ACCEPT | Answer.DECLINE:
            return body.level is None and body.to is None


def _request(book: Book, asked: Asked, values: AskForCall) -> Sequence[Draft]:
    precedence = precedence_of(values.precedence)
    refuse_suspended(book, asked.mark, precedence)
    from_ms, until_ms = window_of(values.from_, values.until)
    if not values.subject.strip():
        raise UsageError("subject-missing")
    body = CallRequest(
        level=asked_level(book, asked, values.level),
        subject=subject_of(values.subject),
        medium=medium_of(values.medium),
        from_ms=from_ms,
        until_ms=until_ms,
        language=language_of(values.language),
        label=subject_of(values.label or own_word(values.level)),
        every_ms=None if values.every is None else values.every * MINUTE_MS,
        last_ms=None if values.last is None else time_of(values.last).ms,
    )
    if not recurs_well(body):
        raise UsageError("recurrence-wrong")
    deadline = deadline_of(values.reply_by, asked.now)
    return [
        Draft(CALL_REQUEST, pack(body), asked.desk, precedence=precedence, deadline=deadline, mark=asked.mark),
    ]


def _answer(book: Book, asked: Asked, values: AnswerRequest) -> Sequence[Draft]:
    request = request_of(book, values.entry)
    if book.members[request.member] == asked.me:
        raise UsageError("request-own", entry=values.entry)
    if not stands(book, request.place):
        raise UsageError("request-withdrawn", entry=values.entry)
    answer = Answer[values.answer.upper()]
    check_possible(ANSWERED, request.said(book.number(asked.me)), answer, values.entry)
    from_ms, until_ms = window_of(values.from_, values.until)
    body = RequestAnswer(
        answer=answer,
        from_ms=from_ms,
        until_ms=until_ms,
        level=None if values.level is None else asked_level(book, asked, values.level),
        to=None if values.to is None else role_of(values.to),
        reason=reason_of(values.reason),
    )
    if not _complete(body):
        raise UsageError("answer-incomplete", answer=values.answer)
    mark: Mark = same_mark(book, asked, request.place, request.mark)
    ref = book.ref(book.members[request.member], request.index)
    return [Draft(REQUEST_ANSWER, pack(body), asked.desk, (ref,), mark=mark)]


REQUEST_KIND = kind(
    CALL_REQUEST,
    "call-request",
    CallRequest,
    _apply,
    (verb("request", "request", "Ask the other side for a call", AskForCall, _request),),
    Traits(
        fresh=Requests,
        takes=frozenset({Takes.RECEIPT, Takes.TRANSLATION, Takes.CANCELLATION, Takes.STATEMENT}),
    ),
)

ANSWER_KIND = kind(
    REQUEST_ANSWER,
    "request-answer",
    RequestAnswer,
    _apply_answer,
    (verb("answer-request", "request", "Answer a request for a call", AnswerRequest, _answer),),
    Traits(takes=frozenset({Takes.RECEIPT, Takes.TRANSLATION, Takes.STATEMENT}), refs_needed=1),
)

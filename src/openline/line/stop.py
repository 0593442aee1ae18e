"""Kinds 35 and 36, stop and stop-answer: one party calls STOP, and it stands until each other party has answered (R66).

A STOP is a FLASH that rings everyone. Nothing but a stop-answer of the other side closes it: no receipt, no reply, no
withdrawal, no time that has passed. Its clock is computed by all members alike from leaves alone: it runs from the
author time of the STOP to the author time of the first answer, and no answer counts as given before the STOP it names,
whatever the clocks say. Answers after the first are kept and shown; they never open the STOP again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, IntEnum
from typing import Literal

import msgspec

from openline.base import codec
from openline.base.errors import UsageError
from openline.base.schema import Body, pack
from openline.base.time import Instant
from openline.line.answering import answered, check_possible, settle, target_of
from openline.line.book import Book
from openline.line.contact import Place, same_mark
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.words import (
    LANGUAGE,
    Language,
    Reason,
    Subject,
    Words,
    language_of,
    reason_of,
    subject_of,
    urgent_text_of,
)
from openline.record.entry import Draft, Precedence

STOP = 35
STOP_ANSWER = 36

AnswerName = Literal["stopped", "not-ours", "unable"]


class StopWord(IntEnum):
    """What the other side answers to a STOP; the numbers stand in bodies."""

    STOPPED = 1
    NOT_OURS = 2
    UNABLE = 3


class StopState(Enum):
    """How a STOP stands with one party. STANDING has no end but an answer."""

    STANDING = "standing"
    STOPPED = "stopped"
    NOT_OURS = "not-ours"
    UNABLE = "unable"


CLOSED_BY: Mapping[tuple[StopState, StopWord], StopState] = {
    (StopState.STANDING, StopWord.STOPPED): StopState.STOPPED,
    (StopState.STANDING, StopWord.NOT_OURS): StopState.NOT_OURS,
    (StopState.STANDING, StopWord.UNABLE): StopState.UNABLE,
    (StopState.STOPPED, StopWord.NOT_OURS): StopState.NOT_OURS,
    (StopState.STOPPED, StopWord.UNABLE): StopState.UNABLE,
    (StopState.NOT_OURS, StopWord.STOPPED): StopState.STOPPED,
    (StopState.NOT_OURS, StopWord.UNABLE): StopState.UNABLE,
    (StopState.UNABLE, StopWord.STOPPED): StopState.STOPPED,
    (StopState.UNABLE, StopWord.NOT_OURS): StopState.NOT_OURS,
}
"""What a party may answer when. It may learn better and say so; nothing leads back to STANDING."""


class Stop(Body, frozen=True):
    """The body. A ref names the entry it is about, a notice or a message; `place` where it holds; one of both."""

    place: Subject = ""
    text: Words = ""
    language: Language = LANGUAGE


class StopAnswer(Body, frozen=True):
    """The body; ref 0 is the STOP."""

    answer: StopWord
    note: Reason = ""


class StopAnswered(msgspec.Struct, frozen=True):
    """One answer that counts: by which entry, from which desk, when by its author's clock, and what it says."""

    member: int
    index: int
    time_ms: int
    desk: str
    answer: StopWord
    state: StopState


class Stopping:
    """One STOP and its answers by member, in the order of each log. Mutable; owned by `Stops`."""

    __slots__ = ("answers", "index", "mark", "member", "place_text", "time_ms")

    def __init__(self, said: Said, place_text: str) -> None:
        self.member = said.member
        self.index = said.entry.index
        self.time_ms = said.leaf.time_ms
        self.mark = said.leaf.mark
        self.place_text = place_text
        self.answers: dict[int, list[StopAnswered]] = {}

    @property
    def place(self) -> Place:
        """Member and index of the entry."""
        return self.member, self.index

    @property
    def began(self) -> Instant:
        """From when its clock runs: author time."""
        return Instant.from_ms(self.time_ms)

    def state(self, member: int) -> StopState:
        """What `member` has answered last, STANDING while nothing."""
        rows = self.answers.get(member)
        return rows[-1].state if rows else StopState.STANDING

    def owing(self, members: int) -> list[int]:
        """The parties that have not answered; the STOP stands while there is one."""
        return [each for each in range(members) if each != self.member and each not in self.answers]

    def took_us(self, member: int) -> int | None:
        """How long the first answer of `member` took; None while there is none. Never negative."""
        rows = self.answers.get(member)
        return None if not rows else max(0, Instant.from_ms(rows[0].time_ms) - self.began)

    def clock_us(self, member: int, now: Instant) -> int:
        """What the clock between the author and `member` shows: it runs until the first answer."""
        took = self.took_us(member)
        return max(0, now - self.began) if took is None else took


class Stops:
    """Every STOP. `standing` are those that some party has not answered. Mutable; owned by the book."""

    def __init__(self) -> None:
        self.by_place: dict[Place, Stopping] = {}
        self.standing: dict[Place, Stopping] = {}

    def snapshot(self) -> codec.Value:
        """Every STOP with its answers, in order."""
        return [
            [
                *place,
                row.time_ms,
                int(row.mark),
                row.place_text,
                place in self.standing,
                [
                    [one.member, one.index, one.time_ms, one.desk, int(one.answer), one.state.value]
                    for member in sorted(row.answers)
                    for one in row.answers[member]
                ],
            ]
            for place, row in sorted(self.by_place.items())
        ]


class CallStop(Arguments, frozen=True, kw_only=True):
    """Arguments of `stop`: what it is about, an entry or a place in words. The text may be left out."""

    about: str | None = None
    place: str = ""
    text: str = ""
    language: str = LANGUAGE


class AnswerStop(Arguments, frozen=True, kw_only=True):
    """Arguments of `answer-stop`."""

    entry: str
    answer: AnswerName
    note: str = ""


def stop_of(book: Book, text: str) -> Stopping:
    """The STOP that an entry id names. Raises UsageError when that entry is none."""
    origin, index = book.find(text)
    found = book.state(Stops).by_place.get((book.number(origin), index))
    if found is None:
        raise UsageError("stop-unknown", entry=book.label(origin, index), line=book.line)
    return found


def unanswered(book: Book) -> Iterator[tuple[Stopping, int]]:
    """Every STOP that stands, with each party that has not answered it and has not left."""
    for row in book.state(Stops).standing.values():
        for member in book.present(row.owing(len(book.members))):
            yield row, member


def _apply(book: Book, said: Said, body: Stop) -> Sequence[Change]:
    """Whatever is wrong with its form, a STOP stands."""
    item = book.item(said.entry.origin, said.entry.index)
    assert item is not None
    item.flash()
    row = Stopping(said, book.word(body.place))
    for member in row.owing(len(book.members)):
        item.owe(member, is_owed=True)
    stops = book.state(Stops)
    stops.by_place[row.place] = row
    stops.standing[row.place] = row
    return [book.changed(item, "stop")]


def _apply_answer(book: Book, said: Said, body: StopAnswer) -> Sequence[Change]:
    stops = book.state(Stops)
    row = target_of(book, said, stops.by_place)
    if isinstance(row, Change):
        return [row]
    state = answered(book, said, CLOSED_BY, row.state(said.member), body.answer)
    if isinstance(state, Change):
        return [state]
    leaf = said.leaf
    told = StopAnswered(said.member, said.entry.index, leaf.time_ms, book.word(leaf.desk), body.answer, state)
    row.answers.setdefault(said.member, []).append(told)
    if not row.owing(len(book.members)):
        stops.standing.pop(row.place, None)
    item = book.item(leaf.refs[0].origin, leaf.refs[0].index)
    assert item is not None, "a STOP is an item"
    item.owe(said.member, is_owed=False)
    book.review(item)
    return [settle(book, said, state.value)]


def _stop(book: Book, asked: Asked, values: CallStop) -> Sequence[Draft]:
    """A suspended line takes it, and so does one under EMCON: it is an officer who says it."""
    if values.about is None and not values.place.strip():
        raise UsageError("stop-unbound")
    refs = () if values.about is None else (book.ref(*book.find(values.about)),)
    if values.text:
        urgent_text_of(values.text, Precedence.FLASH)
    body = Stop(place=subject_of(values.place), text=values.text, language=language_of(values.language))
    return [Draft(STOP, pack(body), asked.desk, refs, precedence=Precedence.FLASH, mark=asked.mark)]


def _answer(book: Book, asked: Asked, values: AnswerStop) -> Sequence[Draft]:
    row = stop_of(book, values.entry)
    if book.members[row.member] == asked.me:
        raise UsageError("stop-own", entry=values.entry)
    answer = StopWord[values.answer.upper().replace("-", "_")]
    state = row.state(book.number(asked.me))
    check_possible(CLOSED_BY, state, answer, values.entry)
    mark = same_mark(book, asked, row.place, row.mark)
    body = StopAnswer(answer=answer, note=reason_of(values.note))
    ref = book.ref(book.members[row.member], row.index)
    return [Draft(STOP_ANSWER, pack(body), asked.desk, (ref,), precedence=Precedence.FLASH, mark=mark)]


STOP_KIND = kind(
    STOP,
    "stop",
    Stop,
    _apply,
    (verb("stop", "accept", "Call STOP: it rings everyone and stands until answered", CallStop, _stop),),
    Traits(fresh=Stops, takes=frozenset({Takes.RECEIPT, Takes.TRANSLATION})),
)

ANSWER_KIND = kind(
    STOP_ANSWER,
    "stop-answer",
    StopAnswer,
    _apply_answer,
    (verb("answer-stop", "accept", "Answer a STOP: STOPPED, NOT OURS or UNABLE", AnswerStop, _answer),),
    Traits(takes=frozenset({Takes.RECEIPT, Takes.TRANSLATION}), refs_needed=1),
)

"""Kinds 33 and 34, charter and charter-answer: what the parties of a line agree on for it, and their assent (R46).

One party proposes, and thereby assents; each other one answers ASSENT or REFUSE. What is assented to is these very
bytes, by the hash in the ref. The author may withdraw a proposal; whoever has assented may give notice (DENOUNCE),
which every other one sees with a clock. What is in force when is computed in `force`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from openline.base.errors import UsageError
from openline.base.limits import BODY_BYTES_MAX, CHARTER_ANSWER_US
from openline.base.schema import Body, pack
from openline.base.time import MINUTE_US
from openline.line.answering import answered, check_possible, settle, target_of
from openline.line.asking import check_room
from openline.line.book import Book
from openline.line.clause import (
    Charter,
    ChecksGiven,
    DueGiven,
    Side,
    SideGiven,
    WordingGiven,
    checks_of,
    due_of,
    purpose_of,
    scope_of,
    side_of,
    wordings_of,
)
from openline.line.contact import party_id, same_mark
from openline.line.force import (
    AUTHORS,
    OTHERS,
    OVER,
    Chartered,
    Charters,
    CharterState,
    Stand,
    Word,
    members_named,
    state_of,
)
from openline.line.ids import party_of
from openline.line.item import Act, Stage, mask
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.schedule import time_of_day
from openline.line.status import refuse_suspended
from openline.line.words import LANGUAGE, Attached, Reason, attachments_of, deadline_of, language_of, reason_of, time_of
from openline.record.entry import Draft, Precedence

CHARTER = 33
CHARTER_ANSWER = 34
MAY = "charter"
"""The capability to propose a charter and to bind the party to one."""


class CharterAnswer(Body, frozen=True):
    """The body; ref 0 is the charter."""

    word: Word
    reason: Reason = ""


class ProposeCharter(Arguments, frozen=True, kw_only=True):
    """Arguments of `propose-charter`. Times are RFC 3339; without `valid_from` it holds from the last assent on.

    `sides` has each party of the line once. `scope` may be left out where `attachments` have it.
    """

    purpose: str
    sides: tuple[SideGiven, ...]
    checks: ChecksGiven
    due: DueGiven
    scope: str = ""
    language: str = LANGUAGE
    formulas: tuple[WordingGiven, ...] = ()
    valid_from: str | None = None
    reply_by: str | None = None
    attachments: tuple[Attached, ...] = ()


class AnswerCharter(Arguments, frozen=True, kw_only=True):
    """Arguments of `answer-charter`; who refuses says why."""

    entry: str
    answer: Literal["assent", "refuse"]
    reason: str = ""


class EndCharter(Arguments, frozen=True, kw_only=True):
    """Arguments of `withdraw-charter` and `denounce-charter`; who gives notice says why."""

    entry: str
    reason: str = ""


def charter_of(book: Book, text: str) -> Chartered:
    """The charter that an entry id names. Raises UsageError when that entry is none."""
    origin, index = book.find(text)
    found = book.state(Charters).by_place.get((book.number(origin), index))
    if found is None:
        raise UsageError("charter-unknown", entry=book.label(origin, index), line=book.line)
    return found


def _apply(book: Book, said: Said, body: Charter) -> Sequence[Change]:
    named = members_named(book, body)
    if named is None or said.member not in named:
        return [book.fault(said, "fault-charter-parties")]
    row = Chartered(said, body, named)
    book.state(Charters).by_place[row.place] = row
    item = book.item(said.entry.origin, said.entry.index)
    assert item is not None
    item.clock()
    item.awaits |= mask(Stage.ANSWERED)
    return [book.changed(item, "new")]


def _apply_answer(book: Book, said: Said, body: CharterAnswer) -> Sequence[Change]:
    charters = book.state(Charters)
    row = target_of(book, said, charters.by_place, is_own_too=True)
    if isinstance(row, Change):
        return [row]
    if said.member not in row.parties:
        return [book.fault(said, "fault-charter-not-named")]
    own = said.member == row.member
    stand = answered(book, said, AUTHORS if own else OTHERS, row.stand(said.member), body.word)
    if isinstance(stand, Change):
        return [stand]
    row.say(said, body.word, stand)
    charters.settle(row)
    return [_told(book, said, row, body.word)]


def _told(book: Book, said: Said, row: Chartered, word: Word) -> Change:
    """What the word does to the clocks: an answer ends that of its party, a withdrawal all, and notice has its own."""
    item, answer = book.item_at(*row.place), book.item(said.entry.origin, said.entry.index)
    assert item is not None
    assert answer is not None
    match word:
        case Word.ASSENT | Word.REFUSE:
            return settle(book, said, row.stand(said.member).value)
        case Word.WITHDRAW:
            book.change(item, Act.CANCEL, said)
        case Word.DENOUNCE:
            answer.clock()
    return book.changed(item, row.stand(said.member).value)


def _propose(book: Book, asked: Asked, values: ProposeCharter) -> Sequence[Draft]:
    refuse_suspended(book, asked.mark, Precedence.ROUTINE)
    attached = attachments_of(values.attachments)
    body = Charter(
        purpose=purpose_of(values.purpose),
        sides=_sides(book, values.sides),
        checks=checks_of(values.checks, [time_of_day(time) // MINUTE_US for time in values.checks.times]),
        due=due_of(values.due),
        scope=scope_of(values.scope, attached),
        language=language_of(values.language),
        formulas=wordings_of(values.formulas),
        from_ms=0 if values.valid_from is None else time_of(values.valid_from).ms,
    )
    data = pack(body)
    if len(data) > BODY_BYTES_MAX:
        raise UsageError("charter-too-long", size=len(data), limit=BODY_BYTES_MAX)
    check_room(book, (), attached)
    deadline = deadline_of(values.reply_by, asked.now) or asked.now.plus(CHARTER_ANSWER_US)
    return [Draft(CHARTER, data, asked.desk, (), attached, Precedence.ROUTINE, deadline, asked.mark)]


def _sides(book: Book, given: Sequence[SideGiven]) -> tuple[Side, ...]:
    """The clauses of each party, in order. Raises UsageError unless the parties are those of the line, each once."""
    named = sorted((party_id(book, side.party), side) for side in given) if _are_apart(book, given) else []
    parties = sorted(party_of(book.members[member]) for member in book.present())
    if [party for party, _ in named] != parties:
        raise UsageError("charter-parties-wrong", line=book.line, parties=", ".join(parties))
    return tuple(side_of(side, party) for party, side in named)


def _are_apart(book: Book, given: Sequence[SideGiven]) -> bool:
    return len({party_id(book, side.party) for side in given}) == len(given)


def _answer(book: Book, asked: Asked, values: AnswerCharter) -> Sequence[Draft]:
    row = charter_of(book, values.entry)
    if book.members[row.member] == asked.me:
        raise UsageError("charter-own", entry=values.entry)
    word = Word[values.answer.upper()]
    _check_not_over(book, asked, row, values.entry)
    _check_named(book, asked, row, values.entry)
    check_possible(OTHERS, row.stand(book.number(asked.me)), word, values.entry)
    return [_draft(book, asked, row, CharterAnswer(word=word, reason=_reason(values.reason, word)))]


def _withdraw(book: Book, asked: Asked, values: EndCharter) -> Sequence[Draft]:
    row = charter_of(book, values.entry)
    if book.members[row.member] != asked.me:
        raise UsageError("charter-of-others", entry=values.entry)
    _check_not_over(book, asked, row, values.entry)
    if state_of(book, row, asked.now) in (CharterState.AGREED, CharterState.IN_FORCE):
        raise UsageError("charter-agreed", entry=values.entry)
    return [_draft(book, asked, row, CharterAnswer(word=Word.WITHDRAW, reason=reason_of(values.reason)))]


def _denounce(book: Book, asked: Asked, values: EndCharter) -> Sequence[Draft]:
    row = charter_of(book, values.entry)
    _check_not_over(book, asked, row, values.entry)
    _check_named(book, asked, row, values.entry)
    stand, state = row.stand(book.number(asked.me)), state_of(book, row, asked.now)
    agreed = state in (CharterState.AGREED, CharterState.IN_FORCE)
    if stand is not Stand.ASSENTED and not (stand is Stand.PROPOSED and agreed):
        raise UsageError("charter-not-agreed", entry=values.entry, state=state.value)
    return [_draft(book, asked, row, CharterAnswer(word=Word.DENOUNCE, reason=_reason(values.reason, Word.DENOUNCE)))]


def _reason(text: str, word: Word) -> str:
    return reason_of(text, required=word in (Word.REFUSE, Word.DENOUNCE))


def _check_not_over(book: Book, asked: Asked, row: Chartered, entry: str) -> None:
    state = state_of(book, row, asked.now)
    if state in OVER:
        raise UsageError("charter-over", entry=entry, state=state.value)


def _check_named(book: Book, asked: Asked, row: Chartered, entry: str) -> None:
    if book.number(asked.me) not in row.parties:
        raise UsageError("charter-not-named", entry=entry)


def _draft(book: Book, asked: Asked, row: Chartered, body: CharterAnswer) -> Draft:
    mark = same_mark(book, asked, row.place, row.mark)
    ref = book.ref(book.members[row.member], row.index)
    precedence = {Word.WITHDRAW: Precedence.ROUTINE, Word.DENOUNCE: Precedence.PRIORITY}.get(body.word)
    return Draft(CHARTER_ANSWER, pack(body), asked.desk, (ref,), precedence=precedence, mark=mark)


CHARTER_KIND = kind(
    CHARTER,
    "charter",
    Charter,
    _apply,
    (
        verb(
            "propose-charter", MAY, "Propose a charter of the line; we assent to it by that", ProposeCharter, _propose
        ),
        verb(
            "withdraw-charter",
            MAY,
            "Withdraw a charter we proposed and not all have assented to",
            EndCharter,
            _withdraw,
        ),
    ),
    Traits(fresh=Charters, takes=frozenset({Takes.RECEIPT, Takes.TRANSLATION})),
)

ANSWER_KIND = kind(
    CHARTER_ANSWER,
    "charter-answer",
    CharterAnswer,
    _apply_answer,
    (
        verb("answer-charter", MAY, "Assent to a charter of the other side, or refuse it", AnswerCharter, _answer),
        verb("denounce-charter", MAY, "Give notice: end a charter we have assented to", EndCharter, _denounce),
    ),
    Traits(takes=frozenset({Takes.RECEIPT, Takes.TRANSLATION}), refs_needed=1),
)

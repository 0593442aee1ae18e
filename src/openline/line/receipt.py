"""Kind 5, receipt: what a party did with an entry of another: DISPLAYED, ACCEPTED, PASSED to a role, ANSWERED.

Every stage is a fact of its own (R21). RECEIVED is none of them: it is the peer's cosignature, never an entry. The
first statement of a fact stands; DISPLAYED and ACCEPTED stand once per party, PASSED once per role, ANSWERED once per
reply; a proword (ROGER and the others) is a fact each time it is said. A receipt for what was cancelled meanwhile is
kept and shown like any other.
"""

from __future__ import annotations

from collections.abc import Sequence

from openline.base.schema import Body, pack
from openline.line.asking import item_for, ref_of
from openline.line.book import Book
from openline.line.item import Fact, Item, Stage
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.message import Letter, compose
from openline.line.proword import STATES, Proword, ProwordName, proword_of
from openline.line.words import By, PrecedenceName, Reason, Role, by_of, precedence_of, reason_of, role_of
from openline.record.entry import Draft, Precedence

RECEIPT = 5


class Receipt(Body, frozen=True):
    """The body; ref 0 is the entry, for ANSWERED ref 1 the reply, none with a `code`.

    `by` is left out when it is the desk itself.
    """

    stage: Stage
    by: By = ""
    to: Role | None = None
    note: Reason = ""
    code: Proword | None = None


class Read(Arguments, frozen=True, kw_only=True):
    """Arguments of `read`."""

    entry: str
    by: str = ""


class Ack(Arguments, frozen=True, kw_only=True):
    """Arguments of `ack`."""

    entry: str
    note: str = ""
    by: str = ""


class Pass(Arguments, frozen=True, kw_only=True):
    """Arguments of `pass`: the role that acts on it now."""

    entry: str
    to: str
    note: str = ""
    by: str = ""


class Respond(Arguments, frozen=True, kw_only=True):
    """Arguments of `respond`: one of the five prowords."""

    entry: str
    code: ProwordName
    note: str = ""
    by: str = ""


class Reply(Letter, frozen=True, kw_only=True):
    """Arguments of `reply`. Without `precedence` the reply has that of the entry it answers."""

    entry: str
    precedence: PrecedenceName | None = None


def _apply(book: Book, said: Said, body: Receipt) -> Sequence[Change]:
    item = book.subject(said, Takes.RECEIPT, own=False)
    if not isinstance(item, Item):
        return item
    to, reply = "", None
    if body.code is not None:
        if STATES[body.code] is not body.stage:
            return [book.fault(said, "fault-code-stage", code=body.code.name, stage=body.stage.name)]
        reply = said.entry.index
    elif body.stage is Stage.PASSED:
        if body.to is None:
            return [book.fault(said, "fault-role-missing")]
        to = book.word(body.to)
    elif body.stage is Stage.ANSWERED:
        refs = said.leaf.refs
        if len(refs) < 2 or refs[1].origin != said.entry.origin:
            return [book.fault(said, "fault-reply-missing")]
        reply = refs[1].index
    if item.holds(said.member, body.stage, to, reply):
        return []
    if item.full(said.member):
        return [book.fault(said, "fault-receipts-too-many")]
    by = book.word(body.by or said.leaf.desk)
    item.state(Fact(said.member, said.entry.index, body.stage, said.leaf.time_ms, by, to, reply, body.code or 0))
    book.review(item)
    told = [] if body.code is None else [book.changed(item, body.code.name.lower().replace("_", "-"))]
    return [book.changed(item, body.stage.name.lower()), *told]


def _read(book: Book, asked: Asked, values: Read) -> Sequence[Draft]:
    item = item_for(book, asked, values.entry, Takes.RECEIPT)
    return _once(book, asked, item, Receipt(stage=Stage.DISPLAYED, by=by_of(values.by, asked.desk)))


def _ack(book: Book, asked: Asked, values: Ack) -> Sequence[Draft]:
    item = item_for(book, asked, values.entry, Takes.RECEIPT)
    by, note = by_of(values.by, asked.desk), reason_of(values.note)
    return _once(book, asked, item, Receipt(stage=Stage.ACCEPTED, by=by, note=note))


def _pass(book: Book, asked: Asked, values: Pass) -> Sequence[Draft]:
    item = item_for(book, asked, values.entry, Takes.RECEIPT)
    by, note = by_of(values.by, asked.desk), reason_of(values.note)
    return _once(book, asked, item, Receipt(stage=Stage.PASSED, by=by, to=role_of(values.to), note=note))


def _once(book: Book, asked: Asked, item: Item, body: Receipt) -> Sequence[Draft]:
    if item.holds(book.number(asked.me), body.stage, body.to or ""):
        return []
    return [Draft(RECEIPT, pack(body), asked.desk, (ref_of(book, item),), mark=item.mark)]


def _respond(book: Book, asked: Asked, values: Respond) -> Sequence[Draft]:
    item = item_for(book, asked, values.entry, Takes.RECEIPT)
    code = proword_of(values.code)
    body = Receipt(stage=STATES[code], by=by_of(values.by, asked.desk), note=reason_of(values.note), code=code)
    return [Draft(RECEIPT, pack(body), asked.desk, (ref_of(book, item),), mark=item.mark)]


def _reply(book: Book, asked: Asked, values: Reply) -> Sequence[Draft]:
    item = item_for(book, asked, values.entry, Takes.RECEIPT)
    ref = ref_of(book, item)
    if values.precedence is None:
        precedence = Precedence.ROUTINE if item.precedence is None else item.precedence
    else:
        precedence = precedence_of(values.precedence)
    message = compose(book, asked, values, precedence, item.mark, (ref,))
    answered = Draft(RECEIPT, pack(Receipt(stage=Stage.ANSWERED)), asked.desk, (ref, 0), mark=item.mark)
    return [message, answered]


KIND = kind(
    RECEIPT,
    "receipt",
    Receipt,
    _apply,
    (
        verb("read", "read", "Say that an entry was displayed to an officer", Read, _read),
        verb("ack", "accept", "Say that the watch has accepted an entry", Ack, _ack),
        verb("pass", "accept", "Say that an entry was passed to the role that acts", Pass, _pass),
        verb("respond", "send", "Reply with ROGER, WILCO, UNABLE, SAY AGAIN or STAND BY", Respond, _respond),
        verb("reply", "send", "Answer an entry", Reply, _reply),
    ),
    Traits(refs_needed=1, erases={"note": ""}),
)

"""Kind 4, cancellation: the author takes an entry of its own back.

The entry stays in the record and is shown as cancelled; nothing more is awaited for it. The cancellation has a clock
of its own, with the precedence of what it cancels: it must be seen as fast. A suspended line takes it.
"""

from __future__ import annotations

from collections.abc import Sequence

from openline.base.errors import UsageError
from openline.base.machine import NoTransition
from openline.base.schema import Body, pack
from openline.line.asking import item_for, ref_of
from openline.line.book import Book
from openline.line.item import STANDING, Act, Item
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.words import Reason, reason_of
from openline.record.entry import Draft

CANCELLATION = 4


class Cancellation(Body, frozen=True):
    """The body; ref 0 is what is cancelled."""

    reason: Reason = ""


class Withdraw(Arguments, frozen=True, kw_only=True):
    """Arguments of `withdraw`."""

    entry: str
    reason: str = ""


def _apply(book: Book, said: Said, _body: Cancellation) -> Sequence[Change]:
    target = book.subject(said, Takes.CANCELLATION, own=True)
    if not isinstance(target, Item):
        return target
    try:
        book.change(target, Act.CANCEL, said)
    except NoTransition:
        return [book.fault(said, "fault-cancelled-already")]
    return [book.changed(target, "cancelled")]


def _withdraw(book: Book, asked: Asked, values: Withdraw) -> Sequence[Draft]:
    target = item_for(book, asked, values.entry, Takes.CANCELLATION)
    if (target.standing, Act.CANCEL) not in STANDING:
        raise UsageError("withdrawn-already", entry=values.entry)
    body = Cancellation(reason=reason_of(values.reason))
    ref = ref_of(book, target)
    return [Draft(CANCELLATION, pack(body), asked.desk, (ref,), precedence=target.precedence, mark=target.mark)]


KIND = kind(
    CANCELLATION,
    "cancellation",
    Cancellation,
    _apply,
    (verb("withdraw", "send", "Withdraw an entry of our own", Withdraw, _withdraw),),
    Traits(takes=frozenset({Takes.RECEIPT}), refs_needed=1, erases={"reason": ""}),
)

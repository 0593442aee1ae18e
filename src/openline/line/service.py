"""Kind 9, service: the orderwire, free text between the operators of the line about the line itself (R30).

It has no precedence and no clock, and a suspended line takes it. It is nothing a commander said.
"""

from __future__ import annotations

from collections.abc import Sequence

from openline.base.schema import Body, pack
from openline.line.book import Book
from openline.line.kinds import Arguments, Asked, Change, Said, Takes, Traits, kind, verb
from openline.line.words import BLANK, LANGUAGE, Language, Text, language_of, text_of
from openline.record.entry import Draft

SERVICE = 9


class Service(Body, frozen=True):
    """The body."""

    text: Text
    language: Language = LANGUAGE


class Operate(Arguments, frozen=True, kw_only=True):
    """Arguments of `service`."""

    text: str
    language: str = LANGUAGE


def _apply(_book: Book, said: Said, _body: Service) -> Sequence[Change]:
    return [Change("service", said.entry.origin, said.entry.index, "new")]


def _service(_book: Book, asked: Asked, values: Operate) -> Sequence[Draft]:
    body = Service(text=text_of(values.text), language=language_of(values.language))
    return [Draft(SERVICE, pack(body), asked.desk, mark=asked.mark)]


KIND = kind(
    SERVICE,
    "service",
    Service,
    _apply,
    (verb("service", "service", "Say something to the operators of the line", Operate, _service),),
    Traits(takes=frozenset({Takes.RECEIPT}), erases={"text": BLANK}),
)

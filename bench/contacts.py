"""What a made-up record says of contacts: entries of both sides, statements, attempts, readouts, requests.

Of a million entries some 3,000 are contacts, 30,000 statements, 4,000 attempts, 3,000 readouts and 1,000 requests.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from openline.base.schema import Body
from openline.line.attempt import ATTEMPT, Attempt, Result
from openline.line.callrequest import CALL_REQUEST, REQUEST_ANSWER, Answer, CallRequest, RequestAnswer
from openline.line.contact import CONTACT, Contact, Medium
from openline.line.level import Level
from openline.line.precise import Grain, Precision, When
from openline.line.readout import READOUT, Readout
from openline.line.statement import STATEMENT, About, How, Source, Statement
from openline.record.entry import Entry, Ref

Said = tuple[int, int, Body, tuple[Ref, ...]]
"""Who says it (0 or 1), its kind, its body and its refs."""

LEVELS = (Level.DUTY, Level.OPERATIONAL, Level.CHIEF_OF_STAFF, Level.ADVISER, Level.MINISTER, Level.HEAD_OF_STATE)
WEIGHTS = (40, 30, 12, 8, 8, 2)
MEDIA = (Medium.TELEPHONE, Medium.VIDEO, Medium.MEETING)
OTHERS = ("charlie.example", "An agency", "A third ministry")
DEMANDS = ("immediate-cease-fire", "safe-passage", "return-of-the-crew", "no-flights")
PERSONS = 60


class Diplomacy:
    """Makes it. The same chance and the same texts make the same."""

    def __init__(self, chance: random.Random, parties: tuple[str, str], text: Callable[[int], str]) -> None:
        self._chance = chance
        self._parties = parties
        self._text = text

    def begun(self, who: int, now_ms: int) -> Said:
        """A contact, an attempt or a request, which others follow."""
        draw = self._chance.random()
        if draw < 0.3:
            return self._contact(who, now_ms, ())
        if draw < 0.85:
            level, result = self._level(), self._chance.choice(list(Result))
            at = When(now_ms - self._chance.randrange(3_600_000), Grain.MINUTE)
            return who, ATTEMPT, Attempt(level=level, medium=Medium.TELEPHONE, at=at, result=result), ()
        return who, CALL_REQUEST, CallRequest(level=self._level(), subject=self._text(5)), ()

    def following(self, who: int, entry: Entry) -> Iterator[Said]:
        """What is said of an entry of this kind after it."""
        ref, now_ms, kind = (entry.ref,), entry.leaf.time_ms, entry.leaf.kind
        if kind == CONTACT:
            if not entry.leaf.refs and self._chance.random() < 0.3:
                yield self._contact(1 - who, now_ms, ref)
            for fact in (About.INITIATIVE, About.DURATION, About.PERSON, About.PERSON, About.TONE, About.REMARK):
                yield who, STATEMENT, self._statement(fact), ref
            for fact in (About.DURATION, About.PERSON):
                yield 1 - who, STATEMENT, self._statement(fact), ref
            for side in (who, 1 - who):
                if self._chance.random() < 0.5:
                    yield side, READOUT, Readout(text=self._text(60), released=When(now_ms, Grain.MINUTE)), ref
        elif kind == READOUT:
            for fact in (About.SUBJECT, About.DEMAND):
                yield who, STATEMENT, self._statement(fact), ref
        elif kind == CALL_REQUEST and self._chance.random() < 0.8:
            answer = self._chance.choice((Answer.ACCEPT, Answer.DECLINE))
            yield 1 - who, REQUEST_ANSWER, RequestAnswer(answer=answer, reason=self._text(4)), ref

    def person(self) -> str:
        """Somebody who takes part now and then."""
        return f"Officer {self._chance.randrange(PERSONS)}"

    def _contact(self, who: int, now_ms: int, same_as: tuple[Ref, ...]) -> Said:
        ends = (self._parties[who], self._chance.choice(OTHERS)) if self._chance.random() < 0.1 else self._parties
        began = When(now_ms - self._chance.randrange(7_200_000), self._chance.choice((Grain.MINUTE, Grain.ABOUT)))
        medium = self._chance.choice(MEDIA)
        body = Contact(level=self._level(), medium=medium, began=began, parties=ends, elsewhere=True)
        return who, CONTACT, body, same_as

    def _level(self) -> Level:
        return self._chance.choices(LEVELS, WEIGHTS)[0]

    def _statement(self, fact: About) -> Statement:
        values: dict[About, int | str] = {
            About.INITIATIVE: self._parties[self._chance.randrange(2)],
            About.DURATION: self._chance.randrange(5, 90),
            About.PERSON: self.person(),
            About.TONE: "professional",
            About.SUBJECT: f"subject-{self._chance.randrange(30)}",
            About.DEMAND: self._chance.choice(DEMANDS),
        }
        sources = (Source("A ministry", How.PUBLISHED), Source("An agency", How.QUOTED))
        precision = self._chance.choice((Precision.EXACT, Precision.ABOUT))
        return Statement(fact=fact, value=values.get(fact), words=self._text(8), sources=sources, precision=precision)

"""What the desk of these tests remembers: one contact of two sides, with readouts, an attempt and a request."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from openline.base.errors import UsageError
from openline.base.time import DAY_US, HOUR_US
from openline.line.callrequest import Requests
from openline.line.contactview import (
    ComparisonView,
    ContactPage,
    ContactView,
    NoteView,
    RequestView,
    comparison,
    contact_page,
    contact_view,
    request_view,
)
from openline.line.demandview import (
    AllegationView,
    DemandView,
    WarningView,
    allegation_views,
    demand_views,
    warning_views,
)
from openline.line.history import Held, Question, contacts
from openline.line.historyview import NamePage, OverviewView, RecurringView, channel_views, recurring_view
from openline.line.lexicon import name_views
from openline.line.notes import notes, overview
from openline.line.readout import readouts_of
from openline.line.recurring import agreements
from openline.line.register import ids_of
from openline.line.stopview import StopView, stops_of
from openline.node.telling import told
from openline.node.views import ContactsAsked, Officer
from openline.record.entry import Entry, Mark
from tests.line.world import World


@cache
def remembered() -> World:
    """The line and everything said on it."""
    world = World()
    parties = ("alpha", "bravo")
    world.say(
        "alpha", "contact", level="minister", medium="telephone", began="2022-05-13", parties=parties, elsewhere=True
    )
    world.say("alpha", "attempt", level="minister", medium="telephone", result="not-taken-up", at="2022-04-12")
    sources = ({"who": "an official", "how": "anonymous"}, {"who": "an agency", "how": "quoted"})
    world.say("alpha", "state", entry="alpha:0", fact="duration", value="60", precision="about", sources=sources)
    world.say("bravo", "state", entry="alpha:0", fact="initiative", value="alpha", words="\u202eby alpha")
    for who, text in (("alpha", "We asked for a cease-fire."), ("bravo", "Topical questions.")):
        world.say(who, "publish", entry="alpha:0", text=text, released=world.later().rfc3339())
    world.say("alpha", "state", entry="alpha:3", fact="demand", value="immediate-cease-fire")
    deadline = world.now.plus(HOUR_US).rfc3339()
    world.say("alpha", "request", level="minister", subject="Movements", reply_by=deadline)
    window = {"from": world.now.plus(HOUR_US).rfc3339(), "until": world.now.plus(2 * HOUR_US).rfc3339()}
    world.say("alpha", "request", level="minister", subject="Weekly", every=7 * 1440, **window)
    world.say("bravo", "answer-request", entry="alpha:6", answer="accept")
    for more in ({}, {"repeats": "alpha:7"}):
        world.say("alpha", "demand", code="immediate-cease-fire", words="Cease fire.", contact="alpha:0", **more)
    world.say("bravo", "answer-demand", entry="alpha:7", answer="refuse")
    world.say("bravo", "warn", code="arms", words="Parties to it.", through=("a third State", "an envoy"))
    world.say("bravo", "allege", code="dam-mined", against="alpha", words="You have \u202emined it.")
    world.say("alpha", "answer-allegation", entry="bravo:5", reply="deny")
    world.say("alpha", "name", id="person:shoigu", spellings=[{"text": "Shoigu", "language": "en"}])
    world.say("bravo", "state", entry="alpha:0", fact="person", value="Shoigu")
    world.say("alpha", "stop", place="37TCL 123 456", text="Your fire is hitting us.")
    return world


class FakeMemory:
    """The desk's memory: the fixed world above."""

    def contacts(self, who: Officer, asked: ContactsAsked) -> Sequence[ContactView]:
        if asked.level not in (None, "minister"):
            return []
        question = Question(person=asked.person, ids=ids_of([remembered().alpha], Mark.OPERATION))
        return [contact_view(held, _notes(held, who), question) for held in _held()]

    def overview(self, who: Officer, asked: ContactsAsked) -> OverviewView:
        books = [remembered().alpha]
        notes = tuple(NoteView(note.id, told(note, who.language), note.facts) for note in overview(books, Question()))
        return OverviewView(notes, channel_views(books, Question()))

    def name(self, who: Officer, text: str, mark: str | None) -> NamePage:
        if text not in ("Shoigu", "person:shoigu"):
            raise UsageError("name-nowhere", name=text)
        book = remembered().alpha
        question = Question(person=text, ids=ids_of([book], Mark.OPERATION))
        return NamePage(tuple(name_views(book)), tuple(contact_view(held, (), question) for held in _held()))

    def recurring(self, who: Officer, line: str | None) -> Sequence[RecurringView]:
        book = remembered().alpha
        now = remembered().now.plus(8 * DAY_US)
        return [recurring_view([book], one, _text, now, 50) for one in agreements(book)]

    def demands(self, who: Officer, line: str | None) -> Sequence[DemandView]:
        return demand_views(remembered().alpha, _text)[::-1]

    def warnings(self, who: Officer, line: str | None) -> Sequence[WarningView]:
        return warning_views(remembered().alpha, _text)

    def allegations(self, who: Officer, line: str | None) -> Sequence[AllegationView]:
        return allegation_views(remembered().alpha, _text)

    def contact(self, who: Officer, line: str | None, text: str) -> ContactPage:
        (held,) = _held()
        if text not in ("2022-05-13", held.id):
            raise UsageError("contact-of-day-unknown", day=text)
        return contact_page(held, _text, remembered().now, _notes(held, who))

    def compare(self, who: Officer, line: str | None, left: str, right: str) -> Sequence[ComparisonView]:
        (held,) = _held()
        one, two = readouts_of(held.book, held.meeting)
        return [comparison(held.book, (one, two), _text, remembered().now)]

    def requests(self, who: Officer, line: str | None, until: str | None, count: int) -> Sequence[RequestView]:
        book = remembered().alpha
        rows = book.state(Requests).by_place.values()
        return [request_view(book, row, _text, remembered().now.plus(2 * HOUR_US)) for row in rows]

    def stops(self, who: Officer, line: str | None, until: str | None, count: int) -> Sequence[StopView]:
        return stops_of(remembered().alpha, _text, remembered().now)


def _held() -> list[Held]:
    return contacts([remembered().alpha], Question())


def _notes(held: Held, who: Officer) -> tuple[NoteView, ...]:
    found = notes([remembered().alpha], Question(), held)
    return tuple(NoteView(note.id, told(note, who.language), note.facts) for note in found)


def _text(origin: str, index: int) -> Entry:
    return remembered().logs[origin][index]

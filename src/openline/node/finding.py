"""What the desk answers to a search: words and filters read, the index asked in a thread, entries shown."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from openline.base.errors import BusyError, UsageError
from openline.base.limits import SEARCH_HITS_MAX
from openline.base.time import DAY_US, Instant, from_rfc3339
from openline.identity.names import split_origin
from openline.line.book import Book
from openline.line.contactview import body_of
from openline.line.name import Names
from openline.line.search import Plan, Spelled, plan
from openline.line.view import translation_of
from openline.node.lines import LineState
from openline.node.searching import Hit, kind_mark, line_mark, mark_mark, party_mark
from openline.node.views import FoundView, HitView, Search
from openline.record.entry import Entry, Mark
from openline.store.search import Wanted

if TYPE_CHECKING:
    from openline.node.service import Node

_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")


class Finder:
    """The searches of one node. Mutable: keeps what the registers spell until one of them changes."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._spelled = Spelled()
        self._spelled_of: tuple[int, ...] = ()

    async def search(self, asked: Search) -> FoundView:
        """Raises UsageError with what is wrong with the question, BusyError while there is no index to ask."""
        searching = self._node.searching
        planned = plan(asked.text, self._registers(), asked.similar)
        wanted = self._wanted(asked, planned)
        if searching is None:
            raise BusyError("search-not-ready")
        count = min(asked.count, SEARCH_HITS_MAX)
        loop = asyncio.get_running_loop()
        hits = await loop.run_in_executor(None, searching.find, planned, wanted, count)
        found = tuple(view for hit in hits if (view := self._view(hit)) is not None)
        behind = max(0, self._node.desk.seq - searching.seq)
        return FoundView(found, hits[-1].arrived.seq if len(hits) == count else None, behind)

    def _registers(self) -> Spelled:
        registers = [state.keeper.book.state(Names) for state in self._node.lines.values()]
        changes = tuple(names.changes for names in registers)
        if changes != self._spelled_of:
            self._spelled, self._spelled_of = Spelled(), changes
            for names in registers:
                self._spelled.add(names)
        return self._spelled

    def _wanted(self, asked: Search, planned: Plan) -> Wanted:
        return Wanted(
            planned.groups,
            tuple(self._marks(asked)),
            None if asked.since is None else _moment(asked.since, 0).ms,
            None if asked.until is None else _moment(asked.until, DAY_US).ms,
            asked.before,
        )

    def _marks(self, asked: Search) -> Iterator[str]:
        if asked.line is not None:
            yield line_mark(self._node.desk.line_of(asked.line))
        if asked.kind is not None:
            kind = self._node.registry.by_name(asked.kind)
            if kind is None:
                kinds = ", ".join(kind.name for kind in self._node.registry.kinds)
                raise UsageError("search-kind-unknown", kind=asked.kind[:80], kinds=kinds)
            yield kind_mark(kind.number)
        if asked.mark is not None:
            yield mark_mark(Mark[asked.mark])
        if asked.party is not None:
            yield party_mark(self._party(asked.party))

    def _party(self, text: str) -> str:
        parties: dict[str, str] = {}
        for state in self._node.lines.values():
            book = state.keeper.book
            for party, origin in zip(state.keeper.setup.members, state.keeper.setup.origins, strict=True):
                parties |= {book.labels[origin]: party, party: party}
        if text not in parties:
            known = ", ".join(sorted(set(parties.values())))
            raise UsageError("search-party-unknown", party=text[:80], parties=known)
        return parties[text]

    def _view(self, hit: Hit) -> HitView | None:
        entry = hit.arrived.entry
        place = split_origin(entry.origin)
        state: LineState | None = None if place is None else self._node.lines.get(place[1])
        if place is None or state is None:
            return None
        book = state.keeper.book
        item = book.item(entry.origin, entry.index)
        return HitView(
            id=book.label(entry.origin, entry.index),
            seq=hit.arrived.seq,
            line=book.line,
            kind=book.registry.name(entry.leaf.kind),
            party=place[0],
            label=book.labels[entry.origin],
            desk=entry.leaf.desk,
            at=entry.leaf.time.rfc3339(),
            dtg=entry.leaf.time.dtg(),
            mark=entry.leaf.mark.name,
            standing=None if item is None else item.standing.value,
            excerpt=hit.excerpt,
            similar=hit.similar,
            language=self._language(entry),
            translation_of=translation_of(book, entry),
            authentic=self._authentic(book, entry),
        )

    def _authentic(self, book: Book, entry: Entry) -> str:
        """In which language the author's own words are: those of the original, for a translation."""
        if translation_of(book, entry) is None:
            return self._language(entry)
        ref = entry.leaf.refs[0]
        original = self._node.store.arrival(ref.origin, ref.index)
        return "" if original is None else self._language(original.entry)

    def _language(self, entry: Entry) -> str:
        """The language that an entry says its words are in; empty when it says none."""
        kind = self._node.registry.by_number(entry.leaf.kind)
        body = None if kind is None else body_of(entry, kind.body)
        language = getattr(body, "language", "")
        return language if isinstance(language, str) else ""


def _moment(text: str, of_day_us: int) -> Instant:
    """A moment as RFC 3339, or a day alone: its beginning, or `of_day_us` later. Raises UsageError."""
    try:
        if _DAY.match(text):
            return from_rfc3339(f"{text}T00:00:00Z").plus(of_day_us)
        return from_rfc3339(text)
    except (ValueError, OverflowError):
        raise UsageError("search-time-wrong", time=text[:80]) from None

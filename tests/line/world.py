"""A line on one desk: logs of real entries, a book per member, and officers who speak through the verbs.

`say` goes the whole road a command takes, up to the record: verb, drafts, entries, fold. What is said reaches every
book at once unless the line is `cut`; `mend` then delivers what was held back. Nothing here is signed or stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from openline.base.time import MINUTE_US, Instant
from openline.line.book import Book
from openline.line.item import Item
from openline.line.kinds import Asked, Change, Registry
from openline.line.standard import standard
from openline.record.entry import Draft, Entry, Leaf, Mark, Ref, Seen, body_digest, make_entry, salt_for
from openline.record.ports import Arrived

START = Instant(1_795_000_000 * 1_000_000)  # 181106Z NOV 26
NAMES = ("alpha", "bravo", "charlie")


class World:
    """The members, their logs and their books. `now` only moves when a test moves it."""

    def __init__(
        self, members: int = 2, registry: Registry | None = None, names: tuple[str, ...] = NAMES, line: str = ""
    ) -> None:
        self.registry = registry or standard()
        self.line = line or "-".join(names[:members])
        self.origins = {name: f"{name}.example/line/{self.line}" for name in names[:members]}
        self.logs: dict[str, list[Entry]] = {origin: [] for origin in self.origins.values()}
        self.now = START
        self.changes: list[Change] = []
        self.cut = False
        self._held_back: list[Entry] = []
        self.books = {name: self.new_book(name) for name in self.origins}
        self.alpha, self.bravo = list(self.books.values())[:2]

    def new_book(self, name: str = "alpha") -> Book:
        """An empty book of this line."""
        return Book(self.registry, self.line, sorted(self.logs), self.origins[name])

    def later(self, us: int = MINUTE_US) -> Instant:
        """Let time pass."""
        self.now = self.now.plus(us)
        return self.now

    def drafts(self, who: str, verb: str, /, **values: object) -> Sequence[Draft]:
        """What a verb answers an officer of `who`: the arguments as JSON would bring them, `mark` if not real."""
        mark = values.pop("mark", Mark.OPERATION)
        assert isinstance(mark, Mark)
        command = self.registry.verb(verb)
        arguments = msgspec.convert(values, command.arguments)
        return command.say(self.books[who], Asked(self.origins[who], "watch", self.now, mark), arguments)

    def say(self, who: str, verb: str, /, **values: object) -> list[Entry]:
        """Say it: the entries made, folded into every book."""
        return self.put(who, self.drafts(who, verb, **values))

    def send(self, who: str = "alpha", text: str = "Do you see this?", /, **values: object) -> str:
        """Send a message; its id."""
        return self.id(self.say(who, "send", text=text, **values)[0])

    def put(self, who: str, drafts: Sequence[Draft], seen: tuple[Seen, ...] = ()) -> list[Entry]:
        """Append drafts to a log and fold them into every book."""
        made: list[Entry] = []
        for draft in drafts:
            made.append(self.make(self.origins[who], draft, made, seen))
            self.logs[self.origins[who]].append(made[-1])
        if self.cut:
            self.fold(self.books[who], made)
            self._held_back += made
        else:
            for book in self.books.values():
                self.fold(book, made)
        return made

    def mend(self) -> None:
        """Deliver everything that was held back."""
        self.cut = False
        for book in self.books.values():
            self.fold(book, [entry for entry in self._held_back if entry.index >= book.size(entry.origin)])
        self._held_back = []

    def make(self, origin: str, draft: Draft, made: Sequence[Entry] = (), seen: tuple[Seen, ...] = ()) -> Entry:
        """The next entry of a log, as `OwnLog` makes it."""
        index = len(self.logs[origin])
        salt = salt_for(b"salt key of a test line, 32 bytes", index)
        leaf = Leaf(
            kind=draft.kind,
            time_ms=self.now.ms,
            desk=draft.desk,
            digest=body_digest(salt, draft.body),
            seen=seen,
            refs=tuple(made[ref].ref if isinstance(ref, int) else ref for ref in draft.refs),
            attachments=draft.attachments,
            precedence=draft.precedence,
            deadline_ms=None if draft.deadline is None else draft.deadline.ms,
            mark=draft.mark,
        )
        return make_entry(origin, index, leaf, salt, draft.body)

    def fold(self, book: Book, entries: Iterable[Entry]) -> list[Change]:
        """Fold entries into one book; what changed."""
        changes = [change for entry in entries for change in book.apply(Arrived(1, entry))]
        self.changes += changes
        return changes

    def id(self, entry: Entry) -> str:
        """What people call the entry."""
        return self.alpha.label(entry.origin, entry.index)

    def entry(self, label: str) -> Entry:
        """The entry of an id."""
        origin, index = self.alpha.find(label)
        return self.logs[origin][index]

    def ref(self, label: str) -> Ref:
        """How an entry names the one of this id."""
        return self.entry(label).ref

    def item(self, label: str, who: str = "alpha") -> Item:
        """What a book keeps of it."""
        book = self.books[who]
        item = book.item(*book.find(label))
        assert item is not None
        return item

    def faults(self, who: str = "alpha") -> list[tuple[str, str]]:
        """The faults of a book, as (id, message id)."""
        book = self.books[who]
        return [(book.label(fault.origin, fault.index), fault.message_id) for fault in book.faults]

"""What a kind is: a number and name, a body, how the book takes it in, and what people may say with it.

A kind stands in one file and is made with `kind(...)`; its commands are made with `verb(...)`. A Registry holds the
kinds of a node. A number that no kind has is never an error: a newer peer may say more than we know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

import msgspec

from openline.base import codec
from openline.base.errors import UsageError
from openline.base.schema import Body
from openline.base.time import Instant
from openline.record.entry import Draft, Entry, Leaf, Mark

if TYPE_CHECKING:
    from openline.line.book import Book


class Arguments(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of what a command takes, as JSON. Types are checked on reading; meaning by the verb, with a sentence."""


B = TypeVar("B", bound=Body)
A = TypeVar("A", bound=Arguments)


class Takes(Enum):
    """What later entries may refer to an entry of a kind as their own."""

    RECEIPT = "receipt"
    TRANSLATION = "translation"
    CORRECTION = "correction"
    CANCELLATION = "cancellation"
    STATEMENT = "statement"
    READ_BACK = "read-back"


class State(Protocol):
    """What the book keeps for one kind beside the items."""

    def snapshot(self) -> codec.Value:
        """Everything it holds, in one order whatever the order of arrival."""
        ...


class Change(msgspec.Struct, frozen=True, gc=False):
    """Something that changed in the book: of which kind, which entry, and what in one word."""

    kind: str
    origin: str
    index: int
    what: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks: the origin of our own log, the desk, the time, and whether it is meant as real.

    `may` are the capabilities of the officer, for a verb that needs more than its own in some cases.
    """

    me: str
    desk: str
    now: Instant
    mark: Mark = Mark.OPERATION
    may: frozenset[str] = frozenset()


class Said(msgspec.Struct, frozen=True):
    """An entry as a kind gets it: by which member (its number), and its body read."""

    member: int
    entry: Entry

    @property
    def leaf(self) -> Leaf:
        """Its header."""
        return self.entry.leaf


@dataclass(frozen=True, slots=True)
class Verb:
    """One command. `capability` is what the officer must hold; `say` answers what is to be said.

    `say` returns no drafts when the fact stands already. It raises UsageError when the command is refused.
    """

    name: str
    capability: str
    summary: str
    arguments: type[Arguments]
    say: Callable[[Book, Asked, Arguments], Sequence[Draft]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind. `apply` is called once per entry, when the first `refs_needed` refs are held and match.

    `fresh` makes the state the book keeps for it (`Book.state`), if any. `withdrawn` is called when the author has
    withdrawn an entry of it, by the place of that entry (member and index).
    """

    number: int
    name: str
    body: type[Body]
    apply: Callable[[Book, Said, Body], Sequence[Change]]
    fresh: Callable[[], State] | None
    verbs: tuple[Verb, ...]
    takes: frozenset[Takes]
    refs_needed: int
    erases: Mapping[str, object]
    withdrawn: Callable[[Book, tuple[int, int]], None]


@dataclass(frozen=True, slots=True)
class Traits:
    """What else there is to say of a kind: its state, what may refer to it, and how many refs it cannot do without.

    `erases` names the fields that are words the fold does not need, with what stands in their place once they are
    erased; without any the kind is never erased. `withdrawn` is that of the kind.
    """

    fresh: Callable[[], State] | None = None
    takes: frozenset[Takes] = frozenset()
    refs_needed: int = 0
    erases: Mapping[str, object] = field(default_factory=dict)
    withdrawn: Callable[[Book, tuple[int, int]], None] = lambda *_: None


def kind(
    number: int,
    name: str,
    body: type[B],
    apply: Callable[[Book, Said, B], Sequence[Change]],
    verbs: tuple[Verb, ...] = (),
    traits: Traits = Traits(),
) -> Kind:
    """A kind whose `apply` gets its own body type: the book reads a body as the kind's, and gives it to no other."""
    applied = cast("Callable[[Book, Said, Body], Sequence[Change]]", apply)
    return Kind(
        number,
        name,
        body,
        applied,
        traits.fresh,
        verbs,
        traits.takes,
        traits.refs_needed,
        traits.erases,
        traits.withdrawn,
    )


def verb(
    name: str,
    capability: str,
    summary: str,
    arguments: type[A],
    say: Callable[[Book, Asked, A], Sequence[Draft]],
) -> Verb:
    """A command whose `say` gets its own argument type."""

    def typed(book: Book, asked: Asked, values: Arguments) -> Sequence[Draft]:
        assert isinstance(values, arguments)
        return say(book, asked, values)

    return Verb(name, capability, summary, arguments, typed)


class Registry:
    """The kinds a node knows, by number and by name, and their commands. Never changes once made."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self.kinds = tuple(kinds)
        self._by_number = {kind.number: kind for kind in self.kinds}
        self._by_name = {kind.name: kind for kind in self.kinds}
        self._verbs = {verb.name: verb for kind in self.kinds for verb in kind.verbs}
        assert len(self._by_number) == len(self._by_name) == len(self.kinds), "two kinds share a number or a name"
        assert len(self._verbs) == sum(len(kind.verbs) for kind in self.kinds), "two verbs share a name"

    def by_number(self, number: int) -> Kind | None:
        """The kind of a leaf's field 1, or None when it is not known here."""
        return self._by_number.get(number)

    def by_name(self, name: str) -> Kind | None:
        """The kind called `name`, if there is one."""
        return self._by_name.get(name)

    def name(self, number: int) -> str:
        """What the kind is called; `kind-77` when it is not known here."""
        known = self._by_number.get(number)
        return known.name if known else f"kind-{number}"

    @property
    def verbs(self) -> tuple[Verb, ...]:
        """Every command, by name."""
        return tuple(self._verbs[name] for name in sorted(self._verbs))

    def verb(self, name: str) -> Verb:
        """The command called `name`. Raises UsageError when there is none."""
        found = self._verbs.get(name)
        if found is None:
            raise UsageError("verb-unknown", verb=name)
        return found

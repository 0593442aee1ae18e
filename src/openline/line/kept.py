"""What a book is made of inside, and `Kept`: all of it, as it is written out and taken up again."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from openline.base.schema import Body
from openline.line.item import Item
from openline.line.kinds import Said, State
from openline.record.entry import Precedence, Ref

if TYPE_CHECKING:
    from openline.line.book import Fault

HASH_BYTES = 32


class Log:
    """What the book holds of one log, entry by entry."""

    __slots__ = ("counts", "hashes", "items", "kinds")

    def __init__(self) -> None:
        self.hashes = bytearray()
        self.kinds = array("H")
        self.items: list[Item | None] = []
        self.counts: dict[int, int] = {}

    def hash_at(self, index: int) -> bytes:
        return bytes(self.hashes[index * HASH_BYTES : (index + 1) * HASH_BYTES])


class Deferred:
    """An entry that takes effect when the refs its kind needs are held; `kind` is the kind's number."""

    __slots__ = ("bad", "body", "kind", "missing", "said")

    def __init__(self, kind: int, said: Said, body: Body) -> None:
        self.kind = kind
        self.said = said
        self.body = body
        self.missing = 0
        self.bad = False


class Waiting(msgspec.Struct, frozen=True):
    """A ref to an entry not held yet. `deferred` is None when the entry took effect without it."""

    said: Said
    ref: Ref
    deferred: Deferred | None


class Bucket(NamedTuple):
    """What decides when an open item is due: precedence, minute of author time, minute of reply-by."""

    precedence: Precedence
    minute: int
    deadline_minute: int | None


class Kept(NamedTuple):
    """What a book holds, as `Book.kept` gives it. Its parts are the book's own matter."""

    line: str
    members: tuple[str, ...]
    logs: list[Log]
    open: dict[Bucket, dict[tuple[int, int], Item]]
    faults: dict[tuple[int, int], list[Fault]]
    waiting: dict[tuple[int, int], list[Waiting]]
    states: list[State]
    gone: frozenset[int]
    closed: set[int]

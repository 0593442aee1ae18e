"""Who is meant by a name: the ids that registers have for its spelling, and where none has it, the spelling itself.

To find a contact, every spelling counts, whoever has given it; one that several ids have means each of them, and
whoever shows what was found says so. To tell whether two sides agree, only what each has itself said counts: nobody's
register makes another one's name mean something (R41).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from openline.line.book import Book
from openline.line.name import ids, spellings
from openline.line.precise import normal
from openline.record.entry import Mark

Ids = Mapping[str, frozenset[str]]
"""The ids of each spelling; spellings as `written` has them."""

Spelled = Mapping[tuple[int, str], str]
"""The one id that a member itself has given a spelling."""


def written(text: str) -> str:
    """The form in which spellings are compared: Unicode NFKC, one space, without regard to small and large letters."""
    return normal(text).casefold()


def ids_of(books: Iterable[Book], mark: Mark) -> Ids:
    """The ids of every spelling in the registers of these lines, read as one register."""
    found: dict[str, set[str]] = {}
    for book in books:
        for name in ids(book, mark):
            for known in spellings(book, name, mark):
                found.setdefault(written(known.spelling.text), set()).add(name)
    return {spelling: frozenset(names) for spelling, names in found.items()}


def own_ids(book: Book, mark: Mark) -> Spelled:
    """The id of every spelling by the member that has given it; a spelling it has given to several ids means none."""
    found: dict[tuple[int, str], set[str]] = {}
    for name in ids(book, mark):
        for known in spellings(book, name, mark):
            found.setdefault((known.member, written(known.spelling.text)), set()).add(name)
    return {key: min(names) for key, names in found.items() if len(names) == 1}


def meant(text: str, known: Ids) -> frozenset[str]:
    """Whom a name may mean: ids, or where no id has this spelling, the spelling alone. An id means itself."""
    own = written(text)
    return known.get(own, frozenset({own}))

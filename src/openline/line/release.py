"""What its author asks not to be passed on to everybody: it stays out of an export that is made for others.

Each side holds the whole record; nothing is hidden from a member of the line. An entry that is left out keeps its
leaf and its proofs, so that the export still tells that it is there, and verifies.
"""

from __future__ import annotations

from openline.base.time import Instant
from openline.line.book import Book
from openline.line.contact import Place
from openline.line.contactview import Texts, body_of
from openline.line.item import Relation
from openline.line.readout import Readouts, embargoed
from openline.line.statement import Claims, Releasable, Statement


def not_for_release(book: Book, texts: Texts, now: Instant) -> frozenset[tuple[str, int]]:
    """The entries, by origin and index, whose bodies are not for everybody at `now`.

    They are statements for the members or for their author's own side, readouts before the end of their embargo with
    what is stated of them, and every correction and translation of these.
    """
    found: set[Place] = set()
    for place in _first(book, texts, now):
        _with_what_is_made_of_it(book, place, found)
    return frozenset((book.members[member], index) for member, index in found)


def _first(book: Book, texts: Texts, now: Instant) -> list[Place]:
    claims = book.state(Claims)
    kept = [place for place in claims.by_place if not _for_all(book, place, texts)]
    for place, row in book.state(Readouts).by_place.items():
        if embargoed(row, now):
            kept += [place, *(claim.place for claim in claims.about.get(place, ()))]
    return kept


def _for_all(book: Book, place: Place, texts: Texts) -> bool:
    body = body_of(texts(book.members[place[0]], place[1]), Statement)
    return body is None or body.releasable is Releasable.ALL


def _with_what_is_made_of_it(book: Book, place: Place, found: set[Place]) -> None:
    """An entry with its corrections and translations, and theirs."""
    if place in found:
        return
    found.add(place)
    item = book.item_at(*place)
    if item is None:
        return
    for relation in (Relation.CORRECTION, Relation.TRANSLATION):
        for link in item.linked(relation):
            _with_what_is_made_of_it(book, (link.member, link.index), found)

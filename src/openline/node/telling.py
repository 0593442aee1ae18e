"""Notes of the history as sentences, in the language of the officer who asks."""

from __future__ import annotations

from functools import lru_cache

from openline.base.catalogue import sentence
from openline.line.notes import Note

LEVEL = "level"


def told(note: Note, language: str) -> str:
    """The sentence of a note; a level in it is named in the same language."""
    return _told(note.id, tuple(note.facts.items()), language)


@lru_cache(maxsize=4_096)
def _told(message_id: str, facts: tuple[tuple[str, str | int], ...], language: str) -> str:
    """A page of contacts has hundreds of notes, most of them alike; the catalogues never change while we run."""
    named = dict(facts)
    if LEVEL in named:
        named[LEVEL] = sentence(f"label-level-{named[LEVEL]}", {}, language)
    return sentence(message_id, named, language)

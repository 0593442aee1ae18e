"""Notes of the history as sentences, in the language of the officer who asks."""

from __future__ import annotations

from openline.base.catalogue import sentence
from openline.line.notes import Note

LEVEL = "level"


def told(note: Note, language: str) -> str:
    """The sentence of a note; a level in it is named in the same language."""
    facts = dict(note.facts)
    if LEVEL in facts:
        facts[LEVEL] = sentence(f"label-level-{facts[LEVEL]}", {}, language)
    return sentence(note.id, facts, language)

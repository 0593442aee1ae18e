"""Fixed phrases as sentences: what the line leaves to the catalogues, in every language there is."""

from __future__ import annotations

from msgspec.structs import replace

from openline.base.catalogue import LANGUAGES, PHRASE_LANGUAGES, sentence
from openline.line.phrase import facts_of
from openline.line.view import EntryView


def with_sentences(view: EntryView) -> EntryView:
    """The entry with the sentences of its phrase, if it has one. The reader's console picks its own language."""
    phrase = view.phrase
    if phrase is None:
        return view
    facts = facts_of(phrase)
    told = {one: sentence(f"phrase-{phrase.code}", facts, one) for one in (*LANGUAGES, *PHRASE_LANGUAGES)}
    return replace(view, phrase=replace(phrase, sentences=told))

"""The node fills in the sentences of a phrase, one for each language."""

from __future__ import annotations

from openline.base.catalogue import LANGUAGES, PHRASE_LANGUAGES
from openline.line.view import EntryView, entry_view
from openline.node.phrases import with_sentences
from openline.record.ports import Arrived
from tests.line.world import World


def shown(**values: object) -> EntryView:
    world = World()
    return with_sentences(entry_view(world.bravo, Arrived(1, world.say("alpha", "send", **values)[0])))


def test_the_sentences_are_there_in_every_language() -> None:
    phrase = shown(phrase="mines-at", values={"place": "the bridge"}).phrase
    assert phrase is not None
    assert set(phrase.sentences) == {*LANGUAGES, *PHRASE_LANGUAGES}
    assert phrase.sentences["en"] == "There are mines at the bridge."
    assert len(set(phrase.sentences.values())) == len(phrase.sentences)


def test_a_text_stays_a_text() -> None:
    assert shown(text="There are mines.").phrase is None

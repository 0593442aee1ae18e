"""The register and the terms as they are shown: every word stands with the party it is of."""

from __future__ import annotations

from openline.line.force import Word
from openline.line.lexicon import NameView, SpellingView, TermView, name_views, term_views
from openline.record.entry import Mark
from tests.line.chartering import assent, propose, utter
from tests.line.world import World


def test_a_name_is_shown_with_the_party_the_entry_and_the_source_of_each_spelling() -> None:
    world = World()
    shoigu = {"text": "Choïgou", "language": "fr", "source": "S2 ¶2"}
    world.say("alpha", "name", id="person:shoigu", spellings=[shoigu])
    world.say("bravo", "name", id="person:shoigu", spellings=[{"text": "Шойгу", "language": "ru"}])
    world.say("bravo", "name", id="place:kyiv", spellings=[{"text": "Киев", "language": "ru"}])
    shown = NameView(
        "person:shoigu",
        (
            SpellingView("Choïgou", "fr", "Latn", "S2 ¶2", "alpha", "alpha:0"),
            SpellingView("Шойгу", "ru", "Cyrl", "", "bravo", "bravo:0"),
        ),
        "alpha-bravo",
    )
    assert [view.id for view in name_views(world.alpha)] == ["person:shoigu", "place:kyiv"]
    assert name_views(world.bravo, "person:shoigu") == [shown]
    assert name_views(world.bravo, "person:nobody") == []
    assert name_views(world.bravo, mark=Mark.EXERCISE) == []


def test_a_formula_is_shown_as_agreed_only_when_it_is() -> None:
    world = World()
    world.say("alpha", "term", id="events", word="war", language="en")
    world.say("alpha", "formula", id="events", word="the events", language="en")
    (view,) = term_views(world.alpha, world.now)
    assert view == TermView("events", "en", {"alpha": "war"}, {"alpha": "the events"}, "proposed", None)
    world.say("bravo", "formula", id="events", language="en")
    (view,) = term_views(world.bravo, world.now)
    assert (view.state, view.agreed, view.words) == ("agreed", "the events", {"alpha": "war"})
    assert view.formula is None, "what both have stated counts only where the charter has it"


def test_the_formula_that_counts_is_that_of_the_charter_in_force() -> None:
    world = World()
    wording = {"term": "events", "language": "en", "words": "the events of February"}
    for who in world.books:
        world.say(who, "formula", id="events", word="the events", language="en")
    entry = propose(world, formulas=[wording, {**wording, "term": "place"}])
    assert [view.formula for view in term_views(world.alpha, world.now)] == [None]
    assent(world, entry)
    for book in world.books.values():
        views = [(view.id, view.formula, view.agreed) for view in term_views(book, world.now)]
        assert views == [
            ("events", "the events of February", "the events"),
            ("place", "the events of February", None),
        ]
    world.later()
    utter(world, entry, Word.DENOUNCE, "bravo")
    assert [view.formula for view in term_views(world.alpha, world.now)] == [None]

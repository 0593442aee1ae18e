"""Contested terms: each side keeps its own word, and a formula is agreed only when both have stated the same."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import UsageError
from openline.base.schema import pack
from openline.line.term import FORMULA, TERM, Formula, Stated, Term, formula, formulas, terms, words
from openline.record.entry import Draft, Mark
from tests.line.world import NAMES, World

ID, LANGUAGE = "events", "en"
NEUTRAL = "the events since February"


def state(world: World, who: str, word: str | None = NEUTRAL, **more: object) -> str:
    (entry,) = world.say(who, "formula", id=ID, language=LANGUAGE, **({} if word is None else {"word": word}), **more)
    return world.id(entry)


def own(world: World, who: str, word: str, language: str = LANGUAGE) -> str:
    return world.id(world.say(who, "term", id=ID, word=word, language=language)[0])


def stands(world: World, mark: Mark = Mark.OPERATION) -> tuple[Formula, str | None]:
    return formula(world.alpha, ID, LANGUAGE, mark)


def refusal(world: World, who: str, verb: str, **values: object) -> str:
    with pytest.raises(UsageError) as caught:
        world.drafts(who, verb, **{"id": ID, "language": LANGUAGE, **values})
    return caught.value.message_id


def test_each_side_keeps_its_own_word_in_each_language() -> None:
    world = World()
    own(world, "alpha", "war")
    own(world, "alpha", "guerre", "fr")
    own(world, "bravo", "special operation")
    alpha, bravo = world.origins["alpha"], world.origins["bravo"]
    assert words(world.alpha, ID, "en") == {alpha: "war", bravo: "special operation"}
    assert words(world.alpha, ID, "fr") == {alpha: "guerre"}
    assert terms(world.alpha) == [(ID, "en"), (ID, "fr")]
    assert stands(world) == (Formula.NONE, None)


def test_the_same_own_word_of_both_is_no_agreement() -> None:
    world = World()
    own(world, "alpha", "conflict")
    own(world, "bravo", "conflict")
    assert stands(world) == (Formula.NONE, None)


def test_a_formula_is_agreed_when_both_have_stated_the_same() -> None:
    world = World()
    state(world, "alpha")
    assert stands(world) == (Formula.PROPOSED, None)
    state(world, "bravo", None)
    assert stands(world) == (Formula.AGREED, NEUTRAL)
    assert [change.what for change in world.changes] == ["proposed", "proposed", "agreed", "agreed"]


def test_one_letter_of_difference_is_no_agreement() -> None:
    world = World()
    state(world, "alpha")
    state(world, "bravo", NEUTRAL.upper())
    assert stands(world) == (Formula.DISPUTED, None)
    assert len(set(formulas(world.alpha, ID, LANGUAGE).values())) == 2


def test_silence_is_no_consent_of_a_third() -> None:
    world = World(3)
    state(world, "alpha")
    state(world, "bravo")
    assert stands(world) == (Formula.PROPOSED, None)
    state(world, "charlie", None)
    assert stands(world) == (Formula.AGREED, NEUTRAL)


def test_who_withdraws_its_newest_word_does_not_fall_back_on_an_older_one() -> None:
    """Else an agreement could come about that nobody has just made."""
    world = World()
    state(world, "alpha")
    second = state(world, "alpha", "the crisis")
    state(world, "bravo")
    assert stands(world)[0] is Formula.DISPUTED
    world.say("alpha", "withdraw", entry=second)
    assert stands(world) == (Formula.PROPOSED, None)


def test_an_exercise_agrees_to_nothing_real() -> None:
    world = World()
    state(world, "alpha", mark=Mark.EXERCISE)
    state(world, "bravo", mark=Mark.EXERCISE)
    assert stands(world) == (Formula.NONE, None)
    assert stands(world, Mark.EXERCISE) == (Formula.AGREED, NEUTRAL)
    assert terms(world.alpha) == []


def test_the_same_again_writes_nothing() -> None:
    world = World()
    own(world, "alpha", "war")
    state(world, "alpha")
    assert world.drafts("alpha", "term", id=ID, word="war", language=LANGUAGE) == []
    assert world.drafts("alpha", "formula", id=ID, word=NEUTRAL, language=LANGUAGE) == []
    assert world.drafts("alpha", "formula", id=ID, word="war", language=LANGUAGE)


def test_agreeing_needs_one_formula_to_agree_to() -> None:
    world = World(3)
    assert refusal(world, "alpha", "formula") == "formula-not-proposed"
    state(world, "alpha")
    assert refusal(world, "alpha", "formula") == "formula-not-proposed"
    state(world, "bravo", "the crisis")
    assert refusal(world, "charlie", "formula") == "formula-not-one"


@pytest.mark.parametrize(
    ("values", "message_id"),
    [
        ({"id": "the events"}, "term-id-wrong"),
        ({"id": "x" * 81}, "term-id-wrong"),
        ({"word": ""}, "text-empty"),
        ({"word": "x" * 501}, "spelling-too-long"),
        ({"language": "français"}, "language-wrong"),
    ],
)
@pytest.mark.parametrize("verb", ["term", "formula"])
def test_what_is_no_term_is_refused(verb: str, values: dict[str, object], message_id: str) -> None:
    assert refusal(World(), "alpha", verb, **{"word": "war", **values}) == message_id


# The table of the formula

Step = tuple[int, str | None]
"""Who, and the formula it states; None withdraws its newest."""

steps = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["one", "two", None])), max_size=12)


def take(world: World, who: str, word: str | None, newest: dict[str, str]) -> bool:
    """Whether there was anything to say."""
    if word is not None:
        body = pack(Term(id=ID, word=word, language=LANGUAGE, neutral=True))
        newest[who] = world.id(world.put(who, [Draft(TERM, body, "watch")])[0])
        return True
    if who in newest:
        world.say(who, "withdraw", entry=newest.pop(who))
        return True
    return False


def stated(world: World) -> Stated:
    found = formulas(world.alpha, ID, LANGUAGE)
    if len(set(found.values())) > 1:
        return Stated.APART
    return (Stated.BY_ALL if len(found) == len(world.alpha.members) else Stated.BY_SOME) if found else Stated.BY_NOBODY


def walked(world: World, script: list[Step]) -> set[tuple[Formula, Stated]]:
    used: set[tuple[Formula, Stated]] = set()
    newest: dict[str, str] = {}
    for who, word in script:
        before = stands(world)[0]
        if take(world, NAMES[who], word, newest):
            used.add((before, stated(world)))
            assert FORMULA[before, stated(world)] is stands(world)[0]
    return used


@given(steps)
def test_no_entry_leads_where_the_table_does_not(script: list[Step]) -> None:
    walked(World(3), script)


def test_every_transition_of_the_table_is_walked_and_no_other() -> None:
    used: set[tuple[Formula, Stated]] = set()
    choices = list(itertools.product((0, 1), ("one", "two", None)))
    for script in itertools.product(choices, repeat=4):
        used |= walked(World(), list(script))
    assert used == FORMULA.keys()


@given(st.data(), steps)
def test_the_order_of_arrival_does_not_matter(data: st.DataObject, script: list[Step]) -> None:
    world = World(3)
    walked(world, script)
    order = data.draw(st.permutations([origin for origin, log in sorted(world.logs.items()) for _ in log]))
    book = world.new_book("charlie")
    for origin in order:
        world.fold(book, [world.logs[origin][book.size(origin)]])
    assert book.digest() == world.alpha.digest()
    assert formula(book, ID, LANGUAGE) == stands(world)

"""What a search asks for, and what is shown of what it finds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import UsageError
from openline.base.limits import SEARCH_CHARACTERS_MAX, SEARCH_WORDS_MAX
from openline.line.name import Names
from openline.line.search import EXCERPT_CHARACTERS_MAX, Plan, Spelled, excerpt, plan, texts_of
from openline.line.tokens import tokens
from openline.record.entry import Draft
from tests.line.world import World


def registered(*names: tuple[str, ...]) -> Spelled:
    """A register with the spellings of some names."""
    world = World()
    for number, spellings in enumerate(names):
        given = [{"text": text, "language": "en"} for text in spellings]
        world.say("alpha", "name", id=f"person:n{number}", spellings=given)
    spelled = Spelled()
    spelled.add(world.alpha.state(Names))
    return spelled


def found(asked: Plan, text: str) -> str:
    """Whether a text is found: exactly, by likeness, or not at all."""
    held = tokens([text])
    if not asked.is_met(held):
        assert not asked.is_exact(held)
        return "no"
    return "exact" if asked.is_exact(held) else "similar"


def refusal(text: str) -> str:
    with pytest.raises(UsageError) as caught:
        plan(text, Spelled())
    return caught.value.message_id


def test_a_word_finds_itself_exactly_and_its_likes() -> None:
    asked = plan("Shoigu", Spelled())
    assert [found(asked, text) for text in ("called SHOIGU", "Choïgou", "Шойгу", "siege", "")] == [
        "exact",
        "similar",
        "similar",
        "no",
        "no",
    ]


def test_without_likeness_only_what_is_written_so_is_found() -> None:
    asked = plan("Shoigu", Spelled(), similar=False)
    assert [found(asked, text) for text in ("Shoigu", "Choïgou")] == ["exact", "no"]


def test_all_words_must_stand_whatever_their_order() -> None:
    asked = plan("dam water", Spelled())
    assert found(asked, "Water flows over the dam") == "exact"
    assert found(asked, "The dam holds") == "no"


def test_one_likeness_among_exact_words_is_a_likeness() -> None:
    assert found(plan("Shoigu called", Spelled()), "Choïgou called") == "similar"


def test_a_spelling_of_the_register_stands_for_all_spellings_of_the_name() -> None:
    asked = plan("Shoigu", registered(("Shoigu", "绍伊古", "Sergueï Choïgou")), similar=False)
    assert [found(asked, text) for text in ("部长绍伊古", "M. Sergueï Choïgou", "Choïgou", "伊古")] == [
        "exact",
        "exact",
        "no",
        "no",
    ]


@pytest.mark.parametrize("query", ["Lloyd Austin", "secretary Lloyd Austin called"])
def test_the_longest_name_among_the_words_is_taken(query: str) -> None:
    spelled = registered(("Lloyd Austin", "Ллойд Остин"), ("Austin", "奥斯汀"))
    assert found(plan(query, spelled), f"{query} Ллойд Остин secretary called") == "exact"
    assert found(plan(query, spelled, similar=False), "奥斯汀 secretary called") == "no"


def test_one_spelling_of_two_names_finds_both() -> None:
    spelled = registered(("Petrov", "彼得罗夫"), ("Petrov", "佩特罗夫"))
    asked = plan("Petrov", spelled, similar=False)
    assert (found(asked, "彼得罗夫"), found(asked, "佩特罗夫")) == ("exact", "exact")


@pytest.mark.parametrize(
    "query",
    ['"Shoigu"', "Shoigu*", "-Shoigu", "Shoigu)", "tokens:Shoigu", "^Shoigu", "NEAR(Shoigu", "{Shoigu}+", "Shoigu\x00"],
)
def test_no_sign_of_a_query_language_means_anything(query: str) -> None:
    assert found(plan(query, Spelled()), "Near the tokens: Shoigu.") == "exact"


@pytest.mark.parametrize("query", ["AND", "OR", "NOT", "NEAR", "Shoigu OR", "NOT Shoigu AND"])
def test_words_of_a_query_language_are_words(query: str) -> None:
    assert found(plan(query, Spelled()), f"He said: {query.lower()}.") == "exact"
    assert found(plan(query, Spelled(), similar=False), "Shoigu") == "no"


def test_the_letter_of_an_elision_asks_for_nothing_but_a_letter_alone_does() -> None:
    assert found(plan("l'Ukraine", Spelled()), "Ukraine") == "exact"
    assert found(plan("O", Spelled()), "line O") == "exact"
    assert found(plan("O", Spelled()), "line P") == "no"


@pytest.mark.parametrize(
    ("query", "message_id"),
    [
        ("", "search-empty"),
        ("  *-\"'()\u202e\x1b", "search-empty"),
        ("x" * (SEARCH_CHARACTERS_MAX + 1), "search-too-long"),
        ("x" * 200_000, "search-too-long"),
        ("ab " * (SEARCH_WORDS_MAX + 1), "search-too-many-words"),
    ],
)
def test_what_cannot_be_searched_is_refused_with_a_sentence(query: str, message_id: str) -> None:
    assert refusal(query) == message_id


@pytest.mark.parametrize("name", ["x" * 500, "ش" * 500, "绍" * 500])
def test_a_name_of_five_hundred_characters_is_found(name: str) -> None:
    assert found(plan(name, registered((name, "Shoigu"))), name) == "exact"
    assert found(plan(name, registered((name, "Shoigu"))), "Shoigu") == "exact"


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_search_for_a_text_finds_it(text: str, around: str) -> None:
    try:
        asked = plan(text, Spelled())
    except UsageError:
        return
    assert found(asked, text) == "exact"
    assert found(asked, f"{around} {text} {around}") == "exact"


# Texts


def test_the_texts_of_an_entry_are_what_people_wrote() -> None:
    world = World()
    message = world.entry(world.send("alpha", "Do you see this?", subject="Convoy", action=["ops"], language="en"))
    assert texts_of(world.registry, message) == ["Do you see this?", "Convoy"]
    shoigu = [{"text": "Choïgou", "language": "fr", "source": "S2"}]
    (name,) = world.say("alpha", "name", id="person:shoigu", spellings=shoigu)
    assert texts_of(world.registry, name) == ["Choïgou", "S2", "person:shoigu"]


def test_nothing_is_searched_of_what_is_withheld_unreadable_unknown_or_a_test() -> None:
    world = World()
    message = world.entry(world.send())
    assert texts_of(world.registry, replace(message, body=None)) == []
    assert texts_of(world.registry, replace(message, body=b"\xff")) == []
    assert texts_of(world.registry, world.put("alpha", [Draft(999, b"\xa1\x00\x61a", "watch")])[0]) == []
    assert texts_of(world.registry, world.say("alpha", "test")[0]) == []


# Excerpts


def test_an_excerpt_shows_the_word_that_was_found() -> None:
    asked = plan("Shoigu", Spelled())
    text = "Lead " * 100 + "then Шойгу spoke" + " trail" * 100
    shown = excerpt([text], asked.wanted)
    assert "Шойгу" in shown
    assert (shown[0], shown[-1]) == ("…", "…")
    assert len(shown) <= EXCERPT_CHARACTERS_MAX


def test_a_short_text_is_shown_whole_and_on_one_line() -> None:
    assert excerpt(["One\n\ntwo\tthree"], frozenset({"ftwo"})) == "One two three"


def test_the_text_that_has_the_word_is_the_one_that_is_shown() -> None:
    assert excerpt(["Convoy", "Six trucks"], frozenset({"ftrucks"})) == "Six trucks"
    assert excerpt(["Convoy", "Six trucks"], frozenset({"fother"})) == "Convoy"
    assert excerpt([], frozenset({"fother"})) == ""


@given(st.lists(st.text(max_size=600), max_size=3), st.sampled_from(["a", "Шойгу", "绍", "the"]))
def test_no_excerpt_is_longer_than_it_may_be(texts: list[str], word: str) -> None:
    wanted = plan(word, Spelled()).wanted
    assert len(excerpt([*texts, word], wanted)) <= EXCERPT_CHARACTERS_MAX


def test_a_word_longer_than_an_excerpt_is_cut() -> None:
    text = "before " * 20 + "x" * 500 + " after"
    shown = excerpt([text], plan("x" * 500, Spelled()).wanted)
    assert len(shown) <= EXCERPT_CHARACTERS_MAX
    assert "xxx" in shown

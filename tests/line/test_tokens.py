"""What a text is found by: one name in many spellings and scripts has one skeleton."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.line.tokens import FOLD_MAX, SKELETONS_MAX, placed, tokens, word_of, words

SHOIGU = ("Shoigu", "Choïgou", "Шойгу", "Schoigu", "Szojgu", "Şoygu", "شويغو", "وشويغو", "SHOIGU", "Choi\u0308gou")
AUSTIN = ("Austin", "Остин", "أوستن", "Остіном"[:5])
GERASIMOV = ("Gerasimov", "Guerassimov", "Gerassimow", "Герасимов", "جيراسيموف")
PLACES = (
    ("Zaporizhzhia", "Zaporijjia", "Запоріжжя", "Запорожье", "Saporischschja"),
    ("Kyiv", "Kiev", "Киев", "Київ", "Kiew", "Kijów"),
    ("Kakhovka", "Каховка", "Kachowka", "كاخوفكا"),
    ("Kherson", "Херсон", "Cherson"),
)
ONE_LETTER_WORDS_AND_LONGER = st.text(max_size=60)


def alike(one: str, other: str) -> bool:
    """Whether who asks for `one` finds a text with `other`."""
    return any(not tokens([other]).isdisjoint((*word.exact, *word.similar)) for word in words(one))


@pytest.mark.parametrize("names", [SHOIGU, AUSTIN, GERASIMOV, *PLACES], ids=lambda names: names[0])
def test_the_spellings_of_a_name_find_one_another(names: tuple[str, ...]) -> None:
    apart = [(one, other) for one, other in itertools.permutations(names, 2) if not alike(one, other)]
    assert apart == []


@pytest.mark.parametrize(
    ("one", "other"), [("Shoigu", "siege"), ("Shoigu", "Austin"), ("Kyiv", "Kharkiv"), ("dam", "damage"), ("绍", "伊")]
)
def test_other_words_do_not(one: str, other: str) -> None:
    assert not alike(one, other)


def test_a_name_is_found_with_the_ending_of_its_case() -> None:
    for written in ("Герасимова", "Герасимову", "Герасимовым"):
        assert alike("Gerasimov", written)
        assert alike("Герасимов", written)


def test_the_fold_is_exact_and_the_skeleton_a_likeness() -> None:
    (word,) = words("Choïgou")
    assert (word.exact, word.similar) == (("fchoigou",), ("kxg", "kkg"))
    assert word_of("1500Z").similar == ()
    assert word_of("oui").similar == ()


def test_ideographs_are_found_by_themselves_and_in_pairs() -> None:
    held = tokens(["国防部长绍伊古说"])
    for part in ("绍伊古", "绍伊", "伊古", "古", "说"):
        assert all(held.issuperset(word.exact) for word in words(part)), part
    assert not held.issuperset(words("古伊")[0].exact)
    assert [word.exact for word in words("Shoigu绍伊")] == [("fshoigu",), ("c7ecd4f0a",)]


@pytest.mark.parametrize(
    "hidden", ["Sho\u202eigu", "Sho\u200bigu", "\u2067Shoigu\u2069", "Sho\u00adigu", "\ufeffShoigu"]
)
def test_what_nobody_sees_hides_no_word(hidden: str) -> None:
    assert tokens([hidden]) >= {"fshoigu", "kxg"}


def test_control_characters_part_words() -> None:
    assert tokens(["Shoigu\x00Austin\x1b[31m"]) >= {"fshoigu", "faustin"}


@pytest.mark.parametrize("text", ["", " ", "***", '"-"', "😀", "\u202e", "\x1b\x07", "()[]{}"])
def test_what_has_no_letter_and_no_digit_is_found_by_nothing(text: str) -> None:
    assert tokens([text]) == set()
    assert words(text) == []


def test_a_word_without_end_is_cut_the_same_on_both_sides() -> None:
    long = "ab" * 100_000
    assert max(map(len, tokens([long]))) == FOLD_MAX + 1
    assert words(long)[0].exact[0] in tokens([long])


def test_two_hundred_thousand_characters_are_done_at_once() -> None:
    assert len(tokens(["Convoy of six trucks leaves. " * 7_000])) < 20


def test_full_width_and_decomposed_letters_are_the_same() -> None:
    assert tokens(["Ｓｈｏｉｇｕ"]) == tokens(["shoigu"])
    assert tokens([unicodedata.normalize("NFD", "Шойгу Choïgou")]) == tokens(["Шойгу Choïgou"])


@given(st.text(max_size=100))
def test_every_token_is_of_small_letters_and_digits(text: str) -> None:
    """So that none of them can ever be a word of the index's own language."""
    assert all(token.isalnum() and token.isascii() and token == token.lower() for token in tokens([text]))


@given(st.text(max_size=100))
def test_a_text_is_found_by_each_of_its_own_words(text: str) -> None:
    held = tokens([text])
    for word in words(text):
        assert held.issuperset(word.exact)
        assert held.issuperset(word.similar)
        assert len(word.similar) <= SKELETONS_MAX


@given(st.text(max_size=100))
def test_places_are_those_of_the_words(text: str) -> None:
    found: set[str] = set()
    last = 0
    for start, end, held in placed(text):
        assert last <= start < end <= len(text)
        assert held == tokens([text[start:end]])
        found |= held
        last = end
    assert found == tokens([text])

"""Text from elsewhere: what a terminal may be shown, what a name is, how words are counted."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.limits import NAME_BYTES_MAX
from openline.base.text import is_hidden, is_name, visible, words

# What is shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b[H", "<U+001B>[2J<U+001B>[H"),
        ("\x1b]0;title\x07", "<U+001B>]0;title<U+0007>"),
        ("safe\rPAID", "safe<U+000D>PAID"),
        ("a\x08b", "a<U+0008>b"),
        ("a\x00b", "a<U+0000>b"),
        ("a\x7fb", "a<U+007F>b"),
        ("a\x9b31mb", "a<U+009B>31mb"),
        ("a\u202eb", "a<U+202E>b"),
        ("a\u2066b\u2069", "a<U+2066>b<U+2069>"),
        ("a\u200fb", "a<U+200F>b"),
        ("a\u061cb", "a<U+061C>b"),
        ("a\u200bb", "a<U+200B>b"),
        ("a\ufeffb", "a<U+FEFF>b"),
        ("a\u2028b\u2029c", "a<U+2028>b<U+2029>c"),
        ("a\ue000b", "a<U+E000>b"),
        ("a\ud800b", "a<U+D800>b"),
        ("a\U000e0041b", "a<U+E0041>b"),
        ("a\U0010ffffb", "a<U+10FFFF>b"),
    ],
)
def test_what_acts_on_a_display_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Convoy at 0600Z",
        "line\nfeed\tand tab",
        "Привіт, Київ",
        "نص حكيم",
        "日本語",
        "e\u0301",
        "35°20'09\"N",
        "👍",
        "a b",
    ],
)
def test_what_stands_on_a_display_is_left_as_it_is(text: str) -> None:
    assert visible(text) == text


@given(st.text())
def test_nothing_that_is_shown_can_act(text: str) -> None:
    for character in visible(text):
        assert character in "\n\t" or unicodedata.category(character)[0] != "C"
        assert unicodedata.bidirectional(character) not in {
            "LRE",
            "RLE",
            "LRO",
            "RLO",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        }


@given(st.text())
def test_showing_twice_is_showing_once(text: str) -> None:
    assert visible(visible(text)) == visible(text)


def test_line_feed_and_tab_are_the_only_controls_that_stay() -> None:
    stay = [character for character in map(chr, range(0x20)) if not is_hidden(character)]
    assert stay == ["\t", "\n"]


# Names


@pytest.mark.parametrize(
    "name", ["a", "alpha.example", "north-hq.example", "0", "a" * NAME_BYTES_MAX, "xn--80ak6aa92e"]
)
def test_small_letters_digits_dots_and_hyphens_make_a_name(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "-",
        "a.",
        ".a",
        "-a",
        "a-",
        "a..b",
        "A",
        "a b",
        "a_b",
        "a/b",
        "a\n",
        "á",
        "а",
        "a" * (NAME_BYTES_MAX + 1),
        "..",
        "a\u200bb",
        "１",
    ],
)
def test_anything_else_is_no_name(name: str) -> None:
    assert not is_name(name)


@given(st.text(max_size=30))
def test_a_name_can_stand_in_a_path_a_log_and_a_note_without_a_second_meaning(text: str) -> None:
    if is_name(text):
        assert text.isascii()
        assert not set(text) & set("/\\+: \n\t'\"")
        assert visible(text) == text


# Words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("  \n ", 0),
        ("one", 1),
        (" one\ttwo\nthree  four ", 4),
        ("слово і слово", 3),
        ("a\u00a0b", 2),
        ("a-b", 1),
    ],
)
def test_words_are_runs_between_white_space(text: str, count: int) -> None:
    assert words(text) == count

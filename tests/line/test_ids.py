"""People name entries; what they type is understood or refused with a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import UsageError
from openline.line.ids import entry_label, parse_id, party_labels, party_of, split_id

ALPHA, BRAVO = "alpha.example/line/alpha-bravo", "bravo.example/line/alpha-bravo"
MEMBERS = (ALPHA, BRAVO)


def refusal(text: str, members: tuple[str, ...] = MEMBERS) -> str:
    with pytest.raises(UsageError) as caught:
        parse_id(text, "alpha-bravo", members)
    return caught.value.message_id


def test_a_party_is_named_by_its_first_label() -> None:
    assert entry_label(MEMBERS, BRAVO, 14) == "bravo:14"
    assert entry_label(MEMBERS, BRAVO, 14, "alpha-bravo") == "alpha-bravo/bravo:14"


def test_parties_with_the_same_first_label_are_named_in_full() -> None:
    twins = ("hq.east.example/line/x", "hq.west.example/line/x")
    assert party_labels(twins) == {twins[0]: "hq.east.example", twins[1]: "hq.west.example"}
    assert parse_id("hq.west.example:3", "x", twins) == (twins[1], 3)
    with pytest.raises(UsageError):
        parse_id("hq:3", "x", twins)


def test_a_full_id_wins_over_a_label() -> None:
    members = ("alpha.bravo/line/x", "bravo/line/x")
    assert parse_id("bravo:1", "x", members) == ("bravo/line/x", 1)


@pytest.mark.parametrize("text", ["bravo:14", "bravo.example:14", "alpha-bravo/bravo:14", "  bravo:14 ", "bravo:014"])
def test_ways_to_name_one_entry(text: str) -> None:
    assert parse_id(text, "alpha-bravo", MEMBERS) == (BRAVO, 14)


@pytest.mark.parametrize(
    "text", ["", "bravo", "14", ":14", "bravo:", "bravo:-1", "bravo:1.5", "bravo:٣", "/bravo:1", f"bravo:{'9' * 16}"]
)
def test_what_is_no_id_is_refused(text: str) -> None:
    assert refusal(text) == "entry-id-wrong"


def test_an_entry_of_another_line_is_refused() -> None:
    assert refusal("alpha-charlie/bravo:1") == "entry-other-line"


def test_a_party_that_is_not_on_the_line_is_refused() -> None:
    assert refusal("charlie:1") == "entry-party-unknown"


def test_the_parts_of_an_id() -> None:
    assert split_id("alpha-bravo/bravo:14") == ("alpha-bravo", "bravo", 14)
    assert split_id("bravo:0") == ("", "bravo", 0)


def test_an_origin_that_is_none_is_shown_whole() -> None:
    assert party_of("nonsense") == "nonsense"
    assert entry_label(MEMBERS, "stranger.example/line/z", 2) == "stranger.example:2"


@given(st.sampled_from(MEMBERS), st.integers(0, 10**12), st.sampled_from(["", "alpha-bravo"]))
def test_a_label_is_read_back(origin: str, index: int, line: str) -> None:
    assert parse_id(entry_label(MEMBERS, origin, index, line), "alpha-bravo", MEMBERS) == (origin, index)


@given(st.text(max_size=40))
def test_any_text_is_an_id_or_a_refusal(text: str) -> None:
    try:
        origin, index = parse_id(text, "alpha-bravo", MEMBERS)
    except UsageError:
        return
    assert origin in MEMBERS
    assert index >= 0

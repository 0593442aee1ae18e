"""How parties, logs and keys are named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.identity.names import (
    KEY_NAME_BYTES_MAX,
    LINE_BYTES_MAX,
    PARTY_BYTES_MAX,
    identity_origin,
    is_key_name,
    is_line,
    is_party,
    line_origin,
    mirror_name,
    split_origin,
)


def test_a_name_says_whose_it_is() -> None:
    assert identity_origin("alpha.example") == "alpha.example/identity"
    assert line_origin("alpha.example", "joint") == "alpha.example/line/joint"
    assert mirror_name(line_origin("alpha.example", "joint")) == "alpha.example/line/joint/mirror"


def test_an_origin_comes_apart_again() -> None:
    assert split_origin("alpha.example/line/joint") == ("alpha.example", "joint")


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "alpha.example",
        "alpha.example/identity",
        "alpha.example/line/",
        "/line/joint",
        "a/line/b/mirror",
        "A/line/b",
    ],
)
def test_what_is_no_line_log_does_not(origin: str) -> None:
    assert split_origin(origin) is None


def test_the_longest_names_fit_a_seal() -> None:
    party, line = "a" * PARTY_BYTES_MAX, "b" * LINE_BYTES_MAX
    assert is_party(party)
    assert is_line(line)
    assert len(mirror_name(line_origin(party, line))) <= KEY_NAME_BYTES_MAX
    assert not is_party(party + "a")
    assert not is_line(line + "b")


@pytest.mark.parametrize(
    "name", ["", "a b", "a\u00a0b", "a\u2028b", "a\tb", "a\nb", "a+b", "a\0b", "a\ud800b", "é" * 128]
)
def test_a_key_has_no_such_name(name: str) -> None:
    assert not is_key_name(name)


@given(st.text())
def test_a_key_name_survives_a_note_line(name: str) -> None:
    if is_key_name(name):
        assert f"\u2014 {name} sig".split(" ") == ["\u2014", name, "sig"]
        assert 0 < len(name.encode()) <= KEY_NAME_BYTES_MAX

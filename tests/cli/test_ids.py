"""Entries by name."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.cli.ids import split_entry


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("bravo:14", (None, "bravo:14")),
        ("alpha-bravo/bravo:14", ("alpha-bravo", "bravo:14")),
        (" bravo.example:0 ", (None, "bravo.example:0")),
    ],
)
def test_an_entry_may_name_its_line(text: str, parts: tuple[str | None, str]) -> None:
    assert split_entry(text) == parts


@pytest.mark.parametrize("text", ["", "bravo", "14", ":14", "bravo:", "bravo:x", "/bravo:1", "bravo:١"])
def test_what_is_no_entry_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="entry-id-wrong"):
        split_entry(text)

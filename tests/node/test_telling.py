"""A note becomes a sentence in the officer's language, the level in it included."""

from __future__ import annotations

import pytest

from openline.line.level import LABELS
from openline.line.notes import Note
from openline.node.telling import told


def test_a_level_is_named_in_the_language_of_the_sentence() -> None:
    note = Note("history-count", {"count": 1, "level": "chief-of-staff", "since": "2022-02-24"})
    assert told(note, "en") == "One contact at the level of chiefs of staff since 2022-02-24."
    assert told(note, "fr") == "Un contact au niveau des chefs d’état-major depuis le 2022-02-24."


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("label", LABELS)
def test_every_level_has_a_name(label: str, language: str) -> None:
    assert "label-" not in told(Note("history-never", {"level": label}), language)

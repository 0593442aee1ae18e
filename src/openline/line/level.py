"""Levels of contact in their rank order: a contact of ministers is higher than one of duty officers (R40, R43).

The numbers stand in bodies and leave room between them. What a party calls its own level ("Secretary of the Security
Council") is a label beside the rank: `LABELS` has the words that are the same for everybody, a charter may add a
party's own, and only the rank is ever compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from openline.base.errors import UsageError


class Level(IntEnum):
    """How high a contact is, by who takes part."""

    DUTY = 10
    OPERATIONAL = 20
    CHIEF_OF_STAFF = 30
    ADVISER = 40
    MINISTER = 50
    HEAD_OF_STATE = 60


LABELS: Mapping[str, Level] = {
    "duty": Level.DUTY,
    "operational": Level.OPERATIONAL,
    "chief-of-staff": Level.CHIEF_OF_STAFF,
    "adviser": Level.ADVISER,
    "minister": Level.MINISTER,
    "head-of-state": Level.HEAD_OF_STATE,
}
"""The words for a level in commands, whatever the language of the officer."""

_NAMES: Mapping[Level, str] = {level: label for label, level in LABELS.items()}


def level_of(label: str, own: Mapping[str, Level] | None = None) -> Level:
    """The level that `label` names; `own` are a party's own names. Raises UsageError when there is none."""
    found = LABELS.get(label) or (own or {}).get(label)
    if found is None:
        raise UsageError("level-unknown", level=label, levels=", ".join((*LABELS, *(own or {}))))
    return found


def label_of(level: Level) -> str:
    """The word for a level that is the same for everybody."""
    return _NAMES[level]

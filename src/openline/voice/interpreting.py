"""The seat of an interpreter in a call, as the record has it: a desk, and the own desks it hears and is heard by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec

from openline.base.errors import UsageError
from openline.base.limits import ROLE_BYTES_MAX, VOICE_SEATS_MAX

INTERPRET = "interpret"
"""The capability to take such a seat."""

DeskName = Annotated[str, msgspec.Meta(max_length=ROLE_BYTES_MAX)]
DeskNames = Annotated[tuple[DeskName, ...], msgspec.Meta(max_length=VOICE_SEATS_MAX)]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What an interpreter hears and by whom it is heard, among the desks of its own party."""

    listens: tuple[str, ...] = ()
    speaks: tuple[str, ...] = ()


def arrangement(desk: str, listens: tuple[str, ...], speaks: tuple[str, ...]) -> Arrangement:
    """What is wanted for `desk`, each name once. Raises UsageError when it cannot be put on the record."""
    wanted = Arrangement(tuple(dict.fromkeys(listens)), tuple(dict.fromkeys(speaks)))
    for desks in (wanted.listens, wanted.speaks):
        if len(desks) > VOICE_SEATS_MAX or desk in desks:
            raise UsageError("interpreter-list-wrong", desk=desk, limit=VOICE_SEATS_MAX)
    if not all(0 < len(name.encode()) <= ROLE_BYTES_MAX for name in (desk, *wanted.listens, *wanted.speaks)):
        raise UsageError("desk-name-wrong", limit=ROLE_BYTES_MAX)
    return wanted

"""The five short replies of the watch, and what each of them says and does not say.

ROGER says that the watch has received and taken it, and is never consent; WILCO alone says that it will be done. A
proword is a field of a receipt, so it needs no words, no translation, and no clock of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, IntEnum
from typing import Literal

from openline.line.item import Stage

ProwordName = Literal["roger", "wilco", "unable", "say-again", "stand-by"]


class Proword(IntEnum):
    """The numbers stand in receipt bodies."""

    ROGER = 1
    WILCO = 2
    UNABLE = 3
    SAY_AGAIN = 4
    STAND_BY = 5


class Meaning(Enum):
    """What a proword says, in a word that stands beside it wherever it is shown."""

    RECEIVED_NOT_AGREED = "received-not-agreed"
    WILL_COMPLY = "will-comply"
    CANNOT_COMPLY = "cannot-comply"
    ASKS_TO_REPEAT = "asks-to-repeat"
    ANSWER_FOLLOWS = "answer-follows"


MEANING: Mapping[Proword, Meaning] = {
    Proword.ROGER: Meaning.RECEIVED_NOT_AGREED,
    Proword.WILCO: Meaning.WILL_COMPLY,
    Proword.UNABLE: Meaning.CANNOT_COMPLY,
    Proword.SAY_AGAIN: Meaning.ASKS_TO_REPEAT,
    Proword.STAND_BY: Meaning.ANSWER_FOLLOWS,
}

STATES: Mapping[Proword, Stage] = {
    Proword.ROGER: Stage.ACCEPTED,
    Proword.WILCO: Stage.ANSWERED,
    Proword.UNABLE: Stage.ANSWERED,
    Proword.SAY_AGAIN: Stage.DISPLAYED,
    Proword.STAND_BY: Stage.DISPLAYED,
}
"""Which stage a proword states. ROGER, SAY AGAIN and STAND BY answer nothing: the clock of the answer runs on."""


def table() -> str:
    """Each proword with its number, stage and meaning, as a Markdown table."""
    rows = [
        f"| {int(one)} | {one.name} | {STATES[one].name} | {MEANING[one].value.replace('-', ' ')} |" for one in Proword
    ]
    return "\n".join(["| Number | Proword | States | Means |", "| --- | --- | --- | --- |", *rows])


def agrees(proword: Proword) -> bool:
    """Whether the other side has said that it will do it."""
    return MEANING[proword] is Meaning.WILL_COMPLY


def proword_of(name: ProwordName) -> Proword:
    """The proword of a name that the arguments allow."""
    return Proword[name.upper().replace("-", "_")]

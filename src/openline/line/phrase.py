"""Fixed phrases: a code and its values are signed; each side reads a sentence of its own language (R31).

The text of such a message is the code and the values in one written form (`written`), in no language, so a reader who
does not know the code still sees all that was said. The sentences stand in the catalogues, `phrase-<code>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Annotated, NamedTuple

import msgspec

from openline.base.errors import UsageError
from openline.base.schema import Row
from openline.base.text import visible
from openline.base.time import from_rfc3339
from openline.line.words import Code, time_of

NO_LANGUAGE = "zxx"
"""The language tag of a text without linguistic content (BCP 47)."""

VALUES_MAX = 8
VALUE_CHARACTERS_MAX = 100
COUNT_MAX = 1_000_000


class Sort(Enum):
    """What a value is."""

    PLACE = "place"
    TIME = "time"
    COUNT = "count"


class Slot(NamedTuple):
    """One value of a phrase: its name in the sentence, and what it is."""

    name: str
    sort: Sort


_PLACE, _TIME = Slot("place", Sort.PLACE), Slot("time", Sort.TIME)
_PERIOD = (Slot("from", Sort.TIME), Slot("until", Sort.TIME))

PHRASES: Mapping[str, tuple[Slot, ...]] = {
    "accident-no-attack": (_PLACE,),
    "cease-fire-from": (_PLACE, _TIME),
    "convoy-leaves": (_PLACE, _TIME, Slot("count", Sort.COUNT)),
    "evacuate-wounded": (_PLACE, *_PERIOD),
    "fire-hits-us": (_PLACE,),
    "hold-fire-until": (_PLACE, _TIME),
    "line-silent": _PERIOD,
    "mines-at": (_PLACE,),
    "recover-the-dead": (_PLACE, *_PERIOD),
    "speak-now": (),
    "test-launch": (_PLACE, _TIME),
}
"""Every code with its values, in their order. A code is never given another meaning or other values."""


class Phrase(Row, frozen=True):
    """A code and its values as text, in the order of its slots."""

    code: Code
    values: Annotated[
        tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=VALUE_CHARACTERS_MAX)], ...],
        msgspec.Meta(max_length=VALUES_MAX),
    ]


class PhraseView(msgspec.Struct, frozen=True):
    """A phrase as it is shown: its code, its values by name, and its sentence in each language there is.

    The node fills in the sentences: the line knows no language.
    """

    code: str
    values: dict[str, str]
    sentences: dict[str, str] = {}


def phrase_of(code: str, values: Mapping[str, str]) -> Phrase:
    """The phrase of a code and its values by name. Raises UsageError when it is none."""
    slots = PHRASES.get(code)
    if slots is None:
        raise UsageError("phrase-unknown", code=code)
    names = [slot.name for slot in slots]
    if sorted(values) != sorted(names):
        raise UsageError("phrase-values-wrong", code=code, names=", ".join(names) or "-")
    return Phrase(code, tuple(_value(code, slot, values[slot.name]) for slot in slots))


def written(phrase: Phrase) -> str:
    """The one form in which a phrase stands as a text; the names of the values only where the code is known."""
    slots = PHRASES.get(phrase.code, ())
    named = len(slots) == len(phrase.values)
    parts = [f"{slots[place].name} {value}" if named else value for place, value in enumerate(phrase.values)]
    return "; ".join([phrase.code, *parts])


def fits(phrase: Phrase, text: str) -> bool:
    """Whether `phrase` and the text beside it say the same, with values of the right sorts.

    Of a code that is not known here nothing can be judged, and nothing is held against it.
    """
    slots = PHRASES.get(phrase.code)
    if slots is None:
        return True
    right = len(slots) == len(phrase.values) and written(phrase) == text
    return right and all(_is(slot.sort, value) for slot, value in zip(slots, phrase.values, strict=True))


def phrase_view(phrase: Phrase) -> PhraseView | None:
    """Its values by name; None when the code is not known here: its text is shown then."""
    slots = PHRASES.get(phrase.code)
    if slots is None or len(slots) != len(phrase.values):
        return None
    return PhraseView(phrase.code, dict(zip((slot.name for slot in slots), phrase.values, strict=True)))


def facts_of(view: PhraseView) -> dict[str, str | int]:
    """What fills the sentence: times as the watch writes them, counts as numbers, everything else as it was said."""
    return {slot.name: _fact(slot.sort, view.values[slot.name]) for slot in PHRASES[view.code]}


def table() -> str:
    """Every code with its values, as a Markdown table."""
    rows = [
        f"| `{code}` | {', '.join(f'`{slot.name}` ({slot.sort.value})' for slot in slots) or '-'} |"
        for code, slots in PHRASES.items()
    ]
    return "\n".join(["| Code | Values, in this order |", "| --- | --- |", *rows])


def _value(code: str, slot: Slot, text: str) -> str:
    value = time_of(text).rfc3339() if slot.sort is Sort.TIME else text
    if not _is(slot.sort, value):
        raise UsageError("phrase-value-wrong", code=code, name=slot.name, sort=slot.sort.value)
    return value


def _is(sort: Sort, value: str) -> bool:
    match sort:
        case Sort.PLACE:
            return (
                0 < len(value) <= VALUE_CHARACTERS_MAX
                and visible(value) == value
                and bool(value.strip())
                and ";" not in value
            )
        case Sort.TIME:
            try:
                return from_rfc3339(value).rfc3339() == value
            except (ValueError, OverflowError):
                return False
        case Sort.COUNT:
            return value.isascii() and value.isdigit() and str(int(value)) == value and int(value) <= COUNT_MAX


def _fact(sort: Sort, value: str) -> str | int:
    match sort:
        case Sort.PLACE:
            return value
        case Sort.TIME:
            return from_rfc3339(value).dtg()
        case Sort.COUNT:
            return int(value)

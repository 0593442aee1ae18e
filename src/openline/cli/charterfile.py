"""A charter as a TOML file to edit: the clauses of the one in force, or usual values for the parties of the line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from openline.base.text import is_hidden

USUAL = {
    "purpose": "To avoid incidents and to keep a line open at all times.",
    "scope": "What belongs on this line, and what does not.",
    "language": "en",
    "checks times": "0600Z, 1800Z",
    "checks forms": "text, voice",
    "checks early minutes": "15",
    "checks late minutes": "15",
    "checks over minutes": "60",
    "checks presence minutes": "30",
    "due flash minutes": "10",
    "due immediate minutes": "30",
    "due priority minutes": "180",
    "due routine minutes": "360",
}
OF_A_SIDE = {
    "commander": "Name the command this end stands under",
    "hours": "0000Z to 2400Z, every day",
    "languages": "en",
}

_HEAD = """\
# A charter of the line: what all of its parties agree on. Edit it, then: openline charter propose LINE FILE
# It binds nobody before every party has assented. Times are Zulu. Without valid_from it holds from the last assent on.
"""


def template_text(members: Sequence[str], clauses: Mapping[str, str] | None) -> str:
    """The file, whole. `clauses` are those in force, by name, or None."""
    held = {**USUAL, **(clauses or {})}
    return (
        _HEAD + "\n".join([*_top(held), *_sides(members, held), *_checks(held), *_due(held), *_formulas(held)]) + "\n"
    )


def quoted(text: str) -> str:
    """`text` as a TOML string in one line. What a terminal would not show, or obey, stands there by its number."""
    return "".join(f"\\U{ord(each):08x}" if is_hidden(each) else each for each in json.dumps(text, ensure_ascii=False))


def _top(held: Mapping[str, str]) -> Iterator[str]:
    for name in ("purpose", "scope", "language"):
        yield f"{name} = {quoted(held[name])}"
    yield '# valid_from = "2026-12-01T00:00:00Z"'


def _sides(members: Sequence[str], held: Mapping[str, str]) -> Iterator[str]:
    for party in members:
        yield from ("", "[[sides]]", f"party = {quoted(party)}")
        for name in ("commander", "hours"):
            yield f"{name} = {quoted(held.get(f'{party} {name}', OF_A_SIDE[name]))}"
        yield f"languages = {_listed(held.get(f'{party} languages', OF_A_SIDE['languages']))}"
        yield "# Its own names for levels of contact, and which level each is."
        yield "[sides.levels]"
        before = f"{party} level "
        yield from (
            f"{quoted(name.removeprefix(before))} = {quoted(level)}"
            for name, level in held.items()
            if name.startswith(before)
        )


def _checks(held: Mapping[str, str]) -> Iterator[str]:
    yield from ("", "# Line checks; presence_minutes = 0: nobody is asked for a sign.", "[checks]")
    yield f"times = {_listed(held['checks times'])}"
    yield f"forms = {_listed(held['checks forms'])}"
    for name in ("early", "late", "over", "presence"):
        yield f"{name}_minutes = {int(held[f'checks {name} minutes'])}"


def _due(held: Mapping[str, str]) -> Iterator[str]:
    yield from ("", "# Minutes until an entry of each precedence must have been answered or passed on.", "[due]")
    for name in ("flash", "immediate", "priority", "routine"):
        yield f"{name} = {int(held[f'due {name} minutes'])}"


def _formulas(held: Mapping[str, str]) -> Iterator[str]:
    yield from (
        "",
        "# Agreed neutral formulas of contested terms, each as:",
        '# [[formulas]]\n# term = "events-of-2022"',
    )
    yield from ('# language = "en"', '# words = "the events since February"')
    for name, words in held.items():
        kind, _, place = name.partition(" ")
        if kind == "formula":
            term, _, language = place.partition(" ")
            yield from ("", "[[formulas]]", f"term = {quoted(term)}", f"language = {quoted(language)}")
            yield f"words = {quoted(words)}"


def _listed(text: str) -> str:
    return f"[{', '.join(quoted(word) for word in text.split(', ') if word)}]"

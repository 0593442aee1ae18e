"""The sentences: message ids and facts rendered from the Fluent catalogues, in the language of the officer.

Catalogues are `base/locale/<language>/*.ftl`. Every id has an English sentence; a language without one falls back to
English. Placeables are isolated (FSI/PDI) on terminals only, since texts of two writing directions meet there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.resolver import Pattern
from fluent.runtime.types import FluentNone

from openline.base.errors import OpenlineError

LANGUAGES = ("en", "fr")
PHRASE_LANGUAGES = ("ru", "uk", "ar")
"""Languages in which only the fixed phrases are there."""

_UNKNOWN_FACT = re.compile(r"Unknown external: (\w+)")


def explain(error: OpenlineError, language: str = "en") -> str:
    """What could not be done and what to do now."""
    return sentence(error.message_id, error.facts, language)


def sentence(message_id: str, facts: Mapping[str, str | int], language: str = "en", isolate: bool = False) -> str:
    """The sentence of `message_id` with `facts` in it; a fact it wants and does not get is shown as a question mark.

    An unknown id is shown as it is, never hidden.
    """
    for wanted in (language, language.split("-", maxsplit=1)[0], "en"):
        bundle = _bundle(wanted, isolate) if wanted in (*LANGUAGES, *PHRASE_LANGUAGES) else None
        if bundle is not None and bundle.has_message(message_id):
            pattern = bundle.get_message(message_id).value
            if pattern is not None:
                return _formatted(bundle, pattern, facts)
    told = ", ".join(f"{name}: {value}" for name, value in facts.items())
    return f"{message_id} ({told})" if told else message_id


def _formatted(bundle: FluentBundle, pattern: Pattern, facts: Mapping[str, str | int]) -> str:
    text, errors = bundle.format_pattern(pattern, dict(facts))
    if not errors:
        return str(text)
    told = (_UNKNOWN_FACT.search(str(error)) for error in errors)
    unknown = {found[1]: FluentNone("?") for found in told if found is not None}
    return str(bundle.format_pattern(pattern, {**unknown, **facts})[0])


def known_ids(language: str) -> frozenset[str]:
    """Every message id of a language."""
    return frozenset(_bundle(language, False)._messages)  # noqa: SLF001 - the library has no public listing


@cache
def _bundle(language: str, isolate: bool) -> FluentBundle:
    bundle = FluentBundle([language], use_isolating=isolate)
    folder = files("openline.base") / "locale" / language
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))
    return bundle

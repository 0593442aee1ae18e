"""Names and terms of the chronology of 2022 as the five texts spell them, each with where it stands.

Officials and places appear as published, in every spelling; nobody's spelling replaces another's. The Russian spelling
of one name is the official one in his own language. Links of the pages themselves are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

OWN_LANGUAGE = "official name in Russian, none of the five texts"
MAY, OCTOBER = "2022-05-13", "2022-10-21"
OF_MAY = ("S0", "S1", "S3")

SPELLINGS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "person:austin": (
        *(("Austin", "S0 ¶1"), ("Lloyd Austin", "S1 ¶3"), ("Lloyd J. Austin III", "S3 ¶3"), ("M. Austin", "S3 ¶4")),
        *(("Lloyd Austin", "S2 ¶2"), ("Austin", "S4 ¶5")),
    ),
    "person:shoigu": (
        *(("Shoigu", "S0 ¶1"), ("Sergueï Choïgou", "S1 ¶3"), ("Sergei K. Shoigu", "S3 ¶3"), ("M. Shoigu", "S3 ¶5")),
        *(("Choïgou", "S2 ¶2"), ("Sergueï Choïgou", "S4 ¶4")),
    ),
    "person:kirby": (("John Kirby", "S0 ¶2"),),
    "person:wolters": (("Tod Wolters", "S0 ¶8"),),
    "person:sullivan": (("Jake Sullivan", "S3 ¶8"),),
    "person:patrushev": (("Nikolay Patrushev", "S3 ¶8"),),
    "person:biden": (("Biden", "S3 ¶8"),),
    "person:putin": (("Vladimir V. Poutine", "S3 ¶9"), ("Poutine", "S4 ¶18")),
    "person:haines": (("Avril D. Haines", "S3 ¶9"),),
    "person:berrier": (("Scott D. Berrier", "S3 ¶10"),),
    "person:milley": (("Mark Milley", "S2 ¶3"),),
    "person:gerasimov": (("Valéry Guerassimov", "S2 ¶3"),),
    "person:reznikov": (("Oleksiï Reznikov", "S2 ¶6"),),
    "person:blinken": (("Antony Blinken", "S4 ¶14"), ("Blinken", "S4 ¶16")),
    "person:colonna": (("Catherine Colonna", "S4 ¶16"),),
    "person:galushchenko": (("German Galushchenko", "S4 ¶22"),),
    "person:zelensky": (("Volodymyr Zelensky", "S4 ¶23"),),
    "place:moscow": (("Moscou", "S0 ¶1"),),
    "place:donbas": (("Donbas", "S0 ¶10"), ("Donbass", "S1 ¶11"), ("Donbass", "S4 ¶12")),
    "place:kyiv": (("Kiev", "S2 ¶8"), ("Kyiv", "S4 ¶8")),
    "place:kherson": (("Kherson", "S4 ¶8"),),
    "place:dnipro": (("Dniepr", "S4 ¶11"),),
    "place:kharkiv": (("Kharkiv", "S4 ¶12"),),
    "body:tass": (("TASS", "S0 ¶5"),),
}
"""Every published spelling of each name, by its id in the register, with where it stands."""

IN_RUSSIAN: Mapping[str, tuple[str, ...]] = {"person:shoigu": ("Сергей Шойгу", "Шойгу")}
"""What one side adds in its own language."""

TERMS: tuple[tuple[str, str, str, str, str], ...] = (
    (MAY, "ru", "us-ru", "opération militaire spéciale", "S0 ¶7"),
    (MAY, "us", "us-ru", "invasion non provoquée", "S3 ¶8"),
    (OCTOBER, "us", "us-ua", "l'agression de la Russie", "S2 ¶6"),
)
"""Each side's own word for the same events: the day, whose word it is, on which line, the word, and where it stands.

What a text calls them by itself (`guerre`, S0 ¶9; `intervention militaire`, S2 ¶1; `attaque russe`, S4 ¶2) is nobody's.
"""

WAR = "events-of-2022"
TO_KYIV = ("person:austin", "person:reznikov", "person:zelensky", "place:kyiv")
"""Names that the line with Kyiv has as well."""


def names_of(day: str, only: tuple[str, ...] = ()) -> Iterator[tuple[str, str, dict[str, object]]]:
    """The names first spelled so in the texts of a day: id, sources, and the arguments of the verb `name`."""
    for name, rows in SPELLINGS.items():
        found = [(text, source) for text, source in rows if (source[:2] in OF_MAY) is (day == MAY)]
        if found and (not only or name in only):
            spellings = [{"text": text, "language": "fr", "source": source} for text, source in found]
            yield name, ", ".join(source for _, source in found), {"id": name, "spellings": spellings}


def in_russian() -> Iterator[dict[str, object]]:
    """What is added in Russian, as arguments of the verb `name`."""
    for name, texts in IN_RUSSIAN.items():
        yield {
            "id": name,
            "spellings": [{"text": text, "language": "ru", "source": OWN_LANGUAGE} for text in texts],
        }

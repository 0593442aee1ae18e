"""What the record of the scenario must answer: commands as they are typed at European Command, and what they print.

`openline demo --scenario 2022` runs each of them and looks for every text in what it prints, fields being parted by
one space. The tables of README.md and README.fr.md show these commands and texts, and no others.
"""

from __future__ import annotations

from collections.abc import Mapping

HEADQUARTERS: Mapping[str, Mapping[str, str]] = {
    "us": {"en": "European Command", "fr": "Commandement européen"},
    "ru": {"en": "Russian Ministry of Defence", "fr": "Ministère russe de la Défense"},
    "ua": {"en": "Ukrainian Ministry of Defence", "fr": "Ministère ukrainien de la Défense"},
}
"""What people call each side's node, by language: as the texts do (S0 ¶8, S2 ¶4; S2 ¶6 names the minister)."""

ANSWERS: Mapping[str, tuple[str, ...]] = {
    "openline contacts --since 2022-02-24 --level minister --lang fr": (
        "Deuxième contact au niveau des ministres depuis le 2022-02-24.",
        "Le précédent datait du 2022-05-13.",
        "3 tentatives au niveau des ministres le précèdent.",
        "84 jours sans contact au niveau des ministres le précèdent",
        "Le contact de plus haut niveau depuis le 2022-03-16",
    ),
    "openline contacts --since 2022-02-24 --level minister": (
        "Second contact at the level of ministers since 2022-02-24.",
        "The previous one was on 2022-05-13.",
        "3 attempts at the level of ministers before it.",
        "84 days without a contact at the level of ministers before it",
        "The highest-level contact since 2022-03-16",
    ),
    "openline contacts --since 2022-10-21 --level minister": (
        "us-ru/us:",
        "us-ua/us:",
    ),
    "openline contacts --person Шойгу": (
        "Шойгу took part on 2022-02-18, 2022-05-13, 2022-10-21, as stated.",
        "Found as person:shoigu, stated as Sergei K. Shoigu.",
        "Found as person:shoigu, stated as Sergueï Choïgou.",
        "The same day: contact us-ua/us:",
        "at the level of ministers; Lloyd Austin took part in both, as stated.",
    ),
    "openline names show Choïgou": (
        "person:shoigu Shoigu fr Latn us us:",
        "person:shoigu Sergei K. Shoigu fr Latn us us:",
        "person:shoigu Шойгу ru Cyrl ru ru:",
    ),
    "openline search Choïgou": ("Sergei K. Shoigu", "Сергей Шойгу"),
    "openline terms list --line us-ru": (
        "events-of-2022 fr us invasion non provoquée",
        "events-of-2022 fr ru opération militaire spéciale",
    ),
    "openline call show 2022-05-13": (
        "INITIATIVE ru AGREED us.example « à l'initiative de la partie américaine »",
        "INITIATIVE us AGREED us.example",
        "DURATION us STATED about 60 « environ une heure »",
        "TONE ru NOT_STATED",
        "TONE us STATED professional « professionnel »",
        "un responsable américain (anonymous) ← S0 ¶4 (published)",
    ),
    "openline readout show 2022-10-21 --line us-ru": (
        "1 ru:",
        "2 us:",
    ),
    "openline readout compare 2022-05-13 2022-10-21": (
        "DEMAND only-left immediate-cease-fire « cessez-le-feu immédiat »",
        "SUBJECT same situation-in-ukraine « la situation en Ukraine »",
    ),
    "openline record show us-ru --kind allegation": ("EXERCISE", "no evidence produced", "planifier de le détruire"),
    "openline record show us-ua --kind allegation": (
        "EXERCISE",
        "no evidence produced",
        "la Russie pourrait le faire sauter",
    ),
    "openline warning list us-ru": ("arms-deliveries 1 ru", "«parties au conflit»"),
    "openline demand list us-ru": ("immediate-cease-fire 1 ru open cessez-le-feu immédiat",),
    "openline record verify us-ru": ("VERIFIED",),
    "openline status us-ru": ("PROVEN",),
}
"""Every text that must stand in what a command prints."""

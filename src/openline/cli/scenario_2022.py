"""What five French press texts of May and October 2022 tell, as entries: for the story test and the demonstration.

Each step says where it comes from: a text and paragraph (`S3 ¶4`), another source, or `demonstration` for a value
that no text gives. Words are short quotations in the language of the texts. What a ministry or an official said is
entered by that side, as it would have entered it; the calls of the ministers are entered as held elsewhere, since the
texts do not say that they used the line. Persons appear by their published names only.

The texts: S0 and S1 are one agency text on the call of 13 May in two translations, S3 another text on it; S2 and S4 are
on the call of 21 October.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from openline.cli.scenario_names import MAY as MAY_DAY
from openline.cli.scenario_names import OCTOBER as OCTOBER_DAY
from openline.cli.scenario_names import OWN_LANGUAGE, TERMS, TO_KYIV, WAR, in_russian, names_of

US, RU, UA = "us", "ru", "ua"
US_RU, US_UA = "us-ru", "us-ua"
LINES: Mapping[str, tuple[str, str]] = {US_RU: (RU, US), US_UA: (UA, US)}
"""The members of each line, in the order of their origins."""

DEMONSTRATION = "demonstration"
ELSEWHERE = "press of November 2022, none of the five texts"

Arguments = dict[str, object]


@dataclass(frozen=True, slots=True)
class Step:
    """One saying: on which day, who, on which line, which verb. An argument `@key` is the entry of the step `key`."""

    day: str
    who: str
    verb: str
    source: str
    arguments: Arguments = field(default_factory=dict)
    key: str = ""
    line: str = US_RU


_ANONYMOUS = {"who": "un responsable américain", "how": "anonymous"}
_PENTAGON_ANONYMOUS = {"who": "un haut responsable du Pentagone", "how": "anonymous"}
_OFFICIALS = {"who": "deux hauts responsables américains", "how": "anonymous"}
_KIRBY = {"who": "John Kirby, porte-parole du Pentagone", "how": "published"}
_PENTAGON = {"who": "département de la Défense", "how": "published"}
_MINISTRY = {"who": "ministère russe de la Défense", "how": "published"}
_TASS = {"who": "TASS", "how": "quoted"}


def _names(day: str) -> tuple[Step, ...]:
    """The register as the texts of this day spell it, the Russian spelling by the side whose language it is."""
    found = [Step(day, US, "name", source, arguments, f"{name}-{day}") for name, source, arguments in names_of(day)]
    if day == OCTOBER_DAY:
        kyiv = names_of(day, TO_KYIV)
        found += [Step(day, US, "name", source, arguments, line=US_UA) for _, source, arguments in kyiv]
    else:
        found += [Step(day, RU, "name", OWN_LANGUAGE, arguments) for arguments in in_russian()]
    words = [row for row in TERMS if row[0] == day]
    for _, who, line, word, source in words:
        found.append(Step(day, who, "term", source, {"id": WAR, "word": word, "language": "fr"}, line=line))
    return tuple(found)


def _contact(day: str, level: str, source: str, key: str, medium: str = "telephone", **more: object) -> Step:
    arguments: Arguments = {
        "level": level,
        "medium": medium,
        "began": day,
        "parties": [US, RU],
        "elsewhere": True,
    }
    return Step(day, US, "contact", source, {**arguments, **more}, key)


def _state(who: str, entry: str, source: str, chain: list[dict[str, str]], **said: object) -> Step:
    day = "2022-10-21" if entry.endswith(("oct-21", "-oct", "oct-21-ua")) else "2022-05-13"
    published = {"who": source, "how": "published"}
    line = US_UA if entry.endswith("-ua") else US_RU
    arguments: Arguments = {"entry": f"@{entry}", "language": "fr", "sources": [*chain, published], **said}
    return Step(day, who, "state", source, arguments, line=line)


def _person(day: str, entry: str, name: str, source: str, line: str = US_RU) -> Step:
    sources = [{"who": source, "how": "published"}]
    arguments: Arguments = {"entry": f"@{entry}", "fact": "person", "value": name, "sources": sources}
    return Step(day, US, "state", source, arguments, line=line)


def _attempt(day: str) -> Step:
    arguments: Arguments = {"level": "minister", "medium": "telephone", "at": day, "result": "not-taken-up"}
    return Step(day, US, "attempt", f"S0 ¶1, S3 ¶5; number and days: {DEMONSTRATION}", arguments, f"attempt-{day}")


SPRING: tuple[Step, ...] = (
    _contact("2022-02-18", "minister", "S3 ¶3", "feb-18", "not-stated"),
    _person("2022-02-18", "feb-18", "Lloyd J. Austin III", "S3 ¶3"),
    _person("2022-02-18", "feb-18", "Sergei K. Shoigu", "S3 ¶3"),
    Step("2022-03-01", US, "service", ELSEWHERE, {"text": "La ligne est ouverte.", "language": "fr"}, "opened"),
    _contact("2022-03-16", "adviser", "S3 ¶8", "mar-16", "not-stated"),
    _person("2022-03-16", "mar-16", "Jake Sullivan", "S3 ¶8"),
    _person("2022-03-16", "mar-16", "Nikolay Patrushev", "S3 ¶8"),
    Step(
        "2022-03-16",
        US,
        "state",
        "S3 ¶8",
        {
            "entry": "@mar-16",
            "fact": "subject",
            "value": "opposition-to-the-invasion",
            "words": "la forte opposition des États-Unis",
            "language": "fr",
            "sources": [{"who": "S3 ¶8", "how": "published"}],
        },
    ),
    _attempt("2022-03-24"),
    _attempt("2022-04-12"),
    _attempt("2022-05-04"),
    _state(
        US,
        "attempt-2022-05-04",
        "S0 ¶1",
        [{"who": "les responsables", "how": "said"}],
        fact="remark",
        words="Moscou n'avait pas semblé intéressé",
    ),
)
"""Until the call of 13 May."""

MAY: tuple[Step, ...] = (
    *_names(MAY_DAY),
    _contact("2022-05-13", "minister", "S1 ¶3", "may-13"),
    _person("2022-05-13", "may-13", "Lloyd Austin", "S1 ¶3"),
    _person("2022-05-13", "may-13", "Sergueï Choïgou", "S1 ¶3"),
    _state(US, "may-13", "S3 ¶5", [_OFFICIALS], fact="initiative", value=US),
    _state(
        US,
        "may-13",
        "S0 ¶3",
        [_ANONYMOUS],
        fact="duration",
        value="60",
        precision="about",
        words="environ une heure",
    ),
    _state(US, "may-13", "S0 ¶4", [_ANONYMOUS], fact="tone", value="professional", words="professionnel"),
    _state(
        US,
        "may-13",
        "S0 ¶3",
        [_ANONYMOUS],
        fact="outcome",
        value="nothing-specific-resolved",
        words="n'a pas permis de résoudre des problèmes spécifiques",
    ),
    _state(
        US,
        "may-13",
        "S3 ¶7",
        [_PENTAGON_ANONYMOUS],
        fact="follow-up",
        value="springboard",
        words="servirait de tremplin pour de futures conversations",
    ),
    _state(
        US,
        "may-13",
        "S3 ¶6",
        [_PENTAGON_ANONYMOUS],
        fact="remark",
        words="je ne pense pas que nous le sachions avec certitude",
    ),
    _state(RU, "may-13", "S0 ¶5", [_MINISTRY, _TASS], fact="held", value="yes"),
    _state(
        RU,
        "may-13",
        "S0 ¶5",
        [_MINISTRY, _TASS],
        fact="initiative",
        value=US,
        words="à l'initiative de la partie américaine",
    ),
    Step(
        "2022-05-13",
        US,
        "demand",
        "S3 ¶4",
        {"code": "immediate-cease-fire", "words": "cessez-le-feu immédiat", "language": "fr", "contact": "@may-13"},
        "cease-fire",
    ),
    Step(
        "2022-05-13",
        US,
        "publish",
        "S3 ¶4",
        {
            "entry": "@may-13",
            "text": "cessez-le-feu immédiat en Ukraine … l'importance de maintenir les lignes de communication",
            "language": "fr",
            "released": "2022-05-13",
        },
        "us-may",
    ),
    _state(
        US, "us-may", "S3 ¶4", [_KIRBY], fact="demand", value="immediate-cease-fire", words="cessez-le-feu immédiat"
    ),
    _state(
        US,
        "us-may",
        "S3 ¶4",
        [_KIRBY],
        fact="subject",
        value="lines-of-communication",
        words="l'importance de maintenir les lignes de communication",
    ),
    Step(
        "2022-05-13",
        RU,
        "publish",
        "S0 ¶6",
        {
            "entry": "@may-13",
            "text": "Des questions d'actualité sur la sécurité internationale … notamment la situation en Ukraine",
            "language": "fr",
            "released": "2022-05-13",
        },
        "ru-may",
    ),
    _state(RU, "ru-may", "S0 ¶6", [_MINISTRY, _TASS], fact="subject", value="international-security"),
    _state(
        RU,
        "ru-may",
        "S0 ¶6",
        [_MINISTRY, _TASS],
        fact="subject",
        value="situation-in-ukraine",
        words="la situation en Ukraine",
    ),
    _contact("2022-05-19", "chief-of-staff", "S2 ¶3", "may-19"),
    _person("2022-05-19", "may-19", "Mark Milley", "S2 ¶3"),
    _person("2022-05-19", "may-19", "Valéry Guerassimov", "S2 ¶3"),
)
"""The call of 13 May, and that of the chiefs of staff."""

OCTOBER: tuple[Step, ...] = (
    *_names(OCTOBER_DAY),
    _contact("2022-10-21", "minister", "S2 ¶1", "oct-21"),
    _person("2022-10-21", "oct-21", "Lloyd Austin", "S2 ¶2"),
    _person("2022-10-21", "oct-21", "Sergueï Choïgou", "S2 ¶2"),
    _state(US, "oct-21", "S4 ¶5", [], fact="initiative", value=US, words="qui a initié la conversation"),
    _state(RU, "oct-21", "S2 ¶4", [_MINISTRY], fact="held", value="yes"),
    Step(
        "2022-10-21",
        RU,
        "publish",
        "S2 ¶4",
        {
            "entry": "@oct-21",
            "text": "plusieurs questions d’actualité de sécurité internationale, dont la situation en Ukraine",
            "language": "fr",
            "released": "2022-10-21",
        },
        "ru-oct",
    ),
    _state(RU, "ru-oct", "S2 ¶4", [_MINISTRY], fact="subject", value="international-security"),
    _state(
        RU,
        "ru-oct",
        "S2 ¶4",
        [_MINISTRY],
        fact="subject",
        value="situation-in-ukraine",
        words="la situation en Ukraine",
    ),
    Step(
        "2022-10-21",
        US,
        "publish",
        "S2 ¶2, S2 ¶4",
        {
            "entry": "@oct-21",
            "text": "l’importance du maintien de canaux de communication",
            "language": "fr",
            "released": "2022-10-21",
            "after": "@ru-oct",
        },
        "us-oct",
    ),
    _state(
        US,
        "us-oct",
        "S2 ¶2",
        [_PENTAGON],
        fact="subject",
        value="lines-of-communication",
        words="l’importance du maintien de canaux de communication",
    ),
    Step(
        "2022-10-21",
        US,
        "contact",
        "S2 ¶6",
        {"level": "minister", "medium": "not-stated", "began": "2022-10-21", "parties": [US, UA], "elsewhere": True},
        "oct-21-ua",
        US_UA,
    ),
    _person("2022-10-21", "oct-21-ua", "Lloyd Austin", "S2 ¶6", US_UA),
    _person("2022-10-21", "oct-21-ua", "Oleksiï Reznikov", "S2 ¶6", US_UA),
    _state(
        US,
        "oct-21-ua",
        "S2 ¶6",
        [],
        fact="subject",
        value="support-for-ukraine",
        words="l’engagement inébranlable des Etats-Unis",
    ),
    Step(
        "2022-10-21",
        RU,
        "warn",
        "S2 ¶8",
        {"code": "arms-deliveries", "words": "«parties au conflit»", "language": "fr"},
        "arms",
    ),
    Step(
        "2022-10-21",
        RU,
        "allege",
        "S4 ¶24",
        {"code": "dam-to-be-destroyed", "against": "Kyiv", "words": "planifier de le détruire", "language": "fr"},
        "dam-ru",
    ),
    Step(
        "2022-10-21",
        UA,
        "allege",
        "S4 ¶24",
        {
            "code": "dam-to-be-destroyed",
            "against": "Moscou",
            "words": "la Russie pourrait le faire sauter",
            "language": "fr",
        },
        "dam-ua",
        US_UA,
    ),
    Step(
        "2022-10-21",
        UA,
        "demand",
        "S4 ¶23",
        {"code": "warn-russia-of-the-dam", "words": "avertir la Russie", "language": "fr"},
        "dam-demand",
        US_UA,
    ),
    Step(
        "2022-11-29",
        US,
        "service",
        ELSEWHERE,
        {
            "text": "Essais deux fois par jour ; une fois employée, sur des opérations près d'infrastructures.",
            "language": "fr",
        },
        "used-once",
    ),
)
"""The call of 21 October, the call to Kyiv of the same day, and the dam."""

STEPS: tuple[Step, ...] = (*SPRING, *MAY, *OCTOBER)


def resolved(arguments: Arguments, ids: Mapping[str, str]) -> Arguments:
    """The arguments with every `@key` replaced by the id of that step's entry."""
    return {
        name: ids[value[1:]] if isinstance(value, str) and value.startswith("@") else value
        for name, value in arguments.items()
    }

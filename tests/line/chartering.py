"""Charters on a World: a proposal as a command gives it, and every word that can be said to one."""

from __future__ import annotations

from openline.base.schema import pack
from openline.line.charter import CHARTER_ANSWER, CharterAnswer, charter_of
from openline.line.force import Chartered, CharterState, Word, in_force, state_of
from openline.record.entry import Draft, Mark
from tests.line.world import NAMES, World

REASON = "not as it stands"


def side(party: str, **more: object) -> dict[str, object]:
    """The clauses of one party."""
    given = {"commander": f"Commander of {party}", "hours": "0000Z to 2400Z", "languages": ["en"]}
    return {"party": party, **given, **more}


def terms(parties: int = 2, /, **more: object) -> dict[str, object]:
    """The arguments of `propose-charter`: a whole charter, in which `more` stands instead."""
    given: dict[str, object] = {
        "purpose": "To avoid incidents.",
        "scope": "Air and sea movements.",
        "sides": [side(name) for name in NAMES[:parties]],
        "checks": {"times": ["0930Z", "1530Z"]},
        "due": {"flash": 5, "immediate": 20, "priority": 120, "routine": 300},
    }
    return {**given, **more}


def propose(world: World, who: str = "alpha", **more: object) -> str:
    """Propose a charter; its id."""
    return world.id(world.say(who, "propose-charter", **terms(len(world.logs), **more))[0])


def assent(world: World, entry: str, *who: str, mark: Mark = Mark.OPERATION) -> None:
    """Have parties assent, bravo unless told otherwise."""
    for name in who or ("bravo",):
        world.say(name, "answer-charter", entry=entry, answer="assent", mark=mark)


def agree(world: World, who: str = "alpha", **more: object) -> str:
    """A charter that every party has assented to; its id."""
    entry = propose(world, who, **more)
    assent(world, entry, *(name for name in NAMES[: len(world.logs)] if name != who))
    return entry


def utter(world: World, entry: str, word: Word, who: str) -> None:
    """Say any word through its verb."""
    values: dict[str, object] = {"entry": entry, "reason": REASON}
    match word:
        case Word.ASSENT | Word.REFUSE:
            world.say(who, "answer-charter", **values, answer=word.name.lower())
        case Word.WITHDRAW | Word.DENOUNCE:
            world.say(who, f"{word.name.lower()}-charter", **values)


def write(world: World, entry: str, word: Word, who: str, mark: Mark = Mark.OPERATION) -> str:
    """Put a word on the record past every check of the writer; its id."""
    draft = Draft(CHARTER_ANSWER, pack(CharterAnswer(word=word)), "watch", (world.ref(entry),), mark=mark)
    return world.id(world.put(who, [draft])[0])


def state(world: World, entry: str, who: str = "alpha") -> CharterState:
    """How a charter stands at a party now."""
    book = world.books[who]
    return state_of(book, charter_of(book, entry), world.now)


def holding(world: World, who: str = "alpha", mark: Mark = Mark.OPERATION) -> str | None:
    """The id of the charter in force at a party now."""
    book = world.books[who]
    found: Chartered | None = in_force(book, world.now, mark)
    return None if found is None else book.label(book.members[found.member], found.index)

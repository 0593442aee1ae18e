"""Whose spellings lead to an id, and what a name means where none does."""

from __future__ import annotations

from openline.line.register import ids_of, meant, own_ids, written
from openline.record.entry import Mark
from tests.line.world import World


def add(world: World, who: str, name: str, text: str, **more: object) -> None:
    world.say(who, "name", id=name, spellings=[{"text": text, "language": "fr"}], **more)


def test_letters_are_compared_as_unicode_and_small() -> None:
    assert written("SHOIGU") == written("  ｓhoigu ")
    assert written("Choïgou") == written("Choi\u0308gou") != written("Choigou")


def test_a_spelling_means_every_id_that_has_it_on_any_line() -> None:
    one, other = World(), World(3)
    add(one, "alpha", "person:ivanov.a", "Ivanov")
    add(other, "charlie", "person:ivanov.b", "IVANOV")
    known = ids_of([one.alpha, other.alpha], Mark.OPERATION)
    assert meant("ivanov", known) == {"person:ivanov.a", "person:ivanov.b"}
    assert meant("Petrov", known) == {"petrov"}
    assert meant("person:ivanov.a", known) == {"person:ivanov.a"}


def test_what_is_withdrawn_or_an_exercise_means_nothing() -> None:
    world = World()
    add(world, "alpha", "person:shoigu", "Shoigu")
    add(world, "alpha", "person:shoigu", "Choïgou", mark=Mark.EXERCISE)
    world.say("alpha", "withdraw", entry="alpha:0")
    assert ids_of([world.alpha], Mark.OPERATION) == {}
    assert ids_of([world.alpha], Mark.EXERCISE) == {"choïgou": frozenset({"person:shoigu"})}


def test_a_member_s_own_spelling_has_one_id_or_none() -> None:
    world = World()
    add(world, "alpha", "person:shoigu", "Shoigu")
    add(world, "alpha", "person:a", "Ivanov")
    add(world, "alpha", "person:b", "Ivanov")
    assert own_ids(world.bravo, Mark.OPERATION) == {(0, "shoigu"): "person:shoigu"}

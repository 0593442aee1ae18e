"""A translation stands beside the original, with its author and how far it can be trusted; never in its place."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.base.limits import BODY_BYTES_MAX
from openline.base.schema import pack, unpack
from openline.line.item import Relation, Standing
from openline.line.translation import TRANSLATION, Translation, TranslationState
from openline.record.entry import Draft, Mark
from tests.line.world import World

WORDS = {"text": "Voyez-vous ceci ?", "language": "fr"}


def refusal(world: World, **values: object) -> UsageError:
    with pytest.raises(UsageError) as caught:
        world.drafts("bravo", "translate", **{**WORDS, **values})
    return caught.value


def test_the_original_knows_its_translations_and_stays_as_it_was() -> None:
    world = World()
    message = world.send()
    world.say("bravo", "translate", entry=message, state="checked", author="linguist on watch", **WORDS)
    world.say("alpha", "translate", entry=message, **WORDS)
    links = world.item(message).linked(Relation.TRANSLATION)
    assert [(link.member, link.index) for link in links] == [(0, 1), (1, 0)]
    assert world.item(message).standing is Standing.OPEN
    body = unpack(Translation, world.entry("bravo:0").body or b"", BODY_BYTES_MAX)
    assert body == Translation(
        text="Voyez-vous ceci ?", language="fr", state=TranslationState.CHECKED, author="linguist on watch"
    )


def test_a_translation_has_no_clock() -> None:
    world = World()
    message = world.send()
    world.say("bravo", "translate", entry=message, **WORDS)
    assert len(list(world.alpha.open_items)) == 1


def test_a_correction_can_be_translated() -> None:
    world = World()
    (correction,) = world.say("alpha", "correct", entry=world.send(), text="Yes.", change="All of it.")
    assert world.drafts("bravo", "translate", entry=world.id(correction), **WORDS)


def test_a_translation_of_a_translation_is_refused() -> None:
    world = World()
    world.say("bravo", "translate", entry=world.send(), **WORDS)
    refused = refusal(world, entry="bravo:0")
    assert (refused.message_id, refused.facts) == ("translation-of-translation", {"entry": "bravo:0"})


@pytest.mark.parametrize(
    ("values", "message_id"),
    [
        ({"entry": "alpha:9"}, "entry-unknown"),
        ({"entry": "bravo:0"}, "translation-not-possible"),
        ({"entry": "alpha:0", "text": ""}, "text-empty"),
        ({"entry": "alpha:0", "language": "Français"}, "language-wrong"),
        ({"entry": "alpha:0", "author": "x" * 65}, "text-too-long"),
    ],
)
def test_what_cannot_be_translated_is_refused(values: dict[str, object], message_id: str) -> None:
    world = World()
    world.say("bravo", "ack", entry=world.send())
    assert refusal(world, **values).message_id == message_id


def test_a_suspended_line_takes_translations_of_a_flash_only() -> None:
    world = World()
    routine, flash = world.send(), world.send(precedence="flash")
    world.say("alpha", "declare", status="suspended", reason="Talks broken off.")
    assert refusal(world, entry=routine).message_id == "line-suspended"
    assert world.drafts("bravo", "translate", entry=flash, **WORDS)


def test_wrong_translations_are_faults_and_belong_to_nothing() -> None:
    world = World()
    message = world.send()
    world.say("bravo", "translate", entry=message, **WORDS)
    body = pack(Translation(text="Voyez-vous ceci ?", language="fr"))
    world.put("bravo", [Draft(TRANSLATION, body, "watch", (world.ref("bravo:0"),))])
    world.put("bravo", [Draft(TRANSLATION, body, "watch", (world.ref(message),), mark=Mark.EXERCISE)])
    world.put("bravo", [Draft(TRANSLATION, body, "watch")])
    assert world.faults() == [
        ("bravo:1", "fault-target-wrong"),
        ("bravo:2", "fault-mark-differs"),
        ("bravo:3", "fault-refs-missing"),
    ]
    assert len(world.item(message).linked(Relation.TRANSLATION)) == 1

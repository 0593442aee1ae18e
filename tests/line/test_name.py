"""The register of names: the spellings of all parties add up, and nobody changes another's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openline.base.errors import UsageError
from openline.base.limits import SPELLINGS_OF_A_PARTY_MAX
from openline.base.schema import pack
from openline.line.name import NAME, Name, Names, Spelling, ids, script_of, spellings
from openline.record.entry import Draft, Mark
from tests.line.world import World

ID = "person:shoigu"


def given(text: str, language: str = "en", **more: str) -> dict[str, str]:
    return {"text": text, "language": language, **more}


def add(world: World, who: str, *texts: str, **more: object) -> str:
    (entry,) = world.say(who, "name", id=ID, spellings=[given(text) for text in texts], **more)
    return world.id(entry)


def known(world: World, mark: Mark = Mark.OPERATION) -> list[tuple[int, str]]:
    return [(row.member, row.spelling.text) for row in spellings(world.alpha, ID, mark)]


def refusal(world: World, **values: object) -> UsageError:
    with pytest.raises(UsageError) as caught:
        world.drafts("alpha", "name", **{"id": ID, "spellings": [given("Shoigu")], **values})
    return caught.value


def test_the_spellings_of_both_sides_add_up_each_with_its_source() -> None:
    world = World()
    world.say("alpha", "name", id=ID, spellings=[given("Choïgou", "fr", source="S2 ¶2")])
    world.say("bravo", "name", id=ID, spellings=[given("Шойгу", "ru", source="ours"), given("绍伊古", "zh")])
    assert [row.spelling for row in spellings(world.bravo, ID)] == [
        Spelling("Choïgou", "fr", "Latn", "S2 ¶2"),
        Spelling("Шойгу", "ru", "Cyrl", "ours"),
        Spelling("绍伊古", "zh", "Hani"),
    ]
    assert ids(world.alpha) == [ID]
    assert world.alpha.digest() == world.bravo.digest()


def test_what_we_have_said_already_is_not_said_again_but_theirs_may_be_said_by_us() -> None:
    world = World()
    add(world, "alpha", "Shoigu")
    assert world.drafts("alpha", "name", id=ID, spellings=[given("Shoigu"), given("Shoigu")]) == []
    assert len(world.drafts("alpha", "name", id=ID, spellings=[given("Shoigu", source="S1")])) == 1
    assert len(world.drafts("bravo", "name", id=ID, spellings=[given("Shoigu")])) == 1


def test_a_party_takes_back_its_own_and_leaves_the_others() -> None:
    world = World()
    wrong = add(world, "alpha", "Shogun", "Shoygu")
    add(world, "bravo", "Shogun")
    world.say("alpha", "withdraw", entry=wrong)
    assert known(world) == [(1, "Shogun")]
    with pytest.raises(UsageError) as caught:
        world.drafts("alpha", "withdraw", entry="bravo:0")
    assert caught.value.message_id == "withdrawal-of-others-entry"


def test_an_id_without_spellings_left_is_no_longer_listed() -> None:
    world = World()
    world.say("alpha", "withdraw", entry=add(world, "alpha", "Shogun"))
    assert (ids(world.alpha), known(world)) == ([], [])


def test_the_same_in_two_entries_stands_once_until_both_are_taken_back() -> None:
    world = World()
    body = pack(Name(id=ID, spellings=(Spelling("Shoigu", "en", "Latn"),)))
    for _ in range(2):
        world.put("alpha", [Draft(NAME, body, "watch")])
    assert known(world) == [(0, "Shoigu")]
    world.say("alpha", "withdraw", entry="alpha:0")
    assert known(world) == [(0, "Shoigu")]
    world.say("alpha", "withdraw", entry="alpha:1")
    assert known(world) == []


def test_the_same_spelling_by_both_sides_is_told_of_both() -> None:
    world = World()
    add(world, "alpha", "Shoigu")
    add(world, "bravo", "Shoigu")
    assert known(world) == [(0, "Shoigu"), (1, "Shoigu")]


def test_a_name_said_in_exercise_is_none_of_the_real_register() -> None:
    world = World()
    add(world, "alpha", "Shoigu", mark=Mark.EXERCISE)
    assert (ids(world.alpha), ids(world.alpha, Mark.EXERCISE)) == ([], [ID])
    assert known(world, Mark.EXERCISE) == [(0, "Shoigu")]


def test_a_name_has_no_clock_and_no_receipts() -> None:
    world = World()
    entry = add(world, "alpha", "Shoigu")
    assert list(world.alpha.open_items) == []
    with pytest.raises(UsageError) as caught:
        world.drafts("bravo", "ack", entry=entry)
    assert caught.value.message_id == "receipt-not-possible"


@pytest.mark.parametrize("text", ["O", "绍", "x" * 500, "ش" * 500])
def test_a_name_of_one_and_of_five_hundred_characters_is_a_name(text: str) -> None:
    world = World()
    add(world, "alpha", text)
    assert known(world) == [(0, text)]


@pytest.mark.parametrize(
    ("values", "message_id"),
    [
        ({"id": "shoigu"}, "name-id-wrong"),
        ({"id": "ship:kursk"}, "name-id-wrong"),
        ({"id": "person:Shoigu"}, "name-id-wrong"),
        ({"id": "person:" + "x" * 80}, "name-id-wrong"),
        ({"id": "person:a..b"}, "name-id-wrong"),
        ({"spellings": []}, "spellings-missing"),
        ({"spellings": [given(str(n)) for n in range(17)]}, "spellings-too-many"),
        ({"spellings": [given(" ")]}, "text-empty"),
        ({"spellings": [given("x" * 501)]}, "spelling-too-long"),
        ({"spellings": [given("x" * 200_000)]}, "spelling-too-long"),
        ({"spellings": [given("\ud800")]}, "text-unreadable"),
        ({"spellings": [given("Shoigu", "English")]}, "language-wrong"),
        ({"spellings": [given("Shoigu", script="latin")]}, "script-wrong"),
        ({"spellings": [given("Shoigu", source="x" * 201)]}, "text-too-long"),
    ],
)
def test_what_is_no_name_is_refused(values: dict[str, object], message_id: str) -> None:
    assert refusal(World(), **values).message_id == message_id


def test_bidi_and_control_characters_are_kept_as_written() -> None:
    world = World()
    add(world, "alpha", "Sho\u202eigu\x1b[31m")
    assert known(world) == [(0, "Sho\u202eigu\x1b[31m")]


def test_nobody_fills_the_register_without_end() -> None:
    world = World()
    for start in range(0, SPELLINGS_OF_A_PARTY_MAX, 16):
        add(world, "bravo", *(f"Shoigu {number}" for number in range(start, start + 16)))
    with pytest.raises(UsageError) as caught:
        world.drafts("bravo", "name", id=ID, spellings=[given("one more")])
    assert caught.value.message_id == "spellings-of-id-too-many"
    body = pack(Name(id=ID, spellings=(Spelling("one more", "en", "Latn"),)))
    world.put("bravo", [Draft(NAME, body, "watch")])
    assert world.faults()[-1][1] == "fault-spellings-too-many"
    assert len(known(world)) == SPELLINGS_OF_A_PARTY_MAX
    add(world, "alpha", "Shoigu")
    assert len(known(world)) == SPELLINGS_OF_A_PARTY_MAX + 1


def test_whoever_keeps_something_of_the_register_sees_that_it_has_changed() -> None:
    world = World()
    before = world.alpha.state(Names).changes
    add(world, "bravo", "Shoigu")
    assert world.alpha.state(Names).changes == before + 1


def test_a_withheld_name_adds_nothing() -> None:
    world = World()
    entry = world.make(
        world.origins["bravo"], Draft(NAME, pack(Name(id=ID, spellings=(Spelling("A", "en", "Latn"),))), "watch")
    )
    world.fold(world.alpha, [replace(entry, body=None)])
    assert known(world) == []


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Shoigu", "Latn"),
        ("3. Шойгу", "Cyrl"),
        ("شويغو", "Arab"),
        ("绍伊古", "Hani"),
        ("ショイグ", "Kana"),
        ("쇼이구", "Hang"),
        ("Σοϊγκού", "Grek"),
        ("שויגו", "Hebr"),
        ("123", "Zyyy"),
    ],
)
def test_the_script_is_that_of_the_letters(text: str, script: str) -> None:
    assert script_of(text) == script

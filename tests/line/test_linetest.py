"""Tests of the line: every letter carried, every answer checked, one outstanding at a time."""

from __future__ import annotations

import unicodedata
from hashlib import sha256

import pytest

from openline.base.errors import UsageError
from openline.base.limits import BODY_BYTES_MAX, TEST_EVERY_US
from openline.base.schema import pack, unpack
from openline.line.linetest import (
    SAMPLE,
    TEST_ANSWER,
    LineTest,
    LineTestAnswer,
    Trials,
    answers_due,
    hourly_due,
    mark_of_trial,
)
from openline.record.entry import Draft, Entry, Mark, Ref
from tests.line.world import World


def body_of(entry: Entry) -> LineTest:
    return unpack(LineTest, entry.body or b"", BODY_BYTES_MAX)


def answer(world: World, who: str, ref: Ref, text: str, mark: Mark = Mark.TEST) -> None:
    body = LineTestAnswer(digest=sha256(text.encode()).digest(), observed_ms=world.now.ms)
    world.put(who, [Draft(TEST_ANSWER, pack(body), "node", (ref,), mark=mark)])


def test_the_sample_exercises_both_alphabets_digits_and_both_directions() -> None:
    letters = set(SAMPLE)
    assert set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") <= letters
    assert set("абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯґєіїҐЄІЇ") <= letters
    assert sum(unicodedata.bidirectional(letter) == "AL" for letter in letters) >= 28
    for coordinates in ("35.3359N 040.1408E", "35°20'09\"N", "37SFV0369"):
        assert coordinates in SAMPLE


def test_tests_are_numbered_and_marked_as_tests() -> None:
    world = World()
    (first,), (second,) = world.say("alpha", "test"), world.say("alpha", "test")
    assert [body_of(entry).number for entry in (first, second)] == [1, 2]
    assert body_of(second).text == f"{SAMPLE}2"
    assert first.leaf.mark is Mark.TEST


@pytest.mark.parametrize(("mark", "tested"), [(Mark.OPERATION, Mark.TEST), (Mark.EXERCISE, Mark.EXERCISE)])
def test_under_an_exercise_clock_tests_are_exercises(mark: Mark, tested: Mark) -> None:
    assert mark_of_trial(mark) is tested


def test_a_test_may_carry_an_attachment() -> None:
    world = World()
    (entry,) = world.say("alpha", "test", attachments=[{"size": 3, "sha256": "ef" * 32}])
    assert entry.leaf.attachments[0].size == 3
    with pytest.raises(UsageError) as caught:
        world.drafts("alpha", "test", attachments=[{"size": 3, "sha256": "?"}])
    assert caught.value.message_id == "attachment-wrong"


def test_a_right_answer_proves_the_line() -> None:
    world = World()
    (test,) = world.say("alpha", "test")
    assert [draft.kind for draft in answers_due(world.bravo, "node", world.now)] == [TEST_ANSWER]
    world.put("bravo", list(answers_due(world.bravo, "node", world.later())))
    assert world.changes[-1].what == "answered"
    trial = world.alpha.state(Trials).by_place[0, 0]
    assert (trial.answers[1].right, trial.answers[1].observed_ms) == (True, world.now.ms)
    assert list(answers_due(world.bravo, "node", world.now)) == []
    assert test.leaf.refs == ()


def test_a_garbled_text_is_noticed() -> None:
    world = World()
    (test,) = world.say("alpha", "test")
    answer(world, "bravo", test.ref, body_of(test).text.replace("ё", "е"))
    assert world.changes[-1].what == "garbled"
    assert not world.alpha.state(Trials).by_place[0, 0].answers[1].right


def test_every_peer_answers_for_itself() -> None:
    world = World(3)
    (test,) = world.say("alpha", "test")
    answer(world, "bravo", test.ref, body_of(test).text)
    trials = world.alpha.state(Trials)
    assert trials.unanswered[0, 0].owing(3) == [2]
    answer(world, "charlie", test.ref, body_of(test).text)
    assert trials.unanswered == {}


def test_the_first_answer_stands() -> None:
    world = World()
    (test,) = world.say("alpha", "test")
    answer(world, "bravo", test.ref, body_of(test).text)
    answer(world, "bravo", test.ref, "something else")
    assert world.alpha.state(Trials).by_place[0, 0].answers[1].right
    assert world.faults() == []


def test_wrong_answers_are_faults() -> None:
    world = World()
    message = world.ref(world.send())
    (test,) = world.say("alpha", "test")
    text = body_of(test).text
    answer(world, "alpha", test.ref, text)
    answer(world, "bravo", message, text)
    answer(world, "bravo", test.ref, text, Mark.OPERATION)
    assert world.faults() == [
        ("alpha:2", "fault-own-entry"),
        ("bravo:0", "fault-target-wrong"),
        ("bravo:1", "fault-mark-differs"),
    ]
    assert world.alpha.state(Trials).by_place[0, 1].answers == {}


def test_the_hourly_test_comes_at_once_and_then_each_hour() -> None:
    world = World()
    assert hourly_due(world.alpha, world.now, Mark.OPERATION)
    (test,) = world.say("alpha", "test")
    answer(world, "bravo", test.ref, body_of(test).text)
    assert not hourly_due(world.alpha, world.now.plus(TEST_EVERY_US - 1_000), Mark.OPERATION)
    assert hourly_due(world.alpha, world.now.plus(TEST_EVERY_US), Mark.OPERATION)


def test_while_nobody_answers_one_test_is_enough() -> None:
    world = World(3)
    (test,) = world.say("alpha", "test")
    much_later = world.now.plus(20 * TEST_EVERY_US)
    assert not hourly_due(world.alpha, much_later, Mark.OPERATION)
    answer(world, "charlie", test.ref, body_of(test).text)
    assert hourly_due(world.alpha, much_later, Mark.OPERATION)


def test_tests_in_exercise_do_not_stand_for_real_ones() -> None:
    world = World()
    world.say("alpha", "test", mark=Mark.EXERCISE)
    assert hourly_due(world.alpha, world.now, Mark.OPERATION)
    assert not hourly_due(world.alpha, world.now, Mark.EXERCISE)

"""Receipts: each stage is a fact of its own, stated once, never invented from another."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.base.limits import BODY_BYTES_MAX
from openline.base.schema import pack, unpack
from openline.line.item import FACTS_PER_PARTY_MAX, Stage
from openline.line.receipt import RECEIPT, Receipt
from openline.record.entry import Draft, Mark, Precedence, Ref
from tests.line.world import World


def refusal(world: World, who: str, verb: str, /, **values: object) -> UsageError:
    with pytest.raises(UsageError) as caught:
        world.drafts(who, verb, **values)
    return caught.value


def stated(world: World, label: str, who: str = "bravo") -> list[Stage]:
    origin, index = world.alpha.find(label)
    return sorted(world.alpha.stages(origin, index).get(world.origins[who], {}))


def put_receipt(world: World, refs: tuple[Ref, ...], body: Receipt, mark: Mark = Mark.OPERATION) -> None:
    world.put("bravo", [Draft(RECEIPT, pack(body), "watch", refs, mark=mark)])


@pytest.mark.parametrize(
    ("verb", "values", "stage"),
    [
        ("read", {}, Stage.DISPLAYED),
        ("ack", {}, Stage.ACCEPTED),
        ("pass", {"to": "s3"}, Stage.PASSED),
        ("reply", {"text": "We do."}, Stage.ANSWERED),
    ],
)
def test_each_verb_states_one_stage_and_no_other(verb: str, values: dict[str, object], stage: Stage) -> None:
    world = World()
    message = world.send()
    world.say("bravo", verb, entry=message, **values)
    assert stated(world, message) == [stage]


def test_a_receipt_is_three_bytes() -> None:
    world = World()
    (draft,) = world.drafts("bravo", "ack", entry=world.send())
    assert draft.body == bytes.fromhex("a10002")


def test_who_did_it_and_what_they_noted_is_kept() -> None:
    world = World()
    message = world.send()
    world.say("bravo", "pass", entry=message, to="s3", by="Lt. Novak", note="By phone.")
    (fact,) = world.alpha.stages(*world.alpha.find(message))[world.origins["bravo"]][Stage.PASSED]
    assert (fact.by, fact.to, fact.time) == ("Lt. Novak", "s3", world.now)
    body = unpack(Receipt, world.entry("bravo:0").body or b"", BODY_BYTES_MAX)
    assert body.note == "By phone."


def test_without_a_name_the_desk_did_it() -> None:
    world = World()
    message = world.send()
    world.say("bravo", "read", entry=message)
    (fact,) = world.alpha.stages(*world.alpha.find(message))[world.origins["bravo"]][Stage.DISPLAYED]
    assert fact.by == "watch"


@pytest.mark.parametrize(("verb", "values"), [("read", {}), ("ack", {"note": "Again."}), ("pass", {"to": "s3"})])
def test_what_stands_already_is_not_said_again(verb: str, values: dict[str, object]) -> None:
    world = World()
    message = world.send()
    world.say("bravo", verb, entry=message, **values)
    assert world.drafts("bravo", verb, entry=message, **values) == []


def test_passing_to_another_role_is_another_fact() -> None:
    world = World()
    message = world.send()
    world.say("bravo", "pass", entry=message, to="s3")
    world.say("bravo", "pass", entry=message, to="commander")
    facts = world.alpha.stages(*world.alpha.find(message))[world.origins["bravo"]][Stage.PASSED]
    assert [fact.to for fact in facts] == ["s3", "commander"]


def test_a_reply_is_a_message_and_a_receipt_said_together() -> None:
    world = World()
    message = world.send(precedence="flash")
    reply, answered = world.say("bravo", "reply", entry=message, text="We have stopped.")
    assert reply.leaf.precedence is Precedence.FLASH
    assert reply.leaf.refs == (world.ref(message),)
    assert answered.leaf.refs == (world.ref(message), reply.ref)
    (fact,) = world.bravo.stages(*world.alpha.find(message))[world.origins["bravo"]][Stage.ANSWERED]
    assert fact.reply == reply.index


def test_a_second_reply_is_a_second_answer() -> None:
    world = World()
    message = world.send()
    world.say("bravo", "reply", entry=message, text="Stand by.")
    world.say("bravo", "reply", entry=message, text="It is ours.")
    facts = world.alpha.stages(*world.alpha.find(message))[world.origins["bravo"]][Stage.ANSWERED]
    assert [fact.reply for fact in facts] == [0, 2]


def test_a_reply_may_have_a_precedence_of_its_own() -> None:
    world = World()
    message = world.send(precedence="flash")
    reply, _ = world.say("bravo", "reply", entry=message, text="Details follow.", precedence="routine")
    assert reply.leaf.precedence is Precedence.ROUTINE


def test_a_reply_to_what_has_no_precedence_is_routine() -> None:
    world = World()
    (service,) = world.say("alpha", "service", text="Path 2 goes down at 0300Z.")
    reply, _ = world.say("bravo", "reply", entry=world.id(service), text="Understood.")
    assert reply.leaf.precedence is Precedence.ROUTINE


def test_a_flash_reply_has_at_most_200_words() -> None:
    world = World()
    message = world.send(precedence="flash")
    assert refusal(world, "bravo", "reply", entry=message, text="word " * 201).message_id == "message-too-many-words"


@pytest.mark.parametrize(
    ("verb", "values", "message_id"),
    [
        ("read", {"entry": "alpha:9"}, "entry-unknown"),
        ("read", {"entry": "nonsense"}, "entry-id-wrong"),
        ("ack", {"entry": "charlie:0"}, "entry-party-unknown"),
        ("ack", {"entry": "alpha:0", "note": "x" * 2001}, "text-too-long"),
        ("ack", {"entry": "alpha:0", "by": "x" * 65}, "text-too-long"),
        ("pass", {"entry": "alpha:0", "to": "The Chief"}, "role-wrong"),
        ("reply", {"entry": "alpha:9", "text": "Yes."}, "entry-unknown"),
        ("reply", {"entry": "alpha:0", "text": " "}, "text-empty"),
        ("read", {"entry": "bravo:0"}, "receipt-of-own-entry"),
        ("reply", {"entry": "bravo:0", "text": "To myself."}, "receipt-of-own-entry"),
        ("read", {"entry": "alpha:1"}, "receipt-not-possible"),
    ],
)
def test_what_cannot_be_receipted_is_refused(verb: str, values: dict[str, object], message_id: str) -> None:
    world = World()
    world.send("alpha")
    world.say("alpha", "test")
    world.send("bravo")
    assert refusal(world, "bravo", verb, **values).message_id == message_id


def test_a_receipt_bears_the_mark_of_what_it_is_about() -> None:
    world = World()
    message = world.send(mark=Mark.EXERCISE)
    (draft,) = world.drafts("bravo", "ack", entry=message)
    reply, answered = world.drafts("bravo", "reply", entry=message, text="Exercise: done.")
    assert {draft.mark, reply.mark, answered.mark} == {Mark.EXERCISE}


def test_an_exercise_desk_cannot_accept_what_is_real() -> None:
    world = World()
    refused = refusal(world, "bravo", "ack", mark=Mark.EXERCISE, entry=world.send())
    assert refused.message_id == "mark-differs"
    assert refused.facts == {"entry": "alpha:0", "mark": "EXERCISE", "expected": "OPERATION"}


def test_a_receipt_after_cancellation_is_kept() -> None:
    world = World()
    message = world.send()
    world.say("alpha", "withdraw", entry=message)
    world.say("bravo", "ack", entry=message)
    assert stated(world, message) == [Stage.ACCEPTED]
    assert world.faults() == []


def test_the_first_statement_of_a_fact_stands() -> None:
    world = World()
    message = world.send()
    put_receipt(world, (world.ref(message),), Receipt(stage=Stage.ACCEPTED, by="first"))
    put_receipt(world, (world.ref(message),), Receipt(stage=Stage.ACCEPTED, by="second"))
    (fact,) = world.alpha.stages(*world.alpha.find(message))[world.origins["bravo"]][Stage.ACCEPTED]
    assert (fact.by, fact.index) == ("first", 0)


def test_wrong_receipts_are_faults_and_state_nothing() -> None:
    world = World(3)
    message, own = world.send("alpha"), world.send("bravo")
    (test,) = world.say("alpha", "test")
    ref = world.ref(message)
    put_receipt(world, (), Receipt(stage=Stage.ACCEPTED))
    put_receipt(world, (world.ref(own),), Receipt(stage=Stage.ACCEPTED))
    put_receipt(world, (test.ref,), Receipt(stage=Stage.ACCEPTED))
    put_receipt(world, (ref,), Receipt(stage=Stage.ACCEPTED), Mark.EXERCISE)
    put_receipt(world, (ref,), Receipt(stage=Stage.PASSED))
    put_receipt(world, (ref,), Receipt(stage=Stage.ANSWERED))
    put_receipt(world, (ref, ref), Receipt(stage=Stage.ANSWERED))
    put_receipt(world, (Ref(ref.origin, ref.index, bytes(32)),), Receipt(stage=Stage.ACCEPTED))
    put_receipt(world, (Ref("stranger.example/line/x", 0, bytes(32)),), Receipt(stage=Stage.ACCEPTED))
    assert world.faults() == [
        ("bravo:1", "fault-refs-missing"),
        ("bravo:2", "fault-own-entry"),
        ("bravo:3", "fault-target-wrong"),
        ("bravo:4", "fault-mark-differs"),
        ("bravo:5", "fault-role-missing"),
        ("bravo:6", "fault-reply-missing"),
        ("bravo:7", "fault-reply-missing"),
        ("bravo:8", "fault-ref-wrong"),
        ("bravo:9", "fault-ref-wrong"),
    ]
    assert stated(world, message) == []


def test_an_answer_whose_reply_does_not_match_states_nothing() -> None:
    world = World()
    message, reply = world.send("alpha"), world.send("bravo")
    wrong = Ref(world.ref(reply).origin, 0, bytes(32))
    put_receipt(world, (world.ref(message), wrong), Receipt(stage=Stage.ANSWERED))
    assert stated(world, message) == []
    assert world.faults() == [("bravo:1", "fault-ref-wrong")]


def test_a_party_cannot_fill_the_book_with_receipts() -> None:
    world = World()
    message = world.send()
    for number in range(FACTS_PER_PARTY_MAX + 1):
        put_receipt(world, (world.ref(message),), Receipt(stage=Stage.PASSED, to=f"role{number}"))
    assert len(world.item(message).facts) == FACTS_PER_PARTY_MAX
    assert world.faults() == [(f"bravo:{FACTS_PER_PARTY_MAX}", "fault-receipts-too-many")]


def test_about_a_kind_not_known_here_there_is_nothing_to_say() -> None:
    world = World()
    world.put("alpha", [Draft(999, b"\xa0", "watch")])
    put_receipt(world, (world.entry("alpha:0").ref,), Receipt(stage=Stage.ACCEPTED))
    assert world.faults() == []

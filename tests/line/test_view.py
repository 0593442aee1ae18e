"""What is shown of an entry: the words from the record, what became of them from the book."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from openline.base.schema import pack
from openline.line.linetest import LineTest, LineTestAnswer, answers_due
from openline.line.message import MESSAGE, Message
from openline.line.silence import SILENCE, Cause, Silence
from openline.line.translation import TRANSLATION, Translation
from openline.line.view import EntryView, StageView, Time, entry_view, moment
from openline.record.entry import Draft, Mark, Ref
from openline.record.ports import Arrived
from tests.line.world import START, World

DIGEST = "ab" * 32
SEQ = 17


def shown(world: World, label: str, who: str = "alpha") -> EntryView:
    return entry_view(world.books[who], Arrived(SEQ, world.entry(label)))


def test_a_message_as_it_is_shown() -> None:
    world = World()
    first = world.send("bravo")
    label = world.send(
        "alpha",
        "Колонна вышла.",
        language="ru",
        subject="Колонна",
        precedence="priority",
        action=["watch", "s3"],
        info=["j2"],
        reply_by="2026-11-18T12:06:40Z",
        attachments=[{"size": 9, "sha256": DIGEST}],
        refs=[first],
    )
    view = shown(world, label, "bravo")
    assert (view.id, view.seq, view.line, view.kind, view.party, view.label) == (
        "alpha:0",
        SEQ,
        "alpha-bravo",
        "message",
        "alpha.example",
        "alpha",
    )
    assert view.time == Time("2026-11-18T11:06:40.000Z", "181106Z NOV 26")
    assert (view.precedence, view.mark, view.desk, view.standing) == ("PRIORITY", "OPERATION", "watch", "open")
    assert (view.text, view.language, view.subject) == ("Колонна вышла.", "ru", "Колонна")
    assert (view.action, view.info) == (("watch", "s3"), ("j2",))
    assert view.reply_by == Time("2026-11-18T12:06:40.000Z", "181206Z NOV 26")
    assert [(row.size, row.sha256) for row in view.attachments] == [(9, DIGEST)]
    assert view.refs == ("bravo:0",)
    assert [(row.stage, row.time.dtg) for row in view.due] == [
        ("RECEIVED", "181121Z NOV 26"),
        ("DISPLAYED", "181151Z NOV 26"),
        ("ACCEPTED", "181206Z NOV 26"),
        ("PASSED", "181206Z NOV 26"),
        ("ANSWERED", "181206Z NOV 26"),
    ]
    assert (view.stages, view.faults, view.translations, view.corrections, view.cancellation) == ((), (), (), (), None)


def test_it_is_ready_for_json() -> None:
    world = World()
    message = world.send()
    world.say("bravo", "reply", entry=message, text="Yes.")
    for label in (message, "bravo:0", "bravo:1"):
        text = msgspec.json.encode(shown(world, label))
        assert msgspec.json.decode(text)["line"] == "alpha-bravo"


def test_stages_say_who_when_to_whom_and_by_which_entry() -> None:
    world = World()
    message = world.send()
    world.later()
    world.say("bravo", "pass", entry=message, to="s3", by="Lt. Novak")
    world.say("bravo", "reply", entry=message, text="Yes.")
    bravo = world.origins["bravo"]
    view = entry_view(world.alpha, Arrived(SEQ, world.entry(message)), {bravo: START})
    assert view.stages == (
        StageView("bravo", "RECEIVED", moment(START)),
        StageView("bravo", "PASSED", moment(world.now), "Lt. Novak", "s3", "bravo:0"),
        StageView("bravo", "ANSWERED", moment(world.now), "watch", "", "bravo:2", "bravo:1"),
    )


def test_an_acceptance_after_cancellation_is_shown_as_that() -> None:
    world = World()
    message = world.send()
    world.say("bravo", "read", entry=message)
    world.later()
    world.say("alpha", "withdraw", entry=message)
    world.later()
    world.say("bravo", "ack", entry=message)
    view = shown(world, message)
    assert (view.standing, view.cancellation) == ("cancelled", "alpha:1")
    assert [(row.stage, row.after_cancellation) for row in view.stages] == [("DISPLAYED", False), ("ACCEPTED", True)]


def test_corrections_and_translations_stand_beside_the_authentic_words() -> None:
    world = World()
    message = world.send()
    world.say("alpha", "correct", entry=message, text="Do you see that?", change="One word.")
    world.say("bravo", "translate", entry=message, text="Voyez-vous ?", language="fr", state="disputed")
    view = shown(world, message)
    assert (view.text, view.standing) == ("Do you see this?", "corrected")
    assert (view.corrections, view.translations) == (("alpha:1",), ("bravo:0",))
    translation = shown(world, "bravo:0")
    assert translation.body == {"text": "Voyez-vous ?", "language": "fr", "state": "DISPUTED", "author": ""}
    assert shown(world, "alpha:1").body["change"] == "One word."


def test_a_message_without_precedence_is_shown_as_what_it_counts_as() -> None:
    world = World()
    world.put("alpha", [Draft(MESSAGE, pack(Message(text="?")), "watch")])
    assert shown(world, "alpha:0").precedence == "ROUTINE"


def test_tests_are_shown_with_digests_in_hex_and_times_as_they_are_read() -> None:
    world = World()
    world.say("alpha", "test")
    world.put("bravo", list(answers_due(world.bravo, "node", world.now)))
    test, answer = shown(world, "alpha:0"), shown(world, "bravo:0")
    assert (test.mark, test.body["number"], test.standing) == ("TEST", 1, None)
    assert answer.body["observed_ms"] == "2026-11-18T11:06:40.000Z"
    assert len(str(answer.body["digest"])) == 64
    assert set(LineTest.__struct_fields__) == set(test.body)
    assert set(LineTestAnswer.__struct_fields__) == set(answer.body)


def test_a_silence_is_shown_with_its_cause_and_paths() -> None:
    world = World()
    body = Silence(cause=Cause.NODE_DOWN, since_ms=START.ms, peer="bravo.example", paths=("wan", "sat"))
    world.put("alpha", [Draft(SILENCE, pack(body), "node")])
    assert shown(world, "alpha:0").body == {
        "cause": "NODE_DOWN",
        "since_ms": "2026-11-18T11:06:40.000Z",
        "peer": "bravo.example",
        "until_ms": None,
        "paths": ["wan", "sat"],
    }


def test_what_cannot_be_read_is_shown_with_its_fault() -> None:
    world = World()
    stranger = Ref("stranger.example/line/x", 3, bytes(32))
    world.put(
        "bravo", [Draft(MESSAGE, b"\xff", "watch"), Draft(MESSAGE, pack(Message(text="!")), "watch", (stranger,))]
    )
    view = shown(world, "bravo:0")
    assert (view.text, view.body) == (None, {})
    assert [(row.id, row.facts["reason"]) for row in view.faults] == [("fault-body-wrong", "peer-value-unreadable")]
    assert shown(world, "bravo:1").refs == ("stranger.example:3",)


def test_an_unknown_kind_and_a_withheld_body_are_shown_by_their_header() -> None:
    world = World()
    world.put("bravo", [Draft(99, b"\xa0", "watch", mark=Mark.EXERCISE)])
    view = shown(world, "bravo:0")
    assert (view.kind, view.mark, view.body, view.stages, view.due) == ("kind-99", "EXERCISE", {}, (), ())
    withheld = replace(world.entry(world.send()), body=None)
    assert entry_view(world.alpha, Arrived(SEQ, withheld)).text is None


def test_a_translation_names_its_original_its_author_and_how_far_it_can_be_trusted() -> None:
    world = World()
    message = world.send("alpha", "Колонна вышла.", language="ru")
    world.say("bravo", "translate", entry=message, text="The column has left.", language="en", author="linguist")
    world.say("bravo", "translate", entry=message, text="La colonne est partie.", language="fr", state="checked")
    world.say("alpha", "translate", entry=message, text="The column left.", language="en", state="disputed")
    world.say("bravo", "withdraw", entry="bravo:0")
    assert [
        (row.id, row.party, row.language, row.by, row.state, row.withdrawn) for row in shown(world, message).translated
    ] == [
        ("alpha:1", "alpha", "en", "watch", "disputed", False),
        ("bravo:0", "bravo", "en", "linguist", "draft", True),
        ("bravo:1", "bravo", "fr", "watch", "checked", False),
    ]
    assert shown(world, "bravo:1").translation_of == message
    assert shown(world, message).translation_of is None


def test_a_translation_of_a_translation_from_another_node_is_kept_and_is_none() -> None:
    world = World()
    world.say("bravo", "translate", entry=world.send(), text="Voyez-vous ?", language="fr")
    body = pack(Translation(text="Sehen Sie?", language="de"))
    world.put("alpha", [Draft(TRANSLATION, body, "watch", (world.ref("bravo:0"),))])
    assert world.faults() == [("alpha:1", "fault-target-wrong")]
    assert shown(world, "alpha:1").translation_of is None
    assert shown(world, "bravo:0").translated == ()


def test_evidence_and_how_often_it_was_said_stand_beside_what_they_are_of() -> None:
    world = World()
    world.say("alpha", "allege", code="dam", against="bravo")
    world.say("bravo", "answer-allegation", entry="alpha:0", reply="deny", attachments=[{"size": 9, "sha256": DIGEST}])
    for label in ("alpha:0", "bravo:0"):
        assert [(row.party, row.produced) for row in shown(world, label).evidence] == [
            ("alpha", False),
            ("bravo", True),
        ]
    for refs in ({}, {"repeats": "alpha:1"}):
        world.say("alpha", "warn", code="arms", **refs)
    assert [shown(world, f"alpha:{index}").times for index in range(3)] == [None, 1, 2]

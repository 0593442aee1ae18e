"""A charter is proposed by one party and binds no other before it has assented to these very words."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.base.limits import CHARTER_ANSWER_US
from openline.base.schema import pack, unpack
from openline.base.time import DAY_US, MINUTE_US
from openline.line.callrequest import CallRequest, request_of
from openline.line.charter import CHARTER, charter_of
from openline.line.clause import Charter, Side
from openline.line.contact import Contact, meeting_of
from openline.line.force import AUTHORS, OTHERS, Charters, CharterState, Stand, Word
from openline.line.item import Standing
from openline.line.level import Level
from openline.line.statement import Claims
from openline.line.watch import alarms
from openline.record.entry import Draft, Mark, Precedence, Ref
from tests.line.chartering import agree, assent, holding, propose, side, state, terms, utter, write
from tests.line.walking import walk
from tests.line.world import World


def refusal(world: World, who: str, verb: str, **values: object) -> str:
    with pytest.raises(UsageError) as caught:
        world.drafts(who, verb, **values)
    return caught.value.message_id


@pytest.mark.parametrize(("way", "event", "before", "after"), walk(OTHERS, Stand.ASKED, Word))
def test_every_word_of_a_party_that_is_asked_is_taken_or_refused_by_the_table(
    way: list[Word], event: Word, before: Stand, after: Stand | None
) -> None:
    world = World(members=3)  # charlie is silent, so that nothing but bravo's own words counts
    entry = propose(world)
    for word in way:
        utter(world, entry, word, "bravo")
    assert charter_of(world.alpha, entry).stand(1) is before
    if after is not None:
        write(world, entry, event, "bravo")
        assert charter_of(world.alpha, entry).stand(1) is after
        return
    with pytest.raises(UsageError):
        utter(world, entry, event, "bravo")
    fault = write(world, entry, event, "bravo")
    assert world.faults() == [(fault, "fault-answer-not-possible")]
    assert charter_of(world.alpha, entry).stand(1) is before


@pytest.mark.parametrize(("way", "event", "before", "after"), walk(AUTHORS, Stand.PROPOSED, Word))
def test_every_word_of_the_author_is_taken_or_a_fault_by_the_table(
    way: list[Word], event: Word, before: Stand, after: Stand | None
) -> None:
    world = World()
    entry = propose(world)
    for word in way:
        write(world, entry, word, "alpha")
    assert charter_of(world.bravo, entry).stand(0) is before
    last = write(world, entry, event, "alpha")
    assert charter_of(world.bravo, entry).stand(0) is (after or before)
    assert world.faults() == ([] if after else [(last, "fault-answer-not-possible")])


def test_a_proposal_waits_with_a_clock_until_it_is_answered() -> None:
    world = World()
    entry = propose(world)
    item = world.item(entry)
    assert (item.precedence, item.deadline) == (Precedence.ROUTINE, world.now.plus(CHARTER_ANSWER_US))
    world.say("bravo", "ack", entry=entry)
    assert item in list(world.alpha.open_items)
    late = world.later(CHARTER_ANSWER_US)
    assert [row.condition for row in alarms(world.bravo, {}, late)] == ["own-late-answered"]
    assent(world, entry)
    assert not list(world.alpha.open_items)
    assert holding(world) == entry


def test_a_reader_gives_a_clock_also_to_one_without_reply_by() -> None:
    world = World()
    (draft,) = world.drafts("alpha", "propose-charter", **terms())
    world.put("alpha", [Draft(CHARTER, draft.body, "watch")])
    world.say("bravo", "ack", entry="alpha:0")
    assert [row.condition for row in alarms(world.bravo, {}, world.later(DAY_US))] == ["own-late-answered"]


def test_who_refuses_says_why_and_may_assent_later() -> None:
    world = World()
    entry = propose(world)
    assert refusal(world, "bravo", "answer-charter", entry=entry, answer="refuse") == "reason-missing"
    utter(world, entry, Word.REFUSE, "bravo")
    assert state(world, entry) is CharterState.REFUSED
    assert not list(world.alpha.open_items)
    utter(world, entry, Word.ASSENT, "bravo")
    assert state(world, entry) is CharterState.IN_FORCE


def test_a_withdrawn_proposal_awaits_nothing_and_takes_nothing() -> None:
    world = World()
    entry = propose(world)
    utter(world, entry, Word.WITHDRAW, "alpha")
    assert world.item(entry, "bravo").standing is Standing.CANCELLED
    assert not [item for item in world.bravo.open_items if item.kind == CHARTER]
    assert state(world, entry, "bravo") is CharterState.WITHDRAWN
    assert refusal(world, "bravo", "answer-charter", entry=entry, answer="assent") == "charter-over"


def test_what_all_have_assented_to_is_ended_by_notice_only() -> None:
    world = World()
    entry = agree(world)
    assert refusal(world, "alpha", "withdraw-charter", entry=entry) == "charter-agreed"
    assert refusal(world, "alpha", "denounce-charter", entry=entry) == "reason-missing"
    world.later()
    utter(world, entry, Word.DENOUNCE, "alpha")
    assert (state(world, entry, "bravo"), holding(world, "bravo")) == (CharterState.DENOUNCED, None)
    (notice,) = [item for item in world.bravo.open_items if item.member == 0]
    assert notice.precedence is Precedence.PRIORITY


def test_notice_without_a_precedence_has_a_clock_all_the_same() -> None:
    world = World()
    entry = agree(world)
    notice = write(world, entry, Word.DENOUNCE, "bravo")
    assert world.item(notice).precedence is Precedence.ROUTINE


@pytest.mark.parametrize(
    ("who", "verb", "values", "message_id"),
    [
        ("alpha", "answer-charter", {"answer": "assent"}, "charter-own"),
        ("bravo", "withdraw-charter", {}, "charter-of-others"),
        ("alpha", "denounce-charter", {"reason": "x"}, "charter-not-agreed"),
        ("bravo", "denounce-charter", {"reason": "x"}, "charter-not-agreed"),
        ("bravo", "answer-charter", {"answer": "assent", "mark": Mark.EXERCISE}, "mark-differs"),
        ("alpha", "withdraw", {}, "withdrawal-not-possible"),
        ("alpha", "correct", {"text": "x", "change": "y"}, "correction-not-possible"),
    ],
)
def test_who_may_not_say_it_is_told_why(who: str, verb: str, values: dict[str, object], message_id: str) -> None:
    world = World()
    entry = propose(world)
    assert refusal(world, who, verb, entry=entry, **values) == message_id


def test_what_is_no_charter_is_refused_by_its_own_sentence() -> None:
    world = World()
    message = world.send()
    assert refusal(world, "bravo", "answer-charter", entry=message, answer="assent") == "charter-unknown"
    write(world, message, Word.ASSENT, "bravo")
    assert world.faults() == [("bravo:0", "fault-target-wrong")]


def test_an_assent_holds_for_the_very_bytes_it_names() -> None:
    world = World()
    entry = propose(world)
    other = Ref(world.origins["alpha"], 0, bytes(32))
    (draft,) = world.drafts("bravo", "answer-charter", entry=entry, answer="assent")
    world.put("bravo", [Draft(draft.kind, draft.body, "watch", (other,))])
    assert world.faults() == [("bravo:0", "fault-ref-wrong")]
    assert holding(world) is None


def test_an_exercise_binds_nothing_real() -> None:
    world = World()
    real, played = propose(world), propose(world, mark=Mark.EXERCISE)
    fault = write(world, real, Word.ASSENT, "bravo", Mark.EXERCISE)
    assert world.faults() == [(fault, "fault-mark-differs")]
    assent(world, played)
    assert (holding(world), holding(world, mark=Mark.EXERCISE)) == (None, played)
    assent(world, real)
    assert (holding(world), holding(world, mark=Mark.EXERCISE)) == (real, played)
    assert holding(world, mark=Mark.TEST) == real, "a test is held under what is real where it has no charter"


@pytest.mark.parametrize(
    "parties",
    [("alpha",) * 2, ("bravo", "charlie"), ("alpha", "delta")],
    ids=["one twice", "without the author", "a stranger"],
)
def test_a_charter_that_names_others_than_the_members_is_a_fault(parties: tuple[str, str]) -> None:
    world = World(members=3)
    (draft,) = world.drafts("alpha", "propose-charter", **terms(3))
    body = unpack(Charter, draft.body, 65_536)
    sides = tuple(Side(f"{party}.example", "Commander", "", ("en",), ()) for party in parties)
    wrong = Charter(purpose="x", sides=sides, checks=body.checks, due=body.due)
    world.put("alpha", [Draft(CHARTER, pack(wrong), "watch")])
    assert world.faults() == [("alpha:0", "fault-charter-parties")]
    assert not world.alpha.state(Charters).by_place


def test_a_charter_of_some_members_is_never_in_force_and_the_others_say_nothing_to_it() -> None:
    world = World(members=3)
    (draft,) = world.drafts("alpha", "propose-charter", **terms(3))
    body = unpack(Charter, draft.body, 65_536)
    some = Charter(purpose="x", sides=body.sides[:2], checks=body.checks, due=body.due)
    entry = world.id(world.put("alpha", [Draft(CHARTER, pack(some), "watch")])[0])
    assert refusal(world, "charlie", "answer-charter", entry=entry, answer="assent") == "charter-not-named"
    write(world, entry, Word.ASSENT, "charlie")
    assert world.faults() == [("charlie:0", "fault-charter-not-named")]
    write(world, entry, Word.ASSENT, "bravo")
    assert (state(world, entry), holding(world)) == (CharterState.AGREED, None)


@pytest.mark.parametrize(
    ("change", "message_id"),
    [
        ({"purpose": " "}, "reason-missing"),
        ({"purpose": "x" * 200_000}, "text-too-long"),
        ({"scope": "x" * 200_000}, "text-too-long"),
        ({"scope": ""}, "charter-scope-missing"),
        (
            {
                "scope": "é" * 29_000,
                "sides": [
                    side("alpha", commander="é" * 500),
                    side("bravo", levels={"é" * 99 + str(number): "duty" for number in range(60)}),
                ],
            },
            "charter-too-long",
        ),
        ({"sides": [side("alpha")]}, "charter-parties-wrong"),
        ({"sides": [side("alpha"), side("alpha.example")]}, "charter-parties-wrong"),
        ({"sides": [side("alpha"), side("bravo"), side("charlie")]}, "charter-parties-wrong"),
        ({"valid_from": "tomorrow"}, "time-unreadable"),
        ({"reply_by": "2020-01-01T00:00:00Z"}, "reply-by-past"),
        ({"checks": {"times": ["2500Z"]}}, "check-time-wrong"),
        ({"attachments": [{"size": 1, "sha256": "no"}]}, "attachment-wrong"),
        ({"language": "English please"}, "language-wrong"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused_with_its_reason(change: dict[str, object], message_id: str) -> None:
    assert refusal(World(), "alpha", "propose-charter", **terms(2, **change)) == message_id


def test_the_scope_may_be_an_attachment() -> None:
    world = World()
    entry = propose(world, scope="", attachments=[{"size": 5, "sha256": "ab" * 32}])
    assert len(world.entry(entry).leaf.attachments) == 1


def test_a_suspended_line_takes_no_proposal_but_every_answer() -> None:
    world = World()
    entry = propose(world)
    world.say("bravo", "declare", status="suspended", reason="storm")
    assert refusal(world, "alpha", "propose-charter", **terms()) == "line-suspended"
    assent(world, entry)
    world.later(MINUTE_US)
    utter(world, entry, Word.DENOUNCE, "alpha")
    assert state(world, entry) is CharterState.DENOUNCED


OWN = "Secretary of the Council"


def named(world: World) -> None:
    """Alpha calls an adviser by a name of its own, bravo does not."""
    agree(world, sides=[side("alpha", levels={OWN: "adviser"}), side("bravo")])


def test_our_own_name_for_a_level_is_taken_wherever_a_level_is_asked_for_and_kept_beside_the_rank() -> None:
    world = World()
    named(world)
    call = {"medium": "telephone", "level": OWN}
    parties = ("alpha", "bravo")
    contact = world.id(world.say("alpha", "contact", **call, began="2026-11-18", parties=parties, elsewhere=True)[0])
    assert meeting_of(world.bravo, contact).first.level is Level.ADVISER
    stated = world.say("alpha", "state", entry=contact, fact="level", value=OWN)
    assert world.bravo.state(Claims).by_place[0, stated[0].index].value == Level.ADVISER
    request = world.id(world.say("alpha", "request", **call, subject="Movements")[0])
    assert request_of(world.bravo, request).level is Level.ADVISER
    one, two = world.entry(contact).body, world.entry(request).body
    assert one is not None
    assert two is not None
    assert unpack(Contact, one, 65_536).label == unpack(CallRequest, two, 65_536).label == OWN
    world.say("alpha", "attempt", **call, result="busy")
    asked = world.id(world.say("bravo", "request", level="minister", subject="Movements")[0])
    world.say("alpha", "answer-request", entry=asked, answer="delegate", level=OWN)
    assert not world.faults()


def test_the_name_of_another_party_or_of_no_charter_is_refused_with_those_there_are() -> None:
    world = World()
    named(world)
    values = {"level": OWN, "medium": "telephone", "result": "busy"}
    assert refusal(world, "bravo", "attempt", **values) == "level-unknown"
    with pytest.raises(UsageError) as caught:
        world.drafts("alpha", "attempt", **{**values, "level": "emperor"})
    assert str(caught.value.facts["levels"]).endswith(f"head-of-state, {OWN}")
    world.later()
    utter(world, "alpha:0", Word.DENOUNCE, "bravo")
    assert refusal(world, "alpha", "attempt", **values) == "level-unknown"


def test_a_label_that_is_given_stands_before_the_name_of_the_level() -> None:
    world = World()
    named(world)
    (entry,) = world.say("alpha", "request", level=OWN, subject="Movements", label="the Secretary himself")
    assert entry.body is not None
    assert unpack(CallRequest, entry.body, 65_536).label == "the Secretary himself"


def test_no_receipt_and_no_reply_is_an_assent() -> None:
    world = World()
    entry = propose(world)
    for verb, values in (("read", {}), ("ack", {}), ("pass", {"to": "s3"}), ("respond", {"code": "wilco"})):
        world.say("bravo", verb, entry=entry, **values)
    world.say("bravo", "reply", entry=entry, text="We agree to everything.")
    assert (state(world, entry), holding(world)) == (CharterState.PROPOSED, None)

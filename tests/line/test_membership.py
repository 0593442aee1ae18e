"""Who is on the line: joins take every member, one refusal ends them, whoever goes is awaited in nothing more."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openline.base.errors import UsageError
from openline.base.schema import pack
from openline.line.membership import barred, is_open, joins_in_effect, opening, state_of_party
from openline.line.memberstate import (
    ANSWERS,
    MEMBERSHIP,
    MEMBERSHIP_ANSWER,
    Act,
    AnswerState,
    Head,
    Membership,
    MembershipAnswer,
    Memberships,
    PartyState,
    ProposalState,
    Word,
)
from openline.line.stop import Stops, unanswered
from openline.line.watch import alarms
from openline.record.entry import Draft, Entry, Mark
from tests.line.walking import walk
from tests.line.world import World

DIGITS = "550218331027745900183662140957"
OTHER = "1" * 30
FOUR = ("alpha", "bravo", "charlie", "delta")


def of(world: World, *names: str) -> tuple[str, ...]:
    return tuple(f"{name}.example" for name in names)


def join(world: World, who: str = "alpha", party: str = "zulu", **values: object) -> str:
    return world.id(world.say(who, "propose-join", **{"party": f"{party}.example", "fingerprint": DIGITS, **values})[0])


def remove(world: World, who: str = "alpha", party: str = "charlie") -> str:
    return world.id(world.say(who, "propose-removal", party=party, reason="It lets others listen.")[0])


def assent(world: World, entry: str, *whos: str) -> None:
    for who in whos:
        world.say(who, "assent", entry=entry, fingerprint=DIGITS)


def stands(world: World, entry: str, who: str = "alpha") -> ProposalState:
    book = world.books[who]
    origin, index = book.find(entry)
    return book.state(Memberships).proposals[book.number(origin), index].state


def parties(world: World, who: str = "alpha") -> list[PartyState]:
    return [state_of_party(world.books[who], number) for number in range(len(world.logs))]


def open_all(world: World, line: str = "") -> None:
    members = [f"{name}.example" for name in world.origins]
    for name in world.origins:
        world.put(name, [opening(members, line, (), "node")])


# Joining


def test_a_join_takes_effect_when_every_member_has_assented_and_not_before() -> None:
    world = World(3)
    entry = join(world)
    assert stands(world, entry) is ProposalState.STANDING
    assent(world, entry, "bravo")
    assert (stands(world, entry), joins_in_effect(world.alpha)) == (ProposalState.STANDING, [])
    assent(world, entry, "charlie")
    assert {stands(world, entry, who) for who in world.books} == {ProposalState.IN_EFFECT}
    (row,) = joins_in_effect(world.bravo)
    assert row.body.line == "alpha-bravo-charlie-zulu"
    assert row.body.members == of(world, "alpha", "bravo", "charlie", "zulu")
    assert len(world.books["alpha"].members) == 3, "the line itself keeps its members: the join opens one that follows"


@pytest.mark.parametrize(("way", "event", "before", "after"), walk(ANSWERS, AnswerState.UNANSWERED, Word))
def test_every_answer_of_the_table_is_taken_and_every_other_one_refused(
    way: list[Word], event: Word, before: AnswerState, after: AnswerState | None
) -> None:
    world = World(3)
    entry = join(world)
    body = {
        Word.ASSENT: MembershipAnswer(answer=Word.ASSENT, fingerprint=DIGITS),
        Word.REFUSE: MembershipAnswer(answer=Word.REFUSE, reason="No."),
    }
    for word in (*way, event):
        world.put("bravo", [Draft(MEMBERSHIP_ANSWER, pack(body[word]), "watch", (world.ref(entry),))])
    row = world.alpha.state(Memberships).proposals[0, 0]
    assert row.answer(1) is (before if after is None else after)
    assert world.faults() == ([] if after else [(f"bravo:{len(way)}", "fault-answer-not-possible")])


def test_one_refusal_ends_it_with_its_reason_and_assents_change_nothing() -> None:
    world = World(3)
    entry = join(world)
    assent(world, entry, "bravo")
    world.say("charlie", "refuse-membership", entry=entry, reason="Not while talks go on.")
    assert stands(world, entry) is ProposalState.REFUSED
    row = world.alpha.state(Memberships).proposals[0, 0]
    assert row.answers[2].reason == "Not while talks go on."
    with pytest.raises(UsageError) as caught:
        world.say("bravo", "refuse-membership", entry=entry, reason="Nor we.")
    assert caught.value.message_id == "proposal-ended"
    assert not list(world.alpha.open_items) or world.item(entry).owes == 0


def test_whoever_has_to_answer_owes_it_by_name_and_the_alarm_says_so() -> None:
    world = World(2)
    entry = join(world)
    world.later(3_600_000_000)
    receipted = dict.fromkeys(world.logs, 9)
    assert [row.condition for row in alarms(world.bravo, receipted, world.now)] == ["own-late-displayed"]
    world.say("bravo", "ack", entry=entry)
    assert [row.condition for row in alarms(world.bravo, receipted, world.now)] == ["own-late-answered"]
    assent(world, entry, "bravo")
    assert not [
        row for row in alarms(world.bravo, receipted, world.now) if row.index == 0 and "bravo" not in row.origin
    ]
    assert world.item(entry).owes == 0


def test_an_assent_names_the_root_that_the_assenter_has_heard_itself() -> None:
    world = World()
    entry = join(world)
    with pytest.raises(UsageError) as caught:
        world.say("bravo", "assent", entry=entry, fingerprint=OTHER)
    assert caught.value.message_id == "member-digits-differ"
    other = MembershipAnswer(answer=Word.ASSENT, fingerprint=OTHER)
    world.put("bravo", [Draft(MEMBERSHIP_ANSWER, pack(other), "watch", (world.ref(entry),))])
    assert world.faults() == [("bravo:0", "fault-fingerprint-differs")]
    assert stands(world, entry) is ProposalState.STANDING


def test_a_join_that_leaves_out_a_present_member_never_takes_effect() -> None:
    world = World(3)
    body = Membership(
        act=Act.JOIN,
        party="zulu.example",
        fingerprint=DIGITS,
        line="behind",
        members=of(world, "alpha", "bravo", "zulu"),
    )
    entry = world.id(world.put("alpha", [Draft(MEMBERSHIP, pack(body), "watch")])[0])
    assent(world, entry, "bravo")
    assert stands(world, entry) is ProposalState.STANDING
    world.say("charlie", "leave-line")
    assert stands(world, entry) is ProposalState.IN_EFFECT


@pytest.mark.parametrize(
    "change",
    [
        {"members": ("alpha.example", "zulu.example")},
        {"members": ("alpha.example", "bravo.example", "mike.example", "zulu.example")},
        {"members": ("alpha.example", "bravo.example", "charlie.example")},
        {"members": ("zulu.example", "bravo.example", "alpha.example")},
        {"members": ("bravo.example", "charlie.example", "zulu.example")},
        {"fingerprint": ""},
        {"line": "alpha-bravo-charlie"},
        {"line": ""},
        {"party": "alpha.example"},
    ],
)
def test_a_join_that_does_not_hold_together_is_a_fault(change: dict[str, object]) -> None:
    world = World(3)
    whole: dict[str, object] = {
        "party": "zulu.example",
        "fingerprint": DIGITS,
        "line": "next",
        "members": of(world, *FOUR[:3], "zulu"),
    }
    body = Membership(act=Act.JOIN, **{**whole, **change})  # type: ignore[arg-type] # fields by name
    world.put("alpha", [Draft(MEMBERSHIP, pack(body), "watch")])
    assert [fault for _, fault in world.faults()] == ["fault-join-wrong"]


@pytest.mark.parametrize(
    ("verb", "values", "message_id"),
    [
        ("propose-join", {"party": "bravo.example", "fingerprint": DIGITS}, "member-already"),
        ("propose-join", {"party": "zulu.example", "fingerprint": "12"}, "fingerprint-needed"),
        ("propose-join", {"party": "no party", "fingerprint": DIGITS}, "party-name-wrong"),
        ("propose-join", {"party": "zulu.example", "fingerprint": DIGITS, "line": "Ä"}, "line-name-wrong"),
        ("propose-removal", {"party": "alpha", "reason": "x"}, "member-unknown"),
        ("propose-removal", {"party": "zulu", "reason": "x"}, "member-unknown"),
        ("propose-removal", {"party": "bravo", "reason": " "}, "reason-missing"),
        ("assent", {"entry": "alpha:0"}, "proposal-unknown"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(verb: str, values: dict[str, object], message_id: str) -> None:
    world = World(3)
    world.send()
    with pytest.raises(UsageError) as caught:
        world.drafts("alpha", verb, **values)
    assert caught.value.message_id == message_id


def test_the_proposer_does_not_answer_itself_and_a_line_of_two_is_left_rather() -> None:
    world = World(2)
    entry = join(world)
    for verb, values in (("assent", {"entry": entry}), ("propose-removal", {"party": "bravo", "reason": "x"})):
        with pytest.raises(UsageError) as caught:
            world.drafts("alpha", verb, **values)
        assert caught.value.message_id in ("proposal-own", "member-leave-instead")


def test_joins_proposed_at_once_stand_side_by_side() -> None:
    world = World()
    world.cut = True
    mine, theirs = join(world, "alpha", "yankee"), join(world, "bravo", "zulu")
    world.mend()
    assent(world, theirs, "alpha")
    assert (stands(world, mine), stands(world, theirs)) == (ProposalState.STANDING, ProposalState.IN_EFFECT)
    assent(world, mine, "bravo")
    lines = {row.body.line for row in joins_in_effect(world.alpha)}
    assert lines == {"alpha-bravo-yankee", "alpha-bravo-zulu"}


def test_whoever_comes_back_comes_onto_a_line_with_a_number() -> None:
    world = World(3)
    world.say("charlie", "leave-line")
    join(world, party="charlie")
    (row,) = world.alpha.state(Memberships).proposals.values()
    assert row.body.line == "alpha-bravo-charlie-2"
    again = World(3, line="alpha-bravo-charlie-2")
    again.say("charlie", "leave-line")
    join(again, party="charlie")
    assert next(iter(again.alpha.state(Memberships).proposals.values())).body.line == "alpha-bravo-charlie-3"


def test_an_exercise_changes_no_membership() -> None:
    world = World(3)
    join(world, mark=Mark.EXERCISE)
    world.say("charlie", "leave-line", mark=Mark.EXERCISE)
    assert not world.alpha.state(Memberships).proposals
    assert world.alpha.present() == [0, 1, 2]


# Opening


def test_nothing_is_said_on_a_line_of_several_before_all_have_opened_it() -> None:
    world = World(3)
    draft = world.drafts("alpha", "send", text="Hello")
    members = of(world, "alpha", "bravo", "charlie")
    for name in ("alpha", "bravo"):
        assert barred(world.alpha, draft) == "line-opening"
        world.put(name, [opening(members, "", (), "node")])
    assert not is_open(world.alpha)
    assert barred(world.alpha, world.drafts("alpha", "leave-line")) is None
    world.put("charlie", [opening(members, "", (), "node")])
    assert is_open(world.alpha)
    assert barred(world.alpha, draft) is None
    assert parties(world) == [PartyState.MEMBER] * 3


def test_whoever_goes_before_the_opening_holds_nobody_up() -> None:
    world = World(3)
    members = of(world, "alpha", "bravo", "charlie")
    for name in ("alpha", "bravo"):
        world.put(name, [opening(members, "", (), "node")])
    world.say("charlie", "leave-line")
    assert is_open(world.alpha)


def test_a_line_of_two_is_open_from_the_pairing_on() -> None:
    world = World()
    assert is_open(world.alpha)
    assert parties(world) == [PartyState.MEMBER] * 2


def test_an_opening_with_other_members_or_later_in_the_log_opens_nothing() -> None:
    world = World(3)
    world.put("charlie", [opening(of(world, "alpha", "charlie"), "", (), "node")])
    world.put("bravo", [*world.drafts("bravo", "send", text="Hello"), opening(of(world, *FOUR[:3]), "", (), "node")])
    assert world.faults() == [("bravo:1", "fault-opened-late"), ("charlie:0", "fault-opened-members")]
    assert not is_open(world.alpha)


def test_the_heads_of_the_line_before_are_kept_with_the_opening() -> None:
    world = World(3)
    head = Head("alpha.example", 12, b"r" * 32, b"s" * 64)
    world.put("alpha", [opening(of(world, *FOUR[:3]), "alpha-bravo", (head,), "node")])
    assert world.bravo.state(Memberships).opened[0].heads == (head,)


# Going


def test_who_leaves_is_awaited_in_nothing_more_and_its_log_has_ended() -> None:
    world = World(3)
    entry = world.send("alpha", precedence="immediate", reply_by="2027-01-01T00:00:00Z")
    stop = world.id(world.say("alpha", "stop", place="37TCL 123 456")[0])
    world.say("bravo", "reply", entry=entry, text="Yes.")
    world.say("bravo", "answer-stop", entry=stop, answer="stopped")
    assert {item.index for item in world.alpha.open_items if item.member == 0} == {0, 1}
    world.say("charlie", "leave-line", reason="We move.")
    assert not [item for item in world.alpha.open_items if item.member == 0]
    assert list(unanswered(world.alpha)) == []
    assert world.alpha.state(Stops).standing, "the record does not say that it was answered"
    assert parties(world) == [PartyState.OPENING, PartyState.OPENING, PartyState.LEFT]
    world.put("charlie", world.drafts("charlie", "send", text="One more thing."))
    assert world.faults() == [("charlie:1", "fault-left")]
    assert world.alpha.item(world.origins["charlie"], 1) is None
    late = world.send("alpha", precedence="flash")
    world.say("bravo", "ack", entry=late)
    assert world.item(late) not in list(world.alpha.open_items)


def test_what_it_has_said_is_still_owed_an_answer_by_the_others() -> None:
    world = World(3)
    entry = world.send("charlie", precedence="flash")
    world.say("charlie", "leave-line")
    assert world.item(entry) in list(world.alpha.open_items)


def test_a_removal_takes_all_the_others_and_the_removed_has_no_say() -> None:
    world = World(4, names=FOUR)
    entry = remove(world, party="delta")
    with pytest.raises(UsageError) as caught:
        world.say("delta", "refuse-membership", entry=entry, reason="No.")
    assert caught.value.message_id == "proposal-own"
    body = MembershipAnswer(answer=Word.REFUSE)
    world.put("delta", [Draft(MEMBERSHIP_ANSWER, pack(body), "watch", (world.ref(entry),))])
    assert [fault for _, fault in world.faults()] == ["fault-own-removal"]
    assent(world, entry, "bravo")
    assert world.alpha.present() == [0, 1, 2, 3]
    assent(world, entry, "charlie")
    assert world.alpha.present() == [0, 1, 2]
    assert parties(world)[3] is PartyState.REMOVED
    next_one = remove(world, party="charlie")
    assent(world, next_one, "bravo")
    assert world.alpha.present() == [0, 1], "who has gone is not asked"


def test_one_member_that_stands_by_the_other_keeps_it() -> None:
    world = World(3)
    entry = remove(world)
    world.say("bravo", "refuse-membership", entry=entry, reason="It stays.")
    assert world.alpha.present() == [0, 1, 2]
    assert stands(world, entry) is ProposalState.REFUSED


def test_two_that_remove_each_other_are_both_gone_when_the_third_assents_to_both() -> None:
    world = World(3)
    world.cut = True
    one, two = remove(world, "alpha", "bravo"), remove(world, "bravo", "alpha")
    world.mend()
    for entry in (one, two):
        body = MembershipAnswer(answer=Word.ASSENT)
        world.put("charlie", [Draft(MEMBERSHIP_ANSWER, pack(body), "watch", (world.ref(entry),))])
    assert {tuple(book.present()) for book in world.books.values()} == {(2,)}


def test_a_join_that_waits_for_one_who_left_lapses() -> None:
    world = World(3)
    entry = join(world)
    assent(world, entry, "bravo")
    world.say("charlie", "leave-line")
    assert stands(world, entry) is ProposalState.LAPSED


def test_who_has_left_or_is_alone_says_nothing_more() -> None:
    world = World()
    draft = world.drafts("alpha", "send", text="Hello")
    world.say("bravo", "leave-line")
    assert barred(world.alpha, draft) == "line-ended"
    assert barred(world.bravo, draft) == "line-left"


# Order


def _story(world: World) -> None:
    """Joins, refusals, removals, a leave, and messages between, said while nothing arrives."""
    open_all(world)
    sent = world.send("alpha", precedence="immediate")
    first, second = join(world, "alpha", "yankee"), join(world, "bravo", "zulu")
    out = remove(world, "alpha", "delta")
    world.later()
    world.say("bravo", "ack", entry=sent)
    assent(world, first, "bravo", "charlie", "delta")
    assent(world, second, "alpha")
    world.say("delta", "refuse-membership", entry=second, reason="No.")
    assent(world, out, "bravo")
    world.say("charlie", "assent", entry=out)
    world.put("delta", world.drafts("delta", "send", text="I am here."))
    world.say("charlie", "leave-line", reason="We move.")
    world.put("charlie", world.drafts("charlie", "send", text="Late."))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_whoever_holds_the_same_entries_has_the_same_members_whatever_the_order(data: st.DataObject) -> None:
    world = World(4, names=FOUR)
    _story(world)
    book = world.new_book("bravo")
    rest: dict[str, Sequence[Entry]] = {origin: list(log) for origin, log in world.logs.items()}
    while any(rest.values()):
        origin = data.draw(st.sampled_from(sorted(name for name, log in rest.items() if log)))
        world.fold(book, [rest[origin][0]])
        rest[origin] = rest[origin][1:]
    assert book.digest() == world.bravo.digest()
    assert book.present() == [0, 1]


def test_before_our_own_opening_nothing_can_take_its_place_but_a_leave() -> None:
    world = World(3)
    propose = world.drafts("alpha", "propose-removal", party="charlie", reason="It never opens.")
    assert barred(world.alpha, propose) == "line-opening"
    assert barred(world.alpha, world.drafts("alpha", "leave-line")) is None
    members = of(world, "alpha", "bravo", "charlie")
    for name in ("alpha", "bravo"):
        world.put(name, [opening(members, "", (), "node")])
    assert barred(world.alpha, propose) is None
    entry = remove(world)
    assent(world, entry, "bravo")
    assert is_open(world.alpha), "whoever never opens can be removed"

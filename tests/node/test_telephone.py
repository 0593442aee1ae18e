"""The telephone of a node: the book's calls as the voice process is told of them, and what that says, on the record."""

from __future__ import annotations

import asyncio

import pytest

from openline.base.errors import BusyError, UsageError
from openline.media.words import CloseLeg, LegOver, LegUp, PhoneHolds, PhonesRegistered, Recorded, RecordingIs
from openline.node.telephone import LEGS_OF_A_SESSION_MAX
from openline.node.views import Officer
from tests.node.houses import ALPHA, EVERYTHING, LINE, House, played, started, until
from tests.node.voices import Floor, floors, known, up

# Legs


def test_a_leg_belongs_to_the_session_that_offered_it_and_ends_with_it() -> None:
    async def story() -> None:
        alpha, _ = await floors()
        first, second = await alpha.leg("watch", "s1"), await alpha.leg("ops", "s2")
        alpha.phone.session_ended("s1")
        assert alpha.voice.said(CloseLeg) == [CloseLeg(first, "session-withdrawn")]
        views = {view.leg: view for view in alpha.node.desk.legs(alpha.officer())}
        assert (views[first].state, views[first].reason) == ("over", "session-withdrawn")
        assert views[first].text.startswith("The session of the console has ended")
        assert (views[second].state, views[second].desk, views[second].kind) == ("up", "ops", "browser")
        alpha.phone.session_ended("s1")
        assert len(alpha.voice.said(CloseLeg)) == 1

    played(story())


def test_who_comes_without_a_session_has_no_leg() -> None:
    async def story() -> None:
        alpha, _ = await floors()
        with pytest.raises(UsageError, match="leg-needs-session"):
            await alpha.node.desk.offer_leg(alpha.officer(), "v=0")
        may_not = Officer("clerk", frozenset({"read"}), session="s")
        with pytest.raises(UsageError, match="not-allowed"):
            await alpha.node.desk.offer_leg(may_not, "v=0")
        assert alpha.node.desk.legs(may_not) == []

    played(story())


def test_no_leg_is_made_while_there_is_no_voice_process() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        assert node.desk.telephone.voice.state == "off"
        with pytest.raises(BusyError, match="voice-not-running"):
            await node.desk.offer_leg(Officer("watch", EVERYTHING, session="s"), "v=0")

    played(story())


def test_a_session_withdrawn_while_its_leg_is_being_made_has_none() -> None:
    async def story() -> None:
        alpha, _ = await floors()
        alpha.voice.hold = asyncio.Event()
        making = asyncio.ensure_future(alpha.node.desk.offer_leg(alpha.officer("watch", "s"), "v=0"))
        await asyncio.sleep(0)
        alpha.phone.session_ended("s")
        alpha.voice.hold.set()
        with pytest.raises(UsageError, match="session-needed"):
            await making
        assert alpha.voice.said(CloseLeg) == [CloseLeg(1, "session-withdrawn")]
        assert alpha.phone.legs.open == []
        alpha.tell(LegUp(1))
        assert alpha.phone.legs.open == []

    played(story())


def test_an_offer_whose_asker_has_gone_leaves_nothing_behind() -> None:
    async def story() -> None:
        alpha, _ = await floors()
        alpha.voice.hold = asyncio.Event()
        making = asyncio.ensure_future(alpha.node.desk.offer_leg(alpha.officer("watch", "s"), "v=0"))
        await asyncio.sleep(0)
        making.cancel()
        await asyncio.sleep(0)
        alpha.tell(LegUp(1), LegOver(1, "leg-left"), LegOver(9, "leg-lost"))
        assert alpha.voice.said(CloseLeg) == [CloseLeg(1, "leg-left")]
        assert alpha.node.desk.legs(alpha.officer()) == []

    played(story())


def test_a_new_leg_of_a_session_takes_the_place_of_its_old_one() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        again = await alpha.leg("watch")
        assert alpha.voice.said(CloseLeg) == [CloseLeg(1, "leg-replaced")]
        assert [row.leg for row in alpha.calls[-1].seats] == [again]
        assert alpha.gate(call, is_open=True) == again

    played(story())


def test_a_session_that_offers_without_end_has_two_legs_at_most() -> None:
    async def story() -> None:
        alpha, _ = await floors()
        for _ in range(6):
            await alpha.node.desk.offer_leg(alpha.officer("watch", "s"), "v=0")
        assert [leg.number for leg in alpha.phone.legs.open] == [5, 6]
        assert len(alpha.phone.legs.open) == LEGS_OF_A_SESSION_MAX

    played(story())


def test_an_officer_ends_the_legs_of_the_own_position_only() -> None:
    async def story() -> None:
        alpha, _ = await floors()
        leg = await alpha.leg("watch")
        with pytest.raises(UsageError, match="leg-unknown"):
            alpha.node.desk.close_leg(alpha.officer("ops", "ops"), leg)
        assert alpha.node.desk.close_leg(alpha.officer("watch"), leg).state == "over"
        with pytest.raises(UsageError, match="leg-unknown"):
            alpha.node.desk.close_leg(alpha.officer("watch"), leg)

    played(story())


def test_the_fingerprint_is_that_of_the_answer() -> None:
    async def story() -> None:
        alpha, _ = await floors()
        answer = await alpha.node.desk.offer_leg(alpha.officer("watch", "s"), "v=0")
        assert (answer.leg, answer.fingerprint) == (1, "sha-256 AB:CD")

    played(story())


# The gate


def test_the_gate_opens_at_once_and_the_record_hears_of_it_after() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        alpha.node.commits.hold = True
        alpha.gate(call, is_open=True)
        assert alpha.gates == [(1, True)]
        assert alpha.view(call).seats[0].gate_open
        assert alpha.steps() == []
        alpha.node.commits.hold = False
        alpha.gate(call, is_open=False)
        alpha.gate(call, is_open=False)
        alpha.node.commits.release()
        await until(lambda: len(alpha.steps()) == 2)
        assert alpha.gates == [(1, True), (1, False)]

    played(story())


def test_a_gate_is_refused_where_nobody_could_be_heard() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        await bravo.leg()
        call = await alpha.ring()
        await known(call, bravo)
        with pytest.raises(UsageError, match="leg-missing"):
            alpha.gate(call, is_open=True)
        with pytest.raises(UsageError, match="gate-not-possible"):
            bravo.gate(call, is_open=True)
        message = (await bravo.node.say()).ids[0]
        with pytest.raises(UsageError, match="call-unknown"):
            bravo.gate(message, is_open=True)
        with pytest.raises(UsageError, match="entry-unknown"):
            bravo.gate("alpha:77", is_open=True)
        bravo.gate(call, is_open=False)
        await bravo.step(call, "answered")
        await bravo.leg("ops")
        with pytest.raises(UsageError, match="gate-not-possible"):
            bravo.gate(call, is_open=True, desk="ops")
        assert bravo.gates == []

    played(story())


def test_a_second_session_of_a_position_opens_the_gate_of_its_newest_leg() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        other = await alpha.leg("watch", "elsewhere")
        assert alpha.gate(call, is_open=True) == 1
        assert alpha.gate(call, is_open=True, session="without sound") == other
        await until(lambda: len(alpha.steps()) == 1)
        alpha.gate(call, is_open=False)
        assert alpha.gates == [(1, True), (other, True), (1, False)]
        alpha.gate(call, is_open=False, session="without sound")
        await until(lambda: len(alpha.steps()) == 2)
        assert alpha.steps() == [("GATE_OPENED", "watch", ""), ("GATE_CLOSED", "watch", "")]

    played(story())


def test_a_gate_on_hold_is_closed_and_stays_so() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        alpha.gate(call, is_open=True)
        await alpha.step(call, "held")
        assert [word.held for word in alpha.calls[-1:]] == [True]
        assert (alpha.view(call).state, alpha.view(call).seats[0].gate_open) == ("held", False)
        with pytest.raises(UsageError, match="gate-not-possible"):
            alpha.gate(call, is_open=True)
        alpha.gate(call, is_open=False)
        await alpha.step(call, "resumed")
        assert [word.held for word in alpha.calls[-1:]] == [False]
        alpha.gate(call, is_open=True)
        await until(lambda: len(alpha.steps()) == 4)
        assert [step[0] for step in alpha.steps()] == ["GATE_OPENED", "HELD", "RESUMED", "GATE_OPENED"]
        assert alpha.node.keeper.book.faults == []

    played(story())


def test_a_session_that_ends_while_it_speaks_is_heard_no_more() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        alpha.gate(call, is_open=True)
        alpha.phone.session_ended("watch")
        assert alpha.calls[-1].seats == ()
        await until(lambda: bravo.view(call).parts[0].speaking == () and len(alpha.steps()) == 2)
        assert alpha.steps()[1] == ("GATE_CLOSED", "watch", "call-leg-over")
        assert alpha.view(call).state == "up"

    played(story())


# Desk phones


def picked_up(floor: Floor, leg: int, number: int = 0, dialled: str = "", desk: str = "night") -> None:
    floor.tell(LegUp(leg, desk, "grandstream", number, dialled))


def test_a_phone_that_is_picked_up_answers_and_is_heard_without_a_key() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        await alpha.leg()
        call = await alpha.ring()
        await known(call, bravo)
        picked_up(bravo, 40, bravo.calls[-1].number)
        await until(lambda: alpha.view(call).state == "up")
        assert bravo.gates == [(40, True)]
        assert [(seat.desk, seat.kind, seat.gate_open) for seat in bravo.view(call).seats] == [("night", "phone", True)]
        await bravo.step(call, "held", desk="night")
        assert not bravo.view(call).seats[0].gate_open
        await bravo.step(call, "resumed", desk="night")
        assert bravo.gates == [(40, True), (40, True)]
        bravo.hang_up(40, "phone-hung-up")
        await until(lambda: alpha.view(call).state == "ended")
        steps = [(what, cause) for what, desk, cause in bravo.steps() if desk == "night"]
        assert steps[-2:] == [("GATE_CLOSED", "call-leg-over"), ("LEFT", "phone-hung-up")]
        assert bravo.view(call).text == "The phone hung up."

    played(story())


def test_a_key_does_nothing_to_a_phone() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await alpha.ring()
        await known(call, bravo)
        picked_up(bravo, 40, bravo.calls[-1].number)
        await until(lambda: alpha.view(call).state == "up")
        for is_open in (True, False):
            assert bravo.node.desk.gate(bravo.officer("night"), None, call, is_open=is_open).open
        await asyncio.sleep(3)
        assert bravo.gates == [(40, True)]

    played(story())


def test_a_phone_on_hold_is_shown_and_heard_no_more_while_its_side_goes_on() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await alpha.ring()
        await known(call, bravo)
        picked_up(bravo, 40, bravo.calls[-1].number)
        await until(lambda: alpha.view(call).state == "up")
        bravo.tell(PhoneHolds(40, held=True), PhoneHolds(40, held=True), PhoneHolds(99, held=True))
        assert [(seat.held, seat.gate_open) for seat in bravo.view(call).seats] == [(True, False)]
        await until(lambda: alpha.view(call).parts[1].speaking == ())
        assert (bravo.view(call).state, alpha.view(call).parts[1].side) == ("up", "in")
        await bravo.step(call, "held", desk="night")
        await bravo.step(call, "resumed", desk="night")
        assert not bravo.view(call).seats[0].gate_open, "the phone itself has not come back"
        bravo.tell(PhoneHolds(40, held=False))
        assert [(seat.held, seat.gate_open) for seat in bravo.view(call).seats] == [(False, True)]
        await until(lambda: alpha.view(call).parts[1].speaking == ("night",))
        gates = [(what, cause) for what, desk, cause in bravo.steps() if desk == "night" and what.startswith("GATE")]
        assert gates == [("GATE_OPENED", ""), ("GATE_CLOSED", "phone-on-hold"), ("GATE_OPENED", "")]

    played(story())


def test_two_phones_picked_up_at_once_both_take_part_and_one_that_hangs_up_ends_nothing() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await alpha.ring()
        await known(call, bravo)
        number = bravo.calls[-1].number
        picked_up(bravo, 40, number)
        picked_up(bravo, 41, number, desk="ops")
        await until(lambda: len(bravo.view(call).seats) == 2)
        bravo.hang_up(40, "phone-hung-up")
        await until(lambda: len(bravo.view(call).seats) == 1)
        await asyncio.sleep(1)
        assert bravo.view(call).state == "up"

    played(story())


def test_a_phone_whose_call_is_over_is_put_down_and_a_browser_stays_connected() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        await bravo.leg("night")
        call = await alpha.ring()
        await known(call, bravo)
        picked_up(bravo, 40, bravo.calls[-1].number)
        await until(lambda: alpha.view(call).state == "up")
        assert len(bravo.view(call).seats) == 2
        await alpha.step(call, "left")
        await until(lambda: bravo.view(call).state == "ended")
        assert bravo.voice.said(CloseLeg) == [CloseLeg(40, "call-over")]

    played(story())


def test_a_phone_whose_network_fails_does_not_end_the_call() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await alpha.ring()
        await known(call, bravo)
        picked_up(bravo, 40, bravo.calls[-1].number)
        await until(lambda: alpha.view(call).state == "up")
        bravo.hang_up(40, "phone-gone")
        await asyncio.sleep(1)
        assert (bravo.view(call).state, bravo.view(call).seats) == ("up", ())

    played(story())


def test_a_phone_picked_up_for_a_call_that_is_over_is_put_down() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await alpha.ring()
        await known(call, bravo)
        number = bravo.calls[-1].number
        await alpha.step(call, "left")
        await until(lambda: bravo.open == [])
        picked_up(bravo, 40, number)
        assert bravo.voice.said(CloseLeg) == [CloseLeg(40, "call-over")]

    played(story())


@pytest.mark.parametrize("dialled", ["alpha-bravo", "1"])
def test_a_phone_dials_a_line_by_name_or_number(dialled: str) -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        picked_up(alpha, 40, dialled=dialled)
        await until(lambda: bravo.open != [])
        (view,) = bravo.node.desk.calls(bravo.officer(), LINE, open_only=True, count=9)
        assert (view.state, view.by_desk) == ("ringing-in", "night")
        assert [row.leg for row in alpha.calls[-1].seats] == [40]
        alpha.hang_up(40, "phone-hung-up")
        await until(lambda: bravo.open == [])
        assert bravo.view(view.id).cause == "phone-hung-up"

    played(story())


def test_a_phone_that_dials_while_the_line_rings_answers() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await alpha.ring()
        await known(call, bravo)
        picked_up(bravo, 40, dialled="1")
        await until(lambda: alpha.view(call).state == "up")
        assert len(alpha.node.desk.calls(alpha.officer(), None, open_only=False, count=9)) == 1

    played(story())


@pytest.mark.parametrize("dialled", ["2", "nowhere", "0", "alpha-bravo\u202e"])
def test_a_phone_that_dials_what_is_no_line_is_put_down(dialled: str) -> None:
    async def story() -> None:
        alpha, _ = await floors()
        picked_up(alpha, 40, dialled=dialled)
        assert alpha.voice.said(CloseLeg) == [CloseLeg(40, "phone-line-unknown")]
        assert alpha.open == []

    played(story())


# What is shown and noted


def test_what_happens_to_calls_and_legs_stands_in_the_log_without_a_word_of_theirs() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        alpha.gate(call, is_open=True)
        await until(lambda: alpha.steps() != [])
        alpha.hang_up(1)
        facts = [(fact["call"], fact["what"]) for fact in alpha.node.facts("call")]
        assert facts == [(call, "rung"), (call, "answered")]
        assert [fact["leg"] for fact in alpha.node.facts("leg-up")] == [1]
        assert [(fact["desk"], fact["why"]) for fact in alpha.node.facts("leg-over")] == [("watch", "leg-left")]

    played(story())


def test_a_recording_of_no_call_of_ours_and_the_list_of_phones_cost_nothing() -> None:
    async def story() -> None:
        alpha, _ = await floors()
        before = list(alpha.voice.words)
        alpha.tell(PhonesRegistered(("a",)), Recorded(9, True, 1, 1, 1, b"", "x"), RecordingIs(9, on=True))
        assert alpha.voice.words == before

    played(story())

"""Desk phones ring for a STOP at both ends, at once, until somebody has seen it, and for what is late by its step."""

from __future__ import annotations

import asyncio

from openline.base.limits import PHONE_RINGS_S, STOP_LEG_S, STOP_PHONES_AGAIN_S, STOP_PHONES_QUIET_S
from openline.base.time import SECOND_US
from openline.line.deadlines import STANDARD
from openline.line.watch import ESCALATION, STAGE_PERCENT, Awaited, Step
from openline.media.words import CloseLeg, LegUp, RingPhones, StopPhones
from openline.node.telephone import Telephone
from openline.record.entry import Precedence
from tests.node.houses import played, until
from tests.node.voices import Floor, floors

LEG = 77


async def stopped(mark: str = "OPERATION") -> tuple[Floor, Floor, str]:
    """Alpha has called STOP, and both ends have it."""
    alpha, bravo = await floors()
    said = await alpha.node.say(None, "stop", mark=mark, place="37TCL 123 456")
    await until(lambda: bravo.voice.said(RingPhones) != [])
    return alpha, bravo, said.ids[0]


def test_a_stop_rings_the_desk_phones_at_both_ends_at_once_also_where_browsers_have_sound() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        await bravo.leg()
        begun = asyncio.get_running_loop().time()
        await alpha.node.say(None, "stop", place="37TCL 123 456")
        await until(lambda: bravo.voice.said(RingPhones) != [])
        assert asyncio.get_running_loop().time() - begun < 1
        assert [word.who for floor in (alpha, bravo) for word in floor.voice.said(RingPhones)] == ["STOP alpha"] * 2

    played(story())


def test_an_exercise_says_that_it_is_one() -> None:
    async def story() -> None:
        _, bravo, _ = await stopped("EXERCISE")
        assert bravo.voice.said(RingPhones)[0].who == "EXERCISE STOP alpha"

    played(story())


def test_it_rings_again_until_somebody_here_has_seen_it() -> None:
    async def story() -> None:
        _, bravo, entry = await stopped()
        number = bravo.voice.said(RingPhones)[0].call
        await asyncio.sleep(4 * PHONE_RINGS_S)
        rung = bravo.voice.said(RingPhones)
        assert len(rung) > 3 * PHONE_RINGS_S // STOP_PHONES_AGAIN_S, "phones that have given up ring again"
        assert {word.call for word in rung} == {number}
        await bravo.node.say(None, "read", entry=entry)
        await until(lambda: bravo.voice.said(StopPhones) != [])
        assert bravo.voice.said(StopPhones) == [StopPhones(number)]
        rung = bravo.voice.said(RingPhones)
        await asyncio.sleep(60)
        assert bravo.voice.said(RingPhones) == rung

    played(story())


def test_at_the_caller_s_it_rings_once_and_no_longer_than_a_phone_rings() -> None:
    async def story() -> None:
        alpha, _, _ = await stopped()
        await asyncio.sleep(PHONE_RINGS_S + 2)
        assert len(alpha.voice.said(RingPhones)) == len(alpha.voice.said(StopPhones)) == 1

    played(story())


def test_an_answer_ends_it_at_both_ends() -> None:
    async def story() -> None:
        alpha, bravo, entry = await stopped()
        await bravo.node.say(None, "answer-stop", entry=entry, answer="stopped")
        await until(lambda: alpha.voice.said(StopPhones) != [] and bravo.voice.said(StopPhones) != [])

    played(story())


def test_who_picks_up_is_hung_up_again_and_nothing_is_on_the_record_but_quiet() -> None:
    async def story() -> None:
        _, bravo, entry = await stopped()
        number = bravo.voice.said(RingPhones)[0].call
        bravo.tell(LegUp(LEG, "watch", "phone-1", number))
        rung = len(bravo.voice.said(RingPhones))
        await asyncio.sleep(STOP_LEG_S + 1)
        assert bravo.voice.said(CloseLeg) == [CloseLeg(LEG, "leg-rang-for-stop")]
        book = bravo.node.keeper.book
        item = book.item(*book.find(entry))
        assert item is not None
        assert not item.facts, "a phone has no name that could stand on the record"
        await asyncio.sleep(STOP_PHONES_QUIET_S - STOP_LEG_S - 3)
        assert len(bravo.voice.said(RingPhones)) == rung
        await asyncio.sleep(5)
        assert len(bravo.voice.said(RingPhones)) == rung + 1, "nobody has seen it yet"

    played(story())


def test_a_voice_process_that_begins_is_told_of_it() -> None:
    async def story() -> None:
        _, bravo, _ = await stopped()
        before = len(bravo.voice.said(RingPhones))
        assert isinstance(bravo.phone, Telephone)
        bravo.phone.ready()
        assert len(bravo.voice.said(RingPhones)) == before + 1

    played(story())


def test_a_call_is_known_by_another_number() -> None:
    async def story() -> None:
        alpha, bravo, _ = await stopped()
        await alpha.ring()
        await until(lambda: bravo.calls != [])
        assert bravo.calls[-1].number != bravo.voice.said(RingPhones)[0].call

    played(story())


def test_a_flash_that_nobody_takes_rings_from_its_step_of_the_voice_bell_until_it_is_taken() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        said = await alpha.node.say("Cease.", precedence="flash")
        ladder = dict(ESCALATION[Precedence.FLASH])
        displayed = STAGE_PERCENT[Precedence.FLASH][Awaited.DISPLAYED]
        window_s = STANDARD.flash_us // SECOND_US
        await asyncio.sleep(window_s * (displayed + ladder[Step.RING_DOWN]) // 100 - 5)
        assert bravo.voice.said(RingPhones) == [], "the positions and the supervisor come first"
        await asyncio.sleep(10)
        assert {word.who for word in bravo.voice.said(RingPhones)} == {"FLASH alpha"}
        assert alpha.voice.said(RingPhones) == [], "it is not alpha that is late"
        await bravo.node.say(None, "read", entry=said.ids[0])
        await until(lambda: bravo.voice.said(StopPhones) != [])

    played(story())

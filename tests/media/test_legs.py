"""The legs of a process: numbers that come again late, limits, and one browser for each console session."""

from __future__ import annotations

import asyncio

import pytest

from openline.base.errors import UsageError
from openline.base.limits import LEGS_MAX
from openline.media.bridge import LEGS
from openline.media.legs import Legs
from openline.media.rtp import parse
from openline.media.words import Answered, CloseLeg, LegOver, LegUp, Offer, Refused
from tests.media.conftest import Run
from tests.media.houses import Between, Ear, Quarter, ports
from tests.media.peer import SOUND, Owner, Peer, settings
from tests.media.wire_ends import until


async def offered(legs: Legs, peer: Peer, request: int, session: str = "session") -> int:
    answer = await legs.offer(Offer(request, "watch", session, peer.offer()))
    assert isinstance(answer, Answered), answer
    assert answer.request == request
    return answer.leg


def test_a_number_comes_again_only_after_all_others() -> None:
    async def story() -> None:
        async with settings() as shared:
            legs = Legs(Owner(), shared, set)
            numbers = []
            for _ in range(2 * (LEGS - 1)):
                numbers.append(legs.number())
                ear = Ear(numbers[-1])
                legs.joined(ear)
                assert legs.forget(ear)
            assert sorted(numbers[: LEGS - 1]) == list(range(1, LEGS)), "0 is the answering position's"
            assert numbers[LEGS - 1 :] == numbers[: LEGS - 1]

    asyncio.run(story())


def test_taken_numbers_are_passed_over_and_there_is_a_limit() -> None:
    async def story() -> None:
        async with settings() as shared:
            ringing = {2, 3}
            legs = Legs(Owner(), shared, lambda: ringing)
            legs.joined(Ear(1))
            assert legs.number() == 4
            for number in range(5, LEGS_MAX + 2):
                legs.joined(Ear(number))
            with pytest.raises(UsageError) as refused:
                legs.number()
            assert (refused.value.message_id, refused.value.facts) == ("legs-too-many", {"limit": LEGS_MAX})

    asyncio.run(story())


def test_a_new_offer_of_a_session_ends_the_leg_it_had_and_no_other(run: Run) -> None:
    async def story() -> None:
        async with settings() as shared:
            owner, peers = Owner(), [Peer() for _ in range(3)]
            legs = Legs(owner, shared, set)
            first = await offered(legs, peers[0], 1)
            other = await offered(legs, peers[1], 2, "another session")
            again = await offered(legs, peers[2], 3)
            assert len({first, other, again}) == 3
            await owner.until(lambda: owner.ends)
            assert owner.ends == [(first, "leg-replaced")]
            refused = await legs.offer(Offer(4, "watch", "session", "v=0"))
            assert isinstance(refused, Refused)
            assert refused.reason == "leg-offer-wrong"
            assert len(owner.ends) == 1, "an offer that is none takes nothing away"
            legs.close_all("leg-stopped")
            legs.close(200, "unknown")
            await owner.until(lambda: len(owner.ends) == 3)
            for peer in peers:
                await peer.leave()

    run(story())


def test_a_browser_speaks_in_one_house_and_a_browser_in_the_other_hears_every_frame(run: Run) -> None:
    async def story() -> None:
        houses = alpha, bravo = Quarter("alpha", {}), Quarter("bravo", ports("fibre"))
        between, peers, legs = Between(alpha, bravo), [Peer(), Peer()], []
        between.join("fibre")
        for house, peer in zip(houses, peers, strict=True):
            house.tell(Offer(1, "watch", "session", peer.offer()))
            await until(lambda house=house: bool(house.of(Answered)))  # type: ignore[misc] # bound now
            answered = house.of(Answered)[0]
            assert isinstance(answered, Answered)
            await peer.connect(answered.sdp)
            await until(lambda house=house: bool(house.of(LegUp)))  # type: ignore[misc] # bound now
            legs.append(answered.leg)
        for house, other, leg in ((alpha, bravo, legs[0]), (bravo, alpha, legs[1])):
            house.call(other.party, seats=(leg,))
            house.gate(leg)
        await until(lambda: between.carried("fibre"))
        for sequence in range(500, 550):
            peers[0].speak(sequence)
            peers[1].speak(sequence)
            await asyncio.sleep(0.002)
        for peer in peers:
            await peer.until(lambda peer=peer: len(peer.packets) >= 50)  # type: ignore[misc] # bound now
            assert [parse(packet)[2] for packet in peer.packets] == list(range(500, 550))
            assert {parse(packet)[5] for packet in peer.packets} == {SOUND}
        alpha.tell(CloseLeg(legs[0], "session-withdrawn"))
        await until(lambda: alpha.of(LegOver) == [LegOver(legs[0], "session-withdrawn")])
        for house, peer in zip(houses, peers, strict=True):
            await house.close()
            await peer.leave()

    run(story())


def test_who_forgets_a_leg_forgets_that_one() -> None:
    async def story() -> None:
        async with settings() as shared:
            legs = Legs(Owner(), shared, set)
            ear = Ear(5)
            assert not legs.forget(ear), "it never was one"
            legs.joined(ear)
            assert not legs.forget(Ear(5))
            assert legs.forget(ear)
            legs.close(5, "leg-closed")
            assert ear.closed == ""

    asyncio.run(story())

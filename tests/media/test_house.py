"""Whole houses talk: calls both ways, gates, holds, three parties, cables that are cut, processes that die, garbage."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from openline.base.limits import LEGS_MAX, VOICE_SEATS_MAX
from openline.media.wire_carriage import Pace
from openline.media.words import (
    Begin,
    CallIs,
    CallOver,
    CloseLeg,
    Counters,
    Figures,
    GateIs,
    LegOver,
    LegUp,
    Note,
    Offer,
    PathIs,
    Ready,
    Refused,
    RingPhones,
    SeatRow,
    SessionEnded,
    StopPhones,
    StreamArrived,
)
from openline.voice.seats import Kind
from tests.media.houses import CALL, LINE, TAG, Between, Quarter, ports, words
from tests.media.wire_ends import CALM, QUICK, Run, both_loops, on_uvloop, until

PATHS = ("fibre", "radio")
STEP_S = 0.002


@asynccontextmanager
async def line(relayed: bool = False, pace: Pace = CALM) -> AsyncIterator[tuple[Quarter, Quarter, Between]]:
    """Alpha with legs 1 and 2, bravo with legs 1 and 3, two paths, and a call with a seat for each leg."""
    alpha, bravo = Quarter("alpha", {}, pace), Quarter("bravo", ports(*PATHS), pace)
    between = Between(alpha, bravo, relayed)
    for path in PATHS:
        between.join(path)
    for house, numbers, peer in ((alpha, (1, 2), "bravo"), (bravo, (1, 3), "alpha")):
        for number in numbers:
            house.leg(number)
        house.call(peer, seats=numbers)
    try:
        await until(lambda: between.carried(*PATHS))
        yield alpha, bravo, between
    finally:
        between.close()
        await alpha.close()
        await bravo.close()


async def speak(house: Quarter, leg: int, said: list[bytes], first: int = 100, step_s: float = STEP_S) -> None:
    for place, word in enumerate(said, first):
        house.talk(leg, [word], place)
        await asyncio.sleep(step_s)


@both_loops
def test_a_call_goes_both_ways_at_once_and_everybody_is_heard_once(run: Run) -> None:
    async def story() -> None:
        async with line() as (alpha, bravo, _):
            alpha.gate(1)
            bravo.gate(3)
            await asyncio.gather(speak(alpha, 1, words(50, "alpha")), speak(bravo, 3, words(50, "bravo")))
            await until(lambda: len(bravo.ears[1].played) == 100)
            await until(lambda: len(alpha.ears[2].played) == 100)
            assert sorted(bravo.ears[3].words) == sorted(words(50, "alpha")), "nobody hears himself"
            assert {frame.sequence for frame in bravo.ears[3].played} == set(range(100, 150))
            for ear in (*alpha.ears.values(), *bravo.ears.values()):
                assert ear.missing() == 0
            assert bravo.sounds("alpha") == [False]

    run(story())


@both_loops
def test_a_pause_at_a_closed_gate_is_no_loss_to_who_listens(run: Run) -> None:
    async def story() -> None:
        async with line() as (alpha, bravo, _):
            await speak(alpha, 1, words(30, "before"))
            alpha.gate(1)
            await speak(alpha, 1, words(30, "said"), 130)
            alpha.gate(1, is_open=False)
            await speak(alpha, 1, words(400, "kept back"), 160, 0)
            alpha.gate(1)
            await speak(alpha, 1, words(30, "again"), 560)
            far, beside = bravo.ears[3], alpha.ears[2]
            await until(lambda: len(far.played) == 60)
            assert far.words == beside.words == words(30, "said") + words(30, "again")
            assert (far.missing(), beside.missing()) == (0, 0), "560 follows 159 without a gap"
            again = far.played[30]
            assert again.marker
            assert again.timestamp == 560 * 960, "a pause is time"

    run(story())


@both_loops
def test_a_held_call_is_silent_both_ways_and_goes_on_without_a_gap(run: Run) -> None:
    async def story() -> None:
        async with line() as (alpha, bravo, _):
            alpha.gate(1)
            bravo.gate(3)
            await speak(alpha, 1, words(20, "first"))
            await until(lambda: len(bravo.ears[3].played) == 20)
            bravo.call("alpha", seats=(1, 3), held=True)
            bravo.gate(3)
            bravo.talk(3, words(5, "into the hold"))
            await speak(alpha, 1, words(100, "unheard"), 120, 0)
            await asyncio.sleep(0.05)
            assert len(bravo.ears[3].played) == 20
            assert alpha.ears[2].words == words(20, "first") + words(100, "unheard"), "nothing came from the hold"
            bravo.call("alpha", seats=(1, 3))
            await speak(alpha, 1, words(20, "back"), 220)
            await until(lambda: len(bravo.ears[3].played) == 40)
            assert bravo.ears[3].missing() == 0
            bravo.talk(3, words(5, "the gate stayed closed"), 300)
            bravo.gate(3)
            bravo.talk(3, words(1, "open"), 400)
            await until(lambda: alpha.ears[1].words == words(1, "open"))

    run(story())


@both_loops
def test_the_same_word_again_changes_nothing_in_the_middle_of_a_sentence(run: Run) -> None:
    async def story() -> None:
        async with line() as (alpha, bravo, _):
            alpha.gate(1)
            for place in range(60):
                alpha.talk(1, words(1, f"{place}"), 100 + place)
                alpha.call("bravo", seats=(1, 2))
                bravo.call("alpha", seats=(1, 3))
                await asyncio.sleep(STEP_S)
            await until(lambda: len(bravo.ears[3].played) == 60)
            assert bravo.ears[3].missing() == 0
            assert len({frame.stream for frame in bravo.ears[3].played}) == 1

    run(story())


@both_loops
def test_a_leg_that_comes_later_takes_part_and_one_that_has_ended_does_not(run: Run) -> None:
    async def story() -> None:
        async with line() as (alpha, bravo, _):
            alpha.gate(1)
            await speak(alpha, 1, words(10, "early"))
            await until(lambda: len(bravo.ears[3].played) == 10)
            late = bravo.leg(9)
            bravo.house.ended(bravo.ears[3], "leg-lost")
            assert bravo.of(LegOver) == [LegOver(3, "leg-lost")]
            bravo.call("alpha", seats=(1, 3, 9))
            await speak(alpha, 1, words(10, "late"), 110)
            await until(lambda: late.words == words(10, "late"))
            assert len(bravo.ears[3].played) == 10
            alpha.house.ended(alpha.ears[1], "leg-lost")
            alpha.talk(1, words(3, "from nowhere"), 200)
            await asyncio.sleep(0.05)
            assert len(late.played) == 10

    run(story())


@both_loops
def test_a_leg_in_no_call_hears_nothing(run: Run) -> None:
    async def story() -> None:
        async with line() as (alpha, bravo, _):
            beside = bravo.leg(12)
            alpha.gate(1)
            await speak(alpha, 1, words(10))
            await until(lambda: len(bravo.ears[3].played) == 10)
            bravo.tell(CallOver(CALL))
            await speak(alpha, 1, words(10), 110)
            await asyncio.sleep(0.05)
            assert (beside.played, len(bravo.ears[3].played)) == ([], 10)

    run(story())


@both_loops
def test_three_headquarters_hear_each_other_each_directly_and_once(run: Run) -> None:
    async def story() -> None:
        quarters = [Quarter(party, ports("fibre")) for party in ("alpha", "bravo", "charlie")]
        alpha, bravo, charlie = quarters
        pairs = [Between(bravo, alpha), Between(charlie, alpha), Between(charlie, bravo)]
        for between in pairs:
            between.join("fibre")
        for house in quarters:
            house.leg(1)
            house.leg(2)
            house.call(*(each.party for each in quarters if each is not house), seats=(1, 2))
            house.gate(1)
        await until(lambda: all(between.carried("fibre") for between in pairs))
        await asyncio.gather(*(speak(house, 1, words(30, house.party)) for house in quarters))
        everybody = sorted(word for house in quarters for word in words(30, house.party))
        await until(lambda: all(len(house.ears[2].played) >= 90 for house in quarters))
        await asyncio.sleep(0.1)
        for house in quarters:
            assert sorted(house.ears[2].words) == everybody
            assert len({frame.stream for frame in house.ears[2].played}) == 3, "leg 1 of three headquarters"
        charlie.call("alpha", seats=(1, 2))
        bravo.call("alpha", seats=(1, 2))
        charlie.talk(1, words(3, "to alpha alone"), 200)
        await until(lambda: alpha.ears[2].words[-3:] == words(3, "to alpha alone"))
        await asyncio.sleep(0.05)
        assert len(bravo.ears[2].played) == 90
        for house in quarters:
            await house.close()

    run(story())


@both_loops
def test_one_of_two_cables_is_cut_in_the_middle_of_a_sentence_and_no_frame_is_lost(run: Run) -> None:
    async def story() -> None:
        async with line(relayed=True) as (alpha, bravo, between):
            alpha.gate(1)
            for place in range(200):
                if place == 100:
                    between.cut("fibre")
                alpha.talk(1, [b"%d" % place], 100 + place)
                await asyncio.sleep(0.005)
            await until(lambda: len(bravo.ears[3].played) == 200)
            assert bravo.ears[3].missing() == 0
            await until(lambda: bool(bravo.figures("alpha")) and bravo.figures("alpha")[-1].frames == 200)
            assert bravo.figures("alpha")[-1].lost == 0
            assert bravo.sounds("alpha") == [False]

    run(story())


def test_all_cables_cut_for_five_seconds_is_said_and_the_same_call_is_back_within_one() -> None:
    async def story() -> None:
        async with line(relayed=True, pace=Pace()) as (alpha, bravo, between):
            alpha.gate(1)
            talking = asyncio.create_task(speak(alpha, 1, words(700), step_s=0.02))
            await until(lambda: len(bravo.ears[3].played) > 10)
            between.cut(*PATHS)
            await asyncio.sleep(5)
            await until(lambda: bravo.sounds("alpha") == alpha.sounds("bravo") == [False, True])
            heard = len(bravo.ears[3].played)
            between.heal(*PATHS)
            await asyncio.sleep(1)
            assert bravo.sounds("alpha") == alpha.sounds("bravo") == [False, True, False]
            assert len(bravo.ears[3].played) > heard, "and it is heard already"
            assert len({frame.stream for frame in bravo.ears[3].played}) == 1, "the same call, the same speaker"
            talking.cancel()

    on_uvloop(story())


@both_loops
def test_a_voice_process_dies_and_the_next_one_carries_the_same_call(run: Run) -> None:
    async def story() -> None:
        async with line() as (alpha, bravo, between):
            alpha.gate(1)
            bravo.gate(3)
            await speak(alpha, 1, words(20, "first life"))
            await until(lambda: len(bravo.ears[3].played) == 20)
            alpha.again()
            alpha.leg(1)
            alpha.call("bravo", seats=(1,))
            alpha.gate(1)
            await until(lambda: between.carried(*PATHS))
            await speak(alpha, 1, words(20, "second life"), 40_000)
            await speak(bravo, 3, words(20, "bravo"))
            await until(lambda: bravo.ears[3].words[20:] == words(20, "second life"))
            await until(lambda: alpha.ears[1].words == words(20, "bravo"))

    run(story())


@both_loops
def test_garbage_at_every_socket_and_in_every_stream_harms_nothing_and_is_counted(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openline.media.house._LOOKS_FOR_COUNTERS", 4)

    async def story() -> None:
        async with line() as (alpha, bravo, between):
            alpha.gate(1)
            noise = [bytes([first]) * size for first in (0x00, 0x80, 0xFF) for size in (0, 1, 12, 40, 1_232, 9_000)]
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
                for place in range(60):
                    for port in bravo.ports.values():
                        stranger.sendto(noise[place % len(noise)], ("127.0.0.1", port))
                    for number in between.numbers.values():
                        bravo.tell(StreamArrived(number, noise[place % len(noise)]))
                    alpha.talk(1, [b"%d" % place], 100 + place)
                    await asyncio.sleep(STEP_S)
            await until(lambda: len(bravo.ears[3].played) == 60)
            assert bravo.ears[3].missing() == 0
            wire = bravo.house._wire
            await until(lambda: sum(counted(bravo).refused.values()) == sum(wire.refused.values()) > 100)
            assert {"large", "malformed"} <= counted(bravo).refused.keys()
            told = len(bravo.of(Counters))
            await asyncio.sleep(1.2)
            assert len(bravo.of(Counters)) == told, "what has not changed is not said again"

    run(story())


def counted(house: Quarter) -> Counters:
    """What a house said last of what it has not taken."""
    said = [word for word in house.of(Counters) if isinstance(word, Counters)]
    return said[-1] if said else Counters({}, 0)


@both_loops
def test_a_word_about_what_is_not_there_does_no_harm(run: Run) -> None:
    async def story() -> None:
        async with line() as (alpha, bravo, _):
            alpha.tell(
                Begin(9, (), {}),
                GateIs(CALL, 200, open=True),
                GateIs(999, 1, open=True),
                CallOver(999),
                CloseLeg(200, "leg-closed"),
                SessionEnded(10_000),
                StreamArrived(10_000, b"sound"),
                StopPhones(999),
                RingPhones(999, "bravo"),
                *alpha.opened,
            )
            alpha.tell(CallIs(5, LINE, 9, ("nobody",), (SeatRow(77),)))
            alpha.tell(CallIs(6, "no line", TAG, ("bravo",), (SeatRow(1, Kind.INTERPRETER, (9,), (8,)),)))
            alpha.gate(1)
            alpha.tell(GateIs(6, 1, open=True))
            await speak(alpha, 1, words(10))
            await until(lambda: len(bravo.ears[3].played) == 10)
            assert alpha.of(Ready) == alpha.of(Ready)[:1]

    run(story())


@both_loops
def test_more_legs_and_seats_than_may_be_are_refused_with_a_reason(run: Run) -> None:
    async def story() -> None:
        alpha = Quarter("alpha", {})
        for number in range(1, LEGS_MAX + 1):
            alpha.leg(number)
        alpha.tell(Offer(3, "watch", "session", ""))
        await until(lambda: bool(alpha.of(Refused)))
        assert alpha.of(Refused) == [Refused(3, "legs-too-many", {"limit": LEGS_MAX})]
        alpha.call("bravo", seats=tuple(range(1, LEGS_MAX + 1)))
        assert alpha.of(Note) == [Note("voice-too-many-seats", {"limit": VOICE_SEATS_MAX})]
        alpha.gate(1)
        alpha.talk(1, words(1))
        assert sum(len(ear.played) for ear in alpha.ears.values()) == VOICE_SEATS_MAX - 1
        assert alpha.of(LegUp)[0] == LegUp(1)
        await alpha.close()
        assert {ear.closed for ear in alpha.ears.values()} == {"leg-stopped"}

    run(story())


def test_paths_are_told_of_at_most_once_a_second_and_figures_once_in_a_call() -> None:
    async def story() -> None:
        async with line(relayed=True, pace=QUICK) as (alpha, _, between):
            begun = asyncio.get_running_loop().time()
            before = len(alpha.of(PathIs)), len(alpha.of(Figures))
            while asyncio.get_running_loop().time() < begun + 3:
                between.cut("fibre")
                await asyncio.sleep(0.15)
                between.heal("fibre")
                await asyncio.sleep(0.15)
            most = int(asyncio.get_running_loop().time() - begun) + 1
            told = [word for word in alpha.of(PathIs)[before[0] :] if isinstance(word, PathIs)]
            assert 1 <= len([word for word in told if word.path == "fibre"]) <= most
            assert 1 <= len(alpha.of(Figures)) - before[1] <= most
            alpha.tell(CallOver(CALL))
            after = len(alpha.of(Figures))
            await asyncio.sleep(1.2)
            assert len(alpha.of(Figures)) == after, "no call, no figures"

    on_uvloop(story())


def test_a_line_on_which_nobody_speaks_costs_at_most_six_datagrams_a_second_on_each_path() -> None:
    async def story() -> None:
        passed: dict[tuple[str, bool], int] = {}

        def count(path: str) -> None:
            def harm(data: bytes, inward: bool) -> list[bytes]:
                passed[path, inward] = passed.get((path, inward), 0) + 1
                return [data]

            between.relays[path].harm = harm

        async with line(relayed=True, pace=Pace()) as (_, _, between):
            await asyncio.sleep(1.5)
            for path in PATHS:
                count(path)
            await asyncio.sleep(6)
            assert set(passed) == {(path, inward) for path in PATHS for inward in (True, False)}
            assert max(passed.values()) <= 6 * 6
            assert max(passed.values()) <= 3 * 6, f"one report a second and some probes; {passed}"

    on_uvloop(story())

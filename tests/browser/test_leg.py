"""Legs with real Chromium at the other end: sound both ways, what it costs, what disturbs it and what must not."""

from __future__ import annotations

import asyncio
import os
import statistics
from collections.abc import Callable, Iterator
from typing import cast

import pytest
from playwright.async_api import Page

from openline.base.limits import LEG_SILENT_US
from openline.base.time import SECOND_US
from tests.browser.leg_house import House, open_house
from tests.media.peer import outsider

LOW_HZ, HIGH_HZ, THIRD_HZ = 440, 1_320, 2_640
HEARD_DB, NOT_HEARD_DB = -30, -50


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Legs, a page and Chromium."""
    with open_house() as opened:
        yield opened


async def connect(page: Page, number: int, speaks: int | str | None, others: int = 0, forged: bool = False) -> str:
    """Connect a leg of `page`; "connected", or why not."""
    return cast("str", await page.evaluate("args => connect(...args)", [number, speaks, others, forged]))


async def loudness(page: Page, number: int, hz: int, speaker: int = 0) -> float:
    """How loud a tone is in what a leg hears, dB."""
    return cast("float", await page.evaluate("args => loudness(...args)", [number, hz, speaker]))


async def hears(page: Page, number: int, hz: int) -> None:
    """Wait until a leg hears a tone."""
    await page.wait_for_function("([number, hz, db]) => loudness(number, hz) > db", arg=[number, hz, HEARD_DB])


async def falls_silent(page: Page, number: int, hz: int) -> None:
    """Wait until a leg no longer hears a tone: the browser makes up the end of one that breaks off, and fades it."""
    await page.wait_for_function("([number, hz, db]) => loudness(number, hz) < db", arg=[number, hz, NOT_HEARD_DB])


async def counted(page: Page, number: int) -> dict[str, int]:
    """What the browser has counted of a leg."""
    return cast("dict[str, int]", await page.evaluate("counted", number))


async def until(true: Callable[[], bool]) -> None:
    """Wait until `true`; the story's limit ends what never comes."""
    while not true():  # noqa: ASYNC110 - figures tell nobody that they have changed
        await asyncio.sleep(0.02)


async def more_frames(house: House, number: int, count: int) -> None:
    """Wait until `count` more frames have come over a leg: 50 a second of sound, however slow the machine is."""
    wanted = house.bridge.frames[number] + count
    await until(lambda: house.bridge.frames[number] >= wanted)


async def both(house: House, pages: list[Page]) -> None:
    """Two officers, who hear each other."""
    assert [await connect(pages[0], 1, LOW_HZ), await connect(pages[1], 2, HIGH_HZ)] == ["connected", "connected"]
    await hears(pages[0], 1, HIGH_HZ)
    await hears(pages[1], 2, LOW_HZ)


def place_of(house: House, number: int) -> tuple[str, int]:
    """Where a leg waits."""
    [(socket, _)] = house.bridge.legs[number]._ice.sockets()
    return cast("tuple[str, int]", socket.get_extra_info("sockname"))


def test_two_officers_hear_each_other_and_nothing_is_lost(house: House) -> None:
    async def story() -> None:
        async with house.pages(2) as pages:
            await both(house, pages)
            for number in (1, 2):
                await more_frames(house, number, 150)
            await until(lambda: all(leg.figures.round_trip_us > 0 for leg in house.bridge.legs.values()))
            for page, number, own in ((pages[0], 1, LOW_HZ), (pages[1], 2, HIGH_HZ)):
                assert await loudness(page, number, own) < NOT_HEARD_DB, "nobody hears himself"
                await page.wait_for_function("async (number) => (await counted(number)).received > 100", arg=number)
                counts = await counted(page, number)
                assert (counts["lost"], counts["lost_there"]) == (0, 0)
                figures = house.bridge.legs[number].figures
                assert (figures.lost_coming, figures.lost_going) == (0, 0)
                assert figures.heard == house.bridge.frames[number]
            assert house.bridge.connections == [1, 2]

    house.run(story())


def test_how_long_it_takes_from_the_click_to_sound_at_both_ends(house: House) -> None:
    async def story() -> tuple[list[float], list[float]]:
        direct, legs = [], []
        async with house.pages(1) as [page]:
            for turn in range(5):
                direct.append(await page.evaluate("direct()"))
                legs.append(await page.evaluate("args => over_legs(...args)", [2 * turn + 1, 2 * turn + 2]))
        return direct, legs

    direct, legs = house.run(story())
    middle = statistics.median(direct), statistics.median(legs)
    print(f"\nclick to sound at both ends, ms: browser to browser {middle[0]:.0f}, over two legs {middle[1]:.0f}")
    print(f"each: {[round(one) for one in direct]} and {[round(one) for one in legs]}")
    assert middle[1] < 5 * middle[0]


def test_silence_costs_at_most_six_packets_a_second(house: House) -> None:
    async def story() -> None:
        async with house.pages(2) as pages:
            await both(house, pages)
            await pages[0].evaluate("legs[1].gain.gain.value = 0")
            await falls_silent(pages[1], 2, LOW_HZ)
            await more_frames(house, 2, 50)
            before = house.bridge.frames.copy()
            await more_frames(house, 2, 150)
            silent, loud = (house.bridge.frames[number] - before[number] for number in (1, 2))
            print(f"\npackets a second: {50 * silent / loud:.1f} in silence, 50 in sound")
            assert silent <= 6 * loud / 50, "50 packets a second tell how long these seconds were"
            await pages[0].evaluate("legs[1].gain.gain.value = 0.5")
            await hears(pages[1], 2, LOW_HZ)
            assert (await counted(pages[1], 2))["lost"] == 0, "silence is no loss"

    house.run(story())


def test_each_speaker_of_a_conference_is_heard_apart(house: House) -> None:
    async def story() -> None:
        async with house.pages(1) as [page]:
            for number, hz in ((1, LOW_HZ), (2, HIGH_HZ), (3, THIRD_HZ)):
                assert await connect(page, number, hz, others=1) == "connected"
            speakers = {1: (HIGH_HZ, THIRD_HZ), 2: (LOW_HZ, THIRD_HZ), 3: (LOW_HZ, HIGH_HZ)}
            for number, tones in speakers.items():
                found = [await where(page, number, hz) for hz in tones]
                assert sorted(found) == [0, 1]
                for hz, speaker in zip(tones, found, strict=True):
                    assert await loudness(page, number, hz, 1 - speaker) < NOT_HEARD_DB
            assert all(not leg.figures.dropped.get("no slot") for leg in house.bridge.legs.values())

    house.run(story())


async def where(page: Page, number: int, hz: int) -> int:
    """Through which slot a tone is heard, once it is."""
    while True:
        for speaker in (0, 1):
            if await loudness(page, number, hz, speaker) > HEARD_DB:
                return speaker
        await asyncio.sleep(0.05)


def test_a_browser_that_is_not_the_one_of_the_session_is_refused(house: House) -> None:
    async def story() -> None:
        async with house.pages(1) as [page]:
            waiting = asyncio.ensure_future(connect(page, 1, LOW_HZ, forged=True))
            assert await house.bridge.end_of(1) == "leg-fingerprint-wrong"
            assert house.bridge.connections == []
            assert house.bridge.frames == {}
            await page.evaluate("legs[1].connection.close()")
            waiting.cancel()

    house.run(story())


def test_a_session_withdrawn_in_the_middle_of_a_call_ends_the_leg(house: House) -> None:
    async def story() -> None:
        async with house.pages(2) as pages:
            await both(house, pages)
            house.bridge.legs[1].close("session-withdrawn")
            assert await house.bridge.end_of(1) == "session-withdrawn"
            await pages[0].wait_for_function("legs[1].connection.getSenders()[0].transport.state === 'closed'")
            frames = house.bridge.frames[1]
            await asyncio.sleep(0.5)
            assert house.bridge.frames[1] == frames, "not one frame more from there"
            await falls_silent(pages[0], 1, HIGH_HZ)
            assert 2 not in house.bridge.ends

    house.run(story())


def test_a_browser_that_leaves_is_noticed_at_once_and_comes_back_on_a_new_leg(house: House) -> None:
    async def story() -> None:
        async with house.pages(2) as pages:
            await both(house, pages)
            await pages[0].evaluate("legs[1].connection.close()")
            assert await house.bridge.end_of(1) == "leg-lost"
            assert house.bridge.legs[1].cause == "leg-left"
            assert await connect(pages[0], 3, LOW_HZ) == "connected"
            await hears(pages[0], 3, HIGH_HZ)
            await hears(pages[1], 2, LOW_HZ)
            assert (await counted(pages[1], 2))["lost"] == 0, "the new leg goes on where the old one stood"

    house.run(story())


def test_garbage_replays_and_oversize_datagrams_change_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        async with house.pages(2) as pages:
            await both(house, pages)
            leg, seen, enough = house.bridge.legs[1], list[bytes](), asyncio.Event()
            take = leg.take

            def tap(data: bytes) -> None:
                take(data)
                if not enough.is_set():
                    seen.append(data)
                if len(seen) == 50:
                    enough.set()

            monkeypatch.setattr(leg, "take", tap)
            await enough.wait()
            with outsider(place_of(house, 1)) as stranger:
                for data in seen:
                    for hostile in (data, data, data[:-1], os.urandom(60), b"", b"\x80" + bytes(1_600), b"\x16" * 99):
                        stranger.send(hostile)
                    await asyncio.sleep(0.02)
            await until(lambda: leg.figures.dropped.get("size") == len(seen))
            await until(lambda: leg.figures.dropped.get("locked", 0) >= 3 * len(seen))
            heard = house.bridge.sequences[1]
            assert len(set(heard)) == len(heard), "no frame twice"
            for page, number, hz in ((pages[0], 1, HIGH_HZ), (pages[1], 2, LOW_HZ)):
                await hears(page, number, hz)
                assert (await counted(page, number))["lost"] == 0
            assert (house.bridge.ends, leg.figures.lost_coming) == ({}, 0)

    house.run(story())


def test_whoever_only_listens_stays_though_nobody_speaks(house: House) -> None:
    async def story() -> None:
        async with house.pages(1) as [page]:
            assert await connect(page, 1, None) == "connected"
            await asyncio.sleep(LEG_SILENT_US / SECOND_US + 1.5)
            assert house.bridge.ends == {}
            assert await connect(page, 2, "mic") == "connected"
            await page.evaluate("legs[1].first")

    house.run(story())


def test_an_offer_that_is_none_of_ours_is_refused_in_one_sentence(house: House) -> None:
    async def story() -> None:
        async with house.pages(1) as [page]:
            answer = await page.evaluate("fetch('/offer?leg=1', {method: 'POST', body: 'v=0'}).then(one => one.text())")
            assert answer.startswith("leg-offer-wrong")
            assert house.bridge.legs == {}

    house.run(story())

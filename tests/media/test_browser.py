"""A leg and a browser made of aiortc's own transports: what passes, what has no effect, and how it ends.

The same promises with Chromium: tests/browser/test_leg.py.
"""

from __future__ import annotations

import os
from typing import assert_never

import pytest

from openline.base.errors import PathError, UsageError
from openline.base.limits import LEG_SOURCES_MAX
from openline.base.time import SECOND_US
from openline.media import browser
from openline.media.browser import make_leg
from openline.media.hooks import fingerprint
from openline.media.rtcp import Block, Sent, Told, goodbye, ntp_time, report
from openline.media.rtcp import parse as parse_rtcp
from openline.media.rtp import parse
from openline.voice.frame import Codec, Frame
from tests.media.conftest import Run
from tests.media.peer import (
    NODE,
    SOUND,
    SOURCE,
    WHOSE,
    Owner,
    Peer,
    Story,
    connected,
    frame,
    outsider,
    settings,
    waiting,
)
from tests.media.test_offer import CONFERENCE, LISTENING, PLAIN

# What passes


def test_what_the_browser_says_is_handed_on_as_it_is(run: Run) -> None:
    async def story() -> None:
        async with connected() as it:
            it.peer.speak(65_534, 65_535, 0, 2)
            await it.owner.until(lambda: len(it.owner.frames) == 4)
            assert it.owner.frames == [
                Frame(7, number, number * 960, False, Codec.OPUS, SOUND) for number in (65_534, 65_535, 0, 2)
            ]

    run(story())


def test_what_others_say_reaches_the_browser_under_its_own_numbers(run: Run) -> None:
    async def story() -> None:
        async with connected() as it:
            for number in (10, 11, 13, 12):
                it.leg.play(frame(number))
            await it.peer.until(lambda: len(it.peer.packets) == 4)
            source = int(it.answer.split("a=ssrc:", 1)[1].split(" ", 1)[0])
            assert [parse(packet) for packet in it.peer.packets] == [
                (111, False, number, number * 960, source, SOUND) for number in (10, 11, 13, 12)
            ]
            assert it.leg.figures.played == 4

    run(story())


@pytest.mark.parametrize("codec", Codec)
def test_the_codec_of_a_telephone_passes_both_ways_unchanged(run: Run, codec: Codec) -> None:
    async def story() -> None:
        async with connected() as it:
            number = payload_type(codec)
            it.peer.send(it.peer.locked(1, payload_type=number))
            await it.owner.until(lambda: it.owner.frames)
            assert it.owner.frames[0].codec is codec
            it.leg.play(frame(1, codec=codec))
            await it.peer.until(lambda: it.peer.packets)
            assert parse(it.peer.packets[0])[0] == number

    run(story())


def payload_type(codec: Codec) -> int:
    """The number Chromium gives it."""
    match codec:
        case Codec.OPUS:
            return 111
        case Codec.PCMU:
            return 0
        case Codec.PCMA:
            return 8
        case Codec.G722:
            return 9
        case _:
            assert_never(codec)


def test_each_speaker_of_a_conference_has_a_source_of_its_own(run: Run) -> None:
    async def story() -> None:
        async with connected(CONFERENCE) as it:
            for stream in (5, 6, 8, 9, 12):
                it.leg.play(frame(100, stream))
            await it.peer.until(lambda: len(it.peer.packets) == 4)
            assert len({parse(packet)[4] for packet in it.peer.packets}) == 4
            assert it.leg.figures.dropped == {"no slot": 1}

    run(story())


def test_whoever_only_listens_hears(run: Run) -> None:
    async def story() -> None:
        async with connected(LISTENING) as it:
            it.leg.play(frame(1))
            await it.peer.until(lambda: it.peer.packets)

    run(story())


def test_nobody_is_played_where_the_browser_only_speaks(run: Run) -> None:
    async def story() -> None:
        async with connected(CONFERENCE.replace("a=sendrecv", "a=sendonly")) as it:
            it.leg.play(frame(1))
            await it.peer.until(lambda: it.peer.packets)
            assert f"a=ssrc:{parse(it.peer.packets[0])[4]} " in it.answer.split("m=audio")[2]
        async with connected(PLAIN.replace("a=sendrecv", "a=sendonly")) as it:
            it.leg.play(frame(1))
            assert it.leg.figures.dropped == {"no slot": 1}

    run(story())


def test_what_cannot_be_played_is_counted_and_harms_nothing(run: Run) -> None:
    async def story() -> None:
        async with waiting() as it:
            it.leg.play(frame(1))
            assert it.leg.figures.dropped == {"not connected": 1}
        async with connected(PLAIN.replace("111 63 9 0 8", "111 63")) as it:
            it.leg.play(frame(1, codec=Codec.PCMU))
            it.leg.play(Frame(5, 1, 1, False, Codec.OPUS, bytes(1_276)))
            assert it.leg.figures.dropped == {"codec": 2}

    run(story())


# Reports


def test_the_browser_is_told_what_was_heard_and_sent(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "LEG_REPORT_US", SECOND_US // 50)

    async def story() -> None:
        async with connected() as it:
            it.peer.speak(1, 2, 4)
            it.peer.report(report(SOURCE, [Sent(SOURCE, ntp_time(77.0), 960, 3, 90)], [], "peer"))
            it.leg.play(frame(1))
            await it.peer.until(lambda: any(told.sent and told.blocks and told.blocks[0].lost for told in heard(it)))
            told = heard(it)[-1]
            assert (told.blocks[0].source, told.blocks[0].lost, told.blocks[0].highest) == (SOURCE, 1, 65_536 + 4)
            assert told.blocks[0].last_report == 77 << 16
            assert (told.sent[0].packets, told.sent[0].octets) == (1, len(SOUND))
            assert it.leg.figures.lost_coming == 1

    run(story())


def heard(it: Story) -> list[Told]:
    """Every report the browser was given."""
    return [parse_rtcp(data) for data in it.peer.reports]


def test_what_the_browser_reports_is_kept(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "LEG_REPORT_US", SECOND_US // 50)

    async def story() -> None:
        async with connected() as it:
            it.leg.play(frame(1))
            await it.peer.until(lambda: any(told.sent for told in heard(it)))
            ours = next(told.sent[0] for told in heard(it) if told.sent)
            block = Block(ours.source, 0, 9, 1, 0, ours.ntp >> 16 & 0xFFFFFFFF, 0)
            it.peer.report(report(SOURCE, [], [block], "peer"))
            await it.settled(lambda: it.leg.figures.lost_going == 9)
            assert 0 <= it.leg.figures.round_trip_us < 60 * SECOND_US

    run(story())


def test_a_source_that_says_goodbye_is_reported_no_more(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "LEG_REPORT_US", SECOND_US // 50)

    async def story() -> None:
        async with connected() as it:
            it.peer.speak(1, 2)
            await it.peer.until(lambda: any(told.blocks for told in heard(it)))
            it.peer.report(goodbye(SOURCE, [SOURCE], "peer"))
            await it.peer.until(lambda: not heard(it)[-1].blocks)

    run(story())


# What has no effect


def test_nothing_a_stranger_sends_changes_anything(run: Run) -> None:
    async def story() -> None:
        async with connected() as it:
            it.peer.speak(1)
            await it.owner.until(lambda: it.owner.frames)
            with outsider(it.place) as stranger:
                for data in (*hostile(), bytes(1_501)):
                    stranger.send(data)
            await it.settled(lambda: it.leg.figures.dropped.get("size") == 3)
            await still_whole(it)

    run(story())


def hostile() -> list[bytes]:
    """What anybody can send to a port: empty, oversize, closing words of DTLS, noise of every kind."""
    alerts = [bytes([21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, level, code]) for level, code in ((2, 40), (1, 0))]
    noise = [bytes([first]) + os.urandom(size) for first in range(0, 256, 5) for size in (0, 3, 11, 40)]
    return [b"", bytes([128]) * 1_501, bytes([22]) * 9_000, bytes([128, 200]) + bytes(8), *alerts, *noise]


async def still_whole(it: Story) -> None:
    """One frame each way, and nothing but what was said has been heard."""
    said = len(it.owner.frames)
    it.peer.speak(500)
    await it.owner.until(lambda: len(it.owner.frames) > said)
    assert it.owner.frames[-1].sequence == 500
    it.peer.packets.clear()
    it.leg.play(frame(900))
    await it.peer.until(lambda: it.peer.packets)
    assert it.owner.ends == []


def test_the_same_from_the_place_of_the_browser_itself_changes_nothing(run: Run) -> None:
    async def story() -> None:
        async with connected() as it:
            for data in hostile():
                if data:
                    it.peer.send(data)
            await still_whole(it)
            assert len(it.owner.frames) == 1

    run(story())


def test_a_replay_is_heard_once(run: Run) -> None:
    async def story() -> None:
        async with connected() as it:
            packets = [it.peer.locked(number) for number in range(20)]
            with outsider(it.place) as stranger:
                for packet in packets * 3:
                    stranger.send(packet)
            await it.settled(lambda: it.leg.figures.dropped.get("locked") == 40)
            assert [one.sequence for one in it.owner.frames] == list(range(20))
            assert it.leg.figures.lost_coming == 0

    run(story())


def test_a_browser_that_invents_sources_without_end_is_bounded(run: Run) -> None:
    async def story() -> None:
        async with connected() as it:
            for source in range(LEG_SOURCES_MAX + 10):
                it.peer.send(it.peer.locked(1, source=source))
            await it.settled(lambda: it.leg.figures.dropped.get("source") == 10)
            assert len(it.owner.frames) == LEG_SOURCES_MAX

    run(story())


def test_what_is_unlocked_and_still_wrong_is_dropped(run: Run) -> None:
    async def story() -> None:
        async with connected() as it:
            it.peer.send(it.peer.locked(1, payload_type=13))
            it.peer.send(it.peer.locked(2, payload=b""))
            it.peer.report(b"\x9f\xc9\x00\x01" + bytes(4))
            await it.settled(lambda: it.leg.figures.dropped.get("locked"))
            assert it.leg.figures.dropped == {"codec": 1, "locked": 1}
            assert it.owner.frames == []

    run(story())


# Whose it is


def test_a_leg_knows_the_officer_the_session_and_both_fingerprints(run: Run) -> None:
    async def story() -> None:
        async with connected() as it:
            facts = it.leg.facts
            assert (facts.number, facts.officer, facts.session) == (7, "officer-7", "session-3")
            assert facts.browser_fingerprints == (fingerprint(it.peer.certificate),)
            assert facts.node_fingerprint == fingerprint(NODE)
            assert ":".join(facts.node_fingerprint[1:]) in it.answer
            assert it.leg.figures.protection.startswith("SRTP_")

    run(story())


def test_a_browser_with_another_certificate_is_refused(run: Run) -> None:
    async def story() -> None:
        async with settings() as shared:
            owner, peer, other = Owner(), Peer(), Peer()
            offer = peer.offer().replace(fingerprint(peer.certificate)[1], fingerprint(other.certificate)[1])
            leg, answer = await make_leg(offer, 7, owner, WHOSE, shared)
            await peer.connect(answer)
            await owner.until(lambda: owner.ends)
            assert (owner.connections, owner.ends, leg.cause) == ([], [(7, "leg-fingerprint-wrong")], owner.ends[0][1])
            leg.play(frame(1))
            assert peer.packets == []
            await peer.leave()

    run(story())


def test_a_second_fingerprint_must_match_too(run: Run) -> None:
    async def story() -> None:
        async with settings() as shared:
            owner, peer = Owner(), Peer()
            line = f"a=fingerprint:sha-256 {fingerprint(peer.certificate)[1]}\r\n"
            wrong = f"a=fingerprint:sha-512 {':'.join(['AA'] * 64)}\r\n"
            _, answer = await make_leg(peer.offer().replace(line, line + wrong), 7, owner, WHOSE, shared)
            await peer.connect(answer)
            await owner.until(lambda: owner.ends)
            assert owner.ends == [(7, "leg-fingerprint-wrong")]
            await peer.leave()

    run(story())


# How it ends


def test_a_withdrawn_session_ends_the_leg_at_once_and_its_owner_hears_later(run: Run) -> None:
    async def story() -> None:
        async with connected() as it:
            it.leg.play(frame(1))
            it.leg.close("session-withdrawn")
            it.leg.close("leg-closed")
            assert it.owner.ends == []
            it.leg.play(frame(2))
            it.peer.speak(1)
            await it.peer.until(lambda: it.peer.dtls.state == "closed" or any(told.left for told in heard(it)))
            await it.owner.until(lambda: it.owner.ends)
            assert (it.owner.ends, it.leg.cause) == ([(7, "session-withdrawn")], "session-withdrawn")
            assert it.owner.frames == []
            assert it.leg.figures.played == 1

    run(story())


def test_a_browser_that_leaves_in_good_order_is_noticed_at_once(run: Run) -> None:
    async def story() -> None:
        async with connected() as it:
            await it.peer.dtls.stop()
            await it.owner.until(lambda: it.owner.ends)
            assert (it.owner.ends, it.leg.cause) == ([(7, "leg-lost")], "leg-left")

    run(story())


def test_a_browser_that_falls_silent_is_lost(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "LEG_REPORT_US", SECOND_US // 50)
    monkeypatch.setattr(browser, "LEG_SILENT_US", SECOND_US // 10)

    async def story() -> None:
        async with connected() as it:
            await it.owner.until(lambda: it.owner.ends)
            assert (it.owner.ends, it.leg.cause) == ([(7, "leg-lost")], "leg-silent")

    run(story())


def test_a_browser_that_does_not_renew_its_consent_is_lost(run: Run) -> None:
    async def story() -> None:
        async with connected() as it:
            await it.leg._ice._connection.close()  # what aioice does when consent has expired
            await it.owner.until(lambda: it.owner.ends)
            assert (it.owner.ends, it.leg.cause) == ([(7, "leg-lost")], "leg-consent-expired")

    run(story())


def test_a_browser_that_never_comes_is_given_up(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "LEG_SETUP_US", SECOND_US // 20)

    async def story() -> None:
        async with waiting() as it:
            await it.owner.until(lambda: it.owner.ends)
            assert (it.owner.connections, it.owner.ends) == ([], [(7, "leg-setup-timed-out")])

    run(story())


def test_a_leg_closed_before_its_browser_comes_leaves_nothing_behind(run: Run) -> None:
    async def story() -> None:
        async with waiting() as it:
            it.leg.close("leg-closed")
            await it.owner.until(lambda: it.owner.ends)
            await it.settled(lambda: not it.leg._ice.sockets())
            assert it.owner.ends == [(7, "leg-closed")]

    run(story())


def test_a_browser_that_comes_back_makes_a_new_leg(run: Run) -> None:
    async def story() -> None:
        async with settings() as shared:
            owner = Owner()
            for number in (1, 2):
                peer = Peer()
                _, answer = await make_leg(peer.offer(), number, owner, WHOSE, shared)
                await peer.connect(answer)
                await owner.until(lambda: len(owner.connections) > len(owner.ends))
                peer.speak(1)
                await owner.until(lambda: len(owner.frames) > len(owner.ends))
                await peer.leave()
                await owner.until(lambda: len(owner.frames) == len(owner.ends))
            assert [one.stream for one in owner.frames] == [1, 2]

    run(story())


# What is refused before there is a leg


def test_a_wrong_offer_opens_no_socket(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise AssertionError("a socket for nothing")

    monkeypatch.setattr(browser, "Ice", refuse)

    async def story() -> None:
        async with settings() as shared:
            with pytest.raises(UsageError) as refused:
                await make_leg(PLAIN * 100, 7, Owner(), WHOSE, shared)
            assert refused.value.message_id == "leg-offer-wrong"

    run(story())


@pytest.mark.parametrize("addresses", [(), ("192.0.2.99",), ("192.0.2.98", "192.0.2.99")])
def test_that_no_address_is_ours_is_said(run: Run, addresses: tuple[str, ...]) -> None:
    async def story() -> None:
        async with settings(addresses) as shared:
            with pytest.raises(PathError) as refused:
                await make_leg(Peer().offer(), 7, Owner(), WHOSE, shared)
            assert refused.value.message_id == "leg-address-not-ours"

    run(story())

"""Desk phones from end to end over loopback, the phone written by hand: it registers, calls, is rung, and hangs up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

import pytest

from openline.base.errors import UsageError
from openline.media.phone_sdp import Protection
from openline.media.phones import PhoneRow, Phones, PhoneSettings
from openline.media.rtp import build, parse
from openline.media.sip_digest import password_digest
from openline.voice.frame import Codec, Frame
from tests.media.phone_by_hand import HOST, LOOPBACK, REALM, HandPhone, Told, phones, port_in, rows

Run = Callable[[Coroutine[object, None, None]], None]


@asynccontextmanager
async def desk(**more: object) -> AsyncIterator[tuple[Told, Phones, HandPhone]]:
    """Phones with one phone by hand."""
    told = Told()
    made = await phones(told, **more)  # type: ignore[arg-type] # settings by name
    phone = HandPhone("desk", made.ports[0])
    try:
        yield told, made, phone
    finally:
        await made.stop()
        phone.close()


def test_a_phone_calls_and_is_a_leg_whose_frames_keep_their_numbers(run: Run) -> None:
    async def story() -> None:
        async with desk() as (told, _made, phone):
            answer = await phone.call(phone.sdp("0 8 96"))
            assert answer.status == 200
            await told.until(lambda: told.up)
            leg = told.up[0]
            assert (leg.phone, leg.dialled, leg.codec, leg.number) == ("desk", "line", Codec.OPUS, 7)
            assert leg.protection is Protection.PLAIN_LAN
            port = port_in(answer.body)
            for number in (65_534, 65_535, 0, 3):
                phone.play(build(96, number == 65_534, number, 4_000_000 + 960 * number, 5, b"said%d" % number), port)
            await told.until(lambda: len(told.frames) == 4)
            assert [(f.sequence, f.marker, f.codec, f.payload) for f in told.frames] == [
                (65_534, True, Codec.OPUS, b"said65534"),
                (65_535, False, Codec.OPUS, b"said65535"),
                (0, False, Codec.OPUS, b"said0"),
                (3, False, Codec.OPUS, b"said3"),
            ]
            assert told.frames[0].timestamp == 4_000_000 + 960 * 65_534
            leg.play(Frame(99, 17, 33, True, Codec.OPUS, b"heard"))
            assert parse(await phone.sound.get())[:4] == (96, True, 17, 33)
            assert leg.decoded == 0

    run(story())


def test_a_phone_that_hangs_up_ends_its_leg(run: Run) -> None:
    async def story() -> None:
        async with desk() as (told, _made, phone):
            await phone.call(phone.sdp())
            await told.until(lambda: told.up)
            phone.send(phone.request("BYE"))
            assert (await phone.next(200)).one("cseq").endswith("BYE")
            await told.until(lambda: told.over)
            assert told.over == ["phone-hung-up"]
            assert not told.up[0].connected

    run(story())


def test_a_leg_that_is_closed_says_bye_and_tells_its_owner_once(run: Run) -> None:
    async def story() -> None:
        async with desk() as (told, _made, phone):
            await phone.call(phone.sdp())
            await told.until(lambda: told.up)
            told.up[0].close("leg-closed")
            told.up[0].close("leg-closed")
            assert not told.over, "the owner is told in a later turn"
            bye = await phone.next("BYE")
            phone.reply(bye, 200)
            assert told.over == ["leg-closed"]
            told.up[0].play(Frame(99, 1, 1, True, Codec.PCMU, b"x"))

    run(story())


def test_a_phone_is_rung_at_the_address_it_registered_and_picked_up(run: Run) -> None:
    async def story() -> None:
        async with desk() as (told, made, phone):
            assert await phone.register() == 200
            await told.until(lambda: made.registered() == ["desk"])
            assert made.bell() == ["desk"]
            ringing = made.ring("desk")
            invite = await phone.next("INVITE")
            assert invite.start == f"INVITE sip:desk@{HOST}:{phone.own_port};line=x7 SIP/2.0"
            assert "m=audio" in invite.body
            assert invite.body.index("opus/48000/2") < invite.body.index("G722/8000") < invite.body.index("PCMU")
            phone.reply(invite, 180)
            await told.until(lambda: ringing.ringing)
            assert not told.up
            phone.reply(invite, 200, phone.sdp("9"))
            await phone.next("ACK")
            await told.until(lambda: told.up)
            assert told.up == [ringing.leg]
            assert ringing.leg.codec is Codec.G722
            ringing.cancel()
            assert ringing.leg.connected, "a call that is up stays up"

    run(story())


@pytest.mark.parametrize(
    ("status", "reason"),
    [(486, "phone-busy"), (603, "phone-declined"), (480, "phone-declined"), (500, "phone-refused")],
)
def test_a_phone_that_does_not_take_the_call_says_why(run: Run, status: int, reason: str) -> None:
    async def story() -> None:
        async with desk() as (told, made, phone):
            await phone.register()
            await told.until(made.registered)
            made.ring("desk")
            phone.reply(await phone.next("INVITE"), status)
            await told.until(lambda: told.over)
            assert told.over == [reason]

    run(story())


def test_ringing_can_be_stopped(run: Run) -> None:
    async def story() -> None:
        async with desk() as (told, made, phone):
            await phone.register()
            await told.until(made.registered)
            ringing = made.ring("desk")
            invite = await phone.next("INVITE")
            phone.reply(invite, 180)
            await told.until(lambda: ringing.ringing)
            ringing.cancel()
            phone.reply(await phone.next("CANCEL"), 200)
            phone.reply(invite, 487)
            await phone.next("ACK")
            assert told.over == ["phone-ring-cancelled"]

    run(story())


def test_nobody_picks_up(run: Run) -> None:
    async def story() -> None:
        async with desk(rings_s=0.1) as (told, made, phone):
            await phone.register()
            await told.until(made.registered)
            made.ring("desk")
            phone.reply(await phone.next("INVITE"), 180)
            await phone.next("CANCEL")
            await told.until(lambda: told.over)
            assert told.over == ["phone-no-answer"]

    run(story())


def test_a_phone_that_is_not_there_cannot_be_rung(run: Run) -> None:
    async def story() -> None:
        async with desk() as (told, made, phone):
            with pytest.raises(UsageError, match="phone-not-registered"):
                made.ring("desk")
            await phone.register()
            await told.until(made.registered)
            assert await phone.register("Expires: 0") == 200
            await told.until(lambda: not made.registered())
            assert [fact for fact, _ in told.notes] == ["phone-registered", "phone-left"]
            with pytest.raises(UsageError, match="phone-not-registered"):
                made.ring("desk")

    run(story())


@pytest.mark.parametrize("held", ["sendonly", "inactive"])
def test_hold_stops_the_sound_both_ways_and_resuming_brings_it_back(run: Run, held: str) -> None:
    async def story() -> None:
        async with desk() as (told, _made, phone):
            answer = await phone.call(phone.sdp())
            await told.until(lambda: told.up)
            leg = told.up[0]
            again = await phone.asked("INVITE", phone.sdp("0", held))
            assert ("a=recvonly" if held == "sendonly" else "a=inactive") in again.body
            assert leg.held
            sent = leg.rtp.sent
            leg.play(Frame(99, 1, 1, True, Codec.PCMU, bytes(160)))
            phone.play(build(0, False, 1, 160, 5, b"music"), port_in(answer.body))
            back = await phone.asked("INVITE", phone.sdp("0", "sendrecv"))
            assert "a=sendrecv" in back.body
            assert ("held", leg.held, leg.rtp.sent) == ("held", False, sent)
            phone.play(build(0, False, 2, 320, 5, b"speech"), port_in(back.body))
            await told.until(lambda: told.frames)
            assert [frame.payload for frame in told.frames] == [b"speech"]

    run(story())


def test_a_phone_that_moves_within_a_call_is_followed(run: Run) -> None:
    async def story() -> None:
        async with desk() as (told, made, phone):
            answer = await phone.call(phone.sdp())
            await told.until(lambda: told.up)
            phone.play(build(0, False, 1, 160, 5, b"here"), port_in(answer.body))
            await told.until(lambda: told.frames)
            elsewhere = HandPhone("desk", made.ports[0])
            moved = phone.sdp().replace(str(phone.sound_port), str(elsewhere.sound_port))
            assert (await phone.asked("INVITE", moved)).status == 200
            told.up[0].play(Frame(99, 1, 1, True, Codec.PCMU, b"there"))
            assert parse(await elsewhere.sound.get())[5] == b"there"
            elsewhere.close()

    run(story())


def test_an_offer_without_a_codec_of_ours_is_refused_and_said(run: Run) -> None:
    async def story() -> None:
        async with desk() as (told, _made, phone):
            assert (await phone.call(phone.sdp("18"))).status == 488
            assert told.facts("phone-no-common-codec") == [{"phone": "desk"}]
            assert not told.up

    run(story())


def test_a_bad_offer_within_a_call_leaves_the_call_as_it_was(run: Run) -> None:
    async def story() -> None:
        async with desk() as (told, _made, phone):
            answer = await phone.call(phone.sdp())
            await told.until(lambda: told.up)
            assert (await phone.asked("INVITE", "v=0\r\nbomb\r\n")).status == 488
            phone.play(build(0, False, 1, 160, 5, b"still here"), port_in(answer.body))
            await told.until(lambda: told.frames)
            assert not told.over

    run(story())


def test_keys_over_udp_and_sound_to_strangers_are_refused(run: Run) -> None:
    async def story() -> None:
        async with desk() as (told, _made, phone):
            key = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + "A" * 40
            assert (await phone.call(phone.sdp("0", "sendrecv", key, profile="RTP/SAVP"))).status == 488
            stranger = phone.sdp().replace(f"c=IN IP4 {HOST}", "c=IN IP4 203.0.113.9")
            assert (await phone.call(stranger)).status == 488
            assert [fact for fact, _ in told.notes] == ["phone-sound-unprotected", "phone-sound-elsewhere"]

    run(story())


def test_a_third_call_of_one_phone_is_busy(run: Run) -> None:
    async def story() -> None:
        async with desk() as (told, made, phone):
            more = [HandPhone("desk", made.ports[0]) for _ in range(2)]
            assert (await phone.call(phone.sdp())).status == 200
            assert (await more[0].call(more[0].sdp())).status == 200
            assert (await more[1].call(more[1].sdp())).status == 486
            assert len(told.up) == 2
            for one in more:
                one.close()

    run(story())


def test_a_phone_that_is_silent_is_asked_and_given_up_when_it_does_not_answer(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openline.media.phone_leg.PHONE_SILENT_S", 0.05)
    monkeypatch.setattr("openline.media.phone_leg._WATCH_S", 0.05)
    monkeypatch.setattr("openline.media.phone_leg._ASKED_AGAIN_S", 0.3)

    async def story() -> None:
        async with desk() as (told, _made, phone):
            await phone.call(phone.sdp())
            await told.until(lambda: told.up)
            for _ in range(2):
                phone.reply(await phone.next("OPTIONS"), 200)
            await phone.next("OPTIONS")
            assert not told.over
            monkeypatch.setattr("openline.media.phone_leg.PHONE_ANSWERS_WITHIN_S", 0.2)
            await phone.next("BYE")
            assert told.over == ["phone-gone"]

    run(story())


def test_stopping_hangs_up_and_another_may_start_at_once(run: Run) -> None:
    async def story() -> None:
        async with desk() as (told, made, phone):
            await phone.call(phone.sdp())
            await told.until(lambda: told.up)
            await made.stop()
            await phone.next("BYE")
            assert told.over == ["phones-stopped"]
        async with desk() as (told, made, phone):
            assert await phone.register() == 200

    run(story())


def test_two_nodes_in_one_process_share_the_thread_and_not_the_phones(run: Run) -> None:
    async def story() -> None:
        async with desk() as (here, _, phone):
            async with desk() as (there, _, other):
                await asyncio.gather(phone.call(phone.sdp()), other.call(other.sdp()))
                await here.until(lambda: here.up)
                await there.until(lambda: there.up)
            phone.send(phone.request("BYE"))
            await here.until(lambda: here.over)
            assert (here.over, there.over) == (["phone-hung-up"], ["phones-stopped"])

    run(story())


def test_rows_and_addresses_that_cannot_be_are_refused(run: Run) -> None:
    told = Told()
    row = PhoneRow("desk", password_digest("desk", REALM, "x"))
    with pytest.raises(UsageError, match="phones-wrong"):
        Phones(PhoneSettings(HOST, REALM, LOOPBACK, (row, row)), told, told.note, lambda: 1)

    async def story() -> None:
        wrong = PhoneSettings("203.0.113.9", REALM, LOOPBACK, rows("desk"), udp_port=0)
        with pytest.raises(UsageError, match="phones-cannot-listen"):
            await Phones(wrong, told, told.note, lambda: 1).start()

    run(story())


def test_secrets_are_not_shown() -> None:
    row = PhoneRow("desk", password_digest("desk", REALM, "x"))
    assert row.password.value not in repr(row)

"""Desk phones in a house: the second bell, who is quicker, who dials, who holds, and what cannot be."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from openline.media.rtp import build, parse
from openline.media.sip_digest import password_digest
from openline.media.words import (
    CallIs,
    CallOver,
    CloseLeg,
    GateIs,
    LegOver,
    LegUp,
    Note,
    PhoneHolds,
    PhoneRow,
    PhonesAre,
    PhonesRegistered,
    Ready,
    RingPhones,
    SeatRow,
    StopPhones,
)
from openline.voice.seats import Kind
from tests.media.conftest import Run
from tests.media.houses import CALL, LINE, TAG, Quarter
from tests.media.phone_by_hand import HOST, PASSWORD, REALM, HandPhone, port_in
from tests.media.wire_ends import until

LAN = ("127.0.0.0/8",)


def row(name: str, desk: str = "", *algorithms: str, **more: object) -> PhoneRow:
    digests = {each: password_digest(name, REALM, PASSWORD, each).value for each in algorithms or ("MD5",)}
    return PhoneRow(name, desk or name, digests, **more)  # type: ignore[arg-type] # fields by name


def phones_are(*rows: PhoneRow, **more: object) -> PhonesAre:
    values: dict[str, object] = {
        "host": HOST,
        "realm": REALM,
        "lan": LAN,
        "phones": rows,
        "udp_port": 0,
        "tls_port": None,
        "tls_file": "",
        "rtp_ports": (30_000, 34_000),
        "rings_s": 45.0,
        **more,
    }
    return PhonesAre(**values)  # type: ignore[arg-type] # fields by name


@asynccontextmanager
async def house(*rows: PhoneRow) -> AsyncIterator[tuple[Quarter, list[HandPhone]]]:
    """A house with these phones, registered."""
    alpha = Quarter("alpha", {})
    alpha.tell(phones_are(*rows))
    await until(lambda: len(alpha.of(Ready)) == 2)
    ready = alpha.of(Ready)[-1]
    assert isinstance(ready, Ready)
    phones = [HandPhone(each.name, ready.phone_udp_port) for each in rows]
    try:
        for phone in phones:
            assert await phone.register() == 200
        names = tuple(each.name for each in rows)
        await until(lambda: alpha.of(PhonesRegistered)[-1:] == [PhonesRegistered(names)])
        yield alpha, phones
    finally:
        await alpha.close()
        for phone in phones:
            phone.close()


def test_the_second_bell_rings_every_phone_and_the_first_that_is_picked_up_has_the_call(run: Run) -> None:
    async def story() -> None:
        async with house(row("desk-1", "watch"), row("desk-2", "chief")) as (alpha, (one, other)):
            alpha.tell(RingPhones(CALL, 'Brüssel "HQ"\r\nInjected: 1'))
            alpha.tell(RingPhones(CALL, "again"))
            invite, second = await one.next("INVITE"), await other.next("INVITE")
            assert '"Brssel HQInjected 1"' in invite.one("from"), "plain text, and one header"
            assert not invite.all("injected")
            one.reply(invite, 180)
            other.reply(second, 180)
            other.reply(second, 200, other.sdp("96"))
            await until(lambda: bool(alpha.of(LegUp)))
            up = alpha.of(LegUp)[0]
            assert isinstance(up, LegUp)
            assert (up.desk, up.phone, up.call, up.dialled) == ("chief", "desk-2", CALL, "")
            cancel = await one.next("CANCEL")
            one.reply(cancel, 200)
            one.reply(invite, 487)
            alpha.tell(CloseLeg(up.leg, "leg-closed"))
            await until(lambda: alpha.of(LegOver) == [LegOver(up.leg, "leg-closed")])
            assert len(alpha.of(LegUp)) == 1, "the other one never was a leg"

    run(story())


def test_ringing_stops_when_told_and_when_the_call_is_over(run: Run) -> None:
    async def story() -> None:
        async with house(row("desk-1")) as (alpha, (phone,)):
            for number, word in enumerate((StopPhones(1), CallOver(2)), 1):
                alpha.tell(RingPhones(number, "bravo"))
                invite = await phone.next("INVITE")
                phone.reply(invite, 180)
                alpha.tell(word)
                phone.reply(await phone.next("CANCEL"), 200)
                phone.reply(invite, 487)
                await phone.next("ACK")
            assert not alpha.of(LegUp)
            assert not alpha.of(LegOver), "the node never knew of it"

    run(story())


def test_only_the_phones_of_the_desks_ring_when_they_are_named_even_those_that_else_do_not(run: Run) -> None:
    async def story() -> None:
        async with house(row("desk-1", "watch"), row("desk-2", "chief", rings=False)) as (alpha, (one, other)):
            alpha.tell(RingPhones(1, "bravo", ("chief",)))
            await other.next("INVITE")
            alpha.tell(RingPhones(2, "bravo"))
            await one.next("INVITE")
            assert other.inbox.empty()

    run(story())


def test_a_phone_dials_speaks_in_a_call_is_held_and_hangs_up(run: Run) -> None:
    async def story() -> None:
        async with house(row("desk-1", "watch")) as (alpha, (phone,)):
            ear = alpha.leg(200)
            answer = await phone.call(phone.sdp("96"))
            assert answer.status == 200
            await until(lambda: len(alpha.of(LegUp)) == 2)
            up = alpha.of(LegUp)[1]
            assert isinstance(up, LegUp)
            assert (up.desk, up.phone, up.call, up.dialled) == ("watch", "desk-1", 0, "line")
            seats = (SeatRow(up.leg, Kind.PHONE), SeatRow(200))
            alpha.tell(CallIs(CALL, LINE, TAG, (), seats), GateIs(CALL, 200, open=True))
            port = port_in(answer.body)
            for number in range(3):
                phone.play(build(96, False, number, 960 * number, 5, b"said%d" % number), port)
            await until(lambda: ear.words == [b"said0", b"said1", b"said2"])
            alpha.talk(200, [b"heard"])
            assert parse(await phone.sound.get())[5] == b"heard"
            assert (await phone.asked("INVITE", phone.sdp("96", "sendonly"))).status == 200
            leg = alpha.house._legs._legs[up.leg]
            speaker = alpha.house._bridge._calls[CALL].ours[up.leg]
            await until(lambda: speaker.numbering._paused)
            assert alpha.of(PhoneHolds) == [PhoneHolds(up.leg, held=True)]
            for number in range(3, 60):
                phone.play(build(96, False, number, 960 * number, 5, b"music"), port)
            phone.play(b"junk", port)
            await until(lambda: leg.rtp.strange == 1)  # type: ignore[attr-defined] # all the music is read by then
            assert (await phone.asked("INVITE", phone.sdp("96"))).status == 200
            phone.play(build(96, False, 60, 960 * 60, 5, b"back"), port)
            await until(lambda: ear.words == [b"said0", b"said1", b"said2", b"back"])
            assert ear.missing() == 0, "a phone on hold is a pause"
            await until(lambda: alpha.of(PhoneHolds)[1:] == [PhoneHolds(up.leg, held=False)])
            alpha.tell(CallIs(CALL, LINE, TAG, (), seats, held=True))
            phone.play(build(96, False, 61, 960 * 61, 5, b"into our hold"), port)
            await until(lambda: leg.rtp.received == 5)  # type: ignore[attr-defined] # it is a phone
            alpha.tell(CallIs(CALL, LINE, TAG, (), seats))
            phone.play(build(96, False, 62, 960 * 62, 5, b"again"), port)
            await until(lambda: ear.words[4:] == [b"again"])
            assert ear.missing() == 0
            phone.send(phone.request("BYE"))
            await phone.next(200)
            await until(lambda: alpha.of(LegOver) == [LegOver(up.leg, "phone-hung-up")])

    run(story())


def test_phones_that_cannot_be_are_one_line_in_the_log_and_the_next_word_may_be_right(run: Run) -> None:
    async def story() -> None:
        alpha = Quarter("alpha", {})
        wrong = (
            phones_are(row("desk"), host="192.0.2.1"),
            phones_are(row("desk"), row("desk")),
            phones_are(PhoneRow("desk", "watch", {})),
            phones_are(row("desk"), lan=("no network",)),
            phones_are(row("desk"), tls_file="/nonexistent.pem"),
        )
        for count, word in enumerate(wrong, 1):
            alpha.tell(word)
            await until(lambda count=count: len(alpha.of(Note)) == count)  # type: ignore[misc] # bound now
        facts = [note.fact for note in alpha.of(Note) if isinstance(note, Note)]
        assert facts == ["phones-cannot-listen", "phones-wrong", *["phones-cannot-listen"] * 3]
        alpha.tell(phones_are(row("desk", "watch", "SHA-256", "MD5")))
        await until(lambda: any(word.phone_udp_port for word in alpha.of(Ready) if isinstance(word, Ready)))
        await alpha.close()

    run(story())


def test_a_new_list_of_phones_takes_the_place_of_the_old_one(run: Run) -> None:
    async def story() -> None:
        async with house(row("desk-1")) as (alpha, _):
            alpha.tell(phones_are(row("desk-2")))
            await until(lambda: alpha.of(PhonesRegistered)[-1] == PhonesRegistered(()))
            ready = alpha.of(Ready)[-1]
            assert isinstance(ready, Ready)
            phone = HandPhone("desk-2", ready.phone_udp_port)
            assert await phone.register() == 200
            await until(lambda: alpha.of(PhonesRegistered)[-1] == PhonesRegistered(("desk-2",)))
            phone.close()

    run(story())


def test_faults_of_a_phone_are_notes_with_their_facts(run: Run) -> None:
    async def story() -> None:
        async with house(row("desk-1")) as (alpha, (phone,)):
            phone.password = "another one"
            await phone.register()
            await until(lambda: any(note.fact == "phone-password-wrong" for note in alpha.of(Note)))  # type: ignore[union-attr] # they are notes
            phone.send(b"no SIP at all\r\n\r\n")
            await until(lambda: any(note.fact == "sip-wrong" for note in alpha.of(Note)))  # type: ignore[union-attr] # they are notes

    run(story())

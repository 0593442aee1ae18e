"""Registrar and exchange: who is let in, for how long, and what all others are told. The phone is written by hand."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from ipaddress import ip_network

import pytest

from openline.base.limits import SIP_WRONG_PASSWORDS_MAX
from openline.media.phones import PhoneRow, Phones
from openline.media.sip_digest import password_digest
from tests.media.phone_by_hand import HOST, PASSWORD, REALM, HandPhone, Told, phones, rows

Run = Callable[[Coroutine[object, None, None]], None]


@asynccontextmanager
async def exchange(*phone_rows: PhoneRow) -> AsyncIterator[tuple[Told, Phones, Callable[[str], HandPhone]]]:
    """Phones, and a way to have more of them by hand."""
    told, made = Told(), []
    node = await phones(told, *(phone_rows or rows("desk")))

    def another(name: str) -> HandPhone:
        made.append(HandPhone(name, node.ports[0]))
        return made[-1]

    try:
        yield told, node, another
    finally:
        await node.stop()
        for phone in made:
            phone.close()


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_a_phone_registers_with_its_password(run: Run, algorithm: str) -> None:
    async def story() -> None:
        async with exchange(*rows("desk", algorithm=algorithm)) as (told, node, another):
            phone = another("desk")
            answer = await phone.asked("REGISTER", "", "Expires: 300")
            assert answer.status == 200
            assert answer.one("contact") == f"<sip:desk@{HOST}:{phone.own_port};line=x7>;expires=300"
            await told.until(node.registered)
            assert told.notes == [("phone-registered", {"phone": "desk", "address": HOST, "tls": "UDP"})]
            assert f"algorithm={algorithm}" in phone.seen[0].one("www-authenticate")

    run(story())


def test_a_wrong_password_is_one_line_in_the_log_and_403_without_a_reason(run: Run) -> None:
    async def story() -> None:
        async with exchange() as (told, node, another):
            phone, stranger = another("desk"), another("nobody")
            phone.password = "guess"
            first = await phone.asked("REGISTER")
            second = await stranger.asked("REGISTER")
            assert (first.start, second.start) == ("SIP/2.0 403 Forbidden", "SIP/2.0 403 Forbidden")
            assert [name for name, _ in first.headers] == [name for name, _ in second.headers]
            await told.until(lambda: len(told.notes) == 2)
            assert told.notes[0] == ("phone-password-wrong", {"phone": "desk", "address": HOST})
            assert node.registered() == []

    run(story())


def test_many_wrong_passwords_close_the_ear_for_the_right_one_too(run: Run) -> None:
    async def story() -> None:
        async with exchange() as (told, node, another):
            for _ in range(SIP_WRONG_PASSWORDS_MAX + 2):
                guesser = another("desk")
                guesser.password = "guess"
                assert await guesser.register() == 403
            assert await another("desk").register() == 403
            assert node.registered() == []
            assert len(told.facts("phone-password-wrong")) == SIP_WRONG_PASSWORDS_MAX
            assert len(told.facts("phone-passwords-too-many")) == 1

    run(story())


def test_an_answer_is_not_taken_twice(run: Run) -> None:
    async def story() -> None:
        async with exchange() as (_, _node, another):
            phone = another("desk")
            assert await phone.register() == 200
            proof = next(m for m in phone.seen if m.status == 401).one("www-authenticate")
            phone.nonce_count = 0
            phone.send(phone.request("REGISTER", "", phone.proof(proof, "REGISTER")))
            answer = await phone.next(200, 401, 403)
            assert answer.status == 401
            assert "stale=true" in answer.one("www-authenticate")

    run(story())


def test_a_phone_where_it_may_not_be_is_refused(run: Run) -> None:
    async def story() -> None:
        row = PhoneRow("desk", password_digest("desk", REALM, PASSWORD), (ip_network("192.0.2.0/24"),))
        async with exchange(row) as (told, node, another):
            assert await another("desk").register() == 403
            assert told.facts("phone-address-not-allowed") == [{"phone": "desk", "address": HOST}]
            assert node.registered() == []

    run(story())


def test_a_phone_registers_only_itself(run: Run) -> None:
    async def story() -> None:
        async with exchange(*rows("desk", "other")) as (told, node, another):
            phone = another("desk")
            phone.send(phone.request("REGISTER"))
            challenge = (await phone.next(401)).one("www-authenticate")
            other = phone.request("REGISTER", "", phone.proof(challenge, "REGISTER"))
            phone.send(re.sub(rb"To: <sip:desk", b"To: <sip:other", other))
            assert (await phone.next(200, 403)).status == 403
            assert [fact for fact, _ in told.notes] == ["phone-name-differs"]
            assert node.registered() == []

    run(story())


@pytest.mark.parametrize(
    ("header", "expires"),
    [("Expires: 5", 60), ("Expires: 999999", 3_600), ("Expires: never", 3_600), ("X-No: 1", 3_600)],
)
def test_how_long_a_phone_is_known_has_limits(run: Run, header: str, expires: int) -> None:
    async def story() -> None:
        async with exchange() as (_, _node, another):
            answer = await another("desk").asked("REGISTER", "", header)
            assert answer.one("contact").endswith(f";expires={expires}")

    run(story())


def test_a_registration_ends_by_itself(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openline.media.sip_agent.SIP_REGISTERED_MIN_S", 0)
    monkeypatch.setattr("openline.media.sip_agent.SIP_REGISTERED_MAX_S", 1)

    async def story() -> None:
        async with exchange() as (told, node, another):
            assert await another("desk").register() == 200
            await told.until(lambda: told.facts("phone-registered"))
            await told.until(lambda: not node.registered())

    run(story())


def test_the_newest_place_of_a_phone_counts(run: Run) -> None:
    async def story() -> None:
        async with exchange() as (told, node, another):
            old, new = another("desk"), another("desk")
            assert await old.register() == 200
            assert await new.register() == 200
            await told.until(node.registered)
            node.ring("desk")
            await new.next("INVITE")
            assert old.inbox.empty()

    run(story())


def test_what_is_not_ours_to_do_is_said(run: Run) -> None:
    async def story() -> None:
        async with exchange() as (told, _node, another):
            phone = another("desk")
            for method, status in (("SUBSCRIBE", 405), ("BYE", 481), ("INFO", 481), ("OPTIONS", 200)):
                phone.send(phone.request(method))
                answer = await phone.next(status)
                assert (answer.status, answer.one("cseq").split()[1]) == (status, method)
            assert (await another("desk").call("")).status == 488
            assert (await another("desk").call(phone.sdp(), "Require: 100rel")).status == 420
            assert [fact for fact, _ in told.notes] == ["phone-offer-missing"]
            late = another("desk")
            late.to_tag = "unknown"
            assert (await late.asked("INVITE", phone.sdp())).status == 481

    run(story())


def test_strangers_and_stumbling_blocks_leave_nothing_behind(run: Run) -> None:
    async def story() -> None:
        async with exchange() as (told, node, another):
            for _ in range(9):
                stranger = another("desk")
                stranger.send(stranger.request("INVITE", stranger.sdp()))
                await stranger.next(401)
                stranger.send(stranger.request("OPTIONS").replace(b"To: <sip:line@127.0.0.1>", b'To: "a <sip:line'))
            assert await another("desk").register() == 200
            assert node._agent is not None
            assert node._agent._transactions is not None
            kept = node._agent._transactions.tserver
            await told.until(lambda: not kept)

    run(story())


def test_what_sippy_cannot_read_is_one_line_and_nothing_else(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    async def story() -> None:
        async with exchange() as (told, _node, another):
            phone = another("desk")
            good = phone.request("OPTIONS")
            for old, new in (
                (b"Via: SIP/2.0/UDP", b"Via: nonsense"),
                (b"From: <sip:desk", b"From: <tel:desk"),
                (b"Max-Forwards: 70", b"Contact2: x\r\nExpires: x\r\nCSeq2: 1"),
                (b"rport", b"rport=x"),
                (b"To: <sip:line@127.0.0.1>", b'To: "a <sip:line'),
            ):
                assert old in good
                phone.send(good.replace(old, new, 1))
            await told.until(lambda: len(told.facts("sip-wrong")) >= 3)
            assert await another("desk").register() == 200
            await told.until(lambda: told.facts("phone-registered"))
            assert {fact for fact, _ in told.notes} == {"sip-wrong", "phone-registered"}
            assert len(told.facts("sip-wrong")) <= 5

    run(story())
    assert capfd.readouterr() == ("", "")


_PIECES = [b"\x00", b";", b"<", b">", b'"', b":", b"@", b",", b"sip:", b"tag=", b"*", b"-1", b"99999999999", b" ", b"%"]
_PIECES += [b"[", b"]", b"=", b"\r\n", b"\r\n ", b"Route: <sip:a;lr>\r\n", b"Contact: *\r\n", "\u00e9".encode()]


def broken(chance: random.Random, whole: bytes) -> bytes:
    """A message with a few things put in, taken out, or changed."""
    message = bytearray(whole)
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(message))
        match chance.randrange(3):
            case 0:
                message[at:at] = chance.choice(_PIECES)
            case 1:
                del message[at : at + chance.randrange(1, 12)]
            case _:
                message[at] = chance.randrange(32, 127)
    return bytes(message)


def test_a_thousand_broken_messages_leave_nothing_behind_and_a_call_stands(
    run: Run, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("openline.media.sip_door.SIP_BURST", 1_000_000)
    chance = random.Random(7)

    async def story() -> None:
        async with exchange() as (told, node, another):
            phone = another("desk")
            assert (await phone.call(phone.sdp())).status == 200
            await told.until(lambda: told.up)
            methods = ("INVITE", "REGISTER", "BYE", "OPTIONS", "CANCEL", "ACK", "INFO", "REFER")
            whole = [phone.request(one, phone.sdp() if one == "INVITE" else "", cseq=5) for one in methods]
            for number in range(1_000):
                phone.send(
                    broken(chance, chance.choice(whole)).replace(b"call-of-desk", b"call%d" % number, number % 2)
                )
                if number % 20 == 19:
                    await asyncio.sleep(0.01)
            assert node._agent is not None
            assert node._agent._transactions is not None
            other = another("desk")
            assert (await other.call(other.sdp())).status == 200, "all before it has been worked off"
            # What is left waits for an ACK and is forgotten after 32 seconds.
            served = node._agent._transactions.tserver
            await told.until(lambda: all(one.teD is not None for one in served.values() if one.tid is not None))
            assert len(served) < 50
            assert len(node._agent._dialogs) == 2
            assert len(told.facts("sip-wrong")) > 10
            assert not told.over

    run(story())
    assert capfd.readouterr() == ("", "")

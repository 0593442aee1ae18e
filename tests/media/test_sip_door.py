"""The door to the phones: floods cost little and one line, TLS is terminated here, strangers' connections end."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from ipaddress import ip_network
from pathlib import Path

import pytest

from openline.base.limits import SIP_BURST
from openline.media.phone_sdp import Protection
from openline.media.phones import Phones
from openline.media.rtp import build, parse
from openline.media.sdes import Srtp, own_crypto, read_crypto
from openline.media.sip_door import inside
from openline.voice.frame import Codec, Frame
from tests.media.certificates import server_context
from tests.media.phone_by_hand import HOST, HandPhone, Told, phones, port_in

Run = Callable[[Coroutine[object, None, None]], None]
FAR = (ip_network("192.0.2.0/24"),)


@asynccontextmanager
async def door(folder: Path | None = None, **more: object) -> AsyncIterator[tuple[Told, Phones]]:
    """Phones on loopback, with TLS when there is a folder for its certificate."""
    told = Told()
    node = await phones(told, tls=server_context(folder, HOST) if folder else None, **more)
    try:
        yield told, node
    finally:
        await node.stop()


@pytest.mark.parametrize(
    ("host", "expected"), [("192.0.2.7", True), ("192.0.3.7", False), ("2001:db8::1", False), ("?", False), ("", False)]
)
def test_inside(host: str, expected: bool) -> None:
    assert inside(host, FAR) is expected


@pytest.fixture
def no_refill(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a flood takes on a slow machine, nothing comes back meanwhile."""
    monkeypatch.setattr("openline.media.sip_door.SIP_REFILL_MS", 600_000)


@pytest.mark.usefixtures("no_refill")
def test_a_flood_is_one_line_and_answered_only_as_far_as_it_was_admitted(run: Run) -> None:
    async def story() -> None:
        async with door() as (told, node):
            phone = HandPhone("desk", node.ports[0])
            for n in range(2_000):
                phone.send(phone.request("OPTIONS", "", f"X-Number: {n}"))
            await told.until(lambda: told.facts("sip-flood"))
            await told.until(lambda: phone.inbox.qsize() >= SIP_BURST)
            await asyncio.sleep(0.2)
            assert phone.inbox.qsize() == SIP_BURST
            assert told.facts("sip-flood") == [{"address": HOST}]
            phone.close()

    run(story())


def test_whoever_has_flooded_is_heard_again_after(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openline.media.sip_door.SIP_REFILL_MS", 5)

    async def story() -> None:
        async with door() as (told, node):
            phone = HandPhone("desk", node.ports[0])
            while not told.facts("sip-flood"):
                for _ in range(2 * SIP_BURST):
                    phone.send(phone.request("OPTIONS"))
                await asyncio.sleep(0)
            flood = phone.cseq
            answered: set[int] = set()
            while max(answered, default=0) <= flood:
                await asyncio.sleep(0.2)
                phone.send(phone.request("OPTIONS"))
                while not phone.inbox.empty():
                    answered.add(int(phone.inbox.get_nowait().one("cseq").split()[0]))
            assert len(answered) < flood
            phone.close()

    run(story())


@pytest.mark.usefixtures("no_refill")
def test_garbage_is_one_line_each_and_a_flood_of_it_is_cut(run: Run, capfd: pytest.CaptureFixture[str]) -> None:
    async def story() -> None:
        async with door() as (told, node):
            phone = HandPhone("desk", node.ports[0])
            for data in (b"\x00" * 40, b"INVITE\r\n\r\n", os.urandom(700), b"SIP/2.0 200 OK\r\n\r\n", b"{" * 9_000):
                phone.send(data)
            await told.until(lambda: len(told.notes) == 5)
            assert {fact for fact, _ in told.notes} == {"sip-wrong"}
            assert all(set(facts) == {"address", "detail"} for _, facts in told.notes)
            phone.send(b"\r\n\r\n")  # what phones send to keep a path open is no fault
            phone.send(phone.request("OPTIONS"))
            assert (await phone.next(200)).status == 200
            assert len(told.notes) == 5
            for _ in range(1_000):
                phone.send(os.urandom(40))
            await told.until(lambda: told.facts("sip-flood"))
            assert len(told.notes) <= SIP_BURST + 1
            phone.close()

    run(story())
    assert capfd.readouterr() == ("", "")


def test_udp_is_heard_from_our_own_lan_alone(run: Run) -> None:
    async def story() -> None:
        async with door(lan=FAR) as (told, node):
            phone = HandPhone("desk", node.ports[0])
            phone.send(phone.request("OPTIONS"))
            await told.until(lambda: told.notes)
            assert told.notes == [("sip-not-our-lan", {"address": HOST})]
            assert phone.inbox.empty()
            phone.close()

    run(story())


# TLS


@pytest.mark.parametrize("suite", ["AES_CM_128_HMAC_SHA1_80", "AEAD_AES_256_GCM"])
def test_a_phone_over_tls_has_srtp_both_ways(run: Run, tmp_path: Path, suite: str) -> None:
    async def story() -> None:
        async with door(tmp_path, udp_port=None) as (told, node):
            phone = await HandPhone("desk", node.ports[1]).secure()
            assert await phone.register() == 200
            own = own_crypto(1, suite, os.urandom)
            offer = phone.sdp("96", "sendrecv", f"a=crypto:{own.line()}", profile="RTP/SAVP")
            answer = await phone.call(offer)
            await told.until(lambda: told.up)
            leg = told.up[0]
            assert leg.protection is Protection.SRTP
            theirs = read_crypto(answer.body.partition("a=crypto:")[2].partition("\r\n")[0])
            assert theirs is not None
            srtp = Srtp(own, theirs)
            sealed = srtp.seal(build(96, True, 1, 960, 5, b"in secret"))
            assert sealed is not None
            phone.play(build(96, True, 1, 960, 5, b"in the clear"), port_in(answer.body))
            phone.play(sealed, port_in(answer.body))
            phone.play(sealed, port_in(answer.body))
            await told.until(lambda: leg.rtp.strange == 2)
            assert [frame.payload for frame in told.frames] == [b"in secret"]
            leg.play(Frame(9, 1, 1, True, Codec.OPUS, b"back in secret"))
            packet = await phone.sound.get()
            assert b"secret" not in packet
            opened = srtp.open(packet)
            assert opened is not None
            assert parse(opened)[5] == b"back in secret"
            leg.close("leg-closed")
            assert (await phone.next("BYE")).method == "BYE"
            phone.close()

    run(story())


def test_a_phone_over_tls_is_rung_over_its_connection(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path, udp_port=None) as (told, node):
            phone = await HandPhone("desk", node.ports[1]).secure()
            await phone.register()
            await told.until(node.registered)
            node.ring("desk")
            invite = await phone.next("INVITE")
            assert invite.one("via").startswith(f"SIP/2.0/TLS {HOST}:{node.ports[1]};")
            assert "RTP/SAVP" in invite.body
            assert invite.body.count("a=crypto:") == 2
            own = own_crypto(2, "AES_CM_128_HMAC_SHA1_80", os.urandom)
            phone.reply(invite, 200, phone.sdp("0", "sendrecv", f"a=crypto:{own.line()}", profile="RTP/SAVP"))
            await phone.next("ACK")
            await told.until(lambda: told.up)
            assert told.up[0].protection is Protection.SRTP
            phone.close()

    run(story())


def test_a_phone_whose_connection_is_gone_is_not_there(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path, udp_port=None) as (told, node):
            phone = await HandPhone("desk", node.ports[1]).secure()
            await phone.register()
            await told.until(node.registered)
            phone.close()
            await told.until(lambda: not node.registered())
            assert [fact for fact, _ in told.notes] == ["phone-registered", "phone-left"]

    run(story())


def test_far_from_our_lan_only_srtp_is_taken(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path, lan=FAR, udp_port=None) as (told, node):
            row_allows = HandPhone("desk", node.ports[1])
            phone = await row_allows.secure()
            assert await phone.register() == 403, "its row allows our LAN alone"
            assert told.facts("phone-address-not-allowed")
            phone.close()

    run(story())

"""Another man's SIP at our phone port: sipp calls as a phone does, then sends what none should, and far too much."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from openline.base.limits import SIP_BURST, SIP_TRANSACTIONS_MAX
from openline.media.phones import Phones
from openline.media.rtp import build
from tests.media.phone_by_hand import HOST, PASSWORD, HandPhone, Told, phones, port_in
from tests.phone.conftest import LIMIT_S

pytestmark = [pytest.mark.process, pytest.mark.interop]

Run = Callable[[Coroutine[object, None, None]], None]
CALLER, STRANGER = "127.0.0.2", "127.0.0.3"

_HEAD = """{method} sip:line@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:desk@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:line@[remote_ip]:[remote_port]>{to}
Call-ID: [call_id]
CSeq: {cseq} {method}
Contact: <sip:desk@[local_ip]:[local_port]>
Max-Forwards: 70
"""
_OFFER = """{more}Content-Type: application/sdp
Content-Length: [len]

v=0
o=desk 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 0 8
a=rtpmap:0 PCMU/8000
"""


def _send(method: str, cseq: int, body: str = "Content-Length: 0\n", to: str = "[peer_tag_param]") -> str:
    return f"<send><![CDATA[{_HEAD.format(method=method, cseq=cseq, to=to)}{body}\n]]></send>"


def scenario(*steps: str) -> str:
    """A scenario of sipp."""
    return '<?xml version="1.0" encoding="us-ascii"?>\n<scenario name="x">\n' + "\n".join(steps) + "\n</scenario>\n"


CALL = scenario(
    _send("INVITE", 1, _OFFER.format(more=""), to=""),
    '<recv response="401" auth="true"></recv>',
    _send("ACK", 1),
    _send("INVITE", 2, _OFFER.format(more="[authentication]\n"), to=""),
    '<recv response="100" optional="true"></recv>',
    '<recv response="200" rrs="true"></recv>',
    _send("ACK", 2),
    '<pause milliseconds="100"/>',
    _send("BYE", 3),
    '<recv response="200"></recv>',
)
KNOCK = scenario(_send("INVITE", 1, _OFFER.format(more=""), to=""))
# Each of these once: what sipp sends ends where its template does.
MALFORMED = {
    "no call-id": KNOCK.replace("Call-ID: [call_id]\n", ""),
    "no via": KNOCK.replace("Via:", "Wia:"),
    "a wrong length": KNOCK.replace("[len]", "9999"),
    "a wrong cseq": KNOCK.replace("CSeq: 1 INVITE", "CSeq: one INVITE"),
    "another cseq": KNOCK.replace("CSeq: 1 INVITE", "CSeq: 1 BYE"),
    "no protocol": KNOCK.replace(" SIP/2.0\nVia", " HTTP/1.1\nVia"),
    "a header without a colon": KNOCK.replace("Max-Forwards: 70", "Max-Forwards 70"),
    "very many headers": KNOCK.replace("Max-Forwards: 70", "\n".join(f"X-{n}: y" for n in range(90))),
    "a very long header": KNOCK.replace("Max-Forwards: 70", "X-Long: " + "y" * 4_000),
    "a broken via": KNOCK.replace("Via: SIP/2.0/[transport] [local_ip]", "Via: [local_ip]"),
    "a broken from": KNOCK.replace("From: <sip:desk@[local_ip]:[local_port]>", 'From: "desk <sip'),
}


@asynccontextmanager
async def node() -> AsyncIterator[tuple[Told, Phones]]:
    if shutil.which("sipp") is None:
        pytest.skip("sipp is missing: apt-get install sip-tester")
    told = Told()
    made = await phones(told)
    try:
        yield told, made
    finally:
        await made.stop()


async def sipp(folder: Path, text: str, port: int, host: str, *more: str, node: str = HOST) -> int:
    """Run a scenario against the port, from an address of loopback. Answers its exit status: 0 when all went well."""
    file = folder / "scenario.xml"
    file.write_text(text)
    fixed = ("-sf", str(file), "-i", host, "-mi", host, "-nostdin", "-timeout", "120s", "-timeout_error", "-nd")
    process = await asyncio.create_subprocess_exec(
        *("sipp", f"{node}:{port}", *fixed, "-au", "desk", "-ap", PASSWORD, *more),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=folder,
    )
    return await process.wait()


@pytest.fixture
def told_run() -> Run:
    """Runs one story to its end, on loopback."""

    def run_story(story: Coroutine[object, None, None]) -> None:
        async def within_limit() -> None:
            async with asyncio.timeout(LIMIT_S):
                await story

        asyncio.run(within_limit())

    return run_story


def test_sipp_calls_with_digest_authentication_again_and_again(told_run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with node() as (told, made):
            assert await sipp(tmp_path, CALL, made.ports[0], CALLER, "-m", "10", "-r", "3", "-l", "1") == 0
            await told.until(lambda: len(told.over) == 10)
            assert told.over == ["phone-hung-up"] * 10
            assert told.notes == []

    told_run(story())


@pytest.mark.parametrize("what", MALFORMED)
def test_a_malformed_message_is_one_line_and_no_harm(told_run: Run, tmp_path: Path, what: str) -> None:
    async def story() -> None:
        async with node() as (told, made):
            await sipp(tmp_path, MALFORMED[what], made.ports[0], STRANGER, "-m", "1")
            await told.until(lambda: told.notes)
            assert [(fact, facts["address"]) for fact, facts in told.notes] == [("sip-wrong", STRANGER)]
            phone = HandPhone("desk", made.ports[0])
            assert (await phone.call(phone.sdp())).status == 200
            phone.close()

    told_run(story())


def test_a_flood_of_calls_is_one_line_and_a_call_that_is_up_loses_nothing(
    told_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # However long the flood takes, and wherever it pauses: nobody is admitted again meanwhile.
    monkeypatch.setattr("openline.media.sip_door.SIP_REFILL_MS", 600_000)

    async def story() -> None:
        async with node() as (told, made):
            phone = HandPhone("desk", made.ports[0])
            answer = await phone.call(phone.sdp())
            await told.until(lambda: told.up)
            flood = asyncio.create_task(
                sipp(tmp_path, KNOCK, made.ports[0], STRANGER, "-m", "3000", "-r", "1500", "-l", "5000")
            )
            sent = 0
            while not flood.done() or sent < 100:
                phone.play(build(0, False, sent, sent * 160, 5, bytes(160)), port_in(answer.body))
                sent += 1
                await asyncio.sleep(0.02)
            await told.until(lambda: len(told.frames) == sent)
            assert [frame.sequence for frame in told.frames] == list(range(sent))
            assert told.notes == [("sip-flood", {"address": STRANGER})]
            assert made._agent is not None
            assert made._agent._transactions is not None
            assert len(made._agent._transactions.tserver) <= min(SIP_BURST + 10, SIP_TRANSACTIONS_MAX)
            assert await sipp(tmp_path, CALL, made.ports[0], CALLER, "-m", "1") == 0
            phone.close()

    told_run(story())

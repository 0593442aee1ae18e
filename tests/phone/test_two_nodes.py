"""Real desk phones (baresip) at both ends of a line: two real nodes, two real voice processes, nothing in between.

Every phone shows its password, speaks Opus, and plays a tone of its own, which must be found in what the far one has
heard. Sound goes between the nodes as in any call.
"""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from openline.cli.client import JsonObject
from openline.cli.stage import Party, Stage
from tests.phone.conftest import Run
from tests.phone.desk_phone import DeskPhone, missing, own_address, tone_share
from tests.phone.test_baresip import middle
from tests.phone.test_sipp import KNOCK, MALFORMED, sipp
from tests.process.houses import LINE, PATIENCE_S, Furnished, clear, journal, open_both, openline, until
from tests.process.test_call import ring, sounds, steps, take, view, wait_for_voice
from tests.process.test_call_sound import holds

pytestmark = [pytest.mark.process, pytest.mark.interop]

TONES = {"alpha": 440.0, "bravo": 880.0}
RTP = {"alpha": (30_000, 30_099), "bravo": (30_100, 30_199)}
CALLER, STRANGER = "127.0.0.2", "127.0.0.3"
PASSWORD = "six words drawn by dice"
ENOUGH = 100
"""Frames: two seconds of sound."""

GARBAGE = 400


@pytest.fixture(scope="module")
def with_voice(tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """Alpha and bravo, paired; both carry sound."""
    if why := missing():
        pytest.skip(why)
    return Furnished(tmp_path_factory.mktemp("founded"), voice=True)


@pytest.fixture
def floors(with_voice: Furnished, tmp_path: Path) -> Iterator[Stage]:
    """Both nodes run, each with a row for one desk phone; no console is open anywhere."""
    stage = with_voice.furnish(tmp_path)
    (tmp_path / "password").write_text(PASSWORD + "\n")
    for party in stage.parties:
        first, last = RTP[party.name]
        with (party.folder / "openline.toml").open("a") as config:
            config.write(f'\n[phones]\nhost = "{own_address()}"\nlan = ["{own_address()}", "127.0.0.0/8"]\n')
            config.write(f"udp_port = {free_port()}\ntls_port = 0\nrtp_first = {first}\nrtp_last = {last}\n")
        words = ("phone", "add", "night", "--desk", "night watch", "--password-file", str(tmp_path / "password"))
        added = openline(party.folder, *words)
        assert added.code == 0, added.err
    try:
        open_both(stage)
        for party in stage.parties:
            wait_for_voice(party)
            until(partial(can_be_reached, party), PATIENCE_S, f"{party.name} can be reached by phones")
        yield stage
    finally:
        clear(stage)


def free_port() -> int:
    """A UDP port of the address where phones reach us."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((own_address(), 0))
        return int(probe.getsockname()[1])


def phone_port(party: Party) -> int:
    """Where the phones of a node register, as its log says; 0 while they cannot."""
    return next((cast("int", row["udp"]) for row in journal(party) if row["fact"] == "phones-reach-us"), 0)


def can_be_reached(party: Party) -> bool:
    return phone_port(party) > 0


@asynccontextmanager
async def plugged_in(*parties: Party, answers: str = "auto") -> AsyncIterator[list[DeskPhone]]:
    """A desk phone at each of these, which its node says it can ring."""
    phones = []
    try:
        for party in parties:
            account = (
                f'<sip:night@{own_address()}:{phone_port(party)};transport=udp>;auth_user=night;auth_pass="{PASSWORD}";'
                f"regint=600;audio_codecs=opus/48000/2;answermode={answers};"
            )
            tone = f"ausine,{TONES[party.name]:.0f}"
            phones.append(await DeskPhone.plug_in(party.folder / "night", account, audio_source=tone))
        for party in parties:
            await holds(partial(is_here, party), f"the phone of {party.name} is here")
        yield phones
    finally:
        for phone in phones:
            await phone.stop()


def is_here(party: Party) -> bool:
    """Whether a node says that it can ring its phone."""
    return cast("JsonObject", party.node.get("/status")["voice"])["phones"] == ["night"]


async def dial(phone: DeskPhone, party: Party, number: str = LINE) -> str:
    """The phone dials the line; the id of the call that this makes."""
    await phone.ask("dial", f"sip:{number}@{own_address()}:{phone_port(party)}")
    await holds(lambda: bool(open_calls(party)), "its node has rung")
    return str(open_calls(party)[0]["id"])


def open_calls(party: Party) -> list[JsonObject]:
    return cast("list[JsonObject]", party.node.get("/calls", {"open": "true"}))


def seat(party: Party, call: str) -> JsonObject:
    """The one seat that this side has in a call; empty when it has none, or more."""
    seats = cast("list[JsonObject]", view(party, call)["seats"])
    return seats[0] if len(seats) == 1 else {}


def frames(party: Party, call: str) -> tuple[int, int]:
    """How many frames this side knows that the other has sent, and how many of them are lost."""
    (row,) = cast("list[JsonObject]", view(party, call)["sound"])
    return cast("int", row["frames"]), cast("int", row["frames_lost"])


async def talking(stage: Stage, call: str) -> None:
    """Until both phones have been heard for two seconds from now on."""
    alpha, bravo = stage.parties
    await holds(lambda: sounds(alpha, call) and sounds(bravo, call), "sound can pass")
    before = {party.name: frames(party, call)[0] for party in stage.parties}
    for party in stage.parties:
        await holds(partial(has_heard, party, call, before[party.name] + ENOUGH), f"{party.name} hears")


def has_heard(party: Party, call: str, count: int) -> bool:
    return frames(party, call)[0] >= count


async def both(stage: Stage, call: str, state: str) -> None:
    await holds(lambda: all(view(party, call)["state"] == state for party in stage.parties), f"it is {state} at both")


def hears(phone: DeskPhone, hertz: float) -> bool:
    """Whether a phone that has been stopped had heard this tone, and nothing but it."""
    rate, samples = phone.heard()
    return tone_share(rate, middle(rate, samples), hertz) > 0.9


def test_a_phone_calls_and_another_is_called_and_each_hears_the_other(floors: Stage, run: Run) -> None:
    alpha, bravo = floors.parties

    async def story() -> None:
        async with plugged_in(alpha, bravo) as (caller, called):
            call = await dial(caller, alpha)
            await both(floors, call, "up")
            await talking(floors, call)
            for party in floors.parties:
                row = seat(party, call)
                assert (row["desk"], row["kind"], row["gate_open"], row["held"]) == (
                    "night watch",
                    "phone",
                    True,
                    False,
                )
                sent, lost = frames(party, call)
                assert lost <= sent // 50, f"{lost} of {sent} frames are lost on a whole network"
            await caller.ask("hangup")
            await both(floors, call, "ended")
            assert view(bravo, call)["cause"] == "phone-hung-up"
            await called.until("CALL_CLOSED")
            for phone, tone in ((caller, TONES["bravo"]), (called, TONES["alpha"])):
                await phone.stop()
                assert hears(phone, tone)
                assert "opus" in phone.log
            assert steps(alpha, call) == ["GATE_OPENED", "GATE_CLOSED", "LEFT"]
            await holds(lambda: steps(bravo, call) == ["ANSWERED", "GATE_OPENED", "GATE_CLOSED"], "the record says so")

    run(story())


def test_a_phone_on_hold_is_silent_and_shown_and_its_side_goes_on(floors: Stage, run: Run) -> None:
    alpha, bravo = floors.parties

    async def story() -> None:
        async with plugged_in(alpha, bravo) as (caller, called):
            call = await dial(caller, alpha, "1")
            await both(floors, call, "up")
            await talking(floors, call)
            await called.ask("hold")
            await holds(lambda: seat(bravo, call)["held"] is True, "the phone has put us on hold")
            assert seat(bravo, call)["gate_open"] is False
            await quiet(alpha, call)
            assert [view(party, call)["state"] for party in floors.parties] == ["up", "up"]
            parts = cast("list[JsonObject]", view(alpha, call)["parts"])
            assert [(part["side"], part["speaking"]) for part in parts] == [("in", ["night watch"]), ("in", [])]
            await called.ask("resume")
            await holds(lambda: seat(bravo, call)["gate_open"] is True, "the phone is back")
            assert seat(bravo, call)["held"] is False
            await talking(floors, call)
            await called.ask("hangup")
            await both(floors, call, "ended")
            await caller.until("CALL_CLOSED")
            gates = ["GATE_OPENED", "GATE_CLOSED", "GATE_OPENED", "GATE_CLOSED"]
            assert steps(bravo, call) == ["ANSWERED", *gates, "LEFT"], "its side was never held"

    run(story())


async def quiet(party: Party, call: str) -> None:
    """Until this side has heard nothing for more than two seconds."""
    heard = -1
    while heard != frames(party, call)[0]:
        heard = frames(party, call)[0]
        await asyncio.sleep(2.2)


def test_a_phone_is_the_second_bell_where_no_console_has_sound(floors: Stage, run: Run) -> None:
    alpha, bravo = floors.parties

    async def story() -> None:
        async with plugged_in(bravo, answers="manual") as (phone,):
            call = ring(alpha, subject="The convoy")
            await phone.until("CALL_INCOMING")
            assert view(bravo, call)["state"] == "ringing-in"
            take(alpha, call, "left")
            await phone.until("CALL_CLOSED")
            again = ring(alpha)
            await phone.until("CALL_INCOMING", times=2)
            await phone.ask("accept")
            await both(floors, again, "up")
            assert cast("list[JsonObject]", view(alpha, again)["parts"])[1]["desks"] == ["night watch"]
            take(alpha, again, "left")
            await phone.until("CALL_CLOSED", times=2)

    run(story())


def test_what_strangers_send_in_mid_call_is_one_line_each_and_the_call_goes_on(
    floors: Stage, run: Run, tmp_path: Path
) -> None:
    alpha, bravo = floors.parties

    async def story() -> None:
        async with plugged_in(alpha, bravo) as (caller, called):
            call = await dial(caller, alpha)
            await both(floors, call, "up")
            await talking(floors, call)
            before = facts(alpha)
            port, host = phone_port(alpha), own_address()
            for what, text in MALFORMED.items():
                (tmp_path / what).mkdir()
                await sipp(tmp_path / what, text, port, CALLER, "-m", "1", node=host)
            await holds(lambda: facts(alpha)["sip-wrong"] == len(MALFORMED), "one line for each")
            assert facts(alpha) - before == Counter({"sip-wrong": len(MALFORMED)})
            await sipp(tmp_path, KNOCK, port, STRANGER, "-m", "3000", "-r", "1500", "-l", "5000", node=host)
            await holds(lambda: facts(alpha)["sip-flood"] > 0, "the flood is said")
            flood = facts(alpha) - before
            assert set(flood) == {"sip-wrong", "sip-flood"}, "and nothing else"
            assert flood["sip-flood"] <= 3, "once, and again only when it had let up for a while"
            assert flood["sip-wrong"] == len(MALFORMED)
            garbage(host, port)
            await holds(lambda: facts(alpha)["sip-lines-left-out"] > 0, "of one kind there are not too many lines")
            assert facts(alpha)["sip-wrong"] < GARBAGE // 2
            await talking(floors, call)
            assert cast("JsonObject", alpha.node.get("/status")["voice"])["restarts"] == 0
            await called.ask("hangup")
            await both(floors, call, "ended")
            await caller.stop()
            assert hears(caller, TONES["bravo"])

    run(story())


def garbage(host: str, port: int) -> None:
    """Datagrams that are no SIP, from many addresses, so that none sends too much."""
    for number in range(GARBAGE):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind((f"127.0.1.{1 + number % 20}", 0))
            stranger.sendto(b"no SIP %d\r\n\r\n" % number, (host, port))


def facts(party: Party) -> Counter[str]:
    """How often each fact about phones stands in a node's log."""
    rows = [str(row["fact"]) for row in journal(party)]
    return Counter(fact for fact in rows if fact.startswith(("sip-", "sdp-", "phone-", "voice-")))


def test_a_stop_rings_the_phones_at_both_ends_and_who_picks_up_is_hung_up_again(floors: Stage, run: Run) -> None:
    async def story() -> None:
        alpha, bravo = floors.parties
        async with plugged_in(alpha, bravo, answers="manual") as (ours, theirs):
            said = alpha.node.post(f"/lines/{LINE}/say", {"verb": "stop", "arguments": {"place": "37TCL 123 456"}})
            (entry,) = cast("list[str]", said["ids"])
            for phone in (ours, theirs):
                await phone.until("CALL_INCOMING")
            await theirs.ask("accept")
            await theirs.until("CALL_ESTABLISHED")
            await theirs.until("CALL_CLOSED")
            (stop,) = cast("list[JsonObject]", bravo.node.get("/stops")["stops"])
            assert stop["standing"], "to pick up is no answer"
            assert entry == stop["id"]
            bravo.node.post(f"/entries/{entry}/answer-stop", {"answer": "stopped"})
            await ours.until("CALL_CLOSED")

    run(story())

"""Real desk phones (Debian's baresip) at a real phone port: called and calling, in every codec, held, over TLS."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from ipaddress import ip_network
from itertools import count
from pathlib import Path

import pytest

from openline.media.phone_sdp import Protection
from openline.media.phone_sound import _RATES, Encoder
from openline.media.phones import PhoneRow, Phones, PhoneSettings
from openline.media.ports import Leg
from openline.media.sip_digest import password_digest
from openline.voice.frame import Codec, Frame, ahead
from tests.media.certificates import server_context
from tests.media.phone_by_hand import PASSWORD, REALM, Told
from tests.phone.desk_phone import DeskPhone, own_address, tone, tone_share

pytestmark = [pytest.mark.process, pytest.mark.interop]

Run = Callable[[Coroutine[object, None, None]], None]
OURS, THEIRS = 880.0, 440.0


class Bridge(Told):
    """An owner that plays each phone what the others say, as a call does."""

    def heard(self, leg: Leg, frame: Frame) -> None:
        super().heard(leg, frame)
        for other in self.up:
            if other is not leg:
                other.play(frame)


class Node:
    """Phones at this machine's own address."""

    def __init__(self, told: Told, phones: Phones, folder: Path) -> None:
        self.told, self.phones, self._folder = told, phones, folder
        self._plugged: list[DeskPhone] = []

    async def plug_in(self, name: str, *, codecs: str = "opus/48000/2", more: str = "", **config: str) -> DeskPhone:
        """A phone that has registered."""
        port, transport = (self.phones.ports[1], "tls") if "mediaenc" in more else (self.phones.ports[0], "udp")
        account = (
            f"<sip:{name}@{own_address()}:{port};transport={transport}>;auth_user={name};"
            f'auth_pass="{PASSWORD}";regint=600;audio_codecs={codecs};{more or "answermode=auto;"}'
        )
        phone = await DeskPhone.plug_in(self._folder / f"{name}{len(self._plugged)}", account, **config)
        self._plugged.append(phone)
        await self.told.until(lambda: name in self.phones.registered())
        return phone

    async def call(self, phone: DeskPhone, dialled: str = "line") -> None:
        """The phone calls in, and is connected."""
        before = len(self.told.up)
        secure = "mediaenc" in (phone.folder / "accounts").read_text()
        port = self.phones.ports[secure]
        await phone.ask("dial", f"sip:{dialled}@{own_address()}:{port}{';transport=tls' if secure else ''}")
        await self.told.until(lambda: len(self.told.up) > before)
        await phone.until("CALL_ESTABLISHED")

    async def unplug(self) -> None:
        for phone in self._plugged:
            await phone.stop()


@asynccontextmanager
async def node(folder: Path, told: Told | None = None, **more: object) -> AsyncIterator[Node]:
    told, numbers = told or Told(), count(1)
    rows = tuple(PhoneRow(name, password_digest(name, REALM, PASSWORD)) for name in ("desk", "other", "third"))
    values: dict[str, object] = {"lan": (ip_network(own_address()),), "udp_port": 0, "tls_port": None, **more}
    settings = PhoneSettings(own_address(), REALM, phones=rows, **values)  # type: ignore[arg-type] # any of them
    phones = Phones(settings, told, told.note, lambda: next(numbers))
    await phones.start()
    made = Node(told, phones, folder)
    try:
        yield made
    finally:
        await made.unplug()
        await phones.stop()


async def speak(leg: Leg, codec: Codec, hertz: float, frames: int, stream: int = 900) -> None:
    """Say a tone to a leg, a frame each 20 ms."""
    encoder, ticks, loop = Encoder(codec), 960 if codec is Codec.OPUS else 160, asyncio.get_running_loop()
    due_s = loop.time()
    for n in range(frames):
        payload = encoder.payload(tone(_RATES[codec], hertz, n))
        leg.play(Frame(stream, 5_000 + n, 77 + n * ticks, n == 0, codec, payload))
        due_s = max(due_s, loop.time() - 0.1) + 0.02  # who has stood still goes on from here, and says nothing in haste
        await asyncio.sleep(max(0.0, due_s - loop.time()))


def middle(rate: int, samples: array[int]) -> array[int]:
    """The loudest half second, since a recording begins and ends with silence."""
    step = rate // 10
    half = rate // 2
    starts = range(0, max(1, len(samples) - half), step)
    best = max(starts, key=lambda at: sum(abs(value) for value in samples[at : at + half : 16]))
    return samples[best : best + half]


def lost(frames: list[Frame]) -> int:
    """How many frames are missing between the first and the last."""
    return ahead(frames[-1].sequence, frames[0].sequence) + 1 - len(frames)


def test_a_phone_calls_in_with_its_password_and_opus_goes_both_ways_untouched(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with node(tmp_path) as here:
            phone = await here.plug_in("desk")
            await here.call(phone)
            leg = here.told.up[0]
            assert (leg.codec, leg.dialled, leg.protection) == (Codec.OPUS, "line", Protection.PLAIN_LAN)
            await speak(leg, Codec.OPUS, OURS, 100)
            await here.told.until(lambda: len(here.told.frames) >= 90)
            assert lost(here.told.frames) == 0
            assert leg.rtp.sent >= 100
            assert leg.decoded == 0
            await phone.ask("hangup")
            await here.told.until(lambda: here.told.over)
            assert here.told.over == ["phone-hung-up"]
            await phone.stop()
            rate, samples = phone.heard()
            assert tone_share(rate, middle(rate, samples), OURS) > 0.9

    run(story())


def test_a_phone_with_a_wrong_password_is_not_let_in(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with node(tmp_path) as here:
            account = f"<sip:desk@{own_address()}:{here.phones.ports[0]}>;auth_user=desk;auth_pass=guess;regint=600"
            phone = await DeskPhone.plug_in(tmp_path / "guesser", account)
            await here.told.until(lambda: here.told.notes)
            await here.told.until(lambda: "403 Forbidden" in phone.log)
            await phone.stop()
            assert here.told.notes == [("phone-password-wrong", {"phone": "desk", "address": own_address()})]
            assert here.phones.registered() == []

    run(story())


def test_a_phone_is_rung_and_picked_up(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with node(tmp_path) as here:
            phone = await here.plug_in("desk")
            ringing = here.phones.ring("desk")
            await here.told.until(lambda: here.told.up)
            assert here.told.up == [ringing.leg]
            await speak(ringing.leg, Codec.OPUS, OURS, 60)
            await here.told.until(lambda: len(here.told.frames) >= 50)
            assert lost(here.told.frames) == 0
            assert ringing.leg.codec is Codec.OPUS
            ringing.leg.close("leg-closed")
            await phone.until("CALL_CLOSED")
            await phone.stop()
            rate, samples = phone.heard()
            assert tone_share(rate, middle(rate, samples), OURS) > 0.9

    run(story())


def test_a_phone_rings_and_is_not_picked_up_or_is_busy(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with node(tmp_path) as here:
            phone = await here.plug_in("desk", more="answermode=manual;")
            ringing = here.phones.ring("desk")
            await here.told.until(lambda: ringing.ringing)
            ringing.cancel()
            await phone.until("CALL_CLOSED")
            assert here.told.over == ["phone-ring-cancelled"]
            again = here.phones.ring("desk")
            await here.told.until(lambda: again.ringing)
            await phone.ask("hangup")
            await here.told.until(lambda: len(here.told.over) == 2)
            assert here.told.over[1] in ("phone-busy", "phone-declined", "phone-refused")
            assert here.told.up == []

    run(story())


@pytest.mark.parametrize(
    ("codecs", "codec"),
    [("pcmu/8000/1", Codec.PCMU), ("pcma/8000/1", Codec.PCMA), ("g722/16000/1", Codec.G722)],
)
def test_a_phone_without_opus_hears_an_opus_speaker_through_its_own_node(
    run: Run, tmp_path: Path, codecs: str, codec: Codec
) -> None:
    async def story() -> None:
        async with node(tmp_path) as here:
            phone = await here.plug_in("desk", codecs=codecs)
            await here.call(phone)
            leg = here.told.up[0]
            await speak(leg, Codec.OPUS, OURS, 100)
            assert leg.codec is codec
            assert leg.decoded == 100
            await here.told.until(lambda: len(here.told.frames) >= 90)
            assert lost(here.told.frames) == 0
            assert {frame.codec for frame in here.told.frames} == {codec}, "what it says is not touched"
            await phone.stop()
            rate, samples = phone.heard()
            assert tone_share(rate, middle(rate, samples), OURS) > 0.9

    run(story())


def test_hold_and_resume_by_re_invite(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with node(tmp_path) as here:
            phone = await here.plug_in("desk")
            await here.call(phone)
            leg = here.told.up[0]
            await here.told.until(lambda: here.told.frames)
            await phone.ask("hold")
            await here.told.until(lambda: leg.held)
            sent, heard = leg.rtp.sent, len(here.told.frames)
            await speak(leg, Codec.OPUS, OURS, 25)
            assert (leg.rtp.sent, len(here.told.frames)) == (sent, heard)
            await phone.ask("resume")
            await here.told.until(lambda: not leg.held)
            await speak(leg, Codec.OPUS, OURS, 25)
            assert leg.rtp.sent >= sent + 25
            await here.told.until(lambda: len(here.told.frames) > heard)
            assert not here.told.over

    run(story())


def test_two_phones_talk_and_a_third_makes_it_a_mix(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with node(tmp_path, Bridge()) as here:
            phones = [
                await here.plug_in(name, audio_source=f"ausine,{hertz}")
                for name, hertz in (("desk", 400), ("other", 1_000), ("third", 1_700))
            ]
            for phone in phones:
                await here.call(phone)
            await asyncio.sleep(2.5)
            await here.told.until(lambda: all(leg.decoded > 50 for leg in here.told.up))  # each hears two at once
            await here.unplug()
            rate, samples = phones[0].heard()
            end = samples[-rate * 3 // 2 : -rate // 2]
            assert tone_share(rate, end, 1_000) > 0.2
            assert tone_share(rate, end, 1_700) > 0.2
            assert tone_share(rate, end, 400) < 0.01, "nobody hears himself"

    run(story())


def test_a_phone_whose_plug_is_pulled_ends_with_its_cause(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openline.media.phone_leg.PHONE_SILENT_S", 1)
    monkeypatch.setattr("openline.media.phone_leg.PHONE_ANSWERS_WITHIN_S", 1)

    async def story() -> None:
        async with node(tmp_path) as here:
            phone = await here.plug_in("desk")
            await here.call(phone)
            await here.told.until(lambda: here.told.frames)
            phone.kill()
            await here.told.until(lambda: here.told.over)
            assert here.told.over == ["phone-gone"]

    run(story())


def test_a_phone_over_tls_with_srtp_calls_and_is_rung(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        context = server_context(tmp_path, own_address())
        async with node(tmp_path, udp_port=None, tls_port=0, tls=context) as here:
            phone = await here.plug_in(
                "desk", more="mediaenc=srtp-mand;answermode=auto;", sip_cafile=str(tmp_path / "cert.pem")
            )
            await here.call(phone)
            leg = here.told.up[0]
            assert leg.protection is Protection.SRTP
            await speak(leg, Codec.OPUS, OURS, 60)
            await here.told.until(lambda: len(here.told.frames) >= 50)
            assert lost(here.told.frames) == 0
            assert leg.rtp.strange == 0
            leg.close("leg-closed")
            await phone.until("CALL_CLOSED")
            ringing = here.phones.ring("desk")
            await here.told.until(lambda: len(here.told.up) == 2)
            heard = len(here.told.frames)
            await speak(ringing.leg, Codec.OPUS, OURS, 60)
            assert ringing.leg.protection is Protection.SRTP
            await here.told.until(lambda: len(here.told.frames) >= heard + 40)
            await phone.stop()
            rate, samples = phone.heard()
            assert tone_share(rate, middle(rate, samples), OURS) > 0.9

    run(story())

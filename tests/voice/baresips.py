"""Two desk phones of Debian's baresip that call each other through our losses: how well a common telephone does.

One sends its SIP through a relay of ours, which puts itself between their sound by changing the ports in their offers,
and drops what the trace says. No root is needed. The phones code Opus at 32 kbit/s with in-band FEC switched on.
"""

from __future__ import annotations

import asyncio
import re
import socket
import wave
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from tests.phone.desk_phone import DeskPhone, own_address

RATE = 48_000
_SETTINGS = {
    "opus_bitrate": "32000",
    "opus_inbandfec": "yes",
    "opus_packet_loss": "10",
    "opus_stereo": "no",
    "opus_sprop_stereo": "no",
}

Address = tuple[str, int]


class _Port(asyncio.DatagramProtocol):
    def __init__(self, read: Callable[[bytes, Address], None]) -> None:
        self.read = read

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self.read(data, addr)


class Relay:
    """Between two phones. `lost` says of each datagram of sound from the caller, by its number, whether it is lost."""

    def __init__(self, callee: Address, lost: Sequence[bool]) -> None:
        self._callee, self._lost = callee, lost
        self._caller: Address | None = None
        self._sound: dict[bool, Address] = {}
        self._ports: dict[bool, asyncio.DatagramTransport] = {}
        self._first: int | None = None
        self.passed = self.dropped = 0
        self._sip: asyncio.DatagramTransport | None = None

    async def open(self) -> int:
        """The port for the caller's SIP."""
        self._sip = await self._bind(self._signal)
        for from_caller in (True, False):
            self._ports[from_caller] = await self._bind(partial(self._sounds, from_caller))
        return _number(self._sip)

    def close(self) -> None:
        """All its sockets."""
        for port in (*self._ports.values(), self._sip):
            assert port is not None
            port.close()

    async def _bind(self, read: Callable[[bytes, Address], None]) -> asyncio.DatagramTransport:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: _Port(read), local_addr=(own_address(), 0))
        return transport

    def _signal(self, data: bytes, sender: Address) -> None:
        """SIP passes, with the port of sound in it exchanged for ours of as many digits."""
        from_callee = sender == self._callee
        if not from_callee:
            self._caller = sender

        def ours(found: re.Match[bytes]) -> bytes:
            self._sound[not from_callee] = (own_address(), int(found[1]))
            return b"m=audio %05d " % _number(self._ports[from_callee])

        changed = re.sub(rb"m=audio (\d{5}) ", ours, data)
        to = self._caller if from_callee else self._callee
        assert self._sip is not None
        if to is not None:
            self._sip.sendto(changed, to)

    def _sounds(self, from_caller: bool, data: bytes, _: Address) -> None:
        to = self._sound.get(not from_caller)
        if to is None or (from_caller and self._drops(data)):
            return
        self._ports[not from_caller].sendto(data, to)

    def _drops(self, data: bytes) -> bool:
        sequence = int.from_bytes(data[2:4], "big")
        self._first = sequence if self._first is None else self._first
        number = (sequence - self._first) % 65_536
        lost = number < len(self._lost) and self._lost[number]
        self.dropped += lost
        self.passed += not lost
        return lost


def _number(transport: asyncio.DatagramTransport) -> int:
    return int(transport.get_extra_info("sockname")[1])


async def called(folder: Path, sound: bytes, lost: Sequence[bool]) -> tuple[bytes, float]:
    """What the callee heard of `sound` (16 bits, mono, 48 kHz), the same way, and the share that was dropped."""
    said = folder / "said.wav"
    with wave.open(str(said), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound)
    port = _free_port()
    account = "<sip:{}@" + own_address() + ">;regint=0;audio_codecs=opus/48000/1"
    settings = {**_SETTINGS, "audio_source": f"aufile,{said}"}
    listens = f"{own_address()}:{port}"
    callee = await DeskPhone.plug_in(folder / "callee", account.format("callee"), sip_listen=listens, **settings)
    caller = await DeskPhone.plug_in(folder / "caller", account.format("caller"), **settings)
    relay = Relay((own_address(), port), lost)
    try:
        relay_port = await relay.open()
        await caller.ask("dial", f"sip:callee@{own_address()}:{relay_port}")
        await callee.until("CALL_INCOMING")
        await callee.ask("accept")
        await caller.until("CALL_ESTABLISHED")
        await asyncio.sleep(len(sound) / 2 / RATE + 1)
        await caller.ask("hangup")
        with suppress(AssertionError):
            await callee.until("CALL_CLOSED")
    finally:
        await caller.stop()
        await callee.stop()
        relay.close()
    rate, samples = callee.heard()
    assert rate == RATE
    return samples.tobytes(), relay.dropped / max(relay.dropped + relay.passed, 1)


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((own_address(), 0))
        return int(probe.getsockname()[1])

"""A real desk phone for the tests: Debian's baresip, driven over its control port, its sound in files.

baresip takes no loopback, so the tests use an address of this machine's own interface; nothing leaves the machine.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import wave
from array import array
from collections.abc import Mapping
from contextlib import suppress
from math import cos, pi, sin
from operator import mul
from pathlib import Path

MODULES = Path("/usr/lib/baresip/modules")
PATIENCE_S = 60.0
"""Ends a wait for what never comes, and measures nothing."""

_MODULES = ("aufile", "ausine", "g711", "g722", "opus", "sndfile", "srtp", "uuid")
_APPLICATIONS = ("account", "menu", "ctrl_tcp")


def missing() -> str:
    """Why there can be no phone here; empty when there can."""
    if shutil.which("baresip") is None or not MODULES.is_dir():
        return "baresip is missing: apt-get install baresip"
    return "" if own_address() else "this machine has no address but loopback, which baresip does not take"


def own_address() -> str:
    """An IPv4 address of one of this machine's interfaces that is not loopback; empty when there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("203.0.113.1", 9))  # a datagram socket: nothing is sent
        host = str(probe.getsockname()[0])
        return "" if host.startswith("127.") else host
    return ""


class DeskPhone:
    """One baresip. Made by `pick_up`; `hang_up_all` and the end of the process are `stop`'s."""

    def __init__(self, folder: Path, process: asyncio.subprocess.Process) -> None:
        self.folder = folder
        self.events: list[Mapping[str, object]] = []
        self._process = process
        self._answers: asyncio.Queue[Mapping[str, object]] = asyncio.Queue()
        self._happened = asyncio.Event()
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None

    @classmethod
    async def plug_in(cls, folder: Path, account: str, **more: str) -> DeskPhone:
        """Start a phone with this account line. `more` are lines of its configuration."""
        port = _free_port()
        _furnish(folder, account, _config(folder, port, more))
        with (folder / "log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                "baresip", "-f", str(folder), "-v", stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder
            )
        phone = cls(folder, process)
        await phone._connect(port)
        return phone

    @property
    def log(self) -> str:
        """What it has said on its terminal."""
        return (self.folder / "log").read_text(errors="replace")

    async def ask(self, command: str, parameters: str = "") -> Mapping[str, object]:
        """One command of its menu, and the answer."""
        assert self._writer is not None, "it is connected"
        row = json.dumps({"command": command, "params": parameters, "token": "1"}).encode()
        self._writer.write(b"%d:%s," % (len(row), row))
        async with asyncio.timeout(PATIENCE_S):
            return await self._answers.get()

    async def until(self, kind: str, times: int = 1) -> Mapping[str, object]:
        """Wait for the so-manieth event of a kind, such as CALL_ESTABLISHED."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while len(found := [event for event in self.events if event.get("type") == kind]) < times:
                    self._happened.clear()
                    await self._happened.wait()
        except TimeoutError:
            raise AssertionError(f"no {kind}; events {self.events}\n{self.log[-4000:]}") from None
        return found[times - 1]

    async def stop(self) -> None:
        """Hang up and end."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.terminate()
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        if self._reading is not None:
            self._reading.cancel()
        if self._writer is not None:
            self._writer.close()

    def kill(self) -> None:
        """Pull the plug: it says nothing any more."""
        self._process.kill()

    def heard(self) -> tuple[int, array[int]]:
        """Rate and samples of the longest piece it has decoded; its sound files are whole once it has stopped."""
        files = [file for file in self.folder.glob("dump-*-dec.wav") if file.stat().st_size > 44]
        assert files, f"it has kept nothing of what it heard: {sorted(self.folder.iterdir())}"
        with wave.open(str(max(files, key=lambda file: file.stat().st_size))) as sound:
            assert (sound.getsampwidth(), sound.getnchannels()) in ((2, 1), (2, 2))
            samples = array("h", sound.readframes(sound.getnframes()))
            return sound.getframerate(), samples[:: sound.getnchannels()]

    async def _connect(self, port: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while self._reading is None:
                try:
                    reader, self._writer = await asyncio.open_connection("127.0.0.1", port)
                except OSError:
                    assert self._process.returncode is None, self.log
                    await asyncio.sleep(0.05)
                else:
                    self._reading = asyncio.create_task(self._read(reader))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                size = int((await reader.readuntil(b":"))[:-1])
                row = json.loads(await reader.readexactly(size))
                await reader.readexactly(1)
                if row.get("event"):
                    self.events.append(row)
                    self._happened.set()
                else:
                    self._answers.put_nowait(row)


def _furnish(folder: Path, account: str, config: str) -> None:
    folder.mkdir(parents=True)
    (folder / "config").write_text(config)
    (folder / "accounts").write_text(account + "\n")
    (folder / "contacts").write_text("")


def _config(folder: Path, port: int, more: Mapping[str, str]) -> str:
    lines = {
        "sip_listen": f"{own_address()}:0",
        "call_local_timeout": "20",
        "call_max_calls": "4",
        "audio_player": "aufile,out.wav",
        "audio_source": "ausine,440",
        "audio_alert": "aufile,out.wav",
        "ausrc_format": "s16",
        "auplay_format": "s16",
        "ausrc_srate": "48000",
        "ausrc_channels": "2",
        "rtp_ports": "20000-24000",
        "ctrl_tcp_listen": f"127.0.0.1:{port}",
        "snd_path": str(folder),
        "audio_buffer": "20-160",
        **more,
    }
    modules = [f"module {name}.so" for name in _MODULES]
    modules += [f"module_app {name}.so" for name in _APPLICATIONS]
    return "\n".join([f"module_path {MODULES}", *modules, *(f"{name} {value}" for name, value in lines.items())]) + "\n"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tone_share(rate: int, samples: array[int], hertz: float) -> float:
    """How much of the sound's energy is one tone: 1 when all of it is.

    Each 50 ms is looked at by itself: a phone that has nothing to play for a moment goes on in another phase.
    """
    window = rate // 20
    turn = 2 * pi * hertz / rate
    across = [cos(turn * n) for n in range(window)]
    along = [sin(turn * n) for n in range(window)]
    found = whole = 0.0
    for start in range(0, len(samples) - window + 1, window):
        piece = samples[start : start + window]
        found += sum(map(mul, piece, across)) ** 2 + sum(map(mul, piece, along)) ** 2
        whole += sum(map(mul, piece, piece)) * window / 2
    return found / whole if whole else 0.0


def tone(rate: int, hertz: float, number: int) -> bytes:
    """The so-manieth 20 ms of a tone."""
    samples = range(number * rate // 50, (number + 1) * rate // 50)
    return array("h", (int(8_000 * sin(2 * pi * hertz * n / rate)) for n in samples)).tobytes()

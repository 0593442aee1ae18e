"""A phone made of text, for tests: writes SIP by hand over a UDP or TLS socket on loopback, and reads what comes."""

from __future__ import annotations

import asyncio
import hashlib
import re
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_network
from itertools import count

from openline.media.phone_leg import PhoneLeg
from openline.media.phones import PhoneRow, Phones, PhoneSettings
from openline.media.ports import Leg
from openline.media.sip_digest import password_digest
from openline.media.sip_text import Stream
from openline.voice.frame import Frame

HOST = "127.0.0.1"
REALM = "openline"
PASSWORD = "three words here"
LOOPBACK = (ip_network("127.0.0.0/8"),)
PATIENCE_S = 60.0
"""Ends a wait for what never comes, and measures nothing."""


@dataclass
class Told:
    """A leg owner that keeps what it is told, and the log."""

    frames: list[Frame] = field(default_factory=list)
    up: list[PhoneLeg] = field(default_factory=list)
    over: list[str] = field(default_factory=list)
    notes: list[tuple[str, Mapping[str, str | int]]] = field(default_factory=list)
    again: asyncio.Event = field(default_factory=asyncio.Event)

    def heard(self, leg: Leg, frame: Frame) -> None:
        assert frame.stream == leg.number
        self.frames.append(frame)
        self.again.set()

    def connected(self, leg: Leg) -> None:
        assert isinstance(leg, PhoneLeg)
        self.up.append(leg)
        self.again.set()

    def ended(self, leg: Leg, reason: str) -> None:
        assert isinstance(leg, PhoneLeg)
        self.over.append(reason)
        self.again.set()

    def note(self, fact: str, /, **facts: str | int) -> None:
        self.notes.append((fact, facts))
        self.again.set()

    def facts(self, fact: str) -> list[Mapping[str, str | int]]:
        """What was noted under one id."""
        return [facts for name, facts in self.notes if name == fact]

    async def until(self, what: object, patience_s: float = PATIENCE_S) -> None:
        """Wait until `what()` holds."""
        assert callable(what)
        try:
            async with asyncio.timeout(patience_s):
                while not what():
                    self.again.clear()
                    with suppress(TimeoutError):
                        async with asyncio.timeout(0.02):
                            await self.again.wait()
        except TimeoutError:
            raise AssertionError(f"it did not come; {self.up} {self.over} {self.notes}") from None


def rows(*names: str, **more: str) -> tuple[PhoneRow, ...]:
    """Rows of phones with the one password; `algorithm` is that of all."""
    return tuple(PhoneRow(name, password_digest(name, REALM, PASSWORD, **more)) for name in names)


async def phones(told: Told, *phone_rows: PhoneRow, tls: ssl.SSLContext | None = None, **more: object) -> Phones:
    """Phones that listen on loopback, at any port."""
    numbers = count(7)
    values: dict[str, object] = {
        "udp_port": 0,
        "tls_port": 0 if tls else None,
        "rtp_ports": range(30_000, 34_000),
        "lan": LOOPBACK,
        **more,
    }
    settings = PhoneSettings(HOST, REALM, phones=phone_rows or rows("desk"), tls=tls, **values)  # type: ignore[arg-type] # any of them
    made = Phones(settings, told, told.note, lambda: next(numbers))
    await made.start()
    return made


@dataclass
class Message:
    """One SIP message: its first line, its headers by small names, its body."""

    start: str
    headers: list[tuple[str, str]]
    body: str

    @property
    def status(self) -> int:
        return int(self.start.split()[1]) if self.start.startswith("SIP/") else 0

    @property
    def method(self) -> str:
        return "" if self.status else self.start.split()[0]

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    def one(self, name: str) -> str:
        return self.all(name)[0]


def read(data: bytes) -> Message:
    """A message as the phone understands it."""
    head, _, body = data.decode().partition("\r\n\r\n")
    start, *lines = head.split("\r\n")
    headers = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    return Message(start, headers, body)


class HandPhone:
    """The phone. `sound` is a UDP socket for RTP at `sound_port`."""

    def __init__(self, name: str, port: int) -> None:
        self.name, self.port = name, port
        self.inbox: asyncio.Queue[Message] = asyncio.Queue()
        self.seen: list[Message] = []
        self.sound: asyncio.Queue[bytes] = asyncio.Queue()
        self.password = PASSWORD
        self.call_id = f"call-of-{name}-{id(self)}"
        self.tag = f"tag{id(self)}"
        self.to_tag = ""
        self.cseq = 0
        self.nonce_count = 0
        self._loop = asyncio.get_running_loop()
        self._signal = self._bound(self._signalled)
        self._sound = self._bound(self._sounded)
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None

    async def secure(self) -> HandPhone:
        """Speak over TLS from now on."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        reader, self._writer = await asyncio.open_connection(HOST, self.port, ssl=context)
        self._reading = asyncio.create_task(self._read(reader))
        return self

    @property
    def own_port(self) -> int:
        return int(self._signal.getsockname()[1])

    @property
    def sound_port(self) -> int:
        return int(self._sound.getsockname()[1])

    @property
    def transport(self) -> str:
        return "TLS" if self._writer is not None else "UDP"

    def close(self) -> None:
        for own in (self._signal, self._sound):
            self._loop.remove_reader(own.fileno())
            own.close()
        if self._reading is not None:
            self._reading.cancel()
        if self._writer is not None:
            self._writer.transport.abort()

    def send(self, data: bytes) -> None:
        if self._writer is not None:
            self._writer.write(data)
        else:
            self._signal.sendto(data, (HOST, self.port))

    def play(self, packet: bytes, port: int) -> None:
        self._sound.sendto(packet, (HOST, port))

    def request(self, method: str, body: str = "", *more: str, uri: str = "", cseq: int | None = None) -> bytes:
        """A request of this dialog, written out."""
        if cseq is None and method not in ("ACK", "CANCEL"):
            self.cseq += 1
        number = self.cseq if cseq is None else cseq
        target = uri or f"sip:line@{HOST}:{self.port}"
        to = f"<sip:{self.name if method == 'REGISTER' else 'line'}@{HOST}>"
        lines = [
            f"{method} {target} SIP/2.0",
            f"Via: SIP/2.0/{self.transport} {HOST}:{self.own_port};branch=z9hG4bK{id(self)}x{number}{method[:1]};rport",
            f"From: <sip:{self.name}@{HOST}>;tag={self.tag}",
            f"To: {to}{';tag=' + self.to_tag if self.to_tag else ''}",
            f"Call-ID: {self.call_id}{'r' if method == 'REGISTER' else ''}",
            f"CSeq: {number} {method}",
            f"Contact: <sip:{self.name}@{HOST}:{self.own_port};line=x7>",
            "Max-Forwards: 70",
            *more,
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()

    def proof(self, challenge: str, method: str, uri: str = "") -> str:
        """The Authorization header for a challenge."""
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', challenge))
        digest = hashlib.sha256 if given["algorithm"] == "SHA-256" else hashlib.md5
        uri = uri or f"sip:line@{HOST}:{self.port}"
        self.nonce_count += 1
        nc = f"{self.nonce_count:08x}"
        secret = digest(f"{self.name}:{given['realm']}:{self.password}".encode()).hexdigest()
        what = digest(f"{method}:{uri}".encode()).hexdigest()
        response = digest(f"{secret}:{given['nonce']}:{nc}:abcd:auth:{what}".encode()).hexdigest()
        return (
            f'Authorization: Digest username="{self.name}", realm="{given["realm"]}", nonce="{given["nonce"]}", '
            f'uri="{uri}", response="{response}", algorithm={given["algorithm"]}, qop=auth, nc={nc}, cnonce="abcd"'
        )

    async def next(self, *wanted: int | str) -> Message:
        """The next message of one of these statuses or methods; others are kept in `seen`."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                message = await self.inbox.get()
                self.seen.append(message)
                if (message.status or message.method) in wanted:
                    return message

    async def asked(self, method: str, body: str = "", *more: str) -> Message:
        """Send a request, prove the password when asked for it, and give the final answer back."""
        final = (200, 400, 403, 405, 415, 420, 481, 486, 488, 500, 503)
        self.send(self.request(method, body, *more))
        answer = await self.next(401, *final)
        if answer.status == 401:
            if method == "INVITE":
                self._acknowledge(answer)
            self.send(self.request(method, body, self.proof(answer.one("www-authenticate"), method), *more))
            answer = await self.next(401, *final)
        if method == "INVITE":
            self._acknowledge(answer)
        return answer

    async def register(self, *more: str) -> int:
        return (await self.asked("REGISTER", "", *(more or ("Expires: 300",)))).status

    async def call(self, sdp: str, *more: str) -> Message:
        """Call the line; after a 200 the dialog is up."""
        answer = await self.asked("INVITE", sdp, *more)
        if answer.status == 200:
            self.to_tag = answer.one("to").partition("tag=")[2]
        return answer

    def _acknowledge(self, answer: Message) -> None:
        tag = answer.one("to").partition("tag=")[2]
        kept, self.to_tag = self.to_tag, tag
        self.send(self.request("ACK", cseq=int(answer.one("cseq").split()[0])))
        self.to_tag = kept

    def reply(self, request: Message, status: int, body: str = "", tag: str = "phonetag") -> None:
        """Answer a request of the node."""
        to = request.one("to") + ("" if "tag=" in request.one("to") else f";tag={tag}")
        lines = [
            f"SIP/2.0 {status} Said",
            *(f"Via: {value}" for value in request.all("via")),
            f"From: {request.one('from')}",
            f"To: {to}",
            f"Call-ID: {request.one('call-id')}",
            f"CSeq: {request.one('cseq')}",
            f"Contact: <sip:{self.name}@{HOST}:{self.own_port};line=x7>",
            *(["Content-Type: application/sdp"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        self.send(("\r\n".join(lines) + "\r\n\r\n" + body).encode())

    def sdp(self, types: str = "0", direction: str = "sendrecv", *more: str, profile: str = "RTP/AVP") -> str:
        """An offer or answer for its own sound."""
        lines = [
            "v=0",
            f"o=- 1 1 IN IP4 {HOST}",
            "s=-",
            f"c=IN IP4 {HOST}",
            "t=0 0",
            f"m=audio {self.sound_port} {profile} {types}",
            "a=rtpmap:96 opus/48000/2",
            *more,
            f"a={direction}",
        ]
        return "\r\n".join(lines) + "\r\n"

    def _bound(self, readable: object) -> socket.socket:
        own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        own.bind((HOST, 0))
        own.setblocking(False)
        self._loop.add_reader(own.fileno(), readable)  # type: ignore[arg-type] # a method below
        return own

    def _signalled(self) -> None:
        with suppress(BlockingIOError):
            self.inbox.put_nowait(read(self._signal.recv(65_535)))

    def _sounded(self) -> None:
        with suppress(BlockingIOError):
            self.sound.put_nowait(self._sound.recv(65_535))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        messages = Stream()
        while data := await reader.read(65_536):
            for message in messages.feed(data):
                self.inbox.put_nowait(read(message))


def port_in(sdp: str) -> int:
    """Where the node wants to hear."""
    found = re.search(r"m=audio (\d+)", sdp)
    assert found is not None, sdp
    return int(found[1])

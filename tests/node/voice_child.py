"""A voice process that carries no sound: it tells what it was told, and misbehaves when a word says so.

Run as the node runs the real one: `python voice_child.py MOOD FD`. What it hears comes back as Notes `heard`. Of the
moods, `deaf` hears no Stop and does not mind that nobody is there any more, and `slow` never begins. Words that make it
do something have the numbers below.
"""

from __future__ import annotations

import select
import socket
import sys
import time

import msgspec

from openline.media.words import (
    Answered,
    Beat,
    Begin,
    CallOver,
    CloseLeg,
    Counters,
    LegUp,
    Note,
    Offer,
    Order,
    OverStream,
    PhonesAre,
    PhonesRegistered,
    Ready,
    Refused,
    SessionEnded,
    SessionOpened,
    Stop,
    StreamArrived,
    Word,
)

EXIT, GARBAGE, HUGE, MUTE, LATE, PHONES, STREAM, PORT, SPEAK, ANSWER, COUNT, COUNT_ON = range(1, 13)
"""What CallOver of these numbers makes it do: see `_do`."""

LATER, REFUSED = "later", "refused"
"""Offers with this SDP are answered at ANSWER, or refused."""

_BEAT_S = 0.25
_ENCODER, _DECODER = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(Order)


class Child:
    """The whole process."""

    def __init__(self, mood: str, end: socket.socket) -> None:
        self._mood = mood
        self._end = end
        self._buffer = b""
        self._beats = True
        self._session = 0
        self._offered = 0

    def run(self) -> None:
        beat_at = time.monotonic()
        while True:
            if select.select([self._end], [], [], max(0.0, beat_at - time.monotonic()))[0]:
                data = self._end.recv(65_536)
                if not data:
                    time.sleep(600 if self._mood == "deaf" else 0)
                    return
                self._buffer += data
                while len(self._buffer) >= 4 and len(self._buffer) >= 4 + (size := int.from_bytes(self._buffer[:4])):
                    word = _DECODER.decode(self._buffer[4 : 4 + size])
                    self._buffer = self._buffer[4 + size :]
                    self._hear(word)
            if time.monotonic() >= beat_at:
                beat_at = time.monotonic() + _BEAT_S
                if self._beats:
                    self.say(Beat(0))

    def say(self, word: Word) -> None:
        data = _ENCODER.encode(word)
        self._end.sendall(len(data).to_bytes(4, "big") + data)

    def _hear(self, word: Order) -> None:
        if isinstance(word, Stop) and self._mood != "deaf":
            sys.exit(0)
        if not isinstance(word, Beat):
            self.say(Note("heard", {"word": type(word).__name__, **_shown(word)}))
        if isinstance(word, Begin | PhonesAre) and self._mood != "slow":
            self.say(Ready("sha-256 AB", 5060 if isinstance(word, PhonesAre) else 0))
        elif isinstance(word, SessionOpened):
            self._session = word.number
        elif isinstance(word, Offer):
            self._offer(word)
        elif isinstance(word, CallOver):
            self._do(word.number)

    def _offer(self, word: Offer) -> None:
        if word.sdp == REFUSED:
            self.say(Refused(word.request, "leg-offer-wrong", {"detail": "it is none", "share": 0.5}))
        elif word.sdp == LATER:
            self._offered = word.request
        else:
            self.say(Answered(word.request, 7, "v=0"))

    def _do(self, number: int) -> None:
        says: dict[int, Word] = {
            LATE: Beat(80_000),
            PHONES: PhonesRegistered(("night",)),
            STREAM: OverStream(self._session, b"\0\0\1sound"),
            PORT: OverStream(self._session, b"\3\x12\x34"),
            SPEAK: LegUp(7),
            ANSWER: Answered(self._offered, 8, "v=0"),
            COUNT: Counters({"forged": 2, "large": 1}, 3),
            COUNT_ON: Counters({"forged": 5, "large": 1, "unknown": 1}, 4),
        }
        if number == EXIT:
            sys.exit(3)
        elif number == GARBAGE:
            self._end.sendall(b"\0\0\0\4junk")
        elif number == HUGE:
            self._end.sendall(b"\xff\xff\xff\xffjunk")
        elif number == MUTE:
            self._beats = False
        elif number in says:
            self.say(says[number])


def _shown(word: Order) -> dict[str, str | int]:
    match word:
        case Begin(life, addresses, ports, _):
            return {"life": life, "addresses": " ".join(addresses), "ports": str(ports)}
        case SessionOpened(number):
            return {"number": number}
        case SessionEnded(number, at_once):
            return {"number": number, "at_once": int(at_once)}
        case StreamArrived(number, data):
            return {"number": number, "data": data.hex()}
        case CloseLeg(leg, reason):
            return {"leg": leg, "reason": reason}
        case _:
            return {}


if __name__ == "__main__":
    Child(sys.argv[1], socket.socket(fileno=int(sys.argv[-1]))).run()

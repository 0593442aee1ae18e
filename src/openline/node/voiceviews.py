"""What the desk shows of sound: seats of a call, how sound goes, who interprets. All are found in `views` too."""

from __future__ import annotations

import msgspec


class InterpreterView(msgspec.Struct, frozen=True):
    """A desk that interprets in a call. It hears and is heard by the other parties, and by the own desks it names."""

    desk: str
    listens: tuple[str, ...]
    speaks: tuple[str, ...]


class SoundPathView(msgspec.Struct, frozen=True):
    """How sound goes to a peer on one path. `carriage` is `dead`, `stream`, `both` or `udp`; `text` says it.

    Losses are in thousandths; they and the round trip are null while nothing is known. `trouble` is what keeps
    datagrams from passing, empty when nothing does.
    """

    name: str
    carriage: str
    text: str
    round_trip_ms: float | None
    loss_out: int | None
    loss_in: int | None
    trouble: str


class SoundView(msgspec.Struct, frozen=True):
    """Sound to and from one peer of a call: `lost` when none can pass.

    `frames` is how many frames it sent us, `frames_lost` how many of them never came; `copies` is how often each of
    our frames goes out on each path.
    """

    party: str
    lost: bool
    frames: int
    frames_lost: int
    copies: int
    paths: tuple[SoundPathView, ...]


class CallSeatView(msgspec.Struct, frozen=True):
    """A leg of ours that takes part in a call. `kind` is `browser` or `phone`.

    `held` says that a phone has put us on hold: it hears nothing and is not heard, while its side goes on.
    """

    desk: str
    leg: int
    kind: str
    gate_open: bool
    held: bool = False

"""What a node and its voice process say to each other. Both are of one version; nobody else ever reads this.

The node decides and keeps the record; the voice process carries sound and knows nothing of either. Everything the
node says of a call is its whole state, so that saying it again does no harm, and a voice process that was started
anew is told everything once more. A peer is a party on one line: two lines to one party share nothing.
"""

from __future__ import annotations

import msgspec

from openline.voice.seats import Kind

Facts = dict[str, str | int | float]


class Word(msgspec.Struct, frozen=True, array_like=True):
    """Base of everything said."""


# The node says


class Begin(Word, frozen=True, tag=1):
    """The first word. `life` counts the voice processes of this node before: no two ever have the same one.

    `addresses` are the machine's own that browsers reach; `ports` has the UDP port of each path that is listened at.
    """

    life: int
    addresses: tuple[str, ...]
    ports: dict[str, int]
    dtx: bool = True


class PhoneRow(Word, frozen=True):
    """One desk phone: its name, its position in the record, its password's HA1 digests, where it may be, if it rings.

    `digests` maps the name of an algorithm to the digest in hexadecimal; see `openline phone add`.
    """

    name: str
    desk: str
    digests: dict[str, str]
    networks: tuple[str, ...] = ()
    rings: bool = True


class PhonesAre(Word, frozen=True, tag=2):
    """How desk phones reach us; said before any phone is rung. `tls_file` holds certificate and key, empty: no TLS."""

    host: str
    realm: str
    lan: tuple[str, ...]
    phones: tuple[PhoneRow, ...]
    udp_port: int | None
    tls_port: int | None
    tls_file: str
    rtp_ports: tuple[int, int]
    rings_s: float


class SessionOpened(Word, frozen=True, tag=3):
    """A session with a peer may carry sound. `secret` is `wire_keys.voice_secret` of it."""

    number: int
    line: str
    peer: str
    path: str
    dialled: bool
    secret: bytes
    own: tuple[str, int]
    theirs: tuple[str, int]


class SessionEnded(Word, frozen=True, tag=4):
    """It is over; `at_once` when its keys must not serve on."""

    number: int
    at_once: bool = False


class StreamArrived(Word, frozen=True, tag=5):
    """The data of a VOICE frame came over the TLS stream of a session."""

    number: int
    data: bytes


class Offer(Word, frozen=True, tag=6):
    """A browser offers a leg; answered by Answered or Refused with the same `request`."""

    request: int
    desk: str
    session: str
    sdp: str


class CloseLeg(Word, frozen=True, tag=7):
    """End a leg; `reason` is a message id."""

    leg: int
    reason: str


class SeatRow(Word, frozen=True):
    """A leg that takes part in a call. An interpreter hears the seats `listens` and is heard by those of `speaks`."""

    leg: int
    kind: Kind = Kind.POSITION
    listens: tuple[int, ...] = ()
    speaks: tuple[int, ...] = ()


class CallIs(Word, frozen=True, tag=8):
    """How a call stands: who takes part in it at the other ends and here. `number` is the node's own for it.

    `tag` (0 to 255) names it in streams between the parties of the line. `held` closes every gate here and silences
    the call for our officers. With `answering` nobody sits here: what a speaker has said is said back to the caller
    when the speaker has finished.
    """

    number: int
    line: str
    tag: int
    peers: tuple[str, ...]
    seats: tuple[SeatRow, ...]
    held: bool = False
    answering: bool = False


class CallOver(Word, frozen=True, tag=9):
    """A call is over: every gate of it closes."""

    number: int


class GateIs(Word, frozen=True, tag=10):
    """Open or close the gate of a seat. A held call's stay closed. It takes effect at once and is not answered."""

    call: int
    leg: int
    open: bool


class RingPhones(Word, frozen=True, tag=11):
    """Ring every phone that may ring, or those of `desks`, for a call; `who` is shown on it.

    One that is picked up becomes a leg (LegUp with this `call`); the others stop.
    """

    call: int
    who: str
    desks: tuple[str, ...] = ()


class StopPhones(Word, frozen=True, tag=12):
    """Ring for this call no longer."""

    call: int


class RecordIs(Word, frozen=True, tag=13):
    """Record a call, or no longer. What is recorded comes back in Recorded words. Off until said otherwise.

    `folder` is where its files go, the only one the voice process writes to; `now_us` is the node's time of day.
    """

    call: int
    on: bool
    folder: str = ""
    now_us: int = 0


class Beat(Word, frozen=True, tag=14):
    """Every 250 ms, both ways. `lag_us` is how late the sender's event loop was lately, at worst."""

    lag_us: int


class Stop(Word, frozen=True, tag=15):
    """Close every leg and end."""


Order = (
    Begin
    | PhonesAre
    | SessionOpened
    | SessionEnded
    | StreamArrived
    | Offer
    | CloseLeg
    | CallIs
    | CallOver
    | GateIs
    | RingPhones
    | StopPhones
    | RecordIs
    | Beat
    | Stop
)

# The voice process says


class Ready(Word, frozen=True, tag=31):
    """It has begun. `fingerprint` is that of its certificate towards browsers; phone ports are 0 where none listens."""

    fingerprint: str
    phone_udp_port: int = 0
    phone_tls_port: int = 0


class OverStream(Word, frozen=True, tag=32):
    """Send `data` as a VOICE frame over the TLS stream of a session, or drop it when that is gone or crowded."""

    session: int
    data: bytes


class Answered(Word, frozen=True, tag=33):
    """The leg that an Offer has made, and the SDP to give the browser."""

    request: int
    leg: int
    sdp: str


class Refused(Word, frozen=True, tag=34):
    """An Offer that made none: message id and facts."""

    request: int
    reason: str
    facts: Facts


class LegUp(Word, frozen=True, tag=35):
    """Sound can pass to and from a leg. `desk` and `phone` are a phone's; `call` is the one it was rung for, 0: none.

    A phone that dials us comes with what it dialled.
    """

    leg: int
    desk: str = ""
    phone: str = ""
    call: int = 0
    dialled: str = ""


class LegOver(Word, frozen=True, tag=36):
    """A leg has ended, by whoever's wish; both are message ids, `cause` empty where there is no other."""

    leg: int
    reason: str
    cause: str = ""


class PathIs(Word, frozen=True, tag=37):
    """How sound goes to a peer on a path: `carriage` is a word of wire_carriage. Losses in thousandths, -1: unknown."""

    line: str
    peer: str
    path: str
    carriage: str
    round_trip_us: int
    loss_out: int
    loss_in: int
    trouble: str


class SoundIs(Word, frozen=True, tag=38):
    """Whether any sound can pass to and from a peer of a line."""

    line: str
    peer: str
    lost: bool


class Figures(Word, frozen=True, tag=39):
    """Every second while there is a call: frames a peer sent us as far as we know, how many are lost, our offsets."""

    line: str
    peer: str
    frames: int
    lost: int
    offsets: tuple[int, ...]


class Recorded(Word, frozen=True, tag=40):
    """A part of a chunk of a recorded stream is on the disk; `own` says whether we sent or heard it.

    `digest` is the root over the prints of its frames, `file` its name in the call's folder. `peer` is who was heard;
    `stream` is the number it has between nodes. The other fields are those of voice/recording.RecordingChunk.
    """

    call: int
    own: bool
    stream: int
    chunk: int
    frames: int
    digest: bytes
    file: str
    peer: str = ""
    codec: int = 0
    first: int = 0
    present: bytes = b""
    prints: bytes = b""


class Note(Word, frozen=True, tag=41):
    """A line for the node's log: `fact` is a name of scripts/monitoring_reference."""

    fact: str
    facts: Facts


class PhonesRegistered(Word, frozen=True, tag=42):
    """The phones that can be rung now have changed."""

    names: tuple[str, ...]


class PhoneHolds(Word, frozen=True, tag=43):
    """A desk phone has put its call on hold, or takes it back: while `held` nothing passes to or from its leg."""

    leg: int
    held: bool


class Counters(Word, frozen=True, tag=44):
    """What was not taken since the process began, when that has changed; every 10 s at most.

    `refused` are datagrams of peers or strangers by the word of wire_seal.Refusal, `dropped` those that the system
    dropped because they were not read in time.
    """

    refused: dict[str, int]
    dropped: int


class RecordingIs(Word, frozen=True, tag=45):
    """Whether a call is being recorded here: said when that changes. `cause` is why not, where the node wants it."""

    call: int
    on: bool
    cause: str = ""


Telling = (
    Ready
    | OverStream
    | Answered
    | Refused
    | LegUp
    | LegOver
    | PathIs
    | SoundIs
    | Figures
    | Recorded
    | Note
    | PhonesRegistered
    | PhoneHolds
    | Counters
    | RecordingIs
    | Beat
)

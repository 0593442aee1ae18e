"""What a phone and its node agree on about the sound: SDP (RFC 8866) by offer and answer (RFC 3264).

One medium is taken, the first of sound; every other is refused in its place. Opus first, then G.722, PCMU, PCMA,
whatever order the phone has. Keys in the text (SDES) are taken over TLS only, and sound without them only from a phone
on our own LAN. Addresses are literal: no name of a phone is ever looked up. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from ipaddress import ip_address

from openline.base.errors import PeerError
from openline.base.limits import SDP_CRYPTOS_MAX, SDP_FORMATS_MAX, SDP_LINES_MAX, SDP_MEDIA_MAX
from openline.media.sdes import SUITES, Crypto, Entropy, best, own_crypto, read_crypto
from openline.voice.frame import Codec

PREFERRED = (Codec.OPUS, Codec.G722, Codec.PCMU, Codec.PCMA)
"""The order in which a codec is chosen and offered."""

_RTPMAPS = {
    "opus/48000/2": Codec.OPUS,
    "g722/8000": Codec.G722,
    "g722/8000/1": Codec.G722,
    "pcmu/8000": Codec.PCMU,
    "pcmu/8000/1": Codec.PCMU,
    "pcma/8000": Codec.PCMA,
    "pcma/8000/1": Codec.PCMA,
}
_WRITTEN = {Codec.OPUS: "opus/48000/2", Codec.G722: "G722/8000", Codec.PCMU: "PCMU/8000", Codec.PCMA: "PCMA/8000"}
_FIXED_TYPES = {0: Codec.PCMU, 8: Codec.PCMA, 9: Codec.G722}
_OFFERED_TYPES = {Codec.OPUS: 96, Codec.G722: 9, Codec.PCMU: 0, Codec.PCMA: 8}
_MEDIUM = re.compile(r"([a-z]{1,16}) ([0-9]{1,5})(?:/[0-9]{1,5})? ([A-Za-z0-9/]{1,32})((?: [^\s]{1,32}){1,64})")
_RTPMAP = re.compile(r"([0-9]{1,3}) ([A-Za-z0-9._-]{1,32}/[0-9]{1,6}(?:/[0-9]{1,2})?)")
_CONNECTION = re.compile(r"IN IP[46] ([0-9A-Fa-f.:]{2,45})")
_PLAIN = ("RTP/AVP", "RTP/AVPF")
_SECURE = ("RTP/SAVP", "RTP/SAVPF")


class Direction(Enum):
    """Who sends, as the writer of the SDP sees it."""

    BOTH = "sendrecv"
    SENDS = "sendonly"
    HEARS = "recvonly"
    NEITHER = "inactive"


_DIRECTIONS = {direction.value: direction for direction in Direction}
_TURNED = {Direction.SENDS: Direction.HEARS, Direction.HEARS: Direction.SENDS}


class Protection(Enum):
    """How the sound goes between a phone and its node; the value is a message id."""

    SRTP = "phone-srtp"
    PLAIN_LAN = "phone-plain-on-our-lan"


@dataclass(frozen=True, slots=True)
class Medium:
    """One m= block. `formats` are the payload types with a codec of ours, in the phone's order."""

    kind: str
    port: int
    profile: str
    types: str
    host: str = ""
    formats: tuple[tuple[int, Codec], ...] = ()
    direction: Direction = Direction.BOTH
    cryptos: tuple[Crypto, ...] = ()

    @property
    def secure(self) -> bool:
        """Whether it asks for SRTP."""
        return self.profile in _SECURE

    @property
    def usable(self) -> bool:
        """Whether it is sound over RTP."""
        return self.kind == "audio" and self.port > 0 and self.profile in _PLAIN + _SECURE


@dataclass(frozen=True, slots=True)
class Description:
    """The media of one SDP, in order."""

    media: tuple[Medium, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for the sound of one call. `host` and `port` are where the phone wants to hear.

    `number` is which medium of the phone's description it is.
    """

    number: int
    host: str
    port: int
    payload_type: int
    codec: Codec
    direction: Direction
    protection: Protection
    own: Crypto | None = None
    peer: Crypto | None = None

    @property
    def phone_hears(self) -> bool:
        """Whether the phone wants to be sent to."""
        return self.direction in (Direction.BOTH, Direction.HEARS)

    @property
    def phone_sends(self) -> bool:
        """Whether the phone will send."""
        return self.direction in (Direction.BOTH, Direction.SENDS)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How the phone is connected: signalling over TLS, and whether its address is on our own LAN."""

    over_tls: bool
    on_lan: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where we hear, and the numbers of our own description (RFC 8866 section 5.2)."""

    host: str
    port: int
    session: int
    version: int


# Reading


def read(text: str) -> Description:
    """The media of an SDP. Raises PeerError."""
    lines = text.replace("\r\n", "\n").strip("\n").split("\n")
    if len(lines) > SDP_LINES_MAX:
        raise _wrong("it has too many lines")
    if lines[0] != "v=0" or not text.isascii():
        raise _wrong("it is no SDP")
    blocks = list(_blocks(lines))
    if not 1 <= len(blocks) - 1 <= SDP_MEDIA_MAX:
        raise _wrong("it has no media, or too many")
    shared = _applied(Medium("", 0, "", ""), blocks[0])
    return Description(tuple(_medium(block, shared) for block in blocks[1:]))


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in lines:
        if len(line) < 2 or line[1] != "=":
            raise _wrong("a line cannot be read")
        if line.startswith("m="):
            yield block
            block = []
        block.append(line)
    yield block


def _medium(block: Sequence[str], shared: Medium) -> Medium:
    found = _MEDIUM.fullmatch(block[0][2:])
    if found is None or int(found[2]) > 65_535:
        raise _wrong("a medium cannot be read")
    types = found[4].split()
    if len(types) > SDP_FORMATS_MAX:
        raise _wrong("a medium has too many formats")
    medium = Medium(found[1], int(found[2]), found[3], found[4].strip(), shared.host, (), shared.direction)
    if not medium.usable:
        return medium
    return replace(_applied(medium, block[1:]), formats=_formats(types, block))


def _applied(medium: Medium, lines: Sequence[str]) -> Medium:
    """The medium with what these lines say of it."""
    for line in lines:
        if line.startswith("c="):
            medium = replace(medium, host=_host(line[2:]))
        elif line.startswith("a=") and line[2:] in _DIRECTIONS:
            medium = replace(medium, direction=_DIRECTIONS[line[2:]])
        elif line.startswith("a=crypto:") and len(medium.cryptos) < SDP_CRYPTOS_MAX:
            crypto = read_crypto(line[len("a=crypto:") :])
            if crypto is not None:
                medium = replace(medium, cryptos=(*medium.cryptos, crypto))
    return medium


def _host(value: str) -> str:
    found = _CONNECTION.fullmatch(value)
    try:
        return str(ip_address(found[1])) if found else ""
    except ValueError:
        return ""


def _formats(types: Sequence[str], block: Sequence[str]) -> tuple[tuple[int, Codec], ...]:
    known: dict[int, Codec | None] = dict(_FIXED_TYPES)
    for line in block:
        found = _RTPMAP.fullmatch(line[len("a=rtpmap:") :]) if line.startswith("a=rtpmap:") else None
        if found is not None:
            known[int(found[1])] = _RTPMAPS.get(found[2].lower())
    numbers = [int(one) for one in types if re.fullmatch("[0-9]{1,3}", one) and int(one) < 128]
    return tuple((one, codec) for one in dict.fromkeys(numbers) if (codec := known.get(one)) is not None)


# Agreeing


def accept(offer: Description, how: Circumstances, entropy: Entropy, before: Terms | None = None) -> Terms:
    """Our side of an offer of the phone. Raises PeerError with the reason that it is told nothing of.

    `before` are the terms so far: while the phone keeps its keys in a later offer, ours stay too.
    """
    number, peer = _chosen(offer, how)
    medium = offer.media[number]
    by_codec = {codec: payload_type for payload_type, codec in reversed(medium.formats)}
    codec = next((one for one in PREFERRED if one in by_codec), None)
    if codec is None:
        raise PeerError("phone-no-common-codec")
    own = None
    if peer is not None:
        kept = before is not None and before.own is not None and before.peer == peer
        own = before.own if kept and before is not None else own_crypto(peer.tag, peer.suite, entropy)
    return _terms(offer, number, (by_codec[codec], codec), (own, peer))


def concluded(answer: Description, own: Sequence[Crypto], how: Circumstances) -> Terms:
    """What the phone's answer to our offer makes. `own` are the keys we offered. Raises PeerError."""
    number, peer = _chosen(answer, how)
    formats = answer.media[number].formats
    if not formats:
        raise PeerError("phone-no-common-codec")
    kept = None
    if peer is not None:
        kept = next((one for one in own if (one.tag, one.suite) == (peer.tag, peer.suite)), None)
        if kept is None:
            raise _wrong("it answers with a key that was not asked for")
    elif own:
        raise PeerError("phone-sound-unprotected")
    return _terms(answer, number, formats[0], (kept, peer))


def _chosen(described: Description, how: Circumstances) -> tuple[int, Crypto | None]:
    """Which medium we take, and the phone's key where it is protected."""
    usable = [(number, medium) for number, medium in enumerate(described.media) if medium.usable]
    for number, medium in usable:
        if medium.secure and how.over_tls and medium.cryptos:
            return number, best(medium.cryptos)
    for number, medium in usable:
        if not medium.secure and how.on_lan:
            return number, None
    raise PeerError("phone-sound-unprotected" if usable else "phone-no-common-codec")


def _terms(
    described: Description, number: int, chosen: tuple[int, Codec], keys: tuple[Crypto | None, Crypto | None]
) -> Terms:
    medium, (own, peer) = described.media[number], keys
    if not medium.host:
        raise _wrong("it has no address")
    direction = medium.direction
    if ip_address(medium.host).is_unspecified:  # how phones held before RFC 3264
        direction = Direction.SENDS if direction in (Direction.BOTH, Direction.SENDS) else Direction.NEITHER
    protection = Protection.SRTP if peer is not None else Protection.PLAIN_LAN
    return Terms(number, medium.host, medium.port, *chosen, direction, protection, own, peer)


# Writing


def write_answer(offer: Description, terms: Terms, at: Place) -> str:
    """Our answer: the medium we take, and each other refused with port 0 (RFC 3264 section 6)."""
    lines = _session(at)
    for number, medium in enumerate(offer.media):
        if number == terms.number:
            lines += _sound(at.port, medium.profile, [(terms.payload_type, terms.codec)], [terms.own])
            lines.append(f"a={_TURNED.get(terms.direction, terms.direction).value}")
        else:
            lines.append(f"m={medium.kind} 0 {medium.profile} {medium.types}")
    return "\r\n".join(lines) + "\r\n"


def write_offer(at: Place, own: Sequence[Crypto]) -> str:
    """What we offer a phone that we ring: every codec, and SRTP where there are keys."""
    formats = [(_OFFERED_TYPES[codec], codec) for codec in PREFERRED]
    lines = [*_session(at), *_sound(at.port, "RTP/SAVP" if own else "RTP/AVP", formats, own), "a=sendrecv"]
    return "\r\n".join(lines) + "\r\n"


def offered_keys(entropy: Entropy) -> tuple[Crypto, ...]:
    """One fresh key for each suite."""
    return tuple(own_crypto(tag, suite, entropy) for tag, suite in enumerate(SUITES, 1))


def _session(at: Place) -> list[str]:
    family = f"IP{ip_address(at.host).version}"
    return [
        "v=0",
        f"o=- {at.session} {at.version} IN {family} {at.host}",
        "s=-",
        f"c=IN {family} {at.host}",
        "t=0 0",
    ]


def _sound(
    port: int, profile: str, formats: Sequence[tuple[int, Codec]], cryptos: Sequence[Crypto | None]
) -> list[str]:
    types = " ".join(str(payload_type) for payload_type, _ in formats)
    lines = [f"m=audio {port} {profile} {types}"]
    for payload_type, codec in formats:
        lines.append(f"a=rtpmap:{payload_type} {_WRITTEN[codec]}")
        if codec is Codec.OPUS:
            lines.append(f"a=fmtp:{payload_type} minptime=20;useinbandfec=0;usedtx=1")
    lines.append("a=ptime:20")
    lines += [f"a=crypto:{crypto.line()}" for crypto in cryptos if crypto is not None]
    return lines


def _wrong(detail: str) -> PeerError:
    return PeerError("sdp-wrong", detail=detail)

"""A browser's offer of sound, read strictly, and the answer to it (SDP: RFC 8866, RFC 8829, RFC 9143).

An offer of ours has one section in which the officer speaks and hears, or only hears, and as many more that only hear
as speakers can be heard at once; all of them over one transport. Anything else is refused whole, and refused before
it costs anything: size first, then characters, then meaning.

The browser's candidates are not read: it comes to the node, and the node answers whoever shows the password of the
leg. So an offer cannot make the node send anything anywhere, and names of browsers (mDNS) need not be resolved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openline.base.errors import UsageError
from openline.base.limits import LEG_FINGERPRINTS_MAX, LEG_OFFER_BYTES_MAX, LEG_SPEAKERS_MAX
from openline.voice.frame import Codec

PREFERRED = (Codec.OPUS, Codec.G722, Codec.PCMU, Codec.PCMA)
"""The order of codecs in every answer: the browser speaks the first one, and understands them all."""

_NAMES = {Codec.OPUS: "opus/48000/2", Codec.G722: "G722/8000", Codec.PCMU: "PCMU/8000", Codec.PCMA: "PCMA/8000"}
_CODECS = {name.lower(): codec for codec, name in _NAMES.items()}
_STATIC = {"9": Codec.G722, "0": Codec.PCMU, "8": Codec.PCMA}  # RFC 3551 section 6
_PROFILE = "UDP/TLS/RTP/SAVPF"

_DIRECTIONS = {"sendrecv": (True, True), "sendonly": (True, False), "recvonly": (False, True)}
_ANSWERED = {(True, True): "sendrecv", (True, False): "recvonly", (False, True): "sendonly"}
_ROLES = frozenset({"actpass", "passive"})
_DIGEST_BYTES = {"sha-256": 32, "sha-384": 48, "sha-512": 64}

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`{|}~-]{1,32}\Z")
_USERNAME = re.compile(r"[A-Za-z0-9+/]{4,256}\Z")
_PASSWORD = re.compile(r"[A-Za-z0-9+/]{22,256}\Z")
_TYPE = re.compile(r"[0-9]{1,3}\Z")
_PORT = re.compile(r"[0-9]{1,5}\Z")
_PRINTABLE = re.compile(r"[ -~\r\n]*\Z")

Fingerprint = tuple[str, str]
"""The name of a digest in small letters, and the digest of a certificate in capital hexadecimal with colons."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What an offer says. `mids` are its sections in order; the officer speaks in the first one if `speaks`, and
    hears in every one, but in the first only if `hears`. `payload_types` says which number a codec has."""

    mids: tuple[str, ...]
    speaks: bool
    hears: bool
    username: str
    password: str
    fingerprints: tuple[Fingerprint, ...]
    payload_types: Mapping[Codec, int]


@dataclass(frozen=True, slots=True)
class Ours:
    """Our end: ICE username and password, `places` (host and port) it waits at, and the fingerprint it will show.

    `sources` are synchronisation sources, one for each section. `dtx` lets the browser send next to nothing in silence.
    """

    username: str
    password: str
    places: Sequence[tuple[str, int]]
    fingerprint: Fingerprint
    sources: Sequence[int]
    dtx: bool


def read_offer(text: str) -> Offer:
    """What `text` offers. Raises UsageError (`leg-offer-wrong`, with the part that is) for anything but our offers."""
    if len(text) > LEG_OFFER_BYTES_MAX:
        raise _wrong("size")
    if not _PRINTABLE.match(text):
        raise _wrong("characters")
    session, *sections = _parts(text.replace("\r\n", "\n").split("\n"))
    if not sections:
        raise _wrong("no sound")
    if len(sections) > LEG_SPEAKERS_MAX:
        raise _wrong("sections")
    first, *more = (_Section(session, lines) for lines in sections)
    types = first.payload_types()
    speaks, hears = first.direction()
    for section in more:
        if section.direction() != (False, True) or section.payload_types() != types:
            raise _wrong("sections")
    mids = tuple(section.one("mid:", _TOKEN) for section in (first, *more))
    if len(set(mids)) < len(mids) or (more and not _bundled(session, mids)):
        raise _wrong("mid")
    if "rtcp-mux" not in first.attributes or first.one("setup:") not in _ROLES:
        raise _wrong("transport")
    return Offer(
        mids,
        speaks,
        hears,
        first.one("ice-ufrag:", _USERNAME),
        first.one("ice-pwd:", _PASSWORD),
        first.fingerprints(),
        types,
    )


def answer(offer: Offer, ours: Ours) -> str:
    """The answer to `offer`: host candidates and nothing to come after them, and what codecs the offer has of ours."""
    lines = [
        "v=0",
        f"o=- {ours.sources[0]} 1 IN IP4 0.0.0.0",
        "s=openline",
        "t=0 0",
        f"a=group:BUNDLE {' '.join(offer.mids)}",
        "a=msid-semantic: WMS *",
    ]
    for number, (mid, source) in enumerate(zip(offer.mids, ours.sources, strict=True)):
        direction = _ANSWERED[offer.speaks, offer.hears] if not number else "sendonly"
        lines += [*_section(offer, ours, mid), f"a={direction}"]
        if direction != "recvonly":
            lines += [f"a=msid:speaker{number} speaker{number}", f"a=ssrc:{source} cname:openline"]
        lines += [*_candidates(ours.places)] if not number else []
    return "\r\n".join(lines) + "\r\n"


class _Section:
    """One section of an offer. What it does not say, the head of the offer says for it."""

    def __init__(self, session: Sequence[str], lines: Sequence[str]) -> None:
        kind, _, rest = lines[0].removeprefix("m=").partition(" ")
        port, _, rest = rest.partition(" ")
        profile, _, types = rest.partition(" ")
        if kind != "audio" or profile != _PROFILE or not _PORT.match(port) or port == "0":
            raise _wrong("kind of medium")
        self._types = types.split(" ")
        self.attributes = [line[2:] for line in lines[1:] if line.startswith("a=")]
        self._session = [line[2:] for line in session if line.startswith("a=")]

    def one(self, name: str, form: re.Pattern[str] | None = None) -> str:
        """The value of an attribute that must be there once, in its form."""
        values = _values(self.attributes, name) or _values(self._session, name)
        if len(values) != 1 or (form is not None and not form.match(values[0])):
            raise _wrong(name.rstrip(":"))
        return values[0]

    def direction(self) -> tuple[bool, bool]:
        """Whether the browser speaks and hears here."""
        found = [_DIRECTIONS[name] for name in self.attributes if name in _DIRECTIONS]
        if len(found) != 1:
            raise _wrong("direction")
        return found[0]

    def fingerprints(self) -> tuple[Fingerprint, ...]:
        """Every fingerprint of the browser's certificate; each will have to match."""
        values = _values(self.attributes, "fingerprint:") or _values(self._session, "fingerprint:")
        if not 1 <= len(values) <= LEG_FINGERPRINTS_MAX:
            raise _wrong("fingerprint")
        return tuple(map(_fingerprint, values))

    def payload_types(self) -> dict[Codec, int]:
        """The number each codec of ours has here, Opus among them."""
        if len(set(self._types)) < len(self._types) or not all(map(_TYPE.match, self._types)):
            raise _wrong("payload types")
        names: dict[str, str] = {}
        for value in _values(self.attributes, "rtpmap:"):
            number, _, name = value.partition(" ")
            if names.setdefault(number, name.lower()) != name.lower():
                raise _wrong("payload types")
        found: dict[Codec, int] = {}
        for number in self._types:
            codec = _CODECS.get(names[number]) if number in names else _STATIC.get(number)
            # 64 to 95 would be taken for RTCP (RFC 5761 section 4).
            if codec is not None and int(number) <= 127 and not 64 <= int(number) <= 95:
                found.setdefault(codec, int(number))
        if Codec.OPUS not in found or len(set(found.values())) < len(found):
            raise _wrong("payload types")
        return found


def _parts(lines: Sequence[str]) -> Iterator[list[str]]:
    """The head of an offer, then its sections."""
    part: list[str] = []
    for line in lines:
        if line.startswith("m="):
            yield part
            part = []
        if line:
            part.append(line)
    yield part


def _values(attributes: Sequence[str], name: str) -> list[str]:
    return [line.removeprefix(name) for line in attributes if line.startswith(name)]


def _bundled(session: Sequence[str], mids: Sequence[str]) -> bool:
    groups = [line.split(" ")[1:] for line in session if line.startswith("a=group:BUNDLE ")]
    return groups == [list(mids)]


def _fingerprint(value: str) -> Fingerprint:
    name, _, digest = value.partition(" ")
    name, digest = name.lower(), digest.upper()
    size = _DIGEST_BYTES.get(name)
    if size is None or not re.fullmatch(r"[0-9A-F]{2}(?::[0-9A-F]{2})*", digest) or len(digest) != 3 * size - 1:
        raise _wrong("fingerprint")
    return name, digest


def _section(offer: Offer, ours: Ours, mid: str) -> Iterator[str]:
    codecs = [(offer.payload_types[codec], codec) for codec in PREFERRED if codec in offer.payload_types]
    opus = offer.payload_types[Codec.OPUS]
    yield f"m=audio 9 {_PROFILE} {' '.join(str(number) for number, _ in codecs)}"
    yield "c=IN IP4 0.0.0.0"
    yield f"a=mid:{mid}"
    yield "a=rtcp-mux"
    yield "a=setup:active"
    yield f"a=ice-ufrag:{ours.username}"
    yield f"a=ice-pwd:{ours.password}"
    yield f"a=fingerprint:{' '.join(ours.fingerprint)}"
    for number, codec in codecs:
        yield f"a=rtpmap:{number} {_NAMES[codec]}"
    # Repairs are made between the nodes, where they cost less sound: no FEC inside the codec.
    yield f"a=fmtp:{opus} minptime=10;useinbandfec=0;usedtx={int(ours.dtx)};maxaveragebitrate=32000"
    yield "a=ptime:20"


def _candidates(places: Sequence[tuple[str, int]]) -> Iterator[str]:
    """Our places in order of preference (RFC 8445 section 5.1.2): all of them are sockets of our own."""
    for number, (host, port) in enumerate(places):
        priority = (126 << 24) | ((65_535 - number) << 8) | 255
        yield f"a=candidate:{number + 1} 1 udp {priority} {host} {port} typ host"
    yield "a=end-of-candidates"


def _wrong(detail: str) -> UsageError:
    return UsageError("leg-offer-wrong", detail=detail)

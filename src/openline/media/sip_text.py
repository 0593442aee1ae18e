"""Reads what came in as SIP (RFC 3261) just far enough to know that it may be handed on.

A SIP stack in Python is slow and trusting; this is quick and is not. It bounds every size before anything else, takes
nothing but printable lines with proper ends, and asks for the few headers without which nothing can be answered. What
the headers mean is the stack's business (`sip_stack`). No input or output.
"""

from __future__ import annotations

import re

from openline.base.errors import PeerError
from openline.base.limits import SIP_BYTES_MAX, SIP_LINE_BYTES_MAX, SIP_LINES_MAX, SIP_VIAS_MAX

_SHORT = {
    "v": "via",
    "f": "from",
    "t": "to",
    "i": "call-id",
    "l": "content-length",
    "m": "contact",
    "c": "content-type",
}
_ONCE = frozenset({"from", "to", "call-id", "cseq"})
_AT_MOST_ONCE = _ONCE | {"content-length", "content-type", "expires", "max-forwards", "contact"}
_REQUEST = re.compile(r"([A-Z]{1,32}) (sips?:[^\s]{1,512}) SIP/2\.0")
_RESPONSE = re.compile(r"SIP/2\.0 [1-6][0-9]{2} [^\r\n]{0,256}")
_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,63})[ \t]*:[ \t]*(.*)")
_CSEQ = re.compile(r"([0-9]{1,10})[ \t]+([A-Z]{1,32})")
_LENGTH = re.compile(rb"(?im)^(?:content-length|l)[ \t]*:[ \t]*([0-9]{1,6})[ \t]*\r$")
# Whatever `str.splitlines` takes for an end of line would be one to the stack, and none to us.
_HIDDEN = re.compile("[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f\\u2028\\u2029]")
_END = b"\r\n\r\n"


def read(data: bytes) -> str:
    """The text of one message, cut to the length it states. Raises PeerError when it is none of ours to answer."""
    if len(data) > SIP_BYTES_MAX:
        raise _wrong("it is too long")
    head, end, body = data.partition(_END)
    if not end:
        raise _wrong("its headers have no end")
    try:
        lines = head.decode().split("\r\n")
    except UnicodeDecodeError:
        raise _wrong("it is not text") from None
    _check_lines(lines)
    values = _values(lines[1:])
    _check_start(lines[0], values)
    stated = values.get("content-length", [str(len(body))])[0]
    if not re.fullmatch("[0-9]{1,6}", stated) or int(stated) > len(body):
        raise _wrong("its length is wrong")
    body = body[: int(stated)]
    if not body.isascii():
        raise _wrong("its body is not plain")
    return "\r\n".join(lines) + "\r\n\r\n" + body.decode()


def _check_lines(lines: list[str]) -> None:
    if len(lines) > SIP_LINES_MAX:
        raise _wrong("it has too many lines")
    for line in lines:
        if len(line) > SIP_LINE_BYTES_MAX:
            raise _wrong("a line is too long")
        if _HIDDEN.search(line):
            raise _wrong("a line has control characters")


def _values(lines: list[str]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for line in _unfolded(lines):
        found = _HEADER.fullmatch(line)
        if found is None:
            raise _wrong("a header cannot be read")
        name = found[1].lower()
        values.setdefault(_SHORT.get(name, name), []).append(found[2].strip())
    for name, given in values.items():
        if name in _AT_MOST_ONCE and len(given) > 1:
            raise _wrong(f"it has {name} twice")
    return values


def _unfolded(lines: list[str]) -> list[str]:
    """Lines that begin with a space go on with the one before (RFC 3261 section 7.3.1)."""
    whole: list[str] = []
    for line in lines:
        if line[:1] in (" ", "\t") and whole:
            whole[-1] += " " + line.strip()
        else:
            whole.append(line)
    return whole


def _check_start(start: str, values: dict[str, list[str]]) -> None:
    request = _REQUEST.fullmatch(start)
    if request is None and not _RESPONSE.fullmatch(start):
        raise _wrong("its first line is not of SIP")
    for name in (*sorted(_ONCE), "via"):
        if not values.get(name, [""])[0]:
            raise _wrong(f"it has no {name}")
    if sum(value.count(",") + 1 for value in values["via"]) > SIP_VIAS_MAX:
        raise _wrong("it came over too many proxies")
    counted = _CSEQ.fullmatch(values["cseq"][0])
    if counted is None or int(counted[1]) >= 1 << 31 or (request and counted[2] != request[1]):
        raise _wrong("its cseq is wrong")


class Stream:
    """Cuts the bytes of one connection into messages (RFC 3261 section 18.3). `pings` counts double line ends.

    Raises PeerError from `feed` when no end can be found any more; the connection is of no use then.
    """

    def __init__(self) -> None:
        self._bytes = bytearray()
        self.pings = 0

    def feed(self, data: bytes) -> list[bytes]:
        """The whole messages there are now."""
        self._bytes += data
        messages: list[bytes] = []
        while (size := self._next()) is not None:
            messages.append(bytes(self._bytes[:size]))
            del self._bytes[:size]
        return messages

    def _next(self) -> int | None:
        """How long the first message is, when it is whole."""
        while self._bytes.startswith(b"\r\n"):
            if self._bytes.startswith(_END):
                self.pings += 1
                del self._bytes[:2]
            elif len(self._bytes) == 2:
                return None
            del self._bytes[:2]
        end = self._bytes.find(_END)
        if end < 0:
            if len(self._bytes) > SIP_BYTES_MAX:
                raise _wrong("its headers have no end")
            return None
        stated = _LENGTH.findall(bytes(self._bytes[: end + 2]))
        if len(stated) != 1:
            raise _wrong("its length is missing")
        size = end + len(_END) + int(stated[0])
        if size > SIP_BYTES_MAX:
            raise _wrong("it is too long")
        return size if len(self._bytes) >= size else None


def _wrong(detail: str) -> PeerError:
    return PeerError("sip-wrong", detail=detail)

"""Routes for attachments: sent in one stream, and after a break from where the node has them durably."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterator
from itertools import chain
from typing import Annotated

import msgspec

from openline.base.errors import UsageError
from openline.base.limits import BLOB_BYTES_MAX
from openline.console.answers import BYTES, Answer, Stream, closing, json_answer
from openline.console.calls import Call, Query
from openline.console.ports import AttachmentView, Desk
from openline.console.table import Body, Route

_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_RANGE = re.compile(r"bytes (\d{1,12})-(\d{1,12})/(\d{1,12})\Z")

Size = Annotated[int, msgspec.Meta(ge=0, le=BLOB_BYTES_MAX)]


class Sized(Query, frozen=True):
    """How large the attachment is, in bytes."""

    size: Size


class OffsetView(msgspec.Struct, frozen=True):
    """How many bytes of an attachment the node has durably; go on from there."""

    offset: int
    size: int


async def _offset(desk: Desk, call: Call) -> Answer:
    size = call.query(Sized).size
    return json_answer(OffsetView(await desk.upload_offset(_digest(call), size), size))


async def _put(desk: Desk, call: Call) -> Answer:
    digest = _digest(call)
    start, size = _range(call)
    have = await desk.upload_offset(digest, size)
    if start > have:
        raise UsageError("upload-offset", offset=have)
    async with closing(_from(call, have - start)) as pieces:
        return json_answer(await desk.upload(pieces, size, digest))


async def _get(desk: Desk, call: Call) -> Stream:
    pieces = desk.blob(_digest(call))
    # The first piece is read before anything is answered: an attachment that is not there is refused as such.
    first = next(pieces, b"")
    return Stream(_each(chain((first,), pieces)), BYTES)


async def _each(pieces: Iterator[bytes]) -> AsyncGenerator[bytes, None]:
    for piece in pieces:
        yield piece


async def _from(call: Call, skip: int) -> AsyncGenerator[bytes, None]:
    """The body without its first `skip` bytes, which the node has already."""
    async with closing(call.pieces()) as pieces:
        async for piece in pieces:
            if skip < len(piece):
                yield piece[skip:] if skip else piece
            skip = max(0, skip - len(piece))


def _digest(call: Call) -> str:
    digest = call.path["digest"]
    if not _DIGEST.match(digest):
        raise UsageError("request-wrong", detail="the digest is 64 small hexadecimal digits")
    return digest


def _range(call: Call) -> tuple[int, int]:
    """Where the body begins and how large the whole is. A body always reaches to the end of the attachment."""
    said = call.header(b"content-range")
    length = _length(call)
    if said is None:
        return 0, _checked(length)
    match = _RANGE.match(said)
    start, last, size = (int(number) for number in match.groups()) if match else (0, 0, 0)
    if match is None or last != size - 1 or start > last or length != size - start:
        raise UsageError("request-wrong", detail="Content-Range must be bytes START-LAST/SIZE, up to the end")
    return start, _checked(size)


def _length(call: Call) -> int:
    length = call.length()
    if length is None:
        raise UsageError("upload-length-needed")
    return length


def _checked(size: int) -> int:
    if size > BLOB_BYTES_MAX:
        raise UsageError("attachment-too-large", size=size, limit=BLOB_BYTES_MAX)
    return size


ATTACHMENT_ROUTES = [
    Route(
        "PUT",
        "/api/v1/blobs/{digest}",
        "Keep an attachment, or the rest of it (Content-Range)",
        _put,
        Body(AttachmentView),
        takes=Body(media=BYTES),
    ),
    Route("GET", "/api/v1/blobs/{digest}", "An attachment", _get, Body(media=BYTES)),
    Route(
        "GET",
        "/api/v1/blobs/{digest}/offset",
        "How much of an attachment the node has",
        _offset,
        Body(OffsetView),
        query=Sized,
    ),
]

"""Attachments: sent whole or from where they broke off, and never taken for another one."""

from __future__ import annotations

import asyncio
from hashlib import sha256

import pytest

from openline.base.limits import BLOB_BYTES_MAX
from tests.console.caller import Reply, answered, ask, console
from tests.console.desk import FakeDesk

DATA = bytes(range(256)) * 20
DIGEST = sha256(DATA).hexdigest()
PLACE = f"/api/v1/blobs/{DIGEST}"


def _put(desk: FakeDesk, pieces: list[bytes], start: int | None = None, size: int = len(DATA)) -> Reply:
    headers = {"content-length": str(sum(map(len, pieces)))}
    if start is not None:
        headers["content-range"] = f"bytes {start}-{size - 1}/{size}"
    return asyncio.run(answered(console(desk), "PUT", PLACE, pieces, headers))


def test_an_attachment_goes_in_and_comes_out() -> None:
    desk = FakeDesk()
    assert _put(desk, [DATA[:1000], DATA[1000:]]).json() == {"digest": DIGEST, "size": len(DATA)}
    reply = ask(console(desk), "GET", PLACE)
    assert (reply.status, reply.body) == (200, DATA)


def test_a_broken_upload_goes_on_from_what_is_there() -> None:
    desk = FakeDesk()
    desk.partial[DIGEST] = DATA[:3000]
    offset = ask(console(desk), "GET", f"{PLACE}/offset?size={len(DATA)}").json()
    assert offset == {"offset": 3000, "size": len(DATA)}
    assert _put(desk, [DATA[3000:]], 3000).status == 200
    assert desk.blobs[DIGEST] == DATA


def test_a_sender_that_begins_too_early_repeats_nothing() -> None:
    desk = FakeDesk()
    desk.partial[DIGEST] = DATA[:3000]
    assert _put(desk, [DATA[:2500], DATA[2500:3500], DATA[3500:]]).status == 200
    assert desk.blobs[DIGEST] == DATA


def test_a_sender_that_begins_too_late_is_told_where() -> None:
    desk = FakeDesk()
    reply = _put(desk, [DATA[10:]], 10)
    assert (reply.status, reply.json()["error"], reply.json()["facts"]) == (409, "upload-offset", {"offset": 0})


def test_another_attachment_under_this_name_is_refused() -> None:
    desk = FakeDesk()
    reply = _put(desk, [DATA[:-1] + b"x"])
    assert (reply.status, desk.blobs) == (422, {})


@pytest.mark.parametrize(
    "said", ["bytes 0-10/5120", "bytes 5-1/5120", "bytes 0-5119/*", "nonsense", "bytes 0-5118/5119"]
)
def test_a_range_that_does_not_reach_the_end_is_refused(said: str) -> None:
    headers = {"content-length": str(len(DATA)), "content-range": said}
    reply = asyncio.run(answered(console(FakeDesk()), "PUT", PLACE, [DATA], headers))
    assert (reply.status, reply.json()["error"]) == (400, "request-wrong")


def test_an_attachment_has_a_length_and_a_limit() -> None:
    without = asyncio.run(answered(console(FakeDesk()), "PUT", PLACE, [DATA], {}))
    assert (without.status, without.json()["error"]) == (411, "upload-length-needed")
    huge = asyncio.run(answered(console(FakeDesk()), "PUT", PLACE, [b""], {"content-length": str(BLOB_BYTES_MAX + 1)}))
    assert (huge.status, huge.json()["error"]) == (413, "attachment-too-large")


@pytest.mark.parametrize("name", ["00", "A" * 64, "g" * 64])
def test_a_digest_is_64_small_hexadecimal_digits(name: str) -> None:
    reply = ask(console(FakeDesk()), "GET", f"/api/v1/blobs/{name}")
    assert (reply.status, reply.json()["error"]) == (400, "request-wrong")


def test_an_attachment_that_is_not_there_is_refused_before_anything_is_answered() -> None:
    reply = ask(console(FakeDesk()), "GET", PLACE)
    assert (reply.status, reply.json()["error"]) == (404, "attachment-missing")

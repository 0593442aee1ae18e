"""TLS of phones ends at the door: who speaks no SIP, says nothing, or comes in crowds does not stay."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path

import pytest

from openline.base.limits import SIP_BURST
from tests.media.phone_by_hand import HOST, HandPhone
from tests.media.test_sip_door import door

Run = Callable[[Coroutine[object, None, None]], None]


async def _connection(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return await asyncio.open_connection(HOST, port, ssl=context)


async def _ended(reader: asyncio.StreamReader) -> bool:
    """Whether a connection ends; the story's limit ends one that does not."""
    try:
        while await reader.read(4_096):
            pass
    except ConnectionError:
        return True
    return True


def test_a_connection_that_says_nothing_is_closed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openline.media.sip_tls.SIP_STREAM_SILENT_S", 0.2)

    async def story() -> None:
        async with door(tmp_path) as (told, node):
            reader, writer = await asyncio.open_connection(HOST, node.ports[1])
            assert await _ended(reader)
            writer.transport.abort()
            with suppress(OSError):  # on a slow machine it is closed in the middle of its handshake
                reader, writer = await _connection(node.ports[1])
                assert await _ended(reader)
                writer.transport.abort()
            assert not told.notes

    run(story())


def test_a_connection_that_speaks_no_sip_is_closed(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path) as (told, node):
            for said in (b"GET / HTTP/1.1\r\n\r\n", b"x" * 9_000):
                reader, writer = await _connection(node.ports[1])
                writer.write(said)
                assert await _ended(reader)
                writer.transport.abort()
            assert len(told.facts("sip-wrong")) == 2

    run(story())


def test_too_many_connections_cost_the_oldest_that_has_proved_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openline.media.sip_door.SIP_STREAMS_MAX", 3)

    async def story() -> None:
        async with door(tmp_path) as (told, node):
            phone = await HandPhone("desk", node.ports[1]).secure()
            assert await phone.register() == 200
            strangers = [await _connection(node.ports[1]) for _ in range(4)]
            assert await _ended(strangers[0][0])
            assert await phone.register() == 200, "the phone stays"
            assert told.facts("sip-crowded")
            for _, writer in strangers:
                writer.transport.abort()
            phone.close()

    run(story())


def test_a_double_line_end_is_answered_by_a_line_end(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path) as (_, node):
            reader, writer = await _connection(node.ports[1])
            writer.write(b"\r\n\r\n")
            assert await reader.readexactly(2) == b"\r\n"
            writer.transport.abort()

    run(story())


def test_connections_that_never_finish_their_handshake_are_counted_too(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openline.media.sip_door.SIP_STREAMS_MAX", 3)

    async def story() -> None:
        async with door(tmp_path) as (told, node):
            idle = [await asyncio.open_connection(HOST, node.ports[1]) for _ in range(4)]
            assert await _ended(idle[0][0])
            assert told.facts("sip-crowded")
            assert node._door is not None
            assert len(node._door._streams) == 3
            for _, writer in idle:
                writer.transport.abort()

    run(story())


def test_what_is_no_tls_is_closed(run: Run, tmp_path: Path) -> None:
    async def story() -> None:
        async with door(tmp_path) as (told, node):
            reader, writer = await asyncio.open_connection(HOST, node.ports[1])
            writer.write(b"INVITE sip:line@127.0.0.1 SIP/2.0\r\n\r\n")
            assert await _ended(reader)
            writer.transport.abort()
            assert not told.notes

    run(story())


def test_a_flood_of_connections_is_one_line(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openline.media.sip_door.SIP_REFILL_MS", 600_000)

    async def story() -> None:
        async with door(tmp_path) as (told, node):
            many = [await asyncio.open_connection(HOST, node.ports[1]) for _ in range(SIP_BURST + 20)]
            await told.until(lambda: told.facts("sip-flood"))
            assert len(told.facts("sip-flood")) == 1
            for _, writer in many:
                writer.transport.abort()

    run(story())

"""The doors: for their owner only, one node to a socket, and closed in good order."""

from __future__ import annotations

import asyncio
import socket
import ssl
import stat
from pathlib import Path

import pytest

from openline.base.errors import BusyError, UsageError
from openline.console.app import make_app
from openline.console.auth import SocketAuth
from openline.console.serve import Door, bind_tcp, bind_unix, open_door, renew_tls, tls_context
from openline.node.certificate import certify
from openline.node.clock import SystemClock
from openline.node.folder import Folder
from tests.console.desk import EVERYTHING, FakeDesk

STATUS = b"GET /api/v1/status HTTP/1.1\r\nhost: a\r\n\r\n"
LIMIT_S, GRACE_S = 60, 3_600
"""A story ends long before the time that a door gives to those it answers, which it does not use up."""
EVENTS = b"GET /api/v1/events HTTP/1.1\r\nhost: a\r\n\r\n"


async def _opened(desk: FakeDesk, file: Path) -> Door:
    return await open_door(make_app(desk, SocketAuth(lambda _role: EVERYTHING)), bind_unix(file))


async def _head(reader: asyncio.StreamReader) -> tuple[bytes, int]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = [line for line in head.split(b"\r\n") if line.startswith(b"content-length")]
    return head, int(length[0].split(b":")[1]) if length else 0


def test_the_socket_is_for_its_owner_only(tmp_path: Path) -> None:
    with bind_unix(tmp_path / "api.sock"):
        mode = (tmp_path / "api.sock").stat().st_mode
        assert stat.S_ISSOCK(mode)
        assert stat.S_IMODE(mode) == 0o600


def test_a_socket_that_a_dead_node_left_is_replaced(tmp_path: Path) -> None:
    bind_unix(tmp_path / "api.sock").close()
    assert (tmp_path / "api.sock").exists()
    bind_unix(tmp_path / "api.sock").close()


def test_a_second_node_on_the_same_socket_is_refused(tmp_path: Path) -> None:
    with bind_unix(tmp_path / "api.sock") as first:
        first.listen()
        with pytest.raises(BusyError, match="node-running"):
            bind_unix(tmp_path / "api.sock")


def test_another_file_of_that_name_stays(tmp_path: Path) -> None:
    (tmp_path / "api.sock").write_text("precious")
    with pytest.raises(UsageError, match="socket-unusable"):
        bind_unix(tmp_path / "api.sock")
    assert (tmp_path / "api.sock").read_text() == "precious"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="socket-unusable"):
        bind_unix(tmp_path / "nowhere" / "api.sock")


def test_a_folder_may_lie_deeper_than_a_socket_address_is_long(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    deep.mkdir(parents=True)

    async def asked() -> None:
        door = await _opened(FakeDesk(), deep / "api.sock")
        assert (deep / "api.sock").exists()
        await door.close(0)

    asyncio.run(asked())


def test_tcp_is_loopback_only() -> None:
    with pytest.raises(UsageError, match="listen-not-loopback"):
        bind_tcp("0.0.0.0", 0)


def test_the_watch_floor_s_door_may_be_on_any_address_of_this_machine() -> None:
    with bind_tcp("0.0.0.0", 0, everywhere=True) as bound:
        assert bound.getsockname()[0] == "0.0.0.0"
    with pytest.raises(UsageError, match="port-unusable"):
        bind_tcp("192.0.2.1", 0, everywhere=True)


def test_a_taken_port_is_named() -> None:
    with bind_tcp("127.0.0.1", 0) as first, socket.socket() as other:
        first.listen()
        port = first.getsockname()[1]
        with pytest.raises(BusyError, match="port-taken"):
            bind_tcp("127.0.0.1", port)
        other.close()


def test_one_connection_serves_many_requests(tmp_path: Path) -> None:
    async def asked() -> list[bytes]:
        door = await _opened(FakeDesk(), tmp_path / "api.sock")
        reader, writer = await asyncio.open_unix_connection(tmp_path / "api.sock")
        lines: list[bytes] = []
        for _ in range(3):
            writer.write(STATUS)
            head, length = await _head(reader)
            await reader.readexactly(length)
            lines.append(head.split(b"\r\n")[0])
        writer.close()
        await door.close(1)
        return lines

    assert asyncio.run(asked()) == [b"HTTP/1.1 200 OK"] * 3


def test_at_the_end_streams_end_whole_and_the_console_is_gone(tmp_path: Path) -> None:
    desk = FakeDesk()
    desk.forever = True

    async def asked() -> bytes:
        door = await _opened(desk, tmp_path / "api.sock")
        reader, writer = await asyncio.open_unix_connection(tmp_path / "api.sock")
        writer.write(EVENTS)
        begun = await reader.readuntil(b"event: beat")
        await door.close(GRACE_S)
        rest = await reader.read()
        writer.close()
        return begun + rest

    assert asyncio.run(asyncio.wait_for(asked(), LIMIT_S)).endswith(b"0\r\n\r\n")
    assert desk.listening == 0


def test_at_the_end_who_is_being_answered_is_answered(tmp_path: Path) -> None:
    class Slow(FakeDesk):
        def __init__(self) -> None:
            super().__init__()
            self.asked_now = asyncio.Event()
            self.go_on = asyncio.Event()

        async def pair_open(self, data: bytes) -> object:  # type: ignore[override]  # what it gives is not looked at
            self.asked_now.set()
            await self.go_on.wait()
            return {"party": "bravo.example"}

    async def asked() -> bytes:
        desk = Slow()
        door = await _opened(desk, tmp_path / "api.sock")
        reader, writer = await asyncio.open_unix_connection(tmp_path / "api.sock")
        writer.write(b"POST /api/v1/pair/open HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\n\r\nx")
        await desk.asked_now.wait()
        asyncio.get_running_loop().call_soon(desk.go_on.set)
        await door.close(GRACE_S)
        answer = await reader.read()
        writer.close()
        return answer

    assert asyncio.run(asked()).endswith(b'{"party":"bravo.example"}')


def test_at_the_end_who_takes_too_long_is_cut_off(tmp_path: Path) -> None:
    class Stuck(FakeDesk):
        def __init__(self) -> None:
            super().__init__()
            self.asked_now = asyncio.Event()

        async def pair_open(self, data: bytes) -> object:  # type: ignore[override]  # it never gives anything
            self.asked_now.set()
            return await asyncio.Event().wait()

    async def asked() -> bytes:
        desk = Stuck()
        door = await _opened(desk, tmp_path / "api.sock")
        reader, writer = await asyncio.open_unix_connection(tmp_path / "api.sock")
        writer.write(b"POST /api/v1/pair/open HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\n\r\nx")
        await desk.asked_now.wait()
        await door.close(0)
        answer = await reader.read()
        writer.close()
        return answer

    assert not asyncio.run(asyncio.wait_for(asked(), LIMIT_S)).startswith(b"HTTP/1.1 200")


# HTTPS


NAME = "alpha.watch.example"


@pytest.fixture
def certified(tmp_path: Path) -> Folder:
    """A folder with a certificate of its own authority."""
    folder = Folder(tmp_path)
    certify(folder, "alpha.example", [NAME], SystemClock().now())
    return folder


async def _floor(desk: FakeDesk, tls: ssl.SSLContext) -> tuple[Door, int]:
    bound = bind_tcp("127.0.0.1", 0, everywhere=True)
    app = make_app(desk, SocketAuth(lambda _role: EVERYTHING))
    return await open_door(app, bound, tls), bound.getsockname()[1]


def _desk_trusts(file: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(file))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


async def _tls(port: int, file: Path, name: str = NAME) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port, ssl=_desk_trusts(file), server_hostname=name)


def test_a_desk_that_trusts_the_authority_is_served_by_tls_1_3(certified: Folder) -> None:
    async def asked() -> tuple[str, bytes, bytes]:
        door, port = await _floor(FakeDesk(), tls_context(certified.console_certificate))
        reader, writer = await _tls(port, certified.console_ca)
        spoken = writer.get_extra_info("ssl_object")
        writer.write(STATUS + STATUS)
        _, length = await _head(reader)
        await reader.readexactly(length)
        head, length = await _head(reader)
        body = await reader.readexactly(length)
        writer.close()
        await door.close(1)
        return spoken.version(), head.split(b"\r\n")[0], body

    version, line, body = asyncio.run(asyncio.wait_for(asked(), LIMIT_S))
    assert (version, line) == ("TLSv1.3", b"HTTP/1.1 200 OK")
    assert body.startswith(b'{"party":"alpha.example"')


def test_a_desk_that_does_not_trust_it_or_asks_for_another_name_goes_away(certified: Folder, tmp_path: Path) -> None:
    stranger = Folder(tmp_path / "stranger")
    certify(stranger, "alpha.example", [NAME], SystemClock().now())

    async def asked() -> None:
        door, port = await _floor(FakeDesk(), tls_context(certified.console_certificate))
        for file, name in ((stranger.console_ca, NAME), (certified.console_ca, "bravo.watch.example")):
            with pytest.raises(ssl.SSLCertVerificationError):
                await _tls(port, file, name)
        old = _desk_trusts(certified.console_ca)
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await asyncio.open_connection("127.0.0.1", port, ssl=old, server_hostname=NAME)
        await door.close(1)

    asyncio.run(asyncio.wait_for(asked(), LIMIT_S))


def test_plain_http_at_the_https_door_is_not_answered(certified: Folder) -> None:
    async def asked() -> bytes:
        door, port = await _floor(FakeDesk(), tls_context(certified.console_certificate))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(STATUS)
        answer = await reader.read()
        writer.close()
        await door.close(1)
        return answer

    assert not asyncio.run(asyncio.wait_for(asked(), LIMIT_S)).startswith(b"HTTP")


def test_over_https_too_streams_end_whole_when_the_door_closes(certified: Folder) -> None:
    desk = FakeDesk()
    desk.forever = True

    async def asked() -> bytes:
        door, port = await _floor(desk, tls_context(certified.console_certificate))
        reader, writer = await _tls(port, certified.console_ca)
        writer.write(EVENTS)
        begun = await reader.readuntil(b"event: beat")
        await door.close(GRACE_S)
        rest = await reader.read()
        writer.close()
        return begun + rest

    assert asyncio.run(asyncio.wait_for(asked(), LIMIT_S)).endswith(b"0\r\n\r\n")
    assert desk.listening == 0


def test_a_renewed_certificate_is_shown_to_whoever_comes_next(certified: Folder) -> None:
    async def asked() -> list[int]:
        tls = tls_context(certified.console_certificate)
        door, port = await _floor(FakeDesk(), tls)
        serials: list[int] = []
        for _ in range(2):
            reader, writer = await _tls(port, certified.console_ca)
            serials.append(int(writer.get_extra_info("peercert")["serialNumber"], 16))
            certify(Folder(certified.path), "alpha.example", [NAME], SystemClock().now())
            renew_tls(tls, certified.console_certificate)
            writer.write(STATUS)
            head, _ = await _head(reader)
            assert head.startswith(b"HTTP/1.1 200"), "who is there stays"
            writer.close()
        await door.close(1)
        return serials

    first, second = asyncio.run(asyncio.wait_for(asked(), LIMIT_S))
    assert first != second


def test_a_certificate_that_is_missing_or_spoilt_is_named_and_the_one_before_stays(certified: Folder) -> None:
    tls = tls_context(certified.console_certificate)
    certified.console_certificate.write_bytes(b"nonsense")
    with pytest.raises(UsageError, match="console-certificate-unreadable"):
        renew_tls(tls, certified.console_certificate)
    certified.console_certificate.unlink()
    with pytest.raises(UsageError, match="console-certificate-missing"):
        tls_context(certified.console_certificate)

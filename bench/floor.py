"""The floors: the least that any durable exchange over TLS 1.3 between two asyncio processes must do.

`floor-tls`: for every message the sender writes it to its own file and calls `fdatasync` (in a thread), sends it,
the receiver does the same with its file and answers with an 80-byte receipt; nothing is grouped.
`floor-signed` adds one Ed25519 signature and one verification each way for every message. Frozen: not to be
changed, or older figures lose their meaning.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

RECEIPT_BYTES = 80
_SIGNATURE_BYTES = 64
_KEYS = (Ed25519PrivateKey.from_private_bytes(b"a" * 32), Ed25519PrivateKey.from_private_bytes(b"b" * 32))


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed Ed25519 certificate for the floors, and its key."""
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "floor")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("floor")]), critical=False)
        .sign(key, None)
    )
    files = folder / "floor.crt", folder / "floor.key"
    files[0].write_bytes(certificate.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


class Disk:
    """One side's file: a write and an fdatasync for every message, in a thread."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)

    async def keep(self, data: bytes) -> None:
        """Make `data` durable."""
        await asyncio.get_running_loop().run_in_executor(None, self._keep, data)

    def _keep(self, data: bytes) -> None:
        os.write(self._file, data)
        os.fdatasync(self._file)


def _context(folder: Path, server: bool) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(folder / "floor.crt", folder / "floor.key")
    context.load_verify_locations(folder / "floor.crt")
    context.verify_mode = ssl.CERT_REQUIRED
    context.check_hostname = False
    return context


async def serve(folder: Path, signed: bool) -> None:
    """The receiving process: prints its port, serves until killed."""
    disk = Disk(folder / "floor-b.log")

    async def session(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks: set[asyncio.Task[None]] = set()
        try:
            while True:
                data = await reader.readexactly(int.from_bytes(await reader.readexactly(4), "big"))
                task = asyncio.ensure_future(_answer(data, writer, disk, signed))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(session, "127.0.0.1", 0, ssl=_context(folder, server=True))
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


async def _answer(data: bytes, writer: asyncio.StreamWriter, disk: Disk, signed: bool) -> None:
    number = data[:4]
    if signed:
        _public(0).verify(data[-_SIGNATURE_BYTES:], data[:-_SIGNATURE_BYTES])
    await disk.keep(data)
    receipt = number + bytes(RECEIPT_BYTES - 4 - _SIGNATURE_BYTES)
    receipt += _KEYS[1].sign(receipt) if signed else bytes(_SIGNATURE_BYTES)
    writer.write(len(receipt).to_bytes(4, "big") + receipt)


def _public(number: int) -> Ed25519PublicKey:
    return _PUBLICS[number]


_PUBLICS = tuple(key.public_key() for key in _KEYS)


@dataclass(frozen=True, slots=True)
class Tcp:
    """What the kernel counted on one TCP connection, both ways."""

    packets: int
    payload_bytes: int

    def wire_bytes(self, before: Tcp) -> int:
        """Bytes over IPv4 since `before`: payload and 52 bytes of IP and TCP headers (with time stamps) a packet."""
        return (self.payload_bytes - before.payload_bytes) + 52 * (self.packets - before.packets)


def tcp_info(connection: socket.socket) -> Tcp:
    """Read TCP_INFO (Linux): segments out and in, bytes sent and received."""
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 232)
    received = int.from_bytes(info[128:136], sys.byteorder)
    segments_out, segments_in = (int.from_bytes(info[at : at + 4], sys.byteorder) for at in (136, 140))
    sent = int.from_bytes(info[200:208], sys.byteorder)
    return Tcp(segments_out + segments_in, sent + received)


class Floor:
    """The sending process's end of a floor."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, disk: Disk, signed: bool) -> None:
        self._reader, self._writer, self._disk, self._signed = reader, writer, disk, signed
        self._by_number: dict[bytes, asyncio.Future[None]] = {}
        self._count = 0
        self._receipts = asyncio.ensure_future(self._read())

    async def exchange(self, text: bytes) -> None:
        """One message: durable here, durable there, receipted."""
        self._count += 1
        number = self._count.to_bytes(4, "big")
        data = number + text[4:]
        if self._signed:
            data += _KEYS[0].sign(data)
        await self._disk.keep(data)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._by_number[number] = done
        self._writer.write(len(data).to_bytes(4, "big") + data)
        await done

    def tcp(self) -> Tcp:
        """What the kernel has counted so far."""
        connection = self._writer.get_extra_info("socket")
        with socket.socket(fileno=os.dup(connection.fileno())) as counted:
            return tcp_info(counted)

    async def _read(self) -> None:
        while True:
            try:
                receipt = await self._reader.readexactly(int.from_bytes(await self._reader.readexactly(4), "big"))
            except (asyncio.IncompleteReadError, ConnectionError):
                return
            if self._signed:
                _public(1).verify(receipt[-_SIGNATURE_BYTES:], receipt[:-_SIGNATURE_BYTES])
            self._by_number.pop(receipt[:4]).set_result(None)


@asynccontextmanager
async def floor(folder: Path, signed: bool = False) -> AsyncIterator[Floor]:
    """A floor between this process and one of its own."""
    make_certificate(folder)
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.floor", str(folder), str(int(signed)), stdout=asyncio.subprocess.PIPE
    )
    assert server.stdout is not None
    port = int(await server.stdout.readline())
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=_context(folder, server=False))
    try:
        yield Floor(reader, writer, Disk(folder / "floor-a.log"), signed)
    finally:
        writer.close()
        server.kill()
        await server.wait()


async def raw_fdatasync_s(folder: Path, count: int) -> list[float]:
    """Seconds of each bare write and fdatasync, for the ratio of the floors to the machine."""
    disk = Disk(folder / "raw.log")
    result: list[float] = []
    for _ in range(count):
        begun = time.perf_counter()
        await disk.keep(bytes(104))
        result.append(time.perf_counter() - begun)
    return result


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), bool(int(sys.argv[2]))))

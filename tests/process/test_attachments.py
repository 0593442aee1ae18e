"""Attachments between real nodes: whole on both sides or not at all, and taken up where a kill -9 has cut them."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import cast

import apsw
import pytest

from openline.base.errors import PathError
from openline.base.limits import BLOB_BYTES_MAX, BLOB_CHUNK_BYTES
from openline.cli.client import Node, Place
from openline.cli.stage import Party, Stage
from tests.process.houses import (
    LINE,
    PATIENCE_S,
    Ran,
    ask,
    open_both,
    openline,
    readable,
    sentence,
    settled,
    until,
    verifies,
)

pytestmark = pytest.mark.process

MIB = 1_048_576


class Sluice:
    """Stands in the relay's paths, lets so many bytes through them all, and the rest once it is `open`."""

    def __init__(self, bytes_max: int) -> None:
        self.open = False
        self._left_bytes = bytes_max

    async def pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """What the relay does, and hold back."""
        with suppress(OSError):
            while data := await reader.read(65_536):
                self._left_bytes -= len(data)
                while self._left_bytes < 0 and not self.open:  # noqa: ASYNC110 - it is opened from another thread
                    await asyncio.sleep(0.01)
                writer.write(data)
                await writer.drain()
        writer.close()


def test_a_file_of_3_mb_arrives_as_it_was(stage: Stage, tmp_path: Path) -> None:
    alpha, bravo = stage.parties
    file = _file(tmp_path, 3 * MIB + 17)
    sent = openline(alpha.folder, "send", LINE, "The route, as a map.", "--file", str(file), "--json")
    assert sent.code == 0, sent
    entry = cast("list[str]", sent.json()["ids"])[0]
    digest = sha256(file.read_bytes()).hexdigest()
    took = until(lambda: _has(bravo, digest), PATIENCE_S, "the peer has the attachment")
    print(f"3 MB were fetched {took * 1e3:.0f} ms after the message was recorded")
    saved = openline(bravo.folder, "read", entry, "--save", str(tmp_path / "saved"), "--json")
    names = cast("list[str]", saved.json()["saved"])
    assert [Path(name).read_bytes() for name in names] == [file.read_bytes()]
    again = openline(bravo.folder, "read", entry, "--save", str(tmp_path / "saved"), "--json")
    sentence(again, "file-exists", 2)
    verifies(bravo.folder)
    out = str(tmp_path / "whole.olx")
    assert openline(bravo.folder, "record", "export", LINE, "-o", out, "--attachments").code == 0
    roots = [word for party in stage.parties for word in ("--root", f"{party.id}={party.founded.fingerprint}")]
    assert openline(tmp_path, "audit", "verify", out, *roots, "--json").json()["verdict"] == "VERIFIED"


def test_a_node_killed_while_it_fetches_goes_on_from_where_it_was(
    houses: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sluice = Sluice(10 * MIB)
    monkeypatch.setattr("openline.cli.stage._pump", sluice.pump)
    alpha, bravo = open_both(houses).parties
    file = _file(tmp_path, 24 * MIB + 5)
    digest = sha256(file.read_bytes()).hexdigest()
    ran: list[Ran] = []
    words = ("send", LINE, "A long one.", "--file", str(file), "--json")
    sender = threading.Thread(target=lambda: ran.append(openline(alpha.folder, *words)))
    sender.start()
    until(lambda: _chunks(bravo) >= 4, PATIENCE_S, "the peer has some of it")
    bravo.kill()
    sluice.open = True
    sender.join()
    assert ran[0].code == 0, ran
    had = _chunks(bravo)
    assert 4 <= had <= 10
    alpha.stop()
    bravo.start()
    offset = _offset(bravo, digest, file)
    assert offset == had * BLOB_CHUNK_BYTES, "what was durable is asked for again"
    alpha.start()
    until(lambda: _has(bravo, digest), PATIENCE_S, "the peer has the attachment")
    assert sha256(ask(bravo, "GET", f"/api/v1/blobs/{digest}").body).hexdigest() == digest
    until(lambda: settled(houses), PATIENCE_S, "the line is settled")


def test_an_upload_cut_off_by_a_kill_is_taken_up_by_the_same_command(houses: Stage, tmp_path: Path) -> None:
    alpha = houses.alpha
    alpha.start()
    data = _file(tmp_path, 12 * MIB + 3).read_bytes()
    digest = sha256(data).hexdigest()
    file = next(tmp_path.glob("*.bin"))
    killed = threading.Event()
    sender = threading.Thread(target=_upload_until, args=(alpha, digest, data, killed))
    sender.start()
    until(lambda: _chunks(alpha) >= 3, PATIENCE_S, "the node has some of it")
    alpha.kill()
    killed.set()
    sender.join()
    alpha.start()
    offset = _offset(alpha, digest, file)
    assert 3 * MIB <= offset < len(data)
    assert openline(alpha.folder, "send", LINE, "With the rest.", "--file", str(file)).code == 0
    assert ask(alpha, "GET", f"/api/v1/blobs/{digest}").body == data


def test_more_than_100_mb_is_refused_before_it_is_sent(houses: Stage, tmp_path: Path) -> None:
    alpha = houses.alpha
    alpha.start()
    file = tmp_path / "large.bin"
    with file.open("wb") as sparse:
        sparse.truncate(BLOB_BYTES_MAX + 1)
    ran = openline(alpha.folder, "send", LINE, "Too large.", "--file", str(file), "--json")
    sentence(ran, "attachment-too-large", 2)
    size = BLOB_BYTES_MAX + 1
    headers = {"Content-Range": f"bytes {size - 1}-{size - 1}/{size}"}
    by_api = ask(alpha, "PUT", f"/api/v1/blobs/{'0' * 64}", b"x", headers)
    assert (by_api.status, by_api.json()["error"]) in ((413, "attachment-too-large"), (400, "request-wrong"))
    assert ask(alpha, "GET", f"/api/v1/blobs/{'0' * 64}/offset?size={size}").status == 400


def test_an_attachment_that_is_not_what_its_digest_says_is_refused_and_removed(houses: Stage) -> None:
    alpha = houses.alpha
    alpha.start()
    digest = sha256(b"what was meant").hexdigest()
    wrong = ask(alpha, "PUT", f"/api/v1/blobs/{digest}", b"what came here")
    assert (wrong.status, wrong.json()["error"]) == (422, "blob-digest-wrong")
    readable(str(wrong.json()["text"]))
    assert ask(alpha, "GET", f"/api/v1/blobs/{digest}/offset?size=14").json()["offset"] == 0
    assert ask(alpha, "PUT", f"/api/v1/blobs/{digest}", b"what was meant").status == 200
    assert ask(alpha, "GET", f"/api/v1/blobs/{digest}").body == b"what was meant"


def test_two_files_and_an_empty_one_go_together(houses: Stage, tmp_path: Path) -> None:
    alpha, bravo = open_both(houses).parties
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "small").write_bytes(b"small")
    files = [word for name in ("empty", "small", "small") for word in ("--file", str(tmp_path / name))]
    sent = openline(alpha.folder, "send", LINE, "Three.", *files, "--wait", "received", "--json")
    assert sent.code == 0, sent
    entry = cast("list[str]", sent.json()["ids"])[0]
    until(lambda: _has(bravo, sha256(b"small").hexdigest()), PATIENCE_S, "the small one is here")
    until(lambda: _has(bravo, sha256(b"").hexdigest()), PATIENCE_S, "the empty one is here")
    assert len(cast("list[object]", bravo.entry(entry)["attachments"])) >= 2


def _file(folder: Path, size: int) -> Path:
    file = folder / f"{size}.bin"
    file.write_bytes(random.Random(size).randbytes(size))
    return file


def _has(party: Party, digest: str) -> bool:
    return ask(party, "GET", f"/api/v1/blobs/{digest}").status == 200


def _offset(party: Party, digest: str, file: Path) -> int:
    view = ask(party, "GET", f"/api/v1/blobs/{digest}/offset?size={file.stat().st_size}").json()
    return cast("int", view["offset"])


def _chunks(party: Party) -> int:
    """How many chunks of attachments are durable at a node, whether it runs or not."""
    blobs = apsw.Connection(str(party.folder / "blobs.db"), apsw.SQLITE_OPEN_READWRITE)
    blobs.set_busy_timeout(1_000)
    try:
        return cast("int", blobs.execute("SELECT count(*) FROM chunk").fetchall()[0][0])
    finally:
        blobs.close()


def _upload_until(party: Party, digest: str, data: bytes, killed: threading.Event) -> None:
    """Upload half of it, and the rest once the node is killed: it is never whole before, however slow the kill is."""
    node = Node(Place(party.folder / "api.sock", desk="watch", language="en"))

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(data), 262_144):
            if start > len(data) // 2:
                killed.wait()
            yield data[start : start + 262_144]

    try:
        node.put(f"/blobs/{digest}", pieces(), {"Content-Length": str(len(data))})
    except PathError:
        pass
    finally:
        node.close()

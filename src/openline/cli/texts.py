"""Texts and files that go out with a message: words of the command line or standard input, attachments from disk."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from openline.base.errors import PathError, UsageError
from openline.base.limits import BLOB_BYTES_MAX, TEXT_BYTES_MAX
from openline.cli.context import App
from openline.cli.progress import Progress

CHUNK_BYTES = 262_144
TRIES = 3


def read_text(app: App, words: Sequence[str]) -> str:
    """The text of a message: the words given, else standard input to its end, without its last line feed.

    Raises UsageError when it is empty, too long or not UTF-8.
    """
    if words and words != ("-",):
        text = " ".join(words)
    else:
        if sys.stdin.isatty():
            app.output.tell("told-write-text")
        try:
            text = sys.stdin.buffer.read(TEXT_BYTES_MAX + 2).decode("utf-8").removesuffix("\n")
        except UnicodeDecodeError as why:
            raise UsageError("text-not-utf8") from why
    try:
        size = len(text.encode())
    except UnicodeEncodeError as why:
        raise UsageError("text-not-utf8") from why
    if size > TEXT_BYTES_MAX:
        raise UsageError("text-too-long", field="text", size=size, limit=TEXT_BYTES_MAX)
    if not text.strip():
        raise UsageError("text-empty")
    return text


def upload(app: App, names: Sequence[str]) -> list[dict[str, object]]:
    """Bring files to the node; what it has of them already is not sent again. Returns how a message names them."""
    return [_upload(app, Path(name)) for name in names]


def _upload(app: App, file: Path) -> dict[str, object]:
    try:
        with file.open("rb") as opened:
            size = file.stat().st_size
            if size > BLOB_BYTES_MAX:
                raise UsageError("attachment-too-large", size=size, limit=BLOB_BYTES_MAX)
            progress = app.progress(file.name)
            digest = _digest(opened)
            try:
                _send(app, opened, digest, size, progress)
            finally:
                progress.end()
    except OSError as why:
        raise UsageError("file-unreadable", file=str(file), detail=why.strerror or type(why).__name__) from why
    return {"size": size, "sha256": digest}


def _send(app: App, opened: BinaryIO, digest: str, size: int, progress: Progress) -> None:
    """Send what the node lacks. A connection that breaks off is taken up again from what the node has durably."""
    for left in reversed(range(TRIES)):
        offset = _number(app.node.get(f"/blobs/{digest}/offset", {"size": size})["offset"])
        if offset >= size > 0:
            return
        opened.seek(offset)
        headers = {"Content-Length": str(size - offset)}
        if size:
            headers["Content-Range"] = f"bytes {offset}-{size - 1}/{size}"
        try:
            app.node.put(f"/blobs/{digest}", _pieces(opened, offset, size, progress), headers)
        except PathError:
            if not left:
                raise
        else:
            return


def _pieces(opened: BinaryIO, done: int, size: int, progress: Progress) -> Iterator[bytes]:
    while piece := opened.read(CHUNK_BYTES):
        done += len(piece)
        yield piece
        progress.at(done, size)


def _digest(opened: BinaryIO) -> str:
    digest = sha256()
    while piece := opened.read(CHUNK_BYTES):
        digest.update(piece)
    return digest.hexdigest()


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise PathError("node-broke-off", place="", detail="the offset is not a number")
    return value

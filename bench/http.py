"""A lean HTTP client over the node's Unix socket: what is measured is the hop, not a client library."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from types import TracebackType


class Http:
    """Keep-alive connections, one for each request under way."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def __aenter__(self) -> Http:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _, writer in self._idle:
            writer.close()

    async def say(self, text: str) -> None:
        """One message, answered when it is receipted."""
        await self._post("/api/v1/messages?wait=received", {"text": text})

    async def say_many(self, texts: list[str]) -> None:
        """One batch, answered when all of it is receipted."""
        await self._post("/api/v1/messages/batch?wait=received", {"messages": [{"text": text} for text in texts]})

    async def _post(self, path: str, body: object) -> bytes:
        reader, writer = self._idle.pop() if self._idle else await asyncio.open_unix_connection(str(self._socket))
        data = json.dumps(body).encode()
        fields = f"host: node\r\ncontent-type: application/json\r\ncontent-length: {len(data)}"
        head = f"POST {path} HTTP/1.1\r\n{fields}\r\n\r\n"
        writer.write(head.encode() + data)
        answer_head = await reader.readuntil(b"\r\n\r\n")
        status = answer_head.split(b" ", 2)[1]
        length = next(
            int(line.split(b":")[1])
            for line in answer_head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        )
        answer = await reader.readexactly(length)
        assert status in (b"200", b"201"), answer
        self._idle.append((reader, writer))
        return answer

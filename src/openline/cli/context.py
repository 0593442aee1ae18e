"""What every command is given: the settings, the output, the node and the clock."""

from __future__ import annotations

from pathlib import Path

from openline.base.errors import UsageError
from openline.base.time import Instant
from openline.cli.client import Node, Place
from openline.cli.output import Output
from openline.cli.progress import Progress
from openline.cli.settings import Settings
from openline.node.clock import SystemClock

SOCKET = "api.sock"
KEY_BYTES = 16


class App:
    """One run of one command."""

    def __init__(self, settings: Settings, schema: str) -> None:
        self.settings = settings
        self.output = Output(settings, schema)
        self.clock = SystemClock()
        self._node: Node | None = None

    @property
    def node(self) -> Node:
        """The node this command speaks to; nothing is opened before the first call."""
        if self._node is None:
            self._node = Node(self.place())
        return self._node

    def place(self) -> Place:
        """Where the node is. Raises UsageError when --node comes without a token."""
        settings = self.settings
        desk, language = settings.desk or "", settings.language
        if settings.node is None:
            return Place(settings.path / SOCKET, desk=desk, language=language)
        return Place(None, settings.node, read_token(settings.token_file), desk, language)

    def close(self) -> None:
        """End the connection, if there is one."""
        if self._node is not None:
            self._node.close()

    def now(self) -> Instant:
        """The time of day."""
        return self.clock.now()

    def new_key(self) -> str:
        """An idempotency key of its own for one command."""
        return self.clock.entropy(KEY_BYTES).hex()

    def progress(self, what: str) -> Progress:
        """Begin to show progress of long work."""
        return Progress(self.output, what, self.clock.now)


def read_token(file: str | None) -> str:
    """The first word of the token file. Raises UsageError when there is none."""
    if file is None:
        raise UsageError("token-file-needed")
    try:
        words = Path(file).expanduser().read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError) as why:
        raise UsageError("token-file-unreadable", file=file, detail=type(why).__name__) from why
    if not words:
        raise UsageError("token-file-unreadable", file=file, detail="it is empty")
    return words[0]

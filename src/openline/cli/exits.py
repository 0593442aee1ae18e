"""Exit codes, and which error ends in which. A code that is not listed here means failure."""

from __future__ import annotations

from enum import IntEnum

from openline.base.errors import BusyError, OpenlineError, PeerError, UsageError


class Exit(IntEnum):
    """How a command ended."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NOT_PROVEN = 3
    NOT_REACHED = 4
    CONFLICT = 5
    TAMPERED = 6
    INCOMPLETE = 7
    NOT_ALLOWED = 8
    NO_NODE = 9
    BUSY = 10
    INTERRUPTED = 130


MEANING = {
    Exit.OK: "done; `status`: every line is proven and the node has no problem",
    Exit.FAILED: "failed; `status`: the lines are proven but the node has a problem",
    Exit.USAGE: "the command was not understood or cannot be; nothing was written",
    Exit.NOT_PROVEN: "`status`: a line is not proven",
    Exit.NOT_REACHED: "recorded, but what `--wait` names was not reached in time",
    Exit.CONFLICT: "a conflict was found (notices)",
    Exit.TAMPERED: "verification FAILED: something is false",
    Exit.INCOMPLETE: "the record is incomplete; nothing false was found",
    Exit.NOT_ALLOWED: "this desk's role may not do that",
    Exit.NO_NODE: "the node cannot be reached",
    Exit.BUSY: "busy or locked; the same command may succeed later",
    Exit.INTERRUPTED: "interrupted by Ctrl-C",
}


class Refusal(OpenlineError):
    """What a node answered instead of doing it: `text` is its sentence, `status` the HTTP status."""

    def __init__(self, message_id: str, text: str, status: int, facts: dict[str, str | int]) -> None:
        super().__init__(message_id, **facts)
        self.text = text
        self.status = status


def exit_of(error: OpenlineError) -> Exit:
    """The exit code of an error: of its id where that has one of its own, else of its kind."""
    if error.message_id in _OF_ID:
        return _OF_ID[error.message_id]
    if isinstance(error, Refusal):
        return _OF_STATUS.get(error.status, Exit.FAILED)
    return next((code for kind, code in _OF_CLASS if isinstance(error, kind)), Exit.FAILED)


_OF_ID = {
    "trust-digits-differ": Exit.TAMPERED,
    "not-allowed": Exit.NOT_ALLOWED,
    "token-needed": Exit.NOT_ALLOWED,
    "node-unreachable": Exit.NO_NODE,
    "node-silent": Exit.NO_NODE,
    "node-broke-off": Exit.NO_NODE,
    "saying-uncertain": Exit.NO_NODE,
    "path-port-taken": Exit.BUSY,
    "store-fenced": Exit.BUSY,
    "store-in-use": Exit.BUSY,
}

_OF_STATUS = {
    400: Exit.USAGE,
    401: Exit.NOT_ALLOWED,
    403: Exit.NOT_ALLOWED,
    404: Exit.USAGE,
    405: Exit.USAGE,
    409: Exit.USAGE,
    411: Exit.USAGE,
    413: Exit.USAGE,
    422: Exit.TAMPERED,
    429: Exit.BUSY,
}

_OF_CLASS: tuple[tuple[type[OpenlineError], Exit], ...] = (
    (BusyError, Exit.BUSY),
    (UsageError, Exit.USAGE),
    (PeerError, Exit.TAMPERED),
)


def table() -> str:
    """The exit codes as a Markdown table, for docs/operating/cli.md."""
    rows = [f"| {int(code)} | {meaning} |" for code, meaning in MEANING.items()]
    return "\n".join(["| code | meaning |", "| --- | --- |", *rows])

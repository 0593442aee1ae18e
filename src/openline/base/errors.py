"""Errors, one class per reaction.

An error says what could not be done and what to do now. Its `message_id` names a sentence in the Fluent
catalogues (`base/locale/<language>/errors.ftl`) and `facts` fill it in; `base.catalogue.explain` renders it.
An expected answer ("declined", "too late") is a value, never an error.
"""

from __future__ import annotations


class OpenlineError(Exception):
    """Any failure openline foresees. `message_id` is a Fluent id; `facts` are its placeables."""

    def __init__(self, message_id: str, **facts: str | int) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.facts = facts

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.message_id} ({facts})" if facts else self.message_id


class UsageError(OpenlineError):
    """Our caller asked for what cannot be: nothing was written; show it."""


class BusyError(UsageError):
    """Not now: another holder, or the credit of this precedence is used up. The same call may succeed later."""


class PeerError(OpenlineError):
    """The peer's bytes are wrong: drop the path, keep the bytes."""


class ForkError(PeerError):
    """Two signed histories of one log: keep both, alarm, accept nothing more."""


class PathError(OpenlineError):
    """A path does not work: use another one."""


class StoreError(OpenlineError):
    """The record could not be written or read: stop the node; recovery starts from the store."""

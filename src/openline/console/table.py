"""The form of a route. All that the node answers to stands in tables of these; the OpenAPI document is made of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import msgspec

from openline.console.answers import JSON, Answer, Stream
from openline.console.calls import Call, Query
from openline.console.ports import Desk

Handler = Callable[[Desk, Call], Awaitable[Answer | Stream]]


class NoQuery(Query, frozen=True):
    """A route without query."""


@dataclass(frozen=True, slots=True)
class Body:
    """What a route takes or gives: bytes of a `media` type, or JSON (or each line of JSON) shaped as `shape`."""

    shape: type[object] | None = None
    media: str = JSON


@dataclass(frozen=True, slots=True)
class Route:
    """One route. `path` names its variable parts in braces; `does` is one line for the reader.

    `needs` is the capability its caller must have where no verb says so; `command` says that an idempotency key
    counts; `open_to_all` lets it answer without knowing who asks.
    """

    method: str
    path: str
    does: str
    handler: Handler
    gives: Body
    takes: Body | None = None
    query: type[Query] = NoQuery
    needs: str | None = None
    command: bool = False
    open_to_all: bool = False

    @property
    def name(self) -> str:
        """A name of its own, made of method and path: `post_messages_batch`."""
        words = self.path.removeprefix("/api/v1").replace("{", "").replace("}", "").replace(".", "_")
        return "_".join([self.method.lower(), *words.strip("/").split("/")])


def is_struct(shape: object) -> bool:
    """Whether `shape` is one of our own structures."""
    return isinstance(shape, type) and issubclass(shape, msgspec.Struct)

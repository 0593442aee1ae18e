"""Routes by which something is put on the record. Each verb of the line has its own address, made from the registry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec

from openline.base.errors import UsageError
from openline.base.limits import BATCH_MESSAGES_MAX
from openline.console.answers import Answer, json_answer
from openline.console.calls import Call, Mark, Query, Stage, Timeout
from openline.console.ports import Desk, VerbView
from openline.console.table import Body, Handler, Route
from openline.node.views import SaidView

MESSAGE = "send"
TEST = "test"
ENTRY_FIELD = "entry"
"""The argument by which a verb names the entry it is about; such verbs live under `/entries/{entry}/`."""

Arguments = dict[str, object]
SAID = Body(SaidView)


class Waiting(Query, frozen=True):
    """How to say it: on which line, under which mark, and what to wait for."""

    line: str | None = None
    mark: Mark = "OPERATION"
    wait: Stage = "recorded"
    timeout: Timeout = 30.0


class WaitingHere(Query, frozen=True):
    """The same where the address names the line."""

    mark: Mark = "OPERATION"
    wait: Stage = "recorded"
    timeout: Timeout = 30.0


class SayRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Any verb with its arguments."""

    verb: str
    arguments: Arguments


class BatchRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Messages to be recorded together: all of them or none."""

    messages: Annotated[list[Arguments], msgspec.Meta(min_length=1, max_length=BATCH_MESSAGES_MAX)]


class BatchView(msgspec.Struct, frozen=True):
    """Where each message of a batch stands, in the order given."""

    said: tuple[SaidView, ...]


async def send(desk: Desk, call: Call) -> Answer:
    """Send a message."""
    how = call.query(Waiting)
    arguments = await call.json(Arguments)
    return await say(desk, call, how, MESSAGE, arguments)


async def say(desk: Desk, call: Call, how: Waiting, verb: str, arguments: object) -> Answer:
    """Say `verb` as the caller of a request, with its idempotency key, and answer where it stands."""
    reason = call.unasked()
    if reason is not None:
        desk.noted(call.who, verb, reason)
    said = await desk.say(
        call.who,
        how.line,
        verb,
        arguments,
        key=call.key(),
        mark=how.mark,
        wait=how.wait,
        timeout_s=how.timeout,
    )
    return json_answer(said)


async def _send_batch(desk: Desk, call: Call) -> Answer:
    how = call.query(Waiting)
    request = await call.json(BatchRequest)
    many: list[object] = list(request.messages)
    said = await desk.say_many(
        call.who,
        how.line,
        MESSAGE,
        many,
        key=call.key(),
        mark=how.mark,
        wait=how.wait,
        timeout_s=how.timeout,
    )
    return json_answer(BatchView(tuple(said)))


async def _test(desk: Desk, call: Call) -> Answer:
    return await say(desk, call, call.query(Waiting), TEST, {})


async def _say_any(desk: Desk, call: Call) -> Answer:
    here = call.query(WaitingHere)
    request = await call.json(SayRequest)
    if request.verb not in desk.verbs():
        raise UsageError("verb-unknown", verb=request.verb)
    how = Waiting(line=call.path["line"], mark=here.mark, wait=here.wait, timeout=here.timeout)
    return await say(desk, call, how, request.verb, request.arguments)


def _about_an_entry(verb: str) -> Handler:
    async def handler(desk: Desk, call: Call) -> Answer:
        how = call.query(Waiting)
        arguments = await call.json(Arguments)
        if ENTRY_FIELD in arguments:
            raise UsageError("request-wrong", detail=f"the address names the {ENTRY_FIELD}")
        return await say(desk, call, how, verb, {ENTRY_FIELD: call.path["entry"], **arguments})

    return handler


def is_about_an_entry(verb: VerbView) -> bool:
    """Whether this verb is said about an entry that is there already."""
    return ENTRY_FIELD in verb.arguments.__struct_fields__


def say_routes(verbs: Mapping[str, VerbView]) -> list[Route]:
    """The routes that put something on the record."""
    return [
        _command("/api/v1/messages", "Send a message", send, Body(verbs[MESSAGE].arguments)),
        _command(
            "/api/v1/messages/batch",
            f"Send up to {BATCH_MESSAGES_MAX} messages, all recorded or none",
            _send_batch,
            Body(BatchRequest),
            Body(BatchView),
        ),
        _command("/api/v1/tests", "Test a line now", _test),
        Route(
            "POST",
            "/api/v1/lines/{line}/say",
            "Say any verb on a line",
            _say_any,
            SAID,
            takes=Body(SayRequest),
            query=WaitingHere,
            command=True,
        ),
        *(
            _command(
                f"/api/v1/entries/{{entry}}/{verb.name}",
                verb.summary,
                _about_an_entry(verb.name),
                Body(verb.arguments),
            )
            for verb in verbs.values()
            if is_about_an_entry(verb)
        ),
    ]


def _command(path: str, does: str, handler: Handler, takes: Body | None = None, gives: Body = SAID) -> Route:
    return Route("POST", path, does, handler, gives, takes=takes, query=Waiting, command=True)

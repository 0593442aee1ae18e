"""Routes by which the node is run: pairing, the watch, the doctor, backups, metrics, life."""

from __future__ import annotations

import msgspec

from openline.base.limits import CARD_BYTES_MAX
from openline.console.answers import BYTES, JSON_LINES, TEXT, Answer, Stream, json_answer, json_lines
from openline.console.auth import OPERATE
from openline.console.calls import Call
from openline.console.ports import Desk, Finding, InvitationView
from openline.console.table import Body, Route
from openline.node.views import LineView

INVITATION_BYTES_MAX = 8 * CARD_BYTES_MAX


class ConfirmRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An invitation with the digits a person has heard from the other side, and who that person is."""

    invitation: bytes
    fingerprint: str
    confirmed_by: str
    line: str | None = None


class BackupRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the backup goes: a path on the node's machine that does not exist yet."""

    target: str


class HealthView(msgspec.Struct, frozen=True):
    """What the doctor found."""

    findings: tuple[Finding, ...]


class WatchView(msgspec.Struct, frozen=True):
    """Whether this desk is on watch."""

    desk: str
    on: bool


class AliveView(msgspec.Struct, frozen=True):
    """The process answers. Whether its lines are proven, `/api/v1/status` says."""

    alive: bool


async def _open(desk: Desk, call: Call) -> Answer:
    return json_answer(await desk.pair_open(await call.body()))


async def _confirm(desk: Desk, call: Call) -> Answer:
    asked = await call.json(ConfirmRequest)
    line = await desk.pair_confirm(asked.invitation, asked.line, asked.confirmed_by, asked.fingerprint)
    return json_answer(line)


async def _card(desk: Desk, _call: Call) -> Answer:
    return Answer(desk.card(), BYTES)


async def _doctor(desk: Desk, call: Call) -> Answer:
    return json_answer(HealthView(tuple(desk.doctor(call.who.language))))


async def _backup(desk: Desk, call: Call) -> Stream:
    asked = await call.json(BackupRequest)
    return Stream(json_lines(desk.backup(asked.target), call.who.language), JSON_LINES)


async def _watch_on(desk: Desk, call: Call) -> Answer:
    desk.watch_on(call.who)
    return json_answer(WatchView(call.who.desk, on=True))


async def _watch_off(desk: Desk, call: Call) -> Answer:
    desk.watch_off(call.who)
    return json_answer(WatchView(call.who.desk, on=False))


async def _metrics(desk: Desk, _call: Call) -> Answer:
    return Answer(desk.metrics().encode(), TEXT)


async def _alive(_desk: Desk, _call: Call) -> Answer:
    return json_answer(AliveView(alive=True))


KEEP_ROUTES = [
    Route(
        "POST",
        "/api/v1/pair/open",
        "Read an invitation; nothing is accepted",
        _open,
        Body(InvitationView),
        takes=Body(media=BYTES),
        needs=OPERATE,
    ),
    Route(
        "POST",
        "/api/v1/pair/confirm",
        "Accept an invitation whose 30 digits a person has heard",
        _confirm,
        Body(LineView),
        takes=Body(ConfirmRequest),
        needs=OPERATE,
    ),
    Route("GET", "/api/v1/card", "Our own invitation", _card, Body(media=BYTES)),
    Route("PUT", "/api/v1/watch", "This desk is on watch", _watch_on, Body(WatchView)),
    Route("DELETE", "/api/v1/watch", "This desk has left the watch", _watch_off, Body(WatchView)),
    Route("GET", "/api/v1/doctor", "What is right and wrong with this node", _doctor, Body(HealthView)),
    Route(
        "POST",
        "/api/v1/backup",
        "Write a backup: progress lines, then what was written",
        _backup,
        Body(dict[str, object], JSON_LINES),
        takes=Body(BackupRequest),
        needs=OPERATE,
    ),
    Route("GET", "/metrics", "Counters for Prometheus", _metrics, Body(media=TEXT)),
    Route("GET", "/healthz", "Whether the process answers", _alive, Body(AliveView), open_to_all=True),
]

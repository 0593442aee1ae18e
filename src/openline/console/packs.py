"""The route that makes a dispute pack."""

from __future__ import annotations

from typing import Annotated

import msgspec

from openline.console.answers import BUNDLE, Stream
from openline.console.calls import Call, Query
from openline.console.ports import Desk
from openline.console.read import Flag
from openline.console.table import Body, Route
from openline.node.views import PackAsked

Ids = Annotated[str, msgspec.Meta(description="ids of entries, with commas between")]


class Packing(Query, frozen=True):
    """A period, from `since` to before `until`, or entries, `about` or a `call`; and whose bodies stay out."""

    since: str | None = None
    until: str | None = None
    about: Ids = ""
    call: str | None = None
    redact: Ids = ""
    show: Ids = ""
    reason: str = ""
    attachments: Flag = True


async def _pack(desk: Desk, call: Call) -> Stream:
    asked = call.query(Packing)
    line = desk.line_of(call.path["line"])
    name = (("content-disposition", f'attachment; filename="{line}-pack.zip"'),)
    wanted = PackAsked(
        since=asked.since,
        until=asked.until,
        about=_ids(asked.about),
        call=asked.call,
        redact=_ids(asked.redact),
        show=_ids(asked.show),
        reason=asked.reason,
        attachments=asked.attachments,
    )
    return Stream(desk.pack(call.who, line, wanted), BUNDLE, name)


def _ids(text: str) -> tuple[str, ...]:
    return tuple(one for one in text.split(",") if one)


PACK_ROUTES = [
    Route(
        "GET",
        "/api/v1/record/{line}/pack",
        "One incident or period of all logs as one file that anyone can verify",
        _pack,
        Body(media=BUNDLE),
        query=Packing,
    ),
]

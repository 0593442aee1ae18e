"""The kinds of a plain line. Adding one is one file and one row here; other rooms add theirs in node/wiring."""

from __future__ import annotations

from collections.abc import Iterable

from openline.line import (
    cancellation,
    correction,
    linetest,
    message,
    name,
    receipt,
    service,
    silence,
    status,
    term,
    translation,
)
from openline.line.kinds import Kind, Registry

KINDS = (
    message.KIND,
    translation.KIND,
    correction.KIND,
    cancellation.KIND,
    receipt.KIND,
    linetest.TEST_KIND,
    linetest.ANSWER_KIND,
    status.KIND,
    service.KIND,
    silence.KIND,
    name.KIND,
    term.KIND,
)


def standard(more: Iterable[Kind] = ()) -> Registry:
    """The registry of the kinds above and `more`."""
    return Registry((*KINDS, *more))

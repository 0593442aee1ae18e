"""The kinds of a plain line. Adding one is one file and one row here; other rooms add theirs in node/wiring."""

from __future__ import annotations

from collections.abc import Iterable

from openline.line import (
    allegation,
    attempt,
    callrequest,
    cancellation,
    charter,
    check,
    contact,
    correction,
    demand,
    escalation,
    handover,
    linetest,
    message,
    name,
    readback,
    readout,
    receipt,
    service,
    silence,
    statement,
    status,
    stop,
    tap,
    term,
    translation,
    warning,
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
    contact.KIND,
    statement.KIND,
    callrequest.REQUEST_KIND,
    callrequest.ANSWER_KIND,
    attempt.KIND,
    readout.KIND,
    demand.DEMAND_KIND,
    demand.ANSWER_KIND,
    warning.KIND,
    allegation.ALLEGATION_KIND,
    allegation.REPLY_KIND,
    name.KIND,
    term.KIND,
    charter.CHARTER_KIND,
    charter.ANSWER_KIND,
    stop.STOP_KIND,
    stop.ANSWER_KIND,
    readback.KIND,
    handover.KIND,
    check.KIND,
    escalation.KIND,
    tap.KIND,
)


def standard(more: Iterable[Kind] = ()) -> Registry:
    """The registry of the kinds above and `more`."""
    return Registry((*KINDS, *more))

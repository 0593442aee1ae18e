"""The kinds of a plain line: their numbers are on the wire for ever."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import msgspec

import openline.line
import openline.voice
from openline.line.kinds import Kind
from openline.line.standard import KINDS, kinds_in, standard


def test_numbers_and_names_never_change() -> None:
    assert [(kind.number, kind.name) for kind in KINDS] == [
        (1, "message"),
        (2, "translation"),
        (3, "correction"),
        (4, "cancellation"),
        (5, "receipt"),
        (6, "test"),
        (7, "test-answer"),
        (8, "line-status"),
        (9, "service"),
        (10, "silence"),
        (20, "contact"),
        (21, "statement"),
        (22, "call-request"),
        (23, "request-answer"),
        (24, "attempt"),
        (25, "readout"),
        (26, "demand"),
        (27, "demand-answer"),
        (28, "warning"),
        (29, "allegation"),
        (30, "allegation-reply"),
        (31, "name"),
        (32, "term"),
        (33, "charter"),
        (34, "charter-answer"),
        (35, "stop"),
        (36, "stop-answer"),
        (37, "read-back"),
        (38, "handover"),
        (39, "check"),
        (40, "escalation"),
        (41, "tap"),
        (42, "officer"),
        (43, "signature"),
        (44, "hold"),
        (45, "erasure"),
        (46, "membership"),
        (47, "membership-answer"),
    ]


def test_what_people_may_say() -> None:
    assert [(verb.name, verb.capability) for verb in standard().verbs] == [
        ("ack", "accept"),
        ("allege", "send"),
        ("answer-allegation", "send"),
        ("answer-charter", "charter"),
        ("answer-demand", "send"),
        ("answer-request", "request"),
        ("answer-stop", "accept"),
        ("assent", "declare"),
        ("attempt", "state"),
        ("check", "accept"),
        ("check-date", "accept"),
        ("confirm", "send"),
        ("contact", "state"),
        ("correct", "send"),
        ("declare", "declare"),
        ("demand", "send"),
        ("denounce-charter", "charter"),
        ("formula", "send"),
        ("hand-over", "accept"),
        ("hold", "declare"),
        ("leave-line", "declare"),
        ("lift-hold", "declare"),
        ("name", "translate"),
        ("pass", "accept"),
        ("propose-charter", "charter"),
        ("propose-join", "declare"),
        ("propose-removal", "declare"),
        ("publish", "release"),
        ("read", "read"),
        ("read-back", "accept"),
        ("refuse-membership", "declare"),
        ("reissue", "send"),
        ("reply", "send"),
        ("request", "request"),
        ("respond", "send"),
        ("send", "send"),
        ("service", "service"),
        ("sign", "read"),
        ("state", "state"),
        ("stop", "accept"),
        ("take-over", "accept"),
        ("tap", "read"),
        ("term", "translate"),
        ("test", "test"),
        ("translate", "translate"),
        ("warn", "send"),
        ("withdraw", "send"),
        ("withdraw-charter", "charter"),
    ]


def test_every_verb_can_be_described_to_other_programs() -> None:
    for verb in standard().verbs:
        schema = msgspec.json.schema(verb.arguments)
        (described,) = [value for name, value in schema["$defs"].items() if name == verb.arguments.__name__]
        assert described["additionalProperties"] is False
        assert verb.summary


def test_no_kind_of_any_module_is_left_out() -> None:
    modules = [import_module(f"openline.line.{file.name}") for file in iter_modules(openline.line.__path__)]
    made = [value for module in modules for value in vars(module).values() if isinstance(value, Kind)]
    assert {kind.number for kind in made} == {kind.number for kind in KINDS}


def test_the_kinds_of_the_telephone_are_found_as_well() -> None:
    assert [(kind.number, kind.name) for kind in kinds_in(openline.voice)] == [
        (11, "call"),
        (12, "call-step"),
        (13, "recording-chunk"),
    ]

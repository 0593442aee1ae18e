"""The kinds of a plain line: their numbers are on the wire for ever."""

from __future__ import annotations

import msgspec

from openline.line.standard import KINDS, standard


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
        (31, "name"),
        (32, "term"),
    ]


def test_what_people_may_say() -> None:
    assert [(verb.name, verb.capability) for verb in standard().verbs] == [
        ("ack", "accept"),
        ("correct", "send"),
        ("declare", "declare"),
        ("formula", "send"),
        ("name", "translate"),
        ("pass", "accept"),
        ("read", "read"),
        ("reply", "send"),
        ("send", "send"),
        ("service", "service"),
        ("term", "translate"),
        ("test", "test"),
        ("translate", "translate"),
        ("withdraw", "send"),
    ]


def test_every_verb_can_be_described_to_other_programs() -> None:
    for verb in standard().verbs:
        schema = msgspec.json.schema(verb.arguments)
        (described,) = [value for name, value in schema["$defs"].items() if name == verb.arguments.__name__]
        assert described["additionalProperties"] is False
        assert verb.summary

"""The chronology as data: it can be played from any place that resolves its references. Its story: tests/story."""

from __future__ import annotations

import msgspec

from openline.cli.scenario_2022 import LINES, STEPS, Step, resolved
from openline.line.standard import standard


def test_every_step_is_a_verb_with_arguments_it_takes() -> None:
    registry = standard()
    ids: dict[str, str] = {}
    for number, step in enumerate(STEPS):
        msgspec.convert(resolved(step.arguments, ids), registry.verb(step.verb).arguments)
        ids |= {step.key: f"{step.who}:{number}"} if step.key else {}


def test_a_step_names_only_steps_before_it_on_its_own_line() -> None:
    known: dict[str, Step] = {}
    for step in STEPS:
        for value in step.arguments.values():
            if isinstance(value, str) and value.startswith("@"):
                assert known[value[1:]].line == step.line
        known |= {step.key: step} if step.key else {}


def test_days_follow_one_another_and_members_speak_on_their_own_lines() -> None:
    assert [step.day for step in STEPS] == sorted(step.day for step in STEPS)
    assert all(step.who in LINES[step.line] for step in STEPS)

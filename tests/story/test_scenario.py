"""`openline demo --scenario 2022`: the published chronology through three nodes as processes, asked and audited."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from openline.cli.scenario_2022 import STEPS
from openline.cli.scenario_answers import ANSWERS

WITHIN_S = 90


@pytest.mark.process
def test_the_chronology_is_played_asked_and_verified_and_ends_in_zero() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "openline.cli.main", "demo", "--scenario", "2022", "--once", "--json"],
        capture_output=True,
        text=True,
        timeout=2 * WITHIN_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *rows, last = [json.loads(line) for line in done.stdout.splitlines()]
    assert (last["schema"], last["ok"], last["steps"]) == ("openline.demo/1", True, len(rows))
    assert last["took_s"] < WITHIN_S
    assert {row["schema"] for row in rows} == {"openline.demo.step/1"}
    said = [(row["day"], row["party"], row["line"], row["source"]) for row in rows if "source" in row]
    assert said == [(step.day, step.who, step.line, step.source) for step in STEPS]
    assert [row["command"] for row in rows if "command" in row] == list(ANSWERS)
    assert [row["verdict"] for row in rows if "verdict" in row] == ["VERIFIED"] * 5
    assert sum("without a single text" in row["text"] for row in rows) == 1

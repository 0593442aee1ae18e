"""A few seeds of the simulation in the test run; `make sim` and `make check` run hundreds."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.sim.__main__ import Tally, main
from tests.sim.faults import FAULTS
from tests.sim.run import MESSAGES_MIN, simulate

SEEDS = (1, 2, 3, 4)
"""Seed 4 has three members, the others two."""


@pytest.mark.parametrize("seed", SEEDS)
def test_no_rule_is_broken_whatever_goes_wrong(seed: int) -> None:
    result = simulate(seed)
    assert not result.violations, "\n".join(map(str, result.violations))
    assert result.counts["messages"] >= MESSAGES_MIN
    assert not [name for name in (*FAULTS, "fork") if not result.counts[name]]


def test_the_same_seed_gives_the_same_run_to_the_byte() -> None:
    assert simulate(5).digest == simulate(5).digest


def test_other_seeds_give_other_runs() -> None:
    assert simulate(5).digest != simulate(6).digest


def test_the_run_does_not_depend_on_the_process_it_is_in() -> None:
    told = [
        subprocess.run(
            [sys.executable, "-c", "from tests.sim.run import simulate; print(simulate(7).digest)"],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for hash_seed in ("1", "2")
    ]
    assert told[0] == told[1] == f"{simulate(7).digest}\n"


def test_a_block_file_says_what_is_done_already(tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
    block = f"{tmp_path}/block.json"
    assert main(["--seed", "1", "--runs", "1", "--block", block]) == 0
    assert main(["--seed", "1", "--runs", "2", "--block", block]) == 0
    assert "2 seeds, 0 violations" in capsys.readouterr().out


def test_a_tally_survives_its_file() -> None:
    tally = Tally()
    tally.add(simulate(1))
    assert Tally.unpack(tally.pack()).line(0) == tally.line(0)

"""Bugs planted in the real code, one at a time: the checkers must find each within a handful of seeds."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.sim import planted
from tests.sim.checkers import RULES, missing, missing_by_index_only
from tests.sim.run import Result, Run, simulate

HANDFUL = range(1, 17)

FOUND_BY: dict[planted.Plant, set[str]] = {
    planted.receipt_before_commit: {"commit-before-signature"},
    planted.push_before_commit: {"commit-before-signature"},
    planted.nothing_sent_again: {"equal-in-the-end", "flash-not-blocked"},
    planted.duplicates_taken_twice: {"one-history"},
    planted.rewritten_after_crash: {"one-history"},
    planted.quarantine_ignored: {"quarantine-holds", "one-history"},
    planted.flash_in_the_queue: {"flash-not-blocked"},
    planted.stages_lost_on_restart: {"book-is-the-fold", "equal-in-the-end"},
    planted.fork_not_noticed: {"fork-is-noticed"},
    planted.kept_taken_for_lost: {"key-counts-once"},
    planted.newest_tip_told: {"commit-before-signature"},
    planted.given_back_thin: {"equal-in-the-end", "flash-not-blocked"},
    planted.keys_forgotten: {"key-counts-once"},
    planted.receipts_unchecked: {"received-is-held"},
}


@pytest.mark.parametrize("plant", FOUND_BY, ids=lambda plant: plant.__name__)
def test_a_planted_bug_is_found(plant: planted.Plant) -> None:
    with plant():
        first = _first_to_fail()
    assert first is not None, f"{plant.__name__} was not found by seeds {HANDFUL}"
    rules = {violation.rule for violation in first.violations}
    assert rules & FOUND_BY[plant], f"seed {first.seed} broke {rules}: {first.violations[0]}"


def test_every_rule_named_here_is_one_of_the_checkers() -> None:
    assert set().union(*FOUND_BY.values()) <= RULES.keys()


def test_a_checker_keyed_by_the_index_alone_does_not_see_a_rewritten_entry() -> None:
    """The control that loses: what an officer was told is recorded was rewritten, and every index is still there."""
    found: list[tuple[int, int]] = []
    with planted.rewritten_after_crash():
        for seed in HANDFUL:
            runs: list[Run] = []
            simulate(seed, change=runs.append)
            for here in runs[0].houses:
                told, entries = runs[0].auditor.told(here), here.disk.content.logs[here.origin].entries
                found.append((len(missing(told, entries)), len(missing_by_index_only(told, entries))))
    blind = [by_hash for by_hash, by_index in found if not by_index]
    assert sum(blind), "keyed by index and hash losses show where, keyed by the index alone, there are none"


def _first_to_fail(seeds: Sequence[int] = HANDFUL) -> Result | None:
    return next((result for result in map(simulate, seeds) if result.violations), None)

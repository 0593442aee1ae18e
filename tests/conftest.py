"""What every test shares: Hypothesis profiles, and the rule that nothing is left out quietly.

`make test` may skip what this machine cannot run and says so at the end. Under `OPENLINE_CI=1`, which
`make check` sets, a skipped test is a failed test; only what needs data of others, which is no part of the repository,
may be left out there, and says so.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

DATA_OF_OTHERS = "this data of others is not on this machine"
NOTHING_LEFT_OUT = os.environ.get("OPENLINE_CI") == "1"

settings.register_profile("dev", max_examples=100, deadline=None)
settings.register_profile(
    "ci", max_examples=200, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "fuzz", max_examples=50_000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if NOTHING_LEFT_OUT else "dev"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turns a skipped test into a failed one where nothing may be left out."""
    report = yield
    return _refuse_skip(report) if NOTHING_LEFT_OUT else report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a module that skips itself."""
    report = yield
    return _refuse_skip(report) if NOTHING_LEFT_OUT else report


def _refuse_skip(report: Report) -> Report:
    if report.skipped and not hasattr(report, "wasxfail") and DATA_OF_OTHERS not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"Left out, and nothing may be left out here (OPENLINE_CI=1): {report.longrepr}"
    return report

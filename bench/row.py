"""One claim of the measurements, as it is printed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One claim: what was measured, the limit, and whether it holds."""

    claim: str
    value: float
    limit: str
    holds: bool | None
    note: str = ""


def percentile(values: list[float], percent: float) -> float:
    """The value below which `percent` of `values` lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * percent / 100))]

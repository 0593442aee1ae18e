"""What the desk shows of the watch, for the console: its log, the silence ledger and the monthly report."""

from __future__ import annotations

from openline.line.report import LineReport
from openline.line.watchview import LedgerView, WatchLogView

__all__ = ["LedgerView", "LineReport", "WatchLogView"]

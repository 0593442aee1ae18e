"""What the desk shows of the watch: the log of the watch, the silence ledger and the monthly report, for the console."""

from __future__ import annotations

from openline.line.report import LineReport
from openline.line.watchview import LedgerView, WatchLogView

__all__ = ["LedgerView", "LineReport", "WatchLogView"]

"""What the desk shows of the watch, for the console: its log, procedure, silence ledger and monthly report."""

from __future__ import annotations

from openline.line.report import LineReport
from openline.line.watchview import LedgerView, WatchLogView
from openline.node.sop import SopView

__all__ = ["LedgerView", "LineReport", "SopView", "WatchLogView"]

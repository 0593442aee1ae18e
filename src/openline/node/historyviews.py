"""What the desk shows of the history and of what was demanded, warned of and alleged, for the console."""

from __future__ import annotations

from openline.line.demandview import AllegationView, DemandView, WarningView
from openline.line.historyview import NamePage, OverviewView, RecurringView

__all__ = ["AllegationView", "DemandView", "NamePage", "OverviewView", "RecurringView", "WarningView"]

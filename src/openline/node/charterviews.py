"""What the desk shows of charters, for the console."""

from __future__ import annotations

from openline.line.charterview import CharterPage, ChartersView, CharterView, ClauseChangeView, ClauseView

__all__ = ["CharterPage", "CharterView", "ChartersView", "ClauseChangeView", "ClauseView"]

"""Openline: the line two headquarters keep open, and the record of it that both can prove."""

__version__ = "0.1.0"

"""Simulated watches: officers with mistakes and absence, and what the record must say of them all the same."""

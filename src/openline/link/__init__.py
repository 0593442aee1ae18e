"""Keeps two records equal over bad paths. Sans-IO; carries entries, never reads a body."""

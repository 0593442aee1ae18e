"""One headquarters' running service: configuration, clock, the turn, the desk, and what keeps them going."""

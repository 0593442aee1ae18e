"""Seeded simulation: a whole line, its network, clocks and disks, in one process."""

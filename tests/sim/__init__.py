"""Seeded simulation: a whole line, its network, clocks and disks, in one process and in no time.

`python -m tests.sim --seed 7 --runs 300` runs it. Every module of a node above the socket and below the file is the
real one; `network`, `clock` and `disk` stand for the world, `people` for officers, `hostile` for a peer that lies,
`faults` for everything that goes wrong, and `checkers` for the auditor who watches all of it.
"""

"""The command line. It speaks HTTP to a running node; making a party, restoring and auditing work without one.

Modules here import what a command needs only when it runs: `openline status` must answer at once.
"""

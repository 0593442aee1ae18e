"""Real nodes as real processes, over real TLS and real SQLite, on loopback: what the simulation cannot show.

`python -m tests.process.kill --rounds 50` is the long form of `test_kill`. `houses` starts and asks them, `load` are
officers who never stop, `ledger` holds what they were told and judges it against what the records hold.
"""

"""The command line, against the fixed world of `tests.console.desk` and against real folders."""

"""The demonstration tells the truth: it ends well when all is right, and names the entry when a byte is not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

OPENLINE = [sys.executable, "-m", "openline.cli.main"]


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*OPENLINE, *words], capture_output=True, text=True, timeout=120, check=False)


def test_demo_once_plays_to_the_end_and_both_records_verify() -> None:
    done = _run("demo", "--once", "--json")
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["schema"] for row in rows[:-1]] == ["openline.demo.step/1"] * (len(rows) - 1)
    assert [row["verdict"] for row in rows if "verdict" in row] == ["VERIFIED", "VERIFIED"]
    assert rows[-1]["ok"] is True
    assert rows[-1]["steps"] == len(rows) - 1 >= 15


def test_demo_tamper_names_the_entry_and_ends_in_six() -> None:
    done = _run("demo", "tamper", "--json")
    assert done.returncode == 6, done.stderr
    verdict = json.loads(done.stdout)
    assert verdict["verdict"] == "FALSE"
    named = [finding["facts"]["entry"] for finding in verdict["findings"] if finding["id"] == "audit-body-changed"]
    assert [entry.partition(":")[0] for entry in named] == ["alpha"], "one bit is the text of one entry"


def test_demo_tamper_of_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    done = _run("demo", "tamper", str(tmp_path / "none.olx"))
    assert done.returncode == 2
    assert "none.olx" in done.stderr

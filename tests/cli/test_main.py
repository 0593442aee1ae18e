"""`openline` as a process: quick to start, importing only what it needs, and honest to scripts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from openline import __version__
from openline.cli.main import PLACES, main, openline
from tests.cli.conftest import FakeNode, Run

# What `openline status` must do without: each of these costs more than the whole command may.
HEAVY = (
    "rich",
    "starlette",
    "uvicorn",
    "anyio",
    "fluent",
    "cryptography",
    "nacl",
    "apsw",
    "cbor2",
    "msgspec",
    "asyncio",
)


def _started(*words: str, folder: Path, then: str = "") -> subprocess.CompletedProcess[str]:
    program = f"import sys\nfrom openline.cli.main import main\ntry:\n    main()\nfinally:\n    {then or 'pass'}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENLINE")}
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        env={**environment, "OPENLINE_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("more", [["--json"], []])
def test_status_imports_only_what_it_needs(node: FakeNode, more: list[str]) -> None:
    ran = _started("status", *more, folder=node.folder, then="print(*sys.modules, file=sys.stderr)")
    assert ran.returncode == 0, ran.stderr
    loaded = {name.partition(".")[0] for name in ran.stderr.split()}
    assert not loaded & set(HEAVY)
    assert "click" in loaded


def test_a_process_ends_in_the_documented_code(tmp_path: Path, node: FakeNode) -> None:
    assert _started("status", folder=node.folder).returncode == 0
    assert _started("status", folder=tmp_path).returncode == 9
    assert _started("nonsense", folder=tmp_path).returncode == 2
    node.desk.state = "DOWN"
    ran = _started("status", "--json", folder=node.folder)
    assert ran.returncode == 3
    assert json.loads(ran.stdout)["lines"][0]["state"] == "DOWN"


def test_a_pipe_that_is_closed_early_is_no_traceback(node: FakeNode) -> None:
    program = "from openline.cli.main import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", program, "inbox"],
        env={**os.environ, "OPENLINE_DIR": str(node.folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert "Traceback" not in running.stderr.read()


def test_the_version_is_printed(run: Run) -> None:
    assert run("--version").out == f"openline {__version__}\n"


def test_without_a_command_the_help_is_shown(run: Run) -> None:
    ran = run()
    assert ran.code == 2
    assert "status" in ran.err


def test_the_entry_point_is_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["openline", "--version"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert openline.name == "openline"
    assert next(iter(PLACES)) == "status"

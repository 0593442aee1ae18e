"""`node run` as a process: it says when it is ready, answers, keeps a second one away, and ends when told."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from openline.cli.running import tell_systemd
from tests.cli.conftest import Run

pytestmark = pytest.mark.process


@pytest.fixture
def folder(run: Run, tmp_path: Path) -> Path:
    (tmp_path / "phrase").write_text("correct horse\n")
    words = ["init", "alpha.example", "--dir", str(tmp_path / "a"), "--passphrase-file", str(tmp_path / "phrase")]
    assert run(*words).code == 0
    return tmp_path / "a"


@contextmanager
def _running(folder: Path, told: socket.socket | None = None) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, **({"NOTIFY_SOCKET": str(told.getsockname())} if told is not None else {})}
    program = "from openline.cli.main import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "node", "run", "--dir", str(folder)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def _service_manager(folder: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(folder / "notify"))
        told.settimeout(20)
        yield told


def test_a_node_is_ready_when_it_answers_and_ends_when_told(run: Run, folder: Path, tmp_path: Path) -> None:
    with _service_manager(tmp_path) as told, _running(folder, told) as process:
        assert told.recv(100) == b"READY=1"
        ran = run("status", "--dir", str(folder), "--json")
        assert (ran.code, ran.json()["party"], ran.json()["lines"]) == (0, "alpha.example", [])
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=20)
        assert told.recv(100) == b"STOPPING=1"
    assert process.returncode == 0
    facts = [json.loads(line)["fact"] for line in log.splitlines()]
    assert (facts[0], facts[-1]) == ("ready", "stopped")
    assert not (folder / "api.sock").exists()


def test_a_second_node_on_one_folder_is_turned_away(folder: Path, tmp_path: Path) -> None:
    with _service_manager(tmp_path) as told, _running(folder, told):
        told.recv(100)
        with _running(folder) as second:
            _, said = second.communicate(timeout=20)
        assert second.returncode == 10
        assert said.startswith("openline: ")


def test_a_configuration_that_is_wrong_is_exit_code_2(folder: Path) -> None:
    with (folder / "openline.toml").open("a") as file:
        file.write("\n[nonsense]\nx = 1\n")
    with _running(folder) as process:
        _, said = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "nonsense" in said


def test_where_there_is_no_service_manager_nothing_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    tell_systemd("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    tell_systemd("READY=1")

"""`node run` as a process: it says when it is ready, answers, keeps a second one away, and ends when told."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from pathlib import Path

import pytest
from click.testing import CliRunner

from openline.cli.main import openline
from openline.cli.running import tell_systemd
from openline.node.folder import Folder
from tests.cli.conftest import Run

pytestmark = pytest.mark.process

PATIENCE_S = 90
"""Ends a wait for what never comes, and measures nothing."""


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A party, made once: to lock its root takes seconds."""
    folder = tmp_path_factory.mktemp("founded")
    (folder / "phrase").write_text("correct horse\n")
    words = ["init", "alpha.example", "--dir", str(folder / "a"), "--passphrase-file", str(folder / "phrase")]
    assert CliRunner().invoke(openline, words, prog_name="openline").exit_code == 0
    return folder / "a"


@pytest.fixture
def folder(founded: Path, tmp_path: Path) -> Path:
    shutil.copytree(founded, tmp_path / "a")
    with (tmp_path / "a" / "openline.toml").open("a") as config:
        config.write("\n[voice]\nenabled = false\n")
    return tmp_path / "a"


@contextmanager
def _running(folder: Path, told: socket.socket | None = None, *words: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, **({"NOTIFY_SOCKET": str(told.getsockname())} if told is not None else {})}
    program = "from openline.cli.main import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "node", "run", "--dir", str(folder), *words],
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
        told.settimeout(PATIENCE_S)
        yield told


def test_a_node_is_ready_when_it_answers_and_ends_when_told(run: Run, folder: Path, tmp_path: Path) -> None:
    with _service_manager(tmp_path) as told, _running(folder, told) as process:
        assert told.recv(100) == b"READY=1"
        ran = run("status", "--dir", str(folder), "--json")
        assert (ran.code, ran.json()["party"], ran.json()["lines"]) == (0, "alpha.example", [])
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=PATIENCE_S)
        assert told.recv(100) == b"STOPPING=1"
    assert process.returncode == 0
    facts = [json.loads(line)["fact"] for line in log.splitlines()]
    assert (facts[0], facts[-1]) == ("ready", "stopped")
    assert not (folder / "api.sock").exists()


def test_a_second_node_on_one_folder_is_turned_away(folder: Path, tmp_path: Path) -> None:
    with _service_manager(tmp_path) as told, _running(folder, told):
        told.recv(100)
        with _running(folder) as second:
            _, said = second.communicate(timeout=PATIENCE_S)
        assert second.returncode == 10
        assert said.startswith("openline: ")


def test_a_configuration_that_is_wrong_is_exit_code_2(folder: Path) -> None:
    with (folder / "openline.toml").open("a") as file:
        file.write("\n[nonsense]\nx = 1\n")
    with _running(folder) as process:
        _, said = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 2
    assert "nonsense" in said


def test_where_there_is_no_service_manager_nothing_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    tell_systemd("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    tell_systemd("READY=1")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _doors(folder: Path, run: Run) -> tuple[int, int]:
    """Configure loopback and HTTPS with a certificate; their ports."""
    plain, secure = _free_port(), _free_port()
    with (folder / "openline.toml").open("a") as file:
        file.write(f'[http]\nlisten = "127.0.0.1:{plain}"\n')
        file.write(f'[https]\nlisten = "127.0.0.1:{secure}"\nnames = ["alpha.watch.example"]\n')
        file.write('[[position]]\nname = "night watch"\nrole = "watch"\n')
    assert run("console", "cert", "--dir", str(folder)).code == 0
    return plain, secure


def _seats(port: int, host: str, trusted: Path | None = None) -> tuple[int, dict[str, object]]:
    """`GET /api/v1/seats` at a door, under `host`, which is verified where `trusted` says by what."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as plain:
        context = None if trusted is None else ssl.create_default_context(cafile=str(trusted))
        spoken = plain if context is None else context.wrap_socket(plain, server_hostname=host)
        with spoken:
            spoken.sendall(f"GET /api/v1/seats HTTP/1.1\r\nhost: {host}:{port}\r\nconnection: close\r\n\r\n".encode())
            answer = HTTPResponse(spoken)
            answer.begin()
            return answer.status, json.loads(answer.read())


def test_the_desks_are_served_by_https_and_seats_are_on_loopback_only(run: Run, folder: Path, tmp_path: Path) -> None:
    plain, secure = _doors(folder, run)
    with _service_manager(tmp_path) as told, _running(folder, told, "--seats") as process:
        assert told.recv(100) == b"READY=1"
        authority = Folder(folder).console_ca
        assert _seats(secure, "alpha.watch.example", authority) == (200, {"seats": [], "passkeys": True})
        seat = {"id": "night watch", "name": "night watch", "role": "watch"}
        assert _seats(plain, "alpha.localhost") == (200, {"seats": [seat], "passkeys": True})
        assert _seats(plain, "evil.example")[0] == 421
        invited = run("officer", "invite", "night watch", "--dir", str(folder), "--json").json()
        assert invited["links"] == [
            f"https://alpha.watch.example:{secure}/#register={invited['code']}",
            f"http://localhost:{plain}/#register={invited['code']}",
        ]
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert [json.loads(line)["fact"] for line in log.splitlines()] == ["ready", "passkey-invited", "stopped"]


def test_without_the_argument_there_are_no_seats(run: Run, folder: Path, tmp_path: Path) -> None:
    plain, _ = _doors(folder, run)
    with _service_manager(tmp_path) as told, _running(folder, told):
        assert told.recv(100) == b"READY=1"
        assert _seats(plain, "alpha.localhost")[1]["seats"] == []


@pytest.mark.parametrize(
    ("config", "words", "says"),
    [
        ('[https]\nlisten = "127.0.0.1:0"\nnames = ["alpha.watch.example"]\n', [], "openline console cert"),
        ("", ["--seats"], "[http]"),
    ],
)
def test_a_door_that_cannot_be_opened_is_exit_code_2_before_anything_begins(
    folder: Path, config: str, words: list[str], says: str
) -> None:
    with (folder / "openline.toml").open("a") as file:
        file.write(config)
    with _running(folder, None, *words) as process:
        _, said = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 2
    assert says in said
    assert "Traceback" not in said
    assert "Warning" not in said

"""The stage of the demonstration: a relay that carries until it is cut, and two parties that pair by their digits."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from openline.base.errors import PathError
from openline.cli.stage import PATHS, Relay, found, pair


def _echo() -> int:
    """A port where what is sent comes back, for one caller after the other."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with server:
            while True:
                caller, _ = server.accept()
                with caller:
                    while data := caller.recv(100):
                        caller.sendall(data)

    threading.Thread(target=serve, daemon=True).start()
    return int(server.getsockname()[1])


def _is_over(caller: socket.socket) -> bool:
    try:
        return caller.recv(100) == b""
    except ConnectionError:
        return True


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_relay_carries_until_it_is_cut_and_again_when_mended() -> None:
    relay, here, there = Relay(), _free(), _echo()
    relay.carry("fibre", here, there)
    with socket.create_connection(("127.0.0.1", here), timeout=5) as caller:
        caller.sendall(b"hello")
        assert caller.recv(100) == b"hello"
        relay.cut("fibre")
        assert _is_over(caller)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", here), timeout=5).close()
    relay.mend("fibre")
    with socket.create_connection(("127.0.0.1", here), timeout=5) as caller:
        caller.sendall(b"again")
        assert caller.recv(100) == b"again"


def test_two_parties_are_founded_with_every_path_and_agree_on_a_line(tmp_path: Path) -> None:
    stage = found(tmp_path)
    assert pair(stage) == "alpha-bravo"
    assert set(stage.roots()) == {"alpha.example", "bravo.example"}
    for party in stage.parties:
        config = (party.folder / "openline.toml").read_text()
        assert all(f'name = "{path}"' in config for path in PATHS)


def test_waiting_for_what_never_comes_ends_in_an_error(tmp_path: Path) -> None:
    stage = found(tmp_path)
    with pytest.raises(PathError) as caught:
        stage.until(lambda: False, within_s=0.05)
    assert caught.value.message_id == "demo-not-reached"

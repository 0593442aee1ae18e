"""The stage of the demonstration: a relay that carries until it is cut, and two parties that pair by their digits."""

from __future__ import annotations

import socket
import threading

import pytest

from openline.base.errors import PathError
from openline.cli.stage import PATHS, Relay, Stage, found, furnish, pair, set_voice
from openline.node.config import VoiceConfig, read_config


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
    with socket.create_connection(("127.0.0.1", here), timeout=60) as caller:
        caller.sendall(b"hello")
        assert caller.recv(100) == b"hello"
        relay.cut("fibre")
        assert _is_over(caller)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", here), timeout=60).close()
    relay.mend("fibre")
    with socket.create_connection(("127.0.0.1", here), timeout=60) as caller:
        caller.sendall(b"again")
        assert caller.recv(100) == b"again"


def _echo_datagrams() -> int:
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    own.bind(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            data, caller = own.recvfrom(2_000)
            own.sendto(data, caller)

    threading.Thread(target=serve, daemon=True).start()
    return int(own.getsockname()[1])


def _caller(here: int) -> socket.socket:
    own = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    own.settimeout(60)
    own.connect(("127.0.0.1", here))
    return own


def test_datagrams_go_the_same_way_and_are_lost_while_it_is_cut() -> None:
    relay, here = Relay(), _free()
    relay.carry("fibre", here, _echo_datagrams())
    with _caller(here) as first, _caller(here) as second:
        for caller, word in ((first, b"one"), (second, b"two")):
            caller.send(word)
        assert (first.recv(100), second.recv(100)) == (b"one", b"two"), "each hears what was meant for it"
        relay.cut("fibre")
        for caller in (first, second):
            caller.send(b"lost")
        relay.mend("fibre")
        first.send(b"again")
        assert first.recv(100) == b"again"


def test_a_relay_forgets_the_caller_heard_first_and_serves_it_when_it_comes_again() -> None:
    relay, here = Relay(), _free()
    relay.carry("fibre", here, _echo_datagrams())
    callers = [_caller(here) for _ in range(20)]
    for _ in range(2):
        for number, caller in enumerate(callers):
            caller.send(b"%d" % number)
            assert caller.recv(100) == b"%d" % number
    for caller in callers:
        caller.close()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Both parties, founded once: to lock their roots takes seconds."""
    return found(tmp_path_factory.mktemp("founded"))


def test_two_parties_are_founded_with_every_path_and_agree_on_a_line(stage: Stage) -> None:
    assert pair(stage) == "alpha-bravo"
    assert set(stage.roots()) == {"alpha.example", "bravo.example"}
    for party in stage.parties:
        config = (party.folder / "openline.toml").read_text()
        assert all(f'name = "{path}"' in config for path in PATHS)


def test_whoever_furnishes_a_node_sets_its_voice_beside_what_others_have_set(stage: Stage) -> None:
    for party in stage.parties:
        set_voice(party.folder, enabled=False, addresses=["127.0.0.1"])
    furnish(stage)
    for party in stage.parties:
        set_voice(party.folder, ring_s=20, addresses=["::1"])
        config = read_config(party.folder)
        assert config.voice == VoiceConfig(enabled=False, addresses=("::1",), ring_s=20, answering=True)
        assert len(config.path) == len(PATHS)
        assert [position.name for position in config.position] == ["W-1", "W-2"]


def test_waiting_for_what_never_comes_ends_in_an_error(stage: Stage) -> None:
    with pytest.raises(PathError) as caught:
        stage.until(lambda: False, within_s=0.05)
    assert caught.value.message_id == "demo-not-reached"

"""Addresses, the options of a socket, and what the system's errors mean for a path."""

from __future__ import annotations

import socket

import pytest

from openline.base.errors import PathError, UsageError
from openline.transport.session import Rules, Target
from openline.transport.sockets import connected_socket, listening_socket, split_address
from tests.transport.conftest import Run
from tests.transport.ends import ANYWHERE, RULES

SHORT = Rules(connect_us=100_000)


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [("127.0.0.1:7400", "127.0.0.1", 7400), ("[::1]:0", "::1", 0), ("bravo.example:65535", "bravo.example", 65535)],
)
def test_an_address_is_a_host_and_a_port(address: str, host: str, port: int) -> None:
    assert split_address(address) == (host, port)


@pytest.mark.parametrize(
    "address",
    ["", "host", "host:", ":7400", "::1:7400", "host:65536", "host:-1", "host:٣", "[]:1"],
)
def test_anything_else_is_none(address: str) -> None:
    with pytest.raises(UsageError) as refused:
        split_address(address)
    assert refused.value.message_id == "path-address-wrong"


def fault_of_listening(run: Run, address: str) -> PathError:
    async def story() -> None:
        (await listening_socket(address, RULES)).close()

    with pytest.raises(PathError) as refused:
        run(story())
    return refused.value


def fault_of_dialling(run: Run, address: str, rules: Rules = RULES) -> PathError:
    async def story() -> None:
        (await connected_socket(Target("bravo.example", "fibre", address), rules)).close()

    with pytest.raises(PathError) as refused:
        run(story())
    return refused.value


def test_a_port_that_is_taken_is_named(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        fault = fault_of_listening(run, address)
    assert (fault.message_id, fault.facts) == ("path-port-taken", {"address": address})


def test_an_address_of_another_machine_cannot_be_listened_at(run: Run) -> None:
    assert fault_of_listening(run, "192.0.2.1:7400").message_id == "path-address-not-ours"


def test_a_host_that_cannot_be_a_name_is_unknown(run: Run) -> None:
    assert fault_of_listening(run, "a..b:7400").message_id == "path-name-unknown"
    assert fault_of_dialling(run, "a..b:7400").message_id == "path-name-unknown"


def test_nobody_listening_is_a_refusal(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = f"127.0.0.1:{gone.getsockname()[1]}"
    fault = fault_of_dialling(run, address)
    assert (fault.message_id, fault.facts) == ("path-refused", {"path": "fibre", "address": address})


def test_no_answer_is_a_time_out(run: Run) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        with socket.create_connection(full.getsockname()):
            fault = fault_of_dialling(run, f"127.0.0.1:{full.getsockname()[1]}", SHORT)
    assert fault.message_id == "path-timed-out"


def test_a_place_without_a_road_is_unreachable(run: Run) -> None:
    fault = fault_of_dialling(run, "255.255.255.255:9")
    assert fault.message_id == "path-unreachable"
    assert fault.facts["detail"]


def test_a_source_that_is_not_ours_is_named(run: Run) -> None:
    fault = fault_of_dialling(run, "127.0.0.1:9", Rules(source="192.0.2.1"))
    assert (fault.message_id, fault.facts) == ("path-address-not-ours", {"address": "192.0.2.1"})


def test_the_options_are_set_before_the_first_packet(run: Run) -> None:
    async def story() -> None:
        listening = await listening_socket(ANYWHERE, RULES)
        port = listening.getsockname()[1]
        dialled = await connected_socket(Target("b", "fibre", f"127.0.0.1:{port}"), Rules(source="127.0.0.2"))
        answered, (host, _) = listening.accept()
        assert host == "127.0.0.2"
        for own in (dialled, answered):
            assert own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            assert own.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            assert own.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == RULES.silent_us // 1_000
            own.close()
        listening.close()

    run(story())

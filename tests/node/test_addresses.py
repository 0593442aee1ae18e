"""The addresses of this machine: as Linux lists them, each once, and none that only one cable knows."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from pathlib import Path

import pytest

from openline.node import addresses
from openline.node.addresses import LOOPBACK, own_addresses

FIB_TRIE = """\
Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 10.0.0.0/24 2 0 2
        |-- 10.0.0.0
           /24 link UNICAST
        |-- 10.0.0.5
           /32 host LOCAL
        |-- 10.0.0.255
           /32 link BROADCAST
     |-- 127.0.0.1
        /32 host LOCAL
     |-- 10.0.0.77
        /32 universe UNICAST
Local:
     +-- 10.0.0.0/24 2 0 2
        |-- 10.0.0.5
           /32 host LOCAL
        |-- 192.0.2.7
           /32 host LOCAL
"""
IF_INET6 = """\
00000000000000000000000000000001 01 80 10 80       lo
20010db8000000000000000000000005 04 40 00 80     eth0
fe8000000000000000fc00fffe000001 04 40 20 80     eth0
20010db8000000000000000000000006 04 40 00 c0     eth1
20010db8000000000000000000000007 04 40 00 08     eth1
"""


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    (tmp_path / "fib_trie").write_text(FIB_TRIE)
    (tmp_path / "if_inet6").write_text(IF_INET6)
    return tmp_path


def test_every_own_address_is_found_once_and_nobody_elses(listed: Path) -> None:
    assert own_addresses(listed) == (LOOPBACK, "10.0.0.5", "192.0.2.7", "::1", "2001:db8::5")


def test_one_list_is_better_than_none(listed: Path) -> None:
    (listed / "fib_trie").unlink()
    assert own_addresses(listed) == (LOOPBACK, "::1", "2001:db8::5")


def test_without_lists_the_default_route_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(addresses, "_SOMEWHERE", ("127.0.0.9", 9))
    assert own_addresses(tmp_path) == (LOOPBACK,), "to the loopback it goes by the loopback"


def test_a_machine_without_a_network_has_its_loopback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(addresses, "_SOMEWHERE", ("255.255.255.255", 9))  # which is refused without SO_BROADCAST
    assert own_addresses(tmp_path) == (LOOPBACK,)


def test_a_socket_can_be_opened_at_each_address_of_this_machine() -> None:
    for address in own_addresses():
        family = socket.AF_INET if ip_address(address).version == 4 else socket.AF_INET6
        with socket.socket(family, socket.SOCK_DGRAM) as own:
            own.bind((address, 0))

"""The addresses of this machine, as Linux lists them in /proc. Nothing is asked over the network.

A netlink socket, which getifaddrs opens, is closed to the node by its service unit.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv6Address
from pathlib import Path

LOOPBACK = "127.0.0.1"

_OWN_V4 = re.compile(r"\|-- ([0-9.]+)\n +/32 host LOCAL\n")
_NOT_SURE = 0x48  # IFA_F_TENTATIVE and IFA_F_DADFAILED of linux/if_addr.h
_SOMEWHERE = ("192.0.2.1", 9)  # TEST-NET-1 (RFC 5737): nothing is sent there, it only asks which address would be used


def own_addresses(place: Path = Path("/proc/self/net")) -> tuple[str, ...]:
    """Every single IPv4 and IPv6 address that sound can be received at, loopback first, each once.

    Without those that hold on one cable only (link-local), since a browser cannot be told which, and those that are not
    known to be ours alone yet. Where the lists cannot be read, there is the loopback, and the address of the default
    route.
    """
    found = dict.fromkeys([LOOPBACK])
    with suppress(OSError):
        found |= dict.fromkeys(_OWN_V4.findall((place / "fib_trie").read_text(encoding="ascii")))
    with suppress(OSError):
        found |= dict.fromkeys(_own_v6((place / "if_inet6").read_text(encoding="ascii")))
    if len(found) == 1:
        found |= dict.fromkeys(_by_route())
    return tuple(found)


def _own_v6(table: str) -> Iterator[str]:
    for row in table.splitlines():
        digits, _, _, _, flags, _ = row.split()
        address = IPv6Address(bytes.fromhex(digits))
        if not address.is_link_local and not int(flags, 16) & _NOT_SURE:
            yield str(address)


def _by_route() -> Iterator[str]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(_SOMEWHERE)
        yield str(probe.getsockname()[0])

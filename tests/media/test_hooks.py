"""Every private part of aiortc and aioice that legs stand on, held to what it does in the pinned versions.

When one of these fails after an upgrade, read what the library now does before touching the test.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import socket
from importlib.metadata import version
from pathlib import Path

import aioice.ice
import aioice.stun
import pytest
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcicetransport import RTCIceGatherer

from openline.base.errors import PathError
from openline.media import hooks
from openline.media.hooks import Dtls, Ice, fingerprint, new_certificate, waiting_bytes
from openline.media.rtp import parse
from tests.media.conftest import Run
from tests.media.peer import LOOPBACK, NODE, SOUND, connected, outsider

SOURCE = Path(hooks.__file__).resolve().parents[1]

VERSIONS = {"aiortc": "1.16.", "aioice": "0.13.", "pylibsrtp": "1.0."}


@pytest.mark.parametrize("package", VERSIONS)
def test_the_versions_are_those_that_were_read(package: str) -> None:
    assert version(package).startswith(VERSIONS[package]), "read the new source, then every hook below"


def test_nothing_but_the_hooks_touches_aiortc_or_aioice() -> None:
    for file in sorted(SOURCE.rglob("*.py")):
        imported = {
            name
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        }
        found = {name for name in imported if name.split(".")[0] in {"aiortc", "aioice"}}
        assert not found or file.name == "hooks.py", f"{file}: use openline.media.hooks"


def test_nothing_starts_a_peer_connection_or_a_codec() -> None:
    text = (SOURCE / "media/hooks.py").read_text(encoding="utf-8")
    assert set(re.findall(r"^from (aiortc\S*)", text, re.MULTILINE)) == {
        "aiortc.rtcdtlstransport",
        "aiortc.rtcicetransport",
    }


# No server of others


def test_every_gatherer_is_told_to_ask_no_server() -> None:
    calls = [
        call
        for file in sorted(SOURCE.rglob("*.py"))
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("RTCIceGatherer")
    ]
    assert calls
    for call in calls:
        assert [(one.arg, ast.unparse(one.value)) for one in call.keywords] == [("iceServers", "[]")]


def test_without_that_argument_aiortc_would_ask_a_public_server() -> None:
    assert RTCIceGatherer.getDefaultIceServers(), "if this is empty the argument could go"

    async def story() -> None:
        ice = Ice()
        assert ice._connection.stun_server is None
        assert ice._connection.turn_server is None

    asyncio.run(story())


def test_no_name_is_looked_up_and_nobody_is_called(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a leg asked for a name")

    monkeypatch.setattr(socket, "gethostbyname", refuse)
    monkeypatch.setattr(aioice.ice, "server_reflexive_candidate", refuse)
    monkeypatch.setattr(aioice.ice, "relayed_candidate", refuse)
    monkeypatch.setattr(aioice.ice, "get_or_create_mdns_protocol", refuse)

    async def story() -> None:
        async with connected():
            pass

    run(story())


# Addresses


def test_only_the_addresses_given_are_bound_the_loopback_included(run: Run) -> None:
    async def story() -> None:
        ice = Ice()
        bound = await ice.bind(["127.0.0.1", "127.0.0.2"])
        assert [host for host, _ in bound] == ["127.0.0.1", "127.0.0.2"]
        assert [transport.get_extra_info("sockname") for transport, _ in ice.sockets()] == bound
        await ice.transport.stop()

    run(story())


@pytest.mark.parametrize("address", ["192.0.2.99", "0.0.0.0", "::", "localhost", "", "2001:db8::99"])
def test_where_no_address_is_ours_that_is_said_and_nothing_is_opened(run: Run, address: str) -> None:
    async def story() -> None:
        ice = Ice()
        with pytest.raises(PathError) as refused:
            await ice.bind([address, "192.0.2.98"])
        told = {"address": f"{address}, 192.0.2.98"}
        assert (refused.value.message_id, refused.value.facts) == ("leg-address-not-ours", told)
        assert ice.sockets() == []

    run(story())


@pytest.mark.parametrize("address", ["192.0.2.99", "0.0.0.0", "localhost", "2001:db8::99"])
def test_an_address_that_has_gone_away_is_left_out_and_the_others_serve(run: Run, address: str) -> None:
    async def story() -> None:
        ice = Ice()
        bound = await ice.bind([address, "127.0.0.1"])
        assert [host for host, _ in bound] == ["127.0.0.1"]
        assert [transport.get_extra_info("sockname") for transport, _ in ice.sockets()] == bound
        await ice.transport.stop()

    run(story())


def test_left_to_itself_aioice_leaves_the_loopback_out() -> None:
    addresses = aioice.ice.get_host_addresses(use_ipv4=True, use_ipv6=True)
    assert not {"127.0.0.1", "::1"} & set(addresses), "if this fails the binding of our own may go"


def test_the_parts_we_bind_by_are_there() -> None:
    parameters = inspect.signature(aioice.ice.Connection.get_component_candidates).parameters
    assert list(parameters) == ["self", "component", "addresses", "timeout"]

    async def story() -> None:
        inner = Ice()._connection
        assert (inner._local_candidates, inner._local_candidates_start, inner._local_candidates_end) == (
            [],
            False,
            False,
        )
        assert (inner._protocols, inner._nominated) == ([], {})

    asyncio.run(story())


# Connecting


def test_connecting_goes_on_until_somebody_with_the_password_comes(run: Run) -> None:
    async def story() -> None:
        ice = Ice()
        [place] = await ice.bind(LOOPBACK)
        waiting = asyncio.ensure_future(ice.connect("abcd", "a" * 22))
        with outsider(place) as stranger:
            stranger.send(stun("wrong:abcd"))
            await asyncio.sleep(0.1)
        assert not waiting.done()
        assert ice.way() is None
        assert ice._connection.remote_candidates == [], "nothing is sent to whoever has not shown the password"
        waiting.cancel()
        await ice.transport.stop()

    run(story())


def stun(username: str) -> bytes:
    """A check as a browser sends it, signed with a password that is not ours."""
    message = aioice.stun.Message(aioice.stun.Method.BINDING, aioice.stun.Class.REQUEST)
    message.attributes.update({"USERNAME": username, "PRIORITY": 1, "ICE-CONTROLLING": 1})
    message.add_message_integrity(b"wrong")
    return bytes(message)


def test_the_way_is_the_pair_agreed_on_and_goes_with_the_connection(run: Run) -> None:
    async def story() -> None:
        async with connected() as it:
            way = it.leg._ice.way()
            assert way is not None
            assert way[1] == it.peer.ice.sockets()[0][0].get_extra_info("sockname")
            assert way[0].get_extra_info("sockname") == it.place
            assert waiting_bytes(way[0]) == 0
            await it.leg._ice.transport.stop()
            assert it.leg._ice.way() is None

    run(story())


# DTLS and SRTP


def test_a_certificate_has_the_fingerprint_answers_give() -> None:
    name, digest = fingerprint(NODE)
    assert name == "sha-256"
    assert re.fullmatch(r"[0-9A-F]{2}(:[0-9A-F]{2}){31}", digest)
    assert fingerprint(new_certificate()) != fingerprint(NODE)


def test_both_keys_are_there_once_connected_and_replays_are_refused(run: Run) -> None:
    async def story() -> None:
        async with connected() as it:
            rx, tx = it.leg._dtls.srtp()
            packet = it.peer.locked(5)
            assert parse(rx.unprotect(packet))[5] == SOUND
            with pytest.raises(hooks.SrtpError, match="replay"):
                rx.unprotect(packet)
            plain = bytes.fromhex("80ef0001000003c04f4c0001") + b"sound"
            assert tx.protect(plain) == tx.protect(plain), "a copy of an earlier frame may be sent again"
            assert it.leg._dtls.profile() == "SRTP_AEAD_AES_256_GCM", "the best of those both ends have"

    run(story())


def test_what_is_too_long_for_the_keys_fails_in_a_way_intake_must_prevent(run: Run) -> None:
    async def story() -> None:
        async with connected() as it:
            rx, _ = it.leg._dtls.srtp()
            with pytest.raises(ValueError, match="too long"):
                rx.unprotect(bytes(1_501))

    run(story())


def test_the_side_that_calls_is_the_client_and_strangers_are_told_apart(run: Run) -> None:
    assert "statechange" in inspect.getsource(RTCDtlsTransport._set_state)
    assert list(inspect.signature(RTCDtlsTransport._validate_peer_identity).parameters) == ["self", "remoteParameters"]

    async def story() -> None:
        dtls = Dtls(Ice(), NODE)
        assert (dtls.state, dtls._role, dtls.stranger, dtls.profile()) == ("new", "client", False, "")

    asyncio.run(story())

"""Listening and dialling over loopback: who comes in, who does not, and what is said of it on either side."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from openline.base.errors import PathError, UsageError
from openline.transport.profile import TlsIdentity, certificate
from openline.transport.session import Rules, Session, Target
from openline.transport.tls import Listener, dial, listen
from tests.transport.conftest import Run
from tests.transport.ends import ALPHA, ANYWHERE, BRAVO, PINS, RULES, STRANGER, Log, bravo_at, bravo_listens, framed

LOW_RATE = Rules(low_rate=True)
IMPATIENT = Rules(handshake_us=50_000)


async def fault_of_dialling(target: Target, identity: TlsIdentity = ALPHA, rules: Rules = RULES) -> PathError:
    log = Log()
    with pytest.raises(PathError) as refused:
        await dial(target, identity, PINS.get, log, rules)
    assert (log.sessions, log.reasons) == ([], []), "nobody hears of a session that never was"
    return refused.value


async def until(happened: Callable[[], bool]) -> None:
    while not happened():  # noqa: ASYNC110 - a listener is asked, it does not tell
        await asyncio.sleep(0)


async def refusal(listener: Listener) -> str:
    """Why the listener refused, once it has."""
    await until(lambda: bool(listener.refused))
    return next(iter(listener.refused))


# Another program, set up with the standard library


@pytest.fixture
def bravo_pem(tmp_path: Path) -> Path:
    """Bravo's certificate and key, in a file for the standard library."""
    key = Ed25519PrivateKey.from_private_bytes(b"\x02" * 32)
    file = tmp_path / "bravo.pem"
    file.write_bytes(
        certificate(b"\x02" * 32).public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return file


def standard_context(pem: Path, serves: bool) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if serves else ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.load_cert_chain(pem)
    return context


@asynccontextmanager
async def somebody(words: bytes = b"", context: ssl.SSLContext | None = None) -> AsyncIterator[Target]:
    """A server of another kind, which says `words` and waits."""

    writers: list[asyncio.StreamWriter] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        writer.write(words)
        await reader.read()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield Target("bravo.example", "fibre", f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
    for writer in writers:
        await hang_up(writer)


async def hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


async def call(listener: Listener, context: ssl.SSLContext | None = None) -> asyncio.StreamWriter:
    _, writer = await asyncio.open_connection("127.0.0.1", listener.port, ssl=context)
    return writer


# Who comes in


def test_a_pinned_party_comes_in(run: Run) -> None:
    async def story() -> None:
        ours, theirs = Log(), Log()
        async with bravo_listens(theirs) as listener:
            session = await dial(bravo_at(listener), ALPHA, PINS.get, ours, RULES)
            assert ours.sessions == [session]
            assert (await theirs.session()).peer == "alpha.example"
            assert listener.refused == {}
            session.close("stopping")
            await theirs.reason()

    run(story())


def test_a_stranger_is_refused_and_learns_it(run: Run) -> None:
    async def story() -> None:
        ours, theirs = Log(), Log()
        async with bravo_listens(theirs) as listener:
            session = await dial(bravo_at(listener), STRANGER, PINS.get, ours, RULES)
            session.send(framed(b"let me in"))
            assert await ours.reason() == "path-refused-us"
            assert listener.refused == {"path-key-unknown": 1}
            assert listener.last_refused is not None
            assert listener.last_refused.why.facts["pin"] == STRANGER.pin.hex()
            assert theirs.sessions == []

    run(story())


def test_a_stranger_who_answers_is_refused(run: Run) -> None:
    async def story() -> None:
        listener = await listen(ANYWHERE, "fibre", STRANGER, PINS.get, Log(), RULES)
        fault = await fault_of_dialling(bravo_at(listener))
        assert fault.message_id == "path-key-unknown"
        assert fault.facts["address"] == f"127.0.0.1:{listener.port}"
        assert await refusal(listener) == "path-refused-us"
        listener.close()

    run(story())


def test_another_party_at_the_address_is_refused(run: Run) -> None:
    async def story() -> None:
        async with bravo_listens() as listener:
            target = Target("charlie.example", "fibre", f"127.0.0.1:{listener.port}")
            fault = await fault_of_dialling(target)
            assert fault.message_id == "path-other-party"
            assert (fault.facts["wanted"], fault.facts["party"]) == ("charlie.example", "bravo.example")

    run(story())


@pytest.mark.parametrize(("rules", "comes_in"), [(RULES, False), (LOW_RATE, True)])
def test_an_old_peer_with_p256_only_is_for_low_rate_paths(
    run: Run, bravo_pem: Path, rules: Rules, comes_in: bool
) -> None:
    async def story() -> None:
        context = standard_context(bravo_pem, serves=True)
        context.verify_mode = ssl.CERT_OPTIONAL
        context.load_verify_locations(cadata=certificate(b"\x01" * 32).public_bytes(Encoding.DER))
        context.set_ecdh_curve("prime256v1")
        async with somebody(context=context) as target:
            if comes_in:
                (await dial(target, ALPHA, PINS.get, Log(), rules)).close("stopping")
            else:
                fault = await fault_of_dialling(target, rules=rules)
                assert (fault.message_id, fault.facts["group"]) == ("path-group-not-allowed", "secp256r1")

    run(story())


@pytest.mark.parametrize(("rules", "comes_in"), [(RULES, False), (LOW_RATE, True)])
def test_an_old_caller_with_p256_only_is_for_low_rate_paths(
    run: Run, bravo_pem: Path, rules: Rules, comes_in: bool
) -> None:
    async def story() -> None:
        context, log = standard_context(bravo_pem, serves=False), Log()
        context.set_ecdh_curve("prime256v1")
        listener = await listen(ANYWHERE, "fibre", ALPHA, PINS.get, log, rules)
        writer = await call(listener, context)
        if comes_in:
            assert (await log.session()).peer == "bravo.example"
        else:
            assert await refusal(listener) == "path-group-not-allowed"
        await hang_up(writer)
        listener.close()
        if comes_in:
            await log.reason()

    run(story())


def test_a_caller_without_a_key_is_refused(run: Run) -> None:
    async def story() -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        async with bravo_listens() as listener:
            writer = await call(listener, context)
            assert await refusal(listener) == "path-key-missing"
            await hang_up(writer)

    run(story())


def test_tls_1_2_is_refused_both_ways(run: Run, bravo_pem: Path) -> None:
    async def story() -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            old = asyncio.to_thread(answer_in_tls_1_2, listening, bravo_pem)
            target = Target("bravo.example", "fibre", f"127.0.0.1:{listening.getsockname()[1]}")
            _, fault = await asyncio.gather(old, fault_of_dialling(target))
            assert fault.message_id == "path-tls-too-old"
        context = standard_context(bravo_pem, serves=False)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        async with bravo_listens() as listener:
            with pytest.raises(ssl.SSLError):
                await call(listener, context)
            assert await refusal(listener) == "path-tls-too-old"

    run(story())


def answer_in_tls_1_2(listening: socket.socket, pem: Path) -> None:
    """Blocking: the alert of a handshake that failed gets lost in asyncio's own TLS."""
    context = standard_context(pem, serves=True)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    wire, _ = listening.accept()
    with wire, suppress(ssl.SSLError):
        context.wrap_socket(wire, server_side=True)


def test_a_web_server_is_not_a_peer(run: Run) -> None:
    async def story() -> None:
        async with somebody(b"HTTP/1.1 400 Bad Request\r\n\r\n") as target:
            assert (await fault_of_dialling(target)).message_id == "path-not-tls"

    run(story())


def test_a_web_browser_is_not_a_peer(run: Run) -> None:
    async def story() -> None:
        async with bravo_listens() as listener:
            writer = await call(listener)
            writer.write(b"GET / HTTP/1.1\r\nHost: bravo\r\n\r\n")
            assert await refusal(listener) == "path-not-tls"
            await hang_up(writer)

    run(story())


# Who takes too long, and who comes too often


def test_a_caller_who_says_nothing_is_dropped_in_time(run: Run) -> None:
    async def story() -> None:
        async with bravo_listens(rules=IMPATIENT) as listener:
            writer = await call(listener)
            writer.write(b"\x16\x03\x01")
            assert await refusal(listener) == "path-handshake-timed-out"
            await hang_up(writer)

    run(story())


def test_a_peer_who_says_nothing_is_given_up_in_time(run: Run) -> None:
    async def story() -> None:
        async with somebody() as target:
            assert (await fault_of_dialling(target, rules=IMPATIENT)).message_id == "path-handshake-timed-out"

    run(story())


def test_a_peer_who_hangs_up_has_broken_off(run: Run) -> None:
    async def story() -> None:
        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await hang_up(writer)

        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            target = Target("bravo.example", "fibre", f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
            assert (await fault_of_dialling(target)).message_id == "path-broken-off"

    run(story())


def test_the_oldest_silent_caller_gives_way_to_the_peer(run: Run) -> None:
    async def story() -> None:
        log = Log()
        async with bravo_listens(log, Rules(handshakes_max=2)) as listener:
            silent = [await call(listener) for _ in range(4)]
            session = await dial(bravo_at(listener), ALPHA, PINS.get, Log(), RULES)
            assert (await log.session()).peer == "alpha.example"
            assert listener.refused["path-too-many-calls"] >= 2
            session.close("stopping")
            await log.reason()
            for writer in silent:
                await hang_up(writer)

    run(story())


def test_an_address_that_calls_too_often_is_hung_up_on(run: Run) -> None:
    async def story() -> None:
        async with bravo_listens(rules=Rules(knocks_burst=2)) as listener:
            begun = asyncio.get_running_loop().time()
            callers = [await call(listener) for _ in range(3)]
            assert await refusal(listener) == "path-too-many-calls"
            assert listener.last_refused is not None
            assert listener.last_refused.why.message_id == "path-too-many-calls"
            assert begun <= listener.last_refused.at_s <= asyncio.get_running_loop().time()
            for writer in callers:
                await hang_up(writer)

    run(story())


def test_a_party_that_calls_again_and_again_loses_its_oldest_session(run: Run) -> None:
    async def story() -> None:
        ours, theirs = Log(), Log()
        async with bravo_listens(theirs, Rules(party_sessions_max=2)) as listener:
            sessions: list[Session] = [await dial(bravo_at(listener), ALPHA, PINS.get, ours, RULES) for _ in range(3)]
            assert await theirs.reason() == "session-replaced"
            assert await sessions[0].ended() == "session-ended-unheard"
            assert len(ours.reasons) == 1
            for session in sessions:
                session.close("stopping")
                await session.ended()
            await until(lambda: len(theirs.reasons) == len(sessions))

    run(story())


# Listening and dialling themselves


def test_a_taken_port_is_said_at_once(run: Run) -> None:
    async def story() -> None:
        async with bravo_listens() as listener:
            with pytest.raises(PathError) as refused:
                await listen(f"127.0.0.1:{listener.port}", "fibre", ALPHA, PINS.get, Log(), RULES)
            assert refused.value.message_id == "path-port-taken"

    run(story())


def test_an_address_that_is_none_is_our_own_mistake(run: Run) -> None:
    async def story() -> None:
        with pytest.raises(UsageError):
            await dial(Target("bravo.example", "fibre", "bravo"), ALPHA, PINS.get, Log(), RULES)

    run(story())


def test_nobody_at_the_address_is_a_refusal(run: Run) -> None:
    async def story() -> None:
        with socket.create_server(("127.0.0.1", 0)) as gone:
            target = Target("bravo.example", "fibre", f"127.0.0.1:{gone.getsockname()[1]}")
        assert (await fault_of_dialling(target)).message_id == "path-refused"

    run(story())


def test_sessions_outlive_their_listener(run: Run) -> None:
    async def story() -> None:
        ours, theirs = Log(), Log()
        async with bravo_listens(theirs) as listener:
            session = await dial(bravo_at(listener), ALPHA, PINS.get, ours, RULES)
            await theirs.session()
            waiting = await call(listener)
            await asyncio.sleep(0)
        session.send(framed(b"still here"))
        assert await theirs.hears(1) == [b"still here"]
        assert (await fault_of_dialling(bravo_at(listener))).message_id == "path-refused"
        session.close("stopping")
        await theirs.reason()
        await hang_up(waiting)

    run(story())


def test_an_attempt_that_is_called_off_leaves_nothing_behind(run: Run) -> None:
    async def story() -> None:
        log = Log()
        async with somebody() as target:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.02):
                    await dial(target, ALPHA, PINS.get, log, RULES)
        assert log.sessions == []

    run(story())


def test_ipv6_works_as_well(run: Run) -> None:
    async def story() -> None:
        log = Log()
        try:
            listener = await listen("[::1]:0", "fibre", BRAVO, PINS.get, log, RULES)
        except PathError:
            pytest.skip("this machine has no IPv6")
        target = Target("bravo.example", "fibre", f"[::1]:{listener.port}")
        session = await dial(target, ALPHA, PINS.get, Log(), RULES)
        await log.session()
        assert session.theirs == log.sessions[0].own == ("::1", listener.port)
        session.close("stopping")
        await log.reason()
        listener.close()

    run(story())

"""A whole node: its start, what it does with what comes, its end in order; and two of them over real TLS."""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import socket
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

import pytest
from msgspec.structs import replace

from openline.base.errors import BusyError, PathError, StoreError
from openline.base.limits import BLOB_CHUNK_BYTES
from openline.base.time import HOUR_US
from openline.identity.keys import RootSecrets
from openline.link.events import OfferBlob
from openline.link.frames import Card as CardFrame
from openline.link.frames import encode_frame
from openline.node import dialing
from openline.node.config import PathConfig
from openline.node.folder import Folder
from openline.node.founding import RENEWED, create_party, load_trust, own_card, pair_offline, read_invitation
from openline.node.service import _EVIDENCE_MAX, Node
from openline.node.views import Officer, SaidView
from openline.node.voice import Voice
from openline.node.voice_settings import VoiceSettings
from openline.record.entry import Attachment
from openline.record.introduction import make_invitation
from openline.record.ports import Introduction
from openline.store.memory import Fault
from openline.store.sqlite import SqliteStore
from tests.node.houses import (
    ALPHA,
    BRAVO,
    LINE,
    START,
    House,
    MemoryNode,
    both,
    card,
    connect,
    heard,
    message,
    no_network,
    origin,
    played,
    renewed,
    root_of,
    settled,
    started,
    until,
)
from tests.node.keepers import Side

DATA = bytes(range(256)) * 5_000
BLOB = Attachment(len(DATA), sha256(DATA).digest())


@pytest.fixture
def dialled() -> Iterator[list[tuple[str, str]]]:
    """Nothing is dialled; what would have been is noted."""
    with no_network() as asked:
        yield asked


def named(blob: Attachment) -> dict[str, object]:
    return {"size": blob.size, "sha256": blob.digest.hex()}


def keep(node: MemoryNode, blob: Attachment = BLOB, data: bytes = DATA) -> None:
    node.blobs.write(blob, 0, data)


def says_with(house: House, blob: Attachment) -> None:
    """The house's record holds an entry of its own that names `blob`."""
    side = Side(house.party, house=house)
    side.say(dataclasses.replace(message(), attachments=(blob,)))
    side.turn()


# Attachments


def test_an_attachment_follows_its_message_and_is_whole_at_the_peer() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        keep(alpha)
        await alpha.say(attachments=[named(BLOB)])
        await until(lambda: bravo.blobs.complete(BLOB.digest))
        assert b"".join(bravo.desk.blob(BLOB.digest.hex())) == DATA
        await until(lambda: bool(alpha.state.delivered))
        assert alpha.state.delivered == {(1, BLOB.digest)}

    played(story())


def test_a_transfer_that_was_cut_goes_on_after_a_restart_of_the_receiver() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        keep(alpha)
        bravo.thread.most = 8
        await alpha.say(attachments=[named(BLOB)])
        await until(lambda: bravo.thread.works > 8)
        await bravo.close()
        stands = sum(map(len, bravo.house.disk.blobs[BLOB]))
        assert 0 < stands < BLOB.size
        again = await started(bravo.house)
        assert again.thread.works == 0, "what is here is hashed again beside the loop, not in it"
        connect(alpha, again)
        await until(lambda: again.blobs.complete(BLOB.digest))
        assert b"".join(again.desk.blob(BLOB.digest.hex())) == DATA

    played(story())


def test_an_attachment_that_can_never_be_right_stops_nobody_now_or_at_the_next_start() -> None:
    async def story() -> None:
        impossible = Attachment(0, b"\x07" * 32)
        house = House(ALPHA)
        says_with(house, impossible)
        alpha, bravo = await started(house), await started(House(BRAVO))
        connect(alpha, bravo)
        await settled(alpha)
        await until(lambda: bool(bravo.facts("blob-refused")))
        assert not bravo.stopped
        await bravo.close()
        again = await started(bravo.house)
        await until(lambda: bool(again.facts("blob-refused")))
        assert (await again.say()).ids == ("bravo:0",)

    played(story())


def test_a_whole_that_is_not_what_its_digest_says_is_fetched_again_from_the_beginning() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        keep(alpha)
        read = alpha.blobs.read
        spoiled: list[int] = []

        def spoil(digest: bytes, offset: int, size: int) -> bytes:
            data = read(digest, offset, size)
            if not spoiled:
                spoiled.append(offset)
                return b"?" * len(data)
            return data

        alpha.blobs.read = spoil  # type: ignore[method-assign] # one piece goes wrong once
        await alpha.say(attachments=[named(BLOB)])
        await until(lambda: bravo.blobs.complete(BLOB.digest))
        assert [fact["fault"] for fact in bravo.facts("blob-refused")] == ["blob-digest-wrong"]
        assert b"".join(bravo.desk.blob(BLOB.digest.hex())) == DATA

    played(story())


def test_a_piece_that_does_not_follow_is_answered_with_where_it_stands() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        bravo.state.blob_sizes[BLOB.digest] = BLOB.size
        bravo.blobs.write(BLOB, 0, DATA[:100])
        bravo._store_blob(bravo.keeper, OfferBlob(1, BLOB.digest, 7, b"data"))
        await until(lambda: bool(bravo.facts("blob-refused")))
        assert await bravo.desk.upload_offset(BLOB.digest.hex(), BLOB.size) == 100
        assert not bravo.stopped
        await heard(alpha)

    played(story())


def test_an_attachment_nobody_has_named_is_not_kept() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        node._store_blob(node.keeper, OfferBlob(1, BLOB.digest, 0, DATA[:10]))
        assert node.thread.works == 0

    played(story())


def test_a_disk_that_fails_under_a_piece_stops_the_node() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        large = bytes(BLOB_CHUNK_BYTES + 1)
        blob = Attachment(len(large), sha256(large).digest())
        keep(alpha, blob, large)
        bravo.house.disk.blob_faults.planned[1] = Fault.LOST
        await alpha.say(attachments=[named(blob)])
        with pytest.raises(StoreError):
            await bravo.run()
        assert [fact["task"] for fact in bravo.facts("failed")] == ["blobs"]

    played(story())


def test_our_own_attachment_that_was_lost_comes_back_from_the_peer() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        keep(alpha)
        await alpha.say(attachments=[named(BLOB)])
        await until(lambda: bravo.blobs.complete(BLOB.digest))
        await alpha.close()
        alpha.house.disk.blobs.clear()
        alpha.house.disk.complete_blobs.clear()
        again = await started(alpha.house)
        connect(again, bravo)
        await until(lambda: again.blobs.complete(BLOB.digest))

    played(story())


# Cards


def sent_card(alpha: MemoryNode, bravo: MemoryNode, data: bytes) -> None:
    """Bravo sends alpha a card."""
    session = bravo.switchboard.sessions()[0]
    session.send(encode_frame(CardFrame(data)))


def test_a_newer_card_by_the_peers_own_root_is_kept_and_its_addresses_are_dialled(
    dialled: list[tuple[str, str]],
) -> None:
    async def story() -> None:
        alpha, bravo = await both()
        newer, data = renewed(BRAVO, endpoints=(("fibre", "new.bravo.example", 7_443, False),))
        sent_card(alpha, bravo, data)
        await until(lambda: alpha.trust.card(BRAVO) == newer)
        await alpha.turns.idle.wait()
        kept = alpha.memory.introductions()[-1]
        assert kept == Introduction(BRAVO, data, RENEWED, kept.time)
        assert dialled == [(BRAVO, "fibre")]
        await alpha.close()
        assert load_trust(alpha.memory).card(BRAVO) == newer

    played(story())


def test_a_card_that_may_not_follow_is_refused_and_noted() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        stranger = RootSecrets.from_seed(b"\x55" * 32)
        keys = stranger.keys(BRAVO)
        fresh = replace(
            card(BRAVO), root_ed25519=keys[0].public, root_mldsa44=keys[1].public, valid_from_ms=START.ms, next_root=b""
        )
        older = make_invitation([card(BRAVO)], root_of(BRAVO), START.seconds)
        for data in (make_invitation([fresh], stranger, START.seconds), b"no card", older, renewed(ALPHA)[1]):
            sent_card(alpha, bravo, data)
            await asyncio.sleep(0.1)
        assert alpha.trust.card(BRAVO) == card(BRAVO)
        assert next(fact["fault"] for fact in alpha.facts("card-refused")) == "card-root-unknown"
        assert len(alpha.memory.introductions()) == 2

    played(story())


# Evidence


def test_bytes_that_no_honest_peer_sends_are_kept_so_far_and_counted_all() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        for number in range(_EVIDENCE_MAX + 5):
            session = connect(bravo, alpha, "radio")
            await asyncio.sleep(0.1)
            session.send(b"\0\0\0\2\xff" + bytes([number]))
            await asyncio.sleep(0.1)
        assert alpha.faulty == _EVIDENCE_MAX + 5
        kept = alpha.memory.evidence()
        assert len(kept) == _EVIDENCE_MAX
        assert {(row.line, row.origin, row.fault) for row in kept} == {(LINE, origin(BRAVO), "peer-value-unreadable")}
        assert kept[0].data == b"\xff\x00"
        assert len(alpha.facts("faulty-bytes")) == _EVIDENCE_MAX + 5

    played(story())


def test_of_long_faulty_bytes_only_the_beginning_is_kept() -> None:
    async def story() -> None:
        alpha, _ = await both()
        wire = alpha.switchboard.sessions()[0]
        alpha._faulty_bytes(wire, alpha.keeper, "peer-frame-wrong", bytes(200_000))
        await alpha.turns.idle.wait()
        assert len(alpha.memory.evidence()[0].data) == 65_536

    played(story())


# Its start and its end


def test_a_node_is_what_its_record_says() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        for number in range(5):
            await alpha.say(f"number {number}")
        await settled(alpha, bravo)
        digest, seq = alpha.keeper.book.digest(), alpha.desk._stream.seq
        await alpha.close()
        told: list[int] = []
        again = MemoryNode(alpha.house)
        await again.start(told.append)
        assert again.keeper.book.digest() == digest
        assert again.desk._stream.seq == seq
        assert told == [seq]

    played(story())


def test_stopping_tells_the_peer_and_commits_what_was_said() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        saying = asyncio.ensure_future(alpha.say("the last word"))
        await asyncio.sleep(0)
        alpha.stop()
        await alpha.run()
        await alpha.close()
        assert (await saying).ids == ("alpha:0",)
        assert alpha.facts("stopped")
        await asyncio.sleep(0.1)
        (path, *_) = bravo.keeper.engine.paths()
        assert (path.sessions, path.reason) == (0, "stopping")

    played(story())


def test_a_node_whose_disk_fails_in_its_last_turn_ends_all_the_same() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        node.commits.busy = node.commits.hold = True
        node.house.disk.faults.planned[node.house.disk.faults.commits + 1] = Fault.LOST
        saying = asyncio.ensure_future(node.say())
        await asyncio.sleep(0.1)
        closing = asyncio.ensure_future(node.close())
        await asyncio.sleep(0.1)
        node.commits.release()
        async with asyncio.timeout(60):
            await closing
        assert isinstance(saying.exception(), StoreError)

    played(story())


def test_after_its_end_no_timer_wakes_it() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        await alpha.close()
        steps = len(alpha.log.getvalue())
        sent = len(alpha.memory.arrived(0, 99))
        await asyncio.sleep(HOUR_US / 1_000_000)
        assert (len(alpha.log.getvalue()), len(alpha.memory.arrived(0, 99))) == (steps, sent)
        await bravo.close()

    played(story())


def test_a_start_that_fails_is_cleared_away() -> None:
    async def story() -> None:
        node = MemoryNode(House(ALPHA), '[party]\nid = "{party}"\n[[path]]\nname = "fibre"\nlisten = "127.0.0.1:1"\n')

        async def taken(*_facts: object) -> None:
            raise PathError("path-port-taken", address="127.0.0.1:1")

        with patch.object(dialing, "listen", taken), pytest.raises(PathError, match="path-port-taken"):
            await node.start()
        await node.close()
        assert node.facts("stopped")

    played(story())


def test_a_task_that_fails_stops_the_node_and_says_why() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))

        async def breaks() -> None:
            raise ZeroDivisionError

        node.tasks.spawn(breaks(), "a bug")
        with pytest.raises(ZeroDivisionError):
            await node.run()
        assert node.facts("failed") == [
            {"at": START.rfc3339(), "fact": "failed", "task": "a bug", "fault": "ZeroDivisionError()"}
        ]

    played(story())


def test_only_the_first_failure_is_told() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        first, second = StoreError("store-broken", path="a", detail="b"), StoreError("store-fenced", detail="c")
        node._task_failed("store", first)
        node._task_failed("blobs", second)
        assert node.failure is first
        assert len(node.facts("failed")) == 1

    played(story())


def test_a_bug_in_a_callback_stops_the_node_and_a_cut_connection_does_not() -> None:
    async def story() -> None:
        loop, node = asyncio.get_running_loop(), await started(House(ALPHA))
        node.loop_failed(loop, {"message": "Fatal read error", "exception": TimeoutError(), "protocol": object()})
        node.loop_failed(loop, {"message": "a timeout in a callback", "exception": TimeoutError(), "handle": object()})
        node.loop_failed(loop, {"message": "never retrieved", "exception": KeyError(), "future": object()})
        assert not node.stopped
        assert [(row["detail"], row["error"]) for row in node.facts("loop-trouble")] == [
            ("Fatal read error", "TimeoutError"),
            ("a timeout in a callback", "TimeoutError"),
            ("never retrieved", "KeyError"),
        ]
        loop.set_exception_handler(node.loop_failed)
        facts: dict[str, int] = {}
        loop.call_soon(facts.__getitem__, "a bug")
        await asyncio.sleep(0)
        with pytest.raises(KeyError):
            await node.run()
        assert [row["task"] for row in node.facts("failed")] == ["loop"]

    played(story())


# Two nodes over real TLS

WATCH = Officer("watch", frozenset({"all"}))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two parties with a path each way, paired."""
    return made_pair(tmp_path_factory.mktemp("houses"))


def made_pair(place: Path) -> tuple[Path, Path]:
    """The same below `place`."""
    made: list[Path] = []
    with patch("openline.node.founding.lock_root", return_value=b"locked"):
        for party in (ALPHA, BRAVO):
            folder, port = place / party, free_port()
            path = PathConfig(name="fibre", listen=f"127.0.0.1:{port}", advertise=f"127.0.0.1:{port}")
            create_party(folder, party, {}, [path], "a phrase")
            with (folder / "openline.toml").open("a") as config:
                config.write("\n[voice]\nenabled = false\n")
            made.append(folder)
    for ours, theirs in (made, made[::-1]):
        with closing(SqliteStore(Folder(ours).record)) as store:
            digits = read_invitation(own_card(theirs), store).fingerprint
        pair_offline(ours, own_card(theirs), None, "Lt Berg", digits)
    return made[0], made[1]


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Node]:
    node = Node(folder)
    try:
        await node.start()
        yield node
    finally:
        await node.close()


async def said(node: Node, text: str, wait: str = "received") -> SaidView:
    return await node.desk.say(
        WATCH, None, "send", {"text": text}, key=None, mark="OPERATION", wait=wait, timeout_s=20.0
    )


def test_two_nodes_talk_over_tls_and_go_on_after_a_restart(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    async def story() -> None:
        async with running(folders[0]) as alpha:
            async with running(folders[1]) as bravo:
                assert (await said(alpha, "one")).reached
                assert (await said(bravo, "two")).reached
            for number in range(3):
                assert (await said(alpha, f"while it is down {number}", "recorded")).reached
            async with running(folders[1]) as bravo:
                assert (await said(alpha, "it is back")).reached
                found = bravo.desk.entries(
                    WATCH, None, kind="message", origin=None, open_only=False, before=None, count=99
                )
                down = [f"while it is down {number}" for number in (2, 1, 0)]
                assert [view.text for view in found] == ["it is back", *down, "two", "one"]
        assert alpha.failure is bravo.failure is None
        await asyncio.sleep(0.2)  # the loop lets go of closed connections in later turns

    asyncio.run(story())
    # A call that the system took in the last moment belongs to a loop that is gone: no later test is to blame for it.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    assert capsys.readouterr().err.count('"fact": "stopped"') == 3


def test_a_node_serves_when_no_voice_process_can_be_started(folders: tuple[Path, Path]) -> None:
    async def story() -> None:
        async with silent(folders[0]) as alpha, silent(folders[1]) as bravo:
            assert (await said(alpha, "without sound")).reached
            assert (await said(bravo, "nor here")).reached
            assert alpha.voice.sessions, "both would carry it"
            with pytest.raises(BusyError, match="voice-not-running"):
                await alpha.voice.offer("watch", "s", "v=0")
        assert alpha.failure is bravo.failure is None

    asyncio.run(story())


@asynccontextmanager
async def silent(folder: Path) -> AsyncIterator[Node]:
    """A node that is to carry sound, and cannot start a process for it."""
    node = Node(folder)
    node.voice = Voice(VoiceSettings(command=("/no/such/program",)), node.journal, node.tasks.spawn)
    node.switchboard.carrier, node.voice.hearer = node.voice, node.desk.telephone
    node.desk.telephone.connect(node.voice)
    try:
        await node.start()
        yield node
    finally:
        await node.close()

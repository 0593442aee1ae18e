"""Running the node from the desk: presence, pairing, what the node says by itself, seals, bundles, attachments."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import cast

import pytest

from openline.base.errors import PeerError, StoreError, UsageError
from openline.base.limits import BLOB_CHUNK_BYTES, DOWN_AFTER_US, SEAL_EVERY_US
from openline.base.time import HOUR_US, MINUTE_US, SECOND_US
from openline.line.linetest import TEST, TEST_ANSWER
from openline.line.silence import SILENCE
from openline.link.frames import Presence
from openline.node import health
from openline.node.founding import load_trust
from openline.node.views import Finding, Officer
from openline.record.audit import audit
from openline.record.entry import Attachment
from openline.record.verdict import State
from openline.store.memory import Fault
from openline.transport.memory import MemorySession
from tests.node.houses import (
    ALPHA,
    BRAVO,
    CHARLIE,
    CONFIG,
    LINE,
    OFFICER,
    House,
    MemoryNode,
    both,
    card,
    connect,
    heard,
    origin,
    played,
    proof,
    settled,
    started,
    until,
)

INTERPRETER = Officer("interpreter", frozenset({"read", "interpret"}))
WATCH = Officer("watch", frozenset({"send"}))


def kinds(node: MemoryNode, log: str | None = None) -> list[int]:
    """The kinds of a log's entries; of our own unless told otherwise."""
    return [entry.leaf.kind for entry in node.memory.entries(log or node.keeper.own.origin, 0, 1_000)]


# People


async def told(node: MemoryNode) -> Presence:
    """What the peer has been told of our people."""
    await asyncio.sleep(0.1)
    return node.keeper.engine.health()[0].presence


def test_the_peer_hears_who_is_there() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        assert await told(bravo) is Presence.NOBODY
        alpha.desk.console_connected(WATCH)
        assert await told(bravo) == Presence.CONSOLE
        alpha.desk.watch_on(WATCH)
        assert await told(bravo) == Presence.CONSOLE | Presence.OFFICER
        alpha.desk.watch_on(INTERPRETER)
        assert await told(bravo) == Presence.CONSOLE | Presence.OFFICER | Presence.LINGUIST
        alpha.desk.watch_off(INTERPRETER)
        alpha.desk.console_gone(WATCH)
        assert await told(bravo) == Presence.OFFICER

    played(story())


def test_a_watch_that_is_declared_twice_ends_with_one_word() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        for _ in range(3):
            alpha.desk.watch_on(WATCH)
        alpha.desk.watch_off(WATCH)
        assert await told(bravo) is Presence.NOBODY
        alpha.desk.watch_off(WATCH)
        alpha.desk.watch_on(WATCH)
        assert await told(bravo) == Presence.OFFICER

    played(story())


def test_two_consoles_are_there_until_both_are_gone() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        for _ in range(2):
            alpha.desk.console_connected(WATCH)
        alpha.desk.console_gone(WATCH)
        assert await told(bravo) == Presence.CONSOLE
        alpha.desk.console_gone(WATCH)
        assert await told(bravo) is Presence.NOBODY

    played(story())


def test_what_nobody_was_asked_before_is_noted_in_the_log() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        node.desk.noted(WATCH, "withdraw", "by a script")
        (fact,) = node.facts("unasked")
        assert (fact["desk"], fact["what"], fact["reason"]) == ("watch", "withdraw", "by a script")

    played(story())


# Pairing


async def paired(node: MemoryNode, **more: str) -> str:
    """Have charlie accepted; the new line."""
    given = {"line": None, "confirmed_by": "Lt Berg", "fingerprint": card(CHARLIE).fingerprint(), **more}
    view = await node.desk.pair_confirm(proof(CHARLIE), **given)  # type: ignore[arg-type] # by name
    return view.line


def test_a_party_is_paired_while_the_node_runs_and_the_line_is_there_at_once() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        view = await node.desk.pair_open(proof(CHARLIE))
        assert (view.party, view.known) == (CHARLIE, False)
        assert await paired(node) == "alpha-charlie"
        said = await node.desk.say(
            OFFICER, "alpha-charlie", "send", {"text": "a"}, key=None, mark="OPERATION", wait="recorded", timeout_s=1.0
        )
        assert said.ids == ("alpha:0",)
        assert load_trust(node.memory).card(CHARLIE) == node.trust.card(CHARLIE) == card(CHARLIE)
        await node.close()
        assert set((await started(node.house)).lines) == {LINE, "alpha-charlie"}

    played(story())


def test_both_parties_of_a_new_line_hear_each_other_and_who_is_there() -> None:
    async def story() -> None:
        alpha, charlie = await started(House(ALPHA)), await started(House(CHARLIE, (BRAVO, CHARLIE)))
        alpha.desk.console_connected(WATCH)
        await paired(alpha)
        await charlie.desk.pair_confirm(proof(ALPHA), None, "Lt Berg", card(ALPHA).fingerprint())
        connect(alpha, charlie, line="alpha-charlie")
        state = charlie.lines["alpha-charlie"]
        await until(lambda: state.keeper.engine.health()[0].presence == Presence.CONSOLE)

    played(story())


def test_wrong_digits_and_wrong_bytes_accept_nobody() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        with pytest.raises(UsageError, match="trust-digits-differ"):
            await paired(node, fingerprint=card(BRAVO).fingerprint())
        with pytest.raises(UsageError, match="pair-name-wrong"):
            await paired(node, confirmed_by="ourselves")
        with pytest.raises(PeerError):
            await node.desk.pair_open(b"nothing")
        assert node.trust.card(CHARLIE) is None
        assert set(node.lines) == {LINE}

    played(story())


def test_two_who_pair_the_same_line_at_once_open_it_once() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        node.commits.hold = True
        many = [asyncio.ensure_future(paired(node)) for _ in range(3)]
        await asyncio.sleep(1)
        node.commits.hold = False
        node.commits.release()
        results = await asyncio.gather(*many, return_exceptions=True)
        assert [str(result) for result in results[1:]] == ["line-exists (line='alpha-charlie')"] * 2
        assert results[0] == "alpha-charlie"

    played(story())


def test_whoever_goes_while_the_line_is_being_opened_finds_it_open() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        node.commits.hold = True
        gone = asyncio.ensure_future(paired(node))
        await asyncio.sleep(1)
        gone.cancel()
        await asyncio.sleep(1)
        node.commits.hold = False
        node.commits.release()
        await asyncio.sleep(1)
        assert "alpha-charlie" in node.lines
        assert node.trust.card(CHARLIE) is not None

    played(story())


def test_when_the_disk_fails_nobody_is_accepted_and_the_node_stops() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        node.house.disk.faults.planned[node.house.disk.faults.commits + 1] = Fault.LOST
        with pytest.raises(StoreError):
            await paired(node)
        assert node.trust.card(CHARLIE) is None
        assert node.stopped

    played(story())


# What the node says by itself


def test_a_line_is_tested_as_soon_as_it_is_heard_and_every_hour() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        await asyncio.sleep(10)
        assert kinds(alpha) == kinds(bravo) == [TEST, TEST_ANSWER]
        await asyncio.sleep(HOUR_US / SECOND_US)
        assert kinds(alpha).count(TEST) == kinds(alpha).count(TEST_ANSWER) == 2

    played(story())


@pytest.mark.parametrize(("minutes", "tests"), [(0, 0), (10, 3)])
def test_how_often_it_is_tested_is_configured(minutes: int, tests: int) -> None:
    async def story() -> None:
        config = f"{CONFIG}\n[tests]\nevery_minutes = {minutes}\n"
        alpha, bravo = await started(House(ALPHA), config), await started(House(BRAVO), config)
        connect(alpha, bravo)
        await heard(alpha, bravo)
        await asyncio.sleep(20 * MINUTE_US / SECOND_US + 30)
        assert kinds(alpha).count(TEST) == tests
        at = alpha.desk.status("en").lines[0].next_test_at
        assert (at is None) is (minutes == 0)

    played(story())


def test_a_node_that_has_just_started_writes_nothing_before_its_peer_has_told_what_it_holds() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        await asyncio.sleep(DOWN_AFTER_US / SECOND_US - 2)
        assert kinds(node) == []
        await asyncio.sleep(10)
        assert kinds(node) == [TEST, SILENCE], "a peer that is down must not keep us silent for ever"

    played(story())


def test_a_silence_is_written_to_the_record_when_it_lasts_and_when_it_ends() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        bravo.desk.console_connected(WATCH)
        await asyncio.sleep(100)
        assert kinds(alpha).count(SILENCE) == 0
        for session in alpha.switchboard.sessions():
            cast("MemorySession", session).cut()
        await asyncio.sleep(300)
        assert kinds(alpha).count(SILENCE) == 1
        connect(alpha, bravo)
        await asyncio.sleep(300)
        assert kinds(alpha).count(SILENCE) == 2

    played(story())


def test_a_line_that_is_forked_or_quarantined_is_left_alone() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        alpha.keeper.forked[BRAVO] = "log-forked"
        bravo.keeper.own.quarantined = True
        bravo.keeper._tips.clear()
        await asyncio.sleep(30)
        assert kinds(alpha) == kinds(bravo) == []
        assert not alpha.facts("duty-refused")

    played(story())


# The clock


def test_a_clock_that_was_set_is_told_in_the_log_and_by_the_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "doctor", lambda *_, **__: [Finding("sqlite", "ok", "SQLite")])

    async def story() -> None:
        node = await started(House(ALPHA))
        await asyncio.sleep(3)
        assert [finding.id for finding in node.desk.doctor()] == ["sqlite"]
        node.house.clock.jump(-5 * MINUTE_US)
        await asyncio.sleep(3)
        assert [fact["seconds"] for fact in node.facts("clock-jumped")] == [-300]
        assert [(finding.id, finding.level) for finding in node.desk.doctor()][1:] == [("clock-jumped", "warn")]
        assert "-300 seconds" in node.desk.doctor()[1].text
        jump = node.desk._jumps.last
        assert jump is not None
        node.desk._jumps.last = replace(jump, at=jump.at.plus(-25 * HOUR_US))
        assert [finding.id for finding in node.desk.doctor()] == ["sqlite"], "after a day it is forgotten"

    played(story())


def test_seals_go_on_after_the_clock_was_set_back() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        node.house.clock.jump(365 * 24 * HOUR_US)
        await asyncio.sleep(5)
        node.house.clock.jump(-365 * 24 * HOUR_US)
        await node.say()
        await asyncio.sleep(5)
        assert node.memory.seals(origin(ALPHA))

    played(story())


# Seals


def test_logs_are_sealed_every_hour_as_far_as_they_have_grown_and_the_peer_holds_the_seals() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        await alpha.say()
        await settled(alpha, bravo)
        await asyncio.sleep(SEAL_EVERY_US / SECOND_US + 10)
        for node in (alpha, bravo):
            seals = node.memory.seals(origin(ALPHA))
            assert {seal.cosigner for seal in seals} == {origin(ALPHA), f"{origin(BRAVO)}/mirror"}
        before = len(alpha.memory.seals(origin(ALPHA)))
        alpha.desk.seal(alpha.keeper)
        await asyncio.sleep(1)
        assert len(alpha.memory.seals(origin(ALPHA))) == before or kinds(alpha), (
            "what has not grown is not sealed again"
        )

    played(story())


def held_by(node: MemoryNode) -> list[int]:
    """The sizes at which a node holds alpha's own seals of its log."""
    return [seal.size for seal in node.memory.seals(origin(ALPHA)) if seal.cosigner == origin(ALPHA)]


def test_a_seal_leaves_after_its_commit() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        await alpha.say(wait="received")
        alpha.commits.busy = alpha.commits.hold = True
        assert len(alpha.desk.seal(alpha.keeper)) == 1
        await asyncio.sleep(0.5)
        assert held_by(bravo) == []
        alpha.commits.hold = False
        alpha.commits.release()
        await asyncio.sleep(0.5)
        assert held_by(bravo) == [1]

    played(story())


def test_after_a_restart_nothing_is_sealed_twice() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        await node.say()
        await asyncio.sleep(2)
        node.desk.seal(node.keeper)
        await asyncio.sleep(1)
        assert len(node.memory.seals(origin(ALPHA))) == 1
        await node.close()
        again = await started(node.house)
        assert again.desk.seal(again.keeper) == []

    played(story())


# Bundles


async def exported(node: MemoryNode, **how: bool) -> bytes:
    given = {"bodies": True, "attachments": False, **how}
    return b"".join([piece async for piece in node.desk.export(None, **given)])


def test_an_export_is_sealed_afresh_and_holds_up_before_an_auditor() -> None:
    async def story() -> bytes:
        alpha, bravo = await both()
        for number in range(5):
            await alpha.say(f"number {number}", wait="received")
        await bravo.say("of bravo", wait="received")
        data = await exported(alpha)
        assert max(seal.size for seal in alpha.memory.seals(origin(ALPHA))) == alpha.keeper.own.size
        return data

    data = played(story())
    verdict = audit(BytesIO(data), {party: card(party).fingerprint() for party in (ALPHA, BRAVO)}, _nobody)
    assert verdict.state is State.VERIFIED, [str(finding) for finding in verdict.findings]
    assert [log.entries for log in verdict.logs] == [5, 1]


def _nobody(_done: int, _total: int) -> None:
    pass


def test_an_export_does_not_wait_for_a_quiet_moment() -> None:
    async def story() -> None:
        alpha, _ = await both()

        async def talk() -> None:
            while True:
                await alpha.say()

        for _ in range(3):
            alpha.tasks.spawn(talk(), "talk")
        alpha.commits.busy = True
        alpha.turns.idle.wait = lambda: asyncio.get_running_loop().create_future()  # type: ignore[method-assign,assignment,return-value] # it never comes
        async with asyncio.timeout(60):
            assert await exported(alpha)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("openline.node.running.write_bundle", _empty_bundle)
        played(story())


def _empty_bundle(file: BytesIO, *_facts: object) -> None:
    file.write(b"bundle")


def test_an_export_of_a_node_whose_disk_fails_ends() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        await node.say()
        node.house.disk.faults.planned[node.house.disk.faults.commits + 1] = Fault.LOST
        async with asyncio.timeout(60):
            with pytest.raises(StoreError):
                await exported(node)

    played(story())


def test_our_own_record_is_checked_as_an_auditor_would() -> None:
    async def story() -> list[Mapping[str, object]]:
        alpha, _ = await both()
        await alpha.say(wait="received")
        return [row async for row in alpha.desk.verify(None)]

    rows = played(story())
    assert rows[-1]["type"] == "result"
    assert rows[-1]["verdict"] in {state.name for state in State}
    assert json.dumps(rows)


# Attachments

DATA = bytes(range(256)) * 40
DIGEST = sha256(DATA).hexdigest()


async def pieces(data: bytes, size: int = 1_000) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def test_an_attachment_is_kept_and_may_be_named_then() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        attachment = {"size": len(DATA), "sha256": DIGEST}
        with pytest.raises(UsageError, match="attachment-missing"):
            await node.say(attachments=[attachment])
        view = await node.desk.upload(pieces(DATA), len(DATA), DIGEST)
        assert (view.digest, view.size) == (DIGEST, len(DATA))
        await node.say(attachments=[attachment])
        assert b"".join(node.desk.blob(DIGEST)) == DATA

    played(story())


def test_an_upload_that_broke_off_goes_on_where_it_stood() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        with pytest.raises(UsageError, match="upload-offset") as why:
            await node.desk.upload(pieces(DATA[:4_000]), len(DATA), DIGEST)
        assert why.value.facts == {"offset": 4_000}
        assert await node.desk.upload_offset(DIGEST, len(DATA)) == 4_000
        await node.desk.upload(pieces(DATA[4_000:]), len(DATA), DIGEST)
        assert await node.desk.upload_offset(DIGEST, len(DATA)) == len(DATA)

    played(story())


def test_an_attachment_that_is_not_what_it_says_is_refused() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        with pytest.raises(PeerError, match="blob-digest-wrong"):
            await node.desk.upload(pieces(DATA[:-1] + b"?"), len(DATA), DIGEST)
        assert await node.desk.upload_offset(DIGEST, len(DATA)) == 0
        with pytest.raises(UsageError, match="digest-wrong"):
            await node.desk.upload(pieces(DATA), len(DATA), "abc")
        assert not node.stopped

    played(story())


def test_attachments_are_hashed_and_written_in_their_own_thread() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        await node.desk.upload_offset(DIGEST, len(DATA))
        assert node.thread.works == 1
        await node.desk.upload(pieces(DATA, 5_120), len(DATA), DIGEST)
        assert node.thread.works == 1 + 1 + 2

    played(story())


def test_a_disk_that_fails_under_an_attachment_stops_the_node() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        node.house.disk.blob_faults.planned[1] = Fault.LOST
        data = bytes(BLOB_CHUNK_BYTES)
        with pytest.raises(StoreError):
            await node.desk.upload(pieces(data, BLOB_CHUNK_BYTES), len(data), sha256(data).hexdigest())
        assert node.stopped

    played(story())


def test_an_attachment_that_was_lost_may_be_given_again() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        await alpha.desk.upload(pieces(DATA), len(DATA), DIGEST)
        await alpha.say(attachments=[{"size": len(DATA), "sha256": DIGEST}])
        await until(lambda: bravo.blobs.complete(bytes.fromhex(DIGEST)))
        alpha.house.disk.complete_blobs.clear()
        alpha.house.disk.blobs.clear()
        await alpha.desk.upload(pieces(DATA), len(DATA), DIGEST)
        assert alpha.blobs.complete(bytes.fromhex(DIGEST))
        assert Attachment(len(DATA), bytes.fromhex(DIGEST)) in alpha.blobs.digests()

    played(story())


# The rest


def test_our_own_card_is_the_newest_one() -> None:
    async def story() -> None:
        assert (await started(House(ALPHA))).desk.card() == proof(ALPHA)

    played(story())


def test_a_backup_tells_how_far_it_is_and_what_it_has_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[tuple[object, ...]] = []

    class Manifest:
        files = ("record.db", "blobs.db")

    def backup(*facts: object) -> Manifest:
        copied.append(facts)
        return Manifest()

    monkeypatch.setattr("openline.node.running.backup", backup)
    target = tmp_path / "today"

    async def story() -> list[Mapping[str, object]]:
        node = await started(House(ALPHA))
        with pytest.raises(UsageError, match="backup-target-exists"):
            node.desk.backup(str(tmp_path))
        with pytest.raises(UsageError, match="folder-not-writable"):
            node.desk.backup(str(tmp_path / "no" / "such"))
        return [row async for row in node.desk.backup(str(target))]

    assert played(story()) == [{"type": "result", "target": str(target), "files": 2}]
    assert copied[0][:3] == (Path("/nowhere/record.db"), Path("/nowhere/blobs.db"), target)


def test_metrics_are_those_of_the_node() -> None:
    async def story() -> None:
        assert "openline_line_state" in (await started(House(ALPHA))).desk.metrics()

    played(story())

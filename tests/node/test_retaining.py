"""Retention and holds on nodes: erased here, told there, kept under a hold of either side, the same after a restart."""

from __future__ import annotations

from hashlib import sha256
from typing import cast

import pytest

from openline.base.errors import UsageError
from openline.base.time import DAY_US, HOUR_US
from openline.line.view import EntryView
from openline.node.config import parse_config
from openline.node.retaining import rules_of
from openline.node.views import Officer
from openline.node.wiring import registry
from openline.record.entry import Attachment
from openline.record.ports import HoldRow
from tests.node.houses import (
    ALPHA,
    BRAVO,
    CONFIG,
    OFFICER,
    MemoryNode,
    both,
    connect,
    heard,
    origin,
    played,
    settled,
    started,
    until,
)

SECRET = "the words that are to go"
CLASSES = (
    CONFIG
    + """
[[retention]]
name = "messages"
kinds = ["message", "correction"]
days = 30
"""
)
REASON, AUTHORITY = "inquiry 12", "the judge advocate"


async def retain(node: MemoryNode, dry_run: bool = False) -> dict[str, int]:
    """Run it; the counts of its one class that are not zero."""
    rows = [row async for row in node.desk.retain(OFFICER, dry_run)]
    assert rows[-1]["dry_run"] is dry_run
    (counts,) = cast("tuple[dict[str, object]]", rows[-1]["classes"])
    return {name: value for name, value in counts.items() if isinstance(value, int) and value}


async def talked() -> tuple[MemoryNode, MemoryNode]:
    """Two nodes; alpha has said something that bravo has read and taken, and bravo has answered."""
    alpha, bravo = await both(CLASSES)
    await alpha.say(SECRET, wait="received")
    await settled(alpha, bravo)
    await bravo.say(None, "ack", entry="alpha:0")
    await bravo.say("an answer", wait="received")
    await settled(alpha, bravo)
    await alpha.say(None, "ack", entry="bravo:1")
    await settled(alpha, bravo)
    return alpha, bravo


def later(*nodes: MemoryNode, days: int = 31) -> None:
    for node in nodes:
        node.house.clock.jump(days * DAY_US)


def shown(node: MemoryNode, entry: str = "alpha:0") -> EntryView:
    return node.desk.entry(OFFICER, None, entry)


def body(node: MemoryNode, party: str = ALPHA, index: int = 0) -> bytes | None:
    return node.memory.entries(origin(party), index, index + 1)[0].body


def test_what_is_over_is_erased_here_and_the_other_side_is_told() -> None:
    async def story() -> None:
        alpha, bravo = await talked()
        assert await retain(alpha) == {}
        later(alpha, bravo)
        assert await retain(alpha, dry_run=True) == {"due": 2, "erased": 2}
        assert body(alpha) is not None
        assert await retain(alpha) == {"due": 2, "erased": 2}
        await settled(alpha, bravo)
        assert (body(alpha), body(alpha, BRAVO, 1)) == (None, None)
        assert body(bravo) is not None, "each side erases its own copy"
        assert (shown(alpha).text, shown(bravo).text) == (None, SECRET)
        for node in (alpha, bravo):
            assert [(row.party, row.under) for row in shown(node).erased] == [("alpha", "messages")]
        assert alpha.keeper.book.digest() == bravo.keeper.book.digest()
        assert await retain(alpha) == {}, "nothing is erased or told twice"

    played(story())


def test_after_a_restart_the_fold_is_the_same_and_the_line_goes_on() -> None:
    async def story() -> None:
        alpha, bravo = await talked()
        later(alpha, bravo)
        await retain(alpha)
        await settled(alpha, bravo)
        await alpha.close()
        again = await started(alpha.house, CLASSES)
        assert again.keeper.book.digest() == bravo.keeper.book.digest()
        assert [stage.stage for stage in shown(again).stages] == ["RECEIVED", "ACCEPTED"]
        assert shown(again).faults == ()
        connect(again, bravo)
        await heard(again, bravo)
        await until(lambda: not again.keeper.own.quarantined)
        await again.say("and on", wait="received")
        await settled(again, bravo)
        assert again.keeper.book.digest() == bravo.keeper.book.digest()

    played(story())


@pytest.mark.parametrize("who", [0, 1])
def test_a_hold_of_either_side_keeps_what_it_covers_on_both_sides(who: int) -> None:
    async def story() -> None:
        nodes = await talked()
        await nodes[who].say(None, "hold", reason=REASON, authority=AUTHORITY, whole=True)
        await settled(*nodes)
        later(*nodes)
        for node in nodes:
            assert await retain(node) == {"due": 2, "held": 2}
            assert body(node) is not None
            (hold,) = node.desk.holds(OFFICER, None)
            assert (hold.party, hold.state, hold.whole, hold.reason) == (
                (ALPHA, BRAVO)[who],
                "STANDING",
                True,
                "inquiry 12",
            )
            assert [row.lifted for row in node.memory.holds()] == [None]
        (placed,) = nodes[who].desk.holds(OFFICER, None)
        await nodes[who].say(None, "lift-hold", reason=REASON, authority=AUTHORITY, entry=placed.id)
        await settled(*nodes)
        for node in nodes:
            assert await retain(node) == {"due": 2, "erased": 2}
            assert [row.state for row in node.desk.holds(OFFICER, None)] == ["LIFTED"]

    played(story())


def test_the_store_knows_of_a_hold_in_the_commit_that_brings_it() -> None:
    async def story() -> None:
        alpha, bravo = await talked()
        await alpha.say(None, "hold", reason=REASON, authority=AUTHORITY, entries=["bravo:1"])
        await settled(alpha, bravo)
        for node in (alpha, bravo):
            (writes,) = [some for some in node.commits.committed if any("Hold" in type(one).__name__ for one in some)]
            assert {type(one).__name__ for one in writes} >= {"Append", "PlaceHold"}

    played(story())


def test_a_node_that_did_not_know_holds_tells_its_store_when_it_starts() -> None:
    async def story() -> None:
        alpha, bravo = await talked()
        await bravo.say(None, "hold", reason=REASON, authority=AUTHORITY, whole=True)
        await settled(alpha, bravo)
        await alpha.close()
        alpha.house.disk.holds.clear()
        again = await started(alpha.house, CLASSES)
        await until(lambda: len(again.memory.holds()) == 1)
        (row,) = again.memory.holds()
        assert isinstance(row, HoldRow)
        assert (row.hold.origin, row.lifted) == (origin(BRAVO), None)

    played(story())


def test_what_is_open_wrong_or_not_delivered_stays() -> None:
    async def story() -> None:
        alpha, bravo = await talked()
        await alpha.say("nobody has taken this")
        await settled(alpha, bravo)
        for session in alpha.switchboard.sessions():
            session.close("stopping")
        await alpha.say("nobody has received this")
        later(alpha, bravo)
        assert await retain(alpha) == {"due": 4, "erased": 2, "open": 1, "undelivered": 1}

    played(story())


def test_an_attachment_goes_with_the_last_entry_that_names_it_and_is_not_fetched_again() -> None:
    async def story() -> None:
        alpha, bravo = await both(CLASSES)
        data = b"a photograph"
        photo = Attachment(len(data), sha256(data).digest())
        alpha.blobs.write(photo, 0, data)
        named = [{"size": photo.size, "sha256": photo.digest.hex()}]
        await alpha.say("seen here", attachments=named)
        await settled(alpha, bravo)
        await bravo.say(None, "ack", entry="alpha:0")
        await settled(alpha, bravo)
        later(alpha, bravo, days=20)
        await alpha.say("and here", attachments=named)
        await settled(alpha, bravo)
        await bravo.say(None, "ack", entry="alpha:1")
        await settled(alpha, bravo)
        later(alpha, bravo, days=20)
        assert await retain(alpha) == {"due": 1, "erased": 1}
        assert alpha.blobs.complete(photo.digest)
        later(alpha, bravo, days=20)
        assert await retain(alpha) == {"due": 1, "erased": 1, "attachments": 1}
        assert not alpha.blobs.complete(photo.digest)
        assert bravo.blobs.complete(photo.digest)
        await alpha.close()
        again = await started(alpha.house, CLASSES)
        connect(again, bravo)
        await heard(again, bravo)
        await settled(again, bravo)
        assert not again.blobs.complete(photo.digest)

    played(story())


def test_nothing_of_what_was_erased_is_sent_to_a_peer_that_asks_again() -> None:
    async def story() -> None:
        alpha, bravo = await talked()
        later(alpha, bravo)
        await retain(alpha)
        entry = alpha.keeper.held.entry(origin(ALPHA), 0)
        assert entry is not None
        assert (entry.body, entry.salt) == (None, b"")

    played(story())


def test_without_classes_everything_is_kept() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        await alpha.say(SECRET)
        await settled(alpha, bravo)
        later(alpha, days=36_500)
        rows = [row async for row in alpha.desk.retain(OFFICER, False)]
        assert rows[-1]["classes"] == []
        view = alpha.desk.retention(OFFICER)
        assert view.classes == ()
        assert {"message", "recording-chunk"} <= set(view.kinds)
        assert not {"stop", "hold", "erasure", "test"} & set(view.kinds)

    played(story())


def test_only_who_may_declare_runs_it() -> None:
    async def story() -> None:
        alpha, _ = await both(CLASSES)
        with pytest.raises(UsageError) as caught:
            [row async for row in alpha.desk.retain(Officer("watch", frozenset({"read"})), False)]
        assert caught.value.message_id == "not-allowed"

    played(story())


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([("a", ["stop"])], "retention-kind-kept"),
        ([("a", ["hold"])], "retention-kind-kept"),
        ([("a", ["no-such-kind"])], "retention-kind-kept"),
        ([("a", ["message"]), ("a", ["service"])], "config-wrong"),
        ([("a", ["message"]), ("b", ["message", "service"])], "config-wrong"),
        ([("No Name", ["message"])], "config-wrong"),
    ],
)
def test_classes_that_cannot_be_are_refused(rows: list[tuple[str, list[str]]], fault: str) -> None:
    text = CONFIG.format(party=ALPHA)
    for name, kinds in rows:
        text += f'\n[[retention]]\nname = "{name}"\nkinds = {kinds}\ndays = 30\n'
    with pytest.raises(UsageError) as caught:
        rules_of(parse_config(text, "openline.toml").retention, registry())
    assert caught.value.message_id == fault


def test_a_class_has_kinds_and_marks_and_an_age() -> None:
    async def story() -> None:
        config = CONFIG + '\n[[retention]]\nname = "drills"\nkinds = ["message"]\ndays = 1\nmarks = ["EXERCISE"]\n'
        alpha, bravo = await both(config)
        await alpha.say("real")
        await alpha.say("drill", mark="EXERCISE")
        await settled(alpha, bravo)
        for entry in ("alpha:0", "alpha:1"):
            await bravo.say(None, "ack", entry=entry, mark="EXERCISE" if entry == "alpha:1" else "OPERATION")
        await settled(alpha, bravo)
        alpha.house.clock.jump(DAY_US - HOUR_US)
        assert await retain(alpha) == {}
        alpha.house.clock.jump(HOUR_US)
        assert await retain(alpha) == {"due": 1, "erased": 1}
        assert [entry.body is None for entry in alpha.memory.entries(origin(ALPHA), 0, 2)] == [False, True]

    played(story())

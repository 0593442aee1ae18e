"""What the desk shows: entries by arrival and filter, who received what when, attachments, and events as they come."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from hashlib import sha256

import pytest

from openline.base.errors import UsageError
from openline.base.time import SECOND_US
from openline.node import showing
from openline.node.showing import digest_of
from openline.node.views import EventView, Officer
from openline.record.entry import Attachment
from openline.record.ports import Arrived, Receipt
from tests.node.houses import (
    ALPHA,
    BRAVO,
    CHARLIE,
    LINE,
    OFFICER,
    START,
    House,
    MemoryNode,
    both,
    connect,
    first_writes,
    heard,
    opened,
    origin,
    played,
    settled,
    singly,
    started,
)

NOBODY = Officer("guest", frozenset())


def listed(node: MemoryNode, count: int = 100, **filters: object) -> list[str]:
    """The ids of the entries that are shown."""
    given = {"kind": None, "origin": None, "open_only": False, "before": None, **filters}
    found = node.desk.entries(OFFICER, None, count=count, **given)  # type: ignore[arg-type] # by name
    return [view.id for view in found]


async def conversation() -> tuple[MemoryNode, MemoryNode]:
    """Two nodes; alpha has said three things, bravo has accepted the first and said one."""
    alpha, bravo = await both()
    for number in range(3):
        await alpha.say(f"number {number}")
    await settled(alpha, bravo)
    await bravo.say(None, "ack", entry="alpha:0")
    await bravo.say("of bravo")
    await settled(alpha, bravo)
    return alpha, bravo


# Entries


def test_entries_come_newest_first_by_arrival() -> None:
    async def story() -> None:
        alpha, _ = await conversation()
        assert listed(alpha) == ["bravo:1", "bravo:0", "alpha:2", "alpha:1", "alpha:0"]
        assert listed(alpha, count=2) == ["bravo:1", "bravo:0"]
        assert listed(alpha, before=3) == ["alpha:1", "alpha:0"]
        assert listed(alpha, before=1) == []
        assert listed(alpha, before=10**30) == listed(alpha), "a number that this record has not reached"

    played(story())


def test_entries_are_filtered_by_kind_by_author_and_by_what_is_open() -> None:
    async def story() -> None:
        alpha, bravo = await conversation()
        assert listed(alpha, kind="message") == ["bravo:1", "alpha:2", "alpha:1", "alpha:0"]
        assert listed(alpha, kind="receipt", origin="theirs") == ["bravo:0"]
        assert listed(alpha, origin="ours") == ["alpha:2", "alpha:1", "alpha:0"]
        assert listed(bravo, origin="ours") == ["bravo:1", "bravo:0"]
        assert listed(alpha, open_only=True) == ["bravo:1", "alpha:2", "alpha:1"]
        assert listed(alpha, open_only=True, origin="theirs", kind="message") == ["bravo:1"]
        assert listed(alpha, kind="nothing-such") == []

    played(story())


def test_a_long_record_is_looked_through_and_no_further_than_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        monkeypatch.setattr(showing, "_SCAN_COUNT", 4)
        alpha, bravo = await both()
        for number in range(30):
            await alpha.say(f"number {number}")
        await settled(alpha, bravo)
        for number in range(28):
            await bravo.say(None, "ack", entry=f"alpha:{number}")
        await settled(alpha, bravo)
        assert listed(alpha, kind="message", count=50) == [f"alpha:{number}" for number in range(29, -1, -1)]
        read: list[int] = []
        real = alpha.memory.arrived

        def counted(after_seq: int, count: int) -> list[Arrived]:
            read.append(count)
            return real(after_seq, count)

        alpha.memory.arrived = counted  # type: ignore[method-assign] # it counts
        assert listed(alpha, open_only=True) == ["alpha:29", "alpha:28"]
        assert sum(read) <= 28 + 2 + 4, "older entries are none of them open"

    played(story())


def test_entries_of_another_line_are_not_shown() -> None:
    async def story() -> None:
        house = House(ALPHA)
        house.store().commit(first_writes(ALPHA, (ALPHA, CHARLIE))[1:])
        node = await started(house)
        for line in ("alpha-bravo", "alpha-charlie", "alpha-bravo"):
            how = {"key": None, "mark": "OPERATION", "wait": "recorded"}
            await node.desk.say(OFFICER, line, "send", {"text": line}, timeout_s=1.0, **how)  # type: ignore[arg-type] # by name
        filters = {"kind": None, "origin": None, "open_only": False, "before": None}
        found = node.desk.entries(OFFICER, "alpha-charlie", count=9, **filters)  # type: ignore[arg-type] # by name
        assert [(view.id, view.text) for view in found] == [("alpha:0", "alpha-charlie")]

    played(story())


def test_one_entry_is_shown_with_its_text_and_looking_records_nothing() -> None:
    async def story() -> None:
        alpha, bravo = await conversation()
        size = bravo.keeper.own.size
        view = bravo.desk.entry(OFFICER, LINE, "alpha:1")
        assert (view.text, view.party, view.kind) == ("number 1", ALPHA, "message")
        assert bravo.keeper.own.size == size
        with pytest.raises(UsageError, match="entry-unknown"):
            alpha.desk.entry(OFFICER, LINE, "alpha:9")

    played(story())


def test_who_may_not_read_sees_nothing() -> None:
    async def story() -> None:
        alpha, _ = await conversation()
        with pytest.raises(UsageError, match="not-allowed"):
            alpha.desk.entry(NOBODY, LINE, "alpha:1")
        filters = {"kind": None, "origin": None, "open_only": False, "before": None}
        with pytest.raises(UsageError, match="not-allowed"):
            alpha.desk.entries(NOBODY, LINE, count=9, **filters)  # type: ignore[arg-type] # by name

    played(story())


def test_entries_are_shown_raw_for_who_checks_them_without_us() -> None:
    async def story() -> None:
        alpha, _ = await conversation()
        by_party = alpha.desk.log_entries(LINE, BRAVO, 0, 10)
        assert by_party == alpha.desk.log_entries(LINE, origin(BRAVO), 0, 10)
        assert [(row.index, row.kind) for row in by_party] == [(0, "receipt"), (1, "message")]
        entry = alpha.memory.entries(origin(BRAVO), 1, 2)[0]
        assert by_party[1].leaf == entry.leaf_bytes.hex()
        assert by_party[1].leaf_hash == sha256(b"\0" + entry.leaf_bytes).hexdigest()
        assert [row.index for row in alpha.desk.log_entries(LINE, ALPHA, 1, 1)] == [1]
        with pytest.raises(UsageError, match="log-unknown"):
            alpha.desk.log_entries(LINE, CHARLIE, 0, 1)

    played(story())


# Receipts


def received(node: MemoryNode, entry: str) -> dict[str, str]:
    """When each peer received an entry of ours."""
    stages = node.desk.entry(OFFICER, None, entry).stages
    return {stage.party: stage.time.rfc3339 for stage in stages if stage.stage == "RECEIVED"}


def test_an_entry_shows_the_first_receipt_that_covers_it() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        await alpha.say("early", wait="received")
        await asyncio.sleep(10)
        later = [await alpha.say(f"later {number}", wait="received") for number in range(40)]
        assert received(alpha, "alpha:0") == {"bravo": START.rfc3339()}
        assert received(alpha, later[0].ids[0])["bravo"] >= START.plus(10 * SECOND_US).rfc3339()
        assert received(bravo, "alpha:0") == {}, "only the author's node knows"

    played(story())


def test_one_receipt_is_read_for_an_entry_however_many_there_are() -> None:
    async def story() -> None:
        alpha, _ = await both()
        for number in range(60):
            await alpha.say(f"{number}", wait="received")
        read: list[int] = []
        real = alpha.memory.receipts

        def counted(origin: str, after_size: int, count: int | None = None) -> list[Receipt]:
            rows = real(origin, after_size, count)
            read.append(len(rows))
            return rows

        alpha.memory.receipts = counted  # type: ignore[method-assign] # it counts
        received(alpha, "alpha:0")
        assert len(read) == 1
        assert read[0] <= showing._RECEIPTS_COUNT
        read.clear()
        await alpha.say("nobody has it yet")
        alpha.desk.entry(OFFICER, None, "alpha:60")
        assert not read, "what nobody has receipted is not looked for"

    played(story())


def test_with_several_peers_each_shows_its_own_first_receipt() -> None:
    async def story() -> None:
        parties = (ALPHA, BRAVO, CHARLIE)
        line = "alpha-bravo-charlie"
        alpha, bravo, charlie = [await started(House(party, parties)) for party in parties]
        connect(alpha, bravo, line=line)
        connect(bravo, charlie, line=line)
        session = connect(alpha, charlie, line=line)
        await opened(alpha, bravo, charlie)
        await settled(alpha)
        session.close("stopping")
        await asyncio.sleep(1)
        first = (await alpha.say("first")).ids[0]
        for number in range(39):
            await alpha.say(f"{number}")
            await asyncio.sleep(0.5)
        await asyncio.sleep(10)
        assert set(received(alpha, first)) == {"bravo"}
        connect(alpha, charlie, line=line)
        await settled(alpha)
        both_of_them = received(alpha, first)
        assert set(both_of_them) == {"bravo", "charlie"}
        assert both_of_them["bravo"] < both_of_them["charlie"]

    played(story())


# Attachments


def kept(node: MemoryNode, data: bytes) -> str:
    """An attachment that is here whole; its digest."""
    digest = sha256(data).digest()
    node.blobs.write(Attachment(len(data), digest), 0, data)
    return digest.hex()


def test_an_attachment_comes_in_pieces() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        data = bytes(range(256)) * 700
        pieces = list(node.desk.blob(kept(node, data)))
        assert b"".join(pieces) == data
        assert len(pieces) == 3

    played(story())


@pytest.mark.parametrize(
    ("digest", "fault"), [("00" * 32, "attachment-missing"), ("zz" * 32, "digest-wrong"), ("00", "digest-wrong")]
)
def test_an_attachment_that_is_not_here_is_refused_before_anything_is_sent(digest: str, fault: str) -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        with pytest.raises(UsageError, match=fault):
            node.desk.blob(digest)

    played(story())


def test_a_digest_is_64_hexadecimal_digits() -> None:
    assert digest_of("ab" * 32) == b"\xab" * 32
    for wrong in ("", "ab" * 31, "ab" * 33, "g" * 64, "é" * 64):
        with pytest.raises(UsageError, match="digest-wrong"):
            digest_of(wrong)


# Verbs


def test_every_verb_is_shown_with_what_it_takes() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        verbs = node.desk.verbs()
        assert {"send", "read", "ack", "pass", "reply", "test", "declare"} <= verbs.keys()
        assert all(name == verb.name and verb.summary and verb.capability for name, verb in verbs.items())
        assert node.desk.party == ALPHA

    played(story())


# Events


async def events_of(
    node: MemoryNode, after: int | None = None
) -> tuple[AsyncGenerator[EventView, None], list[EventView]]:
    """A listener of the node, and the events that it has heard; it goes on listening."""
    events = singly(node.desk.events(after, "en"))
    heard_so_far: list[EventView] = []

    async def listen() -> None:
        async for event in events:
            if event.type != "beat":
                heard_so_far.append(event)

    node.tasks.spawn(listen(), "listener")
    await asyncio.sleep(0)
    return events, heard_so_far


def test_entries_changes_and_receipts_are_told_as_they_happen() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        _, told = await events_of(alpha)
        await alpha.say("hello", wait="received")
        await bravo.say(None, "ack", entry="alpha:0")
        await settled(alpha, bravo)
        assert [(event.type, event.seq) for event in told] == [
            ("entry", 1),
            ("change", 1),
            ("received", 1),
            ("entry", 2),
            ("change", 2),
        ]
        assert told[0].data["text"] == "hello"
        assert told[2].data == {"party": BRAVO, "size": 1, "time_s": told[2].data["time_s"]}
        assert told[4].data == {"id": "alpha:0", "kind": "message", "what": "accepted"}
        assert {event.line for event in told} == {LINE}

    played(story())


def test_arrival_numbers_go_on_after_a_restart_and_nothing_is_missed() -> None:
    async def story() -> None:
        alpha, bravo = await conversation()
        await alpha.close()
        await bravo.close()
        again = await started(alpha.house)
        _, told = await events_of(again, after=2)
        await again.say("after the restart")
        await asyncio.sleep(1)
        assert [(event.seq, event.data["id"]) for event in told if event.type == "entry"] == [
            (3, "alpha:2"),
            (4, "bravo:0"),
            (5, "bravo:1"),
            (6, "alpha:3"),
        ]

    played(story())


def test_a_beat_says_what_time_it_is() -> None:
    async def story() -> None:
        node = await started(House(ALPHA))
        beat = await anext(singly(node.desk.events(None, "en")))
        assert (beat.type, beat.data["now_at"]) == ("beat", node.clock.now().rfc3339())

    played(story())


def test_the_end_of_the_desk_ends_its_streams() -> None:
    async def story() -> None:
        alpha, bravo = await both()
        events, _ = await events_of(alpha)
        alpha.desk.close()
        await asyncio.sleep(0)
        assert [event async for event in events] == []
        await heard(alpha, bravo)

    played(story())

"""Retention on disks and over TLS: a hold, its end, an erasure, restarts, a fold without snapshot, export, search."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import cast

from openline.base.time import DAY_US, Instant
from openline.line.message import MESSAGE
from openline.node.clock import SystemClock
from openline.node.service import Node
from openline.node.views import PackAsked, Search
from openline.record.audit import audit
from openline.record.packaudit import audit_pack
from openline.record.verdict import State
from tests.node.houses import ALPHA, BRAVO, until
from tests.node.test_retaining import AUTHORITY, REASON
from tests.node.test_service import WATCH, made_pair, said

SECRET = "abracadabra opens the gate"
CLASSES = '\n[[retention]]\nname = "messages"\nkinds = ["message"]\ndays = 30\n'


class Later(SystemClock):
    """A clock that is forty days ahead."""

    def now(self) -> Instant:
        return super().now().plus(40 * DAY_US)


async def say(node: Node, verb: str, **arguments: object) -> None:
    how = {"key": None, "mark": "OPERATION", "wait": "received"}
    await node.desk.say(WATCH, None, verb, arguments, timeout_s=20.0, **how)  # type: ignore[arg-type] # fields by name


async def alike(*nodes: Node) -> None:
    """Until all hold the same."""
    await until(lambda: len({node.books()[0].digest() for node in nodes}) == 1, 20)


async def erased(node: Node) -> int:
    rows = [row async for row in node.desk.retain(WATCH, False)]
    (counts,) = cast("tuple[dict[str, int]]", rows[-1]["classes"])
    return counts["erased"]


def left(folder: Path) -> list[str]:
    """The files of a node in which the words still stand."""
    return sorted(file.name for file in folder.rglob("*") if file.is_file() and SECRET.encode() in file.read_bytes())


def test_erased_on_disk_and_the_line_goes_on(tmp_path: Path) -> None:
    ours, theirs = made_pair(tmp_path)
    with (ours / "openline.toml").open("a") as config:
        config.write(CLASSES)

    async def story() -> None:
        alpha, bravo = Node(ours), Node(theirs)
        await alpha.start()
        await bravo.start()
        await said(alpha, SECRET)
        entry = next(f"alpha:{n}" for n in range(9) if alpha.books()[0].kind_at(alpha.books()[0].me, n) == MESSAGE)
        await alike(alpha, bravo)
        await say(bravo, "ack", entry=entry)
        await say(bravo, "hold", whole=True, reason=REASON, authority=AUTHORITY)
        await alike(alpha, bravo)
        await alpha.close()
        assert "record.db" in left(ours)

        alpha = Node(ours, Later())
        await alpha.start()
        assert await erased(alpha) == 0
        (hold,) = bravo.desk.holds(WATCH, None)
        await say(bravo, "lift-hold", entry=hold.id, reason=REASON, authority=AUTHORITY)
        await alike(alpha, bravo)
        assert await erased(alpha) == 1
        await alike(alpha, bravo)
        await alpha.close()
        assert left(ours) == []

        for snapshot in ours.glob("*snapshot*"):
            snapshot.unlink()
        alpha = Node(ours, Later())
        await alpha.start()
        await alike(alpha, bravo)
        shown = alpha.desk.entry(WATCH, None, entry)
        assert (shown.text, [row.under for row in shown.erased], shown.faults) == (None, ["messages"], ())
        await said(alpha, "and on")
        await alike(alpha, bravo)
        await until(lambda: alpha.searching is not None and alpha.searching.seq >= alpha.desk.seq, 20)
        assert (await alpha.desk.search(WATCH, Search(text="and on"))).hits
        assert not (await alpha.desk.search(WATCH, Search(text="abracadabra"))).hits
        cards = [alpha.trust.card(party) for party in (ALPHA, BRAVO)]
        roots = {card.party: card.fingerprint() for card in cards if card is not None}
        bundle = b"".join([part async for part in alpha.desk.export(None, True, False)])
        verdict = audit(io.BytesIO(bundle), roots, lambda done, total: None)
        assert (verdict.state, verdict.logs[0].bodies_withheld) == (State.VERIFIED, 1)
        pack = b"".join([part async for part in alpha.desk.pack(WATCH, None, PackAsked(about=(entry,)))])
        told = audit_pack(io.BytesIO(pack), roots, lambda leaf, body: "", lambda done, total: None)
        assert (told.state, told.logs[0].not_held) == (State.VERIFIED, 1)
        await alpha.close()
        await bravo.close()

    asyncio.run(story())

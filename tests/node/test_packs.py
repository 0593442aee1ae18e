"""A dispute pack made by a node: audited before it is given, the same of both sides, with what was erased withheld."""

from __future__ import annotations

import io

import pytest

from openline.base.errors import UsageError
from openline.base.time import DAY_US
from openline.line.packpage import same_page, text_kept
from openline.node.views import PackAsked
from openline.node.wiring import registry
from openline.record.packaudit import PackVerdict, audit_pack
from openline.record.packcompare import Agreement, compare
from openline.record.verdict import State
from tests.node.houses import OFFICER, MemoryNode, card, played
from tests.node.test_retaining import later, retain, talked


async def packed(node: MemoryNode, **asked: object) -> PackVerdict:
    """Make a pack, and audit it with what the parties read aloud."""
    data = b"".join([part async for part in node.desk.pack(OFFICER, None, PackAsked(**asked))])  # type: ignore[arg-type] # fields by name
    roots = {party: card(party).fingerprint() for party in node.keeper.setup.members}
    return audit_pack(io.BytesIO(data), roots, text_kept(registry()), lambda done, total: None)


def test_both_sides_packs_of_an_incident_hold_and_are_the_same() -> None:
    async def story() -> None:
        nodes = await talked()
        verdicts = [await packed(node, about=("alpha:0",)) for node in nodes]
        for verdict in verdicts:
            assert (verdict.state, same_page(registry(), verdict)) == (State.VERIFIED, True)
            assert b"the words that are to go" in verdict.page
            assert [(one.member, one.index) for one in verdict.entries] == [(0, 0), (1, 0)]
        assert compare(*verdicts).agreement is Agreement.SAME

    played(story())


def test_what_was_erased_is_withheld_and_the_other_side_still_shows_it() -> None:
    async def story() -> None:
        alpha, bravo = await talked()
        later(alpha, bravo)
        await retain(alpha)
        now = alpha.clock.now()
        period = {"since": now.plus(-40 * DAY_US).rfc3339(), "until": now.plus(DAY_US).rfc3339()}
        ours, theirs = await packed(alpha, **period), await packed(bravo, **period)
        assert (ours.state, ours.logs[0].not_held, theirs.logs[0].not_held) == (State.VERIFIED, 1, 0)
        assert b"body not held by the exporter" in ours.page
        found = compare(ours, theirs)
        assert found.agreement is Agreement.AGREE
        assert {(row.entry, row.what, row.who) for row in found.differences} >= {("alpha:0", "body_not_held", "second")}

    played(story())


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({}, "pack-scope-wrong"),
        ({"since": "2026-11-21"}, "pack-scope-wrong"),
        ({"since": "2026-11-21", "until": "2026-11-22", "about": ("alpha:0",)}, "pack-scope-wrong"),
        ({"since": "2026-11-22", "until": "2026-11-21"}, "pack-period-wrong"),
        ({"about": ("alpha:99",)}, "entry-unknown"),
        ({"about": ("alpha:0",), "redact": ("alpha:99",)}, "entry-unknown"),
        ({"about": ("alpha:0",), "reason": "x" * 2_001}, "text-too-long"),
    ],
)
def test_what_cannot_be_packed_is_refused(asked: dict[str, object], fault: str) -> None:
    async def story() -> None:
        alpha, _ = await talked()
        with pytest.raises(UsageError) as caught:
            await packed(alpha, **asked)
        assert caught.value.message_id == fault

    played(story())

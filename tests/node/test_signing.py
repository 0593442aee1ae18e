"""Officers at two nodes: entered, signing, withdrawn, and found again in the exported record."""

from __future__ import annotations

import asyncio
import io

import pytest
from msgspec.structs import replace

from openline.base.errors import UsageError
from openline.line.enrolling import Enrolled, Terms
from openline.line.officer import Officers, OfficerState
from openline.line.personal import PersonalAudit
from openline.node.views import Officer
from openline.record.audit import audit
from openline.record.bundle import Scope, write_bundle
from openline.record.entry import Mark
from openline.record.verdict import State
from tests.identity.passkey import HOST, Passkey
from tests.line.corps import NAME, SALT, arguments
from tests.node.houses import EVERYTHING, MemoryNode, both, played, settled

KEY = Passkey(b"supervisor")
ROW = Enrolled(
    terms=Terms(pseudonym="S-1"),
    roles=("supervisor",),
    credential=KEY.credential,
    public_key=KEY.cose,
    host=HOST,
    name=NAME,
    salt=SALT,
)
SITTING = Officer("watch", EVERYTHING, officer="S-1", session="ab")


async def entered() -> tuple[MemoryNode, MemoryNode]:
    alpha, bravo = await both()
    alpha.desk.officers_are([ROW])
    await asyncio.sleep(3)
    await settled(alpha, bravo)
    return alpha, bravo


def state_at(node: MemoryNode) -> OfficerState:
    corps = node.keeper.book.state(Officers).of(0, Mark.OPERATION)
    return corps.officers["S-1"].state


async def sign(node: MemoryNode, label: str) -> tuple[str, ...]:
    book = node.keeper.book
    origin, index = book.find(label)
    (entry,) = node.memory.entries(origin, index, index + 1)
    values = arguments(entry, label, KEY)
    return (await node.say(None, "sign", **{name: str(value) for name, value in values.items()})).ids


def test_an_officer_is_entered_at_both_ends_once_and_signs_a_flash_that_has_gone_before() -> None:
    async def story() -> None:
        alpha, bravo = await entered()
        assert state_at(alpha) is state_at(bravo) is OfficerState.ENROLLED
        flash = (await alpha.say("now", precedence="flash")).ids[0]
        await settled(alpha, bravo)
        shown = bravo.desk.entry(SITTING, None, flash)
        assert (shown.unsigned, shown.signed_by) == (True, ())
        view = alpha.desk.signing(SITTING, None, flash, HOST)
        assert view.credentials == (KEY.credential,)
        await sign(alpha, flash)
        await settled(alpha, bravo)
        for node in (alpha, bravo):
            shown = node.desk.entry(SITTING, None, flash)
            assert (shown.unsigned, shown.signed_by) == (False, ("S-1",))
        found = bravo.desk.signatures(SITTING, None, 50)
        assert [(row.id, row.officer) for row in found.signed] == [(flash, "S-1")]
        assert found.owed == {"alpha": 1, "bravo": 0}
        await asyncio.sleep(30)
        corps = bravo.keeper.book.state(Officers).of(0, Mark.OPERATION)
        assert len(corps.officers["S-1"].happened) == 1

    played(story())


def test_a_withdrawal_reaches_the_record_and_the_key_signs_no_more() -> None:
    async def story() -> None:
        alpha, bravo = await entered()
        flash = (await alpha.say("now", precedence="flash")).ids[0]
        alpha.desk.officers_are([replace(ROW, withdrawn=("", "the key was lost"))])
        await asyncio.sleep(3)
        await settled(alpha, bravo)
        assert state_at(bravo) is OfficerState.WITHDRAWN
        for asked in (sign(alpha, flash), _signing(alpha, flash)):
            with pytest.raises(UsageError) as caught:
                await asked
            assert caught.value.message_id == "signature-officer-unknown"
        assert alpha.desk.next_pseudonym([]) == "S-2"

    played(story())


async def _signing(node: MemoryNode, flash: str) -> object:
    return node.desk.signing(SITTING, None, flash, HOST)


def test_another_console_another_officer_and_another_party_s_entry_are_not_signed_here() -> None:
    async def story() -> None:
        alpha, bravo = await entered()
        flash = (await alpha.say("now", precedence="flash")).ids[0]
        theirs = (await bravo.say("yes", precedence="flash")).ids[0]
        await settled(alpha, bravo)
        for who, entry, host, message_id in (
            (replace(SITTING, officer="S-9"), flash, HOST, "signature-officer-unknown"),
            (SITTING, flash, "localhost", "signature-officer-unknown"),
            (replace(SITTING, officer=""), flash, HOST, "signature-passkey-needed"),
            (SITTING, theirs, HOST, "signature-of-others"),
            (Officer("clerk", frozenset()), flash, HOST, "not-allowed"),
        ):
            with pytest.raises(UsageError) as caught:
                alpha.desk.signing(who, None, entry, host)
            assert caught.value.message_id == message_id

    played(story())


def test_the_exported_record_says_who_has_signed_to_whoever_holds_the_file() -> None:
    async def story() -> None:
        alpha, bravo = await entered()
        for _ in range(2):
            await sign(alpha, (await alpha.say("now", precedence="flash")).ids[0])
        await settled(alpha, bravo)
        for node in (alpha, bravo):
            for bodies, by, withheld in ((True, {"S-1": 2}, 0), (False, {}, 3)):
                file, personal = io.BytesIO(), PersonalAudit()
                scope = Scope("alpha-bravo", node.me, node.clock.now(), bodies)
                write_bundle(file, node.store, None, scope, lambda done, total: None)
                verdict = audit(file, None, lambda done, total: None, [personal])
                assert verdict.state is not State.FALSE
                (figures,) = [row for row in personal.figures() if row.origin.startswith("alpha")]
                assert (figures.by, figures.wrong, figures.withheld) == (by, 0, withheld)

    played(story())

"""What a peer may try in calls: whatever its node says, it is out when it has left, and costs us no word."""

from __future__ import annotations

from openline.media.words import CallOver
from openline.record.entry import Mark
from openline.voice.call import Call, Step, step
from tests.node.houses import played, until
from tests.node.voices import Floor, floors, up


def put(floor: Floor, call: Call, what: Step, desk: str = "watch", cause: str = "") -> None:
    """Have a peer say what its own node would refuse to."""
    book = floor.node.keeper.book
    floor.node.turns.say(
        floor.node.keeper, [step(book.ref(book.members[call.member], call.index), what, desk, call.mark, cause)], None
    )


def test_a_peer_that_has_left_and_goes_on_is_out_whatever_it_says() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        await bravo.step(call, "left")
        for what in (Step.GATE_OPENED, Step.ANSWERED, Step.RECORDING_AGREED, Step.SOUND_LOST):
            put(bravo, bravo.call(call), what)
        await until(lambda: len(alpha.node.keeper.book.faults) == 4)
        assert alpha.view(call).state == "ended"
        assert alpha.voice.said(CallOver) == [CallOver(1)]
        assert alpha.view(call).parts[1].speaking == ()

    played(story())


def test_steps_of_a_peer_in_a_call_that_is_none_change_nothing() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        await alpha.node.say()
        await until(lambda: bravo.node.keeper.book.size(bravo.node.keeper.setup.origins[0]) == 1)
        book = bravo.node.keeper.book
        draft = step(book.ref(book.members[0], 0), Step.ANSWERED, "watch", Mark.OPERATION)
        bravo.node.turns.say(bravo.node.keeper, [draft], None)
        await until(lambda: alpha.node.keeper.book.faults != [])
        assert alpha.calls == bravo.calls == []

    played(story())


def test_a_flood_of_gate_steps_of_a_peer_costs_us_no_word() -> None:
    async def story() -> None:
        alpha, bravo = await floors()
        call = await up(alpha, bravo)
        told = len(alpha.voice.words)
        for _ in range(100):
            put(bravo, bravo.call(call), Step.GATE_OPENED)
            put(bravo, bravo.call(call), Step.GATE_CLOSED)
        await until(lambda: alpha.node.keeper.book.count(12) == 201)
        assert len(alpha.voice.words) == told

    played(story())

"""The telephone, as the desk offers it: calls and legs to look at, the gate, and what listeners hear of both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from openline.line.kinds import Change
from openline.node.callviews import ENDED, call_view, state_of_call
from openline.node.keeper import Turn
from openline.node.lines import LineState
from openline.node.live import Key
from openline.node.showing import Showing
from openline.node.telephone import Telephone
from openline.node.views import CallView, EventView, GateView, LegAnswerView, LegView, Officer
from openline.voice.call import Call, Calls, call_of

if TYPE_CHECKING:
    from openline.node.service import Node

TALK = "call"
"""The capability to take part in calls."""

CALL_EVENT, LEG_EVENT = "call", "leg"


class Calling(Showing):
    """The desk's telephone. Used from the event loop only."""

    def __init__(self, node: Node) -> None:
        super().__init__(node)
        self.telephone = Telephone(node)

    # Officers

    def calls(self, who: Officer, line: str | None, *, open_only: bool, count: int) -> Sequence[CallView]:
        """Calls of a line (or of all), newest first; `open_only` leaves out those that have ended for us."""
        self.allow(who, "read")
        states = self._shown.lines.values() if line is None else [self.state(line)]
        found = [
            (call.time_ms, state, call)
            for state in states
            for call in state.keeper.book.state(Calls).by_place.values()
            if not open_only or state_of_call(call, call.parts[state.keeper.me]) != ENDED
        ]
        newest = sorted(found, key=lambda row: (row[0], row[2].place), reverse=True)[:count]
        return [self._call_view(state, call, who.language) for _, state, call in newest]

    def call(self, who: Officer, line: str | None, call_id: str) -> CallView:
        """One call. Raises UsageError."""
        self.allow(who, "read")
        state = self.state(line)
        return self._call_view(state, call_of(state.keeper.book, call_id), who.language)

    def gate(self, who: Officer, line: str | None, call_id: str, *, is_open: bool) -> GateView:
        """Open or close the gate of the asker's leg, at once. Raises UsageError."""
        self.allow(who, TALK)
        return self.telephone.gate(who, self.state(line), call_id, is_open)

    def legs(self, who: Officer) -> Sequence[LegView]:
        """Every leg of this node, and those that ended lately."""
        self.allow(who, "read")
        return self.telephone.legs.views(who.language)

    async def offer_leg(self, who: Officer, sdp: str) -> LegAnswerView:
        """Make a leg of what the browser of the asker's session offers. Raises UsageError and BusyError."""
        self.allow(who, TALK)
        return await self.telephone.offer(who, sdp)

    def close_leg(self, who: Officer, leg: int) -> LegView:
        """End a leg of the asker's position. Raises UsageError."""
        self.allow(who, TALK)
        return self.telephone.close_leg(who, leg)

    # Events

    def begin(self, seq: int) -> None:
        """The record is folded up to arrival number `seq`."""
        super().begin(seq)
        self.telephone.begin()

    def committed(self, state: LineState, turn: Turn, changes: Sequence[Change]) -> None:
        """A turn is durable and folded."""
        super().committed(state, turn, changes)
        self.telephone.committed(state, changes)

    def close(self) -> None:
        """End every stream; the node stops."""
        super().close()
        self.telephone.close()

    def call_changed(self, key: Key) -> None:
        """A call looks different now: each listener is given it as it stands when its turn comes."""
        if self._stream.heard:
            row: dict[str, object] = {"member": key.member, "index": key.index}
            self._stream.publish(EventView(self._stream.seq, CALL_EVENT, key.line, row))

    def leg_changed(self, leg: int) -> None:
        """A leg looks different now."""
        if self._stream.heard:
            self._stream.publish(EventView(self._stream.seq, LEG_EVENT, "", {"leg": leg}))

    def rendered(self, event: EventView, language: str) -> EventView | None:
        """An event as a listener of this language gets it; None when there is nothing to tell any more."""
        data: CallView | LegView
        if event.type == CALL_EVENT:
            state = self._shown.lines[event.line]
            place = int(str(event.data["member"])), int(str(event.data["index"]))
            data = self._call_view(state, state.keeper.book.state(Calls).by_place[place], language)
        elif event.type == LEG_EVENT:
            leg = self.telephone.legs.shown(int(str(event.data["leg"])))
            if leg is None:
                return None
            data = leg.view(language)
        else:
            return event
        return msgspec.structs.replace(event, data=msgspec.to_builtins(data))

    def _call_view(self, state: LineState, call: Call, language: str) -> CallView:
        return call_view(state, call, self.telephone.exchange, self._shown.store, language)

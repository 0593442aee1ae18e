"""How calls are shown: what the book says of them, with what is true of them now. Nothing is decided here."""

from __future__ import annotations

import re

from openline.base.catalogue import sentence
from openline.base.errors import PeerError
from openline.base.limits import BODY_BYTES_MAX
from openline.base.schema import unpack
from openline.base.time import Instant
from openline.media.words import PathIs
from openline.node.exchange import Exchange, VoiceEnd
from openline.node.lines import LineState
from openline.node.live import Key, Live
from openline.node.views import (
    CallSeatView,
    CallView,
    InterpreterView,
    LineCallView,
    PartView,
    SoundPathView,
    SoundView,
    VoiceView,
)
from openline.record.ports import RecordStore
from openline.voice.call import Call, CallBody, Calls, Part, Side

RINGING_OUT, RINGING_IN, UP, HELD, ENDED = "ringing-out", "ringing-in", "up", "held", "ended"
CALL_STATES = (RINGING_OUT, RINGING_IN, UP, HELD)
"""Every state of a call that has not ended."""

CAUSES = frozenset(
    {
        "call-declined",
        "call-glare",
        "call-left",
        "call-leg-over",
        "call-missed",
        "call-no-path",
        "call-no-voice",
        "call-nobody-left",
        "call-node-restarted",
        "call-over",
        "call-ringer-left",
        "call-voice-ended",
        "phone-hung-up",
    }
)
"""Every cause that a node of ours puts on the record. A peer may give any: another one is shown as it is."""

_IS_A_CAUSE = re.compile(r"[a-z0-9-]{1,64}\Z")


def state_of_call(call: Call, own: Part) -> str:
    """How a call stands, as CallView says."""
    if call.ended or own.side is Side.OUT:
        return ENDED
    if own.side is Side.RUNG:
        return RINGING_IN
    if own.side is Side.HOLDING:
        return HELD
    return UP if call.up else RINGING_OUT


def call_view(state: LineState, call: Call, exchange: Exchange, store: RecordStore, language: str) -> CallView:
    """One call."""
    keeper = state.keeper
    word = state_of_call(call, call.parts[keeper.me])
    key = Key(keeper.setup.line, *call.place)
    arrived = store.arrival(keeper.setup.origins[call.member], call.index)
    assert arrived is not None, "the book holds only what the record holds"
    parts = tuple(_part(state, number, part, language) for number, part in enumerate(call.parts))
    last = _last_to_leave(call) if word == ENDED else None
    live = exchange.live(key)
    seats = () if live is None else live.seats
    recording, stopped = _recording(call, live)
    return CallView(
        id=keeper.book.label(keeper.setup.origins[call.member], call.index),
        line=key.line,
        mark=call.mark.name,
        subject=_subject(arrived.entry.body),
        action=call.action,
        by=keeper.setup.members[call.member],
        by_desk=arrived.entry.leaf.desk,
        own=call.member == keeper.me,
        state=word,
        rung_at=call.time.rfc3339(),
        rung_dtg=call.time.dtg(),
        answered_at=_shown(min(call.answered_ms.values(), default=None)),
        ended_at=None if last is None else _shown(call.parts[last].left_ms),
        cause="" if last is None else parts[last].cause,
        text="" if last is None else parts[last].text,
        recorded=call.recorded,
        parts=parts,
        sound=() if word == ENDED else tuple(_sounds(state, call, exchange, language)),
        seats=tuple(
            CallSeatView(leg.desk, leg.number, leg.kind, leg.number in live.gates, leg.held) for leg in seats if live
        ),
        recording=recording,
        recording_text=sentence(stopped, {}, language) if stopped else "",
    )


def _recording(call: Call, live: Live | None) -> tuple[str, str]:
    """Whether our node records a call, as CallView says, and the message id of why not where it should."""
    if live is None or live.recording_is is None or not call.recorded:
        return "off", ""
    cause = live.recording_is.cause
    return "on" if live.recording_is.on else "stopped" if cause else "off", cause


def line_calls(state: LineState) -> tuple[LineCallView, ...]:
    """The calls of a line that have not ended for us, oldest first."""
    keeper = state.keeper
    rows: list[LineCallView] = []
    for place, call in sorted(keeper.book.state(Calls).open.items(), key=lambda row: (row[1].time_ms, row[0])):
        word = state_of_call(call, call.parts[keeper.me])
        if word != ENDED:
            others = tuple(keeper.setup.members[n] for n in keeper.peers if call.parts[n].side is not Side.OUT)
            label = keeper.book.label(keeper.setup.origins[place[0]], place[1])
            rows.append(LineCallView(label, word, call.mark.name, others))
    return tuple(rows)


def voice_view(voice: VoiceEnd, language: str) -> VoiceView:
    """The process that carries sound."""
    text = sentence(f"voice-is-{voice.state}", {}, language)
    return VoiceView(voice.state, text, voice.lag_us / 1000, voice.restarts, voice.phones)


def _part(state: LineState, number: int, part: Part, language: str) -> PartView:
    setup = state.keeper.setup
    cause = part.cause or ("call-left" if part.side is Side.OUT else "")
    party = state.keeper.book.labels[setup.origins[number]]
    return PartView(
        party=setup.members[number],
        own=number == state.keeper.me,
        side=part.side.value,
        desks=tuple(part.desks),
        speaking=tuple(sorted(part.speaking)),
        declined=tuple(part.declined),
        lost_at=_shown(part.lost_ms),
        left_at=_shown(part.left_ms),
        cause=cause,
        text=_told(cause, party, language),
        recording=part.recording,
        interpreters=tuple(
            InterpreterView(desk, row.listens, row.speaks) for desk, row in sorted(part.interpreters.items())
        ),
    )


def _told(cause: str, party: str, language: str) -> str:
    """The cause as a sentence. What may not even be shown as it is says nothing."""
    if cause in CAUSES:
        return sentence(cause, {"party": party}, language)
    return cause if _IS_A_CAUSE.match(cause) else ""


def _last_to_leave(call: Call) -> int | None:
    """The member whose leaving has ended the call, as far as clocks tell."""
    gone = [number for number, part in enumerate(call.parts) if part.side is Side.OUT]
    return max(gone, key=lambda number: (call.parts[number].left_ms or 0, number), default=None)


def _sounds(state: LineState, call: Call, exchange: Exchange, language: str) -> list[SoundView]:
    keeper = state.keeper
    rows: list[SoundView] = []
    for number in keeper.peers:
        if not call.parts[number].takes_part:
            continue
        party = keeper.setup.members[number]
        sound = exchange.sound(keeper.setup.line, party)
        frames, frames_lost, copies = 0, 0, 0
        if sound.figures is not None:
            frames, frames_lost, copies = sound.figures.frames, sound.figures.lost, len(sound.figures.offsets)
        paths = tuple(_path(sound.paths[name], language) for name in sorted(sound.paths))
        rows.append(SoundView(party, sound.lost, frames, frames_lost, copies, paths))
    return rows


def _path(path: PathIs, language: str) -> SoundPathView:
    return SoundPathView(
        name=path.path,
        carriage=path.carriage,
        text=sentence(f"carriage-{path.carriage}", {"path": path.path}, language),
        round_trip_ms=None if path.round_trip_us < 0 else path.round_trip_us / 1000,
        loss_out=None if path.loss_out < 0 else path.loss_out,
        loss_in=None if path.loss_in < 0 else path.loss_in,
        trouble=path.trouble,
    )


def _subject(body: bytes | None) -> str:
    """What a call is about; empty where its body is withheld or cannot be read."""
    try:
        return "" if body is None else unpack(CallBody, body, BODY_BYTES_MAX).subject
    except PeerError:
        return ""


def _shown(time_ms: int | None) -> str | None:
    return None if time_ms is None else Instant.from_ms(time_ms).rfc3339()

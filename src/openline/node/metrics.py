"""Counters and gauges in the Prometheus text format (https://prometheus.io/docs/instrumenting/exposition_formats/)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from openline.node.callviews import CALL_STATES, line_calls
from openline.node.keeper import Keeper
from openline.node.lines import LineState
from openline.node.status import STATES, state_of
from openline.node.voice import RUNNING, Voice
from openline.voice.call import Calls

if TYPE_CHECKING:
    from openline.node.service import Node

Row = tuple[str, Mapping[str, str], float | int]

_HELP = {
    "openline_calls_refused_total": "Incoming calls that came to no session, by path and reason.",
    "openline_line_state": "1 for the state the line is in, by line and state.",
    "openline_log_entries": "Entries held of a log.",
    "openline_log_receipted": "How far a peer has receipted our log.",
    "openline_path_sessions": "Sessions up on a path.",
    "openline_path_round_trip_seconds": "Round trip of a path.",
    "openline_peer_clock_offset_seconds": "The peer's clock minus ours.",
    "openline_open_items": "Entries of which something is awaited.",
    "openline_faulty_frames_total": "Frames that no honest peer sends.",
    "openline_start_time_seconds": "When the node was started.",
    "openline_legs": "Legs of browsers and desk phones that carry sound.",
    "openline_telephone_calls": "Telephone calls that have not ended for us, by line and state.",
    "openline_telephone_rung_total": "Telephone calls on the record of a line.",
    "openline_telephone_unanswered_total": "Telephone calls that ended and nobody had answered.",
    "openline_voice_dropped_total": "Sound that was dropped: `crowded` on a full session, `unread` in good time.",
    "openline_voice_lag_seconds": "How late the event loop of a process was lately, at worst.",
    "openline_voice_phones": "Desk phones that can be rung now.",
    "openline_voice_refused_total": "Datagrams on the ports for sound that were not taken, by cause.",
    "openline_voice_restarts_total": "Voice processes that ended while the node went on.",
    "openline_voice_running": "1 while a voice process carries sound.",
    "openline_voice_sessions": "Sessions with peers that may carry sound.",
}


def render(node: Node) -> str:
    """Every metric of a node."""
    rows = sorted(_rows(node), key=lambda row: row[0])
    text: list[str] = []
    for name, labels, value in rows:
        if not any(line.startswith(f"# HELP {name} ") for line in text):
            kind = "counter" if name.endswith("_total") else "gauge"
            text += [f"# HELP {name} {_HELP[name]}", f"# TYPE {name} {kind}"]
        inside = ",".join(f'{key}="{_quote(text_)}"' for key, text_ in labels.items())
        text.append(f"{name}{{{inside}}} {value!r}" if inside else f"{name} {value!r}")
    return "\n".join([*text, ""])


def _rows(node: Node) -> Iterator[Row]:
    now = node.clock.now()
    yield "openline_start_time_seconds", {}, node.started.seconds
    yield "openline_faulty_frames_total", {}, node.faulty
    for listener in node.paths.listeners:
        for fault, count in sorted(listener.refused.items()):
            yield "openline_calls_refused_total", {"path": listener.path, "fault": fault}, count
    for kind, count in node.desk.telephone.legs.counts().items():
        yield "openline_legs", {"kind": kind}, count
    yield from _voice(node.voice)
    for line, state in node.lines.items():
        word = state_of(state, now)
        for one in STATES:
            yield "openline_line_state", {"line": line, "state": one}, int(one == word)
        yield from _record(line, state.keeper)
        yield from _link(line, state.keeper)
        yield from _telephone(line, state)


def _voice(voice: Voice) -> Iterator[Row]:
    yield "openline_voice_running", {}, int(voice.state == RUNNING)
    yield "openline_voice_restarts_total", {}, voice.restarts
    yield "openline_voice_sessions", {}, voice.sessions
    yield "openline_voice_dropped_total", {"cause": "crowded"}, voice.dropped
    yield "openline_voice_dropped_total", {"cause": "unread"}, voice.unread
    for cause, count in sorted(voice.refused.items()):
        yield "openline_voice_refused_total", {"cause": cause}, count
    yield "openline_voice_phones", {}, len(voice.phones)
    for process, lag in voice.lags.items():
        yield "openline_voice_lag_seconds", {"process": process}, lag.us / 1e6


def _record(line: str, keeper: Keeper) -> Iterator[Row]:
    yield "openline_open_items", {"line": line}, sum(1 for _ in keeper.book.open_items)
    for log in keeper.logs:
        yield "openline_log_entries", {"line": line, "log": log.origin}, keeper.book.size(log.origin)
    for party, size in keeper.receipted.items():
        yield "openline_log_receipted", {"line": line, "party": party}, size


def _link(line: str, keeper: Keeper) -> Iterator[Row]:
    for path in keeper.engine.paths():
        labels = {"line": line, "party": keeper.setup.members[path.peer], "path": path.path}
        yield "openline_path_sessions", labels, path.sessions
        if path.round_trip_us is not None:
            yield "openline_path_round_trip_seconds", labels, path.round_trip_us / 1e6
    for peer in keeper.engine.health():
        if peer.clock_offset_us is not None:
            labels = {"line": line, "party": keeper.setup.members[peer.peer]}
            yield "openline_peer_clock_offset_seconds", labels, peer.clock_offset_us / 1e6


def _telephone(line: str, state: LineState) -> Iterator[Row]:
    under_way = [call.state for call in line_calls(state)]
    for word in CALL_STATES:
        yield "openline_telephone_calls", {"line": line, "state": word}, under_way.count(word)
    calls = state.keeper.book.state(Calls).by_place.values()
    yield "openline_telephone_rung_total", {"line": line}, len(calls)
    unanswered = sum(call.ended and not call.answered_ms for call in calls)
    yield "openline_telephone_unanswered_total", {"line": line}, unanswered


def _quote(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

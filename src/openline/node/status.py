"""The board: how each line stands, in one word, with its cause. Worst first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from openline import __version__
from openline.base.catalogue import sentence
from openline.base.limits import CHARTERS_SHOWN_WAITING_MAX, CLOCK_SKEW_ALARM_US, HEARTBEAT_US
from openline.base.time import MINUTE_US, Instant
from openline.line.deadlines import Deadlines
from openline.line.force import in_force, waiting_for
from openline.line.linetest import Trials, mark_of_trial
from openline.line.membership import is_open
from openline.line.silence import CAUSES, Cause, Verdict, classify
from openline.line.status import declared, suspended
from openline.line.watch import Alarm, alarms
from openline.link.events import PathHealth, PeerHealth
from openline.link.frames import Presence
from openline.node.callviews import line_calls, voice_view
from openline.node.facts import facts_of
from openline.node.keeper import Keeper
from openline.node.lines import LineState
from openline.node.views import AlarmView, LineView, LogView, PathView, StatusView
from openline.record.entry import Mark

if TYPE_CHECKING:
    from openline.node.service import Node

_ASKED = [cause for cause, _ in CAUSES]

_STRANGE = frozenset(
    {
        "path-group-not-allowed",
        "path-key-unknown",
        "path-not-tls",
        "path-other-party",
        "path-refused-us",
        "path-tls-too-old",
    }
)
"""What goes away only when somebody does something; a cut or a silent node does not count."""

_ABOUT_A_PATH = ("hello-", "log-", "path-", "peer-", "session-", "stopping")
"""How the id of a reason begins by which a path or a session ends."""

STATES = (
    "FORKED",
    "DOWN",
    "NEVER_HEARD",
    "QUARANTINED",
    "SUSPENDED",
    "LATE",
    "ONE_PATH_LEFT",
    "PROVEN",
    "OPENING",
    "ENDED",
)
"""Every state, worst first."""


def status_view(node: Node, language: str) -> StatusView:
    """The node at a glance, worst line first."""
    lines = [line_view(node, state, language) for state in node.lines.values()]
    now = node.clock.now()
    return StatusView(
        node.me,
        __version__,
        node.started.rfc3339(),
        now.rfc3339(),
        now.dtg(),
        node.clock.exercise,
        (*_clocks(lines, language), *_strangers(node, lines, language), *node.desk.troubles(language)),
        tuple(sorted(lines, key=lambda line: (STATES.index(line.state), line.line))),
        voice_view(node.desk.telephone.voice, language),
        node.desk.on_watch(),
    )


def line_view(node: Node, state: LineState, language: str) -> LineView:
    """One line at a glance."""
    keeper, now = state.keeper, node.clock.now()
    health, paths = keeper.engine.health(), keeper.engine.paths()
    word = state_of(state, now)
    known = facts_of(state, node.started, now, node.paths.reached)
    verdicts = [verdict for row in known if (verdict := classify(row, now)) is not None]
    cause = _silence(verdicts, word)
    heard = [peer.heard for peer in health if peer.heard is not None]
    proven = min(heard, default=None) if len(heard) == len(health) else None
    members = keeper.setup.members
    by_origin = {keeper.setup.origins[n]: keeper.receipted[members[n]] for n in keeper.peers}
    rows = alarms(keeper.book, by_origin, now, node.deadlines)
    text = _told(keeper, word, language)
    mark = Mark.EXERCISE if node.clock.exercise else Mark.OPERATION
    holds = in_force(keeper.book, now, mark)
    waiting = waiting_for(keeper.book, keeper.book.number(keeper.book.me), now, mark)
    return LineView(
        line=keeper.setup.line,
        members=members,
        me=keeper.setup.me,
        state=word,
        cause=None if cause is None else cause.name,
        text=text if cause is None else f"{text} {sentence(_cause_id(cause), {}, language)}",
        proven_at=None if proven is None else proven.rfc3339(),
        proven_dtg=None if proven is None else proven.dtg(),
        next_test_at=_next_test(node, state),
        declared={
            party: declared(keeper.book, origin).state.value
            for party, origin in zip(members, keeper.setup.origins, strict=True)
        },
        presence={members[peer.peer]: _people(peer.presence) for peer in health},
        clock_offset_ms={
            members[peer.peer]: peer.clock_offset_us // 1000 for peer in health if peer.clock_offset_us is not None
        },
        paths=tuple(_path(members, path, health, node, language) for path in paths),
        logs=tuple(_logs(state)),
        open_items=sum(1 for _ in keeper.book.open_items),
        unreceipted=keeper.waiting(),
        alarms=tuple(_alarm(state, alarm, language) for alarm in rows),
        calls=line_calls(state),
        charter=None if holds is None else keeper.book.label(keeper.book.members[holds.member], holds.index),
        charters_waiting=tuple(
            keeper.book.label(keeper.book.members[row.member], row.index)
            for row in waiting[:CHARTERS_SHOWN_WAITING_MAX]
        ),
    )


def state_of(state: LineState, now: Instant) -> str:
    """The line in one word of `STATES`."""
    keeper = state.keeper
    health = keeper.engine.health()
    if keeper.forked:
        return "FORKED"
    if not health or keeper.book.is_gone(keeper.me):
        return "ENDED"
    if all(peer.heard is None for peer in health):
        return "NEVER_HEARD"
    if any(peer.down for peer in health):
        return "DOWN"
    if keeper.own.quarantined:
        return "QUARANTINED"
    if suspended(keeper.book) is not None:
        return "SUSPENDED"
    if any(peer.heard is None or now - peer.heard > 2 * HEARTBEAT_US for peer in health) or not _up(
        keeper.engine.paths()
    ):
        return "LATE"
    if not is_open(keeper.book):
        return "OPENING"
    return "ONE_PATH_LEFT" if _one_left(keeper.engine.paths()) else "PROVEN"


def _told(keeper: Keeper, word: str, language: str) -> str:
    """The word as a sentence about one peer: of those that make the word, the one not heard for longest."""
    health = keeper.engine.health()
    if word in ("OPENING", "ENDED"):
        return sentence(f"state-{word.lower()}", {"line": keeper.setup.line}, language)
    about = min((peer for peer in health if peer.down or word != "DOWN"), key=lambda peer: peer.heard or Instant(0))
    facts: dict[str, str | int] = {
        "line": keeper.setup.line,
        "party": keeper.book.labels[keeper.setup.origins[about.peer]],
        "since": "" if about.heard is None else about.heard.dtg(),
    }
    if word == "DOWN" and about.heard is None:
        return sentence("state-down-unheard", facts, language)
    return sentence(f"state-{word.lower().replace('_', '-')}", facts, language)


def _up(paths: tuple[PathHealth, ...]) -> bool:
    return any(path.sessions for path in paths)


def _one_left(paths: tuple[PathHealth, ...]) -> bool:
    by_peer: dict[int, list[bool]] = {}
    for path in paths:
        by_peer.setdefault(path.peer, []).append(path.sessions > 0)
    return any(len(ups) > 1 and sum(ups) == 1 for ups in by_peer.values())


def _silence(verdicts: list[Verdict], word: str) -> Cause | None:
    """The cause that goes with the word: how people stand matters only while the line itself stands."""
    causes = [verdict.cause for verdict in verdicts]
    if word in ("DOWN", "NEVER_HEARD", "LATE"):
        causes = [cause for cause in causes if cause in (Cause.PATH_DOWN, Cause.NODE_DOWN)]
    return min(causes, key=_ASKED.index, default=None)


def _cause_id(cause: Cause) -> str:
    return f"cause-{cause.name.lower().replace('_', '-')}"


def _next_test(node: Node, state: LineState) -> str | None:
    book, every_us = state.keeper.book, node.config.tests.every_minutes * MINUTE_US
    mark = Mark.EXERCISE if node.clock.exercise else Mark.OPERATION
    newest = book.state(Trials).newest.get((book.number(book.me), mark_of_trial(mark)))
    return None if newest is None or not every_us else newest.time.plus(every_us).rfc3339()


def _people(presence: Presence) -> tuple[str, ...]:
    return tuple(name for bit in Presence if bit & presence and (name := bit.name) is not None)


def _path(
    members: tuple[str, ...], path: PathHealth, health: tuple[PeerHealth, ...], node: Node, language: str
) -> PathView:
    peer = next(one for one in health if one.peer == path.peer)
    failure = None if path.sessions else node.path_failure(members[path.peer], path.path)
    reason = path.reason if failure is None else failure.message_id
    return PathView(
        members[path.peer],
        path.path,
        path.state,
        path.sessions,
        None if path.heard is None else path.heard.rfc3339(),
        None if path.round_trip_us is None else path.round_trip_us / 1000,
        reason,
        _why(reason, {"path": path.path} if failure is None else failure.facts, language),
        peer.path_in_use == path.path,
    )


def _why(reason: str, facts: Mapping[str, str | int], language: str) -> str:
    """The reason as a sentence. A peer may give any: one that is not about a path is shown as it is."""
    return sentence(reason, facts, language) if reason.startswith(_ABOUT_A_PATH) else reason


def _logs(state: LineState) -> list[LogView]:
    keeper = state.keeper
    rows: list[LogView] = []
    for number, log in enumerate(keeper.logs):
        party = keeper.setup.members[number]
        own = log is keeper.own
        size = keeper.book.size(log.origin)  # What is folded is durable; the log itself is ahead of the disk.
        receipted = dict(keeper.receipted) if own else {keeper.setup.me: size}
        rows.append(
            LogView(party, log.origin, own, size, receipted, own and keeper.own.quarantined, party in keeper.forked)
        )
    return rows


def _alarm(state: LineState, alarm: Alarm, language: str) -> AlarmView:
    book = state.keeper.book
    label = book.label(alarm.origin, alarm.index)
    facts: dict[str, str | int] = {"entry": label, "party": book.labels[alarm.party], "due": alarm.due.dtg()}
    text = f"{sentence(alarm.condition, facts, language)} {sentence(alarm.remedy, facts, language)}"
    return AlarmView(
        f"{alarm.condition}/{label}",
        alarm.condition,
        label,
        alarm.precedence.name,
        alarm.since.rfc3339(),
        alarm.due.rfc3339(),
        alarm.step.value,
        tuple(wake.value for wake in alarm.wake),
        text,
    )


def _clocks(lines: list[LineView], language: str) -> Iterator[str]:
    """Whose clock is not ours."""
    for line in lines:
        for party, offset_ms in line.clock_offset_ms.items():
            if abs(offset_ms) * 1000 > CLOCK_SKEW_ALARM_US:
                yield sentence("clock-differs", {"party": party, "seconds": offset_ms // 1000}, language)


def _strangers(node: Node, lines: list[LineView], language: str) -> Iterator[str]:
    """Which path has somebody else, or somebody who takes us for somebody else, at its other end."""
    for line in lines:
        for path in line.paths:
            if path.sessions or path.reason not in _STRANGE:
                continue
            failure = node.path_failure(path.peer, path.name)
            facts = {"path": path.name, "address": _address(node, path)}
            yield sentence(path.reason, facts if failure is None else failure.facts, language)


def _address(node: Node, path: PathView) -> str:
    card = node.trust.card(path.peer)
    found = (f"{host}:{port}" for name, host, port, _ in card.endpoints if name == path.name) if card else ()
    return next(iter(found), "?")


def deadlines(flash: int, immediate: int, priority: int, routine: int) -> Deadlines:
    """The windows of the configuration, given in minutes."""
    return Deadlines(flash * MINUTE_US, immediate * MINUTE_US, priority * MINUTE_US, routine * MINUTE_US)

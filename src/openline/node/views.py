"""What the desk shows: JSON-ready values. Times are RFC 3339 UTC in `*_at` and date-time groups in `*_dtg`."""

from __future__ import annotations

import msgspec

from openline.line.contactview import ComparisonView, ContactPage, ContactView, RequestView
from openline.line.enrolling import Enrolled, Terms
from openline.line.lexicon import NameView, SpellingView, TermView
from openline.line.officer import OfficerStep
from openline.line.signingview import SignaturesView, SigningView
from openline.line.stopview import StopView
from openline.line.view import EntryView
from openline.node.recordviews import (
    FoundView,
    HitView,
    HoldView,
    PackAsked,
    RecordedStreamView,
    RecordingView,
    RetentionRow,
    RetentionView,
    Search,
)
from openline.node.voiceviews import CallSeatView, InterpreterView, SoundPathView, SoundView

__all__ = [
    "AlarmView",
    "AttachmentView",
    "CallSeatView",
    "CallView",
    "ComparisonView",
    "ContactPage",
    "ContactView",
    "ContactsAsked",
    "Enrolled",
    "EntryView",
    "EventView",
    "Finding",
    "FoundView",
    "GateView",
    "HitView",
    "HoldView",
    "InterpreterView",
    "InvitationView",
    "LegAnswerView",
    "LegView",
    "LineCallView",
    "LineView",
    "LogView",
    "NameView",
    "Officer",
    "OfficerStep",
    "OnWatchView",
    "PackAsked",
    "PartView",
    "PathView",
    "RawEntryView",
    "RecordedStreamView",
    "RecordingView",
    "RequestView",
    "RetentionRow",
    "RetentionView",
    "SaidView",
    "Search",
    "SignaturesView",
    "SigningView",
    "SoundPathView",
    "SoundView",
    "SpellingView",
    "StatusView",
    "StopView",
    "TermView",
    "Terms",
    "VoiceView",
]


class ContactsAsked(msgspec.Struct, frozen=True):
    """Which contacts are asked for, as a caller writes it. `since` and `until` are dates or RFC 3339.

    `at_least` takes higher levels too; `mark` is OPERATION unless the node's clock is a demonstration's.
    """

    line: str | None = None
    level: str | None = None
    at_least: bool = False
    party: str | None = None
    person: str | None = None
    since: str | None = None
    until: str | None = None
    mark: str | None = None
    count: int = 20


class PathView(msgspec.Struct, frozen=True):
    """One path to one peer. `state` is a word of link.paths.

    `reason` is the message id of why it is not up, `text` the same as a sentence in the asker's language.
    """

    peer: str
    name: str
    state: str
    sessions: int
    heard_at: str | None
    round_trip_ms: float | None
    reason: str
    text: str
    in_use: bool


class LogView(msgspec.Struct, frozen=True):
    """One log of a line: whose, how many entries, and how far each other member has receipted it."""

    party: str
    origin: str
    own: bool
    size: int
    receipted: dict[str, int]
    quarantined: bool
    forked: bool


class AlarmView(msgspec.Struct, frozen=True):
    """Something that needs a person: what it is, what to do, since when, by when, whom to wake. `text` is rendered."""

    id: str
    condition: str
    entry: str | None
    precedence: str | None
    since_at: str
    due_at: str | None
    step: str
    wake: tuple[str, ...]
    text: str


class LineCallView(msgspec.Struct, frozen=True):
    """A call on a line that has not ended for us: how it stands (as CallView says) and who else takes part in it."""

    id: str
    state: str
    mark: str
    parties: tuple[str, ...]


class LineView(msgspec.Struct, frozen=True):
    """A line at a glance. `state` is a word of node.status.STATES, PROVEN or what it is instead.

    `cause` is the cause of silence when there is one; `text` says state and cause in the asker's language. `charter` is
    the one in force, and `charters_waiting` are proposals that wait for our answer.
    """

    line: str
    members: tuple[str, ...]
    me: str
    state: str
    cause: str | None
    text: str
    proven_at: str | None
    proven_dtg: str | None
    next_test_at: str | None
    declared: dict[str, str]
    presence: dict[str, tuple[str, ...]]
    clock_offset_ms: dict[str, int]
    paths: tuple[PathView, ...]
    logs: tuple[LogView, ...]
    open_items: int
    unreceipted: int
    alarms: tuple[AlarmView, ...]
    calls: tuple[LineCallView, ...] = ()
    charter: str | None = None
    charters_waiting: tuple[str, ...] = ()


class VoiceView(msgspec.Struct, frozen=True):
    """The process that carries sound. `state` is `running`, `starting` or `off`; `text` says it as a sentence.

    `lag_ms` is how late its event loop was lately, at worst; `phones` are the desk phones that can be rung now.
    """

    state: str
    text: str
    lag_ms: float = 0.0
    restarts: int = 0
    phones: tuple[str, ...] = ()


class OnWatchView(msgspec.Struct, frozen=True):
    """A desk of ours on watch, and by when its officer has to give a sign; null where nobody is asked for one."""

    desk: str
    sign_due_at: str | None


class StatusView(msgspec.Struct, frozen=True):
    """The node at a glance: health problems first, then lines, worst first. `watch` are our desks on watch."""

    party: str
    version: str
    started_at: str
    now_at: str
    now_dtg: str
    exercise: bool
    problems: tuple[str, ...]
    lines: tuple[LineView, ...]
    voice: VoiceView
    watch: tuple[OnWatchView, ...] = ()


class SaidView(msgspec.Struct, frozen=True):
    """What a verb has put on the record: entry ids in order, where they stand now, and what the waiting saw.

    `repeated` says the idempotency key or the fact itself was there already, so nothing new was written.
    """

    line: str
    ids: tuple[str, ...]
    recorded_at: str
    stage: str
    reached: bool
    repeated: bool = False


class EventView(msgspec.Struct, frozen=True):
    """One event of the stream. `seq` is the arrival number it belongs to: the SSE id to resume after."""

    seq: int
    type: str
    line: str
    data: dict[str, object]


class Officer(msgspec.Struct, frozen=True):
    """Who asks: the desk's name that goes into the record, the capabilities of the role, the wished language.

    `session` names the console session the request came in by; empty on the socket and with a token. `officer` is the
    pseudonym of whoever logged in there; empty without a passkey.
    """

    desk: str
    capabilities: frozenset[str]
    language: str = "en"
    role: str = ""
    session: str = ""
    officer: str = ""


class RawEntryView(msgspec.Struct, frozen=True):
    """An entry as it is, in hexadecimal: leaf bytes, their leaf hash, salt and body (None when withheld)."""

    index: int
    kind: str
    time_at: str
    leaf_hash: str
    leaf: str
    salt: str
    body: str | None


class AttachmentView(msgspec.Struct, frozen=True):
    """An attachment that is durable here: its SHA-256 in hexadecimal and its size in bytes."""

    digest: str
    size: int


class InvitationView(msgspec.Struct, frozen=True):
    """An invitation that holds together; whose it is only the digits read aloud can tell."""

    party: str
    names: dict[str, str]
    fingerprint: str
    own_fingerprint: str
    line: str
    endpoints: tuple[str, ...]
    known: bool


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at. `level` is ok, warn or bad; `text` is a sentence in the asked language."""

    id: str
    level: str
    text: str


class PartView(msgspec.Struct, frozen=True):
    """One party's part in a call. `side` is `rung`, `in`, `holding` or `out`.

    `desks` are the positions that take part, `speaking` those whose gate is open, `declined` those that do not take
    the call. `lost_at` is since when its sound is gone, `left_at` when it left; `cause` is the message id of why, and
    `text` the same as a sentence. `recording` says whether it agrees to a recording of this call. `interpreters` are
    those of its desks that have an interpreter's seat.
    """

    party: str
    own: bool
    side: str
    desks: tuple[str, ...]
    speaking: tuple[str, ...]
    declined: tuple[str, ...]
    lost_at: str | None
    left_at: str | None
    cause: str
    text: str
    recording: bool
    interpreters: tuple[InterpreterView, ...] = ()


class CallView(msgspec.Struct, frozen=True):
    """A call as this headquarters sees it. `state` is `ringing-out`, `ringing-in`, `up`, `held` or `ended`.

    `by` is the party that rang and `by_desk` its position; `own` says that we did. `action` are the roles it rings.
    `cause` is the message id of why it ended, and `text` the same as a sentence. `recorded` says whether everybody
    who takes part agrees to a recording now. `sound` and `seats` are live, and empty once the call has ended.
    `recording` is what our own node makes of these consents: `off`, `on`, or `stopped`, when it cannot record;
    `recording_text` then says why.
    """

    id: str
    line: str
    mark: str
    subject: str
    action: tuple[str, ...]
    by: str
    by_desk: str
    own: bool
    state: str
    rung_at: str
    rung_dtg: str
    answered_at: str | None
    ended_at: str | None
    cause: str
    text: str
    recorded: bool
    parts: tuple[PartView, ...]
    sound: tuple[SoundView, ...]
    seats: tuple[CallSeatView, ...]
    recording: str = "off"
    recording_text: str = ""


class LegView(msgspec.Struct, frozen=True):
    """A leg: the sound of one browser or desk phone. `state` is `connecting`, `up` or `over`.

    `kind` is `browser` or `phone`, `phone` its name where it is one; `reason` is the message id of why it is over,
    and `text` the same as a sentence.
    """

    leg: int
    desk: str
    kind: str
    phone: str
    state: str
    since_at: str
    reason: str
    text: str


class LegAnswerView(msgspec.Struct, frozen=True):
    """What a browser needs to connect the leg it has offered; `fingerprint` is that of the node's certificate."""

    leg: int
    sdp: str
    fingerprint: str


class GateView(msgspec.Struct, frozen=True):
    """How the gate of a leg stands in a call."""

    call: str
    leg: int
    open: bool

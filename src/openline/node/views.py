"""What the desk shows: JSON-ready values. Times are RFC 3339 UTC in `*_at` and date-time groups in `*_dtg`."""

from __future__ import annotations

import msgspec

from openline.line.lexicon import NameView, SpellingView, TermView
from openline.line.view import EntryView

__all__ = [
    "AlarmView",
    "AttachmentView",
    "EntryView",
    "EventView",
    "Finding",
    "FoundView",
    "HitView",
    "InvitationView",
    "LineView",
    "LogView",
    "NameView",
    "Officer",
    "PathView",
    "RawEntryView",
    "SaidView",
    "Search",
    "SpellingView",
    "StatusView",
    "TermView",
]


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


class LineView(msgspec.Struct, frozen=True):
    """A line at a glance. `state` is PROVEN, LATE, ONE_PATH_LEFT, DOWN, SUSPENDED, FORKED, QUARANTINED or NEVER_HEARD.

    `cause` is the cause of silence when there is one; `text` says state and cause in the asker's language.
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


class StatusView(msgspec.Struct, frozen=True):
    """The node at a glance: health problems first, then lines, worst first."""

    party: str
    version: str
    started_at: str
    now_at: str
    now_dtg: str
    exercise: bool
    problems: tuple[str, ...]
    lines: tuple[LineView, ...]


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

    `session` names the console session the request came in by; empty on the socket and with a token.
    """

    desk: str
    capabilities: frozenset[str]
    language: str = "en"
    role: str = ""
    session: str = ""


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


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """What is searched: words, on one line or all, and what the entries found must be. Times are RFC 3339 or a day.

    `party` is one's id or short name; `before` is an arrival number; without `similar` likenesses are left out.
    """

    text: str
    line: str | None = None
    kind: str | None = None
    party: str | None = None
    mark: str | None = None
    since: str | None = None
    until: str | None = None
    similar: bool = True
    before: int | None = None
    count: int = 50


class HitView(msgspec.Struct, frozen=True):
    """One entry found. `similar` says that its words are only like those asked for, such as another name's."""

    id: str
    seq: int
    line: str
    kind: str
    party: str
    label: str
    desk: str
    at: str
    dtg: str
    mark: str
    standing: str | None
    excerpt: str
    similar: bool


class FoundView(msgspec.Struct, frozen=True):
    """What was found, newest first. `next_before` is where the next page begins; null when this page was not full.

    `behind` is how many of the newest entries the index has not seen yet.
    """

    hits: tuple[HitView, ...]
    next_before: int | None
    behind: int

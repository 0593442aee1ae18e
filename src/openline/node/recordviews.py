"""What the desk shows of what stands written: entries that were searched for, and recordings of calls."""

from __future__ import annotations

import msgspec


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
    """One entry found. `similar` says that its words are only like those asked for, such as another name's.

    `language` is that of its words. They are their author's own and so the authentic ones, unless it is a translation:
    then `translation_of` is the original, and `authentic` the language of the original's words.
    """

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
    language: str = ""
    translation_of: str | None = None
    authentic: str = ""


class FoundView(msgspec.Struct, frozen=True):
    """What was found, newest first. `next_before` is where the next page begins; null when this page was not full.

    `behind` is how many of the newest entries the index has not seen yet.
    """

    hits: tuple[HitView, ...]
    next_before: int | None
    behind: int


class RecordedStreamView(msgspec.Struct, frozen=True):
    """What is on the record of one speaker's leg in a recorded call; `number` names it within the call, from 1.

    `sent` is how many frames the speaker has signed, `heard` how many each other party says it has recorded.
    `agreement` counts chunks that were heard, by word: `matches`, `subset`, `overlaps`, `alone`, `differs`; here by
    their numbers alone. `files` is how many of its files are here.
    """

    number: int
    party: str
    own: bool
    stream: int
    chunks: int
    sent: int
    heard: dict[str, int]
    agreement: dict[str, int]
    files: int


class RecordingView(msgspec.Struct, frozen=True):
    """The recording of a call. `recorded` says whether it goes on now, by the consents."""

    call: str
    line: str
    by: str
    rung_at: str
    recorded: bool
    streams: tuple[RecordedStreamView, ...]


class PackAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which dispute pack is asked for: a period, from `since` to before `until`, or entries with what belongs to them.

    Times are RFC 3339 or a day. `call` is the entry of a call. Bodies of `redact` stay out; with `show`, all but those.
    """

    since: str | None = None
    until: str | None = None
    about: tuple[str, ...] = ()
    call: str | None = None
    redact: tuple[str, ...] = ()
    show: tuple[str, ...] = ()
    reason: str = ""
    attachments: bool = True


class HoldView(msgspec.Struct, frozen=True):
    """One legal hold: whose, over what, why, on whose word, and how it stands; with `lifted`, the entry that did it.

    `whole` is the whole line; else a period, without `until` one that has no end, or `entries`.
    """

    id: str
    line: str
    party: str
    state: str
    mark: str
    at: str
    whole: bool
    since: str | None
    until: str | None
    entries: tuple[str, ...]
    reason: str
    authority: str
    lifted: str | None
    lifted_reason: str
    lifted_authority: str


class RetentionRow(msgspec.Struct, frozen=True):
    """One retention class of this node."""

    name: str
    kinds: tuple[str, ...]
    marks: tuple[str, ...]
    days: int
    attachments: bool


class RetentionView(msgspec.Struct, frozen=True):
    """The retention classes of this node, and the kinds that may stand in one. Without classes everything is kept."""

    classes: tuple[RetentionRow, ...]
    kinds: tuple[str, ...]

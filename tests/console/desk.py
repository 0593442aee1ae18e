"""A desk that remembers what it was asked and answers from a small fixed world. For the tests of console and cli."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from hashlib import sha256

import msgspec

from openline.base.catalogue import sentence
from openline.base.errors import BusyError, OpenlineError, PeerError, StoreError, UsageError
from openline.base.time import from_rfc3339
from openline.console.ports import VerbView
from openline.line.lexicon import NameView, SpellingView, TermView
from openline.line.search import Spelled, plan
from openline.line.view import AttachmentView as EntryAttachment
from openline.line.view import EntryView, StageView, moment
from openline.node.views import (
    AlarmView,
    AttachmentView,
    CallSeatView,
    CallView,
    EventView,
    Finding,
    FoundView,
    GateView,
    HitView,
    HoldView,
    InvitationView,
    LegAnswerView,
    LegView,
    LineCallView,
    LineView,
    LogView,
    Officer,
    PackAsked,
    PartView,
    PathView,
    RawEntryView,
    RecordedStreamView,
    RecordingView,
    RetentionRow,
    RetentionView,
    SaidView,
    Search,
    SoundPathView,
    SoundView,
    StatusView,
    VoiceView,
)
from openline.node.wiring import registry
from tests.console.charters import FakeCharters
from tests.console.fellows import FakeMembers
from tests.console.guard import FakeGuard
from tests.console.memory import FakeMemory
from tests.console.signers import FakeSigning

NOW = from_rfc3339("2026-11-21T22:31:04.123Z")
LATER = NOW.plus(3_600_000_000)
LINE = "alpha-bravo"
DIGITS = "01234 56789 01234 56789 01234 56789"
OWN_DIGITS = "98765 43210 98765 43210 98765 43210"
HOSTILE = "Fire at \x1b[31m once\u202e reversed\x07 <b>&amp;"


VERBS: dict[str, VerbView] = {verb.name: verb for verb in registry().verbs}
EVERYTHING = frozenset({"all"})


def path_view(state: str, language: str) -> PathView:
    """Its only path: down when the line is."""
    if state != "DOWN":
        return PathView("bravo.example", "fibre", "UP", 1, NOW.rfc3339(), 12.5, "", "", in_use=True)
    why = sentence("path-refused", {"path": "fibre", "address": "127.0.0.1:7443"}, language)
    return PathView("bravo.example", "fibre", "DOWN", 0, NOW.rfc3339(), None, "path-refused", why, in_use=False)


def line_view(state: str = "PROVEN", language: str = "en") -> LineView:
    """The one line of this world."""
    path = path_view(state, language)
    logs = (
        LogView("alpha.example", "alpha.example/line/alpha-bravo", True, 3, {"bravo.example": 3}, False, False),
        LogView("bravo.example", "bravo.example/line/alpha-bravo", False, 2, {"alpha.example": 2}, False, False),
    )
    alarm = AlarmView(
        "overdue:bravo:14",
        "overdue",
        "bravo:14",
        "FLASH",
        NOW.rfc3339(),
        NOW.plus(60_000_000).rfc3339(),
        "supervisor",
        ("watch", "supervisor"),
        "FLASH bravo:14 is not accepted. Read it and accept it now.",
    )
    return LineView(
        line=LINE,
        members=("alpha.example", "bravo.example"),
        me="alpha.example",
        state=state,
        cause=None if state == "PROVEN" else "path down",
        text="Proven 14 seconds ago.",
        proven_at=NOW.rfc3339(),
        proven_dtg=NOW.dtg(),
        next_test_at=NOW.plus(3_600_000_000).rfc3339(),
        declared={"bravo.example": "open"},
        presence={"bravo.example": ("console", "watch")},
        clock_offset_ms={"bravo.example": 12},
        paths=(path,),
        logs=logs,
        open_items=1,
        unreceipted=0,
        alarms=() if state == "PROVEN" else (alarm,),
    )


def entry_view(index: int, text: str = "Good evening") -> EntryView:
    """The message `index` of the other side."""
    return EntryView(
        id=f"bravo:{index}",
        seq=index,
        line=LINE,
        kind="message",
        party="bravo.example",
        label="bravo",
        desk="watch",
        time=moment(NOW),
        mark="OPERATION",
        precedence="IMMEDIATE" if index == 14 else "ROUTINE",
        reply_by=moment(LATER) if index == 14 else None,
        text=text,
        language="en",
        subject="",
        action=("watch",),
        info=(),
        body={"text": text, "language": "en"},
        attachments=(),
        refs=(),
        due=(),
        stages=(StageView("alpha", "DISPLAYED", moment(NOW), by="night", receipt="alpha:3"),) if index < 5 else (),
        standing="open",
        corrections=(),
        cancellation=None,
        translations=(),
        faults=(),
    )


def hit_view(index: int, text: str, similar: bool = False) -> HitView:
    """The message `index` of the other side, found."""
    return HitView(
        id=f"bravo:{index}",
        seq=index,
        line=LINE,
        kind="message",
        party="bravo.example",
        label="bravo",
        desk="watch",
        at=NOW.rfc3339(),
        dtg=NOW.dtg(),
        mark="OPERATION",
        standing="open",
        excerpt=text,
        similar=similar,
        language="fr" if similar else "en",
        translation_of="alpha:3" if similar else None,
        authentic="en",
    )


def call_view(call: str = "alpha:3", state: str = "up", subject: str = "The convoy") -> CallView:
    """A call that alpha has rung and bravo has answered."""
    ended = state == "ended"
    path = SoundPathView("fibre", "udp", "Sound goes by UDP.", 12.5, 0, 3, "")
    return CallView(
        id=call,
        line=LINE,
        mark="OPERATION",
        subject=subject,
        action=("watch",),
        by="alpha.example",
        by_desk="watch",
        own=True,
        state=state,
        rung_at=NOW.rfc3339(),
        rung_dtg=NOW.dtg(),
        answered_at=NOW.plus(4_000_000).rfc3339(),
        ended_at=LATER.rfc3339() if ended else None,
        cause="call-left" if ended else "",
        text="bravo has left the call." if ended else "",
        recorded=False,
        parts=(
            PartView("alpha.example", True, "in", ("watch",), ("watch",), (), None, None, "", "", False),
            PartView("bravo.example", False, "in", ("night",), (), ("ops",), None, None, "", "", False),
        ),
        sound=() if ended else (SoundView("bravo.example", False, 1500, 3, 2, (path,)),),
        seats=() if ended else (CallSeatView("watch", 7, "browser", True),),
    )


def recording_view(call: str = "alpha:3") -> RecordingView:
    """A call that both sides have recorded, with a loss on the way to us."""
    own = RecordedStreamView(1, "alpha.example", True, 513, 2, 800, {"bravo.example": 800}, {"matches": 2}, 2)
    theirs = RecordedStreamView(2, "bravo.example", False, 514, 1, 300, {"alpha.example": 297}, {"subset": 1}, 1)
    return RecordingView(call, LINE, "alpha.example", NOW.rfc3339(), True, (own, theirs))


def leg_view(leg: int, state: str = "up", reason: str = "") -> LegView:
    """A leg of the watch."""
    return LegView(leg, "watch", "browser", "", state, NOW.rfc3339(), reason, sentence(reason, {}) if reason else "")


class FakeDesk(FakeMemory, FakeCharters, FakeGuard, FakeSigning, FakeMembers):
    """The desk as the console asks for it. `asked` holds what was said; `fail` is raised by the next saying."""

    party = "alpha.example"

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[dict[str, object]] = []
        self.entered: list[tuple[str, tuple[str, ...]]] = []
        self.accepted: list[str] = []
        self.fail: OpenlineError | None = None
        self.state = "PROVEN"
        self.verdict = "VERIFIED"
        self.problems: tuple[str, ...] = ()
        self.charters_waiting: tuple[str, ...] = ()
        self.reached = True
        self.keys: dict[str, SaidView] = {}
        self.blobs: dict[str, bytes] = {}
        self.partial: dict[str, bytes] = {}
        self.breaks = False
        self.packed: list[PackAsked] = []
        self.retained: list[bool] = []
        self.listening = 0
        self.attached: tuple[EntryAttachment, ...] = ()
        self.notes: list[tuple[str, str, str]] = []
        self.on_watch: list[str] = []
        self.seen: list[EventView] = [
            EventView(seq, "entry", LINE, {"entry": f"bravo:{seq}", "what": "new"}) for seq in range(1, 6)
        ]
        self.forever = False
        self.spoken: list[str] = []
        self.paired: list[tuple[str, str]] = []
        self.gates: list[tuple[str, str, bool]] = []
        self.under_way: tuple[LineCallView, ...] = ()
        self.voice = "running"
        self.searched: list[Search] = []
        self.behind = 0

    def status(self, language: str) -> StatusView:
        return StatusView(
            party=self.party,
            version="0.1.0",
            started_at=NOW.rfc3339(),
            now_at=NOW.rfc3339(),
            now_dtg=NOW.dtg(),
            exercise=False,
            problems=self.problems,
            lines=(
                msgspec.structs.replace(
                    line_view(self.state, language), calls=self.under_way, charters_waiting=self.charters_waiting
                ),
            ),
            voice=VoiceView(self.voice, sentence(f"voice-is-{self.voice}", {}, language), 1.5, 0, ("night",)),
        )

    def verbs(self) -> Mapping[str, VerbView]:
        return VERBS

    def line_of(self, line: str | None) -> str:
        if line not in (None, LINE):
            raise UsageError("line-unknown", line=line, lines=LINE)
        return LINE

    async def say(
        self,
        who: Officer,
        line: str | None,
        verb: str,
        arguments: object,
        *,
        key: str | None,
        mark: str,
        wait: str,
        timeout_s: float,
    ) -> SaidView:
        name = self.line_of(line)
        if self.fail is not None:
            raise self.fail
        found = VERBS[verb]
        if not {found.capability, "all"} & who.capabilities:
            raise UsageError("not-allowed", desk=who.desk, capability=found.capability)
        try:
            msgspec.convert(arguments, found.arguments)
        except msgspec.ValidationError as why:
            raise UsageError("arguments-wrong", verb=verb, detail=str(why)) from why
        if key is not None and key in self.keys:
            return msgspec.structs.replace(self.keys[key], repeated=True)
        self.asked.append({"desk": who.desk, "verb": verb, "arguments": arguments, "mark": mark, "wait": wait})
        said = SaidView(
            name, (f"alpha:{len(self.asked)}",), NOW.rfc3339(), wait if self.reached else "recorded", self.reached
        )
        if key is not None:
            self.keys[key] = said
        return said

    async def say_many(
        self,
        who: Officer,
        line: str | None,
        verb: str,
        many: Sequence[object],
        *,
        key: str | None,
        mark: str,
        wait: str,
        timeout_s: float,
    ) -> Sequence[SaidView]:
        return [
            await self.say(
                who,
                line,
                verb,
                arguments,
                key=key and f"{key}:{number}",
                mark=mark,
                wait=wait,
                timeout_s=timeout_s,
            )
            for number, arguments in enumerate(many)
        ]

    def entry(self, who: Officer, line: str | None, entry_id: str) -> EntryView:
        self.line_of(line)
        if entry_id == "bravo:14":
            return msgspec.structs.replace(entry_view(14, HOSTILE), attachments=self.attached)
        if entry_id == "bravo:1":
            return entry_view(1)
        raise UsageError("entry-unknown", entry=entry_id)

    def entries(
        self,
        who: Officer,
        line: str | None,
        *,
        kind: str | None,
        origin: str | None,
        open_only: bool,
        before: int | None,
        count: int,
    ) -> Sequence[EntryView]:
        self.line_of(line)
        found = [entry_view(index, HOSTILE if index == 14 else f"Message {index}") for index in range(14, 0, -1)]
        return [view for view in found if before is None or view.seq < before][:count]

    async def search(self, who: Officer, asked: Search) -> FoundView:
        self.searched.append(asked)
        plan(asked.text, Spelled())
        hits = [hit_view(14, HOSTILE), hit_view(9, "Choïgou called", similar=True)]
        found = [] if "nothing" in asked.text else hits[: asked.count]
        return FoundView(tuple(found), 14 if asked.count == 1 else None, self.behind)

    def names(self, who: Officer, line: str | None, name: str | None, mark: str | None) -> Sequence[NameView]:
        self.line_of(line)
        spelt = (
            SpellingView("Shoigu", "en", "Latn", "S1", "alpha", "alpha:4"),
            SpellingView("Шойгу", "ru", "Cyrl", "", "bravo", "bravo:5"),
            SpellingView("Шой\u202eгу", "ru", "Cyrl", "", "bravo", "bravo:6"),
        )
        return [NameView("person:shoigu", spelt)] if name in (None, "person:shoigu") and mark is None else []

    def terms(self, who: Officer, line: str | None, mark: str | None) -> Sequence[TermView]:
        self.line_of(line)
        words, neutral = {"alpha": "war", "bravo": "operation"}, "the events"
        proposed = {"alpha": neutral, "bravo": neutral}
        return [
            TermView("events", "en", words, proposed, "agreed", neutral, neutral),
            TermView("events", "fr", {}, {"bravo": "les événements"}, "proposed", None),
        ]

    def log_entries(self, line: str, origin: str, start: int, count: int) -> Sequence[RawEntryView]:
        return [
            RawEntryView(index, "message", NOW.rfc3339(), "00" * 32, "a0", "11" * 16, None)
            for index in range(start, min(start + count, 3))
        ]

    async def upload(self, chunks: AsyncIterator[bytes], size: int, digest_hex: str) -> AttachmentView:
        data = self.partial.pop(digest_hex, b"")
        try:
            async for chunk in chunks:
                data += chunk
        finally:
            if len(data) < size:
                self.partial[digest_hex] = data
        if len(data) != size or sha256(data).hexdigest() != digest_hex:
            raise PeerError("blob-digest-wrong", digest=digest_hex)
        self.blobs[digest_hex] = data
        return AttachmentView(digest_hex, size)

    async def upload_offset(self, digest_hex: str, size: int) -> int:
        return len(self.blobs.get(digest_hex, self.partial.get(digest_hex, b"")))

    def blob(self, digest_hex: str) -> Iterator[bytes]:
        if digest_hex not in self.blobs:
            raise UsageError("attachment-missing", digest=digest_hex)
        data = self.blobs[digest_hex]
        yield from (data[start : start + 1000] for start in range(0, len(data), 1000))

    async def export(self, line: str, bodies: bool, attachments: bool, release: bool = False) -> AsyncIterator[bytes]:
        yield b"PK\x03\x04"
        if self.breaks:
            raise StoreError("store-broken", file="record.db")
        yield b"bundle of " + line.encode()

    async def pack(self, who: Officer, line: str | None, asked: PackAsked) -> AsyncIterator[bytes]:
        self.packed.append(asked)
        yield b"PK\x03\x04pack of " + str(line).encode()

    def holds(self, who: Officer, line: str | None) -> Sequence[HoldView]:
        self.line_of(line)
        over = {"whole": False, "since": NOW.rfc3339(), "until": None, "entries": ()}
        why = {"reason": HOSTILE, "authority": "the judge advocate", "lifted": None}
        told = {"id": "bravo:3", "line": LINE, "party": "bravo.example", "state": "STANDING", "mark": "OPERATION"}
        view = {**told, "at": NOW.rfc3339(), **over, **why, "lifted_reason": "", "lifted_authority": ""}
        return [msgspec.convert(view, HoldView)]

    def retention(self, who: Officer) -> RetentionView:
        row = RetentionRow("messages", ("message",), ("OPERATION",), 30, True)
        return RetentionView((row,), ("message", "recording-chunk"))

    async def retain(self, who: Officer, dry_run: bool) -> AsyncIterator[object]:
        self.retained.append(dry_run)
        yield {"type": "progress", "done": 1, "total": 2}
        if self.fail is not None:
            raise self.fail
        counts = dict.fromkeys(
            ("due", "erased", "held", "open", "faulty", "undelivered", "attachments", "recordings"), 1
        )
        yield {"type": "result", "dry_run": dry_run, "classes": [{"line": LINE, "class": "messages", **counts}]}

    async def verify(self, line: str) -> AsyncIterator[object]:
        for done in (1, 2, 3):
            yield {"type": "progress", "done": done, "total": 3}
        if self.fail is not None:
            raise self.fail
        findings = [] if self.verdict == "VERIFIED" else [f"{self.verdict} leaf-differs (entry='bravo:14')"]
        yield {"type": "result", "verdict": self.verdict, "findings": findings}

    async def events(self, after: int | None, language: str) -> AsyncIterator[Sequence[EventView]]:
        self.spoken.append(language)
        yield [event for event in self.seen if after is not None and event.seq > after]
        last = self.seen[-1].seq
        yield [EventView(last, "beat", "", {"now_at": NOW.rfc3339()})]
        if self.forever:
            await asyncio.Event().wait()

    def calls(self, who: Officer, line: str | None, *, open_only: bool, count: int) -> Sequence[CallView]:
        self.line_of(line)
        found = [call_view(), call_view("bravo:2", "ended", HOSTILE)]
        return [view for view in found if view.state != "ended" or not open_only][:count]

    def call(self, who: Officer, line: str | None, call_id: str) -> CallView:
        found = [view for view in self.calls(who, line, open_only=False, count=9) if view.id == call_id]
        if not found:
            raise UsageError("call-unknown", entry=call_id, line=LINE)
        return found[0]

    def gate(self, who: Officer, line: str | None, call_id: str, *, is_open: bool) -> GateView:
        if self.call(who, line, call_id).state != "up":
            raise UsageError("gate-not-possible", entry=call_id, state="ended")
        if not who.session and who.desk != "watch":
            raise UsageError("leg-missing", desk=who.desk)
        self.gates.append((who.desk, call_id, is_open))
        return GateView(call_id, 7, is_open)

    def legs(self, who: Officer) -> Sequence[LegView]:
        return [leg_view(7), leg_view(6, "over", "leg-lost")]

    async def offer_leg(self, who: Officer, sdp: str) -> LegAnswerView:
        if self.fail is not None:
            raise self.fail
        if not sdp.startswith("v=0"):
            raise UsageError("leg-offer-wrong", detail="size")
        return LegAnswerView(8, "v=0\r\n", "sha-256 01:23")

    def close_leg(self, who: Officer, leg: int) -> LegView:
        if leg != 7:
            raise UsageError("leg-unknown", leg=leg)
        return leg_view(7, "over", "leg-left")

    def recordings(self, who: Officer, line: str | None) -> Sequence[RecordingView]:
        self.line_of(line)
        return [recording_view()]

    def recording(self, who: Officer, line: str | None, call_id: str) -> RecordingView:
        if call_id != "alpha:3":
            raise UsageError("call-unknown", entry=call_id, line=LINE)
        return recording_view()

    def verify_recording(self, who: Officer, line: str | None, call_id: str) -> AsyncIterator[Mapping[str, object]]:
        self.recording(who, line, call_id)
        return self._verify_recording(call_id)

    async def _verify_recording(self, call_id: str) -> AsyncIterator[Mapping[str, object]]:
        yield {"type": "progress", "done": 1, "total": 3}
        if self.fail is not None:
            raise self.fail
        facts: dict[str, str | int] = {"file": f"{self.verdict}.frames"}
        finding = {"severity": self.verdict, "id": "recording-file-wrong", "facts": facts}
        text = sentence("recording-file-wrong", facts)
        findings = [] if self.verdict == "VERIFIED" else [{**finding, "text": text}]
        agreement = {"matches": 2, "subset": 1}
        told = {"verdict": self.verdict, "findings": findings, "agreement": agreement}
        yield {"type": "result", "line": LINE, "call": call_id, **told}

    async def replay(self, who: Officer, line: str | None, call_id: str, stream: int) -> AsyncIterator[bytes]:
        if stream > len(self.recording(who, line, call_id).streams):
            raise UsageError("recording-stream-unknown", entry=call_id, limit=2)
        return self._replayed(stream)

    async def _replayed(self, stream: int) -> AsyncIterator[bytes]:
        yield b"OggS"
        if self.breaks:
            raise StoreError("store-corrupt", file="record.db")
        yield b" of stream %d" % stream

    def console_connected(self, who: Officer) -> None:
        self.listening += 1

    def console_gone(self, who: Officer) -> None:
        self.listening -= 1

    def noted(self, who: Officer, what: str, reason: str) -> None:
        self.notes.append((who.desk, what, reason))

    def watch_on(self, who: Officer) -> None:
        self.on_watch.append(who.desk)

    def watch_off(self, who: Officer) -> None:
        self.on_watch = [desk for desk in self.on_watch if desk != who.desk]

    def card(self) -> bytes:
        return b"invitation of alpha\n"

    async def pair_open(self, data: bytes) -> InvitationView:
        if not data.startswith(b"invitation"):
            raise PeerError("invitation-wrong")
        return InvitationView(
            "bravo.example", {"en": "South HQ"}, DIGITS, OWN_DIGITS, LINE, ("fibre=127.0.0.1:7443",), known=False
        )

    async def pair_confirm(self, data: bytes, line: str | None, confirmed_by: str, fingerprint: str) -> LineView:
        if [digit for digit in fingerprint if digit.isdigit()] != [digit for digit in DIGITS if digit.isdigit()]:
            raise UsageError("trust-digits-differ", party="bravo.example")
        self.paired.append((confirmed_by, line or LINE))
        return line_view()

    async def backup(self, target: str) -> AsyncIterator[object]:
        if self.fail is not None:
            raise self.fail
        yield {"type": "progress", "done": 0, "total": 10}
        yield {"type": "progress", "done": 10, "total": 10}
        yield {"type": "result", "target": target, "files": 2}

    def doctor(self, language: str) -> Sequence[Finding]:
        return [Finding("sqlite", "ok", "SQLite 3.54"), Finding("clock-unsynchronized", "warn", "No time source.")]

    def metrics(self) -> str:
        return "# TYPE openline_entries gauge\nopenline_entries 5\n"


BUSY = BusyError("credit-used", precedence="ROUTINE")

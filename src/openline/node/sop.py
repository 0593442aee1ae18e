"""The standard operating procedure of a watch, made from the tables the program itself goes by.

No number stands here or in a sentence: each comes from a table, a limit or the configuration, so that what an officer
is told to do is what the node will hold the watch to. The sentences stand in the catalogues. Words of the record
(FLASH, ACCEPTED, RING DOWN) are the same in every language. As a page of Markdown: `soppage`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

import msgspec

from openline.base import catalogue
from openline.base.limits import (
    CALL_SOUND_LOST_AFTER_US,
    DOWN_AFTER_US,
    FLASH_WORDS_MAX,
    HANDOVER_ITEMS_MAX,
    SESSION_IDLE_US,
    SESSION_LIFE_US,
)
from openline.base.time import DAY_US, HOUR_US, MINUTE_US, SECOND_US
from openline.line.check import Form
from openline.line.handover import HANDED
from openline.line.kinds import Registry
from openline.line.phrase import PHRASES
from openline.line.proword import MEANING, STATES, Meaning, Proword
from openline.line.readback import READING_BACK
from openline.line.status import DECLARED
from openline.line.stop import CLOSED_BY, StopState, StopWord
from openline.line.taking import OF_A_FLASH, OF_A_STOP
from openline.line.watch import (
    ESCALATION,
    OWN_REMEDY,
    PEER_REMEDY,
    SILENCE_PRECEDENCE,
    SILENCE_REMEDY,
    STAGE_PERCENT,
    STOP_ESCALATION,
    WAKES,
    Awaited,
    Step,
    Wake,
)
from openline.node.procedure import Procedure
from openline.record.entry import Precedence

Row = tuple[str, ...]

_NONE = "-"
_SHOWN: Mapping[str, str] = {
    "count": "label-sop-slot-count",
    "due": "label-sop-slot-time",
    "entry": "label-sop-slot-entry",
    "from": "label-sop-slot-from",
    "party": "label-sop-slot-party",
    "place": "label-sop-slot-place",
    "time": "label-sop-slot-time",
    "until": "label-sop-slot-until",
}
_MEANS: Mapping[Meaning, str] = {
    Meaning.RECEIVED_NOT_AGREED: "sop-means-received",
    Meaning.WILL_COMPLY: "sop-means-will",
    Meaning.CANNOT_COMPLY: "sop-means-cannot",
    Meaning.ASKS_TO_REPEAT: "sop-means-repeat",
    Meaning.ANSWER_FOLLOWS: "sop-means-follows",
}
_STOPS: Mapping[StopWord, str] = {
    StopWord.STOPPED: "sop-stop-stopped",
    StopWord.NOT_OURS: "sop-stop-not-ours",
    StopWord.UNABLE: "sop-stop-unable",
}
_CALLS: Mapping[Wake, str] = {
    Wake.POSITIONS: "label-sop-wake-positions",
    Wake.SUPERVISOR: "label-sop-wake-supervisor",
    Wake.VOICE: "label-sop-wake-voice",
    Wake.NEXT_PATH: "label-sop-wake-path",
}
_FORMS: Mapping[Form, str] = {Form.TEXT: "label-sop-text", Form.VOICE: "label-sop-voice"}
_TESTS = ("test-unanswered", "test-garbled")


class SopSection(msgspec.Struct, frozen=True):
    """One part: steps or rules as sentences, then a table, either of which may be empty."""

    id: str
    title: str
    text: Row
    columns: Row = ()
    rows: tuple[Row, ...] = ()


class SopView(msgspec.Struct, frozen=True):
    """The whole procedure in one language. `line` is null where it is that of a node without any line."""

    line: str | None
    language: str
    title: str
    sections: tuple[SopSection, ...]


def sop(procedure: Procedure, registry: Registry, language: str, line: str | None = None) -> SopView:
    """What a duty officer does, hour by hour and event by event, by these rules."""
    say = _Speech(language)
    title = say.sentence("label-sop-title") if line is None else say.sentence("label-sop-title-of", line=line)
    sections = (
        _begin(say),
        _hours(say, procedure),
        _within(say, procedure),
        _late(say, procedure),
        _steps(say),
        _alarms(say),
        _stop(say, procedure),
        _replies(say),
        _read_back(say),
        _handover(say),
        _declare(say),
        _who(say, procedure, registry),
        _phrases(say),
    )
    return SopView(line, language, title, sections)


def span(us: int) -> str:
    """A length of time as it is written on a wall: `45 s`, `10 min`, `1 h 30 min`."""
    parts = ((DAY_US, "d"), (HOUR_US, "h"), (MINUTE_US, "min"), (SECOND_US, "s"))
    found: list[str] = []
    for size, unit in parts if us >= 2 * DAY_US else parts[1:]:
        if us >= size:
            found.append(f"{us // size} {unit}")
            us %= size
    return " ".join(found) or "0 s"


class _Speech:
    """Sentences of one language, with the facts of examples shown as what stands in their place."""

    def __init__(self, language: str) -> None:
        self.language = language

    def sentence(self, message_id: str, **facts: str | int) -> str:
        return catalogue.sentence(message_id, facts, self.language)

    def example(self, message_id: str) -> str:
        """A sentence whose facts are not known yet."""
        shown = {name: self.sentence(label) for name, label in _SHOWN.items()}
        return catalogue.sentence(message_id, shown, self.language)


def _word(one: Enum) -> str:
    return one.name.replace("_", " ")


def _clock(us: int) -> str:
    us %= DAY_US
    return f"{us // HOUR_US:02}{us % HOUR_US // MINUTE_US:02}Z"


def _begin(say: _Speech) -> SopSection:
    return SopSection(
        "begin",
        say.sentence("label-sop-begin"),
        (
            say.sentence("sop-begin-look"),
            say.sentence("sop-begin-on"),
            say.sentence("sop-begin-open"),
            say.sentence("sop-begin-take"),
            say.sentence("sop-begin-sound"),
        ),
    )


def _hours(say: _Speech, procedure: Procedure) -> SopSection:
    schedule = procedure.schedule
    forms = ", ".join(say.sentence(_FORMS[form]) for form in schedule.forms if form in _FORMS)
    rows = tuple(
        (
            _clock(time - schedule.early_us),
            _clock(time),
            _clock(time + schedule.late_us),
            _clock(time + schedule.over_us),
            forms,
        )
        for time in sorted(set(schedule.times_us))
        if schedule.forms
    )
    columns = (
        say.sentence("label-sop-from"),
        say.sentence("label-sop-check"),
        say.sentence("label-sop-late-after"),
        say.sentence("label-sop-missed-at"),
        say.sentence("label-sop-by"),
    )
    text = (*_signs(say, procedure), *_checks(say, rows), _sessions(say))
    return SopSection("hours", say.sentence("label-sop-hours"), text, columns if rows else (), rows)


def _signs(say: _Speech, procedure: Procedure) -> Iterator[str]:
    schedule, every = procedure.schedule, procedure.test_every_us
    if schedule.presence_us:
        limit = span(schedule.presence_us + schedule.late_us)
        yield say.sentence("sop-hours-sign", every=span(schedule.presence_us), limit=limit)
    else:
        yield say.sentence("sop-hours-no-sign")
    if every:
        within = span(procedure.deadlines.test_answer_us)
        yield say.sentence("sop-hours-test", every=span(every), within=within)
    else:
        yield say.sentence("sop-hours-no-test")


def _checks(say: _Speech, rows: Sequence[Row]) -> Iterator[str]:
    if not rows:
        yield say.sentence("sop-hours-no-checks")
        return
    yield say.sentence("sop-hours-check")
    yield say.sentence("sop-hours-skip")


def _sessions(say: _Speech) -> str:
    return say.sentence("sop-hours-session", idle=span(SESSION_IDLE_US), life=span(SESSION_LIFE_US))


def _within(say: _Speech, procedure: Procedure) -> SopSection:
    stages = (Awaited.RECEIVED, Awaited.DISPLAYED, Awaited.ACCEPTED, Awaited.PASSED)
    rows = tuple(
        (
            precedence.name,
            *(span(procedure.deadlines.window_us(precedence) * percents[stage] // 100) for stage in stages),
        )
        for precedence, percents in STAGE_PERCENT.items()
    )
    text = (
        say.sentence("sop-in-read"),
        say.sentence("sop-in-accept"),
        say.sentence("sop-in-pass"),
        say.sentence("sop-in-answer"),
        say.sentence("sop-in-clock"),
        say.sentence("sop-in-sooner"),
        say.sentence("sop-out-words", limit=FLASH_WORDS_MAX),
    )
    columns = (say.sentence("label-sop-precedence"), *(stage.name for stage in stages))
    return SopSection("within", say.sentence("label-sop-within"), text, columns, rows)


def _late(say: _Speech, procedure: Procedure) -> SopSection:
    def row(name: str, climb: Sequence[tuple[Step, int]], precedence: Precedence) -> Row:
        window = procedure.deadlines.window_us(precedence)
        after = {step: f"+ {span(window * percent // 100)}" for step, percent in climb}
        return name, *(after.get(step, _NONE) for step in Step)

    rows = (
        row("STOP", STOP_ESCALATION, Precedence.FLASH),
        *(row(precedence.name, climb, precedence) for precedence, climb in ESCALATION.items()),
    )
    text = (say.sentence("sop-late-climbs"), say.sentence("sop-late-ends"), say.sentence("sop-late-written"))
    columns = (say.sentence("label-sop-precedence"), *map(_word, Step))
    return SopSection("late", say.sentence("label-sop-late"), text, columns, rows)


def _steps(say: _Speech) -> SopSection:
    rows = tuple(
        (_word(step), ", ".join(say.sentence(_CALLS[wake]) for wake in WAKES[step]), say.example(PEER_REMEDY[step]))
        for step in Step
    )
    columns = (say.sentence("label-sop-step"), say.sentence("label-sop-calls"), say.sentence("label-sop-do"))
    return SopSection("steps", say.sentence("label-sop-steps"), (say.sentence("sop-steps-yours"),), columns, rows)


def _alarms(say: _Speech) -> SopSection:
    climb = say.sentence("sop-alarm-by-step")
    own = [(stage, f"own-late-{_id(stage)}") for stage in OWN_REMEDY if stage is not Awaited.STOP]
    peer = [f"peer-late-{_id(stage)}" for stage in Awaited if stage is not Awaited.STOP]
    rows = (
        (say.example("stop-standing"), "FLASH", say.example(OWN_REMEDY[Awaited.STOP])),
        (say.example("stop-not-received"), "FLASH", climb),
        (say.example("stop-unanswered"), "FLASH", climb),
        *((say.example(condition), _NONE, say.example(OWN_REMEDY[stage])) for stage, condition in own),
        *((say.example(condition), _NONE, climb) for condition in peer),
        *((say.example(condition), Precedence.PRIORITY.name, say.example("do-test-paths")) for condition in _TESTS),
        *(
            (
                say.example(f"silence-{_id(cause)}"),
                precedence.name,
                say.example(SILENCE_REMEDY[cause]) if cause in SILENCE_REMEDY else climb,
            )
            for cause, precedence in SILENCE_PRECEDENCE.items()
        ),
    )
    text = (
        say.sentence("sop-alarm-precedence"),
        say.sentence("sop-alarm-down", after=span(DOWN_AFTER_US)),
        say.sentence("sop-alarm-voice", after=span(CALL_SOUND_LOST_AFTER_US)),
    )
    columns = (say.sentence("label-sop-stands"), say.sentence("label-sop-precedence"), say.sentence("label-sop-do"))
    return SopSection("alarms", say.sentence("label-sop-alarms"), text, columns, rows)


def _stop(say: _Speech, procedure: Procedure) -> SopSection:
    window = procedure.deadlines.window_us(Precedence.FLASH)
    after = {step: span(window * percent // 100) for step, percent in STOP_ESCALATION}
    text = [
        say.sentence("sop-stop-ours"),
        say.sentence("sop-stop-tap"),
        say.sentence("sop-stop-rings", path=after[Step.NEXT_PATH]),
        say.sentence("sop-stop-theirs"),
        say.sentence("sop-stop-clock"),
    ]
    rows = tuple(
        (f"`{word.name.lower().replace('_', '-')}`", say.sentence(_STOPS[word]), _back(word)) for word in StopWord
    )
    columns = (say.sentence("label-sop-answer"), say.sentence("label-sop-says"), say.sentence("label-sop-instead"))
    return SopSection("stop", say.sentence("label-sop-stop"), tuple(text), columns, rows)


def _back(word: StopWord) -> str:
    """What may be answered after `word`, when the watch has learnt better."""
    state = CLOSED_BY[StopState.STANDING, word]
    return ", ".join(_word(other) for before, other in CLOSED_BY if before is state)


def _replies(say: _Speech) -> SopSection:
    rows = tuple(
        (
            f"`{one.name.lower().replace('_', '-')}`",
            STATES[one].name,
            say.sentence(_MEANS[MEANING[one]]),
            say.sentence("label-sop-given" if STATES[one].name == Awaited.ANSWERED.name else "label-sop-awaited"),
        )
        for one in Proword
    )
    columns = (
        say.sentence("label-sop-answer"),
        say.sentence("label-sop-states"),
        say.sentence("label-sop-says"),
        say.sentence("label-sop-the-answer"),
    )
    return SopSection("replies", say.sentence("label-sop-replies"), (say.sentence("sop-replies"),), columns, rows)


def _read_back(say: _Speech) -> SopSection:
    rows = tuple((_word(state), _word(step), _word(after)) for (state, step), after in READING_BACK.items())
    text = (say.sentence("sop-read-back"), say.sentence("sop-read-back-means"))
    return SopSection("read-back", say.sentence("label-sop-read-back"), text, _moves(say), rows)


def _handover(say: _Speech) -> SopSection:
    rows = tuple((_word(state), _word(step), _word(after)) for (state, step), after in HANDED.items())
    text = (
        say.sentence("sop-handover-offer"),
        say.sentence("sop-handover-accept"),
        say.sentence("sop-handover-flash"),
        say.sentence("sop-handover-refuse"),
        say.sentence("sop-handover-list", limit=HANDOVER_ITEMS_MAX),
    )
    return SopSection("handover", say.sentence("label-sop-handover"), text, _moves(say), rows)


def _declare(say: _Speech) -> SopSection:
    rows = tuple((_word(state), _word(word), _word(after)) for (state, word), after in DECLARED.items())
    text = (say.sentence("sop-declare-first"), say.sentence("sop-declare-passes"), say.sentence("sop-declare-emcon"))
    return SopSection("declare", say.sentence("label-sop-declare"), text, _moves(say), rows)


def _moves(say: _Speech) -> Row:
    return say.sentence("label-sop-stands"), say.sentence("label-sop-what"), say.sentence("label-sop-then")


def _who(say: _Speech, procedure: Procedure, registry: Registry) -> SopSection:
    on_watch = ", ".join(f"`{verb}`" for verb in sorted({*OF_A_STOP, *OF_A_FLASH}))
    text = [say.sentence("sop-who-on-watch", verbs=on_watch)]
    if not procedure.roles:
        text.append(say.sentence("sop-who-everybody"))
    text += [say.sentence("sop-who-position", position=name, role=role) for name, role in procedure.positions.items()]
    allowed: dict[str, list[str]] = {}
    for verb in registry.verbs:
        allowed.setdefault(verb.capability, []).append(f"`{verb.name}`")
    rows = tuple(
        (f"`{capability}`", ", ".join(verbs), ", ".join(_holding(procedure.roles, capability)) or _NONE)
        for capability, verbs in sorted(allowed.items())
    )
    columns = (say.sentence("label-sop-capability"), say.sentence("label-sop-allows"), say.sentence("label-sop-roles"))
    return SopSection("who", say.sentence("label-sop-who"), tuple(text), columns, rows)


def _holding(roles: Mapping[str, tuple[str, ...]], capability: str) -> list[str]:
    return [role for role, held in roles.items() if capability in held or "all" in held]


def _phrases(say: _Speech) -> SopSection:
    rows = tuple((f"`{code}`", say.example(f"phrase-{code}")) for code in PHRASES)
    columns = (say.sentence("label-sop-code"), say.sentence("label-sop-reads"))
    return SopSection("phrases", say.sentence("label-sop-phrases"), (say.sentence("sop-phrases"),), columns, rows)


def _id(one: Enum) -> str:
    return one.name.lower().replace("_", "-")

"""`openline demo --scenario 2022`: a published chronology, through three real nodes under a demonstration clock.

European Command has a line with Moscow and one with Kyiv. On each day of the chronology all nodes are started with
their clocks set to its noon; every entry is said at the desk of whoever said it, and is an EXERCISE. Then the record
is asked, and what it answers is checked.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from typing import cast

from openline.base.errors import UsageError
from openline.base.time import HOUR_US, SECOND_US
from openline.cli.client import JsonObject
from openline.cli.context import App
from openline.cli.demo import export, logs_of, verified
from openline.cli.exits import Exit, Refusal
from openline.cli.scenario_2022 import LINES, STEPS, US, US_RU, Arguments, Step, resolved
from openline.cli.scenario_answers import ANSWERS, HEADQUARTERS
from openline.cli.stage import Party, Relay, found_all, furnish_one, pair_two, set_voice, until
from openline.line.precise import day_of
from openline.node.clock import DemoClock

PROVEN_WITHIN_S = 30.0
AGREED_WITHIN_S = 60.0
ENTRIES_MAX = 500


class Scenario:
    """The chronology, step by step. `steps` is how much has been told, `ids` the entries by the key of their step."""

    def __init__(self, app: App, folder: Path) -> None:
        self.steps = 0
        self.ids: dict[str, str] = {}
        self.party: dict[str, Party] = {}
        self._app = app
        self._folder = folder
        self._begun = app.now()

    @property
    def parties(self) -> Sequence[Party]:
        """Everybody who plays."""
        return list(self.party.values())

    def play(self) -> None:
        """Everything up to the export. Raises OpenlineError when something is not as it should be."""
        self._found()
        for day, steps in groupby(STEPS, key=lambda step: step.day):
            self._open(day)
            self._line("", day)
            for step in steps:
                self._say(step)
        self._only_exercises()
        until(self._indexed, PROVEN_WITHIN_S)
        for command in ANSWERS:
            self._ask(command)

    def audited(self) -> int:
        """Export what both sides of both lines hold, and one record without its texts; verify all. The exit code.

        The nodes speak by themselves, so a copy may hold an entry whose receipt is on its way: it is taken again.
        """
        copies = [(line, name, True) for line, members in LINES.items() for name in members] + [(US_RU, US, False)]
        verdicts: list[JsonObject] = []

        def complete() -> bool:
            verdicts[:] = [self._verdict(*copy) for copy in copies]
            logs = {(line, str(logs_of(one))) for (line, *_), one in zip(copies, verdicts, strict=True)}
            return len(logs) == len(LINES) and all(one["verdict"] != "INCOMPLETE" for one in verdicts)

        until(complete, AGREED_WITHIN_S)
        for (line, name, bodies), verdict in zip(copies, verdicts, strict=True):
            stands = str(verdict["verdict"])
            what = f"the record of {line}, exported by {name}{'' if bodies else ' without a single text'}"
            self._require(stands == "VERIFIED", f"{what}, is {stands}")
            bare = all(log["bodies_withheld"] == log["entries"] for log in cast("list[JsonObject]", verdict["logs"]))
            self._require(bare is not bodies, f"{what}, has texts that it should not have, or none")
            self._tell(f"Verified offline, from the file and 60 digits: {what}: {stands}.", verdict=stands)
        took = (self._app.now() - self._begun) / SECOND_US
        result = {"ok": True, "steps": self.steps, "took_s": round(took, 1)}
        self._app.output.result(result, [], name="demo")
        return Exit.OK

    def invite(self) -> None:
        """Say what to look at, while all stay up."""
        self._line("", "All three headquarters stay up. Open their consoles in a browser on this machine:")
        self._line(*(f"  {party.console}      # {HEADQUARTERS[party.name]['en']}" for party in self.parties))
        self._line("Or in another terminal:", f"  export OPENLINE_DIR={self.party[US].folder}")
        self._line(*(f"  {command}" for command in ANSWERS))

    def close(self) -> None:
        """Stop what runs."""
        self._each(Party.stop)

    # Playing

    def _found(self) -> None:
        clock = DemoClock(_ahead_s(self._app, STEPS[0].day) * SECOND_US)
        relay = Relay()
        for party in found_all(self._folder, HEADQUARTERS, relay, clock):
            self.party[party.name] = party
            furnish_one(party)
            set_voice(party.folder, enabled=False)
        for line, (one, other) in LINES.items():
            pair_two(self.party[one], self.party[other], line, clock)
            names = " and ".join(HEADQUARTERS[name]["en"] for name in (one, other))
            self._tell(f"{names} are paired by reading digits aloud: line {line}.", line=line)

    def _open(self, day: str) -> None:
        """All nodes, at noon of this day, with both lines proven."""
        self._each(Party.stop)
        ahead_s = _ahead_s(self._app, day)
        for party in self.parties:
            party.clock_s = ahead_s
        self._each(Party.start)
        ends = [(self.party[name], line) for line, members in LINES.items() for name in members]
        until(lambda: all(party.line(line)["state"] == "PROVEN" for party, line in ends), PROVEN_WITHIN_S)

    def _say(self, step: Step) -> None:
        arguments = resolved(step.arguments, self.ids)
        entry = self.party[step.who].say(step.line, step.verb, arguments)
        if step.key:
            self.ids[step.key] = entry
        facts = {"day": step.day, "party": step.who, "line": step.line, "entry": entry, "source": step.source}
        text = f"{HEADQUARTERS[step.who]['en']}: {told(step.verb, arguments)}"
        self._tell(text, f"{step.line}/{entry}", **facts)

    def _each(self, work: Callable[[Party], object]) -> None:
        with ThreadPoolExecutor() as pool:
            list(pool.map(work, self.parties))

    def _only_exercises(self) -> None:
        for line, members in LINES.items():
            for name in members:
                query: dict[str, str | int | float | None] = {"line": line, "count": ENTRIES_MAX}
                found = cast("list[JsonObject]", self.party[name].node.get("/entries", query)["entries"])
                said = sum(step.line == line for step in STEPS)
                self._require(said <= len(found) < ENTRIES_MAX, f"{name} has {len(found)} entries of {line}")
                self._require({row["mark"] for row in found} == {"EXERCISE"}, f"{name} has more than exercises")

    # Asking

    def _ask(self, command: str) -> None:
        """Run a command as it is typed, show what it prints, and look for what it must print."""
        printed = self._run(command, capture=True)
        if self._app.output.is_terminal:
            self._line("", f"$ {command}")
            self._run(command, capture=False)
        elif not self._app.output.settings.as_json:
            self._line("", f"$ {command}", *printed.splitlines())
        for text in unsaid(command, printed):
            self._require(False, f"{command} does not say: {text}")
        self._tell("", command=command, printed=printed)

    def _indexed(self) -> bool:
        """Whether the search of the side that is asked has seen every entry."""
        try:
            return self.party[US].node.get("/search", {"q": "Austin"})["behind"] == 0
        except Refusal:
            return False  # The index is being made.

    def _run(self, command: str, capture: bool) -> str:
        words = shlex.split(command)[1:]
        environment = {**os.environ, "OPENLINE_DIR": str(self.party[US].folder), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(  # noqa: S603 - our own program, with words of our own table
            [sys.executable, "-m", "openline.cli.main", *words],
            env=environment,
            stdout=subprocess.PIPE if capture else None,
            check=False,
            encoding="utf-8",
        )
        self._require(done.returncode == 0, f"{command} ends in {done.returncode}")
        return done.stdout if capture else ""

    # Auditing

    def _verdict(self, line: str, name: str, bodies: bool) -> JsonObject:
        file = self._folder / f"{line}-{name}{'' if bodies else '-bare'}.olx"
        roots = {self.party[one].id: self.party[one].founded.fingerprint for one in LINES[line]}
        return verified(export(self.party[name], file, line, bodies), roots)

    def _require(self, holds: bool, what: str) -> None:
        if not holds:
            raise UsageError("demo-not-right", what=what)

    # Telling

    def _tell(self, text: str, where: str = "", **facts: object) -> None:
        self.steps += 1
        output = self._app.output
        if output.settings.as_json:
            output.result({"step": self.steps, "text": text, **facts}, [], name="demo.step")
        elif text:
            source = f"  [{facts['source']}]" if "source" in facts else ""
            self._line(f"{where:<12}  {text}{source}")

    def _line(self, *lines: str) -> None:
        if not self._app.output.settings.as_json:
            for line in lines:
                self._app.output.text(line)


def _ahead_s(app: App, day: str) -> int:
    """How many seconds noon of this day is ahead of now; negative, since it is past."""
    return (day_of(day)[0].plus(12 * HOUR_US) - app.now()) // SECOND_US


def unsaid(command: str, printed: str) -> list[str]:
    """What a command of ANSWERS must print and has not."""
    shown = " ".join(printed.split())
    return [text for text in ANSWERS[command] if text not in shown]


def told(verb: str, arguments: Arguments) -> str:
    """What was said, in words: its facts, and the quotation."""
    given = {name: str(value) for name, value in arguments.items()}
    quoted = (given.get("words") or given.get("text") or "").strip("«»")
    return " ".join(part for part in (_fact(verb, given, arguments), f"« {quoted} »" if quoted else "") if part)


def _spelt(arguments: Arguments) -> str:
    return ", ".join(row["text"] for row in cast("list[dict[str, str]]", arguments["spellings"]))


def _fact(verb: str, given: dict[str, str], arguments: Arguments) -> str:
    level, medium = given.get("level", "").replace("-", " "), given.get("medium", "").replace("-", " ")
    match verb:
        case "contact":
            return f"contact at the level of {level} on {given['began']}, held elsewhere; medium {medium}"
        case "attempt":
            return f"attempt at the level of {level}, {medium}: {given['result'].replace('-', ' ')}"
        case "state":
            value = " ".join(given[name] for name in ("precision", "value") if name in given)
            return f"states of {given['entry']}, {given['fact']}: {value}".rstrip(": ")
        case "publish":
            return f"readout of {given['entry']}:"
        case "allege":
            return f"alleges against {given['against']}, no evidence produced:"
        case "name" | "term":
            return f"{verb} {given['id']}: {given.get('word') or _spelt(arguments)}"
        case "demand" | "warn":
            return f"{verb}s, {given['code']}:"
        case _:
            return f"{verb}:"

"""`openline demo`: two headquarters on this machine, one line, and what happens on it, told as a person reads it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn, Protocol, cast

from openline.base.errors import UsageError
from openline.base.time import SECOND_US
from openline.cli.client import JsonObject
from openline.cli.commands import argument, choice_option, command, flag
from openline.cli.context import App
from openline.cli.exits import Exit
from openline.cli.output import Table
from openline.cli.stage import PATHS, Party, Stage, found, furnish, pair
from openline.cli.verdicts import code_of

CONVOY = "Humanitarian convoy, four white trucks, leaves the crossing at 0700Z, north on the river road, no escort."
ANSWER = "Reçu. La route du fleuve reste ouverte jusqu'à 0900Z."
AGAIN_S = 3
TRY = (
    "At alpha, open the line (Alt+1), write a message and press Ctrl+Enter. At bravo, press Accept. Alpha's ladder "
    "shows who accepted it, and when.",
    "Send a FLASH from bravo. It asks for the name of the line first, and alpha cannot overlook it. At alpha, press "
    "Reply and answer in another language.",
    "At alpha, press Start watch with sound, then Line check by voice. Hold Talk (or Space), speak, let go: bravo's "
    "node says it back to you. Press End call.",
    "Press Start watch with sound at bravo as well. At alpha, press Call; at bravo, Answer. Hold Talk at either, and "
    "try Hold.",
    "Kill alpha's node: pkill -KILL -f 'alpha node run'. Its console says NO LINK at once, until the node is back.",
)
COMMANDS = (
    "openline status --watch",
    "openline inbox",
    'openline send alpha-bravo "Are you there?" --wait received',
)

FLASH = "Your artillery is firing on the river road at the bridge. Convoy is there. Stop now."
QUEUE = 5


@command(
    "demo",
    "openline demo\nopenline demo --once --json\nopenline demo --scenario 2022\nopenline demo tamper",
    argument("what", required=False, choices=("tamper",)),
    argument("file", required=False),
    flag("--once", text="End by exporting and verifying the record, then stop. Exit code 1 if anything is not right."),
    choice_option(
        "--scenario", text="Play what the press told of a year, through three headquarters.", choices=("2022",)
    ),
)
def demo(app: App, what: str | None, file: str | None, once: bool, scenario: str | None) -> int:
    """Play two headquarters with one line between them. With `tamper`, flip one byte of a record and verify it.

    Without FILE, `tamper` makes a record first. Everything is made in a scratch folder and stays on this machine.
    """
    if what == "tamper":
        return _tamper(app, file)
    with tempfile.TemporaryDirectory(prefix="openline-demo-") as folder:
        played = _of_scenario(app, Path(folder)) if scenario else Story(app, Path(folder))
        try:
            played.play()
            if once:
                return played.audited()
            played.invite()
            _stay(app, played.parties)
        finally:
            played.close()


class Played(Protocol):
    """What can be played, audited, and looked at afterwards."""

    @property
    def parties(self) -> Sequence[Party]:
        """Everybody who plays."""
        ...

    def play(self) -> None:
        """Everything up to the export. Raises OpenlineError when something is not as it should be."""
        ...

    def audited(self) -> int:
        """Export the records and verify them as an outsider; the exit code."""
        ...

    def invite(self) -> None:
        """Say what to look at, while it stays up."""
        ...

    def close(self) -> None:
        """Stop what runs."""
        ...


def _of_scenario(app: App, folder: Path) -> Played:
    from openline.cli.scenario import Scenario

    return Scenario(app, folder)


class Story:
    """The demonstration, step by step. `steps` is what has been told."""

    def __init__(self, app: App, folder: Path) -> None:
        self.steps = 0
        self._app = app
        self._folder = folder
        self._begun = app.now()
        self._stage: Stage | None = None

    @property
    def stage(self) -> Stage:
        """Both headquarters, once they are founded."""
        assert self._stage is not None
        return self._stage

    @property
    def parties(self) -> Sequence[Party]:
        """Both."""
        return self.stage.parties

    def play(self) -> None:
        """Everything up to the export. Raises OpenlineError when something is not as it should be."""
        for act in (self.founding, self.opening, self.talking, self.urgent, self.one_path, self.crash):
            act()

    def founding(self) -> None:
        """Two parties are made and paired by voice."""
        self._tell("Two headquarters are founded. Each has a root key that can leave the machine.")
        self._stage = stage = found(self._folder)
        for party in stage.parties:
            self._tell(f"{party.id} reads its own 30 digits aloud: {party.founded.fingerprint}")
        furnish(stage)
        line = pair(stage)
        self._tell(f"Each side compares what it hears with the card it got. The line {line} is agreed.", line=line)

    def opening(self) -> None:
        """Both nodes are started; the line proves itself on both paths."""
        stage = self.stage
        for party in stage.parties:
            party.start()
        took = stage.until(lambda: all(_up(party) == set(PATHS) for party in stage.parties))
        self._tell(
            f"Both nodes run, each on its own record. {len(PATHS)} paths, {' and '.join(PATHS)}, are proven after "
            f"{took * 1e3:.0f} ms.",
            took_ms=round(took * 1e3),
        )
        self._table(stage.alpha)

    def talking(self) -> None:
        """A message and its stages, an answer in the other language with a translation."""
        alpha, bravo = self.stage.parties
        begun = self._app.now()
        sent = alpha.send(CONVOY, precedence="priority", action=["watch"])
        took = (self._app.now() - begun) / 1e3
        self._tell(f"alpha sends {sent} (PRIORITY): “{CONVOY}”", entry=sent)
        self._tell(
            f"{sent} is on both disks and bravo's node has signed for it: {took:.1f} ms.", took_ms=round(took, 1)
        )
        bravo.act("read", sent)
        bravo.act("ack", sent)
        bravo.act("pass", sent, to="artillery")
        reply = bravo.act("reply", sent, text=ANSWER, language="fr")
        alpha.act("translate", reply, text="Received. The river road stays open until 0900Z.", language="en")
        self._require(_stages(alpha, sent) >= {"RECEIVED", "DISPLAYED", "ACCEPTED", "PASSED", "ANSWERED"}, "stages")
        self._tell(
            f"bravo's officer reads it, accepts it, passes it to the artillery and answers in French: “{ANSWER}”"
        )
        self._ladder(alpha, sent)

    def urgent(self) -> None:
        """A FLASH, and a test of the line."""
        alpha, bravo = self.stage.parties
        flash = bravo.send(FLASH, precedence="flash")
        alpha.act("ack", flash)
        self._tell(f"bravo sends {flash} (FLASH) on every path; alpha's watch accepts it: “{FLASH}”", entry=flash)
        said = alpha.node.post("/tests", {}, {"wait": "recorded"})
        test = cast("list[str]", said["ids"])[0]
        took = self.stage.until(lambda: _answered(alpha, test))
        self._tell(
            "alpha tests the line with both alphabets, digits and coordinates; bravo's node answers right.",
            took_ms=round(took * 1e3),
        )

    def one_path(self) -> None:
        """A path is cut; the line goes on."""
        stage = self.stage
        alpha, bravo = stage.parties
        stage.relay.cut(PATHS[0])
        took = stage.until(lambda: PATHS[0] not in _up(alpha) | _up(bravo))
        self._tell(f"Somebody cuts the {PATHS[0]}. Noticed after {took * 1e3:.0f} ms.", took_ms=round(took * 1e3))
        state = str(alpha.line()["state"])
        self._require(state == "ONE_PATH_LEFT", f"the line is {state}")
        sent = alpha.send("Fibre is lost here. We use the satellite.")
        self._tell(f"The line is {state.replace('_', ' ')}; {sent} goes by {PATHS[1]} and is received.")
        stage.relay.mend(PATHS[0])

    def crash(self) -> None:
        """A node is killed and comes back; nothing is lost."""
        stage = self.stage
        alpha, bravo = stage.parties
        bravo.kill()
        queued = [alpha.send(f"Report {n}: still waiting for you.", wait="recorded") for n in range(1, QUEUE + 1)]
        self._tell(
            f"bravo's node is killed (SIGKILL). alpha writes {QUEUE} messages meanwhile: recorded, not received."
        )
        self._require("RECEIVED" not in _stages(alpha, queued[-1]), "a message was shown as received by a dead node")
        started = bravo.start()
        took = stage.until(lambda: "RECEIVED" in _stages(alpha, queued[-1]))
        self._tell(
            f"bravo's node starts again ({started * 1e3:.0f} ms) and has all {QUEUE} after {took * 1e3:.0f} ms more.",
            took_ms=round(took * 1e3),
        )
        back = stage.until(lambda: all(_up(party) == set(PATHS) for party in stage.parties))
        self._tell(f"The {PATHS[0]} is mended and in use again.", took_ms=round(back * 1e3))
        self._table(alpha)

    def audited(self) -> int:
        """Export both sides' records and verify them as an outsider; the exit code.

        The nodes speak by themselves (a test and its answer), so a copy may hold an entry whose receipt is still on its
        way: it is not complete yet, and is taken again.
        """
        verdicts: list[JsonObject] = []

        def complete() -> bool:
            verdicts[:] = [self._verdict(party) for party in self.stage.parties]
            return all(one["verdict"] != "INCOMPLETE" for one in verdicts) and logs_of(verdicts[0]) == logs_of(
                verdicts[1]
            )

        self.stage.until(complete)
        for party, verdict in zip(self.stage.parties, verdicts, strict=True):
            self._tell(
                f"{party.name}'s copy of the record is verified offline, from the file and the 60 digits alone: "
                f"{verdict['verdict']}.",
                verdict=str(verdict["verdict"]),
            )
            self._require(verdict["verdict"] == "VERIFIED", f"{party.name}'s record is {verdict['verdict']}")
        took = (self._app.now() - self._begun) / SECOND_US
        self._app.output.result({"ok": True, "steps": self.steps, "took_s": round(took, 1)}, [])
        return Exit.OK

    def _verdict(self, party: Party) -> JsonObject:
        return verified(export(party, self._folder / f"{party.name}.olx"), self.stage.roots())

    def invite(self) -> None:
        """Say what to try, while both stay up."""
        say, (alpha, bravo) = self._app.output.text, self.stage.parties
        say("")
        say("Both headquarters stay up. Open their consoles in a browser on this machine:")
        say(f"  {alpha.console}      # alpha: take the seat W-1 by one click")
        say(f"  {bravo.console}      # bravo, in a second window")
        for number, row in enumerate(TRY, 1):
            say(f"  {number}. {row}")
        say("Or in another terminal:")
        say(f"  export OPENLINE_DIR={alpha.folder}      # to sit at alpha's desk")
        for row in COMMANDS:
            say(f"  {row}")

    def close(self) -> None:
        """Stop what runs."""
        if self._stage is not None:
            self._stage.close()

    def _tell(self, text: str, **facts: object) -> None:
        self.steps += 1
        output = self._app.output
        value = {"step": self.steps, "text": text, **facts}
        if output.settings.as_json:
            output.result(value, [], name="demo.step")
        else:
            output.text(f"{(self._app.now() - self._begun) / SECOND_US:6.1f} s  {text}")

    def _require(self, holds: bool, what: str) -> None:
        if not holds:
            raise UsageError("demo-not-right", what=what)

    def _table(self, party: Party) -> None:
        if not self._app.output.settings.as_json:
            line = party.line()
            self._app.output.text(f"           {party.name} sees: {line['line']} {line['state']}, {_paths(line)}")

    def _ladder(self, party: Party, entry: str) -> None:
        if not self._app.output.settings.as_json:
            stages = cast("list[JsonObject]", party.entry(entry)["stages"])
            told = ", ".join(f"{row['stage']}" + (f" to {row['to']}" if row.get("to") else "") for row in stages)
            self._app.output.text(f"           alpha sees of {entry}: {told}")


def logs_of(verdict: JsonObject) -> list[object]:
    """How many entries of whom a verdict speaks of."""
    return [(log["party"], log["entries"]) for log in cast("list[JsonObject]", verdict["logs"])]


def export(party: Party, file: Path, line: str | None = None, bodies: bool = True) -> Path:
    """This party's record of a line, by its name or of the only one, as a bundle; with the texts or without them."""
    name = line or party.line()["line"]
    with file.open("wb") as opened:
        for piece in party.node.pieces(f"/record/{name}/export", {"bodies": str(bodies).lower()}):
            opened.write(piece)
    return file


def verified(file: Path, roots: Mapping[str, str], language: str = "en") -> JsonObject:
    """The verdict on an exported record, as `audit verify` gives it."""
    from openline.cli.auditing import view_of
    from openline.record.audit import audit

    with file.open("rb") as opened:
        return view_of(audit(opened, dict(roots), lambda _done, _total: None), language)


def _tamper(app: App, file: str | None) -> int:
    """Flip one byte in the middle of an entry of a record, and verify it."""
    with tempfile.TemporaryDirectory(prefix="openline-demo-") as folder:
        roots: dict[str, str] = {}
        if file is None:
            file, roots = _small_record(app, Path(folder))
        altered = Path(folder) / "tampered.olx"
        data = bytearray(_read(file))
        at = data.find(CONVOY.encode()[:16])
        at = at + 4 if at >= 0 else len(data) // 2
        data[at] ^= 0x01
        altered.write_bytes(data)
        app.output.note(f"Flipped one bit of byte {at:,} of {len(data):,}.")
        verdict = verified(altered, roots, app.settings.language)
        rows = [[str(row["severity"]), str(row["text"])] for row in cast("list[JsonObject]", verdict["findings"])]
        app.output.result({**verdict, "byte": at}, [Table(("", str(verdict["verdict"])), rows)])
        return int(code_of(str(verdict["verdict"])))


def _small_record(app: App, folder: Path) -> tuple[str, dict[str, str]]:
    app.output.note("Making a record of two headquarters first ...")
    stage = found(folder)
    try:
        pair(stage)
        for party in stage.parties:
            party.start()
        sent = stage.alpha.send(CONVOY)
        stage.bravo.act("ack", sent)
        return str(export(stage.alpha, folder / "alpha.olx")), stage.roots()
    finally:
        stage.close()


def _read(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as why:
        raise UsageError("file-unreadable", file=file, detail=why.strerror or "") from why


def _stay(app: App, parties: Sequence[Party]) -> NoReturn:
    """Stay up until Ctrl-C; a node that ends is started again."""
    say: Callable[[str], None] = app.output.text
    say("Ctrl-C ends the demonstration and removes everything it made.")
    while True:
        time.sleep(0.5)
        for party in parties:
            if party.process is not None and party.process.poll() is not None:
                say(f"{party.name}'s node has ended. It starts again in {AGAIN_S} seconds.")
                time.sleep(AGAIN_S)
                say(f"{party.name}'s node is back after {party.start() * 1e3:.0f} ms.")


def _up(party: Party) -> set[str]:
    paths = cast("list[JsonObject]", party.line()["paths"])
    return {str(path["name"]) for path in paths if cast("int", path["sessions"]) > 0}


def _paths(line: JsonObject) -> str:
    rows = cast("list[JsonObject]", line["paths"])
    return ", ".join(f"{row['name']} {row['state']}" + (" (in use)" if row["in_use"] else "") for row in rows)


def _stages(party: Party, entry: str) -> set[str]:
    return {str(row["stage"]) for row in cast("list[JsonObject]", party.entry(entry)["stages"])}


def _answered(party: Party, test: str) -> bool:
    answers = cast("list[JsonObject]", party.node.get("/entries", {"kind": "test-answer", "count": 20})["entries"])
    return any(test in cast("list[str]", row["refs"]) for row in answers)

"""Commands that man a line and keep it up: `watch`, `declare`, `service`, `test now`."""

from __future__ import annotations

from openline.cli.asking import confirm
from openline.cli.client import JsonObject
from openline.cli.commands import argument, choice_option, command, option
from openline.cli.context import App
from openline.cli.exits import Exit
from openline.cli.output import Table
from openline.cli.saying import STAGES, How, how_options, post, say, tell
from openline.cli.texts import read_text

STATES = ("suspended", "resumed", "degraded", "emcon")
ASKED_FOR = ("suspended", "emcon")


@command("on", "openline watch on\nopenline watch on --desk night")
def watch_on(app: App) -> None:
    """Say that an officer of this desk is on watch. The other side sees it; it is not on the record.

    Say it again as a sign that you are there, and after a restart: the node forgets it when it stops.
    """
    _tell_watch(app, app.node.put("/watch"))


@command("off", "openline watch off --desk night")
def watch_off(app: App) -> None:
    """Say that the officer of this desk has left the watch."""
    _tell_watch(app, app.node.delete("/watch"))


def _tell_watch(app: App, taken: JsonObject) -> None:
    app.output.result(taken, [Table(("desk", "watch"), [[str(taken["desk"]), "on" if taken["on"] else "off"]])])


@command(
    "declare",
    'openline declare alpha-bravo suspended --reason "relocation until 0600Z"',
    argument("line"),
    argument("state", choices=STATES),
    option("--reason", "why", text="Why; the other side sees it.", metavar="TEXT"),
    *how_options(),
)
def declare(app: App, line: str, state: str, why: str | None, **how: str | None) -> int:
    """Declare how our end of LINE stands."""
    unasked = ""
    if state in ASKED_FOR:
        unasked = confirm(app, app.output.sentence(f"effect-{state}", line=line), line, why)
    body = {"verb": "declare", "arguments": {"status": state, "reason": why or ""}}
    return say(app, f"/lines/{line}/say", body, _how(how, unasked=unasked))


@command(
    "service",
    'openline service alpha-bravo "We see loss on the fibre. Do you?"',
    argument("line"),
    argument("text", required=False, many=True),
    option("--lang", "language", text="Language of the text.", metavar="TAG"),
    *how_options(),
)
def service(app: App, line: str, text: tuple[str, ...], language: str | None, **how: str | None) -> int:
    """Say something to the operators of LINE, about the line itself."""
    arguments = {"text": read_text(app, text), **({"language": language} if language else {})}
    body = {"verb": "service", "arguments": arguments}
    return say(app, f"/lines/{line}/say", body, _how(how))


@command(
    "now",
    "openline test now alpha-bravo",
    argument("line", required=False),
    choice_option(
        "--wait", text="Wait until it is there, at most --timeout seconds.", choices=STAGES, default="answered"
    ),
)
def test_now(app: App, line: str | None, wait: str) -> int:
    """Send a test on LINE and wait for its answer. Exit code 4 when none comes in time."""
    began = app.now()
    said = post(app, "/tests", {}, How(wait=wait, line=line))
    took_ms = (app.now() - began) // 1000
    code = tell(app, {**said, "took_ms": took_ms})
    if code == Exit.OK:
        app.output.tell("told-reached", took=took_ms, stage=wait)
    return code


def _how(how: dict[str, str | None], unasked: str = "") -> How:
    return How(how.get("wait") or "recorded", how.get("mark"), how.get("key"), unasked=unasked)

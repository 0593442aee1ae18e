"""`say`: any verb the node knows, with its arguments as they are, for what has no command of its own yet.

What other commands ask a person about first is asked here too, so that this is no way around it.
"""

from __future__ import annotations

import json

from openline.base.errors import UsageError
from openline.cli.asking import confirm
from openline.cli.commands import argument, command
from openline.cli.context import App
from openline.cli.saying import How, how_options, say
from openline.cli.upkeep import ASKED_FOR

Arguments = dict[str, object]


@command(
    "say",
    'openline say alpha-bravo service text="We see loss on the fibre."\n'
    "openline say alpha-bravo ack entry=bravo:14 --wait received\n"
    "openline say alpha-bravo send text=Hello. action:='[\"watch\"]'",
    argument("line"),
    argument("verb"),
    argument("values", required=False, many=True),
    *how_options(),
)
def say_any(app: App, line: str, verb: str, values: tuple[str, ...], **how: str | None) -> int:
    """Say any verb on LINE. VALUES are NAME=TEXT, or NAME:=JSON for what is no text.

    The verbs, their arguments and what they need stand in docs/spec/api.md.
    """
    arguments = arguments_of(values)
    effect = _effect(app, line, verb, arguments)
    unasked = confirm(app, effect, line) if effect else ""
    asked = How(how.get("wait") or "recorded", how.get("mark"), how.get("key"), unasked=unasked)
    return say(app, f"/lines/{line}/say", {"verb": verb, "arguments": arguments}, asked)


def arguments_of(values: tuple[str, ...]) -> Arguments:
    """The arguments as JSON has them. Raises UsageError when one is no NAME=TEXT or NAME:=JSON, or stands twice."""
    found: Arguments = {}
    for value in values:
        name, sign, text = value.partition("=")
        is_json = name.endswith(":")
        name = name.removesuffix(":")
        if not sign or not name or name in found:
            raise UsageError("value-wrong", value=value)
        try:
            found[name] = json.loads(text) if is_json else text
        except ValueError:
            raise UsageError("value-wrong", value=value) from None
    return found


def _effect(app: App, line: str, verb: str, arguments: Arguments) -> str:
    """What a person must confirm first, as a sentence; empty when nothing."""
    entry = str(arguments.get("entry", ""))
    if verb == "withdraw":
        return app.output.sentence("effect-withdraw", entry=entry)
    if verb == "declare" and arguments.get("status") in ASKED_FOR:
        return app.output.sentence(f"effect-{arguments['status']}", line=line)
    if arguments.get("precedence") == "flash":
        return app.output.sentence("effect-flash", line=line)
    return ""

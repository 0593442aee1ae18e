"""Commands that carry a text: `send`, `reply`, `correct`, `translate`."""

from __future__ import annotations

from typing import cast

import click

from openline.base.errors import UsageError
from openline.base.limits import FLASH_WORDS_MAX
from openline.base.text import words as count_words
from openline.cli.asking import confirm
from openline.cli.commands import argument, choice_option, command, flag, many_option, option
from openline.cli.context import App
from openline.cli.ids import split_entry
from openline.cli.saying import How, how_options, say
from openline.cli.texts import read_text, upload
from openline.cli.times import in_full, read_deadline

PRECEDENCES = ("routine", "priority", "immediate", "flash")
STATES = ("draft", "checked", "disputed")


def letter_options() -> list[click.Option]:
    """The options that `send` and `reply` share."""
    return [
        option("--answer-by", text="2300Z, 212300Z, +30m or RFC 3339; repeated in full.", metavar="TIME"),
        option("--lang", "language", text="Language of the text.", metavar="TAG"),
        many_option("--action", text="Role that acts (default: watch). May be given again.", metavar="ROLE"),
        many_option("--info", text="Role that is informed. May be given again.", metavar="ROLE"),
        option("--subject", text="One line above the text.", metavar="TEXT"),
        many_option("--file", "files", text="Attach a file. May be given again.", metavar="FILE"),
        *how_options(),
    ]


@command(
    "send",
    'openline send alpha-bravo "Convoy of six trucks leaves 0600Z" --answer-by +30m\n'
    "openline send alpha-bravo -p immediate --file route.pdf --wait received < message.txt",
    argument("line"),
    argument("text", required=False, many=True),
    choice_option("-p", "--precedence", text="How urgent it is.", choices=PRECEDENCES, default="routine"),
    many_option("--ref", "refs", text="An entry this one is about.", metavar="ENTRY"),
    option("--phrase", text="A fixed phrase by its code, instead of a text.", metavar="CODE"),
    many_option("--value", "values", text="NAME=VALUE of the phrase. May be given again.", metavar="VALUE"),
    flag("--read-back", "read_back", text="It is to be read back."),
    *letter_options(),
)
def send(app: App, line: str, text: tuple[str, ...], precedence: str, refs: tuple[str, ...], **letter: object) -> int:
    """Send a message on LINE. TEXT, or standard input when there is none."""
    said = _said(app, text, letter)
    whole = str(said.get("text", ""))
    _refuse_long(whole, precedence)
    arguments = {**said, "precedence": precedence, **({"refs": refs} if refs else {}), **_letter(app, letter)}
    unasked = ""
    if precedence == "flash":
        effect = app.output.sentence("effect-flash", line=line)
        unasked = confirm(app, effect, line)
    arguments |= _attached(app, letter)
    return say(app, "/messages", arguments, _how(letter, line, unasked))


@command(
    "reply",
    'openline reply bravo:14 "Understood. We hold fire until 0900Z."',
    argument("entry"),
    argument("text", required=False, many=True),
    choice_option("-p", "--precedence", text="How urgent it is; as the entry's when left out.", choices=PRECEDENCES),
    *letter_options(),
)
def reply(app: App, entry: str, text: tuple[str, ...], precedence: str | None, **letter: object) -> int:
    """Answer ENTRY. The answer goes out and ENTRY is shown as answered at both ends."""
    whole = read_text(app, text)
    line, place = split_entry(entry)
    arguments = {"text": whole, **_letter(app, letter)}
    if precedence is not None:
        _refuse_long(whole, precedence)
        arguments["precedence"] = precedence
    unasked = ""
    if precedence == "flash":
        effect = app.output.sentence("effect-flash-reply", entry=entry)
        unasked = confirm(app, effect, entry)
    arguments |= _attached(app, letter)
    return say(app, f"/entries/{place}/reply", arguments, _how(letter, line, unasked))


@command(
    "correct",
    'openline correct alpha:7 "Convoy leaves 0700Z" --change "time was 0600Z"',
    argument("entry"),
    argument("text", required=False, many=True),
    option("--change", text="What is different and why; the other side sees it.", metavar="TEXT"),
    option("--answer-by", text="A new time to answer by.", metavar="TIME"),
    option("--lang", "language", text="Language of the text.", metavar="TAG"),
    *how_options(),
)
def correct(app: App, entry: str, text: tuple[str, ...], change: str | None, **letter: object) -> int:
    """Correct our own ENTRY. The old text stays in the record and is shown as corrected."""
    whole = read_text(app, text)
    line, place = split_entry(entry)
    arguments = {"text": whole, "change": change or "", **_letter(app, letter)}
    return say(app, f"/entries/{place}/correct", arguments, _how(letter, line))


@command(
    "translate",
    'openline translate bravo:14 --lang fr "Nous quittons la place" --state checked',
    argument("entry"),
    argument("text", required=False, many=True),
    option("--lang", "language", text="Language of this translation.", metavar="TAG"),
    choice_option("--state", text="How far it can be trusted.", choices=STATES, default="draft"),
    option("--author", text="Who translated, when not this desk.", metavar="NAME"),
    *how_options(),
)
def translate(app: App, entry: str, text: tuple[str, ...], state: str, author: str | None, **letter: object) -> int:
    """Add a translation of ENTRY beside it. The sender's own words stay the authentic ones."""
    if letter["language"] is None:
        raise UsageError("language-needed")
    whole = read_text(app, text)
    line, place = split_entry(entry)
    arguments = {"text": whole, "language": letter["language"], "state": state, "author": author or ""}
    return say(app, f"/entries/{place}/translate", arguments, _how(letter, line))


def _said(app: App, text: tuple[str, ...], letter: dict[str, object]) -> dict[str, object]:
    """What is said: a text, or a phrase with its values; and whether it is to be read back."""
    read_back = {"read_back": True} if letter["read_back"] else {}
    if not letter["phrase"]:
        return {"text": read_text(app, text), **read_back}
    pairs = [str(pair).partition("=") for pair in cast("tuple[str, ...]", letter["values"])]
    return {"phrase": letter["phrase"], "values": {name: value for name, _, value in pairs}, **read_back}


def _letter(app: App, letter: dict[str, object]) -> dict[str, object]:
    """The arguments the options stand for; the time to answer by is repeated in full."""
    arguments = {name: letter[name] for name in ("language", "action", "info", "subject") if letter.get(name)}
    asked = letter.get("answer_by")
    if isinstance(asked, str):
        now = app.now()
        deadline = read_deadline(asked, now)
        app.output.tell("told-answer-by", time=in_full(deadline, now))
        arguments["reply_by"] = deadline.rfc3339()
    return arguments


def _attached(app: App, letter: dict[str, object]) -> dict[str, object]:
    files = letter.get("files")
    return {"attachments": upload(app, files)} if isinstance(files, tuple) and files else {}


def _how(letter: dict[str, object], line: str | None, unasked: str = "") -> How:
    mark, key = letter.get("mark"), letter.get("key")
    return How(
        wait=str(letter["wait"]),
        mark=mark if isinstance(mark, str) else None,
        key=key if isinstance(key, str) else None,
        line=line,
        unasked=unasked,
    )


def _refuse_long(text: str, precedence: str) -> None:
    """Refuse before anything is uploaded or asked what the record would refuse."""
    if precedence in ("flash", "immediate") and count_words(text) > FLASH_WORDS_MAX:
        raise UsageError(
            "message-too-many-words", precedence=precedence.upper(), words=count_words(text), limit=FLASH_WORDS_MAX
        )

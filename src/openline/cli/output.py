"""What a command prints: tables for a terminal, tab-separated fields for a pipe, JSON for a program.

Results go to standard output, everything else to standard error. What came from the other side is made visible
first: no byte of it can move the cursor, and in JSON such characters stand as escapes.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

from openline.base.errors import OpenlineError
from openline.base.text import is_hidden, visible
from openline.cli.exits import Exit, Refusal, exit_of
from openline.cli.settings import Settings

ISOLATE, POP = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class Cell:
    """One field. `urgency` is ok, u3, u2, u1, unk or drill: it gives shape and colour; `theirs` came from outside."""

    text: str
    urgency: str = ""
    theirs: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of fields. A terminal shows the columns' names; elsewhere each row begins with `kind`, if there is one.

    Where the room is short, the last column of a `wide` table gives way first.
    """

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell | str]]
    kind: str = ""
    wide: bool = False


class Output:
    """The two streams of one command, and how to write on them."""

    def __init__(self, settings: Settings, schema: str) -> None:
        self.settings = settings
        self.schema = schema
        self.is_terminal = sys.stdout.isatty() and not settings.plain and not settings.as_json
        self.colour = not settings.no_color and not os.environ.get("NO_COLOR")

    def result(self, value: Mapping[str, object], tables: Iterable[Table], name: str | None = None) -> None:
        """The result: `value` for a program, `tables` for a person. Streams call this once for each thing."""
        if self.settings.as_json:
            self.out(to_json({"schema": f"openline.{name or self.schema}/1", **value}))
            return
        for table in tables:
            if self.is_terminal:
                self._draw(table)
            else:
                for row in table.rows:
                    self.out("\t".join(_plain(cell) for cell in ([table.kind, *row] if table.kind else row)))

    def field(self, label: str, cell: Cell) -> None:
        """One labelled field of a page. Not for JSON."""
        if self.is_terminal:
            from openline.cli.drawing import draw_field

            draw_field(label, cell, sys.stdout, colour=self.colour)
        else:
            self.out(f"{label}\t{_plain(cell)}")

    def text(self, text: str) -> None:
        """A text to be read as it stands, line by line, made visible. Not for JSON."""
        for line in text.splitlines() or [""]:
            shown = visible(line)
            self.out(f"{ISOLATE}{shown}{POP}" if self.is_terminal else shown)

    def out(self, line: str) -> None:
        """One line of the result, written at once: the next may come in an hour."""
        _write(sys.stdout, line)

    def note(self, text: str) -> None:
        """Something for the person at the keyboard, not part of the result."""
        if not self.settings.quiet:
            _write(sys.stderr, to_json({"type": "note", "text": text}) if self.settings.as_json else visible(text))

    def tell(self, message_id: str, **facts: str | int) -> None:
        """The same, as a sentence of the catalogue in the person's language."""
        if not self.settings.quiet:
            self.note(self.sentence(message_id, **facts))

    def sentence(self, message_id: str, **facts: str | int) -> str:
        """A sentence of the catalogue in the person's language."""
        from openline.base.catalogue import sentence

        return sentence(message_id, facts, self.settings.language)

    def failed(self, error: OpenlineError) -> Exit:
        """Say what went wrong, and how the command ends."""
        code, text = exit_of(error), sentence_of(error, self.settings.language)
        if self.settings.as_json:
            told = {"schema": "openline.error/1", "error": error.message_id, "text": text, "facts": error.facts}
            _write(sys.stderr, to_json({**told, "exit": int(code)}))
        else:
            _write(sys.stderr, f"openline: {visible(text)}")
        return code

    def _draw(self, table: Table) -> None:
        from openline.cli.drawing import draw

        draw(table, sys.stdout, colour=self.colour)


def sentence_of(error: OpenlineError, language: str) -> str:
    """What `error` says: the node's own sentence, or one from the catalogue."""
    if isinstance(error, Refusal) and error.text:
        return error.text
    from openline.base.catalogue import explain

    return explain(error, language)


def to_json(value: object) -> str:
    """One line of JSON that no terminal obeys: characters that act instead of standing are escaped."""
    written = json.dumps(value, ensure_ascii=False)
    if written.isascii() and "\x7f" not in written:
        return written
    return "".join(_escaped(character) if is_hidden(character) else character for character in written)


def _escaped(character: str) -> str:
    return json.dumps(character)[1:-1] if character != "\x7f" else "\\u007f"


def _plain(cell: Cell | str) -> str:
    text = cell.text if isinstance(cell, Cell) else cell
    return visible(text).replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def _write(stream: TextIO, line: str) -> None:
    try:
        stream.write(line + "\n")
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        stream.write((line + "\n").encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()

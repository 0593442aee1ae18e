"""One entry, or many, as a person reads them: who, when, how urgent, where it stands, and the text made visible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from openline.base.errors import UsageError
from openline.base.time import Instant, from_rfc3339
from openline.cli.client import JsonObject
from openline.cli.context import App
from openline.cli.output import Cell, Table
from openline.cli.times import length, local

URGENCY = {"FLASH": "u1", "IMMEDIATE": "u2", "PRIORITY": "u3"}
COLUMNS = ("entry", "time", "precedence", "mark", "answer by", "from", "stands", "text")
SHORT_COLUMNS = ("entry", "time", "precedence", "answer by", "stands", "text")
OPERATION = "OPERATION"
NO_EVIDENCE = "label-evidence-none"
TEXT_SHOWN = 120


def listing(found: JsonObject, app: App) -> Table:
    """Entries, a row each."""
    entries = cast("list[JsonObject]", found["entries"])
    if app.output.is_terminal:
        return Table(SHORT_COLUMNS, [_short_row(entry, app) for entry in entries], wide=True)
    return Table(COLUMNS, [_row(entry, app) for entry in entries])


def tell_more(app: App, found: JsonObject) -> None:
    """Say how the next page is asked for, when there may be one. A program reads `next_before`."""
    before = found.get("next_before")
    if before is not None and not app.output.settings.as_json:
        app.output.tell("told-more", before=str(before))


def print_letter(app: App, entry: JsonObject) -> None:
    """One entry in full, as a page for a person or labelled fields for a pipe."""
    for label, cell in _head(entry, app):
        app.output.field(label, cell)
    app.output.out("")
    app.output.text(words(entry))


def save_attachments(app: App, entry: JsonObject, folder: Path) -> list[str]:
    """Write each attachment into `folder`; existing files are never replaced. Returns their names."""
    saved: list[str] = []
    for number, attachment in enumerate(_list(entry, "attachments"), 1):
        file = folder / f"{str(entry['id']).replace(':', '-')}-{number}"
        progress = app.progress(file.name)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with file.open("xb") as opened:
                done, size = 0, cast("int", attachment["size"])
                for piece in app.node.pieces(f"/blobs/{attachment['sha256']}"):
                    opened.write(piece)
                    done += len(piece)
                    progress.at(done, size)
        except FileExistsError as why:
            raise UsageError("file-exists", file=str(file)) from why
        except OSError as why:
            raise UsageError("file-unwritable", file=str(file), detail=why.strerror or "") from why
        finally:
            progress.end()
        saved.append(str(file))
        app.output.tell("told-wrote", file=str(file))
    return saved


def words(entry: JsonObject) -> str:
    """The text of an entry; in the place of one that was erased here, under which class and when."""
    text = str(entry.get("text") or "")
    if text or not entry.get("erased"):
        return text
    told = [
        f"at {row['party']} under {row['under']}, {cast('JsonObject', row['time'])['dtg']}"
        for row in _list(entry, "erased")
    ]
    return f"[body erased {'; '.join(told)}]"


def standing(entry: JsonObject) -> str:
    """Where an entry stands, in words: what its author did to it since, and what others did with it."""
    state = str(entry.get("standing") or "")
    stages = [str(stage["stage"]) for stage in _list(entry, "stages")]
    changed = [state.upper()] if state not in ("", "open") else []
    return ", ".join(dict.fromkeys([*changed, *stages])) or "-"


def evidence_shown(app: App, rows: Sequence[JsonObject]) -> str:
    """Who has produced evidence for an allegation or against it; that nobody has is said as such."""
    produced = [str(row["party"]) for row in rows if row["produced"]]
    if not produced:
        return app.output.sentence(NO_EVIDENCE)
    others = [str(row["party"]) for row in rows if not row["produced"]]
    if not others:
        return app.output.sentence("label-evidence-of-all", parties=", ".join(produced))
    return app.output.sentence("label-evidence-of-some", parties=", ".join(produced), others=", ".join(others))


def _row(entry: JsonObject, app: App) -> list[Cell | str]:
    """For a pipe, every field by itself."""
    return [
        str(entry["id"]),
        _moment(entry["time"], app),
        str(entry.get("precedence") or "-"),
        str(entry["mark"]),
        _moment(entry.get("reply_by"), app),
        Cell(f"{entry['desk']} at {entry['label']}", theirs=True),
        _stands(entry, app),
        Cell(words(entry), theirs=True),
    ]


def _short_row(entry: JsonObject, app: App) -> list[Cell | str]:
    """For a terminal, what decides what to open first."""
    precedence, mark = str(entry.get("precedence") or "-"), str(entry["mark"])
    urgency = URGENCY.get(precedence, "") if mark == OPERATION else "drill"
    text = " ".join(words(entry).split())
    return [
        str(entry["id"]),
        _moment(entry["time"], app),
        Cell(precedence if mark == OPERATION else f"{mark} {precedence}", urgency),
        _moment(entry.get("reply_by"), app),
        _told_of(entry, app) or standing(entry).rpartition(", ")[2],
        Cell(text if len(text) <= TEXT_SHOWN else text[: TEXT_SHOWN - 1] + "…", theirs=True),
    ]


def _stands(entry: JsonObject, app: App) -> str:
    return ", ".join(part for part in (standing(entry), _told_of(entry, app)) if part not in ("", "-")) or "-"


def _told_of(entry: JsonObject, app: App) -> str:
    """What must not be overlooked where an entry stands in a list: evidence, and how often it was said."""
    evidence = _list(entry, "evidence")
    if evidence:
        return evidence_shown(app, evidence)
    times = cast("int", entry.get("times") or 1)
    return app.output.sentence("label-said-again", count=times) if times > 1 else ""


def _head(entry: JsonObject, app: App) -> Iterator[tuple[str, Cell]]:
    precedence, mark = str(entry.get("precedence") or ""), str(entry["mark"])
    yield "entry", Cell(f"{entry['line']}/{entry['id']}")
    yield "kind", Cell(str(entry["kind"]))
    if mark != OPERATION:
        yield "mark", Cell(mark, "drill")
    if precedence:
        yield "precedence", Cell(precedence, URGENCY.get(precedence, ""))
    yield "from", Cell(f"{entry['desk']} at {entry['party']}", theirs=True)
    yield "time", Cell(_moment(entry["time"], app, full=True))
    if entry.get("reply_by"):
        yield "answer by", Cell(_moment(entry["reply_by"], app, full=True), "u2")
    for name in ("action", "info", "refs", "corrections", "subject", "language", "cancellation"):
        value = entry.get(name)
        if value:
            yield name, Cell(", ".join(value) if isinstance(value, list) else str(value), theirs=True)
    yield from _words(entry, app)
    yield from _tail(entry, app)


def _words(entry: JsonObject, app: App) -> Iterator[tuple[str, Cell]]:
    """Whose words these are, what else there is of them, and what goes with the kind."""
    body = cast("dict[str, object]", entry.get("body") or {})
    if entry.get("translation_of"):
        by = f"{body.get('author') or entry['desk']} at {entry['party']}"
        told = app.output.sentence("words-translated", entry=str(entry["translation_of"]))
        yield "words", Cell(f"{told} {by}: {str(body.get('state')).lower()}", theirs=True)
    elif entry.get("translated"):
        yield "words", Cell(app.output.sentence("words-authentic", language=str(entry["language"])))
    for row in _list(entry, "translated"):
        state = f"{row['state']}, withdrawn" if row["withdrawn"] else str(row["state"])
        yield (
            "translation",
            Cell(f"{row['id']} {row['language']} {state}, by {row['by']} at {row['party']}", theirs=True),
        )
    if _list(entry, "evidence"):
        yield "evidence", Cell(evidence_shown(app, _list(entry, "evidence")))
    if entry.get("times"):
        yield "said", Cell(app.output.sentence("label-said-again", count=cast("int", entry["times"])))
    for name in ("to", "through", "against", "code"):
        value = body.get(name) if entry["kind"] in ("demand", "warning", "allegation") else None
        if value:
            yield name, Cell(", ".join(map(str, value)) if isinstance(value, list) else str(value), theirs=True)
    if body.get("releasable", "ALL") != "ALL":
        yield "releasable", Cell(f"to {str(body['releasable']).lower()} only", "u2")


def _tail(entry: JsonObject, app: App) -> Iterator[tuple[str, Cell]]:
    phrase = cast("JsonObject | None", entry.get("phrase"))
    if phrase is not None:
        told = cast("dict[str, str]", phrase["sentences"])
        yield "phrase", Cell(told.get(app.settings.language) or told["en"], theirs=True)
    for attachment in _list(entry, "attachments"):
        yield "attachment", Cell(f"{attachment['size']} bytes, sha256 {attachment['sha256']}")
    for stage in _list(entry, "stages"):
        yield "stage", Cell(_stage(stage, app), theirs=True)
    for step in _list(entry, "read_backs"):
        yield "read back", Cell(f"{step['step']} at {step['party']} {_moment(step['time'], app)}", theirs=True)
    for step in _list(entry, "escalations"):
        yield (
            "escalation",
            Cell(f"{step['step']} at {step['party']}, {step['stage']} was due {_moment(step['due'], app)}"),
        )
    for fault in _list(entry, "faults"):
        facts = cast("Mapping[str, object]", fault["facts"])
        yield "fault", Cell(f"{fault['id']} {dict(facts) or ''}".strip(), "u1")


def _stage(stage: JsonObject, app: App) -> str:
    words = [str(stage["stage"]), "at", str(stage["party"]), _moment(stage["time"], app)]
    words += [f"to {stage['to']}"] if stage.get("to") else []
    words += [f"by {stage['by']}"] if stage.get("by") else []
    words += [f"reply {stage['reply']}"] if stage.get("reply") else []
    words += [f"{stage['code']}: {stage['means']}"] if stage.get("code") else []
    words += ["after it was cancelled"] if stage.get("after_cancellation") else []
    return " ".join(words)


def _moment(time: object, app: App, *, full: bool = False) -> str:
    """A time the node gave: for a pipe RFC 3339, for a person the date-time group and how far away it is."""
    if not isinstance(time, dict):
        return "-"
    if not app.output.is_terminal:
        return str(time["rfc3339"])
    moment = from_rfc3339(str(time["rfc3339"]))
    beside = f" {local(moment)}" if app.settings.local else ""
    return f"{time['dtg']}{beside}{_away(moment, app.now())}" if full else f"{str(time['dtg'])[:7]}{beside}"


def _away(moment: Instant, now: Instant) -> str:
    return f", in {length(moment - now)}" if moment > now else f", {length(now - moment)} ago"


def _list(entry: JsonObject, name: str) -> list[JsonObject]:
    return cast("list[JsonObject]", entry.get(name) or [])

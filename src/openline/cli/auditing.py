"""`audit verify`: an exported record, the fingerprints the parties read aloud, and nothing else: no node, no net."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from openline.base.errors import UsageError
from openline.cli.client import JsonObject
from openline.cli.commands import argument, command, flag, many_option
from openline.cli.context import App
from openline.cli.output import Cell, Table
from openline.cli.packs import is_pack, judged, told
from openline.cli.verdicts import code_of, verdict_table

if TYPE_CHECKING:
    from openline.line.personal import PersonalFigures
    from openline.record.verdict import Finding, LogFigures, Verdict

DIGITS = 30


@command(
    "verify",
    'openline audit verify alpha-bravo.olx --root "alpha.example=04233 27189 50231 11027 64420 98812" '
    '--root "bravo.example=55021 83310 27745 90018 36621 40957"',
    argument("file"),
    many_option(
        "--root", "roots", text="PARTY=30 digits that party reads aloud. One for each.", metavar="PARTY=DIGITS"
    ),
    flag("--chronology", text="Of a dispute pack: print every entry with its times."),
)
def verify(app: App, file: str, roots: tuple[str, ...], chronology: bool) -> int:
    """Verify an export or a dispute pack offline. Exit code 6: something is false; 7: something is missing."""
    from openline.line.personal import PersonalAudit
    from openline.record.audit import audit

    given = read_roots(roots)
    progress, personal = app.progress("checking"), PersonalAudit()
    try:
        with open(file, "rb") as opened:  # noqa: PTH123 - a name as it was typed
            if is_pack(opened):
                return told(app, judged(app, opened, given), chronology)
            verdict = audit(opened, given, progress.at, [personal])
    except OSError as why:
        raise UsageError("file-unreadable", file=file, detail=why.strerror or "") from why
    finally:
        progress.end()
    signed = personal.figures()
    result = view_of(verdict, app.settings.language, signed)
    app.output.result(result, [verdict_table(result), _logs(verdict), *_signed(signed), _fingerprints(verdict)])
    return code_of(verdict.state.name)


def read_roots(given: tuple[str, ...]) -> dict[str, str]:
    """`PARTY=DIGITS` apart. Raises UsageError."""
    roots: dict[str, str] = {}
    for text in given:
        party, _, typed = text.partition("=")
        digits = "".join(character for character in typed if character.isdecimal())
        if not party or len(digits) != DIGITS:
            raise UsageError("root-unreadable", root=text)
        roots[party.strip()] = typed
    return roots


def view_of(verdict: Verdict, language: str, signed: Sequence[PersonalFigures] = ()) -> JsonObject:
    """A verdict as JSON, with the personal signatures of each log."""
    return {
        "verdict": verdict.state.name,
        "line": verdict.line,
        "members": list(verdict.members),
        "exported_at": verdict.exported.rfc3339(),
        "exporter": verdict.exporter,
        "findings": [finding_view(finding, language) for finding in verdict.findings],
        "findings_left_out": verdict.left_out,
        "fingerprints": [{"party": party, "digits": digits} for party, digits in verdict.fingerprints],
        "logs": [_log(log) for log in verdict.logs],
        "signatures": [
            {"log": row.origin, "officers": row.by, "wrong": row.wrong, "withheld": row.withheld} for row in signed
        ],
    }


def finding_view(finding: Finding, language: str) -> JsonObject:
    """A finding as JSON, with its sentence."""
    from openline.base.catalogue import sentence

    return {
        "severity": finding.severity.name,
        "id": finding.message_id,
        "facts": dict(finding.facts),
        "text": sentence(finding.message_id, finding.facts, language),
    }


def _log(log: LogFigures) -> JsonObject:
    receipted: Mapping[str, int] = log.receipted
    return {
        "party": log.party,
        "entries": log.entries,
        "receipted": dict(receipted),
        "sealed": log.sealed,
        "first_at": None if log.first is None else log.first.rfc3339(),
        "last_at": None if log.last is None else log.last.rfc3339(),
        "bodies_withheld": log.bodies_withheld,
        "attachments": log.attachments,
        "attachments_withheld": log.attachments_withheld,
    }


def _logs(verdict: Verdict) -> Table:
    rows = [
        [
            log.party,
            str(log.entries),
            ", ".join(f"{party} {size}" for party, size in log.receipted.items()),
            str(log.sealed),
            "-" if log.first is None else log.first.rfc3339(),
            "-" if log.last is None else log.last.rfc3339(),
        ]
        for log in verdict.logs
    ]
    return Table(("log of", "entries", "receipted", "sealed", "first", "last"), rows, kind="log")


def _signed(signed: Sequence[PersonalFigures]) -> list[Table]:
    """Who has signed how much personally; no table where there are no officers."""
    rows: list[list[Cell | str]] = [
        [
            row.origin,
            ", ".join(f"{name} {count}" for name, count in row.by.items()),
            Cell(str(row.wrong), "u1" if row.wrong else "ok"),
            str(row.withheld),
        ]
        for row in signed
    ]
    heads = ("log", "personal signatures", "of no effect", "withheld")
    return [Table(heads, rows, kind="personal")] if rows else []


def _fingerprints(verdict: Verdict) -> Table:
    rows = [[party, digits] for party, digits in verdict.fingerprints]
    return Table(("party", "root, 30 digits"), rows, kind="root")

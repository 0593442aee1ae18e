"""Dispute packs: `pack make` at a node, `pack compare` without one; and what `audit verify` says of a pack."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from openline.base.errors import UsageError
from openline.cli.client import JsonObject
from openline.cli.commands import argument, command, flag, many_option, option
from openline.cli.context import App
from openline.cli.exits import Exit
from openline.cli.output import Cell, Table
from openline.cli.records import only_line, written
from openline.cli.verdicts import code_of, verdict_table

if TYPE_CHECKING:
    from openline.record.packaudit import PackEntry, PackVerdict

_AGREEMENTS = {"SAME": Exit.OK, "AGREE": Exit.INCOMPLETE, "DIFFER": Exit.TAMPERED}
_SAYS = {
    "SAME": "SAME: both packs show the same entries and bodies",
    "AGREE": "AGREE: where both speak they agree; one has what the other has not",
    "DIFFER": "DIFFER: at one place they have two different entries",
}


@command(
    "make",
    "openline pack make alpha-bravo --from 2026-11-21 --to 2026-11-22 -o incident.zip\n"
    "openline pack make alpha-bravo --about bravo:14 -o incident.zip --redact alpha:7 --reason 'names of sources'",
    argument("line", required=False),
    option("--from", "since", text="From this time or day on (RFC 3339, UTC).", metavar="T"),
    option("--to", "until", text="To before this time or day.", metavar="T"),
    many_option("--about", text="This entry and what belongs to it, of all logs.", metavar="ENTRY"),
    option("--call", text="This call and what belongs to it.", metavar="ENTRY"),
    option("-o", "--output", "target", text="Where to write it (default: LINE-pack.zip).", metavar="FILE"),
    many_option("--redact", text="Leave the body of this entry out.", metavar="ENTRY"),
    many_option("--redact-all-but", "show", text="Leave all bodies out but this one's.", metavar="ENTRY"),
    option("--reason", "why", text="Why bodies were left out, for whoever reads the pack.", metavar="TEXT"),
    flag("--no-attachments", "no_attachments", text="Leave the attachments out."),
)
def make(app: App, line: str | None, target: str | None, **given: object) -> None:
    """Write one incident or period, of all logs of a line, as one file that anyone can verify without us."""
    name = only_line(app, line)
    file = Path(target or f"{name}-pack.zip")
    query = {key: str(given[key]) for key in ("since", "until", "call") if given[key]}
    if given["why"]:
        query["reason"] = str(given["why"])
    for key in ("about", "redact", "show"):
        ids = given[key]
        assert isinstance(ids, tuple)
        if ids:
            query[key] = ",".join(map(str, ids))
    query["attachments"] = str(not given["no_attachments"]).lower()
    size = written(app, f"/record/{name}/pack", query, file)
    value: JsonObject = {"line": name, "file": str(file), "size": size}
    app.output.result(value, [Table(("line", "file", "bytes"), [[name, str(file), str(size)]])])


@command(
    "compare",
    "openline pack compare alpha.zip bravo.zip --root 'alpha.example=04233 27189 50231 11027 64420 98812' "
    "--root 'bravo.example=55021 83310 27745 90018 36621 40957'",
    argument("first"),
    argument("second"),
    many_option(
        "--root", "roots", text="PARTY=30 digits that party reads aloud. One for each.", metavar="PARTY=DIGITS"
    ),
)
def compare(app: App, first: str, second: str, roots: tuple[str, ...]) -> int:
    """Whether two packs show the same record. Exit code 6: they differ or one is false; 7: one has more, or misses."""
    from openline.cli.auditing import read_roots
    from openline.record.packcompare import compare as compared

    verdicts = []
    for name in (first, second):
        try:
            with open(name, "rb") as file:  # noqa: PTH123 - a name as it was typed
                verdicts.append(judged(app, file, read_roots(roots)))
        except OSError as why:
            raise UsageError("file-unreadable", file=name, detail=why.strerror or "") from why
    found = compared(*verdicts)
    states = [verdict.state.name for verdict in verdicts]
    value: JsonObject = {
        "agreement": found.agreement.name,
        "first": states[0],
        "second": states[1],
        "common": found.common,
        "differences": [{"entry": row.entry, "what": row.what, "who": row.who} for row in found.differences],
    }
    names = {"first": first, "second": second, "both": "both"}
    rows: list[Sequence[Cell | str]] = [[row.entry, row.what, names[row.who]] for row in found.differences]
    said = Table(("agreement",), [[_SAYS[found.agreement.name]]])
    packs = Table(("pack", "verdict"), [[first, states[0]], [second, states[1]]])
    app.output.result(value, [said, packs, Table(("entry", "what", "who has it"), [list(row) for row in rows])])
    return max(_AGREEMENTS[found.agreement.name], *map(code_of, states), key=_gravity)


def is_pack(file: BinaryIO) -> bool:
    """Whether an opened file is a dispute pack; it is read again from its beginning."""
    from openline.record.packaudit import is_pack as found

    return found(file)


def judged(app: App, file: BinaryIO, roots: dict[str, str]) -> PackVerdict:
    """The verdict on a pack. Raises PeerError when it is none."""
    from openline.line.packpage import text_kept
    from openline.node.wiring import registry
    from openline.record.packaudit import audit_pack

    progress = app.progress("checking")
    try:
        return audit_pack(file, roots, text_kept(registry()), progress.at)
    finally:
        progress.end()


def told(app: App, verdict: PackVerdict, chronology: bool) -> int:
    """Print a verdict on a pack. Returns the exit code."""
    from openline.cli.auditing import finding_view
    from openline.line.packpage import same_page
    from openline.node.wiring import registry

    contents, language = verdict.contents, app.settings.language
    holds = same_page(registry(), verdict)
    state = "FALSE" if holds is False else verdict.state.name
    findings = [finding_view(finding, language) for finding in verdict.findings]
    if holds is not True:
        findings.insert(0, _of_page(is_false=holds is False, language=language))
    entries = [_entry(verdict, entry) for entry in verdict.entries]
    value: JsonObject = {
        "verdict": state,
        "line": contents.line,
        "members": list(contents.members),
        "exporter": verdict.exporter,
        "exported_at": verdict.exported.rfc3339(),
        "since": _time(contents.since_ms),
        "until": _time(contents.until_ms),
        "about": [f"{contents.members[row.member]}:{row.index}" for row in contents.about],
        "reason": contents.reason,
        "page_holds": holds,
        "findings": findings,
        "findings_left_out": verdict.left_out,
        "fingerprints": [{"party": party, "digits": digits} for party, digits in verdict.fingerprints],
        "logs": [_log(verdict, n) for n in range(len(verdict.logs))],
        "entries": entries,
    }
    tables = [verdict_table(value), _logs(verdict), *([_chronology(entries)] if chronology else [])]
    rows = [[party, digits] for party, digits in verdict.fingerprints]
    app.output.result(value, [*tables, Table(("party", "root, 30 digits"), rows, kind="root")], "audit.pack")
    return code_of(state)


def _of_page(*, is_false: bool, language: str) -> JsonObject:
    from openline.base.catalogue import sentence

    message_id = "audit-page-differs" if is_false else "audit-page-unknown"
    severity = "FALSE" if is_false else "NOTE"
    return {"severity": severity, "id": message_id, "facts": {}, "text": sentence(message_id, {}, language)}


def _log(verdict: PackVerdict, n: int) -> JsonObject:
    log = verdict.logs[n]
    return {
        "party": log.party,
        "size": log.size,
        "entries": log.entries,
        "receipted": dict(log.receipted),
        "sealed": log.sealed,
        "redacted": log.redacted,
        "not_held": log.not_held,
        "attachments": log.attachments,
        "attachments_withheld": log.attachments_withheld,
        "complete": log.complete,
    }


def _logs(verdict: PackVerdict) -> Table:
    complete = {True: "no gap", False: "GAP", None: "-"}
    rows = [
        [
            log.party,
            str(log.entries),
            str(log.size),
            complete[log.complete],
            str(log.redacted),
            str(log.not_held),
            ", ".join(f"{party} {size}" for party, size in log.receipted.items()),
        ]
        for log in verdict.logs
    ]
    return Table(("log of", "entries", "of", "period", "redacted", "not held", "receipted"), rows, kind="log")


def _entry(verdict: PackVerdict, entry: PackEntry) -> JsonObject:
    from openline.line.packpage import shown
    from openline.node.wiring import registry

    times = entry.times
    return {
        "party": verdict.contents.members[entry.member],
        "index": entry.index,
        "kind": None if entry.leaf is None else registry().name(entry.leaf.kind),
        "role": entry.role.name,
        "desk": None if entry.leaf is None else entry.leaf.desk,
        "own_clock_at": None if times.claimed is None else times.claimed.rfc3339(),
        "not_before_at": None if times.not_before is None else times.not_before.rfc3339(),
        "held_by_at": None if times.not_after is None else times.not_after.rfc3339(),
        "leaf_hash": entry.leaf_hash.hex(),
        "withheld": None if entry.withheld is None else entry.withheld.name,
        "text": shown(entry),
    }


def _chronology(entries: Sequence[JsonObject]) -> Table:
    rows: list[list[Cell | str]] = [
        [
            f"{entry['party']}:{entry['index']}",
            str(entry["own_clock_at"] or "-"),
            str(entry["not_before_at"] or "-"),
            str(entry["held_by_at"] or "-"),
            str(entry["kind"] or "-"),
            Cell(str(entry["text"]), theirs=True),
        ]
        for entry in sorted(entries, key=lambda entry: (str(entry["own_clock_at"] or ""), str(entry["party"])))
    ]
    return Table(("entry", "own clock", "not before", "held by", "kind", "text"), rows, kind="entry")


def _time(ms: int | None) -> str | None:
    from openline.base.time import Instant

    return None if ms is None else Instant.from_ms(ms).rfc3339()


def _gravity(code: int) -> int:
    """The worst of several outcomes: something false, then something missing."""
    return (Exit.OK, Exit.INCOMPLETE, Exit.TAMPERED).index(Exit(code)) if code in (0, 6, 7) else 3

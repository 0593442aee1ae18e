"""What `--json` prints, command by command. The documents are written from here and the tests hold the commands to it.

A shape is the fields of a view of the OpenAPI document, further fields of its own, or both. A type is a JSON type, a
view, or either with `[]` (a list of them) or `?` (or null).
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields beside `schema`: those of the view `like`, and `fields`."""

    like: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    stream: bool = False


_SAID = Shape("SaidView")
_VERDICT = {"verdict": "string", "line": "string"}

SCHEMAS = {
    "status": Shape("StatusView"),
    "lines.list": Shape("LinesView"),
    "lines.show": Shape("LineView"),
    "send": _SAID,
    "inbox": Shape("EntriesView"),
    "read": Shape(fields={"entry": "EntryView", "receipt": "SaidView?", "saved": "string[]"}),
    "ack": _SAID,
    "pass": _SAID,
    "reply": _SAID,
    "withdraw": _SAID,
    "correct": _SAID,
    "translate": _SAID,
    "charter.template": Shape(fields={"line": "string", "toml": "string"}),
    "charter.propose": _SAID,
    "charter.show": Shape("CharterPage"),
    "charter.list": Shape("ChartersView"),
    "charter.assent": _SAID,
    "charter.refuse": _SAID,
    "charter.withdraw": _SAID,
    "charter.denounce": _SAID,
    "contacts": Shape("ContactsView"),
    "contact.show": Shape("ContactPage"),
    "contact.enter": _SAID,
    "state": _SAID,
    "request.new": _SAID,
    "request.answer": _SAID,
    "request.list": Shape("RequestsView"),
    "request.dates": Shape("RecurringsView"),
    "attempt": _SAID,
    "demand.make": _SAID,
    "demand.answer": _SAID,
    "demand.list": Shape("DemandsView"),
    "warning.give": _SAID,
    "warning.list": Shape("WarningsView"),
    "allegation.make": _SAID,
    "allegation.reply": _SAID,
    "allegation.list": Shape("AllegationsView"),
    "readout.publish": _SAID,
    "readout.show": Shape(fields={"readouts": "ReadoutView[]"}),
    "readout.compare": Shape("ComparisonsView"),
    "search": Shape("FoundView"),
    "names.list": Shape("NamesView"),
    "names.show": Shape("NamePage"),
    "names.add": _SAID,
    "terms.list": Shape("TermsView"),
    "terms.word": _SAID,
    "terms.formula": _SAID,
    "watch.on": Shape("WatchView"),
    "watch.off": Shape("WatchView"),
    "watch.handover": _SAID,
    "watch.take": _SAID,
    "watch.log": Shape("WatchLogView"),
    "check.now": _SAID,
    "check.answer": _SAID,
    "check.skip": _SAID,
    "check.keep": _SAID,
    "drill.run": _SAID,
    "drill.list": Shape("WatchLogView"),
    "silences": Shape("LedgerView"),
    "sop": Shape("SopView"),
    "report": Shape(fields={"digest": "string", "canonical": "LineReport"}),
    "report.page": Shape(fields={"file": "string", "size": "integer"}),
    "respond": _SAID,
    "read-back": _SAID,
    "confirm": _SAID,
    "reissue": _SAID,
    "stop.now": _SAID,
    "stop.answer": _SAID,
    "stop.list": Shape("StopsView"),
    "tap": _SAID,
    "line.members": Shape("MembersView"),
    "line.join": _SAID,
    "line.assent": _SAID,
    "line.refuse": _SAID,
    "line.enter": Shape("LineView"),
    "line.remove": _SAID,
    "line.leave": _SAID,
    "declare": _SAID,
    "service": _SAID,
    "say": _SAID,
    "test.now": Shape("SaidView", {"took_ms": "integer"}),
    "call.ring": _SAID,
    "call.answer": _SAID,
    "call.decline": _SAID,
    "call.hold": _SAID,
    "call.resume": _SAID,
    "call.leave": _SAID,
    "call.interpreter": _SAID,
    "call.list": Shape(fields={"calls": "CallView[]"}),
    "call.show": Shape("CallView"),
    "call.check": _SAID,
    "recording.agree": _SAID,
    "recording.withdraw": _SAID,
    "recording.list": Shape(fields={"recordings": "RecordingView[]"}),
    "recording.show": Shape("RecordingView"),
    "recording.verify": Shape(fields={**_VERDICT, "call": "string", "findings": "object[]", "agreement": "object"}),
    "recording.export": Shape(fields={"call": "string", "files": "object[]"}),
    "phone.add": Shape(
        fields={
            "name": "string",
            "desk": "string",
            "server": "string?",
            "udp_port": "integer?",
            "tls_port": "integer?",
            "realm": "string",
            "password": "string?",
            "row": "string",
            "file": "string?",
        }
    ),
    "phone.list": Shape(fields={"phones": "object[]"}),
    "phone.remove": Shape(fields={"removed": "string", "file": "string"}),
    "record.show": Shape("EntriesView"),
    "record.entry": Shape(fields={"entry": "EntryView"}),
    "record.leaves": Shape("LeavesView"),
    "record.verify": Shape(fields={**_VERDICT, "findings": "string[]"}),
    "record.export": Shape(fields={"line": "string", "file": "string", "size": "integer"}),
    "record.follow": Shape("EventView", stream=True),
    "audit.verify": Shape(
        fields={
            **_VERDICT,
            "members": "string[]",
            "exporter": "string",
            "exported_at": "string",
            "findings": "object[]",
            "findings_left_out": "integer",
            "fingerprints": "object[]",
            "logs": "object[]",
            "signatures": "object[]",
        }
    ),
    "init": Shape(fields={"party": "string", "fingerprint": "string", "folder": "string", "root_key": "string"}),
    "audit.pack": Shape(
        fields={
            **_VERDICT,
            "members": "string[]",
            "exporter": "string",
            "exported_at": "string",
            "since": "string?",
            "until": "string?",
            "about": "string[]",
            "reason": "string",
            "page_holds": "boolean?",
            "findings": "object[]",
            "findings_left_out": "integer",
            "fingerprints": "object[]",
            "logs": "object[]",
            "entries": "object[]",
        }
    ),
    "pack.make": Shape(fields={"line": "string", "file": "string", "size": "integer"}),
    "pack.compare": Shape(
        fields={
            "agreement": "string",
            "first": "string",
            "second": "string",
            "common": "integer",
            "differences": "object[]",
        }
    ),
    "hold.place": _SAID,
    "hold.lift": _SAID,
    "hold.list": Shape("HoldsView"),
    "retention.show": Shape("RetentionView"),
    "retention.run": Shape(fields={"dry_run": "boolean", "classes": "object[]"}),
    "card.export": Shape(fields={"file": "string?", "size": "integer", "invitation": "string?"}),
    "pair": Shape(fields={"paired": "string", "line": "string?", "members": "string[]"}),
    "node.doctor": Shape(fields={"findings": "Finding[]"}),
    "node.backup": Shape(fields={"target": "string", "files": "integer"}),
    "node.restore": Shape(fields={"restored": "string", "folder": "string", "quarantined": "string[]"}),
    "console.cert": Shape(
        fields={"fingerprint": "string", "file": "string", "new": "boolean", "names": "string[]", "not_after": "string"}
    ),
    "officer.invite": Shape("InviteView"),
    "officer.list": Shape("OfficersView"),
    "officer.withdraw": Shape("WithdrawnView"),
    "officer.recover": Shape("InviteView"),
    "officer.open-name": Shape("OpenedView"),
    "officer.roles": Shape(fields={"roles": "object"}),
    "officer.signatures": Shape("SignaturesView"),
    "completion": Shape(fields={"shell": "string", "script": "string"}),
    "error": Shape(fields={"error": "string", "text": "string", "facts": "object", "exit": "integer"}),
}


def table() -> str:
    """The shapes as a Markdown table, for docs/operating/cli.md."""
    rows = [f"| `openline.{name}/1` | {_told(shape)} |" for name, shape in SCHEMAS.items()]
    return "\n".join(["| `schema` | fields |", "| --- | --- |", *rows])


def _told(shape: Shape) -> str:
    like = [f"those of {shape.like}"] if shape.like else []
    own = [f"`{name}` {kind.replace('?', ' or null').replace('[]', ' list')}" for name, kind in shape.fields.items()]
    return ", ".join(like + own) + ("; one object a line" if shape.stream else "")

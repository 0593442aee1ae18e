"""Dispute packs of the tests: chosen, written, taken apart, judged."""

from __future__ import annotations

import io
from collections.abc import Mapping

from openline.base.time import Instant
from openline.record.choosing import Chosen, Wanted, choose
from openline.record.entry import Leaf
from openline.record.packaudit import PackVerdict, audit_pack
from openline.record.packing import write_pack
from openline.record.ports import BlobStore
from openline.record.verdict import Severity
from tests.record.lines import LINE, ROOTS, Side, after

PAGE = b"A pack of the tests.\n"


def wanted(**more: object) -> Wanted:
    """What to pack of the line of the tests; everything unless told else."""
    period = {} if "about" in more else {"since": Instant(0), "until": after(10**9)}
    return Wanted(**{"line": LINE, "exporter": "alpha.example", "time": after(3_600), **period, **more})  # type: ignore[arg-type] # fields by name


def chosen(side: Side, **more: object) -> Chosen:
    """What is chosen of a side's record."""
    return choose(side.store, wanted(**more), lambda done, total: None)


def pack_of(side: Side, held: BlobStore | None = None, /, **more: object) -> bytes:
    """A pack of a side's record."""
    out = io.BytesIO()
    write_pack(out, side.store, held, chosen(side, **more), PAGE, lambda done, total: None)
    return out.getvalue()


def text_of(leaf: Leaf, body: bytes) -> str:
    """What the tests keep of a body."""
    del leaf
    return body.decode("utf-8", "replace")


def judge(pack: bytes, roots: Mapping[str, str] | None = ROOTS) -> PackVerdict:
    """The verdict on a pack."""
    return audit_pack(io.BytesIO(pack), roots, text_of, lambda done, total: None)


def said(verdict: PackVerdict, severity: Severity | None = None) -> list[str]:
    """What the findings say, in short: `alpha:3 audit-entry-changed`."""
    return [
        f"{finding.facts.get('entry', finding.facts.get('log', ''))} {finding.message_id}".strip()
        for finding in verdict.findings
        if severity in (None, finding.severity)
    ]

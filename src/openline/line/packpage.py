"""The page a dispute pack opens with: what is in it, whose, how to verify it, what is withheld and why, what happened.

It is written from an audit of the pack itself and says nothing else, so that whoever verifies the pack writes the page
again and compares it byte for byte (`same_page`): a page that tells another story than the entries is found out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum

from openline.base.errors import PeerError
from openline.base.limits import BODY_BYTES_MAX, PACK_PAGE_ROWS_MAX
from openline.base.schema import unpack
from openline.base.text import visible
from openline.base.time import Instant
from openline.line.ids import party_labels
from openline.line.kinds import Registry
from openline.line.search import texts_of
from openline.record.entry import Entry, Leaf
from openline.record.packaudit import PackEntry, PackVerdict
from openline.record.packparts import Contents, Role, Why

PAGE_VERSION = 1
TEXT_CHARACTERS_MAX = 300
_TITLE = "OPENLINE DISPUTE PACK, page version "
_WITHHELD = {
    Why.REDACTED: "[body withheld; its digest is in the signed header]",
    Why.NOT_HELD: "[body not held by the exporter; its digest is in the signed header]",
}

_HOW = """\
HOW TO VERIFY
With openline, offline, on any machine, with the 30 digits that each party reads aloud:
  openline audit verify FILE --root "PARTY=DIGITS" --root "PARTY=DIGITS"
It proves of every entry that it stands in its author's signed log at the place it has here, that the other side held
it and since when, that each body and attachment is the one the header names, and of a period that nothing between its
first and its last entry is left out. It compares this page with the entries, too.
Exit code 0: everything holds. 6: something is not what was signed. 7: something is missing.
The other side can make its own pack of the same matter: openline pack compare FILE FILE
How the file is built is in openline's document docs/spec/pack.md. No part of it needs openline to be read."""


def page(registry: Registry, verdict: PackVerdict) -> bytes:
    """The page of a pack, by an audit of it that kept `text_kept` of the bodies."""
    contents = verdict.contents
    blocks = [_head(contents), "\n".join(_logs(verdict)), "\n".join(_withheld(verdict)), _HOW]
    blocks.append("\n".join(_chronology(registry, verdict)))
    return ("\n\n".join(blocks) + "\n").encode()


def same_page(registry: Registry, verdict: PackVerdict) -> bool | None:
    """Whether the page of a pack is what its entries give. None where that cannot be said: another program wrote it."""
    if not verdict.page.startswith(f"{_TITLE}{PAGE_VERSION}\n".encode()):
        return None
    leaves = (entry.leaf for entry in verdict.entries)
    if any(leaf is not None and registry.by_number(leaf.kind) is None for leaf in leaves):
        return None
    return verdict.page == page(registry, verdict)


def text_kept(registry: Registry) -> Callable[[Leaf, bytes], str]:
    """What the page shows of a body: its words, and the names of what it chooses among; at most 300 characters."""

    def kept(leaf: Leaf, body: bytes) -> str:
        kind = registry.by_number(leaf.kind)
        try:
            read = None if kind is None else unpack(kind.body, body, BODY_BYTES_MAX)
        except PeerError:
            return "[body unreadable]"
        if read is None:
            return "[kind unknown]"
        chosen = [value.name for name in read.__struct_fields__ if isinstance(value := getattr(read, name), Enum)]
        words = [" ".join(text.split()) for text in texts_of(registry, Entry("", 0, leaf, b"", b"", b"", body))]
        text = visible(" · ".join([*chosen, *filter(None, words)]))
        return text if len(text) <= TEXT_CHARACTERS_MAX else text[: TEXT_CHARACTERS_MAX - 1] + "…"

    return kept


def _head(contents: Contents) -> str:
    if contents.since_ms is not None and contents.until_ms is not None:
        what = (
            f"the period from {_time(contents.since_ms)} to before {_time(contents.until_ms)}, by the authors' clocks"
        )
    else:
        what = f"{', '.join(_label(contents, row.member, row.index) for row in contents.about)}, and what belongs to it"
    rows = [
        f"{_TITLE}{PAGE_VERSION}",
        "",
        f"Line:      {contents.line}",
        f"Parties:   {', '.join(contents.members)}",
        f"About:     {what}",
        f"Made by:   {visible(contents.exporter)}, {_time(contents.time_ms)} (nothing vouches for this row)",
    ]
    return "\n".join(rows)


def _logs(verdict: PackVerdict) -> Iterator[str]:
    yield "WHAT IS IN IT"
    for log in verdict.logs:
        if not log.size:
            yield f"  {log.party}: nothing of this log"
            continue
        withheld = log.redacted + log.not_held
        yield f"  {log.party}: {log.entries} of the {log.size} entries of its log; {withheld} bodies withheld"
        if log.complete is not None:
            yield f"    {'complete in the period' if log.complete else 'NOT complete in the period'}"
    yield f"  evidence of wrongs: {verdict.evidence}"


def _withheld(verdict: PackVerdict) -> Iterator[str]:
    contents = verdict.contents
    yield "WHAT IS WITHHELD"
    if contents.reason:
        yield f"  The exporter's reason: {visible(contents.reason)}"
    for row in contents.withheld:
        first, last = _label(contents, row.member, row.start), _label(contents, row.member, row.stop - 1)
        why = "withheld by the exporter" if row.why is Why.REDACTED else "no longer, or never, held by the exporter"
        yield f"  {first if first == last else f'{first} to {last}'}: body {why}"
    for named in contents.outside:
        yield f"  {_label(contents, named.member, named.index)}: named by an entry here, and not in this pack"
    if not contents.withheld and not contents.outside:
        yield "  Nothing."


def _chronology(registry: Registry, verdict: PackVerdict) -> Iterator[str]:
    yield "CHRONOLOGY"
    yield "  Of each entry: its author's own clock; then the bounds that receipts set: not before this, and held by the"
    yield "  other side by that."
    rows = sorted(verdict.entries, key=_by_time)
    for entry in rows[:PACK_PAGE_ROWS_MAX]:
        yield ""
        yield from _row(registry, verdict.contents, entry)
    if len(rows) > PACK_PAGE_ROWS_MAX:
        yield ""
        yield f"  {len(rows) - PACK_PAGE_ROWS_MAX} more: openline audit verify FILE --chronology"


def _row(registry: Registry, contents: Contents, entry: PackEntry) -> Iterator[str]:
    label, leaf, times = _label(contents, entry.member, entry.index), entry.leaf, entry.times
    if leaf is None:
        yield f"  {label}: not what was signed"
        return
    what = [registry.name(leaf.kind), f"from {visible(leaf.desk)}"]
    what += [] if leaf.precedence is None else [leaf.precedence.name]
    what += [] if not leaf.mark else [leaf.mark.name]
    what += [] if entry.role is Role.SUBJECT else [entry.role.name.lower()]
    yield f"  {label}  {leaf.time.rfc3339()}  {', '.join(what)}"
    yield f"    not before {_bound(times.not_before)}; held by {_bound(times.not_after)}"
    if leaf.refs:
        yield f"    about {', '.join(_named(contents, ref.origin, ref.index) for ref in leaf.refs)}"
    for attachment in leaf.attachments:
        yield f"    attachment {attachment.digest.hex()}, {attachment.size} bytes"
    yield f"    {shown(entry)}"


def shown(entry: PackEntry) -> str:
    """What stands in the place of an entry's body."""
    if entry.text is not None:
        return entry.text or "[no words]"
    if entry.withheld is not None:
        return _WITHHELD[entry.withheld]
    return "[header only]" if entry.role is Role.NEIGHBOUR else "[body missing]"


def _by_time(entry: PackEntry) -> tuple[int, int, int]:
    return -1 if entry.leaf is None else entry.leaf.time_ms, entry.member, entry.index


def _bound(time: Instant | None) -> str:
    return "(nothing tells)" if time is None else time.rfc3339()


def _label(contents: Contents, member: int, index: int) -> str:
    return f"{party_labels(contents.origins)[contents.origins[member]]}:{index}"


def _named(contents: Contents, origin: str, index: int) -> str:
    labels: dict[str, str] = party_labels(contents.origins)
    return f"{labels.get(origin, visible(origin))}:{index}"


def _time(ms: int) -> str:
    return Instant.from_ms(ms).rfc3339()

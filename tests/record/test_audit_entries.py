"""Every entry against what it commits to and what it names: bodies, `seen`, refs, attachments and times."""

from __future__ import annotations

import io
from dataclasses import replace
from hashlib import sha256

import pytest

from openline.record import parts
from openline.record.bundle import write_bundle
from openline.record.entry import Attachment, Draft, Leaf, Ref, Seen, body_digest, encode_leaf
from openline.record.verdict import Severity, State
from openline.store.blobs import Blobs
from openline.store.memory import MemoryDisk
from openline.store.memory_chunks import MemoryChunks
from tests.record.lines import (
    ALPHA_LOG,
    BRAVO_LOG,
    SCOPE,
    START,
    Line,
    after,
    bundle_of,
    draft,
    files_of,
    judge,
    packed,
    said,
    talk,
)
from tests.record.samples import flips
from tests.record.tampering import Files, folder, leaves_of, with_about, with_leaves, with_log

ALPHA, BRAVO = folder(0), folder(1)
BODIES = BRAVO + "bodies/000"
MAP = b"a map"


@pytest.fixture(scope="module")
def files() -> Files:
    return files_of(bundle_of(talk((1, 2, 1)).alpha))


def told(files: Files) -> list[str]:
    return said(judge(packed(files)))


def leaf_of(body: bytes, seen: tuple[Seen, ...] = (), refs: tuple[Ref, ...] = ()) -> tuple[bytes, bytes]:
    """A leaf of bravo's, and its salted body."""
    salt = bytes(16)
    leaf = Leaf(1, after(300).ms, "watch", body_digest(salt, body), seen, refs)
    return encode_leaf(leaf), salt + body


def with_last(files: Files, leaf: bytes, salted: bytes = b"") -> Files:
    """Bravo's log with another last entry, which bravo signed and alpha receipted."""
    return with_log(files, 1, [*leaves_of(files, 1)[:3], leaf], [b"", b"", b"", salted])


# Bodies


def test_every_flipped_byte_of_the_bodies_names_the_entry_it_belongs_to(files: Files) -> None:
    data = files[BODIES]
    ends, place = [], 0
    while place < len(data):
        place += 4 + int.from_bytes(data[place : place + 4], "big")
        ends.append(place)
    for place, wrong in flips(data):
        index = next(index for index, end in enumerate(ends) if place < end)
        assert told({**files, BODIES: wrong}) == [f"bravo:{index} audit-body-changed"], f"byte {place}"


def test_two_bodies_that_changed_places_are_both_named(files: Files) -> None:
    bodies, _ = parts.read_bodies(files[BODIES], 4)
    bodies[0], bodies[1] = bodies[1], bodies[0]
    swapped = parts.write_bodies((one[0], one[1]) for one in bodies if one is not None)
    assert told({**files, BODIES: swapped}) == ["bravo:0 audit-body-changed", "bravo:1 audit-body-changed"]


def test_a_withheld_body_is_counted_and_held_against_nobody(files: Files) -> None:
    bodies, _ = parts.read_bodies(files[BODIES], 4)
    shown = [(b"", None) if index == 2 or one is None else one for index, one in enumerate(bodies)]
    verdict = judge(packed({**files, BODIES: parts.write_bodies(shown)}))
    assert (verdict.state, verdict.findings) == (State.VERIFIED, ())
    assert [log.bodies_withheld for log in verdict.logs] == [0, 1]


def test_bodies_that_were_promised_and_are_not_there_are_missing(files: Files) -> None:
    without = {name: data for name, data in files.items() if name != BODIES}
    assert told(without) == ["audit-file-missing"]
    assert "audit-file-stray" in told(with_about(files, bodies=False))


def test_more_than_the_bodies_is_found(files: Files) -> None:
    assert told({**files, BODIES: files[BODIES] + b"\0\0\0\0"}) == ["audit-file-wrong"]
    assert told({**files, BODIES: files[BODIES][:-1]}) == ["bravo:3 audit-body-changed"]
    assert told({**files, BODIES: b""}) == ["bravo:0 audit-body-changed"]


# What an entry names


def test_an_entry_that_saw_another_history_of_the_other_log_is_false(files: Files) -> None:
    leaf, salted = leaf_of(b"x", seen=(Seen(ALPHA_LOG, 2, b"?" * 32),))
    assert told(with_last(files, leaf, salted)) == ["bravo:3 audit-seen-differs"]


def test_an_entry_that_saw_more_than_is_here_is_incomplete(files: Files) -> None:
    leaf, salted = leaf_of(b"x", seen=(Seen(ALPHA_LOG, 5, b"?" * 32),))
    verdict = judge(packed(with_last(files, leaf, salted)))
    assert said(verdict) == ["bravo:3 audit-seen-missing"]
    assert verdict.state is State.INCOMPLETE


def test_a_log_cut_back_to_an_older_checkpoint_is_incomplete(files: Files) -> None:
    """Nothing in it is false; only the other party's entries know that there was more."""
    verdict = judge(packed(with_log(files, 0, leaves_of(files, 0)[:3])))
    assert verdict.state is State.INCOMPLETE
    assert said(verdict, Severity.MISSING) == ["bravo:3 audit-seen-missing"]


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        (Ref(ALPHA_LOG, 1, b"?" * 32), "bravo:3 audit-ref-differs"),
        (Ref(ALPHA_LOG, 4, b"?" * 32), "bravo:3 audit-ref-missing"),
        (Ref(BRAVO_LOG, 0, b"?" * 32), "bravo:3 audit-ref-differs"),
        (Ref(BRAVO_LOG, 3, b"?" * 32), "bravo:3 audit-ref-differs"),
        (Ref("alpha.example/line/other", 0, b"?" * 32), "bravo:3 audit-names-elsewhere"),
    ],
)
def test_a_reference_is_checked_where_it_leads(files: Files, ref: Ref, expected: str) -> None:
    leaf, salted = leaf_of(b"x", refs=(ref,))
    assert told(with_last(files, leaf, salted)) == [expected]


def test_good_references_hold() -> None:
    line = talk((1, 1))
    first = line.bravo.store.entries(ALPHA_LOG, 0, 1)[0]
    own = line.bravo.store.entries(BRAVO_LOG, 1, 2)[0]
    line.say(1, 400, Draft(1, b"as you said", "watch", refs=(first.ref, own.ref)))
    assert judge(bundle_of(line.alpha)).findings == ()


def test_what_the_author_signed_and_is_no_entry_is_false(files: Files) -> None:
    for leaf in (b"", b"no entry", encode_leaf(Leaf(1, 1, "watch", b"d" * 32)) + b"\0"):
        assert told(with_last(files, leaf)) == ["bravo:3 audit-entry-unreadable"]


def test_entries_that_name_each_other_in_a_circle_end_the_walk(files: Files) -> None:
    loops = [
        encode_leaf(Leaf(1, after(1).ms, "watch", b"d" * 32, seen=(Seen(other, 4, b"?" * 32),)))
        for other in (BRAVO_LOG, ALPHA_LOG)
    ]
    circle = with_leaves(with_leaves(files, 0, [loops[0]] * 4), 1, [loops[1]] * 4)
    verdict = judge(packed(circle))
    assert verdict.state is State.FALSE
    assert "alpha:0 audit-seen-differs" in said(verdict)


# Attachments


def attached(content: bytes, attachment: Attachment) -> Files:
    line = talk((1,))
    blobs = Blobs(MemoryChunks(MemoryDisk()))
    blobs.write(Attachment(len(content), sha256(content).digest()), 0, content)
    line.say(0, 300, draft("see the map", (attachment,)))
    out = io.BytesIO()
    write_bundle(out, line.alpha.store, blobs, replace(SCOPE, attachments=True), lambda done, total: None)
    return files_of(out.getvalue())


def test_an_attachment_is_what_its_entry_names() -> None:
    digest = sha256(MAP).digest()
    files = attached(MAP, Attachment(len(MAP), digest))
    assert judge(packed(files)).findings == ()
    name = parts.blob_path(digest)
    for wrong in (b"a trap", b"", MAP + b" "):
        assert told({**files, name: wrong}) == ["alpha:1 audit-attachment-changed"]


def test_an_attachment_of_another_size_than_its_entry_says_is_false() -> None:
    digest = sha256(MAP).digest()
    files = attached(MAP, Attachment(len(MAP) + 1, digest))
    assert judge(packed(files)).logs[0].attachments_withheld == 1  # It was not exported.
    assert told({**files, parts.blob_path(digest): MAP}) == ["alpha:1 audit-attachment-changed"]


def test_an_attachment_no_entry_names_does_not_belong_here(files: Files) -> None:
    for name in (parts.blob_path(b"d" * 32), "blobs/map.pdf"):
        assert told({**files, name: MAP}) == ["audit-file-stray"]


# Times


def test_every_entry_has_its_interval() -> None:
    line = Line()
    line.say(0, 0, "first")
    line.say(1, 60, "answer")
    line.say(0, 120, "last")
    alpha, bravo = judge(bundle_of(line.alpha)).logs
    assert alpha.interval(0).not_before is None
    assert alpha.interval(0).not_after == after(0.999)
    # Bravo had receipted alpha's first words before it answered.
    assert (bravo.interval(0).not_before, bravo.interval(0).not_after) == (after(0), after(60.999))
    assert (alpha.interval(1).not_before, alpha.interval(1).claimed) == (after(60), after(120))


def test_an_author_cannot_backdate_past_what_the_other_side_receipted() -> None:
    line = Line()
    line.say(0, 0, "first")
    line.say(1, 3600, "an hour later")
    line.alpha.hear(line.bravo.say(after(7200), draft("two hours later")), after(7200))
    lie = line.alpha.say(after(60), draft("written at once, honestly"))
    line.alpha.store.commit([line.bravo.hear(lie, after(7300))])
    verdict = judge(bundle_of(line.alpha))
    assert "alpha:1 audit-time-too-early" in said(verdict, Severity.NOTE)
    (finding,) = [one for one in verdict.findings if one.message_id == "audit-time-too-early"]
    assert finding.facts["bound"] == after(7200).rfc3339()
    assert verdict.logs[0].interval(1).not_before == after(7200)


def test_an_author_cannot_postdate_what_the_other_side_had_already() -> None:
    line = Line()
    append = line.alpha.say(after(3600), draft("from the future"))
    line.alpha.store.commit([line.bravo.hear(append, after(10))])
    verdict = judge(bundle_of(line.alpha))
    assert said(verdict) == ["alpha:0 audit-time-too-late"]
    assert verdict.state is State.VERIFIED


def test_a_clock_that_was_off_is_told_and_not_called_false() -> None:
    line = Line()
    for number in range(30):
        line.say(0, 1000 - number, f"{number}")
    verdict = judge(bundle_of(line.alpha))
    assert verdict.state is State.VERIFIED
    assert {finding.message_id for finding in verdict.findings} == {
        "audit-receipt-backwards",
        "audit-time-backwards",
        "audit-time-too-late",
    }
    assert (len(verdict.findings), verdict.left_out) == (60, 25)
    assert (verdict.logs[0].first, verdict.logs[0].last) == (after(1000), START.plus(971_000_000))

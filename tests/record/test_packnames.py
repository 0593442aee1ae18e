"""What entries of a pack name: a `seen` that was not so, an attachment that was changed, one that nobody names."""

from __future__ import annotations

from hashlib import sha256

from openline.record.entry import Attachment, Draft, Ref, Seen
from openline.record.packparts import Named
from openline.record.verdict import Severity, State
from tests.record.lines import ALPHA_LOG, BRAVO_LOG, Line, after, draft, files_of, packed, talk
from tests.record.packs import judge, pack_of, said
from tests.record.test_packaudit import with_contents
from tests.record.test_packing import PHOTO, blobs_with


def test_a_seen_that_was_not_so_is_false() -> None:
    line = Line()
    line.say(1, 0, "heard")
    side = line.alpha
    side.own.append([draft("I held something else")], after(60), [Seen(BRAVO_LOG, 1, bytes(32))])
    append = side.own.seal()
    assert append is not None
    side.store.commit([append, line.bravo.hear(append, after(61))])
    assert said(judge(pack_of(side)), Severity.FALSE) == ["alpha:0 audit-seen-differs"]


def test_a_ref_that_names_another_content_is_false() -> None:
    line = talk((1,))
    line.say(0, 300, Draft(1, b"about it", "watch", (Ref(BRAVO_LOG, 0, bytes(32)),)))
    assert said(judge(pack_of(line.alpha)), Severity.FALSE) == ["alpha:1 audit-ref-differs"]


def test_a_ref_to_another_line_is_told() -> None:
    line = talk((1,))
    line.say(0, 300, Draft(1, b"about it", "watch", (Ref("alpha.example/line/other", 0, bytes(32)),)))
    assert "alpha:1 audit-names-elsewhere" in said(judge(pack_of(line.alpha)), Severity.NOTE)


def test_an_attachment_that_was_changed_is_named_and_one_nobody_names_is_a_stray() -> None:
    line = Line()
    photo = Attachment(len(PHOTO), sha256(PHOTO).digest())
    line.say(0, 0, draft("seen here", (photo,)))
    files = files_of(pack_of(line.alpha, blobs_with(PHOTO)))
    name = f"blobs/{photo.digest.hex()}"
    changed = judge(packed({**files, name: PHOTO[:-1] + b"?"}))
    assert said(changed, Severity.FALSE) == ["alpha:0 audit-attachment-changed"]
    stray = judge(packed({**files, f"blobs/{sha256(b'x').hexdigest()}": b"x"}))
    assert said(stray, Severity.FALSE) == ["audit-file-stray"]


def test_an_entry_the_pack_is_about_must_be_in_it() -> None:
    files = files_of(pack_of(talk((2,)).alpha, about=((ALPHA_LOG, 0),)))
    verdict = judge(packed(with_contents(files, about=(Named(0, 0), Named(0, 1)))))
    assert (verdict.state, said(verdict)) == (State.INCOMPLETE, ["alpha:1 audit-pack-about-missing"])

"""The files an auditor takes: each that is missing, unwanted, too large or damaged is told of exactly once."""

from __future__ import annotations

import io

from openline.record import parts
from openline.record.archive import Archive
from openline.record.shelf import Shelf
from openline.record.verdict import Findings
from tests.record.lines import packed


def shelf_of(*names: str, data: bytes | None = None) -> tuple[Shelf, Findings]:
    bundle = data if data is not None else packed(dict.fromkeys(names, b"content"))
    findings = Findings()
    return Shelf(Archive(io.BytesIO(bundle)), findings), findings


def told(findings: Findings) -> list[tuple[str, str]]:
    return [(finding.message_id, str(finding.facts["name"])) for finding in findings.sorted()]


def test_what_is_there_is_taken() -> None:
    shelf, findings = shelf_of("a")
    assert shelf.take("a", 7) == b"content"
    assert shelf.find("b", 7) is None
    shelf.finish()
    assert told(findings) == []


def test_what_is_missing_is_told_once() -> None:
    shelf, findings = shelf_of("a")
    assert shelf.take("b", 7) is shelf.take("b", 7) is None
    shelf.take("a", 7)
    shelf.finish()
    assert told(findings) == [("audit-file-missing", "b")]


def test_what_is_too_large_is_not_read_and_told_once() -> None:
    shelf, findings = shelf_of("a")
    assert shelf.take("a", 6) is shelf.take("a", 6) is None
    shelf.finish()
    assert told(findings) == [("audit-file-wrong", "a")]


def test_what_nobody_asked_for_is_a_stray_unless_it_was_passed_over() -> None:
    shelf, findings = shelf_of("a", "b/1", "b/2")
    shelf.pass_over("b/")
    shelf.finish()
    assert told(findings) == [("audit-file-stray", "a")]


def test_a_gap_in_a_series_is_missing_and_another_name_is_a_stray() -> None:
    names = [parts.numbered("seals/", number) for number in (0, 1, 3, 1000)]
    shelf, findings = shelf_of(*names, "seals/0004", "seals/x", "seals/002.p/7")
    assert shelf.series("seals/", lambda n: parts.numbered("seals/", n)) == names
    for name in names:
        shelf.take(name, 7)
    shelf.finish()
    missing = [("audit-file-missing", "seals/002"), ("audit-file-missing", "seals/004")]
    strays = [("audit-file-stray", name) for name in ("seals/0004", "seals/002.p/7", "seals/x")]
    assert told(findings) == strays + missing


def test_damage_is_told_of_files_that_were_read_passed_over_or_strays() -> None:
    good = packed({"a": b"alpha", "b": b"bravo", "c": b"charlie"})
    bad = good.replace(b"alpha", b"alphA").replace(b"bravo", b"bravO").replace(b"charlie", b"charliE")
    shelf, findings = shelf_of(data=bad)
    assert shelf.take("a", 7) == b"alphA"
    shelf.pass_over("b")
    assert b"".join(shelf.chunks("c")) == b"charliE"
    shelf.finish()
    assert told(findings) == [("audit-file-damaged", name) for name in "abc"]

"""Dispute packs on the command line: made at a node; verified and compared alone."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from openline.base.schema import pack as packed_body
from openline.line.message import Message
from openline.line.packpage import page, text_kept
from openline.node.views import PackAsked
from openline.node.wiring import registry
from openline.record.entry import Draft
from openline.record.packaudit import audit_pack
from openline.record.packing import write_pack
from tests.cli.conftest import FakeNode, Run
from tests.cli.test_schemas import check
from tests.console.desk import LINE
from tests.record.lines import ALPHA_LOG, ROOTS, Line, Side, after, files_of, packed
from tests.record.packs import chosen

GIVEN = [word for party, digits in ROOTS.items() for word in ("--root", f"{party}={digits}")]


def said() -> Line:
    line = Line()
    for n in range(3):
        line.say(0, 60 * n, Draft(1, packed_body(Message(text=f"alpha {n}")), "watch"))
        line.say(1, 60 * n + 30, Draft(1, packed_body(Message(text=f"bravo {n}")), "watch"))
    return line


def made(side: Side, **scope: object) -> bytes:
    """A pack with its page, as a node makes it."""
    scope = scope or {"since": after(0), "until": after(200)}
    choice, out = chosen(side, **scope), io.BytesIO()
    write_pack(out, side.store, None, choice, b"", lambda done, total: None)
    verdict = audit_pack(out, ROOTS, text_kept(registry()), lambda done, total: None)
    out = io.BytesIO()
    write_pack(out, side.store, None, choice, page(registry(), verdict), lambda done, total: None)
    return out.getvalue()


def test_what_is_asked_for_reaches_the_node(node: FakeNode, at_node: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    words = ("--about", "bravo:14", "--about", "alpha:1", "--redact", "alpha:1", "--reason", "a source")
    assert at_node("pack", "make", LINE, "-o", str(file), *words).code == 0
    assert file.read_bytes() == b"PK\x03\x04pack of alpha-bravo"
    assert node.desk.packed == [PackAsked(about=("bravo:14", "alpha:1"), redact=("alpha:1",), reason="a source")]
    assert at_node("pack", "make", LINE, "-o", str(file)).code == 2, "a file is never replaced"


def test_a_period_and_all_but_one_body(node: FakeNode, at_node: Run, tmp_path: Path) -> None:
    words = ("--from", "2026-11-21", "--to", "2026-11-22", "--redact-all-but", "alpha:1", "--no-attachments")
    assert at_node("pack", "make", LINE, "-o", str(tmp_path / "b.zip"), *words).code == 0
    assert node.desk.packed == [PackAsked(since="2026-11-21", until="2026-11-22", show=("alpha:1",), attachments=False)]


def test_a_pack_is_verified_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(made(said().alpha))
    ran = run("audit", "verify", str(tmp_path / "a.zip"), *GIVEN, "--json")
    told = ran.json()
    check(told)
    assert (ran.code, told["schema"], told["verdict"], told["page_holds"]) == (
        0,
        "openline.audit.pack/1",
        "VERIFIED",
        True,
    )
    ran = run("audit", "verify", str(tmp_path / "a.zip"), *GIVEN, "--chronology")
    assert any("alpha 1" in row for row in ran.rows()[-1] + ran.out.split("\t"))
    assert "no gap" in ran.out
    assert run("audit", "verify", str(tmp_path / "a.zip")).code == 7


def test_an_entry_or_a_page_that_was_changed_is_exit_code_6(run: Run, tmp_path: Path) -> None:
    files = files_of(made(said().alpha))
    name = "logs/alpha.example/entries/000"
    for changed in (
        {**files, name: files[name].replace(b"watch", b"witch", 1)},
        {**files, "README.txt": files["README.txt"].replace(b"alpha 1", b"alpha 9")},
    ):
        (tmp_path / "a.zip").write_bytes(packed(changed))
        ran = run("audit", "verify", str(tmp_path / "a.zip"), *GIVEN)
        assert ran.code == 6
        assert "README.txt" in ran.out


def test_a_page_of_another_version_is_told_and_not_judged(run: Run, tmp_path: Path) -> None:
    files = files_of(made(said().alpha))
    (tmp_path / "a.zip").write_bytes(packed({**files, "README.txt": b"Another program wrote this.\n"}))
    ran = run("audit", "verify", str(tmp_path / "a.zip"), *GIVEN)
    assert ran.code == 0
    assert "another version" in ran.out


@pytest.mark.parametrize(
    ("scope", "code", "word"),
    [
        ({"since": after(0), "until": after(200)}, 0, "SAME"),
        ({"since": after(0), "until": after(200), "redact": frozenset({(ALPHA_LOG, 1)})}, 7, "AGREE"),
    ],
)
def test_two_packs_are_compared(run: Run, tmp_path: Path, scope: dict[str, object], code: int, word: str) -> None:
    line = said()
    (tmp_path / "a.zip").write_bytes(made(line.alpha))
    (tmp_path / "b.zip").write_bytes(made(line.bravo, **scope))
    ran = run("pack", "compare", str(tmp_path / "a.zip"), str(tmp_path / "b.zip"), *GIVEN)
    assert (ran.code, ran.out.split(":")[0]) == (code, word)
    check(run("pack", "compare", str(tmp_path / "a.zip"), str(tmp_path / "b.zip"), *GIVEN, "--json").json())


def test_two_histories_differ(run: Run, tmp_path: Path) -> None:
    other = Line()
    other.say(0, 0, Draft(1, packed_body(Message(text="as it is told now")), "watch"))
    (tmp_path / "a.zip").write_bytes(made(said().alpha))
    (tmp_path / "b.zip").write_bytes(made(other.alpha))
    ran = run("pack", "compare", str(tmp_path / "a.zip"), str(tmp_path / "b.zip"), *GIVEN)
    assert (ran.code, ran.out.split(":")[0]) == (6, "DIFFER")


def test_a_file_that_is_not_there_is_said(run: Run, tmp_path: Path) -> None:
    assert run("pack", "compare", str(tmp_path / "no"), str(tmp_path / "none"), *GIVEN).code == 2

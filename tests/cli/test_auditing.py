"""`audit verify`: works alone, ends in its verdict, and says what to compare when no root was given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from openline.base.errors import PeerError, UsageError
from openline.cli.auditing import read_roots
from openline.line.personal import PersonalAudit
from openline.record.audit_entries import Read
from openline.record.verdict import Findings, Verdict
from tests.cli.bundles import a_verdict
from tests.cli.conftest import Ran, Run
from tests.console.desk import DIGITS, OWN_DIGITS
from tests.console.signers import signed

Audit = Callable[..., Verdict]


def _ran(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, audit: Audit, *more: str) -> Ran:
    monkeypatch.setattr("openline.record.audit.audit", audit)
    (folder / "a.olx").write_bytes(b"PK")
    return run("audit", "verify", str(folder / "a.olx"), *more)


@pytest.mark.parametrize(("state", "code"), [("VERIFIED", 0), ("FALSE", 6), ("INCOMPLETE", 7)])
def test_a_verdict_is_the_exit_code(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str, code: int
) -> None:
    ran = _ran(run, tmp_path, monkeypatch, lambda *_: a_verdict(state))
    assert ran.code == code
    assert ran.out.startswith(state)


def test_a_false_entry_is_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = _ran(run, tmp_path, monkeypatch, lambda *_: a_verdict("FALSE"))
    assert "bravo:14" in ran.out


def test_the_roots_given_are_what_is_compared(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Mapping[str, str]] = []

    def audit(_file: object, roots: Mapping[str, str], *_: object) -> Verdict:
        given.append(roots)
        return a_verdict("VERIFIED")

    roots = ["--root", f"alpha.example={OWN_DIGITS}", "--root", f"bravo.example={DIGITS}"]
    assert _ran(run, tmp_path, monkeypatch, audit, *roots).code == 0
    assert given == [{"alpha.example": OWN_DIGITS, "bravo.example": DIGITS}]


def test_without_a_root_its_digits_are_printed_to_compare(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = _ran(run, tmp_path, monkeypatch, lambda *_: a_verdict("INCOMPLETE"))
    assert ["root", "bravo.example", DIGITS] in ran.rows()


def test_what_is_no_bundle_is_exit_code_6(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def audit(*_given: object) -> Verdict:
        raise PeerError("bundle-unreadable", detail="not a zip")

    assert _ran(run, tmp_path, monkeypatch, audit).code == 6


def test_a_file_that_is_not_there_is_exit_code_2(run: Run, tmp_path: Path) -> None:
    assert run("audit", "verify", str(tmp_path / "nothing.olx")).code == 2


@pytest.mark.parametrize("text", ["", "bravo.example", f"={DIGITS}", "bravo.example=12345", DIGITS])
def test_a_root_is_a_party_and_30_digits(text: str) -> None:
    with pytest.raises(UsageError, match="root-unreadable"):
        read_roots((text,))


def test_personal_signatures_are_counted_by_pseudonym_and_those_of_no_effect_too(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def audit(_file: object, _roots: object, _progress: object, readers: list[PersonalAudit]) -> Verdict:
        for origin, log in signed().logs.items():
            hashes = [entry.leaf_hash for entry in log]
            for entry in log:
                one = Read(origin, entry.index, entry.leaf, entry.body, hashes.__getitem__)
                readers[0].take(one, Findings())
        return a_verdict("VERIFIED")

    ran = _ran(run, tmp_path, monkeypatch, audit)
    assert ["personal", "alpha.example/line/alpha-bravo", "S-1 2", "0", "0"] in ran.rows()
    found = _ran(run, tmp_path, monkeypatch, audit, "--json").json()["signatures"]
    assert found[0] == {"log": "alpha.example/line/alpha-bravo", "officers": {"S-1": 2}, "wrong": 0, "withheld": 0}  # type: ignore[index]  # a list, as the schema says

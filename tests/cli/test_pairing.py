"""Pairing: both read aloud, nothing is accepted before, and a wrong digit says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from openline.cli.pairing import digits_of
from tests.cli.conftest import FakeNode, Run
from tests.console.desk import DIGITS, LINE, OWN_DIGITS


@pytest.fixture
def invitation(tmp_path: Path) -> str:
    (tmp_path / "south.olinvite").write_bytes(b"invitation of bravo\n")
    return str(tmp_path / "south.olinvite")


@pytest.mark.parametrize("typed", [DIGITS, DIGITS.replace(" ", ""), DIGITS.replace(" ", "-"), "  " + DIGITS])
def test_the_digits_may_be_written_in_any_grouping(
    node: FakeNode, at_node: Run, invitation: str, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    monkeypatch.setattr("openline.cli.pairing.sees_a_person", lambda: True)
    ran = at_node("pair", invitation, "--by", "Aune", typed=f"{typed}\n")
    assert (ran.code, node.desk.paired) == (0, [("Aune", LINE)])
    assert OWN_DIGITS in ran.err


def test_a_wrong_digit_pairs_with_nobody_and_is_exit_code_6(node: FakeNode, at_node: Run, invitation: str) -> None:
    ran = at_node("pair", invitation, "--fingerprint", DIGITS[:-1] + "0")
    assert (ran.code, node.desk.paired) == (6, [])
    assert DIGITS not in ran.err, "what must be heard must not stand on the screen"


def test_where_nobody_sits_the_digits_must_be_given(node: FakeNode, at_node: Run, invitation: str) -> None:
    ran = at_node("pair", invitation)
    assert (ran.code, node.desk.paired) == (2, [])


def test_what_is_no_invitation_is_exit_code_6(at_node: Run, tmp_path: Path) -> None:
    (tmp_path / "nonsense").write_bytes(b"nonsense")
    assert at_node("pair", str(tmp_path / "nonsense"), "--fingerprint", DIGITS).code == 6


def test_a_file_too_large_to_be_an_invitation_is_not_read(at_node: Run, tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * 200_000)
    assert at_node("pair", str(tmp_path / "large")).code == 2


def test_digits_of_any_script_are_digits() -> None:
    assert digits_of("٠١٢ 34-५") == "012345"


def test_two_folders_pair_while_no_node_runs(run: Run, tmp_path: Path) -> None:
    (tmp_path / "phrase").write_text("correct horse\n")
    digits: dict[str, str] = {}
    for name in ("alpha", "bravo"):
        folder, phrase = str(tmp_path / name), str(tmp_path / "phrase")
        made = run("init", f"{name}.example", "--dir", folder, "--passphrase-file", phrase, "--json")
        digits[name] = str(made.json()["fingerprint"])
        assert run("card", "export", "--dir", folder, "-o", str(tmp_path / f"{name}.olinvite")).code == 0
    file, folder = str(tmp_path / "bravo.olinvite"), str(tmp_path / "alpha")
    assert run("pair", file, "--dir", folder, "--fingerprint", "0" * 30).code == 6
    paired = run("pair", file, "--dir", folder, "--fingerprint", digits["bravo"], "--json")
    assert paired.json()["line"] == "alpha-bravo"
    assert digits["alpha"] in paired.err

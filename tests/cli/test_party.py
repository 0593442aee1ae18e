"""`init` and `card export`."""

from __future__ import annotations

from pathlib import Path

import pytest

from openline.node.config import read_config
from tests.cli.conftest import Run


@pytest.fixture
def phrase(tmp_path: Path) -> str:
    (tmp_path / "phrase").write_text("correct horse\n")
    return str(tmp_path / "phrase")


def test_a_party_is_made_with_its_names_and_paths(run: Run, tmp_path: Path, phrase: str) -> None:
    words = ["init", "alpha.example", "--dir", str(tmp_path / "a"), "--passphrase-file", phrase]
    names = ["--name", "en=North HQ", "--name", "fr=QG Nord"]
    paths = ["--path", "fibre=127.0.0.1:7443,north.example:7443", "--path", "sat=,,metered,low_rate"]
    ran = run(*words, *names, *paths)
    assert ran.code == 0, ran.err
    assert "root.age" in ran.err
    config = read_config(tmp_path / "a")
    assert config.party.names == {"en": "North HQ", "fr": "QG Nord"}
    assert [(path.name, path.listen, path.advertise, path.metered) for path in config.path] == [
        ("fibre", "127.0.0.1:7443", "north.example:7443", False),
        ("sat", None, None, True),
    ]


def test_a_party_is_never_made_over_another(run: Run, tmp_path: Path, phrase: str) -> None:
    words = ["init", "alpha.example", "--dir", str(tmp_path / "a"), "--passphrase-file", phrase]
    assert run(*words).code == 0
    before = (tmp_path / "a" / "keys" / "node.cbor").read_bytes()
    assert run(*words).code == 2
    assert (tmp_path / "a" / "keys" / "node.cbor").read_bytes() == before


@pytest.mark.parametrize(
    "more", [["--name", "North HQ"], ["--path", "=1:2"], ["--path", "a=1,2,3"], ["--path", "a=nonsense"]]
)
def test_an_option_that_is_not_understood_makes_nothing(run: Run, tmp_path: Path, phrase: str, more: list[str]) -> None:
    ran = run("init", "alpha.example", "--dir", str(tmp_path / "a"), "--passphrase-file", phrase, *more)
    assert ran.code == 2
    assert not (tmp_path / "a" / "keys").exists()


def test_without_a_passphrase_no_party_is_made(run: Run, tmp_path: Path) -> None:
    assert run("init", "alpha.example", "--dir", str(tmp_path / "a")).code == 2
    assert not (tmp_path / "a").exists()


def test_the_invitation_is_the_running_node_s_or_the_folder_s(at_node: Run) -> None:
    assert at_node("card", "export").out == "invitation of alpha\n"


def test_an_invitation_never_replaces_a_file(at_node: Run, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("precious")
    assert at_node("card", "export", "-o", str(tmp_path / "a")).code == 2
    assert (tmp_path / "a").read_text() == "precious"


def test_where_there_is_no_party_there_is_no_invitation(run: Run) -> None:
    assert run("card", "export").code == 2

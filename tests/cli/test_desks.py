"""`console cert`: the certificate that desks trust."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from openline.node.folder import Folder
from openline.node.founding import create_party
from tests.cli.conftest import Run

HTTPS = '\n[https]\nlisten = "10.0.0.5:8443"\nnames = ["alpha.watch.example"]\n\n[[position]]\nname = "watch"\n'


@pytest.fixture(scope="module")
def _founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("party") / "a"
    create_party(folder, "alpha.example", {}, [], "correct horse")
    with (folder / "openline.toml").open("a") as file:
        file.write(HTTPS)
    return folder


@pytest.fixture
def folder(_founded: Path, tmp_path: Path) -> Path:
    """A party whose node does not run."""
    return Path(shutil.copytree(_founded, tmp_path / "a"))


def test_a_certificate_is_made_and_said_what_to_do_with(run: Run, folder: Path) -> None:
    ran = run("console", "cert", "--dir", str(folder))
    assert ran.code == 0, ran.err
    rows = dict(row for row in ran.rows() if len(row) == 2)
    assert rows["file"] == str(Folder(folder).console_ca)
    assert len(rows["fingerprint"].split(":")) == 32
    assert rows["file"] in ran.err
    again = run("console", "cert", "--dir", str(folder), "--json").json()
    assert (again["fingerprint"], again["new"], again["names"]) == (rows["fingerprint"], False, ["alpha.watch.example"])
    anew = run("console", "cert", "--dir", str(folder), "--new-ca", "--json").json()
    assert anew["new"] is True
    assert anew["fingerprint"] != rows["fingerprint"]


def test_without_names_or_a_party_there_is_no_certificate(run: Run, folder: Path, tmp_path: Path) -> None:
    config = folder / "openline.toml"
    config.write_text(config.read_text().replace(HTTPS, ""))
    ran = run("console", "cert", "--dir", str(folder))
    assert (ran.code, ran.out) == (2, "")
    assert str(config) in ran.err
    assert run("console", "cert", "--dir", str(tmp_path / "none")).code == 2

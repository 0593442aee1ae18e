"""`phone`: rows are added with a digest alone, listed with who is here, and removed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import cast

import pytest

from openline.media.sip_digest import password_digest
from openline.node.config import read_config
from openline.node.founding import create_party
from tests.cli.conftest import FakeNode, Run

PHONES = '\n[phones]\nhost = "10.0.8.2"\nlan = ["10.0.8.0/24"]\n'


@pytest.fixture(scope="module")
def _founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("party") / "a"
    create_party(folder, "alpha.example", {}, [], "correct horse")
    with (folder / "openline.toml").open("a") as file:
        file.write(PHONES)
    return folder


@pytest.fixture
def folder(_founded: Path, tmp_path: Path) -> Path:
    """A party with a LAN for phones, whose node does not run."""
    return Path(shutil.copytree(_founded, tmp_path / "a"))


def digests(folder: Path) -> dict[str, str]:
    """What stands for the password of the first phone."""
    return read_config(folder).phone[0].digests


def test_a_password_is_made_shown_once_and_only_its_digest_is_kept(run: Run, folder: Path) -> None:
    ran = run("phone", "add", "night", "--desk", "night watch", "--dir", str(folder))
    assert ran.code == 0, ran.err
    rows = dict(row for row in ran.rows() if len(row) == 2)
    assert (rows["server"], rows["port, UDP"], rows["user"]) == ("10.0.8.2", "5060", "night")
    assert "port, TLS" not in rows, "there is no certificate"
    assert (rows["realm"], rows["desk"], len(rows["password"])) == ("alpha.example", "night watch", 24)
    assert digests(folder) == {"MD5": password_digest("night", "alpha.example", rows["password"]).value}
    assert rows["password"] not in (folder / "openline.toml").read_text()
    assert "Start it again" in ran.err
    again = run("phone", "add", "day", "--dir", str(folder), "--json").json()
    assert again["password"] != rows["password"]
    assert read_config(folder).phone[1].desk == "watch"


def test_a_password_of_ones_own_is_not_shown(run: Run, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("six words drawn by dice\n")
    words = ["phone", "add", "hall", "--algorithm", "SHA-256", "--network", "10.0.9.0/24", "--silent", "--json"]
    ran = run(*words, "--password-file", str(tmp_path / "secret"), "--dir", str(folder))
    assert ran.code == 0, ran.err
    assert ran.json()["password"] is None
    assert "dice" not in ran.out + ran.err
    digest = password_digest("hall", "alpha.example", "six words drawn by dice", "SHA-256").value
    assert digests(folder) == {"SHA-256": digest}
    (row,) = read_config(folder).phone
    assert (row.networks, row.rings) == (("10.0.9.0/24",), False)
    nobody = run("phone", "add", "other", "--ask", "--dir", str(folder))
    assert (nobody.code, nobody.out) == (2, "")


def test_a_row_can_be_printed_for_another_file(run: Run, folder: Path) -> None:
    before = (folder / "openline.toml").read_text()
    made = run("phone", "add", "night", "--print", "--realm", "elsewhere", "--dir", str(folder), "--json").json()
    assert (made["file"], made["realm"]) == (None, "elsewhere")
    digest = password_digest("night", "elsewhere", str(made["password"])).value
    assert f'digests = {{ MD5 = "{digest}" }}' in str(made["row"])
    assert (folder / "openline.toml").read_text() == before
    shown = run("phone", "add", "night", "--print", "--dir", str(folder))
    assert ["row", "[[phone]]"] in shown.rows()
    assert "Add this row" in shown.err


def test_what_cannot_be_is_refused_and_nothing_is_written(run: Run, folder: Path, tmp_path: Path) -> None:
    before = (folder / "openline.toml").read_text()
    for words, told in (
        (["night", "--realm", "elsewhere"], "alpha.example"),
        (["a b"], "its name"),
        (["night", "--network", "10.0.8.5/24"], "is no network"),
    ):
        ran = run("phone", "add", *words, "--dir", str(folder))
        assert (ran.code, ran.out) == (2, ""), words
        assert told in ran.err
    assert (folder / "openline.toml").read_text() == before
    (folder / "openline.toml").write_text(before.replace(PHONES, ""))
    assert "[phones]" in run("phone", "add", "night", "--dir", str(folder)).err
    assert run("phone", "add", "night", "--dir", str(tmp_path / "none")).code == 2


def test_phones_are_listed_and_removed(run: Run, folder: Path) -> None:
    for name in ("night", "hall"):
        assert run("phone", "add", name, "--dir", str(folder)).code == 0
    assert run("phone", "list", "--dir", str(folder)).rows() == [
        [name, "watch", "MD5", "our LAN", "rings", "not known"] for name in ("night", "hall")
    ]
    assert run("phone", "remove", "night", "--dir", str(folder)).code == 0
    assert [row.name for row in read_config(folder).phone] == ["hall"]
    gone = run("phone", "remove", "night", "--dir", str(folder))
    assert (gone.code, gone.out) == (2, "")
    assert "openline phone list" in gone.err


def test_a_node_that_runs_says_which_are_here(at_node: Run, node: FakeNode, folder: Path) -> None:
    for name in ("night", "nobody"):
        assert at_node("phone", "add", name, "--dir", str(folder)).code == 0
    shutil.copy(folder / "openline.toml", node.folder)
    view = at_node("status", "--json").json()
    here = cast("list[str]", cast("dict[str, object]", view["voice"])["phones"])
    listed = cast("list[dict[str, object]]", at_node("phone", "list", "--json").json()["phones"])
    assert [(row["name"], row["here"]) for row in listed] == [(name, name in here) for name in ("night", "nobody")]
    (node.folder / "openline.toml").unlink()

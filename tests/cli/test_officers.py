"""`officer`: at a node that runs, and in the folder of one that does not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from openline.node.clock import SystemClock
from openline.node.folder import Folder
from openline.node.founding import create_party
from openline.store.officers import SqliteOfficers
from tests.cli.conftest import FakeNode, Run
from tests.console.authenticator import Authenticator
from tests.console.floor import Browser, Floor

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


LOST = ("--reason", "the key was lost")


def test_in_the_folder_an_invitation_is_made_that_the_node_will_take(run: Run, folder: Path, tmp_path: Path) -> None:
    made = run("officer", "invite", "watch", "--name", "A. Berg", "--dir", str(folder), "--json").json()
    code = str(made["code"])
    assert made["officer"] == "S-1"
    assert made["links"] == [f"https://alpha.watch.example:8443/#register={code}"]
    ran = run("officer", "invite", "watch", "--dir", str(folder))
    assert ran.rows()[0][0] == "code"
    assert "30 minutes" in ran.err
    Folder(folder).officers.rename(tmp_path / "alpha.db")
    with Floor(tmp_path) as floor:
        floor.clock.time = SystemClock().now()
        browser = Browser(floor)
        assert browser.register(Authenticator(browser.origin), code).status == 200
    (tmp_path / "alpha.db").rename(Folder(folder).officers)
    listed = run("officer", "list", "--dir", str(folder))
    assert [row[:5] for row in listed.rows()] == [["S-1", "watch", "watch", "A. Berg", "alpha.localhost"]]
    opened = run("officer", "open-name", "S-1", "--reason", "asked", "--dir", str(folder), "--json")
    assert opened.json()["holder"] == "A. Berg"
    withdrawn = run("officer", "withdraw", "S-1", *LOST, "--dir", str(folder), "--json")
    assert (withdrawn.code, withdrawn.json()["sessions"]) == (0, 0)
    again = run("officer", "withdraw", "S-1", *LOST, "--dir", str(folder))
    assert (again.code, again.out) == (2, "")
    replaced = run("officer", "invite", "watch", "--replaces", "S-1", *LOST, "--dir", str(folder), "--json")
    assert replaced.json()["officer"] == "S-1"


def test_a_supervisor_is_recovered_in_the_folder_with_a_witness(run: Run, folder: Path) -> None:
    with (folder / "openline.toml").open("a") as file:
        file.write('[[position]]\nname = "supervisor"\n')
    given = ("recover", "supervisor", "--witness-role", "releaser", "--dir", str(folder))
    assert run("officer", *given, *LOST).code == 2
    made = run("officer", *given, *LOST, "--witness", "S-4", "--json")
    assert (made.code, made.json()["officer"]) == (0, "S-1")


def test_a_position_that_is_none_is_exit_code_2(run: Run, folder: Path) -> None:
    ran = run("officer", "invite", "admiral", "--dir", str(folder))
    assert ran.code == 2
    assert "watch" in ran.err


@pytest.mark.parametrize("name", ["x/../y", "-1", "S 1", "²", "x" * 30])
def test_a_name_that_is_no_pseudonym_is_exit_code_2(run: Run, folder: Path, name: str) -> None:
    assert run("officer", "withdraw", "--dir", str(folder), *LOST, "--", name).code == 2


def test_while_another_has_the_file_the_folder_is_busy(run: Run, folder: Path) -> None:
    officers = SqliteOfficers(Folder(folder).officers, create=True)
    ran = run("officer", "list", "--dir", str(folder))
    officers.close()
    assert ran.code == 10


def test_a_node_that_runs_is_asked(at_node: Run, node: FakeNode) -> None:
    ran = at_node("officer", "invite", "watch", "--json")
    assert ran.code == 0, ran.err
    assert at_node("officer", "list").rows()[0][:2] == ["S-1", "watch"]
    assert at_node("officer", "withdraw", "S-1", *LOST).rows() == [["S-1", "0"]]
    assert at_node("officer", "withdraw", "S-1", *LOST).code == 2
    assert at_node("officer", "recover", "watch", *LOST, "--witness-role", "releaser", "--witness", "S-4").code == 0
    assert not (node.folder / "officers.db").exists(), "the folder is left alone"


def test_the_roles_are_those_of_the_table_and_of_the_configuration(run: Run, folder: Path) -> None:
    with (folder / "openline.toml").open("a") as file:
        file.write('[desk.roles]\nclerk = ["read"]\n')
    rows = dict(run("officer", "roles", "--dir", str(folder)).rows())
    assert (rows["auditor"], rows["clerk"]) == ("read", "read")


def test_signatures_are_listed_and_what_is_not_signed_is_called_so(at_node: Run) -> None:
    rows = at_node("officer", "signatures").rows()
    assert ["signature", "alpha:4", "message", "not personally signed"] in [row[:4] for row in rows], rows
    assert ["signature", "alpha:2", "message", "S-1"] in [row[:4] for row in rows]
    assert any(row[1:3] == ["bravo", "T-1"] and row[-1] == "OPEN_NAME" for row in rows)

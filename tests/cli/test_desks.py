"""`console`: the certificate, invitations and passkeys, at a node that runs and in the folder of one that does not."""

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


def test_in_the_folder_an_invitation_is_made_that_the_node_will_take(run: Run, folder: Path, tmp_path: Path) -> None:
    made = run("console", "invite", "watch", "--holder", "A. Berg", "--dir", str(folder), "--json").json()
    code = str(made["code"])
    assert made["links"] == [f"https://alpha.watch.example:8443/#register={code}"]
    ran = run("console", "invite", "watch", "--dir", str(folder))
    assert ran.rows()[0][0] == "code"
    assert "30 minutes" in ran.err
    Folder(folder).officers.rename(tmp_path / "alpha.db")
    with Floor(tmp_path) as floor:
        floor.clock.time = SystemClock().now()
        browser = Browser(floor)
        assert browser.register(Authenticator(browser.origin), code).status == 200
    (tmp_path / "alpha.db").rename(Folder(folder).officers)
    listed = run("console", "passkeys", "list", "--dir", str(folder))
    assert [row[:4] for row in listed.rows()] == [["1", "watch", "A. Berg", "alpha.localhost"]]
    revoked = run("console", "passkeys", "revoke", "1", "--dir", str(folder), "--json")
    assert (revoked.code, revoked.json()["sessions"]) == (0, 0)
    again = run("console", "passkeys", "revoke", "1", "--dir", str(folder))
    assert (again.code, again.out) == (2, "")


def test_a_position_that_is_none_is_exit_code_2(run: Run, folder: Path) -> None:
    ran = run("console", "invite", "admiral", "--dir", str(folder))
    assert ran.code == 2
    assert "watch" in ran.err


@pytest.mark.parametrize("number", ["x", "-1", "1.5", "9999999999"])
def test_a_number_that_is_none_is_exit_code_2(run: Run, folder: Path, number: str) -> None:
    assert run("console", "passkeys", "revoke", "--dir", str(folder), "--", number).code == 2


def test_while_another_has_the_file_the_folder_is_busy(run: Run, folder: Path) -> None:
    officers = SqliteOfficers(Folder(folder).officers, create=True)
    ran = run("console", "passkeys", "list", "--dir", str(folder))
    officers.close()
    assert ran.code == 10


def test_a_node_that_runs_is_asked(at_node: Run, node: FakeNode) -> None:
    ran = at_node("console", "invite", "watch", "--json")
    assert ran.code == 0, ran.err
    assert at_node("console", "passkeys", "list").rows()[0][:2] == ["1", "watch"]
    assert at_node("console", "passkeys", "revoke", "1").rows() == [["1", "0"]]
    assert at_node("console", "passkeys", "revoke", "1").code == 2
    assert not (node.folder / "officers.db").exists(), "the folder is left alone"

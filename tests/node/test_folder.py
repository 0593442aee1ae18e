"""The node's folder: where things lie, and secrets that nobody else can read and that are never overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from openline.base.errors import StoreError, UsageError
from openline.node.folder import Folder, replace_secret, write_secret
from tests.node.houses import ALPHA, secrets_of


def test_everything_lies_in_the_folder_under_its_own_name(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    places = [
        folder.config,
        folder.root_key,
        folder.node_keys,
        folder.token,
        folder.record,
        folder.blobs,
        folder.officers,
        folder.socket,
        folder.console_ca,
        folder.console_ca_key,
        folder.console_certificate,
    ]
    assert len(set(places)) == len(places)
    assert all(place.is_relative_to(tmp_path) for place in places)
    assert {place.parent.name for place in (folder.root_key, folder.node_keys, folder.token)} == {"keys"}


def test_a_secret_is_readable_by_its_owner_alone_and_so_is_its_folder(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "node.cbor"
    write_secret(file, b"secret")
    assert file.read_bytes() == b"secret"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_a_secret_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "node.cbor"
    write_secret(file, b"first")
    with pytest.raises(StoreError, match="folder-not-writable"):
        write_secret(file, b"second")
    assert file.read_bytes() == b"first"


def test_a_link_that_lies_where_the_secret_goes_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "node.cbor").symlink_to(elsewhere)
    with pytest.raises(StoreError, match="folder-not-writable"):
        write_secret(tmp_path / "node.cbor", b"secret")
    assert not elsewhere.exists()


def test_a_folder_that_cannot_be_made_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "keys").write_bytes(b"a file")
    with pytest.raises(StoreError, match="folder-not-writable") as why:
        write_secret(tmp_path / "keys" / "node.cbor", b"secret")
    assert why.value.facts["folder"] == str(tmp_path / "keys")


def test_the_secrets_are_those_that_were_written(tmp_path: Path) -> None:
    write_secret(Folder(tmp_path).node_keys, secrets_of(ALPHA).pack())
    assert Folder(tmp_path).secrets() == secrets_of(ALPHA)


def test_a_folder_without_secrets_holds_no_party(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no-party-here") as why:
        Folder(tmp_path).secrets()
    assert why.value.facts["folder"] == str(tmp_path)


@pytest.mark.parametrize("data", [b"", b"not secrets", b"\xa0"])
def test_secrets_that_are_none_are_told(tmp_path: Path, data: bytes) -> None:
    write_secret(Folder(tmp_path).node_keys, data)
    with pytest.raises(UsageError, match="node-keys-unreadable"):
        Folder(tmp_path).secrets()


def test_secrets_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    Folder(tmp_path).node_keys.mkdir(parents=True)
    with pytest.raises(UsageError, match="node-keys-unreadable"):
        Folder(tmp_path).secrets()


def test_a_secret_is_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "console.pem"
    for data in (b"first", b"second"):
        replace_secret(file, data)
        assert file.read_bytes() == data
        assert file.stat().st_mode & 0o777 == 0o600
    file.with_name("console.pem.new").write_bytes(b"left behind by a crash")
    replace_secret(file, b"third")
    assert [one.name for one in file.parent.iterdir()] == ["console.pem"]


def test_a_secret_that_cannot_be_replaced_stays(tmp_path: Path) -> None:
    (tmp_path / "console.pem").mkdir()
    with pytest.raises(StoreError, match="folder-not-writable"):
        replace_secret(tmp_path / "console.pem", b"secret")

"""Texts and files on their way out."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from openline.base.limits import TEXT_BYTES_MAX
from tests.cli.conftest import FakeNode, Run
from tests.console.desk import LINE

DATA = bytes(range(256)) * 4000


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        (b"", "text-empty"),
        (b"  \n", "text-empty"),
        (b"\xff\xfe", "text-not-utf8"),
        (b"x" * (TEXT_BYTES_MAX + 10), "text-too-long"),
    ],
)
def test_a_text_that_cannot_be_said_is_refused_at_home(node: FakeNode, at_node: Run, typed: bytes, error: str) -> None:
    ran = at_node("send", LINE, "--json", typed=typed)
    assert (ran.code, json.loads(ran.err)["error"]) == (2, error)
    assert not node.desk.asked


def test_what_the_node_has_already_is_not_sent_again(node: FakeNode, at_node: Run, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(DATA)
    node.desk.blobs[sha256(DATA).hexdigest()] = DATA
    node.desk.upload = None  # type: ignore[assignment, method-assign]  # nothing may be uploaded
    try:
        assert at_node("send", LINE, "text", "--file", str(tmp_path / "a")).code == 0
    finally:
        del node.desk.upload


def test_a_broken_upload_goes_on_where_it_broke_off(node: FakeNode, at_node: Run, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(DATA)
    digest = sha256(DATA).hexdigest()
    node.desk.partial[digest] = DATA[:700_000]
    assert at_node("send", LINE, "text", "--file", str(tmp_path / "a")).code == 0
    assert node.desk.blobs[digest] == DATA


def test_an_empty_file_is_an_attachment_too(node: FakeNode, at_node: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    assert at_node("send", LINE, "text", "--file", str(tmp_path / "empty")).code == 0
    assert node.desk.blobs == {sha256(b"").hexdigest(): b""}

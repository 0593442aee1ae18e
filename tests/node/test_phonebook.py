"""Rows of desk phones in `openline.toml`: added and taken out, and every other line stays as it was."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from openline.base.errors import StoreError, UsageError
from openline.node.config import PhoneConfig, parse_config
from openline.node.folder import Folder
from openline.node.phonebook import realm_of, rewrite, row_text, with_phone, without_phone

FILE = "openline.toml"
HEAD = '# Ours.\n[party]\nid = "north.example"\n\n[phones]\nhost = "10.0.8.2"\nlan = ["10.0.8.0/24"]\n'
NIGHT = PhoneConfig(name="night", desk='the "night" watch', digests={"MD5": "ab" * 16})
HALL = PhoneConfig(
    name="hall", desk="Büro", digests={"SHA-256": "cd" * 32}, networks=("10.0.8.7", "10.1.0.0/16"), rings=False
)
BY_HAND = """
# The phone of the duty officer.
[[phone]]
name = "duty"
desk = "duty"
networks = [
  "10.0.8.9",
]
[phone.digests]
MD5 = "00000000000000000000000000000000"

# How calls ring.
[voice]
ring_s = 60
"""


def test_a_row_is_read_as_it_was_written() -> None:
    for row in (NIGHT, HALL):
        assert parse_config(HEAD + row_text(row), FILE).phone == (row,)


def test_phones_come_and_go_and_the_file_is_as_before() -> None:
    text = HEAD
    for row in (NIGHT, HALL):
        text = with_phone(text, row, FILE)
    assert parse_config(text, FILE).phone == (NIGHT, HALL)
    assert text.startswith(HEAD)
    assert parse_config(without_phone(text, "night", FILE), FILE).phone == (HALL,)
    assert without_phone(without_phone(text, "night", FILE), "hall", FILE).rstrip("\n") == HEAD.rstrip("\n")
    assert without_phone(without_phone(text, "hall", FILE), "night", FILE).rstrip("\n") == HEAD.rstrip("\n")


def test_a_row_written_by_hand_goes_with_its_own_tables_and_leaves_what_is_said_of_others() -> None:
    text = with_phone(HEAD + BY_HAND, NIGHT, FILE)
    assert [row.name for row in parse_config(text, FILE).phone] == ["duty", "night"]
    after = without_phone(text, "duty", FILE)
    assert parse_config(after, FILE).phone == (NIGHT,)
    assert "# How calls ring.\n[voice]\nring_s = 60\n" in after
    assert "00000000" not in after


@pytest.mark.parametrize(
    ("text", "row", "message_id"),
    [
        (HEAD + row_text(NIGHT), NIGHT, "phone-name-taken"),
        ('[party]\nid = "north.example"\n', NIGHT, "phones-not-set-up"),
        (HEAD, PhoneConfig(name="a b", desk="x", digests=NIGHT.digests), "config-wrong"),
        (HEAD, PhoneConfig(name="a", desk="x", digests={"MD5": "short"}), "config-wrong"),
        ("phone = []\n" + HEAD, NIGHT, "phone-change-by-hand"),
    ],
)
def test_what_would_break_the_file_is_refused(text: str, row: PhoneConfig, message_id: str) -> None:
    with pytest.raises(UsageError) as refused:
        with_phone(text, row, FILE)
    assert refused.value.message_id == message_id


@pytest.mark.parametrize(
    ("text", "message_id"),
    [
        (HEAD, "phone-unknown"),
        (
            f'phone = [{{ name = "night", desk = "x", digests = {{ MD5 = "{"ab" * 16}" }} }}]\n{HEAD}',
            "phone-change-by-hand",
        ),
        (HEAD + row_text(NIGHT).replace("[[phone]]", '[["phone"]]'), "phone-change-by-hand"),
        (HEAD + row_text(NIGHT) + "networks = '''\n[[phone]]\n'''", "config-wrong"),
    ],
)
def test_what_cannot_be_found_stays(text: str, message_id: str) -> None:
    with pytest.raises(UsageError) as refused:
        without_phone(text, "night", FILE)
    assert refused.value.message_id == message_id


def test_the_realm_is_the_party_unless_another_is_given() -> None:
    assert realm_of(parse_config(HEAD, FILE)) == "north.example"
    assert realm_of(parse_config(HEAD + 'realm = "phones"\n', FILE)) == "phones"


def test_the_file_is_replaced_whole_for_its_owner_alone_also_behind_a_link(tmp_path: Path) -> None:
    kept, party = tmp_path / "kept.toml", tmp_path / "party"
    party.mkdir()
    kept.write_text(HEAD)
    (party / "openline.toml").symlink_to(kept)
    rewrite(Folder(party), with_phone(HEAD, NIGHT, FILE))
    assert (party / "openline.toml").is_symlink()
    assert parse_config(kept.read_text(), FILE).phone == (NIGHT,)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    with pytest.raises(StoreError):
        rewrite(Folder(tmp_path / "nowhere"), HEAD)

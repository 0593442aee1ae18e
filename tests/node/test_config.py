"""`openline.toml`: every key, and each way in which a file can be wrong, with the file and the key in the refusal."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import UsageError
from openline.node.config import (
    Config,
    Desk,
    Due,
    Http,
    Https,
    PathConfig,
    Position,
    Tests,
    parse_config,
    read_config,
    split_address,
)

WHOLE = """
[party]
id = "north.example"
[party.names]
en = "North HQ"
ar = "قيادة الشمال"

[[path]]
name = "fibre"
listen = "0.0.0.0:7443"
advertise = "north.example:7443"
sessions = 3

[[path]]
name = "satellite"
listen = "[::]:7444"
metered = true
low_rate = true

[http]
listen = "127.0.0.1:8443"

[https]
listen = "10.0.0.5:8443"
names = ["alpha.watch.example", "alpha"]

[[position]]
name = "watch north"

[[position]]
name = "старший"
role = "supervisor"

[desk]
name = "watch north"
[desk.roles]
watch = ["read", "send", "accept"]
clerk = []

[tests]
every_minutes = 0

[due]
flash = 5
immediate = 15
priority = 60
routine = 240
"""

LEAST = '[party]\nid = "north.example"\n'


def wrong(text: str) -> str:
    """What is wrong with `text`, as the technician is told."""
    with pytest.raises(UsageError) as why:
        parse_config(text, "here.toml")
    assert why.value.message_id == "config-wrong"
    assert why.value.facts["file"] == "here.toml"
    return str(why.value.facts["detail"])


def test_every_key_is_read() -> None:
    config = parse_config(WHOLE, "here.toml")
    assert (config.party.id, config.party.names["ar"]) == ("north.example", "قيادة الشمال")
    assert config.path == (
        PathConfig(name="fibre", listen="0.0.0.0:7443", advertise="north.example:7443", sessions=3),
        PathConfig(name="satellite", listen="[::]:7444", metered=True, low_rate=True),
    )
    assert config.http == Http(listen="127.0.0.1:8443")
    assert config.https == Https(listen="10.0.0.5:8443", names=("alpha.watch.example", "alpha"))
    assert config.position == (Position(name="watch north"), Position(name="старший", role="supervisor"))
    assert config.desk == Desk(name="watch north", roles={"watch": ("read", "send", "accept"), "clerk": ()})
    assert config.tests == Tests(every_minutes=0)
    assert config.due == Due(flash=5, immediate=15, priority=60, routine=240)


def test_a_party_is_all_it_takes() -> None:
    config = parse_config(LEAST, "here.toml")
    assert config == Config(party=config.party)
    assert (config.desk.name, config.tests.every_minutes, config.due.flash) == ("watch", 60, 10)


@pytest.mark.parametrize(
    "table",
    ["", "party", "party.names", "http", "https", "desk", "desk.roles", "tests", "due", "[path]"],
    ids=lambda table: table,
)
def test_an_unknown_key_is_an_error_in_every_table_that_is_not_open(table: str) -> None:
    text = WHOLE if table != "[path]" else WHOLE.replace("sessions = 3", "sessions = 3\nunheard = 1")
    if table == "":
        text = "unheard = 1\n" + text
    elif table != "[path]":
        text = text.replace(f"[{table}]\n", f"[{table}]\nunheard = 1\n")
    detail = wrong(text)
    assert "unheard" in detail or table in ("party.names", "desk.roles"), detail


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id = "north.example"', "id = 7", "party.id"),
        ('id = "north.example"', 'id = ""', "party.id"),
        ('id = "north.example"', 'id = "not a name"', "party.id"),
        ('name = "fibre"', 'name = "satellite"', "once"),
        ('name = "fibre"', 'name = "two words"', "names"),
        ('name = "fibre"', 'name = ""', "path"),
        ("sessions = 3", "sessions = 0", "sessions"),
        ("sessions = 3", "sessions = 9", "sessions"),
        ("sessions = 3", 'sessions = "3"', "sessions"),
        ("metered = true", 'metered = "yes"', "metered"),
        ('listen = "0.0.0.0:7443"', 'listen = "0.0.0.0"', "host:port"),
        ('listen = "0.0.0.0:7443"', 'listen = "0.0.0.0:65536"', "host:port"),
        ('advertise = "north.example:7443"', 'advertise = ":7443"', "host:port"),
        ('listen = "127.0.0.1:8443"', 'listen = "192.0.2.1:8443"', "loopback"),
        ('listen = "127.0.0.1:8443"', 'listen = "8443"', "host:port"),
        ('listen = "10.0.0.5:8443"', 'listen = "10.0.0.5"', "host:port"),
        ('names = ["alpha.watch.example", "alpha"]', "names = []", "https.names"),
        ('"alpha.watch.example"', '"10.0.0.5"', "https.names"),
        ('"alpha.watch.example"', '"Alpha.watch.example"', "https.names"),
        ('"alpha.watch.example"', '"https://alpha.watch.example"', "https.names"),
        ('"alpha.watch.example"', '"*.watch.example"', "https.names"),
        ('"alpha.watch.example"', '"alpha.watch.example:8443"', "https.names"),
        ('"alpha.watch.example"', '"-alpha"', "https.names"),
        ('"alpha.watch.example"', '"a..b"', "https.names"),
        ('name = "старший"', 'name = "watch north"', "once"),
        ('name = "старший"', 'name = " watch"', "position"),
        ('name = "старший"', 'name = "a\\u202eb"', "position"),
        ('name = "старший"', 'name = ""', "position"),
        ('name = "старший"', f'name = "{"ы" * 33}"', "position"),
        ('role = "supervisor"', 'role = ""', "position"),
        ('[desk]\nname = "watch north"', f'[desk]\nname = "{"x" * 65}"', "desk.name"),
        ('[desk]\nname = "watch north"', '[desk]\nname = ""', "desk.name"),
        ("clerk = []", 'clerk = "read"', "desk.roles"),
        ("every_minutes = 0", "every_minutes = -1", "every_minutes"),
        ("every_minutes = 0", "every_minutes = 1441", "every_minutes"),
        ("flash = 5", "flash = 0", "due.flash"),
        ("flash = 5", "flash = 5.5", "due.flash"),
    ],
)
def test_a_bad_value_is_refused_by_its_name(old: str, new: str, says: str) -> None:
    assert old in WHOLE
    assert says in wrong(WHOLE.replace(old, new, 1))


def test_a_missing_party_is_refused() -> None:
    assert "party" in wrong("")
    assert "id" in wrong("[party]")


def test_what_is_no_toml_is_refused_with_its_place() -> None:
    with pytest.raises(UsageError, match="config-unreadable") as why:
        parse_config(LEAST + "nonsense\n", "here.toml")
    assert "line" in str(why.value.facts["detail"])


def test_the_file_is_read_from_the_folder(tmp_path: Path) -> None:
    (tmp_path / "openline.toml").write_text(WHOLE, encoding="utf-8")
    assert read_config(tmp_path) == parse_config(WHOLE, "")


def test_a_folder_without_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="config-missing") as why:
        read_config(tmp_path)
    assert why.value.facts["file"] == str(tmp_path / "openline.toml")


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "openline.toml").write_bytes(b'[party]\nid = "\xff"\n')
    with pytest.raises(UsageError, match="config-unreadable"):
        read_config(tmp_path)


def test_a_file_that_is_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "openline.toml").mkdir()
    with pytest.raises(UsageError, match="config-unreadable"):
        read_config(tmp_path)


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("127.0.0.1:80", ("127.0.0.1", 80)),
        ("north.example:65535", ("north.example", 65_535)),
        ("[::1]:0", ("::1", 0)),
        ("[2001:db8::1]:7443", ("2001:db8::1", 7_443)),
    ],
)
def test_an_address_is_host_and_port(address: str, parts: tuple[str, int]) -> None:
    assert split_address(address) == parts


@given(st.text(max_size=30))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        host, port = split_address(text)
    except UsageError:
        return
    assert host
    assert 0 <= port <= 65_535

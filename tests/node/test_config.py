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
    PhoneConfig,
    PhonesConfig,
    Position,
    Tests,
    VoiceConfig,
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
role = "watch"

[[position]]
name = "старший"
role = "supervisor"

[desk]
name = "watch north"
show_names = true
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

[voice]
addresses = ["10.0.0.5", "::1"]
dtx = false
ring_s = 30
answering = true

[phones]
host = "10.0.0.6"
lan = ["10.0.0.0/24"]
realm = "hq"
udp_port = 0
tls_port = 5555
certificate = "phones.pem"
rtp_first = 20000
rtp_last = 20099

[[phone]]
name = "Night-1"
desk = "пост ночной"
digests = { SHA-256 = "0000000000000000000000000000000000000000000000000000000000000000" }
networks = ["10.0.1.0/24"]
rings = false

[[phone]]
name = "day"
desk = "day"
digests = { MD5 = "5f4dcc3b5aa765d61d8327deb882cf99" }
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
    assert config.position == (Position(name="watch north", role="watch"), Position(name="старший", role="supervisor"))
    assert config.desk == Desk(
        name="watch north", roles={"watch": ("read", "send", "accept"), "clerk": ()}, show_names=True
    )
    assert config.tests == Tests(every_minutes=0)
    assert config.due == Due(flash=5, immediate=15, priority=60, routine=240)
    assert config.voice == VoiceConfig(addresses=("10.0.0.5", "::1"), dtx=False, ring_s=30, answering=True)
    assert config.phones == PhonesConfig(
        host="10.0.0.6",
        lan=("10.0.0.0/24",),
        realm="hq",
        udp_port=0,
        tls_port=5_555,
        certificate="phones.pem",
        rtp_first=20_000,
        rtp_last=20_099,
    )
    assert config.phone == (
        PhoneConfig(
            name="Night-1",
            desk="пост ночной",
            digests={"SHA-256": "0" * 64},
            networks=("10.0.1.0/24",),
            rings=False,
        ),
        PhoneConfig(name="day", desk="day", digests={"MD5": "5f4dcc3b5aa765d61d8327deb882cf99"}),
    )


def test_a_party_is_all_it_takes() -> None:
    config = parse_config(LEAST, "here.toml")
    assert config == Config(party=config.party)
    assert (config.desk.name, config.tests.every_minutes, config.due.flash) == ("watch", 60, 10)
    assert (config.voice.enabled, config.voice.ring_s, config.voice.answering) == (True, 45, False)
    assert (config.phones.udp_port, config.phones.tls_port, config.phones.rtp_last) == (5_060, 5_061, 16_639)


@pytest.mark.parametrize(
    "table",
    ["", "party", "party.names", "http", "https", "desk", "desk.roles", "tests", "due", "voice", "phones", "[path]"],
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
        ('"10.0.0.5", "::1"', '"0.0.0.0"', "0.0.0.0"),
        ('"10.0.0.5", "::1"', '"north.example"', "north.example"),
        ("ring_s = 30", "ring_s = 4", "ring_s"),
        ('host = "10.0.0.6"', 'host = "::"', "::"),
        ('host = "10.0.0.6"', "", "phones.host"),
        ('"10.0.0.0/24"', '"10.0.0.5/24"', "10.0.0.5/24"),
        ('"10.0.1.0/24"', '"the cellar"', "the cellar"),
        ('realm = "hq"', 'realm = "h\\"q"', "phones.realm"),
        ("udp_port = 0", "udp_port = 65536", "udp_port"),
        ("rtp_last = 20099", "rtp_last = 20000", "rtp_last"),
        ('name = "Night-1"', 'name = "day"', "once"),
        ('name = "Night-1"', 'name = "night one"', "night one"),
        ('desk = "пост ночной"', 'desk = " x"', "Night-1"),
        ("SHA-256 =", "SHA-1 =", "SHA-256"),
        ("SHA-256 =", "MD5 =", "Night-1"),
        ('MD5 = "5f4', 'MD5 = "5F4', "day"),
        ('{ MD5 = "5f4dcc3b5aa765d61d8327deb882cf99" }', "{}", "day"),
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

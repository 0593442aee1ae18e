"""The doctor: every finding has a sentence, what is wrong is bad, and a running node's own store is left alone."""

from __future__ import annotations

import asyncio
import ctypes
import io
import os
import socket
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import apsw
import pytest

from openline.base.catalogue import known_ids
from openline.base.time import DAY_US, SECOND_US
from openline.node import health
from openline.node.certificate import certify
from openline.node.clock import SystemClock
from openline.node.config import PathConfig
from openline.node.folder import Folder
from openline.node.founding import create_party
from openline.node.health import clock_synchronized, doctor, sound
from openline.node.journal import Journal
from openline.node.views import Finding
from openline.node.voice import Voice
from openline.node.voice_process import Ended
from openline.node.voice_settings import VoiceSettings
from tests.node.houses import ALPHA, START, HandClock, House, played, started, turned_away


@pytest.fixture(scope="module")
def _founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("north") / "party"
    with patch("openline.node.founding.lock_root", return_value=b"locked"):  # which takes a second
        create_party(folder, "north.example", {}, [PathConfig(name="fibre")], "a phrase", HandClock("north"))
    return folder


@pytest.fixture
def folder(_founded: Path, tmp_path: Path) -> Path:
    """A party in a folder of its own, its root key moved away."""
    for file in _founded.rglob("*"):
        target = tmp_path / file.relative_to(_founded)
        if file.is_dir():
            target.mkdir(mode=0o700)
        else:
            target.write_bytes(file.read_bytes())
            target.chmod(0o600)
    Folder(tmp_path).root_key.unlink()
    return tmp_path


def levels(findings: list[Finding]) -> dict[str, str]:
    return {finding.id: finding.level for finding in findings}


def test_a_healthy_node_has_nothing_that_is_bad(folder: Path) -> None:
    found = levels(doctor(folder))
    assert found["record-sound"] == found["sqlite"] == "ok"
    assert "bad" not in found.values()


def test_every_finding_has_its_sentence_in_the_asked_language(folder: Path) -> None:
    Folder(folder).root_key.write_bytes(b"root")
    english, french = doctor(folder, "en"), doctor(folder, "fr")
    assert [finding.id for finding in english] == [finding.id for finding in french]
    for finding in english:
        assert finding.id in known_ids("en") | {"sqlite"}
        assert not finding.text.startswith(finding.id)
    assert english != french


def test_a_folder_without_a_party_is_told_and_nothing_else_is_asked(tmp_path: Path) -> None:
    assert levels(doctor(tmp_path))["config-missing"] == "bad"


def test_a_wrong_configuration_is_told(folder: Path) -> None:
    Folder(folder).config.write_text("[party]\nid = 5\n")
    assert levels(doctor(folder))["config-wrong"] == "bad"


def test_keys_that_cannot_be_read_are_told(folder: Path) -> None:
    Folder(folder).node_keys.write_bytes(b"?")
    assert levels(doctor(folder))["node-keys-unreadable"] == "bad"


def test_a_root_key_that_lies_here_is_a_warning(folder: Path) -> None:
    Folder(folder).root_key.write_bytes(b"root")
    assert levels(doctor(folder))["root-key-here"] == "warn"


@pytest.mark.parametrize("name", ["node_keys", "token"])
def test_keys_that_others_can_read_are_bad(folder: Path, name: str) -> None:
    file: Path = getattr(Folder(folder), name)
    file.chmod(0o640)
    found = [finding for finding in doctor(folder) if finding.id == "key-file-open"]
    assert [finding.level for finding in found] == ["bad"]
    assert str(file) in found[0].text


def test_a_damaged_record_is_bad(folder: Path) -> None:
    data = bytearray(Folder(folder).record.read_bytes())
    data[4_096:8_192] = bytes(4_096)
    Folder(folder).record.write_bytes(bytes(data))
    assert levels(doctor(folder))["store-corrupt"] == "bad"


def test_a_running_nodes_store_and_ports_are_its_own_affair(folder: Path) -> None:
    Folder(folder).record.write_bytes(b"")
    found = levels(doctor(folder, running=True))
    assert not {"store-corrupt", "record-sound", "port-free"} & found.keys()


def http_at(folder: Path, address: str) -> dict[str, str]:
    """What the doctor says of a node whose console listens there."""
    text = f'[party]\nid = "north.example"\n[[path]]\nname = "fibre"\nlisten = "{address}"\n'
    Folder(folder).config.write_text(text, encoding="utf-8")
    return levels(doctor(folder))


def test_a_port_is_tried_and_free_again_afterwards(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        other.listen()
        assert http_at(folder, f"127.0.0.1:{port}")["path-port-taken"] == "bad"
    for _ in range(2):
        assert http_at(folder, f"127.0.0.1:{port}")["port-free"] == "ok"


@pytest.mark.parametrize(
    ("address", "fault"),
    [("192.0.2.1:7443", "path-address-not-ours"), (f"{'x' * 70}:7443", "path-name-unknown")],
)
def test_an_address_that_is_not_ours_is_told_as_such(folder: Path, address: str, fault: str) -> None:
    assert http_at(folder, address)[fault] == "bad"


def test_little_room_on_the_disk_is_a_warning(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_FREE_BYTES_MIN", 1 << 62)
    assert levels(doctor(folder))["disk-free"] == "warn"


def test_an_old_sqlite_is_bad(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.51.2")
    assert levels(doctor(folder))["store-sqlite-too-old"] == "bad"


@pytest.mark.parametrize(("state", "right"), [(0, True), (4, True), (5, False), (-1, False)])
def test_the_kernel_says_whether_the_clock_is_steered(monkeypatch: pytest.MonkeyPatch, state: int, right: bool) -> None:
    class Libc:
        def adjtimex(self, _asked: object) -> int:
            return state

    monkeypatch.setattr(ctypes, "CDLL", lambda _name: Libc())
    assert clock_synchronized() is right


def test_where_nobody_can_say_the_clock_counts_as_not_steered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    assert not clock_synchronized()
    monkeypatch.setattr(os, "name", "nt")
    assert not clock_synchronized()


def test_an_unsteered_clock_is_a_warning(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for steered, finding in ((True, ("clock-synchronized", "ok")), (False, ("clock-unsynchronized", "warn"))):
        monkeypatch.setattr(health, "clock_synchronized", lambda answer=steered: answer)
        assert finding in levels(doctor(folder)).items()


def test_a_configuration_with_phones_is_as_secret_as_their_passwords(folder: Path) -> None:
    config = Folder(folder).config
    config.chmod(0o644)
    assert "key-file-open" not in levels(doctor(folder))
    with config.open("a") as file:
        file.write(
            f'[phones]\nhost = "10.0.0.5"\n[[phone]]\nname = "a"\ndesk = "a"\ndigests = {{ MD5 = "{"0" * 32}" }}\n'
        )
    assert levels(doctor(folder))["key-file-open"] == "bad"


# Sound


def test_whether_sound_is_carried_is_told_with_what_was_wrong_within_a_day() -> None:
    async def story() -> None:
        voice = Voice(VoiceSettings(command=("/no/such/program",)), Journal(SystemClock(), io.StringIO()), spawned)
        assert [finding.id for finding in sound(voice, 100.0, "en")] == ["voice-not-running"]
        assert not list(sound(Voice(None, Journal(SystemClock()), spawned), 100.0, "en")), "none is wanted"
        voice.restarts, voice.last_ended = 3, (Ended("hung", -9), 50.0)
        voice.lags["node"].worst_us, voice.lags["node"].told_s = 70_400, 60.0
        found = list(sound(voice, 100.0, "en"))
        assert {finding.id: finding.level for finding in found} == {
            "voice-not-running": "bad",
            "voice-ended-before": "warn",
            "voice-late": "warn",
        }
        assert "3 times" in found[1].text
        assert "hung" in found[1].text
        assert "70 ms" in found[2].text
        later = sound(voice, 60.0 + DAY_US / SECOND_US, "fr")
        assert [finding.id for finding in later] == ["voice-not-running"], "after a day it is forgotten"

    def spawned(work: Coroutine[object, None, None], name: str) -> asyncio.Task[None]:
        raise AssertionError(name, work)

    played(story())


def test_a_node_says_whether_it_carries_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "doctor", lambda *_, **__: [])

    async def story() -> None:
        node = await started(House(ALPHA))
        assert node.desk.doctor() == []
        monkeypatch.setattr(Voice, "enabled", True)
        assert levels(node.desk.doctor()) == {"voice-not-running": "bad"}
        monkeypatch.setattr(Voice, "state", "running")
        assert levels(node.desk.doctor()) == {"voice-is-running": "ok"}

    played(story())


# Who called in vain


def test_the_newest_call_that_was_refused_is_told_with_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "doctor", lambda *_, **__: [Finding("sqlite", "ok", "SQLite")])

    async def story() -> None:
        node = await started(House(ALPHA))
        turned_away(node, "fibre")
        assert [finding.id for finding in node.desk.doctor()] == ["sqlite"], "nobody has called"
        turned_away(node, "fibre", "path-not-tls", "path-key-unknown")
        turned_away(node, "radio", "path-not-tls")
        await asyncio.sleep(90)
        _, fibre, radio = node.desk.doctor()
        assert (fibre.id, fibre.level) == (radio.id, radio.level) == ("calls-refused", "warn")
        assert fibre.text == (
            f"2 calls on path fibre came to no session. The newest, at {START.dtg()}: The node at 192.0.2.7:50123 "
            f"(path fibre) shows a key that nobody here accepted ({'ab' * 32}). It is not let in. Check the address "
            "and ask for the newest card."
        )
        assert radio.text.startswith("One call on path radio came to no session.")
        assert node.desk.doctor("fr")[1].text.startswith("2 appels sur la voie fibre")
        assert "path-key-unknown" not in fibre.text
        newest = node.paths.listeners[0].last_refused
        assert newest is not None
        node.paths.listeners[0].last_refused = replace(newest, at_s=newest.at_s - DAY_US / SECOND_US)
        assert node.desk.doctor()[1:] == [radio], "after a day it is forgotten"

    played(story())


# The console's certificate


def _with_https(folder: Path) -> Folder:
    with (folder / "openline.toml").open("a") as file:
        file.write('[https]\nlisten = "127.0.0.1:0"\nnames = ["alpha.watch.example"]\n')
    return Folder(folder)


def test_an_https_door_without_a_certificate_is_bad(folder: Path) -> None:
    _with_https(folder)
    assert levels(doctor(folder))["console-certificate-missing"] == "bad"


@pytest.mark.parametrize(("passed_days", "level"), [(0, None), (360, None), (367, "warn"), (396, "warn"), (397, "bad")])
def test_a_certificate_that_ends_soon_is_told_before(folder: Path, passed_days: int, level: str | None) -> None:
    now = SystemClock().now().plus(-passed_days * DAY_US)
    certify(_with_https(folder), "alpha.example", ["alpha.watch.example"], now)
    found = levels(doctor(folder))
    assert found.get("console-certificate-ends") == level
    assert "key-file-open" not in found


def test_a_key_of_the_console_that_others_can_read_is_bad(folder: Path) -> None:
    place = _with_https(folder)
    certify(place, "alpha.example", ["alpha.watch.example"], SystemClock().now())
    place.console_ca_key.chmod(0o644)
    assert levels(doctor(folder))["key-file-open"] == "bad"

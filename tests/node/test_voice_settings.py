"""What voice processes are told first, from `openline.toml`."""

from __future__ import annotations

from pathlib import Path

from openline.media.words import PhoneRow, PhonesAre
from openline.node.config import parse_config
from openline.node.folder import Folder
from openline.node.voice_settings import COMMAND, VoiceSettings, voice_settings

PARTY = '[party]\nid = "north.example"\n'
PHONES = """
[phones]
host = "10.0.0.5"
lan = ["10.0.0.0/24"]
udp_port = 0
rtp_first = 20000
rtp_last = 20099
[[phone]]
name = "night"
desk = "night desk"
digests = { SHA-256 = "%s" }
networks = ["10.0.1.0/24"]
rings = false
""" % ("ab" * 32)


def settings(text: str, folder: Path = Path("/nowhere")) -> VoiceSettings | None:
    return voice_settings(parse_config(PARTY + text, "openline.toml"), Folder(folder))


def phones(text: str, folder: Path = Path("/nowhere")) -> PhonesAre:
    found = settings(text, folder)
    assert found is not None
    assert found.phones is not None
    return found.phones


def test_a_node_carries_sound_unless_told_otherwise() -> None:
    assert settings("") == VoiceSettings((), True, None, COMMAND)
    assert settings("[voice]\nenabled = false\n") is None
    assert settings('[voice]\naddresses = ["::1"]\ndtx = false\n') == VoiceSettings(("::1",), False)


def test_the_process_is_our_own_program_whatever_lies_around() -> None:
    assert COMMAND[1:] == ("-P", "-m", "openline.media.process")


def test_without_a_phone_no_phone_is_listened_for() -> None:
    found = settings('[phones]\nhost = "10.0.0.5"\n')
    assert found is not None
    assert found.phones is None


def test_phones_reach_us_as_the_file_says() -> None:
    assert phones(PHONES) == PhonesAre(
        host="10.0.0.5",
        realm="north.example",
        lan=("10.0.0.0/24",),
        phones=(PhoneRow("night", "night desk", {"SHA-256": "ab" * 32}, ("10.0.1.0/24",), False),),
        udp_port=None,
        tls_port=None,
        tls_file="",
        rtp_ports=(20_000, 20_100),
        rings_s=45,
    )


def test_a_certificate_makes_tls(tmp_path: Path) -> None:
    place = Folder(tmp_path)
    assert phones(PHONES, tmp_path).tls_port is None
    place.console_certificate.parent.mkdir()
    place.console_certificate.write_text("")
    given = phones(PHONES, tmp_path)
    assert (given.tls_port, given.tls_file) == (5_061, str(place.console_certificate))
    own = phones(PHONES.replace("udp_port = 0", 'certificate = "phones.pem"\ntls_port = 5555'), tmp_path)
    assert (own.udp_port, own.tls_port, own.tls_file) == (5_060, 5_555, str(tmp_path / "phones.pem"))
    assert phones(PHONES.replace("udp_port = 0", "tls_port = 0"), tmp_path).tls_port is None


def test_a_realm_and_a_ring_of_its_own() -> None:
    own = phones(PHONES.replace("udp_port = 0", 'realm = "hq"') + "[voice]\nring_s = 20\n")
    assert (own.realm, own.rings_s) == ("hq", 20)

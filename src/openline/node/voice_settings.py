"""What every voice process of a node is told first, made from the node's configuration."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from openline.media.words import PhoneRow, PhonesAre
from openline.node.config import Config
from openline.node.folder import Folder
from openline.node.phonebook import realm_of

COMMAND = (sys.executable, "-P", "-m", "openline.media.process")
"""What is started; -P, so that no folder the node happens to be started in can put itself before our code."""


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    """How sound is carried. Without `addresses` it is received at all that this machine has."""

    addresses: tuple[str, ...] = ()
    dtx: bool = True
    phones: PhonesAre | None = None
    command: tuple[str, ...] = COMMAND


def voice_settings(config: Config, folder: Folder) -> VoiceSettings | None:
    """The settings of the node in `folder`; None where it is to carry no sound."""
    voice = config.voice
    return VoiceSettings(voice.addresses, voice.dtx, phones_are(config, folder)) if voice.enabled else None


def phones_are(config: Config, folder: Folder) -> PhonesAre | None:
    """How phones reach us; None where there are none. Without a certificate they do not by TLS."""
    phones = config.phones
    if phones.host is None or not config.phone:
        return None
    given = phones.certificate is not None
    certificate = folder.path / phones.certificate if phones.certificate is not None else folder.console_certificate
    tls = phones.tls_port if given or certificate.exists() else 0
    return PhonesAre(
        host=phones.host,
        realm=realm_of(config),
        lan=phones.lan,
        phones=tuple(PhoneRow(row.name, row.desk, row.digests, row.networks, row.rings) for row in config.phone),
        udp_port=phones.udp_port or None,
        tls_port=tls or None,
        tls_file=str(certificate) if tls else "",
        rtp_ports=(phones.rtp_first, phones.rtp_last + 1),
        rings_s=config.voice.ring_s,
    )

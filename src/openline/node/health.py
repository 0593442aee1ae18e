"""`openline node doctor`: what is wrong with this node and what to do, the time source included."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import socket
from collections.abc import Iterable, Iterator
from pathlib import Path

import apsw

from openline.base.catalogue import explain, sentence
from openline.base.errors import OpenlineError
from openline.base.limits import CERTIFICATE_WARN_DAYS
from openline.base.time import DAY_US, SECOND_US, Instant
from openline.node.certificate import not_after
from openline.node.clock import SystemClock
from openline.node.config import Config, read_config, split_address
from openline.node.folder import Folder
from openline.node.views import Finding
from openline.node.voice import RUNNING, Voice
from openline.store.check import check_library
from openline.store.sqlite import SqliteStore
from openline.transport.tls import Listener

_FREE_BYTES_MIN = 1 << 30
_CANNOT_LISTEN = {
    errno.EADDRNOTAVAIL: "path-address-not-ours",
    errno.EACCES: "path-port-not-allowed",
    errno.EPERM: "path-port-not-allowed",
}
_TIME_ERROR = 5
_TIMEX_BYTES = 512


def doctor(folder: Path, language: str = "en", running: bool = False) -> list[Finding]:
    """Look at everything a node needs. `running` says this node holds its own store and ports."""
    place = Folder(folder)
    findings = [Finding(*row) for row in _machine(place, language)]
    try:
        config = read_config(folder)
        place.secrets()
    except OpenlineError as why:
        return [*findings, _bad(why, language)]
    findings += [Finding(*row) for row in _keys(place, language, phones=bool(config.phone))]
    if config.https.listen is not None:
        findings += [Finding(*row) for row in _certificate(place, SystemClock().now(), language)]
    if not running:
        findings += [Finding(*row) for row in _store(place, language)]
        findings += [Finding(*row) for row in _ports(config, language)]
    return findings


def refused_calls(listeners: Iterable[Listener], passed_s: float, now: Instant, language: str) -> Iterator[Finding]:
    """For each path that turned somebody away within a day: how often since the start, and why the newest.

    `passed_s` is the event loop's time `now`.
    """
    for listener in listeners:
        newest = listener.last_refused
        if newest is None or passed_s - newest.at_s >= DAY_US / SECOND_US:
            continue
        at = now.plus(round((newest.at_s - passed_s) * SECOND_US))
        count = sum(listener.refused.values())
        told = sentence("calls-refused", {"path": listener.path, "count": count, "at": at.dtg()}, language)
        yield Finding("calls-refused", "warn", f"{told} {explain(newest.why, language)}")


def sound(voice: Voice, passed_s: float, language: str) -> Iterator[Finding]:
    """Whether sound is carried, and what was wrong with it within a day. `passed_s` is the event loop's time now."""
    if not voice.enabled:
        return
    running = voice.state == RUNNING
    name = "voice-is-running" if running else "voice-not-running"
    yield Finding(name, "ok" if running else "bad", sentence(name, {}, language))
    if voice.last_ended is not None and passed_s - voice.last_ended[1] < DAY_US / SECOND_US:
        told = sentence("voice-ended-before", {"count": voice.restarts, "cause": voice.last_ended[0].cause}, language)
        yield Finding("voice-ended-before", "warn", told)
    for lag in voice.lags.values():
        if lag.told_s is not None and passed_s - lag.told_s < DAY_US / SECOND_US:
            told = sentence("voice-late", {"ms": lag.worst_us // 1_000}, language)
            yield Finding("voice-late", "warn", told)
            return


def _machine(place: Folder, language: str) -> Iterator[tuple[str, str, str]]:
    try:
        check_library(apsw.sqlite_lib_version())
        yield "sqlite", "ok", f"SQLite {apsw.sqlite_lib_version()}"
    except OpenlineError as why:
        yield why.message_id, "bad", sentence(why.message_id, why.facts, language)
    synchronized = clock_synchronized()
    yield (
        ("clock-synchronized", "ok", sentence("clock-synchronized", {}, language))
        if synchronized
        else (
            "clock-unsynchronized",
            "warn",
            sentence("clock-unsynchronized", {}, language),
        )
    )
    if place.path.is_dir():
        free = shutil.disk_usage(place.path).free
        level = "ok" if free > _FREE_BYTES_MIN else "warn"
        yield "disk-free", level, sentence("disk-free", {"free": free >> 20, "folder": str(place.path)}, language)


def _keys(place: Folder, language: str, phones: bool) -> Iterator[tuple[str, str, str]]:
    """With `phones` the configuration is a key file as well: whoever reads it can log in in a phone's place."""
    if place.root_key.exists():
        facts = {"file": str(place.root_key)}
        yield "root-key-here", "warn", sentence("root-key-here", facts, language)
    keys = (place.node_keys, place.token, place.console_ca_key, place.console_certificate)
    for file in (*keys, *((place.config,) if phones else ())):
        if file.exists() and file.stat().st_mode & 0o077:
            yield "key-file-open", "bad", sentence("key-file-open", {"file": str(file)}, language)


def _certificate(place: Folder, now: Instant, language: str) -> Iterator[tuple[str, str, str]]:
    until = not_after(place)
    if until is None:
        facts = {"file": str(place.console_certificate)}
        yield "console-certificate-missing", "bad", sentence("console-certificate-missing", facts, language)
    elif until - now < CERTIFICATE_WARN_DAYS * DAY_US:
        told = sentence("console-certificate-ends", {"until": until.dtg()}, language)
        yield "console-certificate-ends", "warn" if until > now else "bad", told


def _store(place: Folder, language: str) -> Iterator[tuple[str, str, str]]:
    try:
        store = SqliteStore(place.record)
        lines = store.lines()
        store.close()
        yield "record-sound", "ok", sentence("record-sound", {"lines": len(lines)}, language)
    except OpenlineError as why:
        yield why.message_id, "bad", sentence(why.message_id, why.facts, language)


def _ports(config: Config, language: str) -> Iterator[tuple[str, str, str]]:
    for address in [*(path.listen for path in config.path), config.http.listen, config.https.listen]:
        if address:
            name = _tried(*split_address(address))
            yield name, "ok" if name == "port-free" else "bad", sentence(name, {"address": address}, language)


def _tried(host: str, port: int) -> str:
    """What comes of listening there, as a message id."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (socket.gaierror, ValueError):  # the latter for what cannot even be written as a name
            return "path-name-unknown"
        except OSError as why:
            return _CANNOT_LISTEN.get(why.errno or 0, "path-port-taken")
    return "port-free"


def clock_synchronized() -> bool:
    """Whether the kernel says its clock is steered by a time source (adjtimex)."""
    ask = getattr(ctypes.CDLL(None), "adjtimex", None) if os.name == "posix" else None
    return ask is not None and 0 <= int(ask(ctypes.create_string_buffer(_TIMEX_BYTES))) < _TIME_ERROR


def _bad(why: OpenlineError, language: str) -> Finding:
    return Finding(why.message_id, "bad", sentence(why.message_id, why.facts, language))

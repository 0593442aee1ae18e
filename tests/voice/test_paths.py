"""Paths: silent when others bring what it does not, dead when that lasts, and used again at the first sign of life."""

from __future__ import annotations

import pytest

from openline.base.errors import UsageError
from openline.base.limits import VOICE_PATH_DEAD_AFTER_US, VOICE_PATH_LOST_AFTER_US, VOICE_PATHS_MAX
from openline.base.time import SECOND_US
from openline.voice.datagram import Reception, Report
from openline.voice.paths import Paths, State

FRAME_US = 20_000


def _two() -> Paths:
    paths = Paths()
    paths.open(0, 0)
    paths.open(1, 0)
    return paths


def _flow(paths: Paths, begin: int, count: int, *on: int, every_us: int = FRAME_US) -> int:
    """Datagrams come on these paths, and time is looked at; when it ends."""
    for number in range(count):
        now = begin + number * every_us
        for path in on:
            paths.arrived(path, _next(paths, path), now)
        paths.look(now)
    return begin + count * every_us


def _next(paths: Paths, path: int) -> int:
    """The sequence number that follows on a path where none was lost."""
    return paths.path(path).inbound.received % 65_536


def _lost(paths: Paths) -> bool:
    return paths.lost


def test_a_path_falls_silent_at_once_when_the_other_brings_what_it_should() -> None:
    paths = _two()
    now = _flow(paths, 0, 50, 0, 1)
    now = _flow(paths, now, 7, 1)
    assert paths.path(0).state is State.HEARD
    _flow(paths, now, 1, 1)
    assert paths.path(0).state is State.SILENT
    assert paths.path(1).state is State.HEARD
    assert not paths.lost


def test_in_silence_nothing_is_expected_and_no_path_falls_silent() -> None:
    paths = _two()
    now = _flow(paths, 0, 50, 0, 1)
    _flow(paths, now, 20, 0, 1, every_us=SECOND_US)
    assert [paths.path(number).state for number in (0, 1)] == [State.HEARD, State.HEARD]


def test_a_path_that_loses_in_long_runs_is_given_longer() -> None:
    paths, now = _two(), 0
    for number in range(200):
        if number % 20 >= 8:
            paths.arrived(0, number, now)
        paths.arrived(1, number, now)
        paths.look(now)
        now += FRAME_US
    assert paths.path(0).inbound.burst > 4
    _flow(paths, now, 12, 1)
    assert paths.path(0).state is State.HEARD
    _flow(paths, now + 12 * FRAME_US, 40, 1)
    assert paths.path(0).state is State.SILENT


def test_all_paths_silent_is_sound_lost_and_then_all_carry() -> None:
    paths = _two()
    now = _flow(paths, 0, 50, 0, 1) - FRAME_US
    paths.look(now + VOICE_PATH_LOST_AFTER_US - 1)
    assert _lost(paths) is False
    assert paths.look(now + VOICE_PATH_LOST_AFTER_US)
    assert _lost(paths) is True
    assert paths.relied_on() == []
    paths.look(now + VOICE_PATH_DEAD_AFTER_US)
    assert paths.path(0).state is State.DEAD
    assert paths.carrying(now + VOICE_PATH_DEAD_AFTER_US) == [0, 1]
    paths.arrived(1, _next(paths, 1), now + VOICE_PATH_DEAD_AFTER_US + 1)
    assert paths.path(1).state is State.HEARD
    assert paths.carrying(now + VOICE_PATH_DEAD_AFTER_US + 1) == [1]
    assert len(paths.relied_on()) == 1


def test_a_silent_path_carries_until_it_is_dead_and_is_not_relied_on() -> None:
    paths = _two()
    now = _flow(paths, 0, 50, 0, 1)
    now = _flow(paths, now, 20, 1)
    assert paths.carrying(now) == [0, 1]
    assert len(paths.relied_on()) == 1
    now = _flow(paths, now, VOICE_PATH_DEAD_AFTER_US // FRAME_US, 1)
    assert paths.path(0).state is State.DEAD
    assert paths.carrying(now) == [1]
    paths.arrived(0, _next(paths, 0), now)
    assert paths.carrying(now) == [0, 1]


def _report(number: int, *heard: bool, lost: int = 0) -> Report:
    receptions = tuple(Reception(path, each, 1, 1, 0, 0, 0) for path, each in enumerate(heard))
    return Report(number, 1_000, lost, receptions)


def test_a_path_that_the_peer_does_not_hear_is_not_relied_on_and_later_does_not_carry() -> None:
    paths = _two()
    _flow(paths, 0, 50, 0, 1)
    paths.told(1, _report(1, False, True), SECOND_US)
    assert len(paths.relied_on()) == 1
    assert paths.carrying(SECOND_US) == [0, 1]
    assert paths.carrying(SECOND_US + VOICE_PATH_DEAD_AFTER_US) == [1]
    paths.told(1, _report(2, True, True), 5 * SECOND_US)
    assert paths.carrying(5 * SECOND_US) == [0, 1]
    assert len(paths.relied_on()) == 2


def test_only_the_newest_report_counts_and_its_losses_once() -> None:
    paths = _two()
    assert paths.told(0, _report(65_535, True, True, lost=4), 1) == 0, "what was lost before we knew is not news"
    assert paths.told(0, _report(1, True, False, lost=9), 2) == 5
    assert paths.told(1, _report(1, True, False, lost=9), 3) == 0
    assert paths.told(1, _report(65_535, True, True, lost=4), 4) == 0
    assert not paths.path(1).outbound.heard
    assert paths.told(0, _report(2, True, True, lost=7), 5) == 0, "some came after all"


def test_reports_are_often_in_sound_seldom_in_silence_and_at_once_when_a_path_falls_silent() -> None:
    paths, reports, now = _two(), 0, 0
    for _ in range(100):
        now = _flow(paths, now, 1, 0, 1)
        reports += paths.report_due(0, 0, now) is not None
    assert reports == 7
    for _ in range(20):
        now = _flow(paths, now, 1, 0, 1, every_us=SECOND_US // 5)
        reports += paths.report_due(0, 0, now) is not None
    assert reports == 11
    now = _flow(paths, now, 12, 1)
    urgent = [paths.report_due(5, 1, now + step * 10_000) for step in range(20)]
    made = [report for report in urgent if report is not None]
    assert urgent[0] is made[0]
    assert len(made) == 3
    assert [(one.path, one.heard) for one in made[0].paths] == [(0, False), (1, True)]
    assert (made[0].frames, made[0].lost) == (5, 1)
    assert [one.number for one in made] == [12, 13, 14]


def test_a_path_that_was_never_heard_is_in_no_report() -> None:
    paths = _two()
    now = _flow(paths, 0, 60, 1)
    report = paths.report_due(0, 0, now)
    assert report is not None
    assert [one.path for one in report.paths] == [1]


def test_a_probe_is_due_where_nothing_goes_out_for_a_second() -> None:
    paths = _two()
    assert list(paths.probes_due(0)) == [0, 1]
    for number in (0, 1):
        paths.sent(number, 1, 0)
    assert list(paths.probes_due(SECOND_US - 1)) == []
    paths.sent(1, 2, SECOND_US // 2)
    assert list(paths.probes_due(SECOND_US)) == [0]


def test_a_path_with_new_keys_begins_anew_and_one_too_many_is_refused() -> None:
    paths = Paths()
    for number in range(VOICE_PATHS_MAX):
        paths.open(number, 0)
    with pytest.raises(UsageError, match="voice-too-many-paths"):
        paths.open(99, 0)
    paths.arrived(3, 60_000, 0)
    paths.open(3, 5)
    paths.arrived(3, 1, 6)
    assert (paths.path(3).inbound.received, paths.path(3).inbound.lost) == (1, 0)
    paths.close(4)
    assert 4 not in paths.carrying(7)
    paths.open(99, 8)

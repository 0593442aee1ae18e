"""Progress: seldom enough for a log, often enough for a person."""

from __future__ import annotations

import io
import json

import pytest

from openline.base.time import SECOND_US
from openline.cli.output import Output
from openline.cli.progress import Progress
from openline.cli.settings import Settings


class Steps:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now_us = 0

    def __call__(self) -> int:
        return self.now_us


class Terminal(io.StringIO):
    """Standard error on a terminal."""

    def isatty(self) -> bool:
        return True


def _told(settings: Settings, capsys: pytest.CaptureFixture[str], every_us: int, steps: int) -> list[str]:
    clock = Steps()
    progress = Progress(Output(settings, "record.verify"), "checking", clock)
    for done in range(1, steps + 1):
        clock.now_us += every_us
        progress.at(done, steps)
    progress.end()
    return capsys.readouterr().err.splitlines()


def test_where_nobody_looks_there_is_a_line_every_ten_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    told = _told(Settings(), capsys, SECOND_US, 25)
    assert told == ["checking: 10 of 25, 1/s, 15 s left", "checking: 20 of 25, 1/s, 5 s left"]


def test_a_program_gets_json_at_most_once_a_second(capsys: pytest.CaptureFixture[str]) -> None:
    told = [json.loads(line) for line in _told(Settings(as_json=True), capsys, SECOND_US // 4, 12)]
    assert [row["done"] for row in told] == [4, 8, 12]
    assert told[0] == {"type": "progress", "what": "checking", "done": 4, "total": 12, "eta_s": 2}


def test_quiet_shows_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert not _told(Settings(quiet=True), capsys, 20 * SECOND_US, 3)


def test_a_terminal_has_a_bar_that_leaves_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, clock = Terminal(), Steps()
    monkeypatch.setattr("sys.stderr", terminal)
    progress = Progress(Output(Settings(), "record.export"), "a.olx", clock)
    progress.at(512, 1024)
    assert "[############------------] a.olx: 512 of 1,024" in terminal.getvalue()
    progress.end()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_an_unknown_total_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Steps()
    progress = Progress(Output(Settings(), "record.export"), "a.olx", clock)
    clock.now_us = 10 * SECOND_US
    progress.at(5_000, 0)
    assert capsys.readouterr().err == "a.olx: 5,000, 500/s\n"

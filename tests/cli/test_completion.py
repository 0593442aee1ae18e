"""Completion: what a shell loads, and what it is then told."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

from openline.cli.main import openline
from tests.cli.conftest import Run


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_its_script(run: Run, shell: str) -> None:
    ran = run("completion", shell)
    assert ran.code == 0
    assert f"_OPENLINE_COMPLETE={shell}_complete" in ran.out


def test_the_bash_script_is_bash(run: Run, tmp_path: Path) -> None:
    bash = shutil.which("bash")
    assert bash is not None, "the tests need bash"
    (tmp_path / "script").write_text(run("completion", "bash").out)
    subprocess.run([bash, "-n", str(tmp_path / "script")], check=True)


def test_a_shell_nobody_knows_is_refused(run: Run) -> None:
    assert run("completion", "tcsh").code == 2


def test_commands_and_choices_are_completed() -> None:
    completer = ShellComplete(openline, {}, "openline", "_OPENLINE_COMPLETE")
    assert [item.value for item in completer.get_completions(["record"], "ve")] == ["verify"]
    assert [item.value for item in completer.get_completions(["send", "x", "-p"], "fl")] == ["flash"]
    assert [item.value for item in completer.get_completions([], "wat")] == ["watch"]
    assert [item.value for item in completer.get_completions(["watch"], "o")] == ["on", "off"]
    assert isinstance(openline, click.Group)

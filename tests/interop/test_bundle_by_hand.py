"""The way without openline that docs/spec/bundle.md shows, walked on the released bundle, word for word."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from shutil import copy, which

import pytest

from openline.record.entry import decode_leaf
from tests.identity.vectors import FOLDER
from tests.record.lines import ROOTS, after, files_of
from tests.record.tampering import NODES, leaves_of

pytestmark = pytest.mark.interop

PAGE = Path(__file__).resolve().parents[2] / "docs/spec/bundle.md"


def shown(language: str) -> str:
    """The one block of this language on the page."""
    (block,) = re.findall(rf"(?ms)^```{language}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"))
    return str(block)


def test_a_shell_and_public_tools_are_enough(tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    missing = [tool for tool in ("unzip", "openssl", "awk", "od", "tlog-tiles") if which(tool, path=path) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    copy(FOLDER / "bundle.olx", tmp_path)
    done = subprocess.run(
        ["sh", "-e", "-c", shown("sh")],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    leaves = leaves_of(files_of((FOLDER / "bundle.olx").read_bytes()), 0)
    entry, log, receipt, time, body, first = done.stdout.splitlines()
    assert entry.split()[0] == sha256(leaves[2]).hexdigest()
    assert log == receipt == "Signature Verified Successfully"
    assert time == after(240).rfc3339().replace(".000Z", "Z")
    assert body.split()[0] == decode_leaf(leaves[0]).digest.hex()
    assert first == leaves[0].hex()
    assert body.split()[0] in first.partition("5820")[2]


def test_a_few_lines_of_python_print_the_fingerprint_and_the_keys(tmp_path: Path) -> None:
    proof = tmp_path / "0000.tlog-proof"
    proof.write_bytes(files_of((FOLDER / "bundle.olx").read_bytes())["identity/alpha.example/0000.tlog-proof"])
    done = subprocess.run(
        [sys.executable, "-c", shown("python"), proof], capture_output=True, text=True, check=True, timeout=60
    )
    digits, log_keys, receipt_keys = done.stdout.splitlines()
    assert digits == ROOTS["alpha.example"].replace(" ", "")
    assert NODES[0].log.public.hex() in log_keys
    assert NODES[0].receipt.public.hex() in receipt_keys

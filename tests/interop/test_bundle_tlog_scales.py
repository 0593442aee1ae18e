"""A bundle, unpacked, in the hands of tlog-scales: somebody else's reader of tlog-tiles, notes and cosignatures."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path
from shutil import which

import pytest

from openline.record.bundle import entry_proof
from tests.record.lines import ALPHA_LOG, MEMBERS, Line, bundle_of, talk

pytestmark = pytest.mark.interop

_CHECK_SIGNATURES = """
import sys
from tlog_scales.signing import Vkey, VkeySet
from tlog_scales.tlog import Checkpoint
policy, note = (open(name, encoding="utf-8").read() for name in sys.argv[1:3])
words = [line.split() for line in policy.splitlines()]
keys = [line[-1] for line in words if line[0] in ("log", "witness")]
checkpoint = Checkpoint.from_text(note)
print(len(VkeySet(*map(Vkey.from_string, keys)).verify(checkpoint.signatures, checkpoint)), "of", len(keys))
"""


@pytest.fixture(scope="module")
def tool() -> str:
    """The command `tlog-tiles` of the Python package tlog-scales."""
    beside = Path(sys.executable).with_name("tlog-tiles")
    found = str(beside) if beside.is_file() else which("tlog-tiles")
    if found is None:
        pytest.skip("tlog-tiles is missing: install the Python package tlog-scales")
    return found


@pytest.fixture(scope="module")
def line() -> Line:
    return talk((1, 200, 100))


@pytest.fixture
def folder(line: Line, tmp_path: Path) -> Path:
    """The bundle, unpacked."""
    (tmp_path / "record.olx").write_bytes(bundle_of(line.alpha))
    zipfile.ZipFile(tmp_path / "record.olx").extractall(tmp_path / "record")
    return tmp_path / "record"


def run(*words: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([str(word) for word in words], capture_output=True, check=False, timeout=60)


@pytest.mark.parametrize("index", [0, 255, 256, -1])
def test_it_takes_every_entry_of_ours(tool: str, line: Line, folder: Path, index: int) -> None:
    for party, side in zip(MEMBERS, line.sides, strict=True):
        done = run(tool, "get-leaf", "-c", folder / "logs" / party, str(index))
        assert done.returncode == 0, done.stderr.decode()
        place = index % 301
        assert done.stdout == side.store.entries(side.origin, place, place + 1)[0].leaf_bytes


@pytest.mark.parametrize(
    ("name", "place", "index"),
    [
        ("tile/entries/001.p/45", 10, 256),
        ("tile/0/000", 32, 0),
        ("tile/0/001.p/45", 32, 256),
        ("tile/1/000.p/1", 5, 300),
        ("checkpoint", len(f"{ALPHA_LOG}\n301\n") + 3, 0),
    ],
)
def test_it_refuses_one_flipped_byte(tool: str, folder: Path, name: str, place: int, index: int) -> None:
    file = folder / "logs/alpha.example" / name
    data = bytearray(file.read_bytes())
    data[place] ^= 1
    file.write_bytes(data)
    done = run(tool, "get-leaf", "-c", folder / "logs/alpha.example", str(index))
    assert done.returncode != 0
    assert b"InclusionProofInvalid" in done.stderr


@pytest.mark.parametrize("index", [0, 123, 300])
def test_its_proof_of_an_entry_is_ours_byte_for_byte(tool: str, line: Line, folder: Path, index: int) -> None:
    done = run(tool, "gen-proof", folder / "logs/alpha.example", str(index))
    assert done.stdout == entry_proof(line.alpha.store, ALPHA_LOG, index), done.stderr.decode()


def test_it_verifies_the_signatures_our_policy_asks_for(tool: str, folder: Path) -> None:
    for party in MEMBERS:
        log = folder / "logs" / party
        done = run(sys.executable, "-c", _CHECK_SIGNATURES, log / "policy", log / "checkpoint")
        assert done.stdout == b"2 of 2\n", done.stderr.decode()

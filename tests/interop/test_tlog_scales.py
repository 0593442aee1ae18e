"""Another implementation judges our bytes: tlog-scales 0.0.3 (Apache-2.0, by F. Larysch), from its own environment.

It reads checkpoints with all three kinds of signature, walks our tiles and makes the same proofs. It shares no
line of code with us. Where it is not installed these tests are left out, and that is a failure when nothing may
be left out (OPENLINE_CI=1, see tests/conftest.py).
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from openline.identity.keys import VerifierKey
from openline.record.checkpoint import Checkpoint, write_checkpoint
from openline.record.proof import Proof, write_proof
from openline.record.tiles import TileReader, bundle_path, tile_path, write_log
from openline.record.tree import leaf_hash, root_of
from tests.record.samples import KEYS, ORIGIN, by_log, by_mirror, full_note

pytestmark = pytest.mark.interop

ROOT = Path(__file__).resolve().parents[2]
# Says of each note whether every one of the keys has signed it.
JUDGE = """
import json, sys
from tlog_scales.signing import Vkey
from tlog_scales.tlog import Checkpoint

def holds(note):
    try:
        checkpoint = Checkpoint.from_text(note)
        for key in keys:
            checkpoint.verify(Vkey.from_string(key))
    except Exception:
        return False
    return True

keys, notes = json.load(sys.stdin)
json.dump([holds(note) for note in notes], sys.stdout)
"""
LEAVES = [number.to_bytes(3, "big") * 2 for number in range(66_000)]


@pytest.fixture(scope="session")
def tool() -> Path:
    """The `tlog-tiles` command."""
    found = shutil.which("tlog-tiles") or shutil.which("tlog-tiles", path=str(ROOT / ".venv/bin"))
    if found is None:
        pytest.skip("tlog-tiles (package tlog-scales) is neither on PATH nor in .venv/bin")
    return Path(found).resolve()


@pytest.fixture(scope="session")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a log of 66,000 entries: three levels of tiles."""
    folder = tmp_path_factory.mktemp("log")
    checkpoint = Checkpoint(ORIGIN, len(LEAVES), root_of([leaf_hash(leaf) for leaf in LEAVES]))
    note = write_checkpoint(checkpoint, [by_log(checkpoint), by_mirror(checkpoint)])
    for path, data in write_log(LEAVES, note):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def judge(tool: Path, keys: Iterable[str], notes: Iterable[str]) -> list[bool]:
    """What tlog-scales says of each note."""
    done = subprocess.run(
        [tool.parent / "python", "-c", JUDGE],
        input=json.dumps([list(keys), list(notes)]),
        capture_output=True,
        text=True,
        check=True,
    )
    verdicts: list[bool] = json.loads(done.stdout)
    return verdicts


def run(tool: Path, *words: str | Path) -> subprocess.CompletedProcess[bytes]:
    """A run of the command."""
    return subprocess.run([tool, *words], capture_output=True, check=False)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: f"{key.kind:02x}-{key.name}")
def test_our_checkpoint_is_accepted_with_each_kind_of_signature(tool: Path, key: VerifierKey) -> None:
    note = full_note(Checkpoint(ORIGIN, 8, root_of([leaf_hash(leaf) for leaf in LEAVES[:8]]))).decode()
    assert judge(tool, [key.text()], [note]) == [True]


def test_our_checkpoint_with_one_byte_flipped_is_refused(tool: Path) -> None:
    note = full_note(Checkpoint(ORIGIN, 8, root_of([leaf_hash(leaf) for leaf in LEAVES[:8]]))).decode()
    body, _, signatures = note.partition("\n\n")
    # In the last group of base64 some bits mean nothing, and this reader, unlike ours, lets them be anything.
    places = [place for place in range(len(body) - 4) if note[place] != "\n"]
    for line in signatures.splitlines():
        end = note.index(line) + len(line)
        start = end - len(line.split(" ")[2])
        places += range(start, end - 8, max(1, (end - start) // 40))
    flipped = [f"{note[:place]}{_other(note[place])}{note[place + 1 :]}" for place in places]
    verdicts = judge(tool, [key.text() for key in KEYS], [note, *flipped])
    assert verdicts == [True] + [False] * len(flipped)


def _other(character: str) -> str:
    return "B" if character == "A" else "A"


@pytest.mark.parametrize("index", [0, 255, 256, 65_535, 65_536, 65_999])
def test_our_entries_are_read_and_checked_from_our_tiles(tool: Path, log: Path, index: int) -> None:
    done = run(tool, "get-leaf", "-c", log, str(index))
    assert (done.returncode, done.stdout) == (0, LEAVES[index])


@pytest.mark.parametrize("path", [bundle_path(3), tile_path(0, 3), tile_path(1, 0), tile_path(1, 1, 1)])
def test_one_flipped_byte_in_a_tile_or_bundle_is_noticed(tool: Path, log: Path, tmp_path: Path, path: str) -> None:
    broken = tmp_path / "log"
    shutil.copytree(log, broken)
    data = bytearray((broken / path).read_bytes())
    data[8 * 5 + 4 if "entries" in path else 4] ^= 1
    (broken / path).write_bytes(bytes(data))
    # Entry 773 is the sixth of bundle 3; every changed hash stands on its way to the root.
    assert run(tool, "get-leaf", "-c", log, "773").returncode == 0
    assert run(tool, "get-leaf", "-c", broken, "773").returncode != 0


@pytest.mark.parametrize("index", [0, 773, 65_999])
def test_our_proof_is_byte_for_byte_its_proof(tool: Path, log: Path, index: int) -> None:
    note = (log / "checkpoint").read_bytes()
    files = {str(path.relative_to(log)): path.read_bytes() for path in log.glob("tile/**/*") if path.is_file()}
    proof = write_proof(Proof(index, tuple(TileReader(files, len(LEAVES)).inclusion_proof(index)), note))
    done = run(tool, "gen-proof", log, str(index))
    assert (done.returncode, done.stdout) == (0, proof)


def test_our_keys_are_read_as_we_write_them(tool: Path) -> None:
    script = (
        "import sys; from tlog_scales.signing import Vkey\n"
        "print(*(Vkey.from_string(key).serialize() for key in sys.argv[1:]))"
    )
    texts = [key.text() for key in KEYS]
    done = subprocess.run([tool.parent / "python", "-c", script, *texts], capture_output=True, check=True, text=True)
    assert done.stdout.split() == texts

"""What a pack is written of: the same bytes each time, attachments of what is shown, proofs of more than one tile."""

from __future__ import annotations

from hashlib import sha256

from openline.record.entry import Attachment
from openline.record.packparts import Why
from openline.record.verdict import State
from openline.store.blobs import Blobs
from openline.store.memory import MemoryDisk
from openline.store.memory_chunks import MemoryChunks
from tests.record.lines import ALPHA_LOG, Line, after, draft, files_of, talk
from tests.record.packs import PAGE, judge, pack_of, said

PHOTO = b"a photograph" * 100


def blobs_with(*datas: bytes) -> Blobs:
    blobs = Blobs(MemoryChunks(MemoryDisk()))
    for data in datas:
        blobs.write(Attachment(len(data), sha256(data).digest()), 0, data)
    return blobs


def test_the_same_choice_gives_the_same_bytes_and_the_page_stands_first() -> None:
    side = talk((2,)).alpha
    pack = pack_of(side)
    assert pack == pack_of(side)
    assert next(iter(files_of(pack).items())) == ("README.txt", PAGE)


def test_attachments_of_what_is_redacted_stay_out() -> None:
    line = Line()
    photo = Attachment(len(PHOTO), sha256(PHOTO).digest())
    line.say(0, 0, draft("seen here", (photo,)), "and here")
    blobs = blobs_with(PHOTO)
    shown = judge(pack_of(line.alpha, blobs))
    assert (shown.state, shown.logs[0].attachments, shown.logs[0].attachments_withheld) == (State.VERIFIED, 1, 0)
    hidden = pack_of(line.alpha, blobs, redact=frozenset({(ALPHA_LOG, 0)}))
    assert PHOTO not in hidden
    assert judge(hidden).logs[0].attachments_withheld == 1
    assert PHOTO not in pack_of(line.alpha, blobs, attachments=False)


def test_a_log_of_many_tiles_is_proven_by_few_hashes() -> None:
    line = Line()
    for n in range(3):
        line.say(0, 60 * n, *(f"{n}.{k}" for k in range(250)))
    line.say(1, 600, "heard")
    pack = pack_of(line.bravo, since=after(60), until=after(120))
    verdict = judge(pack)
    assert (verdict.state, verdict.logs[0].entries, verdict.logs[0].size) == (State.VERIFIED, 252, 750)
    assert len(files_of(pack)["logs/alpha.example/proof/000"]) < 32 * 20


def test_what_the_exporter_does_not_hold_is_said() -> None:
    line = talk((2,))
    log = line.alpha.store._disk.logs[ALPHA_LOG]
    entry = log.entries[1]
    log.entries[1] = type(entry)(entry.origin, entry.index, entry.leaf, entry.leaf_bytes, entry.leaf_hash, b"", None)
    verdict = judge(pack_of(line.alpha))
    assert (verdict.state, verdict.logs[0].not_held) == (State.VERIFIED, 1)
    assert "alpha:1 audit-body-not-held" in said(verdict)
    assert verdict.entries[1].withheld is Why.NOT_HELD

"""The bundle as it is written: deterministic, in one direction, a few entries at a time, and no more than asked for."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from hashlib import sha256

import pytest

from openline.base.errors import UsageError
from openline.record import parts
from openline.record.bundle import Scope, entry_proof, write_bundle
from openline.record.checkpoint import open_checkpoint
from openline.record.entry import Attachment, Entry, decode_leaf
from openline.record.ports import Evidence, Seal
from openline.record.proof import parse_proof, verify_proof
from openline.record.signers import trust_of
from openline.record.tiles import read_log
from openline.record.verdict import State
from openline.store.blobs import Blobs
from openline.store.memory import MemoryDisk, MemoryStore
from openline.store.memory_chunks import MemoryChunks
from tests.identity.vectors import FOLDER
from tests.record.lines import (
    ALPHA_LOG,
    BRAVO_LOG,
    LINE,
    MEMBERS,
    ORIGINS,
    SCOPE,
    Line,
    Side,
    after,
    bundle_of,
    draft,
    files_of,
    judge,
    said,
    talk,
)
from tests.record.samples import KEYS

SECRET = "the secret place"
ATTACHED = b"a map " * 300_000
ATTACHMENT = Attachment(len(ATTACHED), sha256(ATTACHED).digest())


def with_attachment() -> tuple[Line, Blobs]:
    """Alpha's third entry names an attachment that is here, its fourth one that is not."""
    line = talk((1, 1))
    blobs = Blobs(MemoryChunks(MemoryDisk()))
    blobs.write(ATTACHMENT, 0, ATTACHED)
    line.say(0, 300, draft(SECRET, (ATTACHMENT,)), draft("there is more", (Attachment(5, b"?" * 32),)))
    return line, blobs


def written(side: Side, scope: Scope, blobs: Blobs | None) -> bytes:
    out = io.BytesIO()
    write_bundle(out, side.store, blobs, scope, lambda done, total: None)
    return out.getvalue()


class _Watched(MemoryStore):
    """Remembers how many entries were asked for at once at most."""

    most = 0

    def entries(self, origin: str, start: int, stop: int) -> list[Entry]:
        found = super().entries(origin, start, stop)
        self.most = max(self.most, len(found))
        return found


class _OneWay:
    """A sink like a socket: it takes bytes and can do nothing else."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes, /) -> int:
        self.data += data
        return len(data)


def test_the_same_record_gives_the_same_bytes() -> None:
    line = talk()
    line.seal(0, 600)
    assert bundle_of(line.alpha) == bundle_of(line.alpha)


def test_the_released_bundle_is_written_again_byte_for_byte() -> None:
    """ML-DSA signatures are hedged, so introductions and seals are taken from it; all else is made anew."""
    released = files_of((FOLDER / "bundle.olx").read_bytes())
    line = talk((1, 2, 1), {party: released[parts.identity_path(party, 0)] for party in MEMBERS})
    for party, origin in zip(MEMBERS, ORIGINS, strict=True):
        for one in parts.read_seals(released[f"logs/{party}/seals/000"]):
            line.alpha.store.commit([Seal(origin, one.size, one.root, one.cosigner, one.time_s, one.signature)])
    written = files_of(bundle_of(line.alpha))
    # The read-me may be worded better one day; nothing depends on it.
    assert {**written, parts.README: b""} == {**released, parts.README: b""}


def test_both_sides_export_the_same_logs() -> None:
    line = talk()
    ours, theirs = files_of(bundle_of(line.alpha)), files_of(bundle_of(line.bravo, replace(SCOPE, exporter="bravo")))
    assert {name for name in ours if ours[name] != theirs[name]} == {parts.ABOUT}
    assert ours.keys() == theirs.keys()


def test_the_files_are_those_of_the_specification() -> None:
    line = talk((1, 200, 100))
    line.seal(1, 600)
    names = files_of(bundle_of(line.alpha)).keys()
    log = [
        "bodies/000",
        "bodies/001",
        "checkpoint",
        "checkpoints/000",
        "policy",
        "tile/0/000",
        "tile/0/001.p/45",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/45",
    ]
    expected = ["README.txt", "about.cbor"]
    expected += [f"identity/{party}/0000.tlog-proof" for party in MEMBERS]
    expected += [f"logs/{party}/{name}" for party in MEMBERS for name in log]
    assert set(names) == {*expected, "logs/bravo.example/seals/000"}


def test_the_checkpoint_bears_the_log_its_receipt_and_its_seals() -> None:
    line = talk()
    line.seal(0, 600)
    opened = open_checkpoint(files_of(bundle_of(line.alpha))["logs/alpha.example/checkpoint"], KEYS)
    assert [one.key for one in opened.verified] == KEYS


def test_a_log_is_one_of_tlog_tiles() -> None:
    line = talk((1, 200, 100, 2))
    files = files_of(bundle_of(line.alpha))
    folder = "logs/bravo.example/"
    log = {name.removeprefix(folder): data for name, data in files.items() if name.startswith(folder)}
    signed = line.bravo.own.signed
    assert signed is not None
    opened = open_checkpoint(
        log["checkpoint"], trust_of(line.alpha.store.introductions(), MEMBERS).keys(BRAVO_LOG, signed.size)
    )
    assert read_log(log, opened.checkpoint) == [
        entry.leaf_bytes for entry in line.bravo.store.entries(BRAVO_LOG, 0, 303)
    ]


def test_entries_are_read_a_few_at_a_time_and_counted() -> None:
    line = talk((1, 256, 256, 100))
    store = _Watched(line.alpha.store._disk)
    done: list[tuple[int, int]] = []
    out = _OneWay()
    write_bundle(out, store, None, SCOPE, lambda *so_far: done.append(so_far))
    assert store.most == 256
    assert done[-1] == (2 * 2 * 613, 2 * 2 * 613)
    assert done == sorted(done)
    assert zipfile.ZipFile(io.BytesIO(bytes(out.data))).testzip() is None


def test_what_arrives_during_an_export_is_not_in_it() -> None:
    line = talk()
    out = io.BytesIO()
    told = 0

    def interrupt(done: int, total: int) -> None:
        nonlocal told
        told += 1
        if told == 1:
            line.say(0, 900, "late")
            line.say(1, 901, "later")

    write_bundle(out, line.alpha.store, None, SCOPE, interrupt)
    assert judge(out.getvalue()).state is State.VERIFIED
    assert [log.entries for log in judge(out.getvalue()).logs] == [4, 4]


def test_bodies_stay_out_when_nobody_asked_for_them() -> None:
    line, _ = with_attachment()
    scope = replace(SCOPE, bodies=False)
    data = written(line.alpha, scope, None)
    assert SECRET.encode() not in data
    assert not any("bodies" in name for name in files_of(data))
    verdict = judge(data)
    assert verdict.state is State.VERIFIED
    assert [log.bodies_withheld for log in verdict.logs] == [4, 2]


def test_a_redacted_entry_keeps_its_header_and_shows_neither_body_nor_salt_nor_attachment() -> None:
    line, blobs = with_attachment()
    entry = line.alpha.store.entries(ALPHA_LOG, 2, 3)[0]
    scope = replace(SCOPE, attachments=True, redact=frozenset({(ALPHA_LOG, 2)}))
    data = written(line.alpha, scope, blobs)
    assert entry.leaf_bytes in data
    assert SECRET.encode() not in data
    assert entry.salt not in data
    assert not any(name.startswith("blobs/") for name in files_of(data))
    verdict = judge(data)
    assert verdict.state is State.VERIFIED
    assert [log.bodies_withheld for log in verdict.logs] == [1, 0]
    assert [log.attachments_withheld for log in verdict.logs] == [2, 0]


def test_attachments_come_on_request_and_only_those_that_are_here() -> None:
    line, blobs = with_attachment()
    assert not any(name.startswith("blobs/") for name in files_of(written(line.alpha, SCOPE, blobs)))
    data = written(line.alpha, replace(SCOPE, attachments=True), blobs)
    assert files_of(data)[parts.blob_path(ATTACHMENT.digest)] == ATTACHED
    verdict = judge(data)
    assert verdict.state is State.VERIFIED
    assert (verdict.logs[0].attachments, verdict.logs[0].attachments_withheld) == (2, 1)


def test_a_body_can_be_checked_with_nothing_but_a_hash() -> None:
    line = talk()
    files = files_of(bundle_of(line.alpha))
    bodies, entries = files["logs/alpha.example/bodies/000"], files["logs/alpha.example/tile/entries/000.p/4"]
    leaf = decode_leaf(entries[2 : 2 + int.from_bytes(entries[:2], "big")])
    salted = bodies[4 : 4 + int.from_bytes(bodies[:4], "big")]
    assert sha256(b"openline-body/v1\0" + salted).digest() == leaf.digest
    assert salted[16:] == b"alpha.example says 0.0"


def test_receipts_of_one_second_are_thinned_to_the_first_and_the_last() -> None:
    line = Line()
    for number in range(50):
        line.say(0, number / 100, f"quick {number}")
    (log, _) = judge(bundle_of(line.alpha)).logs
    assert log.receipted == {"bravo.example": 50}
    assert log.receipts == log.checkpoints == 2
    slow = Line()
    for number in range(50):
        slow.say(0, number, f"slow {number}")
    assert judge(bundle_of(slow.alpha)).logs[0].receipts == 50


def test_evidence_of_this_line_is_in_it() -> None:
    line = talk()
    mine = Evidence(LINE, BRAVO_LOG, "log-forked", after(5), b"two histories")
    line.alpha.store.commit([mine, Evidence("other", BRAVO_LOG, "log-forked", after(5), b"not here")])
    data = bundle_of(line.alpha)
    kept = parts.read_evidence(files_of(data)["evidence/000.cbor"])
    assert (kept.origin, kept.fault, kept.data) == (BRAVO_LOG, "log-forked", b"two histories")
    assert judge(data).evidence == 1
    assert said(judge(data)) == ["bravo audit-evidence"]


def test_a_line_on_which_nobody_spoke_is_a_bundle_too() -> None:
    verdict = judge(bundle_of(Line().alpha))
    assert verdict.state is State.VERIFIED
    assert [log.entries for log in verdict.logs] == [0, 0]


def test_a_line_nobody_knows_is_refused_before_anything_is_written() -> None:
    out = io.BytesIO()
    with pytest.raises(UsageError, match="line-unknown"):
        write_bundle(out, Line().alpha.store, None, replace(SCOPE, line="other"), lambda done, total: None)
    assert out.getvalue() == b""


# The proof of one entry


@pytest.mark.parametrize("index", range(9))
def test_the_proof_of_an_entry_stands_alone(index: int) -> None:
    line = talk((1, 5, 3))
    entry = line.alpha.store.entries(ALPHA_LOG, index, index + 1)[0]
    opened = verify_proof(parse_proof(entry_proof(line.alpha.store, ALPHA_LOG, index)), entry.leaf_bytes, KEYS)
    assert opened.checkpoint.size == 9
    assert [one.key for one in opened.verified] == KEYS[:2]


def test_a_proof_bears_a_receipt_where_there_is_one() -> None:
    line = talk((1, 1))
    line.say(0, 300, "not yet received", receipted=False)
    old = parse_proof(entry_proof(line.alpha.store, ALPHA_LOG, 1))
    new = parse_proof(entry_proof(line.alpha.store, ALPHA_LOG, 2))
    assert [len(open_checkpoint(one.checkpoint, KEYS).verified) for one in (old, new)] == [2, 1]


@pytest.mark.parametrize(("origin", "index"), [(ALPHA_LOG, 2), (ALPHA_LOG, -1), ("nobody.example/line/joint", 0)])
def test_what_is_not_there_has_no_proof(origin: str, index: int) -> None:
    with pytest.raises(UsageError, match="entry-unknown"):
        entry_proof(talk((1, 1)).alpha.store, origin, index)

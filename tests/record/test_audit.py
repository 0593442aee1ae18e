"""The audit as a whole: a good record is verified by anyone, a touched one never, and a hostile file gets an answer."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import pairwise
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openline.base.errors import PeerError
from openline.identity.names import line_origin
from openline.record import parts
from openline.record.audit import audit
from openline.record.bundle import write_bundle
from openline.record.entry import Seen, decode_leaf, encode_leaf
from openline.record.introduction import make_invitation
from openline.record.log import OwnLog
from openline.record.ports import Introduction, LineOpened, OpenLog, Receipt
from openline.record.receipts import give_receipt
from openline.record.verdict import State, Verdict
from openline.store.memory import MemoryDisk, MemoryStore
from tests.identity import parties
from tests.identity.vectors import FOLDER, read_vectors
from tests.record.lines import (
    ALPHA_LOG,
    LINE,
    MEMBERS,
    ROOTS,
    SCOPE,
    START,
    after,
    bundle_of,
    draft,
    files_of,
    invitations,
    judge,
    packed,
    said,
    talk,
)
from tests.record.tampering import NODES, Files, folder, leaves_of, with_about, with_leaves

ENTRIES = folder(0) + "tile/entries/000.p/4"
# What nobody signs: the read-me, and in the table of contents who exported, and when.
UNSIGNED = ("README.txt", "about.cbor")


@pytest.fixture(scope="module")
def bundle() -> bytes:
    line = talk((1, 2, 1))
    line.seal(0, 600)
    line.seal(1, 600)
    return bundle_of(line.alpha)


@pytest.fixture(scope="module")
def files(bundle: bytes) -> Files:
    return files_of(bundle)


class Figures(msgspec.Struct):
    party: str
    origin: str
    entries: int
    root: str
    receipted: dict[str, int]
    checkpoints: int
    receipts: int
    seals: int
    sealed: int
    intervals_ms: list[tuple[int | None, int | None, int | None]]


class Tampered(msgspec.Struct):
    what: str
    file: str
    offset: int | None
    state: str
    findings: list[str]


class Vectors(msgspec.Struct):
    bundle: str
    fingerprints: dict[str, str]
    state: str
    logs: list[Figures]
    tampered: list[Tampered]


VECTORS = read_vectors("bundle.json", Vectors)
RELEASED = (FOLDER / VECTORS.bundle).read_bytes()


def judged(data: bytes) -> Verdict | None:
    """The verdict; None when the file is no bundle at all."""
    try:
        return judge(data)
    except PeerError as why:
        if why.message_id != "bundle-unreadable":
            raise
        return None


def is_verified(data: bytes) -> bool:
    verdict = judged(data)
    return verdict is not None and verdict.state is State.VERIFIED


def test_a_record_is_verified_with_the_file_and_the_fingerprints_alone(bundle: bytes) -> None:
    verdict = judge(bundle)
    assert (verdict.state, verdict.findings, verdict.left_out) == (State.VERIFIED, (), 0)
    assert (verdict.line, verdict.members) == ("joint", MEMBERS)
    assert (verdict.exporter, verdict.exported) == (SCOPE.exporter, SCOPE.time)
    assert (verdict.with_bodies, verdict.with_attachments, verdict.evidence) == (True, False, 0)
    assert dict(verdict.fingerprints) == ROOTS


def test_the_figures_of_each_log(bundle: bytes) -> None:
    alpha, bravo = judge(bundle).logs
    assert (alpha.party, alpha.origin, alpha.entries) == ("alpha.example", ALPHA_LOG, 4)
    assert alpha.receipted == {"bravo.example": 4}
    assert (alpha.first, alpha.last) == (after(0), after(240))
    assert (bravo.first, bravo.last) == (after(60), after(300))
    assert (alpha.seals, alpha.sealed, alpha.bodies_withheld) == (2, 4, 0)


def test_progress_counts_every_entry_twice(bundle: bytes) -> None:
    done: list[tuple[int, int]] = []
    audit(io.BytesIO(bundle), ROOTS, lambda *so_far: done.append(so_far))
    assert done[-1] == (16, 16)
    assert done == sorted(done)


def test_a_line_of_three_is_verified_and_each_must_receipt_the_others() -> None:
    members = (*MEMBERS, "mallory.example")
    nodes = (*NODES, parties.MALLORY_NODE)
    origins = [line_origin(party, LINE) for party in members]
    third = make_invitation([parties.MALLORY], parties.MALLORY_ROOT, 1_790_000_000)
    store = MemoryStore(MemoryDisk())
    store.claim()
    store.commit(
        [Introduction(party, proof, "", START) for party, proof in (invitations() | {members[2]: third}).items()]
    )
    store.commit([LineOpened(LINE, members, START), *(OpenLog(origin, LINE, True, bytes(32)) for origin in origins)])
    logs = [OwnLog(head, node.log) for head, node in zip(store.heads(), nodes, strict=True)]
    receipts: list[Receipt] = []
    for turn in range(4):
        for who, log in enumerate(logs):
            now = after(60 * turn + who)
            log.append(
                [draft(f"{turn}")], now, [signed_of(other) for other in logs if other is not log and other.signed]
            )
            append = log.seal()
            assert append is not None
            store.commit([append])
            others = [(origins[n], nodes[n].receipt) for n in range(3) if n != who]
            receipts = [give_receipt(append.signed, origin, secret, now.plus(1)) for origin, secret in others]
            store.commit(receipts[: 1 if (turn, who) == (3, 2) else 2])
    roots = {**ROOTS, members[2]: parties.MALLORY.fingerprint()}
    out = io.BytesIO()
    write_bundle(out, store, None, SCOPE, lambda done, total: None)
    (finding,) = judge(out.getvalue(), roots).findings
    assert (finding.facts["entry"], finding.facts["party"]) == ("mallory:3", "bravo.example")
    store.commit(receipts[1:])
    complete = io.BytesIO()
    write_bundle(complete, store, None, SCOPE, lambda done, total: None)
    assert (judge(complete.getvalue(), roots).state, judge(complete.getvalue(), roots).findings) == (State.VERIFIED, ())


def signed_of(log: OwnLog) -> Seen:
    """Where a log stands, as another one sees it."""
    assert log.signed is not None
    return Seen(log.origin, log.signed.size, log.signed.root)


# The released bundle, for other implementations too


def test_the_released_bundle_has_its_verdict() -> None:
    verdict = judge(RELEASED, VECTORS.fingerprints)
    assert (verdict.state.name, verdict.findings) == (VECTORS.state, ())
    for log, figures in zip(verdict.logs, VECTORS.logs, strict=True):
        assert (log.party, log.origin, log.entries, log.root.hex()) == (
            figures.party,
            figures.origin,
            figures.entries,
            figures.root,
        )
        assert (log.receipted, log.checkpoints, log.receipts) == (
            figures.receipted,
            figures.checkpoints,
            figures.receipts,
        )
        assert (log.seals, log.sealed) == (figures.seals, figures.sealed)
        times = [log.interval(index) for index in range(log.entries)]
        found = [tuple(time and time.ms for time in (one.not_before, one.claimed, one.not_after)) for one in times]
        assert found == figures.intervals_ms


@pytest.mark.parametrize("tampered", VECTORS.tampered, ids=lambda one: one.what)
def test_the_released_bundle_with_something_wrong_has_its_verdict(tampered: Tampered) -> None:
    files = files_of(RELEASED)
    data = bytearray(files.pop(tampered.file))
    if tampered.offset is not None:
        data[tampered.offset] ^= 1
        files[tampered.file] = bytes(data)
    verdict = judge(packed(files), VECTORS.fingerprints)
    assert verdict.state.name == tampered.state
    assert sorted(set(said(verdict))) == tampered.findings


# Any single byte


@settings(max_examples=300)
@given(data=st.data())
def test_no_single_byte_of_the_file_can_change_unnoticed(bundle: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(bundle) - 1))
    bit = data.draw(st.integers(0, 7))
    changed = bundle[:place] + bytes((bundle[place] ^ 1 << bit,)) + bundle[place + 1 :]
    assert not is_verified(changed)


def test_no_byte_of_any_file_can_change_even_when_the_checksums_are_repaired(files: Files) -> None:
    random = Random(1)
    for name in sorted(files.keys() - set(UNSIGNED)):
        data = files[name]
        for place in random.sample(range(len(data)), min(len(data), 25)):
            changed = data[:place] + bytes((data[place] ^ 1 << random.randrange(8),)) + data[place + 1 :]
            verdict = judged(packed({**files, name: changed}))
            # A signature line under a name nobody has is nobody's word: it is told, and changes nothing.
            unknown = verdict is not None and "audit-signature-unknown" in {one.message_id for one in verdict.findings}
            assert verdict is None or verdict.state is not State.VERIFIED or unknown, f"{name}, byte {place}"


def test_every_file_that_is_taken_out_is_noticed(files: Files) -> None:
    for name in files:
        verdict = judged(packed({other: data for other, data in files.items() if other != name}))
        assert verdict is None or verdict.state is not State.VERIFIED, name


@pytest.mark.parametrize("name", ["letter.txt", "logs/alpha.example/tile/0/001", "logs/charlie.example/checkpoint"])
def test_every_file_that_is_put_in_is_noticed(files: Files, name: str) -> None:
    verdict = judge(packed({**files, name: b"surprise"}))
    assert [(one.message_id, one.facts["name"]) for one in verdict.findings] == [("audit-file-stray", name)]
    assert verdict.state is State.FALSE


def test_files_that_changed_places_are_noticed(files: Files) -> None:
    names = sorted(files.keys() - set(UNSIGNED))
    for first, second in pairwise(names):
        if files[first] != files[second]:
            swapped = {**files, first: files[second], second: files[first]}
            assert not is_verified(packed(swapped)), f"{first} and {second}"


# The entries of a log, by somebody without its keys


def test_a_backdated_entry_is_named(files: Files) -> None:
    leaves = leaves_of(files, 0)
    leaves[3] = encode_leaf(msgspec.structs.replace(decode_leaf(leaves[3]), time_ms=after(240 - 3600).ms))
    assert said(judge(packed(with_leaves(files, 0, leaves, tiles=False)))) == ["alpha:3 audit-entry-changed"]
    assert "alpha:3 audit-entries-changed" in said(judge(packed(with_leaves(files, 0, leaves))))


def test_an_entry_put_under_another_desk_is_named(files: Files) -> None:
    leaves = leaves_of(files, 0)
    leaves[0] = encode_leaf(msgspec.structs.replace(decode_leaf(leaves[0]), desk="commander"))
    assert said(judge(packed(with_leaves(files, 0, leaves, tiles=False)))) == ["alpha:0 audit-entry-changed"]


# Hostile files


def _cbor_bomb() -> bytes:
    return b"\x9f" * 100_000


def _deep() -> bytes:
    return b"\x81" * 4_000 + b"\x00"


def _long_array() -> bytes:
    return b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff"


BOMBS: dict[str, Callable[[], bytes]] = {
    "open arrays": _cbor_bomb,
    "deep arrays": _deep,
    "an array longer than memory": _long_array,
    "a byte string longer than memory": lambda: b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff",
    "nothing": lambda: b"",
    "zeros": lambda: bytes(100_000),
    "twenty megabytes": lambda: b"x" * 20_000_000,
    "the end of a number": lambda: b"\x1b\xff\xff\xff\xff\xff\xff\xff\xff",
    "a tag": lambda: b"\xd8\x24\x40",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_in_any_file_gets_an_answer(files: Files, bomb: Callable[[], bytes]) -> None:
    for name in sorted(files.keys() - {"README.txt"}):
        assert not is_verified(packed({**files, name: bomb()})), name


def test_a_table_of_contents_that_promises_the_moon_gets_an_answer(files: Files) -> None:
    for sizes in ((2**63 - 1, 2**63 - 1), (4, 10**9), (0, 0), (5, 4), (3, 4)):
        assert not is_verified(packed(with_about(files, sizes=sizes)))
    for about in (b"", b"\xa0", files[parts.ABOUT] + b"\0"):
        assert judged(packed({**files, parts.ABOUT: about})) is None
    assert judged(packed({name: data for name, data in files.items() if name != parts.ABOUT})) is None


def test_a_bundle_of_another_version_says_which(files: Files) -> None:
    with pytest.raises(PeerError) as caught:
        judge(packed(with_about(files, version=2)))
    assert caught.value.facts == {"detail": "version 2"}


def test_another_line_or_party_in_the_table_of_contents_is_noticed(files: Files) -> None:
    assert not is_verified(packed(with_about(files, line="other")))
    assert not is_verified(packed(with_about(files, members=("alpha.example", "charlie.example"))))


@pytest.mark.fuzz
@given(data=st.data())
def test_any_bytes_in_any_files_get_an_answer(files: Files, data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(sorted(files)), min_size=1, max_size=3, unique=True))
    changed = {name: data.draw(st.binary(max_size=200)) for name in names}
    verdict = judged(packed({**files, **changed}))
    unsigned = set(names) <= {"README.txt"}
    assert verdict is None or verdict.state is not State.VERIFIED or unsigned


@pytest.mark.fuzz
@given(data=st.data())
def test_any_splice_of_a_bundle_gets_an_answer(bundle: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(bundle)))
    stop = data.draw(st.integers(start, min(len(bundle), start + 200)))
    spliced = bundle[:start] + data.draw(st.binary(max_size=200)) + bundle[stop:]
    assert spliced == bundle or not is_verified(spliced)

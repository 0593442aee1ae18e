"""Checkpoints and the three signatures under them: vectors, other people's logs, and every flipped byte."""

from __future__ import annotations

from base64 import b64decode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import PeerError
from openline.identity.keys import (
    KIND_COSIGNATURE,
    KIND_ED25519,
    KIND_MLDSA44,
    VerifierKey,
    verify_ed25519,
)
from openline.record.checkpoint import (
    TIME_S_MAX,
    Checkpoint,
    cosign,
    cosignature_message,
    log_line,
    open_checkpoint,
    parse_body,
    parse_number,
    read_checkpoint,
    seal,
    seal_message,
    stamped_line,
    verify_cosignature,
    verify_seal,
    write_checkpoint,
)
from openline.record.note import NoteSignature
from openline.record.tree import EMPTY_ROOT, leaf_hash
from tests.identity.parties import ALPHA_NODE, BRAVO_NODE
from tests.identity.vectors import read_vectors
from tests.record.samples import (
    KEYS,
    LOG_KEY,
    MIRROR,
    MIRROR_SEAL_KEY,
    ORIGIN,
    RECEIPT_KEY,
    SEAL_KEY,
    TIME_S,
    by_log,
    by_mirror,
    flips,
    full_note,
)


class Signature(msgspec.Struct):
    vkey: str
    signature: str
    message: str = ""


class Own(msgspec.Struct):
    origin: str
    size: int
    root: str
    body: str
    time_s: int
    log: Signature
    receipt: Signature
    seals: list[Signature]
    note: str


class Message(msgspec.Struct):
    origin: str
    size: int
    root: str
    time_s: int
    message: str


class Public(msgspec.Struct):
    source: str
    note: str
    keys: list[str]
    verified: list[tuple[str, int, int | None]]


class RefusedBody(msgspec.Struct):
    why: str
    body: str


class Vectors(msgspec.Struct):
    own: Own
    cosignature_message: Message
    public: list[Public]
    refused_bodies: list[RefusedBody]


VECTORS = read_vectors("checkpoint.json", Vectors)
OWN = VECTORS.own
CHECKPOINT = Checkpoint(OWN.origin, OWN.size, bytes.fromhex(OWN.root))


def test_own_vectors() -> None:
    assert CHECKPOINT.body().decode() == OWN.body
    assert parse_body(OWN.body) == CHECKPOINT
    assert [key.text() for key in KEYS] == [OWN.log.vkey, OWN.receipt.vkey, *(one.vkey for one in OWN.seals)]
    assert ALPHA_NODE.log.sign(CHECKPOINT.body()).hex() == OWN.log.signature
    assert cosignature_message(CHECKPOINT, OWN.time_s).decode() == OWN.receipt.message
    assert cosign(CHECKPOINT, BRAVO_NODE.receipt, OWN.time_s).hex() == OWN.receipt.signature
    for key, one in zip((SEAL_KEY, MIRROR_SEAL_KEY), OWN.seals, strict=True):
        assert seal_message(CHECKPOINT, key.name, OWN.time_s).hex() == one.message
        assert verify_seal(CHECKPOINT, key, OWN.time_s, b64decode(one.signature))


def test_own_note() -> None:
    opened = open_checkpoint(OWN.note.encode(), KEYS)
    assert opened.checkpoint == CHECKPOINT
    assert [(one.key, one.time_s) for one in opened.verified] == [
        (LOG_KEY, None),
        (RECEIPT_KEY, OWN.time_s),
        (SEAL_KEY, OWN.time_s),
        (MIRROR_SEAL_KEY, OWN.time_s),
    ]
    assert opened.by_log
    receipt = opened.by(KIND_COSIGNATURE, MIRROR)
    assert receipt is not None
    assert receipt.signature.hex() == OWN.receipt.signature
    assert opened.by(KIND_COSIGNATURE, ORIGIN) is None


def test_the_message_of_the_specification() -> None:
    one = VECTORS.cosignature_message
    checkpoint = Checkpoint(one.origin, one.size, bytes.fromhex(one.root))
    assert cosignature_message(checkpoint, one.time_s).decode() == one.message


@pytest.mark.parametrize("vector", VECTORS.public, ids=lambda vector: vector.source)
def test_logs_and_witnesses_in_public_use(vector: Public) -> None:
    opened = open_checkpoint(vector.note.encode(), [VerifierKey.parse(text) for text in vector.keys])
    assert [(one.key.name, one.key.kind, one.time_s) for one in opened.verified] == vector.verified
    checkpoint, note = read_checkpoint(vector.note.encode())
    assert write_checkpoint(checkpoint, note.signatures) == vector.note.encode()


@pytest.mark.parametrize("vector", VECTORS.refused_bodies, ids=lambda vector: vector.why)
def test_what_is_no_checkpoint_is_refused(vector: RefusedBody) -> None:
    with pytest.raises(PeerError, match="checkpoint-wrong"):
        parse_body(vector.body)


def test_the_message_of_a_seal_byte_for_byte() -> None:
    root = leaf_hash(b"")
    message = seal_message(Checkpoint("o", 258, root), "nn", 1)
    assert message == (
        b"subtree/v1\n\0" + b"\2nn" + b"\0\0\0\0\0\0\0\1" + b"\1o" + bytes(8) + b"\0\0\0\0\0\0\1\2" + root
    )


def test_a_receipt_is_for_one_checkpoint_time_and_key() -> None:
    signature = cosign(CHECKPOINT, BRAVO_NODE.receipt, TIME_S)
    public = BRAVO_NODE.receipt.public
    assert verify_cosignature(CHECKPOINT, public, TIME_S, signature)
    assert not verify_cosignature(CHECKPOINT, public, TIME_S + 1, signature)
    assert not verify_cosignature(CHECKPOINT, ALPHA_NODE.receipt.public, TIME_S, signature)
    others = [
        Checkpoint(ORIGIN + "x", 8, CHECKPOINT.root),
        Checkpoint(ORIGIN, 9, CHECKPOINT.root),
        Checkpoint(ORIGIN, 8, EMPTY_ROOT),
    ]
    for other in others:
        assert not verify_cosignature(other, public, TIME_S, signature)
    for place, changed in flips(signature):
        assert not verify_cosignature(CHECKPOINT, public, TIME_S, changed), place


def test_a_seal_is_for_one_checkpoint_time_name_and_key() -> None:
    signature = seal(CHECKPOINT, ALPHA_NODE.seal, ORIGIN, TIME_S)
    assert verify_seal(CHECKPOINT, SEAL_KEY, TIME_S, signature)
    assert not verify_seal(CHECKPOINT, SEAL_KEY, TIME_S + 1, signature)
    assert not verify_seal(CHECKPOINT, MIRROR_SEAL_KEY, TIME_S, signature)
    renamed = VerifierKey(MIRROR, KIND_MLDSA44, ALPHA_NODE.seal.public)
    assert not verify_seal(CHECKPOINT, renamed, TIME_S, signature)
    assert not verify_seal(CHECKPOINT, LOG_KEY, TIME_S, signature)
    assert not verify_seal(Checkpoint(ORIGIN, 9, CHECKPOINT.root), SEAL_KEY, TIME_S, signature)
    assert not verify_seal(Checkpoint("a b", 8, CHECKPOINT.root), SEAL_KEY, TIME_S, signature)


@pytest.mark.parametrize("time_s", [-1, TIME_S_MAX + 1, 2**64])
def test_a_time_that_cannot_be_is_not_signed_and_does_not_verify(time_s: int) -> None:
    assert not verify_cosignature(CHECKPOINT, BRAVO_NODE.receipt.public, time_s, bytes(64))
    assert not verify_seal(CHECKPOINT, SEAL_KEY, time_s, bytes(2420))
    with pytest.raises(AssertionError):
        cosign(CHECKPOINT, BRAVO_NODE.receipt, time_s)
    with pytest.raises(AssertionError):
        seal(CHECKPOINT, BRAVO_NODE.seal, MIRROR, time_s)


def test_signatures_of_unknown_keys_are_ignored() -> None:
    data = full_note(CHECKPOINT)
    assert [one.key for one in open_checkpoint(data, [RECEIPT_KEY]).verified] == [RECEIPT_KEY]
    namesake = VerifierKey(ORIGIN, KIND_ED25519, BRAVO_NODE.log.public)
    assert [one.key for one in open_checkpoint(data, [namesake, SEAL_KEY]).verified] == [SEAL_KEY]


def test_a_checkpoint_that_no_known_key_signed_is_refused() -> None:
    for keys in ([], [VerifierKey(ORIGIN, KIND_ED25519, BRAVO_NODE.log.public)]):
        with pytest.raises(PeerError, match="checkpoint-unsigned"):
            open_checkpoint(full_note(CHECKPOINT), keys)


@pytest.mark.parametrize(
    "line",
    [
        log_line(LOG_KEY, bytes(64)),
        log_line(LOG_KEY, b"short"),
        stamped_line(RECEIPT_KEY, TIME_S, bytes(64)),
        stamped_line(RECEIPT_KEY, 2**64 - 1, cosign(CHECKPOINT, BRAVO_NODE.receipt, TIME_S)),
        stamped_line(SEAL_KEY, TIME_S, bytes(2420)),
        stamped_line(SEAL_KEY, TIME_S, b""),
    ],
)
def test_one_bad_signature_of_a_known_key_spoils_the_note(line: NoteSignature) -> None:
    note = write_checkpoint(CHECKPOINT, [by_log(CHECKPOINT), by_mirror(CHECKPOINT), line])
    with pytest.raises(PeerError, match="checkpoint-signature-wrong"):
        open_checkpoint(note, KEYS)


def test_a_receipt_key_cannot_speak_as_the_log() -> None:
    opened = open_checkpoint(write_checkpoint(CHECKPOINT, [by_mirror(CHECKPOINT)]), KEYS)
    assert not opened.by_log


def test_a_log_signature_is_no_receipt_and_a_receipt_no_log_signature() -> None:
    plain = ALPHA_NODE.log.sign(CHECKPOINT.body())
    assert not verify_cosignature(CHECKPOINT, ALPHA_NODE.log.public, TIME_S, plain)
    receipt = cosign(CHECKPOINT, ALPHA_NODE.log, TIME_S)
    assert not verify_ed25519(ALPHA_NODE.log.public, receipt, CHECKPOINT.body())


def test_one_flipped_byte_is_refused_or_only_unsigns() -> None:
    data = write_checkpoint(CHECKPOINT, [by_log(CHECKPOINT), by_mirror(CHECKPOINT)])
    whole = open_checkpoint(data, KEYS)
    for _, changed in flips(data):
        try:
            opened = open_checkpoint(changed, KEYS)
        except PeerError:
            continue
        # The name or id of one signer no longer is that of a known key: as if it had not signed.
        assert opened.checkpoint == CHECKPOINT
        assert len(opened.verified) == 1
        assert opened.verified[0] in whole.verified


def test_one_flipped_byte_in_a_sealed_note_is_refused_or_only_unsigns() -> None:
    data = full_note(CHECKPOINT)
    whole = open_checkpoint(data, KEYS)
    for _, changed in flips(data, step=13):
        try:
            opened = open_checkpoint(changed, KEYS)
        except PeerError:
            continue
        assert opened.checkpoint == CHECKPOINT
        assert len(opened.verified) == 3
        assert set(opened.verified) < set(whole.verified)


@pytest.mark.parametrize("text", ["", "00", "01", "-1", "+1", " 1", "1\n", "١", "1.0", str(2**63), "9" * 5000])
def test_what_is_no_number(text: str) -> None:
    assert parse_number(text) is None


@given(st.integers(0, 2**63 - 1))
def test_numbers(number: int) -> None:
    assert parse_number(str(number)) == number


origins = st.from_regex(r"[a-z]{1,9}\.example/line/[a-z]{1,9}", fullmatch=True)
checkpoints = st.builds(
    Checkpoint, origins, st.integers(1, 2**63 - 1), st.binary(min_size=32, max_size=32)
) | st.builds(Checkpoint, origins, st.just(0), st.just(EMPTY_ROOT))


@given(checkpoints)
def test_a_checkpoint_reads_as_it_was_written(checkpoint: Checkpoint) -> None:
    assert parse_body(checkpoint.body().decode()) == checkpoint


@pytest.mark.fuzz
@given(st.data())
def test_any_bytes_are_a_checkpoint_or_refused(data: st.DataObject) -> None:
    whole = OWN.note.encode()
    place = data.draw(st.integers(0, len(whole)))
    made = whole[:place] + data.draw(st.binary(max_size=9)) + whole[place + data.draw(st.integers(0, 9)) :]
    try:
        opened = open_checkpoint(made, KEYS)
    except PeerError:
        return
    assert opened.checkpoint == CHECKPOINT

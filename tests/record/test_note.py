"""Signed notes: the published ones, our own, and what is none."""

from __future__ import annotations

from base64 import b64decode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base.errors import PeerError
from openline.base.limits import NOTE_BYTES_MAX, NOTE_SIGNATURES_MAX
from openline.identity.keys import KIND_ED25519, Ed25519Secret, VerifierKey, verify_ed25519
from openline.identity.names import is_key_name
from openline.record.note import NoteSignature, format_note, parse_note
from tests.identity.vectors import read_vectors


class NoteVector(msgspec.Struct):
    source: str
    note: str
    keys: list[str]
    verified: list[str]


class Signer(msgspec.Struct):
    source: str
    name: str
    seed: str
    text: str
    line: str


class Refused(msgspec.Struct):
    why: str
    note_base64: str


class Vectors(msgspec.Struct):
    notes: list[NoteVector]
    signers: list[Signer]
    refused: list[Refused]


VECTORS = read_vectors("note.json", Vectors)
SIGNATURE = NoteSignature("alpha.example/line/joint", b"\1\2\3\4", bytes(64))


@pytest.mark.parametrize("vector", VECTORS.notes, ids=lambda vector: vector.source)
def test_published_notes(vector: NoteVector) -> None:
    note = parse_note(vector.note.encode())
    assert format_note(note.text, note.signatures) == vector.note.encode()
    keys = [VerifierKey.parse(text) for text in vector.keys]
    verified = [
        line.name
        for line in note.signatures
        for key in keys
        if (key.name, key.key_id) == (line.name, line.key_id)
        and verify_ed25519(key.public, line.signature, note.text.encode())
    ]
    assert verified == vector.verified


@pytest.mark.parametrize("vector", VECTORS.signers, ids=lambda vector: vector.name)
def test_published_signers(vector: Signer) -> None:
    secret = Ed25519Secret(bytes.fromhex(vector.seed))
    key = VerifierKey(vector.name, KIND_ED25519, secret.public)
    assert NoteSignature(key.name, key.key_id, secret.sign(vector.text.encode())).line() == vector.line


@pytest.mark.parametrize("vector", VECTORS.refused, ids=lambda vector: vector.why)
def test_what_is_no_note_is_refused(vector: Refused) -> None:
    with pytest.raises(PeerError, match="note-"):
        parse_note(b64decode(vector.note_base64))


def test_the_text_ends_at_the_last_empty_line() -> None:
    data = format_note("one\n\ntwo\n\n\n", [SIGNATURE])
    assert parse_note(data).text == "one\n\ntwo\n\n\n"


def test_sixteen_signatures_are_read_and_no_more() -> None:
    most = [SIGNATURE] * NOTE_SIGNATURES_MAX
    assert len(parse_note(format_note("text\n", most)).signatures) == 16
    with pytest.raises(PeerError, match="note-too-large"):
        parse_note(format_note("text\n", [*most, SIGNATURE]))


def test_sixteen_post_quantum_signatures_fit() -> None:
    largest = NoteSignature("a" * 255, b"\1\2\3\4", bytes(8 + 2420))
    assert len(format_note("text\n", [largest] * 16)) < NOTE_BYTES_MAX


def test_a_note_beyond_the_limit_is_not_looked_at() -> None:
    with pytest.raises(PeerError, match="note-too-large") as caught:
        parse_note(b"\xff" * (NOTE_BYTES_MAX + 1))
    assert caught.value.facts == {"size": NOTE_BYTES_MAX + 1, "limit": NOTE_BYTES_MAX}


names = st.text(min_size=1, max_size=20).filter(is_key_name)
texts = st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\n"), max_size=60)
lines = st.builds(NoteSignature, names, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80))


@given(texts, st.lists(lines, min_size=1, max_size=16))
def test_a_note_reads_as_it_was_written(text: str, signatures: list[NoteSignature]) -> None:
    note = parse_note(format_note(text + "\n", signatures))
    assert (note.text, list(note.signatures)) == (text + "\n", signatures)


@pytest.mark.fuzz
@given(st.data())
def test_any_bytes_are_a_note_or_refused(data: st.DataObject) -> None:
    whole = VECTORS.notes[data.draw(st.integers(0, 3))].note.encode()
    place = data.draw(st.integers(0, len(whole)))
    made = whole[:place] + data.draw(st.binary(max_size=9)) + whole[place + data.draw(st.integers(0, 9)) :]
    try:
        note = parse_note(made)
    except PeerError:
        return
    assert format_note(note.text, note.signatures) == made

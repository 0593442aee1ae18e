"""Signed notes (https://c2sp.org/signed-note@v1.0.0): a text, an empty line, and lines of signatures.

    <text, ends with a newline>
                                            (the last empty line of the note)
    — <key name> base64(4-byte key id, signature)

This module reads and writes the form only; `record.checkpoint` knows what is signed and by whom. Reading is
strict: one note has one text, so what was read can be written again byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openline.base.errors import PeerError
from openline.base.limits import NOTE_BYTES_MAX, NOTE_SIGNATURES_MAX
from openline.identity.armor import from_base64, to_base64
from openline.identity.names import is_key_name

_KEY_ID_BYTES = 4


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: who says to have signed, and the bytes after the 4-byte key id."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """The line with its newline."""
        return f"\u2014 {self.name} {to_base64(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it was read: nothing in it is verified. `text` ends with its newline."""

    text: str
    signatures: tuple[NoteSignature, ...]


def format_note(text: str, signatures: Iterable[NoteSignature]) -> bytes:
    """The bytes of a note. `text` must end with a newline."""
    assert text.endswith("\n")
    return f"{text}\n{''.join(signature.line() for signature in signatures)}".encode()


def parse_note(data: bytes) -> Note:
    """Read a note with 1 to 16 signature lines.

    Raises PeerError `note-too-large` above the limits, `note-wrong` for anything that is not exactly a note.
    """
    if len(data) > NOTE_BYTES_MAX:
        raise PeerError("note-too-large", size=len(data), limit=NOTE_BYTES_MAX)
    try:
        whole = data.decode()
    except UnicodeDecodeError as why:
        raise PeerError("note-wrong", detail="not UTF-8") from why
    if any(character < " " and character != "\n" for character in whole):
        raise PeerError("note-wrong", detail="control character")
    text, blank, block = whole.rpartition("\n\n")
    if not blank or not block.endswith("\n"):
        raise PeerError("note-wrong", detail="no signature")
    lines = block[:-1].split("\n")
    if len(lines) > NOTE_SIGNATURES_MAX:
        raise PeerError("note-too-large", size=len(lines), limit=NOTE_SIGNATURES_MAX)
    return Note(f"{text}\n", tuple(_signature(line) for line in lines))


def _signature(line: str) -> NoteSignature:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "\u2014" or not is_key_name(parts[1]):
        raise PeerError("note-wrong", detail="signature line")
    try:
        payload = from_base64(parts[2])
    except ValueError as why:
        raise PeerError("note-wrong", detail="base64") from why
    if len(payload) <= _KEY_ID_BYTES:
        raise PeerError("note-wrong", detail="signature too short")
    return NoteSignature(parts[1], payload[:_KEY_ID_BYTES], payload[_KEY_ID_BYTES:])

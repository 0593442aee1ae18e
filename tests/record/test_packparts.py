"""The table of contents of a pack: read strictly, and refused when it contradicts itself."""

from __future__ import annotations

from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.base import codec
from openline.base.errors import PeerError
from openline.record.packparts import (
    Contents,
    Edge,
    Named,
    ProvenCheckpoint,
    ProvenSeal,
    Role,
    Stretch,
    Why,
    Withheld,
    read_contents,
    read_table,
    write_contents,
    write_table,
)

SUBJECTS = (Stretch(2, 5, Role.SUBJECT), Stretch(5, 6, Role.CONTEXT))
SOUND = Contents(
    version=1,
    line="joint",
    members=("alpha.example", "bravo.example"),
    exporter="alpha.example",
    time_ms=5,
    sizes=(9, 0),
    stretches=(SUBJECTS, ()),
    about=(Named(0, 2),),
    outside=(Named(1, 7),),
    withheld=(Withheld(0, 3, 4, Why.REDACTED),),
    reason="a source",
)


def test_it_is_read_as_it_was_written() -> None:
    assert read_contents(write_contents(SOUND)) == SOUND
    assert list(SOUND.indexes(0)) == [(2, 0), (3, 0), (4, 0), (5, 1)]
    assert (SOUND.count(0), SOUND.count(1)) == (4, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"line": "no line/"},
        {"members": ("bravo.example", "alpha.example")},
        {"members": ("alpha.example",)},
        {"sizes": (9,)},
        {"sizes": (5, 0)},
        {"sizes": (9, 3)},
        {"stretches": ((), ())},
        {"stretches": ((Stretch(5, 5, Role.SUBJECT),), ())},
        {"stretches": (SUBJECTS[::-1], ())},
        {"about": ()},
        {"about": (Named(2, 0),)},
        {"about": (Named(0, 3), Named(0, 2))},
        {"outside": (Named(7, 0),)},
        {"since_ms": 5},
        {"since_ms": 5, "until_ms": 6},
        {"since_ms": 5, "until_ms": 6, "about": (), "edges": (Edge(0, 10), Edge(0, 0))},
        {"withheld": (Withheld(0, 4, 4, Why.REDACTED),)},
        {"withheld": (Withheld(0, 3, 4, Why.REDACTED), Withheld(0, 2, 3, Why.REDACTED))},
        {"withheld": (Withheld(1, 0, 1, Why.REDACTED),)},
    ],
)
def test_one_that_contradicts_itself_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(PeerError):
        read_contents(write_contents(msgspec.structs.replace(SOUND, **changes)))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_refused(data: bytes) -> None:
    with suppress(PeerError):
        read_table(ProvenCheckpoint, data)
    with suppress(PeerError):
        read_table(ProvenSeal, data)
    with pytest.raises(PeerError):
        read_contents(data)


def test_rows_are_read_as_they_were_written() -> None:
    row = ProvenCheckpoint(3, bytes(32), bytes(64), (), (bytes(32),))
    assert read_table(ProvenCheckpoint, write_table([row])) == [row]
    with pytest.raises(PeerError):
        read_table(ProvenCheckpoint, codec.encode({0: 1}))
    with pytest.raises(PeerError):
        read_table(ProvenSeal, write_table([row]))

"""One class for each reaction, and an id with facts that a catalogue turns into a sentence."""

from __future__ import annotations

import pytest

from openline.base.errors import (
    BusyError,
    ForkError,
    OpenlineError,
    PathError,
    PeerError,
    StoreError,
    UsageError,
)

CLASSES = (UsageError, BusyError, PeerError, ForkError, PathError, StoreError)


@pytest.mark.parametrize("kind", CLASSES)
def test_every_class_carries_an_id_and_its_facts(kind: type[OpenlineError]) -> None:
    error = kind("some-id", line="alpha-bravo", size=3)
    assert (error.message_id, error.facts) == ("some-id", {"line": "alpha-bravo", "size": 3})


def test_who_reads_a_traceback_sees_id_and_facts() -> None:
    assert str(UsageError("line-unknown", line="a")) == "line-unknown (line='a')"
    assert str(StoreError("root-locked")) == "root-locked"


def test_busy_is_a_refusal_and_a_fork_is_a_wrong_of_the_peer() -> None:
    assert issubclass(BusyError, UsageError)
    assert issubclass(ForkError, PeerError)


def test_no_other_class_is_caught_with_another() -> None:
    families: dict[type[OpenlineError], set[type[OpenlineError]]] = {UsageError: {BusyError}, PeerError: {ForkError}}
    for kind in CLASSES:
        for other in CLASSES:
            together = other is kind or other in families.get(kind, set())
            assert issubclass(other, kind) == together, f"{other.__name__} and {kind.__name__}"


def test_everything_we_foresee_is_one_family_and_nothing_of_the_system_is_in_it() -> None:
    assert all(issubclass(kind, OpenlineError) for kind in CLASSES)
    assert not issubclass(OpenlineError, OSError | ValueError)


def test_facts_of_one_error_are_its_own() -> None:
    first, second = UsageError("a-b", size=1), UsageError("a-b", size=2)
    assert first.facts is not second.facts

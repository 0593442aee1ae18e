"""Exit codes are part of the interface: documented, and the same for the same reason."""

from __future__ import annotations

import pytest

from openline.base.errors import BusyError, ForkError, OpenlineError, PathError, PeerError, StoreError, UsageError
from openline.cli.exits import MEANING, Exit, Refusal, exit_of, table


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("text-empty"), 2),
        (UsageError("trust-digits-differ"), 6),
        (PeerError("bundle-unreadable"), 6),
        (ForkError("log-forked"), 6),
        (UsageError("not-allowed"), 8),
        (PathError("node-unreachable"), 9),
        (PathError("saying-uncertain"), 9),
        (BusyError("node-running"), 10),
        (StoreError("store-in-use"), 10),
        (PathError("path-port-taken"), 10),
        (StoreError("store-corrupt"), 1),
        (PathError("path-cannot-listen"), 1),
        (OpenlineError("something"), 1),
    ],
)
def test_an_error_ends_in_its_code(error: OpenlineError, code: int) -> None:
    assert exit_of(error) == code


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, 2), (401, 8), (403, 8), (404, 2), (409, 2), (413, 2), (422, 6), (429, 10), (500, 1), (503, 1)],
)
def test_a_refusal_ends_in_the_code_of_its_status(status: int, code: int) -> None:
    assert exit_of(Refusal("some-id", "A sentence.", status, {})) == code


def test_every_code_has_its_meaning_in_the_documents() -> None:
    assert MEANING.keys() == set(Exit)
    assert all(f"| {int(code)} |" in table() for code in Exit)
